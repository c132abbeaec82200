"""Statements made to fill memory, to reach elsewhere or to be half taken: a clear complaint, nothing given out, within bounds."""

import io
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from ledger.domain.reconciliation import StatementKind
from ledger.importing.faults import Faulty
from ledger.reconciliation.reading.statement import read_statement
from tests.reconciliation.statements import as_csv, as_xlsx, faults, table
from tests.reconciliation.test_reading_camt import batch, document, entry, statement, transaction
from tests.reconciliation.test_reading_workbook import SHEET, changed

MEMORY_MB_MAX = 128
"""Of the whole process, of which the interpreter and what it imports take about half."""
SECONDS = 100
READ = """
import sys
from ledger.domain.reconciliation import StatementKind
from ledger.importing.faults import Faulty
from ledger.reconciliation.reading.statement import read_statement
try:
    with open(sys.argv[1], "rb") as file, read_statement(file, StatementKind(sys.argv[2])) as found:
        print("read", sum(len(page) for page in found.pages()))
except Faulty as faulty:
    print("refused", faulty.faults[0].row, faulty.faults[0].en)
with open("/proc/self/status") as status:  # not getrusage, which begins with what the parent took
    print(next(int(line.split()[1]) // 1024 for line in status if line.startswith("VmHWM")))
"""


def read_apart(path: Path, kind: StatementKind = StatementKind.TREASURY) -> str:
    """What comes of reading a file in a process of its own, which must stay within the memory."""
    program = [sys.executable, "-c", READ, str(path), kind]
    said = subprocess.run(program, capture_output=True, timeout=SECONDS, check=True, text=True).stdout
    *what, memory = said.split("\n")[:-1]
    assert int(memory) < MEMORY_MB_MAX, said
    return "\n".join(what)


def packed(path: Path, *pieces: tuple[bytes, int], part: str = SHEET) -> None:
    """A workbook one part of which is pieces, each so many times; written without holding it."""
    source = zipfile.ZipFile(io.BytesIO(as_xlsx(table({}))))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name in source.namelist():
            if name != part:
                archive.writestr(name, source.read(name))
        with archive.open(part, "w", force_zip64=True) as target:
            for piece, times in pieces:
                block = piece * min(times, max(1, 2**20 // len(piece)))
                for _ in range(max(1, times * len(piece) // len(block))):
                    target.write(block)


BEGIN, END = b"<worksheet><sheetData>", b"</sheetData></worksheet>"
BOMBS = {
    "spaces": [(b" ", 2**28)],
    "a text": [(b'<row><c t="str"><v>', 1), (b"9", 2**28)],
    "a comment": [(b"<!--", 1), (b"x", 2**28)],
    "an attribute": [(b'<row x="', 1), (b"x", 2**28)],
    "rows that are one": [(b'<row r="1"></row>', 10**6)],
    "cells of a row": [(b"<row>", 1), (b"<c/>", 10**7)],
    "cells that are one": [(b"<row>", 1), (b'<c r="A1"/>', 10**6)],
    "a cell far to the right": [(b'<row><c r="XFD1"/></row>', 10**5)],
    "rows in rows": [(b"<row>", 10**6)],
    "elements in elements": [(b"<a>", 10**7)],
}


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS)
def test_a_workbook_that_unpacks_to_anything_fills_no_memory(tmp_path: Path, bomb: list[tuple[bytes, int]]) -> None:
    path = tmp_path / "bomb.xlsx"
    packed(path, (BEGIN, 1), *bomb, (END, 1))
    assert read_apart(path).startswith("refused")


def test_names_without_end_fill_no_memory(tmp_path: Path) -> None:
    path = tmp_path / "names.xlsx"
    packed(path, (BEGIN + "".join(f"<a{at}/>" for at in range(10**6)).encode() + END, 1))
    assert "too long" in read_apart(path)
    long_ones = "".join(f"<{'a' * 500_000}{at}>" for at in range(90)).encode()
    packed(path, (BEGIN + long_ones + END, 1))
    assert "too long" in read_apart(path)
    path.write_bytes(document(statement()).partition(b"</Stmt>")[0] + long_ones)
    assert "too long" in read_apart(path, StatementKind.BANK)


def test_texts_that_cells_share_have_an_end(tmp_path: Path) -> None:
    """One that is too long; how much all may be together is a limit of its own."""
    path = tmp_path / "texts.xlsx"
    packed(path, (b"<sst>", 1), (b"<si><t>" + b"x" * 30_000, 2**12), (b"</sst>", 1), part="xl/sharedStrings.xml")
    assert "refused" in read_apart(path)


def test_a_workbook_that_says_it_unpacks_to_more_than_there_is_room_for_is_not_begun(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("ledger.reconciliation.reading.workbook.UNPACKED_BYTES_MAX", 1000)
    assert "unpacks to too much" in faults(as_xlsx(table({})))[0].en


def text(path: Path, *pieces: tuple[bytes, int]) -> None:
    with path.open("wb") as file:
        file.write(as_csv(table({})))
        for piece, times in pieces:
            block = piece * min(times, max(1, 2**20 // len(piece)))
            for _ in range(max(1, times * len(piece) // len(block))):
                file.write(block)


@pytest.mark.parametrize(
    ("pieces", "says"),
    [
        ([(b"x", 2**28)], "refused 3 a line of more than"),
        ([(b'"', 1), (b"x\n", 2**27)], "refused 3 this is not well-formed"),
        ([(b",", 2**28)], "refused 3 a line of more than"),
        ([(b"," * 300 + b"\n", 1)], "more than 256 columns"),
        ([(b"\n", 10**6)], "read 1"),
        ([(b",,,,\n", 10**6)], "read 1"),
        ([(b"x,\0,y\n", 1)], "refused 3 a NUL"),
        ([(b"\n\n\x80\xff\n", 1)], "refused 5 neither UTF-8"),
        ([(b"\x9f", 2**20)], "refused 3 neither UTF-8"),
    ],
    ids=["a cell", "a quoted cell", "columns", "some columns", "empty rows", "blank rows", "NUL", "encoding", "bytes"],
)
def test_a_text_file_fills_no_memory(tmp_path: Path, pieces: list[tuple[bytes, int]], says: str) -> None:
    path = tmp_path / "hostile.csv"
    text(path, *pieces)
    assert says in read_apart(path)


def test_nothing_but_mistakes_fills_no_memory(tmp_path: Path) -> None:
    path = tmp_path / "mistakes.csv"
    text(path, (b"=1,=2,=3,,=5,x,y\n", 50_000))
    assert read_apart(path).startswith("refused 3")


MEBIBYTES = 8
CAMT_BOMBS = {
    "a text": (b"<Id>", b"x"),
    "a comment": (b"<!--", b"x"),
    "an attribute": (b'<Id x="', b"x"),
    "elements": (b"", b"<Id>"),
    "transactions": (b"<Ntry><Amt>1</Amt><CdtDbtInd>DBIT</CdtDbtInd><NtryDtls>", b"<TxDtls><Refs/></TxDtls>"),
    "remittance": (b"<Ntry><NtryDtls><TxDtls><RmtInf>", b"<Ustrd>" + b"x" * 1000 + b"</Ustrd>"),
}


@pytest.mark.parametrize(("begin", "each"), CAMT_BOMBS.values(), ids=CAMT_BOMBS)
def test_a_camt_fills_no_memory(tmp_path: Path, begin: bytes, each: bytes) -> None:
    path = tmp_path / "hostile.xml"
    with path.open("wb") as file:
        file.write(document(statement()).partition(b"</Stmt>")[0] + begin)
        for _ in range(MEBIBYTES):
            file.write(each * (2**20 // len(each)))
    assert read_apart(path, StatementKind.BANK).startswith("refused")


DOCTYPES = {
    "file": '<!ENTITY x SYSTEM "file:///etc/passwd">',
    "parameter": '<!ENTITY % p SYSTEM "http://127.0.0.1:9/p"> %p;',
    "laughs": '<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghx", strict=True)),
}


@pytest.mark.parametrize("doctype", DOCTYPES.values(), ids=DOCTYPES)
def test_no_entity_is_resolved(doctype: str) -> None:
    declared = f'<?xml version="1.0"?><!DOCTYPE x [{doctype}]>'.encode()

    def declaring(part: bytes) -> bytes:
        begins = part.index(b"<", 1 + part.find(b"?>")) if part.startswith(b"<?") else 0
        return declared + part[begins:].replace(b">", b">&x;", 1)

    for part in (SHEET, "xl/workbook.xml", "xl/_rels/workbook.xml.rels"):
        assert "document type" in faults(changed(part, declaring))[0].en
    camt = declaring(document(statement(entry("1", details=batch(transaction("1"))))))
    assert "document type" in faults(camt, StatementKind.BANK)[0].en


def test_one_bad_line_among_many_and_nothing_is_given_out() -> None:
    taken: list[object] = []
    with pytest.raises(Faulty) as refused:
        taken.append(
            read_statement(io.BytesIO(as_csv(table(*[{}] * 9000, {"支付金额": "一"}))), StatementKind.TREASURY)
        )
    assert [(fault.row, fault.column) for fault in refused.value.faults] == [(9002, "G 支付金额")]
    assert not taken


@pytest.mark.parametrize("mark", ["\ufeff", "\ufeff\ufeff", ""])
def test_marks_of_the_encoding_are_no_part_of_the_header(mark: str) -> None:
    with read_statement(io.BytesIO(mark.encode() + as_csv(table({}))), StatementKind.TREASURY) as found:
        assert found.control.lines == 1


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "big5", "shift_jis"])
def test_another_encoding_is_said_so(encoding: str) -> None:
    content = as_csv([["\u652f\u4ed8\u65e5\u671f" if encoding != "big5" else "\u65e5\u671f", "x"], ["1", "2"]]).decode()
    found = faults(content.encode(encoding, "replace"))
    assert found[0].advice or "header" in found[0].en


@pytest.mark.parametrize("seed", range(10))
def test_a_damaged_workbook_is_a_complaint_and_no_fault(seed: int) -> None:
    import random
    from contextlib import suppress

    chance = random.Random(seed)

    def damaged(content: bytes) -> bytes:
        bytes_ = bytearray(content)
        for _ in range(chance.randint(1, 4)):
            bytes_[chance.randrange(len(bytes_))] = chance.choice(b"\x00\x01<>\"'&/09aZ\xff")
        return bytes(bytes_)

    parts: list[Callable[[], bytes]] = [
        *(
            lambda part=part: changed(part, damaged)
            for part in (SHEET, "xl/workbook.xml", "xl/_rels/workbook.xml.rels")
        ),
        lambda: damaged(as_xlsx(table({}))),
    ]
    for make in parts:
        with suppress(Faulty):
            read_statement(io.BytesIO(make()), StatementKind.TREASURY)
    with suppress(Faulty):
        read_statement(io.BytesIO(damaged(document(statement(entry("1"))))), StatementKind.BANK)
