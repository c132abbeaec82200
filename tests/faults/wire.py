"""A Unix socket in front of PostgreSQL's, which can be cut at the next COMMIT of a pipeline."""

import shutil
import socket
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from enum import StrEnum
from io import BufferedReader
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict, make_conninfo

_SOCKET = ".s.PGSQL.5432"


class Cut(StrEnum):
    """When the connection is lost."""

    BEFORE = "before COMMIT arrives"
    AFTER = "after COMMIT, before its answer arrives"
    WHILE = "while COMMIT is under way: it arrives later"


class Wire:
    """Passes on whatever both sides say, until it is cut."""

    def __init__(self, server: str, folder: str) -> None:
        self.server = server
        self.cut: Cut | None = None
        self.down = False
        """Whether it takes no new connections."""
        self.refused = 0
        """Connections it did not take."""
        self.goes_down = False
        """Whether it is down once it was cut."""
        self.arrives = threading.Event()
        """Lets the COMMIT arrive that was under way."""
        self._links: list[_Link] = []
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(f"{folder}/{_SOCKET}")
        self._listener.listen()
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                if self.down:
                    self.refused += 1
                    client.close()
                else:
                    self._links.append(_Link(self, client))

    def was_cut(self) -> None:
        """Where it goes down, every other connection is lost too."""
        self.down = self.goes_down
        for link in self._links if self.down else ():
            link.sever()


class _Link:
    """One connection: a thread for either direction."""

    def __init__(self, wire: Wire, client: socket.socket) -> None:
        self.wire, self.client = wire, client
        self.server = socket.socket(socket.AF_UNIX)
        self.server.connect(f"{wire.server}/{_SOCKET}")
        self.commits: set[bytes] = set()
        """Names of prepared statements that are COMMIT."""
        self.answer_is_lost = False
        self.client_is_gone = False
        for work in (self._ask, self._answer):
            threading.Thread(target=self._until_lost, args=(work,), daemon=True).start()

    def _until_lost(self, work: Callable[[], None]) -> None:
        with suppress(OSError, EOFError):
            work()
        self.sever()

    def sever(self) -> None:
        for side in (self.client, self.server):
            with suppress(OSError):
                side.shutdown(socket.SHUT_RDWR)

    def _ask(self) -> None:
        with self.client.makefile("rb") as said:
            self.server.sendall(_sized(said))
            for message in _messages(said):
                if self._is_commit(message) and self.wire.cut:
                    self._lose(message, said)
                self.server.sendall(message)

    def _answer(self) -> None:
        with self.server.makefile("rb") as said:
            for message in _messages(said):
                if self.answer_is_lost and message[:1] == b"C" and message[5:] == b"COMMIT\0":
                    self.wire.was_cut()
                    raise EOFError
                if not self.client_is_gone:
                    self.client.sendall(message)

    def _is_commit(self, message: bytes) -> bool:
        """Whether it runs a COMMIT, by what was prepared before."""
        first, second, *_ = (*message[5:].split(b"\0"), b"")
        if message[:1] == b"P" and second == b"COMMIT":
            self.commits.add(first)
        return message[:1] == b"B" and second in self.commits

    def _lose(self, commit: bytes, said: BufferedReader) -> None:
        cut, self.wire.cut = self.wire.cut, None
        if cut is Cut.BEFORE:
            self.wire.was_cut()
            raise EOFError
        if cut is Cut.AFTER:
            self.answer_is_lost = True
            return
        rest = [commit]
        for message in _messages(said):
            rest.append(message)
            if message[:1] == b"S":
                break
        self.client_is_gone = True
        self.client.shutdown(socket.SHUT_RDWR)
        assert self.wire.arrives.wait(60)
        self.server.sendall(b"".join(rest))
        raise EOFError


def _messages(said: BufferedReader) -> Iterator[bytes]:
    """Messages of PostgreSQL's protocol: a letter, then a size that counts itself."""
    while kind := said.read(1):
        yield kind + _sized(said)


def _sized(said: BufferedReader) -> bytes:
    size = said.read(4)
    return size + said.read(int.from_bytes(size) - 4)


@contextmanager
def wired(dsn: str) -> Iterator[tuple[Wire, str]]:
    """A wire to the server of a DSN, and the DSN that leads over it."""
    server = Path(str(conninfo_to_dict(dsn)["host"]))
    folder = tempfile.mkdtemp(prefix="wire-", dir=server.parent)  # Short, as the path of a socket must be.
    wire = Wire(str(server), folder)
    try:
        yield wire, make_conninfo(dsn, host=folder)
    finally:
        wire.close()
        shutil.rmtree(folder)
