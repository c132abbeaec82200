"""A process whose Book is in parts: it answers and records like any other, whatever the follower writes meanwhile."""

from collections.abc import Iterator
from contextlib import closing

import pytest

from bench.workload import SECRET, day_of, open_books
from ledger.application import Ledger
from ledger.domain.book import Book
from ledger.domain.partial import Unavailable, in_memory
from ledger.domain.project import PROJECTS
from ledger.projections.alerts import Alerts
from ledger.projections.follower import catch_up
from ledger.projections.rebuild import rebuild
from ledger.projections.snapshots import Snapshots
from ledger.replay import book_at, from_snapshot
from ledger.store import Store
from tests.application.history import check_history, superuser
from tests.books import assert_same

PROJECTS_OF_IT = 24


@pytest.fixture(autouse=True)
def in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """However small a Book is, it is in parts, and kept often."""
    monkeypatch.setattr(Snapshots, "interval", 20)
    monkeypatch.setattr("ledger.projections.snapshots.LEFT_OUT_FROM", 0)
    monkeypatch.setattr("ledger.projections.snapshots.NAMES_MAX", 10)


@pytest.fixture
def kept(ledger: Ledger) -> Ledger:
    """A ledger with an opening and a day begun, and a snapshot of it."""
    open_books(ledger, PROJECTS_OF_IT)
    work(ledger, "a", 40)
    follow(ledger)
    return ledger


def work(ledger: Ledger, mark: str, turns: int) -> None:
    day = day_of(0, 1, mark, PROJECTS_OF_IT)
    for turn in range(turns):
        ledger.record(*next(day), f"{mark}.{turn}")


def follow(ledger: Ledger) -> int:
    return catch_up(ledger.store, ledger.id, Snapshots())


def begun(ledger: Ledger) -> Book:
    book = from_snapshot(ledger.store, ledger.id)
    assert book is not None
    assert book.rest is not None
    return book


@pytest.fixture
def other(kept: Ledger, dsn: str) -> Iterator[Ledger]:
    """Another process that writes to it."""
    with closing(Ledger(Store(dsn), "test", SECRET)) as other:
        yield other


def folded(ledger: Ledger, number: int) -> Book:
    return book_at(ledger.store, ledger.id, number)


def test_another_process_has_little_in_memory_and_stands_where_all_others_do(kept: Ledger, other: Ledger) -> None:
    with kept.reading() as book, other.reading() as parts:
        assert parts.rest is not None
        assert_same(parts, book)
        assert len(in_memory(begun(kept).balances)) < len(book.balances)


def test_two_processes_record_one_after_the_other_while_the_follower_writes(kept: Ledger, other: Ledger) -> None:
    for turn in range(12):
        work((kept, other)[turn % 2], f"t{turn}", 9)
        if turn % 3 == 2:
            follow(kept)
    check_history(kept.store.dsn, "test")
    with kept.reading() as book:
        number = book.number
        live = book.copy()
    with other.reading() as book:
        assert_same(book, live)
    assert_same(live, folded(kept, number))


def test_a_follower_that_begins_again_keeps_the_same_rows_as_one_that_did_not(kept: Ledger, dsn: str) -> None:
    for turn in range(7):
        work(kept, f"r{turn}", 13)
        follow(kept)
    with superuser(dsn) as db:
        assert db.execute("SELECT count(*) FROM book_row WHERE before_number IS NOT NULL").fetchone() > (20,)
    assert rebuild(dsn, "snapshots").wrong == 0
    with superuser(dsn) as db:
        db.execute(
            "UPDATE book_row SET bytes = before WHERE id = (SELECT id FROM book_row WHERE before <> bytes LIMIT 1)"
        )
    assert rebuild(dsn, "snapshots").wrong == 1
    assert rebuild(dsn, "snapshots").wrong == 0
    work(kept, "last", 30)
    follow(kept)
    book = begun(kept)
    assert_same(book, folded(kept, book.number))


def test_whoever_lags_less_than_an_interval_finds_what_stood_then(kept: Ledger) -> None:
    book, before = begun(kept), None
    while follow(kept) < book.number + 20:
        work(kept, f"l{before}", 5)
        before = (before or 0) + 1
    assert begun(kept).number > book.number
    assert_same(book, folded(kept, book.number))


def test_whoever_lags_more_is_told_and_never_answered_wrongly(kept: Ledger) -> None:
    book = begun(kept)
    with kept.reading() as live:
        project = next(iter(PROJECTS.of(live)))
    for turn in range(12):
        work(kept, f"m{turn}", 13)
        follow(kept)
    wrong = folded(kept, book.number)
    with pytest.raises(Unavailable, match="written over twice"):
        assert_same(book, wrong)
    assert PROJECTS.get(begun(kept), project) == PROJECTS.get(wrong, project)


def test_a_process_that_lags_begins_again_and_goes_on(
    kept: Ledger, other: Ledger, caplog: pytest.LogCaptureFixture
) -> None:
    for turn in range(12):
        work(kept, f"m{turn}", 13)
        follow(kept)
    work(other, "other", 9)
    check_history(kept.store.dsn, "test")
    with other.reading() as book:
        live = book.copy()
    assert_same(live, folded(kept, live.number))


def test_where_the_snapshots_are_gone_the_log_is_folded(
    kept: Ledger, other: Ledger, dsn: str, caplog: pytest.LogCaptureFixture
) -> None:
    with superuser(dsn) as db:
        db.execute("DELETE FROM book_snapshot")
        db.execute("DELETE FROM book_row")
    work(other, "other", 9)
    assert "is not used any more" in caplog.text
    with other.reading() as book:
        live = book.copy()
    assert_same(live, folded(kept, live.number))


def test_a_past_book_begins_with_a_snapshot_and_anew_where_that_is_out_of_reach(kept: Ledger) -> None:
    number = begun(kept).number
    with kept.at(number) as book:
        assert book.rest is not None
    for turn in range(12):
        work(kept, f"m{turn}", 13)
        follow(kept)
    with pytest.raises(Unavailable), kept.at(number) as book:
        assert_same(book, folded(kept, number))
    with kept.at(number) as book:
        assert_same(book, folded(kept, number))


def test_alerts_are_the_same_from_a_book_in_parts(kept: Ledger, dsn: str) -> None:
    catch_up(kept.store, kept.id, Alerts())
    for turn in range(4):
        work(kept, f"a{turn}", 30)
        follow(kept)
        catch_up(kept.store, kept.id, Alerts())
    assert rebuild(dsn, "alerts").wrong == 0
