"""Documents 文件: files kept by their SHA-256, as they were uploaded. Nothing replaces or removes one."""

import hashlib
from collections.abc import Sequence
from typing import LiteralString, NamedTuple
from uuid import UUID

from ledger.store import Store


class File(NamedTuple):
    """A stored file. ``name`` and ``media_type`` are what its first uploader said."""

    sha256: str
    media_type: str
    name: str
    content: bytes
    uploaded_by: str


def keep(store: Store, content: bytes, *, name: str, media_type: str, uploaded_by: str) -> tuple[str, bool]:
    """Keep a file; answers with its SHA-256 in hex, and whether it is new. The same bytes are kept once."""
    sha256 = hashlib.sha256(content).hexdigest()
    with store.writers.connection() as connection:
        kept = connection.execute(
            "INSERT INTO document (sha256, media_type, name, bytes, uploaded_by) VALUES (%s, %s, %s, %s, %s) "
            "ON CONFLICT (sha256) DO NOTHING",
            (sha256, media_type, name, content, uploaded_by),
        )
    return sha256, kept.rowcount == 1


def fetch(store: Store, sha256: str) -> File | None:
    """A stored file by its SHA-256 in hex."""
    with store.readers.connection() as connection:
        row = connection.execute(
            "SELECT sha256, media_type, name, bytes, uploaded_by FROM document WHERE sha256 = %s",
            (sha256,),
            binary=True,
        ).fetchone()
    return None if row is None else File(row[0], row[1], row[2], bytes(row[3]), row[4])


def uploaders(store: Store, sha256s: Sequence[str]) -> dict[str, str]:
    """Of files, those that were uploaded, and who uploaded each first."""
    with store.readers.connection() as connection:
        return dict(
            connection.execute(
                "SELECT sha256, uploaded_by FROM document WHERE sha256 = ANY(%s)", (list(sha256s),)
            ).fetchall()
        )


def are_told(store: Store, ledger: UUID, facts: Sequence[tuple[str, int | None]]) -> bool:
    """Whether lines of statements that were taken tell all of some facts: the SHA-256 of the file, and fen, where known."""
    with store.readers.connection() as connection:
        row = connection.execute(
            _TOLD, (ledger, [sha256 for sha256, _ in facts], [amount for _, amount in facts])
        ).fetchone()
    return bool(row and row[0])


_TOLD: LiteralString = """
SELECT bool_and(EXISTS (
    SELECT FROM statement JOIN statement_line line USING (ledger, source)
    WHERE ledger = %s AND statement.sha256 = asked.sha256 AND line.statement = statement.id
    AND (asked.amount IS NULL OR abs(line.amount) = asked.amount)
)) FROM unnest(%s::text[], %s::bigint[]) AS asked (sha256, amount)
"""
