"""Sheets from a naive fold: every line of the log, one after another, given to the sheet instead of what the tables say."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from ledger.application import Ledger
from ledger.codec import Recorded, decode
from ledger.domain.accounts import Account
from ledger.domain.book import Book
from ledger.domain.period import FIRST_YEAR
from ledger.projections.held import Line
from ledger.projections.moment import Moment, day_of
from ledger.reports.asking import Asked
from ledger.reports.catalogue import REPORTS, ReportCode
from ledger.reports.grounds import Grounds
from ledger.reports.sheet import Sheet
from ledger.reports.sides import Sides
from tests.world import World

_NOBODY = UUID(int=0)
RECORDED_AT = datetime(2025, 12, 31, 4, tzinfo=UTC)
OF_THE_LEDGER = [code for code, report in REPORTS.items() if not (report.one_source or report.one_sample)]
"""Sheets that a ledger alone can answer; those of a source of statements are tested beside it."""


def log_of(ledger: Ledger) -> Iterator[Recorded]:
    """Everything a ledger recorded."""
    after = 0
    while page := ledger.store.select_events(ledger.id, gt=after, limit=1000):
        yield from (decode(event.state) for event in page)
        after = page[-1].originator_version


def log_of_world(world: World) -> list[Recorded]:
    return [
        Recorded(
            _NOBODY,
            one.number,
            one.voucher,
            RECORDED_AT,
            one.actor,
            one.approvals,
            one.proposal,
            _NOBODY,
            1,
            one.movement,
            one.legs,
        )
        for one in world.log
    ]


def counting(log: Iterable[Recorded], moment: Moment) -> Iterator[tuple[Recorded, Line]]:
    """Every line that counts at a moment."""
    kinds: dict[int, str] = {}
    for one in log:
        kinds[one.number] = one.movement.kind
        if moment.number is not None and one.number > moment.number:
            return
        for leg in one.legs:
            posted = moment.period is None or leg.period <= moment.period
            if posted and (moment.effective_on is None or leg.effective_on <= moment.effective_on):
                yield one, Line(one, kinds[leg.corrects] if leg.corrects else one.movement.kind, leg)


def naive(
    log: Sequence[Recorded],
    book: Book,
    code: ReportCode,
    asked: Asked,
    today: date,
    compared: Sides | None = None,
) -> Sheet:
    """A sheet from all lines there are, beside what treasury states."""
    report, moment = REPORTS[code], asked.moment
    lines = [line for _, line in counting(log, moment)]
    last = log[-1] if moment.number is None else log[moment.number - 1]
    latest = max((line.leg.account.fiscal_year or 0 for line in lines), default=0)
    year = asked.fiscal_year or latest
    day = day_of(moment, last.recorded_at, today)
    feb = (day.month, day.day) == (2, 29)
    before = Moment(moment.number, None, day.replace(year=day.year - 1, day=28 if feb else day.day))
    first = FIRST_YEAR.get(book, "year") or 9999
    return report.build(
        Grounds(
            book,
            last.number,
            last.recorded_at,
            day,
            year,
            _held(lines, report.accounts, None if report.all_years else year),
            moment,
            _held([line for _, line in counting(log, before)], report.accounts, year - 1) if first < year else None,
            lines,
            [one for one in log if _said(one, moment)],
            asked.sees,
            asked.special,
            asked.project,
            year == latest,
            compared,
        )
    )


def _said(one: Recorded, moment: Moment) -> bool:
    known = moment.number is None or one.number <= moment.number
    posted = moment.period is None or one.movement.posting_period <= moment.period
    return known and posted and (moment.effective_on is None or one.movement.effective_on <= moment.effective_on)


def _held(lines: Iterable[Line], codes: Sequence[str], year: int | None) -> dict[Account, int]:
    held: dict[Account, int] = defaultdict(int)
    for line in lines:
        found = line.leg.account
        if found.code in codes and (year is None or found.fiscal_year in (None, year)):
            held[found] += line.leg.amount
    return dict(held)


def sheet_of_world(world: World, code: ReportCode, on: str, *, compared: Sides | None = None, **asked: Any) -> Sheet:
    """A sheet of a ledger in memory, as of now, on a business day."""
    return naive(log_of_world(world), world.book, code, Asked(**asked), date.fromisoformat(on), compared)


def row_of(sheet: Sheet, key: str, value: object) -> dict[str, object]:
    """The one row that says this in a column."""
    (found,) = (row for row in sheet.rows if row.get(key) == value)
    return dict(found)
