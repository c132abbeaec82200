"""Whatever is sent, and wherever: one line of the log for each request, and nothing of it in any line."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from ledger.logs import JsonLines
from tests.api.test_policy import ENDLESS
from tests.attacks.conftest import Target
from tests.attacks.surface import changed, texts, the_document
from tests.serving.test_log import Said, heard

MARK = "forged-by-an-attacker"
LINES = (
    f'{MARK}\n{{"level":"INFO","person":"p-fin-1"}}',
    f"{MARK}\r\nX-Injected: 1",
    f"\x1b]0;{MARK}\x07\x1b[2J",
    f'{MARK}","person":"p-fin-1',
    f"{MARK}\u2028\u2029\u0085",
    f"%0a{MARK}%0d%0a",
    f"${{jndi:ldap://127.0.0.1/{MARK}}}",
)
HEADERS = (
    "User-Agent",
    "X-Request-Id",
    "X-Forwarded-For",
    "Forwarded",
    "Referer",
    "Accept-Language",
    "Idempotency-Key",
    "Ledger-Grant",
    "Content-Type",
    "Last-Event-ID",
)


@pytest.fixture
def said() -> Iterator[Said]:
    yield from heard(JsonLines())


@pytest.mark.parametrize("line", ["".join(LINES), *(pytest.param(line, marks=pytest.mark.slow) for line in LINES)])
def test_no_request_writes_into_the_log(target: Target, said: Said, line: str) -> None:
    asked = 0
    sent: list[dict[str, Any]]
    for operation in the_document(target.app):
        if operation.name == ENDLESS:
            continue
        sent = [
            {"headers": dict.fromkeys(HEADERS, line.encode())},
            {"params": dict.fromkeys(operation.named("query"), line)},
        ]
        body = operation.bodies[0] if operation.bodies else None
        sent += [{"json": changed(body, at, line)} for at in texts(body)]
        for one in sent:
            answer = target.send(operation, **one)
            assert answer.headers["x-request-id"].isalnum()
            asked += 1
    lines = said.text.split("\n")[:-1]
    assert len(said.requests) == asked
    assert len({one["request"] for one in said.requests}) == asked
    assert all(json.loads(one) for one in lines)
    assert MARK not in said.text
    assert said.text.isascii()
    assert {one["address"] for one in said.requests} == {"127.0.0.1"}


def test_the_audit_record_keeps_one_row_a_line_whatever_was_named(target: Target) -> None:
    """A login, an identity and a route that are hostile are values of a row, or nothing."""
    path = f"/v1/people/{target.people.register.add('某人', 'p-adm-1').id}/identities"
    for line in LINES:
        sign_in = {"login": line, "password": line}
        target.desk.client.post("/v1/session", json=sign_in, headers={"Sec-Fetch-Site": "same-origin"})
        identity = {"issuer": "https://id.example.cn", "subject": f'{MARK}","person":"p-fin-1'}
        target.desk.client.post(path, json=identity, headers=target.session("adm-1"))
        target.desk.client.delete(path, params=identity, headers=target.session("adm-1"))
        target.desk.client.get(f"/v1/people/{MARK}", headers=target.session("fin-1"))
    export = target.desk.client.get("/v1/trail/export", headers=target.session("log-1"))
    rows = [json.loads(row) for row in export.text.split("\n")[:-1]]
    states = [json.loads(row["state"]) for row in rows]
    assert [state["number"] for state in states] == list(range(1, len(states) + 1))
    assert all(state.keys() == {"number", "at", "event", "outcome", "person", "about", "request"} for state in states)
    linked = [state for state in states if state["event"] == "IDENTITY_LINKED"]
    assert {state["person"] for state in linked} == {"p-adm-1"}
    named = {state["event"] for state in states if MARK in json.dumps(state)}
    assert named == {"IDENTITY_LINKED", "IDENTITY_UNLINKED"}
    assert target.people.trail.broken_at() is None
