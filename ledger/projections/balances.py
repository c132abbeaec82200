"""Balances per plan, special, project, source and fund, now or at a moment; now, they agree with the write just acknowledged.

Read in one snapshot; every answer says the number it stands at. Amounts are fen.
Budget figures are those of one fiscal year, so that nothing carried over is counted twice; memo figures have no year.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from psycopg import Connection
from psycopg.rows import TupleRow

from ledger.access.sight import Sight
from ledger.domain.accounts import USE, Place, account
from ledger.domain.book import Book
from ledger.domain.catalogue import FUNDS, PLANS, SOURCES, Name, Source, source_name
from ledger.domain.falling_due import due_and_missing
from ledger.domain.matching import PLEDGES, Pledge, due_and_gap
from ledger.domain.project import PROJECTS
from ledger.domain.reservation import RESERVATIONS
from ledger.domain.special import all_specials, special_state
from ledger.projections.figures import FIGURES, LAPSED, MEASURE_OF, PRESENT_ONLY, By
from ledger.projections.journal import one_snapshot
from ledger.projections.moment import NOW, Moment, check_within_life, day_of
from ledger.projections.then import Then, at
from ledger.store import Store

UNASSIGNED = Name("未分配到专项", "Unassigned")
NO_SOURCE = Name("不分来源", "No source")
NO_PROJECT = Name("未落实到项目", "No project")


class Row(NamedTuple):
    """One line of the card: its key (None: unassigned), its names, and each figure in fen; absent figures are zero."""

    key: str | None
    name: Name
    figures: dict[str, int]


class Card(NamedTuple):
    """Balances at one number. ``more`` is the key to continue after, where a page ended."""

    by: By
    number: int
    recorded_at: datetime
    fiscal_year: int | None
    on: date
    """Business date by which matching money counts as due and calls have expired."""
    rows: list[Row]
    total: dict[str, int]
    """Of everything asked for, other pages included."""
    more: str | None
    moment: Moment = NOW
    lapsed: frozenset[str] = frozenset()
    """The calls that hold nothing back of what they reserved: they expired, or belong to another year."""


Cell = tuple[str | None, str | None, str]
"""Special, source and account code."""


class Sum(NamedTuple):
    """What stands at one special, project and source in one measure, in fen."""

    special: str | None
    project: str | None
    source: str | None
    measure: str
    amount: int


class Of(NamedTuple):
    """What is summed, at which moment: of a year, and of these specials, projects or sources only, where any are named."""

    ledger: UUID
    year: int | None
    special: str | None
    project: str | None
    specials: list[str] | None
    projects: list[str] | None
    sources: list[str] | None
    moment: Moment

    def own_projects(self) -> list[str] | None:
        """The projects it is narrowed to; None: to none in particular."""
        if self.project is None:
            return self.projects
        return [self.project] if self.projects is None or self.project in self.projects else []

    def values(self) -> dict[str, Any]:
        return {**self._asdict(), **self.moment.bounds()}


EVERYTHING = Sight()
_Figures = dict[str | None, dict[str, int]]


def is_of_fund(source: str | None) -> bool:
    """Whether it is money of a fund, and not of what stands beside the funds."""
    return source is not None and source not in SOURCES


class Question(NamedTuple):
    """What is asked of the card. ``fiscal_year`` None: the latest that holds anything.

    ``sees`` narrows it to the money of the specials, projects and sources that somebody sees. ``on`` is today; of a past moment
    its own business date counts.
    """

    by: By
    on: date
    fiscal_year: int | None = None
    special: str | None = None
    project: str | None = None
    sees: Sight = EVERYTHING
    moment: Moment = NOW

    def of(self, ledger: UUID, book: Book, year: int | None) -> Of:
        """What is summed for it, in a year."""
        return Of(ledger, year, self.special, self.project, *narrowed(book, self.sees), self.moment)


def balances(
    store: Store,
    ledger: UUID,
    book: Book,
    by: By,
    *,
    on: date,
    after: str | None = None,
    limit: int = 200,
    **asked: Any,
) -> Card:
    """The card of a Question, grouped. Projects come in pages of ``limit``.

    ``book`` gives names, which are those of today, and due dates; the caller makes sure that it stands at the number
    answered. Raises OutsideLife.
    """
    with one_snapshot(store) as connection:
        return card_in(connection, ledger, book, Question(by, on, **asked), after, limit)


def card_in(
    connection: Connection[TupleRow],
    ledger: UUID,
    book: Book,
    asked: Question,
    after: str | None = None,
    limit: int = 200,
    projects: list[str] | None = None,
) -> Card:
    """The card as ``balances`` gives it, read in a snapshot that the caller holds; of these projects, where they are named."""
    by, moment, special, project, sees = asked.by, asked.moment, asked.special, asked.project, asked.sees
    then = at(connection, ledger, moment)
    number, recorded_at, latest = then.standing()
    check_within_life(book, moment, latest, asked.on)
    day = day_of(moment, recorded_at, asked.on)
    year = asked.fiscal_year or latest
    of = asked.of(ledger, book, year)
    cells, own = cells_of(connection, of), of.own_projects()
    if own is None:
        whole = sums = sums_of(cells, ((cell, None, amount) for cell, amount in then.of_cells(cells).items()))
    else:
        whole = sums = of_projects(then, cells, own, beside=False)
    page = projects or []
    if by == "project" and projects is None:
        page = _page(connection, of, cells, after, limit)
    if by == "project":
        sums = of_projects(then, cells, page, beside=after is None and own is None)
        whole = sums if project else whole
    reserved = {} if project else _reserved(then, cells)
    lapsed = lapsed_calls(book, reserved, day, special, sees, every=year != latest)
    freed = given_up(book, reserved, lapsed)
    sums, whole = [*sums, *(freed if after is None else ())], [*whole, *freed]
    matching = of_rows = list[Sum]()
    if moment == NOW:
        matching = _matching(book, day, special, sees) if own is None else of_pledges(book, day, own, special, sees)
        of_rows = of_pledges(book, day, page, special, sees) if by == "project" else matching
    absent = frozenset() if moment == NOW else PRESENT_ONLY
    rows, total = arranged(book, by, [*sums, *of_rows], [*whole, *matching], absent, every=sees.everything)
    more = page[-1] if len(page) == limit else None
    return Card(by, number, recorded_at, year, day, rows, total, more, moment, lapsed)


def arranged(
    book: Book,
    by: By,
    sums: Iterable[Sum],
    whole: Iterable[Sum],
    absent: frozenset[str] = frozenset(),
    *,
    every: bool = True,
) -> tuple[list[Row], dict[str, int]]:
    """Rows of ``sums`` in the order of the notice, and the total of ``whole``.

    ``absent``: figures to leave out; ``every``: also what holds nothing.
    """
    if by == "fund":  # what stands beside the funds is no fund's
        whole = sums = [found for found in sums if is_of_fund(found.source)]
    figures = figures_of(sums, keyed_by(book, by))
    rows = [
        Row(key, _name(book, by, key), complete(values, absent))
        for key, values in _in_order(book, by, figures)
        if values or every
    ]
    return rows, complete(figures_of(whole, lambda _: None)[None], absent)


def narrowed(book: Book, sees: Sight) -> tuple[list[str] | None, list[str] | None, list[str] | None]:
    """The specials, the projects and the sources that somebody is confined to."""
    specials = None if sees.specials is None else [code for code in all_specials(book) if sees.special(book, code)]
    projects = (
        None if sees.department is None else sorted(code for code in PROJECTS.of(book) if sees.project(book, code))
    )
    return specials, projects, None if sees.sources is None else sorted(sees.sources)


def cells_of(connection: Connection[TupleRow], of: Of) -> dict[int, Cell]:
    """The cells of the card, by id. They are few; looked up first, they leave the planner no join to get wrong."""
    rows = connection.execute(
        "SELECT id, special, source, code FROM cell "
        "WHERE ledger = %(ledger)s AND (fiscal_year IS NULL OR fiscal_year = %(year)s) AND code = ANY(%(codes)s) "
        "AND (%(special)s::text IS NULL OR special = %(special)s) "
        "AND (%(specials)s::text[] IS NULL OR special = ANY(%(specials)s)) "
        "AND (%(sources)s::text[] IS NULL OR source = ANY(%(sources)s))",
        {**of._asdict(), "codes": list(MEASURE_OF)},
    )
    return {row[0]: (row[1], row[2], row[3]) for row in rows}


def sums_of(cells: dict[int, Cell], held: Iterable[tuple[int, str | None, int]]) -> list[Sum]:
    """What was held, as (cell, project, fen), summed by cell and project."""
    sums: dict[tuple[int, str | None], int] = defaultdict(int)
    for cell, project, amount in held:
        sums[cell, project] += amount
    return [
        Sum(special, project, source, MEASURE_OF[code], amount)
        for (cell, project), amount in sums.items()
        for special, source, code in [cells[cell]]
    ]


def figures_of(sums: Iterable[Sum], keyed: Callable[[Sum], str | None]) -> _Figures:
    """Fen by key and measure."""
    figures: _Figures = defaultdict(lambda: defaultdict(int))
    for found in sums:
        figures[keyed(found)][found.measure] += found.amount
    return figures


def _page(connection: Connection[TupleRow], of: Of, cells: dict[int, Cell], after: str | None, limit: int) -> list[str]:
    """A page of the projects asked for, by code."""
    rows = connection.execute(
        'SELECT DISTINCT project COLLATE "C" FROM unnest(%(cells)s::int[]) AS asked (cell), LATERAL ('
        'SELECT DISTINCT project COLLATE "C" FROM account WHERE ledger = %(ledger)s AND account.cell = asked.cell '
        'AND project COLLATE "C" > %(after)s AND (%(own)s::text[] IS NULL OR project = ANY(%(own)s)) '
        "ORDER BY 1 LIMIT %(limit)s) AS page (project) ORDER BY 1 LIMIT %(limit)s",
        {"ledger": of.ledger, "after": after or "", "cells": list(cells), "own": of.own_projects(), "limit": limit},
    )
    return [project for (project,) in rows]


def of_projects(then: Then, cells: dict[int, Cell], page: list[str], *, beside: bool) -> list[Sum]:
    """What stands at some projects; ``beside``: at none, too."""
    codes = {cell: code for cell, (_, _, code) in cells.items()}
    held = then.of_accounts(codes, page, beside=beside)
    return sums_of(cells, ((cell, project, amount) for cell, project, _, amount in held))


def keyed_by(book: Book, by: By) -> Callable[[Sum], str | None]:
    plans = {code: str(state.plan) for code, state in all_specials(book).items()}
    return {
        "plan": lambda found: plans.get(found.special or ""),
        "special": lambda found: found.special,
        "project": lambda found: found.project,
        "source": lambda found: found.source,
        "fund": lambda found: found.source,
    }[by]


def pledges_seen(book: Book, special: str | None, project: str | None, sees: Sight) -> Iterator[tuple[str, Pledge]]:
    """The pledges that count on a card, by name."""
    for name, pledge in PLEDGES.items(book):
        at = pledge.at
        asked = special in (None, at.special) and project in (None, at.project)
        if asked and sees.source(at.source) and sees.project(book, at.project or ""):
            yield name, pledge


def _matching(book: Book, on: date, special: str | None, sees: Sight) -> list[Sum]:
    """What was due of matching money before a day and what of it is missing, by special; for who is confined to no projects."""
    if not sees.source(Source.MATCHING):
        return []
    asked = [code for code in all_specials(book) if special in (None, code) and sees.special(book, code)]
    return [
        one for code in asked for one in _due(Place(0, Source.MATCHING, None, code), due_and_missing(book, code, on))
    ]


def of_pledges(book: Book, on: date, projects: Collection[str], special: str | None, sees: Sight) -> list[Sum]:
    """The same of the pledges to some projects, pledge by pledge."""
    book.bring(projects)
    accounts = (found for project in projects for found in book.accounts_of.get(project, ()) if found.code == "M200")
    pledges = sorted({str(found.ref) for found in accounts})
    book.bring(pledges)
    sums = []
    for pledge in map(PLEDGES.of(book).__getitem__, pledges):
        where = pledge.at
        if special in (None, where.special) and sees.source(where.source) and sees.project(book, where.project or ""):
            outstanding, received = book.balance(account("M100", where)), book.balance(account("M110", where))
            sums += _due(where, due_and_gap(pledge, outstanding, received, on))
    return sums


def _due(at: Place, amounts: tuple[int, int]) -> list[Sum]:
    measures = zip(("matching_due", "matching_gap"), amounts, strict=True)
    return [Sum(at.special, at.project, at.source, measure, amount) for measure, amount in measures if amount]


def _reserved(then: Then, cells: dict[int, Cell]) -> dict[str, int]:
    """What each call holds back, in fen; no call belongs to a project."""
    of_calls = {cell: code for cell, (_, _, code) in cells.items() if code == "P200"}
    return {str(call): amount for _, _, call, amount in then.of_accounts(of_calls, ()) if amount}


def lapsed_calls(
    book: Book, reserved: Iterable[str], day: date, special: str | None, sees: Sight, *, every: bool
) -> frozenset[str]:
    """Calls that hold nothing back of what they reserved: expired, or (``every``) the year is not the one they belong to."""
    known = RESERVATIONS.of(book)  # others may have recorded a call that the Book does not hold yet
    calls = ((call, known[call]) for call in reserved if call in known)
    return frozenset(
        call
        for call, held in calls
        if (every or not held.is_open(day))
        and special in (None, held.special)
        and sees.special(book, held.special)
        and sees.source(held.fund)
    )


def given_up(book: Book, reserved: dict[str, int], lapsed: Iterable[str]) -> list[Sum]:
    """What calls that lapsed had reserved, by special and fund."""
    sums: dict[tuple[str, str], int] = defaultdict(int)
    for call in lapsed:
        held = RESERVATIONS.of(book)[call]
        sums[held.special, str(held.fund)] += reserved[call]
    return [Sum(special, None, fund, LAPSED, amount) for (special, fund), amount in sums.items()]


def complete(values: dict[str, int], absent: frozenset[str] = frozenset()) -> dict[str, int]:
    """Every figure of the card, those computed from others too."""
    figures = {name: values.get(name, 0) for name in FIGURES if name not in absent}
    figures["net"] = figures["available"] - figures["reserved"] + values.get(LAPSED, 0)
    figures["total"] = sum(figures[MEASURE_OF[code]] for code in USE)
    return figures


def _in_order(book: Book, by: By, figures: _Figures) -> Iterable[tuple[str | None, dict[str, int]]]:
    """The order of the notice for plans, specials and sources, whether they hold anything or not; projects by code."""
    known: list[str] = []
    if by == "plan":
        known = [str(plan) for plan in PLANS]
    elif by == "special":
        known = list(all_specials(book))
    elif by == "source":
        known = [*map(str, FUNDS), *map(str, SOURCES)]
    elif by == "fund":
        known = [*map(str, FUNDS)]
    others = sorted(key for key in figures if key is not None and key not in known)
    for key in [*known, *others]:
        yield key, figures.get(key, {})
    if None in figures:
        yield None, figures[None]


def _name(book: Book, by: By, key: str | None) -> Name:
    if key is None:
        return {"project": NO_PROJECT, "source": NO_SOURCE, "fund": NO_SOURCE}.get(by, UNASSIGNED)
    if by == "plan":
        return next(name for plan, name in PLANS.items() if plan == key)
    if by == "special":
        state = special_state(book, key)
        return state.name if state else Name(key, key)
    if by == "project":
        project = PROJECTS.get(book, key)
        return Name(project.title, project.title) if project else Name(key, key)
    return source_name(key)
