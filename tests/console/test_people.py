"""Acts on people in the console: listed before they are done, done once by the routes' own functions, refused in their place."""

import re
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from html import unescape

import pytest

from api.main import create_app
from ledger.access.demo import DemoPeople
from ledger.access.people import People
from ledger.application import Ledger
from tests.api.conftest import in_process
from tests.api.desk import Desk
from tests.console.test_pages import page


@pytest.fixture
def office(ledger: Ledger, people: DemoPeople) -> Iterator[Desk]:
    """Everybody's desk at a ledger of its own."""
    with (
        closing(People(ledger.store.dsn, ledger.secret)) as registered,
        in_process(create_app(ledger, registered, today=lambda: date(2025, 6, 30))) as client,
    ):
        yield Desk(client, people)


def sent(desk: Desk, who: str, path: str, status: int = 303, **fields: str) -> str:
    """Where a form led on to, or the page that answered it."""
    answer = desk.client.post(
        path, params={"lang": "en"}, headers=desk.session(who), data=fields, follow_redirects=False
    )
    assert answer.status_code == status, answer.text
    return answer.headers["location"] if status == 303 else unescape(answer.text)


def fields_of(text: str, address: str) -> dict[str, str]:
    """The hidden fields of the form that goes to an address."""
    form = re.search(rf'<form method="post" action="{re.escape(address)}[^"]*">(.*?)</form>', text, re.DOTALL)
    assert form, address
    return dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form[1]))


def enrolled(desk: Desk, name: str = "王五") -> str:
    fields = fields_of(page(desk, "adm-1", "/people", lang="en"), "/people")
    there = {sent(desk, "adm-1", "/people", name=name, **fields) for _ in range(2)}
    assert len(there) == 1
    person = there.pop().split("?")[0].rpartition("/")[2]
    assert sum(one["name"] == name for one in desk.get("sec-1", "/v1/people", limit=500)["people"]) == 1
    return person


def events(desk: Desk, person: str) -> set[str]:
    """What the audit record has about somebody."""
    found = desk.client.get("/v1/trail", params={"person": person, "limit": 200}, headers=desk.session("log-1")).json()
    return {line["event"] for line in found["lines"] if line["about"].get("of") == person}


def test_somebody_is_enrolled_once_and_faults_stand_at_their_field(office: Desk) -> None:
    fields = fields_of(page(office, "adm-1", "/people", lang="en"), "/people")
    text = sent(office, "adm-1", "/people", 404, name="王五", same_as="nobody", **fields)
    assert 'value="王五"' in text
    assert "There is no such person" in text
    person = enrolled(office)
    assert "Nothing was granted" in page(office, "adm-1", f"/people/{person}", lang="en")
    assert "Enrol" not in page(office, "sec-1", "/people", lang="en")
    assert sent(office, "sec-1", "/people", 403, name="x")


def test_a_role_is_granted_once_after_a_list_of_what_it_changes_and_taken_back(office: Desk) -> None:
    person = enrolled(office)
    there = f"/people/{person}"
    asked = {"act": "grant", "role": "PM", "specials": "MSP-BRK BAS", "until": "2025-12-31"}
    text = page(office, "sec-1", there, lang="en", **asked)
    assert "Programme manager MSP-BRK BAS from today, until: 2025-12-31" in text
    fields = fields_of(text, f"{there}/granted")
    for _ in range(2):
        assert sent(office, "sec-1", f"{there}/granted", **fields) == f"{there}?lang=en"
    (grant,) = office.get("sec-1", f"/v1/people/{person}")["grants"]
    assert (grant["role"], grant["specials"], grant["since"]) == ("PM", ["BAS", "MSP-BRK"], "2025-06-30")
    text = page(office, "sec-1", there, lang="en", act="revoke", number=str(grant["number"]))
    assert f"grant {grant['number']} (Programme manager) holds no more" in text
    fields = fields_of(text, f"{there}/granted")
    for _ in range(2):
        assert sent(office, "sec-1", f"{there}/granted", **fields) == f"{there}?lang=en"
    assert office.get("sec-1", f"/v1/people/{person}")["grants"][0]["revoked"]


def test_what_must_not_meet_is_said_before_and_its_refusal_with_what_was_typed(office: Desk) -> None:
    there = f"/people/{enrolled(office)}"
    for role, refused in (("FIN", False), ("AUD", True)):
        text = page(office, "sec-1", there, lang="en", act="grant", role=role)
        assert ("must not meet grant" in text) is refused
        back = sent(office, "sec-1", f"{there}/granted", **fields_of(text, f"{there}/granted"))
        assert ("refused=INCOMPATIBLE_ROLES" in back) is refused
    text = page(office, "sec-1", back)
    assert "each exclude any other role" in text
    assert '<option value="AUD" selected>' in text
    own = page(office, "sec-1", "/people/p-sec-1", lang="en", act="grant", role="FIN")
    back = sent(office, "sec-1", "/people/p-sec-1/granted", **fields_of(own, "/people/p-sec-1/granted"))
    assert "Nobody changes their own rights" in page(office, "sec-1", back)
    faulty = page(office, "sec-1", there, lang="en", act="grant", role="FIN", since="soon", department="12")
    assert faulty.count('aria-invalid="true"') == 2
    assert '<form method="post" action="/people/p-' not in faulty


def test_an_account_is_opened_and_its_password_shown_once_and_its_grants_wait_to_be_confirmed(office: Desk) -> None:
    there = f"/people/{enrolled(office)}"
    login = f"z-{there[-6:]}"
    for wanted in ([], ["lies dormant"]):
        text = page(office, "adm-1", there, lang="en", act="account", login=login)
        assert all(words in text for words in wanted)
        shown = sent(office, "adm-1", f"{there}/kept", 200, **fields_of(text, f"{there}/kept"))
        password = re.search(r'<code class="long">([^<]+)</code>', shown)
        assert password
        assert password[1] not in page(office, "adm-1", there)
        signing_in = {"login": login, "password": password[1]}
        assert office.client.post("/v1/session", json=signing_in).json()["code"] == "NEW_PASSWORD_NEEDED"
        if not wanted:
            text = page(office, "sec-1", there, lang="en", act="grant", role="STD")
            sent(office, "sec-1", f"{there}/granted", **fields_of(text, f"{there}/granted"))
    text = page(office, "sec-1", there, lang="en")
    confirm = re.search(r'href="([^"]+act=confirm[^"]+)"', text)
    assert confirm
    text = page(office, "sec-1", unescape(confirm[1]))
    assert f"they said that they sign in by {login}" in text
    for _ in range(2):
        assert sent(office, "sec-1", f"{there}/granted", **fields_of(text, f"{there}/granted")) == f"{there}?lang=en"
    assert "unconfirmed_since" not in office.get("sec-1", f"/v1{there}")


def test_somebody_is_signed_out_disabled_and_let_in_again_and_all_of_it_is_in_the_audit_record(office: Desk) -> None:
    person = enrolled(office)
    there = f"/people/{person}"
    for act, enabled in (("sign-out", True), ("disable", False), ("enable", True)):
        fields = fields_of(page(office, "adm-1", there, lang="en", act=act), f"{there}/kept")
        assert sent(office, "adm-1", f"{there}/kept", **fields) == f"{there}?lang=en"
        assert office.get("sec-1", f"/v1{there}")["enabled"] is enabled
    assert {"PERSON_ADDED", "PERSON_DISABLED", "PERSON_ENABLED"} <= events(office, person)
    assert sent(office, "adm-1", f"{there}/granted", 403, act="grant", role="FIN")
    assert sent(office, "adm-1", f"{there}/kept", 404, act="grant", role="FIN")
    assert "confirmed" not in page(office, "log-1", there, lang="en", act="disable")
