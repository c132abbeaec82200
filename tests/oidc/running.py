"""Starts the certified provider of ``provider.mjs``; its packages are installed at first need, by hash."""

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

HERE = Path(__file__).parent
NODE_MAJOR_MIN = 20
REMEDY = f"needs Node.js {NODE_MAJOR_MIN} or later with npm: apt install nodejs npm, or pip install -r node.lock"


def lacking(what: str) -> None:
    """Skip, and say what to do; where everything must run, fail."""
    if os.environ.get("CI") == "true":
        pytest.fail(what)
    pytest.skip(what)


def program(name: str) -> str:
    """A program of the system, or of this Python's environment."""
    found = shutil.which(name) or shutil.which(name, path=str(Path(sys.executable).parent))
    if found is None:
        lacking(f"{name} is missing: {REMEDY}")
    assert found is not None
    return found


def installed(npm: str) -> None:
    """The locked packages are there. Workers that start together install once."""
    lock, done = HERE / "package-lock.json", HERE / "node_modules" / ".package-lock.json"
    with lock.open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        if done.exists() and done.stat().st_mtime > lock.stat().st_mtime:
            return
        command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
        ended = subprocess.run(command, cwd=HERE, capture_output=True, text=True, timeout=300, check=False)
        if ended.returncode:
            lacking(f"npm ci in tests/oidc failed: {ended.stderr.strip()[-300:]}")


@contextmanager
def real_provider() -> Iterator[str]:
    """The issuer of a provider that runs as long as this; it ends with us, however we end."""
    node, npm = program("node"), program("npm")
    major = int(subprocess.check_output([node, "--version"], text=True).lstrip("v").split(".")[0])
    if major < NODE_MAJOR_MIN:
        lacking(f"Node.js {major} is too old: {REMEDY}")
    installed(npm)
    command = [node, "provider.mjs"]
    with subprocess.Popen(command, cwd=HERE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdin is not None
        assert running.stdout is not None
        try:
            issuer = running.stdout.readline().strip()
            assert issuer.startswith("http://127.0.0.1:"), "the provider did not start"
            yield issuer
        finally:
            running.stdin.close()
            running.wait(10)
