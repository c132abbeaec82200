"""kill -9 of PostgreSQL under load: the service stays, starts it again, and finds out what became of every request."""

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ledger.access.demo import demo_people
from tests.faults.callers import CALLERS, calling
from tests.faults.chance import LOAD_SECONDS_MAX, ROUNDS, seeded
from tests.faults.postgres import kill_postgres
from tests.faults.recorded import check_recorded, open_books
from tests.faults.service import started

LONG_EVERY = 10
"""Of so many outages one lasts until callers are told that the outcome is unknown."""


@contextmanager
def kept_down(home: Path) -> Iterator[None]:
    """Nobody starts PostgreSQL meanwhile."""
    with (home / "supervisor.lock").open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@pytest.mark.slow
def test_postgres_killed_at_any_moment_loses_and_doubles_nothing(home: Path, desk_dsn: str) -> None:
    people = demo_people(home)
    chance, opened_at = seeded(), open_books(desk_dsn, people)
    with started(home) as service, calling(service, people) as callers:
        for turn in range(1, ROUNDS + 1):
            callers.await_answers(CALLERS + 1)
            time.sleep(chance.uniform(0, LOAD_SECONDS_MAX))
            if turn % LONG_EVERY:
                kill_postgres(home)
            else:
                with kept_down(home):
                    kill_postgres(home)
                    callers.await_told({"UNKNOWN_OUTCOME", "DATABASE_UNREACHABLE"}, CALLERS)
        callers.await_answers(CALLERS + 1)
        assert service.alive
    print(callers.summary())
    assert not callers.without_number["no answer"]
    check_recorded(desk_dsn, opened_at, callers.answers)
