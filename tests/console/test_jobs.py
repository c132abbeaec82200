"""Long work on pages: as it goes, without script too; what it told; what went wrong with each fault and its advice."""

import pytest
from fastapi import FastAPI

from api.language import EN
from api.problems import problem_of
from api.routes import jobs as routes
from ledger import jobs
from ledger.domain.catalogue import Name
from ledger.importing.faults import Fault, Faulty
from tests.api.desk import Desk
from tests.api.test_jobs import begin
from tests.application.test_jobs import Gate, await_end

FAULT = Fault(3, "H 金额", "不是金额", "no amount", Name("请填数字", "give a number"))


@pytest.fixture(autouse=True)
def quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "HEARD_SECONDS", 0.02)
    monkeypatch.setattr(routes, "LOOK_SECONDS", 0.02)


def page(desk: Desk, number: int, who: str = "fin-1") -> str:
    answer = desk.client.get(f"/jobs/{number}", headers=desk.session(who), params={"lang": "en"})
    return answer.text if answer.status_code == 200 else str(answer.status_code)


def test_it_is_shown_as_it_goes_and_what_it_told_once_it_ended(desk: Desk, demo_app: FastAPI) -> None:
    gate = Gate()
    number = begin(demo_app.state.jobs, demo_app.state.people, gate)
    assert gate.began.wait(5)
    running = page(desk, number)
    assert f'data-job="/v1/jobs/{number}"' in running
    assert "<progress" in running
    assert "Look again" in running
    assert page(desk, number, "std-1") == "404"
    gate.go.set()
    await_end(demo_app.state.jobs, number, "p-fin-1")
    ended = page(desk, number)
    assert "data-job" not in ended
    assert f'href="/v1/jobs/{number}/file"' in ended
    assert "<dt>Lines</dt>" in ended
    listed = desk.client.get("/jobs", headers=desk.session("fin-1"), params={"lang": "en"}).text
    assert f"/jobs/{number}?lang=en" in listed
    assert "treasury" in listed


def test_what_went_wrong_is_said_fault_by_fault(desk: Desk, demo_app: FastAPI) -> None:
    def fail(progress: jobs.Progress) -> jobs.Result:
        raise Faulty([FAULT])

    number = begin(demo_app.state.jobs, demo_app.state.people, fail, lambda error: problem_of(error, EN).model_dump())
    await_end(demo_app.state.jobs, number, "p-fin-1")
    said = page(desk, number)
    assert 'role="alert"' in said
    for words in (">3<", FAULT.column, FAULT.en, "give a number"):
        assert words in said
