"""Faults that nobody foresaw: told in one problem, and written to the log."""

import logging

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import Wrong, refuse

_log = logging.getLogger("ledger.api")


class Faults:
    """Answers what nobody foresaw. The innermost of what surrounds the routes, so that this answer, too, has its headers."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def sending(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self.app(scope, receive, sending)
        except ClientDisconnect:
            return  # nobody is left to be answered
        except Exception as error:
            if started or scope["type"] != "http":
                raise  # the server cuts the answer, so that nobody takes it for whole
            _log.error("unforeseen", exc_info=error)
            await refuse(Wrong.INTERNAL_FAULT, scope, receive, send)
