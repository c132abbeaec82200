"""Followers: they fold what is recorded into tables of their own, behind whoever records and in another process.

To add a projection, write a subclass of Projection (a name, a version, its tables, ``fold``), put it into FOLLOWED of
`ledger.projections.followed`, and make its tables in a migration: each has a column ``ledger``, ledger_follower may SELECT,
INSERT, UPDATE and DELETE there, and ledger_reader may SELECT. ``fold`` is given a Page of movements in their order and a
connection whose transaction also moves the position: each movement counts exactly once, whatever dies. It reads nothing that
is recorded after the page, opens no transaction of its own and names its tables without a schema, so that it also folds into
those that a rebuild makes beside them.

Tests and commands run one without threads: ``catch_up(store, ledger.id, Marks())`` folds whatever is recorded, ``to=N`` only
up to number N. Readers ask ``stands_at`` at which number the rows of a projection stand.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import ClassVar, LiteralString, NamedTuple
from uuid import UUID

import psycopg
from eventsourcing.persistence import StoredEvent, Tracking
from psycopg import Connection, sql
from psycopg.rows import TupleRow

from ledger.codec import CorruptRecord, Posted, Recorded, posted_in, recorded_in
from ledger.migrate import FOLLOWER, act_as
from ledger.recorded import events_of
from ledger.store import Store
from ledger.tracking import FollowerTracking


class Page:
    """The movements ``after`` < number <= ``last`` of one ledger. What is asked for of them is read when it is asked for."""

    def __init__(self, connection: Connection[TupleRow], ledger: UUID, after: int, last: int) -> None:
        self.connection, self.ledger, self.after, self.last = connection, ledger, after, last

    @cached_property
    def events(self) -> list[StoredEvent]:
        """As they are recorded. Raises CorruptRecord where one is missing or does not match its leaf."""
        events = self._read(())
        if [event.originator_version for event in events] != list(range(self.after + 1, self.last + 1)):
            raise CorruptRecord(f"of the numbers {self.after + 1} to {self.last} not every one is there")
        return events

    @cached_property
    def posted(self) -> list[Posted]:
        """What each posted, its request left as bytes: a third of the price of ``recorded``. Raises CorruptRecord."""
        return [posted_in(event) for event in self.events]

    @cached_property
    def recorded(self) -> list[Recorded]:
        """Each in full. Raises CorruptRecord."""
        return [recorded_in(event) for event in self.events]

    def of_kinds(self, *kinds: str) -> list[Recorded]:
        """Those of some kinds, in full; of the others nothing is read."""
        return [recorded_in(event) for event in self._read(kinds)]

    def _read(self, kinds: Sequence[str]) -> list[StoredEvent]:
        which: LiteralString = "ledger = %s AND number > %s AND number <= %s"
        values = self.ledger, self.after, self.last
        if kinds:
            return events_of(self.connection, f"{which} AND kind = ANY(%s)", "ORDER BY number", (*values, list(kinds)))
        return events_of(self.connection, which, "ORDER BY number", values)


class Projection:
    """Folds pages into its tables. One object follows one ledger; where a page fails, another object takes its place."""

    name: ClassVar[str]
    version: ClassVar[int] = 1
    """Whoever changes what the rows mean raises it: the next follower empties the tables and begins anew."""
    tables: ClassVar[tuple[str, ...]]
    """Without schema; each with a primary key and no foreign key."""
    only_added_to: ClassVar[frozenset[str]] = frozenset()
    """Those of them whose rows bear the ``number`` they belong to and never change once they are written."""
    page: ClassVar[int] = 1_000
    """Movements of a page, at most: folding one takes well below a second."""

    @classmethod
    def tracked_as(cls) -> str:
        """Under which name its positions are kept: anew for each version."""
        return f"{cls.name}.{cls.version}"

    def begin(self, connection: Connection[TupleRow], ledger: UUID, number: int) -> None:
        """Called once, before the first page: the rows stand at ``number``. For those that keep something in memory."""

    def stands_still(self, connection: Connection[TupleRow], ledger: UUID) -> bool:
        """Whether its rows are as it left them; asked in the transaction of a page, before it. False: it begins again."""
        return True

    def fold(self, connection: Connection[TupleRow], page: Page) -> None:
        """Write what the page changes."""
        raise NotImplementedError


class Step(NamedTuple):
    """Where a follower stands and where the ledger does."""

    number: int
    head: int


class Folding:
    """One projection of one ledger, folded page after page over one connection."""

    def __init__(self, connection: Connection[TupleRow], ledger: UUID, projection: Projection) -> None:
        self.connection, self.ledger, self.projection = connection, ledger, projection
        self._stands: int | None = None

    def step(self, to: int | None = None, size: int | None = None) -> Step:
        """Fold the next page and move the position, in one transaction; nothing where it has come to ``to`` or to the head."""
        connection, ledger, projection = self.connection, self.ledger, self.projection
        head = _head(connection, ledger)
        end = head if to is None else min(head, to)
        if self._stands is not None and self._stands >= end:  # looking takes no lock, and is what is done most
            return Step(self._stands, head)
        self._begin()
        with connection.transaction():
            number = tracking_of(projection).hold(str(ledger), connection)
            if (number or 0) != self._stands:  # another one moved it just now
                return Step(number or 0, head)
            if not projection.stands_still(connection, ledger):
                self._stands = None
                return Step(number or 0, head)
            last = min(self._stands + (size or projection.page), end)
            if last <= self._stands:
                return Step(self._stands, head)
            if number is None:  # what another version left behind
                empty(connection, ledger, projection)
            projection.fold(connection, Page(connection, ledger, self._stands, last))
            tracking_of(projection).insert_tracking(Tracking(str(ledger), last), connection)
        self._stands = last
        return Step(last, head)

    def _begin(self) -> None:
        """Let the projection remember what it needs where it stands. No transaction is held meanwhile: it may take a while."""
        number = tracking_of(self.projection).max_tracking_id(str(self.ledger), self.connection) or 0
        if number != self._stands:
            self.projection.begin(self.connection, self.ledger, number)
            self._stands = number


def catch_up(store: Store, ledger: UUID, projection: Projection, to: int | None = None) -> int:
    """Fold what is recorded, up to number ``to`` where one is given; answers with the number it stands at.

    Raises whatever folding a page raises: nothing of that page counts then.
    """
    with following(store.dsn) as connection:
        folding = Folding(connection, ledger, projection)
        while True:
            number, head = folding.step(to)
            if number >= min(head, head if to is None else to):
                return number


@contextmanager
def following(dsn: str) -> Iterator[Connection[TupleRow]]:
    """A connection with the rights of a follower."""
    with psycopg.connect(dsn, autocommit=True, prepare_threshold=1) as connection:
        act_as(connection, FOLLOWER)
        connection.execute("SET statement_timeout TO '60s'")
        connection.execute("SET idle_in_transaction_session_timeout TO '60s'")
        yield connection


def tracking_of(projection: Projection | type[Projection]) -> FollowerTracking:
    """Where a projection keeps its positions, ledger by ledger; asked over connections of the caller's."""
    return FollowerTracking(None, projection.tracked_as())


def empty(connection: Connection[TupleRow], ledger: UUID, projection: Projection) -> None:
    """Remove what the projection's tables hold of a ledger."""
    for table in reversed(projection.tables):
        connection.execute(sql.SQL("DELETE FROM {} WHERE ledger = %s").format(sql.Identifier(table)), (ledger,))


def _head(connection: Connection[TupleRow], ledger: UUID) -> int:
    row = connection.execute("SELECT number FROM head WHERE ledger = %s", (ledger,)).fetchone()
    return int(row[0]) if row else 0


# -- how far they have come


class Stands(NamedTuple):
    """One projection of a ledger: at which number its rows stand, how far that is behind, and where it halted, if it did.

    ``error``: the kind of what went wrong there and the lines it came through, without any value.
    """

    projection: str
    number: int
    behind: int
    halted_at: int | None
    error: str | None = None


def stands(store: Store, ledger: UUID, projections: Iterable[type[Projection]]) -> tuple[int, list[Stands]]:
    """The number of the last movement, and how far each projection has come, from one snapshot."""
    with store.readers.connection() as connection:
        rows = connection.execute(
            "SELECT number, (SELECT jsonb_object_agg(follower, notification_id) FROM tracking WHERE application = %s), "
            "(SELECT jsonb_object_agg(projection, jsonb_build_array(number, error)) FROM halted WHERE ledger = %s) "
            "FROM head WHERE ledger = %s",
            (str(ledger), ledger, ledger),
        ).fetchall()
    head, positions, halts = rows[0] if rows else (0, None, None)
    found = []
    for one in projections:
        number = (positions or {}).get(one.tracked_as(), 0)
        halted_at, error = (halts or {}).get(one.name, (0, ""))
        halt = (
            (halted_at, error) if halted_at > number else (None, None)
        )  # somebody may have gone past it since, by a command
        found.append(Stands(one.name, number, head - number, *halt))
    return head, found


def stands_at(connection: Connection[TupleRow], ledger: UUID, projection: type[Projection]) -> int:
    """At which number the rows of a projection stand; ask in the snapshot in which they are read. 0: not begun."""
    return tracking_of(projection).max_tracking_id(str(ledger), connection) or 0


def comes_to(store: Store, ledger: UUID, projection: type[Projection]) -> int:
    """The same, asked alone."""
    with store.readers.connection() as connection:
        return stands_at(connection, ledger, projection)
