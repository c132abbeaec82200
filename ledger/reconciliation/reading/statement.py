"""A statement's file: what form it has, read once and checked whole, then given out page by page.

``read_statement`` takes the file, a binary one that can be sought. Nothing is given out of a file of which anything is wrong.
"""

import hashlib
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing
from datetime import date
from enum import StrEnum
from functools import partial
from types import TracebackType
from typing import BinaryIO, Self

import msgspec

from ledger.domain.reconciliation import StatementKind
from ledger.importing.faults import Faulty, whole_file
from ledger.reconciliation.line import Line
from ledger.reconciliation.reading.camt import Camt, is_xml
from ledger.reconciliation.reading.complaints import Complaints
from ledger.reconciliation.reading.mapping import Mapping
from ledger.reconciliation.reading.spool import Spool
from ledger.reconciliation.reading.table import Table, find_head
from ledger.reconciliation.reading.tally import Part, Tally
from ledger.reconciliation.reading.text import DELIMITERS, encoding_of, text_rows
from ledger.reconciliation.reading.workbook import Workbook

Done = Callable[[int, int], None]
"""Told bytes of the file read, and bytes in all."""

_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_ZIP = b"PK\x03\x04"
_CHUNK = 1024**2
SHEETS_MAX = 20
"""Sheets of a workbook that are looked at for one with a header."""


class Form(StrEnum):
    """What a file is."""

    TEXT = "TEXT"
    WORKBOOK = "WORKBOOK"
    CAMT = "CAMT"


class Control(msgspec.Struct, frozen=True):
    """Control totals of a statement that is in order. ``parts``: one for each account or statement in the file.

    ``sha256``: of the file, by which the same one is known again.
    """

    kind: StatementKind
    sha256: str
    parts: tuple[Part, ...]

    @property
    def lines(self) -> int:
        return sum(part.lines for part in self.parts)

    @property
    def paid(self) -> int:
        return sum(part.paid for part in self.parts)

    @property
    def returned(self) -> int:
        return sum(part.returned for part in self.parts)

    @property
    def cleared(self) -> int:
        return sum(part.cleared for part in self.parts)

    @property
    def balances(self) -> int:
        return sum(part.balances for part in self.parts)

    @property
    def opening(self) -> int | None:
        """Fen; None where a part does not say it."""
        return _sum([part.opening for part in self.parts])

    @property
    def closing(self) -> int | None:
        """Fen; None where a part does not say it."""
        return _sum([part.closing for part in self.parts])

    @property
    def first(self) -> date:
        return min(part.first for part in self.parts if part.first)

    @property
    def last(self) -> date:
        return max(part.last for part in self.parts if part.last)


def _sum(figures: Sequence[int | None]) -> int | None:
    known = [figure for figure in figures if figure is not None]
    return sum(known) if len(known) == len(figures) else None


class Statement:
    """A statement that is in order. Use it with ``with``: its lines lie in a temporary file.

    ``mapping``: the columns in use, to be saved for the source; None where the form of the file leaves no choice.
    """

    def __init__(self, control: Control, mapping: Mapping | None, spool: Spool) -> None:
        self.control, self.mapping, self._spool = control, mapping, spool

    def pages(self) -> Iterator[list[Line]]:
        """The lines in the order of the file, as often as asked."""
        return self._spool.pages()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._spool.close()


def read_statement(
    file: BinaryIO,
    kind: StatementKind,
    mapping: Mapping | None = None,
    *,
    on: date | None = None,
    done: Done | None = None,
) -> Statement:
    """Read and check a statement. ``mapping``: the one saved for its source; ``on``: the day on which balances stand, where
    the file does not say. Raises Faulty with every complaint.
    """
    sha256 = _hash(file)
    spool = Spool()
    try:
        used, tallies = _read(file, kind, mapping, on, _counted(file, spool, done))
    except BaseException:
        spool.close()
        raise
    parts = tuple(tally.part() for tally in tallies)
    return Statement(Control(kind, sha256, parts), used, spool)


Rows = Generator[tuple[int, Sequence[str]]]
Way = Callable[[], Rows]
"""Begins to read rows."""
Keep = Callable[[Iterable[Line]], int]
"""Lays lines aside and says how many."""


def _counted(file: BinaryIO, spool: Spool, done: Done | None) -> Keep:
    size = file.seek(0, 2)

    def keep(lines: Iterable[Line]) -> int:
        count = 0
        for line in lines:
            count += 1
            if spool.put(line) and done:
                done(min(file.tell(), size), size)
        if done:
            done(size, size)
        return count

    return keep


def _read(
    file: BinaryIO, kind: StatementKind, saved: Mapping | None, on: date | None, keep: Keep
) -> tuple[Mapping | None, list[Tally]]:
    form = form_of(file)
    if form is Form.CAMT:
        return None, _read_camt(file, kind, keep)
    if form is Form.WORKBOOK:
        with Workbook(file) as book:
            return _read_table(sheets(book), kind, saved, on, keep)
    return _read_table(separations(file), kind, saved, on, keep)


def form_of(file: BinaryIO) -> Form:
    """Told by the first bytes, not by a name. Raises Faulty for old workbooks."""
    file.seek(0)
    begins = file.read(64)
    if begins.startswith(_OLD_EXCEL):
        raise whole_file("旧版 .xls 文件:请另存为 .xlsx", "an old .xls file: save it as .xlsx")
    if begins.startswith(_ZIP):
        return Form.WORKBOOK
    return Form.CAMT if is_xml(begins) else Form.TEXT


def _read_camt(file: BinaryIO, kind: StatementKind, keep: Keep) -> list[Tally]:
    if kind != StatementKind.BANK:
        raise whole_file("XML 文件只能是银行对账单", "an XML file can only be a bank's statement")
    file.seek(0)
    complaints, camt = Complaints(), Camt()
    count = keep(camt.lines(file, complaints))
    complaints.settle()
    if not count:
        raise _no_lines()
    return camt.tallies


def _no_lines() -> Faulty:
    return whole_file("文件中没有数据行", "the file holds no lines")


def _read_table(
    ways: Sequence[Way], kind: StatementKind, saved: Mapping | None, on: date | None, keep: Keep
) -> tuple[Mapping, list[Tally]]:
    complaints = Complaints()
    with closing(ways[with_a_header(ways, kind, saved)]()) as rows:
        table = Table(rows, kind, saved, on)
        count = keep(table.lines(complaints))
    complaints.settle()
    if not count:
        raise _no_lines()
    return table.mapping, list(table.tallies.values())


def separations(file: BinaryIO) -> list[Way]:
    """The ways to take a text file apart. Raises Faulty where it cannot be decoded."""
    encoding = encoding_of(file)
    return [partial(text_rows, file, encoding, delimiter) for delimiter in DELIMITERS]


def sheets(book: Workbook) -> list[Way]:
    """The sheets of a workbook that may be the statement."""
    return [partial(book.rows, sheet) for sheet in book.sheets[:SHEETS_MAX]]


def with_a_header(ways: Sequence[Way], kind: StatementKind, saved: Mapping | None, otherwise: int | None = None) -> int:
    """The first way of reading in which a header is found. Where there is none: ``otherwise``, or raises what is wrong with
    the first."""
    refused: Faulty | None = None
    for at, way in enumerate(ways):
        try:
            with closing(way()) as rows:
                find_head(rows, kind, saved)
        except Faulty as faulty:
            refused = refused or faulty
        else:
            return at
    if otherwise is None and refused:
        raise refused
    return otherwise or 0


def _hash(file: BinaryIO) -> str:
    file.seek(0)
    digest = hashlib.sha256()
    while chunk := file.read(_CHUNK):
        digest.update(chunk)
    return digest.hexdigest()
