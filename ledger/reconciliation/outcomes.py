"""What reconciliation answers with: a file taken, both sides compared, the totals of a month, how far a source is."""

from typing import NamedTuple

from ledger.domain.reconciliation import Status
from ledger.domain.signed_off import Touch
from ledger.reconciliation import rows
from ledger.reconciliation.aggregate import Source
from ledger.reconciliation.line import Line
from ledger.reconciliation.reading.statement import Control


class Taken(NamedTuple):
    """What became of a file. ``again``: the same file was taken before, and nothing was changed."""

    control: Control
    known: int
    again: bool


class Compared(NamedTuple):
    """Both sides of a source up to a day with the cases between them; ``number``: at which the ledger stood."""

    source: Source
    ours: list[Line]
    theirs: list[Line]
    kept: list[rows.Kept]
    number: int


class Totals(NamedTuple):
    """Of a month, in fen: what either side moved, out and back added up, and what of the differences nobody explained."""

    ledger_total: int
    statement_total: int
    unexplained: int


class Standing(NamedTuple):
    """A source, and of each month how many cases are in which status, and the fen of their differences.

    ``touched``: of signed months the lines of ours that were recorded, corrected or cleared since.
    """

    source: Source
    months: dict[str, dict[Status, tuple[int, int]]]
    touched: dict[str, tuple[Touch, ...]]
