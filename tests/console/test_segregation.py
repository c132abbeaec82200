"""Segregation of duties over the demo year: what a naive reading of the log says, and the page says it."""

from collections import defaultdict
from decimal import Decimal
from html import unescape

import pytest

from ledger.application import Ledger
from ledger.projections.follower import catch_up
from ledger.projections.signatures import Signatures
from tests.api.desk import Desk, refused
from tests.console.test_pages import page


@pytest.fixture(autouse=True, scope="module")
def followed(demo_ledger: Ledger) -> None:
    catch_up(demo_ledger.store, demo_ledger.id, Signatures())


def test_who_entered_a_party_and_paid_it_is_what_the_log_says(desk: Desk, demo_ledger: Ledger) -> None:
    entered, paid = set(), defaultdict(int)
    for event in demo_ledger.store.select_events(demo_ledger.id):
        one = demo_ledger.mapper.to_domain_event(event)
        asked = one.movement  # type: ignore[attr-defined]
        for signer in {one.actor.subject, *(other.subject for other in one.approvals)}:  # type: ignore[attr-defined]
            if asked.kind in ("PartyRegistered", "PartyRenamed"):
                entered.add((signer, asked.credit_code))
            elif getattr(asked, "payee", None):
                paid[signer, asked.payee] += asked.amount
    expected = {(*key, fen) for key, fen in paid.items() if key in entered}
    found = desk.get("aud-1", "/v1/segregation", duty="MAKER_AND_PAYER")
    assert {
        (one["human"], one["party"], int(Decimal(one["amount"]).scaleb(2))) for one in found["findings"]
    } == expected
    assert expected
    assert (found["first"], found["last"]) == (1, desk.number())


def test_a_year_is_looked_at_alone_and_says_which_numbers_those_are(desk: Desk) -> None:
    whole = desk.get("aud-1", "/v1/segregation")
    for year in whole["years"]:
        found = desk.get("aud-1", "/v1/segregation", fiscal_year=year)
        assert (found["fiscal_year"], found["years"]) == (year, whole["years"])
        assert 1 <= found["first"] <= found["last"] <= whole["last"]
        text = unescape(page(desk, "aud-1", "/segregation", fiscal_year=str(year), lang="en"))
        assert f"Signatures of {year}, numbers {found['first']} to {found['last']}" in text
    assert desk.get("aud-1", "/v1/segregation", fiscal_year=2099)["last"] == 0


def test_nobody_was_on_both_sides_and_no_demo_person_holds_two_roles(desk: Desk) -> None:
    found = desk.get("aud-1", "/v1/segregation")
    told = {rule["duty"]: rule["found"] for rule in found["rules"]}
    assert [told[duty] for duty in ("BOTH_SIDES", "ROLES_HELD", "ROLES_USED", "ADMINISTRATOR_RECORDED")] == [0, 0, 0, 0]


def test_the_page_says_what_the_route_answers(desk: Desk) -> None:
    found = desk.get("aud-1", "/v1/segregation", duty="MAKER_AND_PAYER")
    text = unescape(page(desk, "aud-1", "/segregation", duty="MAKER_AND_PAYER", lang="en", unit="yuan"))
    for one in found["findings"]:
        assert f"{Decimal(one['amount']):,.2f}" in text
        assert all(f'href="/movements/{number}?' in text for number in one["numbers"])
    for rule in found["rules"]:
        assert rule["by"] in text
        assert rule["name"]["en"] in text


def test_it_is_the_auditors_alone(desk: Desk) -> None:
    for who in ("fin-1", "sec-1", "log-1"):
        refused(desk.read(who, "/v1/segregation"), "NOT_FOR_THIS_ROLE", 403)
