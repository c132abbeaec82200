"""Personal and free texts stay out of the log: it holds a salted commitment, and the text lies apart with its salt."""

import base64
import hashlib
import secrets
from functools import cache
from typing import NamedTuple

from ledger.domain.movement import Actor, Movement, sealed_fields

_PREFIX = "sha256:"


class SealedRow(NamedTuple):
    """A text kept apart: commitment = SHA-256(salt ‖ text)."""

    commitment: str
    subject: str
    salt: bytes
    text: str


def commitment(salt: bytes, text: str) -> str:
    digest = hashlib.sha256(salt + text.encode()).digest()
    return _PREFIX + base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


@cache
def _sealed(kind: type[Movement]) -> tuple[tuple[str, str], ...]:
    return tuple((name, mark.subject) for name, mark in sealed_fields(kind))


def seal(movement: Movement, actor: Actor) -> tuple[Movement, list[SealedRow]]:
    """The movement with commitments in place of its texts, and the texts, movements it holds included."""
    rows: list[SealedRow] = []
    changed: dict[str, object] = {}
    for name, subject in _sealed(type(movement)):
        text = getattr(movement, name)
        if text is not None:
            salt = secrets.token_bytes(16)
            whose = actor.subject if subject == "actor" else f"{subject}:{getattr(movement, subject)}"
            rows.append(SealedRow(commitment(salt, text), whose, salt, text))
            changed[name] = rows[-1].commitment
    sealed = movement.sealed_inside(lambda inner: _seal_into(rows, inner, actor))
    return (sealed.model_copy(update=changed) if changed else sealed), rows


def _seal_into(rows: list[SealedRow], movement: Movement, actor: Actor) -> Movement:
    sealed, more = seal(movement, actor)
    rows += more
    return sealed
