"""Server-sent events over a real connection."""

import json
from collections.abc import Iterator
from threading import Thread

import httpx2
import pytest
from fastapi import FastAPI

from api.routes import stream
from ledger.access.demo import DemoPeople
from tests.api.conftest import serving
from tests.api.desk import Desk, done, movement
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
