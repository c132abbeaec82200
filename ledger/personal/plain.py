"""Texts that a version before keys kept in plain: sealed as soon as the ledger is opened."""

from uuid import UUID

from ledger.personal.keys import SubjectKeys
from ledger.sealing import Text
from ledger.store import Store

PAGE = 1_000
_LOCK = 0x6C65646765720003
"""Advisory lock of whoever seals them: another process that opens the ledger meanwhile waits."""


def seal_what_lies_in_plain(store: Store, ledger: UUID, keys: SubjectKeys) -> None:
    """Seal them page by page; what of their bytes was left in the table's file goes with the last of them."""
    with store.writers.connection() as connection:
        waiting = connection.execute("SELECT FROM sealed_in_plain WHERE ledger = %s LIMIT 1", (ledger,)).fetchone()
    while waiting is not None and _seal_page(store, ledger, keys) == PAGE:
        pass


def _seal_page(store: Store, ledger: UUID, keys: SubjectKeys) -> int:
    """How many there were, PAGE at most."""
    with store.writers.connection() as connection:
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
        rows = connection.execute(
            "DELETE FROM sealed_in_plain "
            "WHERE ctid = ANY(ARRAY(SELECT ctid FROM sealed_in_plain WHERE ledger = %s LIMIT %s)) "
            "RETURNING commitment, subject, salt, text",
            (ledger, PAGE),
        ).fetchall()
        texts = [Text(commitment, subject, bytes(salt), text) for commitment, subject, salt, text in rows]
        of = keys.of({text.subject for text in texts})
        connection.cursor().executemany(
            "INSERT INTO sealed (ledger, commitment, key, ciphertext) VALUES (%s, %s, %s, %s)",
            [(ledger, *of[text.subject].seal(text)) for text in texts],
        )
        if connection.execute("SELECT FROM sealed_in_plain LIMIT 1").fetchone() is None:
            connection.execute("TRUNCATE sealed_in_plain")
    return len(rows)
