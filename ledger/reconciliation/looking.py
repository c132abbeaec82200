"""Cases to look at, page by page: what either side tells of each, side by side, and what it could be."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from ledger.application import Ledger
from ledger.projections.journal import one_snapshot, standing
from ledger.reconciliation import rows
from ledger.reconciliation.aggregate import Source
from ledger.reconciliation.asking import ours
from ledger.reconciliation.line import Line
from ledger.reconciliation.rows import Asked, Kept, Told

_DAYS_MAX = 3
"""The ledger is read as it stood on the last day matched, and for lines that have gone since on so many days of the page."""


class Beside(NamedTuple):
    """Cases, and lines of either side by key: a line that is gone has none. ``number``: at which the ledger stood."""

    cases: list[Kept]
    ours: dict[int, Line]
    theirs: dict[int, Told]
    tails: dict[str, str]
    """Last digits by mark, of accounts that the statement tells: ours show them where they are the same."""
    more: bool
    number: int


def side_by_side(ledger: Ledger, source: Source, asked: Asked, after: tuple[date, int], limit: int) -> Beside:
    """A page of cases after one of a day, oldest first, with the lines of both sides and those that could belong to them."""
    with one_snapshot(ledger.store) as connection:
        cases = rows.page_of_cases(connection, ledger.id, source.source, asked, after, limit + 1)
        shown = cases[:limit]
        theirs = rows.told(connection, ledger.id, list(_keys(shown, ours=False)))
        told = rows.told(connection, ledger.id, list(_keys(shown, ours=True))) if source.against else {}
    if source.against:
        mine, number = {key: one.line for key, one in told.items()}, standing(ledger.store, ledger.id)
    else:
        mine, number = _ours(ledger, source, shown)
    tails = {one.line.account: one.tail for one in (*theirs.values(), *told.values()) if one.tail}
    return Beside(shown, mine, theirs, tails, len(cases) > limit, number)


def rivals_are_ours(one: Kept) -> bool:
    """Whether what a case could belong to is on our side: it is of the other side than its own line."""
    return not one.case.ours


def _keys(cases: Iterable[Kept], *, ours: bool) -> set[int]:
    own = {key for one in cases for key in (one.case.ours if ours else one.case.theirs)}
    return own | {key for one in cases if rivals_are_ours(one) is ours for key in one.case.rivals}


def _ours(ledger: Ledger, source: Source, cases: Iterable[Kept]) -> tuple[dict[int, Line], int]:
    """Our lines of some cases as the matching saw them: orders that were paid since, quotas that changed since."""
    days = sorted({one.day for one in cases}, reverse=True)[:_DAYS_MAX]
    wanted, found, number = _keys(cases, ours=True), dict[int, Line](), 0
    for through in [source.through or date.max, *days]:
        if found.keys() >= wanted and number:
            break
        lines, number = ours(ledger, source.kind, "", through)
        found = {line.key: line for line in lines if line.key in wanted} | found
    return found, number
