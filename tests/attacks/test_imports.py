"""Files that reach elsewhere or fill everything: nothing outside is read or written, in bounded memory and time."""

import io
import random
import resource
import stat
import subprocess
import sys
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from ledger.cli.importing import FILE_BYTES_MAX
from ledger.importing.columns import ALLOCATION_PLAN
from ledger.importing.faults import Faulty
from ledger.importing.reading import read_sheet
from tests.cli.conftest import Desk
from tests.importing.sheets import as_csv, as_xlsx, lines

CANARY = "canary-that-stands-in-another-file"
SHEET, BOOK, LINKS = "xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
PARTS = (SHEET, BOOK, LINKS, "xl/styles.xml", "[Content_Types].xml", "docProps/core.xml", "_rels/.rels")
MEMORY_BYTES = 1536 * 1024**2
SECONDS = 60


def with_parts(changed: dict[str, Callable[[bytes], bytes]], added: dict[str, bytes] | None = None) -> bytes:
    """A good workbook in which some parts are others."""
    source, target = zipfile.ZipFile(io.BytesIO(as_xlsx(lines({})))), io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in source.namelist():
            archive.writestr(name, changed.get(name, bytes)(source.read(name)))
        for name, content in (added or {}).items():
            archive.writestr(name, content)
    return target.getvalue()


def faults(content: bytes) -> str:
    """What is said of a file that cannot be read."""
    with pytest.raises(Faulty) as refused:
        read_sheet(content, ALLOCATION_PLAN)
    return "\n".join(f"{fault.zh} {fault.en}" for fault in refused.value.faults)


# -- what lies elsewhere


def declaring(doctype: str) -> Callable[[bytes], bytes]:
    """Put a document type before the root, and what it defines into the first text."""

    def change(part: bytes) -> bytes:
        begins = part.index(b"<", 1 + part.find(b"?>")) if part.startswith(b"<?") else 0
        text = part[begins:].replace(b">", b">&x;", 1)
        return b'<?xml version="1.0"?><!DOCTYPE x [' + doctype.encode() + b"]>" + text

    return change


DOCTYPES = {
    "file": '<!ENTITY x SYSTEM "file://{canary}">',
    "address": '<!ENTITY x SYSTEM "http://127.0.0.1:9/x">',
    "parameter": '<!ENTITY % p SYSTEM "file://{canary}"> %p; <!ENTITY x "a">',
    "laughs": '<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghx", strict=True)),
    "quadratic": f'<!ENTITY x "{"a" * 100_000}">',
}


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("doctype", DOCTYPES.values(), ids=DOCTYPES)
def test_no_entity_is_resolved(tmp_path: Path, doctype: str, part: str) -> None:
    canary = tmp_path / "canary"
    canary.write_text(CANARY)
    said = faults(with_parts({part: declaring(doctype.replace("{canary}", str(canary)))}))
    assert "document type" in said
    assert CANARY not in said


OUTSIDE = (
    "../../canary",
    "/var/canary",
    "..\\..\\canary",
    "\\\\host\\share\\canary",
    "C:\\canary",
    "file:///etc/passwd",
)


@pytest.mark.parametrize("outside", OUTSIDE)
def test_names_inside_a_workbook_lead_nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, outside: str) -> None:
    """Members, relations and links of a workbook: those that are of no use are left, those that are leave it broken."""
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    (tmp_path / "canary").write_text(CANARY)
    monkeypatch.chdir(below)
    before = sorted(tmp_path.rglob("*"))
    assert read_sheet(
        with_parts({}, {outside: b"x", "xl/externalLinks/externalLink1.xml": b"<x/>"}), ALLOCATION_PLAN
    ).lines
    led = with_parts({LINKS: lambda part: part.replace(b"/xl/worksheets/sheet1.xml", outside.encode())})
    assert CANARY not in faults(led)
    link = zipfile.ZipInfo(SHEET)
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    linked = io.BytesIO(with_parts({}))
    with zipfile.ZipFile(linked, "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr(link, outside)
    assert CANARY not in faults(linked.getvalue())
    assert sorted(tmp_path.rglob("*")) == before


# -- what fills everything


def repeated(before: bytes, each: bytes, times: int) -> Callable[[bytes], bytes]:
    """Put something before a place of a part again and again."""
    return lambda part: part.replace(before, each * times + before, 1)


BOMBS = {
    "rows": {SHEET: repeated(b"</sheetData>", b'<row r="1"><c r="A1"/></row>', 1_500_000)},
    "cells of a row": {SHEET: repeated(b"</row>", b'<c r="A1"/>', 1_500_000)},
    "a cell far to the right": {SHEET: repeated(b"</sheetData>", b'<row><c r="XFD1"/></row>', 10_000)},
    "styles": {"xl/styles.xml": repeated(b"</fonts>", b"<font/>", 1_500_000)},
    "elements inside each other": {SHEET: repeated(b"</sheetData>", b"<row>", 100_000)},
    "one long text": {SHEET: repeated(b"</sheetData>", b" ", 140_000_000)},
}
READ = """
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, ({memory}, {memory}))
from ledger.importing.columns import ALLOCATION_PLAN
from ledger.importing.faults import Faulty
from ledger.importing.reading import read_sheet
try:
    read_sheet(sys.stdin.buffer.read(), ALLOCATION_PLAN)
except Faulty as faulty:
    print(faulty.faults[0].en)
"""


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS)
def test_a_small_workbook_fills_no_memory(bomb: dict[str, Callable[[bytes], bytes]]) -> None:
    content = with_parts(bomb)
    assert len(content) < 1024**2
    program = [sys.executable, "-c", READ.format(memory=MEMORY_BYTES)]
    read = subprocess.run(program, input=content, capture_output=True, timeout=SECONDS, check=True)
    assert b"too much" in read.stdout or b"columns" in read.stdout, read.stdout


def test_a_row_of_a_text_file_has_an_end() -> None:
    assert "columns" in faults(b"," * 1_000_000)


def test_a_file_is_read_up_to_a_size(tmp_path: Path) -> None:
    """Even where it never ends."""
    ran = Desk(tmp_path).run("import", "/dev/zero")
    assert (ran.code, "too large" in ran.said) == (1, True)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 < 50 * FILE_BYTES_MAX


@pytest.mark.parametrize("seed", range(20))
def test_a_damaged_workbook_is_a_complaint_and_no_fault(seed: int) -> None:
    """Bytes of its parts, of the archive around them, and of flags such as that of encryption."""
    chance = random.Random(seed)

    def damaged(content: bytes) -> bytes:
        changed = bytearray(content)
        for _ in range(chance.randint(1, 4)):
            changed[chance.randrange(len(changed))] = chance.choice(b"\x00\x01<>\"'&/09aZ\xff")
        return bytes(changed)

    for part in PARTS:
        for content in (with_parts({part: damaged}), damaged(with_parts({}))):
            with suppress(Faulty):  # that it may be read, or be complained of
                read_sheet(content, ALLOCATION_PLAN)


# -- paths of the command line


@pytest.mark.parametrize(
    "named", ["/etc/passwd", "/etc/shadow", "..", "/proc/self/environ", "no\nwhere", "a\x1b[31m", "no-such"]
)
def test_a_file_that_is_no_sheet_is_not_shown(tmp_path: Path, named: str) -> None:
    ran = Desk(tmp_path).run("import", named)
    assert ran.code in (1, 2)
    for told in ("root:", "PATH=", "\x1b"):
        assert told not in ran.said


@pytest.mark.parametrize("command", [("import", "--template"), ("backup",)])
def test_nothing_is_written_through_a_link(tmp_path: Path, command: tuple[str, ...]) -> None:
    """Whoever else may write to a folder does not choose what is written to."""
    elsewhere, link = tmp_path / "elsewhere", tmp_path / "new.xlsx"
    link.symlink_to(elsewhere)
    ran = Desk(tmp_path).run(*command, link)
    assert ran.code == 4, ran.said
    assert not elsewhere.exists()


def test_a_setting_that_names_a_file_shows_nothing_of_it(tmp_path: Path) -> None:
    canary = tmp_path / "canary"
    canary.write_text(CANARY)
    canary.chmod(0o600)
    desk = Desk(tmp_path)
    desk.environment |= {"LEDGER_SECRET_FILE": str(canary)}
    ran = desk.run("verify")
    assert ran.code == 3
    assert CANARY not in ran.said


def test_a_good_file_is_still_read() -> None:
    assert read_sheet(as_csv(lines({})), ALLOCATION_PLAN).lines
    assert read_sheet(with_parts({}), ALLOCATION_PLAN).lines
