"""What cells and accounts held at a moment, in fen, and where the ledger stood then; read in one snapshot.

Known at a number, or now: the last balance of each. As closed or restated: subtotals of the periods that are closed, and the
turnover of the others. A number with either: subtotals of the periods that were closed by then, the newest mark of those that
were open, and the entries since that mark. All cells that are asked for are read in one pass.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, LiteralString, NamedTuple
from uuid import UUID

from psycopg import Connection
from psycopg.rows import TupleRow

from ledger.domain.accounts import ACCOUNTS
from ledger.projections.moment import NOW, Moment, check_number

_WHOLE = frozenset(code for code, kind in ACCOUNTS.items() if not kind.keeps & {"project", "ref"})
"""Accounts that are each a whole cell: those of the others have few entries."""


class Standing(NamedTuple):
    """A number, when it was recorded (UTC), and the latest fiscal year that held anything then."""

    number: int
    recorded_at: datetime
    latest: int | None


class Then(NamedTuple):
    """A moment of a ledger, read in a snapshot that somebody holds."""

    connection: Connection[TupleRow]
    ledger: UUID
    moment: Moment
    closed: Sequence[int] = ()
    """Periods (yyyymm) that subtotals stand for, as the number knew them; one that a follower has yet to close counts as open."""
    marked: int = 0
    """The newest mark up to the number; 0: there is none."""

    def standing(self) -> Standing:
        """Where the ledger stood. Raises OutsideLife for a number that is not recorded, LookupError without a ledger."""
        head = self._read(_HEAD).fetchone()
        if head is None:
            raise LookupError(f"ledger {self.ledger} has not been opened here")
        number, recorded_at, latest = head
        if self.moment == NOW:
            return Standing(number, recorded_at, latest)
        if self.moment.number is not None:
            check_number(self.moment.number, number)
            number = self.moment.number
            (recorded_at,) = self._read(_RECORDED).fetchone() or (recorded_at,)
        (latest,) = self._read(_latest(self.moment)).fetchone() or (None,)
        return Standing(number, recorded_at, latest)

    def of_cells(self, cells: Collection[int]) -> dict[int, int]:
        """By cell; those to which nothing was posted then are left out."""
        return dict(self._read(_cells(self.moment), cells=list(cells)).fetchall()) if cells else {}

    def of_accounts(
        self,
        cells: Mapping[int, str],
        projects: Collection[str] | None = None,
        *,
        beside: bool = True,
        standing: bool = False,
    ) -> Iterator[tuple[int, str | None, str | None, int]]:
        """(Cell, project, reference, fen) of the accounts of some cells, given with their codes; what was not there is left out.

        Of these projects only, where they are named; ``beside``: and of none; ``standing``: without those that hold nothing.
        """
        if beside and self.moment.of_lines:
            whole = [cell for cell, code in cells.items() if code in _WHOLE]
            yield from ((cell, None, None, amount) for cell, amount in self.of_cells(whole).items())
            cells = {cell: code for cell, code in cells.items() if code not in _WHOLE}
        parts: list[LiteralString] = [""] if projects is None else []
        if projects:
            parts.append('AND project COLLATE "C" = ANY(%(projects)s)')
        if beside and projects is not None:
            parts.append("AND project IS NULL")
        for part in parts:
            query = _found(f"{_accounts(self.moment)} {part}", "account") + (" AND held <> 0" if standing else "")
            yield from self._read(query, cells=list(cells), projects=list(projects or ())).fetchall()

    def _read(self, query: LiteralString, **values: Any) -> Any:
        lows, highs = open_stretches(self.closed)
        bounds = {"closed": list(self.closed), "marked": self.marked, "lows": lows, "highs": highs}
        return self.connection.execute(query, {"ledger": self.ledger, **self.moment.bounds(), **bounds, **values})


def at(connection: Connection[TupleRow], ledger: UUID, moment: Moment) -> Then:
    """A moment, with what bounds the questions about it looked up once."""
    then = Then(connection, ledger, moment)
    if not moment.of_lines:
        return then
    closed, marked = then._read(_BOUNDS).fetchone()
    return then._replace(closed=closed, marked=marked)


def open_stretches(closed: Sequence[int]) -> tuple[list[int], list[int]]:
    """Where closed periods, in their order, leave others open: from, and before. The settling period 13 may be among those."""
    lows = [0, *(period + (1 if period % 100 < 13 else 88) for period in closed)]
    pairs = [(low, high) for low, high in zip(lows, [*closed, 999_999], strict=True) if low < high]
    return [low for low, _ in pairs], [high for _, high in pairs]


_BOUNDS: LiteralString = """
SELECT ARRAY (
    SELECT period FROM closed_period
    WHERE ledger = %(ledger)s AND (%(number)s::bigint IS NULL OR number <= %(number)s) ORDER BY period
), coalesce((SELECT max(number) FROM mark WHERE ledger = %(ledger)s AND number <= %(number)s), 0)
"""
_HEAD: LiteralString = (  # a cell is opened by what is posted to it, so the latest year of any is that of now
    "SELECT number, recorded_at, (SELECT max(fiscal_year) FROM cell WHERE cell.ledger = head.ledger) "
    "FROM head WHERE ledger = %(ledger)s"
)
_RECORDED: LiteralString = (
    "SELECT recorded_at FROM batch WHERE ledger = %(ledger)s AND last_number >= %(number)s ORDER BY last_number LIMIT 1"
)
_CELL_AFTER: LiteralString = "SELECT cell_after FROM entry WHERE entry.ledger = cell.ledger AND entry.cell = cell.id"
_LAST: LiteralString = "ORDER BY entry.number DESC, line DESC LIMIT 1"
CELL_KNOWN: LiteralString = f"({_CELL_AFTER} AND entry.number <= %(number)s {_LAST})"
"""What ``cell`` held as known at a number, as an SQL expression; NULL where nothing was posted to it yet."""
ACCOUNT_KNOWN: LiteralString = (
    "(SELECT account_after FROM entry WHERE entry.ledger = account.ledger AND entry.account = account.id "
    f"AND entry.number <= %(number)s {_LAST})"
)
"""The same of ``account``."""
_BALANCE: LiteralString = (
    "(SELECT amount FROM balance WHERE balance.ledger = account.ledger AND balance.account = account.id)"
)


def _cells(moment: Moment) -> LiteralString:
    if moment.of_lines:
        return f"SELECT cell, sum(amount)::bigint FROM ({_turned(moment)}) AS part GROUP BY cell"
    last = f"({_CELL_AFTER} {_LAST})" if moment == NOW else CELL_KNOWN
    return _found(f"SELECT id, {last} AS held FROM cell WHERE ledger = %(ledger)s AND id = ANY(%(cells)s)", "cell")


def _found(asked: LiteralString, name: LiteralString) -> LiteralString:
    """What was there of what is asked. OFFSET 0: each is looked up once, not once more to see that it is there."""
    return f"SELECT * FROM ({asked} OFFSET 0) AS {name} WHERE held IS NOT NULL"


def _accounts(moment: Moment) -> LiteralString:
    amount = _BALANCE if moment == NOW else ACCOUNT_KNOWN
    if moment.of_lines:
        known: LiteralString = "AND number <= %(number)s" if moment.number is not None else ""
        amount = (
            "(SELECT sum(amount)::bigint FROM entry WHERE entry.ledger = account.ledger AND entry.account = account.id "
            f"{known} {_posted(moment)} {_effective(moment)})"
        )
    return (
        f"SELECT cell, project, ref, {amount} AS held FROM account WHERE ledger = %(ledger)s AND cell = ANY(%(cells)s)"
    )


def _latest(moment: Moment) -> LiteralString:
    """The latest fiscal year of a cell to which anything was posted then."""
    if not moment.of_lines:
        return (
            "SELECT fiscal_year FROM (SELECT * FROM cell WHERE ledger = %(ledger)s AND fiscal_year IS NOT NULL "
            "ORDER BY fiscal_year DESC OFFSET 0) AS cell WHERE EXISTS (SELECT FROM entry WHERE entry.ledger = cell.ledger "
            "AND entry.cell = cell.id AND entry.number <= %(number)s) LIMIT 1"
        )
    begun: LiteralString = "AND first_day <= %(effective_on)s" if moment.effective_on is not None else ""
    closed: LiteralString = f"SELECT cell, amount FROM subtotal WHERE ledger = %(ledger)s {_closed(moment)} {begun}"
    turned: LiteralString = " UNION ALL ".join([closed, *_of_open(moment)])
    return (
        f"SELECT max(fiscal_year) FROM cell WHERE ledger = %(ledger)s AND id IN (SELECT cell FROM ({turned}) AS part)"
    )


_ASKED: LiteralString = "AND cell = ANY(%(cells)s)"


def _turned(moment: Moment) -> LiteralString:
    """What was posted to cells then: (cell, fen), a row or several of each. Periods astride a day are read by the day."""
    amount: LiteralString = "amount"
    begun: LiteralString = ""
    if moment.effective_on is not None:
        amount = (
            "CASE WHEN last_day <= %(effective_on)s THEN amount ELSE (SELECT sum(amount)::bigint FROM turnover "
            "WHERE turnover.ledger = subtotal.ledger AND turnover.cell = subtotal.cell AND turnover.period = subtotal.period "
            "AND effective_on <= %(effective_on)s) END"
        )
        begun = "AND first_day <= %(effective_on)s"
    closed: LiteralString = (
        f"SELECT cell, {amount} AS amount FROM subtotal WHERE ledger = %(ledger)s {_ASKED} {_closed(moment)} {begun}"
    )
    return " UNION ALL ".join([closed, *_of_open(moment, _ASKED)])


def _closed(moment: Moment) -> LiteralString:
    """Of subtotals those of periods that the number knew as closed."""
    known: LiteralString = "AND number <= %(number)s" if moment.number is not None else ""
    return f"{known} {_posted(moment)}"


def _of_open(moment: Moment, asked: LiteralString = "") -> list[LiteralString]:
    """What was posted then to periods that were open: (cell, fen)."""
    counts: LiteralString = f"{asked} {_posted(moment)} {_effective(moment)}"
    if moment.number is None:
        stretch: LiteralString = f"ledger = %(ledger)s AND period >= low AND period < high {counts}"
        return [  # OFFSET 0: each by its index
            "SELECT cell, amount FROM unnest(%(lows)s::int[], %(highs)s::int[]) AS open (low, high), "
            f"LATERAL (SELECT cell, amount FROM turnover WHERE {stretch} OFFSET 0) AS turned"
        ]
    counts = f"{counts} AND NOT period = ANY(%(closed)s)"
    since: LiteralString = "number > %(marked)s AND number <= %(number)s"
    return [
        f"SELECT cell, amount FROM mark WHERE ledger = %(ledger)s AND number = %(marked)s {counts}",
        f"SELECT cell, amount FROM entry WHERE ledger = %(ledger)s AND {since} {counts}",
    ]


def _posted(moment: Moment) -> LiteralString:
    return "AND period <= %(period)s" if moment.period is not None else ""


def _effective(moment: Moment) -> LiteralString:
    return "AND effective_on <= %(effective_on)s" if moment.effective_on is not None else ""
