"""How a recorded movement is folded into a Book: with the lines it made, after what it cites is within the Book's reach."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Protocol
from uuid import UUID

from eventsourcing.persistence import StoredEvent

from ledger.codec import Recorded, recorded_in
from ledger.domain.book import Book, Recalled
from ledger.domain.decision import fold
from ledger.domain.movement import Movement
from ledger.domain.partial import after_colon


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


def prepare(book: Book, recorded: Iterable[Recorded]) -> None:
    """Bring at once what folding these looks up, where the Book is in parts; what is not foreseen is brought one by one."""
    if book.rest is not None:
        legs = (leg.account.project for one in recorded for leg in one.legs)
        foresee(book, [one.movement for one in recorded], {project for project in legs if project is not None})


def foresee(book: Book, movements: Iterable[Movement], names: Iterable[str] = ()) -> None:
    """The same for movements that are yet to be judged: whatever they name, and what that belongs to."""
    if book.rest is not None:
        found = {name for movement in movements for name in _named(book, movement)}.union(names)
        brought = book.rest.bring(found)
        book.rest.bring({name for row in brought for name in _belongs_to(book, row.value)})


def _named(book: Book, movement: Movement) -> Iterator[str]:
    yield from (value for value in vars(movement).values() if isinstance(value, str))
    yield from map(after_colon, movement.business_keys(book))
    for one in movement.held():
        yield from _named(book, one)


def _belongs_to(book: Book, value: Any) -> Iterator[str]:
    """Of an order or settlement its project, of a pledge that of its place, of a proposal whatever it proposes."""
    for place in (value, getattr(value, "at", None)):
        project = getattr(place, "project", None)
        if project is not None:
            yield project
    for movement in getattr(value, "movements", ()):
        yield from _named(book, movement)
