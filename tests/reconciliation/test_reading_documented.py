"""docs/statements.md lists the columns and limits that there are."""

from pathlib import Path

from ledger.importing.unpacking import COLUMNS_MAX
from ledger.reconciliation.reading import complaints, text, workbook
from ledger.reconciliation.reading.fields import FIELDS, NEEDED

TOLD = (Path(__file__).resolve().parents[2] / "docs" / "statements.md").read_text("utf-8")


def test_every_field_stands_there_with_its_headers() -> None:
    rows = [line for line in TOLD.splitlines() if line.startswith("| `")]
    said = [
        f"| `{f.name}` | {f.title.zh} {f.title.en} | {'、'.join(f.headers)} |"
        for fields in FIELDS.values()
        for f in fields
    ]
    assert rows == said
    for groups in NEEDED.values():
        assert "; ".join(" 或 or ".join(f"`{name}`" for name in group) for group in groups) in TOLD


def test_the_limits_are_those() -> None:
    listed = f"| {complaints.LISTED_MAX:,},"
    for said in (
        f"| {COLUMNS_MAX} |",
        f"| {text.LINE_MAX:,} ",
        f"| {workbook.CELL_MAX:,} ",
        f"| {workbook.ROWS_MAX:,} |",
        listed,
    ):
        assert said in TOLD
    assert (
        f"| {workbook.UNPACKED_BYTES_MAX // 2**30} GiB,共用文本 shared texts {workbook.TEXTS_BYTES_MAX // 2**20} MiB |"
        in TOLD
    )
