"""Sheet 5: case by case, how old and whose; both balances with what each side lacks, footing on both sides."""

from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from typing import get_args

import msgspec
import pytest
from openpyxl import load_workbook

from ledger.domain.catalogue import ROLES, Name, Role
from ledger.domain.reconciliation import CAUSES, SETTLED, STATUSES, Cause, StatementKind, Status
from ledger.reconciliation.case import Case
from ledger.reconciliation.line import Line
from ledger.reconciliation.owners import owner
from ledger.reports.presenting import Unit, tables
from ledger.reports.printing import sheet_page
from ledger.reports.reconciliation import STATEMENT, reconciliation
from ledger.reports.sheet import Row, Sheet, footing
from ledger.reports.sides import Sides
from ledger.reports.xlsx import workbook
from tests.reconciliation.told import THROUGH, cases, on, ordered, paid, received, refunded
from tests.reports.test_every_sheet import HOSTILE, check_shown

ON = date(2026, 1, 15)


def compared(ours: list[Line], theirs: list[Line], **said: object) -> Sheet:
    of = Sides(StatementKind.TREASURY, "国库支付", ours, theirs, cases(ours, theirs), THROUGH)
    made = reconciliation(of._replace(**said), ON, 7, datetime(2026, 1, 15, tzinfo=UTC))
    checks = [check for check in (footing(made), *made.checks) if check]
    assert [check for check in checks if any(check.values.values())] == []
    return made


def part(sheet: Sheet, name: Name) -> list[Row]:
    return [row for row in sheet.rows if row["part"] == name]


def still_open(sheet: Sheet) -> list[Row]:
    return [row for row in sheet.rows if row.get("age") is not None]


def test_what_agrees_is_settled_and_has_no_owner_and_no_age() -> None:
    sheet = compared([paid(1, 500, detail="D-1", voucher="PZ-1")], [paid(1, 500, detail="D-1", voucher="PZ-1")])
    row, *_ = sheet.rows
    assert (row["status"], row["ledger"], row["treasury"], row["difference"]) == (STATUSES[Status.MATCHED], 500, 500, 0)
    assert (row["owner"], row["age"], row["detail"], row["voucher"]) == (None, None, "D-1", "PZ-1")
    assert (row["ledger_day"], row["treasury_day"], row.get("bank_day")) == (on(10), on(10), None)


def test_what_the_other_side_has_and_we_not_yet_is_added_to_ours() -> None:
    ours = [ordered(1, 300, 20, application="O-1"), paid(2, 500, detail="D-2")]
    theirs = [paid(1, 300, 30, application="O-1", detail="D-1"), paid(2, 500, detail="D-2")]
    sheet = compared(ours, theirs)
    (row,) = still_open(sheet)
    assert (row["status"], row["cause"]) == (STATUSES[Status.TIMING], CAUSES[Cause.IN_TRANSIT])
    assert (row["told"], row["ledger"], row["treasury"], row["difference"]) == (300, 0, 300, -300)
    assert row["age"] == 26
    ledger, treasury, rest = part(sheet, STATEMENT)
    assert [ledger[name] for name in ("balance", "add", "less", "adjusted")] == [500, 300, 0, 800]
    assert [treasury[name] for name in ("balance", "add", "less", "adjusted")] == [800, 0, 0, 800]
    assert rest["adjusted"] == 0


def test_what_we_paid_in_the_year_and_they_tell_in_january_is_added_to_theirs() -> None:
    sheet = compared([paid(1, 400, 31, detail="D-1")], [paid(1, 400, 34, detail="D-1")])
    (row,) = still_open(sheet)
    assert (row["ledger"], row["treasury"], row["difference"]) == (400, 0, 400)
    ledger, treasury, rest = part(sheet, STATEMENT)
    assert (ledger["adjusted"], treasury["add"], treasury["adjusted"], rest["adjusted"]) == (400, 400, 400, 0)


def test_what_came_back_to_them_and_not_to_us_is_taken_from_ours() -> None:
    ours = [paid(1, 900, detail="D-1"), refunded(2, 100, 34, detail="R-1", cites="D-1")]
    theirs = [paid(1, 900, detail="D-1"), refunded(2, 100, 30, detail="R-1", cites="D-1")]
    ledger, treasury, rest = part(compared(ours, theirs), STATEMENT)
    assert [ledger[name] for name in ("balance", "add", "less", "adjusted")] == [900, 0, 100, 800]
    assert [treasury[name] for name in ("balance", "add", "less", "adjusted")] == [800, 0, 0, 800]
    assert rest["adjusted"] == 0


def test_what_nobody_explains_is_added_to_neither_side_and_stands_by_itself() -> None:
    ours = [paid(1, 100_000, detail="D-1"), paid(2, 700, detail="D-2")]
    theirs = [paid(1, 10, detail="D-1"), paid(3, 40, 5, detail="D-9")]
    sheet = compared(ours, theirs, opening=(50, 30))
    *_, rest = part(sheet, STATEMENT)
    assert rest["adjusted"] == 50 - 30 + 100_700 - 50
    assert {row["owner"] for row in still_open(sheet)} == {ROLES[Role.FIN], ROLES[Role.TRE]}
    assert [row["age"] for row in still_open(sheet)] == [41, 36, 36]


@pytest.mark.parametrize(
    ("status", "ours", "theirs", "cause", "acts"),
    [
        (Status.MISSING_IN_LEDGER, (), (1,), None, Role.FIN),
        (Status.MISSING_IN_TREASURY, (1,), (), None, Role.TRE),
        (Status.MISSING_IN_TREASURY, (1,), (), Cause.INDISTINGUISHABLE, Role.FIN),
        (Status.DUPLICATE, (1,), (), Cause.PAID_TWICE, Role.FIN),
        (Status.DUPLICATE, (), (1,), Cause.PAID_TWICE, Role.TRE),
        (Status.TIMING, (1,), (), Cause.IN_TRANSIT, Role.TRE),
        (Status.TIMING, (), (1,), Cause.IN_TRANSIT, Role.FIN),
        (Status.TIMING, (1,), (1,), Cause.IN_TRANSIT, Role.FIN),
    ],
)
def test_whoever_keeps_the_side_that_is_wrong_or_late_acts(
    status: Status, ours: tuple[int, ...], theirs: tuple[int, ...], cause: Cause | None, acts: Role
) -> None:
    assert owner(Case("", status, cause, ours, theirs, 0)) is acts


def test_every_status_is_settled_or_has_an_owner() -> None:
    for status in Status:
        assert (owner(Case("", status, None, (1,), (1,), 0)) is None) == (status in SETTLED)


def test_a_bank_statement_stands_in_the_bank_s_column() -> None:
    ours, theirs = [paid(1, 5, detail="D")], [paid(1, 5, detail="D"), received(2, 3)]
    of = {"kind": StatementKind.BANK, "our_side": "treasury"}
    sheet = compared(ours, theirs, **of)
    assert sheet.total == {"treasury": 5, "bank": 2, "difference": 3}
    assert any("银行流水" in said.zh for said in sheet.scope)


def test_it_prints_in_parts_each_with_its_own_columns() -> None:
    sheet = compared([paid(1, 400_000_000, detail="D-1")], [paid(2, 300_000_001, detail="D-1")])
    parts = {table.part: [column.key for column in table.columns] for table in tables(sheet, "wan", "zh")}
    assert parts["余额调节表"] == ["side", "balance", "add", "less", "adjusted"]
    assert "status" in parts["逐项核对"]
    assert "bank" not in parts["逐项核对"]
    statement = next(table for table in tables(sheet, "wan", "zh") if table.part == "余额调节表")
    assert statement.rows[-1][-1] == Decimal("100.00")
    assert "余额调节表" in sheet_page(sheet, "yuan", "zh", training=False)


@pytest.mark.parametrize("unit", get_args(Unit))
def test_what_is_shown_of_it_foots_with_its_rounding_difference(unit: Unit) -> None:
    ours, theirs = [paid(at, 333_333, detail=f"D-{at}") for at in range(1, 4)], [paid(1, 333_330, detail="D-1")]
    sides = {"kind": StatementKind.BANK, "our_side": "treasury", "booked": ours, "beyond": cases(ours, ours)}
    check_shown(compared(ours, theirs, **sides), unit)


@pytest.mark.parametrize("words", HOSTILE)
def test_what_a_statement_says_becomes_no_formula(words: str) -> None:
    told = msgspec.structs.replace(paid(1, 5, detail="D-1"), payee=words, voucher=words)
    page = load_workbook(BytesIO(workbook(compared([], [told]), "wan", training=False))).active
    assert page is not None
    cells = [cell for row in page.iter_rows() for cell in row if cell.value is not None]
    assert not [cell for cell in cells if cell.data_type == "f"]
    kept = words.replace("\x02", "\N{REPLACEMENT CHARACTER}").replace("\r", "\n")
    assert len([cell for cell in cells if cell.value == kept]) == 2
