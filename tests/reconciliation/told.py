"""Lines for examples: what one side tells, in few words. Amounts in fen, days of December 2025, later ones of January."""

from datetime import date, timedelta
from typing import Any

from ledger.domain.reconciliation import Flow, StatementKind
from ledger.reconciliation.case import Asked, Case
from ledger.reconciliation.line import Line
from ledger.reconciliation.matching import match

THROUGH = date(2025, 12, 31)
ASKED = Asked(StatementKind.TREASURY, THROUGH)


def on(day: int) -> date:
    return date(2025, 12, 1) + timedelta(days=day - 1)


def paid(key: int, amount: int, day: int = 10, **told: Any) -> Line:
    return Line(key=key, flow=Flow.PAYMENT, day=on(day), amount=amount, **{"moved": amount} | told)


def ordered(key: int, amount: int, day: int = 10, **told: Any) -> Line:
    """Asked for and not paid yet."""
    return paid(key, amount, day, moved=0, **told)


def refunded(key: int, amount: int, day: int = 20, **told: Any) -> Line:
    return Line(key=key, flow=Flow.REFUND, day=on(day), amount=-amount, moved=-amount, **told)


def received(key: int, amount: int, day: int = 20, **told: Any) -> Line:
    return Line(key=key, flow=Flow.RECEIPT, day=on(day), amount=-amount, moved=-amount, **told)


def rejected(key: int, amount: int, day: int = 12, **told: Any) -> Line:
    """Nothing had left."""
    return Line(key=key, flow=Flow.REJECTION, day=on(day), amount=-amount, **{"moved": 0} | told)


def sent_back(key: int, amount: int, day: int = 12, **told: Any) -> Line:
    """A rejection beside its payment: money left and returned."""
    return rejected(key, amount, day, moved=-amount, **told)


def cleared(key: int, amount: int, day: int = 10, **told: Any) -> Line:
    return Line(key=key, flow=Flow.CLEARING, day=on(day), amount=amount, moved=0, **told)


def balance(key: int, amount: int, **told: Any) -> Line:
    quota = {"fiscal_year": 2025, "fund": "STIDF", "function": "2060404"}
    return Line(key=key, flow=Flow.BALANCE, day=THROUGH, amount=amount, moved=amount, **quota | told)


Short = tuple[str, str | None, tuple[int, ...], tuple[int, ...]]


def cases(ours: list[Line], theirs: list[Line], asked: Asked = ASKED) -> list[Case]:
    return match(ours, theirs, asked)


def said(ours: list[Line], theirs: list[Line], asked: Asked = ASKED) -> list[Short]:
    """Status, cause, lines of either side."""
    return [
        (case.status.value, case.cause.value if case.cause else None, case.ours, case.theirs)
        for case in match(ours, theirs, asked)
    ]
