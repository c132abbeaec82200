"""Sheet 7: what was paid and transferred by function and fund, the year's adjustments with vouchers, and empty columns."""

from datetime import date
from typing import Any

from ledger.access.sight import Sight
from ledger.application import Ledger
from ledger.domain.catalogue import FUNDS, Fund, Name
from ledger.domain.money import fen
from ledger.projections.balances import balances
from ledger.projections.moment import Moment
from ledger.reports.asking import Asked, sheet_of
from ledger.reports.catalogue import ReportCode
from ledger.reports.presenting import foot, shown_rows
from ledger.reports.sheet import Row, Sheet
from tests.reports.naive import sheet_of_world
from tests.reports.test_project_card import amounts, check_foots
from tests.reports.two_years import FUND, adjust, first_year, second_year
from tests.world import World

TODAY = date(2026, 1, 31)
OUTSIDE = ("treasury", "general", "final", "difference", "timing", "class", "basis", "error")


def tied(world: World, year: int = 2025, **asked: Any) -> Sheet:
    sheet = sheet_of_world(world, ReportCode.FINAL_ACCOUNTS, "2026-04-30", fiscal_year=year, **asked)
    check_foots(sheet)
    return sheet


def by_function(sheet: Sheet) -> dict[object, Row]:
    return {row["function"]: row for row in sheet.rows}


def test_the_adjustment_stands_with_its_voucher_and_document() -> None:
    world = second_year()
    found = by_function(tied(world))["2060499"]
    assert found["fund"] == FUNDS[Fund.STIDF]
    assert amounts(found, "paid", "transfers", "adjusted", "withdrawal_adjusted") == [
        fen("650000"),
        0,
        -fen("300000.01"),
        0,
    ]
    assert amounts(found, "vouchers", "documents") == ["2026-2", "内财决〔2026〕1号"]
    assert amounts(by_function(tied(world, 2026))["2060499"], "paid", "adjusted", "vouchers") == [
        fen("500000"),
        0,
        None,
    ]


def test_adjustments_add_up_and_so_do_those_of_what_was_withdrawn() -> None:
    world = second_year()
    voucher = adjust(world, "-100000", document={"number": "内财决〔2026〕2号"}, effective_on="2026-04-11")
    found = by_function(tied(world))["2060499"]
    assert amounts(found, "paid", "adjusted", "vouchers") == [
        fen("750000"),
        -fen("200000.01"),
        f"2026-2, 2026-{voucher}",
    ]
    assert found["documents"] == "内财决〔2026〕1号, 内财决〔2026〕2号"
    of_fund = {"year": 2025, "against": "B250", "account": "B200", "amount": "-50000.03", "effective_on": "2026-04-12"}
    world.record("FIN", "CarryForwardAdjusted", document={"number": "内财决〔2026〕3号"}, **of_fund, **FUND)
    sheet = tied(world)
    withdrawn = by_function(sheet)[None]
    assert amounts(withdrawn, "paid", "adjusted", "withdrawal_adjusted") == [0, 0, fen("50000.03")]
    assert sheet.total is not None
    assert amounts(sheet.total, "adjusted", "withdrawal_adjusted") == [-fen("200000.01"), fen("50000.03")]


def test_what_is_outside_the_ledger_is_empty_and_never_zero() -> None:
    sheet = tied(first_year())
    keys = [column.key for column in sheet.columns]
    for shown in shown_rows(sheet, "wan"):
        assert [shown[keys.index(name)] for name in OUTSIDE] == [None] * len(OUTSIDE)
    assert not [line for line in foot(sheet, "wan") if any(line.values.get(name) is not None for name in OUTSIDE)]
    assert ["留空不表示为零" in said.zh for said in sheet.scope] == [False, True, True, True]


def test_what_was_adjusted_to_final_accounts_stands_as_they_have_it_and_nothing_else_does() -> None:
    world = second_year()
    sheet = tied(world)
    assert {row["function"]: row.get("final") for row in sheet.rows} == {"2060499": fen("650000")}
    assert any("已按决算文号调整" in said.zh for said in sheet.scope)
    assert sheet.total is not None
    assert sheet.total.get("final") is None
    assert [row.get("final") for row in tied(world, 2026).rows] == [None]
    assert any("年度未结账" in said.zh for said in tied(world, 2026).scope)
    assert [row.get("final") for row in tied(world, special="RDT-KRD").rows] == [None]
    assert [row.get("final") for row in tied(world, moment=Moment(period="2026-02")).rows] == [None]


def test_quota_issued_to_a_league_is_a_transfer_and_suspense_has_no_function() -> None:
    world = first_year()
    issued = {
        "quota": {"number": "内财科〔2025〕9号"},
        "to": "LEAGUE",
        "league": "示例盟",
        "effective_on": "2025-09-15",
    }
    world.record("FIN", "QuotaIssued", project="KRD-1", instalment="2", amount="300000.01", **issued)
    stray = {"item": "STRAY", "fund": "UNKNOWN", "amount": "1000.02", "effective_on": "2025-11-08"}
    world.record("TRE", "UnmatchedSettlementRecorded", **stray)
    rows = by_function(tied(world))
    assert amounts(rows["2060499"], "paid", "transfers", "note") == [fen("950000.01"), fen("300000.01"), None]
    assert amounts(rows[None], "fund", "paid") == [Name("待查资金", "Unknown fund"), fen("1000.02")]
    assert rows[None]["note"] == Name("待查款项,尚无功能科目", "suspense: it has no function yet")


def test_before_the_adjustment_was_known_it_is_not_there() -> None:
    early = tied(second_year(), moment=Moment(period="2026-02"))
    assert amounts(by_function(early)["2060499"], "paid", "adjusted", "vouchers") == [fen("950000.01"), 0, None]
    restated = tied(second_year(), moment=Moment(effective_on=date(2025, 12, 31)))
    assert amounts(by_function(restated)["2060499"], "paid", "adjusted") == [fen("650000"), -fen("300000.01")]


def test_it_ties_to_the_balances(demo_ledger: Ledger) -> None:
    sheet = sheet_of(demo_ledger, ReportCode.FINAL_ACCOUNTS, Asked(), TODAY)
    check_foots(sheet)
    with demo_ledger.reading() as book:
        card = balances(demo_ledger.store, demo_ledger.id, book, "fund", on=TODAY).total
    assert sheet.total is not None
    assert amounts(sheet.total, "paid", "transfers") == [card["disbursed"], card["issued_to_leagues"]]
    assert {row["function"] for row in sheet.rows} == {"2060203", "2060303"}


def test_money_of_other_funds_and_specials_is_left_out(demo_ledger: Ledger) -> None:
    for sees in (Sight(specials=frozenset({"BAS"})), Sight(sources=frozenset({"NSF"}))):
        sheet = sheet_of(demo_ledger, ReportCode.FINAL_ACCOUNTS, Asked(sees=sees), TODAY)
        check_foots(sheet)
        assert {row["fund"] for row in sheet.rows} <= {FUNDS[Fund.NSF], FUNDS[Fund.STIDF]}
        assert any("有权查看" in said.zh for said in sheet.scope)
    assert {row["fund"] for row in sheet.rows} == {FUNDS[Fund.NSF]}
