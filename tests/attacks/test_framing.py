"""Requests that say two things at once, against a real server: refused or read one way, and never answered as two."""

import re
import socket
from collections.abc import Iterator
from contextlib import closing
from urllib.parse import urlsplit

import pytest
from fastapi import FastAPI

from ledger.access.demo import DemoPeople
from tests.api.conftest import serving

SMUGGLED = b"GET /v1/people HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Request-Id: smuggled\r\nConnection: close\r\n\r\n"
HOST = b"Host: 127.0.0.1\r\n"
POST = b"POST /v1/session HTTP/1.1\r\n" + HOST
CHUNKED = b"0\r\n\r\n"

AMBIGUOUS = {
    "CL.TE": POST + b"Content-Length: %d\r\nTransfer-Encoding: chunked\r\n\r\n" % len(CHUNKED + SMUGGLED) + CHUNKED,
    "TE.CL": POST + b"Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n" + CHUNKED,
    "TE.TE": POST + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n" + CHUNKED,
    "TE xchunked": POST + b"Transfer-Encoding: xchunked\r\n\r\n" + CHUNKED,
    "TE gzip, chunked": POST + b"Transfer-Encoding: gzip, chunked\r\n\r\n" + CHUNKED,
    "TE after a vertical tab": POST + b"Transfer-Encoding: \x0bchunked\r\n\r\n" + CHUNKED,
    "TE with a space before the colon": POST + b"Transfer-Encoding : chunked\r\n\r\n" + CHUNKED,
    "two lengths": POST + b"Content-Length: 0\r\nContent-Length: %d\r\n\r\n" % len(SMUGGLED),
    "a list of lengths": POST + b"Content-Length: 0, %d\r\n\r\n" % len(SMUGGLED),
    "a length with a sign": POST + b"Content-Length: +0\r\n\r\n",
    "a negative length": POST + b"Content-Length: -1\r\n\r\n",
    "a length in hexadecimal": POST + b"Content-Length: 0x0\r\n\r\n",
    "a chunk in no hexadecimal": POST + b"Transfer-Encoding: chunked\r\n\r\n0_0\r\n\r\n",
    "a negative chunk": POST + b"Transfer-Encoding: chunked\r\n\r\n-1\r\n\r\n",
    "a chunk without its end": POST + b"Transfer-Encoding: chunked\r\n\r\n1\r\nxx0\r\n\r\n",
    "a header without a colon": POST + b"Content-Length 0\r\n\r\n",
    "a bare carriage return": POST + b"X-A: a\rContent-Length: 0\r\n\r\n",
    "NUL in a header": POST + b"X-A: a\x00b\r\nContent-Length: 0\r\n\r\n",
    "a fold before the first header": b"POST /v1/session HTTP/1.1\r\n X-A: 1\r\n" + HOST + b"Content-Length: 0\r\n\r\n",
    "two hosts": b"GET /v1/session HTTP/1.1\r\n" + HOST + b"Host: evil.example\r\n\r\n",
    "no host": b"GET /v1/session HTTP/1.1\r\n\r\n",
    "a space in the target": b"GET /v1/session HTTP/1.1 HTTP/1.1\r\n" + HOST + b"\r\n",
    "a body that HTTP/1.0 cannot chunk": b"POST /v1/session HTTP/1.0\r\n"
    + HOST
    + b"Transfer-Encoding: chunked\r\n\r\n",
}
"""Each with a second request behind it, which a proxy before us might have taken for the body of the first."""
ELSEWHERE = {
    "absolute form": b"GET http://evil.example/v1/session HTTP/1.1\r\n" + HOST,
    "another host": b"GET /v1/session HTTP/1.1\r\nHost: evil.example\r\n",
    "authority form": b"CONNECT evil.example:443 HTTP/1.1\r\n" + HOST,
    "X-Forwarded-Host": b"GET /healthz HTTP/1.1\r\nHost: evil.example\r\nX-Forwarded-Host: 127.0.0.1\r\n",
    "Forwarded": b"GET /healthz HTTP/1.1\r\nHost: evil.example\r\nForwarded: host=127.0.0.1\r\n",
    "X-Original-URL": b"GET /nowhere HTTP/1.1\r\n" + HOST + b"X-Original-URL: /healthz\r\nX-Rewrite-URL: /healthz\r\n",
}


@pytest.fixture(scope="module")
def address(quiet_app: FastAPI) -> Iterator[str]:
    with serving(quiet_app) as address:
        yield address


def said(address: str, sent: bytes) -> bytes:
    """All that is answered, until the server hangs up, as the last request asks it to."""
    parts = urlsplit(address)
    with closing(socket.create_connection((parts.hostname, parts.port), timeout=10)) as connection:
        connection.sendall(sent)
        found = b""
        while more := connection.recv(65_536):
            found += more
    return found


def statuses(found: bytes) -> list[int]:
    return [int(status) for status in re.findall(rb"HTTP/1\.[01] (\d{3}) ", found)]


@pytest.mark.parametrize("ambiguous", AMBIGUOUS.values(), ids=AMBIGUOUS)
def test_a_request_that_can_be_read_in_two_ways_is_refused_and_nothing_after_it_is_read(
    address: str, ambiguous: bytes
) -> None:
    found = said(address, ambiguous + SMUGGLED)
    (status,) = statuses(found)
    assert 400 <= status < 600
    assert status != 401, "it was read"
    assert b"connection: close" in found.lower()
    assert b"smuggled" not in found


@pytest.mark.parametrize("elsewhere", ELSEWHERE.values(), ids=ELSEWHERE)
def test_a_request_for_another_host_or_path_is_not_answered_as_ours(address: str, elsewhere: bytes) -> None:
    found = said(address, elsewhere + b"Connection: close\r\n\r\n")
    (status,) = statuses(found)
    assert status in (400, 404, 405, 421)
    assert b"evil.example" not in found


def test_a_folded_header_is_one_header(address: str) -> None:
    """RFC 9112 5.2 lets it be read as one line; what it holds is no header of its own."""
    sent = b"GET /healthz HTTP/1.1\r\n" + HOST + b"X-A: 1\r\n X-Request-Id: folded\r\n\r\n"
    found = said(address, sent + SMUGGLED)
    assert statuses(found) == [200, 401]
    assert b"folded" not in found


def test_pipelined_requests_are_answered_each_as_whoever_asked(address: str, people: DemoPeople) -> None:
    """The key of one request is not that of the next on the same connection."""
    keyed = b"GET /v1/session HTTP/1.1\r\n" + HOST + b"Authorization: Bearer %s\r\n\r\n"
    found = said(address, keyed % people.key_of("fin-1").encode() + keyed % b"guess" + SMUGGLED)
    assert statuses(found) == [200, 401, 401]


@pytest.mark.parametrize("header", ["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"])
def test_no_header_makes_one_method_another(address: str, people: DemoPeople, header: str) -> None:
    sent = b"GET /v1/keys/k-none HTTP/1.1\r\n" + HOST + f"{header}: DELETE\r\n".encode()
    sent += b"Connection: close\r\nAuthorization: Bearer %s\r\n\r\n" % people.key_of("fin-1").encode()
    assert statuses(said(address, sent)) == [405]


def test_asking_to_upgrade_is_one_request_and_no_word_of_it_in_the_log(
    address: str, caplog: pytest.LogCaptureFixture
) -> None:
    sent = b"GET /healthz HTTP/1.1\r\n" + HOST + b"Upgrade: websocket\r\nConnection: Upgrade, close\r\n\r\n"
    assert statuses(said(address, sent)) == [200]
    assert [record for record in caplog.records if record.name.startswith("uvicorn")] == []
