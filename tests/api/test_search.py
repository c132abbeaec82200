"""Searching over HTTP: within one's sight, at the number the search has come to."""

import pytest

from ledger.application import Ledger
from ledger.projections.follower import catch_up
from ledger.projections.searched import Searched
from tests.api.desk import Desk, refused

SEARCH = "/v1/search"


@pytest.fixture
def searched(two_projects: Desk, ledger: Ledger) -> Desk:
    """Two projects, found by the search."""
    catch_up(ledger.store, ledger.id, Searched())
    return two_projects


def test_it_finds_by_words_and_says_what_and_how_much(searched: Desk) -> None:
    answer = searched.read("aud-1", SEARCH, q="前资助 krd-1", limit=1)
    (hit,) = answer.json()["hits"]
    assert (hit["kind"], hit["movement"]["project"], hit["amount"]) == ("PreFundingCommitted", "KRD-1", "1000000.00")
    assert answer.json()["number"] == searched.number() == int(answer.headers["Ledger-Number"])
    assert [one["kind"] for one in searched.get("aud-1", SEARCH, q="示例大学", kind="PartyRegistered")["hits"]]


def test_pages_go_on_below_the_last_hit(searched: Desk) -> None:
    whole = [hit["number"] for hit in searched.get("aud-1", SEARCH, q="KRD-1")["hits"]]
    first = searched.get("aud-1", SEARCH, q="KRD-1", limit=1)
    rest = searched.get("aud-1", SEARCH, q="KRD-1", before=first["next"])
    assert (
        [first["hits"][0]["number"], *(hit["number"] for hit in rest["hits"])] == whole == sorted(whole, reverse=True)
    )


@pytest.mark.parametrize("who", ["pm-1", "und-1", "rec-1"])
def test_one_finds_one_s_own_and_nothing_of_others(searched: Desk, who: str) -> None:
    assert searched.get(who, SEARCH, q="KRD-1")["hits"]
    assert searched.get("aud-1", SEARCH, q="BRK-1")["hits"]
    assert searched.get(who, SEARCH, q="BRK-1")["hits"] == []
    assert searched.get(who, SEARCH, project="BRK-1")["hits"] == []


def test_amounts_bound_the_largest_entry(searched: Desk) -> None:
    hits = searched.get("aud-1", SEARCH, from_amount="1000000", to_amount="1000000.00", project="KRD-1")["hits"]
    assert {hit["amount"] for hit in hits} == {"1000000.00"}
    assert searched.get("aud-1", SEARCH, from_amount="1000000.01", project="KRD-1")["hits"] == []
    refused(searched.read("aud-1", SEARCH, from_amount="1e6"), "MALFORMED", 422)


def test_what_the_follower_has_not_come_to_is_not_found_and_is_not_waited_for_in_vain(
    searched: Desk, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.reading.WAIT_SECONDS", 0.1)
    before = searched.number()
    fields = {"instalment": "late", "amount": "500"}
    plan = {"project": "KRD-1", "fund": "STIDF", "vintage": 2025, "amount": "500", "instalments": [fields]}
    document = {"document": {"number": "新〔2025〕77号"}, "scheme": {"number": "方案3号"}}
    receipt = searched.record("std-1", "PreFundingCommitted", "2025-02-20", **plan, **document)
    unfound = searched.get("aud-1", SEARCH, q="新〔2025〕77")
    assert (unfound["number"], unfound["hits"]) == (before, [])
    refused(searched.read("aud-1", SEARCH, q="77", min_number=receipt["number"]), "NUMBER_NOT_REACHED", 503)
    catch_up(ledger.store, ledger.id, Searched())
    (hit,) = searched.get("aud-1", SEARCH, q="新〔2025〕77", min_number=receipt["number"])["hits"]
    assert hit["number"] == receipt["number"]
