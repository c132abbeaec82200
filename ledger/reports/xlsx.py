"""A sheet as a workbook, written row by row: headings above, no merged cells, codes as text, totals and checks below."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from ledger.reports.presenting import SIGNED, UNITS, Shown, Unit, foot, headings, shown_rows, title_of
from ledger.reports.sheet import Column, Sheet
from ledger.training import MARK
from ledger.workbook import MONEY_FORMAT, begins_a_formula, header_cell, put_text, refill, text_cell

MEDIA_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_DAY_FORMAT = "yyyy-mm-dd"
_PERCENT_FORMAT = "0.00"
_FORBIDDEN_IN_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\'", "_"))
_NAME_MAX = 31
_WIDTH, _WIDE = 18, 30
_BOLD = Font(bold=True)


def workbook(sheet: Sheet, unit: Unit, *, training: bool) -> bytes:
    """The bytes of an XLSX with this one sheet."""
    made = Workbook(write_only=True)
    page: Any = made.create_sheet(sheet.name.zh.translate(_FORBIDDEN_IN_NAMES)[:_NAME_MAX])
    above = [words for said in headings(sheet, unit, training=training) for words in _lines(said)]
    header = len(above) + 2
    _lay_out(page, sheet, header, training=training)
    for at, words in enumerate(above):
        page.append([_heading(page, words, first=at == 0)])
    page.append([])
    page.append([header_cell(page, f"{zh} {en}") for zh, en in (title_of(column, unit) for column in sheet.columns)])
    cells = _Cells(page, unit)
    for row in shown_rows(sheet, unit):
        page.append([cells.filled(column, value) for column, value in zip(sheet.columns, row, strict=True)])
    for name, values in foot(sheet, unit):
        below = [_cell(page, column, values.get(column.key), unit) for column in sheet.columns]
        below[0] = text_cell(page, f"{name.zh} {name.en}")
        for cell in below:
            cell.font = _BOLD
        page.append(below)
    page.append([])
    page.append([text_cell(page, f"{SIGNED.zh}    {SIGNED.en}")])
    out = BytesIO()
    made.save(out)
    return out.getvalue()


def money_format(unit: Unit) -> str:
    """How workbooks show amounts in a unit."""
    return MONEY_FORMAT.replace("0.00", f"0.{'0' * UNITS[unit].decimals}")


def _lines(said: tuple[str, str]) -> Sequence[str]:
    return said[:1] if said[0] == said[1] else said


def _lay_out(page: Any, sheet: Sheet, header: int, *, training: bool) -> None:
    """What stays in sight and on every printed page. Has to be said before the first row is written."""
    keys = next((at for at, column in enumerate(sheet.columns) if column.kind == "fen"), 1)
    page.freeze_panes = f"{get_column_letter(max(keys, 1) + 1)}{header + 1}"
    page.print_title_rows = f"{header}:{header}"
    page.page_setup.orientation = "landscape"
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.oddFooter.center.text = "第 &P 页 共 &N 页    Page &P of &N"
    if training:
        page.oddHeader.center.text = f"{MARK.zh} {MARK.en}"
    for at, column in enumerate(sheet.columns, 1):
        page.column_dimensions[get_column_letter(at)].width = _WIDE if column.kind == "text" else _WIDTH


def _heading(page: Any, words: str, *, first: bool) -> Any:
    cell = text_cell(page, words)
    if first:
        cell.font = Font(bold=True, size=14)
    return cell


class _Cells:
    """Cells of rows. A row is written as it is appended, so the next one fills the same cells: styling them costs most."""

    def __init__(self, page: Any, unit: Unit) -> None:
        self._page, self._unit = page, unit
        self._kept: dict[tuple[str, type, bool], Any] = {}

    def filled(self, column: Column, value: Shown) -> Any:
        if isinstance(value, int) and column.kind != "count":
            value = str(value)
        key = column.key, type(value), isinstance(value, str) and begins_a_formula(value)
        cell = self._kept.get(key)
        if cell is None:
            cell = self._kept[key] = _cell(self._page, column, value, self._unit)
        elif isinstance(value, str):
            refill(cell, value)
        elif value is not None:
            cell.value = float(value) if isinstance(value, Decimal) else value
        return cell


def _cell(page: Any, column: Column, value: Shown, unit: Unit) -> Any:
    """A number where it is one to reckon with; whatever is a name, a code or words is text."""
    cell = WriteOnlyCell(page)
    match value:
        case Decimal():
            cell.value = float(value)
            cell.number_format = money_format(unit) if column.kind == "fen" else _PERCENT_FORMAT
        case date():
            cell.value, cell.number_format = value, _DAY_FORMAT
        case int() if column.kind == "count":
            cell.value = value
        case None:
            pass
        case _:
            put_text(cell, str(value))
            cell.alignment = Alignment(wrap_text=column.kind == "text", vertical="top")
    return cell
