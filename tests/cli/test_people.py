"""ledger people: registering, granting, disabling; what is shown once and what never."""

import re

from ledger.access.demo import DEMO_PEOPLE
from tests.access.kept import lines
from tests.cli.conftest import Desk


def test_people_are_listed_and_secrets_are_not(desk: Desk) -> None:
    ran = desk.run("people")
    assert ran.code == 0
    for person in DEMO_PEOPLE:
        assert person.actor.subject in ran.out
    secrets = re.findall(r'"([^"]{20,})"', (desk.home / "people.json").read_text())
    assert len(secrets) == 2 * len(DEMO_PEOPLE)
    assert not any(secret in ran.said for secret in secrets)


def test_somebody_is_registered_granted_and_disabled(desk: Desk) -> None:
    added = desk.run("people", "add", "王会计")
    person = re.search(r"p-[0-9a-f]{16}", added.out)
    assert person, added.said
    name = person[0]
    opened = desk.run("people", "account", name, "wang")
    assert re.search(r"shown once.*: \S{22}\n", opened.out), opened.said
    assert "confirm" not in opened.said
    assert desk.run("people", "grant", name, "FIN").code == 0
    assert (
        desk.record(
            [{"kind": "ProposalRejected", "proposal": "none", "effective_on": "2025-01-05"}], "--as", "wang"
        ).code
        == 1
    )
    listed = desk.run("people").out
    assert re.search(rf"{name} +wang +王会计.*FIN", listed)
    assert desk.run("people", "disable", "wang").code == 0
    assert "disabled" in desk.run("people").out
    with desk.people() as people:
        noted = [(line.event, line.person) for line in lines(people.trail)][-4:]
    events = ["PERSON_ADDED", "ACCOUNT_OPENED", "ROLE_GRANTED", "PERSON_DISABLED"]
    assert [event for event, _ in noted] == events
    assert all(person and person.startswith("os:") for _, person in noted)


def test_whose_way_in_was_changed_acts_again_once_it_is_confirmed(desk: Desk) -> None:
    request = [{"kind": "ProposalRejected", "proposal": "none", "effective_on": "2025-01-05"}]
    for change in (("account", "fin-1", "fin-1"), ("link", "fin-1", "https://id.example.cn", "fin")):
        changed = desk.run("people", *change)
        assert "ledger people confirm p-fin-1" in changed.out, changed.said
        assert re.search(r"p-fin-1 .*待确认 unconfirmed", desk.run("people").out)
        dormant = desk.record(request, "--as", "fin-1")
        assert (dormant.code, "UNKNOWN_REFERENCE" in dormant.said) == (2, False), dormant.said
        assert desk.run("people", "confirm", "fin-1").code == 0
        assert "UNKNOWN_REFERENCE" in desk.record(request, "--as", "fin-1").said
    assert "nothing waits" in desk.run("people", "confirm", "fin-1").out


def test_what_the_register_refuses_is_said_in_both_languages(desk: Desk) -> None:
    twice = desk.run("people", "grant", "fin-1", "SEC")
    assert twice.code == 1
    assert "不得兼任" in twice.err
    assert "exclude any other role" in twice.err
    assert desk.run("people", "grant", "nobody", "FIN").code == 1
    assert desk.run("people", "grant", "fin-1", "KING").code == 2
    assert desk.run("people", "key", "fin-1").code == 1
    machine = desk.run("people", "key", "tre-1", "--label", "国库专线")
    assert "shown once" in machine.out
