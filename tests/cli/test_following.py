"""Whoever serves has a follower beside them, in a process of its own: it keeps up, is started again, and ends with them."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from ledger.application import ledger_id
from ledger.embedded import embedded_postgres
from ledger.projections.follower import stands
from ledger.projections.marks import Marks
from ledger.store import Store
from tests.cli.conftest import Desk, without_ledger_settings

SECONDS_MAX = 40


def until(holds: Callable[[], object]) -> None:
    deadline = time.monotonic() + SECONDS_MAX
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@contextmanager
def running(desk: Desk, *command: str) -> Iterator["subprocess.Popen[str]"]:
    """A command that stays, from when it has said its first words on."""
    argv = [sys.executable, "-c", "from ledger.cli.main import main; main()", *command]
    environment = without_ledger_settings() | desk.environment
    with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True, encoding="utf-8", env=environment) as started:
        assert started.stdout is not None
        try:
            assert any("Ctrl-C stops" in line for line in started.stdout)
            yield started
        finally:
            started.kill()


def followers_of(pid: int) -> list[int]:
    """Processes that follow for another one."""
    children = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        children += [int(child) for child in (task / "children").read_text().split()]
    return [child for child in children if "ledger.cli.following" in Path(f"/proc/{child}/cmdline").read_text()]


def lives(pid: int) -> bool:
    with suppress(OSError):
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text()
    return False


def behind(desk: Desk) -> int:
    with embedded_postgres(desk.home) as dsn, closing(Store(dsn, readers=1, writers=1)) as store:
        head, (marks,) = stands(store, ledger_id(desk.environment["LEDGER_NAME"]), [Marks])
    assert head > 0
    return marks.behind


def test_a_follower_keeps_up_beside_whoever_serves_and_ends_with_them(opened: Desk) -> None:
    with running(opened, "serve", "--port", "0") as server:
        until(lambda: behind(opened) == 0)
        (first,) = followers_of(server.pid)
        secrets = Path(f"/proc/{first}/environ").read_text()
        assert "LEDGER_DSN" in secrets
        assert "LEDGER_SECRET" not in secrets
        os.kill(first, signal.SIGKILL)
        until(lambda: followers_of(server.pid) not in ([], [first]))
        (second,) = followers_of(server.pid)
        server.send_signal(signal.SIGTERM)
        assert server.wait(SECONDS_MAX) == 0
        assert not lives(second)


def test_a_follower_does_not_outlive_a_server_that_is_killed(opened: Desk) -> None:
    with running(opened, "serve", "--port", "0") as server:
        until(lambda: followers_of(server.pid))
        (child,) = followers_of(server.pid)
        server.kill()
        server.wait(SECONDS_MAX)
        until(lambda: not lives(child))


def test_a_follower_of_its_own_stops_when_told(opened: Desk) -> None:
    with running(opened, "follow") as follower:
        until(lambda: behind(opened) == 0)
        follower.send_signal(signal.SIGTERM)
        assert follower.wait(SECONDS_MAX) == 0
