"""The API under test: in this process for most, over a real loopback socket for histories and streams."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date
from threading import Thread

import httpx2
import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from api.main import create_app
from api.server import server
from ledger.access.demo import DemoPeople
from ledger.access.people import People
from ledger.application import Ledger
from ledger.settings import Settings
from tests.api.desk import Desk
from tests.api.opening import open_two_projects
from tests.conftest import fresh_ledger

TODAY = date(2025, 6, 30)
ON_A_FREE_PORT = Settings(port=0)


def in_process(app: FastAPI, address: str = "127.0.0.1", url: str = "http://127.0.0.1") -> TestClient:
    """A client without a socket, of an address and at a URL; faults become answers, as they do when served."""
    return TestClient(app, url, raise_server_exceptions=False, client=(address, 50_000))


@pytest.fixture(scope="session")
def quiet_app(server_dsn: str) -> Iterator[FastAPI]:
    """An application whose ledger stays as it is: for tests that record nothing."""
    with fresh_ledger(server_dsn) as ledger, closing(People(ledger.store.dsn, ledger.secret)) as registered:
        yield create_app(ledger, registered, today=lambda: TODAY)


@pytest.fixture(scope="session")
def quiet_desk(quiet_app: FastAPI, people: DemoPeople) -> Iterator[Desk]:
    """Everybody's desk at the quiet application."""
    with in_process(quiet_app) as client:
        yield Desk(client, people)


@pytest.fixture
def registered(ledger: Ledger) -> Iterator[People]:
    """The register of the fresh ledger's database."""
    with closing(People(ledger.store.dsn, ledger.secret)) as registered:
        yield registered


@pytest.fixture
def app(ledger: Ledger, registered: People) -> FastAPI:
    return create_app(ledger, registered, today=lambda: TODAY)


@pytest.fixture
def client(app: FastAPI) -> Iterator[httpx2.Client]:
    """The application without a socket; faults become answers, as they do when served."""
    with in_process(app) as client:
        yield client


@pytest.fixture
def desk(client: httpx2.Client, people: DemoPeople) -> Desk:
    """Everybody's desk, in this process."""
    return Desk(client, people)


@pytest.fixture
def two_projects(desk: Desk) -> Desk:
    """KRD-1 is a project of pm-1's specials, of und-1, rec-1 and cha-1; BRK-1 is not."""
    open_two_projects(desk)
    return desk


@contextmanager
def serving(app: FastAPI, settings: Settings = ON_A_FREE_PORT) -> Iterator[str]:
    """A real server on a free loopback port; yields its address and stops it."""
    running = server(app, settings)
    started = Thread(target=running.run, name="uvicorn")
    started.start()
    try:
        while not running.started:
            assert started.is_alive(), "the server did not start"
            started.join(0.005)
        port = running.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}"
    finally:
        running.should_exit = True
        started.join(20)
        assert not started.is_alive(), "the server did not stop"


@pytest.fixture
def address(app: FastAPI) -> Iterator[str]:
    with serving(app) as address:
        yield address


@pytest.fixture
def served(address: str, people: DemoPeople) -> Iterator[Desk]:
    """Everybody's desk, over real HTTP."""
    with httpx2.Client(base_url=address, timeout=30) as client:
        yield Desk(client, people)
