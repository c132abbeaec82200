"""Rows of the log, read over any connection, each checked against its leaf."""

from collections.abc import Mapping, Sequence
from typing import Any, LiteralString

from eventsourcing.persistence import StoredEvent
from psycopg import Connection
from psycopg.rows import TupleRow

from ledger.codec import CorruptRecord, leaf


def movements(
    connection: Connection[TupleRow],
    which: LiteralString,
    order: LiteralString,
    values: Sequence[Any] | Mapping[str, Any],
) -> list[TupleRow]:
    """Ledger, number, kind, state, position and leaf; raises CorruptRecord where a state is not what its leaf says."""
    query: LiteralString = "SELECT ledger, number, kind, state, position, leaf FROM movement WHERE "
    rows = connection.execute(f"{query}{which} {order}", values, binary=True).fetchall()
    for _, number, _, state, _, kept in rows:
        if leaf(state) != kept:
            raise CorruptRecord(f"number {number}: the recorded bytes do not match their leaf")
    return rows


def events_of(
    connection: Connection[TupleRow],
    which: LiteralString,
    order: LiteralString,
    values: Sequence[Any] | Mapping[str, Any],
) -> list[StoredEvent]:
    """The same as events of the library."""
    return [StoredEvent(*row[:4]) for row in movements(connection, which, order, values)]
