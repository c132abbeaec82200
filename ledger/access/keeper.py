"""Connections that act as the keeper of people, a role that can neither read nor write the log."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from psycopg import Connection
from psycopg.rows import TupleRow
from psycopg_pool import ConnectionPool

from ledger.migrate import KEEPER, act_as

CHANGED = "ledger_access"
"""Channel on which every process hears that somebody's rights changed."""

WAIT_SECONDS = 3
"""So long whoever asks waits for a connection while the database is away."""


class Keeper:
    """A pool of such connections. ``on_change`` is called in this process before a change of rights is answered."""

    def __init__(self, dsn: str, size: int = 4) -> None:
        self.on_change: Callable[[], None] = lambda: None
        kwargs = {"prepare_threshold": 0}
        self._pool: ConnectionPool[Connection[TupleRow]] = ConnectionPool(
            dsn, min_size=1, max_size=size, configure=as_keeper, kwargs=kwargs, timeout=WAIT_SECONDS, open=True
        )

    def close(self) -> None:
        self._pool.close()

    def connection(self) -> AbstractContextManager[Connection[TupleRow]]:
        """A transaction."""
        return self._pool.connection()

    @contextmanager
    def changing(self) -> Iterator[Connection[TupleRow]]:
        """A transaction that changes somebody's rights: every process hears of it once it is committed."""
        with self._pool.connection() as connection:
            yield connection
            connection.execute("SELECT pg_notify(%s, '')", (CHANGED,))
        self.on_change()


def as_keeper(connection: Connection[TupleRow]) -> None:
    act_as(connection, KEEPER)
    connection.commit()
