"""The year boundary: balances carried forward, the year closed, and adjustments to the final accounts 决算 (V10)."""

from collections.abc import Iterator
from datetime import date
from typing import ClassVar, Literal, NamedTuple

from ledger.domain.accounts import Leg, Place, account, debit_credit
from ledger.domain.appropriation import home_of
from ledger.domain.blocking import Blocker, refuse_blocked
from ledger.domain.book import Book
from ledger.domain.catalogue import Fund, Name, Role
from ledger.domain.closing import still_held, unsigned
from ledger.domain.fields import Id, Period, Ref, SpecialCode, Year
from ledger.domain.instalment import known_instalment
from ledger.domain.money import Fen, SignedFen
from ledger.domain.movement import Actor, Movement, by
from ledger.domain.parameter import Setting, in_force
from ledger.domain.payment import known_order, known_settlement
from ledger.domain.period import CLOSED_PERIODS, CLOSED_YEARS, FIRST_YEAR
from ledger.domain.refusals import Code, Refusal, refuse, refuse_if
from ledger.domain.special import named_special

Carried = Literal["B200", "B210", "B220", "B230"]
"""What a year leaves, and must not hold when it closes."""
Called = Literal["CARRY_OVER", "SURPLUS"]
"""结转 or 结余."""


def year_end(year: int) -> date:
    return date(year, 12, 31)


def lapses_by(book: Book, account: str, fund: str, year: int) -> Setting | None:
    """The rule by which money may not be carried, as it is in force on the year's last day [P]; None: it may."""
    rule = in_force(book, "lapse_scope", fund, year_end(year))
    return rule if rule and rule.value == "uncommitted" and account in ("B200", "B210") else None


class Treatment(NamedTuple):
    """What money is called that is carried, and the rule that says so; the year's own vintage needs none."""

    called: Called
    rule: Setting | None


def age_of(vintage: int, year: int) -> int:
    """How many years old a vintage is when a year ends: the years it was not used up in, its own among them 满几年."""
    return year - vintage + 1


def treatment_of(book: Book, fund: str, vintage: int, year: int) -> Treatment:
    """结转 or 结余 at a year's end: surplus is what is as many years old as the parameter says on its last day [P].

    The vintage of the year itself is always carried over. Raises Refusal PARAMETER_MISSING for an older one where no rule
    is in force.
    """
    if vintage >= year:
        return Treatment("CARRY_OVER", None)
    rule = in_force(book, "surplus_years", fund, year_end(year))
    if rule is None:
        refuse(Code.PARAMETER_MISSING, "P", parameter="surplus_years", scope=fund)
    return Treatment("SURPLUS" if age_of(vintage, year) >= int(rule.value) else "CARRY_OVER", rule)


def restored_name(settlement: str) -> str:
    """The reference under which stands what was returned of a settlement and has become quota again."""
    return f"restored~{settlement}"


class BalanceCarriedForward(Movement):
    """What is left at one place goes to the next year, vintage kept; its second half has its own year, day and period.

    Posts, in the year, B2xx / B260 and, in the next, B101 / B2xx. ``period`` belongs to the year that ends; what lapses is
    judged by the rule in force on that year's last day, whenever it is recorded. A correction takes back both halves, while
    the year is open and the next one has not used the money: so a December payment that is reported late finds its order.
    """

    label: ClassVar[Name] = Name("结转", "Balance carried forward")
    clause: ClassVar[str] = "F"
    signs: ClassVar = by(Role.FIN)
    late: ClassVar[bool] = True
    correctable: ClassVar[bool] = True

    kind: Literal["BalanceCarriedForward"] = "BalanceCarriedForward"
    account: Carried
    fund: Fund
    vintage: Year
    amount: Fen
    treatment: Called
    special: SpecialCode | None = None
    project: Id | None = None
    ref: Ref | None = None
    next_period: Period | None = None

    @property
    def _into(self) -> str:
        return self.next_period or f"{self.fiscal_year + 1}-01"

    def check(self, book: Book, actor: Actor) -> None:
        into_other_year = int(self._into[:4]) != self.fiscal_year + 1
        refuse_if(into_other_year, Code.PERIOD_ORDER, self.clause, next_period=self._into)
        refuse_if(CLOSED_PERIODS.get(book, self._into), Code.PERIOD_CLOSED, self.clause, period=self._into)
        self._at(book)
        self.require_reason(self.clause)
        if rule := lapses_by(book, self.account, self.fund, self.fiscal_year):
            refuse(Code.LAPSED, "P", account=self.account, document=rule.document)

    def _at(self, book: Book) -> Place:
        at = Place(self.fiscal_year, self.fund, self.vintage)
        if self.account == "B210":
            at = at._replace(special=named_special(book, self.special, self.effective_on, self.clause))
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

    Posts B240 or B250 / B260 in the closed year and B101 / B2xx in the next. A consolidated predecessor's money goes home
    through B106. What of the payment was returned to treasury is quota again, and no longer counts as returned beside it:
    R120 and R220 go on under ``restored_name``, and come back where less is carried.
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
    instalment: Ref | None = None
    settlement: Ref | None = None

    def check(self, book: Book, actor: Actor) -> None:
        refuse_if(not CLOSED_YEARS.get(book, self.year), Code.PERIOD_ORDER, self.clause, year=self.year)
        next_closed = CLOSED_YEARS.get(book, self.year + 1)
        refuse_if(next_closed, Code.PERIOD_CLOSED, self.clause, year=self.year + 1)
        self._places(book)
        self.require_document(self.clause)

    def _places(self, book: Book) -> tuple[Place, Place]:
        """Where the closed year spent it, and where it belongs today: the fund may have been consolidated since (四(二))."""
        held = Place(self.year, home_of(book, self.fund), self.vintage)
        if self.account == "B210":
            held = held._replace(special=named_special(book, self.special, self.effective_on, self.clause))
        if self.account == "B220":
            at = known_instalment(book, self.project or "", self.instalment or "").at
            held = at._replace(fiscal_year=self.year, ref=self.instalment)
        spent = held._replace(source=str(self.fund))
        if self.against == "B240":
            spent = known_settlement(book, self.settlement or "").at
        strange = held.project not in (None, spent.project)
        refuse_if(strange, Code.UNKNOWN_REFERENCE, self.clause, settlement=self.settlement, project=held.project)
        home = home_of(book, spent.source or "")
        same = (spent.fiscal_year, spent.vintage) == (self.year, self.vintage) and self.fund in (spent.source, home)
        alike = (held.source, held.vintage) == (home, self.vintage)
        refuse_if(not (same and alike), Code.UNKNOWN_REFERENCE, self.clause, fund=self.fund, vintage=self.vintage)
        return spent, held

    def legs(self, book: Book) -> tuple[Leg, ...]:
        spent, held = self._places(book)
        after, day = held._replace(fiscal_year=self.year + 1), date(self.year + 1, 1, 1)
        carried_in = debit_credit("B101", self.account, self.amount, after, after, day, self.posting_period)
        return (*self._carried_out(spent, held), *carried_in, *self._returned(book, spent))

    def _carried_out(self, spent: Place, held: Place) -> tuple[Leg, ...]:
        last = year_end(self.year)
        if spent.source == held.source:
            return debit_credit(self.against, "B260", self.amount, spent, held, last, self.posting_period)
        return (
            *self.transfer(self.against, "B106", self.amount, spent, on=last),
            *self.transfer("B106", "B260", self.amount, held, on=last),
        )

    def _returned(self, book: Book, spent: Place) -> tuple[Leg, ...]:
        """What of a payment came back to treasury and is quota again: it left B240, and must not count as out twice."""
        if self.against != "B240":
            return ()
        restored = spent._replace(ref=restored_name(self.settlement or ""))
        from_, to = (spent, restored) if self.amount > 0 else (restored, spent)
        moved = min(abs(self.amount), book.balance(account("R220", from_)))
        if not moved:
            return ()
        return self.transfer("R120", "R220", -moved, from_) + self.transfer("R120", "R220", moved, to)


def periods_of(year: int) -> tuple[str, ...]:
    """The twelve months of a year and its settling period."""
    return tuple(f"{year}-{month:02d}" for month in range(1, 14))


def year_blockers(book: Book, year: int, day: date) -> Iterator[Blocker]:
    """What stands against closing a year on a business date, in the order in which it is refused; nothing: it closes."""
    first = FIRST_YEAR.get(book, "year")
    before_it = first is None or year < first or (year > first and not CLOSED_YEARS.get(book, year - 1))
    if before_it:
        out_of_order = Refusal(Code.PERIOD_ORDER, "F", year=year, first_fiscal_year=first)
        yield Blocker(out_of_order, (YearClosed.__name__,))
    if CLOSED_YEARS.get(book, year):
        yield Blocker(Refusal(Code.PERIOD_CLOSED, "F", year=year))
        return
    yield from still_held(book, year, ("B200", "B210", "B220", "B230", "X900"))
    for period in periods_of(year):
        if not CLOSED_PERIODS.get(book, period):
            yield from unsigned(book, period, day)


class YearClosed(Movement):
    """A fiscal year ends for good: nothing is left to allocate, commit, pay or explain. Posts nothing.

    Its periods that are still open close with it, and need their reconciliation signed where that is required [P].
    """

    label: ClassVar[Name] = Name("年度结账", "Year closed")
    clause: ClassVar[str] = "F"
    signs: ClassVar = by(Role.FIN)
    late: ClassVar[bool] = True

    kind: Literal["YearClosed"] = "YearClosed"
    year: Year

    def business_keys(self, book: Book) -> tuple[str, ...]:
        return (f"year:{self.year}",)

    def check(self, book: Book, actor: Actor) -> None:
        refuse_blocked(year_blockers(book, self.year, self.effective_on))

    def register(self, book: Book, number: int, actor: Actor) -> None:
        CLOSED_YEARS.put(book, self.year, number)
        for period in periods_of(self.year):
            CLOSED_PERIODS.put(book, period, number)
