"""Balances 余额: the quota of both sides, key by key; nothing is matched that has not the same key."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from ledger.domain.reconciliation import Cause, Status
from ledger.reconciliation.case import Case
from ledger.reconciliation.line import Line
from ledger.reconciliation.verdict import moved, slip

Key = tuple[int, str, str, str]


def match_balances(ours: Sequence[Line], theirs: Sequence[Line]) -> list[Case]:
    """A case for each (fiscal year, fund, function, project); projects are added up where one side does not tell them.

    A statement may have several lines of one quota (its documents): they are added up, too. A line told twice shows in the total.
    """
    return list(_cases(_by_quota(ours), _by_quota(theirs)))


def _by_quota(lines: Iterable[Line]) -> dict[tuple[int, str, str], list[Line]]:
    found: dict[tuple[int, str, str], list[Line]] = defaultdict(list)
    for line in lines:
        found[line.fiscal_year, line.fund, line.function].append(line)
    return found


def _cases(
    mine: dict[tuple[int, str, str], list[Line]], other: dict[tuple[int, str, str], list[Line]]
) -> Iterator[Case]:
    for quota in mine.keys() | other.keys():
        ours, theirs = mine.get(quota, []), other.get(quota, [])
        both = all(line.project for line in (*ours, *theirs))
        for one, two in _by_project(ours, theirs) if both else [(ours, theirs)]:
            yield from _compared(one, two)


def _by_project(ours: Sequence[Line], theirs: Sequence[Line]) -> Iterator[tuple[list[Line], list[Line]]]:
    mine: dict[str, list[Line]] = defaultdict(list)
    other: dict[str, list[Line]] = defaultdict(list)
    for lines, found in ((ours, mine), (theirs, other)):
        for line in lines:
            found[line.project].append(line)
    for project in mine.keys() | other.keys():
        yield mine.get(project, []), other.get(project, [])


def _compared(ours: list[Line], theirs: list[Line]) -> Iterator[Case]:
    """One case; and where the totals agree only without what a side tells twice, one for each such line."""
    if ours and theirs and moved(ours) != moved(theirs):
        one, two = _once(ours), _once(theirs)
        for mine, other in ((ours, two), (one, theirs), (one, two)):
            if moved(mine) == moved(other):
                yield from _twice(ours, mine, True)
                yield from _twice(theirs, other, False)
                ours, theirs = mine, other
                break
    yield _case(ours, theirs)


def _once(lines: list[Line]) -> list[Line]:
    """Without lines that tell what one before them tells, word for word."""
    seen: set[object] = set()
    found = []
    for line in sorted(lines, key=lambda line: line.key):
        same = line.amount, line.project, line.economic, line.document, line.text
        if same not in seen:
            found.append(line)
        seen.add(same)
    return found


def _twice(lines: list[Line], kept: list[Line], mine: bool) -> Iterator[Case]:
    stay = {line.key for line in kept}
    for line in lines:
        if line.key not in stay:
            ours, theirs = ((line.key,), ()) if mine else ((), (line.key,))
            difference = line.moved if mine else -line.moved
            yield Case("REPEATED", Status.DUPLICATE, Cause.PAID_TWICE, ours, theirs, difference)


def _case(ours: list[Line], theirs: list[Line]) -> Case:
    keys = tuple(tuple(sorted(line.key for line in lines)) for lines in (ours, theirs))
    mine, other = moved(ours), moved(theirs)
    if not theirs:
        return Case("ALONE", Status.MISSING_IN_TREASURY, None, keys[0], (), mine)
    if not ours:
        return Case("ALONE", Status.MISSING_IN_LEDGER, None, (), keys[1], -other)
    status, cause = (Status.MATCHED, None) if mine == other else (Status.AMOUNT_DIFF, slip(mine, other))
    return Case("BALANCE", status, cause, keys[0], keys[1], mine - other)
