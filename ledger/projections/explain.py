"""Explain: the movements behind a figure of the card, page by page, and the proof that they make it.

Proven means, in one snapshot: what all lines sum to is the figure, component by component; every line of the page is what the
recorded bytes say, whose leaf is checked; and the lines of the page lead from what was held before it to what is held after.
The first page adds up every entry. Where every entry up to a number counts, later pages look up what the last entry left
instead, and each of their lines must lead from one such sum to the next: whoever walks all pages counts each line once.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import AbstractContextManager
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from psycopg import Connection
from psycopg.rows import TupleRow

from ledger.codec import Recorded, recorded_in
from ledger.domain.accounts import ACCOUNTS, USE, Leg, account
from ledger.domain.book import Book
from ledger.domain.catalogue import Name
from ledger.domain.fields import period_number
from ledger.domain.matching import Pledge
from ledger.domain.period import is_late
from ledger.projections.balances import (
    Card,
    Cell,
    Of,
    Question,
    Sum,
    card_in,
    cells_of,
    is_of_fund,
    keyed_by,
    pledges_seen,
)
from ledger.projections.figures import FIGURES, LAPSED, MEASURE_OF, PRESENT_ONLY
from ledger.projections.journal import one_snapshot
from ledger.projections.lines import START, Line, Lines, Position, Reader, Span, Sums, Unit
from ledger.projections.moment import NOW
from ledger.store import Store

TRIES = 20
OUTSTANDING, NOT_DUE, AHEAD = "matching_outstanding", "matching_not_due", "matching_ahead"
COMPONENTS: dict[str, Name] = FIGURES | {
    LAPSED: Name("预留中已失效的部分", "Reserved by calls that hold nothing back any more"),
    OUTSTANDING: ACCOUNTS["M100"].name,
    NOT_DUE: Name("尚未到期", "Not due yet"),
    AHEAD: Name("早于到期日到位", "Received before it was due"),
}
Reading = Callable[[], AbstractContextManager[Book]]


class NoSuchFigure(Exception):
    """The card, as it is seen, has no such row, or the row no such figure of that moment."""


class Moving(Exception):
    """Others recorded so much meanwhile that Book and tables never stood at one number: ask again."""


class Asked(NamedTuple):
    """A figure of the card: of one row, or of the total where ``whole``."""

    card: Question
    figure: str
    key: str | None = None
    whole: bool = False

    def of_row(self) -> Question:
        """The card narrowed to the project, where the row is that of one. Raises NoSuchFigure."""
        if self.card.by != "project" or self.whole or self.key is None:
            return self.card
        if self.card.project not in (None, self.key):
            raise NoSuchFigure
        return self.card._replace(project=self.key)


class Component(NamedTuple):
    """A part of a figure with the sign it has in it, in fen: made by lines, or else by days that came or have not come."""

    figure: str
    sign: int
    amount: int
    by_lines: bool

    @property
    def name(self) -> Name:
        return COMPONENTS[self.figure]


class Step(NamedTuple):
    """One line behind a figure: of which movement, what it adds to the figure, and what that makes, in fen."""

    at: Position
    recorded: Recorded
    component: str
    amount: int
    running: int

    @property
    def leg(self) -> Leg:
        return self.recorded.legs[self.at.line - 1]

    @property
    def late(self) -> bool:
        """Whether it was posted to a later period than it was effective in."""
        return is_late(self.leg.effective_on, self.leg.period)


class Explanation(NamedTuple):
    """A figure, what all lines behind it and the days sum to, and a page of the lines.

    ``before``: what the lines of earlier pages sum to. ``more``: after which position to go on.
    """

    asked: Asked
    number: int
    recorded_at: datetime
    fiscal_year: int | None
    on: date
    amount: int
    sum: int
    components: list[Component]
    before: int
    steps: list[Step]
    more: Position | None
    proven: bool


Behind = dict[Unit, list[tuple[str, int]]]
"""Cell or account → the components its lines add to, with signs."""


class _Figure(NamedTuple):
    """A figure as the card computes it, and what is behind it."""

    card: Card
    figures: dict[str, int]
    behind: Behind
    by_days: dict[str, int]
    """Component → fen, signed."""


def explain(
    store: Store, ledger: UUID, reading: Reading, asked: Asked, *, after: Position = START, limit: int = 100
) -> Explanation:
    """A figure and a page of the movements behind it. Raises NoSuchFigure, Moving and OutsideLife.

    The Book is held only while the card is read.
    """
    for _ in range(TRIES):
        with one_snapshot(store) as connection:
            with reading() as book:
                found = _figure(connection, ledger, book, asked)
                together = asked.card.moment != NOW or found.card.number == book.number
            if not together:
                continue
            reader = Reader(connection, ledger, found.card.number, found.behind, Span(asked.card.moment))
            sums = reader.added(after) if after == START else reader.sums(after)
            page = reader.page(after, limit)
        return _explained(asked, found, reader.span, sums, page, recorded_by_number(store, ledger, page.lines))
    raise Moving


def _explained(
    asked: Asked, found: _Figure, span: Span, sums: Sums, page: Lines, recorded: dict[int, Recorded]
) -> Explanation:
    card, behind, amount = found.card, found.behind, found.figures[asked.figure]
    before, parts = sum(_by_component(sums.before, behind).values()), _by_component(sums.whole, behind)
    components = _components(asked, found, parts)
    total = sum(part.amount for part in components)
    held = dict(sums.before)
    leads = [_leads_on(line, held, behind, each=span.whole) for line in page.lines]
    ends = page.more is not None or _by_component(held, behind) == parts
    recorded_so = all(is_as_recorded(line, recorded[line.at.number]) for line in page.lines)
    return Explanation(
        asked,
        card.number,
        card.recorded_at,
        card.fiscal_year,
        card.on,
        amount,
        total,
        components,
        before,
        list(steps_of(page.lines, behind, recorded, before)),
        page.more,
        proven=amount == total and _as_on_the_card(found, components) and all(leads) and ends and recorded_so,
    )


def _figure(connection: Connection[TupleRow], ledger: UUID, book: Book, asked: Asked) -> _Figure:
    asked = asked._replace(card=asked.of_row())
    card = card_in(connection, ledger, book, asked.card, limit=1)
    rows = [card.total] if asked.whole else [row.figures for row in card.rows if row.key == asked.key]
    if not rows or asked.figure not in rows[0]:
        raise NoSuchFigure
    if asked.figure in PRESENT_ONLY:
        return _of_pledges(connection, ledger, book, asked, card, rows[0])
    return _Figure(card, rows[0], _posted(connection, ledger, book, asked, card), {})


def signs_of(figure: str) -> dict[str, int]:
    """The measures that a figure is made of, with their signs in it."""
    if figure == "total":
        return {MEASURE_OF[code]: 1 for code in USE}
    return {"available": 1, "reserved": -1, LAPSED: 1} if figure == "net" else {figure: 1}


def _posted(connection: Connection[TupleRow], ledger: UUID, book: Book, asked: Asked, card: Card) -> Behind:
    question, signs = asked.card, signs_of(asked.figure)
    behind = units_behind(connection, question.of(ledger, book, card.fiscal_year), book, asked, signs)
    if LAPSED in signs:
        keyed = keyed_by(book, question.by)
        for unit, (special, source, _), _ in _of_refs(connection, ledger, ["P200"], card.lapsed):
            if asked.whole or keyed(Sum(special, None, source, "", 0)) == asked.key:
                behind[unit].append((LAPSED, 1))
    return behind


def units_behind(connection: Connection[TupleRow], of: Of, book: Book, asked: Asked, signs: dict[str, int]) -> Behind:
    """The cells or accounts of a row, or of the total, that measures stand in; each measure with its sign."""
    by, keyed, own = asked.card.by, keyed_by(book, asked.card.by), of.own_projects()
    measures = {
        cell: MEASURE_OF[code]
        for cell, (special, source, code) in cells_of(connection, of).items()
        if MEASURE_OF[code] in signs
        and (by != "fund" or is_of_fund(source))
        and (asked.whole or by == "project" or keyed(Sum(special, None, source, "", 0)) == asked.key)
    }
    behind: Behind = defaultdict(list)
    nowhere = by == "project" and not asked.whole and asked.key is None
    if own is None and not nowhere:
        for cell, measure in measures.items():
            behind[Unit("cell", cell)].append((measure, signs[measure]))
    else:
        for unit, cell in _accounts(connection, of.ledger, list(measures), None if nowhere else own):
            behind[unit].append((measures[cell], signs[measures[cell]]))
    return behind


def _of_pledges(
    connection: Connection[TupleRow], ledger: UUID, book: Book, asked: Asked, card: Card, figures: dict[str, int]
) -> _Figure:
    """Matching money is due by days: what is pledged and not due yet is taken from what lines say."""
    question, keyed, due = asked.card, keyed_by(book, asked.card.by), asked.figure == "matching_due"
    pledges = {
        name: pledge
        for name, pledge in pledges_seen(book, question.special, question.project, question.sees)
        if question.by != "fund" and (asked.whole or keyed(_of_pledge(pledge)) == asked.key)
    }
    of_code = {"M100": OUTSTANDING} | ({"M110": "matching_received"} if due else {})
    found = _of_refs(connection, ledger, list(of_code), pledges)
    behind = {unit: [(of_code[code], 1)] for unit, (_, _, code), _ in found}
    later = {name: sum(fen for on, fen in pledge.tranches if on >= card.on) for name, pledge in pledges.items()}
    held = {name: sum(book.balance(account(code, pledge.at)) for code in of_code) for name, pledge in pledges.items()}
    ahead = sum(max(0, later[name] - held[name]) for name in pledges)
    return _Figure(card, figures, behind, {NOT_DUE: -sum(later.values()), AHEAD: ahead})


def _of_pledge(pledge: Pledge) -> Sum:
    return Sum(pledge.at.special, pledge.at.project, pledge.at.source, "", 0)


def _accounts(
    connection: Connection[TupleRow], ledger: UUID, cells: list[int], projects: list[str] | None
) -> Iterator[tuple[Unit, int]]:
    """The accounts of some cells at some projects; None: at no project. Each with its cell."""
    at = 'project COLLATE "C" = ANY(%(projects)s)' if projects is not None else "project IS NULL"
    rows = connection.execute(
        f"SELECT id, cell FROM account WHERE ledger = %(ledger)s AND cell = ANY(%(cells)s) AND {at}",
        {"ledger": ledger, "cells": cells, "projects": projects},
    )
    return ((Unit("account", number), cell) for number, cell in rows)


def _of_refs(
    connection: Connection[TupleRow], ledger: UUID, codes: list[str], refs: Collection[str]
) -> list[tuple[Unit, Cell, str]]:
    """The accounts of some codes that keep one of these references."""
    rows = connection.execute(
        "SELECT account.id, special, source, code, ref FROM cell JOIN account "
        "ON account.ledger = cell.ledger AND account.cell = cell.id "
        "WHERE cell.ledger = %s AND code = ANY(%s) AND ref = ANY(%s)",
        (ledger, codes, list(refs)),
    )
    return [(Unit("account", number), (special, source, code), ref) for number, special, source, code, ref in rows]


# -- the proof


def recorded_by_number(store: Store, ledger: UUID, lines: Iterable[Line]) -> dict[int, Recorded]:
    """The movements of some lines, read from their bytes, whose leaf is checked. Raises CorruptRecord."""
    events = store.select_numbers(ledger, sorted({line.at.number for line in lines}))
    return {event.originator_version: recorded_in(event) for event in events}


def is_as_recorded(line: Line, recorded: Recorded) -> bool:
    """Whether a line of the tables is that of the recorded bytes."""
    leg = recorded.legs[line.at.line - 1]
    said = (leg.account, leg.amount, leg.effective_on, period_number(leg.period))
    return said == (line.where, line.amount, line.effective_on, line.period)


def _leads_on(line: Line, held: dict[Unit, int], behind: Behind, *, each: bool) -> bool:
    """Count a line in; whether it leads to what it says was held after it. ``each``: no line between is left out."""
    agrees = True
    for unit, after in (
        (Unit("cell", line.cell), line.cell_after),
        (Unit("account", line.account), line.account_after),
    ):
        if unit in behind:
            held[unit] = held.get(unit, 0) + line.sign * line.amount
            agrees = agrees and (not each or held[unit] == after)
    return agrees


def _by_component(sums: dict[Unit, int], behind: Behind) -> dict[str, int]:
    """What cells and accounts sum to, by component, signs applied."""
    found: dict[str, int] = defaultdict(int)
    for unit, amount in sums.items():
        for component, sign in behind[unit]:
            found[component] += sign * amount
    return found


def steps_of(lines: list[Line], behind: Behind, recorded: dict[int, Recorded], running: int) -> Iterator[Step]:
    """What each line adds to each component it is behind, from a running sum on."""
    for line in lines:
        for unit in (Unit("cell", line.cell), Unit("account", line.account)):
            for component, sign in behind.get(unit, ()):
                amount = sign * line.sign * line.amount
                running += amount
                yield Step(line.at, recorded[line.at.number], component, amount, running)


def _components(asked: Asked, found: _Figure, parts: dict[str, int]) -> list[Component]:
    signs = signs_of(asked.figure)
    if found.by_days:
        signs = {OUTSTANDING: 1} | ({"matching_received": 1} if asked.figure == "matching_due" else {})
    by_lines = [Component(name, sign, parts.get(name, 0), by_lines=True) for name, sign in signs.items()]
    by_days = [
        Component(name, -1 if name == NOT_DUE else 1, amount, by_lines=False) for name, amount in found.by_days.items()
    ]
    return by_lines + by_days


def _as_on_the_card(found: _Figure, components: list[Component]) -> bool:
    """Whether the components that are figures themselves are what the card says."""
    said = found.figures | {LAPSED: found.figures["net"] - found.figures["available"] + found.figures["reserved"]}
    return bool(found.by_days) or all(part.amount == part.sign * said[part.figure] for part in components)
