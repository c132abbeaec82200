"""The connection is lost exactly at COMMIT: whether it was recorded is unknown, until the same key tells."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager

import pytest

from bench.workload import SECRET, STD
from ledger import writer
from ledger.application import Ledger
from ledger.store import Store
from ledger.writer import Receipt, UnknownOutcome
from tests.application.history import check_history, superuser
from tests.application.test_recording import party
from tests.faults.service import wait_until
from tests.faults.wire import Cut, Wire, wired


@contextmanager
def ledger_over_a_wire(dsn: str) -> Iterator[tuple[Ledger, Wire]]:
    """A ledger that recorded one movement already, over a wire."""
    with wired(dsn) as (wire, over_wire), closing(Ledger(Store(over_wire), "test", SECRET)) as ledger:
        assert ledger.record(party(1), STD, "k1").number == 1
        yield ledger, wire


def waiting_for_the_lock(dsn: str) -> bool:
    with superuser(dsn) as db:
        waiting = "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        return bool(db.execute(waiting).fetchall())


@pytest.mark.parametrize("cut", Cut)
def test_a_connection_lost_at_commit_is_resolved_before_anybody_is_answered(dsn: str, cut: Cut) -> None:
    with ledger_over_a_wire(dsn) as (ledger, wire), ThreadPoolExecutor(1) as caller:
        wire.cut = cut
        asked = caller.submit(ledger.record, party(2), STD, "k2")
        if cut is Cut.WHILE:
            wait_until(lambda: waiting_for_the_lock(dsn))
            wire.arrives.set()
        receipt: Receipt = asked.result(60)
        assert (receipt.number, receipt.repeated) == (2, cut is not Cut.BEFORE)
        assert wire.cut is None
        again = ledger.record(party(2), STD, "k2")
        assert (again.number, again.repeated) == (2, True)
        assert ledger.record(party(3), STD, "k3").number == 3
    assert check_history(dsn, "test") == 3


@pytest.mark.parametrize("cut", [Cut.BEFORE, Cut.AFTER])
def test_an_unknown_outcome_is_told_and_the_same_key_resolves_it(
    dsn: str, cut: Cut, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "RESOLVE_SECONDS", 0)
    with ledger_over_a_wire(dsn) as (ledger, wire):
        wire.cut, wire.goes_down = cut, True
        with pytest.raises(UnknownOutcome):
            ledger.record(party(2), STD, "k2")
        wire.goes_down = wire.down = False
        monkeypatch.undo()
        receipt = ledger.record(party(2), STD, "k2")
        assert (receipt.number, receipt.repeated) == (2, cut is Cut.AFTER)
    assert check_history(dsn, "test") == 2


def test_a_database_that_was_away_is_used_as_soon_as_it_is_back(dsn: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """However long it was away; and meanwhile callers are told so in time."""
    monkeypatch.setattr(writer, "RESOLVE_SECONDS", 0.5)
    with ledger_over_a_wire(dsn) as (ledger, wire):
        wire.cut, wire.goes_down = Cut.BEFORE, True
        while wire.refused < 8:
            began = time.monotonic()
            with pytest.raises(UnknownOutcome):
                ledger.record(party(2), STD, "k2")
            assert time.monotonic() - began < 3
        wire.goes_down = wire.down = False
        began = time.monotonic()
        wait_until(lambda: is_recorded(ledger, 2, "k2"))
        assert time.monotonic() - began < 3
    assert check_history(dsn, "test") == 2


def is_recorded(ledger: Ledger, number: int, key: str) -> bool:
    try:
        return ledger.record(party(number), STD, key).number == number
    except UnknownOutcome:
        return False
