"""Serving the application: where the settings say, and so that streams end when the server does."""

import asyncio
import socket
from functools import partial
from typing import Any, cast

import uvicorn
from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool

from api.connections import HEADER_BYTES_MAX, KEEP_ALIVE_SECONDS, Connection, make_room
from api.feed import Feed
from ledger.jobs import Jobs
from ledger.settings import Settings

GRACE_SECONDS = 5
"""How long requests under way may take to end when the server stops."""
HANDSHAKE_SECONDS = 10.0
CIPHERS = "ECDHE+AESGCM:ECDHE+CHACHA20"
"""Of TLS 1.2: forward secrecy and authenticated encryption alone. Those of TLS 1.3 are all so."""


class Loop(asyncio.SelectorEventLoop):
    """Asyncio's, which gives a TLS handshake a minute and uvicorn no way to say less."""

    async def create_server(self, *arguments: Any, **named: Any) -> asyncio.Server:
        if named.get("ssl") is not None:
            named.setdefault("ssl_handshake_timeout", HANDSHAKE_SECONDS)
        return await super().create_server(*arguments, **named)


class Server(uvicorn.Server):
    """Uvicorn, which waits for every answer to end: streams and long work are told to, first."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        app = self.config.app
        if isinstance(app, FastAPI):
            feed: Feed = app.state.feed
            feed.close()
            jobs: Jobs = app.state.jobs
            await run_in_threadpool(jobs.close)
        await super().shutdown(sockets)


def server(app: FastAPI, settings: Settings) -> Server:
    """A server ready to ``run()``; port 0 takes a free one. What is unsafe, `ledger.safety` has refused before."""
    return Server(
        uvicorn.Config(
            app,
            host=settings.host,
            port=settings.port,
            ssl_certfile=settings.tls and settings.tls.certificate,
            ssl_keyfile=settings.tls and settings.tls.key,
            ssl_ciphers=CIPHERS,
            proxy_headers=bool(settings.trusted_proxies),
            forwarded_allow_ips=[str(network) for network in settings.trusted_proxies],
            http=cast(Any, partial(Connection, room=make_room(training=settings.training))),
            loop=f"{__name__}:Loop",
            h11_max_incomplete_event_size=HEADER_BYTES_MAX,
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
            ws="none",
            log_config=None,
            log_level="warning",
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=GRACE_SECONDS,
        )
    )
