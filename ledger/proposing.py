"""One list, one proposal: submitted whole by one person, signed by others, recorded once."""

from collections.abc import Iterable
from datetime import date

from ledger.application import Ledger, business_day
from ledger.domain.approval import PROPOSALS, Proposal, ProposalApproved, ProposalStatus, ProposalSubmitted
from ledger.domain.book import Book
from ledger.domain.fields import Document
from ledger.domain.movement import Actor, Movement
from ledger.writer import Receipt


def submit(
    ledger: Ledger,
    name: str,
    movements: Iterable[Movement],
    proposer: Actor,
    effective_on: date,
    document: Document | None = None,
) -> Receipt:
    """The whole list becomes one proposal, under a key that its name gives. Raises Refusal."""
    proposal = ProposalSubmitted(
        effective_on=effective_on, proposal=name, movements=tuple(movements), document=document
    )
    return ledger.record(proposal, proposer, f"{name}-submit")


def approve(ledger: Ledger, name: str, digest: str, approver: Actor, effective_on: date) -> Receipt:
    """The next person signs what has this digest: with the last signature all of it is recorded. Raises Refusal."""
    approval = ProposalApproved(effective_on=effective_on, proposal=name, digest=digest)
    return ledger.record(approval, approver, f"{name}-approve")


def attempts(book: Book, stem: str, over: frozenset[ProposalStatus]) -> tuple[str, Proposal | None]:
    """The first attempt at a list, ``stem-1`` and so on, that was not made yet, or neither ended in these ways nor expired."""
    attempt, day = 1, business_day()
    while True:
        name = f"{stem}-{attempt}"
        found = PROPOSALS.get(book, name)
        expired = found is not None and found.status is ProposalStatus.OPEN and found.expired(day)
        if found is None or not (found.status in over or expired):
            return name, found
        attempt += 1
