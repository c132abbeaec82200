"""Sheet 2: what a special's quota is made of, how far it is committed and paid, against time and against last year."""

from datetime import date

import pytest

from ledger.access.sight import Sight
from ledger.application import Ledger
from ledger.projections.balances import balances
from ledger.reports.asking import Asked, NotSeen, sheet_of
from ledger.reports.catalogue import ReportCode
from ledger.reports.execution import elapsed
from ledger.reports.sheet import footing
from tests.reports.naive import row_of, sheet_of_world
from tests.world import World, opened_2025, party, project

TODAY = date(2026, 1, 31)
MILLION = 100_000_000
"""Fen."""


def paid_world() -> World:
    """30 million allocated to KRD, 5 of them to CHN since; 10 committed, 4 paid, 1 ordered, 2 issued to a league."""
    world = opened_2025()
    day = {"effective_on": "2025-02-01"}
    at = {"fund": "STIDF", "vintage": 2025, **day}
    world.sign("STD", "FIN", "FundsAllocated", special="RDT-KRD", amount="30000000", **at)
    moved = {"from_special": "RDT-KRD", "to_special": "RDT-CHN", "amount": "5000000", "reason": "重点支持"}
    world.record("STD", "FundsReallocatedWithinFund", **moved, **at)
    project(world, "KRD-1", "RDT-KRD", "COMPETITIVE")
    parts = [{"instalment": "1", "amount": "5000000"}, {"instalment": "2", "amount": "5000000"}]
    world.record("STD", "PreFundingCommitted", project="KRD-1", amount="10000000", instalments=parts, **at)
    for order, amount in (("O-1", "4000000"), ("O-2", "1000000")):
        pay = {"payee": party("university"), "document": {"number": f"拨付-{order}"}, "effective_on": "2025-03-10"}
        world.record("STD", "PaymentOrdered", order=order, project="KRD-1", instalment="1", amount=amount, **pay)
    world.record("TRE", "PaymentSettled", order="O-1", detail="D-1", amount="4000000", effective_on="2025-03-12")
    issued = {
        "quota": {"number": "内财科〔2025〕9号"},
        "to": "LEAGUE",
        "league": "示例盟",
        "effective_on": "2025-03-15",
    }
    world.record("FIN", "QuotaIssued", project="KRD-1", instalment="2", amount="2000000", **issued)
    return world


def test_a_small_year_to_the_fen() -> None:
    sheet = sheet_of_world(paid_world(), ReportCode.EXECUTION, "2025-03-31")
    krd = row_of(sheet, "special", "RDT-KRD")
    figures = (
        "carried_in",
        "quota",
        "virement",
        "consolidated",
        "adjusted",
        "committed",
        "to_leagues",
        "ordered",
        "paid",
    )
    assert [krd[name] for name in figures] == [n * MILLION for n in (0, 30, -5, 0, 25, 10, 2, 1, 4)]
    assert (krd["commit_rate"], krd["execution_rate"]) == (4000, 1600)
    assert krd["time_rate"] == elapsed(date(2025, 3, 31), 2025) == 2466  # 90 of 365 days
    assert (krd["gap"], krd["last_year"]) == (1600 - 2466, None)
    assert row_of(sheet, "special", "RDT-CHN")["virement"] == 5 * MILLION
    legacy = row_of(sheet, "special", "LEG-STTC")
    assert (legacy["carried_in"], legacy["consolidated"], legacy["adjusted"]) == (774_999_950, 0, 774_999_950)
    rest = row_of(sheet, "special", None)
    assert (rest["carried_in"], rest["quota"]) == (541_000_050, 1030 * MILLION)
    assert sheet.total is not None
    assert sheet.total["adjusted"] == 114_626_000_000
    assert not any(footing(sheet).values.values())
    assert not any(sheet.checks[0].values.values())


def test_a_refund_after_its_special_was_merged_moves_quota_and_still_foots() -> None:
    world = paid_world()
    merged = {"special": "RDT-KRD", "into": "RDT-CHN", "document": {"number": "归并1号"}, "effective_on": "2025-04-01"}
    world.record("STD", "SpecialMerged", **merged)
    world.record("TRE", "PaymentRefunded", settlement="D-1", detail="R-1", amount="1000000", effective_on="2025-04-02")
    sheet = sheet_of_world(world, ReportCode.EXECUTION, "2025-04-30")
    krd, chn = (row_of(sheet, "special", special) for special in ("RDT-KRD", "RDT-CHN"))
    assert (krd["adjusted"], krd["paid"], krd["to_leagues"]) == (5 * MILLION, 3 * MILLION, 2 * MILLION)
    assert (krd["consolidated"], chn["consolidated"]) == (-20 * MILLION, 20 * MILLION)
    assert not any(sheet.checks[0].values.values())


def test_last_year_is_restated_to_the_same_day() -> None:
    world = paid_world()
    for day, amount in (("2026-01-10", "7000000"), ("2026-02-10", "1000000")):
        quota = {"fund": "STIDF", "vintage": 2026, "amount": amount, "document": {"number": f"内财科{day}"}}
        world.record("FIN", "AppropriationReceived", effective_on=day, **quota)
    assert row_of(sheet_of_world(world, ReportCode.EXECUTION, "2026-03-11"), "special", "RDT-KRD")["last_year"] == 0
    assert row_of(sheet_of_world(world, ReportCode.EXECUTION, "2026-03-12"), "special", "RDT-KRD")["last_year"] == 1600


@pytest.mark.parametrize(
    ("day", "time"),
    [(date(2024, 12, 31), 0), (date(2025, 1, 1), 27), (date(2025, 12, 31), 10_000), (date(2026, 3, 1), 10_000)],
)
def test_time_runs_by_days_of_the_year(day: date, time: int) -> None:
    assert elapsed(day, 2025) == time


def test_it_ties_to_the_balances(demo_ledger: Ledger) -> None:
    sheet = sheet_of(demo_ledger, ReportCode.EXECUTION, Asked(), TODAY)
    with demo_ledger.reading() as book:
        card = balances(demo_ledger.store, demo_ledger.id, book, "special", on=TODAY)
    same = {
        "carried_in": "carried_in",
        "quota": "appropriated",
        "virement": "reallocated",
        "consolidated": "consolidated",
    }
    same |= {"to_leagues": "issued_to_leagues", "ordered": "ordered", "paid": "disbursed", "adjusted": "total"}
    assert sheet.total is not None
    assert {name: sheet.total[name] for name in same} == {name: card.total[figure] for name, figure in same.items()}
    for row in card.rows:
        found = row_of(sheet, "special", row.key)
        assert found["adjusted"] == row.figures["total"]
        assert found["paid"] == row.figures["disbursed"]


def test_a_manager_sees_their_specials_and_is_told_that_it_is_partial(demo_ledger: Ledger) -> None:
    sees = Sight(specials=frozenset({"RDT"}))
    sheet = sheet_of(demo_ledger, ReportCode.EXECUTION, Asked(sees=sees), TODAY)
    assert [row["special"] for row in sheet.rows] == ["RDT-KRD", "RDT-CHN"]
    assert any("有权查看" in said.zh for said in sheet.scope)
    assert not any(footing(sheet).values.values())
    whole = sheet_of(demo_ledger, ReportCode.EXECUTION, Asked(), TODAY)
    assert not any("有权查看" in said.zh for said in whole.scope)
    assert [dict(row) for row in sheet.rows] == [
        dict(row) for row in whole.rows if str(row["special"]).startswith("RDT")
    ]
    for hidden in (Asked(special="MSP-BRK", sees=sees), Asked(sees=Sight(department="x")), Asked(special="NO-NE")):
        with pytest.raises(NotSeen):
            sheet_of(demo_ledger, ReportCode.EXECUTION, hidden, TODAY)
