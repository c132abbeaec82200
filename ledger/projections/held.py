"""What accounts held at a moment, and the movements that posted to some of them: for sheets, which group them themselves.

Read once and grouped in memory: a sheet asks for a few hundred cells, or for the accounts of a year, never row by row.
"""

from collections.abc import Collection, Iterator
from typing import Any, LiteralString, NamedTuple
from uuid import UUID

from psycopg import Connection
from psycopg.rows import TupleRow

from ledger.codec import Recorded, recorded_in
from ledger.domain.accounts import Account, Leg
from ledger.projections.moment import Moment
from ledger.projections.then import Then
from ledger.recorded import events_of

_CORRECTION = "EntryCorrected"


class Line(NamedTuple):
    """A line of a recorded movement. ``kind``: of what it records or, where a correction made it, of what it corrects."""

    recorded: Recorded
    kind: str
    leg: Leg


def held(
    then: Then,
    codes: Collection[str],
    year: int | None,
    *,
    projects: Collection[str] | None = None,
    by_account: Collection[str] = (),
    standing: bool = False,
) -> dict[Account, int]:
    """Fen by cell, those of the codes ``by_account`` by account: budget accounts of a year (None: of every year), and memo
    accounts, which have none.

    ``projects``: of these only, all by account. What had nothing posted to it then is left out; with ``standing`` also
    accounts that hold nothing.
    """
    cells = _cells(then.connection, then.ledger, codes, year)
    whole = {cell for cell, place in cells.items() if place.code not in by_account} if projects is None else set()
    parted = {cell: place.code for cell, place in cells.items() if cell not in whole}
    held = {cells[cell]: amount for cell, amount in then.of_cells(whole).items()}
    found = then.of_accounts(parted, projects, beside=projects is None, standing=standing) if parted else ()
    return held | {cells[cell]._replace(project=project, ref=ref): amount for cell, project, ref, amount in found}


def _cells(
    connection: Connection[TupleRow], ledger: UUID, codes: Collection[str], year: int | None
) -> dict[int, Account]:
    rows = connection.execute(
        "SELECT id, code, fiscal_year, source, vintage, special, function FROM cell WHERE ledger = %(ledger)s "
        "AND code = ANY(%(codes)s) "
        "AND (fiscal_year IS NULL OR %(year)s::int IS NULL OR fiscal_year = %(year)s)",
        {"ledger": ledger, "codes": list(codes), "year": year},
    )
    return {
        id_: Account(code, fiscal_year, source, vintage, special, None, function)
        for id_, code, fiscal_year, source, vintage, special, function in rows
    }


def lines(
    connection: Connection[TupleRow],
    ledger: UUID,
    moment: Moment,
    year: int | None,
    codes: Collection[str] = (),
    kinds: Collection[str] = (),
    project: str | None = None,
) -> list[Line]:
    """Every line, in the order of the log, of movements that posted to accounts of ``codes`` in a year or are of ``kinds``.

    With ``project``: of its accounts only. Lines that do not count at the moment are left out.
    """
    found = list(_recorded(connection, ledger, moment.number, year, codes, kinds, project))
    corrected = {leg.corrects for one in found if one.movement.kind == _CORRECTION for leg in one.legs}
    kind_of: dict[int | None, str] = dict(
        connection.execute(
            "SELECT number, kind FROM movement WHERE ledger = %s AND number = ANY(%s)",
            (ledger, list(corrected - {None})),
        ).fetchall()
    )
    return [
        Line(one, kind_of.get(leg.corrects, one.movement.kind), leg)
        for one in found
        for leg in one.legs
        if counts(leg, moment)
    ]


def counts(leg: Leg, moment: Moment) -> bool:
    """Whether a line counts at a moment, in the senses of period and business date."""
    posted = moment.period is None or leg.period <= moment.period
    return posted and (moment.effective_on is None or leg.effective_on <= moment.effective_on)


def recorded(connection: Connection[TupleRow], ledger: UUID, moment: Moment, kinds: Collection[str]) -> list[Recorded]:
    """Movements of these kinds that were known at a moment, in their order, those that post nothing included."""
    found = _recorded(connection, ledger, moment.number, None, (), kinds, None)
    return [one for one in found if _said(one, moment)]


def naming(
    connection: Connection[TupleRow], ledger: UUID, moment: Moment, project: str, kinds: Collection[str]
) -> list[Recorded]:
    """Movements of these kinds that name a project, or a pledge to it, and were known at a moment, in their order."""
    pledges = connection.execute(
        "SELECT DISTINCT ref FROM account JOIN cell ON cell.ledger = account.ledger AND cell.id = account.cell "
        "WHERE account.ledger = %s AND project = %s AND code = 'M200'",
        (ledger, project),
    )
    needles = [f'"project":"{project}"', *(f'"pledge":"{pledge}"' for (pledge,) in pledges)]
    found = events_of(
        connection,
        "ledger = %(ledger)s AND kind = ANY(%(kinds)s) AND (%(number)s::bigint IS NULL OR number <= %(number)s) "
        "AND EXISTS (SELECT FROM unnest(%(needles)s::bytea[]) needle WHERE position(needle in state) > 0)",
        "ORDER BY number",
        {
            "ledger": ledger,
            "kinds": list(kinds),
            "number": moment.number,
            "needles": [needle.encode() for needle in needles],
        },
    )
    return [one for one in map(recorded_in, found) if _said(one, moment)]


def _said(one: Recorded, moment: Moment) -> bool:
    posted = moment.period is None or one.movement.posting_period <= moment.period
    return posted and (moment.effective_on is None or one.movement.effective_on <= moment.effective_on)


_OF_KINDS: LiteralString = (
    "SELECT number FROM movement AS kept WHERE ledger = %(ledger)s AND kind = ANY(%(kinds)s) "
    "AND (%(year)s::int IS NULL OR EXISTS (SELECT FROM entry "
    "JOIN cell ON cell.ledger = entry.ledger AND cell.id = entry.cell AND cell.fiscal_year = %(year)s "
    "WHERE entry.ledger = kept.ledger AND entry.number = kept.number))"
)
"""Of a year: those that posted to it."""


def _recorded(
    connection: Connection[TupleRow],
    ledger: UUID,
    number: int | None,
    year: int | None,
    codes: Collection[str],
    kinds: Collection[str],
    project: str | None,
) -> Iterator[Recorded]:
    cells = _cells(connection, ledger, codes, year)
    values: dict[str, Any] = {
        "ledger": ledger,
        "cells": list(cells),
        "kinds": list(kinds),
        "number": number,
        "project": project,
        "year": year,
    }
    posted: LiteralString = "SELECT number FROM entry WHERE ledger = %(ledger)s AND cell = ANY(%(cells)s)"
    if project is not None:
        posted = (
            "SELECT entry.number FROM account JOIN entry ON entry.ledger = account.ledger AND entry.account = account.id "
            "WHERE account.ledger = %(ledger)s AND account.project = %(project)s AND account.cell = ANY(%(cells)s)"
        )
    which: LiteralString = (
        f"ledger = %(ledger)s AND number IN ({posted} UNION {_OF_KINDS}) "
        "AND (%(number)s::bigint IS NULL OR number <= %(number)s)"
    )
    return map(recorded_in, events_of(connection, which, "ORDER BY number", values))
