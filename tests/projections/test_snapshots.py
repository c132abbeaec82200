"""A process begins with the snapshot and what came after it, and with the whole log where the snapshot is not good."""

import logging
from collections.abc import Collection, Iterator
from contextlib import closing, contextmanager
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from psycopg import Connection
from psycopg.rows import TupleRow

from bench.workload import SECRET
from ledger.application import Ledger
from ledger.domain.accounts import Place
from ledger.domain.appropriation import CONSOLIDATED
from ledger.domain.book import Book
from ledger.domain.fields import Document
from ledger.domain.partial import Unavailable
from ledger.domain.project import PROJECTS
from ledger.domain.suspense import SUSPENSE, SuspenseItem
from ledger.projections import snapshots
from ledger.projections.follower import Folding, Page, catch_up, following
from ledger.projections.journal import standing
from ledger.projections.snapshots import Snapshots, followed_book, restored
from ledger.replay import book_at
from ledger.snapshot import InvalidSnapshot, decoded
from ledger.store import Store
from tests.application.history import superuser
from tests.books import Rows, assert_same, in_parts
from tests.projections.seen import MOVEMENTS
from tests.world import actor, credit_code, movement

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


def test_the_book_of_a_year_is_the_same_in_parts_and_its_rows_make_the_same_bytes(demo_ledger: Ledger) -> None:
    with demo_ledger.reading() as book:
        live = book.copy()
    parts = in_parts(live)
    assert parts.number == live.number
    assert_same(parts, live)
    assert set(Rows(parts).rows) == set(Rows(live).rows)
    parts.complete()
    assert parts.rest is None
    assert_same(parts, live)


def test_looking_something_up_brings_what_goes_by_its_name_and_nothing_else(demo_ledger: Ledger) -> None:
    with demo_ledger.reading() as book:
        parts = in_parts(book)
        project, other = list(PROJECTS.of(book))[:2]
        assert PROJECTS.get(parts, project) == PROJECTS.get(book, project)
        assert parts.accounts_of[project] == book.accounts_of[project]
    assert parts.rest is not None
    assert parts.rest.source.asked == [project]  # type: ignore[attr-defined]
    assert dict.get(parts.accounts_of, other) is None


def test_what_is_asked_for_while_something_is_tried_stays_as_it_stood(demo_ledger: Ledger) -> None:
    with demo_ledger.reading() as book:
        parts, project = in_parts(book), next(iter(PROJECTS.of(book)))
        found = PROJECTS.get(book, project)
    mark = parts.mark()
    PROJECTS.drop(parts, project)
    assert PROJECTS.get(parts, project) is None
    parts.rollback(mark)
    assert PROJECTS.get(parts, project) == found
    parts.write(parts.registers["projects"], "new", found)
    assert set(parts.registers["projects"]) == {*PROJECTS.of(book), "new"}
    parts = in_parts(book)
    other = parts.copy()
    assert parts.rest is not None
    assert not parts.rest.complete
    PROJECTS.drop(other, project)
    assert PROJECTS.get(parts, project) == found
    assert PROJECTS.get(other, project) is None


def test_whatever_a_register_declares_can_be_read_again() -> None:
    document = Document(number="内财教〔2025〕1号", dated=date(2025, 3, 1))
    item = SuspenseItem(Place(2025, "NSF", 2025), "2025-03", date(2025, 3, 1), receipt=True, recycling=document)
    book = Book()
    SUSPENSE.put(book, "receipt", item)
    assert SUSPENSE.get(in_parts(book), "receipt") == item


def test_a_follower_keeps_the_book_of_the_last_multiple_and_goes_on_from_it(kept: Ledger) -> None:
    with kept.store.readers.connection() as connection:
        found = restored(connection, kept.id)
        assert found is not None
        assert found.number == KEPT
        assert_same(found, book_at(kept.store, kept.id, KEPT))
        before = restored(connection, kept.id, KEPT - 1)
        assert before is not None
        assert before.number == KEPT - 10
        assert_same(before, book_at(kept.store, kept.id, KEPT - 10))
        assert restored(connection, kept.id, KEPT - 11) is None
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


class Staged(Often):
    page = 10


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """At which numbers followers write, as they do."""
    numbers, write = list[int](), snapshots._write

    def noted(connection: Connection[TupleRow], ledger: UUID, book: Book, changed: Collection[tuple[str, Any]]) -> None:
        numbers.append(book.number)
        write(connection, ledger, book, changed)

    monkeypatch.setattr(snapshots, "_write", noted)
    return numbers


DAMAGE = "UPDATE book_snapshot SET leaf = sha256(leaf)"
STAGES = list(range(10, KEPT + 1, 10))


def test_where_the_snapshot_is_of_no_use_it_is_made_again_in_stages(kept: Ledger, dsn: str, written: list[int]) -> None:
    with superuser(dsn) as db:
        db.execute(DAMAGE)
    catch_up(kept.store, kept.id, Staged())
    assert written == STAGES
    with kept.store.readers.connection() as connection:
        found = restored(connection, kept.id)
        assert found is not None
        assert found.number == KEPT
        assert_same(found, book_at(kept.store, kept.id, KEPT))
    catch_up(kept.store, kept.id, Staged())
    assert written == STAGES, "it is good again"


def test_of_two_that_make_it_again_neither_writes_over_what_the_other_wrote(
    kept: Ledger, dsn: str, written: list[int]
) -> None:
    with superuser(dsn) as db:
        db.execute(DAMAGE)

    class Between(Staged):
        """Meets another follower that does all of it between two of its own stages."""

        def _take(self, connection: Connection[TupleRow], ledger: UUID, number: int) -> None:
            super()._take(connection, ledger, number)
            if not written:
                catch_up(kept.store, kept.id, Staged())

    catch_up(kept.store, kept.id, Between())
    assert written == STAGES
    with kept.store.readers.connection() as connection:
        found = restored(connection, kept.id)
        assert found is not None
        assert_same(found, book_at(kept.store, kept.id, KEPT))


def test_one_that_stands_at_the_end_goes_on_from_what_another_has_made_again_so_far(kept: Ledger, dsn: str) -> None:
    class Dies(Staged):
        def fold(self, connection: Connection[TupleRow], page: Page) -> None:
            if page.last > 10:
                raise RuntimeError
            super().fold(connection, page)

    with following(dsn) as connection:
        folding = Folding(connection, kept.id, Staged())
        assert folding.step().number == MOVEMENTS
        connection.execute(DAMAGE)
        with pytest.raises(RuntimeError):
            catch_up(kept.store, kept.id, Dies())
        while standing(kept.store, kept.id) < KEPT + 20:
            number = standing(kept.store, kept.id)
            party = {"credit_code": credit_code(500 + number), "name": f"示例单位 {number}", "level": "REGIONAL"}
            kept.record(
                movement("PartyRegistered", effective_on="2025-03-01", **party), actor("STD"), f"party {number}"
            )
        while (step := folding.step()).number < step.head:
            pass
        found = restored(connection, kept.id)
        assert found is not None
        assert found.number == KEPT + 20
        assert_same(found, book_at(kept.store, kept.id, KEPT + 20))


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
        "UPDATE book_snapshot SET number = number - 1 WHERE number % 20 = 0",
        "UPDATE book_snapshot SET vouchers = '\\x91'",
        "UPDATE book_row SET bytes = set_byte(bytes, 12, get_byte(bytes, 12) # 1)",
        "UPDATE book_row SET bytes = substring(bytes FOR 7)",
        "UPDATE book_row SET tab = tab + 1",
        "UPDATE book_row SET number = number - 1",
        "DELETE FROM book_row WHERE name = 0",
        "DELETE FROM book_row",
        "DELETE FROM book_snapshot",
    ],
)
@pytest.mark.parametrize("left_out_from", [0, 20_000])
def test_a_snapshot_that_is_not_good_is_not_used_and_nothing_else_changes(
    kept: Ledger,
    dsn: str,
    damage: str,
    left_out_from: int,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("ledger.projections.snapshots.LEFT_OUT_FROM", left_out_from)
    with superuser(dsn) as db:
        db.execute(damage)
    with caplog.at_level(logging.WARNING), closing(Ledger(Store(dsn), "test", SECRET)) as again:
        for _ in range(2):  # a Book in parts may meet the damage late: it begins anew then, and says so
            try:
                with again.reading() as book:
                    assert_same(book, from_zero(kept))
                break
            except Unavailable:
                continue
        else:
            pytest.fail("it did not begin anew")
    assert (" used " in caplog.text) is (damage != "DELETE FROM book_snapshot")


def test_other_code_makes_no_use_of_it(kept: Ledger, dsn: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ledger.projections.snapshots.code", lambda: b"other")
    with kept.store.readers.connection() as connection:
        assert restored(connection, kept.id) is None


def test_bytes_that_hold_no_row_are_said_so() -> None:
    book = Book()
    CONSOLIDATED.put(book, "NSF", 3)
    (row,) = Rows(book).rows
    assert row.bytes is not None
    for table, kept, number in (
        (row.table, b"", 0),
        (row.table, row.bytes[:-1], 0),
        (row.table, row.bytes, 1),
        (row.table + 1, row.bytes, 0),
    ):
        with pytest.raises(InvalidSnapshot):
            decoded(table, kept, number)
    assert decoded(row.table, row.bytes, 0) == ("consolidated", "NSF", 3)
