"""Clearing of suspense items: finance names the order or settlement that explains one, or the bank took it back."""

from typing import ClassVar, Literal

from ledger.domain.accounts import Leg
from ledger.domain.book import Book
from ledger.domain.catalogue import Name, Role
from ledger.domain.fields import Id
from ledger.domain.money import Fen
from ledger.domain.movement import Actor, Movement, by
from ledger.domain.payment import (
    check_refund,
    free_payment,
    known_order,
    known_settlement,
    refund_legs,
    register_settlement,
    settlement_legs,
)
from ledger.domain.refusals import Code, refuse_if
from ledger.domain.suspense import known_item


class SuspenseCleared(Movement):
    """An item is explained by an order (payments) or a settlement (receipts), or by a bank reversal with its document.

    Posts B240 / X900 in the item's own period, so that the month's suspense returns to zero, and B230 / B240 where an order
    explains it; for a receipt S200 / S100, and the refund where a settlement explains it.
    """

    label: ClassVar[Name] = Name("待查款项核销", "Suspense cleared")
    clause: ClassVar[str] = "F"
    signs: ClassVar = by(Role.FIN)
    late: ClassVar[bool] = True

    kind: Literal["SuspenseCleared"] = "SuspenseCleared"
    item: Id
    amount: Fen
    order: Id | None = None
    settlement: Id | None = None

    def check(self, book: Book, actor: Actor) -> None:
        item = known_item(book, self.item)
        wrong_month = not item.receipt and self.posting_period != item.period
        refuse_if(wrong_month, Code.PERIOD_ORDER, self.clause, period=self.posting_period, item_period=item.period)
        misfit = self.settlement if not item.receipt else self.order
        refuse_if(misfit, Code.UNKNOWN_REFERENCE, self.clause, item=self.item, cited=misfit)
        if self.order:
            known_order(book, self.order)
        if self.settlement:
            check_refund(self, book, self.settlement, self.amount)
        if not self.order and not self.settlement:
            self.require_document(self.clause)

    def legs(self, book: Book) -> tuple[Leg, ...]:
        at = known_item(book, self.item).at
        if known_item(book, self.item).receipt:
            legs = self.transfer("S200", "S100", self.amount, at)
            return legs + refund_legs(self, book, self.settlement, self.amount) if self.settlement else legs
        legs = self.transfer("B240", "X900", self.amount, at)
        return legs + settlement_legs(self, book, self.order, self._name, self.amount) if self.order else legs

    @property
    def _name(self) -> str:
        """An item may turn out to have paid several orders: each is a settlement of its own."""
        return f"{self.item}/{self.order}"

    def register(self, book: Book, number: int, actor: Actor) -> None:
        if self.order:
            register_settlement(self, book, self.order, self._name)
        if self.settlement:
            free_payment(book, known_settlement(book, self.settlement).order)
