"""The empty sheet: what it says is what the importer takes."""

from pathlib import Path

import pytest
from openpyxl import load_workbook

from ledger.domain.catalogue import FUNDS, MODES, SPECIALS
from ledger.importing.columns import ALLOCATION_PLAN, OPENING, SheetKind
from ledger.importing.faults import Faulty
from ledger.importing.reading import read_sheet
from ledger.importing.template import write_template


@pytest.mark.parametrize("kind", [ALLOCATION_PLAN, OPENING], ids=["plan", "opening"])
def test_the_template_is_empty_and_its_example_can_be_imported(tmp_path: Path, kind: SheetKind) -> None:
    path = tmp_path / "t.xlsx"
    write_template(path, kind)
    with pytest.raises(Faulty) as caught:
        read_sheet(path.read_bytes(), kind)
    assert "没有数据行" in caught.value.faults[0].zh
    sheet = read_sheet(path.read_bytes(), kind, "示例 Example")
    assert len(sheet.lines) == 1
    assert set(sheet.places) == {column.field for column in kind.columns}


def test_headers_are_not_merged_codes_are_text_and_notes_name_what_is_allowed(tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    write_template(path, ALLOCATION_PLAN)
    workbook = load_workbook(path)
    sheet, _, notes = workbook.worksheets
    assert not sheet.merged_cells.ranges
    by_title = {cell.value: cell.column_letter for cell in sheet[1]}
    assert sheet.column_dimensions[by_title["科技项目编号 Project no."]].number_format == "@"
    assert "总额 Total (元)" in by_title
    said = "\n".join(str(cell.value) for row in notes for cell in row)
    for code in (*FUNDS, *MODES, *SPECIALS):
        assert code in said
