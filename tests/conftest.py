"""Shared by all tests: one PostgreSQL of our own for each worker, and a fresh ledger for each test."""

import itertools
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from typing import Any

import psycopg
import pytest
from argon2 import PasswordHasher
from psycopg.conninfo import make_conninfo

from bench.workload import SECRET
from ledger.access import credentials
from ledger.access.demo import DemoPeople, demo_people
from ledger.access.people import People
from ledger.application import Ledger
from ledger.demo import record_demo_year
from ledger.embedded import embedded_postgres
from ledger.migrate import migrate
from ledger.store import Store

DEMO_SECONDS_MAX = 25
_TEMPLATE = "template_of_ledgers"
_serial = itertools.count(1)


@pytest.fixture(scope="session", autouse=True)
def quick_passwords() -> Iterator[None]:
    """Hashing that is slow on purpose would be most of what tests wait for; test_credentials.py looks at the real one."""
    with pytest.MonkeyPatch.context() as patch:
        quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        patch.setattr(credentials, "_hasher", quick)
        patch.setattr(credentials, "_DECOY", quick.hash("nobody's"))
        yield


@pytest.fixture(scope="session")
def people(tmp_path_factory: pytest.TempPathFactory) -> DemoPeople:
    """The demo people with their secrets, registered in every fresh database."""
    return demo_people(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="session")
def server_dsn(tmp_path_factory: pytest.TempPathFactory, people: DemoPeople) -> Iterator[str]:
    """A real PostgreSQL of this worker's own, with one database migrated once as a template."""
    with embedded_postgres(tmp_path_factory.mktemp("postgres")) as dsn:
        _execute(dsn, f"CREATE DATABASE {_TEMPLATE}")
        template = make_conninfo(dsn, dbname=_TEMPLATE)
        migrate(template)
        with closing(People(template, SECRET)) as registered:
            people.enrol(registered)
        yield dsn


@contextmanager
def fresh_database(server_dsn: str) -> Iterator[str]:
    """A database that holds the tables and nothing else; dropped afterwards."""
    name = f"ledger_{next(_serial)}"
    _execute(server_dsn, f"CREATE DATABASE {name} TEMPLATE {_TEMPLATE}")
    yield make_conninfo(server_dsn, dbname=name)
    _execute(server_dsn, f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def fresh_ledger(server_dsn: str) -> Iterator[Ledger]:
    """A ledger in a database of its own; its writer runs."""
    with (
        fresh_database(server_dsn) as dsn,
        closing(Store(dsn)) as store,
        closing(Ledger(store, "test", SECRET)) as ledger,
    ):
        yield ledger


@contextmanager
def demo_year(server_dsn: str) -> Iterator[Ledger]:
    """The demo year in a ledger of one's own, for those who go on with it."""
    with fresh_ledger(server_dsn) as ledger:
        record_demo_year(ledger)
        yield ledger


@pytest.fixture
def new_dsn(server_dsn: str) -> Iterator[Callable[[], str]]:
    """Makes as many fresh databases as a test needs."""
    with ExitStack() as databases:
        yield lambda: databases.enter_context(fresh_database(server_dsn))


@pytest.fixture
def dsn(new_dsn: Callable[[], str]) -> str:
    """A fresh database."""
    return new_dsn()


@pytest.fixture
def store(dsn: str) -> Iterator[Store]:
    """The tables of a fresh database."""
    with closing(Store(dsn)) as store:
        yield store


@pytest.fixture
def ledger(store: Store) -> Iterator[Ledger]:
    """A fresh ledger; its writer runs."""
    with closing(Ledger(store, "test", SECRET)) as ledger:
        yield ledger


@pytest.fixture(scope="session")
def demo_ledger(server_dsn: str) -> Iterator[Ledger]:
    """The demo year, recorded once for all who only ask; it does not take long."""
    with fresh_ledger(server_dsn) as ledger:
        started = time.monotonic()
        total = record_demo_year(ledger)
        seconds = time.monotonic() - started
        print(f"\ndemo year: {total} movements in {seconds:.1f} s")
        assert seconds < DEMO_SECONDS_MAX
        yield ledger


def _execute(dsn: str, statement: Any) -> None:
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(statement)
