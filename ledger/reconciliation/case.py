"""A case: lines of either side, or of both, that belong together; and what is asked of a matching."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import NamedTuple

import msgspec

from ledger.domain.reconciliation import Cause, StatementKind, Status
from ledger.reconciliation.line import Line
from ledger.reconciliation.rules import RULES, UNMATCHED, Rule
from ledger.reconciliation.working_days import WEEKENDS, Ordinal


class Case(msgspec.Struct, frozen=True, gc=False):
    """``ours``, ``theirs``: keys of the lines. ``difference``: fen moved by ours less fen moved by theirs.

    ``rivals``: keys of lines of the other side that it could belong to, or that contradict it, to be shown beside it.
    """

    rule: str
    status: Status
    cause: Cause | None
    ours: tuple[int, ...]
    theirs: tuple[int, ...]
    difference: int
    rivals: tuple[int, ...] = ()


WINDOW_DAYS = 3
"""Where no parameter says otherwise [P]."""


class Asked(NamedTuple):
    """``through``: last day of the period compared; ``window_days``: working days that two days may lie apart [P]."""

    kind: StatementKind
    through: date
    window_days: int = WINDOW_DAYS
    ordinal: Ordinal = WEEKENDS
    rules: tuple[Rule, ...] = RULES


def unmatched(ours: Iterable[Line], theirs: Iterable[Line], cases: Iterable[Case], through: date) -> Iterator[Case]:
    """A case each for the lines up to a day that no case has: they were recorded, or told, since the last matching."""
    known = list(cases)
    mine, other = {key for case in known for key in case.ours}, {key for case in known for key in case.theirs}
    for line in ours:
        if line.moved and line.day <= through and line.key not in mine:
            yield Case(UNMATCHED, Status.MISSING_IN_TREASURY, None, (line.key,), (), line.moved)
    for line in theirs:
        if line.moved and line.day <= through and line.key not in other:
            yield Case(UNMATCHED, Status.MISSING_IN_LEDGER, None, (), (line.key,), -line.moved)


def by_status(cases: Iterable[Case]) -> dict[Status, tuple[int, int]]:
    """Of each status there is, in the order of statuses: how many cases, and fen of their differences without sign."""
    found: defaultdict[Status, list[int]] = defaultdict(list)
    for case in cases:
        found[case.status].append(abs(case.difference))
    return {status: (len(found[status]), sum(found[status])) for status in Status if status in found}


def stands(case: Case, ours: Mapping[int, int], theirs: Mapping[int, int]) -> bool:
    """Whether its lines, given as fen moved by key, are all there and still make its difference: none was corrected since."""
    if not (ours.keys() >= set(case.ours) and theirs.keys() >= set(case.theirs)):
        return False
    return sum(ours[key] for key in case.ours) - sum(theirs[key] for key in case.theirs) == case.difference
