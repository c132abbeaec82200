"""Where an administrator changes how somebody comes in: nothing acts under their grants until a second person confirms it."""

from contextlib import closing
from datetime import date, timedelta

import pyotp
import pytest

from bench.workload import SECRET
from ledger.access.accounts import Failure, SignInFailed
from ledger.access.people import People
from ledger.access.policy import Action, Grant
from ledger.access.refusals import Why
from ledger.access.register import Person
from ledger.access.sessions import Method
from ledger.domain.catalogue import Role
from tests.access.conftest import PASSWORD, Clock
from tests.access.kept import lines
from tests.access.test_register import DAY, FIN, refused, roles
from tests.application.history import superuser

ISSUER = "https://id.example.cn"


@pytest.fixture
def li(registered: People, wang: Person) -> Person:
    """Wang, with a role of finance."""
    registered.register.grant(wang.id, FIN, "p-sec-1")
    return wang


def change(people: People, how: str, person: Person) -> None:
    if how == "account":
        people.accounts.open(person.id, "wang", "p-adm-1")
    else:
        people.register.link(person.id, ISSUER, f"mine-{how}", "p-adm-1")


def confirm(people: People, person: Person, by: str = "p-sec-1") -> None:
    seen = people.register.unconfirmed_since(person.id)
    assert seen is not None
    people.register.confirm(person.id, seen, by)


@pytest.mark.parametrize("how", ["account", "link"])
def test_what_is_granted_lies_dormant_until_it_is_confirmed(registered: People, li: Person, how: str) -> None:
    (own,) = registered.held(registered.register.person("fin-1"), DAY)
    registered.register.lend("p-fin-1", own.number, li.id, DAY, DAY)
    _, key = registered.keys.make(li.id, "x", [Action.SEE_BOOKS], 1, li.id)
    change(registered, how, li)
    token, _ = registered.sessions.begin(li, Method.PASSWORD)

    def held() -> set[int]:
        by_key, by_session = registered.of_key(key, DAY), registered.of_session(token, DAY)
        assert by_key is not None
        assert by_session is not None
        return {len(by_key.grants), len(by_session.grants), len(roles(registered, li))}

    assert held() == {0}
    confirm(registered, li)
    assert registered.remembered(registered.of_session, token, DAY) is None
    assert held() == {2}
    events = [(line.event, line.person, line.about.get("of")) for line in lines(registered.trail)]
    assert ("WAY_IN_UNCONFIRMED", "p-adm-1", li.id) in events
    assert ("WAY_IN_CONFIRMED", "p-sec-1", li.id) in events


def test_what_is_to_come_waits_too_and_what_is_over_does_not(registered: People, wang: Person) -> None:
    grant = registered.register.grant
    grant(wang.id, Grant(Role.FIN, since=DAY - timedelta(9), until=DAY - timedelta(1)), "p-sec-1")
    registered.register.revoke(grant(wang.id, FIN, "p-sec-1"), "p-sec-1")
    change(registered, "account", wang)
    assert registered.register.unconfirmed_since(wang.id) is None
    grant(wang.id, Grant(Role.FIN, since=DAY + timedelta(5), until=date.max), "p-sec-1")
    change(registered, "account", wang)
    assert registered.register.unconfirmed_since(wang.id) is not None


def test_who_grants_after_the_first_opening_is_the_second_person(registered: People, li: Person) -> None:
    assert roles(registered, li) == [(Role.FIN, None)]
    change(registered, "link", li)
    registered.register.grant(li.id, FIN._replace(role=Role.STD), "p-sec-1")
    assert roles(registered, li) == []


def test_what_changed_after_it_was_read_is_not_confirmed_with_it(registered: People, li: Person) -> None:
    change(registered, "account", li)
    read = registered.register.unconfirmed_since(li.id)
    assert read is not None
    change(registered, "link", li)
    with refused(Why.CHANGED_SINCE):
        registered.register.confirm(li.id, read, "p-sec-1")
    assert roles(registered, li) == []
    confirm(registered, li)
    with refused(Why.CHANGED_SINCE):
        registered.register.confirm(li.id, read, "p-sec-1")


def test_nobody_confirms_their_own_way_in(registered: People) -> None:
    security = registered.register.person("sec-1")
    registered.register.link(security.id, ISSUER, "sec", "p-adm-1")
    alias = registered.register.add("安全管理员二号账号", "p-adm-1", same_as=security.id)
    for own in (security.id, alias.id):
        with refused(Why.OWN_RIGHTS):
            confirm(registered, security, own)
    confirm(registered, security, "p-sec-2")


def test_one_s_own_changes_and_what_takes_away_need_no_confirmation(registered: People, li: Person) -> None:
    change(registered, "link", li)
    confirm(registered, li)
    registered.accounts.set_password(li.id, PASSWORD, "quiet-Heron-77-marsh")
    registered.register.unlink(li.id, ISSUER, "mine-link", "p-adm-1")
    registered.register.disable(li.id, "p-adm-1")
    registered.register.enable(li.id, "p-adm-1")
    assert registered.register.unconfirmed_since(li.id) is None
    assert roles(registered, li) == [(Role.FIN, None)]


def test_a_machine_has_keys_and_no_other_way_in(registered: People) -> None:
    for how in ("account", "link"):
        with refused(Why.IS_A_MACHINE):
            change(registered, how, Person("p-tre-1", "p-tre-1", "", machine=True))


# -- the secrets of one-time codes


def set_up(people: People, person: Person, clock: Clock) -> pyotp.TOTP:
    secret, _ = people.accounts.ask_second_factor(person.id, PASSWORD)
    code = pyotp.TOTP(secret)
    people.accounts.confirm_second_factor(person.id, code.at(clock.now))
    clock.pass_by(timedelta(seconds=30))
    return code


def test_a_copy_of_the_database_gives_no_codes(registered: People, wang: Person, clock: Clock, dsn: str) -> None:
    code = set_up(registered, wang, clock)
    asked, _ = registered.accounts.ask_second_factor(wang.id, PASSWORD, code.at(clock.now))
    clock.pass_by(timedelta(seconds=30))
    with superuser(dsn) as db:
        row = db.execute("SELECT local_account::text FROM ledger.local_account WHERE login = 'wang'").fetchone()
    assert row is not None
    for secret in (code.secret, asked):
        assert secret not in row[0]
        assert secret.encode().hex() not in row[0]
    assert registered.accounts.sign_in("wang", PASSWORD, code.at(clock.now)) == wang


def test_a_wrapped_secret_that_is_put_to_another_account_opens_nothing(
    registered: People, wang: Person, clock: Clock, dsn: str
) -> None:
    """Who writes into the database gives nobody's codes to themselves, nor takes the need of codes for granted."""
    code = set_up(registered, wang, clock)
    zhao = registered.register.add("赵", "p-adm-1")
    registered.accounts.open(zhao.id, "zhao", "p-adm-1", password=PASSWORD)
    with superuser(dsn) as db:
        moved = "SELECT totp_wrapped FROM local_account WHERE login = 'wang'"
        db.execute(f"UPDATE local_account SET totp_wrapped = ({moved}) WHERE login = 'zhao'")
    with pytest.raises(SignInFailed, match=Failure.WRONG_CODE):
        registered.accounts.sign_in("zhao", PASSWORD, code.at(clock.now))


def test_codes_kept_in_clear_are_wrapped_at_the_next_start(
    registered: People, wang: Person, clock: Clock, dsn: str
) -> None:
    code = pyotp.TOTP(pyotp.random_base32())
    with superuser(dsn) as db:
        db.execute("UPDATE local_account SET totp = %s WHERE login = 'wang'", (code.secret,))
    with closing(People(dsn, SECRET, clock)) as later:
        assert later.accounts.sign_in("wang", PASSWORD, code.at(clock.now)) == wang
    with superuser(dsn) as db:
        assert db.execute("SELECT count(totp) FROM local_account").fetchone() == (0,)
