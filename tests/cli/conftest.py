"""The command line on one real embedded PostgreSQL, in one home for the session; it runs as a user would run it."""

import json
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import psycopg
import pytest
from typer.testing import CliRunner

from ledger.access.demo import demo_people
from ledger.access.people import People
from ledger.cli.main import app
from ledger.embedded import embedded_postgres
from ledger.migrate import migrate
from ledger.secret import make_secret, secret_of_home
from tests.world import party

DAY = "2025-03-01"


class Ran(NamedTuple):
    """What a command ended with."""

    code: int
    out: str
    err: str

    @property
    def said(self) -> str:
        return self.out + self.err


class Desk:
    """Runs commands in a home of their own."""

    def __init__(self, home: Path, ledger: str = "nm") -> None:
        self.home = home
        self.environment = {
            "LEDGER_HOME": str(home),
            "LEDGER_DSN": "",
            "LEDGER_NAME": ledger,
            "LEDGER_PORT": "",
            "LEDGER_SECRET": "",
            "LEDGER_SECRET_FILE": "",
        }

    def run(self, *arguments: str | Path, given: str | bytes | None = None, terminal: int | None = None) -> Ran:
        """``terminal``: as on a terminal of so many columns; otherwise as into a pipe."""
        shape = {"TTY_COMPATIBLE": "0"} if terminal is None else {"TTY_COMPATIBLE": "1", "COLUMNS": str(terminal)}
        environment = self.environment | shape | {"TERM": "xterm", "NO_COLOR": "1"}
        found = CliRunner().invoke(app, [str(part) for part in arguments], input=given, env=environment)
        if found.exception is not None and not isinstance(found.exception, SystemExit):
            raise found.exception
        return Ran(found.exit_code, found.stdout, found.stderr)

    def record(self, movements: Sequence[dict[str, Any]], *arguments: str) -> Ran:
        return self.run("record", "-", *arguments, given="\n".join(map(json.dumps, movements)))

    def sign(self, first: str, second: str, proposal: str, movements: Sequence[dict[str, Any]]) -> Ran:
        """One proposes, the other approves what the receipt gave the digest of; what approving ended with."""
        on = {"proposal": proposal, "effective_on": movements[0]["effective_on"]}
        proposed = self.record([{"kind": "ProposalSubmitted", "movements": movements, **on}], "--as", first)
        assert proposed.code == 0, proposed.said
        digest = re.findall(r"sha256:[0-9a-f]{64}", proposed.out)[0]
        return self.record([{"kind": "ProposalApproved", "digest": digest, **on}], "--as", second)

    @contextmanager
    def people(self) -> Iterator[People]:
        """The register, with the secret of the home."""
        secret = secret_of_home(self.home) or make_secret(self.home)
        with embedded_postgres(self.home) as dsn, closing(People(dsn, secret)) as people:
            yield people

    def execute(self, statement: str, *values: Any) -> None:
        """As the superuser of the database, whom no permission holds back."""
        with embedded_postgres(self.home) as dsn, psycopg.connect(dsn) as connection:
            connection.execute("SET search_path TO ledger")
            assert connection.execute(statement, values).rowcount == 1

    def count(self, table: str) -> int:
        with embedded_postgres(self.home) as dsn, psycopg.connect(dsn) as connection:
            row = connection.execute(f"SELECT count(*) FROM ledger.{table}").fetchone()
        assert row is not None
        return int(row[0])


@pytest.fixture(scope="session")
def running_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A home whose PostgreSQL stays up for the session, so that each command attaches to it."""
    home = tmp_path_factory.mktemp("desk")
    with embedded_postgres(home):
        yield home


@pytest.fixture
def bare_desk(running_home: Path) -> Iterator[Desk]:
    """An empty database in that home."""
    with embedded_postgres(running_home) as dsn:
        with psycopg.connect(dsn, autocommit=True) as connection:
            connection.execute("DROP SCHEMA IF EXISTS ledger CASCADE")
        yield Desk(running_home)


@pytest.fixture
def desk(bare_desk: Desk) -> Desk:
    """An empty ledger in that home, with the demo people registered."""
    with embedded_postgres(bare_desk.home) as dsn:
        migrate(dsn)
    with bare_desk.people() as registered:
        demo_people(bare_desk.home).enrol(registered)
    return bare_desk


@pytest.fixture
def opened(desk: Desk) -> Desk:
    """A ledger with quota, 300,000,000 yuan of it allocated to RDT-KRD, and one party."""
    quota = {"kind": "AppropriationReceived", "fund": "STIDF", "vintage": 2025, "amount": "900000000"}
    university = {
        "kind": "PartyRegistered",
        "credit_code": party("university"),
        "name": "示例大学",
        "level": "REGIONAL",
    }
    allocated = {
        "kind": "FundsAllocated",
        "fund": "STIDF",
        "vintage": 2025,
        "special": "RDT-KRD",
        "amount": "300000000",
    }
    days = {"effective_on": DAY}
    first = desk.record([quota | days | {"document": {"number": "内财科〔2025〕1号"}}, university | days])
    assert first.code == 0, first.said
    assert desk.sign("std-1", "fin-1", "A-1", [allocated | days]).code == 0
    return desk


def without_ledger_settings() -> dict[str, str]:
    """The environment of a child, without settings of whoever runs the tests."""
    return {name: value for name, value in os.environ.items() if not name.startswith("LEDGER_")}
