"""The list of a year's end, from the Book of that year: what is carried, what goes back to treasury, and what then closes.

Memo accounts have no year and stay as they are. What the list says is judged elsewhere, by the rules, line after line.
"""

from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from typing import NamedTuple, cast, get_args

from ledger.domain.accounts import Account
from ledger.domain.book import Book
from ledger.domain.catalogue import Fund, Name
from ledger.domain.closing import PeriodClosed
from ledger.domain.fields import Document
from ledger.domain.movement import Movement
from ledger.domain.parameter import Setting
from ledger.domain.period import CLOSED_PERIODS, CLOSED_YEARS
from ledger.domain.refusals import Refusal
from ledger.domain.withdrawal import FundsWithdrawnToTreasury, Held
from ledger.domain.yearend import (
    BalanceCarriedForward,
    Carried,
    Treatment,
    YearClosed,
    age_of,
    lapses_by,
    periods_of,
    treatment_of,
    year_end,
)

HELD = get_args(Carried)
"""What a year may not hold when it closes; suspense is cleared by hand."""


class Fate(StrEnum):
    """What becomes of money that a year leaves."""

    CARRY_OVER = "CARRY_OVER"
    SURPLUS = "SURPLUS"
    WITHDRAWN = "WITHDRAWN"
    UNDECIDED = "UNDECIDED"


FATES: dict[Fate, Name] = {
    Fate.CARRY_OVER: Name("结转", "Carried over"),
    Fate.SURPLUS: Name("结余", "Surplus, carried"),
    Fate.WITHDRAWN: Name("收回", "Withdrawn"),
    Fate.UNDECIDED: Name("待定", "Undecided: no rule in force"),
}


class Line(NamedTuple):
    """Money at one place, what becomes of it, and the movement; or, without an account, what then closes.

    Without a movement nothing can be done: ``refusal`` says what is missing. ``amount`` in fen.
    """

    movement: Movement | None
    account: Account | None = None
    amount: int = 0
    fate: Fate | None = None
    refusal: Refusal | None = None


def plan(book: Book, year: int, day: date) -> list[Line]:
    """The lines in the order in which they are recorded; none where the year is closed. ``day``: business date of closing."""
    if CLOSED_YEARS.get(book, year):
        return []
    held = sorted(book.standing(*HELD, fiscal_year=year), key=lambda row: tuple(map(str, _order(row[0]))))
    when = _Boundary(year, posting_period(book, year), open_month(book, date(year + 1, 1, 1)))
    return [*(_cleared(book, when, found, amount) for found, amount in held), *_closings(book, year, day)]


def _order(found: Account) -> tuple[object, ...]:
    return found.source, found.vintage, found.code, found.special, found.project, found.ref


class _Boundary(NamedTuple):
    """The year that ends, the period in which it is posted, and the one of the next year."""

    year: int
    period: str
    next_period: str


def _cleared(book: Book, when: _Boundary, found: Account, amount: int) -> Line:
    """What stands on one account is carried, or withdrawn where it lapses [P]."""
    fund = Fund(found.source or "")
    if rule := lapses_by(book, found.code, fund, when.year):
        return Line(_withdrawn(when, found, amount, rule), found, amount, Fate.WITHDRAWN)
    try:
        treatment = treatment_of(book, fund, found.vintage or 0, when.year)
    except Refusal as refusal:
        return Line(None, found, amount, Fate.UNDECIDED, refusal)
    return Line(_carried(when, found, amount, treatment), found, amount, Fate(treatment.called))


def _withdrawn(when: _Boundary, found: Account, amount: int, rule: Setting) -> Movement:
    return FundsWithdrawnToTreasury(
        effective_on=year_end(when.year),
        period=when.period,
        document=Document(number=rule.document),
        account=cast(Held, found.code),
        fund=Fund(found.source or ""),
        vintage=found.vintage or 0,
        amount=amount,
        special=found.special,
    )


def _carried(when: _Boundary, found: Account, amount: int, treatment: Treatment) -> Movement:
    return BalanceCarriedForward(
        effective_on=year_end(when.year),
        period=when.period,
        next_period=when.next_period,
        reason=_reason(when.year, found.vintage or 0, treatment),
        account=cast(Carried, found.code),
        fund=Fund(found.source or ""),
        vintage=found.vintage or 0,
        amount=amount,
        treatment=treatment.called,
        special=found.special if found.code == "B210" else None,
        project=found.project if found.code == "B220" else None,
        ref=found.ref,
    )


def _reason(year: int, vintage: int, treatment: Treatment) -> str:
    """Why it is carried, with the document that decides it."""
    since = f"{vintage}年指标,{year}年末未用完"
    if treatment.rule is None:
        return f"{since},结转下年"
    called = "列为结余" if treatment.called == "SURPLUS" else "列为结转"
    return (
        f"{since},已满{age_of(vintage, year)}年,依据{treatment.rule.document}(满{treatment.rule.value}年为结余){called}"
    )


def posting_period(book: Book, year: int) -> str:
    """Where the old year's half posts: December, or the settling period once December is closed."""
    december, settling = periods_of(year)[-2:]
    return settling if CLOSED_PERIODS.get(book, december) else december


def open_month(book: Book, day: date) -> str:
    """The first open month of the year of a day, from that day's month on; its own where all are closed, to be refused."""
    months = [month for month in periods_of(day.year)[:-1] if month >= day.isoformat()[:7]]
    return next((month for month in months if not CLOSED_PERIODS.get(book, month)), months[0])


def _closings(book: Book, year: int, day: date) -> Iterator[Line]:
    """The periods that are still open, in their order, and the year last; all of it posted where the day belongs."""
    period = open_month(book, day)
    for closes in periods_of(year):
        if not CLOSED_PERIODS.get(book, closes):
            yield Line(PeriodClosed(effective_on=day, period=period, closes=closes))
    yield Line(YearClosed(effective_on=day, period=period, year=year))
