"""What the database itself refuses: roles, migrations, and rows that do not say what their bytes say."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from bench.workload import STD
from ledger import migrate as migrations
from ledger.application import Ledger
from ledger.codec import CorruptRecord
from ledger.migrate import MigrationError, migrate
from ledger.store import Store
from tests.application.history import superuser
from tests.application.test_recording import party

KEPT_FOR_EVER = ("movement", "entry", "request", "batch", "cell", "account", "attempt", "sealed", "document")
PERSONAL = ("subject_key", "erasure")
"""Only what became of a row may be written into it, in columns of its own."""
PROJECTIONS = ("balance", "turnover", "head", "log", "tracking")


@pytest.mark.parametrize("table", [*KEPT_FOR_EVER, *PERSONAL])
@pytest.mark.parametrize("statement", ["DELETE FROM {}", "TRUNCATE {}", "UPDATE {} SET ledger = ledger"])
def test_a_writer_may_not_change_what_is_recorded(store: Store, table: str, statement: str) -> None:
    refused(
        store.writers,
        statement.format(table).replace("ledger = ledger", "sha256 = ''" if table == "document" else "ledger = ledger"),
    )


@pytest.mark.parametrize("table", PROJECTIONS)
@pytest.mark.parametrize("statement", ["DELETE FROM {}", "TRUNCATE {}"])
def test_a_writer_may_not_empty_what_is_kept_beside_it(store: Store, table: str, statement: str) -> None:
    refused(store.writers, statement.format(table))


@pytest.mark.parametrize("table", [*KEPT_FOR_EVER, *PROJECTIONS, *PERSONAL])
@pytest.mark.parametrize("statement", ["INSERT INTO {} DEFAULT VALUES", "DELETE FROM {}", "TRUNCATE {}"])
def test_a_reader_may_not_write(store: Store, table: str, statement: str) -> None:
    refused(store.readers, statement.format(table))


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * FROM sealed",
        "SELECT ciphertext FROM sealed",
        "SELECT * FROM sealed_in_plain",
        "SELECT subject FROM subject_key",
        "SELECT wrapped FROM subject_key",
        "SELECT secret FROM head",
        "SELECT secret_check FROM head",
    ],
)
def test_a_reader_does_not_see_secrets_or_personal_texts(store: Store, query: str) -> None:
    refused(store.readers, query)


@pytest.mark.parametrize("role", ["readers", "writers"])
@pytest.mark.parametrize(
    "statement", ["ALTER TABLE movement DISABLE TRIGGER ALL", "DROP TABLE entry", "CREATE TABLE x (a int)"]
)
def test_no_service_may_change_the_tables(store: Store, role: str, statement: str) -> None:
    refused(getattr(store, role), statement)


def refused(pool: object, statement: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        run(pool, statement)


def run(pool: object, statement: str) -> None:
    with pool.connection() as connection:  # type: ignore[attr-defined]
        connection.execute(statement)


@pytest.fixture
def bare_dsn(server_dsn: str, new_dsn: Callable[[], str]) -> str:
    """A database without the ledger's tables."""
    dsn = new_dsn()
    with psycopg.connect(dsn, autocommit=True) as db:
        db.execute("DROP SCHEMA ledger CASCADE")
    return dsn


def test_migrations_that_start_together_apply_each_once(bare_dsn: str) -> None:
    with ThreadPoolExecutor(4) as starters:
        applied = list(starters.map(migrate, [bare_dsn] * 4))
    assert sorted(name for names in applied for name in names) == [one.name for one in migrations.migrations()]
    assert migrate(bare_dsn) == []


def test_a_migration_changed_after_it_was_applied_is_refused(dsn: str, monkeypatch: pytest.MonkeyPatch) -> None:
    changed = [one._replace(text=one.text + "\n-- changed") for one in migrations.migrations()]
    monkeypatch.setattr(migrations, "migrations", lambda: changed)
    with pytest.raises(MigrationError, match=r"0001_log.sql was changed after it had been applied"):
        migrate(dsn)


def test_a_migration_that_fails_leaves_nothing_of_itself(dsn: str, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = migrations.Migration(9999, "9999_broken.sql", "CREATE TABLE half (a int); SELECT 1/0;")
    known = [*migrations.migrations(), broken]
    monkeypatch.setattr(migrations, "migrations", lambda: known)
    with pytest.raises(psycopg.errors.DivisionByZero):
        migrate(dsn)
    monkeypatch.undo()
    with superuser(dsn) as db:
        assert db.execute("SELECT to_regclass('ledger.half')").fetchone() == (None,)
    assert migrate(dsn) == []


def test_a_user_without_rights_is_told_what_to_do(bare_dsn: str) -> None:
    with superuser(bare_dsn) as db:
        db.execute("DROP ROLE IF EXISTS powerless")
        db.execute("CREATE ROLE powerless LOGIN")
    with pytest.raises((MigrationError, psycopg.errors.InsufficientPrivilege)):
        migrate(make_conninfo(bare_dsn, user="powerless"))
    with superuser(bare_dsn) as db:
        db.execute("DROP ROLE powerless")


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE movement SET kind = 'PartyRenamed' WHERE number = 1",
        "UPDATE movement SET number = 7 WHERE number = 1",
        "UPDATE movement SET ledger = '00000000-0000-0000-0000-000000000007' WHERE number = 1",
        "UPDATE movement SET state = set_byte(state, 40, get_byte(state, 40) # 1) WHERE number = 1",
        "UPDATE movement SET leaf = sha256(leaf) WHERE number = 1",
        "UPDATE movement SET (state, leaf) = (SELECT state, leaf FROM movement WHERE number = 2) WHERE number = 1",
    ],
)
def test_a_row_that_was_tampered_with_is_noticed_when_it_is_read(ledger: Ledger, dsn: str, tampering: str) -> None:
    ledger.record(party(1), STD, "k1")
    ledger.record(party(2), STD, "k2")
    with superuser(dsn) as db:
        db.execute(tampering)
        ids = [row[0] for row in db.execute("SELECT DISTINCT ledger FROM movement")]
    with pytest.raises(CorruptRecord):
        _ = [ledger.mapper.to_domain_event(event) for one in ids for event in ledger.store.select_events(one)]
