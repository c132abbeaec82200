"""Whose duties met that must not: each rule found and not found, by the human and never by the account."""

from datetime import date
from itertools import combinations

import pytest

from ledger.access.policy import ALONE, Grant
from ledger.access.register import Entry, Granted, Person
from ledger.access.segregation import NUMBERS, RULES, Duty, Finding, Signed, Signer, Tried, conflict, findings
from ledger.domain.catalogue import Role

JAN, JUN, DEC = date(2025, 1, 1), date(2025, 6, 30), date(2025, 12, 31)


def person(name: str, *grants: Grant, human: str | None = None, revoked: bool = False) -> Entry:
    granted = tuple(Granted(at, name, grant, None, "sec", revoked) for at, grant in enumerate(grants))
    return Entry(Person(name, human or name, name), True, name, (), granted, None)


def signed(number: int, *signers: tuple[str, Role], **about: object) -> Signed:
    return Signed(tuple(Signer(*one) for one in signers), (number,), **about)  # type: ignore[arg-type]


def found(*movements: Signed, people: tuple[Entry, ...] = (), tried: tuple[Tried, ...] = ()) -> list[Finding]:
    entered = [one for one in movements if one.enters]
    return findings(movements, entered, tried, people)


def test_two_people_of_one_role_are_nothing() -> None:
    assert found(signed(1, ("a", Role.STD), ("b", Role.STD)), people=(person("a", Grant(Role.STD)),)) == []


def test_one_human_on_both_sides_is_found_though_the_accounts_were_joined_later() -> None:
    movement = signed(7, ("a", Role.STD), ("b", Role.STD))
    people = person("a", human="a"), person("b", human="a")
    assert found(movement, people=people) == [Finding(Duty.BOTH_SIDES, "a", (Role.STD,), (7,), 1)]


def test_a_deputy_counts_as_whom_they_stand_in_for() -> None:
    movement = Signed((Signer("a", Role.STD), Signer("b", Role.STD, "a")), (7,))
    assert found(movement) == [Finding(Duty.BOTH_SIDES, "a", (Role.STD,), (7,), 1)]


def test_who_enters_a_party_and_pays_it_is_found_with_what_was_paid() -> None:
    entered = signed(1, ("a", Role.STD), enters="P")
    own, others = signed(2, ("a", Role.STD), pays="P", amount=5), signed(3, ("b", Role.STD), pays="P", amount=9)
    elsewhere = signed(4, ("a", Role.STD), pays="Q", amount=1)
    assert found(entered, own, others, elsewhere) == [Finding(Duty.MAKER_AND_PAYER, "a", (Role.STD,), (2,), 1, "P", 5)]


def test_an_administrator_who_recorded_is_found_even_after_the_role_was_taken_back() -> None:
    people = (person("a", Grant(Role.ADM), revoked=True),)
    (one,) = found(signed(3, ("a", Role.STD)), people=people)
    assert (one.duty, one.roles, one.numbers) == (Duty.ADMINISTRATOR_RECORDED, (Role.STD, Role.ADM), (3,))


def test_roles_that_must_not_meet_are_found_where_they_were_used() -> None:
    movements = [signed(number, ("a", Role.FIN if number % 2 else Role.STD)) for number in range(1, 41)]
    assert found(*movements) == [
        Finding(Duty.ROLES_USED, "a", (Role.FIN, Role.STD), tuple(range(1, NUMBERS + 1)), 40)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("first", "second", "meets"),
    [((JAN, DEC), (JUN, DEC), True), ((JAN, JUN), (JUN, DEC), True), ((JAN, JAN), (JUN, DEC), False)],
)
def test_roles_that_are_held_on_one_day_are_found(
    first: tuple[date, date], second: tuple[date, date], meets: bool
) -> None:
    grants = [
        Grant(role, since=since, until=until)
        for role, (since, until) in ((Role.FIN, first), (Role.STD, second))
    ]  # fmt: skip
    expected = [Finding(Duty.ROLES_HELD, "a", (Role.FIN, Role.STD))] if meets else []
    assert found(people=(person("a", *grants),)) == expected
    assert found(people=(person("a", *grants, revoked=True),)) == []


def test_tried_to_approve_their_own_is_counted_by_human() -> None:
    tried = Tried("a", Role.FIN, "ProposalApproved", 3), Tried("b", Role.FIN, "ProposalApproved", 4)
    people = person("a", human="h"), person("b", human="h")
    assert found(people=people, tried=tried) == [Finding(Duty.OWN_APPROVAL_TRIED, "h", (Role.FIN,), (), 2)]


def test_who_stands_alone_meets_nobody_and_every_rule_is_told() -> None:
    for one, other in combinations(Role, 2):
        assert conflict(one, other) == conflict(other, one)
        assert conflict(one, other) or not {one, other} & ALONE
    assert not any(conflict(role, role) for role in Role)
    assert set(RULES) == set(Duty)
