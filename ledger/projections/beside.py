"""Tables beside those in use: made alike in a schema of their own, compared row by row, and put in their place.

Whoever reads names tables without a schema. So the same statements fold into the tables beside where that schema comes
first, and prepared statements find the new tables after the swap: PostgreSQL looks names up again.
"""

import json
import time
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple
from uuid import UUID

import psycopg
from psycopg import Connection, sql
from psycopg.rows import TupleRow

from ledger.migrate import OWNER, SCHEMA

BESIDE, REPLACED = "ledger_beside", "ledger_replaced"
SHOWN_MAX = 20
"""So many differences of a table are told one by one; all are counted."""
CHARACTERS_MAX = 200
LOOK_SECONDS = 0.01


class Difference(NamedTuple):
    """A row that is not what the recorded bytes give: as it should be and as it stands; None: there is none."""

    table: str
    expected: str | None
    found: str | None


class Compared(NamedTuple):
    """How many rows of a table differ, and the first of them."""

    wrong: int
    differences: tuple[Difference, ...]


class Busy(RuntimeError):
    """Somebody reads the tables for longer than the swap may wait."""


def remove_schemas(connection: Connection[TupleRow]) -> None:
    """Whatever lies beside, or was replaced."""
    connection.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(OWNER)))
    for name in (BESIDE, REPLACED):
        connection.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(name)))
    connection.execute("RESET ROLE")


def make_schemas(connection: Connection[TupleRow]) -> None:
    """Empty schemas of the owner's. As a user who may make them."""
    remove_schemas(connection)  # what a rebuild that was killed left behind
    for name in (BESIDE, REPLACED):
        connection.execute(
            sql.SQL("CREATE SCHEMA {} AUTHORIZATION {}").format(sql.Identifier(name), sql.Identifier(OWNER))
        )


def make_table(connection: Connection[TupleRow], table: str) -> None:
    """A table beside that is like the one in use: columns, keys, indexes, settings, and who may do what with it."""
    used, beside = sql.Identifier(SCHEMA, table), sql.Identifier(BESIDE, table)
    connection.execute(sql.SQL("CREATE TABLE {} (LIKE {} INCLUDING ALL EXCLUDING INDEXES)").format(beside, used))
    for statement in _definitions(connection, table):
        connection.execute(statement.encode())
    granted = connection.execute(
        "SELECT grantee::regrole::text, privilege_type FROM pg_class, aclexplode(relacl) WHERE oid = to_regclass(%s) "
        "AND grantee <> relowner",
        (f"{SCHEMA}.{table}",),
    )
    for role, privilege in granted.fetchall():
        connection.execute(f"GRANT {privilege} ON {BESIDE}.{table} TO {role}".encode())


def _definitions(connection: Connection[TupleRow], table: str) -> Iterator[str]:
    """Statements that give the table beside the settings, indexes and keys of the one in use, under the same names."""
    of = (f"{SCHEMA}.{table}",)
    for (options,) in connection.execute(
        "SELECT array_to_string(reloptions, ', ') FROM pg_class WHERE oid = to_regclass(%s) AND reloptions IS NOT NULL",
        of,
    ).fetchall():
        yield f"ALTER TABLE {BESIDE}.{table} SET ({options})"
    for definition, name, kind in connection.execute(
        "SELECT pg_get_indexdef(indexrelid), relname, contype FROM pg_index JOIN pg_class ON oid = indexrelid "
        "LEFT JOIN pg_constraint ON conindid = indexrelid AND contype IN ('p', 'u') WHERE indrelid = to_regclass(%s)",
        of,
    ).fetchall():
        yield definition.replace(f" ON {SCHEMA}.{table} ", f" ON {BESIDE}.{table} ", 1)
        if kind is not None:
            sort = {"p": "PRIMARY KEY", "u": "UNIQUE"}[kind]
            yield f"ALTER TABLE {BESIDE}.{table} ADD CONSTRAINT {name} {sort} USING INDEX {name}"


# -- comparing


def compare(
    connection: Connection[TupleRow], table: str, ledger: UUID, after: int = 0, last: int | None = None
) -> Compared:
    """A ledger's rows, both ways, as the transaction sees them; where ``last`` is given, of numbers after ``after`` up to it."""
    key = sql.SQL(", ").join(map(sql.Identifier, _key(connection, table)))
    stretch = "" if last is None else "AND number > %(after)s AND number <= %(last)s"
    part = sql.SQL("WHERE ledger = %(ledger)s {}").format(sql.SQL(stretch))
    beside, used = (sql.SQL("SELECT * FROM {} {}").format(sql.Identifier(s, table), part) for s in (BESIDE, SCHEMA))
    query = sql.SQL(
        "WITH expected AS ({beside} EXCEPT ALL {used}), found AS ({used} EXCEPT ALL {beside}) "
        "SELECT to_jsonb(expected), to_jsonb(found), count(*) OVER () FROM expected FULL JOIN found USING ({key}) "
        "ORDER BY {key} LIMIT %(shown)s"
    ).format(beside=beside, used=used, key=key)
    rows = connection.execute(query, {"ledger": ledger, "after": after, "last": last, "shown": SHOWN_MAX}).fetchall()
    return Compared(rows[0][2] if rows else 0, tuple(Difference(table, *map(_said, row[:2])) for row in rows))


def _said(row: dict[str, Any] | None) -> str | None:
    """A row in words; of what is very long only the beginning."""
    if row is None:
        return None
    parts = {name: value[:CHARACTERS_MAX] if isinstance(value, str) else value for name, value in row.items()}
    return json.dumps({name: value for name, value in parts.items() if name != "ledger"}, ensure_ascii=False)


def _key(connection: Connection[TupleRow], table: str) -> list[str]:
    rows = connection.execute(
        "SELECT attname FROM pg_index JOIN pg_attribute ON attrelid = indrelid AND attnum = ANY(indkey) "
        "WHERE indisprimary AND indrelid = to_regclass(%s) ORDER BY array_position(indkey::int2[], attnum)",
        (f"{SCHEMA}.{table}",),
    )
    return [name for (name,) in rows]


# -- swapping


def swap(connection: Connection[TupleRow], tables: Sequence[str]) -> None:
    """Put the tables beside in the place of those in use, in the transaction of the caller, who keeps writers out.

    Raises psycopg's LockNotAvailable where somebody reads them for longer than ``lock_timeout``.
    """
    names = sql.SQL(", ").join(sql.Identifier(SCHEMA, table) for table in tables)
    connection.execute(sql.SQL("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE").format(names))
    for table in tables:
        for here, there in ((SCHEMA, REPLACED), (BESIDE, SCHEMA)):
            move = sql.SQL("ALTER TABLE {} SET SCHEMA {}").format(sql.Identifier(here, table), sql.Identifier(there))
            connection.execute(move)


def wait_for_snapshots(connection: Connection[TupleRow], ours: Sequence[int], seconds: float) -> None:
    """Until nobody reads by a snapshot older than this moment: to them the last rows of the new tables would be missing.

    Whoever waits for a lock of ours reads by a new snapshot once it is given. ``ours``: processes of our own connections.
    Raises Busy where it takes longer.
    """
    deadline = time.monotonic() + seconds
    older = _in_transactions(connection, ours)
    while older and (older := older & _in_transactions(connection, ours)):
        if time.monotonic() > deadline:
            raise Busy(f"{len(older)} transactions have read for longer than {seconds} s")
        time.sleep(LOOK_SECONDS)


def _in_transactions(connection: Connection[TupleRow], ours: Sequence[int]) -> set[str]:
    """Transactions of this database's clients that wait for nothing. Each has a name of its own, never given again."""
    rows = connection.execute(
        "SELECT held.virtualtransaction FROM pg_locks held JOIN pg_stat_activity USING (pid) "
        "WHERE held.locktype = 'virtualxid' AND held.granted AND datname = current_database() AND usesysid IS NOT NULL "
        "AND NOT pid = ANY(%s) AND NOT EXISTS (SELECT FROM pg_locks waits WHERE waits.pid = held.pid AND NOT waits.granted)",
        (list(ours),),
    )
    return {name for (name,) in rows}


LOCKED_OUT = (psycopg.errors.LockNotAvailable, psycopg.errors.DeadlockDetected, Busy)
