"""Rebuilding a projection beside the one in use, while everything goes on: folded anew, compared row by row, swapped.

What writes the tables is kept out only for the last few movements and the swap itself: of the books whoever records, of
others their follower. All ledgers of the database are rebuilt together, since they share the tables.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import NamedTuple
from uuid import UUID

import psycopg
from psycopg import Connection, sql
from psycopg.rows import TupleRow

from ledger.migrate import OWNER, SCHEMA, MigrationError, act_as
from ledger.projections.beside import (
    BESIDE,
    LOCKED_OUT,
    Busy,
    Compared,
    Difference,
    compare,
    make_schemas,
    make_table,
    remove_schemas,
    swap,
    wait_for_snapshots,
)
from ledger.projections.books import Books
from ledger.projections.followed import FOLLOWED
from ledger.projections.follower import Folding, Projection, tracking_of

_ALL: tuple[type[Projection], ...] = (Books, *FOLLOWED)
REBUILDABLE: dict[str, type[Projection]] = {one.name: one for one in _ALL}
TAIL = 100
"""Movements that may be left to fold while those who write are kept out."""
MOMENT_MS = 300
"""So long, in milliseconds, those who write or read wait for a swap, at most; then it lets them go first and tries again."""
PATIENCE_SECONDS = 120.0
"""So long it is tried again."""
_LOCK = 0x6C65646765720002
"""Advisory lock of whoever rebuilds something in this database."""

Told = Callable[[int, int], None]


class Rebuilt(NamedTuple):
    """What was folded anew, how many rows were not as they should be and the first of them, and how long others were kept out."""

    movements: int
    wrong: int
    differences: tuple[Difference, ...]
    seconds: float
    kept_out: float


def rebuild(dsn: str, name: str, told: Told | None = None, *, rest: float = 0.0) -> Rebuilt:
    """Rebuild what is called ``name`` in REBUILDABLE, as a user who may become the owner and make schemas.

    ``told`` hears how many movements are folded of how many. ``rest``: seconds left to others for each second of folding,
    until it has nearly caught up. Raises Busy where the tables are read, or another rebuild goes
    on, for too long; CorruptRecord where the log itself cannot be read; MigrationError where this user may not. Nothing was
    swapped then.
    """
    began = time.monotonic()
    with _connection(dsn) as swapping, _connection(dsn) as folding, _alone(swapping):
        rebuilding = _Rebuilding(swapping, folding, REBUILDABLE[name])
        rebuilding.catch_up(told, rest)
        found = rebuilding.compared()
        kept_out = rebuilding.swap()
    wrong, rows = sum(one.wrong for one in found), tuple(row for one in found for row in one.differences)
    return Rebuilt(rebuilding.folded, wrong, rows, time.monotonic() - began, kept_out)


def _connection(dsn: str) -> "closing[Connection[TupleRow]]":
    return closing(psycopg.connect(dsn, autocommit=True))


@contextmanager
def _alone(connection: Connection[TupleRow]) -> Iterator[None]:
    """Only one is under way; schemas are made before, and removed after it, by the user who connects."""
    row = connection.execute("SELECT pg_try_advisory_lock(%s)", (_LOCK,)).fetchone()
    if not (row and row[0]):
        raise Busy("another rebuild is under way")
    try:
        make_schemas(connection)
    except psycopg.errors.InsufficientPrivilege as error:
        me = connection.info.user
        raise MigrationError(
            f"{me} 不是数据表属主,无权重建:请设置 LEDGER_OWNER_DSN / {me} may not rebuild: set LEDGER_OWNER_DSN to the owner"
        ) from error
    try:
        yield
    finally:
        remove_schemas(connection)
        connection.execute("SELECT pg_advisory_unlock(%s)", (_LOCK,))


class _Rebuilding:
    """One projection of all ledgers: folded over one connection, swapped over another that keeps others out meanwhile."""

    def __init__(
        self, swapping: Connection[TupleRow], folding: Connection[TupleRow], projection: type[Projection]
    ) -> None:
        self.swapping, self.folding, self.projection = swapping, folding, projection
        self.inline = projection is Books
        for connection in (swapping, folding):
            act_as(connection, OWNER)
            connection.execute("SET work_mem TO '64MB'")
        for table in (*projection.tables, "tracking"):
            make_table(folding, table)
        folding.execute(sql.SQL("SET search_path TO {}, {}").format(sql.Identifier(BESIDE), sql.Identifier(SCHEMA)))
        self.folds: dict[UUID, Folding] = {}
        self.stands: dict[UUID, int] = {}
        """How far each ledger is folded beside."""

    @property
    def folded(self) -> int:
        return sum(self.stands.values())

    def in_use(self, connection: Connection[TupleRow]) -> dict[UUID, int]:
        """At which number the tables in use stand, ledger by ledger; none that a follower has yet to begin."""
        if self.inline:
            return dict(connection.execute("SELECT ledger, number FROM head").fetchall())
        return dict(
            connection.execute(
                sql.SQL("SELECT application::uuid, notification_id FROM {} WHERE follower = %s").format(
                    sql.Identifier(SCHEMA, "tracking")
                ),
                (self.projection.tracked_as(),),
            ).fetchall()
        )

    def fold(self, to: dict[UUID, int], told: Told | None = None, rest: float = 0.0) -> None:
        """Fold beside, page by page, to where the tables in use stand; to the head where nobody has begun."""
        heads: dict[UUID, int] = dict(self.folding.execute("SELECT ledger, number FROM head").fetchall())
        ends = heads | to
        for ledger, end in ends.items():
            fold = self.folds.setdefault(ledger, Folding(self.folding, ledger, self.projection()))
            while self.stands.setdefault(ledger, 0) < end:
                began = time.monotonic()
                self.stands[ledger] = fold.step(end).number
                if told:
                    told(self.folded, sum(ends.values()))
                time.sleep((time.monotonic() - began) * rest)

    def catch_up(self, told: Told | None = None, rest: float = 0.0) -> None:
        """Until next to nothing is left, or no less than the time before: whoever records goes on meanwhile."""
        before: int | None = None
        while True:
            to = self.in_use(self.folding)
            self.fold(to, told, rest)
            left = sum(self.in_use(self.folding).values()) - sum(to.values())
            if left <= TAIL or (before is not None and left >= before):
                return
            before, rest = left, 0.0

    # -- comparing

    def compared(self) -> list[Compared]:
        """What differs, table by table, at the number it stood at; nothing of what no follower of this version has begun.

        One snapshot for what changes; tables that are only added to are compared a stretch a time.
        """
        for table in self.projection.tables:
            self.folding.execute(sql.SQL("ANALYZE {}").format(sql.Identifier(BESIDE, table)))
        added_to, found = self.projection.only_added_to, []
        with self.folding.transaction():
            self.folding.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            to = self.in_use(self.folding)
            self.fold(to)
            for ledger in to:
                found += [
                    compare(self.folding, table, ledger) for table in self.projection.tables if table not in added_to
                ]
        for ledger, last in to.items():
            for after in range(0, last, self.projection.page):
                end = min(after + self.projection.page, last)
                found += [compare(self.folding, table, ledger, after, end) for table in added_to]
        return found

    # -- swapping

    def swap(self) -> float:
        """Keep out whoever writes, fold what is left, put the new tables in their place; for how long others were kept out."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            self.catch_up()
            began = time.monotonic()
            try:
                self._swap()
            except LOCKED_OUT as error:
                if time.monotonic() > deadline:
                    raise Busy("the tables are read all the time") from error
                time.sleep(MOMENT_MS / 1_000)  # who waited goes first
            else:
                return time.monotonic() - began

    def _swap(self) -> None:
        with self.swapping.transaction():
            self.swapping.execute(f"SET LOCAL lock_timeout TO {MOMENT_MS}")
            self._keep_out()
            self.fold(self.in_use(self.swapping))
            ours = [self.swapping.info.backend_pid, self.folding.info.backend_pid]
            wait_for_snapshots(self.folding, ours, MOMENT_MS / 1_000)
            swap(self.swapping, self.projection.tables)
            if not self.inline:
                self._move_positions()

    def _keep_out(self) -> None:
        """Writers wait for the one row of ``log``, followers for that of their position."""
        if self.inline:
            self.swapping.execute("SELECT FROM log FOR UPDATE")
            return
        for ledger in self.folds:
            tracking_of(self.projection).hold(str(ledger), self.swapping)

    def _move_positions(self) -> None:
        """The followers go on from where the new tables stand; what halted tries again."""
        self.swapping.execute(
            sql.SQL(
                "INSERT INTO tracking SELECT * FROM {} ON CONFLICT (follower, application) "
                "DO UPDATE SET notification_id = excluded.notification_id"
            ).format(sql.Identifier(BESIDE, "tracking"))
        )
        self.swapping.execute("DELETE FROM halted WHERE projection = %s", (self.projection.name,))
