"""Rows of a text file: encoding found out and checked for the whole file, then read line by line within bounds."""

import codecs
import csv
import io
from collections.abc import Generator, Iterator, Sequence
from typing import BinaryIO

from ledger.domain.catalogue import Name
from ledger.importing.faults import Fault, Faulty, whole_file
from ledger.importing.unpacking import check_columns

ENCODINGS = ("utf-8", "gb18030")
DELIMITERS = (",", "\t", ";")
LINE_MAX = 256 * 1024
"""Characters of a line. Longer ones are no rows."""
_CHUNK = 1024**2
_OTHER_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_SAVE_ANEW = Name("请另存为 UTF-8 编码的 CSV,或 XLSX", "save it as CSV in UTF-8, or as XLSX")


def encoding_of(file: BinaryIO) -> str:
    """The encoding in which the whole file can be read. Raises Faulty, naming the row that cannot."""
    file.seek(0)
    if file.read(2).startswith(_OTHER_MARKS):
        raise whole_file("文件是 UTF-16 编码", "the file is in UTF-16", _SAVE_ANEW)
    rows = []
    for encoding in ENCODINGS:
        row = _first_unreadable(file, encoding)
        if row is None:
            return encoding
        rows.append(row)
    zh, en = "不是 UTF-8,也不是 GB18030 编码", "neither UTF-8 nor GB18030"
    raise Faulty([Fault(max(rows), "", zh, en, _SAVE_ANEW)])


def _first_unreadable(file: BinaryIO, encoding: str) -> int | None:
    decoder = codecs.getincrementaldecoder(encoding)()
    file.seek(0)
    row = 1
    while chunk := file.read(_CHUNK):
        try:
            text = decoder.decode(chunk)
        except UnicodeDecodeError as error:
            return row + error.object[: error.start].count(b"\n")
        if "\0" in text:
            at = row + text[: text.index("\0")].count("\n")
            advice = Name("文件可能已损坏,请重新导出", "the file may be damaged: export it anew")
            raise Faulty([Fault(at, "", "含空字符(NUL)", "a NUL character", advice)])
        row += text.count("\n")
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return row
    return None


def text_rows(file: BinaryIO, encoding: str, delimiter: str) -> Generator[tuple[int, Sequence[str]]]:
    """Rows with their numbers, from 1, as a spreadsheet shows them. To be closed before the file is. Raises Faulty."""
    file.seek(0)
    lines = io.TextIOWrapper(file, encoding=encoding, newline="")
    number = 0
    try:
        for number, cells in enumerate(csv.reader(_lines(lines), delimiter=delimiter, strict=True), 1):
            check_columns(len(cells))
            yield number, cells
    except csv.Error as error:
        zh, en = "CSV 格式有误(引号、换行或过长的内容)", f"this is not well-formed CSV ({error})"
        advice = Name("请检查该行的双引号是否成对", "look for a quotation mark without its other")
        raise Faulty([Fault(number + 1, "", zh, en, advice)]) from error
    finally:
        lines.detach()


def _lines(lines: io.TextIOWrapper) -> Iterator[str]:
    number = 0
    while line := lines.readline(LINE_MAX):
        number += 1
        if len(line) == LINE_MAX and not line.endswith("\n"):
            zh, en = f"该行超过 {LINE_MAX} 字", f"a line of more than {LINE_MAX} characters"
            raise Faulty([Fault(number, "", zh, en, Name("这不是流水文件", "this is no statement"))])
        yield line.lstrip("\ufeff") if number == 1 else line
