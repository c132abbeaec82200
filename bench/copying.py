"""Rows into tables by COPY in binary, those of the largest tables packed here; indexes laid aside meanwhile."""

from collections.abc import Iterable, Sequence
from datetime import date
from struct import Struct, pack
from typing import Any

import psycopg
from psycopg import sql

DAY_ZERO = date(2000, 1, 1).toordinal()
PACKED = {
    "movement": "ledger number position kind state leaf",
    "entry": "ledger number line account cell period effective_on amount account_after cell_after",
    "request": "ledger id body_hash number",
}
"""Tables whose rows are packed by the functions below, with their columns in that order."""
TABLES = {
    "batch": "ledger:uuid last_number:int8 recorded_at:timestamptz",
    "cell": "ledger:uuid id:int4 code:text fiscal_year:int4 source:text vintage:int4 special:text function:text",
    "account": "ledger:uuid id:int4 cell:int4 project:text ref:text",
    "balance": "ledger:uuid account:int4 amount:int8 number:int8",
    "turnover": "ledger:uuid cell:int4 period:int4 effective_on:date amount:int8",
    "sealed": "ledger:uuid commitment:text key:uuid ciphertext:bytea",
}
_SIGNATURE, _END = b"PGCOPY\n\xff\r\n\0" + bytes(8), b"\xff\xff"
_event = Struct("!hi16siqiqi").pack
_entry = Struct("!hi16siqihiiiiiiiiiqiqiq").pack
_request = Struct("!hi16si16si32siq").pack


def event(ledger: bytes, number: int, kind: str, state: bytes, leaf: bytes) -> bytes:
    """A row of ``movement``; position and number are the same where one ledger is alone."""
    head = _event(6, 16, ledger, 8, number, 8, number, len(kind))
    return b"%s%s%s%s\0\0\0 %s" % (head, kind.encode(), pack("!i", len(state)), state, leaf)


def entry(
    ledger: bytes,
    number: int,
    line: int,
    account: int,
    cell: int,
    period: int,
    day: int,
    amount: int,
    account_after: int,
    cell_after: int,
) -> bytes:
    """A row of ``entry``; ``day`` since 2000."""
    # fmt: off
    return _entry(10, 16, ledger, 8, number, 2, line, 4, account, 4, cell, 4, period, 4, day, 8, amount,
                  8, account_after, 8, cell_after)
    # fmt: on


def request_row(ledger: bytes, request: bytes, body_hash: bytes, number: int) -> bytes:
    """A row of ``request``."""
    return _request(4, 16, ledger, 16, request, 32, body_hash, 8, number)


def copy_packed(connection: psycopg.Connection, table: str, rows: Sequence[bytes]) -> None:
    """Rows as the functions above packed them."""
    with connection.cursor() as cursor, cursor.copy(_into(table, PACKED[table].split())) as copying:
        copying.write(_SIGNATURE + b"".join(rows) + _END)


def copy(connection: psycopg.Connection, table: str, rows: Iterable[tuple[Any, ...]]) -> None:
    columns, types = zip(*(column.split(":") for column in TABLES[table].split()), strict=True)
    with connection.cursor() as cursor, cursor.copy(_into(table, columns)) as copying:
        copying.set_types(types)
        for row in rows:
            copying.write_row(row)


def _into(table: str, columns: Iterable[str]) -> sql.Composed:
    return sql.SQL("COPY {} ({}) FROM STDIN (FORMAT BINARY)").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )


def without_indexes(connection: psycopg.Connection) -> list[str]:
    """Drop the indexes of what is written, for as long as it is written; answers with how they are made again."""
    tables = [*PACKED, *TABLES]
    constraints = connection.execute(
        "SELECT format('ALTER TABLE %%s DROP CONSTRAINT %%I', conrelid::regclass, conname), "
        "format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', conrelid::regclass, conname, pg_get_constraintdef(oid)) "
        "FROM pg_constraint WHERE contype IN ('p', 'u') AND conrelid = ANY(%s::regclass[])",
        (tables,),
    ).fetchall()
    for drop, _ in constraints:
        connection.execute(drop)
    indexes = connection.execute(
        "SELECT format('DROP INDEX %%s', indexrelid::regclass), pg_get_indexdef(indexrelid) FROM pg_index "
        "WHERE indrelid = ANY(%s::regclass[])",
        (tables,),
    ).fetchall()
    for drop, _ in indexes:
        connection.execute(drop)
    return [again for _, again in (*constraints, *indexes)]
