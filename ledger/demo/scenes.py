"""How the demo is told: scenes, each a list of movements that one person records, or that one proposes and another approves."""

from typing import Any, NamedTuple

import msgspec

from ledger.access.demo import DEMO_PEOPLE
from ledger.domain.kinds import ANY_MOVEMENT
from ledger.domain.movement import Actor, Movement

_ACTORS = {person.id: person.actor for person in DEMO_PEOPLE}


class Scene(NamedTuple):
    """``name`` makes the idempotency keys; ``approver`` None: recorded by ``actor`` alone, line by line."""

    name: str
    actor: Actor
    approver: Actor | None
    movements: tuple[Movement, ...]


def movement(kind: str, on: str, **fields: Any) -> Movement:
    """A request as it would come over HTTP; amounts in whole yuan or as yuan strings."""
    body = {"kind": kind, "effective_on": on, **{name: _text(name, value) for name, value in fields.items()}}
    return ANY_MOVEMENT.validate_json(msgspec.json.encode(body))


_AMOUNTS = frozenset({"amount", "unpaid", "paid", "claimed", "eligible", "received"})


def _text(name: str, value: Any) -> Any:
    """Whole yuan become strings wherever a field is an amount, at any depth."""
    if isinstance(value, int) and not isinstance(value, bool) and name in _AMOUNTS:
        return str(value)
    if isinstance(value, dict):
        return {inner: _text(inner, item) for inner, item in value.items()}
    if isinstance(value, list | tuple):
        return [_text(name, item) for item in value]
    return value


def alone(name: str, who: str, *movements: Movement) -> Scene:
    """Recorded by one person."""
    return Scene(name, _ACTORS[who], None, movements)


def signed(name: str, proposer: str, approver: str, *movements: Movement) -> Scene:
    """Proposed by one person as one list, approved by another."""
    return Scene(name, _ACTORS[proposer], _ACTORS[approver], movements)


def department(who: str) -> str:
    """The credit code of a demo person's department."""
    code = _ACTORS[who].department
    assert code is not None
    return code
