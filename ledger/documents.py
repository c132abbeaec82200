"""Documents 文件: files kept by their SHA-256, as they were uploaded. Nothing replaces or removes one."""

import hashlib
from typing import NamedTuple

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


def is_kept(store: Store, sha256: str) -> bool:
    """Whether the file with this SHA-256 was uploaded."""
    with store.readers.connection() as connection:
        return connection.execute("SELECT 1 FROM document WHERE sha256 = %s", (sha256,)).fetchone() is not None
