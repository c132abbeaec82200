"""How far followers have come: each keeps its position in the transaction of the rows it writes, so that none counts twice."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from eventsourcing.persistence import IntegrityError, Tracking, TrackingRecorder
from psycopg import Connection
from psycopg.rows import TupleRow
from psycopg_pool import ConnectionPool


class FollowerTracking(TrackingRecorder):
    """Positions of one follower in the applications it follows; a position only ever rises.

    ``pool`` None: every call names its connection.
    """

    def __init__(self, pool: ConnectionPool[Connection[TupleRow]] | None, follower: str) -> None:
        self.pool = pool
        self.follower = follower

    def insert_tracking(self, tracking: Tracking, connection: Connection[TupleRow] | None = None) -> None:
        """Move on to a position, in the transaction of ``connection`` where one is given.

        Raises the library's IntegrityError where the follower stands there or further already.
        """
        with self._transaction(connection) as transaction:
            moved = transaction.execute(
                "INSERT INTO tracking (follower, application, notification_id) VALUES (%s, %s, %s) "
                "ON CONFLICT (follower, application) DO UPDATE SET notification_id = excluded.notification_id "
                "WHERE tracking.notification_id < excluded.notification_id",
                (self.follower, tracking.application_name, tracking.notification_id),
            )
            if moved.rowcount != 1:
                raise IntegrityError(f"{self.follower} has come to {tracking.notification_id} or further already")

    def max_tracking_id(self, application_name: str, connection: Connection[TupleRow] | None = None) -> int | None:
        """Where the follower stands in an application; None before its first step."""
        with self._transaction(connection) as transaction:
            row = transaction.execute(
                "SELECT notification_id FROM tracking WHERE follower = %s AND application = %s",
                (self.follower, application_name),
            ).fetchone()
        return None if row is None else int(row[0])

    def hold(self, application_name: str, connection: Connection[TupleRow]) -> int | None:
        """Where the follower stands; nobody else moves it before the transaction of ``connection`` ends."""
        row = connection.execute(
            "SELECT notification_id FROM tracking WHERE follower = %s AND application = %s FOR UPDATE",
            (self.follower, application_name),
        ).fetchone()
        return None if row is None else int(row[0])

    @contextmanager
    def _transaction(self, connection: Connection[TupleRow] | None) -> Iterator[Connection[Any]]:
        if connection is not None:
            yield connection
        else:
            assert self.pool is not None
            with self.pool.connection() as own:
                yield own
