"""What treasury would tell of the demo year: payments and returns that the ledger heard of, under treasury's own numbers."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from ledger.demo import scenes
from ledger.domain.clearing import SuspenseCleared
from ledger.domain.movement import Movement
from ledger.domain.party import PartyRegistered
from ledger.domain.payment import PaymentOrdered, PaymentRefunded, PaymentRejected, PaymentSettled
from ledger.domain.prefunding import PreFundingCommitted
from ledger.domain.project import ProjectRegistered
from ledger.domain.recovery import RecoveryReceived, RepaymentReceived

PAID, REJECTED, RETURNED = "支付", "退票", "退款"


class Row(NamedTuple):
    """One row of the payment detail; ``amount`` in fen, minus where money came back."""

    detail: str
    voucher: str
    application: str
    payee: str
    account: str
    amount: int
    project: str
    fund: str
    function: str
    day: date
    type: str = PAID
    cites: str = ""


class Told(NamedTuple):
    """``rows`` by day; ``awaited``: orders that were not paid yet, each with the row that would pay it."""

    rows: list[Row]
    awaited: dict[str, Row]


def told() -> Told:
    """The year as treasury saw it, without a slip."""
    year = _Year([movement for scene in scenes() for movement in scene.movements])
    rows = sorted(year.rows(), key=lambda row: row.day)
    done = {row.application for row in rows} | set(year.cleared.values())
    awaited = {order: year.paying(one, f"MX-{order[3:]}") for order, one in year.orders.items() if order not in done}
    return Told(rows, awaited)


class _Year:
    """The movements of the year, and what payments cite of them."""

    def __init__(self, movements: list[Movement]) -> None:
        self._movements = movements
        self.orders = {one.order: one for one in movements if isinstance(one, PaymentOrdered)}
        self.cleared = {one.item: one.order for one in movements if isinstance(one, SuspenseCleared) if one.order}
        self._names = {one.credit_code: one.name for one in movements if isinstance(one, PartyRegistered)}
        self._functions = {one.project: one.function or "" for one in movements if isinstance(one, ProjectRegistered)}
        self._funds = {one.project: str(one.fund) for one in movements if isinstance(one, PreFundingCommitted)}

    def rows(self) -> Iterator[Row]:
        paid: dict[str, Row] = {}
        for one in self._movements:
            match one:
                case PaymentSettled():
                    order = self.orders.get(one.order) or self.orders[self.cleared[one.detail]]
                    row = self.paying(order, one.detail, one.voucher_no or "", one.effective_on)
                    paid[one.detail] = row = row._replace(application=one.order)
                    yield row
                case PaymentRejected():
                    order = self.orders[one.order]
                    row = self.paying(order, f"MX-{one.order[3:]}")
                    yield row
                    yield _back(row, one.detail, one.amount, one.effective_on, REJECTED)
                case PaymentRefunded() | RecoveryReceived() | RepaymentReceived():
                    yield _back(paid[one.settlement], one.detail, one.amount, one.effective_on, RETURNED)

    def paying(self, order: PaymentOrdered, detail: str, voucher: str = "", day: date | None = None) -> Row:
        """The row of a payment; treasury has a voucher and an account, whether or not the ledger was told of them."""
        return Row(
            detail,
            voucher or f"PZ-{detail[3:]}",
            order.order,
            self._names[order.payee],
            order.payee_account or f"演示账户 {order.payee[-6:]}",
            order.amount,
            order.project,
            self._funds.get(order.project, "STIDF"),
            self._functions[order.project],
            day or order.effective_on,
        )


def _back(paid: Row, detail: str, amount: int, day: date, kind: str) -> Row:
    return paid._replace(detail=detail, amount=-amount, day=day, type=kind, cites=paid.detail)
