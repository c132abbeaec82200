"""Places for answers that do not end by themselves: so many for one person, and so many in all."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from api.problems import ProblemRaised, Wrong

OF_ONE_MAX = 8
"""Of one human, whatever accounts and keys they use: some windows of a browser, and a machine or two."""
IN_ALL_MAX = 200
"""Each looks into the database at every heartbeat; so many cost it some tens of small reads a second."""
AGAIN_SECONDS = 15


class Places:
    """Those taken just now. Only the thread that serves asks for them."""

    def __init__(self) -> None:
        self._taken: Counter[str] = Counter()

    @contextmanager
    def of(self, who: str) -> Iterator[None]:
        """A place for as long as this is open. Raises TOO_MANY_STREAMS, or BUSY where all are taken."""
        if self._taken[who] >= OF_ONE_MAX:
            raise ProblemRaised(Wrong.TOO_MANY_STREAMS, limit=OF_ONE_MAX, headers={"Retry-After": str(AGAIN_SECONDS)})
        if self._taken.total() >= IN_ALL_MAX:
            raise ProblemRaised(Wrong.BUSY)
        self._taken[who] += 1
        try:
            yield
        finally:
            self._taken[who] -= 1
            self._taken += Counter()  # forget who holds none
