"""The people of a demonstration, each with a login and a key of their own. A ledger of one's own has its own people instead."""

import json
import os
import secrets
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from ledger.access.credentials import new_password
from ledger.access.keys import DAYS_MAX
from ledger.access.people import People
from ledger.access.policy import NOT_BY_KEY, POLICY, Grant
from ledger.access.refusals import NotPermitted
from ledger.domain.catalogue import SPECIALS, Name, Plan, Role
from ledger.domain.fields import credit_code_check_character
from ledger.domain.movement import Actor

FILE = "people.json"
_BY = "demo"


class DemoPerson(NamedTuple):
    """Somebody of the demonstration: ``id``, their login, the actor they are in the ledger, and what they are called."""

    id: str
    actor: Actor
    label: Name


def _fictional_credit_code(serial: int) -> str:
    """A credit code with a right check character in a district code that is given to nobody."""
    first_seventeen = f"11150099MB{serial:07d}"
    return first_seventeen + credit_code_check_character(first_seventeen)


def _person(
    name: str, role: Role, zh: str, en: str, department: str | None = None, specials: frozenset[str] = frozenset()
) -> DemoPerson:
    return DemoPerson(name, Actor(f"p-{name}", role, department, specials), Name(zh, en))


_OF_KEY_RESEARCH = frozenset(code for code, special in SPECIALS.items() if special.plan is Plan.RDT)

DEMO_PEOPLE: tuple[DemoPerson, ...] = (
    _person("fin-1", Role.FIN, "财政经办", "Finance officer"),
    _person("fin-2", Role.FIN, "财政复核", "Finance reviewer"),
    _person("std-1", Role.STD, "科技经办", "S&T department officer"),
    _person("std-2", Role.STD, "科技复核", "S&T department reviewer"),
    _person("com-1", Role.COM, "科技办", "Commission office"),
    _person("pm-1", Role.PM, "专项主管(重点研发)", "Programme manager, key R&D", specials=_OF_KEY_RESEARCH),
    _person("aud-1", Role.AUD, "审计", "Auditor"),
    _person("adm-1", Role.ADM, "系统管理员", "System administrator"),
    _person("sec-1", Role.SEC, "安全管理员", "Security administrator"),
    _person("sec-2", Role.SEC, "安全复核", "Security reviewer"),
    _person("log-1", Role.LOG, "审计管理员", "Audit administrator"),
    _person("tre-1", Role.TRE, "国库支付数据", "Treasury feed"),
    _person("rec-1", Role.REC, "推荐部门", "Recommending department", _fictional_credit_code(1)),
    _person("cha-1", Role.CHA, "原渠道主管部门", "Department of the original channel", _fictional_credit_code(2)),
    _person("und-1", Role.UND, "承担单位", "Undertaker", _fictional_credit_code(3)),
    _person("lea-1", Role.LEA, "盟市科技局", "League bureau", _fictional_credit_code(4)),
)
"""Two of each that needs a second person, one of every other role."""


class Secrets(NamedTuple):
    """What somebody of the demonstration signs in with."""

    key: str
    password: str


class DemoPeople:
    """Everybody of the demonstration, with their secrets in clear."""

    def __init__(self, known: Mapping[str, Secrets]) -> None:
        self._secrets = known

    def __iter__(self) -> Iterator[DemoPerson]:
        return iter(DEMO_PEOPLE)

    def key_of(self, name: str) -> str:
        """The key of a person. Raises KeyError."""
        return self._secrets[name].key

    def password_of(self, name: str) -> str:
        """The password of a person, whose login is their name. Raises KeyError."""
        return self._secrets[name].password

    def enrol(self, people: People) -> None:
        """Register everybody with role, login and key; who is there already stays as they are."""
        for person in DEMO_PEOPLE:
            subject, actor = person.actor.subject, person.actor
            try:
                people.register.add(person.label.zh, _BY, known_as=subject, machine=actor.role is Role.TRE)
            except NotPermitted:
                continue
            if actor.role is not Role.TRE:  # before anything is granted, so that nobody has to confirm it
                people.accounts.open(subject, person.id, _BY, password=self.password_of(person.id))
            people.register.grant(subject, Grant(actor.role, actor.department, actor.specials), _BY)
            people.keys.make(
                subject,
                "demo",
                POLICY[actor.role].keys() - NOT_BY_KEY,
                DAYS_MAX,
                subject,
                secret=self.key_of(person.id),
            )


def is_enrolled(people: People) -> bool:
    """Whether anybody of the demonstration may still sign in."""
    return any(people.register.is_there(person.actor.subject) for person in DEMO_PEOPLE)


def demo_people(home: Path) -> DemoPeople:
    """The demo people with the secrets of ``home``/people.json (mode 0600), made at random for whoever has none yet."""
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = home / FILE
    kept = json.loads(path.read_text("utf-8")) if path.exists() else {}
    known = {name: Secrets(**one) for name, one in kept.items() if isinstance(one, dict)}
    missing = [person.id for person in DEMO_PEOPLE if person.id not in known]
    if missing:
        known |= {name: Secrets(secrets.token_urlsafe(24), new_password()) for name in missing}
        _write_private(path, json.dumps({name: one._asdict() for name, one in known.items()}, indent=1) + "\n")
    return DemoPeople(known)


def _write_private(path: Path, text: str) -> None:
    """Never readable by others, not even for a moment, and never half written."""
    beside = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
    beside.replace(path)
