"""What a sheet says, in the words of the features."""

from datetime import date

from pytest_bdd import parsers, then

from ledger.reports.catalogue import ReportCode
from ledger.reports.presenting import Shown, shown_rows
from ledger.reports.sheet import Sheet, footing
from tests.features.cells import value
from tests.reports.naive import sheet_of_world
from tests.world import World

_SHEET = r"the sheet (?P<code>[a-z-]+)(?: of (?P<year>\d{4}))? on (?P<day>[\d-]+)"
_CARD = r"the card of (?P<project>\S+) on (?P<day>[\d-]+)"


@then(parsers.re(_SHEET + r" says of (?P<key>[a-z_]+) (?P<text>\S+):$"))
def sheet_says(
    world: World, code: str, year: str | None, day: str, key: str, text: str, datatable: list[list[str]]
) -> None:
    """Rows of column and value as it is shown in yuan, of the one row that says ``text`` in column ``key``."""
    _check_says(_of_year(world, code, year, day), key, str(value(text)), datatable)


def _of_year(world: World, code: str, year: str | None, day: str) -> Sheet:
    return sheet_of_world(world, ReportCode(code), day, fiscal_year=int(year) if year else None)


def _check_says(sheet: Sheet, key: str, text: str, datatable: list[list[str]]) -> None:
    keys = [column.key for column in sheet.columns]
    (row,) = (row for row in shown_rows(sheet, "yuan") if str(row[keys.index(key)]) == text)
    for column, expected in datatable:
        assert _words(row[keys.index(column)]) == str(value(expected)), column


def _words(shown: Shown) -> str:
    if shown is None:
        return "—"
    return shown.isoformat() if isinstance(shown, date) else shown if isinstance(shown, str) else f"{shown:,}"


@then(parsers.re(_CARD + r" says of (?P<item>\S+):$"))
def card_says(world: World, project: str, day: str, item: str, datatable: list[list[str]]) -> None:
    """Rows of column and value in yuan, of the one row of the card about ``item``: a year, an instalment, a source."""
    _check_says(sheet_of_world(world, ReportCode.PROJECT_CARD, day, project=project), "item", item, datatable)


@then(parsers.re(_CARD + r" foots$"))
def card_foots(world: World, project: str, day: str) -> None:
    _check_foots(sheet_of_world(world, ReportCode.PROJECT_CARD, day, project=project))


@then(parsers.re(_SHEET + r" foots$"))
def sheet_foots(world: World, code: str, year: str | None, day: str) -> None:
    _check_foots(_of_year(world, code, year, day))


def _check_foots(sheet: Sheet) -> None:
    checks = [check for check in (footing(sheet), *sheet.checks) if check is not None]
    assert checks
    assert not [check for check in checks if any(check.values.values())]
