"""Credentials that are not one's own, or not in their place, and two people who do the same thing at once."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI

from api.origin import LOOPBACK_COOKIE, SECURE_COOKIE
from ledger.access import credentials
from ledger.access.demo import DemoPeople
from ledger.application import Ledger
from tests.api.conftest import address, in_process, served
from tests.api.desk import Desk, done, movement, refused
from tests.api.opening import DAY
from tests.attacks.conftest import Target

__all__ = ["address", "served"]
QUOTA = movement("AppropriationReceived", DAY, fund="STIDF", vintage=2025, amount="9", document={"number": "1号"})


def at_once(*asked: Any) -> list[httpx2.Response]:
    """Several requests that leave together."""
    barrier = Barrier(len(asked))

    def go(one: Any) -> httpx2.Response:
        barrier.wait(10)
        return one()

    with ThreadPoolExecutor(len(asked)) as pool:
        return list(pool.map(go, asked))


# -- keys and sessions out of place


@pytest.mark.parametrize("name", ["key", "api_key", "access_token", "token", "Authorization", LOOPBACK_COOKIE])
def test_a_key_in_an_address_is_no_key(target: Target, people: DemoPeople, name: str) -> None:
    """It would end in logs and histories of others."""
    for value in (people.key_of("fin-1"), f"Bearer {people.key_of('fin-1')}"):
        refused(target.desk.client.get("/v1/session", params={name: value}), "NOT_SIGNED_IN", 401)


def test_a_key_is_no_session_and_a_session_is_no_key(target: Target, people: DemoPeople) -> None:
    token = target.session("fin-1")["Cookie"].partition("=")[2]
    for headers in (
        {"Authorization": f"Bearer {token}"},
        {"Cookie": f"{LOOPBACK_COOKIE}={people.key_of('fin-1')}"},
        {"Authorization": f"Basic {people.key_of('fin-1')}"},
        {"Authorization": people.key_of("fin-1")},
    ):
        refused(target.desk.client.get("/v1/session", headers=headers), "NOT_SIGNED_IN", 401)


def test_a_cookie_that_a_neighbour_planted_is_not_taken_under_https(target: Target) -> None:
    """Hosts beside ours and pages without TLS can set any cookie but one that begins with __Host-."""
    token = target.session("fin-1")["Cookie"].partition("=")[2]
    client = in_process(target.app, url="https://127.0.0.1")
    planted, own = f"{LOOPBACK_COOKIE}={token}", f"{SECURE_COOKIE}={token}"
    refused(client.get("/v1/session", headers={"Cookie": planted}), "NOT_SIGNED_IN", 401)
    assert client.get("/v1/session", headers={"Cookie": f"{own}; {planted}x"}).json()["person"] == "p-fin-1"


def test_two_sessions_in_one_request_are_nobody_s(target: Target) -> None:
    """Who tossed the second one in may have wanted what is done to be done as somebody else."""
    mine, tossed = (target.session(who)["Cookie"] for who in ("fin-1", "adm-1"))
    for cookies in (f"{mine}; {tossed}", f"{tossed}; {mine}", f"{mine}; a=b; {mine}"):
        refused(target.desk.client.get("/v1/session", headers={"Cookie": cookies}), "NOT_SIGNED_IN", 401)


def test_a_grant_of_somebody_else_s_lends_nothing(target: Target) -> None:
    everybody = target.desk.get("aud-1", "/v1/people", limit=500)["people"]
    own = {grant["number"] for one in everybody if one["person"] == "p-und-1" for grant in one["grants"]}
    others = {grant["number"] for one in everybody for grant in one["grants"]} - own
    assert others
    for number in [*others, 0, -1, "1 OR 1=1", "", "*", "１"]:
        headers = target.session("und-1") | {"Ledger-Grant": str(number).encode()}
        refused(target.desk.client.get("/v1/balances?by=plan", headers=headers), "NOT_FOR_THIS_ROLE", 403)


def test_an_unknown_login_takes_as_long_as_a_known_one(target: Target, monkeypatch: pytest.MonkeyPatch) -> None:
    """What takes the time is one slow hash, whoever is named."""
    verified: list[str] = []
    hasher = credentials._hasher

    class Counting:
        def verify(self, kept: str, password: str) -> bool:
            verified.append(kept)
            return hasher.verify(kept, password)

    monkeypatch.setattr(credentials, "_hasher", Counting())
    for login in ("log-1", "nobody-is-called-so", *["com-1"] * 7):
        before = len(verified)
        asked = {"login": login, "password": "wrong-Password-11"}
        refused(
            target.desk.client.post("/v1/session", json=asked, headers={"Sec-Fetch-Site": "same-origin"}),
            "SIGN_IN_FAILED",
            401,
        )
        assert len(verified) == before + 1, login


# -- the same thing twice


def test_two_who_approve_at_once_record_it_once(served: Desk) -> None:
    done(served.ask("fin-1", QUOTA | {"amount": "100"}))
    allocated = movement("FundsAllocated", DAY, fund="STIDF", vintage=2025, special="RDT-KRD", amount="1")
    for turn in range(6):
        name = f"P-{turn}"
        body = {"proposal": name, "effective_on": DAY, "movements": [allocated]}
        digest = done(served.post("std-1", "/v1/proposals", body))["proposal"]["digest"]
        path, signed = f"/v1/proposals/{name}/approve", {"digest": digest, "effective_on": DAY}
        answers = at_once(*(partial(served.post, who, path, signed) for who in ("fin-1", "fin-2") * 2))
        assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
    recorded = served.get("aud-1", "/v1/movements", kind="FundsAllocated")["movements"]
    assert len(recorded) == 6


def test_two_who_take_the_last_money_at_once_share_nothing(served: Desk) -> None:
    done(served.ask("fin-1", QUOTA | {"amount": "1"}))
    allocated = movement("FundsAllocated", DAY, fund="STIDF", vintage=2025, special="RDT-KRD", amount="1")
    asked = []
    for name, who in (("P-1", "fin-1"), ("P-2", "fin-2")):
        body = {"proposal": name, "effective_on": DAY, "movements": [allocated]}
        digest = done(served.post("std-1", "/v1/proposals", body))["proposal"]["digest"]
        signed = {"digest": digest, "effective_on": DAY}
        asked.append(partial(served.post, who, f"/v1/proposals/{name}/approve", signed))
    answers = at_once(*asked)
    assert sorted(answer.status_code for answer in answers) == [201, 409]


def test_a_key_that_somebody_else_used_answers_nothing_of_theirs(desk: Desk) -> None:
    """Idempotency keys are each person's own: neither their receipt nor a conflict that would tell of it."""
    first = done(desk.ask("fin-1", QUOTA, "the-key"))
    other = desk.ask("fin-2", QUOTA | {"amount": "8", "document": {"number": "2号"}}, "the-key")
    assert (other.status_code, other.json()["repeated"]) == (201, False)
    assert other.json()["number"] == first["number"] + 1
    refused(desk.ask("fin-1", QUOTA | {"amount": "8"}, "the-key"), "IDEMPOTENCY_CONFLICT")


def test_a_request_id_that_was_seen_before_is_a_request_like_any_other(
    desk: Desk, ledger: Ledger, app: FastAPI
) -> None:
    for serial, who in enumerate(("fin-1", "fin-2"), 1):
        headers = desk.headers(who) | {"X-Request-Id": "seen-before"}
        answer = desk.client.post(
            "/v1/movements", json=QUOTA | {"document": {"number": f"{serial}号"}}, headers=headers
        )
        assert (answer.status_code, answer.json()["repeated"]) == (201, False)
