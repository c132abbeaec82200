"""The real service of a desk: ``ledger serve`` as a process of its own, killed and started again."""

import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.workload import SECRET_TEXT
from tests.cli.conftest import without_ledger_settings

SECONDS_MAX = 60
_ADDRESS = re.compile(r"serving at http://127\.0\.0\.1:(\d+)")


def wait_until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + SECONDS_MAX
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


class Service:
    """``ledger serve`` in a home; what it says goes to a file beside it."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.said = home.parent / "service said.txt"
        self.port = 0
        self.process: subprocess.Popen[bytes] | None = None
        self._serving = threading.Event()

    def start(self) -> None:
        environment = without_ledger_settings() | {
            "LEDGER_HOME": str(self.home),
            "LEDGER_SECRET": SECRET_TEXT,
            "PYTHONUNBUFFERED": "1",
        }
        command = [sys.executable, "-c", "from ledger.cli.main import main; main()", "serve", "--port", "0"]
        with self.said.open("wb") as said:
            self.process = subprocess.Popen(command, env=environment, stdout=said, stderr=subprocess.STDOUT)
        wait_until(lambda: not self.alive or _ADDRESS.search(self._words()))
        found = _ADDRESS.search(self._words())
        assert found, self._words()
        self.port = int(found[1])
        self._serving.set()

    def kill(self) -> None:
        """kill -9, and nothing else."""
        assert self.process is not None
        self._serving.clear()
        self.process.kill()
        self.process.wait()

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def address(self) -> tuple[str, int]:
        """Where it serves; waits while it is being started again."""
        assert self._serving.wait(SECONDS_MAX)
        return "127.0.0.1", self.port

    def _words(self) -> str:
        return self.said.read_text("utf-8", errors="replace")


@contextmanager
def started(home: Path) -> Iterator[Service]:
    service = Service(home)
    try:
        service.start()
        yield service
    finally:
        if service.alive:
            service.kill()
