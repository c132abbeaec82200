"""Reading the log for answers: pages of the journal, and what one movement left behind.

The log only grows and has no gaps, so whatever is read up to a number belongs to the same state of the ledger.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import takewhile
from typing import Any, NamedTuple
from uuid import UUID

from eventsourcing.persistence import StoredEvent
from psycopg import Connection, IsolationLevel
from psycopg.rows import TupleRow

from ledger.codec import CorruptRecord, LedgerMapper, Recorded, leaf, version_in
from ledger.domain.approval import ProposalApproved
from ledger.store import PAGE, Store

WINDOW = 50_000
"""Numbers looked through in one query of a filtered search; keeps each transaction well below a second."""
WINDOWS_MAX = 20
"""Queries of one answer; after them the page ends early and says where to go on."""

_mapper = LedgerMapper()


class Filters(NamedTuple):
    """What a page of the journal is narrowed to. Numbers are inclusive."""

    kind: str | None = None
    project: str | None = None
    special: str | None = None
    actor: str | None = None
    first: int | None = None
    last: int | None = None

    def needles(self) -> list[bytes]:
        """Byte strings to find in recorded bytes. Canonical JSON has one form, and no text in it can hold a bare quote."""
        named = (("project", self.project), ("special", self.special), ("subject", self.actor))
        return [f'{name}":"{value}"'.encode() for name, value in named if value is not None]


class Page(NamedTuple):
    """Movements, the number the ledger stood at, and after which number to go on (None: nothing follows)."""

    recorded: list[Recorded]
    standing: int
    more: int | None


@contextmanager
def one_snapshot(store: Store) -> Iterator[Connection[TupleRow]]:
    """A connection whose every read sees the same state."""
    with store.readers.connection() as connection:
        connection.isolation_level = IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        try:
            with connection.transaction():
                yield connection
        finally:
            connection.isolation_level = None
            connection.read_only = None


@contextmanager
def snapshot(store: Store, ledger: UUID) -> Iterator[tuple[Connection[TupleRow], int]]:
    """The same, with the number of that state."""
    with one_snapshot(store) as connection:
        yield connection, _standing(connection, ledger)


def heads(store: Store) -> dict[UUID, int]:
    """Every ledger of the database, and at which number each stands."""
    with store.readers.connection() as connection:
        return dict(connection.execute("SELECT ledger, number FROM head").fetchall())


def standing(store: Store, ledger: UUID) -> int:
    """The number of the last movement recorded, by any process."""
    with store.readers.connection() as connection:
        return _standing(connection, ledger)


def _standing(connection: Any, ledger: UUID) -> int:
    row = connection.execute("SELECT number FROM head WHERE ledger = %s", (ledger,)).fetchone()
    return int(row[0]) if row else 0


def journal_page(
    store: Store, ledger: UUID, filters: Filters, *, after: int | None, limit: int, newest_first: bool
) -> Page:
    """Movements that pass the filters, after a number in the order asked for."""
    number = standing(store, ledger)
    low, high = filters.first or 1, min(filters.last or number, number)
    if after is not None:
        low, high = (low, min(high, after - 1)) if newest_first else (max(low, after + 1), high)
    found: list[Recorded] = []
    more: int | None = None
    needles = filters.needles()
    for first, last in _windows(low, high, newest_first, WINDOW if needles else high):
        found += _search(store, ledger, filters.kind, needles, first, last, limit - len(found), newest_first)
        seen = found[-1].number if len(found) == limit else first if newest_first else last
        more = None if seen == (low if newest_first else high) else seen
        if more is None or len(found) == limit:
            break
    return Page(found, number, more)


def _windows(low: int, high: int, newest_first: bool, width: int) -> Iterator[tuple[int, int]]:
    """Ranges of numbers in the order in which they are looked through, WINDOWS_MAX at most."""
    for _ in range(WINDOWS_MAX):
        if low > high:
            return
        if newest_first:
            yield max(low, high - width + 1), high
            high -= width
        else:
            yield low, min(high, low + width - 1)
            low += width


def _search(
    store: Store,
    ledger: UUID,
    kind: str | None,
    needles: Sequence[bytes],
    first: int,
    last: int,
    limit: int,
    newest_first: bool,
) -> list[Recorded]:
    query = (
        "SELECT ledger, number, kind, state FROM movement WHERE ledger = %s AND number BETWEEN %s AND %s "
        "AND (%s::text IS NULL OR kind = %s) "
    )
    query += "AND position(%s::bytea in state) > 0 " * len(needles)
    query += "ORDER BY number DESC LIMIT %s" if newest_first else "ORDER BY number LIMIT %s"
    with store.readers.connection() as connection:
        rows = connection.execute(
            query,  # made of the literals above only
            (ledger, first, last, kind, kind, *needles, limit),
            binary=True,
        ).fetchall()
    return [_read(StoredEvent(*row)) for row in rows]


def _read(event: StoredEvent) -> Recorded:
    """A recorded movement, its bytes checked against its row. Raises CorruptRecord."""
    recorded = _mapper.to_domain_event(event)
    assert isinstance(recorded, Recorded)
    return recorded


class Found(NamedTuple):
    """One movement with what stands beside it: the version of the class that recorded it, its leaf hash in hex, and the
    balances after its lines."""

    recorded: Recorded
    version: int
    leaf: str
    afters: Sequence[int]


def find(store: Store, ledger: UUID, number: int) -> Found | None:
    """One recorded movement, its bytes checked against its leaf. Raises CorruptRecord."""
    with store.readers.connection() as connection:
        row = connection.execute(
            "SELECT ledger, number, kind, state, leaf FROM movement WHERE ledger = %s AND number = %s",
            (ledger, number),
            binary=True,
        ).fetchone()
        if row is None:
            return None
        afters = _afters(connection, ledger, [number]).get(number, [])
    if leaf(row[3]) != row[4]:
        raise CorruptRecord(f"number {number}: the bytes do not match their leaf")
    recorded = _read(StoredEvent(*row[:4]))
    return Found(recorded, version_in(row[3]), row[4].hex(), afters)


def recorded_by(store: Store, ledger: UUID, numbers: Collection[int]) -> dict[int, Recorded]:
    """Recorded movements by their numbers, each checked against its leaf. Raises CorruptRecord."""
    return {event.originator_version: _read(event) for event in store.select_numbers(ledger, list(numbers))}


def recorded_under(store: Store, ledger: UUID, number: int) -> list[tuple[Recorded, list[int]]]:
    """The movement of this number and what an approval brought with it, each with the balances after its lines."""
    (event,) = store.select_numbers(ledger, [number])
    first = _read(event)
    together = [first]
    while isinstance(first.movement, ProposalApproved):
        page = store.select_events(ledger, gt=together[-1].number, limit=PAGE)
        brought = list(takewhile(lambda one: one.request == first.request, (_read(event) for event in page)))
        together += brought
        if len(brought) < PAGE:
            break
    return _with_afters(store, ledger, together)


def _with_afters(store: Store, ledger: UUID, together: Sequence[Recorded]) -> list[tuple[Recorded, list[int]]]:
    with store.readers.connection() as connection:
        afters = _afters(connection, ledger, [recorded.number for recorded in together])
    return [(recorded, afters.get(recorded.number, [])) for recorded in together]


def _afters(connection: Any, ledger: UUID, numbers: list[int]) -> dict[int, list[int]]:
    rows = connection.execute(
        "SELECT number, account_after FROM entry WHERE ledger = %s AND number = ANY(%s) ORDER BY number, line",
        (ledger, numbers),
    )
    found: dict[int, list[int]] = defaultdict(list)
    for number, after in rows:
        found[number].append(after)
    return found


def recorded_at(store: Store, ledger: UUID, numbers: Collection[int]) -> dict[int, datetime]:
    """When movements were recorded (UTC), by number: the instant of the batch they came with."""
    with store.readers.connection() as connection:
        rows = connection.execute(
            "SELECT asked.number, (SELECT batch.recorded_at FROM batch WHERE ledger = %s AND last_number >= asked.number "
            "ORDER BY last_number LIMIT 1) FROM unnest(%s::bigint[]) AS asked (number)",
            (ledger, list(numbers)),
        )
        return {number: at.astimezone(UTC) for number, at in rows}
