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


_LAST = 2**62


def positions(start: int | None, stop: int | None, *, inclusive_of_start: bool) -> tuple[int, int]:
    """The first and the last position that is asked for, as the library asks."""
    first = 1 if start is None else start if inclusive_of_start else start + 1
    return first, _LAST if stop is None else stop


def versions(gt: int | None, lte: int | None) -> tuple[int, int]:
    """After which version of an aggregate, and up to which, as the library asks."""
    return -1 if gt is None else gt, _LAST if lte is None else lte
