"""Moments: what "then" means in a question, as the three dates give it.

Known at a number: what the ledger knew when it stood there. As closed through a period: what was posted to periods up to it.
As restated on a business date: all that is effective up to it, whenever it was recorded. A number goes with either of them.
"""

from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

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
        """What statements are filled with; the period as yyyymm."""
        period = period_number(self.period) if self.period else None
        return {"number": self.number, "period": period, "effective_on": self.effective_on}

    @property
    def of_lines(self) -> bool:
        """Whether what counts is told line by line, so that sums are asked for and not the last balance."""
        return self.period is not None or self.effective_on is not None


NOW = Moment()


class OutsideLife(Exception):
    """A moment before the ledger began or one that has not come: there is no figure to give, not even zero."""

    def __init__(self, asked: str, first: str, last: str) -> None:
        super().__init__(f"{asked}: {first} – {last}")
        self.asked, self.first, self.last = asked, first, last


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


def check_number(number: int | None, last: int) -> None:
    """A number is one of the ledger, whose last is ``last``; None names none. Raises OutsideLife."""
    if number is not None and not 1 <= number <= last:
        raise OutsideLife(str(number), "1", str(last))


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
