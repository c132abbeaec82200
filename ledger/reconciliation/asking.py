"""Both sides as they are compared. Ours: facts and orders of the log, what quotas hold on a day, or what another source told."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

import msgspec
from psycopg import Connection
from psycopg.rows import TupleRow

from ledger.application import Ledger
from ledger.domain.book import Book
from ledger.domain.catalogue import Fund
from ledger.domain.holidays import HOLIDAYS
from ledger.domain.parameter import in_force
from ledger.domain.project import PROJECTS
from ledger.domain.reconciliation import Flow, StatementKind
from ledger.personal.texts import SealedTexts
from ledger.projections.journal import snapshot
from ledger.reconciliation.case import WINDOW_DAYS, Asked, Case
from ledger.reconciliation.line import Line
from ledger.reconciliation.matching import match
from ledger.reconciliation.payee_accounts import marking, marks_of
from ledger.reconciliation.rows import lines_of, undecided_lines
from ledger.reconciliation.undecided import all_facts, undecided_facts
from ledger.reconciliation.working_days import counting

_QUOTA = ("B220", "B230")
"""What is left of a quota: committed to projects of the function and not paid yet."""
_FUNDS = {str(fund): place for place, fund in enumerate(Fund)}


def ours(
    ledger: Ledger, kind: StatementKind, against: str, through: date, undecided: str | None = None
) -> tuple[list[Line], int]:
    """Our lines, and the number at which the ledger stood. ``against``: another source, all of whose lines these are; else the
    ledger, of which they are those up to a day. ``undecided``: a source whose decided facts need not be there; only through a
    day that no matching of it went beyond."""
    with snapshot(ledger.store, ledger.id) as (connection, number):
        if against and undecided is not None:
            return theirs(ledger, undecided_lines(connection, ledger.id, against, undecided, ours=True)), number
        if against:
            return theirs(ledger, lines_of(connection, ledger.id, against)), number
        if kind is StatementKind.QUOTA:
            return _quotas(connection, ledger.id, through), number
        if undecided is None:
            facts = all_facts(connection, ledger.id, number)
        else:
            facts = undecided_facts(connection, ledger.id, number, undecided, through)
    marks = marks_of(SealedTexts(ledger.store, ledger.id, ledger.secret), facts.accounts(), marking(ledger.secret))
    return list(facts.lines(through, lambda commitment: marks.get(commitment, ""))), number


def theirs(ledger: Ledger, lines: Iterable[Line]) -> list[Line]:
    """A statement's lines with projects as the ledger numbers them, where it names them by their budget-system codes 一体化代码."""
    with ledger.reading() as book:
        numbers = {project.budget_code: code for code, project in PROJECTS.items(book) if project.budget_code}
    return [
        msgspec.structs.replace(line, project=numbers[line.project]) if line.project in numbers else line
        for line in lines
    ]


def asked(book: Book, kind: StatementKind, through: date) -> Asked:
    """What is asked of a matching through a day: its window [P] in working days, counted over the holidays announced."""
    setting = in_force(book, "reconciliation_window", "", through)
    years = [announced for _, announced in HOLIDAYS.items(book)]
    ordinal = counting((day for one in years for day in one.holidays), (day for one in years for day in one.worked))
    return Asked(kind, through, WINDOW_DAYS if setting is None else int(setting.value), ordinal)


def matched(ledger: Ledger, kind: StatementKind, mine: list[Line], other: list[Line], through: date) -> list[Case]:
    """The cases between both sides, by the parameters in force on the last day."""
    with ledger.reading() as book:
        terms = asked(book, kind, through)
    return match(_of_transactions(mine, other) if kind is StatementKind.BANK else mine, other, terms)


def _of_transactions(mine: list[Line], other: Iterable[Line]) -> list[Line]:
    """Our side with transaction numbers, where a fact was recorded from a bank's line, which has no other number."""
    numbers = {line.transaction for line in other} - {""}
    return [msgspec.structs.replace(line, transaction=line.detail) if line.detail in numbers else line for line in mine]


def _quotas(connection: Connection[TupleRow], ledger: UUID, through: date) -> list[Line]:
    """What quotas hold at a day's end, restated: one line for each year, fund and function."""
    rows = connection.execute(
        "SELECT fiscal_year, source, function, sum(amount)::bigint FROM cell JOIN turnover ON "
        "(turnover.ledger, turnover.cell) = (cell.ledger, cell.id) WHERE cell.ledger = %s AND code = ANY(%s::text[]) "
        "AND effective_on <= %s GROUP BY 1, 2, 3 HAVING sum(amount) <> 0 ORDER BY 1, 2, 3",
        (ledger, list(_QUOTA), through),
    )
    return [
        Line(
            key=_key(through, year, fund, function or "0"),
            flow=Flow.BALANCE,
            day=through,
            amount=amount,
            moved=amount,
            fund=fund,
            function=function or "",
            fiscal_year=year,
        )
        for year, fund, function, amount in rows
    ]


def _key(day: date, year: int, fund: str, function: str) -> int:
    """A number that only this quota has on this day."""
    return ((day.toordinal() * 100 + year % 100) * 100 + _FUNDS[fund]) * 10**8 + int(function)
