"""Random requests and facts about payments: orders, what treasury and bank report, suspense, recovery and repayment."""

from typing import Any

from ledger.domain.accounts import Account
from ledger.domain.instalment import INSTALMENTS
from ledger.domain.payment import ORDERS, SETTLEMENTS
from ledger.domain.project import PROJECTS
from ledger.domain.suspense import SUSPENSE
from tests.properties.history import History, Moment, Request, money
from tests.properties.requests_of_funds import signed_by_both
from tests.world import party


def payment_ordered(h: History) -> Request:
    at = h.moment()
    account, held = h.holder("B220", fiscal_year=at.year)
    found = PROJECTS.get(h.world.book, str(account.project))
    plan = INSTALMENTS.get(h.world.book, (str(account.project), str(account.ref)))
    team = (plan.team if plan else None) or (h.one([team for team, _ in found.teams]) if found else None)
    payee = (found.team_party(team) or found.undertaker) if found else party("university")
    payee = payee if h.happens(0.95) else party("hospital")
    fields = {"order": h.new("o"), "project": account.project, "instalment": account.ref, "payee": payee}
    fields |= {**money(h.part(held)), **({"team": team} if team else {}), **at.fields}
    return Request(("STD",), "PaymentOrdered", {**fields, **(h.document() if h.happens(0.9) else _same_document())})


def _same_document() -> dict[str, Any]:
    return {"document": {"number": "one document for many"}}


def payment_order_cancelled(h: History) -> Request:
    at = h.moment()
    account, _ = h.holder("B230", fiscal_year=at.year)
    order = str(account.ref) if h.happens(0.9) else h.name(ORDERS.of(h.world.book))
    return Request(("STD",), "PaymentOrderCancelled", {"order": order, "reason": "another account", **at.fields})


def _fact(h: History, kind: str, at: Moment, amount: int, **fields: Any) -> Request:
    return Request(("TRE",), kind, {**fields, **money(amount), "detail": h.new("t"), **at.fields})


def payment_settled(h: History) -> Request:
    at = h.moment()
    account, held = h.holder("B230", fiscal_year=at.year)
    order = str(account.ref) if h.happens(0.97) else h.name(ORDERS.of(h.world.book))
    return _fact(h, "PaymentSettled", at, h.part(held), order=order)


def payment_rejected(h: History) -> Request:
    at = h.moment()
    account, held = h.holder("B230", fiscal_year=at.year)
    return _fact(h, "PaymentRejected", at, h.part(held), order=str(account.ref))


def _paid(h: History) -> tuple[Account, int]:
    """Something that was paid, in whatever year, for a project."""
    paid = [(account, held) for account, held in h.standing("B240") if account.project]
    return h.one(paid) or (Account("B240", ref="nothing"), 0)


def payment_refunded(h: History) -> Request:
    account, held = _paid(h)
    return _fact(h, "PaymentRefunded", h.moment(), h.part(held), settlement=str(account.ref))


def unmatched_settlement(h: History) -> Request:
    fields = {"item": h.new("t"), "fund": h.one(("UNKNOWN", "STIDF", "NSF")), **money(h.amount()), **h.moment().fields}
    return Request(("TRE",), "UnmatchedSettlementRecorded", fields)


def unmatched_receipt(h: History) -> Request:
    fields = {"item": h.new("t"), "fund": h.one(("UNKNOWN", "STIDF", "NSF")), **money(h.amount()), **h.moment().fields}
    return Request(("TRE",), "UnmatchedReceiptRecorded", fields)


def _explaining(h: History) -> tuple[Account, int]:
    """A settlement that may explain a receipt: demanded back, to be repaid, or just paid."""
    return _paid(h) if h.happens(0.5) else h.holder("R110", "R100")


_TARGETS = ("POOL", "AVAILABLE", "WITHDRAWN")
_KINDS_OF_SETTLEMENT = ("PaymentRefunded", "RecoveryReceived", "RepaymentReceived")


def suspense_cleared(h: History) -> Request:
    """An item explained by an order, by a settlement, or by a reversal of the bank; a receipt as this or that kind."""
    account, held = h.holder("X900", "S200")
    item = str(account.ref)
    found = SUSPENSE.get(h.world.book, item)
    at = h.moment(may_be_earlier=False)
    if found is not None and not found.receipt and h.happens(0.95):
        at = Moment(at.effective_on, found.period)
    fields: dict[str, Any] = {"item": item}
    amount = held
    if h.happens(0.6):
        by_order = account.code == "X900" or h.happens(0.2)
        matching, left = h.holder("B230", fiscal_year=at.year) if by_order else _explaining(h)
        fields |= {"order" if matching.code == "B230" else "settlement": matching.ref}
        kind = {"R110": "RecoveryReceived", "R100": "RepaymentReceived"}.get(matching.code)
        kind = kind if h.happens(0.8) else h.one(_KINDS_OF_SETTLEMENT)
        fields |= {"explained_as": kind} if kind and account.code == "S200" and matching.code != "B230" else {}
        if fields.get("explained_as") == "RecoveryReceived" and h.happens(0.5):
            fields |= {"target": h.one(_TARGETS)}
        if fields.get("explained_as") == "RepaymentReceived" and h.happens(0.3):
            fields |= {"recycling": {"number": h.new("recycling-")}}
        amount = min(held, left) or 1
    else:
        fields |= h.document()
    return Request(("FIN",), "SuspenseCleared", {**fields, **money(h.part(amount)), **at.fields})


def recovery_ordered(h: History) -> Request:
    account, held = _paid(h)
    fields = {"settlement": account.ref, **money(h.part(held)), "reason": "not used as agreed", **h.moment().fields}
    return Request(signed_by_both(h), "RecoveryOrdered", fields)


def recovery_received(h: History) -> Request:
    account, held = h.holder("R110")
    return _fact(h, "RecoveryReceived", h.moment(), h.part(held), settlement=str(account.ref), target=h.one(_TARGETS))


def repayment_received(h: History) -> Request:
    account, held = h.holder("R100")
    recycling = {"recycling": {"number": h.new("recycling-")}} if h.happens(0.5) else {}
    settlement = str(account.ref) if h.happens(0.95) else h.name(SETTLEMENTS.of(h.world.book))
    return _fact(h, "RepaymentReceived", h.moment(), h.part(held), settlement=settlement, **recycling)
