"""Two sides of a reconciliation with the cases between them, as sheets are given them. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from ledger.domain.catalogue import Name
from ledger.domain.reconciliation import StatementKind
from ledger.reconciliation.case import Case
from ledger.reconciliation.line import Line
from ledger.reports.sheet import Value

LEDGER, TREASURY, BANK = "ledger", "treasury", "bank"
SIDES: dict[str, Name] = {
    LEDGER: Name("账面", "Ledger"),
    TREASURY: Name("国库", "Treasury"),
    BANK: Name("银行", "Bank"),
}
TOLD_BY: dict[StatementKind, str] = {
    StatementKind.TREASURY: TREASURY,
    StatementKind.BANK: BANK,
    StatementKind.QUOTA: TREASURY,
}
"""The side that a statement is of; the budget system's balances stand in treasury's column."""


class Sides(NamedTuple):
    """Two sides and what was found between them. ``opening``: balances before, in fen.

    By place of a case among ``cases``: ``accounts``, what is shown of its payee's account; ``resolved``, the vouchers by which
    it was dealt with, or why nothing was to be done, as somebody said. Where our side is treasury's, ``beyond`` are its cases
    with the ledger, whose lines are ``booked``: what the three of them say of a payment stands in one row.
    """

    kind: StatementKind
    source: str
    ours: Sequence[Line]
    theirs: Sequence[Line]
    cases: Sequence[Case]
    through: date
    opening: tuple[int, int] = (0, 0)
    our_side: str = LEDGER
    accounts: Mapping[int, Value] = {}
    resolved: Mapping[int, str] = {}
    beyond: Sequence[Case] = ()
    booked: Sequence[Line] = ()

    @property
    def sides(self) -> tuple[str, str]:
        """Columns of ours and of theirs."""
        return self.our_side, TOLD_BY[self.kind]
