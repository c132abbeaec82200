"""Server-sent events over a real connection."""

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from threading import Thread
from time import monotonic

import httpx2
import pytest
from fastapi import FastAPI

from api import places
from api.routes import stream
from ledger.access.demo import DemoPeople
from ledger.access.people import People
from ledger.access.policy import Action
from tests.api.conftest import TODAY, serving
from tests.api.desk import Desk, done, movement, refused
from tests.api.opening import DAY

GOOD = movement(
    "AppropriationReceived", DAY, fund="STIDF", vintage=2025, amount="10.00", document={"number": "内财科〔2025〕1号"}
)


def record(desk: Desk, line: int) -> None:
    done(desk.ask("fin-1", GOOD | {"line": str(line)}))


def numbers(response: httpx2.Response) -> Iterator[int]:
    """Numbers of the events as they arrive; each id and its data agree."""
    identity = 0
    for line in response.iter_lines():
        if line.startswith("id: "):
            identity = int(line.removeprefix("id: "))
        if line.startswith("data: "):
            assert json.loads(line.removeprefix("data: "))["number"] == identity
            yield identity


def test_a_stream_gives_what_was_recorded_and_then_what_comes(served: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "PAGE", 2)
    for line in range(1, 6):
        record(served, line)
    headers = served.headers("aud-1")
    with served.client.stream("GET", "/v1/stream", params={"after": 1}, headers=headers) as response:
        assert response.headers["content-type"].startswith("text/event-stream")
        arriving = numbers(response)
        assert [next(arriving) for _ in range(4)] == [2, 3, 4, 5]
        writing = Thread(target=record, args=[served, 6])
        writing.start()
        assert next(arriving) == 6
        writing.join()
    with served.client.stream("GET", "/v1/stream", headers=headers | {"Last-Event-ID": "5"}) as response:
        assert next(numbers(response)) == 6


def test_a_silent_stream_has_a_heartbeat(served: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "HEARTBEAT_SECONDS", 0.05)
    with served.client.stream("GET", "/v1/stream", headers=served.headers("aud-1")) as response:
        lines = response.iter_lines()
        assert [line for _, line in zip(range(6), lines, strict=False) if line] == [": heartbeat"] * 3


def test_a_stream_ends_when_the_server_stops(app: FastAPI, people: DemoPeople) -> None:
    with httpx2.Client(timeout=30) as client:
        desk = Desk(client, people)
        with serving(app) as address:
            request = client.build_request("GET", f"{address}/v1/stream", headers=desk.headers("aud-1"))
            response = client.send(request, stream=True)
            lines = response.iter_lines()
            assert next(lines) == ": heartbeat"
        assert [line for line in lines if line] == []
        response.close()


# -- so many at once


@contextmanager
def open_stream(desk: Desk, headers: dict[str, str]) -> Iterator[Iterator[str]]:
    """The lines of a stream that has begun."""
    with desk.client.stream("GET", "/v1/stream", headers=headers) as response:
        assert response.status_code == 200, response.read()
        lines = response.iter_lines()
        assert next(lines) == ": heartbeat"
        yield lines


def opened_at_last(desk: Desk, headers: dict[str, str]) -> bool:
    """Whether one is let in within some seconds: the server hears of a reader who left when its own loop comes to it."""
    until = monotonic() + 10
    while monotonic() < until:
        with desk.client.stream("GET", "/v1/stream", headers=headers) as response:
            if response.status_code == 200:
                return True
    return False


def test_one_person_has_so_many_open_and_a_closed_one_makes_room(served: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "OF_ONE_MAX", 2)
    with ExitStack() as open_ones:
        with open_stream(served, served.headers("aud-1")):
            open_ones.enter_context(open_stream(served, served.session("aud-1")))
            answer = served.read("aud-1", "/v1/stream")
            refused(answer, "TOO_MANY_STREAMS", 429)
            assert int(answer.headers["Retry-After"]) >= 1
            with open_stream(served, served.headers("fin-1")):
                pass
        assert opened_at_last(served, served.headers("aud-1"))


def test_there_are_so_many_in_all(served: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "IN_ALL_MAX", 1)
    with open_stream(served, served.headers("aud-1")):
        answer = served.read("fin-1", "/v1/stream")
        refused(answer, "BUSY", 503)
        assert int(answer.headers["Retry-After"]) >= 1
    assert opened_at_last(served, served.headers("fin-1"))


def test_who_is_turned_away_takes_no_place(served: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "IN_ALL_MAX", 1)
    for who, status in (("adm-1", 403), ("aud-1", 422)):
        assert served.read(who, "/v1/stream", after="x").status_code == status
    with open_stream(served, served.headers("fin-1")):
        pass


# -- for as long as one may


@pytest.mark.parametrize("how", ["key", "session", "grant", "disabled", "way in"])
def test_who_may_not_read_any_more_reads_no_more(
    served: Desk, registered: People, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    monkeypatch.setattr(stream, "HEARTBEAT_SECONDS", 0.05)
    person = registered.register.person("fin-1")
    key, secret = registered.keys.make(person.id, "x", [Action.SEE_BOOKS], 1, person.id)
    by_key = {"Authorization": f"Bearer {secret}"}
    headers = by_key if how == "key" else served.session("fin-1")
    with open_stream(served, headers) as lines, open_stream(served, served.headers("aud-1")) as others:
        for _ in range(4):  # it stays open while nothing changes
            next(lines)
        match how:
            case "key":
                registered.keys.revoke(key.id, person.id)
            case "session":
                registered.sessions.end_all(person.id, "p-adm-1")
            case "grant":
                (granted,) = registered.held(person, TODAY)
                registered.register.revoke(granted.number, "p-sec-1")
            case "disabled":
                registered.register.disable(person.id, "p-adm-1")
            case "way in":
                registered.register.link(person.id, "https://id.example.cn", "x", "p-adm-1")
        began = monotonic()
        assert all(line in ("", ": heartbeat") for line in lines)
        assert monotonic() - began < 5
        assert next(others) in ("", ": heartbeat")
