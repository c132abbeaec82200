"""A rebuild while everything goes on: nothing differs from a naive fold, and what was damaged is found, told and gone."""

import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import count

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from bench.workload import SECRET, day_of, open_books
from ledger.application import Ledger
from ledger.projections import rebuild as rebuilding
from ledger.projections.balances import balances
from ledger.projections.beside import BESIDE, REPLACED, Busy
from ledger.projections.follower import catch_up, stands
from ledger.projections.journal import one_snapshot
from ledger.projections.marks import Marks
from ledger.projections.rebuild import REBUILDABLE, rebuild
from ledger.store import Store
from ledger.verification import verify
from tests.application.history import check_history, superuser
from tests.projections.test_moments import TODAY

WRITERS = 4
PROJECTS = 24
DAMAGES = [
    ("balance", "UPDATE balance SET amount = amount + 7 WHERE account = 3"),
    ("balance", "DELETE FROM balance WHERE account = 3"),
    ("turnover", "INSERT INTO turnover SELECT ledger, cell, period, effective_on + 1, 5 FROM turnover LIMIT 1"),
    ("entry", "UPDATE entry SET cell_after = 0 WHERE (number, line) IN (SELECT number, line FROM entry LIMIT 1)"),
    ("account", "UPDATE account SET ref = 'another' WHERE id = 2"),
    ("cell", "UPDATE cell SET vintage = 2024 WHERE id = 1"),
]


@pytest.fixture
def busy(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> Ledger:
    """A ledger with an opening, and a day begun; it is marked often."""
    monkeypatch.setattr(Marks, "interval", 20)
    open_books(ledger, PROJECTS)
    work(ledger, "a", 30)
    return ledger


def work(ledger: Ledger, mark: str, turns: int) -> None:
    day = day_of(0, 1, mark, PROJECTS)
    for turn in range(turns):
        ledger.record(*next(day), f"{mark}.{turn}")


@contextmanager
def recording(ledger: Ledger, writers: int = WRITERS) -> Iterator[list[int]]:
    """Meanwhile some callers record and somebody reads; all that any of them is answered is right, and none fails."""
    stop, numbers, failed = threading.Event(), [0], []

    def guarded(do: object, *arguments: object) -> None:
        try:
            do(*arguments)  # type: ignore[operator]
        except Exception as error:
            failed.append(error)

    def call(caller: int) -> None:
        day = day_of(caller, writers, f"w{numbers[0]}", PROJECTS)
        for turn in count():
            if stop.is_set():
                return
            numbers.append(ledger.record(*next(day), f"w{caller}.{numbers[0]}.{turn}").number)

    def look() -> None:
        """The same money by special and by project, whatever is swapped beneath."""
        while not stop.is_set():
            with ledger.reading() as book:
                totals = [
                    balances(ledger.store, ledger.id, book, by, on=TODAY, limit=1_000) for by in ("special", "project")
                ]
            for card in totals:
                assert card.total["total"] == card.total["appropriated"] == totals[0].total["appropriated"]
            assert totals[0].total["appropriated"] > 0

    with ledger.reading() as book:
        numbers[0] = book.number
    threads = [threading.Thread(target=guarded, args=(call, caller)) for caller in range(writers)]
    threads.append(threading.Thread(target=guarded, args=(look,)))
    for thread in threads:
        thread.start()
    try:
        yield numbers
    finally:
        stop.set()
        for thread in threads:
            thread.join(60)
    assert not failed, failed


def left_over(dsn: str) -> list[str]:
    with superuser(dsn) as db:
        names = db.execute("SELECT nspname FROM pg_namespace WHERE nspname = ANY(%s)", [[BESIDE, REPLACED]])
        return [name for (name,) in names]


def shape(dsn: str) -> list[tuple[object, ...]]:
    """Everything of the tables but their rows: columns, indexes, keys, settings, rights."""
    with superuser(dsn) as db:
        return [
            *db.execute(
                "SELECT table_name, column_name, ordinal_position, column_default, is_nullable, data_type, collation_name "
                "FROM information_schema.columns WHERE table_schema = 'ledger' ORDER BY 1, 3"
            ).fetchall(),
            *db.execute(
                "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'ledger' ORDER BY 1, 2"
            ).fetchall(),
            *db.execute(
                "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint "
                "WHERE connamespace = 'ledger'::regnamespace ORDER BY 1, 2"
            ).fetchall(),
            *db.execute(
                "SELECT relname, reloptions, relowner::regrole::text, array(SELECT unnest(relacl)::text ORDER BY 1) "
                "FROM pg_class WHERE relnamespace = 'ledger'::regnamespace AND relkind = 'r' ORDER BY 1"
            ).fetchall(),
        ]


def test_a_rebuild_under_load_differs_in_nothing_and_hinders_nobody(busy: Ledger, dsn: str) -> None:
    catch_up(busy.store, busy.id, Marks())
    before = shape(dsn)
    with recording(busy) as numbers:
        for name in ("books", "marks", "books"):
            began = len(numbers)
            done = rebuild(dsn, name)
            assert (done.wrong, done.differences) == (0, ())
            assert done.movements > 0
            assert len(numbers) > began  # recording went on
    assert shape(dsn) == before
    assert left_over(dsn) == []
    assert verify(busy.store, busy.id).agrees
    assert check_history(dsn, "test") > len(numbers)


@pytest.mark.slow
def test_twenty_rebuilds_under_load_differ_in_nothing(busy: Ledger, dsn: str) -> None:
    with recording(busy, 16):
        for _ in range(20):
            assert rebuild(dsn, "books").wrong == 0
            assert verify(busy.store, busy.id).agrees
    check_history(dsn, "test")


@pytest.mark.parametrize(("table", "damage"), DAMAGES)
def test_whatever_is_damaged_is_found_told_and_gone(busy: Ledger, dsn: str, table: str, damage: str) -> None:
    with superuser(dsn) as db:
        assert db.execute(damage).rowcount == 1
    assert not verify(busy.store, busy.id).agrees
    done = rebuild(dsn, "books")
    assert {one.table for one in done.differences} == {table}
    assert 0 < done.wrong <= 2
    assert verify(busy.store, busy.id).agrees
    assert rebuild(dsn, "books").wrong == 0
    work(busy, "b", 9)
    check_history(dsn, "test")


def test_a_lost_table_is_made_again(busy: Ledger, dsn: str) -> None:
    with superuser(dsn) as db:
        db.execute("TRUNCATE balance, turnover")
    done = rebuild(dsn, "books")
    assert done.wrong > len(done.differences) > 20
    assert verify(busy.store, busy.id).agrees


def test_a_followed_projection_is_mended_and_goes_on(busy: Ledger, dsn: str) -> None:
    head, _ = stands(busy.store, busy.id, [Marks])
    stood_at = catch_up(busy.store, busy.id, Marks(), to=head - 7)
    with superuser(dsn) as db:
        db.execute("UPDATE mark SET amount = amount + 1 WHERE number = 20")
        db.execute("INSERT INTO halted (ledger, projection, number, error) VALUES (%s, 'marks', 9, '')", [busy.id])
    done = rebuild(dsn, "marks")
    assert {one.table for one in done.differences} == {"mark"}
    assert done.movements == stood_at
    ((position,),) = [(one.number,) for one in stands(busy.store, busy.id, [Marks])[1] if one.halted_at is None]
    assert position == stood_at
    assert catch_up(busy.store, busy.id, Marks()) == stood_at + 7
    assert rebuild(dsn, "marks").wrong == 0


def test_what_no_follower_has_begun_is_made_up_to_the_head(busy: Ledger, dsn: str) -> None:
    head, _ = stands(busy.store, busy.id, [Marks])
    done = rebuild(dsn, "marks")
    assert (done.movements, done.wrong) == (head, 0)
    assert stands(busy.store, busy.id, [Marks])[1][0].behind == 0


def test_two_ledgers_of_a_database_keep_their_own(busy: Ledger, dsn: str) -> None:
    with closing(Ledger(Store(dsn), "other", SECRET)) as other:
        open_books(other, 3)
        assert rebuild(dsn, "books").wrong == 0
        for ledger in (busy, other):
            assert verify(ledger.store, ledger.id).agrees


def test_a_reader_of_before_is_waited_for_and_where_it_stays_nothing_is_swapped(
    busy: Ledger, dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By its snapshot the newest rows of the new tables would be missing: it would read figures that never were."""
    monkeypatch.setattr(rebuilding, "PATIENCE_SECONDS", 0.5)
    with one_snapshot(busy.store) as connection:
        connection.execute("SELECT number FROM head").fetchall()
        with pytest.raises(Busy):
            rebuild(dsn, "books")
        work(busy, "b", 3)
        assert left_over(dsn) == []
    assert rebuild(dsn, "books").wrong == 0


def test_an_owner_need_not_be_a_superuser(busy: Ledger, dsn: str) -> None:
    with superuser(dsn) as db:
        name = f"owner_of_{db.info.dbname}"
        db.execute(f"CREATE ROLE {name} LOGIN IN ROLE ledger_owner")
        db.execute(f"GRANT CREATE ON DATABASE {db.info.dbname} TO {name}")
    try:
        with recording(busy):
            assert rebuild(make_conninfo(dsn, user=name), "books").wrong == 0
        assert left_over(dsn) == []
    finally:
        with superuser(dsn) as db:
            db.execute(f"DROP OWNED BY {name}")
            db.execute(f"DROP ROLE {name}")


def test_only_one_rebuild_is_under_way(busy: Ledger, dsn: str) -> None:
    with psycopg.connect(dsn, autocommit=True) as another:
        another.execute("SELECT pg_advisory_lock(%s)", [rebuilding._LOCK])
        with pytest.raises(Busy, match="another"):
            rebuild(dsn, "marks")


def test_every_projection_can_be_rebuilt(busy: Ledger, dsn: str) -> None:
    for name in REBUILDABLE:
        assert rebuild(dsn, name).movements > 0
    check_history(dsn, "test")
