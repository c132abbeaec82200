"""Why what the ledger paid of a year differs from what treasury states, line by line 差异分解. Pure; never a plug.

Each yuan of a difference is of a movement or of a line of treasury's, which the note names: not there yet (时间), under another
function or fund (科目), in the ledger's account and no payment of treasury's or the other way (口径), or wrong (差错).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from typing import NamedTuple

import msgspec

from ledger.domain.catalogue import UNKNOWN_FUND, Name
from ledger.domain.reconciliation import Status
from ledger.reconciliation.case import Case
from ledger.reconciliation.line import Line
from ledger.reports.sides import Sides

NAMED_MAX = 5
"""So many are named in a note; it says how many more there are."""


class Reason(StrEnum):
    TIMING = "timing"
    CLASS = "class"
    BASIS = "basis"
    ERROR = "error"


REASONS: dict[Reason, Name] = {
    Reason.TIMING: Name("时间", "Timing"),
    Reason.CLASS: Name("科目", "Class"),
    Reason.BASIS: Name("口径", "Basis"),
    Reason.ERROR: Name("差错", "Error"),
}


class Where(NamedTuple):
    """What final accounts are kept by. ``function`` None: nobody said."""

    function: str | None
    fund: str


class Piece(NamedTuple):
    """Fen of a difference, ledger less treasury: where, why, and the movement or the line of treasury's that makes it."""

    where: Where
    reason: Reason
    fen: int
    named: Name


class Booked(NamedTuple):
    """Fen by which a movement changed what was paid of the year."""

    number: int
    where: Where
    fen: int


def placed(of: Sides, booked: Iterable[Booked]) -> Sides:
    """The same with our lines classified as the account of what was paid has them, where that is one function and fund."""
    places: dict[int, set[Where]] = defaultdict(set)
    for one in booked:
        places[one.number].add(one.where)
    return of._replace(ours=[_as_booked(line, places.get(line.key, set())) for line in of.ours])


def _as_booked(line: Line, places: set[Where]) -> Line:
    if len(places) != 1:
        return line
    (where,) = places
    return msgspec.structs.replace(line, function=where.function or "", fund=where.fund)


def treasury_by(of: Sides) -> dict[Where, int]:
    """What treasury states it paid by the last day, in fen; what it does not classify is classified as what it belongs to."""
    sums: dict[Where, int] = defaultdict(int)
    for _, ours, theirs in _cases(of):
        for line in theirs:
            sums[_where(line, ours)] += _moved(of, line)
    return dict(sums)


def pieces(of: Sides, booked: Iterable[Booked]) -> list[Piece]:
    """What the differences are made of: all of each, by function and fund. ``booked``: everything that makes up what was paid."""
    return [*_beside(of, booked), *_between(of)]


def note(found: Iterable[Piece]) -> Name | None:
    """The movements and lines behind a difference, by reason, each once; nothing where there is none."""
    by_reason: dict[Reason, dict[Name, None]] = defaultdict(dict)
    for piece in found:
        by_reason[piece.reason][piece.named] = None
    parts = [_named_in(REASONS[reason], list(by_reason[reason])) for reason in Reason if reason in by_reason]
    return Name("; ".join(part.zh for part in parts), "; ".join(part.en for part in parts)) if parts else None


def _named_in(reason: Name, named: Sequence[Name]) -> Name:
    more = len(named) - NAMED_MAX
    zh = "、".join(one.zh for one in named[:NAMED_MAX]) + (f" 等另 {more} 项" if more > 0 else "")
    en = ", ".join(one.en for one in named[:NAMED_MAX]) + (f" and {more} more" if more > 0 else "")
    return Name(f"{reason.zh}:{zh}", f"{reason.en}: {en}")


def _cases(of: Sides) -> Iterator[tuple[Case, list[Line], list[Line]]]:
    mine, other = {line.key: line for line in of.ours}, {line.key: line for line in of.theirs}
    for case in of.cases:
        ours = [mine[key] for key in case.ours if key in mine]  # one that comes later is not there yet
        theirs = [other[key] for key in case.theirs if key in other]
        if ours or theirs:
            yield case, ours, theirs


def _moved(of: Sides, line: Line) -> int:
    """Fen that count by the last day."""
    return line.moved if line.day <= of.through else 0


def _where(line: Line, beside: Sequence[Line] = ()) -> Where:
    function = line.function or next((one.function for one in beside if one.function), None)
    return Where(function, line.fund or next((one.fund for one in beside if one.fund), UNKNOWN_FUND))


def _beside(of: Sides, booked: Iterable[Booked]) -> Iterator[Piece]:
    """What the ledger's account has and its payments have not, or the other way: adjustments, money of earlier years."""
    rest: dict[tuple[int, Where], int] = defaultdict(int)
    for one in booked:
        rest[one.number, one.where] += one.fen
    for line in of.ours:
        rest[line.key, _where(line)] -= _moved(of, line)
    later = {line.key for line in of.ours if line.day > of.through}
    for (number, where), fen in rest.items():
        if fen:
            yield Piece(where, Reason.TIMING if number in later else Reason.BASIS, fen, _of_ours(number))


def _between(of: Sides) -> Iterator[Piece]:
    """What cases do not come out even by the last day, or not within each function and fund."""
    for case, ours, theirs in _cases(of):
        sums: dict[Where, int] = defaultdict(int)
        for line in ours:
            sums[_where(line)] += _moved(of, line)
        for line in theirs:
            sums[_where(line, ours)] -= _moved(of, line)
        reason = _reason(case, sum(sums.values()))
        named = _of_ours(ours[0].key) if ours else _of_theirs(theirs[0])
        yield from (Piece(where, reason, fen, named) for where, fen in sums.items() if fen)


def _reason(case: Case, difference: int) -> Reason:
    """Amounts that agree differ by their class; others by what the case says of them."""
    if difference == 0:
        return Reason.CLASS
    return {Status.TIMING: Reason.TIMING, Status.EXPLAINED: Reason.BASIS}.get(case.status, Reason.ERROR)


def _of_ours(number: int) -> Name:
    return Name(f"业务 {number}", f"no. {number}")


def _of_theirs(line: Line) -> Name:
    told = line.detail or line.voucher or line.application or str(line.key)
    return Name(f"国库明细 {told}", f"treasury {told}")
