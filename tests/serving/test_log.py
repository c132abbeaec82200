"""What the log says of requests and faults, and what it never says, whatever is sent."""

import io
import json
import logging
import re
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from fastapi import FastAPI
from pydantic import BaseModel

from ledger.access.demo import DemoPeople
from ledger.logs import JsonLines, TextLines, configure
from tests.api.conftest import in_process
from tests.api.desk import Desk

SECRET = "s3cret-张三"
HOSTILE = ("a\nb", "a\r\nX: y", "\x1b[31mred", "\u2028", "x" * 65, "中", "", '","person":"p-fin-1', "a b")


class Said:
    """Everything that was logged, in one form."""

    def __init__(self, form: logging.Formatter) -> None:
        self.stream = io.StringIO()
        self.handler = logging.StreamHandler(self.stream)
        self.handler.setFormatter(form)
        self.handler.addFilter(logging.Filter("ledger"))  # the client of the tests logs too

    @property
    def text(self) -> str:
        return self.stream.getvalue()

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.text.split("\n")[:-1]]

    @property
    def requests(self) -> list[dict[str, Any]]:
        return [line for line in self.lines if line["logger"] == "ledger.requests"]


@pytest.fixture(params=[JsonLines, TextLines])
def either(request: pytest.FixtureRequest) -> Iterator[Said]:
    yield from heard(request.param())


@pytest.fixture
def said() -> Iterator[Said]:
    yield from heard(JsonLines())


def heard(form: logging.Formatter) -> Iterator[Said]:
    said, product = Said(form), logging.getLogger("ledger")
    product.addHandler(said.handler)
    product.setLevel(logging.INFO)
    yield said
    product.setLevel(logging.NOTSET)
    product.removeHandler(said.handler)


def test_each_request_is_one_line(quiet_desk: Desk, said: Said) -> None:
    answer = quiet_desk.read("aud-1", "/v1/movements/7", min_number=0)
    assert answer.status_code == 404
    (line,) = said.requests
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00", line["at"])
    assert line["request"] == answer.headers["x-request-id"]
    assert {name: line[name] for name in ("level", "method", "route", "status", "person", "address")} == {
        "level": "INFO",
        "method": "GET",
        "route": "/v1/movements/{number}",
        "status": 404,
        "person": "p-aud-1",
        "address": "127.0.0.1",
    }
    assert 0 < line["ms"] < 60_000


def test_an_id_is_taken_on_where_it_fits(quiet_app: FastAPI, said: Said) -> None:
    client = in_process(quiet_app)
    assert client.get("/healthz", headers={"X-Request-Id": "proxy.7-a_B"}).headers["x-request-id"] == "proxy.7-a_B"
    for hostile in HOSTILE:
        given = client.get("/healthz", headers={"X-Request-Id": hostile.encode()}).headers["x-request-id"]
        assert re.fullmatch(r"[0-9a-f]{32}", given)
    twice = client.get("/healthz", headers=[("X-Request-Id", "a"), ("X-Request-Id", "b")]).headers["x-request-id"]
    assert re.fullmatch(r"[0-9a-f]{32}", twice)
    assert said.requests[0]["request"] == "proxy.7-a_B"
    assert len({line["request"] for line in said.requests}) == len(HOSTILE) + 2


@pytest.mark.parametrize("hostile", HOSTILE)
def test_nothing_that_is_sent_makes_a_line_of_its_own(quiet_app: FastAPI, either: Said, hostile: str) -> None:
    client = in_process(quiet_app)
    sent = hostile.encode()
    headers = {"Authorization": b"Bearer " + sent, "Cookie": sent, "X-Forwarded-For": sent, "User-Agent": sent}
    path = "/" + "".join(f"%{byte:02x}" for byte in sent)
    client.get(path, headers=headers, params={"q": hostile}, follow_redirects=False)
    client.request("X", path, headers=headers)
    assert either.text.count("\n") == 2
    assert re.fullmatch(r"[ -~]*", either.text.replace("\n", ""))
    if len(hostile) > 3:
        assert hostile not in either.text


def test_neither_keys_nor_cookies_nor_what_is_asked_are_logged(
    quiet_desk: Desk, people: DemoPeople, either: Said
) -> None:
    headers = quiet_desk.headers("fin-1", SECRET.encode().hex()) | {"Cookie": "a=s3cret", "X-Api-Key": "s3cret"}
    quiet_desk.client.post(f"/v1/movements?note={SECRET}", json={"name": SECRET}, headers=headers)
    quiet_desk.client.get(f"/v1/documents/{SECRET}", headers=headers)
    assert "p-fin-1" in either.text
    for secret in (people.key_of("fin-1"), SECRET, "s3cret", SECRET.encode().hex(), "%E5%BC%A0"):
        assert secret not in either.text


class Form(BaseModel):
    account: int


def of_a_form() -> None:
    Form.model_validate({"account": SECRET})


def of_a_driver() -> None:
    try:
        raise psycopg.errors.CheckViolation(f"Failing row contains ({SECRET})")
    except psycopg.Error as error:
        raise RuntimeError(f"while recording {SECRET}") from error


@pytest.mark.parametrize(("burst", "kind"), [(of_a_form, "ValidationError"), (of_a_driver, "CheckViolation 23514")])
def test_a_fault_is_told_by_its_kind_and_place_alone(
    quiet_desk: Desk, either: Said, monkeypatch: pytest.MonkeyPatch, burst: Any, kind: str
) -> None:
    def bursting(*_: object, **__: object) -> None:
        try:
            burst()
        except ValueError as error:
            raise RuntimeError(str(error)) from error

    monkeypatch.setattr("api.routes.movements.journal.journal_page", bursting)
    answer = quiet_desk.read("aud-1", "/v1/movements")
    assert answer.status_code == 500
    assert kind in either.text
    assert f" {burst.__name__}: " in either.text
    assert either.text.count(answer.headers["x-request-id"]) == 2  # the fault and the request
    assert SECRET not in either.text
    assert "s3cret" not in either.text


@pytest.mark.parametrize(("form", "kind"), [("json", JsonLines), ("text", TextLines), ("", JsonLines)])
def test_the_form_is_a_setting(form: str, kind: type, monkeypatch: pytest.MonkeyPatch) -> None:
    root = logging.getLogger()
    monkeypatch.setattr(root, "handlers", [])
    configure(form)
    assert isinstance(root.handlers[0].formatter, kind)
    assert root.level == logging.WARNING  # libraries would tell what addresses they ask for
    assert logging.getLogger("ledger").level == logging.INFO
    logging.getLogger("ledger").setLevel(logging.NOTSET)
