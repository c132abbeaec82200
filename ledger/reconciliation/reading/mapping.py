"""Which column of a file is which field: saved for a source, or guessed from the headers."""

import re
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

import msgspec
from openpyxl.utils import get_column_letter

from ledger.domain.catalogue import Name
from ledger.domain.reconciliation import StatementKind
from ledger.importing.faults import Fault, Faulty
from ledger.reconciliation.reading.cells import UNITS, Reader, fen_in
from ledger.reconciliation.reading.fields import FIELDS, NEEDED, Field

_UNIT = re.compile(r"[(\[【]\s*(?:(?:金额)?单位\s*:\s*)?(元|千元|万元|亿元|yuan)\s*[)\]】]", re.IGNORECASE)
_UNIT_NAMED = re.compile(r"单位\s*:\s*(?:人民币)?(元|千元|万元|亿元)")
_BRACKETS = re.compile(r"[(\[【].*?[)\]】]")


class Mapping(msgspec.Struct, frozen=True):
    """Field → header of its column, as the file writes it; an empty header: the file has no such column, whatever it is called.

    A saved one wins over guesses, which fill only what it does not name. ``fields.FIELDS`` lists the fields of each kind.
    """

    kind: StatementKind
    columns: dict[str, str]


class Column(NamedTuple):
    """A column in use: where it stands, what it is, how a cell of it is read."""

    at: int
    field: Field
    header: str
    read: Reader

    @property
    def label(self) -> str:
        return f"{get_column_letter(self.at + 1)} {self.header}"


def folded(header: str) -> str:
    """A header without what does not matter: width, case, spaces, strokes and its unit."""
    text = _UNIT.sub("", unicodedata.normalize("NFKC", header))
    return re.sub(r"[\s/|*::]+", "", text).casefold()


def guessed(headers: Sequence[str], kind: StatementKind) -> Mapping:
    """What the headers say of themselves; of two columns that may be one field, the one whose header is surer."""
    found: dict[str, tuple[int, str]] = {}
    for header in headers:
        if (known := _known(header, kind)) and known[1] < found.get(known[0].name, (len(headers) + 99, ""))[0]:
            found[known[0].name] = known[1], header
    return Mapping(kind, {name: header for name, (_, header) in found.items()})


def _known(header: str, kind: StatementKind) -> tuple[Field, int] | None:
    """The field that a header names, and how far down its list."""
    text = unicodedata.normalize("NFKC", header)
    forms = [folded(text), folded(_BRACKETS.sub("", text)), *(folded(part) for part in text.split())]
    for form in forms:
        for field in FIELDS[kind]:
            if form in field.headers:
                return field, field.headers.index(form)
    return None


def recognised(headers: Sequence[str], kind: StatementKind, saved: Mapping | None) -> int:
    """How many cells of a row look like headers."""
    named = {folded(header) for header in saved.columns.values() if header} if saved else set()
    return sum(bool(header) and (folded(header) in named or _known(header, kind) is not None) for header in headers)


def mapped(headers: Sequence[str], kind: StatementKind, saved: Mapping | None) -> Mapping:
    """The saved mapping, and guesses for what it leaves open."""
    said = dict(saved.columns) if saved else {}
    taken = {folded(header) for header in said.values() if header}
    left = [header for header in headers if header and folded(header) not in taken]
    guesses = guessed(left, kind).columns
    return Mapping(kind, {name: header for name, header in (guesses | said).items() if header})


def columns(headers: Sequence[str], row: int, mapping: Mapping, titles: Sequence[str]) -> list[Column]:
    """The columns of the file that are used. ``row``: of the headers; ``titles``: what stands above them, where a unit
    may be said for all. Raises Faulty where one that is needed is missing or a header stands twice."""
    fields = {field.name: field for field in FIELDS[mapping.kind]}
    unit = next((named[1] for text in titles if (named := _UNIT_NAMED.search(_wide(text)))), "")
    found: list[Column] = []
    faults: list[Fault] = []
    for name, header in mapping.columns.items():
        places = [at for at, there in enumerate(headers) if there and folded(there) == folded(header)]
        if name not in fields or not places:
            faults.append(_unknown(name, header, fields, row))
        elif len(places) > 1:
            letters = "、".join(get_column_letter(at + 1) for at in places)
            zh, en = f"表头重复:{header}(列 {letters})", f"this header stands twice: {header} (columns {letters})"
            advice = Name("请删去或改名其中一列", "delete or rename one of them")
            faults.append(Fault(row, f"{get_column_letter(places[1] + 1)} {header}", zh, en, advice))
        else:
            field = fields[name]
            own = _UNIT.search(_wide(headers[places[0]]))
            read = field.read or fen_in(UNITS[(own[1] if own else unit).casefold()])
            found.append(Column(places[0], field, headers[places[0]], read))
    faults += [_missing(group, fields, headers, row) for group in NEEDED[mapping.kind] if not _any(group, mapping)]
    if faults:
        raise Faulty(faults)
    return sorted(found)


def _wide(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


def _any(group: Sequence[str], mapping: Mapping) -> bool:
    return any(name in mapping.columns for name in group)


def _unknown(name: str, header: str, fields: dict[str, Field], row: int) -> Fault:
    known = fields.get(name)
    zh = f"没有表头“{header}”,所存对照以它为{known.title.zh}" if known else f"所存对照中的字段“{name}”不存在"
    en = f"no header {header!r}, which the saved mapping takes for {known.title.en}" if known else f"no field {name!r}"
    return Fault(row, header, zh, en, Name("请改正该来源的列对照", "correct the column mapping of this source"))


def _missing(group: Sequence[str], fields: dict[str, Field], headers: Sequence[str], row: int) -> Fault:
    """Says which headers would do; a nameless cell among the headers hints at merged ones."""
    zh = " 或 ".join(fields[name].title.zh for name in group)
    en = " or ".join(fields[name].title.en for name in group)
    would = "、".join(dict.fromkeys(form for name in group for form in fields[name].headers))
    advice = Name(f"可用表头:{would};或为该来源指定列对照", f"headers that would do: {would}; or map a column to it")
    if any(not header for header in headers[: len(headers) - 1]):
        advice = Name(
            f"{advice.zh};表头有空格子,如为合并单元格请取消合并",
            f"{advice.en}; unmerge header cells, if any are merged",
        )
    return Fault(row, zh, f"缺少必需的列:{zh}", f"a column that is needed is missing: {en}", advice)
