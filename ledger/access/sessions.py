"""Sessions, kept by the server: short, and ended at once when they are.

A session ends when it was idle for IDLE, at the latest LENGTH after it began, or when it is ended, its person is disabled or
their password set anew.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from ledger.access.credentials import new_token, token_hash
from ledger.access.keeper import Keeper
from ledger.access.register import Person
from ledger.audit.trail import Event, note

IDLE = timedelta(minutes=20)
LENGTH = timedelta(hours=8)
SEEN_EVERY = timedelta(minutes=1)
"""How finely it is kept when a session was last used."""
OF_ONE_MAX = 10
"""Sessions of one person; one more ends the oldest."""


class Method(StrEnum):
    """How somebody signed in."""

    PASSWORD = "password"  # noqa: S105 - the name of a method
    PASSWORD_AND_CODE = "password and code"  # noqa: S105
    OIDC = "oidc"


class Session(NamedTuple):
    """A session that holds: whose, how they signed in, and until when at the latest (UTC)."""

    person: Person
    method: Method
    ends_at: datetime


class Sessions:
    """Sessions of one database. ``clock`` gives the instant, UTC."""

    def __init__(self, keeper: Keeper, clock: Callable[[], datetime]) -> None:
        self._keeper = keeper
        self._clock = clock

    def begin(self, person: Person, method: Method) -> tuple[str, datetime]:
        """A new session: the token for the browser, kept as a hash only, and when it ends at the latest."""
        token, now = new_token(), self._clock()
        ends_at = now + LENGTH
        with self._keeper.changing() as connection:
            connection.execute("DELETE FROM session WHERE ends_at < %s OR seen_at < %s", (now, now - IDLE))
            connection.execute(
                "DELETE FROM session WHERE hash IN (SELECT hash FROM session WHERE person = %s ORDER BY made_at DESC OFFSET %s)",
                (person.id, OF_ONE_MAX - 1),
            )
            connection.execute(
                "INSERT INTO session (hash, person, method, made_at, seen_at, ends_at) VALUES (%s, %s, %s, %s, %s, %s)",
                (token_hash(token), person.id, method, now, now, ends_at),
            )
            note(connection, Event.SIGNED_IN, person.id, method=method)
        return token, ends_at

    def of_token(self, token: str, *, used: bool = True) -> Session | None:
        """The session of a token, if it holds now; being used keeps it from going idle."""
        now, hashed = self._clock(), token_hash(token)
        with self._keeper.connection() as connection:
            row = connection.execute(
                "SELECT person.id, human, name, machine, method, ends_at, seen_at FROM session "
                "JOIN person ON person.id = session.person "
                "WHERE hash = %s AND ends_at > %s AND seen_at > %s AND disabled_at IS NULL",
                (hashed, now, now - IDLE),
            ).fetchone()
            if row is None:
                return None
            if used and now - row[6] > SEEN_EVERY:
                connection.execute("UPDATE session SET seen_at = %s WHERE hash = %s", (now, hashed))
        return Session(Person(*row[:4]), Method(row[4]), row[5])

    def end(self, token: str) -> None:
        """Sign out."""
        with self._keeper.changing() as connection:
            gone = connection.execute(
                "DELETE FROM session WHERE hash = %s RETURNING person", (token_hash(token),)
            ).fetchone()
            if gone is not None:
                note(connection, Event.SIGNED_OUT, gone[0])

    def end_all(self, person: str, by: str) -> None:
        """Sign somebody out everywhere, at once."""
        with self._keeper.changing() as connection:
            connection.execute("DELETE FROM session WHERE person = %s", (person,))
            note(connection, Event.SESSIONS_ENDED, by, of=person)
