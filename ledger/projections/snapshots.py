"""Snapshots of the Book, and the Book of a follower: the newest snapshot that is good, and what was recorded after it.

A follower keeps a Book in memory and writes it down every so many numbers, whole, in place of the one before. Where none is
good, the log is folded from its beginning, which is only slower.
"""

import hashlib
import logging
from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from eventsourcing.persistence import StoredEvent
from psycopg import Connection
from psycopg.rows import TupleRow

from ledger.domain.book import Book
from ledger.folding import fold_one
from ledger.projections.follower import Page, Projection
from ledger.recorded import events_of
from ledger.snapshot import InvalidSnapshot, book_from_bytes, book_in_bytes, code

INTERVAL = 10_000
"""Movements from one snapshot to the next: at most so many are folded when a process begins."""
_PART_BYTES = 8 * 1024 * 1024
_log = logging.getLogger(__name__)


class Snapshots(Projection):
    """The Book as it stood at the last multiple of ``interval``."""

    name = "snapshots"
    tables = ("book_snapshot", "book_snapshot_part")
    interval = INTERVAL

    def begin(self, connection: Connection[TupleRow], ledger: UUID, number: int) -> None:
        self.book = followed_book(connection, ledger, number)

    def fold(self, connection: Connection[TupleRow], page: Page) -> None:
        log = CitedLog(connection)
        for one in page.recorded:
            fold_one(log, page.ledger, self.book, one)
            if one.number % self.interval == 0:
                self.book.commit()
                _write(connection, page.ledger, self.book)
        self.book.commit()


def followed_book(connection: Connection[TupleRow], ledger: UUID, number: int) -> Book:
    """The Book at a number, for a follower to fold on."""
    log, book = CitedLog(connection), restored(connection, ledger, number) or Book()
    for after in range(book.number, number, Projection.page):
        for one in Page(connection, ledger, after, min(after + Projection.page, number)).recorded:
            fold_one(log, ledger, book, one)
        book.commit()
    return book


class CitedLog(NamedTuple):
    """Finds movements over the connection of a follower, in the transaction of its page."""

    connection: Connection[TupleRow]

    def select_numbers(self, ledger: UUID, numbers: Sequence[int]) -> list[StoredEvent]:
        return events_of(
            self.connection, "ledger = %s AND number = ANY(%s)", "ORDER BY number", (ledger, list(numbers))
        )


def restored(
    connection: Connection[TupleRow], ledger: UUID, number: int | None = None, *, after: int = 0
) -> Book | None:
    """The Book of the snapshot, where one is good, of a number beyond ``after`` and not of a later ``number``.

    Why one is not good is logged.
    """
    rows = connection.execute(
        "SELECT snapshot.number, snapshot.leaf = movement.leaf, code, sha256, part.bytes "
        "FROM book_snapshot snapshot JOIN book_snapshot_part part USING (ledger) "
        "LEFT JOIN movement ON movement.ledger = snapshot.ledger AND movement.number = snapshot.number "
        "WHERE snapshot.ledger = %s AND snapshot.number > %s AND (%s::bigint IS NULL OR snapshot.number <= %s) "
        "ORDER BY part.part",
        (ledger, after, number, number),
        binary=True,
    ).fetchall()
    if not rows:
        return None
    stands, of_this_log, made_by, hashed, _ = rows[0]
    encoded = b"".join(row[4] for row in rows)
    try:
        if made_by != code():
            raise InvalidSnapshot("it was made by other code")
        if not of_this_log:
            raise InvalidSnapshot("the log holds something else at its number")
        if hashlib.sha256(encoded).digest() != hashed:
            raise InvalidSnapshot("its bytes are not those that were written")
        book = book_from_bytes(encoded)
        if book.number != stands:
            raise InvalidSnapshot("it stands at another number than it says")
    except InvalidSnapshot as invalid:
        _log.warning("the snapshot of number %s is not used and the log is folded instead: %s", stands, invalid)
        return None
    return book


def _write(connection: Connection[TupleRow], ledger: UUID, book: Book) -> None:
    encoded = book_in_bytes(book)
    connection.execute(
        "INSERT INTO book_snapshot (ledger, number, leaf, code, sha256) "
        "SELECT ledger, number, leaf, %s, %s FROM movement WHERE ledger = %s AND number = %s "
        "ON CONFLICT (ledger) DO UPDATE SET number = excluded.number, leaf = excluded.leaf, code = excluded.code, "
        "sha256 = excluded.sha256",
        (code(), hashlib.sha256(encoded).digest(), ledger, book.number),
    )
    connection.execute("DELETE FROM book_snapshot_part WHERE ledger = %s", (ledger,))
    for part, start in enumerate(range(0, len(encoded), _PART_BYTES)):
        connection.execute(
            "INSERT INTO book_snapshot_part (ledger, part, bytes) VALUES (%s, %s, %s)",
            (ledger, part, encoded[start : start + _PART_BYTES]),
        )
