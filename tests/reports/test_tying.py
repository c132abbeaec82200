"""Sheet 7 beside treasury's statement: every yuan of a difference is of a movement or of a line that is named."""

from collections.abc import Iterable
from datetime import date

import msgspec

from ledger.application import Ledger
from ledger.codec import Recorded
from ledger.domain.catalogue import Name
from ledger.domain.money import fen
from ledger.domain.reconciliation import Flow, StatementKind
from ledger.reconciliation.case import Asked
from ledger.reconciliation.line import Line
from ledger.reconciliation.matching import match
from ledger.reports.asking import Asked as SheetAsked
from ledger.reports.asking import sheet_of
from ledger.reports.catalogue import ReportCode
from ledger.reports.sheet import Row, Sheet, footing
from ledger.reports.sides import Sides
from ledger.reports.tying import Reason
from tests.reports.naive import log_of_world, sheet_of_world
from tests.reports.two_years import first_year, pay, second_year
from tests.world import World

THROUGH = date(2025, 12, 31)
PARTS = ("paid", "treasury", "difference", *Reason)


def ledger_lines(log: Iterable[Recorded], year: int = 2025) -> list[Line]:
    """What the ledger says of its payments in a year."""
    found = []
    for one in log:
        moved = sum(leg.amount for leg in one.legs if leg.account.code == "B240" and leg.account.fiscal_year == year)
        if one.movement.kind in ("PaymentSettled", "PaymentRefunded", "RecoveryReceived") and moved:
            at = next(leg.account for leg in one.legs if leg.account.code == "B240")
            flow = Flow.PAYMENT if moved > 0 else Flow.RECEIPT
            said = {"detail": one.movement.detail, "function": at.function or "", "fund": at.source or ""}
            said["cites"] = getattr(one.movement, "settlement", "")
            day = one.movement.effective_on
            found.append(Line(key=one.number, flow=flow, day=day, amount=moved, moved=moved, **said))
    return found


def treasury_line(key: int, yuan: str, detail: str, day: str = "2025-03-10", **told: str) -> Line:
    told = {"function": "2060499", "fund": "STIDF"} | told
    amount = fen(yuan)
    at = date.fromisoformat(day)
    return Line(key=key, flow=Flow.PAYMENT, day=at, amount=amount, moved=amount, detail=detail, **told)


def came_back(key: int, yuan: str, detail: str) -> Line:
    said = {"detail": detail, "cites": "PAY-1", "function": "2060499", "fund": "STIDF"}
    return Line(key=key, flow=Flow.RECEIPT, day=date(2025, 7, 1), amount=-fen(yuan), moved=-fen(yuan), **said)


def tied(world: World, *theirs: Line, through: date = THROUGH) -> Sheet:
    ours = ledger_lines(log_of_world(world))
    cases = match(ours, theirs, Asked(StatementKind.TREASURY, through))
    compared = Sides(StatementKind.TREASURY, "国库", ours, theirs, cases, through)
    sheet = sheet_of_world(world, ReportCode.FINAL_ACCOUNTS, "2026-04-30", fiscal_year=2025, compared=compared)
    checks = [check for check in (footing(sheet), *sheet.checks) if check]
    assert [check for check in checks if any(check.values.values())] == []
    return sheet


def row_of(sheet: Sheet, function: str | None) -> Row:
    return next(row for row in sheet.rows if row["function"] == function)


def yuan(row: Row, *keys: str) -> list[int]:
    return [row[key] for key in keys]  # type: ignore[misc]


PAID = treasury_line(1, "1000000.01", "PAY-1")
BACK = came_back(2, "50000", "BACK-1")


def test_where_all_agree_there_is_no_difference_and_nothing_to_note() -> None:
    row = row_of(tied(first_year(), PAID, BACK), "2060499")
    assert yuan(row, *PARTS) == [fen("950000.01"), fen("950000.01"), 0, 0, 0, 0, 0]
    assert row["note"] is None


def test_an_adjustment_of_the_final_accounts_is_basis_and_names_its_movement() -> None:
    world = second_year()
    row = row_of(tied(world, PAID, BACK), "2060499")
    adjusted = next(one for one in world.log if one.movement.kind == "CarryForwardAdjusted")
    assert yuan(row, "paid", "treasury", "difference", "basis") == [
        fen("650000"),
        fen("950000.01"),
        -fen("300000.01"),
        -fen("300000.01"),
    ]
    assert row["note"] == Name(f"口径:业务 {adjusted.number}", f"Basis: no. {adjusted.number}")


def test_another_function_is_class_and_sums_to_nothing() -> None:
    sheet = tied(first_year(), treasury_line(1, "1000000.01", "PAY-1", function="2060404"), BACK)
    ours, theirs = row_of(sheet, "2060499"), row_of(sheet, "2060404")
    assert yuan(ours, "difference", "class") == [fen("1000000.01")] * 2
    assert yuan(theirs, "paid", "treasury", "difference", "class") == [
        0,
        fen("1000000.01"),
        -fen("1000000.01"),
        -fen("1000000.01"),
    ]
    assert sheet.total is not None
    assert yuan(sheet.total, "difference", "class") == [0, 0]


def test_what_treasury_tells_next_year_is_timing_and_what_it_never_tells_an_error() -> None:
    late = row_of(tied(first_year(), treasury_line(1, "1000000.01", "PAY-1", "2026-01-04"), BACK), "2060499")
    assert yuan(late, "treasury", "difference", "timing", "error") == [
        -fen("50000"),
        fen("1000000.01"),
        fen("1000000.01"),
        0,
    ]
    never = row_of(tied(first_year(), treasury_line(1, "10000.00", "PAY-1"), BACK, PAID_TO_NOBODY), "2060499")
    assert yuan(never, "timing", "error") == [0, fen("990000.01") - fen("7")]
    assert "国库明细 ELSE-1" in never["note"].zh  # type: ignore[union-attr]


PAID_TO_NOBODY = treasury_line(9, "7.00", "ELSE-1")


def test_what_treasury_does_not_classify_is_classified_as_what_it_belongs_to() -> None:
    sheet = tied(first_year(), treasury_line(1, "1000000.01", "PAY-1", function="", fund=""), BACK)
    assert yuan(row_of(sheet, "2060499"), "difference", "class") == [0, 0]
    alone = tied(first_year(), PAID, BACK, treasury_line(5, "3", "X", function="", fund=""))
    row = row_of(alone, None)
    assert (row["fund"], row["error"]) == (Name("待查资金", "Unknown fund"), -fen("3"))


def test_many_pieces_are_counted_where_they_are_not_named() -> None:
    world = first_year()
    for serial in range(7):
        pay(world, f"N{serial}", "10", f"2025-08-1{serial}")
    row = row_of(tied(world, PAID, BACK), "2060499")
    assert row["error"] == row["difference"] == 7 * fen("10")
    assert "等另 2 项" in row["note"].zh  # type: ignore[union-attr]


def test_a_recovery_whose_line_says_no_function_stands_where_the_account_has_it() -> None:
    world = first_year()
    blank = [
        msgspec.structs.replace(line, function="") if line.moved < 0 else line
        for line in ledger_lines(log_of_world(world))
    ]
    cases = match(blank, [PAID, BACK], Asked(StatementKind.TREASURY, THROUGH))
    compared = Sides(StatementKind.TREASURY, "国库", blank, [PAID, BACK], cases, THROUGH)
    sheet = sheet_of_world(world, ReportCode.FINAL_ACCOUNTS, "2026-04-30", fiscal_year=2025, compared=compared)
    (row,) = sheet.rows
    assert yuan(row, "difference", "class", "basis", "error") == [0, 0, 0, 0]
    assert row["note"] is None


def test_what_comes_back_of_an_earlier_year_is_basis_for_it_is_no_payment_of_the_year() -> None:
    world = second_year()
    ours = [line for line in ledger_lines(log_of_world(world)) if line.key]
    refund = next(one for one in world.log if one.movement.kind == "PaymentRefunded")
    back = Line(key=refund.number, flow=Flow.REFUND, day=date(2025, 12, 30), amount=-7, moved=-7, fund="STIDF")
    compared = Sides(StatementKind.TREASURY, "国库", [*ours, back], [], match([*ours, back], [], ASKED), THROUGH)
    sheet = sheet_of_world(world, ReportCode.FINAL_ACCOUNTS, "2026-04-30", fiscal_year=2025, compared=compared)
    row = next(row for row in sheet.rows if row["function"] is None)
    assert yuan(row, "paid", "difference", "basis", "error") == [0, 0, 7, -7]
    assert not any(footing(sheet).values.values())  # type: ignore[union-attr]


ASKED = Asked(StatementKind.TREASURY, THROUGH)


def test_the_demo_year_ties_to_a_treasury_that_says_the_same_but_for_one_payment(
    demo_ledger: Ledger, demo_log: list[Recorded]
) -> None:
    ours = [line for line in ledger_lines(demo_log) if line.flow is Flow.PAYMENT]
    theirs = [msgspec.structs.replace(line, key=at) for at, line in enumerate(ours)]
    theirs[0] = msgspec.structs.replace(theirs[0], amount=theirs[0].amount - 1, moved=theirs[0].moved - 1)
    cases = match(ours, theirs, ASKED)
    compared = Sides(StatementKind.TREASURY, "国库", ours, theirs, cases, THROUGH)
    asked = SheetAsked(fiscal_year=2025, compared=compared)
    sheet = sheet_of(demo_ledger, ReportCode.FINAL_ACCOUNTS, asked, date(2026, 1, 31))
    alone = sheet_of(demo_ledger, ReportCode.FINAL_ACCOUNTS, SheetAsked(fiscal_year=2025), date(2026, 1, 31))
    assert [check for check in (footing(sheet), *sheet.checks) if check and any(check.values.values())] == []
    assert sheet.total is not None
    assert alone.total is not None
    assert sheet.total["paid"] == alone.total["paid"] > 0
    assert sheet.total["treasury"] == sum(line.moved for line in theirs)
    assert (sheet.total["error"], sheet.total["class"], sheet.total["timing"]) == (1, 0, 0)
    assert sheet.total["basis"] == sheet.total["paid"] - sum(line.moved for line in ours)
