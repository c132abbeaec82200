"""PostgreSQL of a desk as the kernel sees it: its processes, killed all at once."""

import os
import signal
from contextlib import suppress
from pathlib import Path

from tests.faults.service import wait_until


def processes(home: Path) -> list[int]:
    """All that work in the data folder."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if (folder / "cwd").samefile(home / "postgres"):
                found.append(int(folder.name))
    return found


def kill_postgres(home: Path) -> None:
    """kill -9 of the postmaster first, so that it starts nothing more, then of whatever it started."""
    postmaster = int((home / "postgres" / "postmaster.pid").read_text().split()[0])
    children = set(processes(home)) - {postmaster}
    for process in (postmaster, *children):
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
    wait_until(lambda: not (children | {postmaster}) & set(processes(home)))
