"""The people of a demonstration, each with a key of their own. They stand in until sign-in is a subject of its own.

A subject is opaque and names a human or a feed; role and department say in what capacity they act.
"""

import json
import os
import secrets
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from ledger.domain.catalogue import SPECIALS, Name, Plan, Role
from ledger.domain.fields import credit_code_check_character
from ledger.domain.movement import Actor

_FILE = "people.json"


class Person(NamedTuple):
    """Who may sign in: ``id`` for people to read, the actor they are in the ledger, and what they are called."""

    id: str
    actor: Actor
    label: Name


def _fictional_credit_code(serial: int) -> str:
    """A credit code with a right check character in a district code that is given to nobody."""
    first_seventeen = f"11150099MB{serial:07d}"
    return first_seventeen + credit_code_check_character(first_seventeen)


def _person(
    name: str, role: Role, zh: str, en: str, department: str | None = None, specials: frozenset[str] = frozenset()
) -> Person:
    return Person(name, Actor(f"p-{name}", role, department, specials), Name(zh, en))


_OF_KEY_RESEARCH = frozenset(code for code, special in SPECIALS.items() if special.plan is Plan.RDT)

DEMO_PEOPLE: tuple[Person, ...] = (
    _person("fin-1", Role.FIN, "财政经办", "Finance officer"),
    _person("fin-2", Role.FIN, "财政复核", "Finance reviewer"),
    _person("std-1", Role.STD, "科技经办", "S&T department officer"),
    _person("std-2", Role.STD, "科技复核", "S&T department reviewer"),
    _person("com-1", Role.COM, "科技办", "Commission office"),
    _person("pm-1", Role.PM, "专项主管(重点研发)", "Programme manager, key R&D", specials=_OF_KEY_RESEARCH),
    _person("aud-1", Role.AUD, "审计", "Auditor"),
    _person("adm-1", Role.ADM, "系统管理", "Administrator"),
    _person("tre-1", Role.TRE, "国库支付数据", "Treasury feed"),
    _person("rec-1", Role.REC, "推荐部门", "Recommending department", _fictional_credit_code(1)),
    _person("cha-1", Role.CHA, "原渠道主管部门", "Department of the original channel", _fictional_credit_code(2)),
    _person("und-1", Role.UND, "承担单位", "Undertaker", _fictional_credit_code(3)),
    _person("lea-1", Role.LEA, "盟市科技局", "League bureau", _fictional_credit_code(4)),
)
"""Two of each department that signs for a second person, one of every other role."""


class People:
    """Everybody who holds a key. Keys are looked up by their hash, so how long it takes tells nothing about them."""

    def __init__(self, keys: Iterable[tuple[Person, str]]) -> None:
        self._keys = {person.id: (person, key) for person, key in keys}
        self._by_hash = {_hash(key): person for person, key in self._keys.values()}

    def __iter__(self) -> Iterator[Person]:
        return (person for person, _ in self._keys.values())

    def of_key(self, key: str) -> Person | None:
        """Whose key it is."""
        return self._by_hash.get(_hash(key))

    def key_of(self, name: str) -> str:
        """The key of a person. Raises KeyError."""
        return self._keys[name][1]


def _hash(key: str) -> bytes:
    return sha256(key.encode()).digest()


def demo_people(home: Path) -> People:
    """The demo people with the keys of ``home``/people.json (mode 0600), made at random for whoever has none yet."""
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = home / _FILE
    keys: dict[str, str] = json.loads(path.read_text("utf-8")) if path.exists() else {}
    missing = [person.id for person in DEMO_PEOPLE if person.id not in keys]
    if missing:
        keys |= {name: secrets.token_urlsafe(24) for name in missing}
        _write_private(path, json.dumps(keys, indent=1) + "\n")
    return People((person, keys[person.id]) for person in DEMO_PEOPLE)


def _write_private(path: Path, text: str) -> None:
    """Never readable by others, not even for a moment, and never half written."""
    beside = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
    beside.replace(path)
