"""Watches over the desk's PostgreSQL while a ledger is open: where it dies, by whatever hand, it is started again."""

import fcntl
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ledger.embedded import embedded_postgres

WATCH_SECONDS = 0.2
"""At most so long after it died it is started again."""
RETRY_SECONDS = 5
"""So long it is left alone after it could not be started."""
_log = logging.getLogger("ledger.watching")


@contextmanager
def watched_postgres(home: Path) -> Iterator[str]:
    """`embedded_postgres` for those who stay: the server behind the DSN is started again whenever it dies."""
    left = threading.Event()
    with embedded_postgres(home) as dsn:
        watch = threading.Thread(target=_watch, args=(home.expanduser().resolve(), left), name="watch", daemon=True)
        watch.start()
        try:
            yield dsn
        finally:
            left.set()
            watch.join()


def _watch(home: Path, left: threading.Event) -> None:
    while not left.wait(WATCH_SECONDS):
        try:
            if _lives(home):
                continue
            _log.warning("PostgreSQL in %s has died: it is started again", home)
            with embedded_postgres(home):  # Leaving stops nothing: the ledger that is open still uses it.
                pass
        except Exception as error:  # Nobody else would try again.
            _log.error("PostgreSQL in %s cannot be started: %s", home, error)
            left.wait(RETRY_SECONDS)


def _lives(home: Path) -> bool:
    """Whether any process of PostgreSQL holds its lock; looking holds nothing unless all are dead."""
    with (home / "postgres.lock").open("ab") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        return False
