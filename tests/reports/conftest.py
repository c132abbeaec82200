"""The demo year's log, read once."""

import pytest

from ledger.application import Ledger
from ledger.codec import Recorded
from tests.reports.naive import log_of


@pytest.fixture(scope="session")
def demo_log(demo_ledger: Ledger) -> list[Recorded]:
    return list(log_of(demo_ledger))
