"""What is wrong with a file, told so that its owner can mend it: row and column as the spreadsheet counts them."""

from collections.abc import Sequence
from typing import NamedTuple

from ledger.domain.catalogue import Name


class Fault(NamedTuple):
    """One complaint. ``row`` None: the file as a whole; ``column``: letter and header, such as ``K 总额``, or empty.

    ``advice``: how to mend it, where the complaint itself does not say.
    """

    row: int | None
    column: str
    zh: str
    en: str
    advice: Name | None = None


class Faulty(Exception):
    """The file cannot be imported; ``faults`` says why, all of it but for ``more`` that are not listed."""

    def __init__(self, faults: Sequence[Fault], more: int = 0) -> None:
        super().__init__(f"{len(faults) + more} faults")
        self.faults, self.more = tuple(faults), more


def whole_file(zh: str, en: str, advice: Name | None = None) -> Faulty:
    """The file as a whole cannot be read."""
    return Faulty([Fault(None, "", zh, en, advice)])
