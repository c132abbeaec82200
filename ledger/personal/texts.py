"""Sealed texts in clear: those of a recorded movement, each checked against what the log commits to."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID

from ledger.domain.catalogue import Name
from ledger.domain.movement import Movement
from ledger.personal.keys import wrapping
from ledger.sealing import Damaged, Place, SealedRow, SubjectKey, places
from ledger.secret import Secret
from ledger.store import Store

FIELDS: dict[str, Name] = {
    "reason": Name("理由", "Reason"),
    "lead": Name("项目负责人", "Project lead"),
    "verifier": Name("核查人", "Verifier"),
    "payee_account": Name("收款账户", "Account of the payee"),
}
"""What each sealed field is called."""
SUBJECTS: dict[str, Name] = {
    "actor": Name("经办人", "Who gave it"),
    "project": Name("项目", "Project"),
    "claim": Name("后补助申请", "Post-subsidy claim"),
    "payee": Name("收款单位", "Payee"),
}
"""Whose a text may be, by the word before the colon of its subject."""


class State(StrEnum):
    """What became of a text."""

    CLEAR = "CLEAR"
    """It opens, and is what its commitment says."""
    ERASED = "ERASED"
    """Its subject's key was destroyed, by two people."""
    DAMAGED = "DAMAGED"
    """It or its key was tampered with."""
    MISSING = "MISSING"
    """The log commits to it, and it is not there."""


class Opened(NamedTuple):
    """A sealed text as it stands now."""

    place: Place
    state: State
    subject: str | None = None
    text: str | None = None
    erased_at: datetime | None = None

    def __repr__(self) -> str:
        return f"Opened({self.place.at} {self.state})"


class SealedTexts:
    """The sealed texts of one ledger, for whoever may read them. Nothing is kept in memory but keys, as long as it lives."""

    def __init__(self, store: Store, ledger: UUID, secret: Secret) -> None:
        self._store, self._ledger = store, ledger
        self._wrapping = wrapping(secret, ledger)
        self._keys: dict[tuple[UUID, str, bytes], SubjectKey] = {}

    def of(self, movement: Movement) -> list[Opened]:
        """Every text that a recorded movement commits to, in the order of its fields."""
        return self.at(list(places(movement)))

    def at(self, wanted: Sequence[Place]) -> list[Opened]:
        """The texts at these places, in their order."""
        commitments = list({place.commitment for place in wanted})
        with self._store.writers.connection() as connection:
            rows = connection.execute(
                "SELECT commitment, key, ciphertext, k.subject, wrapped, decided_at FROM sealed s "
                "LEFT JOIN subject_key k ON k.ledger = s.ledger AND k.id = key "
                "LEFT JOIN erasure e ON e.ledger = k.ledger AND e.subject = k.subject AND erased AND decided_at = erased_at "
                "WHERE s.ledger = %s AND commitment = ANY(%s::text[])",
                (self._ledger, commitments),
            ).fetchall()
        kept = {row[0]: row for row in rows}
        return [self._opened(place, kept.get(place.commitment)) for place in wanted]

    def _opened(self, place: Place, row: tuple[Any, ...] | None) -> Opened:
        if row is None:
            return Opened(place, State.MISSING)
        committed, identity, ciphertext, subject, wrapped, erased_at = row
        if erased_at is not None and wrapped is None:
            return Opened(place, State.ERASED, subject, erased_at=erased_at)
        try:
            text = self._key(identity, subject, wrapped).open(SealedRow(committed, identity, bytes(ciphertext)))
        except Damaged:
            return Opened(place, State.DAMAGED, subject)
        return Opened(place, State.CLEAR, subject, text)

    def _key(self, identity: UUID, subject: str | None, wrapped: bytes | None) -> SubjectKey:
        if subject is None or wrapped is None:
            raise Damaged(f"no key {identity}")
        row = (identity, subject, bytes(wrapped))
        if row not in self._keys:
            self._keys[row] = self._wrapping.unwrap(*row)
        return self._keys[row]
