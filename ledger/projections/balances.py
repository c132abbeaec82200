"""Balances per plan, special, project, source and fund: inline, so that they agree with the write just acknowledged.

Read from ``turnover`` and ``balance`` in one snapshot; every answer says the number it stands at. Amounts are fen.
Budget figures are those of one fiscal year, so that nothing carried over is counted twice; memo figures have no year.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Literal, NamedTuple
from uuid import UUID

from psycopg import Connection, IsolationLevel
from psycopg.rows import TupleRow

from ledger.access.sight import Sight
from ledger.domain.accounts import ACCOUNTS, USE, account
from ledger.domain.book import Book
from ledger.domain.catalogue import FUNDS, PLANS, SOURCES, UNKNOWN_FUND, Fund, Name, Source
from ledger.domain.matching import PLEDGES, due_and_gap
from ledger.domain.project import PROJECTS
from ledger.domain.reservation import RESERVATIONS
from ledger.domain.special import all_specials, special_state
from ledger.store import Store

By = Literal["plan", "special", "project", "source", "fund"]

MEASURES: dict[str, str] = {
    "appropriated": "B100",
    "carried_in": "B101",
    "reallocated": "B105",
    "consolidated": "B106",
    "suspense": "X900",
    "unallocated": "B200",
    "available": "B210",
    "reserved": "P200",
    "committed": "B220",
    "ordered": "B230",
    "disbursed": "B240",
    "issued_to_leagues": "B245",
    "withdrawn": "B250",
    "carried_out": "B260",
    "later_years": "F200",
    "matching_pledged": "M200",
    "matching_received": "M110",
    "original_channel": "O200",
    "cofunding_committed": "N200",
    "cofunding_received": "N110",
    "repayable_outstanding": "R100",
    "recovery_outstanding": "R110",
    "returned_earlier_years": "R120",
    "undertaker_spending": "U200",
    "unmatched_receipts": "S200",
}
"""Figure → the account it is the balance of."""

DERIVED: dict[str, Name] = {
    "net": Name("净可用", "Net available"),
    "total": Name("合计", "Total of uses"),
    "matching_due": Name("匹配应到", "Matching due"),
    "matching_gap": Name("匹配缺口", "Matching gap"),
}
"""Computed from others: net = available − what is reserved for calls still open; total = all credit budget accounts (V1, V2)."""

FIGURES: dict[str, Name] = {name: ACCOUNTS[code].name for name, code in MEASURES.items()} | DERIVED
_LAPSED = "lapsed"
"""Part of ``reserved`` that no longer holds anything back; not a figure of the card."""
_MEASURE_OF = {code: name for name, code in MEASURES.items()}
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
    """Business date by which matching money counts as due."""
    rows: list[Row]
    total: dict[str, int]
    """Of everything asked for, other pages included."""
    more: str | None


class _Sum(NamedTuple):
    special: str | None
    project: str | None
    source: str | None
    measure: str
    amount: int


class _Of(NamedTuple):
    """What is summed: of a year, and of these specials, projects or sources only, where any are named."""

    ledger: UUID
    year: int | None
    special: str | None
    project: str | None
    specials: list[str] | None
    projects: list[str] | None
    sources: list[str] | None


_EVERYTHING = Sight()
_Figures = dict[str | None, dict[str, int]]


def balances(
    store: Store,
    ledger: UUID,
    book: Book,
    by: By,
    *,
    on: date,
    fiscal_year: int | None = None,
    special: str | None = None,
    project: str | None = None,
    after: str | None = None,
    limit: int = 200,
    sees: Sight = _EVERYTHING,
) -> Card:
    """The card, grouped. ``fiscal_year`` None: the latest that holds anything. Projects come in pages of ``limit``.

    ``sees`` narrows it to the money of the specials, projects and sources that somebody sees.

    ``book`` gives names and due dates; the caller makes sure that it stands at the number answered.
    """
    with store.readers.connection() as connection:
        connection.isolation_level = IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        try:
            with connection.transaction():
                number, recorded_at, latest = _standing(connection, ledger)
                year = fiscal_year or latest
                of = _Of(ledger, year, special, project, *_narrowed(book, sees))
                whole = sums = (
                    _of_projects(connection, of) if project or of.projects is not None else _of_cells(connection, of)
                )
                if by == "project":
                    sums = _of_projects(connection, of, after, limit)
                    whole = sums if project else whole
        finally:
            connection.isolation_level = None
            connection.read_only = None
    lapsed = [] if project else _lapsed(book, on, special, sees, every=year != latest)
    sums, whole = [*sums, *(lapsed if after is None else ())], [*whole, *lapsed]
    matching = _matching(book, on, special, project, sees)
    if by == "fund":  # what stands beside the funds is no fund's
        whole = sums = [found for found in sums if found.source is not None and found.source not in SOURCES]
        matching = []
    keyed = _keyed(book, by)
    figures = _figures(sums, keyed)
    for found in matching:
        if by != "project" or found.project in figures:
            figures[keyed(found)][found.measure] += found.amount
    rows = [
        Row(key, _name(book, by, key), _complete(values))
        for key, values in _in_order(book, by, figures)
        if values or sees.everything
    ]
    total = _complete(_figures([*whole, *matching], lambda _: None)[None])
    last = max((key for key in figures if key is not None), default=None)
    page_full = by == "project" and len(figures) - (None in figures) >= limit
    return Card(by, number, recorded_at, year, on, rows, total, last if page_full else None)


def _standing(connection: Connection[TupleRow], ledger: UUID) -> tuple[int, datetime, int | None]:
    row = connection.execute(
        "SELECT number, recorded_at, (SELECT max(fiscal_year) FROM cell WHERE ledger = head.ledger) "
        "FROM head WHERE ledger = %s",
        (ledger,),
    ).fetchone()
    if row is None:
        raise LookupError(f"ledger {ledger} has not been opened here")
    return row[0], row[1], row[2]


def _narrowed(book: Book, sees: Sight) -> tuple[list[str] | None, list[str] | None, list[str] | None]:
    """The specials, the projects and the sources that somebody is confined to."""
    specials = None if sees.specials is None else [code for code in all_specials(book) if sees.special(book, code)]
    projects = (
        None if sees.department is None else sorted(code for code in PROJECTS.of(book) if sees.project(book, code))
    )
    return specials, projects, None if sees.sources is None else sorted(sees.sources)


def _of_cells(connection: Connection[TupleRow], of: _Of) -> list[_Sum]:
    rows = connection.execute(
        "SELECT special, NULL, source, code, sum(amount)::bigint FROM turnover JOIN cell "
        "ON cell.ledger = turnover.ledger AND cell.id = turnover.cell "
        "WHERE turnover.ledger = %(ledger)s AND (fiscal_year IS NULL OR fiscal_year = %(year)s) "
        "AND (%(special)s::text IS NULL OR special = %(special)s) "
        "AND (%(specials)s::text[] IS NULL OR special = ANY(%(specials)s)) "
        "AND (%(sources)s::text[] IS NULL OR source = ANY(%(sources)s)) "
        "GROUP BY special, source, code",
        of._asdict(),
    )
    return _sums(rows)


def _sums(rows: Iterable[TupleRow]) -> list[_Sum]:
    """Rows of (special, project, source, account code, fen) that are figures of the card."""
    return [
        _Sum(special, project, source, _MEASURE_OF[code], amount)
        for special, project, source, code, amount in rows
        if code in _MEASURE_OF
    ]


def _figures(sums: Iterable[_Sum], keyed: Callable[[_Sum], str | None]) -> _Figures:
    figures: _Figures = defaultdict(lambda: defaultdict(int))
    for found in sums:
        figures[keyed(found)][found.measure] += found.amount
    return figures


def _of_projects(
    connection: Connection[TupleRow], of: _Of, after: str | None = None, limit: int | None = None
) -> list[_Sum]:
    """A page of projects; what stands at no project comes first, with the first page."""
    rows = connection.execute(
        'WITH page AS (SELECT DISTINCT project COLLATE "C" AS project FROM account JOIN cell '
        "  ON cell.ledger = account.ledger AND cell.id = account.cell "
        '  WHERE account.ledger = %(ledger)s AND project COLLATE "C" > %(after)s '
        "  AND (%(project)s::text IS NULL OR project = %(project)s)"
        "  AND (%(projects)s::text[] IS NULL OR project = ANY(%(projects)s))"
        "  AND (%(specials)s::text[] IS NULL OR special = ANY(%(specials)s)) "
        "  AND (%(sources)s::text[] IS NULL OR source = ANY(%(sources)s)) "
        "  AND (fiscal_year IS NULL OR fiscal_year = %(year)s)"
        "  AND (%(special)s::text IS NULL OR special = %(special)s) ORDER BY 1 LIMIT %(limit)s) "
        "SELECT special, account.project, source, code, sum(amount)::bigint "
        "FROM account JOIN cell ON cell.ledger = account.ledger AND cell.id = account.cell "
        "JOIN balance ON balance.ledger = account.ledger AND balance.account = account.id "
        "WHERE account.ledger = %(ledger)s AND (fiscal_year IS NULL OR fiscal_year = %(year)s) "
        "AND (%(special)s::text IS NULL OR special = %(special)s) "
        "AND (%(specials)s::text[] IS NULL OR special = ANY(%(specials)s)) "
        "AND (%(sources)s::text[] IS NULL OR source = ANY(%(sources)s)) "
        'AND (account.project COLLATE "C" IN (SELECT project FROM page) OR (account.project IS NULL AND %(first)s)) '
        "GROUP BY special, account.project, source, code",
        {
            **of._asdict(),
            "after": after or "",
            "limit": limit,
            "first": after is None and of.project is None and of.projects is None,
        },
    )
    return _sums(rows)


def _keyed(book: Book, by: By) -> Callable[[_Sum], str | None]:
    plans = {code: str(state.plan) for code, state in all_specials(book).items()}
    return {
        "plan": lambda found: plans.get(found.special or ""),
        "special": lambda found: found.special,
        "project": lambda found: found.project,
        "source": lambda found: found.source,
        "fund": lambda found: found.source,
    }[by]


def _matching(book: Book, on: date, special: str | None, project: str | None, sees: Sight) -> list[_Sum]:
    """What was due before a day and what of it is missing, pledge by pledge."""
    sums = []
    for _, pledge in PLEDGES.items(book):
        at = pledge.at
        if special not in (None, at.special) or project not in (None, at.project):
            continue
        if not (sees.source(at.source) and sees.project(book, at.project or "")):
            continue
        outstanding, received = book.balance(account("M100", at)), book.balance(account("M110", at))
        for measure, amount in zip(
            ("matching_due", "matching_gap"), due_and_gap(pledge, outstanding, received, on), strict=True
        ):
            sums.append(_Sum(at.special, at.project, at.source, measure, amount))
    return sums


def _lapsed(book: Book, on: date, special: str | None, sees: Sight, *, every: bool) -> list[_Sum]:
    """Reserved money that holds nothing back: its call has expired, or (``every``) the year is not the one it belongs to."""
    return [
        _Sum(held.special, None, str(held.fund), _LAPSED, book.balance(account("P200", held.at(call))))
        for call, held in RESERVATIONS.items(book)
        if (every or not held.is_open(on))
        and special in (None, held.special)
        and sees.special(book, held.special)
        and sees.source(held.fund)
    ]


def _complete(values: dict[str, int]) -> dict[str, int]:
    figures = {name: values.get(name, 0) for name in FIGURES}
    figures["net"] = figures["available"] - figures["reserved"] + values.get(_LAPSED, 0)
    figures["total"] = sum(figures[_MEASURE_OF[code]] for code in USE)
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
    if key == UNKNOWN_FUND:
        return Name("待查资金", "Unknown fund")
    return FUNDS[Fund(key)] if key in FUNDS else SOURCES[Source(key)]
