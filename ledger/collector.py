"""Python's garbage collector, while something holds millions of objects none of which is garbage."""

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

_YOUNG_ALONE: Final = (50_000, 20, 2**31 - 1)
"""Thresholds: young objects are looked at whenever so many more were made, all of them never."""
_lock = threading.Lock()
_before: list[tuple[int, int, int]] = []
"""The thresholds that were, once for each who put full passes off."""


def seldom() -> None:
    """From now on passes are rare, and none looks at what is there: a Book that lives as long as the process is no garbage.

    Looking through it again and again would double the price of a decision.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


@contextmanager
def without_full_passes() -> Iterator[None]:
    """Puts off full passes, each of which would look at every object there is and find nothing, again and again.

    Young objects are still looked at, so garbage that other threads make meanwhile is taken while it is young; what outlived
    two passes waits until the end. Whoever is last of several, nested or in other threads, ends it, whatever was raised.
    """
    with _lock:
        _before.append(_before[0] if _before else gc.get_threshold())
        gc.set_threshold(*_YOUNG_ALONE)
    try:
        yield
    finally:
        with _lock:
            before = _before.pop()
            if not _before and gc.get_threshold() == _YOUNG_ALONE:  # else somebody set others meanwhile
                gc.set_threshold(*before)
