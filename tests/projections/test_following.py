"""Followers at work: they keep up, one at a time, whatever dies; a poisoned movement halts its own projection and no other."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from bench.workload import STD
from ledger.application import Ledger
from ledger.projections import following
from ledger.projections.follower import Projection, stands
from ledger.projections.following import follow
from ledger.projections.marks import Marks
from tests.application.history import superuser
from tests.application.test_recording import party
from tests.projections.seen import MOVEMENTS, Seen, every, rows

SECONDS_MAX = 20


@pytest.fixture(autouse=True)
def quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "POLL_SECONDS", 0.02)
    monkeypatch.setattr(following, "AGAIN_SECONDS", 0.02)


@contextmanager
def followed(ledger: Ledger, *projections: type[Projection]) -> Iterator[None]:
    """Meanwhile these are followed, as by a process of its own."""
    stopped = threading.Event()
    thread = threading.Thread(target=follow, args=(ledger.store.dsn, ledger.id, projections, stopped))
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join(SECONDS_MAX)
        assert not thread.is_alive()


def until(holds: Callable[[], bool]) -> None:
    """Wait for what must come about."""
    deadline = time.monotonic() + SECONDS_MAX
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def number_of(ledger: Ledger, projection: type[Projection]) -> int:
    return stands(ledger.store, ledger.id, [projection])[1][0].number


def halted_at(ledger: Ledger, projection: type[Projection]) -> int | None:
    return stands(ledger.store, ledger.id, [projection])[1][0].halted_at


def test_it_keeps_up_with_what_is_recorded(seen: Ledger, dsn: str) -> None:
    with followed(seen, Seen):
        until(lambda: number_of(seen, Seen) == MOVEMENTS)
        for number in range(MOVEMENTS, MOVEMENTS + 40):
            seen.record(party(number), STD, f"k{number}")
        until(lambda: number_of(seen, Seen) == MOVEMENTS + 40)
    assert rows(dsn) == every(MOVEMENTS + 40)


def test_of_two_one_works_and_the_other_takes_over(seen: Ledger, dsn: str) -> None:
    with followed(seen, Seen):
        until(lambda: number_of(seen, Seen) == MOVEMENTS)
        with followed(seen, Seen):
            seen.record(party(MOVEMENTS), STD, "one more")
            until(lambda: number_of(seen, Seen) == MOVEMENTS + 1)
            with superuser(dsn) as db:
                held = db.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted").fetchone()
                assert held == (1,)
                ended = db.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted"
                ).rowcount
                assert ended == 1
            seen.record(party(MOVEMENTS + 1), STD, "and another")
            until(lambda: number_of(seen, Seen) == MOVEMENTS + 2)
    assert rows(dsn) == every(MOVEMENTS + 2)


def test_a_poisoned_movement_halts_its_own_projection_loudly_and_no_other(
    seen: Ledger, dsn: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(Seen, "poisoned", 15)
    with followed(seen, Seen, Marks):
        until(lambda: halted_at(seen, Seen) == 15)
        assert rows(dsn) == every(14)
        seen.record(party(MOVEMENTS), STD, "recording goes on")
        until(lambda: number_of(seen, Marks) == MOVEMENTS + 1)
        assert (number_of(seen, Seen), halted_at(seen, Marks)) == (14, None)
        with superuser(dsn) as db:
            (error,) = db.execute("SELECT error FROM halted WHERE projection = 'seen'").fetchone() or ("",)
        assert error.startswith("builtins.ValueError")
        assert "seen.py" in error
        assert any(getattr(record, "fields", {}).get("halted_at") == 15 for record in caplog.records)
        monkeypatch.undo()  # a mend, and word of it: what a rebuild leaves behind
        monkeypatch.setattr(following, "AGAIN_SECONDS", 0.02)
        with superuser(dsn) as db:
            db.execute("DELETE FROM halted")
        until(lambda: number_of(seen, Seen) == MOVEMENTS + 1)
    assert rows(dsn) == every(MOVEMENTS + 1)


def test_bytes_that_cannot_be_read_halt_it_and_a_restart_tries_again(seen: Ledger, dsn: str) -> None:
    with superuser(dsn) as db:
        (leaf,) = db.execute("SELECT leaf FROM movement WHERE number = 12").fetchone() or (b"",)
        db.execute("UPDATE movement SET leaf = '' WHERE number = 12")
    with followed(seen, Seen):
        until(lambda: halted_at(seen, Seen) == 12)
    assert (rows(dsn), halted_at(seen, Seen)) == (every(11), 12)
    with followed(seen, Seen):
        until(lambda: halted_at(seen, Seen) == 12)
    with superuser(dsn) as db:
        db.execute("UPDATE movement SET leaf = %s WHERE number = 12", [leaf])
    with followed(seen, Seen):
        until(lambda: number_of(seen, Seen) == MOVEMENTS)
    assert (rows(dsn), halted_at(seen, Seen)) == (every(MOVEMENTS), None)
