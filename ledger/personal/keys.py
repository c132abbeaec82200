"""The keys of subjects: made at first need, wrapped with the master secret, forgotten within a second of any erasure."""

import hmac
import secrets
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from threading import Lock
from typing import Any, NamedTuple, TypeVar
from uuid import UUID, uuid4

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from ledger.sealing import KEY_BYTES, Damaged, SubjectKey
from ledger.secret import Secret, SecretError
from ledger.store import UNREACHABLE, Store
from ledger.writer import RESOLVE_SECONDS, UnknownOutcome

CHECK_SECONDS = 1.0
"""So long at most keys are used without asking whether somebody was erased. What is sealed within that time after another
process erased the subject is sealed under the destroyed key: it is recorded, and its text is erased with the others."""
KEYS_MAX = 10_000
_NONCE = 12
T = TypeVar("T")


class Wrapping(NamedTuple):
    """Wraps keys of subjects; each wrapped key opens only as that of its own row."""

    ledger: UUID
    cipher: AESGCM

    def wrap(self, identity: UUID, subject: str, key: bytes) -> bytes:
        nonce = secrets.token_bytes(_NONCE)
        return nonce + self.cipher.encrypt(nonce, key, self._row(identity, subject))

    def unwrap(self, identity: UUID, subject: str, wrapped: bytes) -> SubjectKey:
        """Raises Damaged."""
        try:
            key = self.cipher.decrypt(wrapped[:_NONCE], wrapped[_NONCE:], self._row(identity, subject))
        except (InvalidTag, ValueError) as error:
            raise Damaged(f"key {identity} of {subject}") from error
        return SubjectKey(identity, key)

    def _row(self, identity: UUID, subject: str) -> bytes:
        return self.ledger.bytes + identity.bytes + subject.encode()


def wrapping(secret: Secret, ledger: UUID) -> Wrapping:
    return Wrapping(ledger, AESGCM(secret.derive("wrapping of subject keys")))


def is_bound(store: Store) -> bool:
    """Whether any ledger of this database was opened with a master secret before."""
    with store.writers.connection() as connection:
        return connection.execute("SELECT FROM head WHERE secret_check IS NOT NULL LIMIT 1").fetchone() is not None


def check_bound(store: Store, secret: Secret) -> None:
    """Raises SecretError where any ledger of this database, which all have the same people, was opened with another secret."""
    with store.writers.connection() as connection:
        rows = connection.execute("SELECT ledger FROM head WHERE secret_check IS NOT NULL").fetchall()
    for (ledger,) in rows:
        check_secret(store, ledger, secret)


def check_secret(store: Store, ledger: UUID, secret: Secret, *, remember: bool = False) -> None:
    """Raises SecretError where the ledger was opened with another secret before. The first is remembered when told to."""
    expected = secret.derive(f"check of ledger {ledger}")
    with store.writers.connection() as connection:
        if remember:
            first = "UPDATE head SET secret_check = %s WHERE ledger = %s AND secret_check IS NULL"
            connection.execute(first, (expected, ledger))
        row = connection.execute("SELECT secret_check FROM head WHERE ledger = %s", (ledger,)).fetchone()
    if row is None:
        raise LookupError(f"ledger {ledger} has not been opened here")
    if row[0] is not None and not hmac.compare_digest(bytes(row[0]), expected):
        raise SecretError(
            "主密钥不是本账套所用的那一个:请恢复原来的 secret.key 或 LEDGER_SECRET,未作任何更改 / "
            "this is not the secret the ledger was opened with before: bring back its secret.key or LEDGER_SECRET; "
            "nothing was changed"
        )


class SubjectKeys:
    """The keys of one ledger's subjects, for whoever seals. Threads may share it."""

    def __init__(self, store: Store, ledger: UUID, secret: Secret) -> None:
        self._store, self._ledger = store, ledger
        self._wrapping = wrapping(secret, ledger)
        self._lock = Lock()
        self._known: dict[str, SubjectKey] = {}
        self._wanted: set[str] = set()
        """What waits: whoever asks the database asks for all of it."""
        self._erasures = -1
        self._checked = -CHECK_SECONDS

    def of(self, subjects: Collection[str], *, make: bool = True) -> Mapping[str, SubjectKey]:
        """A key of each subject, made where it has none; where not ``make``, one that is kept nowhere.

        Raises UnknownOutcome where the database stays away, Damaged where a key was tampered with.
        """
        known = self._known
        if time.monotonic() < self._checked + CHECK_SECONDS and all(subject in known for subject in subjects):
            return known  # without the lock: callers who meet at it would wait for each other's turns
        if make:
            self._wanted.update(subject for subject in subjects if subject not in known)
        with self._lock:
            if (now := time.monotonic()) >= self._checked + CHECK_SECONDS:
                self._patiently(self._drop_erased)
                self._checked = now
            if missing := {subject for subject in subjects if subject not in self._known}:
                asked = sorted(missing | self._wanted if make else missing)
                self._known |= self._patiently(lambda: self._read(asked, make=make))
                self._wanted.difference_update(asked)
            found = {subject: self._known[subject] for subject in subjects if subject in self._known}
        lacking = (subject for subject in subjects if subject not in found)
        return found | {subject: SubjectKey(uuid4(), secrets.token_bytes(KEY_BYTES)) for subject in lacking}

    def forget(self) -> None:
        """Ask at once: somebody was erased."""
        with self._lock:
            self._checked = -CHECK_SECONDS

    def _drop_erased(self) -> None:
        """Forget every key where anybody was erased since it was last asked; the rest is read again."""
        with self._store.writers.connection() as connection:
            row = connection.execute("SELECT count(*) FROM erasure WHERE ledger = %s AND erased", (self._ledger,))
            (erasures,) = row.fetchone() or (0,)
        if erasures != self._erasures or len(self._known) > KEYS_MAX:
            self._known, self._erasures = {}, erasures  # another one: somebody may be sealing with the old

    def _patiently(self, ask: Callable[[], T]) -> T:
        """Asks again for as long as the writer would: a connection that broke is not an answer."""
        deadline = time.monotonic() + RESOLVE_SECONDS
        while True:
            try:
                return ask()
            except UNREACHABLE as error:
                if time.monotonic() >= deadline:
                    raise UnknownOutcome(str(error)) from error
                self._store.closing.wait(0.05)

    def _read(self, subjects: list[str], *, make: bool) -> dict[str, SubjectKey]:
        found: dict[str, SubjectKey] = {}
        with self._store.writers.connection() as connection:
            while missing := [subject for subject in subjects if subject not in found]:
                rows = connection.execute(
                    "SELECT id, subject, wrapped FROM subject_key "
                    "WHERE ledger = %s AND subject = ANY(%s::text[]) AND wrapped IS NOT NULL",
                    (self._ledger, missing),
                ).fetchall()
                for identity, subject, wrapped in rows:
                    found[subject] = self._wrapping.unwrap(identity, subject, bytes(wrapped))
                lacking = [subject for subject in missing if subject not in found]
                if not make or not lacking:
                    return found
                self._offer(connection, lacking)
        return found

    def _offer(self, connection: Any, subjects: Sequence[str]) -> None:
        """Make keys, unless somebody else made one just now; who came first is read afterwards."""
        named = [(uuid4(), subject) for subject in subjects]
        rows = [(*name, self._wrapping.wrap(*name, secrets.token_bytes(KEY_BYTES))) for name in named]
        connection.execute(
            "INSERT INTO subject_key (ledger, id, subject, wrapped) "
            "SELECT %s, * FROM unnest(%s::uuid[], %s::text[], %s::bytea[]) ON CONFLICT DO NOTHING",
            (self._ledger, *map(list, zip(*rows, strict=True))),
        )
        connection.commit()
