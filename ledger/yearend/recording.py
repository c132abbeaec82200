"""The list of a year's end becomes one proposal, which another person approves: all of it is recorded, or nothing."""

from datetime import date

from ledger import proposing
from ledger.application import Ledger
from ledger.domain.approval import Proposal, ProposalStatus
from ledger.domain.book import Book
from ledger.domain.movement import Actor
from ledger.writer import Receipt
from ledger.yearend.trial import Trial


def standing(book: Book, year: int) -> tuple[str, Proposal | None]:
    """The proposal of a year's end that waits; else the name that the next one takes."""
    return proposing.attempts(
        book, f"year-end-{year}", over=frozenset({ProposalStatus.REJECTED, ProposalStatus.APPROVED})
    )


def submit(ledger: Ledger, name: str, trial: Trial, proposer: Actor, on: date) -> Receipt:
    """Propose all lines of a trial that nothing stands against. Raises Refusal where something does by now."""
    return proposing.submit(ledger, name, trial.movements, proposer, on)
