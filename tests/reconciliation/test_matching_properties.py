"""Whatever the lines: each is in one case, money is conserved, order does not matter, and no contradiction is matched."""

import random
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.domain.reconciliation import SETTLED, Flow, StatementKind, Status
from ledger.reconciliation.case import Asked, Case
from ledger.reconciliation.line import Line
from ledger.reconciliation.matching import match

FIRST = date(2025, 12, 24)
THROUGH = date(2025, 12, 31)
ASKED = Asked(StatementKind.TREASURY, THROUGH)
KEYS = ("detail", "application", "voucher", "transaction", "account")


def few(letter: str, count: int = 3) -> st.SearchStrategy[str]:
    return st.sampled_from(["", *(f"{letter}{number}" for number in range(count))])


@st.composite
def lines(draw: st.DrawFn, most: int = 9) -> list[Line]:
    """Few keys and amounts, so that nearly everything collides."""
    found = []
    for key in range(1, draw(st.integers(0, most)) + 1):
        flow = draw(st.sampled_from([Flow.PAYMENT] * 5 + [Flow.REJECTION, Flow.REFUND, Flow.RECEIPT, Flow.CLEARING]))
        amount = draw(st.sampled_from([100, 200, 300, 12_300, 13_200, 1_000_000]))
        amount = amount if flow in (Flow.PAYMENT, Flow.CLEARING) else -amount
        still = flow is Flow.CLEARING or (flow in (Flow.PAYMENT, Flow.REJECTION) and draw(st.integers(0, 4)) == 0)
        found.append(
            Line(
                key=key,
                flow=flow,
                day=FIRST + timedelta(days=draw(st.integers(0, 12))),
                amount=amount,
                moved=0 if still else amount,
                detail="" if still and flow is Flow.PAYMENT else draw(few("D", 5)),
                application=draw(few("A")),
                voucher=draw(few("V")),
                transaction=draw(few("T", 1)),
                cites=draw(st.one_of(few("D", 5), few("A"), few("V"))) if flow is not Flow.PAYMENT else "",
                account=draw(few("acc", 2)),
                payee=draw(few("payee", 1)),
                project=draw(few("P", 2)),
                fund=draw(few("F", 1)),
            )
        )
    return found


def moved(found: list[Line]) -> int:
    return sum(line.moved for line in found)


@given(lines(), lines())
@settings(max_examples=200, deadline=None, derandomize=True)
def test_each_line_is_in_one_case(ours: list[Line], theirs: list[Line]) -> None:
    cases = match(ours, theirs, ASKED)
    assert sorted(key for case in cases for key in case.ours) == [line.key for line in ours]
    assert sorted(key for case in cases for key in case.theirs) == [line.key for line in theirs]


@given(lines(), lines())
@settings(max_examples=200, deadline=None, derandomize=True)
def test_money_is_conserved(ours: list[Line], theirs: list[Line]) -> None:
    cases = match(ours, theirs, ASKED)
    mine, other = {line.key: line for line in ours}, {line.key: line for line in theirs}
    for case in cases:
        assert case.difference == moved([mine[k] for k in case.ours]) - moved([other[k] for k in case.theirs])
        if case.status in SETTLED:
            assert case.difference == 0
    assert sum(case.difference for case in cases) == moved(ours) - moved(theirs)


@given(lines(), lines(), st.randoms())
@settings(max_examples=200, deadline=None, derandomize=True)
def test_the_order_of_lines_does_not_matter(ours: list[Line], theirs: list[Line], chance: random.Random) -> None:
    before = match(ours, theirs, ASKED)
    chance.shuffle(ours)
    chance.shuffle(theirs)
    assert match(ours, theirs, ASKED) == before


@given(lines(), lines())
@settings(max_examples=200, deadline=None, derandomize=True)
def test_lines_that_contradict_each_other_are_in_no_case_together(ours: list[Line], theirs: list[Line]) -> None:
    mine, other = {line.key: line for line in ours}, {line.key: line for line in theirs}
    for case in match(ours, theirs, ASKED):
        for one in (mine[key] for key in case.ours):
            for two in (other[key] for key in case.theirs):
                if one.flow is two.flow is Flow.PAYMENT:
                    for field in KEYS:
                        told = getattr(one, field), getattr(two, field)
                        assert not all(told) or told[0] == told[1]


@given(lines(), lines())
@settings(max_examples=200, deadline=None, derandomize=True)
def test_a_name_alone_matches_nothing(ours: list[Line], theirs: list[Line]) -> None:
    """Whatever is matched shares a key or the account."""
    mine, other = {line.key: line for line in ours}, {line.key: line for line in theirs}
    for case in match(ours, theirs, ASKED):
        if case.ours and case.theirs and all(mine[key].flow is Flow.PAYMENT for key in case.ours):
            one, two = mine[case.ours[0]], other[case.theirs[0]]
            if one.flow is two.flow:
                assert any(getattr(one, field) and getattr(one, field) == getattr(two, field) for field in KEYS)


@given(lines(), lines())
@settings(max_examples=200, deadline=None, derandomize=True)
def test_what_is_left_open_stays_open(ours: list[Line], theirs: list[Line]) -> None:
    """Asked again about the payments that were left, the rules find nothing more; what comes back needs its payment beside it."""
    ours, theirs = ([line for line in told if line.flow is Flow.PAYMENT] for told in (ours, theirs))
    opened = {Status.MISSING_IN_LEDGER, Status.MISSING_IN_TREASURY}
    left = [case for case in match(ours, theirs, ASKED) if case.status in opened]
    mine, other = {key for case in left for key in case.ours}, {key for case in left for key in case.theirs}
    again = match([li for li in ours if li.key in mine], [li for li in theirs if li.key in other], ASKED)
    assert not [case for case in again if case.ours and case.theirs and case.status in SETTLED]


def swapped(case: Case) -> Case:
    other = {
        Status.MISSING_IN_LEDGER: Status.MISSING_IN_TREASURY,
        Status.MISSING_IN_TREASURY: Status.MISSING_IN_LEDGER,
    }
    return Case(
        case.rule,
        other.get(case.status, case.status),
        case.cause,
        case.theirs,
        case.ours,
        -case.difference,
        case.rivals,
    )


@given(lines(), lines())
@settings(max_examples=200, deadline=None, derandomize=True)
def test_the_sides_may_be_exchanged(ours: list[Line], theirs: list[Line]) -> None:
    """No rule favours a side."""
    there = match(ours, theirs, ASKED)
    back = [swapped(case) for case in match(theirs, ours, ASKED)]
    assert sorted(back, key=repr) == sorted(there, key=repr)
