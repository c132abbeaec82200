"""Zero-balance accounts 零余额账户: what treasury clears in the evening is what the account paid that day, net."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from ledger.domain.reconciliation import Status
from ledger.reconciliation.case import Case
from ledger.reconciliation.sides import Pool, Side


def clearings(ours: Side, theirs: Side) -> Iterator[Case]:
    """One case for the clearing lines of each day of a side. They move nothing, so a day that does not clear is a matter of its
    status, not of the difference of the two sides."""
    for side in (ours, theirs):
        lines = side.open(Pool.CLEARING)
        if lines:
            paid: dict[date, int] = defaultdict(int)
            for line in side.lines:
                paid[line.day] += line.moved
            yield from _days(side, lines, paid, side is ours)


def _days(side: Side, lines: list[int], paid: dict[date, int], mine: bool) -> Iterator[Case]:
    by_day: dict[date, list[int]] = defaultdict(list)
    for at in lines:
        by_day[side.lines[at].day].append(at)
    for day, found in by_day.items():
        cleared = sum(side.lines[at].amount for at in found)
        status = Status.MATCHED if abs(cleared) == abs(paid[day]) else Status.AMOUNT_DIFF
        side.take(found)
        keys = tuple(sorted(side.lines[at].key for at in found))
        yield Case("CLEARING", status, None, keys if mine else (), () if mine else keys, 0)
