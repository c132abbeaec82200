"""One line for each request: who asked what, from where, and how it was answered. No path, query, header or body is in it."""

import logging
import re
import time
from uuid import uuid4

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ledger.logs import REQUEST, log

HEADER = "X-Request-Id"
_ID = re.compile(r"[A-Za-z0-9._-]{1,64}", re.ASCII)
_METHOD = re.compile(r"[A-Z]{1,20}", re.ASCII)
_NOBODY_LEFT = 499
"""Logged, never sent: whoever asked went away, or was too slow, before there was an answer."""
_log = logging.getLogger("ledger.requests")


class RequestLog:
    """Gives each request an id, its own where it fits, and logs what became of it.

    The person is whoever ``request.state.person`` names, an opaque subject.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began, status = time.perf_counter(), _NOBODY_LEFT
        sent = Headers(scope=scope).getlist(HEADER)
        identity = sent[0] if len(sent) == 1 and _ID.fullmatch(sent[0]) else uuid4().hex
        REQUEST.set(identity)  # the task of a request has a context of its own

        async def with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)[HEADER] = identity
            await send(message)

        state = scope.setdefault("state", {})
        try:
            await self.app(scope, receive, with_id)
        finally:
            log(
                _log,
                logging.INFO if status < 500 else logging.WARNING,
                method=scope["method"] if _METHOD.fullmatch(scope["method"]) else None,
                route=getattr(scope.get("route"), "path_format", None),
                status=status,
                ms=round((time.perf_counter() - began) * 1000, 1),
                person=state.get("person"),
                address=scope["client"][0] if scope.get("client") else None,
            )
