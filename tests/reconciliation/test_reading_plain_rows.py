"""Rows that are cut out before the parser sees them say what the parser would have said, whatever the sheet."""

import io
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.importing.faults import Faulty
from ledger.reconciliation.reading import workbook
from ledger.reconciliation.reading.markup import pieces
from ledger.reconciliation.reading.workbook import Workbook
from tests.reconciliation.statements import as_xlsx, table
from tests.reconciliation.test_reading_workbook import SHEET, changed

GOOD = as_xlsx(table({}))


def told(content: bytes) -> object:
    """Rows with the kinds of their cells, or that the file is refused."""
    try:
        with Workbook(io.BytesIO(content)) as book:
            return [(number, [(type(cell), cell) for cell in cells]) for number, cells in book.rows(book.sheets[0])]
    except Faulty:
        return "refused"


def parsed(content: bytes) -> object:
    """What the parser alone says."""

    def everything(part: Any, *_: object) -> Iterator[bytes]:
        return pieces(part)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(workbook, "without_plain_rows", everything)
        return told(content)


def seen_by_the_parser(content: bytes) -> int:
    """Cells that were not cut out."""
    seen = 0
    begin = workbook._Cells._begin_cell

    def counting(self: Any, said: dict[str, str]) -> None:
        nonlocal seen
        seen += 1
        begin(self, said)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(workbook._Cells, "_begin_cell", counting)
        told(content)
    return seen


TEXTS = st.sampled_from(
    [
        "",
        "1",
        "0",
        "1.50",
        "甲 乙",
        " a ",
        "&amp;",
        "a>b",
        "]]>",
        "x\ty",
        "\r\n",
        "\ufffe",
        "\ud7ff",
        "<![CDATA[9]]>",
        "<!-- 1 -->",
        "7" * 40_000,
    ]
)
CELLS = st.one_of(
    st.tuples(
        st.sampled_from(
            ["", ' t="n"', ' t="str"', ' t="s"', ' t="b"', ' t="e"', ' t="inlineStr"', ' s="3" t="s"', ' t="s" s="3"']
        ),
        TEXTS,
    ).map(lambda one: f'<c r="@"{one[0]}><v>{one[1]}</v></c>'),
    TEXTS.map(lambda text: f'<c r="@" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'),
    st.sampled_from(
        [
            '<c r="@"/>',
            '<c r="@" />',
            '<c r="@" t="str"><is><t/></is></c>',
            "<c/>",
            '<c r="@"><f>A1</f><v>1</v></c>',
            '<x r="@"/>',
            '<c r="@"></c>',
        ]
    ),
)


@st.composite
def rows(draw: st.DrawFn) -> str:
    number, said = 0, []
    for cells in draw(st.lists(st.lists(CELLS, max_size=4), max_size=5)):
        number += draw(st.sampled_from([1, 1, 1, 2, 0]))
        at, inside = 0, ""
        for cell in cells:
            at += draw(st.sampled_from([1, 1, 1, 3, 0]))
            inside += cell.replace("@", f"{chr(64 + min(at, 26))}{number}")
        begin = draw(
            st.sampled_from(
                [
                    '<row r="@">',
                    '<row r="@" spans="1:4">',
                    '<row r="@" spans="1" spans="2">',
                    '<row r="@" r="9">',
                    "<row>",
                ]
            )
        )
        said.append(begin.replace("@", str(number)) + inside + draw(st.sampled_from(["</row>"] * 9 + ["", "</row >"])))
    between = draw(
        st.lists(
            st.sampled_from(
                ["", "", "\n", "<!-- ", " -->", "<row/>", "<y>", "</y>", "<?p ", "?>", '<z a="', '"/>', "z"]
            ),
            max_size=6,
        )
    )
    return "".join(one + (between.pop() if between else "") for one in ["", *said])


@settings(deadline=None)
@given(
    rows(),
    st.sampled_from(['<?xml version="1.0" encoding="UTF-8"?>', "", '<?xml version="1.0" encoding="GBK"?>', "\ufeff"]),
)
def test_a_sheet_says_the_same_with_and_without_the_parser(inside: str, begins: str) -> None:
    sheet = f"{begins}<worksheet><sheetData>{inside}</sheetData><mergeCells/></worksheet>".encode()
    content = changed(SHEET, lambda _: sheet, GOOD)
    assert told(content) == parsed(content)


def test_rows_as_programs_write_them_are_cut_out() -> None:
    content = as_xlsx(table({}, {"摘要": "a & b"}, {}))
    assert seen_by_the_parser(content) == len(table({})[0])
    assert told(content) == parsed(content)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert b"&amp;" in archive.read(SHEET)


@pytest.mark.parametrize("hidden", ["<!--{}-->", "<y><![CDATA[{}]]></y>", "<?p {}?>"])
def test_what_only_looks_like_a_row_is_none(hidden: str) -> None:
    row = '<row r="{}"><c r="A{}"><v>1</v></c></row>'
    inside = row.format(1, 1) + hidden.format(row.format(2, 2)) + row.format(3, 3)
    content = changed(SHEET, lambda _: f"<worksheet><sheetData>{inside}</sheetData></worksheet>".encode())
    rows = told(content)
    assert isinstance(rows, list)
    assert [number for number, _ in rows] == [1, 3]
