"""Following the log in a process of its own: as a command, or as the child of whoever serves.

Apart from whoever records, since two that work hard in one process would take turns at its interpreter.
"""

import logging
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from ledger.application import ledger_id
from ledger.cli.terminal import say
from ledger.collector import seldom
from ledger.logs import configure
from ledger.projections.followed import FOLLOWED
from ledger.projections.following import follow
from ledger.settings import Settings, service_database

END_SECONDS = 10.0
"""How long a child may take to end the page under way; it folds it again otherwise."""
AGAIN_SECONDS = 1.0
_NOT_FOR_A_CHILD = ("LEDGER_SECRET", "LEDGER_SECRET_FILE", "LEDGER_OIDC_SECRET", "LEDGER_OIDC_SECRET_FILE")
_log = logging.getLogger("ledger.following")


def follow_ledger(settings: Settings) -> None:
    """Follow until Ctrl-C or SIGTERM."""
    configure(settings.log)
    seldom()
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    with service_database(settings) as dsn:
        names = " ".join(projection.name for projection in FOLLOWED)
        say(f"正在更新投影 {names},按 Ctrl-C 停止", f"keeping projections up to date: {names}; Ctrl-C stops")
        follow(dsn, ledger_id(settings.name), FOLLOWED, stopped)
    say("已停止", "stopped")


@contextmanager
def followed(settings: Settings, dsn: str) -> Iterator[None]:
    """A child follows meanwhile: started again where it dies, ended on leaving, and by itself where we die."""
    left = threading.Event()
    watch = threading.Thread(target=_watch, args=(_environment(settings, dsn), left), name="following")
    watch.start()
    try:
        yield
    finally:
        left.set()
        watch.join()


def _environment(settings: Settings, dsn: str) -> dict[str, str]:
    """Ours, with the database that we work in and no secret that a follower has no use for."""
    kept = {name: value for name, value in os.environ.items() if name not in _NOT_FOR_A_CHILD}
    return kept | {"LEDGER_DSN": dsn, "LEDGER_TRAINING": "1" if settings.training else "0"}


def _watch(environment: dict[str, str], left: threading.Event) -> None:
    # Its input is a pipe that nobody writes into: it ends with us, however we end. A session of its own: Ctrl-C is for us.
    command = [sys.executable, "-m", __name__]
    while not left.is_set():
        with subprocess.Popen(  # noqa: S603 - our own program, told nothing from outside
            command, env=environment, stdin=subprocess.PIPE, start_new_session=True
        ) as child:
            assert child.stdin is not None
            while child.poll() is None and not left.wait(0.1):
                pass
            child.stdin.close()
            if left.is_set():
                _end(child)
                return
        _log.warning("the follower has died (%s): it is started again", child.returncode)
        left.wait(AGAIN_SECONDS)


def _end(child: "subprocess.Popen[bytes]") -> None:
    try:
        child.wait(END_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()


def main() -> None:
    """As a child: follow until whoever started us lets go of our input."""
    settings = Settings.from_environment()
    configure(settings.log)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    stopped = threading.Event()

    def until_let_go() -> None:
        sys.stdin.buffer.read()
        stopped.set()

    threading.Thread(target=until_let_go, daemon=True).start()
    assert settings.dsn is not None
    follow(settings.dsn, ledger_id(settings.name), FOLLOWED, stopped)


if __name__ == "__main__":
    main()
