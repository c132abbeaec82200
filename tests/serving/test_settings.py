"""Settings: what the environment says, what makes no sense, and what is too unsafe to serve with."""

from collections.abc import Callable, Iterator
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from bench.workload import SECRET, SECRET_TEXT, STD
from ledger import embedded
from ledger.migrate import MigrationError, migrate
from ledger.safety import Unsafe, refuse_unsafe
from ledger.secret import Secret
from ledger.settings import SETTINGS, Oidc, SettingError, Settings, Tls, open_ledger
from tests.application.history import superuser
from tests.application.test_recording import party

EVERYWHERE = ".".join("0000")
SAFE = {
    "LEDGER_HOST": EVERYWHERE,
    "LEDGER_PUBLIC_URL": "https://ledger.example.cn",
    "LEDGER_TRUSTED_PROXIES": "10.0.0.7, fd00::/64",
}
"""Behind a reverse proxy."""
OIDC = {"LEDGER_OIDC_ISSUER": "https://id.example.cn/realms/nm", "LEDGER_OIDC_CLIENT": "ledger"}


ACR = {"LEDGER_OIDC_ACR": "2"}


def test_settings_come_from_the_environment() -> None:
    assert Settings.from_environment({}) == Settings()
    said = {
        "LEDGER_DSN": "host=db password=s3cret",
        "LEDGER_OWNER_DSN": "host=db user=owner password=s3cret",
        "LEDGER_HOME": "here",
        "LEDGER_NAME": "x",
        "LEDGER_PORT": "81",
        "LEDGER_TLS_CERT": "chain.pem",
        "LEDGER_TLS_KEY": "key.pem",
        **OIDC,
        "LEDGER_OIDC_SECRET": "s3cret",
        "LEDGER_OIDC_ACR": "urn:two  3",
        "LEDGER_LOG": "text",
        "LEDGER_TRAINING": "1",
        "LEDGER_SECRET": SECRET_TEXT,
        **SAFE,
    }
    settings = Settings.from_environment(said)
    assert isinstance(settings.secret, Secret)
    assert settings == Settings(
        dsn=said["LEDGER_DSN"],
        owner_dsn=said["LEDGER_OWNER_DSN"],
        home=Path("here"),
        name="x.training",
        port=81,
        host=EVERYWHERE,
        public_url="https://ledger.example.cn",
        tls=Tls(Path("chain.pem"), Path("key.pem")),
        trusted_proxies=(ip_network("10.0.0.7"), ip_network("fd00::/64")),
        oidc=Oidc("https://id.example.cn/realms/nm", "ledger", "s3cret", acr=("urn:two", "3")),
        log="text",
        secret=settings.secret,
    )
    assert "s3cret" not in repr(settings)
    assert SECRET_TEXT not in repr(settings)
    assert {setting.variable for setting in SETTINGS} == {*said, "LEDGER_OIDC_SECRET_FILE", "LEDGER_SECRET_FILE"}


def test_a_secret_comes_from_a_file_that_is_its_owner_s(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    said = OIDC | {"LEDGER_OIDC_SECRET_FILE": str(file)}
    with pytest.raises(SettingError, match="cannot be read"):
        Settings.from_environment(said)
    file.write_text(" \n")
    with pytest.raises(SettingError, match="is empty"):
        Settings.from_environment(said)
    file.write_text("s3cret\n")
    file.chmod(0o600)
    oidc = Settings.from_environment(said).oidc
    assert oidc is not None
    assert (oidc.secret, oidc.secret_file) == ("s3cret", file)
    assert not dangers(SAFE | said | ACR)
    file.chmod(0o644)
    (found,) = dangers(SAFE | said | ACR)
    assert "chmod 600" in found


def test_a_provider_is_set_whole_or_not_at_all() -> None:
    public = Settings.from_environment(OIDC).oidc
    assert public == Oidc("https://id.example.cn/realms/nm", "ledger", None)
    for name in OIDC:
        with pytest.raises(SettingError, match="set both"):
            Settings.from_environment(OIDC | {name: ""})
    with pytest.raises(SettingError, match="not both") as refused:
        Settings.from_environment(OIDC | {"LEDGER_OIDC_SECRET": "s3cret", "LEDGER_OIDC_SECRET_FILE": "secret"})
    assert "s3cret" not in str(refused.value)
    for issuer in (
        "http://id.example.cn",
        "id.example.cn",
        "https://id.example.cn?tenant=1",
        "https://u:p@id.example.cn",
    ):
        with pytest.raises(SettingError, match="LEDGER_OIDC_ISSUER must be"):
            Settings.from_environment(OIDC | {"LEDGER_OIDC_ISSUER": issuer})


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        *(("LEDGER_PORT", port) for port in ("0", "65536", "-1", "http", "８０")),
        *(("LEDGER_HOST", host) for host in ("example.org", "127.0.0.1.nip.io", "127.1", "256.0.0.1")),
        *(
            ("LEDGER_PUBLIC_URL", url)
            for url in ("ledger.example.cn", "ftp://x", "https://x/app", "https://u@x", "https://x:port")
        ),
        *(("LEDGER_TRUSTED_PROXIES", text) for text in ("proxy", "10.0.0.0/33", "10.0.0.1/8")),
        ("LEDGER_LOG", "xml"),
        ("LEDGER_NAME", "nm.training"),
        ("LEDGER_TRAINING", "yes"),
        ("LEDGER_TLS_CERT", "chain.pem"),
        ("LEDGER_TLS_KEY", "key.pem"),
        ("LEDGER_OWNER_DSN", "postgresql://u:sec%zzret@h/x"),
        ("LEDGER_OIDC_ISSUER", "https://id.example.cn"),
        ("LEDGER_OIDC_CLIENT", "ledger"),
    ],
)
def test_a_setting_that_makes_no_sense_is_refused_and_named(variable: str, value: str) -> None:
    with pytest.raises(SettingError, match=variable) as refused:
        Settings.from_environment({variable: value})
    assert "zzret" not in str(refused.value)


def dangers(environment: dict[str, str], *, demo_people: bool = False) -> list[str]:
    """What is wrong with serving in this environment, in English."""
    try:
        refuse_unsafe(Settings.from_environment(environment), environment, demo_people=demo_people)
    except Unsafe as unsafe:
        return [words.en for words in unsafe.found]
    return []


def served_from(dsn: str) -> dict[str, str]:
    """An environment that names a database and the master secret."""
    return {"LEDGER_DSN": dsn, "LEDGER_SECRET": SECRET_TEXT}


def test_this_machine_alone_and_a_reverse_proxy_are_safe() -> None:
    assert not dangers({}, demo_people=True)
    assert not dangers({"LEDGER_HOST": "::1"}, demo_people=True)
    assert not dangers(SAFE)
    assert not dangers(SAFE | {"LEDGER_HOST": "127.0.0.1", "LEDGER_TRUSTED_PROXIES": "127.0.0.1"})


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"LEDGER_TRUSTED_PROXIES": ""}, "LEDGER_TLS_CERT"),
        ({"LEDGER_TRUSTED_PROXIES": "*"}, "forge where they come from"),
        ({"LEDGER_TRUSTED_PROXIES": "10.0.0.7," + EVERYWHERE + "/0"}, "forge where they come from"),
        ({"LEDGER_TRUSTED_PROXIES": "::/0"}, "forge where they come from"),
        ({"LEDGER_PUBLIC_URL": "http://ledger.example.cn"}, "LEDGER_PUBLIC_URL"),
        ({"LEDGER_PUBLIC_URL": ""}, "LEDGER_PUBLIC_URL"),
        ({"LEDGER_PUBLIC_URL": "https://localhost"}, "LEDGER_PUBLIC_URL"),
        ({"LEDGER_HOST": "::"} | {"LEDGER_PUBLIC_URL": ""}, "LEDGER_PUBLIC_URL"),
        ({"POSTGRES_ENABLE_DB_FUNCTIONS": "y"}, "POSTGRES_ENABLE_DB_FUNCTIONS"),
        ({"LEDGER_POSTGRES_ENABLE_DB_FUNCTIONS": "TRUE"}, "LEDGER_POSTGRES_ENABLE_DB_FUNCTIONS"),
        ({"MAPPER_TOPIC": "x:Mapper"}, "MAPPER_TOPIC"),
        ({"LEDGER_COMPRESSOR_TOPIC": "zlib"}, "LEDGER_COMPRESSOR_TOPIC"),
        ({"PERSISTENCE_MODULE": "eventsourcing.sqlite"}, "PERSISTENCE_MODULE"),
    ],
)
def test_what_is_unsafe_is_refused_and_named(changed: dict[str, str], says: str) -> None:
    found = dangers(SAFE | changed)
    assert found
    assert all(says in one for one in found)


def test_a_provider_proves_two_factors_on_a_network() -> None:
    (found,) = dangers(SAFE | OIDC)
    assert "LEDGER_OIDC_ACR" in found
    assert not dangers(SAFE | OIDC | ACR)
    assert not dangers(SAFE | OIDC | {"LEDGER_OIDC_ACR": "any"})
    decided_there = Settings.from_environment(SAFE | OIDC | {"LEDGER_OIDC_ACR": "any"}).oidc
    assert decided_there is not None
    assert decided_there.acr == ()
    assert not dangers(OIDC)


def test_demo_people_are_not_for_a_network() -> None:
    (found,) = dangers(SAFE, demo_people=True)
    assert "demo people" in found


def test_a_private_key_is_its_owner_s(tmp_path: Path) -> None:
    key, chain = tmp_path / "key.pem", tmp_path / "chain.pem"
    files = {"LEDGER_TLS_CERT": str(chain), "LEDGER_TLS_KEY": str(key)}
    assert len(dangers(SAFE | files)) == 2
    for path in (key, chain):
        path.touch()
    for mode, open_to_others in ((0o600, False), (0o640, False), (0o644, True), (0o660, True), (0o601, True)):
        key.chmod(mode)
        found = dangers(SAFE | files)
        assert bool(found) == open_to_others, oct(mode)
        assert all("chmod 600" in one for one in found)


def test_all_that_is_unsafe_is_told_at_once(dsn: str) -> None:
    environment = {"LEDGER_HOST": EVERYWHERE, "POSTGRES_ENABLE_DB_FUNCTIONS": "1", "LEDGER_DSN": dsn}
    found = "\n".join(dangers(environment, demo_people=True))
    for part in (
        "LEDGER_TLS_CERT",
        "LEDGER_PUBLIC_URL",
        "demo people",
        "POSTGRES_ENABLE",
        "is a superuser",
        "openssl rand",
    ):
        assert part in found


def test_a_database_that_is_named_needs_a_master_secret(dsn: str, login: Callable[[str], str]) -> None:
    service = login("NOINHERIT")
    (found,) = dangers({"LEDGER_DSN": service})
    assert all(word in found for word in ("master secret", "openssl rand", "LEDGER_SECRET_FILE"))
    assert not dangers(served_from(service))
    assert not dangers({})  # a home has its own


def test_a_database_that_cannot_be_reached_does_not_hide_the_rest() -> None:
    nowhere = served_from("host=127.0.0.1 port=1 connect_timeout=1")
    with pytest.raises(psycopg.OperationalError):
        dangers(nowhere)
    assert len(dangers(nowhere | {"MAPPER_TOPIC": "x"})) == 1


@pytest.mark.parametrize(
    "how", ["", "sslmode=require", "sslmode=verify-ca", "hostaddr=10.0.0.7", "host=127.0.0.1,10.0.0.7"]
)
def test_a_database_elsewhere_is_spoken_to_under_tls_by_a_name_it_proves(how: str) -> None:
    elsewhere = {"LEDGER_DSN": f"host=db.invalid connect_timeout=1 {how}", "LEDGER_SECRET": SECRET_TEXT}
    (found,) = dangers(elsewhere)
    assert "sslmode=verify-full" in found


def test_what_a_service_file_or_the_environment_says_of_a_database_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    named = tmp_path / "services"
    named.write_text("[books]\nhost=db.invalid\nsslmode=prefer\n")
    monkeypatch.setenv("PGSERVICEFILE", str(named))
    secret = {"LEDGER_SECRET": SECRET_TEXT}
    assert len(dangers(secret | {"LEDGER_DSN": "service=books"})) == 1
    monkeypatch.setenv("PGSSLMODE", "verify-full")
    with pytest.raises(psycopg.OperationalError):  # which is all that is wrong
        dangers(secret | {"LEDGER_DSN": "host=db.invalid"})


# -- the login of the service


@pytest.fixture
def login(dsn: str) -> Iterator[Callable[[str], str]]:
    """Makes a login with the attributes given, and answers with its DSN."""
    name = f"service_of_{psycopg.conninfo.conninfo_to_dict(dsn)['dbname']}"

    def make(attributes: str) -> str:
        with superuser(dsn) as db:
            db.execute(f"CREATE ROLE {name} LOGIN {attributes}")
        migrate(dsn, service=name)
        return make_conninfo(dsn, user=name)

    yield make
    with superuser(dsn) as db:
        db.execute(f"DROP OWNED BY {name}")
        db.execute(f"DROP ROLE {name}")


def test_a_service_records_and_reads_as_a_plain_login(dsn: str, login: Callable[[str], str], tmp_path: Path) -> None:
    service = login("NOINHERIT")
    assert not dangers(served_from(service))
    with open_ledger(Settings(service, tmp_path, "served", secret=SECRET)) as ledger:
        assert ledger.record(party(1), STD, "k").number == 1
        assert ledger.recorded(1)
    assert not (tmp_path / "postgres").exists()
    with psycopg.connect(service) as db, pytest.raises(psycopg.errors.InsufficientPrivilege):
        db.execute("SELECT * FROM ledger.movement")
    for role in ("ledger_owner", "ledger"):
        with psycopg.connect(service) as db, pytest.raises(psycopg.errors.InsufficientPrivilege):
            db.execute(f"SET ROLE {role}")


def test_a_login_is_made_without_a_password_that_anybody_could_know(dsn: str) -> None:
    name = f"fresh_of_{psycopg.conninfo.conninfo_to_dict(dsn)['dbname']}"
    migrate(dsn, service=name)
    with superuser(dsn) as db:
        kept = db.execute("SELECT rolcanlogin, rolpassword FROM pg_authid WHERE rolname = %s", (name,)).fetchone()
        db.execute(f"DROP OWNED BY {name}")
        db.execute(f"DROP ROLE {name}")
    assert kept == (True, None)


@pytest.mark.parametrize(
    ("attributes", "says"),
    [
        ("SUPERUSER", "is a superuser"),
        ("CREATEROLE", "may create roles"),
        ("BYPASSRLS", "row security"),
        ("IN ROLE ledger_owner", "owner of the tables"),
        ("NOINHERIT IN ROLE ledger_owner", "owner of the tables"),
        ("IN ROLE pg_write_all_data", "all data"),
        ("IN ROLE ledger", "is a superuser"),
    ],
)
def test_a_login_that_may_more_is_refused(login: Callable[[str], str], attributes: str, says: str) -> None:
    (found,) = dangers(served_from(login(attributes)))
    assert says in found


def test_a_database_that_may_lose_what_was_acknowledged_is_refused(dsn: str, login: Callable[[str], str]) -> None:
    service = login("")
    with superuser(dsn) as db:
        db.execute(f"ALTER DATABASE {psycopg.conninfo.conninfo_to_dict(dsn)['dbname']} SET synchronous_commit TO off")
    (found,) = dangers(served_from(service))
    assert "synchronous_commit" in found


def test_a_server_that_may_lose_its_files_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """These two are the server's own and no database's, so a server of its own has them off."""
    unsafe = [one.replace("fsync=on", "fsync=off").replace("writes=on", "writes=off") for one in embedded.SETTINGS]
    monkeypatch.setattr(embedded, "SETTINGS", unsafe)
    with embedded.embedded_postgres(tmp_path) as owner:
        migrate(owner, service="ledger_service")
        found = dangers(served_from(make_conninfo(owner, user="ledger_service")))
    assert [one.split(" ")[0] for one in found] == ["fsync", "full_page_writes"]
    assert all("switch it on" in one for one in found)


def opened(dsn: str, home: Path) -> Any:
    with open_ledger(Settings(dsn, home, "served", secret=SECRET)) as ledger:
        return ledger


def test_tables_of_another_version_are_said_so(dsn: str, login: Callable[[str], str], tmp_path: Path) -> None:
    service = login("")
    with superuser(dsn) as db:
        db.execute("INSERT INTO ledger.migration VALUES (9999, '9999_later.sql', 'x')")
    with pytest.raises(MigrationError, match="newer than this program"):
        opened(service, tmp_path)
    with superuser(dsn) as db:
        db.execute("DELETE FROM ledger.migration WHERE number = 9999 OR number = 1")
    with pytest.raises(MigrationError, match="run `ledger migrate`"):
        opened(service, tmp_path)
    with superuser(dsn) as db:
        db.execute("DROP SCHEMA ledger CASCADE")
    with pytest.raises(MigrationError, match="no tables yet"):
        opened(service, tmp_path)


def test_a_login_that_was_granted_nothing_is_told_what_to_do(dsn: str, tmp_path: Path) -> None:
    with superuser(dsn) as db:
        db.execute("CREATE ROLE stranger LOGIN")
    try:
        with pytest.raises(MigrationError, match="--service-role stranger"):
            opened(make_conninfo(dsn, user="stranger"), tmp_path)
    finally:
        with superuser(dsn) as db:
            db.execute("DROP ROLE stranger")


@pytest.mark.parametrize("whose", ["the wheel's", "the system's"])
def test_a_desk_s_own_database_is_served_by_a_plain_login_too(
    whose: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if whose == "the system's":
        monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
        try:
            embedded._binaries()
        except embedded.EmbeddedPostgresError:
            pytest.skip("apt-get install postgresql to see the system's PostgreSQL served")
    with open_ledger(Settings(home=tmp_path / "home")) as ledger:
        service = ledger.store.dsn
        assert not dangers(served_from(service))
        assert psycopg.conninfo.conninfo_to_dict(service)["user"] == "ledger_service"
        ledger.record(party(1), STD, "k")
