"""Cells of workbooks that people open: codes and titles stay text, so that no spreadsheet takes them for a formula."""

from collections.abc import Sequence
from typing import Any

from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from ledger.domain.money import yuan

TEXT_FORMAT = "@"
MONEY_FORMAT = "#,##0.00"
_BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_HEADER_FILL = PatternFill("solid", fgColor="FFEEF2F6")


def put_text(cell: Any, text: str | None) -> None:
    """Write text as text, whatever it begins with; a mark tells spreadsheets that it stays text when it is edited."""
    cell.value = text
    cell.number_format = TEXT_FORMAT
    if text:
        cell.data_type = "s"
        cell.quotePrefix = text.startswith(_BEGINS_A_FORMULA)


def put_fen(cell: Any, amount_fen: int) -> None:
    """Write an amount in yuan as a number with two decimals."""
    cell.value = float(yuan(amount_fen))
    cell.number_format = MONEY_FORMAT


def put_header(sheet: Worksheet, row: int, titles: Sequence[str]) -> None:
    """One row of headers, none of them merged."""
    for index, title in enumerate(titles, 1):
        cell = sheet.cell(row, index)
        put_text(cell, title)
        cell.font = Font(bold=True)
        cell.fill = _HEADER_FILL
        cell.alignment = Alignment(wrap_text=True, vertical="center")
