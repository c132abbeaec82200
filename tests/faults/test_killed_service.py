"""kill -9 of the service under load: what was acknowledged is recorded, and what was not is told by the same key."""

import time
from pathlib import Path

import pytest

from ledger.access.demo import demo_people
from tests.faults.callers import CALLERS, calling
from tests.faults.chance import LOAD_SECONDS_MAX, ROUNDS, seeded
from tests.faults.recorded import check_recorded, open_books
from tests.faults.service import started


@pytest.mark.slow
def test_a_service_killed_at_any_moment_loses_and_doubles_nothing(home: Path, desk_dsn: str) -> None:
    people = demo_people(home)
    chance, opened_at = seeded(), open_books(desk_dsn, people)
    with started(home) as service, calling(service, people) as callers:
        for _ in range(ROUNDS):
            callers.await_answers(CALLERS + 1)
            time.sleep(chance.uniform(0, LOAD_SECONDS_MAX))
            service.kill()
            service.start()
    print(callers.summary())
    assert callers.without_number["no answer"] >= ROUNDS
    check_recorded(desk_dsn, opened_at, callers.answers)
