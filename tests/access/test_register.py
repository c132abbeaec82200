"""Who may be granted what, by whom, and for how long; and that all of it stands in the audit record."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger.access.people import People
from ledger.access.policy import ALONE, Grant
from ledger.access.refusals import NotPermitted, Why
from ledger.access.register import LENT_DAYS_MAX, Person
from ledger.domain.catalogue import Role
from tests.access.kept import lines
from tests.application.history import superuser

DAY = date(2025, 6, 30)
FOREVER = {"since": date(2025, 1, 1), "until": date.max}
FIN = Grant(Role.FIN, **FOREVER)
STD = Grant(Role.STD, **FOREVER)


@contextmanager
def refused(why: Why) -> Iterator[None]:
    with pytest.raises(NotPermitted) as found:
        yield
    assert found.value.why is why


def roles(people: People, person: Person, day: date = DAY) -> list[tuple[Role, str | None]]:
    return [(one.grant.role, one.grant.acting_for) for one in people.held(person, day)]


def test_a_role_holds_from_its_first_day_to_its_last(registered: People, wang: Person) -> None:
    given_for = Grant(Role.FIN, since=DAY, until=DAY + timedelta(2))
    registered.register.grant(wang.id, given_for, "p-sec-1")
    for day, expected in ((-1, []), (0, [(Role.FIN, None)]), (2, [(Role.FIN, None)]), (3, [])):
        assert roles(registered, wang, DAY + timedelta(day)) == expected
    with refused(Why.DAYS):
        registered.register.grant(wang.id, FIN._replace(until=date(2024, 1, 1)), "p-sec-1")


def test_what_was_taken_back_is_gone(registered: People, wang: Person) -> None:
    number = registered.register.grant(wang.id, FIN, "p-sec-1")
    registered.register.revoke(number, "p-sec-1")
    assert roles(registered, wang) == []
    with refused(Why.UNKNOWN_PERSON):
        registered.register.revoke(number, "p-sec-1")


def test_nobody_changes_their_own_rights_under_whatever_account(registered: People) -> None:
    register = registered.register
    alias = register.add("安全管理员二号账号", "p-adm-1", same_as="p-sec-1")
    with refused(Why.OWN_RIGHTS):
        register.grant("p-sec-1", FIN, "p-sec-1")
    with refused(Why.OWN_RIGHTS):
        register.grant(alias.id, FIN, "p-sec-1")
    with refused(Why.OWN_RIGHTS):
        register.grant("p-sec-1", FIN, alias.id)
    mine = next(entry for entry in register.everybody() if entry.person.id == "p-sec-1").grants[0].number
    with refused(Why.OWN_RIGHTS):
        register.revoke(mine, "p-sec-1")


@pytest.mark.parametrize("alone", sorted(ALONE))
def test_those_who_keep_and_check_hold_nothing_else(registered: People, wang: Person, alone: Role) -> None:
    register = registered.register
    number = register.grant(wang.id, Grant(alone, **FOREVER), "p-sec-1")
    for other in (FIN, Grant(Role.SEC if alone is not Role.SEC else Role.ADM, **FOREVER)):
        with refused(Why.INCOMPATIBLE_ROLES):
            register.grant(wang.id, other, "p-sec-1")
    assert roles(registered, wang) == [(alone, None)]
    register.revoke(number, "p-sec-1")
    register.grant(wang.id, FIN, "p-sec-1")
    with refused(Why.INCOMPATIBLE_ROLES):
        register.grant(wang.id, Grant(alone, **FOREVER), "p-sec-1")


def test_two_accounts_of_one_human_share_what_is_incompatible(registered: People, wang: Person) -> None:
    register = registered.register
    register.grant(wang.id, FIN, "p-sec-1")
    with refused(Why.INCOMPATIBLE_ROLES):
        register.join(wang.id, "p-aud-1", "p-adm-1")
    assert register.person(wang.id).human == wang.id
    register.join(wang.id, "p-std-1", "p-adm-1")
    assert register.person("wang").human == register.person("std-1").human


@pytest.mark.parametrize(
    "grant",
    [
        Grant(Role.PM, **FOREVER),
        Grant(Role.REC, **FOREVER),
        Grant(Role.FIN, department="x", **FOREVER),
        Grant(Role.FIN, specials=frozenset({"RDT-KRD"}), **FOREVER),
        Grant(Role.PM, department="x", specials=frozenset({"RDT-KRD"}), **FOREVER),
        Grant(Role.REC, department="x", sources=frozenset({"NSF"}), **FOREVER),
        Grant(Role.TRE, sources=frozenset({"NSF"}), **FOREVER),
        Grant(Role.SEC, sources=frozenset({"NSF"}), **FOREVER),
    ],
)
def test_a_scope_goes_with_the_roles_that_have_one(registered: People, wang: Person, grant: Grant) -> None:
    with refused(Why.SCOPE_MISSING):
        registered.register.grant(wang.id, grant, "p-sec-1")


# -- lending (A/B 角)


@pytest.fixture
def lent(registered: People, wang: Person) -> tuple[int, int]:
    """Finance lends wang its role for three days: the lent grant and the loan."""
    (own,) = registered.held(registered.register.person("fin-1"), DAY)
    loan = registered.register.lend("p-fin-1", own.number, wang.id, DAY, DAY + timedelta(2))
    return own.number, loan


def test_what_is_lent_holds_for_its_days_in_the_other_s_name(
    registered: People, wang: Person, lent: tuple[int, int]
) -> None:
    for day, expected in ((-1, []), (0, [(Role.FIN, "p-fin-1")]), (2, [(Role.FIN, "p-fin-1")]), (3, [])):
        assert roles(registered, wang, DAY + timedelta(day)) == expected


def test_what_is_lent_ends_with_what_it_is_of(registered: People, wang: Person, lent: tuple[int, int]) -> None:
    registered.register.disable("p-fin-1", "p-adm-1")
    assert roles(registered, wang) == []
    registered.register.enable("p-fin-1", "p-adm-1")
    assert roles(registered, wang) == [(Role.FIN, "p-fin-1")]
    registered.register.revoke(lent[0], "p-sec-1")
    assert roles(registered, wang) == []


def test_who_lent_takes_it_back_and_nobody_else_s(registered: People, wang: Person, lent: tuple[int, int]) -> None:
    for who, number in ((wang.id, lent[1]), ("p-fin-1", lent[0])):
        with refused(Why.UNKNOWN_PERSON):
            registered.register.revoke(number, who, own=True)
    registered.register.revoke(lent[1], "p-fin-1", own=True)
    assert roles(registered, wang) == []


def test_only_one_s_own_role_is_lent_and_to_somebody_else(
    registered: People, wang: Person, lent: tuple[int, int]
) -> None:
    lend = registered.register.lend
    (auditor,) = registered.held(registered.register.person("aud-1"), DAY)
    alias = registered.register.add("财政二号账号", "p-adm-1", same_as="p-fin-1")
    for owner, number, to in (
        (wang.id, lent[1], "p-std-1"),
        (wang.id, lent[0], "p-std-1"),
        ("p-fin-1", lent[0], alias.id),
        ("p-fin-1", lent[0], "p-tre-1"),
        ("p-aud-1", auditor.number, wang.id),
    ):
        with refused(Why.NOT_LENDABLE):
            lend(owner, number, to, DAY, DAY)
    with refused(Why.INCOMPATIBLE_ROLES):
        lend("p-fin-1", lent[0], "p-aud-1", DAY, DAY)
    for since, until in ((DAY, DAY - timedelta(1)), (DAY, DAY + timedelta(LENT_DAYS_MAX))):
        with refused(Why.DAYS):
            lend("p-fin-1", lent[0], "p-std-1", since, until)


# -- whatever is done


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 3), st.sampled_from(sorted(Role)), st.integers(0, 3)), max_size=12))
def test_no_human_ever_holds_a_role_that_stands_alone_beside_another(
    registered: People, steps: list[tuple[int, Role, int]]
) -> None:
    """People, some of them the same human, granted anything in any order."""
    register = registered.register
    ids: list[str] = []
    for number in range(4):
        same_as = ids[0] if number == 1 else None
        ids.append(register.add(f"人员{number}", "p-adm-1", same_as=same_as).id)
    for who, role, other in steps:
        try:
            register.grant(ids[who], Grant(role, **FOREVER), "p-sec-1")
            register.join(ids[who], ids[other], "p-adm-1")
        except NotPermitted:
            continue
    held: dict[str, set[Role]] = {}
    for entry in register.everybody():
        held.setdefault(entry.person.human, set()).update(one.grant.role for one in entry.grants if not one.revoked)
    assert all(len(roles) == 1 or not roles & ALONE for roles in held.values() if roles)


def test_the_service_cannot_change_a_row_of_the_audit_record(registered: People, dsn: str) -> None:
    registered.register.add("甲", "p-adm-1")
    with psycopg.connect(dsn) as connection:
        connection.execute("SET ROLE ledger_keeper")
        for change in ("UPDATE ledger.trail SET number = 9", "DELETE FROM ledger.trail", "TRUNCATE ledger.trail"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(change)
            connection.rollback()
            connection.execute("SET ROLE ledger_keeper")


@pytest.mark.parametrize("table", ["movement", "entry", "balance", "sealed", "head", "document"])
def test_the_keeper_of_people_reads_no_books(dsn: str, table: str) -> None:
    with psycopg.connect(dsn) as connection:
        connection.execute("SET ROLE ledger_keeper")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(f"SELECT * FROM ledger.{table}")


@pytest.mark.parametrize("role", ["ledger_writer", "ledger_reader"])
@pytest.mark.parametrize("table", ["person", "local_account", "role_grant", "api_key", "session"])
def test_who_records_money_reads_no_secrets_and_grants_nothing(dsn: str, role: str, table: str) -> None:
    with psycopg.connect(dsn) as connection:
        connection.execute(f"SET ROLE {role}")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(f"SELECT * FROM ledger.{table}")


# -- the chain


def test_every_change_is_a_row_whose_chain_holds(registered: People, wang: Person) -> None:
    number = registered.register.grant(wang.id, FIN, "p-sec-1")
    with refused(Why.OWN_RIGHTS):
        registered.register.grant("p-sec-1", FIN, "p-sec-1")
    kept = lines(registered.trail)
    assert [line.number for line in kept] == list(range(1, len(kept) + 1))
    assert kept[-1].about == {
        "of": wang.id,
        "grant": number,
        "role": "FIN",
        "since": "2025-01-01",
        "until": "9999-12-31",
    }
    assert kept[-1].request is None
    assert registered.trail.broken_at() is None
    assert registered.trail.standing() == (kept[-1].number, kept[-1].chain)


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE trail SET state = replace(convert_from(state, 'UTF8'), 'DONE', 'GONE')::bytea WHERE number = 3",
        "UPDATE trail SET chain = sha256(chain) WHERE number = 3",
        "UPDATE trail SET leaf = sha256(leaf) WHERE number = 3",
        "DELETE FROM trail WHERE number = 3",
        "UPDATE trail SET number = number + 1000 WHERE number >= 3",
    ],
)
def test_whatever_is_changed_is_found_at_its_place(registered: People, wang: Person, dsn: str, damage: str) -> None:
    with superuser(dsn) as connection:
        assert connection.execute(damage).rowcount
        connection.commit()
    assert registered.trail.broken_at() == 3
