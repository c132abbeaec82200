"""A voucher as a workbook, in both languages: the same as on the page, no merged cells, texts as text."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font

from ledger.domain.catalogue import Name
from ledger.reports.capitals import capitals
from ledger.reports.presenting import said_in
from ledger.reports.printing import (
    AMOUNT,
    COLUMNS,
    CORRECTS,
    DAY,
    NUMBER,
    PREPARED,
    RESPONSIBLE,
    REVIEWED,
    SUMMARY,
    TOTAL,
    VOUCHER,
    fact_words,
    note_of,
)
from ledger.reports.voucher import FORMS, Voucher
from ledger.training import MARK
from ledger.workbook import MONEY_FORMAT, put_header, put_text

_WIDTHS = (34, 24, 56, 20, 20)
_BOLD = Font(bold=True)


def voucher_workbook(slip: Voucher, *, training: bool) -> bytes:
    """The bytes of an XLSX with this one voucher."""
    made = Workbook()
    page: Any = made.active
    page.title = FORMS[slip.form].zh
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", page.PAPERSIZE_A5
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.oddFooter.center.text = "第 &P 页 共 &N 页    Page &P of &N"
    for letter, width in zip("ABCDE", _WIDTHS, strict=True):
        page.column_dimensions[letter].width = width
    title = _both(FORMS[slip.form])
    _put(page, [f"{_both(MARK)} · {title}" if training else title], bold=True)
    for name, value in ((DAY, slip.day), (NUMBER, slip.number), (VOUCHER, slip.voucher)):
        _put(page, [_both(name), str(value)])
    _put(page, [_both(SUMMARY), _both(slip.summary)])
    if slip.lines:
        _entries(page, slip)
    _put(page, [_both(AMOUNT), capitals(slip.total), None, slip.total], bold=True)
    for fact in slip.facts:
        _put(page, [_both(fact.name), fact_words(fact.value, None)])
    for name, signer in ((PREPARED, slip.prepared), (REVIEWED, slip.reviewed), (RESPONSIBLE, slip.responsible)):
        _put(page, [_both(name), signer])
    _put(page, [_both(note_of(slip))])
    out = BytesIO()
    made.save(out)
    return out.getvalue()


def _both(name: Name) -> str:
    return said_in(None, name)


def _entries(page: Any, slip: Voucher) -> None:
    """The entries, and what they sum to: figures to reckon with."""
    put_header(page, page.max_row + 1, [_both(name) for name in COLUMNS])
    for line in slip.lines:
        corrects = f"{_both(CORRECTS)} {line.corrects}" if line.corrects else None
        account = f"{line.account} {_both(line.name)}"
        _put(page, [corrects, account, _both(line.details), line.debit, line.credit])
    _put(page, [_both(TOTAL), None, None, slip.total, slip.total], bold=True)


def _put(page: Any, values: Sequence[str | int | None], *, bold: bool = False) -> None:
    """One row below the last: texts as text, fen as yuan."""
    row = page.max_row + 1 if page.cell(1, 1).value else 1
    for at, value in enumerate(values, 1):
        cell = page.cell(row, at)
        if isinstance(value, int):
            cell.value, cell.number_format = value / 100, MONEY_FORMAT
        else:
            put_text(cell, value)
            cell.alignment = Alignment(wrap_text=at == 3, vertical="top")
        if bold:
            cell.font = _BOLD
