"""Suspense 待查款项: treasury and bank facts that fit nothing the ledger expected, until finance clears them."""

from typing import ClassVar, Literal, NamedTuple

from ledger.domain.accounts import Leg, Place
from ledger.domain.book import Book, Register
from ledger.domain.catalogue import Fund, Name, Role
from ledger.domain.fields import Id
from ledger.domain.money import Fen
from ledger.domain.movement import Actor, Movement, by
from ledger.domain.refusals import Code, Refusal, refuse


class SuspenseItem(NamedTuple):
    at: Place
    period: str
    """The posting period in which it stands, and in which it is cleared."""
    receipt: bool


SUSPENSE: Register[str, SuspenseItem] = Register("suspense")
_DOES_NOT_FIT = frozenset(
    {Code.UNKNOWN_REFERENCE, Code.OVER_ORDERED, Code.OVER_OUTSTANDING, Code.INSUFFICIENT_FUNDS, Code.NOT_CLEARED}
)


def does_not_fit(refusal: Refusal) -> bool:
    """Whether a fact was refused because of what the ledger expected, not because of how it was reported."""
    return refusal.code in _DOES_NOT_FIT


def known_item(book: Book, item: str) -> SuspenseItem:
    """A suspense item; UNKNOWN_REFERENCE otherwise."""
    found = SUSPENSE.get(book, item)
    if found is None:
        refuse(Code.UNKNOWN_REFERENCE, "F", item=item)
    return found


class UnmatchedSettlementRecorded(Movement):
    """Treasury paid what no order explains. Posts X900 / B240."""

    label: ClassVar[Name] = Name("待查支付", "Unmatched settlement recorded")
    clause: ClassVar[str] = "F"
    signs: ClassVar = by(Role.TRE)
    fact: ClassVar[bool] = True
    late: ClassVar[bool] = True

    kind: Literal["UnmatchedSettlementRecorded"] = "UnmatchedSettlementRecorded"
    item: Id
    fund: Fund | Literal["UNKNOWN"]
    amount: Fen
    cited: Id | None = None

    def business_keys(self, book: Book) -> tuple[str, ...]:
        return (f"detail:{self.item}",)

    def _at(self) -> Place:
        return Place(self.fiscal_year, str(self.fund), self.fiscal_year, ref=self.item)

    def legs(self, book: Book) -> tuple[Leg, ...]:
        return self.transfer("X900", "B240", self.amount, self._at())

    def register(self, book: Book, number: int, actor: Actor) -> None:
        SUSPENSE.put(book, self.item, SuspenseItem(self._at(), self.posting_period, receipt=False))


class UnmatchedReceiptRecorded(Movement):
    """Money came in that nothing explains. Posts S100 / S200, beside the budget."""

    label: ClassVar[Name] = Name("待查收款", "Unmatched receipt recorded")
    clause: ClassVar[str] = "F"
    signs: ClassVar = by(Role.TRE)
    fact: ClassVar[bool] = True
    late: ClassVar[bool] = True

    kind: Literal["UnmatchedReceiptRecorded"] = "UnmatchedReceiptRecorded"
    item: Id
    fund: Fund | Literal["UNKNOWN"]
    amount: Fen
    cited: Id | None = None

    def business_keys(self, book: Book) -> tuple[str, ...]:
        return (f"detail:{self.item}",)

    def _at(self) -> Place:
        return Place(0, str(self.fund), ref=self.item)

    def legs(self, book: Book) -> tuple[Leg, ...]:
        return self.transfer("S100", "S200", self.amount, self._at())

    def register(self, book: Book, number: int, actor: Actor) -> None:
        SUSPENSE.put(book, self.item, SuspenseItem(self._at(), self.posting_period, receipt=True))
