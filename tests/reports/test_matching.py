"""Sheet 8: pledge by pledge, what was promised, what is due, what came and what is missing."""

from datetime import date

from ledger.access.sight import Sight
from ledger.application import Ledger
from ledger.projections.balances import balances
from ledger.reports.asking import Asked, sheet_of
from ledger.reports.catalogue import ReportCode
from tests.reports.naive import row_of, sheet_of_world
from tests.reports.test_execution import paid_world
from tests.world import World, party

TODAY = date(2026, 1, 31)


def pledged() -> World:
    """800,000 promised by the undertaker: 300,000 by March, 500,000 by September; 200,000 came."""
    world = paid_world()
    day = {"effective_on": "2025-03-01"}
    pledge = {
        "pledge": "PL-1",
        "project": "KRD-1",
        "pledger": party("university"),
        "amount": "800000",
        "basis": "承诺函",
    }
    due = [{"due_on": "2025-03-31", "amount": "300000"}, {"due_on": "2025-09-30", "amount": "500000"}]
    world.record(
        "UND of university", "MatchingCommitted", tranches=due, document={"number": "承诺1号"}, **pledge, **day
    )
    came = {"pledge": "PL-1", "amount": "200000", "origin": "ENTERPRISE", "evidence": "到账单1"}
    world.sign("UND of university", "STD", "MatchingReceived", effective_on="2025-03-15", **came)
    return world


def test_a_pledge_on_one_line() -> None:
    row = row_of(sheet_of_world(pledged(), ReportCode.MATCHING, "2025-04-10"), "pledge", "PL-1")
    figures = ("pledged", "due", "received", "gap", "days_late")
    assert [row[name] for name in figures] == [80_000_000, 30_000_000, 20_000_000, 10_000_000, 10]
    assert (row["document"], row["evidence"], row["verified_by"]) == ("承诺1号", "到账单1", "std")
    assert (row["due_date"], row["type"].zh, row["credit_code"]) == (date(2025, 3, 31), "承担单位", party("university"))
    before = row_of(sheet_of_world(pledged(), ReportCode.MATCHING, "2025-03-31"), "pledge", "PL-1")
    assert (before["due"], before["gap"], before["days_late"]) == (0, 0, None)


def test_what_was_cut_is_named_and_what_was_corrected_is_not_evidence() -> None:
    world = pledged()
    left = [{"due_on": "2025-09-30", "amount": "400000"}]
    cut = {"pledge": "PL-1", "amount": "200000", "tranches": left, "document": {"number": "核减1号"}}
    world.record("COM", "MatchingReduced", effective_on="2025-04-01", **cut)
    came = next(one for one in world.log if one.movement.kind == "MatchingReceived")
    right = came.movement.model_dump(mode="json", exclude_none=True) | {"amount": "150000.01", "evidence": "到账单2"}
    lines = [{"number": came.number, "replacement": right}]
    world.sign("FIN", "FIN2", "EntryCorrected", lines=lines, reason="录入有误", effective_on="2025-04-02")
    sheet = sheet_of_world(world, ReportCode.MATCHING, "2025-04-10")
    row = row_of(sheet, "pledge", "PL-1")
    assert (row["pledged"], row["received"], row["evidence"]) == (60_000_000, 15_000_001, "到账单2")
    assert (row["reduction"], row["gap"]) == ("核减1号", 4_999_999)
    assert not any(sheet.checks[0].values.values())


def test_it_ties_to_the_balances(demo_ledger: Ledger) -> None:
    sheet = sheet_of(demo_ledger, ReportCode.MATCHING, Asked(), TODAY)
    with demo_ledger.reading() as book:
        card = balances(demo_ledger.store, demo_ledger.id, book, "source", on=TODAY)
    same = {
        "pledged": "matching_pledged",
        "received": "matching_received",
        "due": "matching_due",
        "gap": "matching_gap",
    }
    assert sheet.total is not None
    assert {name: sheet.total[name] for name in same} == {name: card.total[figure] for name, figure in same.items()}


def test_a_department_sees_the_pledges_of_its_projects(demo_ledger: Ledger) -> None:
    whole = sheet_of(demo_ledger, ReportCode.MATCHING, Asked(), TODAY)
    recommender = str(whole.rows[0]["credit_code"])
    theirs = sheet_of(demo_ledger, ReportCode.MATCHING, Asked(sees=Sight(department=recommender)), TODAY)
    assert [row["pledge"] for row in theirs.rows] == [
        row["pledge"] for row in whole.rows if row["credit_code"] == recommender
    ]
    nobody = sheet_of(demo_ledger, ReportCode.MATCHING, Asked(sees=Sight(department="x")), TODAY)
    assert list(nobody.rows) == []
