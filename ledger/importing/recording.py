"""One file, one proposal: its whole list is submitted by one person and approved by another, and recorded once."""

import hashlib
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from ledger import documents
from ledger.application import Ledger
from ledger.domain.approval import PROPOSALS, Proposal, ProposalApproved, ProposalSubmitted, Status
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
    """What became of a file so far: the name of its proposal, and the proposal itself where there is one."""

    name: str
    proposal: Proposal | None


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
        if found is None or found.status is not Status.REJECTED:
            return Standing(name, found)
        attempt += 1


def submit(
    ledger: Ledger, file: File, at: Standing, planned: Sequence[Planned], proposer: Actor, effective_on: date
) -> Receipt:
    """The whole list becomes one proposal, under a key that the file's content gives. Raises Refusal."""
    media_type = _MEDIA_TYPES.get(file.name.rpartition(".")[2].lower(), "application/octet-stream")
    documents.keep(ledger.store, file.content, name=file.name, media_type=media_type, uploaded_by=proposer.subject)
    proposal = ProposalSubmitted(
        effective_on=effective_on,
        proposal=at.name,
        movements=tuple(one.movement for one in planned),
        document=Document(number=file.name[:400], sha256=file.sha256),
    )
    return ledger.record(proposal, proposer, f"{at.name}-submit")


def approve(ledger: Ledger, name: str, digest: str, approver: Actor, effective_on: date) -> Receipt:
    """The next person signs what has this digest: with the last signature all of it is recorded. Raises Refusal."""
    approval = ProposalApproved(effective_on=effective_on, proposal=name, digest=digest)
    return ledger.record(approval, approver, f"{name}-approve")
