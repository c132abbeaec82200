"""Serving: the port is taken before anything is said, and the last words name people and address."""

import signal
import socket
from collections.abc import Callable
from types import FrameType
from typing import Protocol

from ledger.access.oidc import Provider
from ledger.access.people import People
from ledger.cli.people import show_people
from ledger.cli.terminal import Complaint, Exit, say
from ledger.settings import Settings

PORT_MAX = 65_535


class Server(Protocol):
    """What serves, once it is given a socket that listens."""

    def run(self, sockets: list[socket.socket] | None = None) -> None: ...


def listening(host: str, port: int) -> socket.socket:
    """A socket on a port of this host; 0 takes a free one. Raises Complaint where host or port cannot be used."""
    if not 0 <= port <= PORT_MAX:
        raise Complaint(Exit.USAGE, f"端口应为 0 至 {PORT_MAX}", f"a port is a number from 0 to {PORT_MAX}")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Named as TCP: of others the event loop does not let small answers go at once, and each would wait 40 ms.
    taken = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        taken.bind((host, port))
        taken.listen()  # before the address is said: who connects at once waits rather than is turned away
    except OSError as error:
        taken.close()
        zh = f"{host} 端口 {port} 不可用({error.strerror}):请用 --port 另选,0 表示任选"
        en = f"port {port} of {host} cannot be used ({error.strerror}): name another with --port; 0 takes a free one"
        raise Complaint(Exit.SETUP, zh, en) from error
    return taken


def address_of(settings: Settings, taken: socket.socket) -> str:
    """Under which URL people reach what listens there."""
    host, port = taken.getsockname()[:2]
    scheme = "http" if settings.tls is None else "https"
    return settings.public_url or f"{scheme}://{f'[{host}]' if ':' in host else host}:{port}"


def provider_of(settings: Settings) -> Provider | None:
    """Where people may sign in else than here; it is asked for nothing before somebody does."""
    said = settings.oidc
    return Provider(said.issuer, said.client, said.secret, acr=said.acr or ()) if said else None


def serve(make_server: Callable[[], Server], taken: socket.socket, address: str, people: People) -> None:
    """Serve until Ctrl-C or SIGTERM; either lets requests under way end, and the database stop after them."""
    show_people(people)
    say(
        f"服务地址 {address} ,请用浏览器打开(接口文档 /docs),按 Ctrl-C 停止",
        f"serving at {address} for your browser (API: /docs); Ctrl-C stops",
    )
    previous = signal.signal(signal.SIGTERM, _stop)  # uvicorn passes the signal on; its default would end us at once
    try:
        make_server().run(sockets=[taken])
    except KeyboardInterrupt:
        say("已停止", "stopped")
    finally:
        signal.signal(signal.SIGTERM, previous)
        taken.close()


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
