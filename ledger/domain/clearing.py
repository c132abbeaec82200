"""Clearing of suspense items: finance names the order or settlement that explains one, or the bank took it back."""

from typing import Any, ClassVar, Literal

from ledger.domain.accounts import Leg
from ledger.domain.book import Book
from ledger.domain.catalogue import Name, Role
from ledger.domain.fields import Document, Id, Ref
from ledger.domain.money import Fen
from ledger.domain.movement import Actor, Movement, by
from ledger.domain.payment import (
    PaymentRefunded,
    PaymentRejected,
    ReceiptFact,
    known_order,
    register_settlement,
    settlement_legs,
)
from ledger.domain.recovery import RecoveryReceived, RepaymentReceived
from ledger.domain.refusals import Code, refuse_if
from ledger.domain.suspense import Receipt, SuspenseItem, Target, known_item


class SuspenseCleared(Movement):
    """An item is explained by an order or a settlement, or by a bank reversal with its document.

    A payment posts B240 / X900 in the item's own period, so that the month's suspense returns to zero, and B230 / B240 where
    an order explains it. A receipt posts S200 / S100 and, where an order or a settlement explains it, what the receipt of that
    kind posts, within its limits: a rejection cites an order; a refund, recovery or repayment a settlement. The kind, the
    target and the recycling document are those that were reported, where none is named; a refund where none was.
    """

    label: ClassVar[Name] = Name("待查款项核销", "Suspense cleared")
    clause: ClassVar[str] = "F"
    signs: ClassVar = by(Role.FIN)
    late: ClassVar[bool] = True

    kind: Literal["SuspenseCleared"] = "SuspenseCleared"
    item: Id
    amount: Fen
    order: Id | None = None
    settlement: Ref | None = None
    explained_as: Receipt | None = None
    target: Target | None = None
    recycling: Document | None = None

    def check(self, book: Book, actor: Actor) -> None:
        item = known_item(book, self.item)
        wrong_month = not item.receipt and self.posting_period != item.period
        refuse_if(wrong_month, Code.PERIOD_ORDER, self.clause, period=self.posting_period, item_period=item.period)
        self._check_fits(item)
        if receipt := self._receipt(item):
            receipt.check(book, actor)
        elif self.order:
            known_order(book, self.order)
        else:
            self.require_document(self.clause)

    def _check_fits(self, item: SuspenseItem) -> None:
        """An order explains a payment or a rejection, a settlement what else came in; and the rest is said of its kind only."""
        found = self._kind(item)
        misfit = self.settlement if not item.receipt or found == "PaymentRejected" else self.order
        refuse_if(misfit, Code.UNKNOWN_REFERENCE, self.clause, item=self.item, cited=misfit)
        stray = self.explained_as if found is None or not (self.order or self.settlement) else None
        refuse_if(stray, Code.UNKNOWN_REFERENCE, self.clause, item=self.item, kind=stray)
        refuse_if(self.target and found != "RecoveryReceived", Code.UNKNOWN_REFERENCE, self.clause, field="target")
        lent = found == "RepaymentReceived"
        refuse_if(self.recycling and not lent, Code.UNKNOWN_REFERENCE, self.clause, field="recycling")

    def _kind(self, item: SuspenseItem) -> Receipt | None:
        """As what a receipt is explained: as finance says, else as it was reported where what is cited allows it."""
        if not item.receipt:
            return None
        if self.explained_as or self.order:
            return self.explained_as or "PaymentRejected"
        return "PaymentRefunded" if item.reported in (None, "PaymentRejected") else item.reported

    def _receipt(self, item: SuspenseItem) -> ReceiptFact | None:
        """The fact as it should have been reported, by whose own rules the receipt is judged, posted and registered."""
        if not item.receipt or not (self.order or self.settlement):
            return None
        fact: dict[str, Any] = {"effective_on": self.effective_on, "period": self.period}
        fact |= {"amount": self.amount, "detail": self.item}
        match self._kind(item):
            case "PaymentRejected":
                return PaymentRejected(order=self.order or "", **fact)
            case "RecoveryReceived":
                target = self.target or item.target or "AVAILABLE"
                return RecoveryReceived(settlement=self.settlement or "", target=target, **fact)
            case "RepaymentReceived":
                recycling = self.recycling or item.recycling
                return RepaymentReceived(settlement=self.settlement or "", recycling=recycling, **fact)
            case _:
                return PaymentRefunded(settlement=self.settlement or "", **fact)

    def legs(self, book: Book) -> tuple[Leg, ...]:
        item = known_item(book, self.item)
        if item.receipt:
            receipt = self._receipt(item)
            return (
                *self.transfer("S200", "S100", self.amount, item.at),
                *(receipt.legs(book) if receipt else ()),
            )
        legs = self.transfer("B240", "X900", self.amount, item.at)
        return legs + settlement_legs(self, book, self.order, self._name, self.amount) if self.order else legs

    @property
    def _name(self) -> str:
        """An item may turn out to have paid several orders: each is a settlement of its own."""
        return f"{self.item}/{self.order}"

    def register(self, book: Book, number: int, actor: Actor) -> None:
        if receipt := self._receipt(known_item(book, self.item)):
            receipt.register(book, number, actor)
        elif self.order:
            register_settlement(self, book, self.order, self._name)
