"""What becomes of lines that belong together: status and cause, from what both sides tell."""

import unicodedata
from collections.abc import Sequence
from datetime import date
from operator import attrgetter

from ledger.domain.reconciliation import Cause, Flow, Status
from ledger.reconciliation.line import Line

UNIT = 10_000
"""Yuan in 万元."""

CLASSES: tuple[tuple[str, Cause | None], ...] = (
    ("fund", Cause.WRONG_FUND),
    ("function", Cause.WRONG_FUNCTION),
    ("project", None),
    ("economic", None),
    ("fiscal_year", None),
)
"""What a payment is classified by, the weightiest first, and what it is called when both sides tell it differently."""

TOLD = attrgetter("payee", *(field for field, _ in CLASSES))

Verdict = tuple[Status, Cause | None]


def verdict(
    ours: Sequence[Line], theirs: Sequence[Line], through: date, original: int = 0, awaited: bool = False
) -> Verdict:
    """Of lines of both sides. ``original``: fen of the payment that was returned; ``awaited``: one side only expects it yet."""
    if len(ours) == len(theirs) == 1 and not awaited and _plainly_equal(ours[0], theirs[0], through):
        return Status.MATCHED, None
    mine, other = _amount(ours), _amount(theirs)
    if mine != other:
        return Status.AMOUNT_DIFF, slip(mine, other)
    returned = any(line.flow is Flow.REJECTION for line in (*ours, *theirs))
    if not returned and (wrong := misclassified(ours, theirs)):
        return wrong
    if awaited or _apart(ours, theirs, through):
        return Status.TIMING, Cause.IN_TRANSIT
    if returned:
        return Status.REJECTED, None
    if any(line.flow is Flow.REFUND for line in (*ours, *theirs)):
        part = 0 < -mine < original
        return (Status.PARTIALLY_REFUNDED, Cause.PARTIAL_REFUND) if part else (Status.REFUNDED, None)
    return Status.MATCHED, _remark(ours, theirs)


def _plainly_equal(one: Line, two: Line, through: date) -> bool:
    """What nearly all lines are: payments of the period of which nothing is told differently."""
    if not (
        one.flow is two.flow is Flow.PAYMENT and one.amount == two.amount and one.day <= through and two.day <= through
    ):
        return False
    mine, other = TOLD(one), TOLD(two)
    return mine == other or all(a == b or not a or not b for a, b in zip(mine, other, strict=True))


def _amount(lines: Sequence[Line]) -> int:
    """Fen; of a payment and what stands beside it because it came back, what came back."""
    back = sum(line.amount for line in lines if line.flow is Flow.REJECTION)
    if not back and len(lines) > 1 and any(line.flow is Flow.PAYMENT for line in lines):
        back = sum(line.amount for line in lines if line.flow is Flow.REFUND)
    return back or sum(line.amount for line in lines)


def slip(mine: int, other: int) -> Cause | None:
    """How one amount became another by hand."""
    small, large = sorted((abs(mine), abs(other)))
    if small and small * UNIT == large:
        return Cause.UNIT_SLIP
    width = len(str(large))
    differing = [
        at for at, (one, two) in enumerate(zip(str(small).zfill(width), str(large), strict=True)) if one != two
    ]
    if (
        len(differing) == 2
        and differing[1] == differing[0] + 1
        and sorted(str(small).zfill(width)) == sorted(str(large))
    ):
        return Cause.DIGITS_SWAPPED
    return None


def misclassified(ours: Sequence[Line], theirs: Sequence[Line]) -> Verdict | None:
    """Told by both, and neither side's codes are among the other's."""
    for field, cause in CLASSES:
        mine = {value for line in ours if (value := getattr(line, field))}
        other = {value for line in theirs if (value := getattr(line, field))}
        if mine and other and not (mine <= other or other <= mine):
            return Status.WRONG_CLASSIFICATION, cause
    return None


def _apart(ours: Sequence[Line], theirs: Sequence[Line], through: date) -> bool:
    """What one side has by the last day, the other has only later."""
    mine, other = ([line for line in lines if line.day <= through] for lines in (ours, theirs))
    return bool(mine) != bool(other) or (
        (len(mine) < len(ours) or len(other) < len(theirs)) and moved(mine) != moved(other)
    )


def moved(lines: Sequence[Line]) -> int:
    return lines[0].moved if len(lines) == 1 else sum(line.moved for line in lines)


def _remark(ours: Sequence[Line], theirs: Sequence[Line]) -> Cause | None:
    """What is worth saying of what agrees."""
    if len(ours) != len(theirs):
        return Cause.TWO_PROJECTS if len({line.project for line in (*ours, *theirs) if line.project}) > 1 else None
    mine, other = ({plain(line.payee) for line in lines if line.payee} for lines in (ours, theirs))
    return Cause.PAYEE_RENAMED if mine and other and mine != other else None


def plain(name: str) -> str:
    """A name without what typing adds: spaces, and letters and brackets of full width."""
    return "".join(unicodedata.normalize("NFKC", name).split())
