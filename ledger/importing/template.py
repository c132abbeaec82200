"""The empty sheet to fill in: headers in two languages, units, text formats, an example, and notes on every column."""

from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from ledger.domain.catalogue import Name
from ledger.importing.columns import Column, SheetKind
from ledger.workbook import MONEY_FORMAT, TEXT_FORMAT, put_header, put_text

EXAMPLE = Name("示例", "Example")
NOTES = Name("说明", "Notes")
_UNIT = "元"
_NOTE_HEADERS = (
    Name("列", "Column"),
    Name("必填", "Needed"),
    Name("取值", "Allowed"),
    Name("说明", "About"),
)
_GENERAL = (
    Name(
        "只导入第一张工作表;“示例”和本页不导入。列的次序不限,不用的列可删去。",
        "Only the first sheet is imported, not the example or these notes. Columns may stand in any order; unused ones may go.",
    ),
    Name(
        "金额单位写在表头:(元)或(万元)。金额最多到分,不得用公式;代码、编号一律为文本。",
        "The header states the unit of amounts: (元) or (万元). Whole fen, no formulas; codes and numbers of things are text.",
    ),
    Name(
        "整个文件要么全部记入,要么一行也不记;同一文件导入两次只记一次。“合计”行只核对,不导入。",
        "A file is recorded whole or not at all, and once however often it is imported. A line 合计 is checked, not imported.",
    ),
)


def header_of(column: Column) -> str:
    """The header cell of a column: Chinese, English, and the unit of amounts."""
    unit = f" ({_UNIT})" if column.read is None else ""
    return f"{column.header.zh} {column.header.en}{unit}"


def write_template(path: Path | BinaryIO, kind: SheetKind, *, mark: str = "") -> None:
    """Write the empty sheet, with its example and notes, as XLSX. Raises OSError.

    ``mark``: what stands above every sheet and in the head of every page, if anything; it is no part of what is imported.
    """
    workbook = Workbook()
    sheet = workbook.active
    assert isinstance(sheet, Worksheet)
    sheet.title = kind.title.zh
    _heads(sheet, kind.columns)
    example = workbook.create_sheet(f"{EXAMPLE.zh} {EXAMPLE.en}")
    _heads(example, kind.columns)
    for index, column in enumerate(kind.columns, 1):
        put_text(example.cell(2, index), column.example)
    _notes(workbook.create_sheet(f"{NOTES.zh} {NOTES.en}"), kind.columns)
    for each in workbook.worksheets if mark else ():
        _mark(each, mark)
    workbook.save(path)


def _mark(sheet: Worksheet, mark: str) -> None:
    sheet.insert_rows(1)
    put_text(sheet.cell(1, 1), mark)
    sheet.cell(1, 1).font = Font(bold=True, size=14)
    sheet.freeze_panes = "A3"
    if sheet.oddHeader is not None:
        sheet.oddHeader.center.text = mark


def _heads(sheet: Worksheet, columns: Sequence[Column]) -> None:
    put_header(sheet, 1, [header_of(column) for column in columns])
    for index, column in enumerate(columns, 1):
        dimension = sheet.column_dimensions[get_column_letter(index)]
        dimension.number_format = MONEY_FORMAT if column.read is None else TEXT_FORMAT
        dimension.width = 20
    sheet.freeze_panes = "A2"


def _notes(sheet: Worksheet, columns: Sequence[Column]) -> None:
    put_header(sheet, 1, [f"{name.zh} {name.en}" for name in _NOTE_HEADERS])
    for row, column in enumerate(columns, 2):
        needed = "是 yes" if column.required else "否 no"
        said = (f"{column.header.zh} {column.header.en}", needed, "\n".join(column.form), "\n".join(column.about))
        for index, text in enumerate(said, 1):
            put_text(sheet.cell(row, index), text)
            sheet.cell(row, index).alignment = Alignment(wrap_text=True, vertical="top")
    for row, name in enumerate(_GENERAL, len(columns) + 3):
        put_text(sheet.cell(row, 1), f"{name.zh} {name.en}")
        sheet.cell(row, 1).font = Font(italic=True)
    for letter, width in zip("ABCD", (26, 10, 70, 60), strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = "A2"
