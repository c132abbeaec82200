"""Personal and free texts stay out of the log: it holds a salted commitment, and the text lies apart, under a key of its subject.

Salt and text are encrypted together with AES-256-GCM: without the key nobody can even try whether a guess fits the commitment.
Once the key is destroyed the commitment says nothing any more, and every recorded byte is as it was.
"""

import base64
import hashlib
import hmac
import re
import secrets
from collections.abc import Iterator, Mapping
from functools import cache
from typing import NamedTuple
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from ledger.domain.movement import Actor, Movement, sealed_fields

_PREFIX = "sha256:"
_COMMITMENT = re.compile(rb"sha256:[A-Za-z0-9_-]{43}")
_SALT, _NONCE = 16, 12
KEY_BYTES = 32


class Text(NamedTuple):
    """A text taken out of a movement, of a subject such as ``project:KRD-1``: commitment = SHA-256(salt ‖ text)."""

    commitment: str
    subject: str
    salt: bytes
    text: str

    def __repr__(self) -> str:
        return f"Text({self.commitment})"


class SealedRow(NamedTuple):
    """A text as it is kept: nonce ‖ AES-256-GCM(salt ‖ text), bound to its commitment, under the key of this id."""

    commitment: str
    key: UUID
    ciphertext: bytes


class Damaged(Exception):
    """A sealed text does not open with its key, or is not what its commitment says."""


def commitment(salt: bytes, text: str) -> str:
    digest = hashlib.sha256(salt + text.encode()).digest()
    return _PREFIX + base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


class SubjectKey:
    """A key of one subject. ``id`` names it; what it opens is gone with it."""

    __slots__ = ("_cipher", "_marking", "id")

    def __init__(self, identity: UUID, key: bytes) -> None:
        self.id = identity
        self._cipher = AESGCM(hmac.digest(key, b"sealing", "sha256"))
        self._marking = hmac.digest(key, b"marking", "sha256")

    def seal(self, text: Text) -> SealedRow:
        nonce = secrets.token_bytes(_NONCE)
        sealed = self._cipher.encrypt(nonce, text.salt + text.text.encode(), text.commitment.encode())
        return SealedRow(text.commitment, self.id, nonce + sealed)

    def open(self, row: SealedRow) -> str:
        """The text in clear, checked against its commitment. Raises Damaged."""
        try:
            opened = self._cipher.decrypt(row.ciphertext[:_NONCE], row.ciphertext[_NONCE:], row.commitment.encode())
            text = opened[_SALT:].decode()
        except (InvalidTag, ValueError) as error:
            raise Damaged(row.commitment) from error
        if commitment(opened[:_SALT], text) != row.commitment:
            raise Damaged(row.commitment)
        return text

    def mark(self, text: str) -> bytes:
        """The same for the same text, and of no use to guess it once the key is gone."""
        return hashlib.blake2b(text.encode(), key=self._marking, digest_size=32).digest()


@cache
def _sealed(kind: type[Movement]) -> tuple[tuple[str, str], ...]:
    return tuple((name, mark.subject) for name, mark in sealed_fields(kind))


def seal(movement: Movement, actor: Actor) -> tuple[Movement, list[Text]]:
    """The movement with commitments in place of its texts, and the texts, movements it holds included."""
    texts: list[Text] = []
    return _seal_into(texts, movement, actor), texts


def _seal_into(texts: list[Text], movement: Movement, actor: Actor) -> Movement:
    changed: dict[str, object] = {}
    for name, of in _sealed(type(movement)):
        text = getattr(movement, name)
        if text is not None:
            subject = f"{of}:{actor.subject if of == 'actor' else getattr(movement, of)}"
            salt = secrets.token_bytes(_SALT)
            texts.append(Text(commitment(salt, text), subject, salt, text))
            changed[name] = texts[-1].commitment
    sealed = movement.sealed_inside(lambda one: _seal_into(texts, one, actor))
    return sealed.model_copy(update=changed) if changed else sealed


def body_to_hash(body: bytes, marks: Mapping[bytes, bytes]) -> bytes:
    """The canonical bytes of a sealed movement with marks in place of its commitments: the same whenever it is asked again.

    Marks are made under the subjects' keys, so that once a key is destroyed nobody can guess a text from the hash.
    """
    return _COMMITMENT.sub(lambda found: marks.get(found[0], found[0]), body) if marks else body


class Place(NamedTuple):
    """Where a recorded movement commits to a text: ``at`` leads through the movements it holds, as in ``2.reason``."""

    at: str
    kind: str
    field: str
    commitment: str


def places(movement: Movement, within: str = "") -> Iterator[Place]:
    """Every commitment of a recorded movement, those of the movements it holds included."""
    for name, _ in _sealed(type(movement)):
        if (committed := getattr(movement, name)) is not None:
            yield Place(f"{within}{name}", movement.kind, name, committed)
    held: list[Movement] = []

    def hold(one: Movement) -> Movement:
        held.append(one)
        return one

    movement.sealed_inside(hold)
    for number, one in enumerate(held, 1):
        yield from places(one, f"{within}{number}.")


def has_texts(movement: Movement) -> bool:
    """Whether sealing it needs a key, for which the database may have to be asked."""
    return next(places(movement), None) is not None
