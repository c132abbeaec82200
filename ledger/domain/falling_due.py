"""Matching money by the day on which it falls due: of all pledges of a special together, what was promised and what is missing.

Kept within reach month by month, so that nobody looks through every pledge to say what should have come in (二(一)3).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from ledger.domain.accounts import Leg, account
from ledger.domain.book import Book, Register
from ledger.domain.matching import PLEDGES
from ledger.domain.movement import Movement


class FallsDue(NamedTuple):
    """What falls due on a business date and what of it is missing, in fen.

    ``day`` date.min: what is not scheduled any more, as it came in before the tranches were set anew.
    """

    day: date
    promised: int
    missing: int


FALLING_DUE: Register[tuple[str, str], tuple[FallsDue, ...]] = Register("when_matching_falls_due")
"""Special and month of the days (yyyy-mm) → what falls due in it."""
_Days = dict[tuple[str, date], tuple[int, int]]


def due_and_missing(book: Book, special: str, on: date) -> tuple[int, int]:
    """What of a special was due before a day, and what of it is missing: ``matching.due_and_gap``, of all its pledges."""
    months = FALLING_DUE.of(book)
    within = (found for (where, _), days in months.items() if where == special for found in days if found.day < on)
    due = [(found.promised, found.missing) for found in within]
    return sum(promised for promised, _ in due), sum(missing for _, missing in due)


def pledges_about(movement: Movement, legs: Iterable[Leg]) -> set[str]:
    """The pledges that a movement may change; most change none."""
    posted = {leg.account.ref for leg in legs if leg.account.code in ("M100", "M110", "M200")}
    return {str(name) for name in (*posted, vars(movement).get("pledge")) if name}


def scheduled(book: Book, pledges: Iterable[str]) -> _Days:
    """By special and day, what is promised and missing of some pledges: asked before a movement and after it."""
    found: dict[tuple[str, date], list[int]] = defaultdict(lambda: [0, 0])
    for name in pledges:
        pledge = PLEDGES.get(book, name)
        if pledge is None:
            continue
        missing = book.balance(account("M100", pledge.at))
        promised = missing + book.balance(account("M110", pledge.at))
        for place, amount in enumerate((promised, missing)):
            for day, part in _latest_first(pledge.tranches, amount):
                found[str(pledge.at.special), day][place] += part
    return {where: (promised, missing) for where, (promised, missing) in found.items()}


def _latest_first(tranches: Iterable[tuple[date, int]], amount: int) -> list[tuple[date, int]]:
    """An amount spread over tranches: what came in counts for the earliest, so what is open belongs to the latest."""
    parts = []
    for day, tranche in sorted(tranches, reverse=True):
        parts.append((day, min(tranche, amount)))
        amount -= parts[-1][1]
    return [*parts, (date.min, amount)]


def note_falling_due(book: Book, before: _Days, after: _Days) -> None:
    """Keep the months up with what a movement changed."""
    if before == after:
        return
    changed: dict[tuple[str, str], dict[date, tuple[int, int]]] = defaultdict(dict)
    for special, day in {**before, **after}:
        old, new = before.get((special, day), (0, 0)), after.get((special, day), (0, 0))
        changed[special, day.isoformat()[:7]][day] = new[0] - old[0], new[1] - old[1]
    for month, days in changed.items():
        _put(book, month, days)


def _put(book: Book, month: tuple[str, str], changed: Mapping[date, tuple[int, int]]) -> None:
    days = {found.day: found for found in FALLING_DUE.get(book, month) or ()}
    for day, (promised, missing) in changed.items():
        _, more, less = days.get(day, (day, 0, 0))
        days[day] = FallsDue(day, more + promised, less + missing)
    left = tuple(found for found in sorted(days.values()) if found.promised or found.missing)
    if left:
        FALLING_DUE.put(book, month, left)
    else:
        FALLING_DUE.drop(book, month)
