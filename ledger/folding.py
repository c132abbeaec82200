"""How a recorded movement is folded into a Book: with the lines it made, after what it cites is within the Book's reach."""

from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

from eventsourcing.persistence import StoredEvent

from ledger.codec import Recorded, recorded_in
from ledger.domain.book import Book, Recalled
from ledger.domain.decision import fold
from ledger.domain.movement import Movement


class Log(Protocol):
    """Where recorded movements are found by number: the store, or what reads over a connection of its own."""

    def select_numbers(self, ledger: UUID, numbers: Sequence[int]) -> list[StoredEvent]: ...


def fold_one(log: Log, ledger: UUID, book: Book, one: Recorded) -> None:
    """Fold one recorded movement, the next of the log."""
    recall(log, ledger, book, one.movement)
    fold(book, one.number, one.movement, one.legs, one.actor, one.voucher, one.proposal)


def recall(log: Log, ledger: UUID, book: Book, movement: Movement) -> None:
    """Put recorded movements that the rules need to see within the Book's reach; those after it are not there for it."""
    missing = [number for number in movement.cites(book) if number not in book.recalled and number <= book.number]
    if missing:
        for event in log.select_numbers(ledger, missing):
            found = recorded_in(event)
            book.recalled[found.number] = Recalled(found.movement, found.actor, found.legs)
