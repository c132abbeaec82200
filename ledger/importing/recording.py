"""One file, one proposal: its whole list is submitted by one person and approved by another, and recorded once."""

import hashlib
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from ledger import documents
from ledger.application import Ledger
from ledger.domain.approval import APPROVED, OPEN, PROPOSALS, REJECTED, ProposalApproved, ProposalSubmitted
from ledger.domain.book import Book
from ledger.domain.fields import Document
from ledger.domain.movement import Actor
from ledger.importing.planned import Planned
from ledger.writer import Receipt

_MEDIA_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv",
}


class Standing(NamedTuple):
    """What became of a file so far. ``status`` None: nothing yet; ``number`` that of its proposal."""

    proposal: str
    status: str | None
    number: int | None
    movements: int


class File(NamedTuple):
    """A file to import: its content decides its identity, so the same content is recorded once under any name."""

    name: str
    content: bytes

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def standing(book: Book, file: File) -> Standing:
    """The proposal of this file that is approved or waits; else the name that the next one takes."""
    attempt = 1
    while True:
        name = f"import-{file.sha256[:32]}-{attempt}"
        found = PROPOSALS.get(book, name)
        if found is None or found.status != REJECTED:
            status = found.status if found else None
            return Standing(name, status, found.number if found else None, len(found.movements) if found else 0)
        attempt += 1


def submit(
    ledger: Ledger, file: File, at: Standing, planned: Sequence[Planned], proposer: Actor, effective_on: date
) -> Receipt:
    """The whole list becomes one proposal, under a key that the file's content gives. Raises Refusal."""
    media_type = _MEDIA_TYPES.get(file.name.rpartition(".")[2].lower(), "application/octet-stream")
    documents.keep(ledger.store, file.content, name=file.name, media_type=media_type, uploaded_by=proposer.subject)
    proposal = ProposalSubmitted(
        effective_on=effective_on,
        proposal=at.proposal,
        movements=tuple(one.movement for one in planned),
        document=Document(number=file.name[:400], sha256=file.sha256),
    )
    return ledger.record(proposal, proposer, f"{at.proposal}-submit")


def approve(ledger: Ledger, at: Standing, approver: Actor, effective_on: date) -> Receipt:
    """A second person approves: every movement is judged again and recorded with it, or none is. Raises Refusal."""
    approval = ProposalApproved(effective_on=effective_on, proposal=at.proposal)
    return ledger.record(approval, approver, f"{at.proposal}-approve")


def is_done(at: Standing) -> bool:
    return at.status == APPROVED


def waits(at: Standing) -> bool:
    return at.status == OPEN
