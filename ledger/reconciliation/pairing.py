"""Lines with the same key: which of them are one fact. Whatever could be one of several stays open, with its rivals.

Never looks at each line against each: lines are grouped by what they tell, groups are compared, and of too many different
ones within one key none is chosen.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from ledger.reconciliation.line import Line
from ledger.reconciliation.rules import Amounts, Rule
from ledger.reconciliation.sides import Side
from ledger.reconciliation.verdict import CLASSES, slip
from ledger.reconciliation.working_days import Ordinal

IDENTITY = ("detail", "application", "voucher", "transaction", "account")
CLASSIFIED = tuple(field for field, _ in CLASSES)
SAME = attrgetter("flow", "amount", *IDENTITY, "cites", "payee", "document", *CLASSIFIED)
"""All that a line tells but its day and its text."""

COMPARED_MOST = 4_096
"""Pairs of groups compared within one key; beyond, all of them stay open."""
RIVALS_MOST = 20

Group = list[int]


class Found(NamedTuple):
    """Indexes that belong together."""

    ours: tuple[int, ...]
    theirs: tuple[int, ...]


class Within(NamedTuple):
    """How far days may lie apart, in working days."""

    days: int
    ordinal: Ordinal


def found_by(
    rule: Rule, ours: Side, mine: Sequence[int], theirs: Side, other: Sequence[int], within: Within
) -> Iterator[Found]:
    """What a rule brings together of open lines; notes the rivals of what it leaves open."""
    table = _Table(rule, ours, theirs, within)
    for one, two in _buckets(rule, ours, mine, theirs, other):
        yield from table.found(one, two)


def _buckets(
    rule: Rule, ours: Side, mine: Sequence[int], theirs: Side, other: Sequence[int]
) -> Iterator[tuple[Group, Group]]:
    """Lines of both sides with the same keys, and of the same amount where the rule asks that."""
    first = _by_key(rule, ours, mine, None)
    second = _by_key(rule, theirs, other, first)
    for key, found in second.items():
        one, two = _group(first[key]), _group(found)
        if rule.amounts is not Amounts.EQUAL or (len(one) == 1 and len(two) == 1):
            yield one, two
            continue
        amounts = _by_amount(ours, one)
        for amount, same in _by_amount(theirs, two).items():
            if amount in amounts:
                yield amounts[amount], same


Keyed = dict[object, int | Group]
"""By key the one line that has it, or several: of a million lines nearly all are one, and a list of one is seven times its size."""


def _group(found: int | Group) -> Group:
    return [found] if isinstance(found, int) else found


def _by_key(rule: Rule, side: Side, indexes: Sequence[int], asked: Keyed | None) -> Keyed:
    several = len(rule.keys) > 1
    keys = attrgetter(*rule.keys)
    found: Keyed = {}
    for at in indexes:
        key = keys(side.told[at])
        if (all(key) if several else key) and (asked is None or key in asked):
            if key not in found:
                found[key] = at
            else:
                before = found[key]
                if isinstance(before, int):
                    found[key] = [before, at]
                else:
                    before.append(at)
    return found


def _by_amount(side: Side, indexes: Iterable[int]) -> dict[int, Group]:
    found: dict[int, Group] = defaultdict(list)
    for at in indexes:
        found[side.told[at].amount].append(at)
    return found


def alike(one: Line, two: Line) -> bool:
    """No key, and not the account, is told differently."""
    return (
        (one.detail == two.detail or not one.detail or not two.detail)
        and (one.application == two.application or not one.application or not two.application)
        and (one.voucher == two.voucher or not one.voucher or not two.voucher)
        and (one.transaction == two.transaction or not one.transaction or not two.transaction)
        and (one.account == two.account or not one.account or not two.account)
    )


def agree(one: Line, two: Line) -> bool:
    """Nothing else is told differently either."""
    if one.cites and two.cites and one.cites != two.cites:
        return False
    return all(a == b or not a or not b for a, b in ((getattr(one, f), getattr(two, f)) for f in CLASSIFIED))


class _Table:
    """Both sides while one rule looks at them."""

    def __init__(self, rule: Rule, ours: Side, theirs: Side, within: Within) -> None:
        self.rule, self.ours, self.theirs, self.within = rule, ours, theirs, within

    def found(self, one: Group, two: Group) -> Iterator[Found]:
        if self.rule.amounts is Amounts.TOTAL:
            return self._total(one, two)
        if len(one) == 1 and len(two) == 1:
            return self._pair(one[0], two[0])
        if self.rule.amounts is Amounts.ANY:
            return self._differing(one, two)
        return self._near(one, two) if self.rule.window else self._same(one, two)

    # -- one and one

    def _pair(self, at: int, to: int) -> Iterator[Found]:
        mine, other = self.ours.told[at], self.theirs.told[to]
        same = mine.amount == other.amount
        if self.rule.amounts is Amounts.EQUAL and not same:
            return
        if self.rule.window and not (self._within(mine, other) and agree(mine, other)):
            return
        if alike(mine, other):
            if same or self.rule.amounts is Amounts.ANY:
                yield Found((at,), (to,))
        elif not self.rule.window and (same or self.rule.keys == ("detail",)):
            self._dispute([at], [to])

    def _within(self, one: Line, two: Line) -> bool:
        if one.day == two.day:
            return True
        return abs(self.within.ordinal(one.day) - self.within.ordinal(two.day)) <= self.within.days

    def _dispute(self, one: Group, two: Group) -> None:
        """The same key, and another key or account differs: never a match. A detail id is one fact's: no other rule may take it."""
        self._beside(one, two)
        if self.rule.keys == ("detail",):
            self.ours.disputed.update(one)
            self.theirs.disputed.update(two)

    def _rivals(self, one: Group, two: Group) -> None:
        """Any of one group could be any of the other."""
        self._beside(one, two)
        self.ours.doubtful.update(one)
        self.theirs.doubtful.update(two)

    def _beside(self, one: Group, two: Group) -> None:
        for side, mine, far, other in ((self.ours, one, self.theirs, two), (self.theirs, two, self.ours, one)):
            keys = sorted(far.lines[at].key for at in other)[:RIVALS_MOST]
            for at in mine:
                side.rivals[at] = tuple(sorted({*side.rivals.get(at, ()), *keys})[:RIVALS_MOST])

    # -- several of the same key and amount

    def _same(self, one: Group, two: Group) -> Iterator[Found]:
        """First whatever is alike but for the day; what that leaves, within the window."""
        left: tuple[Group, Group] = ([], [])
        for mine, other in self._isolated(
            _grouped(self.ours, one, False), _grouped(self.theirs, two, False), left, False
        ):
            if len(mine) == len(other):
                yield from self._in_order(mine, other)
            else:
                few, many = sorted((mine, other), key=len)
                side = self.theirs if many is other else self.ours
                if len({side.told[at].day for at in many}) == 1:
                    yield from self._in_order(mine, other)
                    side.repeated.update(many[len(few) :])
                else:
                    left[0].extend(mine)
                    left[1].extend(other)
        if left[0] and left[1]:
            yield from self._near(*left)

    def _near(self, one: Group, two: Group) -> Iterator[Found]:
        """What lies within the window and could be nothing else; equals in equal number are one case: any pairing is the same."""
        for mine, other in self._neighbours(one, two):
            left: tuple[Group, Group] = ([], [])
            for some, like in self._isolated(
                _grouped(self.ours, mine, True), _grouped(self.theirs, other, True), left, True
            ):
                if len(some) == len(like):
                    yield Found(tuple(some), tuple(like))
                else:
                    self._rivals(some, like)

    def _in_order(self, mine: Group, other: Group) -> Iterator[Found]:
        """Day by day; on one day any pairing is the same, so it is one case."""
        count = min(len(mine), len(other))
        mine, other = mine[:count], other[:count]
        days = [(self.ours.told[at].day, self.theirs.told[to].day) for at, to in zip(mine, other, strict=True)]
        start = 0
        for _, run in groupby(days):
            end = start + len(list(run))
            yield Found(tuple(mine[start:end]), tuple(other[start:end]))
            start = end

    def _neighbours(self, one: Group, two: Group) -> Iterator[tuple[Group, Group]]:
        """Cut where more than the window lies between two days."""
        ordinal = self.within.ordinal
        days = [(ordinal(self.ours.told[at].day), 0, at) for at in one]
        days += [(ordinal(self.theirs.told[at].day), 1, at) for at in two]
        parts: tuple[Group, Group] = ([], [])
        last = 0
        for day, side, at in sorted(days):
            if (parts[0] or parts[1]) and day - last > self.within.days:
                if parts[0] and parts[1]:
                    yield parts
                parts = ([], [])
            parts[side].append(at)
            last = day
        if parts[0] and parts[1]:
            yield parts

    def _isolated(
        self, mine: list[Group], other: list[Group], left: tuple[Group, Group], windowed: bool
    ) -> Iterator[tuple[Group, Group]]:
        """Groups that can belong to one group of the other side only, and it to them. What could be several is left and noted."""
        if len(mine) * len(other) > COMPARED_MOST:
            for into, groups in zip(left, (mine, other), strict=True):
                into.extend(at for group in groups for at in group)
            self._rivals(*left)
            return
        edges = [
            (at, to)
            for at, some in enumerate(mine)
            for to, like in enumerate(other)
            if self._could_be(self.ours.told[some[0]], self.theirs.told[like[0]], windowed)
        ]
        degree: dict[tuple[int, int], int] = defaultdict(int)
        for at, to in edges:
            degree[0, at] += 1
            degree[1, to] += 1
        loose: tuple[set[int], set[int]] = (set(), set())
        for at, to in edges:
            if degree[0, at] == 1 and degree[1, to] == 1:
                yield mine[at], other[to]
            else:
                self._rivals(mine[at], other[to])
                loose[0].add(at)
                loose[1].add(to)
        left[0].extend(index for at in sorted(loose[0]) for index in mine[at])
        left[1].extend(index for to in sorted(loose[1]) for index in other[to])

    def _could_be(self, one: Line, two: Line, windowed: bool) -> bool:
        if not alike(one, two) or (windowed and not self._within(one, two)):
            return False
        return not self.rule.window or agree(one, two)

    # -- one and several, and what differs

    def _total(self, one: Group, two: Group) -> Iterator[Found]:
        """One line of a side against all that the other side has of the same key."""
        if min(len(one), len(two)) != 1 or len(one) == len(two):
            return
        mine, other = [self.ours.told[at] for at in one], [self.theirs.told[at] for at in two]
        if sum(line.amount for line in mine) == sum(line.amount for line in other) and _all_alike(mine, other):
            yield Found(tuple(sorted(one)), tuple(sorted(two)))

    def _differing(self, one: Group, two: Group) -> Iterator[Found]:
        """Pairs whose amounts were mistaken by hand for each other, then what can only belong together, then one against all."""
        mine, other = list(one), list(two)
        if len(mine) * len(other) > COMPARED_MOST:
            return
        for slipped in (True, False):
            for at, to in self._alone(mine, other, slipped):
                yield Found((at,), (to,))
                mine.remove(at)
                other.remove(to)
        if not mine or not other:
            return
        if min(len(mine), len(other)) == 1 and _all_alike(
            [self.ours.told[at] for at in mine], [self.theirs.told[at] for at in other]
        ):
            yield Found(tuple(sorted(mine)), tuple(sorted(other)))
        else:
            self._possible(mine, other)

    def _alone(self, mine: Group, other: Group, slipped: bool) -> list[tuple[int, int]]:
        edges = [(at, to) for at in mine for to in other if self._could_differ(at, to, slipped)]
        mine_of, other_of = Counter(at for at, _ in edges), Counter(to for _, to in edges)
        return [(at, to) for at, to in edges if mine_of[at] == other_of[to] == 1]

    def _could_differ(self, at: int, to: int, slipped: bool) -> bool:
        one, two = self.ours.told[at], self.theirs.told[to]
        return alike(one, two) and (not slipped or slip(one.amount, two.amount) is not None)

    def _possible(self, mine: Group, other: Group) -> None:
        for at in mine:
            for to in other:
                if alike(self.ours.told[at], self.theirs.told[to]):
                    self._rivals([at], [to])


def _all_alike(mine: Sequence[Line], other: Sequence[Line]) -> bool:
    return all(alike(one, two) for one in mine for two in other)


def _grouped(side: Side, indexes: Group, by_day: bool) -> list[Group]:
    """Lines that tell the same, each group by day; the groups in an order that does not hang on that of the lines."""
    found: dict[object, Group] = defaultdict(list)
    for at in sorted(indexes, key=lambda at: (side.told[at].day, side.told[at].key)):
        line = side.told[at]
        found[(SAME(line), line.day) if by_day else SAME(line)].append(at)
    return list(found.values())
