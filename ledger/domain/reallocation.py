"""Reallocation 调剂: between specials of one fund (四(一)), and between the two funds (四(二) 动态调整)."""

from typing import ClassVar, Literal

from ledger.domain.accounts import Leg, Place, account
from ledger.domain.appropriation import check_fund_open
from ledger.domain.book import Book
from ledger.domain.catalogue import PREDECESSORS, Fund, Name, Role
from ledger.domain.fields import Document, SpecialCode, Year
from ledger.domain.money import Fen, grouped_yuan
from ledger.domain.movement import Actor, Movement, by, first_then
from ledger.domain.parameter import in_force
from ledger.domain.refusals import Code, refuse_if
from ledger.domain.special import active_special, check_fund_scope, known_special


class FundsReallocatedWithinFund(Movement):
    """Uncommitted money moves from one special to another of the same fund, for a stated reason. Posts B210 / B210."""

    label: ClassVar[Name] = Name("基金内调剂", "Reallocated within a fund")
    clause: ClassVar[str] = "四(一)"
    signs: ClassVar = by(Role.STD)
    correctable: ClassVar[bool] = True

    kind: Literal["FundsReallocatedWithinFund"] = "FundsReallocatedWithinFund"
    fund: Fund
    vintage: Year
    from_special: SpecialCode
    to_special: SpecialCode
    amount: Fen
    exception: Document | None = None

    def check(self, book: Book, actor: Actor) -> None:
        known_special(book, self.from_special, self.effective_on)
        target = active_special(book, self.to_special, self.effective_on)
        same = self.from_special == self.to_special
        refuse_if(same, Code.UNKNOWN_REFERENCE, self.clause, to_special=self.to_special)
        self.require_reason(self.clause)
        check_fund_scope(target, self.fund, self.to_special, self.exception)

    def legs(self, book: Book) -> tuple[Leg, ...]:
        at = Place(self.fiscal_year, self.fund, self.vintage, self.from_special)
        return self.transfer("B210", "B210", self.amount, at, at._replace(special=self.to_special))


class FundsReallocatedBetweenFunds(Movement):
    """Unallocated money moves between the two funds: the S&T department proposes, finance countersigns.

    Posts B200 / B105 in the giving fund and B105 / B200 in the receiving one.
    """

    label: ClassVar[Name] = Name("两项基金间调剂", "Reallocated between funds")
    clause: ClassVar[str] = "四(二)"
    signs: ClassVar = first_then((Role.STD, Role.FIN))
    correctable: ClassVar[bool] = True

    kind: Literal["FundsReallocatedBetweenFunds"] = "FundsReallocatedBetweenFunds"
    from_fund: Fund
    to_fund: Fund
    vintage: Year
    amount: Fen

    def check(self, book: Book, actor: Actor) -> None:
        check_fund_open(book, self.from_fund)
        check_fund_open(book, self.to_fund)
        old = next((fund for fund in (self.from_fund, self.to_fund) if fund in PREDECESSORS), None)
        refuse_if(old, Code.FUND_CLOSED, self.clause, fund=old)
        refuse_if(self.from_fund is self.to_fund, Code.UNKNOWN_REFERENCE, self.clause, to_fund=self.to_fund)
        self.require_document(self.clause)
        self._check_floor(book)

    def _check_floor(self, book: Book) -> None:
        """What the giving fund keeps of the year's own vintage, B100 + B105, stays at its floor or above [P]."""
        floor = in_force(book, "fund_floor", self.from_fund, self.effective_on)
        if floor is None or self.vintage != self.fiscal_year:
            return
        at = Place(self.fiscal_year, self.from_fund, self.vintage)
        kept = book.balance(account("B100", at)) + book.balance(account("B105", at))
        spare = kept - int(floor.value)
        refuse_if(
            self.amount > spare,
            Code.BELOW_FLOOR,
            f"{self.clause} 五(二)",
            asked=self.amount,
            available=spare,
            fund=self.from_fund,
            floor=grouped_yuan(int(floor.value)),
            would_leave=grouped_yuan(kept - self.amount),
            document=floor.document,
        )

    def legs(self, book: Book) -> tuple[Leg, ...]:
        giving = Place(self.fiscal_year, self.from_fund, self.vintage)
        receiving = giving._replace(source=self.to_fund)
        return self.transfer("B200", "B105", self.amount, giving) + self.transfer(
            "B105", "B200", self.amount, receiving
        )
