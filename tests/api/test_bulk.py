"""Many movements in one request."""

import json
from typing import Any

import httpx2
import pytest

from api.routes import bulk
from tests.api.desk import Desk, movement
from tests.api.opening import DAY

GOOD = movement(
    "AppropriationReceived", DAY, fund="STIDF", vintage=2025, amount="10.00", document={"number": "内财科〔2025〕1号"}
)
CLOSED = GOOD | {"fund": "ATRD", "line": "closed"}


def line(number: int, **fields: Any) -> dict[str, Any]:
    return GOOD | {"line": str(number)} | fields


def send(
    desk: Desk, body: Any, key: str = "bulk", media_type: str = "application/x-ndjson", **params: str
) -> httpx2.Response:
    if media_type == "application/x-ndjson" and not isinstance(body, bytes):
        body = b"\n".join(item if isinstance(item, bytes) else json.dumps(item).encode() for item in body)
    elif not isinstance(body, bytes):
        body = json.dumps(body).encode()
    headers = desk.headers("fin-1", key) | {"Content-Type": media_type}
    return desk.client.post("/v1/movements/bulk", content=body, headers=headers, params=params or None)


@pytest.mark.parametrize("media_type", ["application/x-ndjson", "application/json", "application/json; charset=utf-8"])
def test_every_line_has_its_outcome(desk: Desk, media_type: str) -> None:
    answer = send(desk, [line(1), CLOSED, line(2, bonus=1), line(3)], media_type=media_type)
    assert answer.status_code == 200
    result = answer.json()
    assert (result["recorded"], result["repeated"], result["not_recorded"]) == (2, 0, 2)
    assert [outcome.get("number") for outcome in result["outcomes"]] == [1, None, None, 2]
    assert [outcome["line"] for outcome in result["outcomes"]] == [1, 2, 3, 4]
    refused, malformed = (result["outcomes"][i]["problem"] for i in (1, 2))
    assert (refused["code"], refused["status"]) == ("FUND_CLOSED", 409)
    assert (malformed["code"], malformed["problems"][0]["where"]) == ("MALFORMED", "bonus")


def test_a_list_asked_again_records_only_what_is_missing(desk: Desk) -> None:
    send(desk, [line(1), line(2, bonus=1), line(3)])
    again = send(desk, [line(1), line(2), line(3)]).json()
    assert (again["recorded"], again["repeated"], again["not_recorded"]) == (1, 2, 0)
    assert [outcome["number"] for outcome in again["outcomes"]] == [1, 3, 2]
    assert desk.balances("fund")["STIDF"]["unallocated"] == "30.00"


def test_all_or_nothing_records_nothing_when_a_rule_refuses_a_line(desk: Desk) -> None:
    answer = send(desk, [line(1), CLOSED, line(3)], atomic="true")
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (409, "LIST_NOT_RECORDED")
    assert answer.headers["content-type"] == "application/problem+json"
    (fault,) = problem["problems"]
    assert (fault["where"], fault["code"]) == ("line 2", "FUND_CLOSED")
    assert desk.number() == 0
    done = send(desk, [line(1), line(2), line(3)], atomic="true")
    assert (done.status_code, done.json()["recorded"]) == (200, 3)
    again = send(desk, [line(1), line(2), line(3)], atomic="true")
    assert (again.status_code, again.json()["repeated"]) == (200, 3)


def test_all_or_nothing_judges_nothing_while_a_line_is_malformed(desk: Desk) -> None:
    answer = send(desk, [CLOSED, b"{", line(3, amount=1)], atomic="true")
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (422, "MALFORMED")
    assert [fault["where"] for fault in problem["problems"]] == ["line 2: body", "line 3: amount"]
    assert desk.number() == 0
    assert desk.get("aud-1", "/v1/attempts")["attempts"] == []


@pytest.mark.parametrize("atomic", ["true", "false"])
def test_an_empty_list_is_recorded_as_nothing(desk: Desk, atomic: str) -> None:
    for body, media_type in (
        (b"[]", "application/json"),
        (b"", "application/x-ndjson"),
        (b"\n", "application/x-ndjson"),
    ):
        answer = send(desk, body, media_type=media_type, atomic=atomic)
        assert (answer.status_code, answer.json()["outcomes"]) == (200, [])


@pytest.mark.parametrize("body", [b"", b"{}", b"[", b"[NaN]", b"\xff", b"[" * 10_000, b"null"])
def test_a_body_that_is_no_list_is_malformed(desk: Desk, body: bytes) -> None:
    answer = send(desk, body, media_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (422, "MALFORMED")


def test_other_media_types_are_not_supported(desk: Desk) -> None:
    answer = send(desk, b"a,b", media_type="text/csv")
    assert (answer.status_code, answer.json()["code"]) == (415, "MEDIA_TYPE_NOT_SUPPORTED")


def test_an_empty_line_keeps_its_number(desk: Desk) -> None:
    outcomes = send(desk, [line(1), b"", line(2)]).json()["outcomes"]
    assert [outcome.get("number") for outcome in outcomes] == [1, None, 2]


@pytest.mark.parametrize("atomic", ["true", "false"])
@pytest.mark.parametrize("media_type", ["application/json", "application/x-ndjson"])
def test_a_list_has_a_limit_and_nothing_of_a_longer_one_is_recorded(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, media_type: str, atomic: str
) -> None:
    monkeypatch.setattr(bulk, "LINES_MAX", 2)
    before = desk.number()
    answer = send(desk, [line(1), line(2), line(3)], media_type=media_type, atomic=atomic)
    assert (answer.status_code, answer.json()["code"]) == (413, "TOO_LARGE")
    assert desk.number() == before
    assert send(desk, [line(1), line(2)], media_type=media_type, atomic=atomic).json()["recorded"] == 2


def test_what_was_meant_as_a_trial_is_not_recorded(desk: Desk) -> None:
    before = desk.number()
    answer = send(desk, [line(1)], dry_run="true")
    assert (answer.status_code, answer.json()["code"]) == (422, "MALFORMED")
    assert desk.number() == before


def test_a_wrong_key_of_a_line_is_a_conflict_of_that_line(desk: Desk) -> None:
    send(desk, [line(1), line(2)])
    again = send(desk, [line(1, amount="11.00"), line(2)]).json()
    assert again["outcomes"][0]["problem"]["code"] == "IDEMPOTENCY_CONFLICT"
    assert again["outcomes"][1]["repeated"] is True
