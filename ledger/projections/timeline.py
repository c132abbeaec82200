"""The timeline of execution 执行时间线: what came to specials and how far it was used, by business day, against last year.

Read from turnover, of which a year's cells have a row for each day and period: there is no second copy of it.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import accumulate
from typing import Any, Literal, NamedTuple
from uuid import UUID

from ledger.domain.accounts import ACCOUNTS, USE
from ledger.projections.journal import snapshot
from ledger.store import Store

Bucket = Literal["day", "week", "month"]
PAID = ("B240",)
ORDERED = ("B230", *PAID)
COMMITTED = ("B220", *ORDERED, "B245")
STAGES: dict[str, tuple[str, ...]] = {
    "allocated": tuple(code for code in USE if "special" in ACCOUNTS[code].keeps),
    "committed": COMMITTED,
    "ordered": ORDERED,
    "paid": PAID,
}
"""Stage → the accounts of whatever reached it: what was paid was ordered, what was ordered was committed."""
_Figures = dict[str, int]


class Span(NamedTuple):
    """A day, week or month, cut at the ends of the year: what moved in it, what stood at its end, and a year earlier; fen."""

    first: date
    last: date
    moved: _Figures
    stood: _Figures
    last_year: _Figures | None
    """None where the ledger has nothing of the year before."""


class Timeline(NamedTuple):
    number: int
    fiscal_year: int | None
    spans: list[Span]


def timeline(
    store: Store,
    ledger: UUID,
    specials: Sequence[str],
    fiscal_year: int | None,
    by: Bucket,
    *,
    until: date,
    sources: Sequence[str] | None = None,
) -> Timeline | None:
    """The spans of a year up to a day, or to whatever moved after it, by business date, from one snapshot.

    ``fiscal_year`` None: the latest of these specials, and no span where they have none. Answers None where they have nothing
    of the year asked for. What is dated outside its year counts on the year's first or last day.
    """
    with snapshot(store, ledger) as (connection, number):
        of = {"ledger": ledger, "specials": list(specials), "sources": None if sources is None else list(sources)}
        years = {year for (year,) in connection.execute(_YEARS, of)}
        year = fiscal_year or max(years, default=None)
        if year is None:
            return Timeline(number, None, [])
        if year not in years:
            return None
        this = _stood(connection, of, year)
        before = _stood(connection, of, year - 1) if year - 1 in years else None
    end = date(year, 12, 31)
    until = min(max(until, *this.days), end) if until.year >= year else end
    spans, stood = [], dict.fromkeys(STAGES, 0)
    for first, last in _spans(date(year, 1, 1), until, by):
        earlier, stood = stood, this.at(last)
        moved = {stage: stood[stage] - earlier[stage] for stage in STAGES}
        spans.append(Span(first, last, moved, stood, before and before.at(_a_year_earlier(last))))
    return Timeline(number, year, spans)


_YEARS = """
SELECT DISTINCT fiscal_year FROM cell WHERE ledger = %(ledger)s AND special = ANY(%(specials)s) AND fiscal_year IS NOT NULL
    AND (%(sources)s::text[] IS NULL OR source = ANY(%(sources)s))
"""
_TURNOVER = """
WITH cells AS MATERIALIZED (
    SELECT id, code FROM cell WHERE ledger = %(ledger)s AND fiscal_year = %(year)s AND special = ANY(%(specials)s)
        AND code = ANY(%(codes)s) AND (%(sources)s::text[] IS NULL OR source = ANY(%(sources)s))
)
SELECT effective_on, code, sum(amount) FROM turnover JOIN cells ON cells.id = turnover.cell
WHERE ledger = %(ledger)s GROUP BY effective_on, code
"""


class _Stood(NamedTuple):
    """What stood at the end of each day on which something moved, in the order of days."""

    days: list[date]
    figures: list[_Figures]

    def at(self, day: date) -> _Figures:
        place = bisect_right(self.days, day)
        return self.figures[place - 1] if place else dict.fromkeys(STAGES, 0)


def _stood(connection: Any, of: dict[str, Any], year: int) -> _Stood:
    moved: dict[date, _Figures] = defaultdict(lambda: dict.fromkeys(STAGES, 0))
    rows = connection.execute(_TURNOVER, {**of, "year": year, "codes": list(STAGES["allocated"])})
    for day, code, amount in rows:
        figures = moved[min(max(day, date(year, 1, 1)), date(year, 12, 31))]
        for stage, codes in STAGES.items():
            figures[stage] += int(amount) if code in codes else 0
    days = sorted(moved)
    return _Stood(days, list(accumulate((moved[day] for day in days), _plus)))


def _spans(first: date, until: date, by: Bucket) -> Iterator[tuple[date, date]]:
    while first <= until:
        last = first
        if by == "week":
            last = min(date.fromordinal(first.toordinal() + 6 - first.weekday()), until)
        elif by == "month":
            following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
            last = min(following - date.resolution, until)
        yield first, last
        first = last + date.resolution


def _plus(one: _Figures, other: _Figures) -> _Figures:
    return {stage: one[stage] + other[stage] for stage in STAGES}


def _a_year_earlier(day: date) -> date:
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)
