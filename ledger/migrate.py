"""Migrations: numbered, checksummed SQL files, applied once each under an advisory lock, as the owner of the schema."""

import hashlib
from importlib import resources
from typing import NamedTuple

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

OWNER, WRITER, READER = "ledger_owner", "ledger_writer", "ledger_reader"
SCHEMA = "ledger"
OLDEST_POSTGRES = 150_000
_LOCK = 0x6C65646765720001
"""Advisory lock of everybody who migrates this database."""


class MigrationError(RuntimeError):
    """The database cannot be brought to this version; the message says how to mend it."""


class Migration(NamedTuple):
    number: int
    name: str
    text: str

    @property
    def checksum(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()


def is_dsn(text: str) -> bool:
    """Whether a text is a connection string at all; nothing is connected."""
    try:
        conninfo_to_dict(text)
    except psycopg.ProgrammingError:
        return False
    return True


def migrations() -> list[Migration]:
    """The migrations this version knows, in order."""
    folder = resources.files("ledger") / "migrations"
    names = sorted(item.name for item in folder.iterdir() if item.name.endswith(".sql"))
    return [Migration(int(name[:4]), name, (folder / name).read_text("utf-8")) for name in names]


def migrate(dsn: str) -> list[str]:
    """Apply what is missing; answers with the names applied now. Two that start together apply each once.

    Raises MigrationError where the server is too old, the user may not, or an applied file was changed since.
    """
    applied = []
    with psycopg.connect(dsn, autocommit=True) as connection:
        if connection.info.server_version < OLDEST_POSTGRES:
            raise MigrationError(
                "PostgreSQL 15 or newer is needed; this server is older: upgrade it or point LEDGER_DSN elsewhere"
            )
        connection.execute("SELECT pg_advisory_lock(%s)", (_LOCK,))
        try:
            _prepare(connection)
            done: dict[int, str] = dict(
                connection.execute("SELECT number, checksum FROM ledger.migration ORDER BY number").fetchall()
            )
            for migration in migrations():
                if migration.number not in done:
                    _apply(connection, migration)
                    applied.append(migration.name)
                elif done[migration.number] != migration.checksum:
                    raise MigrationError(
                        f"{migration.name} was changed after it had been applied; "
                        "install the release that applied it, or add a new migration"
                    )
        finally:
            connection.execute("SELECT pg_advisory_unlock(%s)", (_LOCK,))
    return applied


def _prepare(connection: psycopg.Connection) -> None:
    """Roles belong to the cluster, so another database may be making them at the same moment."""
    for role in (OWNER, WRITER, READER):
        try:
            connection.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(sql.Identifier(role)))
        except (psycopg.errors.DuplicateObject, psycopg.errors.UniqueViolation):
            pass
        except psycopg.errors.InsufficientPrivilege as error:
            raise MigrationError(
                f"the user of LEDGER_DSN may not create the role {role}: run `ledger migrate` once as a user that may"
            ) from error
    me = connection.execute("SELECT current_user, rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
    assert me is not None
    if not me[1]:
        for role in (OWNER, WRITER, READER):
            connection.execute(sql.SQL("GRANT {} TO {}").format(sql.Identifier(role), sql.Identifier(me[0])))
    with connection.transaction():
        connection.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS ledger AUTHORIZATION {}").format(sql.Identifier(OWNER)))
        connection.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(OWNER)))
        connection.execute(
            "CREATE TABLE IF NOT EXISTS ledger.migration (number int PRIMARY KEY, name text NOT NULL, "
            "checksum text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())"
        )


def _apply(connection: psycopg.Connection, migration: Migration) -> None:
    with connection.transaction():
        connection.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(OWNER)))
        connection.execute("SET LOCAL search_path TO ledger")
        connection.execute(migration.text.encode())
        connection.execute(
            "INSERT INTO ledger.migration (number, name, checksum) VALUES (%s, %s, %s)",
            (migration.number, migration.name, migration.checksum),
        )
