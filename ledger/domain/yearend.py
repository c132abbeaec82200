"""The year boundary: balances carried forward, the year closed, and adjustments to the final accounts 决算 (V10)."""

from datetime import date
from typing import ClassVar, Literal

from ledger.domain.accounts import Leg, Place, debit_credit
from ledger.domain.book import Book
from ledger.domain.catalogue import Fund, Name, Role
from ledger.domain.fields import Id, Period, SpecialCode, Year
from ledger.domain.instalment import known_instalment
from ledger.domain.money import Fen, SignedFen
from ledger.domain.movement import Actor, Movement, by
from ledger.domain.parameter import chosen, in_force
from ledger.domain.payment import known_order, known_settlement
from ledger.domain.period import CLOSED_PERIODS, CLOSED_YEARS, FIRST_YEAR
from ledger.domain.refusals import Code, refuse_if
from ledger.domain.special import known_special


def year_end(year: int) -> date:
    return date(year, 12, 31)


def named_special(movement: Movement, book: Book, special: str | None) -> str:
    """The special that available money belongs to; UNKNOWN_REFERENCE where none is named, or one that nobody knows (V8)."""
    refuse_if(special is None, Code.UNKNOWN_REFERENCE, movement.clause, field="special")
    known_special(book, special or "", movement.effective_on)
    return special or ""


class BalanceCarriedForward(Movement):
    """What is left at one place goes to the next year, vintage kept; its second half has its own year, day and period.

    Posts, in the year, B2xx / B260 and, in the next, B101 / B2xx. ``period`` belongs to the year that ends; what lapses is
    judged by the rule in force on that year's last day, whenever it is recorded.
    """

    label: ClassVar[Name] = Name("结转", "Balance carried forward")
    clause: ClassVar[str] = "F"
    signs: ClassVar = by(Role.FIN)
    late: ClassVar[bool] = True

    kind: Literal["BalanceCarriedForward"] = "BalanceCarriedForward"
    account: Literal["B200", "B210", "B220", "B230"]
    fund: Fund
    vintage: Year
    amount: Fen
    treatment: Literal["CARRY_OVER", "SURPLUS"]
    special: SpecialCode | None = None
    project: Id | None = None
    ref: Id | None = None
    next_period: Period | None = None

    @property
    def _into(self) -> str:
        return self.next_period or f"{self.fiscal_year + 1}-01"

    def check(self, book: Book, actor: Actor) -> None:
        self._at(book)
        self.require_reason(self.clause)
        into_other_year = int(self._into[:4]) != self.fiscal_year + 1
        refuse_if(into_other_year, Code.PERIOD_ORDER, self.clause, next_period=self._into)
        refuse_if(CLOSED_PERIODS.get(book, self._into), Code.PERIOD_CLOSED, self.clause, period=self._into)
        lapsing = self.account in ("B200", "B210")
        ends = year_end(self.fiscal_year)
        rule = in_force(book, "lapse_scope", self.fund, ends)
        refuse_if(
            lapsing and chosen(book, "lapse_scope", self.fund, ends) == "uncommitted",
            Code.LAPSED,
            "P",
            account=self.account,
            document=rule.document if rule else None,
        )

    def _at(self, book: Book) -> Place:
        at = Place(self.fiscal_year, self.fund, self.vintage)
        if self.account == "B210":
            at = at._replace(special=named_special(self, book, self.special))
        if self.account == "B220":
            at = known_instalment(book, self.project or "", self.ref or "").at._replace(ref=self.ref)
        if self.account == "B230":
            at = known_order(book, self.ref or "").at
        same = (at.source, at.vintage) == (self.fund, self.vintage)
        refuse_if(not same, Code.UNKNOWN_REFERENCE, self.clause, fund=self.fund, vintage=self.vintage)
        return at._replace(fiscal_year=self.fiscal_year)

    def legs(self, book: Book) -> tuple[Leg, ...]:
        at, year = self._at(book), self.fiscal_year
        after = at._replace(fiscal_year=year + 1)
        return debit_credit(
            self.account, "B260", self.amount, at, at, year_end(year), self.posting_period
        ) + debit_credit("B101", self.account, self.amount, after, after, date(year + 1, 1, 1), self._into)


class CarryForwardAdjusted(Movement):
    """The final accounts prevail: the only kind that posts into a closed year. Positive carries more, negative less.

    Posts B240 or B250 / B260 in the closed year and B101 / B2xx in the next.
    """

    label: ClassVar[Name] = Name("结转调整", "Carry-forward adjusted")
    clause: ClassVar[str] = "F"
    signs: ClassVar = by(Role.FIN)
    late: ClassVar[bool] = True

    kind: Literal["CarryForwardAdjusted"] = "CarryForwardAdjusted"
    year: Year
    against: Literal["B240", "B250"]
    account: Literal["B200", "B210", "B220"]
    fund: Fund
    vintage: Year
    amount: SignedFen
    special: SpecialCode | None = None
    project: Id | None = None
    instalment: Id | None = None
    settlement: Id | None = None

    def check(self, book: Book, actor: Actor) -> None:
        self._places(book)
        self.require_document(self.clause)
        refuse_if(not CLOSED_YEARS.get(book, self.year), Code.PERIOD_ORDER, self.clause, year=self.year)
        next_closed = CLOSED_YEARS.get(book, self.year + 1)
        refuse_if(next_closed, Code.PERIOD_CLOSED, self.clause, year=self.year + 1)

    def _places(self, book: Book) -> tuple[Place, Place, Place]:
        """Where the closed year spent it, where it was carried out from, and where the next year holds it."""
        held = Place(self.year, self.fund, self.vintage)
        if self.account == "B210":
            held = held._replace(special=named_special(self, book, self.special))
        if self.account == "B220":
            at = known_instalment(book, self.project or "", self.instalment or "").at
            held = at._replace(fiscal_year=self.year, ref=self.instalment)
        spent = known_settlement(book, self.settlement or "").at if self.against == "B240" else held
        strange = held.project not in (None, spent.project)
        refuse_if(strange, Code.UNKNOWN_REFERENCE, self.clause, settlement=self.settlement, project=held.project)
        same = (spent.fiscal_year, spent.source, spent.vintage) == (self.year, self.fund, self.vintage)
        alike = (held.source, held.vintage) == (self.fund, self.vintage)
        refuse_if(not (same and alike), Code.UNKNOWN_REFERENCE, self.clause, fund=self.fund, vintage=self.vintage)
        return spent, held, held._replace(fiscal_year=self.year + 1)

    def legs(self, book: Book) -> tuple[Leg, ...]:
        spent, held, after = self._places(book)
        period = self.posting_period
        return debit_credit(self.against, "B260", self.amount, spent, held, year_end(self.year), period) + debit_credit(
            "B101", self.account, self.amount, after, after, date(self.year + 1, 1, 1), period
        )


class YearClosed(Movement):
    """A fiscal year ends for good: nothing is left to allocate, commit, pay or explain. Posts nothing."""

    label: ClassVar[Name] = Name("年度结账", "Year closed")
    clause: ClassVar[str] = "F"
    signs: ClassVar = by(Role.FIN)
    late: ClassVar[bool] = True

    kind: Literal["YearClosed"] = "YearClosed"
    year: Year

    def business_keys(self, book: Book) -> tuple[str, ...]:
        return (f"year:{self.year}",)

    def check(self, book: Book, actor: Actor) -> None:
        first = FIRST_YEAR.get(book, "year")
        out_of_order = (
            first is None or self.year < first or (self.year > first and not CLOSED_YEARS.get(book, self.year - 1))
        )
        refuse_if(out_of_order, Code.PERIOD_ORDER, self.clause, year=self.year, first_fiscal_year=first)
        left = book.standing("B200", "B210", "B220", "B230", "X900", fiscal_year=self.year)
        codes = " ".join(sorted({found.code for found, _ in left}))
        refuse_if(left, Code.YEAR_NOT_CLEARED, "V10", asked=sum(a for _, a in left), available=0, accounts=codes)

    def register(self, book: Book, number: int, actor: Actor) -> None:
        CLOSED_YEARS.put(book, self.year, number)
        for month in range(1, 14):
            CLOSED_PERIODS.put(book, f"{self.year}-{month:02d}", number)
