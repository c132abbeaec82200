"""The recorder of reconciliation: events of its aggregates, and rows beside them in one transaction."""

from collections.abc import Callable, Sequence
from typing import Any, LiteralString
from uuid import UUID

from eventsourcing.persistence import ApplicationRecorder, Notification, StoredEvent, Subscription
from psycopg import Connection
from psycopg.rows import TupleRow

from ledger.recorded import positions, versions
from ledger.store import Store, library_errors

Write = Callable[[Connection[TupleRow]], None]
_LOCK = 0x6C65646765720002
"""Advisory lock of whoever appends, so that positions become visible in their order."""


class Recorder(ApplicationRecorder):
    """Over the connections of the ledger's store; whoever comes second with a version gets the library's IntegrityError."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def insert_events(
        self, stored_events: Sequence[StoredEvent], *, rows: Write | None = None, **_: Any
    ) -> Sequence[int]:
        """``rows`` writes what goes with the events, before them."""
        with library_errors(), self.store.writers.connection() as connection, connection.transaction():
            if rows is not None:
                rows(connection)
            connection.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
            return [_inserted(connection, event) for event in stored_events]

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        order: LiteralString = "DESC" if desc else "ASC"
        query: LiteralString = (
            "SELECT originator_id, originator_version, topic, state FROM reconciliation_event "
            "WHERE originator_id = %s AND originator_version > %s AND originator_version <= %s ORDER BY originator_version "
        )
        values = (originator_id, *versions(gt, lte), limit)
        with library_errors(), self.store.readers.connection() as connection:
            return [StoredEvent(*row) for row in connection.execute(f"{query}{order} LIMIT %s", values, binary=True)]

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
        with library_errors(), self.store.readers.connection() as connection:
            found = connection.execute(
                "SELECT originator_id, originator_version, topic, state, position FROM reconciliation_event "
                "WHERE position >= %s AND position <= %s AND (%s OR topic = ANY(%s::text[])) ORDER BY position LIMIT %s",
                (least, most, not topics, list(topics), limit),
                binary=True,
            )
            return [Notification(*row) for row in found]

    def max_notification_id(self) -> int | None:
        with library_errors(), self.store.readers.connection() as connection:
            row = connection.execute("SELECT max(position) FROM reconciliation_event").fetchone()
        return row[0] if row else None

    def subscribe(self, gt: int | None = None, topics: Sequence[str] = ()) -> Subscription[Any]:
        raise NotImplementedError("nobody follows reconciliation; its rows are written with its events")


def _inserted(connection: Connection[TupleRow], event: StoredEvent) -> int:
    row = connection.execute(
        "INSERT INTO reconciliation_event (originator_id, originator_version, topic, state) VALUES (%s, %s, %s, %s) "
        "RETURNING position",
        (event.originator_id, event.originator_version, event.topic, event.state),
    ).fetchone()
    assert row is not None
    return int(row[0])
