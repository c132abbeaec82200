"""Sheet 12: what each special may still commit, what waits for it, and why no more."""

from datetime import date
from typing import Any

from ledger.access.sight import Sight
from ledger.application import Ledger
from ledger.projections.balances import balances
from ledger.reports.asking import Asked, sheet_of
from ledger.reports.catalogue import ReportCode
from ledger.reports.waiting import PARTS
from tests.reports.naive import row_of, sheet_of_world
from tests.reports.test_execution import paid_world
from tests.world import World, party, project

TODAY = date(2026, 1, 31)
MILLION = 100_000_000


def waiting() -> World:
    """Of 25 million 10 are committed: a call holds back 3, a proposal asks for 4, a gate holds 2.5, a claim waits."""
    world = paid_world()
    at = {"fund": "STIDF", "vintage": 2025, "effective_on": "2025-03-20"}
    call = {"call": "CALL-1", "fund": "STIDF", "special": "RDT-KRD", "amount": "3000000", "expires_on": "2025-06-30"}
    world.record("STD", "FundsReserved", effective_on="2025-03-20", **call)
    project(world, "KRD-2", "RDT-KRD", "COMPETITIVE")
    parts = [
        {"instalment": "1", "amount": "500000", "due_on": "2025-06-29"},
        {"instalment": "2", "amount": "1500000", "gated": True, "due_on": "2025-06-30"},
        {"instalment": "3", "amount": "1000000", "gated": True},
    ]
    later = [{"fiscal_year": 2026, "amount": "700000"}]
    world.record(
        "STD", "PreFundingCommitted", project="KRD-2", amount="3000000", instalments=parts, later_years=later, **at
    )
    asked = {"kind": "PreFundingCommitted", "project": "KRD-1", "amount": "4000000", **at}
    asked["instalments"] = [{"instalment": "9", "amount": "4000000"}]
    world.record("STD", "ProposalSubmitted", proposal="P-1", effective_on="2025-03-20", movements=[asked])
    return world


def test_a_special_on_one_line() -> None:
    sheet = sheet_of_world(waiting(), ReportCode.AVAILABILITY, "2025-03-31")
    krd = row_of(sheet, "special", "RDT-KRD")
    figures = ("adjusted", "committed", "available", "reserved", "net", "pending", "future", "due_soon", "gates_open")
    assert [krd[name] / MILLION for name in figures] == [25, 13, 12, 3, 9, 4, 0.7, 0.5, 2.5]
    assert "CALL-1 预留 3,000,000.00 元至 2025-06-30(仅提示)" in krd["why"].zh
    brk = row_of(sheet, "special", "MSP-BRK")
    assert (brk["available"], brk["why"].en) == (0, "nothing is available: allocate or reallocate first")
    legacy = row_of(sheet, "special", "LEG-MSTP")
    assert legacy["why"].en.startswith("takes no new commitments")


def test_ninety_days_and_a_call_are_up_to_their_day() -> None:
    world = waiting()
    for day, due, reserved in (
        ("2025-03-30", 0, 3),
        ("2025-04-01", 2, 3),
        ("2025-06-30", 2, 3),
        ("2025-07-01", 2, 0),
    ):
        krd = row_of(sheet_of_world(world, ReportCode.AVAILABILITY, day), "special", "RDT-KRD")
        assert (krd["due_soon"] / MILLION, krd["reserved"] / MILLION) == (due, reserved), day


def test_a_decided_proposal_waits_no_more_and_a_passed_gate_is_open() -> None:
    world = waiting()
    world.record("FIN", "ProposalRejected", proposal="P-1", effective_on="2025-03-21", reason="不同意")
    passed = {"project": "KRD-2", "instalment": "2", "passed": True, "document": {"number": "考核1号"}}
    world.record("STD", "MilestoneAssessed", effective_on="2025-03-22", **passed)
    krd = row_of(sheet_of_world(world, ReportCode.AVAILABILITY, "2025-03-31"), "special", "RDT-KRD")
    assert (krd["pending"], krd["gates_open"]) == (0, 1 * MILLION)


def test_late_matching_a_race_and_the_queue() -> None:
    world = paid_world()
    day = {"effective_on": "2025-03-01"}
    at = {"fund": "STIDF", "vintage": 2025, **day}
    for special, amount in (("MSP-BRK", "6000000"), ("CAP-POL", "1000000")):
        world.sign("STD", "FIN", "FundsAllocated", special=special, amount=amount, **at)
    teams = [{"team": "A", "party": party("institute")}, {"team": "B", "party": party("company")}]
    project(world, "BRK-R", "MSP-BRK", "RACE", teams=teams)
    parts = [
        {"instalment": "A1", "amount": "1500000", "team": "A"},
        {"instalment": "B1", "amount": "2500000", "team": "B"},
    ]
    world.record(
        "STD",
        "PreFundingCommitted",
        project="BRK-R",
        amount="4000000",
        instalments=parts,
        scheme={"number": "方案1"},
        **at,
    )
    pledge = {
        "pledge": "PL-1",
        "project": "BRK-R",
        "pledger": party("university"),
        "amount": "800000",
        "basis": "承诺函",
    }
    due = [{"due_on": "2025-03-31", "amount": "300000"}, {"due_on": "2025-09-30", "amount": "500000"}]
    world.record("UND of university", "MatchingCommitted", tranches=due, **pledge, **day)
    for name, value in (("post_subsidy_rate", {"rate_bp": 2000}), ("post_subsidy_cap", {"amount": "100000"})):
        world.sign("FIN", "STD", "PolicyParameterSet", name=name, document={"number": name}, **value, **day)
    project(world, "POL-1", "CAP-POL", "ENTITLED")
    claim = {"project": "POL-1", "verifier": "核查组", "report": {"number": "核查1号"}, **day}
    world.record("STD", "PostSubsidyVerified", claim="C-1", claimed="400000", eligible="333333.33", **claim)
    world.record("STD", "PostSubsidyVerified", claim="C-2", claimed="900000", eligible="900000", **claim)
    sheet = sheet_of_world(world, ReportCode.AVAILABILITY, "2025-04-01")
    brk, pol = (row_of(sheet, "special", special) for special in ("MSP-BRK", "CAP-POL"))
    assert (brk["race_pool"], brk["late_match"]) == (4 * MILLION, 30_000_000)
    assert pol["queue"] == 6_666_666 + 10_000_000
    assert row_of(sheet_of_world(world, ReportCode.AVAILABILITY, "2025-03-31"), "special", "MSP-BRK")["late_match"] == 0


def test_it_ties_to_the_balances(demo_ledger: Ledger) -> None:
    sheet = sheet_of(demo_ledger, ReportCode.AVAILABILITY, Asked(), TODAY)
    with demo_ledger.reading() as book:
        card = balances(demo_ledger.store, demo_ledger.id, book, "special", on=TODAY)
    same = {
        "adjusted": "total",
        "available": "available",
        "net": "net",
        "future": "later_years",
        "late_match": "matching_gap",
    }
    assert sheet.total is not None
    assert {name: sheet.total[name] for name in same} == {name: card.total[figure] for name, figure in same.items()}
    for row in card.rows:
        found = row_of(sheet, "special", row.key)
        assert {name: found[name] for name in same} == {name: row.figures[figure] for name, figure in same.items()}


def test_a_manager_sees_their_specials(demo_ledger: Ledger) -> None:
    sheet = sheet_of(demo_ledger, ReportCode.AVAILABILITY, Asked(sees=Sight(specials=frozenset({"MSP-CRC"}))), TODAY)
    (only,) = sheet.rows
    whole = sheet_of(demo_ledger, ReportCode.AVAILABILITY, Asked(), TODAY)
    assert dict(only) == row_of(whole, "special", "MSP-CRC")


def test_every_line_that_it_sums() -> None:
    sheet = sheet_of_world(waiting(), ReportCode.AVAILABILITY_LINES, "2025-03-31")
    rows: list[Any] = [row for row in sheet.rows if row["project"] in (None, "KRD-2") or row["part"] != PARTS]
    said = [(row["part"].en, row["ref"], str(row["until"]), row["why"].en) for row in rows]
    assert said == [
        ("Calls", "CALL-1", "2025-06-30", "shown only"),
        ("Open proposals", "P-1", "None", "Pre-funding committed"),
        ("Instalments", "1", "2025-06-29", "may be ordered"),
        ("Instalments", "2", "2025-06-30", "waits for its assessment"),
        ("Instalments", "3", "None", "waits for its assessment"),
        ("Later years", "2026", "2026-01-01", "to be committed once that year is allocated"),
    ]
    assert sheet.total is not None
    whole = sheet_of_world(waiting(), ReportCode.AVAILABILITY, "2025-03-31").total
    assert whole is not None
    totals = ("reserved", "pending", "due_soon", "gates_open", "late_match", "queue", "race_pool", "future")
    assert [sheet.total[name] for name in totals] == [whole[name] for name in totals]
    assert sheet.total["future"] == 0.7 * MILLION


def test_an_assessment_that_barred_an_instalment_is_told_apart_from_none() -> None:
    world = waiting()
    barred = {"project": "KRD-2", "instalment": "1", "passed": False, "document": {"number": "考核1号"}}
    world.record("STD", "MilestoneAssessed", effective_on="2025-03-22", **barred)
    sheet = sheet_of_world(world, ReportCode.AVAILABILITY_LINES, "2025-03-31")
    rows: list[Any] = [row for row in sheet.rows if (row["project"], row["ref"]) == ("KRD-2", "1")]
    assert [row["why"].en for row in rows] == ["not every assessment passed"]
