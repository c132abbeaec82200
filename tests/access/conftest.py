"""The register of a fresh database, with a clock that tests move on."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from bench.workload import SECRET
from ledger.access.people import People
from ledger.access.register import Person


class Clock:
    """Stands still until it is told."""

    def __init__(self) -> None:
        self.now = datetime(2025, 6, 30, 1, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, time: timedelta) -> None:
        self.now += time


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def registered(dsn: str, clock: Clock) -> Iterator[People]:
    with closing(People(dsn, SECRET, clock)) as people:
        yield people


@pytest.fixture
def wang(registered: People) -> Person:
    """Somebody with an account and no role."""
    person = registered.register.add("王会计", "p-adm-1")
    registered.accounts.open(person.id, "wang", "p-adm-1", password=PASSWORD)
    return person


PASSWORD = "lovely-Otter-24-bridges"
