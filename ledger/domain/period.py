"""Posting periods 会计期间: they close in order, for good, and never reopen."""

from collections.abc import Iterable
from datetime import date

from ledger.domain.accounts import Leg
from ledger.domain.book import Book, Register
from ledger.domain.movement import Movement
from ledger.domain.refusals import Code, refuse_if

CLOSED_PERIODS: Register[str, int] = Register("closed_periods")
"""Period → number of the movement that closed it."""
CLOSED_YEARS: Register[int, int] = Register("closed_years")
FIRST_YEAR: Register[str, int] = Register("first_year")
"""``"year"`` → the fiscal year of the first request by which budget money came in."""

_LAST_YEAR = 2099


def begins(movement: Movement, legs: Iterable[Leg]) -> bool:
    """Whether the ledger begins with it: a request that brings budget money in; no fact, memo or clearing does (五(二))."""
    return not movement.fact and any(leg.account.fiscal_year and leg.amount > 0 for leg in legs)


def check_begun(book: Book, movement: Movement, legs: Iterable[Leg]) -> None:
    """Nothing posts to a year before the ledger's first: that year has no opening and could never close.

    What a fact left there before the ledger began may still be taken away, so that it can be cleared.
    """
    first, year = FIRST_YEAR.get(book, "year"), movement.fiscal_year
    if first is None or year >= first:
        return
    adds = any(leg.amount > 0 or leg.account.fiscal_year != year for leg in legs)
    refuse_if(adds, Code.PERIOD_ORDER, "F", period=movement.posting_period, first_fiscal_year=first)


def at_open_period(book: Book, movement: Movement) -> Movement:
    """A fact that names no period is refused neither for coming late nor for being older than the ledger.

    It posts to the earliest open period from its month on: the settling period 13 of its year included, then the next year.
    """
    if not movement.fact or movement.period is not None:
        return movement
    month = movement.posting_period
    earliest = max(month, f"{FIRST_YEAR.get(book, 'year') or 2000}-01")
    if earliest == month and not CLOSED_PERIODS.get(book, month):
        return movement
    every = (f"{year}-{part:02d}" for year in range(int(earliest[:4]), _LAST_YEAR + 1) for part in range(1, 14))
    open_ = (period for period in every if period >= earliest and not CLOSED_PERIODS.get(book, period))
    return movement.model_copy(update={"period": next(open_, None)})


def check_open(book: Book, movement: Movement) -> None:
    """A request posts to an open period, and is not effective in a closed one; facts and corrections may be late.

    What the settling period 13 settles was effective in December, which closes before it.
    """
    period = movement.posting_period
    refuse_if(CLOSED_PERIODS.get(book, period), Code.PERIOD_CLOSED, "F", period=period)
    month = movement.effective_on.isoformat()[:7]
    if movement.late:
        return
    refuse_if(
        not _settles_december(month, period) and CLOSED_PERIODS.get(book, month), Code.PERIOD_CLOSED, "F", period=month
    )
    day = movement.effective_on
    refuse_if(month[:4] != period[:4], Code.PERIOD_ORDER, "F", effective_on=day, period=period)


def _settles_december(month: str, period: str) -> bool:
    return month.endswith("-12") and period == f"{month[:4]}-13"


def is_late(effective_on: date, period: str) -> bool:
    """Whether something is posted to a later period than the one it was effective in, as what comes to light late is.

    What the settling period 13 settles was effective in December, and is not late there.
    """
    month = effective_on.isoformat()[:7]
    return month < period and not _settles_december(month, period)
