"""Where two sides part, and the statement that brings their balances together 余额调节表. Pure, over the cases of a matching."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from datetime import date
from typing import NamedTuple, TypeVar

from ledger.domain.reconciliation import Status
from ledger.reconciliation.case import Case
from ledger.reconciliation.line import Line

Key = TypeVar("Key", bound=Hashable)
EXPLAINED = frozenset({Status.TIMING, Status.EXPLAINED})
"""What accounts for a difference: it will be told later, or somebody has said why."""


class Day(NamedTuple):
    """Fen moved up to a day's end, with the opening balances. ``open``: of their difference, what no matched pair accounts for."""

    day: date
    ours: int
    theirs: int
    open: int


class Parting(NamedTuple):
    """The first day at whose end the sides differ for a reason, and the cases with a line on that day that make it."""

    at: Day
    cases: tuple[Case, ...]


class Column(NamedTuple):
    """One side of the statement, in fen: balance + add − less = adjusted."""

    balance: int
    add: int
    less: int

    @property
    def adjusted(self) -> int:
        return self.balance + self.add - self.less


class Foot(NamedTuple):
    """``add`` and ``less``: what the other side has and this one not yet. ``rest``: fen by which the adjusted balances differ: the
    sum of ``unexplained``, each with the fen it makes, and of what the opening balances differed by."""

    ours: Column
    theirs: Column
    rest: int
    unexplained: tuple[tuple[Case, int], ...]


def days(
    ours: Sequence[Line],
    theirs: Sequence[Line],
    cases: Iterable[Case],
    through: date,
    opening: tuple[int, int] = (0, 0),
) -> list[Day]:
    """Running totals by day of both sides, to the end of the period. A pair that agrees and lies on two days counts in the totals
    of each side on its own day, and parts nobody."""
    mine, other = _by_day(ours, through), _by_day(theirs, through)
    unsettled = _unsettled(ours, theirs, cases, through)
    total_mine, total_other = opening
    gap = total_mine - total_other
    found = []
    for day in sorted(mine.keys() | other.keys()):
        total_mine += mine.get(day, 0)
        total_other += other.get(day, 0)
        gap += sum(amount for _, amount in unsettled.get(day, ()))
        found.append(Day(day, total_mine, total_other, gap))
    return found


def parting(
    ours: Sequence[Line],
    theirs: Sequence[Line],
    cases: Sequence[Case],
    through: date,
    opening: tuple[int, int] = (0, 0),
) -> Parting | None:
    """The first day and its lines where the sides part; None where they agree on every day."""
    unsettled = _unsettled(ours, theirs, cases, through)
    for day in days(ours, theirs, cases, through, opening):
        if day.open:
            on_it = {id(case): case for case, _ in unsettled.get(day.day, ())}
            return Parting(day, tuple(on_it.values()))
    return None


def partings(
    ours: Sequence[Line], theirs: Sequence[Line], cases: Sequence[Case], through: date, by: Callable[[Line], Key]
) -> dict[Key, Parting]:
    """The same for each key by itself, such as a quota whose balances differ: only keys that part."""
    mine, other = _by_key(ours, by), _by_key(theirs, by)
    places = {line.key: by(line) for line in ours}, {line.key: by(line) for line in theirs}
    touching: dict[Key, list[Case]] = defaultdict(list)
    for case in cases:
        for one in dict.fromkeys([places[0][key] for key in case.ours] + [places[1][key] for key in case.theirs]):
            touching[one].append(case)
    found = {}
    for one, its in touching.items():
        if apart := parting(mine.get(one, []), other.get(one, []), its, through):
            found[one] = apart
    return found


def quota_of(line: Line) -> tuple[int, str, str]:
    """By what the budget system keeps balances."""
    return line.fiscal_year, line.fund, line.function


def foot(
    ours: Sequence[Line],
    theirs: Sequence[Line],
    cases: Iterable[Case],
    through: date,
    opening: tuple[int, int] = (0, 0),
) -> Foot:
    """Both sides of the statement at the end of ``through``, over lines of that day and before."""
    mine, other = _moved(ours, through), _moved(theirs, through)
    adds, lesses, unexplained = [0, 0], [0, 0], []
    for case in cases:
        one = sum(mine.get(key, 0) for key in case.ours)
        two = sum(other.get(key, 0) for key in case.theirs)
        if one == two:
            continue
        if case.status not in EXPLAINED:
            unexplained.append((case, one - two))
            continue
        side, amount = (1, one - two) if one else (0, two - one)
        adds[side] += max(amount, 0)
        lesses[side] += max(-amount, 0)
    left = Column(opening[0] + sum(mine.values()), adds[0], lesses[0])
    right = Column(opening[1] + sum(other.values()), adds[1], lesses[1])
    return Foot(left, right, left.adjusted - right.adjusted, tuple(unexplained))


def _moved(lines: Iterable[Line], through: date) -> dict[int, int]:
    return {line.key: line.moved for line in lines if line.day <= through}


def _by_day(lines: Iterable[Line], through: date) -> dict[date, int]:
    found: dict[date, int] = defaultdict(int)
    for line in lines:
        if line.day <= through:
            found[line.day] += line.moved
    return found


def _by_key(lines: Iterable[Line], by: Callable[[Line], Key]) -> dict[Key, list[Line]]:
    found: dict[Key, list[Line]] = defaultdict(list)
    for line in lines:
        found[by(line)].append(line)
    return found


def _unsettled(
    ours: Iterable[Line], theirs: Iterable[Line], cases: Iterable[Case], through: date
) -> dict[date, list[tuple[Case, int]]]:
    """Of cases that do not come out even by the end of the period: what each line moves, ours plus and theirs minus, by day."""
    mine = {line.key: line for line in ours if line.day <= through}
    other = {line.key: line for line in theirs if line.day <= through}
    found: dict[date, list[tuple[Case, int]]] = defaultdict(list)
    for case in cases:
        steps = [(mine[key].day, mine[key].moved) for key in case.ours if key in mine]
        steps += [(other[key].day, -other[key].moved) for key in case.theirs if key in other]
        if sum(amount for _, amount in steps):
            for day, amount in steps:
                found[day].append((case, amount))
    return found
