"""Full passes of the garbage collector are put off by whoever asks for it, until the last of them is done."""

import gc
import threading
import weakref
from collections.abc import Iterator

import pytest

from ledger.collector import without_full_passes


class Ring:
    """Garbage that only the collector finds."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture(autouse=True)
def _threshold() -> Iterator[None]:
    before = gc.get_threshold()
    gc.set_threshold(700, 10, 10)
    yield
    gc.set_threshold(*before)


def put_off() -> bool:
    return gc.get_threshold()[2] > 1_000_000


def test_full_passes_are_put_off_until_the_outermost_is_done_whatever_is_raised() -> None:
    def raising() -> None:
        with without_full_passes():
            with without_full_passes():
                assert put_off()
            assert put_off()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        raising()
    assert gc.get_threshold() == (700, 10, 10)


def test_of_several_threads_the_last_ends_it() -> None:
    inside, go = threading.Barrier(2), threading.Event()

    def hold() -> None:
        with without_full_passes():
            inside.wait()
            go.wait()

    other = threading.Thread(target=hold)
    with without_full_passes():
        other.start()
        inside.wait()
    assert put_off()
    go.set()
    other.join()
    assert gc.get_threshold() == (700, 10, 10)


def test_garbage_is_taken_meanwhile_while_it_is_young() -> None:
    with without_full_passes():
        full = gc.get_stats()[2]["collections"]
        gone = weakref.ref(Ring())
        kept = [[number] for number in range(100_000)]
        assert gone() is None
        assert gc.get_stats()[2]["collections"] == full
    assert len(kept) == 100_000


def test_a_threshold_that_somebody_sets_meanwhile_stays() -> None:
    with without_full_passes():
        gc.set_threshold(50_000, 20, 100)
    assert gc.get_threshold() == (50_000, 20, 100)
