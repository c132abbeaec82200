"""What belongs to somebody else is not there: every route with an id in its path, asked by every role for what is not theirs."""

import re
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

from ledger.access.demo import DemoPeople
from ledger.access.policy import Action, Reach, reach
from ledger.domain.catalogue import Role
from ledger.domain.signing import APPROVERS
from ledger.jobs import Asker, File, Jobs, Result, kind_of_work
from tests.api.desk import done, movement
from tests.api.test_policy import FILLED, ONE_OF_EACH, ROUTES
from tests.application.test_jobs import await_end
from tests.attacks.conftest import Target, target_with_projects
from tests.attacks.surface import Operation, the_document

NOBODY_S = ("/v1/parties", "/v1/reports", "/v1/year-end")
"""Parties are seen by all; a sheet or a year's end is of what one sees, which tests of their own look at."""
THEIR_WORK = kind_of_work("theirs", "他人的", "Theirs")
OWN = {Action.OWN_KEYS, Action.LEND_ROLES, Action.OWN_JOBS}
"""Reaches what is one's own whatever the role."""


@pytest.fixture(scope="module")
def target(server_dsn: str, people: DemoPeople) -> Iterator[Target]:
    with target_with_projects(server_dsn, people) as target:
        yield target


@pytest.fixture(scope="module")
def theirs(target: Target) -> dict[str, dict[str, str]]:
    """Ids of what belongs to fin-2, std-2, sec-2 and the feed, by the beginning of the path and the parameter."""
    desk = target.desk
    asked = movement(
        "FundsAllocated", "2025-03-01", fund="STIDF", vintage=2025, special="MSP-BRK", amount="1", reason="x"
    )
    body = {"proposal": "P-BRK", "effective_on": "2025-03-01", "movements": [asked]}
    proposed = done(desk.post("std-2", "/v1/proposals", body))
    file = done(desk.post("fin-2", "/v1/documents", b"theirs", name="a.txt"))
    key = done(_post(target, "fin-2", "/v1/keys", {"label": "theirs", "days": 9}))
    grants = desk.get("aud-1", "/v1/people/p-std-2")["grants"]
    days = {"since": "2025-06-01", "until": "2025-07-31"}
    lent = done(_post(target, "std-2", "/v1/delegations", {"grant": grants[0]["number"], "to": "p-fin-2"} | days))
    feed = done(_post(target, "sec-2", "/v1/machines/p-tre-1/keys", {"label": "theirs", "days": 9}))
    committed = desk.get("aud-1", "/v1/movements", kind="PreFundingCommitted", project="BRK-1")["movements"]
    erasure = {"subject": "actor:p-std-2", "reason": "x", "document": "1号"}
    erased = done(_post(target, "sec-2", "/v1/personal/erasures", erasure))
    jobs: Jobs = target.app.state.jobs
    asker = Asker("p-fin-2", desk.get("aud-1", "/v1/people/p-fin-2")["grants"][0]["number"], Action.SEE_BOOKS)
    job = jobs.start(THEIR_WORK, asker, {}, lambda _: Result({}, File("a.txt", "text/plain", b"theirs")), dict)
    await_end(jobs, job.id, "p-fin-2")
    opened = {"kind": "TREASURY"}
    assert (
        desk.client.put("/v1/reconciliations/theirs", json=opened, headers=target.session("fin-2")).status_code == 201
    )
    everything = {"paper": "theirs", "matter": "x", "method": "ALL_ABOVE", "threshold": "0.01"}
    drawn = done(_post(target, "aud-1", "/v1/samples", everything))
    return {
        "/v1/reconciliations/": {"source": "theirs"},
        "/v1/samples/": {"sample": str(drawn["id"])},
        "/v1/jobs/": {"job": str(job.id)},
        "/v1/movements/": {"number": str(proposed["number"])},
        "/v1/vouchers/": {"number": str(committed[0]["number"])},
        "/v1/proposals/": {"proposal": "P-BRK"},
        "/v1/projects/": {"project": "BRK-1"},
        "/v1/parties/": {"credit_code": desk.get("aud-1", "/v1/projects/BRK-1")["undertaker"]["credit_code"]},
        "/v1/documents/": {"sha256": file["sha256"]},
        "/v1/people/": {"person": "p-fin-1"},
        "/v1/grants/": {"number": str(grants[0]["number"])},
        "/v1/delegations/": {"number": str(lent["lent"][0]["number"])},
        "/v1/keys/": {"key": key["key"]},
        "/v1/machines/": {"person": "p-tre-1", "key": feed["key"]},
        "/v1/personal/": {"erasure": str(erased["id"])},
    }


def _post(target: Target, who: str, path: str, body: Any) -> httpx2.Response:
    return target.desk.client.post(path, json=body, headers=target.session(who))


def of_an_id(target: Target) -> list[Operation]:
    return [operation for operation in the_document(target.app) if "{" in operation.path]


def refused_for(role: Role, action: Action) -> bool:
    """Whether what belongs to somebody else is out of a role's reach."""
    decides = action is Action.RECORD and role in APPROVERS
    return action in OWN or not (decides or (action is not Action.RECORD and reach(role, action) is Reach.ALL))


def ask(target: Target, operation: Operation, who: str, ids: dict[str, str]) -> tuple[int, str]:
    """Status and answer, without what differs by itself: the id that was asked for."""
    body = {"json": operation.bodies[0]} if operation.bodies else {}
    if who == "tre-1":
        path = operation.path.format(**operation.named("path") | ids)
        headers = target.desk.headers(who)
        answer = target.desk.client.request(
            operation.method, path, headers=headers, params=operation.named("query"), **body
        )
    else:
        answer = target.send(operation, who=who, path=ids, **body)
    text = answer.text
    for one in ids.values():
        text = re.sub(rf"(?<![\w-]){re.escape(one)}(?![\w-])", "ID", text)
    return answer.status_code, text


@pytest.mark.parametrize("role", Role)
def test_what_is_somebody_else_s_is_answered_as_what_is_not_there(
    target: Target, theirs: dict[str, dict[str, str]], role: Role
) -> None:
    """Byte for byte, so that nobody learns what there is; and nothing of it is changed."""
    before, asked = target.state(), 0
    for operation in of_an_id(target):
        if operation.path.startswith(NOBODY_S) or not refused_for(role, ROUTES[operation.name]):
            continue
        ids = next(found for begins, found in theirs.items() if operation.path.startswith(begins))
        none = {name: FILLED[name] for name in ids}
        there, absent = (ask(target, operation, ONE_OF_EACH[role], one) for one in (ids, none))
        assert there[0] in (403, 404), (operation.name, there)
        assert there == absent, operation.name
        asked += 1
    assert asked
    assert target.state() == before
