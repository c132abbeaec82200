"""Periods 会计期间: which are closed, what closes next, what stands against it, whose that is, and what to look at first."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel

from api.answers import Dimensions, bilingual, dimensions_of, kind_label
from api.moments import FiscalYear
from api.openapi import READS
from api.problems import Bilingual
from api.reading import PAGE_MAX, TheLedger, Today, reached, stands_at
from api.routes.proposals import seen
from api.security import BookReader, Caller
from ledger.application import Ledger
from ledger.domain.accounts import ACCOUNTS
from ledger.domain.approval import PROPOSALS
from ledger.domain.blocking import Blocker
from ledger.domain.book import Book
from ledger.domain.catalogue import ROLES, Role
from ledger.domain.closing_list import CONCERNS, MENDED_BY, Closing, Concern, Notice, closes_next, years_of
from ledger.domain.money import yuan
from ledger.domain.period import CLOSED_PERIODS, CLOSED_YEARS
from ledger.domain.wording import in_words
from ledger.domain.yearend import periods_of
from ledger.projections import journal

router = APIRouter(prefix="/v1/periods", tags=["periods"], dependencies=[reached])


class PeriodState(StrEnum):
    """Closed is for good: no period and no year is ever opened again."""

    OPEN = "OPEN"
    CLOSED = "CLOSED"


class PeriodLine(BaseModel):
    """A month, or 13, the year's settling period 整理期; the number that closed it, and when."""

    period: str
    state: PeriodState
    closed_by: int | None = None
    closed_at: datetime | None = None


class YearLine(BaseModel):
    """A fiscal year with its thirteen periods."""

    year: int
    state: PeriodState
    closed_by: int | None = None
    closed_at: datetime | None = None
    periods: list[PeriodLine]


class Owner(BaseModel):
    """A role that must act."""

    role: str
    name: Bilingual


class Mended(BaseModel):
    """A kind of movement that clears it."""

    kind: str
    label: Bilingual


class BlockerLine(BaseModel):
    """What stands against closing: the refusal it brings, in yuan where it is an amount, where it stands, and whose it is."""

    code: str
    clause: str
    words: Bilingual
    amount: str | None = None
    account: str | None = None
    account_name: Bilingual | None = None
    dimensions: Dimensions | None = None
    owners: list[Owner]
    mended_by: list[Mended]


class NoticeLine(BaseModel):
    """What does not stand against it but should be looked at: an order, a proposal, the end of a day, a rejected payment.

    ``mended_by``: what ends it; a proposal is decided where it lies.
    """

    concern: Concern
    words: Bilingual
    amount: str
    ref: str | None = None
    day: date | None = None
    account: str | None = None
    dimensions: Dimensions | None = None
    owners: list[Owner]
    mended_by: list[Mended]


class ClosingLine(BaseModel):
    """A period, or a year, that closes next. It is accepted where ``blocked`` is zero for whoever sees all of the books.

    ``blocked`` and ``to_look_at`` count all there are; the lists hold the first ``limit`` of them.
    """

    closes: str
    kind: str
    label: Bilingual
    blocked: int
    blocked_amount: str
    blockers: list[BlockerLine]
    to_look_at: int
    look_at: list[NoticeLine]


class Periods(BaseModel):
    """Years and their periods; ``next``: what closes next of each open year, judged on the day ``on``."""

    on: date
    years: list[YearLine]
    next: list[ClosingLine]


@router.get(
    "", summary="会计期间与结账清单 / Periods and the closing list", responses=READS, response_model_exclude_none=True
)
def list_periods(
    ledger: TheLedger,
    caller: BookReader,
    response: Response,
    today: Today,
    fiscal_year: FiscalYear = None,
    limit: Annotated[int, Query(ge=1, le=PAGE_MAX, description="每张清单行数 / rows of each list")] = 100,
) -> Periods:
    """各期间状态、下一个待结账期间,以及阻碍结账的事项、金额、责任方和办法。不得反结账:更正记入未结账期间。

    Each period, what closes next, and what blocks it, with its amount, owner and remedy. A closed period never reopens: a
    correction posts to an open one.
    """
    with ledger.reading() as book:
        stands_at(response, book.number)
        years = [year for year in years_of(book) if fiscal_year in (None, year)]
        closings = [closing for year in years for closing in closes_next(book, year, today)]
        shown = [_seen(book, caller, closing) for closing in closings]
        numbers = {year: CLOSED_YEARS.get(book, year) for year in years}
        closed_by = {period: CLOSED_PERIODS.get(book, period) for year in years for period in periods_of(year)}
    instants = journal.recorded_at(
        ledger.store, ledger.id, {number for number in (*numbers.values(), *closed_by.values()) if number}
    )
    return Periods(
        on=today,
        years=[_year(year, numbers[year], closed_by, instants) for year in years],
        next=[_closing(ledger, caller, closing, limit) for closing in shown],
    )


def _seen(book: Book, caller: Caller, closing: Closing) -> Closing:
    """What of a closing the caller sees; proposals are looked at later, as that may read the log."""
    if caller.sees.everything:
        return closing
    blockers = [one for one in closing.blockers if one.account is None or caller.sees.account(book, one.account)]
    notices = [one for one in closing.notices if one.account is None or caller.sees.account(book, one.account)]
    return closing._replace(blockers=blockers, notices=notices)


def _year(
    year: int, number: int | None, closed_by: Mapping[str, int | None], instants: Mapping[int, datetime]
) -> YearLine:
    return YearLine(
        year=year,
        **_state(number, instants),
        periods=[PeriodLine(period=period, **_state(closed_by[period], instants)) for period in periods_of(year)],
    )


def _state(number: int | None, instants: Mapping[int, datetime]) -> dict[str, Any]:
    if number is None:
        return {"state": PeriodState.OPEN}
    return {"state": PeriodState.CLOSED, "closed_by": number, "closed_at": instants[number]}


def _closing(ledger: Ledger, caller: Caller, closing: Closing, limit: int) -> ClosingLine:
    notices = [one for one in closing.notices if _may_see(ledger, caller, one)]
    return ClosingLine(
        closes=closing.closes,
        kind=closing.kind,
        label=kind_label(closing.kind),
        blocked=len(closing.blockers),
        blocked_amount=yuan(sum(one.refusal.asked or 0 for one in closing.blockers)),
        blockers=[blocker_line(one) for one in closing.blockers[:limit]],
        to_look_at=len(notices),
        look_at=[_notice(one) for one in notices[:limit]],
    )


def _may_see(ledger: Ledger, caller: Caller, notice: Notice) -> bool:
    if notice.concern is not Concern.PROPOSAL_WAITS or caller.sees.everything:
        return True
    with ledger.reading() as book:
        proposal = PROPOSALS.get(book, notice.ref or "")
    return proposal is not None and seen(ledger, caller, proposal)


def owners_of(roles: Iterable[Role]) -> list[Owner]:
    return [Owner(role=role, name=bilingual(ROLES[role])) for role in roles]


def blocker_line(one: Blocker) -> BlockerLine:
    """A blocker as it is answered."""
    refusal, account = one.refusal, one.account
    return BlockerLine(
        code=refusal.code,
        clause=refusal.clause,
        words=bilingual(in_words(refusal)),
        amount=None if refusal.asked is None else yuan(refusal.asked),
        account=account.code if account else None,
        account_name=bilingual(ACCOUNTS[account.code].name) if account else None,
        dimensions=dimensions_of(account) if account else None,
        owners=owners_of(one.owners),
        mended_by=mended(one.mended_by),
    )


def mended(kinds: Iterable[str]) -> list[Mended]:
    return [Mended(kind=kind, label=kind_label(kind)) for kind in kinds]


def _notice(one: Notice) -> NoticeLine:
    return NoticeLine(
        concern=one.concern,
        words=bilingual(CONCERNS[one.concern]),
        amount=yuan(one.amount),
        ref=one.ref,
        day=one.day,
        account=one.account.code if one.account else None,
        dimensions=dimensions_of(one.account) if one.account else None,
        owners=owners_of(one.owners),
        mended_by=mended(MENDED_BY.get(one.concern, ())),
    )
