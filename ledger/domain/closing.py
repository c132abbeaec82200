"""Closing a period 结账, and the reconciliation 对账 that is signed off before it."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import ClassVar, Literal

from ledger.domain.accounts import account
from ledger.domain.blocking import Blocker, refuse_blocked
from ledger.domain.book import Book, Register
from ledger.domain.catalogue import Name, Role
from ledger.domain.fields import Period, Sha256, Text
from ledger.domain.money import FenOrZero
from ledger.domain.movement import Actor, Movement, by, first_then
from ledger.domain.parameter import chosen
from ledger.domain.period import CLOSED_PERIODS, FIRST_YEAR
from ledger.domain.reconciliation import StatementKind
from ledger.domain.refusals import Code, Refusal, refuse_if
from ledger.domain.signed_off import SignedMonth, sign
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
    told_by: Text | None = None
    """The source of the statements, as reconciliation calls it."""
    statement_kind: StatementKind | None = None

    @property
    def signed_month(self) -> SignedMonth:
        return SignedMonth(self.told_by or "", self.reconciles)

    def business_keys(self, book: Book) -> tuple[str, ...]:
        return (f"statement:{self.statement}",)

    def check(self, book: Book, actor: Actor) -> None:
        refuse_if(CLOSED_PERIODS.get(book, self.reconciles), Code.PERIOD_CLOSED, self.clause, period=self.reconciles)

    def register(self, book: Book, number: int, actor: Actor) -> None:
        SIGNED_OFF.put(book, self.reconciles, number)
        sign(book, self.signed_month, self.statement_kind, number)


def unsigned(book: Book, period: str, day: date) -> Iterator[Blocker]:
    """Where the parameter in force says so [P], a period closes only once its reconciliation is signed."""
    if chosen(book, "reconciliation_required", "", day) == "yes" and not SIGNED_OFF.get(book, period):
        missing = Refusal(Code.NOT_CLEARED, "F", period=period, missing=ReconciliationSignedOff.__name__)
        yield Blocker(missing, (ReconciliationSignedOff.__name__,))


MENDED_BY: dict[str, tuple[str, ...]] = {
    "B200": ("BalanceCarriedForward", "FundsWithdrawnToTreasury"),
    "B210": ("BalanceCarriedForward", "FundsWithdrawnToTreasury"),
    "B220": ("BalanceCarriedForward", "CommitmentReleased", "FundsWithdrawnToTreasury"),
    "B230": ("BalanceCarriedForward", "PaymentSettled", "PaymentOrderCancelled"),
    "X900": ("SuspenseCleared",),
}
"""What clears an account that a year must not hold any more when it closes."""


def still_held(book: Book, year: int, codes: Iterable[str]) -> Iterator[Blocker]:
    """What a year holds in accounts that must be empty: nothing that posts to it could move that later (V10)."""
    for found, amount in book.standing(*codes, fiscal_year=year):
        where = {name: value for name, value in found._asdict().items() if value is not None and name != "code"}
        held = Refusal(Code.YEAR_NOT_CLEARED, "V10", asked=amount, available=0, account=found.code, **where)
        yield Blocker(held, MENDED_BY[found.code], found)


def period_before(period: str) -> str:
    """The period that must close first: the month before; December for January and for the settling period 13."""
    year, month = int(period[:4]), int(period[5:])
    return f"{year - 1}-12" if month == 1 else f"{year}-{month - 1:02d}"


def period_blockers(book: Book, period: str, day: date) -> Iterator[Blocker]:
    """What stands against closing a period on a business date, in the order in which it is refused; nothing: it closes."""
    if CLOSED_PERIODS.get(book, period):
        yield Blocker(Refusal(Code.PERIOD_CLOSED, "F", period=period))
        return
    before, begins = period_before(period), f"{FIRST_YEAR.get(book, 'year')}-01"
    if period != begins and not CLOSED_PERIODS.get(book, before):
        out_of_order = Refusal(Code.PERIOD_ORDER, "F", period=period, close_first=before)
        yield Blocker(out_of_order, (PeriodClosed.__name__,))
    yield from _unexplained(book, begins, period)
    if period.endswith("-13"):
        yield from still_held(book, int(period[:4]), ("B200", "B210", "B220", "B230"))
    yield from unsigned(book, period, day)


def _unexplained(book: Book, begins: str, period: str) -> Iterator[Blocker]:
    """Suspense items of periods up to this one; what a fact left in a year before the first weighs on no month."""
    for name, item in SUSPENSE.items(book):
        if item.receipt or not begins <= item.period <= period:
            continue
        at = account("X900", item.at)
        if left := book.balance(at):
            unexplained = Refusal(Code.SUSPENSE_OPEN, "F", asked=left, available=0, item=name, item_period=item.period)
            yield Blocker(unexplained, MENDED_BY["X900"], at)


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
        refuse_blocked(period_blockers(book, self.closes, self.effective_on))

    def register(self, book: Book, number: int, actor: Actor) -> None:
        CLOSED_PERIODS.put(book, self.closes, number)
