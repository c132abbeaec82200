"""Local accounts: password, one-time code, lockout. What is set by an administrator is good for setting one's own only."""

from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from psycopg import Connection
from psycopg.rows import TupleRow

from ledger.access.credentials import (
    new_password,
    new_totp_secret,
    password_fits,
    password_hash,
    totp_address,
)
from ledger.access.keeper import Keeper
from ledger.access.refusals import NotPermitted, Why
from ledger.access.register import Person, check_no_machine, leave_unconfirmed
from ledger.access.second_factor import SecondFactors
from ledger.access.sessions import Method
from ledger.audit.trail import Event, note
from ledger.domain.fields import business_date

FAILURES_MAX = 5
LOCKED_FOR = timedelta(minutes=15)


class Failure(StrEnum):
    """Why a sign-in failed. Who tried is told the same words for all of them; the audit record keeps which it was."""

    UNKNOWN_LOGIN = "UNKNOWN_LOGIN"
    WRONG_PASSWORD = "WRONG_PASSWORD"  # noqa: S105 - the name of a failure
    WRONG_CODE = "WRONG_CODE"
    LOCKED = "LOCKED"
    DISABLED = "DISABLED"
    INITIAL_PASSWORD = "INITIAL_PASSWORD"  # noqa: S105
    """Right, but set by an administrator: one of one's own must be set first. The only one that is told."""


class SignInFailed(Exception):
    """Nobody was signed in."""

    def __init__(self, why: Failure) -> None:
        super().__init__(why)
        self.why = why


class _Account(NamedTuple):
    login: str
    person: Person
    password: str
    initial: bool
    totp: bytes | None
    totp_asked: bytes | None
    totp_used: int
    locked_until: datetime | None
    disabled: bool

    def locked(self, now: datetime) -> bool:
        return self.locked_until is not None and self.locked_until > now


class Accounts:
    """Local accounts of one database. ``clock`` gives the instant, UTC."""

    def __init__(self, keeper: Keeper, factors: SecondFactors, clock: Callable[[], datetime]) -> None:
        self._keeper = keeper
        self._factors = factors
        self._clock = clock

    def open(self, person: str, login: str, by: str, *, password: str | None = None) -> str:
        """Open or reset somebody's account; answers with the password to begin with, shown once. Raises NotPermitted.

        ``password``: one that they chose themselves. Whatever was set before, second factor and lock, is gone. What is
        granted to them lies dormant until it is confirmed.
        """
        first = password or new_password()
        kept = password_hash(first, login)
        with self._keeper.changing() as connection:
            check_no_machine(connection, person)
            done = connection.execute(
                "INSERT INTO local_account (login, person, password, initial) VALUES (%s, %s, %s, %s) "
                "ON CONFLICT DO NOTHING",
                (login, person, kept, password is None),
            )
            if done.rowcount != 1:
                done = connection.execute(
                    "UPDATE local_account SET password = %s, initial = %s, totp_wrapped = NULL, totp_asked_wrapped = NULL, "
                    "failures = 0, locked_until = NULL WHERE login = %s AND person = %s",
                    (kept, password is None, login, person),
                )
            if done.rowcount != 1:
                raise NotPermitted(Why.ALREADY_THERE)
            connection.execute("DELETE FROM session WHERE person = %s", (person,))
            note(connection, Event.ACCOUNT_OPENED, by, of=person, login=login)
            leave_unconfirmed(connection, person, by, business_date(self._clock()))
        return first

    def sign_in(self, login: str, password: str, code: str = "", *, instead: str | None = None) -> Person:
        """Who signs in with these. Raises SignInFailed; FAILURES_MAX in a row lock the account for LOCKED_FOR.

        ``instead``: the new password, where the present one was set by an administrator. Raises NotPermitted where it is weak
        or the present one.
        """
        now = self._clock()
        kept = _another(instead, password, login) if instead is not None else None
        with self._keeper.connection() as connection:
            account = _account(connection, login)
            failure, step = self._judge(account, password, code, now)
            if account is not None:
                if failure is not Failure.LOCKED:
                    _count(connection, login, failed=failure is not None, step=step, now=now)
                if failure is None and account.initial and kept is not None:
                    _set_own(connection, account.person.id, login, kept)
                elif failure is None and account.initial:
                    failure = Failure.INITIAL_PASSWORD
            if failure is not None:
                who = account.person.id if account else None
                note(connection, Event.SIGN_IN_FAILED, who, method=Method.PASSWORD, why=failure)
        if failure is not None:
            raise SignInFailed(failure)
        assert account is not None
        return account.person

    def method(self, person: str) -> Method:
        """By what somebody who has just signed in here has shown who they are."""
        with self._keeper.connection() as connection:
            account = _account(connection, _login(connection, person))
        return Method.PASSWORD_AND_CODE if account and account.totp else Method.PASSWORD

    def set_password(self, person: str, old: str, new: str, code: str = "") -> None:
        """One's own password anew; every session ends. Raises NotPermitted, also where the old one or the code does not fit."""
        login = self._login(person)
        kept = _another(new, old, login)
        self._sure(login, old, code)
        with self._keeper.changing() as connection:
            _set_own(connection, person, login, kept)
            connection.execute("DELETE FROM session WHERE person = %s", (person,))

    def ask_second_factor(self, person: str, password: str, code: str = "") -> tuple[str, str]:
        """A secret for an authenticator and its ``otpauth://`` address; it counts once a code was shown to fit.

        ``code``: of the authenticator before, if there is one. Raises NotPermitted.
        """
        login = self._login(person)
        self._sure(login, password, code)
        secret = new_totp_secret()
        with self._keeper.connection() as connection:
            wrapped = self._factors.wrap(secret, login, person)
            connection.execute("UPDATE local_account SET totp_asked_wrapped = %s WHERE login = %s", (wrapped, login))
        return secret, totp_address(secret, login)

    def confirm_second_factor(self, person: str, code: str) -> None:
        """From now on a code is asked for at every sign-in; every session ends. Raises NotPermitted where it does not fit."""
        login = self._login(person)
        with self._keeper.changing() as connection:
            account = _account(connection, login)
            asked = account.totp_asked if account else None
            step = self._factors.step(asked, login, person, code, self._clock()) if asked else None
            if step is None:
                raise NotPermitted(Why.WRONG_CODE)
            connection.execute(
                "UPDATE local_account SET totp_wrapped = totp_asked_wrapped, totp_asked_wrapped = NULL, totp_used = %s "
                "WHERE login = %s",
                (step, login),
            )
            connection.execute("DELETE FROM session WHERE person = %s", (person,))
            note(connection, Event.SECOND_FACTOR_SET, person)

    def _judge(
        self, account: _Account | None, password: str, code: str, now: datetime
    ) -> tuple[Failure | None, int | None]:
        """Why it fails, or the time step of the code that was used; the password is always hashed, whatever else is wrong."""
        fits = password_fits(password, account.password if account else None)
        if account is None:
            return Failure.UNKNOWN_LOGIN, None
        if account.locked(now):
            return Failure.LOCKED, None
        if not fits:
            return Failure.WRONG_PASSWORD, None
        if account.disabled:
            return Failure.DISABLED, None
        if account.totp is None:
            return None, None
        step = self._factors.step(account.totp, account.login, account.person.id, code, now)
        return (Failure.WRONG_CODE, None) if step is None or step <= account.totp_used else (None, step)

    def _login(self, person: str) -> str:
        with self._keeper.connection() as connection:
            return _login(connection, person)

    def _sure(self, login: str, password: str, code: str) -> None:
        """Whoever sits at an open session shows that they are its owner, as at the door, where guesses count too."""
        now = self._clock()
        with self._keeper.connection() as connection:
            account = _account(connection, login)
            failure, step = self._judge(account, password, code, now)
            if account is not None and failure is not Failure.LOCKED:
                _count(connection, login, failed=failure is not None, step=step, now=now)
        if failure is not None:
            raise NotPermitted(Why.WRONG_CODE if failure is Failure.WRONG_CODE else Why.WRONG_PASSWORD)


def _another(new: str, present: str, login: str) -> str:
    """The hash of a new password, which is not the present one: what others set or may know must not stay."""
    if new == present:
        raise NotPermitted(Why.SAME_PASSWORD)
    return password_hash(new, login)


def _login(connection: Connection[TupleRow], person: str) -> str:
    """Raises NotPermitted where they have no account here."""
    row = connection.execute("SELECT login FROM local_account WHERE person = %s", (person,)).fetchone()
    if row is None:
        raise NotPermitted(Why.UNKNOWN_PERSON)
    return str(row[0])


def _account(connection: Connection[TupleRow], login: str) -> _Account | None:
    row = connection.execute(
        "SELECT person.id, human, name, machine, password, initial, totp_wrapped, totp_asked_wrapped, totp_used, locked_until, "
        "disabled_at IS NOT NULL FROM local_account JOIN person ON person.id = local_account.person "
        "WHERE login = %s FOR UPDATE OF local_account",
        (login,),
    ).fetchone()
    return _Account(login, Person(*row[:4]), *row[4:]) if row else None


def _set_own(connection: Connection[TupleRow], person: str, login: str, kept: str) -> None:
    """A password that its owner chose."""
    connection.execute("UPDATE local_account SET password = %s, initial = false WHERE login = %s", (kept, login))
    note(connection, Event.PASSWORD_SET, person)


def _count(connection: Connection[TupleRow], login: str, *, failed: bool, step: int | None, now: datetime) -> None:
    """Count a failure in a row, or forget them; a one-time code is good once."""
    if not failed:
        connection.execute(
            "UPDATE local_account SET failures = 0, locked_until = NULL, totp_used = coalesce(%s, totp_used) WHERE login = %s",
            (step, login),
        )
        return
    connection.execute(
        "UPDATE local_account SET failures = (failures + 1) %% %s, "
        "locked_until = CASE WHEN failures + 1 >= %s THEN %s::timestamptz ELSE locked_until END WHERE login = %s",
        (FAILURES_MAX, FAILURES_MAX, now + LOCKED_FOR, login),
    )
