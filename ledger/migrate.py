"""Migrations: numbered, checksummed SQL files, applied once each under an advisory lock, as the owner of the schema.

Three kinds of roles: the owner, which only migrations become; those a service acts as; and the service's own login,
which owns nothing and is a member of the latter alone.
"""

import hashlib
from contextlib import suppress
from importlib import resources
from typing import Any, NamedTuple

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

OWNER, WRITER, READER, KEEPER = "ledger_owner", "ledger_writer", "ledger_reader", "ledger_keeper"
FOLLOWER = "ledger_follower"
SERVICE_ROLES = (WRITER, READER, KEEPER, FOLLOWER)
"""What a service acts as: writer of the log, reader of the books, keeper of people, follower of the log."""
ROLES = (OWNER, *SERVICE_ROLES)
"""Every role that migrations grant to. Roles belong to the cluster and are not in a backup."""
SCHEMA = "ledger"
OLDEST_POSTGRES = 150_000
_LOCK = 0x6C65646765720001
"""Advisory lock of everybody who migrates this database."""


def act_as(connection: psycopg.Connection[Any], role: str) -> None:
    """From now on a connection has the rights of one role, over the tables of the ledger, and waits for no lock for long."""
    connection.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(role)))
    connection.execute("SET search_path TO ledger")
    connection.execute("SET timezone TO 'UTC'")
    connection.execute("SET lock_timeout TO '5s'")


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


def migrate(dsn: str, *, service: str | None = None) -> list[str]:
    """Apply what is missing; answers with the names applied now. Two that start together apply each once.

    ``service``: a login that is made where it is not there, and let act as the service's roles. Raises MigrationError where
    the server is too old, the user may not, or an applied file was changed since.
    """
    with psycopg.connect(dsn, autocommit=True) as connection:
        if connection.info.server_version < OLDEST_POSTGRES:
            raise MigrationError(
                "PostgreSQL 15 or newer is needed; this server is older: upgrade it or point LEDGER_DSN elsewhere"
            )
        connection.execute("SELECT pg_advisory_lock(%s)", (_LOCK,))
        try:
            _prepare(connection)
            missing = _missing(connection)
            for migration in missing:
                _apply(connection, migration)
            if service is not None:
                _let_serve(connection, service)
        finally:
            connection.execute("SELECT pg_advisory_unlock(%s)", (_LOCK,))
    return [migration.name for migration in missing]


def check_tables(dsn: str) -> None:
    """Whether the service of this DSN finds tables of this version and may use them. Raises MigrationError."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        if not connection.execute(
            "SELECT FROM pg_tables WHERE (schemaname, tablename) = ('ledger', 'migration')"
        ).rowcount:
            raise MigrationError(
                f"数据库中没有账本的数据表:{_MIGRATE[0]} / the database has no tables yet: {_MIGRATE[1]}"
            )
        for role in SERVICE_ROLES:
            try:
                connection.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(role)))
            except (psycopg.errors.InsufficientPrivilege, psycopg.errors.InvalidParameterValue) as error:
                me = connection.info.user
                raise MigrationError(
                    f"{me} 不能以 {role} 身份工作:请以数据库属主运行 ledger migrate --service-role {me} / "
                    f"{me} may not act as {role}: run `ledger migrate --service-role {me}` as the owner"
                ) from error
        if missing := _missing(connection):
            names = ", ".join(migration.name for migration in missing)
            raise MigrationError(f"数据表缺少 {names}:{_MIGRATE[0]} / the tables lack {names}: {_MIGRATE[1]}")


def service_login(dsn: str, name: str) -> str:
    """The DSN of the same database for another user."""
    return make_conninfo(dsn, user=name)


_MIGRATE = (
    "请以数据库属主设置 LEDGER_OWNER_DSN 后运行 ledger migrate",
    "set LEDGER_OWNER_DSN to its owner and run `ledger migrate`",
)


def _missing(connection: psycopg.Connection) -> list[Migration]:
    """What has not been applied. Raises MigrationError where something else was than this version knows."""
    done: dict[int, str] = dict(
        connection.execute("SELECT number, checksum FROM ledger.migration ORDER BY number").fetchall()
    )
    known = {migration.number: migration for migration in migrations()}
    for number, checksum in done.items():
        if number not in known:
            raise MigrationError(
                f"数据表比本程序新(迁移 {number}):请升级程序 / the tables are newer than this program "
                f"(migration {number}): install the newer release"
            )
        if known[number].checksum != checksum:
            raise MigrationError(
                f"{known[number].name} was changed after it had been applied; "
                "install the release that applied it, or add a new migration"
            )
    return [migration for number, migration in known.items() if number not in done]


def _let_serve(connection: psycopg.Connection, name: str) -> None:
    """NOINHERIT: the login itself may do nothing, and says each time as whom it acts."""
    login = sql.Identifier(name)
    try:
        if not connection.execute("SELECT FROM pg_roles WHERE rolname = %s", (name,)).fetchall():
            connection.execute(sql.SQL("CREATE ROLE {} LOGIN NOINHERIT").format(login))
        roles = sql.SQL(", ").join(map(sql.Identifier, SERVICE_ROLES))
        connection.execute(sql.SQL("GRANT {} TO {}").format(roles, login))
    except psycopg.errors.InsufficientPrivilege as error:
        raise MigrationError(
            f"当前用户不能授权 {name}:请换用可建角色的用户 / this user may not grant to {name}: use one that may create roles"
        ) from error


def _prepare(connection: psycopg.Connection) -> None:
    """Roles, schema and the table of migrations, as far as they are not there. Raises MigrationError where the user may not."""
    try:
        _make_roles(connection)
        with connection.transaction():
            if not connection.execute("SELECT FROM pg_namespace WHERE nspname = 'ledger'").rowcount:
                connection.execute(sql.SQL("CREATE SCHEMA ledger AUTHORIZATION {}").format(sql.Identifier(OWNER)))
            connection.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(OWNER)))
            connection.execute(
                "CREATE TABLE IF NOT EXISTS ledger.migration (number int PRIMARY KEY, name text NOT NULL, "
                "checksum text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())"
            )
    except psycopg.errors.InsufficientPrivilege as error:
        me, (zh, en) = connection.info.user, _MIGRATE
        raise MigrationError(
            f"数据库用户 {me} 无权升级:{zh} / the user {me} may not migrate: {en} ({error})"
        ) from error


def _make_roles(connection: psycopg.Connection) -> None:
    """Roles belong to the cluster, so another database may be making them at the same moment."""
    known = {name for (name,) in connection.execute("SELECT rolname FROM pg_roles")}
    for role in ROLES:
        if role not in known:
            with suppress(psycopg.errors.DuplicateObject, psycopg.errors.UniqueViolation):
                connection.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(sql.Identifier(role)))
    lacking = connection.execute(
        "SELECT rolname FROM pg_roles WHERE rolname = ANY(%s) AND NOT pg_has_role(oid, 'MEMBER')", (list(ROLES),)
    )
    for (role,) in lacking.fetchall():  # none for a superuser
        connection.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(sql.Identifier(role)))


def _apply(connection: psycopg.Connection, migration: Migration) -> None:
    with connection.transaction():
        connection.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(OWNER)))
        connection.execute("SET LOCAL search_path TO ledger")
        connection.execute(migration.text.encode())
        connection.execute(
            "INSERT INTO ledger.migration (number, name, checksum) VALUES (%s, %s, %s)",
            (migration.number, migration.name, migration.checksum),
        )
