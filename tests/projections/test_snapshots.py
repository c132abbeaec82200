"""A process begins with the snapshot and what came after it, and with the whole log where the snapshot is not good."""

import logging
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date

import pytest

from bench.workload import SECRET
from ledger.application import Ledger
from ledger.domain.accounts import Place
from ledger.domain.book import Book
from ledger.domain.fields import Document
from ledger.domain.suspense import SUSPENSE, SuspenseItem
from ledger.projections.follower import catch_up
from ledger.projections.snapshots import Snapshots, followed_book, restored
from ledger.replay import book_at
from ledger.snapshot import InvalidSnapshot, book_from_bytes, book_in_bytes, hash_of
from ledger.store import Store
from tests.application.history import superuser
from tests.books import assert_same
from tests.projections.seen import MOVEMENTS

KEPT = MOVEMENTS - MOVEMENTS % 10


class Often(Snapshots):
    interval = 10


@pytest.fixture
def kept(seen: Ledger) -> Ledger:
    """A ledger with a snapshot of number KEPT, and movements after it."""
    catch_up(seen.store, seen.id, Often())
    return seen


@contextmanager
def begun_again(ledger: Ledger, dsn: str) -> Iterator[Book]:
    """The Book with which another process begins."""
    with closing(Ledger(Store(dsn), "test", SECRET)) as again, again.reading() as book:
        assert again.id == ledger.id
        yield book


def from_zero(ledger: Ledger) -> Book:
    return book_at(ledger.store, ledger.id, MOVEMENTS)


def test_the_book_of_a_year_is_the_same_from_its_bytes_and_makes_the_same_bytes(demo_ledger: Ledger) -> None:
    with demo_ledger.reading() as book:
        live = book.copy()
    encoded = book_in_bytes(live)
    again = book_from_bytes(encoded)
    assert_same(again, live)
    assert again.number == live.number
    assert book_in_bytes(again) == encoded


def test_whatever_a_register_declares_can_be_read_again() -> None:
    document = Document(number="内财教〔2025〕1号", dated=date(2025, 3, 1))
    item = SuspenseItem(Place(2025, "NSF", 2025), "2025-03", receipt=True, recycling=document)
    book = Book()
    SUSPENSE.put(book, "receipt", item)
    assert SUSPENSE.get(book_from_bytes(book_in_bytes(book)), "receipt") == item


def test_a_follower_keeps_the_book_of_the_last_multiple_and_goes_on_from_it(kept: Ledger) -> None:
    with kept.store.readers.connection() as connection:
        found = restored(connection, kept.id)
        assert found is not None
        assert found.number == KEPT
        assert_same(found, book_at(kept.store, kept.id, KEPT))
        assert restored(connection, kept.id, KEPT - 1) is None
        assert_same(followed_book(connection, kept.id, MOVEMENTS), from_zero(kept))


def test_a_process_begins_with_the_snapshot_and_folds_only_what_came_after(
    kept: Ledger, dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    after: list[int | None] = []
    select = Store.select_events

    def watched(self: Store, *of: object, gt: int | None = None, **bounds: object) -> object:
        after.append(gt)
        return select(self, *of, gt=gt, **bounds)  # type: ignore[arg-type]

    monkeypatch.setattr(Store, "select_events", watched)
    with begun_again(kept, dsn) as book:
        assert min(number or 0 for number in after) == KEPT
        assert_same(book, from_zero(kept))


def test_a_past_book_that_is_the_snapshot_knows_its_instant(kept: Ledger) -> None:
    with kept.at(KEPT) as book:
        one = kept.recorded(KEPT)
        assert one is not None
        assert book.now == one.recorded_at


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE book_snapshot SET leaf = sha256(leaf)",
        "UPDATE book_snapshot SET code = sha256(code)",
        "UPDATE book_snapshot SET number = number - 1",
        "UPDATE book_snapshot_part SET bytes = set_byte(bytes, 40, get_byte(bytes, 40) # 1)",
        "UPDATE book_snapshot_part SET bytes = substring(bytes FOR 100)",
        "UPDATE book_snapshot_part SET bytes = '\\x80'; UPDATE book_snapshot SET sha256 = sha256('\\x80')",
        "DELETE FROM book_snapshot_part",
    ],
)
def test_a_snapshot_that_is_not_good_is_not_used_and_nothing_else_changes(
    kept: Ledger, dsn: str, damage: str, caplog: pytest.LogCaptureFixture
) -> None:
    with superuser(dsn) as db:
        db.execute(damage)
    with caplog.at_level(logging.WARNING), begun_again(kept, dsn) as book:
        assert_same(book, from_zero(kept))
    assert ("is not used" in caplog.text) is not damage.startswith("DELETE")


def test_other_code_makes_no_use_of_it(kept: Ledger, dsn: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ledger.projections.snapshots.code", lambda: b"other")
    with kept.store.readers.connection() as connection:
        assert restored(connection, kept.id) is None


def test_bytes_that_hold_no_book_are_said_so() -> None:
    for encoded in (b"", b"\x80", b"\x95\x01\x80\x90\x90\x81\xa7unknown\x90", book_in_bytes(Book())[:-1]):
        with pytest.raises(InvalidSnapshot):
            book_from_bytes(encoded)


def test_a_change_of_any_file_makes_other_snapshots() -> None:
    files = {"payment.py": b"a", "book.py": b"b"}
    same = hash_of(dict(reversed(files.items())))
    assert hash_of(files) == same
    for other in ({"payment.py": b"A", "book.py": b"b"}, {"payment.py": b"a"}, {"payment.py": b"a", "books.py": b"b"}):
        assert hash_of(other) != same
