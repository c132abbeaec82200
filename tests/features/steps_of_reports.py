"""What a sheet says, in the words of the features."""

from datetime import date

from pytest_bdd import parsers, then

from ledger.reports.catalogue import ReportCode
from ledger.reports.presenting import Shown, shown_rows
from ledger.reports.sheet import Sheet, footing
from tests.features.cells import value
from tests.reports.naive import sheet_of_world
from tests.world import World

_SHEET = r"the sheet (?P<code>[a-z-]+) on (?P<day>[\d-]+)"


def _asked(world: World, code: str, day: str, key: str = "", text: str = "") -> Sheet:
    narrowed = {"project": text} if code == "project-card" and key == "project" else {}
    return sheet_of_world(world, ReportCode(code), day, **narrowed)


@then(parsers.re(_SHEET + r" says of (?P<key>[a-z_]+) (?P<text>\S+):$"))
def sheet_says(world: World, code: str, day: str, key: str, text: str, datatable: list[list[str]]) -> None:
    """Rows of column and value as it is shown in yuan, of the one row that says ``text`` in column ``key``."""
    sheet = _asked(world, code, day)
    keys = [column.key for column in sheet.columns]
    (row,) = (row for row in shown_rows(sheet, "yuan") if str(row[keys.index(key)]) == str(value(text)))
    for column, expected in datatable:
        assert _words(row[keys.index(column)]) == str(value(expected)), column


def _words(shown: Shown) -> str:
    if shown is None:
        return "—"
    return shown.isoformat() if isinstance(shown, date) else shown if isinstance(shown, str) else f"{shown:,}"


@then(parsers.re(_SHEET + r" foots$"))
def sheet_foots(world: World, code: str, day: str) -> None:
    sheet = _asked(world, code, day)
    checks = [check for check in (footing(sheet), *sheet.checks) if check is not None]
    assert checks
    assert not [check for check in checks if any(check.values.values())]
