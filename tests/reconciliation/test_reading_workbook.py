"""Statements as XLSX: numbers, days and accounts as spreadsheets keep them, formulas and broken cells complained of."""

import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest

from ledger.domain.reconciliation import StatementKind
from ledger.importing.faults import Faulty
from ledger.reconciliation.reading.cells import Broken, Formula, Number
from ledger.reconciliation.reading.workbook import Workbook
from tests.reconciliation.statements import BANK, as_csv, as_xlsx, faults, lines, table

SHEET, BOOK = "xl/worksheets/sheet1.xml", "xl/workbook.xml"


def changed(part: str, change: Callable[[bytes], bytes], content: bytes | None = None) -> bytes:
    """A good workbook of which one part is another."""
    source, target = zipfile.ZipFile(io.BytesIO(content or as_xlsx(table({})))), io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in source.namelist():
            archive.writestr(name, change(source.read(name)) if name == part else source.read(name))
    return target.getvalue()


def sheet_of(cells: str) -> bytes:
    """A workbook whose sheet is this."""
    return changed(
        SHEET, lambda _: f'<x:worksheet xmlns:x="s"><x:sheetData>{cells}</x:sheetData></x:worksheet>'.encode()
    )


def rows(content: bytes) -> list[tuple[int, list[Any]]]:
    with Workbook(io.BytesIO(content)) as book:
        return [(number, list(cells)) for number, cells in book.rows(book.sheets[0])]


def test_a_workbook_and_a_text_file_say_the_same() -> None:
    changes: list[dict[str, Any]] = [{}, {"摘要": 'a<b>&"c" 中文'}, {"业务类型": "退款", "支付金额": "-1.10"}]
    assert lines(as_xlsx(table(*changes))) == lines(as_csv(table(*changes)))


def test_numbers_and_days_of_a_spreadsheet_are_read_exactly() -> None:
    change = {"支付金额": 0.1 + 0.2, "支付日期": datetime(2025, 3, 1, 10, 20), "年度": 2025, "功能科目": 2060499}  # noqa: DTZ001
    (line,) = lines(as_xlsx(table(change)))
    assert (line.amount, line.day, line.fiscal_year, line.function) == (30, date(2025, 3, 1), 2025, "2060499")
    assert lines(as_xlsx(table({"支付日期": 20250301, "收款人账号": 622200001111222})))[0].account == "622200001111222"


@pytest.mark.parametrize(
    ("change", "column", "says"),
    [
        ({"支付金额": 0.125}, "G 支付金额", "整分"),
        ({"支付金额": 1e17}, "G 支付金额", "过大"),
        ({"支付金额": "=SUM(G1:G2)"}, "G 支付金额", "公式"),
        ({"支付金额": "#REF!"}, "G 支付金额", "错误"),
        ({"支付金额": True}, "G 支付金额", "不是金额"),
        ({"收款人账号": 6222000011112222333}, "E 收款人账号", "丢失"),
        ({"支付凭证号": 1.5}, "B 支付凭证号", "小数"),
        ({"摘要": "=HYPERLINK(1)"}, "N 摘要", "公式"),
        ({"支付日期": 1}, "L 支付日期", "日期"),
    ],
)
def test_cells_that_say_nothing_certain_are_complained_of(change: dict[str, Any], column: str, says: str) -> None:
    (fault,) = faults(as_xlsx(table({}, change)))
    assert (fault.row, fault.column) == (3, column)
    assert says in fault.zh
    assert fault.advice


def test_a_number_and_a_text_of_the_same_digits_are_read_each_in_its_way() -> None:
    changes: list[dict[str, Any]] = [{"功能科目": "2060499.0"}, {"功能科目": 2060499}, {"功能科目": 2060499.0}]
    content = changed(
        SHEET, lambda part: part.replace(b"<v>2060499</v>", b"<v>2060499.0</v>"), as_xlsx(table(*changes))
    )
    assert [line.function for line in lines(content)] == ["2060499.0", "2060499", "2060499"]


def test_formulas_of_totals_and_of_columns_that_are_not_used_are_passed_over() -> None:
    total = ["合计", *[""] * 5, "=SUM(G2:G2)"]
    assert lines(as_xlsx([*table({"序号": "=ROW()"}), total])) == lines(as_csv(table({})))


def test_the_first_sheet_with_a_header_is_read() -> None:
    assert lines(as_xlsx([["封面"]], table({}))) == lines(as_csv(table({})))
    assert faults(as_xlsx([["封面"]]))[0].row is None


def test_merged_header_cells_are_complained_of() -> None:
    found = faults(as_xlsx(table({}), merge="D1:E1"))
    assert [(fault.row, fault.column) for fault in found] == [(1, "E")]


def test_a_million_empty_rows_are_nothing() -> None:
    empty = "".join(f'<row r="{number}"/>' for number in range(3, 1_000_003)).encode()
    content = changed(SHEET, lambda part: part.replace(b"</sheetData>", empty + b"</sheetData>"))
    assert len(lines(content)) == 1


def test_every_way_to_write_a_cell() -> None:
    found = rows(
        sheet_of(
            '<x:row><x:c><x:v>1.5</x:v></x:c>\n<x:c r="C1" t="str"><x:v>a&amp;b</x:v></x:c><x:c t="b"><x:v>1</x:v></x:c></x:row>'
            '<x:row r="4"><x:c r="B4" t="inlineStr"><x:is> <x:r><x:t>甲</x:t></x:r><x:r><x:t>乙</x:t></x:r>'
            "<x:rPh><x:t>yi</x:t></x:rPh></x:is></x:c>"
            '<x:c t="e"><x:v>#N/A</x:v></x:c><x:c><x:f>A1</x:f><x:v>7</x:v></x:c><x:c><x:v><![CDATA[8]]></x:v></x:c></x:row>'
        )
    )
    assert found == [(1, ["1.5", "", "a&b", "TRUE"]), (4, ["", "甲乙", "#N/A", "=A1", "8"])]
    kinds = [type(cell) for cell in found[1][1]]
    assert kinds == [str, str, Broken, Formula, Number]


@pytest.mark.parametrize(
    "cells",
    [
        '<x:row r="2"/><x:row r="1"/>',
        '<x:row r="1"><x:row r="2"/></x:row>',
        '<x:row r="1048577"/>',
        '<x:row r="x"/>',
        '<x:row><x:c r="B1"/><x:c r="A1"/></x:row>',
        '<x:row><x:c r="A1"><x:c r="B1"/></x:c></x:row>',
        '<x:row><x:c t="s"><x:v>99999</x:v></x:c></x:row>',
        "<x:c/>",
        "<x:row>",
    ],
)
def test_a_sheet_in_disorder_is_complained_of(cells: str) -> None:
    with pytest.raises(Faulty) as refused:
        rows(sheet_of(cells))
    assert "broken" in refused.value.faults[0].en


def test_days_counted_from_1904_are_not_guessed_at() -> None:
    content = changed(BOOK, lambda part: part.replace(b"<workbookPr", b'<workbookPr date1904="1"'))
    assert "1904" in faults(content)[0].zh


def test_a_bank_in_a_workbook() -> None:
    (line,) = lines(as_xlsx(table({"借方发生额(支出)": 12.5, "余额": 0}, base=BANK)), StatementKind.BANK)
    assert line.amount == 1250
