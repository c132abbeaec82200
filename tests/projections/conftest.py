"""Shared by the tests of projections."""

import pytest

from bench.workload import STD
from ledger.application import Ledger
from tests.application.history import superuser
from tests.application.test_recording import party
from tests.projections.seen import MOVEMENTS


@pytest.fixture
def seen(ledger: Ledger, dsn: str) -> Ledger:
    """A ledger of some movements, and the table of ``Seen``."""
    with superuser(dsn) as db:
        db.execute("CREATE TABLE seen (ledger uuid, number bigint, before bigint, PRIMARY KEY (ledger, number))")
        db.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON seen TO ledger_follower")
    for number in range(MOVEMENTS):
        ledger.record(party(number), STD, f"k{number}")
    return ledger
