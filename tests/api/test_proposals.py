"""Proposals: a second person approves or rejects."""

from datetime import date

import pytest
from fastapi import FastAPI

from api.answers import BROUGHT_MAX
from tests.api.desk import Desk, Fields, done, movement, refused
from tests.api.opening import DAY, credit_code

APPROPRIATED = movement(
    "AppropriationReceived", DAY, fund="STIDF", vintage=2025, amount="100", document={"number": "1号"}
)
ALLOCATED = movement("FundsAllocated", DAY, fund="STIDF", vintage=2025, special="RDT-KRD", amount="60")


@pytest.fixture
def desk(desk: Desk) -> Desk:
    done(desk.ask("fin-1", APPROPRIATED))
    return desk


def propose(desk: Desk, *movements: Fields, key: str | None = None, **fields: str) -> str:
    """The id of a new proposal of std-1."""
    body = {"effective_on": DAY, "movements": movements, **fields}
    name: str = done(desk.post("std-1", "/v1/proposals", body, key))["proposal"]["proposal"]
    return name


def test_what_needs_two_is_refused_alone_and_recorded_when_approved(desk: Desk) -> None:
    refused(desk.ask("std-1", ALLOCATED), "UNAUTHORISED", 403)
    name = propose(desk, ALLOCATED)
    assert desk.balances("special")["RDT-KRD"]["available"] == "0.00"
    receipt = done(desk.approve("fin-1", name, effective_on=DAY))
    assert receipt["kind"] == "ProposalApproved"
    (recorded,) = receipt["recorded"]
    assert (recorded["kind"], recorded["number"]) == ("FundsAllocated", receipt["number"] + 1)
    assert desk.balances("special")["RDT-KRD"]["available"] == "60.00"
    line = desk.get("aud-1", f"/v1/movements/{recorded['number']}")
    assert (line["actor"]["subject"], [one["subject"] for one in line["approvals"]]) == ("p-std-1", ["p-fin-1"])
    assert line["proposal"] == name


def test_an_approval_asked_again_gives_the_whole_receipt(desk: Desk) -> None:
    name = propose(desk, ALLOCATED | {"amount": "10"}, ALLOCATED | {"amount": "20"})
    first = desk.approve("fin-1", name, "k", effective_on=DAY)
    done(desk.ask("fin-1", APPROPRIATED | {"line": "2"}))
    again = desk.approve("fin-1", name, "k", effective_on=DAY)
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json() | {"repeated": True}
    assert len(again.json()["recorded"]) == 2


def test_of_thousands_of_lines_the_receipt_holds_the_first_and_says_how_many_there_are(desk: Desk) -> None:
    lines = [
        movement("PartyRegistered", DAY, credit_code=credit_code(500 + serial), name="示例大学", level="REGIONAL")
        for serial in range(BROUGHT_MAX + 1)
    ]
    name = propose(desk, *lines)
    first = desk.approve("fin-1", name, "k", effective_on=DAY)
    receipt = done(first)
    assert (len(receipt["recorded"]), receipt["recorded_count"]) == (BROUGHT_MAX, BROUGHT_MAX + 1)
    numbers = [line["number"] for line in receipt["recorded"]]
    assert numbers == list(range(receipt["number"] + 1, receipt["number"] + 1 + BROUGHT_MAX))
    again = desk.approve("fin-1", name, "k", effective_on=DAY)
    assert again.json() == first.json() | {"repeated": True}


def test_the_name_of_a_proposal_follows_from_its_key(desk: Desk) -> None:
    body = {"effective_on": DAY, "movements": [ALLOCATED]}
    first = desk.post("std-1", "/v1/proposals", body, "k")
    again = desk.post("std-1", "/v1/proposals", body, "k")
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["number"] == again.json()["number"]
    assert propose(desk, ALLOCATED, proposal="KJ/2025/7") == "KJ/2025/7"
    assert desk.get("aud-1", "/v1/proposals/KJ/2025/7")["status"] == "OPEN"


def test_nobody_approves_their_own_and_the_wrong_role_neither(desk: Desk) -> None:
    name = propose(desk, ALLOCATED)
    refused(desk.approve("std-1", name), "SELF_APPROVAL")
    refused(desk.approve("std-2", name), "UNAUTHORISED", 403)
    refused(desk.approve("aud-1", name), "NOT_FOR_THIS_ROLE", 403)
    digest = {"digest": f"sha256:{'0' * 64}"}
    refused(desk.post("fin-1", "/v1/proposals/P-none/approve", digest), "UNKNOWN_REFERENCE", 422)


def test_a_rejected_proposal_stays_rejected(desk: Desk) -> None:
    name = propose(desk, ALLOCATED)
    done(desk.post("fin-1", f"/v1/proposals/{name}/reject", {"effective_on": DAY, "reason": "材料不全"}))
    refused(desk.approve("fin-1", name), "PROPOSAL_NOT_OPEN")
    shown = desk.get("aud-1", f"/v1/proposals/{name}")
    assert (shown["status"], shown["decided"]["kind"]) == ("REJECTED", "ProposalRejected")
    assert [line["movement"]["amount"] for line in shown["lines"]] == ["60.00"]


def test_waiting_and_decided_are_listed_in_pages(desk: Desk) -> None:
    names = [propose(desk, ALLOCATED | {"amount": str(n)}) for n in (1, 2, 3)]
    done(desk.approve("fin-1", names[1]))
    waiting = desk.get("aud-1", "/v1/proposals", status="OPEN")["proposals"]
    assert [line["proposal"] for line in waiting] == [names[0], names[2]]
    first = desk.get("aud-1", "/v1/proposals", limit=2)
    second = desk.get("aud-1", "/v1/proposals", limit=2, after=first["next"])
    assert [line["proposal"] for line in first["proposals"] + second["proposals"]] == names
    assert "next" not in second


def test_a_retry_after_midnight_means_the_day_it_was_first_asked(desk: Desk, app: FastAPI) -> None:
    """Without a day of its own an approval is of today; asked again under the same key it is not another request."""
    name = propose(desk, ALLOCATED)
    first = desk.approve("fin-1", name, "k")
    app.state.today = lambda: date(2025, 7, 1)
    again = desk.approve("fin-1", name, "k")
    assert (first.status_code, again.status_code) == (201, 200)
    other = desk.approve("fin-1", name, "k", reason="另一理由")
    refused(other, "IDEMPOTENCY_CONFLICT")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{",
        b'{"effective_on": "2025-01-02"}',
        b'{"effective_on": "2025-01-02", "movements": []}',
        b'{"effective_on": "2025-01-02", "movements": [{"kind": "ProposalApproved"}]}',
        b'{"kind": "FundsAllocated", "effective_on": "2025-01-02", "movements": []}',
        b'{"effective_on": "2025-01-02", "movements": [NaN]}',
        '{"effective_on": "2025-01-02", "proposal": "提案", "movements": []}'.encode(),
    ],
)
def test_a_malformed_proposal_is_refused(desk: Desk, body: bytes) -> None:
    answer = desk.post("std-1", "/v1/proposals", body)
    assert (answer.status_code, answer.json()["code"]) == (422, "MALFORMED"), answer.text


def test_a_malformed_decision_is_refused(desk: Desk) -> None:
    for body in (b"[]", b"{", b'{"effective_on": 1}', b'{"bonus": 1}', b"", b"{}", b'{"digest": "P-1"}'):
        answer = desk.post("fin-1", "/v1/proposals/P-1/approve", body)
        assert (answer.status_code, answer.json()["code"]) == (422, "MALFORMED"), answer.text
