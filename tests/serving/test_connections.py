"""Slow and many: nobody who is slow, and no crowd, keeps others from being answered."""

import asyncio
import json
import socket
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import httpx2
import pytest
from fastapi import FastAPI

from api import connections
from api.connections import SECONDS, Owed, Room, make_room
from api.headers import safe_headers
from bench.workload import SECRET
from ledger.access.demo import demo_people
from ledger.access.people import People
from ledger.embedded import embedded_postgres
from ledger.settings import Settings
from tests.api.conftest import serving
from tests.faults.service import Service, started

WITHIN = 5.0


@pytest.fixture
def address(quiet_app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A server that is less patient than usual."""
    monkeypatch.setitem(SECONDS, Owed.HEADERS, 0.5)
    monkeypatch.setitem(SECONDS, Owed.BODY, 0.5)
    with serving(quiet_app) as address:
        yield address


def connected(address: str) -> socket.socket:
    parts = urlsplit(address)
    return socket.create_connection((parts.hostname, parts.port), timeout=10)


def trickle(connection: socket.socket, head: bytes, each: bytes) -> tuple[bytes, float]:
    """Send a beginning, then a little again and again until the server ends it; what it said, and after how long."""
    began, said = time.monotonic(), b""
    connection.sendall(head)
    connection.settimeout(0.05)
    while time.monotonic() < began + WITHIN:
        try:
            connection.sendall(each)
            if not (more := connection.recv(65536)):
                break
            said += more
        except TimeoutError:
            continue
        except OSError:
            break
    return said, time.monotonic() - began


def the_problem(said: bytes, *, training: bool = False) -> dict:
    """The problem in an answer of the connection itself, whose headers are as safe as those of any other."""
    head, _, body = said.partition(b"\r\n\r\n")
    headers = httpx2.Headers([tuple(line.split(b": ", 1)) for line in head.split(b"\r\n")[1:]])
    assert headers["content-type"] == "application/problem+json"
    assert headers["connection"] == "close"
    assert headers["cache-control"] == "no-store"
    assert_safe(headers, training=training)
    problem = json.loads(body)
    assert all(problem["message"][language] for language in ("zh", "en"))
    return problem


def assert_safe(headers: httpx2.Headers, *, training: bool = False) -> None:
    expected = safe_headers(of_the_books=False, https=False, training=training)
    assert {name: headers.get(name) for name in expected} == expected
    assert ("ledger-training" in headers) == training
    assert "server" not in headers


def test_headers_that_trickle_in_are_not_waited_for(address: str) -> None:
    with closing(connected(address)) as slow:
        said, seconds = trickle(slow, b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n", b"X-A: 1\r\n")
    assert said.startswith(b"HTTP/1.1 408 ")
    assert the_problem(said)["code"] == "TOO_SLOW"
    assert 0.4 < seconds < 3


def test_a_second_request_may_not_trickle_in_either(address: str) -> None:
    whole = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    with closing(connected(address)) as slow:
        said, seconds = trickle(slow, whole + b"GET /healthz HTTP/1.1\r\n", b"X-A: 1\r\n")
    assert said.startswith(b"HTTP/1.1 200 ")
    assert b"HTTP/1.1 408 " in said
    assert seconds < 3


def test_a_connection_that_says_nothing_is_closed(address: str) -> None:
    with closing(connected(address)) as silent:
        began = time.monotonic()
        assert silent.recv(1) == b""
        assert time.monotonic() - began < 3


@pytest.mark.parametrize("path", ["/v1/movements", "/healthz", "/nowhere"])
def test_a_body_that_trickles_in_is_not_waited_for(address: str, quiet_desk, path: str) -> None:
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100000\r\n"
    head += "".join(f"{name}: {value}\r\n" for name, value in quiet_desk.headers("fin-1").items())
    with closing(connected(address)) as slow:
        said, seconds = trickle(slow, head.encode() + b"\r\n", b" ")
    assert seconds < 3
    if path == "/v1/movements":  # the others answer without waiting for a body they do not want
        assert said.startswith(b"HTTP/1.1 408 ")
        assert the_problem(said)["code"] == "TOO_SLOW"


def test_a_long_body_that_keeps_coming_has_its_time(address: str, quiet_desk) -> None:
    """Half a megabyte in 1.6 s: longer than a short body may take, and fast enough."""

    def pieces() -> Iterator[bytes]:
        for _ in range(16):
            time.sleep(0.1)
            yield b" " * 32 * 1024

    answer = httpx2.post(f"{address}/v1/movements", content=pieces(), headers=quiet_desk.headers("fin-1"))
    assert (answer.status_code, answer.json()["code"]) == (422, "MALFORMED")


@pytest.mark.parametrize(
    "junk", [b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b"GET  /\r\n\r\n", b"GET / HTTP/1.1\r\n\r\n"]
)
def test_what_is_no_http_is_answered_once_and_closed(address: str, junk: bytes) -> None:
    with closing(connected(address)) as connection:
        said, _ = trickle(connection, junk, b"\r\n")
    assert said.startswith(b"HTTP/1.1 400 ")
    assert the_problem(said)["code"] == "HTTP_ERROR"


def test_what_a_training_ledger_s_connections_answer_is_marked(quiet_app: FastAPI) -> None:
    with serving(quiet_app, Settings(port=0, name="nm.training")) as address, closing(connected(address)) as connection:
        said, _ = trickle(connection, b"GET  /\r\n\r\n", b"\r\n")
    assert the_problem(said, training=True)["code"] == "HTTP_ERROR"


@pytest.mark.parametrize("where", ["path", "query", "one header", "many headers"])
def test_headers_have_a_length(address: str, where: str) -> None:
    long = "a" * 100_000
    head = {
        "path": f"GET /{long} HTTP/1.1\r\n",
        "query": f"GET /healthz?a={long} HTTP/1.1\r\n",
        "one header": f"GET /healthz HTTP/1.1\r\nX-A: {long}\r\n",
        "many headers": "GET /healthz HTTP/1.1\r\n" + "X-A: 1\r\n" * 20_000,
    }[where]
    with closing(connected(address)) as connection:
        said, _ = trickle(connection, f"{head}Host: 127.0.0.1\r\n\r\n".encode(), b"")
    assert said.startswith(b"HTTP/1.1 431 ") or said == b""  # closed while it was still sending
    assert not said or the_problem(said)["code"] == "HEADERS_TOO_LONG"


def test_whoever_asks_for_nothing_makes_room(quiet_app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.server.make_room", lambda training: Room(3, 10, training=training))
    monkeypatch.setattr(connections, "_IDLE_SECONDS", 3600)
    with serving(quiet_app) as address:
        idle = [connected(address) for _ in range(3)]
        for one in idle[1:]:
            one.sendall(b"GET /healthz HTTP/1.1\r\n")
        refused = httpx2.get(f"{address}/healthz")
        assert (refused.status_code, refused.json()["code"]) == (503, "BUSY")
        assert int(refused.headers["retry-after"]) > 0
        assert_safe(refused.headers)
        monkeypatch.setattr(connections, "_IDLE_SECONDS", 0)
        assert httpx2.get(f"{address}/healthz").status_code == 200
        monkeypatch.setattr(connections, "_IDLE_SECONDS", 3600)
        crowd = [connected(address) for _ in range(20)]
        assert [one.recv(1) for one in crowd[-5:]] == [b""] * 5  # beyond what can be told so, it is just closed
        for one in (*idle, *crowd):
            one.close()
        assert httpx2.get(f"{address}/healthz").status_code in (200, 503)


# -- a crowd, before a service that is a process of its own

CROWD = 2_000


async def asked(port: int, request: bytes) -> str:
    """The status line, or how the connection ended."""
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(request)
        line = (await asyncio.wait_for(reader.readline(), 60)).decode().strip()
        writer.close()
    except OSError as error:
        return type(error).__name__
    return line or "closed"


async def answered_after(port: int, request: bytes) -> float:
    """How long until a request was answered, by somebody who asks again where there is no room."""
    began = time.monotonic()
    while not (await asked(port, request)).startswith("HTTP/1.1 200"):
        await asyncio.sleep(0.1)
        assert time.monotonic() < began + 60
    return time.monotonic() - began


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    make_room()  # this process, too, opens many connections
    with started(tmp_path / "home") as service:
        yield service


def request_of(service: Service) -> bytes:
    people = demo_people(service.home)
    with embedded_postgres(service.home) as dsn, closing(People(dsn, SECRET)) as registered:
        people.enrol(registered)
    key = people.key_of("aud-1")
    head = f"GET /v1/movements HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {key}\r\nConnection: close\r\n\r\n"
    return head.encode()


@pytest.mark.slow
def test_two_thousand_requests_at_once_are_answered_or_told_that_there_is_no_room(service: Service) -> None:
    request = request_of(service)

    async def crowd() -> tuple[list[str], float]:
        asking = [asyncio.create_task(asked(service.port, request)) for _ in range(CROWD)]
        await asyncio.sleep(0.2)
        seconds = await answered_after(service.port, request)
        return await asyncio.gather(*asking), seconds

    said, seconds = asyncio.run(crowd())
    counted = Counter(said)
    answers = {"HTTP/1.1 200 OK", "HTTP/1.1 503 Service Unavailable"}
    assert set(counted) <= {*answers, "closed"}, counted  # closed: for seconds connected, and nothing asked
    assert counted["HTTP/1.1 200 OK"] >= connections.SERVED_MAX / 2, counted
    assert seconds < 20, seconds  # as long as everybody before it takes, on a machine that runs other tests too
    assert asyncio.run(answered_after(service.port, request)) < WITHIN
    assert service.alive


@pytest.mark.slow
def test_two_thousand_that_never_ask_keep_nobody_from_being_answered(service: Service) -> None:
    request = request_of(service)

    async def siege() -> tuple[list[float], Counter[str]]:
        half = b"GET /healthz HTTP/1.1\r\nX-A: "
        asking = [asyncio.create_task(asked(service.port, half)) for _ in range(CROWD)]
        await asyncio.sleep(2.5)
        waits = [await answered_after(service.port, request) for _ in range(5)]
        return waits, Counter(await asyncio.gather(*asking))

    waits, ended = asyncio.run(siege())
    assert max(waits) < WITHIN, waits
    assert set(ended) <= {"HTTP/1.1 408 Request Timeout", "closed"}, ended
    assert service.alive
