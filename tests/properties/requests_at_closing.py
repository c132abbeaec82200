"""Random requests about periods, years, corrections and proposals; requests that are spoiled; and a whole year's end."""

import hashlib
from datetime import date
from typing import Any

from ledger.domain.approval import PROPOSALS, ProposalStatus
from ledger.domain.closing import SIGNED_OFF
from ledger.domain.correction import CORRECTED_BY
from ledger.domain.money import yuan
from ledger.domain.movement import MOVEMENTS
from ledger.domain.parameter import chosen
from ledger.domain.payment import SETTLEMENTS
from ledger.domain.period import CLOSED_YEARS
from ledger.domain.suspense import SUSPENSE
from tests.properties.history import LAST_YEAR, History, Moment, Request, money
from tests.world import World

MANY_SIGNERS = ("FIN", "STD", "COM", "TRE", "PM", "AUD", "REC of industry", "UND of university", "CHA")


def reconciliation_signed_off(h: History) -> Request:
    months = h.open_months()
    month = months[0] if h.happens(0.8) else f"{h.today:%Y-%m}"
    return Request(("FIN", "FIN2"), "ReconciliationSignedOff", _signed(h, month, h.moment(may_be_earlier=False)))


def _signed(h: History, month: str, at: Moment) -> dict[str, Any]:
    statement = hashlib.sha256(h.new("statement").encode()).hexdigest()
    totals = {"ledger_total": "1", "statement_total": "1", "unexplained": "0"}
    return {"reconciles": month, "statement": statement, **totals, **at.fields}


def period_closed(h: History) -> Request:
    """The next month if it is over; sometimes one out of order. December is left to the year's end, mostly."""
    month = h.open_months()[0]
    over = month < f"{h.today:%Y-%m}" and (month[5:] < "12" or h.happens(0.2))
    if not over or h.happens(0.1):
        month = f"{h.today.year + 1}-{h.chance.randint(1, 13):02d}" if h.happens(0.8) else "2025-01"
    return Request(("FIN",), "PeriodClosed", {"closes": month, **h.moment(may_be_earlier=False).fields})


def year_closed(h: History) -> Request:
    year = min(h.open_years()[0] + int(h.happens(0.1)), LAST_YEAR)  # the year after the last stays open
    return Request(("FIN",), "YearClosed", {"year": year, **h.moment(may_be_earlier=False).fields})


def balance_carried_forward(h: History) -> Request:
    """Some balance of the year that ends; in the middle of a year only now and then."""
    year = h.open_years()[0]
    account, held = h.holder("B200", "B210", "B220", "B230", fiscal_year=year)
    in_season = h.today.month in (12, 1)
    period = f"{year}-12" if in_season or h.happens(0.2) else f"{h.today:%Y-%m}"
    amount = h.part(held) if in_season else h.amount(max(1, held // 20))
    fields = _carried(account, amount, Moment(f"{year}-12-31", period), "CARRY_OVER")
    into = f"{year + 1}-{h.chance.randint(1, 3):02d}" if h.happens(0.95) else f"{year}-12"
    return Request(("FIN",), "BalanceCarriedForward", {**fields, "next_period": into})


def _carried(account: Any, amount: int, at: Moment, treatment: str) -> dict[str, Any]:
    fields = {"account": account.code, "fund": account.source, "vintage": account.vintage, "treatment": treatment}
    named = {"special": account.special, "project": account.project, "ref": account.ref}
    given = {name: value for name, value in named.items() if value is not None}
    return {**fields, **money(amount), **given, "reason": "work goes on", **at.fields}


def carry_forward_adjusted(h: History) -> Request:
    """The final accounts of a closed year say that more was carried, or less."""
    year = h.one(CLOSED_YEARS.of(h.world.book)) or h.open_years()[0]
    carried, held = h.holder("B260", fiscal_year=year)
    spent, gone = h.holder("B250", "B240", fiscal_year=year, source=carried.source, vintage=carried.vintage)
    account = {(False, False): "B200", (True, False): "B210"}.get(
        (bool(carried.special), bool(carried.project)), "B220"
    )
    fields: dict[str, Any] = {"year": year, "against": spent.code, "account": account, "fund": carried.source}
    fields |= {"vintage": carried.vintage, **h.document(), **h.moment(may_be_earlier=False).fields}
    if account == "B210":
        fields |= {"special": carried.special}
    if account == "B220":
        after = h.holder("B220", fiscal_year=year + 1, project=carried.project)[0]
        fields |= {"project": carried.project, "instalment": after.ref}
    if spent.code == "B240":
        fields |= {"settlement": spent.ref or "nothing"}
    less, more = -h.part(held // 5), h.part(gone // 5)
    return Request(("FIN",), "CarryForwardAdjusted", {**fields, "amount": yuan(more if h.happens(0.6) else less)})


# -- corrections


def entry_corrected(h: History) -> Request:
    """One number, or an order together with its settlements; taken back, or with another amount in its place."""
    log = h.world.log
    good = [one.number for one in log[-400:] if MOVEMENTS[one.movement.kind].correctable]
    number = h.one(good) if good and h.happens(0.93) else h.chance.randint(1, len(log) + 1)
    numbers = _together(h.world, int(number or 1)) if h.happens(0.6) else [int(number or 1)]
    twice = numbers * 2 if h.happens(0.02) else numbers
    factor = h.chance.choice((None, None, 90, 110, 101))
    lines = [{"number": n, **({"replacement": _replaced(h, n, factor)} if factor else {})} for n in twice]
    fields = {"lines": lines, "reason": "entered wrongly", **h.moment(may_be_earlier=False).fields}
    return Request(("FIN", "FIN2"), "EntryCorrected", fields)


def _together(world: World, number: int) -> list[int]:
    """An order and what was settled of it stand and fall together."""
    if number > len(world.log) or world.log[number - 1].movement.kind not in ("PaymentOrdered", "PaymentSettled"):
        return [number]
    order = getattr(world.log[number - 1].movement, "order", None)
    kinds = ("PaymentOrdered", "PaymentSettled", "PaymentRejected", "PaymentRefunded")
    settlements = [name for name, settled in SETTLEMENTS.items(world.book) if settled.order == order]
    return [
        one.number
        for one in world.log
        if one.movement.kind in kinds
        and (getattr(one.movement, "order", "") == order or getattr(one.movement, "settlement", "") in settlements)
        and not _taken_back(world, one.number)
    ] or [number]


def _taken_back(world: World, number: int) -> bool:
    for correction in CORRECTED_BY.get(world.book, number) or ():
        lines = getattr(world.log[correction - 1].movement, "lines", ())
        if any(line.number == number and line.replacement is None for line in lines):
            return True
    return False


def _replaced(h: History, number: int, percent: int) -> dict[str, Any] | None:
    """The same movement with another amount, and sometimes with another day or of another kind."""
    if number > len(h.world.log):
        return None
    movement = h.world.log[number - 1].movement
    if movement.kind.startswith("Proposal") or movement.kind == "EntryCorrected":
        return None
    fields: dict[str, Any] = movement.model_dump(mode="json", exclude_none=True)
    amount = getattr(movement, "amount", None)
    if amount and "instalments" not in fields and "year" not in fields:
        fields["amount"] = yuan(max(1, amount * percent // 100))
    if h.happens(0.02):
        other = {"fund": "STIDF", "vintage": 2025, "amount": "1"}
        fields = {"kind": "AppropriationReceived", "effective_on": fields["effective_on"], **other, **h.document()}
    return fields


# -- proposals


def proposal_submitted(h: History) -> Request:
    """Movements that wait: two allocations, approved as one or not at all."""
    at = h.moment(may_be_earlier=False)
    account, held = h.holder("B200", fiscal_year=at.year, source="STIDF")
    where = {"kind": "FundsAllocated", "fund": "STIDF", "vintage": account.vintage, "special": "RDT-KRD", **at.fields}
    movements = [{**where, **money(max(1, held // h.chance.randint(2, 9)))} for _ in range(2)]
    fields = {"proposal": h.new("waiting-"), "movements": movements, "effective_on": at.effective_on}
    return Request((str(h.one(("STD", "FIN", "PM"))),), "ProposalSubmitted", fields)


def _waiting(h: History) -> str:
    still = [name for name, proposal in PROPOSALS.items(h.world.book) if proposal.status is ProposalStatus.OPEN]
    return h.name(still if h.happens(0.9) else PROPOSALS.of(h.world.book))


def proposal_approved(h: History) -> Request:
    """Mostly as it was read; now and then without some of its lines, all of them included."""
    fields: dict[str, Any] = {"proposal": _waiting(h), "effective_on": h.today.isoformat()}
    found = PROPOSALS.get(h.world.book, fields["proposal"])
    if found is not None:
        fields["digest"] = found.digest if h.happens(0.9) else f"sha256:{'0' * 64}"
    if found is not None and h.happens(0.3):
        lines = range(1, len(found.movements) + 1)
        fields["struck"] = [line for line in lines if h.happens(0.7)] or [h.chance.randint(1, 3)]
    return Request((str(h.one(("FIN", "STD", "FIN2", "COM"))),), "ProposalApproved", fields)


def proposal_rejected(h: History) -> Request:
    fields = {"proposal": _waiting(h), "effective_on": h.today.isoformat(), "reason": "no"}
    return Request((str(h.one(("FIN", "STD", "UND of university"))),), "ProposalRejected", fields)


# -- spoiled requests


def spoiled(h: History, request: Request) -> Request:
    """Something is wrong with it: who signs, what is missing, what it names, when it is, or that it was sent before."""
    signers, kind, fields = request
    draw = h.chance.randint(1, 6)
    if draw == 1:
        return request._replace(signers=tuple(str(h.one(MANY_SIGNERS)) for _ in signers))
    if draw == 2 and not kind.startswith("Proposal"):
        return request._replace(signers=(signers[0], signers[0]))
    if draw == 3:
        without = h.one([name for name in ("document", "reason", "scheme") if name in fields])
        return request._replace(fields={name: value for name, value in fields.items() if name != without})
    if draw == 4:
        named = h.one([name for name in ("project", "order", "settlement", "pledge", "item") if name in fields])
        return request._replace(fields={**fields, named: "nothing"}) if named else request
    if draw == 5:
        return request._replace(fields={**fields, "effective_on": "2025-01-21", "period": "2025-01"})
    before = h.one([one for one in h.world.log[-100:] if one.movement.kind == kind])
    same = before.movement.model_dump(mode="json", exclude_none=True) if before else {"kind": kind, **fields}
    return request._replace(fields={name: value for name, value in same.items() if name != "kind"})


# -- the year's end


def whole_year_ends(h: History) -> None:
    """All that is left of the first open year is explained, then carried or withdrawn, then the year closes.

    Nothing may stand against it: money that can be neither used nor carried nor withdrawn would be stuck for ever.
    """
    year = h.open_years()[0]
    h.today = max(h.today, h.today.replace(year=year + 1, month=1, day=20))
    _explain(h, year)
    at = Moment(f"{year}-12-31", f"{year}-13")
    for account, held in h.standing("B200", "B210", "B220", "B230", fiscal_year=year):
        lapses = chosen(h.world.book, "lapse_scope", str(account.source), date(year, 12, 31)) == "uncommitted"
        back = account.code in ("B200", "B210") and (lapses or h.happens(0.3))
        into = next(month for month in h.open_months() if month[:4] > str(year))
        fields = {**_carried(account, held, at, str(h.one(("CARRY_OVER", "SURPLUS")))), "next_period": into}
        if lapses and back:
            h.attempt(Request(("FIN",), "BalanceCarriedForward", fields))
        if back or (account.code == "B220" and h.happens(0.1)):
            h.must(Request(("FIN",), "FundsWithdrawnToTreasury", _withdrawn(h, account, held, at)))
        else:
            h.must(Request(("FIN",), "BalanceCarriedForward", fields))
    _sign_off(h, year)
    h.must(Request(("FIN",), "YearClosed", {"year": year, "effective_on": h.today.isoformat()}))


def _sign_off(h: History, year: int) -> None:
    """Where the parameter asks for it, the months that close with the year are signed first, the settling period as well."""
    if chosen(h.world.book, "reconciliation_required", "", h.today) != "yes":
        return
    if h.happens(0.5):
        h.attempt(Request(("FIN",), "YearClosed", {"year": year, "effective_on": h.today.isoformat()}))
    for month in h.open_months():
        if month[:4] == str(year) and month not in SIGNED_OFF.of(h.world.book):
            h.must(
                Request(
                    ("FIN", "FIN2"), "ReconciliationSignedOff", _signed(h, month, Moment(h.today.isoformat(), None))
                )
            )


def _withdrawn(h: History, account: Any, held: int, at: Moment) -> dict[str, Any]:
    fields = {"account": account.code, "fund": account.source, "vintage": account.vintage, **money(held)}
    if account.code == "B210":
        fields |= {"special": account.special}
    if account.code == "B220":
        fields |= {"project": account.project, "instalment": account.ref}
    return {**fields, **h.document(), **at.fields}


def month_ends(h: History) -> None:
    """The suspense of the first open month is explained, and the month closes if nothing else stands against it."""
    month = h.open_months()[0]
    if month < f"{h.today:%Y-%m}":
        _explain(h, int(month[:4]), month)
        h.attempt(Request(("FIN",), "PeriodClosed", {"closes": month, "effective_on": h.today.isoformat()}))


def _explain(h: History, year: int, month: str | None = None) -> None:
    for account, held in h.standing("X900", fiscal_year=year):
        period = SUSPENSE.of(h.world.book)[str(account.ref)].period
        if month not in (None, period):
            continue
        fields = {"item": account.ref, **money(held), **h.document(), "effective_on": h.today.isoformat()}
        h.must(Request(("FIN",), "SuspenseCleared", {**fields, "period": period}))
