"""A ledger to attack: two projects, people with keys, a proposal that waits; and whether anything of it was changed."""

import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from hashlib import sha256
from itertools import count
from typing import Any, NamedTuple

import httpx2
import psycopg
import pytest
from fastapi import FastAPI

from api.main import create_app
from api.origin import LOOPBACK_COOKIE
from api.rates import Rates
from ledger.access.demo import DemoPeople
from ledger.access.people import People
from ledger.access.policy import Reach, reach
from ledger.access.sessions import Method
from ledger.application import Ledger
from tests.api.conftest import TODAY, app, client, desk, in_process, quiet_app, quiet_desk, registered, two_projects
from tests.api.desk import Desk
from tests.api.opening import open_two_projects
from tests.api.test_policy import ONE_OF_EACH, ROUTES
from tests.attacks.surface import Operation
from tests.conftest import fresh_ledger
from tests.console.test_policy import PAGES

__all__ = ["app", "client", "desk", "quiet_app", "quiet_desk", "registered", "two_projects"]

_serial = count(1)
_PAGES = {re.sub(r":\w+}", "}", page): action for page, action in PAGES.items()}
OF_ATTEMPTS = {"attempt", "trail", "session", "sign_in", "local_account", "subject_key"}
"""What was refused is kept, and a sign-in that failed is counted; a key is there before its text is judged."""


class Target(NamedTuple):
    """An application under attack, everybody's desk at it, and the database below, as its superuser sees it."""

    app: FastAPI
    desk: Desk
    people: People
    dsn: str
    sessions: dict[str, str]

    def may(self, operation: Operation) -> str:
        """Somebody who may ask an operation for anything there is."""
        action = ROUTES.get(operation.name) or _PAGES.get(operation.name)
        if action is None:
            return "fin-1"
        return next(who for role, who in ONE_OF_EACH.items() if reach(role, action) is Reach.ALL and who != "tre-1")

    def send(self, operation: Operation, *, who: str | None = None, **sent: Any) -> httpx2.Response:
        """Ask for an operation as somebody signed in. ``path``, ``params``, ``headers``: beside what fits by itself."""
        path = operation.path.format(**operation.named("path") | sent.pop("path", {}))
        headers = self.session(who or self.may(operation)) | sent.pop("headers", {})
        params = operation.named("query") | sent.pop("params", {})
        answer = self.desk.client.request(operation.method, path, headers=headers, params=params, **sent)
        if operation.name == "DELETE /v1/session":
            self.sessions.clear()
        return answer

    def session(self, who: str) -> dict[str, str]:
        """Headers of somebody signed in, whose account may be locked by now: passwords are guessed at here."""
        if who not in self.sessions:
            self.sessions[who], _ = self.people.sessions.begin(self.people.register.person(who), Method.PASSWORD)
        cookie = f"{LOOPBACK_COOKIE}={self.sessions[who]}"
        return {"Cookie": cookie, "Sec-Fetch-Site": "same-origin", "Idempotency-Key": f"key-{next(_serial)}"}

    def state(self) -> dict[str, str]:
        """Every table of the database by what it holds, and what there is beside tables; a changed value is a success."""
        with psycopg.connect(self.dsn) as db:
            names = [name for (name,) in db.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'ledger'")]
            whole = {name: _rows(db, f'SELECT t::text FROM ledger."{name}" AS t') for name in {*names} - OF_ATTEMPTS}
            return whole | {
                "tables": _rows(db, "SELECT schemaname || tablename FROM pg_tables"),
                "roles": _rows(db, "SELECT r::text FROM pg_roles AS r"),
                "functions": _rows(db, "SELECT p.oid::text || proname FROM pg_proc AS p"),
            }


def _rows(db: psycopg.Connection[Any], query: str) -> str:
    return sha256("\n".join(sorted(row[0] for row in db.execute(query))).encode()).hexdigest()


def target_of(ledger: Ledger, people: People, demo: DemoPeople) -> Iterator[Target]:
    app = create_app(ledger, people, today=lambda: TODAY)
    app.state.rates = Rates({})  # who attacks from many places is slowed nowhere
    with in_process(app) as client:
        yield Target(app, Desk(client, demo), people, ledger.store.dsn, {})


@pytest.fixture(scope="session")
def target(server_dsn: str, people: DemoPeople) -> Iterator[Target]:
    """Two projects stand in it. An attack leaves nothing behind, so all of them share it."""
    with target_with_projects(server_dsn, people) as target:
        yield target


@contextmanager
def target_with_projects(server_dsn: str, people: DemoPeople) -> Iterator[Target]:
    """One of its own, for whoever leaves something behind."""
    with fresh_ledger(server_dsn) as ledger, closing(People(ledger.store.dsn, ledger.secret)) as registered:
        for target in target_of(ledger, registered, people):
            open_two_projects(target.desk)
            yield target


@pytest.fixture
def nothing_else(request: pytest.FixtureRequest, target: Target) -> Iterator[None]:
    """Whatever the test asked for, nothing was taken of it but what its module calls ``RECORDED_RIGHTLY``."""
    before = target.state()
    yield
    after = target.state()
    assert {name for name in after if after[name] != before.get(name)} <= request.module.RECORDED_RIGHTLY


@pytest.fixture
def unchanged(target: Target) -> Iterator[None]:
    """Whatever the test asked for, nothing was taken of it."""
    before = target.state()
    yield
    after = target.state()
    assert {name for name in after if after[name] != before.get(name)} == set()
