"""Connections: how many there may be, and how long each may take over what it owes us.

Uvicorn waits for ever for headers and bodies, and for whoever does not read what was answered. Here a client that is slow
loses its connection, and where there are too many, those that wait longest without asking anything go first.
"""

import asyncio
import resource
import select
import sys
from enum import Enum
from functools import cache
from http import HTTPStatus
from itertools import islice
from typing import Any

import h11
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import STATUS_PHRASES, H11Protocol, RequestResponseCycle

from api.headers import SafeHeaders, safe_headers
from api.language import ZH
from api.problems import ProblemRaised, Wrong, problem_of, refuse, respond

SERVED_MAX = 1_000
"""Connections served at once; a process of this size answers some hundreds of requests a second."""
HEADER_BYTES_MAX = 32 * 1024
KEEP_ALIVE_SECONDS = 5
_SLICE_BYTES = 8 * 1024
_FILES_MAX = 65_536
_OTHER_FILES = 256
"""Files and sockets that are no client's: the database's above all."""
_IDLE_SECONDS = 2.0
"""Whoever has asked for nothing for so long makes room for others."""
_LOOKED_AT = 16
_BODY_BYTES_PER_SECOND = 64 * 1024
_STALLED_SECONDS = 30.0
_CLOSING_SECONDS = 5.0


class Owed(Enum):
    """What a client has begun to send, or has to, and has not sent whole."""

    HEADERS = "headers"
    BODY = "body"


SECONDS = {Owed.HEADERS: 10.0, Owed.BODY: 20.0}
"""How long each may take in all; a long body may take longer, by its length."""


class Room:
    """How many connections are served, and how many more may be told that there is no room; who waits, the longest first.

    ``training``: whether what is answered here is of a training ledger.
    """

    def __init__(self, served: int, accepted: int, *, training: bool = False) -> None:
        self.served, self.accepted = served, accepted
        self.training = training
        self.no_room = SafeHeaders(_no_room, training=training)
        self.waiting: dict[Connection, None] = {}

    def clear(self, latest: float) -> bool:
        """Whether a connection that has asked for nothing since then was closed to make room."""
        for one in islice(self.waiting, _LOOKED_AT):
            if one.since > latest:
                return False
            if not one.has_unread:
                one.refuse(Wrong.TOO_SLOW)
                return True
        return False


def make_room(*, training: bool = False) -> Room:
    """Let this process open as many files as it may, and see how many connections that leaves."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = _FILES_MAX if hard == resource.RLIM_INFINITY else min(hard, _FILES_MAX)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
        soft = most
    accepted = min(soft if soft != resource.RLIM_INFINITY else most, _FILES_MAX) - _OTHER_FILES
    return Room(max(1, min(SERVED_MAX, accepted // 2)), max(2, accepted), training=training)


class OneLength:
    """Refuses a request that tells the length of its body in two ways, and hangs up: a proxy before us may have believed the
    other, and would take what follows for the request of somebody else."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and {"content-length", "transfer-encoding"}.issubset(Headers(scope=scope)):
            await refuse(Wrong.HTTP_ERROR, scope, receive, send, {"Connection": "close"})
        else:
            await self.app(scope, receive, send)


async def _no_room(scope: Scope, receive: Receive, send: Send) -> None:
    """Stands in for the application where there are too many connections."""
    await refuse(Wrong.BUSY, scope, receive, send, {"Connection": "close"})


@cache
def _answer(wrong: Wrong, *, https: bool, training: bool) -> tuple[h11.Event, ...]:
    """An answer of the connection itself. Nobody knows of which path, so it is kept nowhere."""
    headers = safe_headers(of_the_books=True, https=https, training=training)
    answer = respond(problem_of(ProblemRaised(wrong), ZH), headers | {"Connection": "close"})
    code = answer.status_code
    start = h11.Response(status_code=code, headers=answer.raw_headers, reason=STATUS_PHRASES[code])
    return start, h11.Data(data=bytes(answer.body)), h11.EndOfMessage()


class Connection(H11Protocol):
    """One connection, watched."""

    def __init__(self, *arguments: Any, room: Room, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.room = room
        self._owed: Owed | None = None
        self._late: asyncio.TimerHandle | None = None
        self._stalled: asyncio.TimerHandle | None = None
        self.since = 0.0
        self._received = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._expect(Owed.HEADERS)
        if len(self.connections) > self.room.accepted:
            transport.abort()
        elif len(self.connections) > self.room.served and not self.room.clear(self.since - _IDLE_SECONDS):
            self.app = self.room.no_room

    def connection_lost(self, exc: Exception | None) -> None:
        for timer in (self._late, self._stalled):
            if timer is not None:
                timer.cancel()
        self.room.waiting.pop(self, None)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Headers go to the parser in slices, as it measures only what is not yet whole."""
        if self.app is self.room.no_room and len(self.connections) <= self.room.served:
            self.app = self.config.loaded_app
        if self._owed is None and self.conn.their_state is h11.IDLE:
            self._expect(Owed.HEADERS)
        self._received += len(data)
        while data and not self.transport.is_closing():
            size = _SLICE_BYTES if self.conn.their_state is h11.IDLE else len(data)
            super().data_received(data[:size])
            data = data[size:]
        self._see_what_is_owed()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._see_what_is_owed()
        if self._owed is None:
            self._expect(None)
        if self.transport.is_closing():
            self._hang_up()

    def _should_upgrade(self) -> bool:
        return False  # nothing is upgraded here, and uvicorn would tell the log so twice for each request that asks

    # -- what the client owes

    def _see_what_is_owed(self) -> None:
        if self.conn.their_state is h11.SEND_BODY:
            owed = Owed.BODY
        elif self.conn.their_state is h11.IDLE and self.conn.trailing_data[0]:
            owed = Owed.HEADERS
        else:
            owed = None
        if owed is not self._owed:
            self._expect(owed)

    def _expect(self, owed: Owed | None) -> None:
        if self._late is not None:
            self._late.cancel()
        self._owed, self._received, self.since = owed, 0, self.loop.time()
        self.room.waiting.pop(self, None)
        if self.conn.their_state is h11.IDLE:  # no request is under way
            self.room.waiting[self] = None
        self._late = None if owed is None else self.loop.call_later(SECONDS[owed], self._see_whether_late)

    def _see_whether_late(self) -> None:
        left = 0.0
        if self._owed is Owed.BODY:
            left = self.since + SECONDS[Owed.BODY] + self._received / _BODY_BYTES_PER_SECOND - self.loop.time()
        if left > 0:
            self._late = self.loop.call_later(left, self._see_whether_late)
        else:
            self.refuse(Wrong.TOO_SLOW)

    @property
    def has_unread(self) -> bool:
        """Whether something has arrived that we, being slow ourselves, have not read yet."""
        arrived = select.poll()
        arrived.register(self.transport.get_extra_info("socket").fileno(), select.POLLIN)
        return bool(arrived.poll(0))

    # -- ending

    def refuse(self, wrong: Wrong) -> None:
        """Say what is wrong where nothing was answered yet and something was asked, and end the connection."""
        cycle: RequestResponseCycle | None = getattr(self, "cycle", None)  # none before the first request
        if cycle is not None and not cycle.response_complete:
            cycle.disconnected = True  # so that whoever answers stops
            cycle.message_event.set()
        begun = self.conn.their_state is not h11.IDLE or bool(self.conn.trailing_data[0])
        if begun and self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            for event in _answer(wrong, https=self.scheme == "https", training=self.room.training):
                self.transport.write(self.conn.send(event) or b"")
        self._hang_up()

    def send_400_response(self, msg: str) -> None:
        """Uvicorn calls this where what arrived is no HTTP; the parser says whether it was too long."""
        too_long = getattr(sys.exception(), "error_status_hint", None) == HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
        self.refuse(Wrong.HEADERS_TOO_LONG if too_long else Wrong.HTTP_ERROR)

    def timeout_keep_alive_handler(self) -> None:
        super().timeout_keep_alive_handler()
        self._hang_up()

    def _hang_up(self) -> None:
        """Close, even where the client never reads what is still to be sent."""
        self.room.waiting.pop(self, None)
        self.transport.close()
        self.loop.call_later(_CLOSING_SECONDS, self.transport.abort)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._stalled = self.loop.call_later(_STALLED_SECONDS, self.transport.abort)

    def resume_writing(self) -> None:
        super().resume_writing()
        if self._stalled is not None:
            self._stalled.cancel()
