"""The money of projects: of a page of them, and of all that somebody asked for, at the present number."""

from collections.abc import Sequence
from typing import Final, NamedTuple
from uuid import UUID

from psycopg import Connection
from psycopg.rows import TupleRow

from ledger.domain.accounts import ACCOUNTS
from ledger.projections.balances import Of, Sum, cells_of, complete, figures_of, of_projects, sums_of
from ledger.projections.figures import MEASURES
from ledger.projections.then import at

FIGURES_OF_PROJECTS: Final = ("total", *(name for name, code in MEASURES.items() if "project" in ACCOUNTS[code].keeps))
"""What a project can have of the figures of the card; what pledges should have brought by now is left to the card."""

_FUNDED: Final = ("B220", "B230", "B240", "B245")


class Money(NamedTuple):
    """Fen by project and figure, and of everything asked for; of a fiscal year, at a number."""

    number: int
    fiscal_year: int | None
    of: dict[str, dict[str, int]]
    total: dict[str, int]


def money_of_projects(
    connection: Connection[TupleRow], of: Of, page: Sequence[str], asked: Sequence[str] | None
) -> Money:
    """Of the latest year, read in a snapshot that the caller holds. ``asked`` None: all that ``of`` is narrowed to."""
    then = at(connection, of.ledger, of.moment)
    number, _, latest = then.standing()
    cells = cells_of(connection, of._replace(year=latest))
    kept = {cell: named for cell, named in cells.items() if "project" in ACCOUNTS[named[2]].keeps}
    if asked is None:
        whole = sums_of(kept, ((cell, None, fen) for cell, fen in then.of_cells(kept).items()))
    else:
        whole = of_projects(then, kept, [*asked], beside=False)
    found = figures_of(of_projects(then, kept, [*page], beside=False), lambda one: one.project)
    rows = {project: _kept(found.get(project, {})) for project in page}
    return Money(number, latest, rows, _kept(figures_of(whole, _together).get(None, {})))


def _together(_: Sum) -> None:
    return None


def _kept(values: dict[str, int]) -> dict[str, int]:
    figures = complete(values)
    return {name: figures[name] for name in FIGURES_OF_PROJECTS}


def funded_by_year(connection: Connection[TupleRow], ledger: UUID) -> dict[str, dict[int, int]]:
    """Fen of the funds that each project holds now, by fiscal year: committed, ordered, paid or issued to a league.

    Carried money stands in the year it was carried to, so that years add up; what was withdrawn or recovered is not there.
    """
    rows = connection.execute(
        "SELECT account.project, cell.fiscal_year, sum(balance.amount)::bigint FROM cell "
        "JOIN account ON account.ledger = cell.ledger AND account.cell = cell.id "
        "JOIN balance ON balance.ledger = account.ledger AND balance.account = account.id "
        "WHERE cell.ledger = %s AND cell.code = ANY(%s) AND account.project IS NOT NULL "
        "GROUP BY 1, 2 HAVING sum(balance.amount) > 0",
        (ledger, list(_FUNDED)),
    )
    found: dict[str, dict[int, int]] = {}
    for project, year, amount in rows:
        found.setdefault(project, {})[year] = amount
    return found
