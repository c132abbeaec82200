"""What each kind of payment, suspense, recovery and year end means, for the naive model."""

from typing import Any

from tests.properties.model import Model, Where, says
from tests.properties.wording import of_fund, year_of


@says("PaymentOrdered")
def _ordered(model: Model, m: Any) -> None:
    known = model.instalments[m.project, m.instalment]
    model.orders[m.order] = {"project": m.project, "instalment": m.instalment, **known}
    model.down(m.amount, model.of_instalment(m.project, m.instalment, year_of(m)), "B220")
    model.up(m.amount, model.of_order(m.order, year_of(m)), "B230")


def _reopened(model: Model, order: str, year: int, amount: int) -> None:
    """Ordered money is committed again, to the instalment it was ordered for."""
    known, at = model.orders[order], model.of_order(order, year)
    model.down(amount, at, "B230")
    model.up(amount, at.of(ref=known["instalment"]), "B220")


@says("PaymentOrderCancelled")
def _cancelled(model: Model, m: Any) -> None:
    _reopened(model, m.order, year_of(m), model.held("B230", model.of_order(m.order, year_of(m))))


@says("PaymentRejected")
def _rejected(model: Model, m: Any) -> None:
    _reopened(model, m.order, year_of(m), m.amount)


def _paid(model: Model, order: str, name: str, year: int, amount: int) -> None:
    known, at = model.orders[order], model.of_order(order, year)
    paid = at.of(ref=name)
    settled = {name: known[name] for name in ("project", "instalment", "repayable")}
    model.settlements[name] = {**settled, "at": paid}
    model.down(amount, at, "B230")
    model.up(amount, paid, "B240")
    if known["repayable"]:
        model.up(amount, paid, "R100", "R200")


@says("PaymentSettled")
def _settled(model: Model, m: Any) -> None:
    _paid(model, m.order, m.detail, year_of(m), m.amount)


def _home(model: Model, settlement: str, code: str, ref: str, amount: int) -> None:
    """Paid money comes back to where its instalment belongs today; through consolidation if the fund is another by now."""
    known = model.settlements[settlement]
    paid: Where = known["at"]
    assert paid.year is not None
    home = model.of_instalment(known["project"], known["instalment"], paid.year).of(ref=ref)
    model.down(amount, paid, "B240")
    model.up(amount, home, code)
    if home.source != paid.source:
        model.down(amount, paid, "B106")
        model.up(amount, home, "B106")


def _refunded(model: Model, settlement: str, year: int, amount: int) -> None:
    known = model.settlements[settlement]
    if known["repayable"]:
        model.down(amount, known["at"], "R100", "R200")
    if known["at"].year == year:
        _home(model, settlement, "B220", known["instalment"], amount)
    else:
        model.up(amount, known["at"], "R120", "R220")


@says("PaymentRefunded")
def _refund(model: Model, m: Any) -> None:
    _refunded(model, m.settlement, year_of(m), m.amount)


# -- suspense


@says("UnmatchedSettlementRecorded")
def _unmatched_payment(model: Model, m: Any) -> None:
    at = Where(year_of(m), str(m.fund), m.vintage or year_of(m), ref=m.item)
    model.items[m.item] = {"receipt": False, "at": at}
    model.up(m.amount, at, "X900", "B240")


@says("UnmatchedReceiptRecorded")
def _unmatched_receipt(model: Model, m: Any) -> None:
    at = Where(source=str(m.fund), ref=m.item)
    model.items[m.item] = {"receipt": True, "at": at, "as": m.reported, "target": m.target, "recycling": m.recycling}
    model.up(m.amount, at, "S100", "S200")


@says("SuspenseCleared")
def _cleared(model: Model, m: Any) -> None:
    item = model.items[m.item]
    if item["receipt"]:
        _cleared_receipt(model, m, item)
        return
    model.down(m.amount, item["at"], "X900", "B240")
    if m.order:
        _paid(model, m.order, f"{m.item}/{m.order}", year_of(m), m.amount)


def _cleared_receipt(model: Model, m: Any, item: dict[str, Any]) -> None:
    """A receipt is what finance says that it is, or what it was reported as, and goes where that kind goes."""
    model.down(m.amount, item["at"], "S100", "S200")
    reported = "PaymentRefunded" if item["as"] in (None, "PaymentRejected") else item["as"]
    explained_as = m.explained_as or reported
    if m.order:
        _reopened(model, m.order, year_of(m), m.amount)
    elif m.settlement and explained_as == "PaymentRefunded":
        _refunded(model, m.settlement, year_of(m), m.amount)
    elif m.settlement and explained_as == "RecoveryReceived":
        _came_in(model, m.settlement, year_of(m), m.amount, m.target or item["target"] or "AVAILABLE")
    elif m.settlement:
        _repaid_of(model, m.settlement, year_of(m), m.amount, m.recycling or item["recycling"])


# -- recovery and repayment


@says("RecoveryOrdered")
def _recovery_ordered(model: Model, m: Any) -> None:
    model.up(m.amount, model.settlements[m.settlement]["at"], "R110", "R210")


@says("RecoveryReceived")
def _recovered(model: Model, m: Any) -> None:
    _came_in(model, m.settlement, year_of(m), m.amount, m.target)


def _came_in(model: Model, settlement: str, year: int, amount: int, target: str) -> None:
    """A demand is met; what of it was to be repaid is owed no more."""
    known = model.settlements[settlement]
    paid: Where = known["at"]
    model.down(amount, paid, "R110", "R210")
    model.down(min(amount, model.held("R100", paid)), paid, "R100", "R200")
    if paid.year != year:
        model.up(amount, paid, "R120", "R220")
    elif target == "POOL":
        pool = f"pool~{settlement}"
        model.instalments[known["project"], pool] = dict(model.instalments[known["project"], known["instalment"]])
        _home(model, settlement, "B220", pool, amount)
    elif target == "AVAILABLE":
        model.owes(known["project"], -amount)
        _home(model, settlement, "B210", "", amount)
    else:
        model.owes(known["project"], -amount)
        model.down(amount, paid, "B240")
        model.up(amount, paid, "B250")


@says("RepaymentReceived")
def _repaid(model: Model, m: Any) -> None:
    _repaid_of(model, m.settlement, year_of(m), m.amount, m.recycling)


def _repaid_of(model: Model, settlement: str, year: int, amount: int, recycling: Any) -> None:
    paid: Where = model.settlements[settlement]["at"]
    model.down(amount, paid, "R100", "R200")
    if recycling:
        fund = "STIDF" if paid.source in model.consolidated else paid.source
        model.up(amount, Where(year, fund, year), "B100", "B200")


# -- the year's end


@says("BalanceCarriedForward")
def _carried(model: Model, m: Any) -> None:
    year = year_of(m)
    at = of_fund(m, special=m.special if m.account == "B210" else None)
    if m.account == "B220":
        at = model.of_instalment(m.project, m.ref, year)
    if m.account == "B230":
        at = model.of_order(m.ref, year)
    model.down(m.amount, at, m.account)
    model.up(m.amount, at, "B260")
    model.up(m.amount, at.of(year=year + 1), "B101", m.account)


@says("CarryForwardAdjusted")
def _adjusted(model: Model, m: Any) -> None:
    """More is carried (or less, below zero), against what the closed year spent or withdrew; a consolidated fund's goes home.

    What of the payment was returned to treasury and is quota again is noted beside it, and back if less is carried.
    """
    fund = str(m.fund)
    at = Where(m.year, "STIDF" if fund in model.consolidated else fund, m.vintage)
    at = at.of(special=m.special if m.account == "B210" else None)
    if m.account == "B220":
        at = model.of_instalment(m.project, m.instalment, m.year)
        model.owes(m.project, m.amount)
    spent = at.of(source=fund)
    if m.against == "B240":
        settled = model.settlements[m.settlement]
        spent = settled["at"]
        model.owes(settled["project"], -m.amount)
        both = [spent, spent.of(ref=f"restored~{m.settlement}")]
        source, target = both if m.amount > 0 else both[::-1]
        moved = min(abs(m.amount), model.held("R220", source))
        model.down(moved, source, "R120", "R220")
        model.up(moved, target, "R120", "R220")
    model.change(m.against, spent, -m.amount)
    if spent.source != at.source:
        model.change("B106", spent, -m.amount)
        model.change("B106", at, m.amount)
    model.change("B260", at, m.amount)
    model.up(m.amount, at.of(year=m.year + 1), "B101", m.account)
