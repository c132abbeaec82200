"""The recorder: the only door to the event tables.

It takes the place of the library's PostgreSQL recorder, whose table lock needs rights that a writer must not have. Whoever
appends locks the one row of ``log`` first; numbers and positions have no gaps, and readers see them in order.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from struct import Struct, pack
from threading import Event
from typing import Any, LiteralString, NamedTuple
from uuid import UUID

import psycopg
from eventsourcing.persistence import (
    ApplicationRecorder,
    IntegrityError,
    Notification,
    OperationalError,
    PersistenceError,
    StoredEvent,
    Subscription,
)
from psycopg import Connection
from psycopg.adapt import Dumper
from psycopg.pq import Format
from psycopg.rows import TupleRow
from psycopg_pool import ConnectionPool, PoolTimeout

from ledger.codec import leaf
from ledger.migrate import READER, WRITER, act_as
from ledger.recorded import movements, positions, versions

PAGE = 1_000
"""Rows of a page when the log is read; no transaction is held longer than one page takes."""
POLL_SECONDS = 0.5
"""At most this long after it was recorded a subscriber sees an event."""
RECONNECT_SECONDS = 0.5
"""At most so long after the database came back whoever decides is connected to it again."""
UNREACHABLE = (psycopg.OperationalError, psycopg.InterfaceError, OperationalError, PoolTimeout)
"""What is raised while the database cannot be reached."""
DATABASE_FAULTS = (psycopg.Error, PersistenceError)
"""Whatever the database, or the library on its behalf, may raise."""


@dataclass
class Rows:
    """What is written beside the movements, in their transaction: tuples of a table's columns after ``ledger``."""

    cells: list[tuple[Any, ...]] = field(default_factory=list)
    accounts: list[tuple[Any, ...]] = field(default_factory=list)
    entries: list[tuple[Any, ...]] = field(default_factory=list)
    requests: list[tuple[UUID, bytes, int]] = field(default_factory=list)
    attempts: list[tuple[Any, ...]] = field(default_factory=list)
    sealed: list[tuple[str, UUID, bytes]] = field(default_factory=list)
    balances: dict[int, tuple[int, int]] = field(default_factory=dict)
    """account id → (fen, number)"""
    turnover: dict[tuple[int, int, date], int] = field(default_factory=dict)
    """(cell id, period as yyyymm, business date) → fen"""


class Found(NamedTuple):
    """A request key that was used before."""

    body_hash: bytes
    number: int


class Decision:
    """An open transaction that holds the lock: what stands now, and nobody else decides until it ends."""

    def __init__(self, connection: Connection[TupleRow], ledger: UUID | None, request_ids: Sequence[UUID]) -> None:
        self.cursor = connection.cursor()
        self.ledger = ledger
        self.number = 0
        self.recorded_at: datetime | None = None
        self.requests: dict[UUID, Found] = {}
        self.ended = False
        locked = connection.execute("SELECT position, clock_timestamp() FROM log FOR UPDATE")
        if ledger is not None:
            head = connection.execute("SELECT number, recorded_at FROM head WHERE ledger = %s", (ledger,))
            known = connection.execute(
                "SELECT id, body_hash, number FROM request WHERE id = ANY(%s)", (_LISTS["uuid"](request_ids),)
            )
        row = locked.fetchone()
        assert row is not None
        self.before = self.position = int(row[0])
        self.now: datetime = row[1]
        if ledger is not None:
            standing = head.fetchone()
            if standing is None:
                raise LookupError(f"ledger {ledger} has not been opened here")
            self.number, self.recorded_at = standing
            self.requests = {found[0]: Found(found[1], found[2]) for found in known}
            self.now = max(self.now, self.recorded_at) if self.number else self.now

    def append(self, events: Sequence[StoredEvent], rows: "Rows | None") -> list[int]:
        """Send events and what goes with them; PostgreSQL works on it while the next are judged."""
        positions = list(range(self.position + 1, self.position + 1 + len(events)))
        if rows is not None:
            for statement, rare in ((_CELLS, rows.cells), (_ATTEMPTS, rows.attempts)):
                if rare:
                    self.cursor.execute(statement, (self.ledger, *map(list, zip(*rare, strict=True))))
            if rows.sealed:
                self.cursor.execute(_SEALED, (self.ledger, *_columns("text uuid bytea", rows.sealed)))
        if events:
            self.cursor.execute(_APPEND, _appended(events, positions, rows or Rows()))
            self.position, self.number = positions[-1], events[-1].originator_version
        return positions

    def end(self) -> None:
        """Send the end: where the log stands now, and COMMIT. Whether it came about is known once the transaction is left."""
        if self.ended:
            return
        self.ended = True
        if self.position > self.before:
            ends = (self.number, self.now, self.ledger)
            self.cursor.execute(_END, (*ends, *ends, self.position))
        self.cursor.execute("COMMIT")


class Store(ApplicationRecorder):
    """Reads and appends events, with their entries, balances, turnover and requests in the same transaction."""

    def __init__(self, dsn: str, *, readers: int = 8, writers: int = 4) -> None:
        self.dsn = dsn
        self.readers = _pool(dsn, READER, readers)
        self.writers = _pool(dsn, WRITER, writers)
        self.closing = Event()

    def close(self) -> None:
        self.closing.set()
        self.readers.close()
        self.writers.close()

    # -- deciding

    @contextmanager
    def deciding(self, ledger: UUID | None = None, request_ids: Sequence[UUID] = ()) -> Iterator[Decision]:
        """One transaction that decides: locked first, committed at the end, rolled back on any error.

        All of it is one pipeline: it waits for the database twice, for the lock and for the commit.
        """
        connecting = self.writers.connection(timeout=RECONNECT_SECONDS)
        with library_errors(), connecting as connection, connection.pipeline():
            decision = Decision(connection, ledger, request_ids)
            yield decision
            decision.end()

    def open_ledger(self, ledger: UUID, secret: bytes) -> bytes:
        """Make the ledger's head if it is not there; answers with its secret."""
        with self.writers.connection() as connection:
            connection.execute(
                "INSERT INTO head (ledger, secret) VALUES (%s, %s) ON CONFLICT (ledger) DO NOTHING", (ledger, secret)
            )
            row = connection.execute("SELECT secret FROM head WHERE ledger = %s", (ledger,)).fetchone()
        assert row is not None
        return bytes(row[0])

    def insert_events(
        self,
        stored_events: Sequence[StoredEvent],
        *,
        decision: Decision | None = None,
        rows: Rows | None = None,
        **_: Any,
    ) -> Sequence[int]:
        """Append events and what goes with them; answers with their positions. Raises the library's IntegrityError."""
        if decision is not None:
            return decision.append(stored_events, rows)
        with self.deciding() as own:
            return own.append(stored_events, rows)

    # -- reading

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        least, most = versions(gt, lte)
        order: LiteralString = "ORDER BY number DESC LIMIT %s" if desc else "ORDER BY number LIMIT %s"
        rows = self._movements("ledger = %s AND number > %s AND number <= %s", order, originator_id, least, most, limit)
        return [StoredEvent(*row[:4]) for row in rows]

    def select_numbers(self, ledger: UUID, numbers: Sequence[int]) -> list[StoredEvent]:
        """The events with these numbers, in their order."""
        rows = self._movements("ledger = %s AND number = ANY(%s)", "ORDER BY number", ledger, list(numbers))
        return [StoredEvent(*row[:4]) for row in rows]

    def request_ids(self, ledger: UUID) -> set[UUID]:
        """Identities of all requests that were recorded."""
        with self.readers.connection() as connection:
            return {row[0] for row in connection.execute("SELECT id FROM request WHERE ledger = %s", (ledger,))}

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[Notification]:
        least, most = positions(start, stop, inclusive_of_start=inclusive_of_start)
        which: LiteralString = "position >= %s AND position <= %s AND (%s OR kind = ANY(%s::text[]))"
        rows = self._movements(which, "ORDER BY position LIMIT %s", least, most, not topics, list(topics), limit)
        return [Notification(*row[:5]) for row in rows]

    def _movements(self, which: LiteralString, order: LiteralString, *values: Any) -> list[TupleRow]:
        with library_errors(), self.readers.connection() as connection:
            return movements(connection, which, order, values)

    def max_notification_id(self) -> int | None:
        with library_errors(), self.readers.connection() as connection:
            row = connection.execute("SELECT max(position) FROM movement").fetchone()
        return None if row is None else row[0]

    def subscribe(self, gt: int | None = None, topics: Sequence[str] = ()) -> "LogSubscription":
        return LogSubscription(self, gt, topics)


class LogSubscription(Subscription[Store]):
    """Events after a position, as they are recorded; it reads pages and looks again after POLL_SECONDS at most."""

    def __init__(self, recorder: Store, gt: int | None = None, topics: Sequence[str] = ()) -> None:
        super().__init__(recorder, gt, topics)
        self._page: list[Notification] = []
        self._stopped = Event()

    def stop(self) -> None:
        super().stop()
        self._stopped.set()

    def __next__(self) -> Notification:
        while not self._stopped.is_set():
            if not self._page:
                after = self._last_notification_id
                found = self._recorder.select_notifications(after, PAGE, topics=self._topics, inclusive_of_start=False)
                self._page = list(reversed(found))
            if self._page:
                notification = self._page.pop()
                self._last_notification_id = notification.id
                return notification
            self._stopped.wait(POLL_SECONDS)
        raise StopIteration


def _pool(dsn: str, role: str, size: int) -> ConnectionPool[Connection[TupleRow]]:
    def configure(connection: Connection[TupleRow]) -> None:
        act_as(connection, role)
        connection.execute("SET jit TO off")  # it compiles for longer than any of these statements runs
        connection.execute("SET max_parallel_workers_per_gather TO 0")  # to start them takes longer, too
        connection.execute("SET statement_timeout TO '60s'")  # whoever waits for longer has gone
        connection.execute("SET idle_in_transaction_session_timeout TO '30s'")
        connection.commit()
        for name, kind in _LISTS.items():
            connection.adapters.register_dumper(kind, _dumper(name))

    return ConnectionPool(
        dsn,
        min_size=1,
        max_size=size,
        configure=configure,
        check=ConnectionPool.check_connection if role == READER else None,
        # A reader asks one thing at a time, and where it asks for more it opens a transaction for them (``one_snapshot``):
        # to begin and end one around each question would be two journeys to the database for nothing.
        kwargs={"prepare_threshold": 0, "autocommit": role == READER},
        timeout=10,
        # The pool waits twice as long after each failure, and would be away as long again as the database was. It gives up
        # instead, and tries anew for the next who asks: whoever decides does so every RECONNECT_SECONDS.
        reconnect_timeout=5 if role == READER else 0,
        open=True,
    )


@contextmanager
def library_errors() -> Iterator[None]:
    """Errors of the database, as the library's callers expect them."""
    try:
        yield
    except psycopg.IntegrityError as error:
        raise IntegrityError(str(error)) from error
    except psycopg.OperationalError as error:
        raise OperationalError(str(error)) from error


def _appended(events: Sequence[StoredEvent], positions: list[int], rows: Rows) -> tuple[Any, ...]:
    ledger = events[0].originator_id
    movements = [
        (event.originator_id, event.originator_version, position, event.topic, event.state, leaf(event.state))
        for event, position in zip(events, positions, strict=True)
    ]
    return (
        *(ledger, *_columns("int8 int8 text text", rows.accounts)),
        *(ledger, *_columns("int8 int8 int8 int8 int8 date int8 int8 int8", rows.entries)),
        *(ledger, *_columns("uuid bytea int8", rows.requests)),
        *(ledger, *_columns("int8 int8 int8", [(account, *held) for account, held in rows.balances.items()])),
        *(ledger, *_columns("int8 int8 date int8", [(*where, amount) for where, amount in rows.turnover.items()])),
        *_columns("uuid int8 int8 text bytea bytea", movements),
    )


# -- the statements: few and large, since each costs its share of the time under the lock

_APPEND: LiteralString = """
WITH accounts AS (
    INSERT INTO account (ledger, id, cell, project, ref) SELECT %s, * FROM unnest(%s, %s, %s, %s)
), entries AS (
    INSERT INTO entry (ledger, number, line, account, cell, period, effective_on, amount, account_after, cell_after)
    SELECT %s, * FROM unnest(%s, %s, %s, %s, %s, %s, %s, %s, %s)
), requests AS (
    INSERT INTO request (ledger, id, body_hash, number) SELECT %s, * FROM unnest(%s, %s, %s)
), balances AS (
    INSERT INTO balance (ledger, account, amount, number) SELECT %s, * FROM unnest(%s, %s, %s)
    ON CONFLICT (ledger, account) DO UPDATE SET amount = excluded.amount, number = excluded.number
), turnovers AS (
    INSERT INTO turnover (ledger, cell, period, effective_on, amount) SELECT %s, * FROM unnest(%s, %s, %s, %s)
    ON CONFLICT (ledger, cell, period, effective_on) DO UPDATE SET amount = turnover.amount + excluded.amount
)
INSERT INTO movement (ledger, number, position, kind, state, leaf) SELECT * FROM unnest(%s, %s, %s, %s, %s, %s)
"""
_END: LiteralString = """
WITH batches AS (
    INSERT INTO batch (last_number, recorded_at, ledger) SELECT %s, %s, ledger FROM head WHERE ledger = %s
), heads AS (
    UPDATE head SET number = %s, recorded_at = %s WHERE ledger = %s
)
UPDATE log SET position = %s
"""
_CELLS: LiteralString = """
INSERT INTO cell (ledger, id, code, fiscal_year, source, vintage, special, function)
SELECT %s, * FROM unnest(%s::int[], %s::text[], %s::int[], %s::text[], %s::int[], %s::text[], %s::text[])
"""
_SEALED: LiteralString = """
INSERT INTO sealed (ledger, commitment, key, ciphertext)
SELECT %s, * FROM unnest(%s, %s, %s)
"""
_ATTEMPTS: LiteralString = """
INSERT INTO attempt (ledger, judged_at, number, actor, role, kind, code, asked, available, request, why)
SELECT %s, * FROM unnest(%s::timestamptz[], %s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[],
                         %s::bigint[], %s::bigint[], %s::jsonb[], %s::jsonb[])
"""

# -- arrays in binary: the driver's own dumper of lists would cost a third of all the time a movement takes


def _sized(value: bytes) -> bytes:
    return pack("!i", len(value)) + value


_DAY_ZERO = date(2000, 1, 1).toordinal()
_ELEMENTS: dict[str, Callable[[Any], bytes]] = {
    "int8": partial(Struct("!iq").pack, 8),
    "date": lambda day: pack("!ii", 4, day.toordinal() - _DAY_ZERO),
    "text": lambda text: pack("!i", -1) if text is None else _sized(text.encode()),
    "bytea": _sized,
    "uuid": lambda uuid: _sized(uuid.bytes),
}
"""Each element of an array stands behind its size in bytes."""
_LISTS: dict[str, type[list[Any]]] = {name: type(f"list of {name}", (list,), {}) for name in _ELEMENTS}
"""The driver chooses a dumper by the class of what it is given."""


def _columns(types: str, rows: Sequence[tuple[Any, ...]]) -> Iterator[list[Any]]:
    """Rows turned by a quarter: a list for each column, of the named types."""
    names = types.split()
    return (
        _LISTS[name](column)
        for name, column in zip(names, zip(*rows, strict=True) if rows else [()] * len(names), strict=True)
    )


def _dumper(name: str) -> type[Dumper]:
    element, sized = psycopg.adapters.types[name], _ELEMENTS[name]

    class ArrayDumper(Dumper):
        format = Format.BINARY
        oid = element.array_oid

        def dump(self, obj: Any) -> bytes:
            if not obj:
                return pack("!3i", 0, 0, element.oid)
            return pack("!5i", 1, 1, element.oid, len(obj), 1) + b"".join(map(sized, obj))

    return ArrayDumper
