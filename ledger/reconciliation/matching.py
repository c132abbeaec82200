"""Matching 对账: lines of two sides into cases, each line into exactly one. Pure: no database, no clock, no chance.

The rules are asked in their order until none finds more. Nothing is matched on a guess: what contradicts itself or could be one
of several stays open, and the case says why.
"""

from collections.abc import Iterator, Sequence
from datetime import date

from ledger.collector import without_full_passes
from ledger.domain.reconciliation import Cause, Flow, Status
from ledger.reconciliation.balances import match_balances
from ledger.reconciliation.case import Asked, Case
from ledger.reconciliation.clearing import clearings
from ledger.reconciliation.line import Line
from ledger.reconciliation.pairing import SAME, Found, Within, found_by
from ledger.reconciliation.rules import Amounts, Rule
from ledger.reconciliation.sides import Pool, Side, made_ready
from ledger.reconciliation.verdict import moved, verdict

OUT, BACK, RETURNED, AWAITED = Pool.OUT, Pool.BACK, Pool.RETURNED, Pool.AWAITED
Pools = tuple[tuple[Pool, ...], tuple[Pool, ...]]

FACTS: tuple[Pools, ...] = (((OUT,), (OUT,)), ((BACK,), (BACK,)))
EXPECTED: tuple[Pools, ...] = (((AWAITED,), (OUT,)), ((OUT,), (AWAITED,)), ((AWAITED,), (AWAITED,)))
SENT_BACK: tuple[Pools, ...] = (((RETURNED,), (RETURNED,)),)


@without_full_passes()
def match(ours: Sequence[Line], theirs: Sequence[Line], asked: Asked) -> list[Case]:
    """Cases, those with lines of ours first, by their keys; the same whatever the order of the lines."""
    balances, flows = (
        [[line for line in lines if (line.flow is Flow.BALANCE) is told] for lines in (ours, theirs)]
        for told in (True, False)
    )
    cases = [*match_balances(*balances), *_Run(*made_ready(*flows), asked).cases()]
    return sorted(cases, key=lambda case: (not case.ours, case.ours, case.theirs))


class _Run:
    """Both sides while the rules are asked."""

    def __init__(self, ours: Side, theirs: Side, asked: Asked) -> None:
        self.ours, self.theirs, self.asked = ours, theirs, asked
        self.within = Within(asked.window_days, asked.ordinal)

    def cases(self) -> Iterator[Case]:
        yield from clearings(self.ours, self.theirs)
        yield from self._told_twice()
        yield from self._asked_of(SENT_BACK, self._certain())
        self.ours.part()
        self.theirs.part()
        while found := list(self._round()):
            yield from found
        yield from self._left(self.ours, Status.MISSING_IN_TREASURY)
        yield from self._left(self.theirs, Status.MISSING_IN_LEDGER)

    # -- the rules

    def _certain(self) -> list[Rule]:
        return [rule for rule in self.asked.rules if not rule.window and rule.amounts is Amounts.EQUAL]

    def _round(self) -> Iterator[Case]:
        """Every rule once: keys first, then what is only expected, then keys whose amounts differ, last what no key vouches for."""
        rules = self.asked.rules
        sure = [r for r in rules if not r.window and (r.amounts is not Amounts.ANY or r.keys == ("detail",))]
        self.ours.reconsider()
        self.theirs.reconsider()
        yield from self._asked_of(FACTS, sure)
        yield from self._asked_of(EXPECTED, [r for r in sure if r.amounts is not Amounts.ANY])
        yield from self._asked_of(FACTS, [r for r in rules if r.amounts is Amounts.ANY and r not in sure])
        yield from self._asked_of((*FACTS, *EXPECTED), [r for r in rules if r.window])

    def _asked_of(self, pools: tuple[Pools, ...], rules: Sequence[Rule]) -> Iterator[Case]:
        for rule in rules:
            for mine, other in pools:
                one, two = self.ours.open(*mine), self.theirs.open(*other)
                if rule.window:
                    one, two = self._without_key(one, two)
                if one and two:
                    expected = AWAITED in mine or AWAITED in other
                    for found in found_by(rule, self.ours, one, self.theirs, two, self.within):
                        yield self._case(rule, found, expected)

    def _without_key(self, one: list[int], two: list[int]) -> tuple[list[int], list[int]]:
        """What no key decides: a line whose key the other side tells too was looked at by its key; what came back, or is told
        twice, is not paid again."""
        keys = [
            {key for at in indexes for key in _keys(side.told[at])}
            for side, indexes in ((self.ours, one), (self.theirs, two))
        ]
        shared = keys[0] & keys[1]
        return (_free(self.ours, one, shared), _free(self.theirs, two, shared))

    def _case(self, rule: Rule, found: Found, expected: bool) -> Case:
        ours, theirs = self.ours.members(found.ours), self.theirs.members(found.theirs)
        self.ours.take(ours)
        self.theirs.take(theirs)
        mine, other = [self.ours.lines[at] for at in ours], [self.theirs.lines[at] for at in theirs]
        original = max(self.ours.original.get(ours[-1], 0), self.theirs.original.get(theirs[-1], 0))
        status, cause = verdict(mine, other, self.asked.through, original, expected)
        return Case(rule.code, status, cause, _numbers(mine), _numbers(other), moved(mine) - moved(other))

    # -- what one side tells alone

    def _told_twice(self) -> Iterator[Case]:
        """Of payments with one detail id that one stands which the other side has, or the first; the others are told twice."""
        twice = [
            (side, at)
            for side, far in ((self.ours, self.theirs), (self.theirs, self.ours))
            for at in _beyond_the_first(side, far)
        ]
        for side, at in twice:
            yield self._alone(side, at, "REPEATED", Status.DUPLICATE, Cause.PAID_TWICE)

    def _left(self, side: Side, missing: Status) -> Iterator[Case]:
        left = sorted(
            (at for at in range(len(side.lines)) if not side.taken[at]),
            key=lambda at: (side.lines[at].day, side.lines[at].key),
        )
        repeated = _repeated(side, left)
        for at in left:
            line = side.lines[at]
            if at in repeated:
                yield self._alone(side, at, "REPEATED", Status.DUPLICATE, Cause.PAID_TWICE)
            elif at in side.doubtful:
                yield self._alone(side, at, "SEVERAL", missing, Cause.INDISTINGUISHABLE)
            elif at in side.rivals:
                yield self._alone(side, at, "CONTRADICTED", missing, None)
            elif line.day > self.asked.through:
                yield self._alone(side, at, "ALONE", Status.TIMING, None)
            elif side.pool[at] == AWAITED:
                yield self._alone(side, at, "ALONE", Status.TIMING, Cause.IN_TRANSIT)
            else:
                yield self._alone(side, at, "ALONE", missing, None)

    def _alone(self, side: Side, at: int, rule: str, status: Status, cause: Cause | None) -> Case:
        side.take((at,))
        line, rivals = side.lines[at], side.rivals.get(at, ())
        if side is self.ours:
            return Case(rule, status, cause, (line.key,), (), line.moved, rivals)
        return Case(rule, status, cause, (), (line.key,), -line.moved, rivals)


def _keys(line: Line) -> Iterator[tuple[str, str]]:
    for field in ("application", "voucher", "transaction", "cites"):
        if value := getattr(line, field):
            yield field, value


def _free(side: Side, indexes: list[int], shared: set[tuple[str, str]]) -> list[int]:
    held = side.repeated | side.returned
    return [at for at in indexes if at not in held and shared.isdisjoint(_keys(side.told[at]))]


def _numbers(lines: Sequence[Line]) -> tuple[int, ...]:
    return (lines[0].key,) if len(lines) == 1 else tuple(sorted(line.key for line in lines))


def _beyond_the_first(side: Side, far: Side) -> list[int]:
    several = _several(side)
    both = {(far.lines[at].detail, far.lines[at].amount) for at in far.open(OUT) if far.lines[at].detail in several}

    def rank(at: int) -> tuple[bool, int, date, int]:
        line = side.lines[at]
        known = (line.detail, line.amount) in both
        return not known, line.amount if known else 0, line.day, line.key

    return [at for indexes in several.values() for at in sorted(indexes, key=rank)[1:]]


def _several(side: Side) -> dict[str, list[int]]:
    """Detail ids of more than one payment."""
    seen: set[str] = set()
    found: dict[str, list[int]] = {}
    payments = side.open(OUT)
    for at in payments:
        if detail := side.lines[at].detail:
            if detail in seen:
                found[detail] = []
            seen.add(detail)
    for at in payments if found else ():
        if (detail := side.lines[at].detail) in found:
            found[detail].append(at)
    return found


def _repeated(side: Side, left: Sequence[int]) -> set[int]:
    """Lines that have a key, could be nothing else, and tell on the same day the same as another one that stands."""
    told = [at for at in left if at not in side.rivals and any(_keys(side.lines[at]))]
    near = {(side.lines[at].amount, side.lines[at].day) for at in told}
    standing: set[object] = set()
    if told:
        for line, taken in zip(side.lines, side.taken, strict=True):
            if taken and (line.amount, line.day) in near:
                standing.update(_marks(line))
    repeated: set[int] = set()
    for at in told:
        whole, *rest = _marks(side.lines[at])
        if whole in standing or any(mark in standing for mark in rest):
            repeated.add(at)
        standing.add(whole)
    return repeated


def _marks(line: Line) -> Iterator[object]:
    """By what a line is known to be told twice: by all it tells; or, beside one that the other side has, by voucher and
    application, whatever detail id somebody gave it."""
    yield line.day, SAME(line)
    if line.voucher and line.application:
        yield line.day, line.flow, line.amount, line.voucher, line.application, line.account, line.project
