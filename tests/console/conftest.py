"""The console over the demo year, without a browser: what its pages say, to whom."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date

import pytest
from fastapi import FastAPI

from api.main import create_app
from ledger.access.demo import DemoPeople
from ledger.access.people import People
from ledger.application import Ledger
from ledger.projections.alerts import Alerts
from ledger.projections.follower import catch_up
from tests.api.conftest import in_process
from tests.api.desk import Desk
from tests.api.opening import open_two_projects

TODAY = date(2025, 7, 1)


@pytest.fixture(scope="session")
def demo_app(demo_ledger: Ledger) -> Iterator[FastAPI]:
    """The application over the demo year, which stays as it is; its alerts are kept."""
    catch_up(demo_ledger.store, demo_ledger.id, Alerts())
    with closing(People(demo_ledger.store.dsn, demo_ledger.secret)) as registered:
        yield create_app(demo_ledger, registered, today=lambda: TODAY)


@pytest.fixture(scope="session")
def desk(demo_app: FastAPI, people: DemoPeople) -> Iterator[Desk]:
    """Everybody's desk; ``session`` gives the headers of somebody at a browser."""
    with in_process(demo_app) as client:
        yield Desk(client, people)


@contextmanager
def desk_of_two_projects(ledger: Ledger, people: DemoPeople, today: date) -> Iterator[Desk]:
    """Everybody's desk at a ledger of one's own, in which two projects were opened; on a day."""
    with (
        closing(People(ledger.store.dsn, ledger.secret)) as registered,
        in_process(create_app(ledger, registered, today=lambda: today)) as client,
    ):
        desk = Desk(client, people)
        open_two_projects(desk)
        yield desk
