"""The log folded into a Book: by the writer, which stands at its end, and anew, to stand where it stood then.

Nothing is judged: what was recorded is folded with the entries it made.
"""

import logging
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from threading import Lock, RLock
from uuid import UUID

from ledger.codec import Recorded, recorded_in
from ledger.domain.book import Book
from ledger.domain.partial import Damaged, Unavailable
from ledger.folding import fold_one, prepare
from ledger.projections.snapshots import restored
from ledger.store import PAGE, Store

PAST_BOOKS = 3
"""So many past Books an application keeps: those that were asked for last."""
_log = logging.getLogger(__name__)


class NotRecorded(LookupError):
    """A number that the log does not hold yet, or never."""

    def __init__(self, number: int, last: int) -> None:
        super().__init__(f"number {number} is not recorded: the log ends at {last}")
        self.number, self.last = number, last


def book_at(
    store: Store,
    ledger: UUID,
    number: int,
    *,
    beginning: Book | None = None,
    done: Callable[[int, int], None] | None = None,
) -> Book:
    """The Book as it stood after movement ``number``; its ``now`` is when that was recorded. Raises NotRecorded.

    ``beginning``: a Book of an earlier number, to be folded on. ``done`` is told the number reached and the one asked for.
    """
    now = recorded_at(store, ledger, number)
    book = beginning or Book()
    fold_log(store, ledger, book, number, done)
    book.now = now
    return book


def recorded_at(store: Store, ledger: UUID, number: int) -> datetime | None:
    """When a number was recorded, in UTC; None for 0, which stands before the first. Raises NotRecorded."""
    if number == 0:
        return None
    found = store.select_numbers(ledger, [number])
    if not found:
        newest = store.select_events(ledger, desc=True, limit=1)
        raise NotRecorded(number, newest[0].originator_version if newest else 0)
    return recorded_in(found[0]).recorded_at


def fold_log(
    store: Store,
    ledger: UUID,
    book: Book,
    to: int | None = None,
    done: Callable[[int, int], None] | None = None,
) -> None:
    """Fold what the log holds after the Book's number, up to ``to`` or to its end, page by page."""
    for page in pages(store, ledger, book.number, to):
        prepare(book, page)
        for one in page:
            fold_one(store, ledger, book, one)
        book.folded()
        if done:
            done(book.number, to or 0)


def pages(store: Store, ledger: UUID, after: int, to: int | None = None) -> Iterator[list[Recorded]]:
    """What the log holds after a number, up to ``to`` or to its end, page by page. Raises CorruptRecord."""
    while to is None or after < to:
        page = [recorded_in(event) for event in store.select_events(ledger, gt=after, lte=to, limit=PAGE)]
        if page:
            yield page
            after = page[-1].number
        if len(page) < PAGE:
            return


def from_snapshot(store: Store, ledger: UUID, number: int | None = None, *, after: int = 0) -> Book | None:
    """The Book of the kept snapshot, where it is good, of a number beyond ``after`` and not of a later ``number``."""
    with store.readers.connection() as connection:
        return restored(connection, ledger, number, after=after, connect=store.readers.connection)


def another(store: Store, ledger: UUID, lost: Unavailable) -> Book:
    """The Book at the end of the log, where rows of one are out of reach: from the newest snapshot.

    From the first movement where that is damaged, or gets out of reach at once.
    """
    try:
        good = None if isinstance(lost, Damaged) else from_snapshot(store, ledger)
        if good is not None:
            fold_log(store, ledger, good)
            return good
    except Unavailable as unavailable:
        _log.warning("the log is folded from its beginning: %s", unavailable)
    book = Book()
    fold_log(store, ledger, book)
    return book


class _Kept:
    """A past Book, or the promise of one; who uses it holds the lock."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.lock = RLock()
        self.book: Book | None = None
        self.anew = False
        """The snapshot it began with was of no use."""


class PastBooks:
    """Books of past numbers: the last few that were asked for. Threads may share it."""

    def __init__(self, store: Store, ledger: UUID, kept: int = PAST_BOOKS) -> None:
        self.store, self.ledger = store, ledger
        self._max = kept
        self._mutex = Lock()
        self._kept: OrderedDict[int, _Kept] = OrderedDict()

    @contextmanager
    def at(self, number: int) -> Iterator[Book]:
        """The Book as it stood after a number, for one user at a time; what is written to it is taken back afterwards.

        Raises NotRecorded.
        """
        recorded_at(self.store, self.ledger, number)
        kept = self._of(number)
        with kept.lock:
            book = kept.book = kept.book or self._folded(number, anew=kept.anew)
            now, mark = book.now, book.mark()
            try:
                yield book
            except Unavailable as unavailable:
                _log.warning("the Book of number %s is folded anew next time: %s", number, unavailable)
                kept.book, kept.anew = None, True
                raise
            finally:
                book.rollback(mark)
                book.now = now
                book.recalled.clear()

    def _of(self, number: int) -> _Kept:
        with self._mutex:
            kept = self._kept.setdefault(number, _Kept(number))
            self._kept.move_to_end(number)
            while len(self._kept) > self._max:
                self._kept.popitem(last=False)
            return kept

    def _folded(self, number: int, *, anew: bool) -> Book:
        """Folded on from a copy of the nearest earlier Book at hand that nobody uses, or from the snapshot; else anew."""
        try:
            beginning = None if anew else self._beginning(number)
            return book_at(self.store, self.ledger, number, beginning=beginning)
        except Unavailable as unavailable:
            _log.warning("the log is folded from its beginning to %s: %s", number, unavailable)
            return book_at(self.store, self.ledger, number)

    def _beginning(self, number: int) -> Book | None:
        with self._mutex:
            earlier = sorted(kept for kept in self._kept if kept < number)
            nearest = self._kept[earlier[-1]] if earlier else None
        copied = _copied(nearest) if nearest else None
        return from_snapshot(self.store, self.ledger, number, after=copied.number if copied else 0) or copied


def _copied(kept: _Kept) -> Book | None:
    if not kept.lock.acquire(blocking=False):
        return None
    try:
        return kept.book.copy() if kept.book is not None and kept.book.mark() == 0 else None
    finally:
        kept.lock.release()
