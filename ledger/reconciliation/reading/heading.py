"""The header of a statement as it is seen before it is taken: which column is read as which field, with what stands in it."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from itertools import chain, islice
from typing import BinaryIO, NamedTuple

from ledger.domain.reconciliation import StatementKind
from ledger.importing.faults import Faulty
from ledger.importing.reading import HEADER_WITHIN
from ledger.reconciliation.reading.mapping import Mapping, mapped
from ledger.reconciliation.reading.statement import Form, Way, form_of, separations, sheets, with_a_header
from ledger.reconciliation.reading.table import find_head
from ledger.reconciliation.reading.workbook import Workbook

SAMPLES = 3


class Heading(NamedTuple):
    """``row`` of the header; ``columns``: field → header, kept or guessed; ``samples``: the first rows below."""

    row: int
    headers: tuple[str, ...]
    columns: dict[str, str]
    samples: tuple[tuple[str, ...], ...]


def heading(file: BinaryIO, kind: StatementKind, saved: Mapping | None) -> Heading | None:
    """The header of a file; of one without a known header the fullest row. None: its form leaves no choice. Raises Faulty."""
    form = form_of(file)
    if form is Form.CAMT:
        return None
    if form is Form.WORKBOOK:
        with Workbook(file) as book:
            return _heading(sheets(book), kind, saved)
    return _heading(separations(file), kind, saved)


def _heading(ways: Sequence[Way], kind: StatementKind, saved: Mapping | None) -> Heading:
    with closing(ways[with_a_header(ways, kind, saved, 0)]()) as rows:
        try:
            head = find_head(rows, kind, saved)
        except Faulty:
            return _fullest(ways, kind)
        samples = _samples(rows, len(head.headers))
    known = {header for header in head.headers if header}
    columns = {name: header for name, header in mapped(head.headers, kind, saved).columns.items() if header in known}
    return Heading(head.row, head.headers, columns, samples)


def _fullest(ways: Sequence[Way], kind: StatementKind) -> Heading:
    """The row that fills most cells, of whichever way of reading."""
    best: tuple[int, int, int] = (0, 0, 0)
    for at, way in enumerate(ways):
        with closing(way()) as rows:
            for number, cells in islice(rows, HEADER_WITHIN):
                best = max(best, (sum(bool(cell.strip()) for cell in cells), -number, at))
    _, number, at = best
    with closing(ways[at]()) as rows:
        found = next(((row, cells) for row, cells in rows if row == -number), (1, ()))
        headers = tuple(" ".join(cell.split()) for cell in found[1])
        return Heading(found[0], headers, mapped(headers, kind, None).columns, _samples(rows, len(headers)))


def _samples(rows: Iterator[tuple[int, Sequence[str]]], width: int) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(islice(chain(cells, [""] * width), width)) for _, cells in islice(rows, SAMPLES))
