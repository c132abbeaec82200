"""Suspense 待查款项: treasury and bank facts that fit nothing the ledger expected, until finance clears them."""

from datetime import date
from typing import ClassVar, Literal, NamedTuple

from ledger.domain.accounts import Leg, Place
from ledger.domain.book import Book, Register
from ledger.domain.catalogue import Fund, Name, Role
from ledger.domain.fields import Document, PlainId, Ref, Year
from ledger.domain.money import Fen
from ledger.domain.movement import Actor, Movement, Signs
from ledger.domain.refusals import Code, Refusal, refuse, refuse_if

Receipt = Literal["PaymentRejected", "PaymentRefunded", "RecoveryReceived", "RepaymentReceived"]
"""The kinds of money that comes back."""
Target = Literal["POOL", "AVAILABLE", "WITHDRAWN"]
"""Where recovered money goes in the year of its settlement, by document."""


FROM_TREASURY: Signs = ((Role.TRE,), (Role.FIN, Role.FIN))
"""A fact is reported by treasury; or two people of finance take it from a statement, which its document names by its hash."""


class SuspenseItem(NamedTuple):
    at: Place
    period: str
    """The posting period in which it stands, and in which it is cleared."""
    effective_on: date
    receipt: bool
    reported: Receipt | None = None
    """The kind of receipt that was reported, with what a document says of its money."""
    target: Target | None = None
    recycling: Document | None = None


SUSPENSE: Register[str, SuspenseItem] = Register("suspense")
_DOES_NOT_FIT = frozenset(
    {Code.UNKNOWN_REFERENCE, Code.OVER_ORDERED, Code.OVER_OUTSTANDING, Code.INSUFFICIENT_FUNDS, Code.NOT_CLEARED}
)


def does_not_fit(refusal: Refusal) -> bool:
    """Whether a fact was refused because of what the ledger expected, not because of how it was reported."""
    return refusal.code in _DOES_NOT_FIT


def check_taken_from(movement: Movement) -> None:
    """A fact that is proposed names the statement that tells it, by the SHA-256 of the file; DOCUMENT_MISSING otherwise."""
    named = movement.document is not None and movement.document.sha256 is not None
    refuse_if(movement.fact and not named, Code.DOCUMENT_MISSING, movement.clause, field="document.sha256")


def known_item(book: Book, item: str) -> SuspenseItem:
    """A suspense item; UNKNOWN_REFERENCE otherwise."""
    found = SUSPENSE.get(book, item)
    if found is None:
        refuse(Code.UNKNOWN_REFERENCE, "F", item=item)
    return found


class UnmatchedSettlementRecorded(Movement):
    """Treasury paid what no order explains. Posts X900 / B240, in the vintage of the order it cites where that is known."""

    label: ClassVar[Name] = Name("待查支付", "Unmatched settlement recorded")
    clause: ClassVar[str] = "F"
    signs: ClassVar = FROM_TREASURY
    fact: ClassVar[bool] = True
    late: ClassVar[bool] = True

    kind: Literal["UnmatchedSettlementRecorded"] = "UnmatchedSettlementRecorded"
    item: PlainId
    fund: Fund | Literal["UNKNOWN"]
    amount: Fen
    cited: Ref | None = None
    vintage: Year | None = None

    def business_keys(self, book: Book) -> tuple[str, ...]:
        return (f"detail:{self.item}",)

    def _at(self) -> Place:
        return Place(self.fiscal_year, str(self.fund), self.vintage or self.fiscal_year, ref=self.item)

    def legs(self, book: Book) -> tuple[Leg, ...]:
        return self.transfer("X900", "B240", self.amount, self._at())

    def register(self, book: Book, number: int, actor: Actor) -> None:
        SUSPENSE.put(book, self.item, SuspenseItem(self._at(), self.posting_period, self.effective_on, receipt=False))


class UnmatchedReceiptRecorded(Movement):
    """Money came in that nothing explains. Posts S100 / S200, beside the budget.

    Where it was reported as a kind of receipt, that is kept, with the target or the recycling document that was named.
    """

    label: ClassVar[Name] = Name("待查收款", "Unmatched receipt recorded")
    clause: ClassVar[str] = "F"
    signs: ClassVar = FROM_TREASURY
    fact: ClassVar[bool] = True
    late: ClassVar[bool] = True

    kind: Literal["UnmatchedReceiptRecorded"] = "UnmatchedReceiptRecorded"
    item: PlainId
    fund: Fund | Literal["UNKNOWN"]
    amount: Fen
    cited: Ref | None = None
    reported: Receipt | None = None
    target: Target | None = None
    recycling: Document | None = None

    def business_keys(self, book: Book) -> tuple[str, ...]:
        return (f"detail:{self.item}",)

    def _at(self) -> Place:
        return Place(0, str(self.fund), ref=self.item)

    def legs(self, book: Book) -> tuple[Leg, ...]:
        return self.transfer("S100", "S200", self.amount, self._at())

    def register(self, book: Book, number: int, actor: Actor) -> None:
        reported = self.reported, self.target, self.recycling
        item = SuspenseItem(self._at(), self.posting_period, self.effective_on, True, *reported)
        SUSPENSE.put(book, self.item, item)
