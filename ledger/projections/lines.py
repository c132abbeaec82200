"""Lines: the entries behind figures, those that count at a moment, or at one of two moments and not at the other.

Of one moment, without a period or business date, a page is index look-ups however many lines there are: what a cell or account
held before it is known from its last entry. With one, the entries of the cells are gone through.
"""

from collections.abc import Collection, Iterator
from datetime import date
from typing import Any, Literal, LiteralString, NamedTuple
from uuid import UUID

from psycopg import Connection
from psycopg.rows import TupleRow

from ledger.domain.accounts import Account
from ledger.projections.moment import NOW, Moment

WINDOW = 50_000
"""Numbers looked through in one query where not every entry counts."""
WINDOWS_MAX = 10
"""Queries of one page; after them it ends early and says where to go on."""


class Position(NamedTuple):
    """Where a line stands in the log."""

    number: int
    line: int


START = Position(0, 0)


class Unit(NamedTuple):
    """A whole cell, or a single account, by id."""

    table: Literal["cell", "account"]
    id: int


class Span(NamedTuple):
    """What counts at ``to`` is plus; what counts at ``since``, where there is one, minus; what counts at both is nothing."""

    to: Moment
    since: Moment | None = None

    @property
    def whole(self) -> bool:
        """Whether everything up to a number counts, once."""
        return self.since is None and self.to.period is None and self.to.effective_on is None

    @property
    def whole_numbers(self) -> bool:
        """Whether a line counts by its number alone."""
        return self.whole or (self.since is not None and self.since[1:] == self.to[1:])

    def numbers(self, head: int) -> tuple[int, int]:
        """The numbers between which lines count: after the first, up to the second. ``head``: where the ledger stands."""
        to = head if self.to.number is None else self.to.number
        if self.since is None:
            return 0, to
        since = head if self.since.number is None else self.since.number
        return (min(to, since) if self.since[1:] == self.to[1:] else 0), max(to, since)

    @property
    def sign(self) -> LiteralString:
        """1, -1 or 0 for an entry, as an SQL expression."""
        plus = _counts(self.to, "to_")
        return f"{plus} - {_counts(self.since, 'since_')}" if self.since is not None else plus

    def values(self) -> dict[str, Any]:
        """What the expression is filled with."""
        since = self.since or NOW
        return {f"to_{name}": value for name, value in self.to.bounds().items()} | {
            f"since_{name}": value for name, value in since.bounds().items()
        }


def _counts(moment: Moment, prefix: LiteralString) -> LiteralString:
    bounds: dict[str, LiteralString] = {
        "number": f"number <= %({prefix}number)s",
        "period": f"period <= %({prefix}period)s",
        "effective_on": f"effective_on <= %({prefix}effective_on)s",
    }
    named = [bounds[name] for name, value in moment.bounds().items() if value is not None]
    return f"({' AND '.join(named)})::int" if named else "1"


class Line(NamedTuple):
    """One entry that counts: where it stands, what it changed (fen), and what was left."""

    at: Position
    cell: int
    account: int
    sign: int
    where: Account
    amount: int
    effective_on: date
    period: int
    """yyyymm"""
    cell_after: int
    account_after: int


class Lines(NamedTuple):
    """A page of lines in their order; ``more``: after which position to go on."""

    lines: list[Line]
    more: Position | None


class Sums(NamedTuple):
    """What lines sum to, in fen with their signs, by cell and by account: up to a position, and all of them."""

    before: dict[Unit, int]
    whole: dict[Unit, int]


class Reader(NamedTuple):
    """Reads the lines of some cells and accounts in a snapshot that somebody holds; one line may be of a cell and of an account.

    ``head``: the number of the ledger in the snapshot.
    """

    connection: Connection[TupleRow]
    ledger: UUID
    head: int
    units: Collection[Unit]
    span: Span

    def page(self, after: Position, limit: int) -> Lines:
        """Up to ``limit`` lines after a position."""
        low, high = self.span.numbers(self.head)
        after = max(after, Position(low, _LAST_LINE))
        found: list[Line] = []
        every = self.span.whole_numbers
        for last in _windows(after.number - 1, high, high if every else WINDOW):  # a movement's own lines may go on
            found += self._search(after, last, limit + 1 - len(found))
            if len(found) > limit:
                return Lines(found[:limit], found[limit - 1].at)
            after = Position(last, _LAST_LINE)
        return Lines(found, after if after.number < high else None)

    def _search(self, after: Position, last: int, limit: int) -> list[Line]:
        rows = self.connection.execute(
            _page(self.span.sign),
            self._values() | {"number": after.number, "line": after.line, "last": last, "limit": limit},
        )
        return [_line(*row) for row in rows]

    def sums(self, upto: Position) -> Sums:
        """Up to a position, and whole. Looked up where every entry counts, and added up otherwise."""
        return Sums(self._held(upto), self._held(None)) if self.span.whole else self.added(upto)

    def _held(self, upto: Position | None) -> dict[Unit, int]:
        """What cells and accounts held at a position; None: at the end."""
        at = upto or Position(self.span.numbers(self.head)[1], _LAST_LINE)
        rows = self.connection.execute(_HELD, self._values() | at._asdict())
        return {Unit(table, id_): held for table, id_, held in rows}

    def added(self, upto: Position) -> Sums:
        """The same, entry by entry."""
        low, high = self.span.numbers(self.head)
        rows = self.connection.execute(
            _added(self.span.sign), self._values() | upto._asdict() | {"low": low, "high": high}
        ).fetchall()
        return Sums(
            {Unit(table, id_): int(before or 0) for table, id_, before, _ in rows},
            {Unit(table, id_): int(whole or 0) for table, id_, _, whole in rows},
        )

    def by_project(self, projects: list[str] | None) -> dict[tuple[int, str | None], int]:
        """What the lines of the cells sum to, by cell and project; of these projects only, where they are named."""
        low, high = self.span.numbers(self.head)
        values = self._values() | {"low": low, "high": high, "projects": projects}
        rows = self.connection.execute(_by_project(self.span.sign), values)
        return {(cell, project): int(amount) for cell, project, amount in rows}

    def _values(self) -> dict[str, Any]:
        cells = [unit.id for unit in self.units if unit.table == "cell"]
        accounts = [unit.id for unit in self.units if unit.table == "account"]
        return {"ledger": self.ledger, "cells": cells, "accounts": accounts, **self.span.values()}


_LAST_LINE = 32_767


def _windows(low: int, high: int, width: int) -> Iterator[int]:
    """The last number of each range that is looked through, WINDOWS_MAX at most."""
    for _ in range(WINDOWS_MAX):
        if low >= high:
            return
        low = min(high, low + width)
        yield low


def _line(number: int, line: int, cell: int, account: int, sign: int, *said: Any) -> Line:
    where, (amount, effective_on, period, cell_after, account_after) = Account(*said[:8]), said[8:]
    at = Position(number, line)
    return Line(at, cell, account, sign, where, amount, effective_on, period, cell_after, account_after)


def _page(sign: LiteralString) -> LiteralString:
    """A page: a few lines behind each cell and account, the first of all of them, and what these say."""
    behind: LiteralString = (
        "AND number <= %(last)s AND (number, line) > (%(number)s, %(line)s) "
        f"AND {sign} <> 0 ORDER BY number, line LIMIT %(limit)s"
    )
    return f"""
WITH behind AS (
    SELECT one.* FROM unnest(%(cells)s::int[]) AS unit (id), LATERAL (
        SELECT number, line FROM entry WHERE ledger = %(ledger)s AND cell = unit.id {behind}
    ) AS one
    UNION
    SELECT one.* FROM unnest(%(accounts)s::int[]) AS unit (id), LATERAL (
        SELECT number, line FROM entry WHERE ledger = %(ledger)s AND account = unit.id {behind}
    ) AS one
)
SELECT number, line, entry.cell, entry.account, {sign}, code, fiscal_year, source, vintage, special, project, function, ref,
       amount, effective_on, period, cell_after, account_after
FROM (SELECT number, line FROM behind ORDER BY number, line LIMIT %(limit)s) AS page
JOIN entry USING (number, line)
JOIN account ON account.ledger = entry.ledger AND account.id = entry.account
JOIN cell ON cell.ledger = entry.ledger AND cell.id = entry.cell
WHERE entry.ledger = %(ledger)s ORDER BY number, line
"""


def _added(sign: LiteralString) -> LiteralString:
    sums: LiteralString = (
        f"sum(amount * ({sign})) FILTER (WHERE (number, line) <= (%(number)s, %(line)s)), sum(amount * ({sign}))"
    )
    where: LiteralString = "FROM entry WHERE ledger = %(ledger)s AND number > %(low)s AND number <= %(high)s"
    return f"""
SELECT 'cell', cell, {sums} {where} AND cell = ANY(%(cells)s::int[]) GROUP BY cell
UNION ALL
SELECT 'account', account, {sums} {where} AND account = ANY(%(accounts)s::int[]) GROUP BY account
"""


def _by_project(sign: LiteralString) -> LiteralString:
    return f"""
SELECT entry.cell, project, sum(amount * ({sign}))
FROM entry JOIN account ON account.ledger = entry.ledger AND account.id = entry.account
WHERE entry.ledger = %(ledger)s AND number > %(low)s AND number <= %(high)s AND entry.cell = ANY(%(cells)s::int[])
  AND {sign} <> 0 AND (%(projects)s::text[] IS NULL OR project = ANY(%(projects)s)) GROUP BY 1, 2
"""


_LAST: LiteralString = "AND (number, line) <= (%(number)s, %(line)s) ORDER BY number DESC, line DESC LIMIT 1"
_HELD: LiteralString = f"""
SELECT 'cell', unit.id, one.held FROM unnest(%(cells)s::int[]) AS unit (id), LATERAL (
    SELECT cell_after AS held FROM entry WHERE ledger = %(ledger)s AND cell = unit.id {_LAST}
) AS one
UNION ALL
SELECT 'account', unit.id, one.held FROM unnest(%(accounts)s::int[]) AS unit (id), LATERAL (
    SELECT account_after AS held FROM entry WHERE ledger = %(ledger)s AND account = unit.id {_LAST}
) AS one
"""
