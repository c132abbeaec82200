"""Long random histories of three fiscal years, each seed another one; they report what they exercised and insist on it."""

from collections import Counter
from random import Random

import pytest

from ledger.domain.movement import MOVEMENTS
from ledger.domain.refusals import Code
from tests.properties.dues import check_dues
from tests.properties.history import LAST_YEAR, History
from tests.properties.in_parts import check_in_parts
from tests.properties.invariants import check_closed_periods, check_numbers, check_replay, check_totals
from tests.properties.kinds_at_random import FAMILIES, asked
from tests.properties.requests_at_closing import month_ends, whole_year_ends
from tests.properties.requests_of_funds import beginning

STEPS = 1_500
SHARES = {"funds": 5, "register": 4, "commitments": 6, "beside": 3, "payments": 8, "closing": 6}
NOT_OF_THE_DOMAIN = {Code.IDEMPOTENCY_CONFLICT}
"""Judged at the door, before the rules are asked."""


def long_history(seed: int, steps: int = STEPS) -> History:
    """Three years in so many steps; each January the year before comes to its end."""
    h = History(Random(seed))
    beginning(h)
    families = h.chance.choices(list(SHARES), list(SHARES.values()), k=steps)
    for step, family in enumerate(families):
        h.waits(h.chance.choice((0, 0, 1, 1, 1, 2)) * 1_500 // steps)
        if h.today.month == 1 and h.today.day > 25 and h.open_years()[0] < h.today.year:
            whole_year_ends(h)
        if h.happens(0.02):
            month_ends(h)
        h.attempt(asked(h, family))
        if step % 25 == 0:
            check_totals(h.world, h.model)
    while h.open_years()[0] <= LAST_YEAR:
        whole_year_ends(h)
    check_totals(h.world, h.model)
    check_numbers(h.world)
    check_closed_periods(h.world)
    check_replay(h.world, h.stood_then)
    for number in list(h.stood_then)[:3]:
        check_in_parts(h.stood_then[number], h.answers, h.world.book)
    check_dues(h.world.log)
    return h


def check_exercised(histories: list[History]) -> None:
    """So that the histories cannot quietly stop testing the rules."""
    kinds = sum((h.kinds for h in histories), Counter())
    codes = sum((h.codes for h in histories), Counter())
    print(
        f"\naccepted {kinds.total()}: {dict(kinds.most_common())}\nrefused {codes.total()}: {dict(codes.most_common())}"
    )
    assert not set(MOVEMENTS) - set(kinds), "kinds that were never accepted"
    assert not set(Code) - set(codes) - NOT_OF_THE_DOMAIN, "refusals that were never given"
    closings = sum((h.closings for h in histories), Counter())
    assert set(closings) == {(kind, yes) for kind in ("PeriodClosed", "YearClosed") for yes in (True, False)}, closings
    assert kinds.total() > codes.total(), "most requests should be sensible"


def test_three_long_histories_exercise_every_kind_and_keep_every_invariant() -> None:
    check_exercised([long_history(seed) for seed in (1, 2, 3)])


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 130))
def test_another_long_history(seed: int) -> None:
    h = long_history(seed)
    assert len(h.kinds) > 45, sorted(set(MOVEMENTS) - set(h.kinds))
    assert len(h.codes) >= 20, sorted(h.codes)


def test_every_kind_is_in_some_family_or_follows_from_another() -> None:
    """ProposalSubmitted and ProposalApproved come with every movement that two people sign."""
    assert set(SHARES) == set(FAMILIES)
    assert sum(len(asks) for asks in FAMILIES.values()) == len(MOVEMENTS)
