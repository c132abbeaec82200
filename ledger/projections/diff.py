"""Differences: what figures were at one moment and are at another, and the lines that made the difference.

A line that counts at the second moment and not at the first is plus, the other way minus. Proven means, in one snapshot: in every
row and in the total each measure differs by exactly what the entries in between sum to, and the lines of the page are what the
recorded bytes say. ``net`` differs, beside that, by calls that expired in between: no line makes that.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import NamedTuple
from uuid import UUID

from psycopg import Connection
from psycopg.rows import TupleRow

from ledger.domain.book import Book
from ledger.domain.catalogue import Name
from ledger.projections.balances import (
    Card,
    Cell,
    Question,
    Row,
    Sum,
    card_in,
    cells_of,
    is_of_fund,
    keyed_by,
)
from ledger.projections.explain import (
    TRIES,
    Asked,
    Behind,
    Moving,
    NoSuchFigure,
    Reading,
    Step,
    is_as_recorded,
    recorded_by_number,
    signs_of,
    steps_of,
    units_behind,
)
from ledger.projections.figures import LAPSED, MEASURE_OF, MEASURES, PRESENT_ONLY
from ledger.projections.journal import one_snapshot
from ledger.projections.lines import START, Position, Reader, Span, Unit
from ledger.projections.moment import Moment
from ledger.store import Store

EVERY_MEASURE = "every"
"""For the figure that is asked for: all measures."""
TOTAL = Name("合计", "Total")


class Changed(NamedTuple):
    """A row, or the total, and the figures that differ: what each was and is, in fen. ``expired``: part of net that days made."""

    key: str | None
    name: Name
    figures: dict[str, tuple[int, int]]
    expired: int


class Made(NamedTuple):
    """One line that made a difference, and in which row."""

    key: str | None
    step: Step


class Difference(NamedTuple):
    """Two cards compared, and a page of the lines between them. ``more_rows``: after which project further rows follow."""

    asked: Asked
    since: Card
    to: Card
    rows: list[Changed]
    total: Changed
    more_rows: str | None
    lines: list[Made]
    more: Position | None
    proven: bool


class Page(NamedTuple):
    """Where rows of projects and lines go on, and how many of each."""

    after_row: str | None = None
    after: Position = START
    limit: int = 100


class _Scope(NamedTuple):
    """What two cards are of: the cells, the projects it is narrowed to, whose row each is, and whose lines are asked for."""

    cells: dict[int, Cell]
    own: list[str] | None
    keyed: Callable[[Sum], str | None]
    behind: Behind


_Deltas = Mapping[str | None, Mapping[str, int]]
"""Row → measure → what the entries in between sum to, in fen."""


def diff(store: Store, ledger: UUID, reading: Reading, since: Moment, asked: Asked, page: Page) -> Difference:
    """From ``since`` to the moment of ``asked``, whose figure and key narrow the lines; EVERY_MEASURE and ``whole``: all of them.

    The fiscal year is that of the second moment unless one is named. Raises NoSuchFigure, Moving and OutsideLife.
    """
    asked = asked._replace(card=asked.of_row())
    for _ in range(TRIES):
        with one_snapshot(store) as connection:
            with reading() as book:
                before, after = _cards(connection, ledger, book, since, asked.card, page, [])
                head = max(before.number, after.number)
                if head > book.number:
                    continue
                question = asked.card._replace(fiscal_year=after.fiscal_year)
                scope = _scope(connection, ledger, book, asked._replace(card=question))
            span = Span(asked.card.moment, since)
            deltas = _deltas(
                Reader(connection, ledger, head, [Unit("cell", cell) for cell in scope.cells], span), scope
            )
            more_rows = None
            if question.by == "project":
                keys, more_rows = _rows_of(deltas, page) if asked.key is None else ([asked.key], None)
                with reading() as book:
                    before, after = _cards(connection, ledger, book, since, question, page, keys)
            lines = Reader(connection, ledger, head, scope.behind, span).page(page.after, page.limit)
        recorded = recorded_by_number(store, ledger, lines.lines)
        rows, agree = _compared(before.rows, after.rows, deltas)
        if not asked.whole:
            rows = [row for row in rows if row.key == asked.key]
            if asked.key not in {row.key for row in [*before.rows, *after.rows]}:
                raise NoSuchFigure
        whole: _Deltas = {None: _added_up(deltas)}
        (total,), total_agrees = _compared(
            [Row(None, TOTAL, before.total)], [Row(None, TOTAL, after.total)], whole, all_=True
        )
        made = [Made(scope.keyed(_of_step(step)), step) for step in steps_of(lines.lines, scope.behind, recorded, 0)]
        recorded_so = all(is_as_recorded(line, recorded[line.at.number]) for line in lines.lines)
        proven = agree and total_agrees and recorded_so
        return Difference(asked, before, after, rows, total, more_rows, made, lines.more, proven)
    raise Moving


def _cards(
    connection: Connection[TupleRow],
    ledger: UUID,
    book: Book,
    since: Moment,
    question: Question,
    page: Page,
    projects: list[str],
) -> tuple[Card, Card]:
    """Both cards, of the fiscal year of the second; of some projects, where rows are projects."""
    after = card_in(connection, ledger, book, question, page.after_row, projects=projects)
    earlier = question._replace(moment=since, fiscal_year=after.fiscal_year)
    return card_in(connection, ledger, book, earlier, page.after_row, projects=projects), after


def _scope(connection: Connection[TupleRow], ledger: UUID, book: Book, asked: Asked) -> _Scope:
    question = asked.card
    of = question.of(ledger, book, question.fiscal_year)
    cells = {
        cell: where for cell, where in cells_of(connection, of).items() if question.by != "fund" or is_of_fund(where[1])
    }
    if asked.figure in PRESENT_ONLY:
        raise NoSuchFigure
    signs = dict.fromkeys(MEASURES, 1) if asked.figure == EVERY_MEASURE else signs_of(asked.figure)
    signs.pop(LAPSED, None)
    behind = units_behind(connection, of, book, asked, signs)
    return _Scope(cells, of.own_projects(), keyed_by(book, question.by), behind)


def _deltas(reader: Reader, scope: _Scope) -> _Deltas:
    deltas: dict[str | None, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for (cell, project), amount in reader.by_project(scope.own).items():
        special, source, code = scope.cells[cell]
        measure = MEASURE_OF[code]
        deltas[scope.keyed(Sum(special, project, source, measure, 0))][measure] += amount
    return deltas


def _rows_of(deltas: _Deltas, page: Page) -> tuple[list[str], str | None]:
    """A page of the projects that differ, and after which to go on."""
    changed = sorted(key for key, of in deltas.items() if key is not None and any(of.values()))
    following = [key for key in changed if key > (page.after_row or "")]
    keys = following[: page.limit]
    return keys, keys[-1] if len(following) > len(keys) else None


def _compared(
    before: list[Row], after: list[Row], deltas: _Deltas, *, all_: bool = False
) -> tuple[list[Changed], bool]:
    """The rows that differ (``all_``: or do not), and whether every measure of every row differs by what entries sum to."""
    was, now = {row.key: row for row in before}, {row.key: row for row in after}
    rows, agree = [], True
    for key in [*now, *(key for key in was if key not in now)]:
        named = now.get(key) or was[key]
        old, new = (found[key].figures if key in found else {} for found in (was, now))
        of_row = deltas.get(key, {})
        agree = agree and all(new.get(name, 0) - old.get(name, 0) == of_row.get(name, 0) for name in MEASURES)
        pairs = {name: (old.get(name, 0), new.get(name, 0)) for name in named.figures if name not in PRESENT_ONLY}
        figures = {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
        if figures or all_:
            rows.append(Changed(key, named.name, figures, _lapsed(new) - _lapsed(old)))
    return rows, agree


def _lapsed(figures: dict[str, int]) -> int:
    """The part of what is reserved that holds nothing back."""
    return figures.get("net", 0) - figures.get("available", 0) + figures.get("reserved", 0)


def _added_up(deltas: _Deltas) -> dict[str, int]:
    total: dict[str, int] = defaultdict(int)
    for of_row in deltas.values():
        for measure, amount in of_row.items():
            total[measure] += amount
    return total


def _of_step(step: Step) -> Sum:
    where = step.leg.account
    return Sum(where.special, where.project, where.source, step.component, 0)
