"""Random requests about the funds, their specials, parameters and parties."""

from datetime import date, timedelta
from typing import Any

from ledger.domain.catalogue import SPECIALS, Mode, Plan
from ledger.domain.money import yuan
from ledger.domain.parameter import PARAMETERS
from ledger.domain.party import PARTIES
from ledger.domain.project import PROJECTS
from ledger.domain.reservation import RESERVATIONS
from ledger.domain.special import all_specials
from tests.properties.history import History, Moment, Request, money
from tests.world import PREDECESSORS, credit_code, party

BOTH = (("STD", "FIN"), ("FIN", "STD"), ("PM", "FIN"))


def signed_by_both(h: History) -> tuple[str, ...]:
    return BOTH[2] if h.happens(0.01) else BOTH[h.chance.randrange(2)]


def special(h: History) -> str:
    """Mostly one where there is money; basic research often enough for the Natural Science Fund."""
    return str(
        h.one(("RDT-KRD", "RDT-KRD", "MSP-BRK", "MSP-CRC", "PLT-NAT", "CAP-POL", "BAS-NSP", "BAS-CND", *SPECIALS))
    )


def exception(h: History) -> dict[str, Any]:
    return {"exception": {"number": h.new("exception-")}} if h.happens(0.1) else {}


def appropriation_received(h: History) -> Request:
    at = h.moment()
    fund = h.one(("STIDF", "STIDF", "STIDF", "NSF", "NSF", "ATRD"))
    where = {"fund": fund, "vintage": at.year, "line": str(h.chance.randint(1, 3))}
    return Request(("FIN",), "AppropriationReceived", {**where, **money(h.amount(9**10)), **h.document(), **at.fields})


def appropriation_reduced(h: History) -> Request:
    at = h.moment()
    account, held = h.holder("B200", fiscal_year=at.year)
    where = {"fund": account.source, "vintage": account.vintage}
    return Request(("FIN",), "AppropriationReduced", {**where, **money(h.part(held // 9)), **h.document(), **at.fields})


def funds_allocated(h: History) -> Request:
    at = h.moment()
    account, held = h.holder("B200", fiscal_year=at.year)
    to = h.one(("BAS-NSP", "BAS-JNT", "BAS-CND")) if account.source == "NSF" and h.happens(0.9) else special(h)
    where = {"fund": account.source, "vintage": account.vintage, "special": to}
    amount = money(h.part(held // 4))
    return Request(signed_by_both(h), "FundsAllocated", {**where, **amount, **exception(h), **at.fields})


def allocation_withdrawn(h: History) -> Request:
    at = h.moment()
    account, held = h.holder("B210", fiscal_year=at.year)
    where = {"fund": account.source, "vintage": account.vintage, "special": account.special}
    return Request(signed_by_both(h), "AllocationWithdrawn", {**where, **money(h.part(held // 9)), **at.fields})


def funds_reserved(h: History) -> Request:
    at = h.moment()
    account, held = h.holder("B210", fiscal_year=at.year)
    expires = (h.today + timedelta(days=h.chance.randint(-20, 200))).isoformat()
    where = {"call": h.new("call-"), "fund": account.source, "special": account.special, "expires_on": expires}
    return Request(signed_by_both(h), "FundsReserved", {**where, **money(h.part(held // 3)), **at.fields})


def reservation_released(h: History) -> Request:
    call = h.name(RESERVATIONS.of(h.world.book))
    _, held = h.holder("P200", ref=call)
    return Request(signed_by_both(h), "ReservationReleased", {"call": call, **money(h.part(held)), **h.moment().fields})


def reallocated_within_fund(h: History) -> Request:
    at = h.moment()
    account, held = h.holder("B210", fiscal_year=at.year)
    to = h.one(("BAS-NSP", "BAS-CND")) if account.source == "NSF" and h.happens(0.8) else special(h)
    where = {"fund": account.source, "vintage": account.vintage, "from_special": account.special, "to_special": to}
    fields = {**where, **money(h.part(held // 4)), "reason": "priority", **exception(h), **at.fields}
    return Request(("STD",), "FundsReallocatedWithinFund", fields)


def reallocated_between_funds(h: History) -> Request:
    at = h.moment()
    account, held = h.holder("B200", fiscal_year=at.year)
    to = "NSF" if account.source == "STIDF" else "STIDF"
    where = {"from_fund": account.source, "to_fund": to, "vintage": account.vintage}
    fields = {**where, **money(h.part(held // 5)), **h.document(), **at.fields}
    return Request(("STD", "FIN"), "FundsReallocatedBetweenFunds", fields)


def opening_imported(h: History) -> Request:
    """One line of the opening list: unallocated, allocated, or a project with its instalments and pledges."""
    fund = h.one((*PREDECESSORS, "STIDF", "NSF"))
    fields: dict[str, Any] = {"fund": fund, "vintage": h.one((2023, 2024)), "carried_in": h.happens(0.8)}
    draw = h.chance.random()
    if draw < 0.25:
        fields |= money(h.amount())
    elif draw < 0.4:
        fields |= {"special": special(h), **money(h.amount())}
    else:
        fields |= _opening_project(h)
    return Request(signed_by_both(h), "OpeningBalanceImported", {**fields, **h.moment().fields})


def _opening_project(h: History) -> dict[str, Any]:
    unpaid = [h.amount() for _ in range(h.chance.randint(1, 3))]
    paid = [h.amount() if h.happens(0.5) else 0 for _ in unpaid]
    instalments = [
        {"instalment": h.new("old-"), "unpaid": yuan(left), "paid": yuan(gone), "gated": h.happens(0.1)}
        for left, gone in zip(unpaid, paid, strict=True)
    ]
    wrong = int(h.happens(0.04))
    fields: dict[str, Any] = {"project": h.name(PROJECTS.of(h.world.book)), "instalments": instalments}
    if h.happens(0.3):
        left, received = h.amount(), h.amount() if h.happens(0.5) else 0
        due = [{"due_on": "2025-11-30", "amount": yuan(left)}]
        pledge = {"pledge": h.new("pledge-"), "pledger": party("industry"), "tranches": due}
        fields["pledges"] = [{**pledge, "amount": yuan(left + received), "received": yuan(received)}]
    return {**fields, **money(sum(unpaid) + sum(paid) + wrong)}


def predecessor_consolidated(h: History) -> Request:
    fund = h.one((*PREDECESSORS, "NSF")) if h.happens(0.1) else h.one(PREDECESSORS)
    return Request(signed_by_both(h), "PredecessorFundConsolidated", {"fund": fund, **h.moment().fields})


def withdrawn_to_treasury(h: History) -> Request:
    at = h.moment()
    account, held = h.holder("B200", "B210", "B220", fiscal_year=at.year)
    fields = {"account": account.code, "fund": account.source, "vintage": account.vintage, **h.document(), **at.fields}
    if account.code == "B210":
        fields |= {"special": account.special}
    if account.code == "B220":
        fields |= {"project": account.project, "instalment": account.ref}
    return Request(("FIN",), "FundsWithdrawnToTreasury", {**fields, **money(h.part(held // 9))})


# -- specials, parameters, parties


def special_added(h: History) -> Request:
    plan = h.one(("LEGACY", "LEGACY", "RDT", "CAP", "BAS"))
    code = h.new("LEG-0" if plan == "LEGACY" else "NEW-0") if h.happens(0.95) else special(h)
    titles = {"title_zh": "新增专项", "title_en": "Added"}
    modes = [] if plan == "LEGACY" else ["CHALLENGE", "OPEN", "RACE"]
    return Request(
        ("STD",), "SpecialAdded", {"special": code, "plan": plan, **titles, "modes": modes, **h.moment().fields}
    )


def special_suspended(h: History) -> Request:
    code = h.one(code for code in all_specials(h.world.book) if code not in ("RDT-KRD", "BAS-NSP"))
    return Request(("STD",), "SpecialSuspended", {"special": code, **h.document(), **h.moment().fields})


def special_resumed(h: History) -> Request:
    states = all_specials(h.world.book).items()
    stopped = [code for code, state in states if len(state.history) > 1]
    code = h.one(stopped) or special(h)
    return Request(("STD",), "SpecialResumed", {"special": code, **h.document(), **h.moment().fields})


def special_merged(h: History) -> Request:
    """Rather an added special than one of the notice's, so that a long history does not run out of them."""
    states = all_specials(h.world.book)
    added = [code for code, state in states.items() if code not in SPECIALS and state.plan is not Plan.LEGACY]
    gone = h.one(added) if added and h.happens(0.6) else h.one(("CAP-STR", "CAP-COP", "MSP-DEM", "RDT-CHN", "PLT-REG"))
    fields = {"special": gone, "into": special(h), **h.document(), **h.moment().fields}
    return Request(("STD",), "SpecialMerged", fields)


def parameter_set(h: History) -> Request:
    name = str(h.one((*PARAMETERS, *PARAMETERS, "nothing")))
    kind = PARAMETERS.get(name)
    value: dict[str, Any] = {"days": h.chance.randint(5, 40)}
    if kind is not None and h.happens(0.9):
        rate = h.chance.randint(1000, 5000)
        values = {"amount": yuan(h.amount(10**9)), "rate_bp": rate, "days": value["days"], "years": 2}
        value = {kind.unit: h.one((*kind.choices, "no")) if kind.choices else values[kind.unit]}
    scope = h.one(("NSF", "STIDF")) if kind and kind.scope == "fund" else "CAP-POL"
    wide = {} if kind is None or not kind.scope or (name == "fund_floor" and h.happens(0.5)) else {"scope": scope}
    fields = {"name": name, **value, **wide, **h.document(), **h.moment().fields}
    return Request(signed_by_both(h), "PolicyParameterSet", fields)


def signing_rule_set(h: History) -> Request:
    """One more step for kinds that nothing else waits for; as often a rule is repealed again."""
    kinds = [h.one(("FundsAllocated", "ProjectAmended", "PartyRenamed"))]
    if h.happens(0.1):
        kinds.append(h.one(("PaymentSettled", "ProposalApproved", "nothing")))
    steps = [] if h.happens(0.6) else [h.one(("COM", "COM", "COM", "AUD"))]
    fields = {"rule": h.one(("R-1", "R-2")), "kinds": kinds, "steps": steps, "from_amount": yuan(h.amount())}
    return Request(signed_by_both(h), "SigningRuleSet", {**fields, **h.document(), **h.moment().fields})


def party_registered(h: History) -> Request:
    code = credit_code(h.chance.randint(1, 400))
    fields = {"credit_code": code, "name": h.new("party "), "level": "REGIONAL", **h.moment().fields}
    return Request(("STD",), "PartyRegistered", fields)


def party_renamed(h: History) -> Request:
    code = h.one(PARTIES.of(h.world.book)) if h.happens(0.9) else credit_code(999)
    return Request(("STD",), "PartyRenamed", {"credit_code": code, "name": h.new("party "), **h.moment().fields})


def beginning(h: History) -> None:
    """Quota for both funds, some of it allocated; the parameters of post-subsidies; a legacy category; projects to start with."""
    day = Moment(date(2025, 1, 20).isoformat(), None).fields
    for fund, amount in (("STIDF", "90000000"), ("NSF", "16000000")):
        given = {"fund": fund, "vintage": 2025, "amount": amount, **h.document(), **day}
        h.must(Request(("FIN",), "AppropriationReceived", given))
    for code, fund in (("RDT-KRD", "STIDF"), ("MSP-CRC", "STIDF"), ("CAP-POL", "STIDF"), ("BAS-NSP", "NSF")):
        given = {"fund": fund, "vintage": 2025, "special": code, "amount": "9000000", **day}
        h.must(Request(("STD", "FIN"), "FundsAllocated", given))
    for name, scope, value in (
        ("post_subsidy_rate", "CAP-POL", {"rate_bp": 2000}),
        ("post_subsidy_cap", "CAP-POL", {"amount": "500000"}),
        ("fund_floor", "NSF", {"amount": "15000000"}),
        ("lapse_scope", "NSF", {"choice": "uncommitted"}),
    ):
        given = {"name": name, "scope": scope, **value, **h.document(), **day}
        h.must(Request(("FIN", "STD"), "PolicyParameterSet", given))
    legacy = {"special": "LEG-00", "plan": "LEGACY", "title_zh": "原类别", "title_en": "Former", **day}
    h.must(Request(("STD",), "SpecialAdded", legacy))
    modes = {"RDT-KRD": Mode.DIRECTED, "MSP-CRC": Mode.RECOMMENDED, "CAP-POL": Mode.ENTITLED, "BAS-NSP": Mode.OPEN}
    for code in ("LEG-00", *modes):
        named = {"project": f"first-{code}", "external_id": f"X-{code}", "title": "First", "special": code}
        known = {"undertaker": party("university"), "function": "2060499", "recommender": party("industry")}
        known |= {"mode": modes[code]} if code in modes else {}
        h.must(Request(("STD",), "ProjectRegistered", {**named, **known, **day}))


def holidays_announced(h: History) -> Request:
    """A week of a year; now and then a day of another one, or a weekday that is said to be worked though it is no weekend."""
    year = h.chance.choice((2025, 2026))
    holidays = [f"{year}-10-{day:02d}" for day in range(1, h.chance.randint(3, 9))]
    if h.happens(0.1):
        holidays.append(f"{year - 1}-12-31")
    worked = [h.one(("2025-10-11", "2026-10-10"))] if h.happens(0.5) else []
    fields = {"year": year, "holidays": holidays, "worked": worked}
    return Request(signed_by_both(h), "HolidaysAnnounced", {**fields, **h.document(), **h.moment().fields})
