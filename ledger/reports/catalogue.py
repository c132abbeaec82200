"""Which sheets there are, by the number and the name under which users know them, and what each is made of."""

from collections.abc import Callable
from enum import StrEnum
from typing import NamedTuple

from ledger.domain.accounts import SUPPLY, USE
from ledger.domain.catalogue import Name
from ledger.reports import execution
from ledger.reports.grounds import Grounds
from ledger.reports.sheet import Sheet


class ReportCode(StrEnum):
    EXECUTION = "execution"


class Report(NamedTuple):
    """One sheet: how it is built, and what has to be read for it.

    ``accounts``: whose amounts; ``by_account``: down to project and reference. ``lines_of`` and ``kinds``: movements that
    posted to these accounts, or are of these kinds. ``of_projects``: made of projects alone, so that a department sees its own.
    """

    number: int
    name: Name
    build: Callable[[Grounds], Sheet]
    accounts: tuple[str, ...]
    by_account: bool = False
    before: bool = False
    """Whether the same day of the year before is asked for."""
    all_years: bool = False
    lines_of: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    of_projects: bool = False
    one_project: bool = False
    """Whether it is of one project, which must be named."""


REPORTS: dict[ReportCode, Report] = {
    ReportCode.EXECUTION: Report(
        2,
        Name("执行进度表", "Execution"),
        execution.execution,
        (*SUPPLY, *USE),
        before=True,
        lines_of=execution.LINES_OF,
        kinds=execution.KINDS,
    ),
}
"""Every sheet, by its number."""
