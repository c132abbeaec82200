"""A follower folds each movement exactly once, whatever dies, and a projection is folded on demand to any number."""

import psycopg
import pytest

from ledger.application import Ledger
from ledger.codec import CorruptRecord, recorded_in
from ledger.projections.follower import Page, catch_up, stands, stands_at
from tests.application.history import superuser
from tests.projections.seen import MOVEMENTS, Seen, SeenAnew, every, rows


def test_it_comes_to_any_number_and_counts_each_movement_once(seen: Ledger, dsn: str) -> None:
    assert catch_up(seen.store, seen.id, Seen(), to=13) == 13
    assert rows(dsn) == every(13)
    assert catch_up(seen.store, seen.id, Seen(), to=7) == 13
    assert catch_up(seen.store, seen.id, Seen()) == MOVEMENTS
    assert catch_up(seen.store, seen.id, Seen(), to=10**9) == MOVEMENTS
    assert rows(dsn) == every(MOVEMENTS)


def test_a_page_that_fails_leaves_neither_rows_nor_position(
    seen: Ledger, dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Seen, "poisoned", 15)
    with pytest.raises(ValueError, match="a fault of the projection"):
        catch_up(seen.store, seen.id, Seen())
    assert rows(dsn) == every(10)
    monkeypatch.undo()
    assert catch_up(seen.store, seen.id, Seen()) == MOVEMENTS
    assert rows(dsn) == every(MOVEMENTS)


def test_a_halt_that_was_passed_is_none_any_more(seen: Ledger, dsn: str) -> None:
    with superuser(dsn) as db:
        db.execute("INSERT INTO halted (ledger, projection, number, error) VALUES (%s, 'seen', 15, '')", [seen.id])
    catch_up(seen.store, seen.id, Seen(), to=14)
    assert stands(seen.store, seen.id, [Seen])[1][0].halted_at == 15
    catch_up(seen.store, seen.id, Seen(), to=15)
    assert stands(seen.store, seen.id, [Seen])[1][0].halted_at is None


def test_another_version_begins_anew(seen: Ledger, dsn: str) -> None:
    catch_up(seen.store, seen.id, Seen())
    catch_up(seen.store, seen.id, SeenAnew(), to=5)
    assert rows(dsn) == every(5)
    head, both = stands(seen.store, seen.id, [Seen, SeenAnew])
    assert head == MOVEMENTS
    assert [(one.number, one.behind) for one in both] == [(MOVEMENTS, 0), (5, MOVEMENTS - 5)]
    with seen.store.readers.connection() as connection:
        assert stands_at(connection, seen.id, SeenAnew) == 5


def test_a_page_reads_what_is_asked_for_and_nothing_that_was_tampered_with(seen: Ledger, dsn: str) -> None:
    with superuser(dsn) as db:
        page = Page(db, seen.id, 3, 8)
        assert [one.number for one in page.posted] == [one.number for one in page.recorded] == [4, 5, 6, 7, 8]
        assert [recorded_in(event) for event in page.events] == page.recorded
        assert [(one.legs, one.kind) for one in page.posted] == [(r.legs, r.movement.kind) for r in page.recorded]
        assert page.of_kinds("PartyRegistered", "PeriodClosed") == page.recorded
        assert page.of_kinds("PeriodClosed") == []
        db.execute("UPDATE movement SET leaf = sha256(leaf) WHERE number = 5")
        with pytest.raises(CorruptRecord):
            _ = Page(db, seen.id, 3, 8).posted
        db.execute("DELETE FROM movement WHERE number = 5")
        with pytest.raises(CorruptRecord):
            _ = Page(db, seen.id, 3, 8).posted


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE movement SET kind = ''",
        "INSERT INTO entry DEFAULT VALUES",
        "UPDATE balance SET amount = 0",
        "UPDATE head SET number = 0",
        "SELECT secret FROM head",
        "SELECT 1 FROM sealed",
        "SELECT 1 FROM person",
        "SELECT 1 FROM subject_key",
        "SELECT FROM log FOR UPDATE",
    ],
)
def test_a_follower_writes_nothing_that_is_recorded_and_sees_no_secret(dsn: str, statement: str) -> None:
    with superuser(dsn) as db:
        db.execute("SET ROLE ledger_follower")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            db.execute(statement)
