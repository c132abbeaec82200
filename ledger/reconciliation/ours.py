"""What the ledger says, as lines: facts that treasury and bank told it, and orders that wait to be paid.

A pure fold of what was recorded, in order. A corrected fact appears once, as it stands; what was reversed does not appear.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import NamedTuple

import msgspec

from ledger.codec import Posted
from ledger.domain.accounts import Account
from ledger.domain.catalogue import UNKNOWN_FUND
from ledger.domain.reconciliation import Flow
from ledger.reconciliation.line import Line

FLOW_OF: dict[str, Flow] = {
    "PaymentSettled": Flow.PAYMENT,
    "UnmatchedSettlementRecorded": Flow.PAYMENT,
    "PaymentRejected": Flow.REJECTION,
    "PaymentRefunded": Flow.REFUND,
    "RecoveryReceived": Flow.RECEIPT,
    "RepaymentReceived": Flow.RECEIPT,
    "UnmatchedReceiptRecorded": Flow.RECEIPT,
}
"""Facts by kind, and what each tells."""
KINDS = (
    *FLOW_OF,
    *("PaymentOrdered", "PaymentOrderCancelled", "SuspenseCleared", "EntryCorrected"),
    *("PartyRegistered", "PartyRenamed"),
)
"""What is read of the log."""
_PLACES = ("B230", "B240", "X900", "R110", "R100", "S100")
"""Where a fact's place is read: its order, its settlement, or what it waits as."""


class _Document(msgspec.Struct, gc=False):
    number: str = ""


class _Said(msgspec.Struct, kw_only=True, gc=False):
    """Of any of these kinds: the fields that reconciliation reads."""

    kind: str
    effective_on: date
    amount: int = 0
    order: str = ""
    detail: str = ""
    item: str = ""
    settlement: str = ""
    cited: str = ""
    voucher_no: str = ""
    payee: str = ""
    payee_account: str = ""
    document: _Document | None = None
    credit_code: str = ""
    name: str = ""
    lines: list["_Corrected"] = []


class _Corrected(msgspec.Struct, gc=False):
    number: int
    replacement: _Said | None = None


_decoder = msgspec.json.Decoder(_Said)
_NOWHERE = Account("")


class Named(NamedTuple):
    """What movements are about: orders, settlements and suspense items by name, others by number."""

    orders: frozenset[str] = frozenset()
    settlements: frozenset[str] = frozenset()
    items: frozenset[str] = frozenset()
    numbers: frozenset[int] = frozenset()

    def union(self, others: Iterable["Named"]) -> "Named":
        every = (self, *others)
        return Named(
            frozenset().union(*(one.orders for one in every)),
            frozenset().union(*(one.settlements for one in every)),
            frozenset().union(*(one.items for one in every)),
            frozenset().union(*(one.numbers for one in every)),
        )

    def without(self, others: "Named") -> "Named":
        return Named(
            self.orders - others.orders,
            self.settlements - others.settlements,
            self.items - others.items,
            self.numbers - others.numbers,
        )


def named_by(one: Posted) -> Named:
    """What a movement of KINDS is about."""
    said = _decoder.decode(one.request)
    parts = (said, *(line.replacement for line in said.lines if line.replacement))
    return Named(
        frozenset(name for part in parts for name in (part.order, part.cited) if name),
        frozenset(part.settlement for part in parts if part.settlement),
        frozenset([said.item] if said.kind == "SuspenseCleared" else ()),
        frozenset(line.number for line in said.lines),
    )


class Facts:
    """What of the log concerns treasury and bank. Fold movements of KINDS, in order; then ask for lines."""

    def __init__(self) -> None:
        self._said: dict[int, _Said] = {}
        """Number → a fact or an order as it stands."""
        self._at: dict[int, Account] = {}
        self._items: dict[str, int] = {}
        """What waited as suspense → its number."""
        self._cancelled: dict[str, date] = {}
        self._names: dict[str, str] = {}

    def fold(self, one: Posted) -> None:
        said = _decoder.decode(one.request)
        match said.kind:
            case "EntryCorrected":
                for line in said.lines:
                    self._correct(line)
            case "PartyRegistered" | "PartyRenamed":
                self._names[said.credit_code] = said.name
            case "SuspenseCleared":
                self._clear(said)
            case "PaymentOrderCancelled":
                self._cancelled[said.order] = said.effective_on
            case _:
                self._said[one.number] = said
                if said.item:
                    self._items[said.item] = one.number
                self._at[one.number] = next((leg.account for leg in one.legs if leg.account.code in _PLACES), _NOWHERE)

    def _correct(self, line: _Corrected) -> None:
        if self._said.pop(line.number, None) and line.replacement:
            self._said[line.number] = line.replacement

    def _clear(self, cleared: _Said) -> None:
        """What an item was explained by, it is told of from then on."""
        if cleared.item in self._items:
            said = self._said[self._items[cleared.item]]
            said.order, said.settlement = cleared.order, cleared.settlement

    def accounts(self) -> set[str]:
        """Commitments to the payees' accounts."""
        return {said.payee_account for said in self._said.values() if said.payee_account}

    def lines(self, through: date, mark_of: Callable[[str], str]) -> Iterator[Line]:
        """Facts with a business date up to ``through``, and what of the orders of then was open at its end.

        ``mark_of``: commitment to an account → the mark by which accounts are compared, or nothing.
        """
        then = {number: said for number, said in self._said.items() if said.effective_on <= through}
        orders = {said.order: said for said in then.values() if said.kind == "PaymentOrdered"}
        payments = {said.detail: said for said in then.values() if said.kind == "PaymentSettled"}
        gone: defaultdict[str, int] = defaultdict(int)
        for said in then.values():
            if said.kind != "PaymentOrdered" and said.order:
                gone[said.order] += said.amount
        for number, said in then.items():
            if said.kind != "PaymentOrdered":
                original = payments.get(said.settlement)
                order = orders.get(said.order or (original.order if original else said.cited))
                yield self._fact(number, said, original, order, mark_of)
            elif said.amount > gone[said.order] and self._cancelled.get(said.order, date.max) > through:
                left = said.amount - gone[said.order]
                yield self._line(number, said, said, mark_of, flow=Flow.PAYMENT, amount=left, moved=0)

    def _fact(
        self, number: int, said: _Said, original: _Said | None, order: _Said | None, mark_of: Callable[[str], str]
    ) -> Line:
        flow = FLOW_OF[said.kind]
        if flow is Flow.PAYMENT:
            return self._line(number, said, order, mark_of, flow=flow, amount=said.amount, moved=said.amount)
        returns = original.amount if original else order.amount if order and flow is Flow.REJECTION else 0
        cites = said.settlement or said.cited or (said.order if flow is Flow.REJECTION else "")
        moved = 0 if flow is Flow.REJECTION else -said.amount
        return self._line(
            number, said, order, mark_of, flow=flow, amount=-said.amount, moved=moved, cites=cites, returns=returns
        )

    def _line(
        self,
        number: int,
        said: _Said,
        order: _Said | None,
        mark_of: Callable[[str], str],
        *,
        flow: Flow,
        amount: int,
        moved: int,
        cites: str = "",
        returns: int = 0,
    ) -> Line:
        at, document = self._at.get(number, _NOWHERE), (order or said).document
        return Line(
            key=number,
            flow=flow,
            day=said.effective_on,
            amount=amount,
            moved=moved,
            application=said.cited or (order.order if order else said.order),
            voucher=said.voucher_no,
            detail=said.detail or said.item,
            cites=cites,
            account=mark_of(order.payee_account) if order and order.payee_account else "",
            payee=self._names.get(order.payee, "") if order else "",
            project=at.project or "",
            fund=at.source if at.source and at.source != UNKNOWN_FUND else "",
            function=at.function or "",
            fiscal_year=at.fiscal_year or 0,
            document=document.number if document else "",
            returns=returns,
        )
