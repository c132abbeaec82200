"""Where nobody knows whether a form was recorded, its page sends the same once more: it is recorded once."""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any
from urllib.parse import urlencode

import pytest

from api.console import periods, proposal, record_form, supposing, what_if
from ledger.access.demo import DemoPeople
from ledger.writer import UnknownOutcome
from tests.api.desk import Desk, done, movement
from tests.api.opening import DAY
from tests.conftest import fresh_ledger
from tests.console.conftest import TODAY, desk_of_two_projects
from tests.console.test_inbox import form

HIDDEN = re.compile(r'<input type="hidden" name="([^"]*)" value="([^"]*)">')
APPROPRIATED = {"fund": "STIDF", "vintage": "2025", "amount": "7", "effective_on": DAY, "document.number": "9号"}
RESERVED = movement(
    "FundsReserved", DAY, call="C-1", fund="STIDF", special="RDT-KRD", amount="9", expires_on="2025-12-31"
)


@pytest.fixture(scope="module")
def desk(server_dsn: str, people: DemoPeople) -> Iterator[Desk]:
    with fresh_ledger(server_dsn) as ledger, desk_of_two_projects(ledger, people, TODAY) as desk:
        yield desk


def approving(desk: Desk) -> tuple[str, dict[str, str]]:
    allocated = movement("FundsAllocated", DAY, fund="STIDF", vintage=2025, special="RDT-KRD", amount="6")
    body = {"effective_on": DAY, "movements": [allocated]}
    path = "/inbox/" + done(desk.post("std-1", "/v1/proposals", body))["proposal"]["proposal"]
    return path, form(desk.client.get(path, headers=desk.session("fin-1")).text, "approve")


def lost(monkeypatch: pytest.MonkeyPatch, where: Any, name: str) -> None:
    """The first answer is lost after it was decided; those that follow arrive."""
    real, asked = getattr(where, name), list[int]()

    async def once(*arguments: Any) -> Any:
        asked.append(1)
        answer = await real(*arguments)
        if len(asked) == 1:
            raise UnknownOutcome
        return answer

    monkeypatch.setattr(where, name, once)


@pytest.mark.parametrize(
    ("where", "name", "who", "path", "sent"),
    [
        (record_form, "record", "fin-1", "/record/AppropriationReceived", {"act": "record", **APPROPRIATED}),
        (proposal, "approve_proposal", "fin-1", "", {}),
        (what_if, "propose", "pm-1", "/what-if", RESERVED),
        (
            supposing,
            "propose",
            "pm-1",
            "/what-if/list/proposal",
            {"supposed.1": urlencode({**RESERVED, "call": "C-2"})},
        ),
        (periods, "record", "fin-1", "/periods", {"closes": "2025-01"}),
    ],
    ids=["form", "proposal", "call", "list", "closing"],
)
def test_a_form_whose_answer_was_lost_is_sent_once_more_and_recorded_once(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, where: Any, name: str, who: str, path: str, sent: dict[str, Any]
) -> None:
    lost(monkeypatch, where, name)
    path, sent = (path, {"key": f"once-{path}", **sent}) if path else approving(desk)
    before, asked = desk.number(), {"headers": desk.session(who), "params": {"lang": "en"}, "follow_redirects": False}
    answer = desk.client.post(path, data=sent, **asked)
    assert answer.status_code == 503, answer.text
    assert "recorded once" in answer.text
    recorded = desk.number()
    assert recorded > before
    again = {key: unescape(value) for key, value in HIDDEN.findall(answer.text.partition('class="below"')[2])}
    assert again == {key: str(value) for key, value in sent.items()}
    answer = desk.client.post(path, data=again, **asked)
    assert answer.status_code == 303, answer.text
    assert answer.headers["location"].startswith(("/movements/", "/inbox/"))
    assert desk.number() == recorded
