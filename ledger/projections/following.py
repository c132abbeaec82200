"""Followers at work: a thread for each projection, one of its kind in the whole database; where one cannot go on, it says so.

What brings a projection down halts only that one, at a movement that is named in the table ``halted`` and in the log, and
nobody else waits: recording and the other projections go on. It tries again where it is started anew, or once the row of
``halted`` is gone, as after a rebuild.
"""

import logging
import threading
from collections.abc import Iterable
from uuid import UUID

from psycopg import Connection
from psycopg.rows import TupleRow

from ledger.logs import fault, log
from ledger.projections.follower import Folding, Projection, following
from ledger.store import UNREACHABLE

POLL_SECONDS = 0.5
"""At most this long after it was recorded a movement is folded, where nothing else is in the way."""
AGAIN_SECONDS = 1.0
"""So long a follower waits before it looks for the database, or for its turn, again."""
REMIND_SECONDS = 600.0
"""So often a projection that halted is said to be so."""
_log = logging.getLogger("ledger.following")


def follow(dsn: str, ledger: UUID, projections: Iterable[type[Projection]], stopped: threading.Event) -> None:
    """Keep projections of a ledger up to date until told to stop."""
    threads = [
        threading.Thread(target=Follower(dsn, ledger, projection, stopped).run, name=projection.name)
        for projection in projections
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


class Follower:
    """Keeps one projection of one ledger up to date; of several in a database one works and the others stand by."""

    def __init__(self, dsn: str, ledger: UUID, projection: type[Projection], stopped: threading.Event) -> None:
        self.dsn, self.ledger, self.make, self.stopped = dsn, ledger, projection, stopped
        self._of = (ledger, projection.name)

    def run(self) -> None:
        """Follow until stopped, whatever happens to the database meanwhile."""
        said = False
        while not self.stopped.is_set():
            try:
                with following(self.dsn) as connection:
                    said = False
                    if self._wait_for_turn(connection):
                        self._follow(connection)
            except UNREACHABLE as error:
                if not said:  # once, however long the database is away
                    _log.warning("%s cannot be followed just now: %s", self.make.name, type(error).__name__)
                said = True
                self.stopped.wait(AGAIN_SECONDS)
            except Exception:  # nobody else would try again
                _log.exception("the follower of %s failed", self.make.name)
                self.stopped.wait(AGAIN_SECONDS)

    def _wait_for_turn(self, connection: Connection[TupleRow]) -> bool:
        """Whether it is this one's turn; False where it was stopped before."""
        while not self.stopped.is_set():
            row = connection.execute(
                "SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", (f"follower {self.make.name} of {self.ledger}",)
            ).fetchone()
            if row and row[0]:
                return True
            self.stopped.wait(AGAIN_SECONDS)
        return False

    def _follow(self, connection: Connection[TupleRow]) -> None:
        self._forget_halt(connection)
        folding, singly = Folding(connection, self.ledger, self.make()), 0
        while not self.stopped.is_set():
            try:
                step = folding.step(size=1 if singly else None)
            except UNREACHABLE:
                raise
            except Exception as error:
                if singly:
                    self._halt(connection, error)
                folding, singly = Folding(connection, self.ledger, self.make()), self.make.page
                continue
            singly = max(singly - 1, 0)  # a page that failed is gone through one by one, to find what brings it down
            if step.number >= step.head:
                self.stopped.wait(POLL_SECONDS)

    # -- what cannot be folded

    def _halt(self, connection: Connection[TupleRow], error: Exception) -> None:
        """Say which movement it is, loudly, and wait until somebody mended it."""
        row = connection.execute(
            "INSERT INTO halted (ledger, projection, number, error) "
            "SELECT %s, %s, coalesce(max(notification_id), 0) + 1, %s FROM tracking WHERE (follower, application) = (%s, %s) "
            "RETURNING number",
            (*self._of, "\n".join(fault(error)), self.make.tracked_as(), str(self.ledger)),
        ).fetchone()
        number = row[0] if row else 0
        while not self.stopped.is_set():
            log(_log, logging.ERROR, projection=self.make.name, halted_at=number, error=type(error).__qualname__)
            for _ in range(int(REMIND_SECONDS / AGAIN_SECONDS)):
                if self.stopped.wait(AGAIN_SECONDS) or not self._is_halted(connection):
                    return

    def _is_halted(self, connection: Connection[TupleRow]) -> bool:
        return bool(connection.execute("SELECT FROM halted WHERE ledger = %s AND projection = %s", self._of).rowcount)

    def _forget_halt(self, connection: Connection[TupleRow]) -> None:
        """Whoever starts tries again."""
        connection.execute("DELETE FROM halted WHERE ledger = %s AND projection = %s", self._of)
