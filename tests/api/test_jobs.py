"""Long work over HTTP: how far it is, as it goes, what it left; seen by who asked, while they hold what they asked under."""

import json
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI

from api.routes import jobs as routes
from ledger import jobs
from ledger.access.people import People
from ledger.access.policy import Action, Grant
from ledger.domain.catalogue import Role
from ledger.jobs import Asker, Jobs
from tests.api.conftest import TODAY
from tests.api.desk import Desk, refused
from tests.application.test_jobs import WORK, Gate, await_end


@pytest.fixture(autouse=True)
def quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "HEARD_SECONDS", 0.02)
    monkeypatch.setattr(routes, "LOOK_SECONDS", 0.02)


@pytest.fixture
def the_jobs(app: FastAPI) -> Jobs:
    done: Jobs = app.state.jobs
    return done


def begin(
    the_jobs: Jobs, registered: People, do: jobs.Work, worded: jobs.Worded = dict, action: Action = Action.SEE_BOOKS
) -> int:
    """Work that fin-1 asked for under their first grant."""
    person = registered.register.person("fin-1")
    asker = Asker(person.human, registered.held(person, TODAY)[0].number, action)
    return the_jobs.start(WORK, asker, {"source": "treasury"}, do, worded).id


def events(response: httpx2.Response) -> Iterator[tuple[int, Any]]:
    """Id and data of each event."""
    identity = 0
    for line in response.iter_lines():
        if line.startswith("id: "):
            identity = int(line.removeprefix("id: "))
        if line.startswith("data: "):
            yield identity, json.loads(line.removeprefix("data: "))


def test_who_asked_sees_how_far_it_is_and_fetches_what_it_left(desk: Desk, the_jobs: Jobs, registered: People) -> None:
    gate = Gate()
    number = begin(the_jobs, registered, gate)
    assert gate.began.wait(5)
    path = f"/v1/jobs/{number}"
    running = desk.get("fin-1", path)
    assert (running["work"], running["label"]["en"], running["about"]) == (WORK, "A test", {"source": "treasury"})
    assert running["state"] in ("WAITING", "RUNNING")
    refused(desk.read("fin-1", f"{path}/file"), "NOT_FOUND", 404)
    gate.go.set()
    await_end(the_jobs, number, "p-fin-1")
    ended = desk.get("fin-1", path)
    assert (ended["state"], ended["done"], ended["total"], ended["result"]) == ("DONE", 10, 10, {"lines": 10})
    assert [job["job"] for job in desk.get("fin-1", "/v1/jobs")["jobs"]] == [number]
    file = desk.read("fin-1", f"{path}/file")
    assert (file.content, file.headers["content-type"]) == (b"content", "application/x-test")
    assert file.headers["content-disposition"] == "attachment; filename*=UTF-8''%E8%A1%A8.xlsx"
    noted = desk.get("log-1", "/v1/trail", event="EXPORTED")["lines"][0]
    assert (noted["person"], noted["about"]) == ("p-fin-1", {"what": WORK, "job": number})


def test_nobody_else_sees_it(desk: Desk, the_jobs: Jobs, registered: People) -> None:
    number = begin(the_jobs, registered, lambda progress: jobs.Result({}, jobs.File("a", "text/plain", b"a")))
    await_end(the_jobs, number, "p-fin-1")
    assert desk.get("std-1", "/v1/jobs") == {"jobs": []}
    for path in ("", "/file", "/events"):
        refused(desk.read("std-1", f"/v1/jobs/{number}{path}"), "NOT_FOUND", 404)


def test_without_the_grant_it_was_asked_under_it_is_not_there(desk: Desk, the_jobs: Jobs, registered: People) -> None:
    number = begin(the_jobs, registered, lambda progress: jobs.Result({}))
    await_end(the_jobs, number, "p-fin-1")
    (first,) = registered.held(registered.register.person("fin-1"), TODAY)
    registered.register.grant("p-fin-1", Grant(Role.STD), "p-sec-1")
    assert desk.read("fin-1", f"/v1/jobs/{number}").status_code == 200
    registered.register.revoke(first.number, "p-sec-1")
    refused(desk.read("fin-1", f"/v1/jobs/{number}"), "NOT_FOUND", 404)
    assert desk.get("fin-1", "/v1/jobs") == {"jobs": []}


def test_a_key_that_is_not_good_for_it_does_not_see_it(desk: Desk, the_jobs: Jobs, registered: People) -> None:
    number = begin(the_jobs, registered, lambda progress: jobs.Result({}))
    await_end(the_jobs, number, "p-fin-1")
    for actions, status in (([Action.OWN_JOBS, Action.SEE_BOOKS], 200), ([Action.OWN_JOBS], 404)):
        _, secret = registered.keys.make("p-fin-1", "x", actions, 1, "p-fin-1")
        answer = desk.client.get(f"/v1/jobs/{number}", headers={"Authorization": f"Bearer {secret}"})
        assert answer.status_code == status


def test_its_events_go_on_after_the_last_one_seen_until_it_has_ended(
    served: Desk, the_jobs: Jobs, registered: People
) -> None:
    gate = Gate()
    number = begin(the_jobs, registered, gate)
    path, headers = f"/v1/jobs/{number}/events", served.headers("fin-1")
    with served.client.stream("GET", path, headers=headers) as response:
        assert response.headers["content-type"].startswith("text/event-stream")
        seen, running = next(found for found in events(response) if found[1]["done"] == 3)
        assert (running["state"], running["step"]["en"], running["total"]) == ("RUNNING", "reading", 10)
    gate.go.set()
    with served.client.stream("GET", path, headers=headers | {"Last-Event-ID": str(seen)}) as response:
        rest = list(events(response))
    assert [identity for identity, _ in rest] == sorted({identity for identity, _ in rest} - {seen})
    last, ended = rest[-1]
    assert (ended["state"], ended["result"]) == ("DONE", {"lines": 10})
    again = served.client.get(path, headers=headers | {"Last-Event-ID": str(last)})
    assert (again.status_code, again.content) == (204, b"")


def test_its_events_end_when_the_grant_does(
    served: Desk, the_jobs: Jobs, registered: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(routes, "HEARTBEAT_SECONDS", 0.05)
    gate = Gate()
    number = begin(the_jobs, registered, gate)
    with served.client.stream("GET", f"/v1/jobs/{number}/events", headers=served.headers("fin-1")) as response:
        arriving = events(response)
        assert next(arriving)[1]["job"] == number
        (first,) = registered.held(registered.register.person("fin-1"), TODAY)
        registered.register.grant("p-fin-1", Grant(Role.STD), "p-sec-1")
        registered.register.revoke(first.number, "p-sec-1")
        assert all(data["state"] == "RUNNING" for _, data in arriving)
    gate.go.set()
