"""One file, one proposal: its whole list is submitted by one person and approved by another, and recorded once."""

import hashlib
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from ledger import documents, proposing
from ledger.application import Ledger
from ledger.domain.approval import Proposal, ProposalStatus
from ledger.domain.book import Book
from ledger.domain.fields import Document
from ledger.domain.movement import Actor
from ledger.importing.planned import Planned
from ledger.proposing import attempts
from ledger.writer import Receipt

_MEDIA_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv",
}


def media_type_of(name: str) -> str:
    """As what a file of this name is kept."""
    return _MEDIA_TYPES.get(name.rpartition(".")[2].lower(), "application/octet-stream")


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
    return Standing(*attempts(book, f"import-{file.sha256[:32]}", over=frozenset({ProposalStatus.REJECTED})))


def submit(
    ledger: Ledger, file: File, at: Standing, planned: Sequence[Planned], proposer: Actor, effective_on: date
) -> Receipt:
    """The file is kept, and its whole list proposed under a name that its content gives. Raises Refusal."""
    kind, subject = media_type_of(file.name), proposer.subject
    documents.keep(ledger.store, file.content, name=file.name, media_type=kind, uploaded_by=subject)
    document = Document(number=file.name[:400], sha256=file.sha256)
    return proposing.submit(ledger, at.name, (one.movement for one in planned), proposer, effective_on, document)
