"""Posting periods 会计期间: they close in order, for good, and never reopen."""

from ledger.domain.book import Book, Register
from ledger.domain.movement import Movement
from ledger.domain.refusals import Code, refuse_if

CLOSED_PERIODS: Register[str, int] = Register("closed_periods")
"""Period → number of the movement that closed it."""
CLOSED_YEARS: Register[int, int] = Register("closed_years")
FIRST_YEAR: Register[str, int] = Register("first_year")
"""``"year"`` → the fiscal year of the first movement that posted."""


def check_begun(book: Book, movement: Movement) -> None:
    """Nothing posts to a year before the ledger's first: that year has no opening and could never close."""
    first = FIRST_YEAR.get(book, "year")
    before = first is not None and movement.fiscal_year < first
    refuse_if(before, Code.PERIOD_ORDER, "F", period=movement.posting_period, first_fiscal_year=first)


def check_open(book: Book, movement: Movement) -> None:
    """A request posts to an open period, and is not effective in a closed one; facts and corrections may be late.

    What the settling period 13 settles was effective in December, which closes before it.
    """
    period = movement.posting_period
    refuse_if(CLOSED_PERIODS.get(book, period), Code.PERIOD_CLOSED, "F", period=period)
    month = movement.effective_on.isoformat()[:7]
    late = movement.late or (month.endswith("-12") and period == f"{month[:4]}-13")
    refuse_if(not late and CLOSED_PERIODS.get(book, month), Code.PERIOD_CLOSED, "F", period=month)
    refuse_if(
        not movement.late and month[:4] != period[:4],
        Code.PERIOD_ORDER,
        "F",
        effective_on=movement.effective_on.isoformat(),
        period=period,
    )
