"""A history that was judged in memory, written into a database as the writer writes it."""

from collections.abc import Sequence
from uuid import uuid4

from ledger.application import Ledger
from ledger.domain.decision import Accepted, fold
from ledger.folding import recall
from ledger.writer import Step, _Batch

TOGETHER = 20
"""Movements recorded at one instant."""


def write(ledger: Ledger, log: Sequence[Accepted]) -> None:
    """Record a history in an empty ledger: the same numbers, the same entries, judging nothing again."""
    book = ledger.writer.book
    for first in range(0, len(log), TOGETHER):
        with ledger.store.deciding(ledger.id) as decision:
            batch = _Batch(ledger.writer, decision)
            for one in log[first : first + TOGETHER]:
                recall(ledger.store, ledger.id, book, one.movement)
                parts = (one.movement, one.legs, one.actor, one.voucher, one.proposal)
                assert fold(book, one.number, *parts) == one.entries
                batch.accepted.append((Step(one.movement, one.actor, uuid4(), b""), [one]))
            batch.write()
        book.commit()
