"""The library's own suites for recorders, as they ship, each test on a database of its own."""

import importlib
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from unittest.mock import MagicMock

import pytest
from eventsourcing.persistence import IntegrityError, Tracking

from ledger.store import Store
from ledger.tracking import FollowerTracking

# The module of the suites also holds those of ciphers: without a stand-in, importing it would need a package for them.
sys.modules.setdefault("eventsourcing.cipher", MagicMock())
suites = importlib.import_module("eventsourcing.tests.persistence")


class OnFreshDatabase:
    """Gives the suites a store; it lies in no suite's way, since they only ask for ``create_recorder``."""

    store: Store

    @pytest.fixture(autouse=True)
    def _fresh_store(self, new_dsn: Callable[[], str]) -> Iterator[None]:
        with closing(Store(new_dsn())) as self.store:
            yield


class TestApplicationRecorder(OnFreshDatabase, suites.ApplicationRecorderTestCase):
    def create_recorder(self) -> Store:
        return self.store

    def test_insert_subscribe(self) -> None:
        self.optional_test_insert_subscribe()


class TestNonInterleavingNotificationIDs(OnFreshDatabase, suites.NonInterleavingNotificationIDsBaseCase):
    def create_recorder(self) -> Store:
        return self.store


class TestTrackingRecorder(OnFreshDatabase, suites.TrackingRecorderTestCase):
    def create_recorder(self) -> FollowerTracking:
        return FollowerTracking(self.store.writers, "follower")


def test_followers_do_not_know_of_each_other(store: Store) -> None:
    one, other = FollowerTracking(store.writers, "one"), FollowerTracking(store.writers, "other")
    one.insert_tracking(Tracking("ledger", 7))
    assert other.max_tracking_id("ledger") is None
    other.insert_tracking(Tracking("ledger", 3))
    assert (one.max_tracking_id("ledger"), other.max_tracking_id("ledger")) == (7, 3)


def test_a_position_is_kept_only_with_the_rows_of_its_transaction(store: Store) -> None:
    tracking = FollowerTracking(store.writers, "one")
    tracking.insert_tracking(Tracking("ledger", 1))
    with store.writers.connection() as connection:
        tracking.insert_tracking(Tracking("ledger", 2), connection)
        assert tracking.max_tracking_id("ledger", connection) == 2
        connection.rollback()
    assert tracking.max_tracking_id("ledger") == 1
    with store.writers.connection() as connection:
        tracking.insert_tracking(Tracking("ledger", 2), connection)
    assert tracking.max_tracking_id("ledger") == 2


def test_a_position_that_is_refused_takes_its_transaction_back(store: Store) -> None:
    tracking = FollowerTracking(store.writers, "one")
    tracking.insert_tracking(Tracking("ledger", 5))

    def write_and_move() -> None:
        with store.writers.connection() as connection:
            connection.execute("INSERT INTO tracking VALUES ('another', 'ledger', 1)")
            tracking.insert_tracking(Tracking("ledger", 5), connection)

    with pytest.raises(IntegrityError):
        write_and_move()
    assert FollowerTracking(store.writers, "another").max_tracking_id("ledger") is None
