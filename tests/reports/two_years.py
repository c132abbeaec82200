"""A project's life over two years, with everything that can happen to its money on the way."""

from typing import Any

from ledger.domain.money import yuan
from tests.world import World, opened_2025, party, project

FUND = {"fund": "STIDF", "vintage": 2025}


def first_year() -> World:
    """2025: KRD-1 has 3,000,000 in two instalments, of which 950,000.01 stay paid, 200,000 were released; others pay, too."""
    world = opened_2025()
    allocated = {"special": "RDT-KRD", "amount": "30000000", "effective_on": "2025-02-01"}
    world.sign("STD", "FIN", "FundsAllocated", **allocated, **FUND)
    known = {"budget_code": "1500002506", "ends_on": "2027-12-31", "document": {"number": "任务书〔2025〕1号"}}
    project(world, "KRD-1", "RDT-KRD", "COMPETITIVE", starts_on="2025-02-01", **known)
    parts = [
        {"instalment": "1", "amount": "2000000", "due_on": "2025-06-30"},
        {"instalment": "2", "amount": "1000000", "gated": True},
    ]
    committed = {"project": "KRD-1", "amount": "3000000", "instalments": parts, "effective_on": "2025-02-10"}
    world.record(
        "STD", "PreFundingCommitted", later_years=[{"fiscal_year": 2027, "amount": "700000"}], **committed, **FUND
    )
    pay(world, "1", "1000000.01", "2025-03-10")
    about = {"project": "KRD-1"}
    passed = {"instalment": "2", "passed": True, "document": {"number": "考核1号"}, "effective_on": "2025-05-10"}
    world.record("STD", "MilestoneAssessed", **about, **passed)
    released = {"instalment": "2", "amount": "200000", "reason": "核减", "effective_on": "2025-05-20"}
    world.record("STD", "CommitmentReleased", **about, **released)
    demand = {"settlement": "PAY-1", "amount": "100000", "reason": "结余", "effective_on": "2025-06-01"}
    world.sign("STD", "FIN", "RecoveryOrdered", **demand)
    back = {"settlement": "PAY-1", "amount": "50000", "detail": "BACK-1", "effective_on": "2025-07-01"}
    world.record("TRE", "RecoveryReceived", **back)
    others(world)
    return world


def others(world: World) -> None:
    """1,000,000 of matching money are promised and 400,000 arrive; an enterprise commits 500,000; 600,000 are spent."""
    pledge = {"pledge": "PL-1", "effective_on": "2025-03-01"}
    due = [{"due_on": "2025-09-30", "amount": "1000000"}]
    promised = {"pledger": party("university"), "amount": "1000000", "tranches": due, "basis": "承诺函"}
    world.record("UND of university", "MatchingCommitted", project="KRD-1", **pledge, **promised)
    arrived = {"amount": "400000", "origin": "MATCHING"}
    world.sign("UND of university", "STD", "MatchingReceived", **pledge, **arrived)
    enterprise = {"source": "ENTERPRISE", "amount": "500000", "stage": "COMMITTED"}
    spent = {"amount": "600000", "report": {"number": "支出表1"}}
    for kind, fields in (("CoFundingRecorded", enterprise), ("UndertakerExpenditureReported", spent)):
        world.record("UND of university", kind, project="KRD-1", effective_on="2025-08-01", **fields)


def pay(world: World, serial: str, amount: str, day: str) -> None:
    """A part of the first instalment is ordered as ORD-… and settled as PAY-…"""
    order = {"order": f"ORD-{serial}", "amount": amount, "effective_on": day}
    to = {"instalment": "1", "payee": party("university"), "document": {"number": f"拨付{serial}号"}}
    world.record("STD", "PaymentOrdered", project="KRD-1", **order, **to)
    world.record("TRE", "PaymentSettled", detail=f"PAY-{serial}", **order)


def carried(world: World, **fields: Any) -> World:
    """All of 2025 is carried forward; the year closes."""
    for found, held in world.book.standing("B200", "B210", "B220", "B230", fiscal_year=2025):
        where = {"special": found.special, "project": found.project, "ref": found.ref}
        what = {"account": found.code, "fund": found.source, "vintage": found.vintage, "amount": yuan(held)}
        named = {name: value for name, value in where.items() if value is not None}
        when = {"treatment": "CARRY_OVER", "reason": "继续执行", "effective_on": "2025-12-31", **fields}
        world.record("FIN", "BalanceCarriedForward", **what, **named, **when)
    world.record("FIN", "YearClosed", year=2025, effective_on="2026-01-20")
    return world


def second_year() -> World:
    """2026: 300,000.01 of the payment come back to treasury and are quota again; 500,000 more are paid."""
    world = carried(first_year())
    refund = {"settlement": "PAY-1", "amount": "300000.01", "detail": "REF-1", "effective_on": "2026-02-03"}
    world.record("TRE", "PaymentRefunded", **refund)
    adjust(world, "300000.01")
    pay(world, "2", "500000", "2026-04-10")
    return world


def adjust(world: World, amount: str, **fields: Any) -> int:
    """The final accounts say that so much more of PAY-1 is carried; its voucher."""
    of = {
        "year": 2025,
        "against": "B240",
        "settlement": "PAY-1",
        "account": "B220",
        "project": "KRD-1",
        "instalment": "1",
    }
    final = {"document": {"number": "内财决〔2026〕1号"}, "effective_on": "2026-03-31"}
    done = world.record("FIN", "CarryForwardAdjusted", amount=amount, **of, **FUND, **{**final, **fields})
    assert done.voucher is not None
    return done.voucher
