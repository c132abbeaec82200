"""ledger people: registering, granting, disabling; what is shown once and what never."""

import re
from contextlib import closing

from ledger.access.demo import DEMO_PEOPLE
from ledger.access.people import People
from ledger.embedded import embedded_postgres
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
    assert desk.run("people", "grant", name, "FIN").code == 0
    opened = desk.run("people", "account", name, "wang")
    assert re.search(r"shown once.*: \S{20}\n", opened.out), opened.said
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
    with embedded_postgres(desk.home) as dsn, closing(People(dsn)) as people:
        noted = [(line.event, line.person) for line in lines(people.trail)][-4:]
    events = ["PERSON_ADDED", "ROLE_GRANTED", "ACCOUNT_OPENED", "PERSON_DISABLED"]
    assert [event for event, _ in noted] == events
    assert all(person and person.startswith("os:") for _, person in noted)


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
