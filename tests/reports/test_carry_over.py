"""Sheet 6: what a year leaves, place by place, how old it is, and whether it is carried, surplus, withdrawn or undecided."""

from datetime import date
from typing import Any

from ledger.access.sight import Sight
from ledger.application import Ledger
from ledger.domain.catalogue import FUNDS, Fund, Name
from ledger.domain.money import fen
from ledger.projections.balances import balances
from ledger.reports.asking import Asked, sheet_of
from ledger.reports.catalogue import ReportCode
from ledger.reports.sheet import Row, Sheet
from ledger.yearend.trial import totals, try_year_end
from tests.reports.naive import sheet_of_world
from tests.reports.test_project_card import amounts, check_foots
from tests.reports.two_years import FUND, carried, first_year, second_year
from tests.world import World, actor

TODAY = date(2026, 1, 31)
FIGURES = ("opening", "quota", "paid", "withdrawn", "closing", "carry", "surplus", "lapsing", "undecided")


def left(world: World, year: int = 2025, **asked: Any) -> Sheet:
    sheet = sheet_of_world(world, ReportCode.CARRY_OVER, "2026-04-30", fiscal_year=year, **asked)
    check_foots(sheet)
    return sheet


def place(sheet: Sheet, fund: str, vintage: int, special: str | None = None, project: str | None = None) -> Row:
    wanted = (fund, vintage, special, project)
    (found,) = (
        row
        for row in sheet.rows
        if isinstance(row["fund"], Name) and (row["fund"].en, *amounts(row, "vintage", "special", "project")) == wanted
    )
    return found


STIDF, NSF = "S&T Innovation Development Fund", "Natural Science Fund"


def rule(world: World, name: str, scope: str, document: str, **value: Any) -> None:
    fields = {"name": name, "scope": scope, "document": {"number": document}, "effective_on": "2025-06-01"}
    world.sign("FIN", "STD", "PolicyParameterSet", **fields, **value)


def test_each_place_to_the_fen_and_without_a_rule_an_older_vintage_is_undecided() -> None:
    sheet = left(first_year())
    million = fen("1000000")
    assert amounts(place(sheet, STIDF, 2025, "RDT-KRD", "KRD-1"), *FIGURES) == [
        *(0, fen("2750000"), fen("950000.01"), 0, fen("1799999.99"), fen("1799999.99"), 0, 0, 0),
    ]
    krd = amounts(place(sheet, STIDF, 2025, "RDT-KRD"), *FIGURES)
    assert krd == [0, fen("27250000"), 0, 0, fen("27250000"), fen("27250000"), 0, 0, 0]
    assert amounts(place(sheet, STIDF, 2025), "quota", "closing", "carry") == [870 * million] * 3
    consolidated = place(sheet, STIDF, 2024, "LEG-MSTP", "OLD-MSTP")
    assert amounts(consolidated, "opening", "quota", "closing", "undecided") == [
        0,
        42 * million,
        42 * million,
        42 * million,
    ]
    assert amounts(consolidated, "age", "old") == [2, Name("是", "yes")]
    assert amounts(place(sheet, STIDF, 2025), "age", "old") == [1, None]
    gone = place(sheet, "Major S&T projects fund", 2024, "LEG-MSTP", "OLD-MSTP")
    assert amounts(gone, "opening", "quota", "closing", "old") == [42 * million, -42 * million, 0, None]
    total = {"opening": fen("86260000"), "quota": fen("1060000000"), "paid": fen("950000.01")}
    total |= {"closing": fen("1145309999.99"), "carry": fen("1059049999.99"), "undecided": fen("86260000")}
    assert sheet.total is not None
    assert {name: sheet.total[name] for name in total} == total


def test_the_rules_in_force_call_it_surplus_or_let_it_lapse_and_are_cited() -> None:
    world = first_year()
    rule(world, "surplus_years", "STIDF", "内财规〔2025〕11号", years=3)
    rule(world, "surplus_years", "NSF", "内财规〔2025〕12号", years=2)
    rule(world, "lapse_scope", "STIDF", "内财规〔2025〕9号", choice="uncommitted")
    sheet = left(world)
    nsf = place(sheet, NSF, 2024)
    assert amounts(nsf, "carry", "surplus", "lapsing", "undecided") == [0, fen("400000"), 0, 0]
    by_rule = (
        "已满2年,依据内财规〔2025〕12号(满2年为结余)",
        "2 years old, by 内财规〔2025〕12号 (surplus from 2 years)",
    )
    assert nsf["reason"] == Name(*by_rule)
    assert nsf["proposal"] == Name("拟列结余", "surplus, to be carried")
    old = place(sheet, STIDF, 2024, "LEG-MSTP", "OLD-MSTP")
    assert amounts(old, "carry", "surplus", "lapsing") == [fen("42000000"), 0, 0]
    lapsing = place(sheet, STIDF, 2025, "RDT-KRD")
    assert amounts(lapsing, "carry", "lapsing", "proposal") == [0, fen("27250000"), Name("拟收回", "to be withdrawn")]
    assert lapsing["reason"] == Name("依据内财规〔2025〕9号不得结转", "may not be carried, by 内财规〔2025〕9号")
    project = place(sheet, STIDF, 2025, "RDT-KRD", "KRD-1")
    assert amounts(project, "carry", "lapsing") == [fen("1799999.99"), 0]


def test_it_says_what_the_year_end_s_own_list_says() -> None:
    world = first_year()
    rule(world, "surplus_years", "NSF", "内财规〔2025〕12号", years=2)
    rule(world, "lapse_scope", "STIDF", "内财规〔2025〕9号", choice="uncommitted")
    trial = try_year_end(world.book.copy(), 2025, date(2026, 1, 20), actor("FIN"))
    planned = {
        (FUNDS[Fund(one.fund)], one.vintage): [one.carried_over, one.surplus, one.withdrawn, one.undecided]
        for one in totals(trial.lines, 2025)
    }
    shown = {key: [0, 0, 0, 0] for key in planned}
    for row in left(world).rows:
        if row["closing"]:
            fates = [int(str(fen_)) for fen_ in amounts(row, "carry", "surplus", "lapsing", "undecided")]
            key = (row["fund"], row["vintage"])
            shown[key] = [before + more for before, more in zip(shown[key], fates, strict=True)]
    assert shown == planned
    assert all(sum(fates[at] for fates in shown.values()) for at in range(4))


def test_what_was_withdrawn_stands_with_its_document() -> None:
    world = first_year()
    back = {"account": "B210", "special": "RDT-KRD", "amount": "250000.01", "document": {"number": "内财收〔2025〕3号"}}
    world.record("FIN", "FundsWithdrawnToTreasury", effective_on="2025-12-20", **back, **FUND)
    found = place(left(world), STIDF, 2025, "RDT-KRD")
    assert amounts(found, "withdrawn", "closing", "withdrawal") == [
        fen("250000.01"),
        fen("26999999.99"),
        "内财收〔2025〕3号",
    ]


def test_once_carried_it_is_called_as_it_was_recorded_and_the_next_year_opens_with_it() -> None:
    world = carried(first_year(), treatment="SURPLUS")
    old, new = left(world), left(world, 2026)
    closing = fen("1145309999.99")
    assert old.total is not None
    assert new.total is not None
    assert amounts(old.total, "closing", "carry", "surplus", "undecided") == [closing, 0, closing, 0]
    assert amounts(new.total, "opening", "quota", "closing") == [closing, 0, closing]
    krd = place(old, STIDF, 2025, "RDT-KRD", "KRD-1")
    assert krd["proposal"] == Name("列为结余", "surplus, carried")
    numbers = [one for one in world.log if one.movement.kind == "BalanceCarriedForward"]
    of_krd = [f"2025-{one.voucher}" for one in numbers if one.movement.project == "KRD-1"]
    assert krd["carried_by"] == ", ".join(of_krd)
    carried_in = place(new, STIDF, 2025, "RDT-KRD", "KRD-1")
    assert amounts(carried_in, "opening", "closing", "age", "old") == [fen("1799999.99")] * 2 + [2, Name("是", "yes")]


def test_a_correction_calls_it_anew() -> None:
    world = first_year()
    line = {"account": "B210", "special": "RDT-KRD", "amount": "27250000", "effective_on": "2025-12-31", **FUND}
    first = world.record("FIN", "BalanceCarriedForward", treatment="CARRY_OVER", reason="继续", **line)
    assert amounts(place(left(world), STIDF, 2025, "RDT-KRD"), "carry", "surplus") == [fen("27250000"), 0]
    less = {"kind": "BalanceCarriedForward", **line, "amount": "27000000", "treatment": "SURPLUS", "reason": "有误"}
    lines = [{"number": first.number, "replacement": less}]
    world.sign("FIN", "FIN2", "EntryCorrected", lines=lines, reason="录入有误", effective_on="2025-12-31")
    found = place(left(world), STIDF, 2025, "RDT-KRD")
    assert amounts(found, "closing", "carry", "surplus") == [fen("27250000"), fen("250000"), fen("27000000")]
    assert place(left(world, 2026), STIDF, 2025, "RDT-KRD")["opening"] == fen("27000000")


def test_an_adjustment_to_the_final_accounts_changes_both_years() -> None:
    old, new = left(second_year()), left(second_year(), 2026)
    krd = place(old, STIDF, 2025, "RDT-KRD", "KRD-1")
    assert amounts(krd, "paid", "closing", "carry") == [fen("650000"), fen("2100000"), fen("2100000")]
    assert str(krd["carried_by"]).endswith(", 2026-2")
    after = place(new, STIDF, 2025, "RDT-KRD", "KRD-1")
    assert amounts(after, "opening", "paid", "closing") == [fen("2100000"), fen("500000"), fen("1600000")]


def test_suspense_is_no_quota() -> None:
    world = first_year()
    stray = {"item": "STRAY", "fund": "STIDF", "amount": "1000.02", "effective_on": "2025-11-08"}
    world.record("TRE", "UnmatchedSettlementRecorded", **stray)
    found = place(left(world), STIDF, 2025)
    whole, strayed = fen("870000000"), fen("1000.02")
    assert amounts(found, "quota", "suspense", "paid", "closing") == [whole, strayed, strayed, whole]


def test_it_ties_to_the_balances(demo_ledger: Ledger) -> None:
    sheet = sheet_of(demo_ledger, ReportCode.CARRY_OVER, Asked(), TODAY)
    check_foots(sheet)
    with demo_ledger.reading() as book:
        card = balances(demo_ledger.store, demo_ledger.id, book, "fund", on=TODAY).total
    assert sheet.total is not None
    assert sheet.total["opening"] == card["carried_in"]
    assert sheet.total["quota"] == card["appropriated"] + card["reallocated"] + card["consolidated"]
    assert sheet.total["closing"] == sum(
        card[name] for name in ("unallocated", "available", "committed", "ordered", "carried_out")
    )
    assert amounts(sheet.total, "paid", "to_leagues", "withdrawn") == [
        *(card["disbursed"], card["issued_to_leagues"], card["withdrawn"]),
    ]


def test_a_manager_sees_their_own_places_only(demo_ledger: Ledger) -> None:
    sheet = sheet_of(demo_ledger, ReportCode.CARRY_OVER, Asked(sees=Sight(specials=frozenset({"RDT"}))), TODAY)
    check_foots(sheet)
    assert {str(row["special"])[:3] for row in sheet.rows} == {"RDT"}
    whole = sheet_of(demo_ledger, ReportCode.CARRY_OVER, Asked(), TODAY)
    assert [row for row in whole.rows if str(row["special"]).startswith("RDT")] == list(sheet.rows)
