"""Withdrawal 收回: the finance department takes money back to treasury."""

from typing import ClassVar, Literal

from ledger.domain.accounts import Leg, Place
from ledger.domain.book import Book
from ledger.domain.catalogue import Fund, Name, Role
from ledger.domain.fields import Id, Ref, SpecialCode, Year
from ledger.domain.instalment import committed_place
from ledger.domain.money import Fen
from ledger.domain.movement import Actor, Movement, by
from ledger.domain.refusals import Code, refuse_if
from ledger.domain.special import named_special

Held = Literal["B200", "B210", "B220"]


class FundsWithdrawnToTreasury(Movement):
    """Unallocated, available or committed money goes back to treasury. Posts B200, B210 or B220 / B250."""

    label: ClassVar[Name] = Name("财政收回", "Funds withdrawn to treasury")
    clause: ClassVar[str] = "F"
    signs: ClassVar = by(Role.FIN)
    correctable: ClassVar[bool] = True

    kind: Literal["FundsWithdrawnToTreasury"] = "FundsWithdrawnToTreasury"
    account: Held
    fund: Fund
    vintage: Year
    amount: Fen
    special: SpecialCode | None = None
    project: Id | None = None
    instalment: Ref | None = None

    def check(self, book: Book, actor: Actor) -> None:
        self._at(book)
        self.require_document(self.clause)

    def _at(self, book: Book) -> Place:
        at = Place(self.fiscal_year, self.fund, self.vintage)
        if self.account == "B200":
            return at
        if self.account == "B210":
            return at._replace(special=named_special(book, self.special, self.effective_on, self.clause))
        found = committed_place(book, self.project or "", self.instalment or "", self.fiscal_year)
        differs = (found.source, found.vintage) != (self.fund, self.vintage)
        refuse_if(differs, Code.UNKNOWN_REFERENCE, self.clause, fund=self.fund, vintage=self.vintage)
        return found

    def legs(self, book: Book) -> tuple[Leg, ...]:
        return self.transfer(self.account, "B250", self.amount, self._at(book))
