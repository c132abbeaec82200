"""What a workbook unpacks to is measured before anything is made of it: a few kilobytes can be made to fill any memory.

A document type has no place in a workbook; entities, bombs and files of elsewhere all come with one.
"""

import io
import zipfile
from typing import NoReturn
from xml.parsers import expat

from ledger.importing.faults import whole_file

UNPACKED_BYTES_MAX = 128 * 1024**2
"""Of all parts. A sheet of as many rows as are taken stays far below this and the following."""
ELEMENTS_MAX = 3_000_000
"""Of one part."""
CHILDREN_MAX = 400_000
"""Of one element: cells of a row, strings of the table that all cells share."""
DEPTH_MAX = 100
COLUMNS_MAX = 256
"""A cell far to the right makes every cell before it."""
_LAST_COLUMN = "IV"
_DIGITS = "0123456789"


def measure(content: bytes) -> None:
    """Raises Faulty where a workbook is too much to read, BadZipFile where it is none."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if sum(item.file_size for item in archive.infolist()) > UNPACKED_BYTES_MAX:
            _too_much()
        for item in archive.infolist():
            with archive.open(item) as part:
                try:
                    _Counting().parser.ParseFile(part)
                except expat.ExpatError:
                    continue  # no XML from there on, for whoever reads it as well


def check_columns(columns: int) -> None:
    """Raises Faulty where a row has more than are taken."""
    if columns > COLUMNS_MAX:
        raise whole_file(
            f"超过 {COLUMNS_MAX} 列,请删去多余的列", f"more than {COLUMNS_MAX} columns: delete those to the right"
        )


def plain_parser() -> expat.XMLParserType:
    """A parser of XML that raises Faulty at a document type, before anything in it is looked at."""
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _doctype
    return parser


def _doctype(*_: object) -> None:
    raise whole_file("文件含文档类型声明,不予读取", "the file declares a document type and is not read")


def _too_much() -> NoReturn:
    raise whole_file("文件展开后过大,请分成几个文件", "the file unpacks to too much: split it")


class _Counting:
    """Counts the elements of one part, and how many stand in each that is open."""

    def __init__(self) -> None:
        self.parser = plain_parser()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self._open, self._elements = [0], 0

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._elements += 1
        self._open[-1] += 1
        if self._elements > ELEMENTS_MAX or self._open[-1] > CHILDREN_MAX or len(self._open) > DEPTH_MAX:
            _too_much()
        self._open.append(0)
        if name.rpartition(":")[2] == "c":
            column = attributes.get("r", "").rstrip(_DIGITS).upper()
            if (len(column), column) > (len(_LAST_COLUMN), _LAST_COLUMN):
                check_columns(COLUMNS_MAX + 1)

    def _end(self, _: str) -> None:
        self._open.pop()
