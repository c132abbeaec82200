"""A statement that was refused, given back as its owner's own workbook: the same sheet, the same cells, and two columns more.

Every cell is text, a number or a day: formulas come back as the text they are written in, and no spreadsheet runs them.
"""

from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from datetime import date
from functools import partial
from io import BytesIO
from typing import Any, BinaryIO

from openpyxl import Workbook as Written
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import PatternFill
from openpyxl.utils import column_index_from_string

from ledger.domain.catalogue import Name
from ledger.domain.reconciliation import StatementKind
from ledger.importing.faults import Fault, Faulty
from ledger.importing.unpacking import COLUMNS_MAX
from ledger.importing.values import Unfit
from ledger.reconciliation.reading.cells import Number, day
from ledger.reconciliation.reading.mapping import Mapping, mapped
from ledger.reconciliation.reading.statement import Form, Rows, form_of, separations, sheets, with_a_header
from ledger.reconciliation.reading.table import Head, find_head
from ledger.reconciliation.reading.workbook import CELL_MAX, Workbook
from ledger.workbook import begins_a_formula, header_cell, put_text, refill, text_cell

REASON, ADVICE = Name("原因", "Reason"), Name("建议", "Advice")
_LIST = (Name("行", "Row"), Name("列", "Column"), REASON, ADVICE)
_SHEET = Name("对账文件", "Statement")
_MARKED = PatternFill("solid", fgColor="FFFFF2CC")
_FORBIDDEN_IN_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\'", "_"))
_NAME_MAX = 31
_EXACT = 2**53
_WIDTH_OF_WORDS = 60


def rejected_workbook(file: BinaryIO, kind: StatementKind, faulty: Faulty, saved: Mapping | None = None) -> bytes:
    """The bytes of an XLSX: the file's own sheet with what is wrong behind each row, or a list where it has no rows to show.

    ``saved``: the mapping with which it was read.
    """
    written = Written(write_only=True)
    try:
        with _rows_again(file, kind, saved) as (name, rows):
            head, width = _measure(rows, kind, saved)
            page: Any = written.create_sheet(name.translate(_FORBIDDEN_IN_NAMES)[:_NAME_MAX] or _SHEET.zh)
            with closing(rows()) as again:
                _Page(page, head, width, faulty, kind, saved).fill(again)
    except _NoRows:
        _list(written.create_sheet(_SHEET.zh), faulty)
    out = BytesIO()
    written.save(out)
    return out.getvalue()


class _NoRows(Exception):
    """The file has no rows to show."""


@contextmanager
def _rows_again(
    file: BinaryIO, kind: StatementKind, saved: Mapping | None
) -> Generator[tuple[str, Callable[[], Rows]]]:
    """Name of the sheet, and what begins its rows anew. Raises _NoRows."""
    with ExitStack() as opened:
        try:
            form = form_of(file)
            if form is Form.CAMT:
                raise _NoRows
            if form is Form.WORKBOOK:
                book = opened.enter_context(Workbook(file))
                name = book.sheets[with_a_header(sheets(book), kind, saved, otherwise=0)]
                rows: Callable[[], Rows] = partial(book.rows, name)
            else:
                name, ways = _SHEET.zh, separations(file)
                rows = ways[with_a_header(ways, kind, saved, otherwise=0)]
        except Faulty as faulty:
            raise _NoRows from faulty
        yield name, rows


def _measure(rows: Callable[[], Rows], kind: StatementKind, saved: Mapping | None) -> tuple[Head, int]:
    """The header, or the first row where there is none; and how wide the sheet is."""
    head, width = Head(1, (), ()), 0
    with suppress(Faulty), closing(rows()) as found:
        head = find_head(found, kind, saved)
    with suppress(Faulty), closing(rows()) as found:  # what can be read is shown
        for _, cells in found:
            width = max(width, len(cells))
    return head, width


class _Page:
    """The sheet being written. Cells are filled again and again: a row is written as it is appended."""

    def __init__(
        self, page: Any, head: Head, width: int, faulty: Faulty, kind: StatementKind, saved: Mapping | None
    ) -> None:
        self._page, self._head, self._width = page, head, width
        self._faults: dict[int, list[Fault]] = {}
        for fault in faulty.faults:
            self._faults.setdefault(fault.row or head.row, []).append(fault)
        self._more = faulty.more
        days = mapped(head.headers, kind, saved).columns.get("day")
        self._day = head.headers.index(days) if days in head.headers else None
        self._kept: dict[tuple[int, bool], Any] = {}

    def fill(self, rows: Rows) -> None:
        last = 0
        with suppress(Faulty):
            for number, cells in rows:
                self._gap(last, number)
                self._page.append(self._row(number, cells))
                last = number
        for number in sorted(number for number in self._faults if number > last):
            self._gap(last, number)
            self._page.append(self._row(number, ()))
            last = number

    def _gap(self, last: int, number: int) -> None:
        for _ in range(last + 1, number):
            self._page.append([])

    def _row(self, number: int, cells: Sequence[str]) -> list[Any]:
        made = [self._cell(at, cell) for at, cell in enumerate(cells)]
        faults = self._faults.get(number, ())
        if not faults and number != self._head.row:
            return made
        made += [None] * (self._width - len(made))
        for fault in faults:
            at = _column(fault)
            if at < self._width:
                made[at] = self._marked(cells[at] if at < len(cells) else "")
        told = [_told(faults, REASON), _told(faults, ADVICE)]
        if number == self._head.row:
            more = f"\n另有 {self._more} 处未列出 {self._more} more" if self._more else ""
            told = [f"{REASON.zh} {REASON.en}{more}\n{told[0]}".strip(), f"{ADVICE.zh} {ADVICE.en}\n{told[1]}".strip()]
        return made + [self._said(words) for words in told]

    def _cell(self, at: int, cell: str) -> Any:
        if not cell:
            return None
        if isinstance(cell, Number):
            return self._day_or_number(at, cell)
        marked = begins_a_formula(cell)
        kept = self._kept.get((at, marked))
        if kept is None:
            kept = self._kept[at, marked] = WriteOnlyCell(self._page)
            put_text(kept, cell)
        else:
            refill(kept, cell)
        return kept

    def _day_or_number(self, at: int, cell: Number) -> date | int | float | str:
        if at == self._day:
            with suppress(Unfit):
                return day(cell)
        try:
            number = float(cell)
        except ValueError:
            return str(cell).lstrip("=+-@")
        return int(number) if number.is_integer() and abs(number) < _EXACT else number

    def _marked(self, cell: str) -> Any:
        made = text_cell(self._page, str(cell))
        made.fill = _MARKED
        return made

    def _said(self, words: str) -> Any:
        return header_cell(self._page, words[:CELL_MAX])


def _column(fault: Fault) -> int:
    """Where the complaint points, from 0; beyond every sheet where it names no column."""
    letters = fault.column.partition(" ")[0]
    if letters.isascii() and letters.isalpha() and letters.isupper() and len(letters) < 3:
        return column_index_from_string(letters) - 1
    return COLUMNS_MAX


def _told(faults: Iterable[Fault], what: Name) -> str:
    """Reasons or advice of a row, each in both languages on a line of its own."""
    if what is REASON:
        return "\n".join(f"{fault.column or '*'}:{fault.zh} {fault.en}" for fault in faults)
    return "\n".join(dict.fromkeys(f"{fault.advice.zh} {fault.advice.en}" for fault in faults if fault.advice))


def _list(page: Any, faulty: Faulty) -> None:
    """Complaints alone, where the file shows no rows."""
    page.column_dimensions["C"].width = page.column_dimensions["D"].width = _WIDTH_OF_WORDS
    page.append([text_cell(page, f"{name.zh} {name.en}") for name in _LIST])
    for fault in faulty.faults:
        told = (fault.column, f"{fault.zh} {fault.en}", _told([fault], ADVICE))
        page.append([fault.row, *(text_cell(page, words) for words in told)])
