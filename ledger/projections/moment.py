"""Moments: what "then" means in a question, as the three dates give it, and what cells and accounts held at one.

Known at a number: what the ledger knew when it stood there. As closed through a period: what was posted to periods up to it.
As restated on a business date: all that is effective up to it, whenever it was recorded. A number goes with either of them.
"""

from datetime import date, datetime
from typing import Any, LiteralString, NamedTuple
from uuid import UUID

from psycopg import Connection
from psycopg.rows import TupleRow

from ledger.domain.accounts import ACCOUNTS
from ledger.domain.book import Book
from ledger.domain.fields import business_date, period_number
from ledger.domain.period import FIRST_YEAR
from ledger.store import Store


class Moment(NamedTuple):
    """None: not bounded in that sense; with none of them, now. ``period``: ``YYYY-MM``, 13 the year's settling period."""

    number: int | None = None
    period: str | None = None
    effective_on: date | None = None

    def bounds(self) -> dict[str, Any]:
        """What the amounts below are filled with."""
        period = period_number(self.period) if self.period else None
        return {"number": self.number, "period": period, "effective_on": self.effective_on}

    @property
    def of_cell(self) -> LiteralString:
        """The amount of ``cell`` then, in fen, as an SQL expression; NULL where nothing was posted to it yet.

        It names the ledger as ``%(ledger)s``.
        """
        return _CELL_NOW if self == NOW else self._held("cell.id", _CELL_KNOWN)

    @property
    def begun(self) -> LiteralString:
        """Whether anything was posted to ``cell`` then, as an SQL condition; what was not there at all is quickly said."""
        turned = f"EXISTS ({_TURNOVER.replace(':cell', 'cell.id')})"
        if self.number is None:
            return turned
        if self.period is None and self.effective_on is None:
            return _BEGUN
        return f"CASE WHEN {_BEGUN} AND {turned} THEN {self.of_cell} IS NOT NULL END"

    @property
    def of_account(self) -> LiteralString:
        """The amount of ``account`` then, in fen, as an SQL expression; NULL where nothing was posted to it yet."""
        if self == NOW:
            return _BALANCE
        if self.period is None and self.effective_on is None:
            return _ACCOUNT_KNOWN
        # An account of its own for each project or reference has few entries; of the others each is a whole cell.
        return f"CASE WHEN {_IS_CELL} THEN {self._held('account.cell', '')} ELSE {_ENTRIES} END"

    def _held(self, cell: LiteralString, known: LiteralString) -> LiteralString:
        if self.number is None:
            return _sum((_TURNOVER,), cell)
        if self.period is None and self.effective_on is None:
            return known
        return _sum(
            (f"{_TURNOVER} AND (period = {_CLOSED}) IS TRUE", _MARK, _SINCE), cell
        )  # a filter: quicker than probes


NOW = Moment()


def _sum(parts: tuple[LiteralString, ...], cell: LiteralString) -> LiteralString:
    """What several selections of amounts of a cell come to; NULL where there are none."""
    return "(SELECT sum(amount) FROM (" + " UNION ALL ".join(parts).replace(":cell", cell) + ") AS part)"


_THEN: LiteralString = (
    "AND (%(period)s::int IS NULL OR period <= %(period)s) "
    "AND (%(effective_on)s::date IS NULL OR effective_on <= %(effective_on)s)"
)
_CLOSED: LiteralString = (
    "ANY (ARRAY (SELECT period FROM period WHERE ledger = %(ledger)s AND closed_number <= %(number)s))"
)
"""Periods that were closed then: their turnover stands for good. One that a follower has yet to close counts as open."""
_OPEN: LiteralString = f"AND NOT period = {_CLOSED} {_THEN}"
_MARKED: LiteralString = (
    "coalesce((SELECT max(number) FROM mark WHERE ledger = %(ledger)s AND number <= %(number)s), 0)"
)
_TURNOVER: LiteralString = f"SELECT amount FROM turnover WHERE ledger = %(ledger)s AND cell = :cell {_THEN}"
_MARK: LiteralString = (
    f"SELECT amount FROM mark WHERE ledger = %(ledger)s AND number = {_MARKED} AND cell = :cell {_OPEN}"
)
_SINCE: LiteralString = (
    f"SELECT amount FROM entry WHERE ledger = %(ledger)s AND cell = :cell AND number > {_MARKED} "
    f"AND number <= %(number)s {_OPEN}"
)
_BEGUN: LiteralString = (
    "EXISTS (SELECT FROM entry WHERE entry.ledger = %(ledger)s AND entry.cell = cell.id AND entry.number <= %(number)s)"
)
_AFTER: LiteralString = "SELECT cell_after FROM entry WHERE entry.ledger = cell.ledger AND entry.cell = cell.id"
_LAST: LiteralString = "ORDER BY entry.number DESC, line DESC LIMIT 1"
_CELL_NOW: LiteralString = f"({_AFTER} {_LAST})"
_CELL_KNOWN: LiteralString = f"({_AFTER} AND entry.number <= %(number)s {_LAST})"
_BALANCE: LiteralString = (
    "(SELECT amount FROM balance WHERE balance.ledger = account.ledger AND balance.account = account.id)"
)
_ACCOUNT_KNOWN: LiteralString = (
    "(SELECT account_after FROM entry WHERE entry.ledger = account.ledger AND entry.account = account.id "
    f"AND entry.number <= %(number)s {_LAST})"
)
_WHOLE = ", ".join(f"'{code}'" for code, kind in ACCOUNTS.items() if not kind.keeps & {"project", "ref"})
_IS_CELL: LiteralString = (
    f"(SELECT code FROM cell WHERE cell.ledger = account.ledger AND cell.id = account.cell) IN ({_WHOLE})"
)
_ENTRIES: LiteralString = (
    "(SELECT sum(amount) FROM entry WHERE entry.ledger = account.ledger AND entry.account = account.id "
    f"AND (%(number)s::bigint IS NULL OR entry.number <= %(number)s) {_THEN})"
)


class OutsideLife(Exception):
    """A moment before the ledger began or one that has not come: there is no figure to give, not even zero."""

    def __init__(self, asked: str, first: str, last: str) -> None:
        super().__init__(f"{asked}: {first} – {last}")
        self.asked, self.first, self.last = asked, first, last


class Standing(NamedTuple):
    """A number, when it was recorded (UTC), and the latest fiscal year that held anything then."""

    number: int
    recorded_at: datetime
    latest: int | None


def number_by(store: Store, ledger: UUID, instant: datetime, now: datetime) -> int:
    """The last number recorded by an instant. Raises OutsideLife."""
    with store.readers.connection() as connection:
        row = connection.execute(
            "SELECT min(recorded_at), (SELECT last_number FROM batch WHERE ledger = %(ledger)s AND recorded_at <= %(instant)s "
            "ORDER BY recorded_at DESC, last_number DESC LIMIT 1) FROM batch WHERE ledger = %(ledger)s",
            {"ledger": ledger, "instant": instant},
        ).fetchone()
    began, number = row or (None, None)
    if number is None or instant > now:
        raise OutsideLife(instant.isoformat(), began.isoformat() if began else "—", now.isoformat())
    return int(number)


def standing(connection: Connection[TupleRow], ledger: UUID, moment: Moment) -> Standing:
    """Where the ledger stood at a moment. Raises OutsideLife for a number that is not recorded, LookupError without a ledger."""
    head = connection.execute("SELECT number, recorded_at FROM head WHERE ledger = %s", (ledger,)).fetchone()
    if head is None:
        raise LookupError(f"ledger {ledger} has not been opened here")
    number, recorded_at = head
    if moment.number is not None:
        if not 1 <= moment.number <= number:
            raise OutsideLife(str(moment.number), "1", str(number))
        number = moment.number
        batch = "SELECT recorded_at FROM batch WHERE ledger = %s AND last_number >= %s ORDER BY last_number LIMIT 1"
        (recorded_at,) = connection.execute(batch, (ledger, number)).fetchone() or (recorded_at,)
    (latest,) = connection.execute(
        "SELECT fiscal_year FROM (SELECT * FROM cell WHERE ledger = %(ledger)s AND fiscal_year IS NOT NULL "
        f"ORDER BY fiscal_year DESC OFFSET 0) AS cell WHERE {moment.begun} LIMIT 1",  # the first will do
        {"ledger": ledger, **moment.bounds()},
    ).fetchone() or (None,)
    return Standing(number, recorded_at, latest)


def check_within_life(book: Book, moment: Moment, latest: int | None, today: date) -> None:
    """A period or business date is one that the ledger has seen. Raises OutsideLife. ``latest``: its latest fiscal year."""
    first = min(FIRST_YEAR.of(book).values(), default=None)
    if first is None and moment != NOW:
        raise OutsideLife(moment.period or str(moment.effective_on or moment.number), "—", "—")
    year = max(latest or today.year, today.year)
    if moment.period and not f"{first}-01" <= moment.period <= f"{year}-13":
        raise OutsideLife(moment.period, f"{first}-01", f"{year}-13")
    if moment.effective_on and not date(first or year, 1, 1) <= moment.effective_on <= today:
        raise OutsideLife(str(moment.effective_on), f"{first}-01-01", str(today))


def day_of(moment: Moment, recorded_at: datetime, today: date) -> date:
    """The business date of a moment, by which calls have expired: as restated, else the end of the period, else the day of it."""
    if moment.effective_on:
        return moment.effective_on
    if moment.period:
        year, month = int(moment.period[:4]), int(moment.period[5:])
        return date(year + 1, 1, 1) - date.resolution if month >= 12 else date(year, month + 1, 1) - date.resolution
    return business_date(recorded_at) if moment.number is not None else today
