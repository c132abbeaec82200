"""Text that is SQL stays text: through every parameter, header, cookie and field, and in names that are identifiers."""

import time
from typing import Any
from urllib.parse import quote

import httpx2
import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from api.origin import LOOPBACK_COOKIE
from ledger.application import Ledger
from ledger.migrate import migrate
from ledger.store import Store
from tests.api.test_policy import ENDLESS
from tests.attacks.conftest import Target
from tests.attacks.surface import Operation, changed, texts, the_document
from tests.conftest import SECRET

ASLEEP = 5
NUL = "a\x00b"
SQL = (
    "'",
    "' OR '1'='1",
    "'; DROP TABLE ledger.movement CASCADE; --",
    f"'; SELECT pg_sleep({ASLEEP}); --",
    f"' || pg_sleep({ASLEEP})::text || '",
    "' UNION SELECT hash::text, person FROM ledger.session --",
    "$$; UPDATE ledger.role_grant SET role = 'FIN'; $$",
    "\\'; COPY ledger.trail TO PROGRAM 'cat'; --",
    "x'; SET ROLE ledger_owner; --",
    "%s",
    "%(person)s",
    "{0}",
    "%",
    NUL,
    "＇ OR 1=1 --",
    "p-fin-1'/**/OR/**/1=1",
)
BRIEF = " ".join(SQL[2:5])
SOME = [BRIEF, NUL, *(pytest.param(sql, marks=pytest.mark.slow) for sql in SQL if sql != NUL)]
HEADERS = ("Ledger-Grant", "Idempotency-Key", "X-Request-Id", "Last-Event-ID", "Accept-Language", "User-Agent")
RECORDED_RIGHTLY = {"person", "api_key", "document", "erasure"}
"""Where a text of any kind may stand, so may SQL; test_stored_text.py reads it back."""


pytestmark = pytest.mark.usefixtures("nothing_else")


def operations(target: Target) -> list[Operation]:
    return [operation for operation in the_document(target.app) if operation.name != ENDLESS]


def harmless(target: Target, operation: Operation, **sent: Any) -> httpx2.Response:
    """Ask, on trial where that can be; it is no fault and nobody waited for the database to sleep."""
    began = time.monotonic()
    tried = {"dry_run": "true"} if "dry_run" in operation.named("query") else {}
    answer = target.send(operation, **sent | {"params": tried | sent.get("params", {})})
    assert answer.status_code < 500, (operation.name, sent, answer.text)
    assert time.monotonic() - began < ASLEEP / 2, (operation.name, sent)
    return answer


@pytest.mark.parametrize("sql", SOME)
def test_parameters(target: Target, sql: str) -> None:
    for operation in the_document(target.app):
        for name in operation.named("path"):
            harmless(target, operation, path={name: quote(sql, safe="")})
        for name in operation.named("query"):
            if name != "dry_run":
                content = sql.encode() if operation.media_type == "application/octet-stream" else None
                harmless(target, operation, params={name: sql}, content=content)


@pytest.mark.parametrize("sql", SOME)
def test_headers_and_cookies(target: Target, sql: str) -> None:
    for operation in operations(target):
        body = {"json": operation.bodies[0]} if operation.bodies else {}
        harmless(target, operation, headers=dict.fromkeys(HEADERS, sql.encode()), **body)
        for credential in (
            {"Cookie": f"{LOOPBACK_COOKIE}={sql}".encode()},
            {"Authorization": f"Bearer {sql}".encode()},
        ):
            answer = harmless(target, operation, headers=credential, **body)
            assert answer.status_code >= 400 or not operation.path.startswith("/v1"), operation.name


@pytest.mark.parametrize("sql", SOME)
def test_fields(target: Target, sql: str) -> None:
    """Each field of every body; of the many kinds of movement with one text that holds several."""
    for operation in operations(target):
        for body in operation.bodies if sql == BRIEF else operation.bodies[:1]:
            for at in texts(body):
                harmless(target, operation, json=changed(body, at, sql))


@pytest.mark.parametrize("name", ['x"; DROP SCHEMA ledger CASCADE; --', "x'; --", "x%s", "账 本", "sleep(5)"])
def test_a_role_and_a_database_are_called_whatever_they_are_called(server_dsn: str, dsn: str, name: str) -> None:
    """As identifiers, where no parameter can stand; a database of a hostile name is used like any other."""
    template = conninfo_to_dict(dsn)["dbname"]
    role, database = psycopg.sql.Identifier(f"{name}-role"), psycopg.sql.Identifier(f"{name}-db")
    with psycopg.connect(server_dsn, autocommit=True) as db:
        db.execute(psycopg.sql.SQL("CREATE ROLE {} LOGIN").format(role))
        db.execute(psycopg.sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(database, psycopg.sql.Identifier(template)))
        try:
            hostile = make_conninfo(server_dsn, dbname=f"{name}-db")
            migrate(hostile, service=f"{name}-role")
            store = Store(make_conninfo(hostile, user=f"{name}-role"))
            ledger = Ledger(store, name, SECRET)
            assert ledger.store.max_notification_id() in (0, None)
            ledger.close()
        finally:
            db.execute(psycopg.sql.SQL("DROP DATABASE {} WITH (FORCE)").format(database))
            db.execute(psycopg.sql.SQL("DROP ROLE {}").format(role))
