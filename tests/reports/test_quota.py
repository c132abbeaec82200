"""Sheet 1: every movement of quota with the balance after it, by fund; of a special, its own quota."""

from datetime import date

import pytest

from ledger.access.sight import Sight
from ledger.application import Ledger
from ledger.projections.balances import balances
from ledger.reports.asking import Asked, sheet_of
from ledger.reports.catalogue import ReportCode
from ledger.reports.sheet import Sheet
from tests.reports.naive import sheet_of_world
from tests.reports.test_execution import paid_world
from tests.world import World, opened_2025

TODAY = date(2026, 1, 31)
MILLION = 100_000_000


def of_fund(sheet: Sheet, name: str) -> list[tuple[str, ...]]:
    keys = ("increase", "decrease", "quota", "allocated", "unallocated")
    return [
        (row["origin"].en, *(None if row[key] is None else row[key] / MILLION for key in keys))
        for row in sheet.rows
        if row["fund"].en == name
    ]


def extended() -> World:
    """Quota is added, cut, moved between the funds, allocated, taken back, and given back to treasury."""
    world = opened_2025()
    on = {"effective_on": "2025-03-01"}
    fund = {"fund": "NSF", "vintage": 2025, **on}
    world.record("FIN", "AppropriationReceived", amount="9000000", document={"number": "追加1号"}, batch_no="2", **fund)
    world.record("FIN", "AppropriationReduced", amount="2000000", document={"number": "追减1号"}, **fund)
    moved = {
        "from_fund": "STIDF",
        "to_fund": "NSF",
        "vintage": 2025,
        "amount": "3000000",
        "document": {"number": "会签1号"},
    }
    world.sign("STD", "FIN", "FundsReallocatedBetweenFunds", **moved, **on)
    world.sign("STD", "FIN", "FundsAllocated", special="BAS-NSP", amount="50000000", **fund)
    world.sign("STD", "FIN", "AllocationWithdrawn", special="BAS-NSP", amount="1000000", **fund)
    back = {"account": "B210", "special": "BAS-NSP", "amount": "4000000", "document": {"number": "收回1号"}}
    world.record("FIN", "FundsWithdrawnToTreasury", **back, **fund)
    return world


def test_a_fund_s_year_with_running_balances() -> None:
    sheet = sheet_of_world(extended(), ReportCode.QUOTA, "2025-03-31")
    assert of_fund(sheet, "Natural Science Fund") == [
        ("Carried in", 12.6, None, 12.6, 12.6, 0),
        ("Carried in", 0.4, None, 13, 12.6, 0.4),
        ("Opening of the year", 160, None, 173, 12.6, 160.4),
        ("Added", 9, None, 182, 12.6, 169.4),
        ("Reduced", None, 2, 180, 12.6, 167.4),
        ("Virement", 3, None, 183, 12.6, 170.4),
        ("Allocated", None, None, 183, 62.6, 120.4),
        ("Allocated", None, None, 183, 61.6, 121.4),
        ("Withdrawn", None, 4, 179, 57.6, 121.4),
    ]
    (added,) = (row for row in sheet.rows if row["document"] == "追加1号")
    assert (added["batch"], added["date"], added["vintage"]) == ("2", date(2025, 3, 1), "2025")
    assert not any(sheet.checks[0].values.values())


def test_a_special_s_own_quota() -> None:
    world = extended()
    for asked in ({"special": "BAS-NSP"}, {"sees": Sight(specials=frozenset({"BAS-NSP"}))}):
        sheet = sheet_of_world(world, ReportCode.QUOTA, "2025-03-31", **asked)
        assert [(row["increase"], row["decrease"], row["quota"], row["unallocated"]) for row in sheet.rows] == [
            (50 * MILLION, None, 50 * MILLION, None),
            (None, 1 * MILLION, 49 * MILLION, None),
            (None, 4 * MILLION, 45 * MILLION, None),
        ]
        assert not any(sheet.checks[0].values.values())


def test_quota_moves_between_specials_in_the_account_of_each() -> None:
    sheet = sheet_of_world(paid_world(), ReportCode.QUOTA, "2025-03-31", special="RDT-CHN")
    assert [(row["origin"].zh, row["increase"], row["quota"]) for row in sheet.rows] == [
        ("调剂", 5 * MILLION, 5 * MILLION)
    ]


@pytest.mark.parametrize(("document", "origin"), [("内财科〔2025〕1号", "Opening of the year"), ("追加1号", "Added")])
def test_a_correction_names_what_it_corrects_and_keeps_its_origin(document: str, origin: str) -> None:
    world = extended()
    wrong = next(
        one
        for one in world.log
        if one.movement.kind == "AppropriationReceived" and one.movement.document.number == document
    )
    right = wrong.movement.model_dump(mode="json", exclude_none=True) | {"amount": "8000000.01"}
    lines = [{"number": wrong.number, "replacement": right}]
    if document == "追加1号":
        world.sign("FIN", "FIN2", "EntryCorrected", lines=lines, reason="录入有误", effective_on="2025-03-20")
        sheet = sheet_of_world(world, ReportCode.QUOTA, "2025-03-31")
        (corrected,) = (row for row in sheet.rows if row["corrects"])
        assert (corrected["corrects"], corrected["document"]) == (str(wrong.number), document)
        assert (corrected["decrease"], corrected["origin"].en) == (99_999_999, origin)
        assert not any(sheet.checks[0].values.values())
    else:
        (row,) = (
            row
            for row in sheet_of_world(world, ReportCode.QUOTA, "2025-03-31").rows
            if row["number"] == str(wrong.number)
        )
        assert row["origin"].en == origin


def test_it_ties_to_the_balances(demo_ledger: Ledger) -> None:
    sheet = sheet_of(demo_ledger, ReportCode.QUOTA, Asked(), TODAY)
    with demo_ledger.reading() as book:
        card = balances(demo_ledger.store, demo_ledger.id, book, "fund", on=TODAY)
    figures = card.total
    supply = sum(figures[name] for name in ("appropriated", "carried_in", "reallocated", "consolidated"))
    assert sheet.total is not None
    assert sheet.total["quota"] == supply - figures["withdrawn"] - figures["carried_out"]
    assert sheet.total["unallocated"] == figures["unallocated"]
    assert sheet.total["increase"] - sheet.total["decrease"] == sheet.total["quota"]
