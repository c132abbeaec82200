"""Serving the application: where the settings say, and so that streams end when the server does."""

import socket

import uvicorn
from fastapi import FastAPI

from api.feed import Feed
from ledger.settings import Settings

GRACE_SECONDS = 5
"""How long requests under way may take to end when the server stops."""


class Server(uvicorn.Server):
    """Uvicorn, which waits for every answer to end: streams are told to, first."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        app = self.config.app
        if isinstance(app, FastAPI):
            feed: Feed = app.state.feed
            feed.close()
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
            proxy_headers=bool(settings.trusted_proxies),
            forwarded_allow_ips=[str(network) for network in settings.trusted_proxies],
            ws="none",
            log_level="warning",
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=GRACE_SECONDS,
        )
    )
