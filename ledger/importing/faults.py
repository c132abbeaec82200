"""What is wrong with a file, told so that its owner can mend it: row and column as the spreadsheet counts them."""

from collections.abc import Sequence
from typing import NamedTuple


class Fault(NamedTuple):
    """One complaint. ``row`` None: the file as a whole; ``column``: letter and header, such as ``K 总额``, or empty."""

    row: int | None
    column: str
    zh: str
    en: str


class Faulty(Exception):
    """The file cannot be imported; ``faults`` says why, all of it."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(f"{len(faults)} faults")
        self.faults = tuple(faults)


def whole_file(zh: str, en: str) -> Faulty:
    """The file as a whole cannot be read."""
    return Faulty([Fault(None, "", zh, en)])
