"""A refused statement comes back as its owner's own workbook, with what is wrong and what to do behind each row."""

import io
from datetime import datetime
from typing import Any

import pytest
from openpyxl import load_workbook

from ledger.domain.reconciliation import StatementKind
from ledger.importing.faults import Fault, Faulty
from ledger.reconciliation.reading.complaints import LISTED_MAX, Complaints
from ledger.reconciliation.reading.rejected import rejected_workbook
from ledger.reconciliation.reading.statement import read_statement
from tests.reconciliation.statements import TREASURY, as_csv, as_xlsx, table


def given_back(content: bytes, kind: StatementKind = StatementKind.TREASURY) -> Any:
    """The sheet that comes back."""
    with pytest.raises(Faulty) as refused:
        read_statement(io.BytesIO(content), kind)
    made = load_workbook(io.BytesIO(rejected_workbook(io.BytesIO(content), kind, refused.value)))
    (sheet,) = made.worksheets
    return sheet


BAD = [
    ["国库支付明细", "", "", "单位:元"],
    [],
    *table({}, {"支付金额": "1.005", "收款人账号": "6.2E+18"}, {"摘要": "=1+1"}),
]


@pytest.mark.parametrize("as_file", [as_csv, as_xlsx])
def test_every_cell_stands_where_it_stood_and_two_columns_are_added(as_file: Any) -> None:
    content = as_file(BAD)
    sheet = given_back(content)
    width = len(TREASURY)
    assert sheet.cell(1, 1).value == "国库支付明细"
    assert [sheet.cell(3, at).value for at in range(1, width + 1)] == list(TREASURY)
    assert [sheet.cell(5, at).value for at in range(1, 4)] == ["D1", "V1", "A1"]
    assert sheet.cell(3, width + 1).value == "原因 Reason"
    assert sheet.cell(3, width + 2).value == "建议 Advice"
    assert "G 支付金额:金额不是整分" in sheet.cell(5, width + 1).value
    assert "E 收款人账号" in sheet.cell(5, width + 1).value
    assert "store" not in sheet.cell(5, width + 2).value
    assert sheet.cell(4, width + 1).value is None
    assert sheet.cell(5, 7).fill.fgColor.rgb == "FFFFF2CC"
    assert sheet.cell(6, 14).value == "=1+1"
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}
    assert sheet.cell(6, 14).quotePrefix


def test_numbers_stay_numbers_and_days_days() -> None:
    content = as_xlsx(table({"支付金额": 12.5, "支付日期": datetime(2025, 3, 1), "摘要": "=1"}))  # noqa: DTZ001
    sheet = given_back(content)
    assert (sheet.cell(2, 7).value, sheet.cell(2, 12).value) == (12.5, datetime(2025, 3, 1))  # noqa: DTZ001


def test_what_is_wrong_with_the_header_stands_behind_it() -> None:
    rows = [list(row[:-3]) for row in table({})]
    sheet = given_back(as_csv(rows))
    assert "缺少必需的列" in sheet.cell(1, len(rows[0]) + 1).value
    assert "pay_date" in sheet.cell(1, len(rows[0]) + 2).value


def test_a_file_without_a_header_still_comes_back() -> None:
    sheet = given_back(as_csv([["a", "b"], ["1", "2"]]))
    assert [sheet.cell(2, 1).value, sheet.cell(2, 2).value] == ["1", "2"]
    assert "没有表头" in sheet.cell(1, 3).value


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"<x/>", b"PK\x03\x04", b"\xff" * 9, b"a,\0"])
def test_a_file_without_rows_comes_back_as_a_list_of_complaints(content: bytes) -> None:
    sheet = given_back(content)
    assert [cell.value for cell in sheet[1]] == ["行 Row", "列 Column", "原因 Reason", "建议 Advice"]
    assert sheet.cell(2, 3).value


def test_a_text_file_that_breaks_off_comes_back_as_far_as_it_can_be_read() -> None:
    sheet = given_back(as_csv(table({})) + b'"a" b,\r\n')
    assert sheet.cell(2, 1).value == "D1"
    assert "CSV" in sheet.cell(3, len(TREASURY) + 1).value


def test_a_file_of_nothing_but_mistakes_lists_the_first_and_counts_the_others() -> None:
    complaints = Complaints()
    for number in range(LISTED_MAX + 5):
        complaints.add(Fault(number + 2, "A", "错", "wrong"))
    with pytest.raises(Faulty) as refused:
        complaints.settle()
    assert (len(refused.value.faults), refused.value.more) == (LISTED_MAX, 5)
    made = load_workbook(
        io.BytesIO(rejected_workbook(io.BytesIO(as_csv(table({}))), StatementKind.TREASURY, refused.value))
    )
    assert "另有 5 处" in made.worksheets[0].cell(1, len(TREASURY) + 1).value
