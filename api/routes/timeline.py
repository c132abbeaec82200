"""The timeline of execution 执行时间线: of a special or a plan, by day, week or month, against time and against last year."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel

from api.moments import FiscalYear
from api.openapi import READS
from api.problems import ProblemRaised, Wrong
from api.reading import TheLedger, Today, reached, stands_at
from api.security import BookReader
from ledger.access.sight import Sight
from ledger.domain.book import Book
from ledger.domain.catalogue import Plan
from ledger.domain.fields import SpecialCode
from ledger.domain.money import yuan
from ledger.domain.special import all_specials
from ledger.projections.timeline import Bucket, Span, timeline
from ledger.reports.execution import elapsed

router = APIRouter(prefix="/v1/timeline", tags=["balances"], dependencies=[reached])


class SpanLine(BaseModel):
    """A day, week or month by business date, in yuan: what moved in it, what stood at its end, and a year earlier to the day.

    Allocated, committed, ordered and paid each hold what went further: what is paid was ordered. ``time_rate``: the part of
    the year's calendar days that is over, in percent; absent ``last_year``: the ledger has nothing of that year.
    """

    first: date
    last: date
    moved: dict[str, str]
    stood: dict[str, str]
    time_rate: str
    last_year: dict[str, str] | None = None


class TimelineAnswer(BaseModel):
    """The spans of a fiscal year up to today, over these specials together."""

    number: int
    fiscal_year: int | None
    by: Bucket
    specials: list[str]
    spans: list[SpanLine]


@router.get("", summary="执行时间线 / Timeline of execution", responses=READS, response_model_exclude_none=True)
def get_timeline(
    ledger: TheLedger,
    caller: BookReader,
    response: Response,
    today: Today,
    special: Annotated[SpecialCode | None, Query()] = None,
    plan: Annotated[Plan | None, Query()] = None,
    fiscal_year: FiscalYear = None,
    by: Annotated[Bucket, Query(description="按日、周或月 / by day, week or month")] = "month",
) -> TimelineAnswer:
    """一个专项、一个计划或全部专项;按业务日期累计,附序时进度和去年同日。Of a special, a plan, or all that one sees."""
    with ledger.reading() as book:
        specials = _asked(book, special, plan, caller.sees)
    if not specials:
        raise ProblemRaised(Wrong.NOT_FOUND, special=special or plan)
    sources = None if caller.sees.sources is None else sorted(caller.sees.sources)
    found = timeline(ledger.store, ledger.id, specials, fiscal_year, by, until=today, sources=sources)
    if found is None:
        raise ProblemRaised(Wrong.NOT_FOUND, special=special or plan, fiscal_year=fiscal_year)
    stands_at(response, found.number)
    return TimelineAnswer(
        number=found.number,
        fiscal_year=found.fiscal_year,
        by=by,
        specials=specials,
        spans=[_line(span) for span in found.spans],
    )


def _asked(book: Book, special: str | None, plan: str | None, sees: Sight) -> list[str]:
    return [
        code
        for code, state in all_specials(book).items()
        if special in (None, code) and plan in (None, state.plan) and sees.special(book, code)
    ]


def _line(span: Span) -> SpanLine:
    return SpanLine(
        first=span.first,
        last=span.last,
        moved=_yuan(span.moved),
        stood=_yuan(span.stood),
        time_rate=yuan(elapsed(span.last, span.last.year)),
        last_year=None if span.last_year is None else _yuan(span.last_year),
    )


def _yuan(figures: dict[str, int]) -> dict[str, str]:
    return {stage: yuan(amount) for stage, amount in figures.items()}
