"""The register of people: who there is, which human is behind each account, and what is granted to them for how long.

Every change takes ``by``, the id of whoever makes it, and stands in the audit record in the same transaction.
Days are Asia/Shanghai.
"""

import secrets
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any, LiteralString, NamedTuple

from psycopg import Connection
from psycopg.errors import UniqueViolation
from psycopg.rows import TupleRow

from ledger.access.id_token import NotProven, Reason
from ledger.access.keeper import Keeper
from ledger.access.policy import ALONE, Grant
from ledger.access.refusals import NotPermitted, Why
from ledger.audit.trail import Event, note
from ledger.domain.catalogue import Role
from ledger.domain.fields import business_date

LENT_DAYS_MAX = 92


class Person(NamedTuple):
    """An account of somebody, or of a machine. ``human`` is the subject the log keeps, the same for two accounts of one human."""

    id: str
    human: str
    name: str
    machine: bool = False


class Granted(NamedTuple):
    """A grant as it was given: its number, whose it is, and by whom."""

    number: int
    person: str
    grant: Grant
    of_grant: int | None
    by: str
    revoked: bool


class Entry(NamedTuple):
    """Somebody in the register: enabled or not, their login, identities elsewhere (issuer, subject) and all their grants.

    ``unconfirmed_since``: when their way in was last changed for them (UTC), where that waits to be confirmed.
    """

    person: Person
    enabled: bool
    login: str | None
    identities: tuple[tuple[str, str], ...]
    grants: tuple[Granted, ...]
    unconfirmed_since: datetime | None


class Register:
    """People and grants of one database. ``clock`` gives the instant, UTC."""

    def __init__(self, keeper: Keeper, clock: Callable[[], datetime]) -> None:
        self._keeper = keeper
        self._clock = clock

    # -- people

    def add(
        self, name: str, by: str, *, machine: bool = False, same_as: str | None = None, known_as: str | None = None
    ) -> Person:
        """Register somebody; ``same_as``: another account of the same human; ``known_as``: an id. Raises NotPermitted."""
        found = known_as or f"p-{secrets.token_hex(8)}"
        with _unique(), self._keeper.changing() as connection:
            human = _person(connection, same_as).human if same_as else found
            person = Person(found, human, name, machine)
            connection.execute("INSERT INTO person (id, human, name, machine) VALUES (%s, %s, %s, %s)", person)
            note(connection, Event.PERSON_ADDED, by, of=found, machine=machine, same_as=same_as)
        return person

    def person(self, person: str) -> Person:
        """Somebody by login or id, ``p-`` left out where one likes. Raises NotPermitted."""
        with self._keeper.connection() as connection:
            row = connection.execute(
                "SELECT person FROM local_account WHERE login = %s UNION ALL SELECT id FROM person WHERE id = 'p-' || %s",
                (person, person),
            ).fetchone()
            return _person(connection, row[0] if row else person)

    def is_there(self, person: str) -> bool:
        """Whether there is somebody with this id who is enabled."""
        with self._keeper.connection() as connection:
            found = connection.execute("SELECT FROM person WHERE id = %s AND disabled_at IS NULL", (person,))
            return found.rowcount == 1

    def join(self, person: str, same_as: str, by: str) -> None:
        """Declare two accounts to be one human's, with every account already known to be theirs. Raises NotPermitted."""
        with self._keeper.changing() as connection:
            human, other = _person(connection, same_as).human, _person(connection, person).human
            connection.execute("UPDATE person SET human = %s WHERE human = %s", (human, other))
            _check_compatible(connection, human)
            note(connection, Event.HUMAN_JOINED, by, of=person, same_as=same_as)

    def disable(self, person: str, by: str) -> None:
        """Nothing of theirs is good any more, at once: sessions end, keys are dead. Raises NotPermitted."""
        with self._keeper.changing() as connection:
            _person(connection, person)
            connection.execute("UPDATE person SET disabled_at = now() WHERE id = %s AND disabled_at IS NULL", (person,))
            connection.execute("DELETE FROM session WHERE person = %s", (person,))
            connection.execute(
                "UPDATE api_key SET revoked_at = now() WHERE person = %s AND revoked_at IS NULL", (person,)
            )
            note(connection, Event.PERSON_DISABLED, by, of=person)

    def enable(self, person: str, by: str) -> None:
        """They may sign in again; keys stay dead. Raises NotPermitted.

        It changes no way in, so nobody has to confirm it; what was changed while they were disabled stays to be confirmed.
        """
        with self._keeper.changing() as connection:
            _person(connection, person)
            connection.execute("UPDATE person SET disabled_at = NULL WHERE id = %s", (person,))
            note(connection, Event.PERSON_ENABLED, by, of=person)

    def everybody(self, after: str = "", limit: int = 500) -> list[Entry]:
        """People by id, with all that was ever granted to them."""
        return self._entries("person.id > %s ORDER BY person.id LIMIT %s", after, limit)

    def entry(self, person: str) -> Entry | None:
        """One of them by id."""
        return next(iter(self._entries("person.id = %s", person)), None)

    def _entries(self, which: LiteralString, *values: Any) -> list[Entry]:
        query: LiteralString = (
            "SELECT person.id, human, name, machine, disabled_at IS NULL, login, unconfirmed_since FROM person "
            "LEFT JOIN local_account ON local_account.person = person.id WHERE "
        )
        with self._keeper.connection() as connection:
            rows = connection.execute(f"{query}{which}", values).fetchall()
            ids = [row[0] for row in rows]
            granted: dict[str, list[Granted]] = defaultdict(list)
            for one in _granted(connection, "role_grant.person = ANY(%s)", ids):
                granted[one.person].append(one)
            linked: dict[str, list[tuple[str, str]]] = defaultdict(list)
            for person, *identity in connection.execute(
                "SELECT person, issuer, subject FROM federated_account WHERE person = ANY(%s) ORDER BY 2, 3", (ids,)
            ):
                linked[person].append((identity[0], identity[1]))
        return [
            Entry(Person(*row[:4]), row[4], row[5], tuple(linked[row[0]]), tuple(granted[row[0]]), row[6])
            for row in rows
        ]

    # -- how somebody comes in, where an administrator changed it

    def unconfirmed_since(self, person: str) -> datetime | None:
        """Since when what is granted to somebody lies dormant (UTC); None: it does not. Raises NotPermitted."""
        with self._keeper.connection() as connection:
            row = connection.execute("SELECT unconfirmed_since FROM person WHERE id = %s", (person,)).fetchone()
        if row is None:
            raise NotPermitted(Why.UNKNOWN_PERSON)
        since: datetime | None = row[0]
        return since

    def confirm(self, person: str, seen: datetime, by: str) -> None:
        """Their way in is as they wish, and what is granted to them holds again. Raises NotPermitted.

        ``seen``: the ``unconfirmed_since`` that was read. Where an administrator changed it again since, nothing is confirmed.
        """
        with self._keeper.changing() as connection:
            _check_not_own(connection, person, by)
            done = connection.execute(
                "UPDATE person SET unconfirmed_since = NULL WHERE id = %s AND unconfirmed_since = %s", (person, seen)
            )
            if done.rowcount != 1:
                raise NotPermitted(Why.CHANGED_SINCE)
            note(connection, Event.WAY_IN_CONFIRMED, by, of=person, since=seen.astimezone(UTC).isoformat())

    # -- identities elsewhere

    def link(self, person: str, issuer: str, subject: str, by: str) -> None:
        """An identity of an OIDC provider is this person, no machine. Raises NotPermitted.

        What is granted to them lies dormant until it is confirmed.
        """
        with _unique(), self._keeper.changing() as connection:
            check_no_machine(connection, person)
            connection.execute(
                "INSERT INTO federated_account (issuer, subject, person) VALUES (%s, %s, %s)", (issuer, subject, person)
            )
            note(connection, Event.IDENTITY_LINKED, by, of=person, issuer=issuer, subject=subject)
            leave_unconfirmed(connection, person, by, business_date(self._clock()))

    def unlink(self, person: str, issuer: str, subject: str, by: str) -> None:
        """An identity is nobody any more; sessions begun with it end. Raises NotPermitted."""
        with self._keeper.changing() as connection:
            whose = (issuer, subject, person)
            gone = connection.execute(
                "DELETE FROM federated_account WHERE issuer = %s AND subject = %s AND person = %s", whose
            )
            if gone.rowcount != 1:
                raise NotPermitted(Why.UNKNOWN_PERSON)
            connection.execute("DELETE FROM session WHERE person = %s", (person,))
            note(connection, Event.IDENTITY_UNLINKED, by, of=person, issuer=issuer, subject=subject)

    def of_identity(self, issuer: str, subject: str) -> Person:
        """Whose identity it is. Raises NotProven where it is nobody's, or theirs who may not sign in any more."""
        with self._keeper.connection() as connection:
            row = connection.execute(
                "SELECT person.id, human, name, machine, disabled_at IS NULL FROM federated_account "
                "JOIN person ON person.id = person WHERE issuer = %s AND subject = %s",
                (issuer, subject),
            ).fetchone()
        if row is None:
            raise NotProven(Reason.UNKNOWN_IDENTITY)
        if not row[4]:
            raise NotProven(Reason.DISABLED)
        return Person(*row[:4])

    # -- grants

    def grant(self, person: str, grant: Grant, by: str, *, seen: int | None = None) -> int:
        """Give a role for a time; answers with the number of the grant. Raises NotPermitted.

        ``seen``: the newest grant of theirs that was read, 0 where there was none. Where another came since, nothing is given.
        """
        if not grant.scoped:
            raise NotPermitted(Why.SCOPE_MISSING)
        if grant.until < grant.since:
            raise NotPermitted(Why.DAYS)
        with self._keeper.changing() as connection:
            _check_not_own(connection, person, by)
            if seen is not None:
                connection.execute("SELECT FROM person WHERE id = %s FOR UPDATE", (person,))
                if connection.execute("SELECT FROM role_grant WHERE person = %s AND id > %s", (person, seen)).rowcount:
                    raise NotPermitted(Why.CHANGED_SINCE)
            number = _insert_grant(connection, person, grant, by)
            _check_compatible(connection, _person(connection, person).human)
            note(connection, Event.ROLE_GRANTED, by, of=person, grant=number, **_said(grant))
        return number

    def revoke(self, number: int, by: str, *, own: bool = False) -> None:
        """Take a grant back, with all that was lent of it, at once. ``own``: only what ``by`` lent. Raises NotPermitted."""
        with self._keeper.changing() as connection:
            found = _granted(connection, "role_grant.id = %s AND role_grant.revoked_at IS NULL", number)
            if not found or (own and (found[0].of_grant is None or found[0].by != by)):
                raise NotPermitted(Why.UNKNOWN_PERSON)
            if not own:
                _check_not_own(connection, found[0].person, by)
            connection.execute(
                "UPDATE role_grant SET revoked_at = now() WHERE (id = %s OR of_grant = %s) AND revoked_at IS NULL",
                (number, number),
            )
            note(connection, Event.ROLE_REVOKED, by, of=found[0].person, grant=number, **_said(found[0].grant))

    def lend(self, owner: str, number: int, to: str, since: date, until: date) -> int:
        """Lend one's own role to somebody for some days (A/B 角); answers with the grant's number. Raises NotPermitted."""
        if not since <= until or (until - since).days >= LENT_DAYS_MAX:
            raise NotPermitted(Why.DAYS)
        with self._keeper.changing() as connection:
            lent = _granted(connection, "role_grant.id = %s AND role_grant.revoked_at IS NULL", number)
            mine, theirs = _person(connection, owner), _person(connection, to)
            if not lent or lent[0].person != owner or lent[0].of_grant is not None or lent[0].grant.role in ALONE:
                raise NotPermitted(Why.NOT_LENDABLE)
            if mine.human == theirs.human or theirs.machine:
                raise NotPermitted(Why.NOT_LENDABLE)
            grant = lent[0].grant._replace(since=since, until=until)
            given = _insert_grant(connection, to, grant, owner, number)
            _check_compatible(connection, theirs.human)
            note(connection, Event.ROLE_LENT, owner, of=to, grant=given, of_grant=number, **_said(grant))
        return given

    def lent(self, owner: str) -> list[Granted]:
        """What somebody lent or was lent, newest first."""
        which: LiteralString = (
            "role_grant.of_grant IS NOT NULL AND (role_grant.granted_by = %s OR role_grant.person = %s)"
        )
        with self._keeper.connection() as connection:
            return list(reversed(_granted(connection, which, owner, owner)))


def held_on(connection: Connection[TupleRow], person: str, day: date) -> tuple[Granted, ...]:
    """The grants somebody may use on a day: not taken back; what was lent only while its owner holds it and is enabled.

    None where an administrator changed how they come in and nobody confirmed it.
    """
    lends: LiteralString = (
        "role_grant.person = %s AND role_grant.revoked_at IS NULL AND %s BETWEEN role_grant.since AND role_grant.until AND "
        "(role_grant.of_grant IS NULL OR (lent.revoked_at IS NULL AND owner.disabled_at IS NULL "
        "AND %s BETWEEN lent.since AND lent.until)) AND NOT EXISTS (SELECT FROM person AS holder "
        "WHERE holder.id = role_grant.person AND holder.unconfirmed_since IS NOT NULL)"
    )
    return tuple(_granted(connection, lends, person, day, day))


def leave_unconfirmed(connection: Connection[TupleRow], person: str, by: str, today: date) -> None:
    """Somebody's way in was changed for them: whatever is granted to them, from today on or later, waits to be confirmed.

    Where nothing is, nothing waits: whoever grants to them afterwards is the second person, and sees how they come in.
    """
    held: LiteralString = "role_grant.person = %s AND role_grant.revoked_at IS NULL AND role_grant.until >= %s"
    if _granted(connection, held, person, today):
        connection.execute("UPDATE person SET unconfirmed_since = now() WHERE id = %s", (person,))
        note(connection, Event.WAY_IN_UNCONFIRMED, by, of=person)


def check_no_machine(connection: Connection[TupleRow], person: str) -> None:
    """Machines have keys and no other way in. Raises NotPermitted."""
    if _person(connection, person).machine:
        raise NotPermitted(Why.IS_A_MACHINE)


def _granted(connection: Connection[TupleRow], which: LiteralString, *values: Any) -> list[Granted]:
    query: LiteralString = (
        "SELECT role_grant.id, role_grant.person, role_grant.role, role_grant.department, role_grant.specials, "
        "role_grant.since, role_grant.until, role_grant.of_grant, role_grant.granted_by, "
        "role_grant.revoked_at IS NOT NULL, owner.human, role_grant.sources FROM role_grant "
        "LEFT JOIN role_grant AS lent ON lent.id = role_grant.of_grant LEFT JOIN person AS owner ON owner.id = lent.person "
    )
    rows = connection.execute(f"{query}WHERE {which} ORDER BY role_grant.id", values).fetchall()
    return [
        Granted(
            row[0],
            row[1],
            Grant(Role(row[2]), row[3], frozenset(row[4]), frozenset(row[11]), row[5], row[6], row[10]),
            *row[7:10],
        )
        for row in rows
    ]


def _insert_grant(
    connection: Connection[TupleRow], person: str, grant: Grant, by: str, of_grant: int | None = None
) -> int:
    row = connection.execute(
        "INSERT INTO role_grant (person, role, department, specials, sources, since, until, granted_by, of_grant) "
        "VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s) RETURNING id",
        (
            person,
            grant.role,
            grant.department,
            sorted(grant.specials),
            sorted(grant.sources),
            grant.since,
            grant.until,
            by,
            of_grant,
        ),
    ).fetchone()
    assert row is not None
    return int(row[0])


def _said(grant: Grant) -> dict[str, Any]:
    days = {"since": grant.since.isoformat(), "until": grant.until.isoformat()}
    scope = {
        "department": grant.department,
        "specials": " ".join(sorted(grant.specials)) or None,
        "sources": " ".join(sorted(grant.sources)) or None,
    }
    return {"role": grant.role, **scope, **days}


def _person(connection: Connection[TupleRow], person: str) -> Person:
    row = connection.execute("SELECT id, human, name, machine FROM person WHERE id = %s", (person,)).fetchone()
    if row is None:
        raise NotPermitted(Why.UNKNOWN_PERSON)
    return Person(*row)


def _check_not_own(connection: Connection[TupleRow], person: str, by: str) -> None:
    """Nobody changes the rights of the human they are, under whichever account."""
    human = _person(connection, person).human
    row = connection.execute("SELECT human FROM person WHERE id = %s", (by,)).fetchone()
    if row is not None and row[0] == human:
        raise NotPermitted(Why.OWN_RIGHTS)


def _check_compatible(connection: Connection[TupleRow], human: str) -> None:
    """No human holds on any day one of the roles that stand alone beside any other."""
    beside = connection.execute(
        "WITH held AS (SELECT role, since, until FROM role_grant JOIN person ON person.id = role_grant.person "
        "WHERE human = %s AND revoked_at IS NULL) SELECT FROM held JOIN held AS other ON other.role <> held.role "
        "AND other.since <= held.until AND held.since <= other.until WHERE held.role = ANY(%s)",
        (human, sorted(ALONE)),
    )
    if beside.rowcount:
        raise NotPermitted(Why.INCOMPATIBLE_ROLES)


@contextmanager
def _unique() -> Iterator[None]:
    try:
        yield
    except UniqueViolation as error:
        raise NotPermitted(Why.ALREADY_THERE) from error
