"""Who may ask, and how what goes wrong is answered."""

import json
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import psycopg
import pytest

from api.problems import ANSWERS, Wrong
from ledger.access.demo import DEMO_PEOPLE, demo_people
from ledger.application import Ledger
from ledger.domain.catalogue import Role
from ledger.domain.fields import credit_code_check_character
from ledger.writer import InternalFault, UnknownOutcome
from tests.api.desk import Desk, movement
from tests.api.opening import DAY

GOOD = movement(
    "AppropriationReceived", DAY, fund="STIDF", vintage=2025, amount="10.00", document={"number": "内财科〔2025〕1号"}
)
READS = (
    "/v1/movements",
    "/v1/movements/1",
    "/v1/balances?by=plan",
    "/v1/availability?special=MSP-BRK",
    "/v1/proposals",
    "/v1/attempts",
    "/v1/stream",
    "/v1/documents/" + "0" * 64,
)


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer nobody", "Basic YTpi", "Bearer é", "bearer  "])
def test_without_a_valid_key_there_is_no_answer(quiet_desk: Desk, header: str) -> None:
    for path in (*READS, "/v1/catalogue", "/v1/projects", "/v1/parties"):
        answer = quiet_desk.client.get(path, headers={"Authorization": header.encode("latin-1")})
        assert (answer.status_code, answer.json()["code"]) == (401, "NOT_SIGNED_IN"), path
        assert answer.headers["www-authenticate"] == "Bearer"
    answer = quiet_desk.client.post("/v1/movements", json=GOOD, headers={"Idempotency-Key": "k"})
    assert (answer.status_code, answer.json()["code"]) == (401, "NOT_SIGNED_IN")


def test_the_administrator_sees_no_money(desk: Desk) -> None:
    for path in READS:
        answer = desk.read("adm-1", path)
        assert (answer.status_code, answer.json()["code"]) == (403, "NOT_FOR_THIS_ROLE"), path
    assert desk.read("adm-1", "/v1/catalogue").status_code == 200


def test_secrets_are_made_once_and_for_the_owner_only(tmp_path: Path) -> None:
    first = demo_people(tmp_path)
    file = tmp_path / "people.json"
    assert file.stat().st_mode & 0o777 == 0o600
    again = demo_people(tmp_path)
    secrets = [(first.key_of(person.id), first.password_of(person.id)) for person in first]
    assert secrets == [(again.key_of(person.id), again.password_of(person.id)) for person in again]
    assert len({secret for pair in secrets for secret in pair}) == 2 * len(DEMO_PEOPLE)


def test_whoever_is_added_gets_secrets_and_the_others_keep_theirs(tmp_path: Path) -> None:
    before = demo_people(tmp_path)
    file = tmp_path / "people.json"
    kept = json.loads(file.read_text())
    del kept["std-2"]
    file.write_text(json.dumps(kept))
    after = demo_people(tmp_path)
    assert after.key_of("std-2") != before.key_of("std-2")
    assert after.key_of("fin-1") == before.key_of("fin-1")


def test_every_role_has_a_person_and_departments_have_right_credit_codes() -> None:
    assert {person.actor.role for person in DEMO_PEOPLE} == set(Role)
    departments = [person.actor.department for person in DEMO_PEOPLE if person.actor.department]
    assert len(departments) == 4
    assert all(code[17] == credit_code_check_character(code[:17]) for code in departments)


# -- what goes wrong inside


def answering(error: Exception) -> Any:
    def submit(*_: object, **__: object) -> "Future[list[Any]]":
        future: Future[list[Any]] = Future()
        if isinstance(error, InternalFault):
            future.set_result([error])
        else:
            future.set_exception(error)
        return future

    return submit


def test_an_unknown_outcome_asks_to_try_again(desk: Desk, ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger, "submit", answering(UnknownOutcome("server closed the connection at 10.0.0.7")))
    answer = desk.ask("fin-1", GOOD)
    assert (answer.status_code, answer.json()["code"]) == (503, "UNKNOWN_OUTCOME")
    assert answer.headers["Retry-After"]
    assert "same key" in answer.json()["message"]["en"]
    assert "10.0.0.7" not in answer.text


def test_an_internal_fault_leaks_nothing(desk: Desk, ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger, "submit", answering(InternalFault("secret of the inside")))
    answer = desk.ask("fin-1", GOOD)
    assert (answer.status_code, answer.json()["code"]) == (500, "INTERNAL_FAULT")
    assert "secret" not in answer.text

    def burst(*_: object) -> None:
        raise RuntimeError("secret of the inside")

    monkeypatch.setattr("api.routes.movements.journal.journal_page", burst)
    answer = desk.read("aud-1", "/v1/movements")
    assert (answer.status_code, answer.json()["code"]) == (500, "INTERNAL_FAULT")
    assert "secret" not in answer.text
    assert answer.headers["content-type"] == "application/problem+json"


def test_an_unreachable_database_is_said_so(desk: Desk, ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    assert desk.client.get("/readyz").json() == {"status": "ok"}

    def unreachable(*_: object, **__: object) -> None:
        raise psycopg.OperationalError("connection to 10.0.0.7 refused")

    monkeypatch.setattr(ledger.store.readers, "connection", unreachable)
    for path in ("/readyz", "/v1/movements", "/v1/balances?by=plan", "/v1/projects"):
        answer = desk.read("aud-1", path)
        assert (answer.status_code, answer.json()["code"]) == (503, "DATABASE_UNREACHABLE"), path
        assert "10.0.0.7" not in answer.text
    assert desk.client.get("/healthz").status_code == 200


def test_every_problem_has_words_in_both_languages() -> None:
    assert set(ANSWERS) == set(Wrong)
    assert all(answer.words.zh and answer.words.en for answer in ANSWERS.values())
