"""Cases to look at, page by page: what either side tells of each, side by side, and what it could be."""

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date
from functools import partial
from typing import LiteralString, NamedTuple

from ledger.application import Ledger
from ledger.codec import posted_in
from ledger.domain.reconciliation import StatementKind
from ledger.personal.texts import SealedTexts
from ledger.projections.journal import one_snapshot, snapshot, standing
from ledger.reconciliation import rows
from ledger.reconciliation.aggregate import Source
from ledger.reconciliation.asking import ours
from ledger.reconciliation.line import Line
from ledger.reconciliation.ours import KINDS, Facts
from ledger.reconciliation.payee_accounts import marking, marks_of
from ledger.reconciliation.rows import Asked, Kept, Told
from ledger.recorded import events_of

_PARTIES = ("PartyRegistered", "PartyRenamed")
_NEAR: LiteralString = """
WITH asked AS (
    SELECT DISTINCT account FROM entry JOIN account ON (account.ledger, account.id) = (entry.ledger, entry.account)
    WHERE entry.ledger = %(ledger)s AND number = ANY(%(numbers)s::bigint[]) AND ref IS NOT NULL
), near AS (
    SELECT DISTINCT number FROM entry JOIN asked USING (account) WHERE ledger = %(ledger)s AND number <= %(until)s
), theirs AS (
    SELECT DISTINCT account FROM entry JOIN near USING (number)
    JOIN account ON (account.ledger, account.id) = (entry.ledger, entry.account)
    WHERE entry.ledger = %(ledger)s AND ref IS NOT NULL
)
SELECT DISTINCT number FROM entry JOIN theirs USING (account) WHERE ledger = %(ledger)s AND number <= %(until)s
"""
"""Whatever posted where these movements did, and where that did: their orders, settlements, corrections, clearings."""
_KNOWN: LiteralString = (
    "ledger = %s AND kind = ANY(%s::text[]) AND number <= %s AND (number = ANY(%s::bigint[]) OR kind = ANY(%s::text[]))"
)


class Beside(NamedTuple):
    """Cases, and lines of either side by key: a line that is gone has none. ``number``: at which the ledger stood."""

    cases: list[Kept]
    ours: dict[int, Line]
    theirs: dict[int, Told]
    tails: dict[str, str]
    """Last digits by mark, of accounts that the statement tells: ours show them where they are the same."""
    more: bool
    number: int

    @property
    def moved(self) -> tuple[dict[int, int], dict[int, int]]:
        """Fen moved by key, of ours and of theirs."""
        theirs = {key: one.line.moved for key, one in self.theirs.items()}
        return {key: line.moved for key, line in self.ours.items()}, theirs


def side_by_side(ledger: Ledger, source: Source, asked: Asked, after: tuple[date, int], limit: int) -> Beside:
    """A page of cases after one of a day, oldest first, with the lines of both sides and those that could belong to them."""
    with one_snapshot(ledger.store) as connection:
        cases = rows.page_of_cases(connection, ledger.id, source.source, asked, after, limit + 1)
        told = _told(connection, ledger, source, cases[:limit])
    return _beside(ledger, source, cases[:limit], told, more=len(cases) > limit)


def holding(ledger: Ledger, source: Source, mine: Sequence[int], theirs: Sequence[int]) -> Beside:
    """The cases that hold any of these lines, with the lines of both sides and those that could belong to them."""
    with one_snapshot(ledger.store) as connection:
        ids = rows.cases_with(connection, ledger.id, source.source, mine, theirs)
        cases = rows.cases_by_id(connection, ledger.id, source.source, ids)
        told = _told(connection, ledger, source, cases)
    return _beside(ledger, source, cases, told, more=False)


def _told(
    connection: rows.DB, ledger: Ledger, source: Source, cases: list[Kept]
) -> tuple[dict[int, Told], dict[int, Told]]:
    """Lines of statements by key: of the other side, and of ours where that is a statement, too."""
    theirs = rows.told(connection, ledger.id, list(_keys(cases, ours=False)))
    return theirs, rows.told(connection, ledger.id, list(_keys(cases, ours=True))) if source.against else {}


def _beside(
    ledger: Ledger, source: Source, shown: list[Kept], lines: tuple[dict[int, Told], dict[int, Told]], *, more: bool
) -> Beside:
    theirs, told = lines
    if source.against:
        mine, number = {key: one.line for key, one in told.items()}, standing(ledger.store, ledger.id)
    else:
        mine, number = _ours(ledger, source, shown)
    tails = {one.line.account: one.tail for one in (*theirs.values(), *told.values()) if one.tail}
    return Beside(shown, mine, theirs, tails, more, number)


def rivals_are_ours(one: Kept) -> bool:
    """Whether what a case could belong to is on our side: it is of the other side than its own line."""
    return not one.case.ours


def _keys(cases: Iterable[Kept], *, ours: bool) -> set[int]:
    own = {key for one in cases for key in (one.case.ours if ours else one.case.theirs)}
    return own | {key for one in cases if rivals_are_ours(one) is ours for key in one.case.rivals}


def _ours(ledger: Ledger, source: Source, cases: Iterable[Kept]) -> tuple[dict[int, Line], int]:
    """Our lines of some cases as they stood on the last day matched; those that have gone since, on the day of their case."""
    wanted, found = _keys(cases, ours=True), dict[int, Line]()
    lines_on: LinesOn
    if source.kind is StatementKind.QUOTA:
        lines_on, number = partial(_quotas_on, ledger), standing(ledger.store, ledger.id)
    else:
        lines_on, number = facts_about(ledger, wanted)
    for through in dict.fromkeys([source.through or date.max, *sorted({one.day for one in cases}, reverse=True)]):
        if found.keys() >= wanted:
            break
        found = {line.key: line for line in lines_on(through) if line.key in wanted} | found
    return found, number


LinesOn = Callable[[date], Iterable[Line]]
"""Lines of ours as of a day."""


def _quotas_on(ledger: Ledger, day: date) -> Iterable[Line]:
    return ours(ledger, StatementKind.QUOTA, "", day)[0]


def facts_about(ledger: Ledger, numbers: Collection[int]) -> tuple[LinesOn, int]:
    """What gives these lines of ours as of a day, without a look at the rest of the log; and at which number that stands."""
    facts = Facts()
    with snapshot(ledger.store, ledger.id) as (connection, number):
        asked = {"ledger": ledger.id, "numbers": list(numbers), "until": number}
        near = [*numbers, *(row[0] for row in connection.execute(_NEAR, asked))]
        events = events_of(
            connection, _KNOWN, "ORDER BY number", (ledger.id, list(KINDS), number, near, list(_PARTIES))
        )
    for event in events:
        facts.fold(posted_in(event))
    marks = marks_of(SealedTexts(ledger.store, ledger.id, ledger.secret), facts.accounts(), marking(ledger.secret))
    return lambda through: facts.lines(through, lambda commitment: marks.get(commitment, "")), number
