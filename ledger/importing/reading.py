"""The form of a sheet: its header is found, every cell is read as its column needs, and everything that is wrong is listed."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from openpyxl.utils import get_column_letter

from ledger.domain.money import grouped_yuan
from ledger.importing.columns import Column, SheetKind
from ledger.importing.faults import Fault, Faulty, whole_file
from ledger.importing.rows import Cell, Row, read_rows
from ledger.importing.values import UNITS, Unfit, as_fen

HEADER_WITHIN = 20
"""The header stands in one of the first rows; titles may stand above it."""
_KNOWN_MIN = 3
_UNIT = re.compile(r"[(\[【]\s*(?:单位[::]\s*)?(元|万元|亿元|yuan|10,?000 yuan|10k yuan)\s*[)\]】]", re.IGNORECASE)
_YEAR_NAMED = re.compile(r"(20[0-9]{2})年?", re.ASCII)
_TOTALS = frozenset({"合计", "总计", "total"})


class Place(NamedTuple):
    """A column as the file has it: where, what it is, its unit in yuan where it holds amounts, the year its header names."""

    at: int
    column: Column
    unit_yuan: int = 1
    year: int | None = None

    @property
    def field(self) -> str:
        return f"{self.column.field}:{self.year}" if self.year else self.column.field

    @property
    def label(self) -> str:
        return f"{get_column_letter(self.at + 1)} {self.column.header.zh}{self.year or ''}"


class Line(NamedTuple):
    """One data line: the row of the file, and what was read by field (``later:2027`` where a header names a year)."""

    row: int
    values: dict[str, Any]


class Sheet(NamedTuple):
    """A sheet whose form is right. ``places``: where each field stands, for complaints."""

    kind: SheetKind
    lines: list[Line]
    places: dict[str, Place]

    def label(self, field: str) -> str:
        """Letter and header of a column, or nothing where the file has no such column."""
        return self.places[field].label if field in self.places else ""


def read_sheet(
    content: bytes, kind: SheetKind, worksheet: str | None = None, done: Callable[[int, int], None] | None = None
) -> Sheet:
    """Read a file's sheet; ``done`` is told lines read and lines in all. Raises Faulty with everything wrong in its form."""
    rows = read_rows(content, (kind.title.zh, kind.title.en), worksheet)
    header_at = _header(rows, kind)
    below = rows[header_at + 1 :]
    places, faults = _places(rows[header_at], below, kind)
    width = _width(rows[header_at])
    lines = []
    body = [row for row in below if not _is_total(row)]
    for count, row in enumerate(body, 1):
        values, wrong = _line(row, places, width)
        lines.append(Line(row.number, values))
        faults += wrong
        if done:
            done(count, len(body))
    for row in below:
        faults += _disagreeing(row, places, lines) if _is_total(row) and not faults else []
    if not lines and not faults:
        raise whole_file("表中没有数据行", "the sheet holds no lines")
    if faults:
        raise Faulty(faults)
    return Sheet(kind, lines, {place.field: place for place in places})


def _folded(text: str) -> str:
    return re.sub(r"[\s/|]+", "", unicodedata.normalize("NFKC", text)).casefold()


def _names(kind: SheetKind) -> dict[str, Column]:
    """Every way to write a header: Chinese, English, or both in either order."""
    named: dict[str, Column] = {}
    for column in kind.columns:
        zh, en = map(_folded, column.header)
        named |= dict.fromkeys((zh, en, zh + en, en + zh), column)
    return named


def _heading(cell: Cell, named: dict[str, Column]) -> tuple[Column | None, str | None, int | None]:
    """(column, unit, year) that a header cell states."""
    if not isinstance(cell.value, str) or cell.flaw:
        return None, None, None
    text = unicodedata.normalize("NFKC", cell.value)
    unit = _UNIT.search(text)
    text = _UNIT.sub("", text)
    if (column := named.get(_folded(text))) is not None:
        return column, unit and unit[1], None
    year = _YEAR_NAMED.search(text)
    column = named.get(_folded(_YEAR_NAMED.sub("", text))) if year else None
    repeats = column is not None and column.field == "later"
    return (column, unit and unit[1], int(year[1])) if year and repeats else (None, None, None)


def _header(rows: Sequence[Row], kind: SheetKind) -> int:
    named = _names(kind)
    for at, row in enumerate(rows):
        if row.number > HEADER_WITHIN:
            break
        if sum(_heading(cell, named)[0] is not None for cell in row.cells) >= _KNOWN_MIN:
            return at
    needed = "、".join(column.header.zh for column in kind.columns if column.required)
    raise whole_file(
        f"前 {HEADER_WITHIN} 行内没有表头;至少应有:{needed}",
        f"no header within the first {HEADER_WITHIN} rows; at least these are needed: {needed}",
    )


def _places(header: Row, body: Sequence[Row], kind: SheetKind) -> tuple[list[Place], list[Fault]]:
    """Columns by their headers, in any order; unknown, doubled, nameless and missing ones are complained of."""
    named, width = _names(kind), _width(header)
    places: list[Place] = []
    faults: list[Fault] = []
    for index, cell in enumerate(header.cells):
        letter = get_column_letter(index + 1)
        column, unit, year = _heading(cell, named)
        if cell.blank:
            if index < width and any(index < len(row.cells) and not row.cells[index].blank for row in body):
                zh = "表头为空而列中有数据(表头是否为合并单元格?请取消合并,逐列填写)"
                en = "no header over a column that holds data (merged header cells? unmerge them and name each column)"
                faults.append(Fault(header.number, letter, zh, en))
        elif column is None:
            zh, en = f"没有这一列:{cell.value}", f"there is no such column: {cell.value}"
            faults.append(Fault(header.number, letter, zh, en))
        elif any(place.column is column and place.year == year for place in places):
            zh, en = f"列重复:{column.header.zh}", f"this column is there twice: {column.header.en}"
            faults.append(Fault(header.number, letter, zh, en))
        elif column.read is None and (unit or "").lower() not in UNITS:
            zh = f"金额列须注明单位“(元)”或“(万元)”:{column.header.zh}"
            en = f"state the unit of the amounts, (元) or (万元), in the header: {column.header.en}"
            faults.append(Fault(header.number, f"{letter} {column.header.zh}", zh, en))
            places.append(Place(index, column, 1, year))
        else:
            places.append(Place(index, column, UNITS[(unit or "元").lower()], year))
    present = {place.column.field for place in places}
    for column in kind.columns:
        if column.required and column.field not in present:
            faults.append(
                Fault(
                    header.number,
                    column.header.zh,
                    f"缺少必填列:{column.header.zh}",
                    f"a column that is needed is missing: {column.header.en}",
                )
            )
    return places, faults


def _width(header: Row) -> int:
    """How many columns the header names, nameless ones between them included."""
    return max(index for index, cell in enumerate(header.cells, 1) if not cell.blank)


def _is_total(row: Row) -> bool:
    """A line of totals at the foot repeats what the other lines say."""
    first = next(cell for cell in row.cells if not cell.blank)
    return isinstance(first.value, str) and _folded(first.value) in _TOTALS


def _disagreeing(row: Row, places: Sequence[Place], lines: Sequence[Line]) -> list[Fault]:
    """A line of totals is not imported, but what it says must be so; formulas in it are passed over."""
    faults = []
    for place in places:
        cell = row.cells[place.at] if place.at < len(row.cells) else Cell(None)
        if place.column.read is not None or cell.blank or cell.flaw:
            continue
        total = sum(line.values.get(place.field, 0) for line in lines)
        try:
            said = as_fen(cell, place.unit_yuan)
        except Unfit as unfit:
            faults.append(Fault(row.number, place.label, unfit.zh, unfit.en))
            continue
        if said != total:
            zh = f"合计 {grouped_yuan(said)} 元与各行之和 {grouped_yuan(total)} 元不符"
            en = f"the total says {grouped_yuan(said)} yuan, the lines add up to {grouped_yuan(total)}"
            faults.append(Fault(row.number, place.label, zh, en))
    return faults


def _line(row: Row, places: Sequence[Place], width: int) -> tuple[dict[str, Any], list[Fault]]:
    values, faults = {}, []
    for place in places:
        cell = row.cells[place.at] if place.at < len(row.cells) else Cell(None)
        if cell.blank:
            continue
        try:
            read = place.column.read
            values[place.field] = as_fen(cell, place.unit_yuan) if read is None else read(cell)
        except Unfit as unfit:
            faults.append(Fault(row.number, place.label, unfit.zh, unfit.en))
    beyond = next((index for index, cell in enumerate(row.cells[width:], width + 1) if not cell.blank), None)
    if beyond is not None:
        zh, en = "表头以外有内容", "there is something beyond the header"
        faults.append(Fault(row.number, get_column_letter(beyond), zh, en))
    return values, faults
