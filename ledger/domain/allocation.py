"""Allocation 分配: unallocated money of a fund is given to a special, and taken back (四(一), 四(二))."""

from typing import ClassVar, Literal

from ledger.domain.accounts import Leg, Place
from ledger.domain.appropriation import check_fund_open
from ledger.domain.book import Book
from ledger.domain.catalogue import Fund, Name, Role
from ledger.domain.fields import Document, SpecialCode, Year
from ledger.domain.money import Fen
from ledger.domain.movement import Actor, Movement, both
from ledger.domain.special import active_special, check_fund_scope, known_special


class FundsAllocated(Movement):
    """A fund's unallocated money goes to a special. Posts B200 / B210."""

    label: ClassVar[Name] = Name("资金分配", "Funds allocated")
    clause: ClassVar[str] = "四(二)"
    signs: ClassVar = both(Role.STD, Role.FIN)
    correctable: ClassVar[bool] = True

    kind: Literal["FundsAllocated"] = "FundsAllocated"
    fund: Fund
    vintage: Year
    special: SpecialCode
    amount: Fen
    exception: Document | None = None

    def check(self, book: Book, actor: Actor) -> None:
        state = active_special(book, self.special, self.effective_on)
        check_fund_open(book, self.fund)
        check_fund_scope(state, self.fund, self.special, self.exception)

    def legs(self, book: Book) -> tuple[Leg, ...]:
        at = Place(self.fiscal_year, self.fund, self.vintage, self.special)
        return self.transfer("B200", "B210", self.amount, at)


class AllocationWithdrawn(Movement):
    """Uncommitted money of a special goes back to its fund. Posts B210 / B200."""

    label: ClassVar[Name] = Name("分配收回", "Allocation withdrawn")
    clause: ClassVar[str] = "四(二)"
    signs: ClassVar = both(Role.STD, Role.FIN)
    correctable: ClassVar[bool] = True

    kind: Literal["AllocationWithdrawn"] = "AllocationWithdrawn"
    fund: Fund
    vintage: Year
    special: SpecialCode
    amount: Fen

    def check(self, book: Book, actor: Actor) -> None:
        known_special(book, self.special, self.effective_on)

    def legs(self, book: Book) -> tuple[Leg, ...]:
        at = Place(self.fiscal_year, self.fund, self.vintage, self.special)
        return self.transfer("B210", "B200", self.amount, at)
