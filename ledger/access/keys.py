"""API keys for machines and for the command line: kept as hashes, shown once, bounded in what they may do, ending by a day."""

import secrets
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import LiteralString, NamedTuple

from psycopg import Connection
from psycopg.rows import TupleRow

from ledger.access.credentials import new_token, token_hash
from ledger.access.keeper import Keeper
from ledger.access.policy import Action
from ledger.access.refusals import NotPermitted, Why
from ledger.access.register import Person
from ledger.audit.trail import Event, note

DAYS_MAX = 366
OVERLAP = timedelta(days=1)
"""How long a key still holds after it was rotated, so that a machine can change over."""


class Key(NamedTuple):
    """A key without its secret. ``actions`` bounds what it may be used for. Instants UTC."""

    id: str
    person: str
    label: str
    actions: frozenset[Action]
    made_at: datetime
    ends_at: datetime
    revoked_at: datetime | None


class Keys:
    """Keys of one database. ``clock`` gives the instant, UTC."""

    def __init__(self, keeper: Keeper, clock: Callable[[], datetime]) -> None:
        self._keeper = keeper
        self._clock = clock

    def make(
        self, person: str, label: str, actions: Iterable[Action], days: int, by: str, *, secret: str | None = None
    ) -> tuple[Key, str]:
        """A key and its secret, shown here and never again; one's own, or a machine's. Raises NotPermitted."""
        if not 0 < days <= DAYS_MAX:
            raise NotPermitted(Why.DAYS)
        now, token = self._clock(), secret or new_token()
        key = Key(f"k-{secrets.token_hex(6)}", person, label, frozenset(actions), now, now + timedelta(days), None)
        with self._keeper.changing() as connection:
            _check_whose(connection, person, by)
            _insert(connection, key, token, by)
        return key, token

    def rotate(self, key: str, by: str, *, of: str | None = None) -> tuple[Key, str]:
        """A new key like it, for as many days; the old one holds OVERLAP longer at most. One's own where ``of`` names nobody.

        Raises NotPermitted.
        """
        now, token = self._clock(), new_token()
        with self._keeper.changing() as connection:
            old = _good(connection, key, now, of or by)
            _check_whose(connection, old.person, by)
            new = old._replace(id=f"k-{secrets.token_hex(6)}", made_at=now, ends_at=now + (old.ends_at - old.made_at))
            connection.execute("UPDATE api_key SET ends_at = least(ends_at, %s) WHERE id = %s", (now + OVERLAP, key))
            _insert(connection, new, token, by, instead_of=key)
        return new, token

    def revoke(self, key: str, by: str, *, of: str | None = None) -> None:
        """It is dead from now on; one's own where ``of`` names nobody. Raises NotPermitted."""
        now = self._clock()
        with self._keeper.changing() as connection:
            old = _good(connection, key, now, of or by)
            _check_whose(connection, old.person, by)
            connection.execute("UPDATE api_key SET revoked_at = %s WHERE id = %s", (now, key))
            note(connection, Event.KEY_REVOKED, by, of=old.person, key=key)

    def of_person(self, person: str) -> list[Key]:
        """All keys of somebody, dead ones too, oldest first."""
        with self._keeper.connection() as connection:
            return _keys(connection, "person = %s", person)

    def of_machine(self, machine: str) -> list[Key]:
        """All keys of a machine, oldest first; none where it is a person's."""
        with self._keeper.connection() as connection:
            return _keys(connection, "person IN (SELECT id FROM person WHERE machine AND id = %s)", machine)

    def of_token(self, token: str) -> tuple[Person, Key] | None:
        """Whose key it is, if it is good now."""
        now = self._clock()
        with self._keeper.connection() as connection:
            found = _keys(connection, "hash = %s AND revoked_at IS NULL AND ends_at > %s", token_hash(token), now)
            if not found:
                return None
            row = connection.execute(
                "SELECT id, human, name, machine FROM person WHERE id = %s AND disabled_at IS NULL", (found[0].person,)
            ).fetchone()
        return (Person(*row), found[0]) if row else None


def _keys(connection: Connection[TupleRow], which: LiteralString, *values: object) -> list[Key]:
    query: LiteralString = "SELECT id, person, label, actions, made_at, ends_at, revoked_at FROM api_key WHERE "
    rows = connection.execute(f"{query}{which} ORDER BY made_at, id", values).fetchall()
    return [Key(row[0], row[1], row[2], frozenset(map(Action, row[3])), row[4], row[5], row[6]) for row in rows]


def _good(connection: Connection[TupleRow], key: str, now: datetime, person: str) -> Key:
    found = _keys(connection, "id = %s AND person = %s AND revoked_at IS NULL AND ends_at > %s", key, person, now)
    if not found:
        raise NotPermitted(Why.UNKNOWN_PERSON)
    return found[0]


def _insert(connection: Connection[TupleRow], key: Key, token: str, by: str, instead_of: str | None = None) -> None:
    connection.execute(
        "INSERT INTO api_key (id, person, label, hash, actions, made_at, ends_at) VALUES (%s, %s, %s, %s, %s, %s, %s)",
        (key.id, key.person, key.label, token_hash(token), sorted(key.actions), key.made_at, key.ends_at),
    )
    about = {"actions": " ".join(sorted(key.actions)), "ends_at": key.ends_at.isoformat(), "instead_of": instead_of}
    note(connection, Event.KEY_MADE, by, of=key.person, key=key.id, **about)


def _check_whose(connection: Connection[TupleRow], person: str, by: str) -> None:
    """Everybody makes their own keys; those of machines are made for them."""
    row = connection.execute("SELECT machine FROM person WHERE id = %s AND disabled_at IS NULL", (person,)).fetchone()
    if row is None:
        raise NotPermitted(Why.UNKNOWN_PERSON)
    if person != by and not row[0]:
        raise NotPermitted(Why.NOT_A_MACHINE)
