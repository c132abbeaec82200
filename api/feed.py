"""Wakes whoever streams the journal when something was recorded, and when the server is about to stop.

One thread for the whole process follows the log; each stream then reads its own page.
"""

import asyncio
import logging
from threading import Lock, Thread

from ledger.store import UNREACHABLE, LogSubscription, Store

_log = logging.getLogger("ledger.api")
AGAIN_SECONDS = 1.0
"""After the database went away, the log is looked at again so often."""


class Feed:
    """The bell of all streams. It costs nothing until the first of them starts it."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = Lock()
        self._bells: dict[asyncio.Event, asyncio.AbstractEventLoop] = {}
        self._subscription: LogSubscription | None = None
        self.closing = False

    def start(self) -> None:
        """Follow the log, if nobody does yet. Raises what a read raises while the database cannot be reached."""
        with self._lock:
            if self._subscription is None and not self.closing:
                self._subscription = self._store.subscribe(self._store.max_notification_id())
                Thread(target=self._follow, args=[self._subscription], name="feed", daemon=True).start()

    def listen(self) -> asyncio.Event:
        """An event of the running loop, set whenever something was recorded or the feed closes. End with ``leave``."""
        bell = asyncio.Event()
        with self._lock:
            self._bells[bell] = asyncio.get_running_loop()
        return bell

    def leave(self, bell: asyncio.Event) -> None:
        with self._lock:
            del self._bells[bell]

    def close(self) -> None:
        """Let every stream end."""
        self.closing = True
        if self._subscription is not None:
            self._subscription.stop()
        self._ring()

    def _follow(self, subscription: LogSubscription) -> None:
        while not self.closing:
            try:
                for _ in subscription:
                    self._ring()
            except UNREACHABLE as error:
                _log.warning("the log cannot be followed just now: %s", error)
                if self._store.closing.wait(AGAIN_SECONDS):
                    return

    def _ring(self) -> None:
        with self._lock:
            for bell, loop in self._bells.items():
                if not loop.is_closed():
                    loop.call_soon_threadsafe(bell.set)
