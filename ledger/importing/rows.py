"""Rows of an XLSX or CSV file as they stand in it; nothing is guessed, nothing is calculated."""

import csv
import io
import warnings
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from openpyxl import load_workbook

from ledger.importing.faults import Fault, Faulty, whole_file
from ledger.importing.unpacking import check_columns, measure

ROWS_MAX = 20_000
_CSV_ENCODINGS = ("utf-8-sig", "gb18030")
_ZIP, _OLD_EXCEL = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"

Value = str | int | float | bool | date | datetime | None


class Cell(NamedTuple):
    """What a cell holds; ``flaw`` tells a formula or an error value, which hold nothing of their own."""

    value: Value
    flaw: str = ""

    @property
    def blank(self) -> bool:
        return not self.flaw and (self.value is None or (isinstance(self.value, str) and not self.value.strip()))


FORMULA, ERROR = "formula", "error"


class Row(NamedTuple):
    """One row, numbered as the spreadsheet does, from 1."""

    number: int
    cells: tuple[Cell, ...]

    @property
    def blank(self) -> bool:
        return all(cell.blank for cell in self.cells)


def read_rows(content: bytes, titles: Sequence[str], worksheet: str | None = None) -> list[Row]:
    """Rows of a file that hold anything. ``worksheet`` names the sheet; else one of ``titles``, else the first. Raises Faulty."""
    if content.startswith(_OLD_EXCEL):
        raise whole_file("旧版 .xls 文件:请另存为 .xlsx", "an old .xls file: save it as .xlsx")
    found = _xlsx(content, titles, worksheet) if content.startswith(_ZIP) else _csv(content)
    rows = []
    for row in found:
        if row.number > ROWS_MAX:
            raise whole_file(f"超过 {ROWS_MAX} 行,请分成几个文件", f"more than {ROWS_MAX} rows: split the file")
        if not row.blank:
            rows.append(row)
    return rows


def _xlsx(content: bytes, titles: Sequence[str], worksheet: str | None) -> Iterator[Row]:
    number = 0
    try:
        measure(content)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about drop-downs and styles that are of no concern here
            book = load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
            sheet = book[_title(book.sheetnames, titles, worksheet)]
            sheet.reset_dimensions()  # what the file says of its size may be wrong
            for number, cells in enumerate(sheet.iter_rows(), 1):
                yield Row(number, tuple(map(_cell, cells)))
    except Faulty:
        raise
    except Exception as error:  # the libraries below stumble over damage in more ways than they name
        where = number + 1 if number else None
        raise Faulty(
            [Fault(where, "", "XLSX 文件已损坏,请重新另存", f"the XLSX file is broken, save it anew ({error})")]
        ) from error


def _title(present: Sequence[str], titles: Sequence[str], worksheet: str | None) -> str:
    if worksheet is not None and worksheet not in present:
        there = "、".join(present)
        raise whole_file(f"没有工作表“{worksheet}”,现有:{there}", f"no sheet {worksheet!r}; there are: {there}")
    return worksheet or next((title for title in titles if title in present), present[0])


def _cell(cell: Any) -> Cell:
    if cell.data_type == "f":
        return Cell(str(cell.value), FORMULA)
    if cell.data_type == "e":
        return Cell(str(cell.value), ERROR)
    return Cell(cell.value)


def _csv(content: bytes) -> Iterator[Row]:
    text = _decoded(content)
    delimiter = "\t" if text.partition("\n")[0].count("\t") > text.partition("\n")[0].count(",") else ","
    number = 0
    try:
        for number, values in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True), 1):
            check_columns(len(values))
            yield Row(number, tuple(map(Cell, values)))
    except csv.Error as error:
        raise Faulty(
            [Fault(number + 1, "", "CSV 格式有误(引号或换行)", f"this is not well-formed CSV ({error})")]
        ) from error


def _decoded(content: bytes) -> str:
    for encoding in _CSV_ENCODINGS:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise whole_file("既不是 XLSX,也不是 UTF-8 或 GB18030 编码的 CSV", "neither XLSX nor CSV in UTF-8 or GB18030")
