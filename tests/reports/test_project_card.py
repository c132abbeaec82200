"""Sheet 10: a project's whole life, over all years, with every source, and the history whose changes add up to what stands."""

from datetime import date

import pytest

from ledger.access.sight import Sight
from ledger.application import Ledger
from ledger.demo.batches import RACE, REPAYABLE
from ledger.domain.catalogue import Name
from ledger.domain.money import fen
from ledger.projections.balances import balances
from ledger.projections.moment import Moment
from ledger.reports.asking import Asked, NotSeen, sheet_of
from ledger.reports.catalogue import ReportCode
from ledger.reports.sheet import Row, Sheet, footing
from tests.reports.naive import log_of_world, naive, sheet_of_world
from tests.reports.two_years import first_year, second_year
from tests.world import World, party, project

TODAY = date(2026, 1, 31)
CARD = ReportCode.PROJECT_CARD


def card(world: World, name: str = "KRD-1") -> Sheet:
    return sheet_of_world(world, CARD, "2026-04-30", project=name)


def of_part(sheet: Sheet, zh: str) -> list[Row]:
    return [row for row in sheet.rows if isinstance(row["part"], Name) and row["part"].zh == zh]


def amounts(row: Row, *names: str) -> list[object]:
    return [row.get(name) for name in names]


def check_foots(sheet: Sheet) -> None:
    checks = [check for check in (footing(sheet), *sheet.checks) if check is not None]
    assert [check for check in checks if any(check.values.values())] == []


def test_both_years_to_the_fen_and_carried_money_counts_once() -> None:
    sheet = card(second_year())
    names = ("carried", "committed", "changed", "unpaid", "ordered", "paid", "to_leagues", "later_years")
    years = {(row["item"], row["later_years"]): amounts(row, *names[:-1]) for row in of_part(sheet, "各年")}
    assert years == {
        ("2025", 0): [-fen("1799999.99"), fen("3000000"), -fen("550000.01"), 0, 0, fen("650000"), 0],
        ("2026", 0): [fen("1799999.99"), 0, fen("300000.01"), fen("1600000"), 0, fen("500000"), 0],
        ("2027", fen("700000")): [None, None, None, 0, 0, 0, 0],
    }
    assert sheet.total is not None
    total = [0, fen("3000000"), -fen("250000"), fen("1600000"), 0, fen("1150000"), 0, fen("700000")]
    assert amounts(sheet.total, *names) == total
    check_foots(sheet)


def test_instalments_with_gates_other_sources_spending_and_recovery() -> None:
    sheet = card(second_year())
    parts = {row["item"]: amounts(row, "day", "number", "due", "settled") for row in of_part(sheet, "期次")}
    (assessed,) = (row["number"] for row in of_part(sheet, "变更") if row["document"] == "考核1号")
    assert parts == {
        "1": [date(2025, 6, 30), None, fen("1950000"), fen("1150000")],
        "2": [None, assessed, fen("800000"), 0],
    }
    assert [row["content"] for row in of_part(sheet, "期次")] == [
        Name("无条件", "no gate"),
        Name("考核通过", "gate passed"),
    ]
    sources = {row["item"]: amounts(row, "day", "pledged", "received") for row in of_part(sheet, "来源")}
    assert sources == {
        "MATCHING PL-1": [date(2025, 9, 30), fen("1000000"), fen("400000")],
        "ENTERPRISE": [None, fen("500000"), 0],
    }
    assert [row["spent"] for row in of_part(sheet, "单位支出")] == [fen("600000")]
    (recovery, restored) = of_part(sheet, "追回")
    assert amounts(recovery, "item", "demanded", "recovered", "returned") == ["PAY-1", fen("100000"), fen("50000"), 0]
    assert amounts(restored, "item", "demanded", "returned") == ["restored~PAY-1", 0, fen("300000.01")]


def test_the_history_has_numbers_and_its_changes_add_up_to_what_stands() -> None:
    world = second_year()
    history = of_part(card(world), "变更")
    assert [row["number"] for row in history] == [
        one.number
        for one in world.log
        if getattr(one.movement, "project", None) == "KRD-1"
        or any(entry.leg.account.project == "KRD-1" for entry in one.entries)
    ]
    changes = [row["change"] for row in history if row["change"]]
    assert changes == [fen("3000000"), -fen("200000"), -fen("50000")]
    assert sum(int(str(row["change"])) for row in history) == fen("2750000")
    (registered,) = (row for row in history if row["item"] == Name("项目登记", "Project registered"))
    assert amounts(registered, "day", "document", "voucher") == [date(2025, 2, 1), "任务书〔2025〕1号", None]


def test_the_register_says_who_what_and_until_when() -> None:
    facts = {row["item"].zh: row for row in of_part(card(second_year()), "登记") if isinstance(row["item"], Name)}
    assert facts["一体化代码"]["content"] == "1500002506"
    assert facts["承担单位"]["content"] == f"{party('university')} university (synthetic)"
    assert facts["专项"]["content"] == Name("RDT-KRD 重点研发和成果转化专项", "Key R&D and transfer")
    assert amounts(facts["任务书,起始"], "day", "document") == [date(2025, 2, 1), "任务书〔2025〕1号"]
    assert facts["截止"]["day"] == date(2027, 12, 31)
    assert "推荐部门" not in facts


def test_a_payment_taken_back_names_its_correction_and_stands_as_it_stood() -> None:
    world = first_year()
    spent = next(one.number for one in world.log if one.movement.kind == "UndertakerExpenditureReported")
    world.sign("FIN", "FIN2", "EntryCorrected", lines=[{"number": spent}], reason="录入有误", effective_on="2025-09-01")
    sheet = card(world)
    assert of_part(sheet, "单位支出") == []
    by_number = {row["number"]: row["content"] for row in of_part(sheet, "变更")}
    correction = max(number for number in by_number if isinstance(number, int))
    assert by_number[spent] == Name(f"已由第 {correction} 号更正", f"corrected by {correction}")
    assert by_number[correction] == Name(f"更正第 {spent} 号", f"corrects {spent}")
    check_foots(sheet)
    log = log_of_world(world)
    then = naive(log, world.book, CARD, Asked(moment_before(sheet), project="KRD-1"), date(2026, 4, 30))
    assert of_part(then, "单位支出") != []


def moment_before(sheet: Sheet) -> Moment:
    return Moment(number=sheet.number - 2)


def test_another_project_changes_nothing_and_a_bound_of_sources_hides_its_money() -> None:
    world = first_year()
    before = card(world)
    project(world, "KRD-2", "RDT-KRD", "COMPETITIVE")
    after = card(world)
    assert after.rows == before.rows
    narrowed = sheet_of_world(world, CARD, "2026-04-30", project="KRD-1", sees=Sight(sources=frozenset({"MATCHING"})))
    assert narrowed.total is not None
    assert amounts(narrowed.total, "paid", "due", "pledged") == [0, 0, fen("1000000")]
    assert of_part(narrowed, "各年") == of_part(narrowed, "期次") == []
    check_foots(narrowed)


@pytest.mark.parametrize(
    "name", [RACE, REPAYABLE, "RDT-KRD-001", "MSP-BRK-101", "PLT-NAT-101", "CAP-POL-001", "OLD-ATRD"]
)
def test_it_ties_to_the_balances(demo_ledger: Ledger, name: str) -> None:
    sheet = sheet_of(demo_ledger, CARD, Asked(project=name), TODAY)
    check_foots(sheet)
    with demo_ledger.reading() as book:
        figures = balances(demo_ledger.store, demo_ledger.id, book, "source", on=TODAY, project=name).total
    same = {"unpaid": "committed", "ordered": "ordered", "paid": "disbursed", "to_leagues": "issued_to_leagues"}
    same |= {"later_years": "later_years", "spent": "undertaker_spending", "returned": "returned_earlier_years"}
    assert sheet.total is not None
    assert {of: sheet.total[of] for of in same} == {of: figures[figure] for of, figure in same.items()}
    beside = figures["matching_pledged"] + figures["cofunding_committed"] + figures["original_channel"]
    assert sheet.total["pledged"] == beside
    assert sheet.total["received"] == figures["matching_received"] + figures["cofunding_received"]


def test_what_one_may_not_see_is_as_if_absent(demo_ledger: Ledger) -> None:
    own = sheet_of(demo_ledger, CARD, Asked(project="RDT-KRD-001", sees=Sight(specials=frozenset({"RDT"}))), TODAY)
    assert of_part(own, "登记")
    for hidden in (
        Asked(project=RACE, sees=Sight(specials=frozenset({"RDT"}))),
        Asked(project="RDT-KRD-001", sees=Sight(department="somebody else")),
        Asked(project="NO-SUCH"),
        Asked(),
    ):
        with pytest.raises(NotSeen):
            sheet_of(demo_ledger, CARD, hidden, TODAY)
