"""Everything that is wrong with a file, gathered while it is read; a file of nothing but mistakes fills no memory."""

from ledger.importing.faults import Fault, Faulty

LISTED_MAX = 1000
"""Complaints that are kept; of those behind them only how many."""


class Complaints:
    """Gathers complaints in the order of the rows."""

    def __init__(self) -> None:
        self._listed: list[Fault] = []
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def add(self, fault: Fault) -> None:
        self._count += 1
        if self._count <= LISTED_MAX:
            self._listed.append(fault)

    def settle(self) -> None:
        """Raises Faulty if there is anything to complain of."""
        if self._count:
            raise Faulty(self._listed, self._count - len(self._listed))
