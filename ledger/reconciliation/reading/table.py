"""The table of a statement, from rows to lines: its header is found, every cell read as its column needs, totals are checked."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

from openpyxl.utils import get_column_letter

from ledger.domain.catalogue import Name
from ledger.domain.reconciliation import StatementKind
from ledger.importing.faults import Fault, whole_file
from ledger.importing.reading import HEADER_WITHIN
from ledger.importing.values import Unfit
from ledger.reconciliation.line import Line
from ledger.reconciliation.reading.cells import day
from ledger.reconciliation.reading.complaints import Complaints
from ledger.reconciliation.reading.facts import Contradiction, Values, line_of
from ledger.reconciliation.reading.fields import FIELDS, NEEDED
from ledger.reconciliation.reading.mapping import Column, Mapping, columns, folded, mapped, recognised
from ledger.reconciliation.reading.tally import Chain, Sums, Tally

Rows = Iterable[tuple[int, Sequence[str]]]
KNOWN_MIN = 3
"""Cells of a row that have to be known headers for it to be the header."""
_TOTALS = frozenset({"合计", "总计", "共计", "总合计", "total", "grandtotal"})
_SUBTOTAL = re.compile("小计|本页合计|本日合计|本月合计|本年累计|本月累计|累计|承前页|过次页|subtotal")
_REMARK = re.compile("(制表|编制|复核|审核|打印|经办|负责|备注|说明|合计笔数|总笔数|共[0-9]+[笔条行])")
_OPENING_OR_CLOSING = re.compile("期初余额|上期余额|上年余额|期末余额|本期余额|承前页余额")
_STATED_DAY = re.compile(
    "截[止至].{0,6}?(20[0-9]{2}年[0-9]{1,2}月[0-9]{1,2}日|20[0-9]{2}[-/.][0-9]{1,2}[-/.][0-9]{1,2})"
)
_NO_HEADER = Name(
    "在列名中逐列写明字段,或为该来源指定列对照;表头合并单元格请取消合并",
    "name each column, or map the columns of this source; unmerge merged header cells",
)


class Head(NamedTuple):
    """The header of a table and what stands above it."""

    row: int
    headers: tuple[str, ...]
    titles: tuple[str, ...]


def find_head(rows: Iterator[tuple[int, Sequence[str]]], kind: StatementKind, saved: Mapping | None) -> Head:
    """The first row that looks like a header; leaves ``rows`` behind it. Raises Faulty where there is none."""
    titles: list[str] = []
    least = KNOWN_MIN if saved is None else min(KNOWN_MIN, len([h for h in saved.columns.values() if h]) or KNOWN_MIN)
    for number, cells in rows:
        if number > HEADER_WITHIN:
            break
        headers = [" ".join(cell.split()) for cell in cells]
        if recognised(headers, kind, saved) >= least:
            while not headers[-1]:
                headers.pop()
            return Head(number, tuple(headers), tuple(titles))
        titles += [cell for cell in headers if cell]
    needed = {field.name: field.title for field in FIELDS[kind]}
    zh = "、".join(" 或 ".join(needed[name].zh for name in group) for group in NEEDED[kind])
    en = ", ".join(" or ".join(needed[name].en for name in group) for group in NEEDED[kind])
    raise whole_file(
        f"前 {HEADER_WITHIN} 行内没有表头;至少应有:{zh}",
        f"no header within the first {HEADER_WITHIN} rows; at least these are needed: {en}",
        _NO_HEADER,
    )


class Table:
    """A table being read. ``mapping``: the columns in use; ``tallies``: what its lines add up to, account by account."""

    def __init__(self, rows: Rows, kind: StatementKind, saved: Mapping | None, on: date | None) -> None:
        """Raises Faulty where the header is not to be found or lacks a column that is needed."""
        self._rows = iter(rows)
        self.head = find_head(self._rows, kind, saved)
        self.mapping = mapped(self.head.headers, kind, saved)
        self._columns = columns(self.head.headers, self.head.row, self.mapping, self.head.titles)
        self._kind, self._on = kind, _stated_day(self.head.titles) or on
        self._amounts = [column for column in self._columns if column.field.read is None]
        self._nameless = {at for at, header in enumerate(self.head.headers) if not header}
        self._header_cells = {column.at: folded(column.header) for column in self._columns}
        self._labels = {column.field.name: column.label for column in self._columns}
        self._sums = Sums()
        self._chains: dict[str, Chain] = {}
        self.tallies: dict[str, Tally] = {}

    def lines(self, complaints: Complaints) -> Iterator[Line]:
        """The lines whose rows are in order; complaints of the others. Control totals are settled at the end."""
        width = max(self._columns[-1].at, *self._nameless, 0) + 1
        for number, found in self._rows:
            if not any(found):
                continue
            cells = found if len(found) >= width else [*found, *[""] * (width - len(found))]
            if self._nameless:
                self._complain_of_nameless(number, cells, complaints)
            values, faults = self._values(number, cells)
            if not faults:
                try:
                    line = line_of(self._kind, number, values, self._on)
                except Contradiction as unfit:
                    faults.append(Fault(number, self._label(unfit.field), unfit.zh, unfit.en, unfit.advice))
                else:
                    self._count(number, values, line)
                    yield line
                    continue
            if not self._no_data(number, cells, values, complaints):
                for fault in faults:
                    complaints.add(fault)
        for own, balances in self._chains.items():
            balances.settle(self._tally(own), self._label("balance"), complaints)

    def _values(self, number: int, cells: Sequence[str]) -> tuple[Values, list[Fault]]:
        """What the cells of a row say, and what in them cannot be read."""
        values: Values = {}
        faults: list[Fault] = []
        for at, field, header, read in self._columns:
            cell = cells[at]
            if cell and not cell.isspace():
                try:
                    values[field.name] = read(cell)
                except Unfit as unfit:
                    label = Column(at, field, header, read).label
                    faults.append(Fault(number, label, unfit.zh, unfit.en, unfit.advice))
        return values, faults

    def _label(self, field: str) -> str:
        """Letter and header of a field's column; where the file has none, its name."""
        return self._labels.get(field) or next(one.title.zh for one in FIELDS[self._kind] if one.name == field)

    def _no_data(self, number: int, cells: Sequence[str], values: Values, complaints: Complaints) -> bool:
        """Whether a row is blank, repeats the header, states totals or balances, or is a remark at the foot."""
        first = folded(next((cell for cell in cells if cell and not cell.isspace()), ""))
        if not first:
            return True
        if first in _TOTALS:
            said = {c.field.name: values[c.field.name] for c in self._amounts if c.field.name in values}
            said.pop("balance" if self._kind == StatementKind.BANK else "", None)
            for field, words in self._sums.differences(said):
                complaints.add(Fault(number, self._labels[field], words.zh, words.en))
            return True
        if any(_OPENING_OR_CLOSING.search(cell) for cell in cells if cell) and "balance" in values:
            self._chain(values).take(number, 0, values["balance"])
            return True
        if _SUBTOTAL.fullmatch(first) or (_REMARK.match(first) and not self._says_amounts(values)):
            return True
        return all(folded(cells[at]) == header for at, header in self._header_cells.items())

    def _says_amounts(self, values: Values) -> bool:
        return any(column.field.name in values for column in self._amounts)

    def _complain_of_nameless(self, number: int, cells: Sequence[str], complaints: Complaints) -> None:
        for at in [at for at in self._nameless if cells[at] and not cells[at].isspace()]:
            self._nameless.remove(at)
            zh = f"表头为空而列中有数据(第 {number} 行起)"
            en = f"no header over a column that holds data (from row {number})"
            advice = Name("表头如为合并单元格请取消合并,逐列填写", "unmerge header cells and name each column")
            complaints.add(Fault(self.head.row, get_column_letter(at + 1), zh, en, advice))

    def _count(self, number: int, values: Values, line: Line) -> None:
        for column in self._amounts:
            name = column.field.name
            if name in values:
                self._sums.take(name, values[name])
        if self._kind == StatementKind.BANK and "balance" in self._labels:
            self._chain(values).take(number, line.amount, values.get("balance"))
        self._tally(values.get("own", "")).take(line)

    def _chain(self, values: Values) -> Chain:
        return self._chains.setdefault(values.get("own", ""), Chain())

    def _tally(self, name: str) -> Tally:
        if name not in self.tallies:
            self.tallies[name] = Tally(name)
        return self.tallies[name]


def _stated_day(titles: Sequence[str]) -> date | None:
    found = next((found[1] for title in titles if (found := _STATED_DAY.search(title))), None)
    return day(found) if found else None
