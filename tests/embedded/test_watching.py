"""The desk's PostgreSQL dies under those who use it, and comes back."""

import os
import signal
from pathlib import Path

import psycopg
import pytest

from ledger import watching
from ledger.embedded import EmbeddedPostgresError
from ledger.watching import watched_postgres
from tests.embedded.test_embedded import another_process, execute, fill, home, postmaster, running, wait_until

__all__ = ["home"]


def answers(dsn: str) -> bool:
    try:
        return execute(dsn, "SELECT fen FROM movement") == [(500,)]
    except psycopg.OperationalError:
        return False


def test_a_killed_postgres_is_started_again_under_the_same_dsn(home: Path) -> None:
    with watched_postgres(home) as dsn:
        fill(dsn)
        os.kill(postmaster(home), signal.SIGKILL)
        wait_until(lambda: answers(dsn))
    assert not running(home)


def test_it_is_started_again_by_another_than_who_started_it_first(home: Path) -> None:
    with another_process(home) as (starter, _), watched_postgres(home) as dsn:
        fill(dsn)
        starter.kill()
        os.kill(postmaster(home), signal.SIGKILL)
        wait_until(lambda: answers(dsn))
    assert not running(home)


def test_what_cannot_be_started_is_tried_again(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "RETRY_SECONDS", 0)
    with watched_postgres(home) as dsn:
        fill(dsn)
        tried = []

        def refuse(where: Path) -> None:
            tried.append(where)
            raise EmbeddedPostgresError("no space left")

        with monkeypatch.context() as broken:
            broken.setattr(watching, "embedded_postgres", refuse)
            os.kill(postmaster(home), signal.SIGKILL)
            wait_until(lambda: len(tried) > 1)
        wait_until(lambda: answers(dsn))
    assert not running(home)
