"""The form of a sheet: good ones are read to the fen, and every bad cell is named by row and column."""

import io
import zipfile
from datetime import date
from typing import Any

import pytest
from openpyxl import Workbook

from ledger.importing.columns import ALLOCATION_PLAN, OPENING, SheetKind
from ledger.importing.faults import Fault, Faulty
from ledger.importing.reading import Line, read_sheet
from ledger.importing.template import header_of
from tests.importing import sheets
from tests.importing.sheets import GOOD, as_csv, as_xlsx, lines


def read(content: bytes, kind: SheetKind = ALLOCATION_PLAN) -> list[Line]:
    return read_sheet(content, kind).lines


def faults(content: bytes, kind: SheetKind = ALLOCATION_PLAN) -> tuple[Fault, ...]:
    with pytest.raises(Faulty) as caught:
        read_sheet(content, kind)
    return caught.value.faults


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_is_read_in_every_usual_encoding(encoding: str) -> None:
    (line,) = read(as_csv(lines({}), encoding))
    assert line.row == 2
    assert line.values["title"] == "示例项目(示例)"


def test_a_line_is_read_to_the_fen_and_by_code_or_name() -> None:
    (line,) = read(as_xlsx(lines({"专项代码": "重点研发和成果转化专项", "本年(万元)": 50.000001})))
    assert line.values["this_year"] == 50_000_001
    assert line.values["total"] == 80_000_000
    assert (line.values["special"], line.values["mode"], line.values["support"]) == (
        "RDT-KRD",
        "COMPETITIVE",
        "COMPETITIVE",
    )
    assert line.values["vintage"] == 2025
    assert not line.values["gate"]


@pytest.mark.parametrize(
    ("written", "fen"),
    [("1,250,000.50", 125_000_050), ("0.01", 1), (1250000.5, 125_000_050), (0.1 + 0.2, 30), (7, 700), ("9.10", 910)],
)
def test_amounts_in_yuan(written: Any, fen: int) -> None:
    (line,) = read(as_xlsx(lines({"-本年(万元)": "", "本年(元)": written})))
    assert line.values["this_year"] == fen


def test_headers_may_be_in_any_order_with_english_titles_above_and_totals_below() -> None:
    headers, good = lines({"备注": "x"})
    bilingual = {column.header.zh: header_of(column).replace(" (元)", "") for column in ALLOCATION_PLAN.columns}
    named = [f"{bilingual[header.split('(')[0]]}{'（万元）' if '(' in header else ''}" for header in headers]
    total = ["合计" if header == "文号" else 50 if header == "本年(万元)" else "" for header in headers]
    rows = [["2025 年资金安排表"], named[::-1], good[::-1]]
    (line,) = read(as_xlsx(rows))
    assert (line.row, line.values["this_year"]) == (3, 50_000_000)
    assert len(read(as_csv([headers, good, total]))) == 1


def test_later_years_may_be_named_in_the_header() -> None:
    (line,) = read(as_csv(lines({"以后年度2027年(元)": "10"})))
    assert (line.values["later:2027"], line.values["later"]) == (1000, 30_000_000)


BAD_CELLS: list[tuple[dict[str, Any], str, str]] = [
    ({"本年(万元)": "50.0000001"}, "本年", "不是整分"),
    ({"本年(万元)": 50.0000005}, "本年", "不是整分"),
    ({"本年(万元)": "-50"}, "本年", "应为金额"),
    ({"本年(万元)": -50}, "本年", "零以上"),
    ({"本年(万元)": "５０"}, "本年", "全角"),
    ({"本年(万元)": "NaN"}, "本年", "应为金额"),
    ({"本年(万元)": "1e3"}, "本年", "应为金额"),
    ({"本年(万元)": "5,00"}, "本年", "应为金额"),
    ({"本年(万元)": "50万"}, "本年", "应为金额"),
    ({"本年(万元)": "9007199254.740993"}, "本年", "过大"),
    ({"本年(万元)": True}, "本年", "应为金额"),
    ({"本年(万元)": "=25+25"}, "本年", "公式"),
    ({"科技项目编号": "=A1"}, "科技项目编号", "公式"),
    ({"科技项目编号": 20250001}, "科技项目编号", "文本格式"),
    ({"科技项目编号": "ＫＪ-1"}, "科技项目编号", "全角"),
    ({"科技项目编号": "项目一"}, "科技项目编号", "英文字母"),
    ({"信用代码": 1.215e17}, "信用代码", "文本格式"),
    ({"信用代码": "121500000000000018"}, "信用代码", "校验位"),
    ({"功能科目": "20604"}, "功能科目", "7 位"),
    ({"功能科目": 2060499}, "功能科目", "文本格式"),
    ({"资金": "科技创新基金"}, "资金", "不在允许的取值"),
    ({"立项方式": "抓阄"}, "立项方式", "不在允许的取值"),
    ({"支持方式": "后补助"}, "支持方式", "不在允许的取值"),
    ({"指标年度": "25"}, "指标年度", "四位年度"),
    ({"指标年度": 2025.5}, "指标年度", "四位年度"),
    ({"专项代码": "XX"}, "专项代码", "RDT-KRD"),
    ({"应付日期": "2025-02-30"}, "应付日期", "YYYY-MM-DD"),
    ({"期次": "第一期"}, "期次", "英文字母"),
    ({"项目名称": "长" * 401}, "项目名称", "过长"),
]


@pytest.mark.parametrize(("change", "column", "reason"), BAD_CELLS, ids=lambda value: str(value)[:40])
def test_a_bad_cell_is_named_by_row_and_column(change: dict[str, Any], column: str, reason: str) -> None:
    headers, *body = lines({}, change | {"科技项目编号": "KJ-2"} if "科技项目编号" not in change else change)
    (fault,) = faults(as_xlsx([headers, *body]))
    index = next(at for at, header in enumerate(headers) if header.split("(")[0] == column)
    assert fault.row == 3
    assert fault.column == f"{chr(ord('A') + index)} {column}"
    assert reason in fault.zh
    assert fault.en.isascii()


def test_every_bad_cell_of_a_file_is_listed_at_once() -> None:
    found = faults(as_csv(lines({"本年(万元)": "x"}, {"资金": "?", "功能科目": "1"})))
    assert [(fault.row, fault.column[0]) for fault in found] == [(2, "M"), (3, "B"), (3, "Q")]


@pytest.mark.parametrize(
    ("rows", "row", "column", "reason"),
    [
        (lines({"颜色": "红"}), 1, "R", "没有这一列:颜色"),
        (lines({"-资金": ""}), 1, "资金", "缺少必填列"),
        (lines({"-本年(万元)": "", "本年": "50"}), 1, "Q 本年", "注明单位"),
        (lines({"-本年(万元)": "", "本年(亿元)": "50"}), 1, "Q 本年", "注明单位"),
        (lines({"Fund": "NSF"}), 1, "R", "列重复"),
        ([["x", "y"], ["1", "2"]], None, "", "没有表头"),
        ([list(GOOD)], None, "", "没有数据行"),
        ([*lines({}), ["合计", *[""] * 11, "51"]], 3, "M 本年", "不符"),
        ([*lines({}), [*lines({"科技项目编号": "K2"})[1], "stray"]], 3, "R", "表头以外"),
    ],
)
def test_a_bad_layout_is_named(rows: list[list[Any]], row: int | None, column: str, reason: str) -> None:
    (fault,) = faults(as_csv(rows))
    assert (fault.row, fault.column) == (row, column)
    assert reason in fault.zh


def test_merged_header_cells_are_named() -> None:
    headers, good = lines({})
    (fault,) = faults(as_xlsx([["文号", "", *headers[1:]], ["1号", "2号", *good[1:]]], merge="A1:B1"))
    assert (fault.row, fault.column) == (1, "B")
    assert "合并" in fault.zh


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "没有表头"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", ".xls"),
        (b"PK\x03\x04 broken", "已损坏"),
        (b"\xff\xfe\x00\x01", "GB18030"),
        (b'a,"b', "CSV 格式有误"),
    ],
)
def test_what_is_no_sheet_is_refused_in_words(content: bytes, reason: str) -> None:
    (fault,) = faults(content)
    assert reason in fault.zh


def test_numbers_that_are_none_do_not_break_the_reader() -> None:
    whole = as_xlsx(lines({"本年(万元)": 50}))
    source, target = zipfile.ZipFile(io.BytesIO(whole)), io.BytesIO()
    with zipfile.ZipFile(target, "w") as changed:
        for item in source.namelist():
            content = source.read(item)
            changed.writestr(item, content.replace(b"<v>50</v>", b"<v>NaN</v>") if "sheet1" in item else content)
    (fault,) = faults(target.getvalue())
    assert "损坏" in fault.zh


def test_an_unpacked_giant_is_refused() -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("xl/big.xml", "w") as big:
        for _ in range(33):
            big.write(b" " * 16 * 1024**2)
    assert "过大" in faults(content.getvalue())[0].zh


def test_the_sheet_is_chosen_by_its_title_or_by_name() -> None:
    workbook = Workbook()
    workbook.active.title = "封面"
    named = workbook.create_sheet("资金安排表")
    for row in lines({}):
        named.append(row)
    content = io.BytesIO()
    workbook.save(content)
    assert len(read(content.getvalue())) == 1
    with pytest.raises(Faulty) as caught:
        read_sheet(content.getvalue(), ALLOCATION_PLAN, "没有的表")
    assert "封面" in caught.value.faults[0].zh


def test_days_are_read_from_text_and_from_date_cells() -> None:
    first, second = read(as_xlsx(lines({"应付日期": "2025-09-30"}, {"应付日期": date(2025, 9, 30)})))
    assert first.values["due_on"] == second.values["due_on"] == date(2025, 9, 30)


def test_the_opening_list_has_a_form_of_its_own() -> None:
    (line,) = read(as_csv(lines({}, base=sheets.OPENING)), OPENING)
    assert (line.values["unpaid"], line.values["paid"]) == (1_800_000_000, 50_000_050)
    assert line.values["origin"] == "CARRIED_IN"
