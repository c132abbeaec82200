"""Serving the application: on this machine only, and so that streams end when the server does."""

import socket
from ipaddress import ip_address

import uvicorn
from fastapi import FastAPI

from api.feed import Feed

GRACE_SECONDS = 5
"""How long requests under way may take to end when the server stops."""


class NotLoopback(ValueError):
    """只能监听本机地址:登录功能完成之前不对网络开放。

    Only addresses of this machine are served until there is a sign-in: demo keys must not be open to a network.
    """

    def __init__(self, host: str) -> None:
        super().__init__(f"{host}: {self.__doc__}")


def loopback(host: str) -> str:
    """The host, if it names this machine and nothing else. Raises NotLoopback."""
    if host == "localhost":
        return host
    try:
        named = ip_address(host)
    except ValueError as error:
        raise NotLoopback(host) from error
    if not named.is_loopback:
        raise NotLoopback(host)
    return host


class Server(uvicorn.Server):
    """Uvicorn, which waits for every answer to end: streams are told to, first."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        app = self.config.app
        if isinstance(app, FastAPI):
            feed: Feed = app.state.feed
            feed.close()
        await super().shutdown(sockets)


def server(app: FastAPI, host: str = "127.0.0.1", port: int = 8000) -> Server:
    """A server ready to ``run()``; port 0 takes a free one. Raises NotLoopback."""
    config = uvicorn.Config(
        app,
        host=loopback(host),
        port=port,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    return Server(config)
