"""Trials of a year's end that this process keeps: a page of a list costs little while the ledger stands where it was tried."""

from collections.abc import Callable
from datetime import date
from threading import Lock
from typing import NamedTuple

from ledger.access.sight import Sight
from ledger.application import Ledger
from ledger.domain.accounts import Account
from ledger.domain.blocking import Blocker
from ledger.domain.book import Book
from ledger.domain.movement import Actor
from ledger.domain.refusals import Refusal
from ledger.kept import Kept
from ledger.yearend.plan import Fate, Line
from ledger.yearend.trial import Total, Trial, totals, try_year_end

LINES_KEPT = 400_000
"""So many lines are kept in all, at half a kilobyte each; what was tried longest ago goes first."""


class Asked(NamedTuple):
    """Which year ends, on which business date, tried by whom and for what they see. Each makes a list of its own."""

    year: int
    on: date
    actor: Actor
    sees: Sight


class Judged(NamedTuple):
    """A line as it was judged. ``request``: the movement as POST /v1/proposals takes it, JSON; absent where a rule is missing."""

    kind: str | None
    request: bytes | None
    account: Account | None
    amount: int
    fate: Fate | None
    refusal: Refusal | None


class Tried(NamedTuple):
    """What somebody sees of a trial at one number."""

    number: int
    lines: tuple[Judged, ...]
    refused: int
    totals: list[Total]
    blockers: list[Blocker]


class Trials:
    """The newest trial of each question, for all threads."""

    def __init__(self) -> None:
        self._kept = Kept[Asked, Tried](LINES_KEPT)
        self._trying = Lock()

    def newest(self, asked: Asked) -> Tried | None:
        """The last one that was made, at whichever number."""
        return self._kept.newest(asked)

    def tried(self, ledger: Ledger, asked: Asked, done: Callable[[int, int], None] | None = None) -> Tried:
        """The list at the number at which the ledger stands: the one that is kept, or made now."""
        with self._trying:
            with ledger.reading() as book:
                kept = self._kept.at(asked, book.number)
                if kept is not None:
                    return kept
                apart = book.copy()
            trial = try_year_end(apart, asked.year, asked.on, asked.actor, done)
            tried = _seen(apart, trial, asked.sees)
            return self._kept.keep(asked, tried.number, len(tried.lines), tried)


def _seen(book: Book, trial: Trial, sees: Sight) -> Tried:
    """What closes is a matter of everybody's."""

    def seen(account: Account | None) -> bool:
        return account is None or sees.everything or sees.account(book, account)

    lines = [line for line in trial.lines if seen(line.account)]
    return Tried(
        trial.number,
        tuple(map(_judged, lines)),
        sum(line.refusal is not None for line in lines),
        totals(lines, trial.year),
        [one for one in trial.blockers if seen(one.account)],
    )


def _judged(line: Line) -> Judged:
    movement = line.movement
    request = movement.model_dump_json(exclude_none=True).encode() if movement else None
    return Judged(movement.kind if movement else None, request, line.account, line.amount, line.fate, line.refusal)
