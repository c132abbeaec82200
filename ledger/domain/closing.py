"""Closing a period 结账, and the reconciliation 对账 that is signed off before it."""

from datetime import date
from typing import ClassVar, Literal

from ledger.domain.accounts import account
from ledger.domain.book import Book, Register
from ledger.domain.catalogue import Name, Role
from ledger.domain.fields import Period, Sha256
from ledger.domain.money import FenOrZero
from ledger.domain.movement import Actor, Movement, by, first_then
from ledger.domain.parameter import chosen
from ledger.domain.period import CLOSED_PERIODS, FIRST_YEAR
from ledger.domain.refusals import Code, refuse_if
from ledger.domain.suspense import SUSPENSE

SIGNED_OFF: Register[str, int] = Register("signed_off")
"""Period → number of its last reconciliation sign-off."""


class ReconciliationSignedOff(Movement):
    """Two people of finance sign that ledger and statement agree but for what is unexplained. Posts nothing."""

    label: ClassVar[Name] = Name("对账签认", "Reconciliation signed off")
    clause: ClassVar[str] = "F"
    signs: ClassVar = first_then((Role.FIN, Role.FIN))
    late: ClassVar[bool] = True

    kind: Literal["ReconciliationSignedOff"] = "ReconciliationSignedOff"
    reconciles: Period
    statement: Sha256
    ledger_total: FenOrZero
    statement_total: FenOrZero
    unexplained: FenOrZero

    def business_keys(self, book: Book) -> tuple[str, ...]:
        return (f"statement:{self.statement}",)

    def check(self, book: Book, actor: Actor) -> None:
        refuse_if(CLOSED_PERIODS.get(book, self.reconciles), Code.PERIOD_CLOSED, self.clause, period=self.reconciles)

    def register(self, book: Book, number: int, actor: Actor) -> None:
        SIGNED_OFF.put(book, self.reconciles, number)


def check_signed_off(book: Book, period: str, day: date, clause: str) -> None:
    """Where the parameter in force says so [P], a period closes only once its reconciliation is signed; NOT_CLEARED."""
    needed = chosen(book, "reconciliation_required", "", day) == "yes"
    unsigned = needed and not SIGNED_OFF.get(book, period)
    refuse_if(unsigned, Code.NOT_CLEARED, clause, period=period, missing="ReconciliationSignedOff")


def period_before(period: str) -> str:
    """The period that must close first: the month before; December for January and for the settling period 13."""
    year, month = int(period[:4]), int(period[5:])
    return f"{year - 1}-12" if month == 1 else f"{year}-{month - 1:02d}"


class PeriodClosed(Movement):
    """A month closes, in order and for good, once its suspense is zero and, where required, its reconciliation signed."""

    label: ClassVar[Name] = Name("月度结账", "Period closed")
    clause: ClassVar[str] = "F"
    signs: ClassVar = by(Role.FIN)
    late: ClassVar[bool] = True

    kind: Literal["PeriodClosed"] = "PeriodClosed"
    closes: Period

    def business_keys(self, book: Book) -> tuple[str, ...]:
        return (f"period:{self.closes}",)

    def check(self, book: Book, actor: Actor) -> None:
        refuse_if(CLOSED_PERIODS.get(book, self.closes), Code.PERIOD_CLOSED, self.clause, period=self.closes)
        before = period_before(self.closes)
        begins = f"{FIRST_YEAR.get(book, 'year')}-01"
        open_before = self.closes != begins and not CLOSED_PERIODS.get(book, before)
        refuse_if(open_before, Code.PERIOD_ORDER, self.clause, period=self.closes, close_first=before)
        items = [
            (name, left)
            for name, item in SUSPENSE.items(book)
            if not item.receipt  # what a fact left in a year before the first weighs on no month of the ledger
            and begins <= item.period <= self.closes
            and (left := book.balance(account("X900", item.at)))
        ]
        names = " ".join(name for name, _ in items)
        refuse_if(items, Code.SUSPENSE_OPEN, self.clause, asked=sum(a for _, a in items), available=0, items=names)
        self._check_settled(book)
        check_signed_off(book, self.closes, self.effective_on, self.clause)

    def _check_settled(self, book: Book) -> None:
        """After the settling period 13 nothing posts to the year: what it still held could never be carried or withdrawn."""
        if not self.closes.endswith("-13"):
            return
        left = book.standing("B200", "B210", "B220", "B230", fiscal_year=int(self.closes[:4]))
        codes = " ".join(sorted({found.code for found, _ in left}))
        refuse_if(left, Code.YEAR_NOT_CLEARED, "V10", asked=sum(a for _, a in left), available=0, accounts=codes)

    def register(self, book: Book, number: int, actor: Actor) -> None:
        CLOSED_PERIODS.put(book, self.closes, number)
