"""Alerts 预警: what is due is kept by a follower; what of it is an alert on a day is asked for with that day's parameters.

The follower folds the log into a Book of its own and looks again at the subjects that each movement names, with the functions
that say it of a whole Book (`ledger.domain.dues`): no condition stands here.
"""

from collections.abc import Mapping
from datetime import date
from typing import LiteralString, NamedTuple
from uuid import UUID

from psycopg import Connection
from psycopg.rows import TupleRow

from ledger.domain.alert import Alert, Due, Term, scope_kind
from ledger.domain.dues import Subject, dues, subjects_of
from ledger.domain.signed_off import SignedMonth
from ledger.folding import fold_one, prepare
from ledger.projections.follower import Page, Projection, stands_at
from ledger.projections.journal import snapshot
from ledger.projections.snapshots import CitedLog, followed_book
from ledger.store import Store

_COLUMNS: LiteralString = "kind, from_on, amount, source, special, project, ref, vintage, party, until_on"


class Alerts(Projection):
    """What is due of each subject. The Book it is read from is in memory."""

    name = "alerts"
    tables = ("due",)

    def begin(self, connection: Connection[TupleRow], ledger: UUID, number: int) -> None:
        self.book = followed_book(connection, ledger, number)

    def fold(self, connection: Connection[TupleRow], page: Page) -> None:
        log, changed = CitedLog(connection), dict[Subject, int]()
        prepare(self.book, page.recorded)
        for one in page.recorded:
            fold_one(log, page.ledger, self.book, one)
            changed |= dict.fromkeys(subjects_of(self.book, one.movement, one.legs), one.number)
        self.book.folded()
        _replace(connection, page.ledger, {_key(of): (dues(self.book, of), number) for of, number in changed.items()})


def _key(subject: Subject) -> str:
    """A project's code; the parts of an account, which hold no space; or a month and its source."""
    if isinstance(subject, SignedMonth):
        return f"{subject.month} {subject.source}"
    return subject if isinstance(subject, str) else " ".join("" if part is None else str(part) for part in subject)


def _replace(connection: Connection[TupleRow], ledger: UUID, now: dict[str, tuple[list[Due], int]]) -> None:
    """What is due of some subjects, with the number of the last movement about each."""
    connection.execute("DELETE FROM due WHERE ledger = %s AND subject = ANY(%s)", (ledger, list(now)))
    with connection.cursor().copy(f"COPY due (ledger, subject, line, number, {_COLUMNS}) FROM STDIN") as copy:
        for subject, (found, number) in now.items():
            for line, due in enumerate(found):
                copy.write_row((ledger, subject, line, number, *due))


# -- asking


class Found(NamedTuple):
    """What is an alert, from which day on, and the number of the last movement about its project or account."""

    due: Due
    begins_on: date
    number: int


class Total(NamedTuple):
    """How many alerts of a kind there are, and of how much in fen."""

    alerts: int
    amount: int


class Listed(NamedTuple):
    """A page, the most overdue first and the larger before the smaller; ``totals`` are of all pages.

    ``standing``: the number that the follower has come to. ``more``: where the next page begins.
    """

    alerts: list[Found]
    totals: dict[Alert, Total]
    standing: int
    more: int | None


Within = tuple[list[str] | None, list[str] | None, list[str] | None]
"""The specials, projects and sources that somebody is confined to, as ``narrowed`` gives them; None: not bounded."""


def alerts(
    store: Store,
    ledger: UUID,
    on: date,
    held: Mapping[tuple[Alert, str], Term],
    within: Within = (None, None, None),
    *,
    kind: Alert | None = None,
    special: str | None = None,
    project: str | None = None,
    skip: int = 0,
    limit: int = 200,
) -> Listed:
    """The alerts on a business date by the terms held on it, as the follower knows the ledger, from one snapshot."""
    specials, projects, sources = within
    terms = [
        (str(of), scope, term.days, term.below, scope_kind(of))
        for (of, scope), term in held.items()
        if kind in (None, of)
    ]
    values = {
        "ledger": ledger,
        "on": on,
        "special": special,
        "project": project,
        "specials": specials,
        "projects": projects,
        "sources": sources,
        "skip": skip,
        "limit": limit,
        **{name: [term[at] for term in terms] for at, name in enumerate(("kinds", "scopes", "days", "below", "of"))},
    }
    with snapshot(store, ledger) as (connection, _):
        standing = stands_at(connection, ledger, Alerts)
        totals = connection.execute(f"{_ALERTS} SELECT kind, count(*), sum(amount) FROM alert GROUP BY kind", values)
        found = {Alert(of): Total(many, int(amount)) for of, many, amount in totals}
        rows = connection.execute(
            f"{_ALERTS} SELECT begins_on, number, {_COLUMNS} FROM alert "
            "ORDER BY begins_on, amount DESC, subject, line OFFSET %(skip)s LIMIT %(limit)s",
            values,
        ).fetchall()
    page = [Found(Due(Alert(of), *due), begins_on, number) for begins_on, number, of, *due in rows]
    whole = sum(total.alerts for total in found.values())
    more = skip + len(page) if page and skip + len(page) < whole else None
    return Listed(page, {of: found[of] for of in Alert if of in found}, standing, more)


_ALERTS: LiteralString = """
WITH term AS (
    SELECT * FROM unnest(%(kinds)s::text[], %(scopes)s::text[], %(days)s::int[], %(below)s::bigint[], %(of)s::text[])
        AS term (of_kind, scope, days, below, of)
), alert AS (
    SELECT due.*, from_on + days AS begins_on
    FROM (SELECT of_kind, min(days) AS least FROM term GROUP BY of_kind) AS kind
    JOIN due ON due.kind = kind.of_kind AND due.from_on <= %(on)s::date - kind.least
    JOIN term ON term.of_kind = due.kind
        AND scope = CASE of WHEN 'special' THEN coalesce(special, '') WHEN 'fund' THEN coalesce(source, '') ELSE '' END
    WHERE due.ledger = %(ledger)s AND from_on <= %(on)s::date - days
        AND (until_on IS NULL OR until_on >= %(on)s) AND (below IS NULL OR amount < below)
        AND (%(special)s::text IS NULL OR special = %(special)s) AND (%(project)s::text IS NULL OR project = %(project)s)
        AND (%(specials)s::text[] IS NULL OR special = ANY(%(specials)s))
        AND (%(projects)s::text[] IS NULL OR project = ANY(%(projects)s))
        AND (%(sources)s::text[] IS NULL OR source = ANY(%(sources)s))
)
"""
