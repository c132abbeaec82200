"""Snapshots of the Book, row by row, and Books that begin with one: what is not asked for stays where it is kept.

A follower writes every so many numbers the rows that changed since; a row keeps the version before as well. A Book that begins
with a snapshot has in memory what rules look through, and brings the rest by name. Rows it never brought were changed by
nothing that it folded, so their newest version of a number not beyond its own is right. Where there is none such any more, or
anything is in doubt, the Book is not used: the log is folded instead, which is only slower.
"""

import logging
from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any, LiteralString, NamedTuple, Self
from uuid import UUID

import msgspec
from eventsourcing.persistence import StoredEvent
from psycopg import Connection
from psycopg.rows import TupleRow

from ledger.domain.book import Book
from ledger.domain.partial import Damaged, Row, Unavailable
from ledger.fingerprint import code
from ledger.folding import fold_one, prepare
from ledger.projections.follower import Page, Projection, tracking_of
from ledger.recorded import events_of
from ledger.snapshot import (
    ALWAYS,
    InvalidSnapshot,
    called,
    decoded,
    encoded,
    hash_of_name,
    names,
    number_of_table,
)

INTERVAL = 2_000
"""Movements from one snapshot to the next: at most so many are folded when a process begins."""
LEFT_OUT_FROM = 20_000
"""So many accounts a Book has in memory whole: it begins as soon, and looks nothing up."""
NAMES_MAX = 100_000
"""So many names a follower has brought before it begins again with what it has just written, so that its memory is bounded."""
_log = logging.getLogger(__name__)
Connect = Callable[[], AbstractContextManager[Connection[TupleRow]]]


class Snapshots(Projection):
    """The Book as it stood at the last multiple of ``interval``, and what stood at the one before."""

    name = "snapshots"
    tables = ("book_snapshot", "book_row")
    interval = INTERVAL

    @classmethod
    def tracked_as(cls) -> str:
        """Other code fills registers otherwise: it begins anew."""
        return f"{super().tracked_as()}.{code().hex()[:16]}"

    def begin(self, connection: Connection[TupleRow], ledger: UUID, number: int) -> None:
        """From the snapshot that is kept. Where it is of no use the log is folded in stages, each written as it is come to.

        So neither memory nor what is written at once grows with the log. Of two followers that do so one finds what the other
        wrote, and goes on from there; one whose position was moved meanwhile begins again.
        """
        self._take(connection, ledger, number)
        while self.book.number < number:
            with connection.transaction():
                if tracking_of(self).hold(str(ledger), connection) != number:
                    return
                if _newest(connection, ledger) != self.newest:
                    self._take(connection, ledger, number)
                else:
                    last = min(self.book.number + self.page, number)
                    self.fold(connection, Page(connection, ledger, self.book.number, last))

    def _take(self, connection: Connection[TupleRow], ledger: UUID, number: int) -> None:
        found = restored(connection, ledger, number)
        self.book, self.anew, self.changed = found or Book(), found is None, set[tuple[str, Any]]()
        self.newest = _newest(connection, ledger)

    def stands_still(self, connection: Connection[TupleRow], ledger: UUID) -> bool:
        """Not where another follower began to make all of it again: rows that changed are no use beside half of the others."""
        return _newest(connection, ledger) == self.newest

    def fold(self, connection: Connection[TupleRow], page: Page) -> None:
        log = CitedLog(connection)
        prepare(self.book, page.recorded)
        for one in page.recorded:
            fold_one(log, page.ledger, self.book, one)
            if one.number % self.interval == 0:
                self._note()
                self._write(connection, page.ledger)
        self._note()

    def _note(self) -> None:
        """What the log says so far is folded; what it changed has yet to be written."""
        self.changed |= self.book.written()
        self.book.folded()

    def _write(self, connection: Connection[TupleRow], ledger: UUID) -> None:
        if self.anew:
            for table in self.tables:
                connection.execute(f"DELETE FROM {table} WHERE ledger = %s".encode(), (ledger,))
        _write(connection, ledger, self.book, self.changed)
        self.newest, self.anew = _newest(connection, ledger), False
        self.changed.clear()
        rest = self.book.rest
        if (len(rest.known) > NAMES_MAX) if rest else (self.book.accounts > LEFT_OUT_FROM):
            self.book = restored(connection, ledger) or self.book


def followed_book(connection: Connection[TupleRow], ledger: UUID, number: int) -> Book:
    """The Book at a number, for a follower to fold on."""
    book = restored(connection, ledger, number)
    if book is not None:
        try:
            return _followed(connection, ledger, book, number)
        except Unavailable as unavailable:
            _log.warning("a snapshot is of no use to a follower at %s, and the log is folded: %s", number, unavailable)
    return _followed(connection, ledger, Book(), number)


def _followed(connection: Connection[TupleRow], ledger: UUID, book: Book, number: int) -> Book:
    log = CitedLog(connection)
    for after in range(book.number, number, Projection.page):
        page = Page(connection, ledger, after, min(after + Projection.page, number))
        prepare(book, page.recorded)
        for one in page.recorded:
            fold_one(log, ledger, book, one)
        book.folded()
    return book


class CitedLog(NamedTuple):
    """Finds movements over the connection of a follower, in the transaction of its page."""

    connection: Connection[TupleRow]

    def select_numbers(self, ledger: UUID, numbers: Sequence[int]) -> list[StoredEvent]:
        return events_of(
            self.connection, "ledger = %s AND number = ANY(%s)", "ORDER BY number", (ledger, list(numbers))
        )


def _newest(connection: Connection[TupleRow], ledger: UUID) -> TupleRow | None:
    """Number and leaf of the last snapshot that was written, good or not."""
    return connection.execute(
        "SELECT number, leaf FROM book_snapshot WHERE ledger = %s ORDER BY number DESC LIMIT 1", (ledger,)
    ).fetchone()


# -- beginning with a snapshot


def restored(
    connection: Connection[TupleRow],
    ledger: UUID,
    number: int | None = None,
    *,
    after: int = 0,
    connect: Connect | None = None,
) -> Book | None:
    """The Book of the newest snapshot that is good, of a number beyond ``after`` and not of a later ``number``.

    Rows that are asked for later are read over ``connect``, or over the same connection. Why a snapshot is not good is logged.
    """
    found = connection.execute(
        "SELECT snapshot.number, snapshot.leaf = movement.leaf, code, accounts, always, vouchers "
        "FROM book_snapshot snapshot LEFT JOIN movement USING (ledger, number) "
        "WHERE ledger = %s AND number > %s AND (%s::bigint IS NULL OR number <= %s) ORDER BY number DESC LIMIT 1",
        (ledger, after, number, number),
        binary=True,
    ).fetchone()
    if not found:
        return None
    stands, of_this_log, made_by, accounts, always, vouchers = found
    try:
        if made_by != code():
            raise InvalidSnapshot("it was made by other code")
        if not of_this_log:
            raise InvalidSnapshot("the log holds something else at its number")
        source = KeptRows(connect or (lambda: nullcontext(connection)), ledger, stands, stands)
        return _begun(source, accounts, always, vouchers)
    except (InvalidSnapshot, Unavailable, msgspec.MsgspecError) as invalid:
        _log.warning("the snapshot of number %s is not used and the log is folded instead: %s", stands, invalid)
        return None


def _begun(source: "KeptRows", accounts: int, always: int, vouchers: bytes) -> Book:
    book = Book()
    book.leave_out(source, names())
    rows = source.always()
    if len(rows) != always:
        raise InvalidSnapshot("of its rows not every one is there")
    for row in rows:
        book.place(row)
    book.vouchers = msgspec.msgpack.decode(vouchers, type=dict[int, int])
    book.stand(accounts, source.number)
    if accounts <= LEFT_OUT_FROM:
        book.complete()
        if len(book.account_ids) != accounts:
            raise InvalidSnapshot("of its accounts not every one is there")
    return book


class KeptRows(NamedTuple):
    """Where the rows of a Book are that began with the snapshot of number ``begun`` and has come to ``number``."""

    connect: Connect
    ledger: UUID
    begun: int
    number: int

    def at(self, number: int) -> Self:
        return self._replace(number=number)

    def called(self, names: Collection[str]) -> list[Row]:
        wanted = frozenset(names)
        rows = self._read("name = ANY(%s)", list(map(hash_of_name, wanted)))
        return [row for row in rows if called(row.table, row.key) in wanted]  # a hash may be that of another name, too

    def of(self, table: str) -> list[Row]:
        return self._read("tab = %s", number_of_table(table))

    def always(self) -> list[Row]:
        return self._read("name = %s", ALWAYS)

    def _read(self, which: LiteralString, value: Any) -> list[Row]:
        """Rows as they stood, from one snapshot of the database. Raises Unavailable."""
        with self.connect() as connection:
            rows = connection.execute(
                _READ.replace("WHICH", which), (self.number,) * 4 + (self.ledger, value, self.ledger), binary=True
            ).fetchall()
        if not rows or rows[0][0] != code() or rows[0][1] < self.begun:
            raise Unavailable(f"the snapshots with that of number {self.begun} are gone")
        try:
            found = [decoded(tab, kept, number) for *_, tab, number, kept, _ in rows if kept is not None]
        except InvalidSnapshot as invalid:
            raise Damaged(f"a row is not as it was kept: {invalid}") from invalid
        if any(row[-1] for row in rows):
            raise Unavailable(f"what stood at number {self.number} was written over twice since")
        found.sort(key=_opened)
        return found


def _opened(row: Row) -> int:
    return getattr(row.value, "id", 0)


_READ: LiteralString = """
SELECT newest.code, newest.number, tab, CASE WHEN kept.number <= %s THEN kept.number ELSE before_number END,
       CASE WHEN kept.number <= %s THEN bytes WHEN before_number <= %s THEN before END, before_number > %s
FROM (SELECT code, number FROM book_snapshot WHERE ledger = %s ORDER BY number DESC LIMIT 1) newest
LEFT JOIN (SELECT * FROM book_row WHERE WHICH AND ledger = %s) kept ON true
"""


# -- writing


def _write(connection: Connection[TupleRow], ledger: UUID, book: Book, changed: Collection[tuple[str, Any]]) -> None:
    """The rows that changed, and where the Book stands; of the snapshots before only the last one stays."""
    connection.execute(
        "CREATE TEMP TABLE IF NOT EXISTS book_changed (name bigint, id uuid, tab int, bytes bytea) ON COMMIT DELETE ROWS"
    )
    connection.execute("DELETE FROM book_changed")
    with connection.cursor().copy("COPY book_changed FROM STDIN") as copy:
        for table, key in changed:
            copy.write_row(encoded(book, table, key, book.number))
    connection.execute(
        "INSERT INTO book_row (ledger, name, id, tab, number, bytes) "
        "SELECT %s, name, id, tab, %s, bytes FROM book_changed ORDER BY name, id "  # many at once fill the index in its order
        "ON CONFLICT (ledger, name, id) DO UPDATE SET number = excluded.number, bytes = excluded.bytes, "
        "before_number = book_row.number, before = book_row.bytes",
        (ledger, book.number),
    )
    connection.execute(
        "DELETE FROM book_snapshot WHERE ledger = %s AND number < (SELECT max(number) FROM book_snapshot WHERE ledger = %s)",
        (ledger, ledger),
    )
    connection.execute(
        "INSERT INTO book_snapshot (ledger, number, leaf, code, accounts, always, vouchers) SELECT ledger, number, leaf, %s, %s, "
        "(SELECT count(*) FROM book_row WHERE ledger = %s AND name = %s AND bytes IS NOT NULL), %s "
        "FROM movement WHERE ledger = %s AND number = %s",
        (code(), book.accounts, ledger, ALWAYS, msgspec.msgpack.encode(book.vouchers), ledger, book.number),
    )
