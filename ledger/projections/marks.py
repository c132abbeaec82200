"""Marks: the turnover of open periods every so many numbers, and subtotals of closed ones, with the number that closed them.

They bound what a question about the past costs (`ledger.projections.then`): of a closed period one row of each cell is read,
and what was known of open ones at a number is the newest mark up to it, and at most so many movements in between. Right
because periods close for good: nothing posts to one after the number that closed it. Figures are right without any of them,
too, only dearer.
"""

from typing import LiteralString

from psycopg import Connection
from psycopg.rows import TupleRow

from ledger.domain.closing import PeriodClosed
from ledger.domain.fields import period_number
from ledger.domain.yearend import YearClosed, periods_of
from ledger.projections.follower import Page, Projection

INTERVAL = 5_000
"""Movements from one mark to the next."""


class Marks(Projection):
    """Folded from entries by the database itself: of the movements only those that close a period are read."""

    name = "marks"
    version = 2
    tables = ("closed_period", "subtotal", "mark")
    only_added_to = frozenset({"closed_period", "subtotal", "mark"})
    page = 5_000
    interval = INTERVAL

    def fold(self, connection: Connection[TupleRow], page: Page) -> None:
        _close(connection, page)
        first = page.after + self.interval - page.after % self.interval
        for number in range(first, page.last + 1, self.interval):
            connection.execute(_MARK, {"ledger": page.ledger, "number": number})


def _close(connection: Connection[TupleRow], page: Page) -> None:
    for closing in page.of_kinds(PeriodClosed.__name__, YearClosed.__name__):
        movement = closing.movement
        assert isinstance(movement, PeriodClosed | YearClosed)
        closed = (movement.closes,) if isinstance(movement, PeriodClosed) else periods_of(movement.year)
        periods = [period_number(period) for period in closed]
        connection.execute(_CLOSED, {"ledger": page.ledger, "number": closing.number, "periods": periods})


_SINCE_THE_LAST: LiteralString = """
last AS (
    SELECT coalesce(max(number), 0) AS number FROM mark WHERE ledger = %(ledger)s AND number < %(number)s
), turned AS (
    SELECT cell, period, effective_on, amount FROM mark WHERE ledger = %(ledger)s AND number = (SELECT number FROM last)
    UNION ALL
    SELECT cell, period, effective_on, amount FROM entry
    WHERE ledger = %(ledger)s AND number > (SELECT number FROM last) AND number <= %(number)s
)
"""
"""Turnover up to a number of all periods that were open at the mark before it."""

_CLOSED: LiteralString = f"""
WITH closed AS (
    INSERT INTO closed_period (ledger, period, number) SELECT %(ledger)s, unnest(%(periods)s::int[]), %(number)s
    ON CONFLICT DO NOTHING RETURNING period
), {_SINCE_THE_LAST}
INSERT INTO subtotal (ledger, cell, period, first_day, last_day, amount, number)
SELECT %(ledger)s, cell, period, min(effective_on), max(effective_on), sum(amount), %(number)s FROM turned
WHERE period IN (SELECT period FROM closed) GROUP BY cell, period
"""
"""A year closes those of its periods that are still open."""

_MARK: LiteralString = f"""
WITH {_SINCE_THE_LAST}
INSERT INTO mark (ledger, number, cell, period, effective_on, amount)
SELECT %(ledger)s, %(number)s, cell, period, effective_on, sum(amount) FROM turned
WHERE period NOT IN (SELECT period FROM closed_period WHERE ledger = %(ledger)s AND number <= %(number)s)
GROUP BY cell, period, effective_on
"""
