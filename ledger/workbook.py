"""Cells of workbooks that people open: codes and titles stay text, so that no spreadsheet takes them for a formula."""

from collections.abc import Sequence
from typing import Any

from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.worksheet import Worksheet

TEXT_FORMAT = "@"
MONEY_FORMAT = "#,##0.00"
_BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""The wide forms, too: some spreadsheets take them for the narrow ones when a cell is edited."""
_HEADER_FILL = PatternFill("solid", fgColor="FFEEF2F6")


def put_text(cell: Any, text: str | None) -> None:
    """Write text as text, whatever it begins with; a mark tells spreadsheets that it stays text when it is edited.

    What a workbook cannot hold is shown as a stand-in.
    """
    cell.value = None if text is None else ILLEGAL_CHARACTERS_RE.sub("\N{REPLACEMENT CHARACTER}", text)
    cell.number_format = TEXT_FORMAT
    if text:
        cell.data_type = "s"
        cell.quotePrefix = begins_a_formula(text)


def put_header(sheet: Worksheet, row: int, titles: Sequence[str]) -> None:
    """One row of headers, none of them merged."""
    for index, title in enumerate(titles, 1):
        make_header(sheet.cell(row, index), title)


def refill(cell: Any, text: str) -> None:
    """Write other text into a text cell: its format, and whether it is marked, stay as they are."""
    cell.value = ILLEGAL_CHARACTERS_RE.sub("\N{REPLACEMENT CHARACTER}", text)
    cell.data_type = "s"


def text_cell(page: Any, words: str | None) -> Any:
    """A cell of text for a page that is written row by row."""
    cell = WriteOnlyCell(page)
    put_text(cell, words)
    return cell


def header_cell(page: Any, title: str) -> Any:
    """A header for a page that is written row by row."""
    cell = WriteOnlyCell(page)
    make_header(cell, title)
    return cell


def begins_a_formula(text: str) -> bool:
    """Whether some spreadsheet would take a text for a formula."""
    return text.startswith(_BEGINS_A_FORMULA)


def make_header(cell: Any, title: str) -> None:
    """A header: text that stands out and runs over into more lines."""
    put_text(cell, title)
    cell.font = Font(bold=True)
    cell.fill = _HEADER_FILL
    cell.alignment = Alignment(wrap_text=True, vertical="center")
