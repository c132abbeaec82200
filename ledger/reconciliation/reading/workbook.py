"""Rows of an XLSX workbook, streamed: of a million rows a few are in memory at a time, and the texts that cells share.

Written for statements, whose size leaves no choice: libraries either hold the whole sheet, hide formulas behind their last
value, or take minutes. Cells come as text (``cells.Number``, ``Formula`` and ``Broken`` tell what else they are).
"""

from array import array
from collections.abc import Generator, Iterator, Sequence
from itertools import pairwise
from operator import add
from types import TracebackType
from typing import BinaryIO, NoReturn, Self
from zipfile import ZipFile

from ledger.domain.catalogue import Name
from ledger.importing.faults import Faulty, whole_file
from ledger.importing.unpacking import check_columns, plain_parser
from ledger.reconciliation.reading.cells import Broken, Formula, Number
from ledger.reconciliation.reading.markup import CHUNK, DEPTH_MAX, Elements, fed, too_long
from ledger.reconciliation.reading.plain_rows import Cell, without_plain_rows

UNPACKED_BYTES_MAX = 3 * 1024**3
"""Of all parts. A million lines of twenty columns unpack to about a third of it."""
PARTS_MAX = 2000
CELL_MAX = 32_767
"""Characters of a cell: a spreadsheet takes no more."""
ROWS_MAX = 1_048_576
TEXTS_BYTES_MAX = 384 * 1024**2
"""Of the texts that cells share."""
_DIGITS = "0123456789"
_NUMBERS = frozenset({"", "n"})
_LAYOUTS_MAX = 1000
"""Ways in which cells lie in a row that are remembered."""
_BOOK, _LINKS, _TEXTS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/sharedStrings.xml"
_SAVE_ANEW = Name("请用电子表格软件打开后另存为 .xlsx", "open it in a spreadsheet and save it anew as .xlsx")


def _broken(why: str) -> NoReturn:
    raise whole_file("XLSX 文件已损坏", f"the XLSX file is broken ({why})", _SAVE_ANEW)


class Workbook:
    """A workbook to read rows from. ``sheets``: the names of its sheets, in their order."""

    def __init__(self, file: BinaryIO) -> None:
        """Raises Faulty where it is none, or too much."""
        try:
            self._archive = ZipFile(file)
            parts = self._archive.infolist()
            if len(parts) > PARTS_MAX or sum(part.file_size for part in parts) > UNPACKED_BYTES_MAX:
                raise whole_file("文件展开后过大", "the file unpacks to too much", Name("请分成几个文件", "split it"))
            links = self._links()
            self._parts = {name: links.get(link, "") for name, link in self._named()}
            self._texts = self._shared()
        except Faulty:
            raise
        except Exception as error:
            _broken(str(error))
        self.sheets = list(self._parts)
        if not self.sheets:
            _broken("no sheet")

    def rows(self, sheet: str) -> Generator[tuple[int, Sequence[str]]]:
        """The rows of a sheet with their numbers; what is not there is left out. Raises Faulty."""
        try:
            with self._archive.open(self._parts[sheet]) as part:
                cells = _Cells(self._texts)
                pieces = without_plain_rows(part, cells.between, cells.take)  # type: ignore[arg-type]
                for _ in fed(cells.parser, pieces, _broken):
                    yield from cells.taken()
        except (Faulty, GeneratorExit):
            raise
        except Exception as error:
            _broken(str(error))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._archive.close()

    def _named(self) -> Iterator[tuple[str, str]]:
        """(name, link) of every sheet."""
        found: list[tuple[str, str]] = []

        def start(tag: str, said: dict[str, str]) -> None:
            if tag == "sheet":
                link = next((value for name, value in said.items() if name.rpartition(":")[2] == "id"), "")
                found.append((said.get("name", ""), link))
            if tag == "workbookPr" and said.get("date1904", "0") in ("1", "true", "on"):
                zh, en = "工作簿采用 1904 日期系统", "the workbook counts days from 1904"
                raise whole_file(zh, en, Name("请在选项中取消后另存", "turn this off in its options and save it anew"))

        self._scan(_BOOK, Elements(start, _nothing, CELL_MAX))
        yield from found

    def _links(self) -> dict[str, str]:
        """Link → part."""
        found: dict[str, str] = {}

        def start(tag: str, said: dict[str, str]) -> None:
            if tag == "Relationship" and said.get("TargetMode") != "External":
                target = said.get("Target", "")
                found[said.get("Id", "")] = target[1:] if target.startswith("/") else f"xl/{target}"

        self._scan(_LINKS, Elements(start, _nothing, CELL_MAX))
        return found

    def _shared(self) -> "_Texts":
        texts = _Texts()
        if _TEXTS in self._archive.namelist():
            self._scan(_TEXTS, Elements(texts.start, texts.end, CELL_MAX))
        return texts

    def _scan(self, part: str, elements: Elements) -> None:
        with self._archive.open(part) as content:
            for _ in elements.read(content, _broken):  # type: ignore[arg-type]
                pass


def _nothing(_: str, __: str) -> None:
    """Ends are of no concern."""


class _Texts:
    """Texts that cells share, packed: as Python strings they would take several times the memory."""

    def __init__(self) -> None:
        self._bytes = bytearray()
        self._ends = array("Q", [0])
        self._spoken = False

    def start(self, tag: str, _: dict[str, str]) -> None:
        if tag == "rPh":
            self._spoken = True

    def end(self, tag: str, text: str) -> None:
        if tag == "t" and not self._spoken:
            self._bytes += text.encode()
            if len(self._bytes) > TEXTS_BYTES_MAX:
                raise whole_file("文件展开后过大", "the file unpacks to too much", Name("请分成几个文件", "split it"))
        elif tag == "rPh":
            self._spoken = False
        elif tag == "si":
            self._ends.append(len(self._bytes))

    def __getitem__(self, at: int) -> str:
        if at < 0:
            raise IndexError(at)
        return self._bytes[self._ends[at] : self._ends[at + 1]].decode()


class _Cells:
    """The cells of a sheet as its parser comes by them, gathered in rows. Called for every tag: it is what reading costs."""

    def __init__(self, texts: _Texts) -> None:
        self._texts = texts
        self._local: dict[str, str] = {}
        self._columns: dict[str, int] = {}
        self._rows: list[tuple[int, list[str]]] = []
        self._layouts: dict[tuple[str, ...], list[int]] = {}
        self._number, self._depth, self._depth_of_rows = 0, 0, -1
        self._row: list[str] | None = None
        self._at = -1
        self._type = self._text = self._value = self._formula = ""
        self._spoken = False
        self.parser = plain_parser()
        self.parser.buffer_text, self.parser.buffer_size = True, CHUNK
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._said

    def taken(self) -> list[tuple[int, list[str]]]:
        """The rows that ended since."""
        rows, self._rows = self._rows, []
        return rows

    def _start(self, name: str, said: dict[str, str]) -> None:
        tag = self._local.get(name) or self._local.setdefault(name, name.rpartition(":")[2])
        self._text = ""
        if tag == "c":
            self._begin_cell(said)
        elif tag == "row":
            self._begin_row(int(said["r"]) if "r" in said else self._number + 1)
        elif tag == "rPh":
            self._spoken = True
        elif tag not in {"v", "t", "f", "is"}:
            self._depth += 1
            if tag == "sheetData":
                self._depth_of_rows = self._depth
            if self._depth > DEPTH_MAX:
                too_long(self._number)

    def _said(self, text: str) -> None:
        self._text += text
        if len(self._text) > CELL_MAX:
            too_long(self._number)

    def _end(self, name: str) -> None:
        tag = self._local[name]
        if tag in {"v", "t"}:
            if not self._spoken:
                self._value = self._value + self._text if self._value else self._text
        elif tag == "c":
            self._end_cell()
        elif tag == "row":
            if self._row:
                self._rows.append((self._number, self._row))
            self._row = None
        elif tag == "rPh":
            self._spoken = False
        elif tag == "f":
            self._formula = f"={self._text}"
        elif tag != "is":
            self._depth -= 1

    def between(self) -> bool:
        """Whether the parser stands where only a row can begin."""
        return self._row is None and self._depth == self._depth_of_rows

    def take(self, number: int, cells: list[Cell]) -> bool:
        """A row that the parser did not see; or not, where its cells are in disorder and the parser is to say so."""
        if not cells:
            self._begin_row(number)
            self._row = None
            return True
        _, letters, kinds, values, texts = zip(*cells, strict=True)
        layout = self._layouts.get(letters)
        if layout is None:
            layout = [_column(one) for one in letters]
            if any(one >= two for one, two in pairwise(layout)):
                return False
            if len(self._layouts) < _LAYOUTS_MAX:
                self._layouts[letters] = layout
        self._begin_row(number)
        shared = self._texts
        row = [
            (shared[int(said)] if kind == "s" else Number(said) if kind in _NUMBERS else said) if said else ""
            for kind, said in zip(kinds, map(add, values, texts), strict=True)
        ]
        if layout[-1] >= len(row):
            told, row = row, [""] * (layout[-1] + 1)
            for at, value in zip(layout, told, strict=True):
                row[at] = value
        self._rows.append((number, row))
        self._row = None
        return True

    def _begin_row(self, number: int) -> None:
        if self._row is not None or not self._number < number <= ROWS_MAX:
            _broken(f"row {number} after row {self._number}")
        self._number, self._row = number, []

    def _begin_cell(self, said: dict[str, str]) -> None:
        row, at = self._row, None
        if row is None or self._at >= 0:
            _broken(f"a cell outside of a row, or in another, at row {self._number}")
        if place := said.get("r"):
            letters = place.rstrip(_DIGITS)
            at = self._columns.get(letters)
            if at is None:
                at = self._columns[letters] = _column(letters)
        else:
            at = len(row)
            check_columns(at + 1)
        if at != len(row):
            if at < len(row):
                _broken(f"cells of row {self._number} in disorder")
            row.extend([""] * (at - len(row)))
        self._at, self._type = at, said.get("t", "n")
        self._value = self._formula = ""

    def _end_cell(self) -> None:
        value, kind = self._value, self._type
        if len(value) > CELL_MAX:
            too_long(self._number)
        if self._formula:
            value = Formula(self._formula)
        elif kind == "s":
            value = self._texts[int(value)] if value else ""
        elif kind == "n":
            value = Number(value) if value else ""
        elif kind == "e":
            value = Broken(value or "#")
        elif kind == "b":
            value = "TRUE" if value == "1" else "FALSE"
        assert self._row is not None
        self._row.append(value)
        self._at = -1


def _column(letters: str) -> int:
    """A column by its letters, from 0. Raises Faulty where there are too many before it."""
    at = 0
    for letter in letters[:4]:
        at = at * 26 + ord(letter.upper()) - 64
    check_columns(at)
    if not letters or not letters.isascii() or not letters.isalpha():
        _broken(f"a cell at {letters!r}")
    return at - 1
