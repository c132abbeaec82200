"""What brings both balances together, where sides part, and how working days are counted."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.domain.reconciliation import Status
from ledger.reconciliation.line import Line
from ledger.reconciliation.parting import Column, days, foot, parting, partings, quota_of
from ledger.reconciliation.working_days import WEEKENDS, counting
from tests.reconciliation.test_matching_properties import lines
from tests.reconciliation.told import ASKED, THROUGH, cases, on, ordered, paid, refunded, rejected, sent_back

OPENING = st.integers(-500, 500)


@given(lines(), lines(), OPENING)
@settings(max_examples=200, deadline=None, derandomize=True)
def test_opening_and_movements_less_items_in_transit_are_the_other_balance(
    ours: list[Line], theirs: list[Line], opened: int
) -> None:
    """To the fen: whatever is not in transit is named, case by case, and nothing else is left."""
    found = foot(ours, theirs, cases(ours, theirs), THROUGH, (opened, opened))
    for column, side in ((found.ours, ours), (found.theirs, theirs)):
        assert column.balance == opened + sum(line.moved for line in side if line.day <= THROUGH)
    named = sum(amount for _, amount in found.unexplained)
    assert found.ours.adjusted - named == found.theirs.adjusted
    assert found.rest == named
    in_transit = (found.ours.add - found.ours.less) - (found.theirs.add - found.theirs.less)
    assert found.ours.balance + in_transit - named == found.theirs.balance


@given(lines(), lines())
@settings(max_examples=200, deadline=None, derandomize=True)
def test_sides_part_where_something_is_open_or_nowhere(ours: list[Line], theirs: list[Line]) -> None:
    made = cases(ours, theirs)
    told = days(ours, theirs, made, THROUGH)
    found = parting(ours, theirs, made, THROUGH)
    if told:
        assert told[-1].open == told[-1].ours - told[-1].theirs
    if found is None:
        assert all(day.open == 0 for day in told)
    else:
        assert found.at == next(day for day in told if day.open)
        assert found.cases
        assert all(
            any(line.day == found.at.day for line in [*ours, *theirs] if line.key in (*case.ours, *case.theirs))
            for case in found.cases
        )


def test_items_in_transit_are_added_where_they_are_not_yet() -> None:
    ours = [
        paid(1, 100, 31, detail="D1"),
        ordered(2, 70, application="A2"),
        refunded(3, 30, 33, cites="D9", returns=30),
    ]
    theirs = [paid(1, 100, 33, detail="D1"), paid(2, 70, 30, application="A2"), refunded(3, 30, 31, cites="D9")]
    found = foot(ours, theirs, cases(ours, theirs), THROUGH)
    assert found.ours == Column(balance=100, add=70, less=30)
    assert found.theirs == Column(balance=40, add=100, less=0)
    assert (found.ours.adjusted, found.theirs.adjusted, found.rest) == (140, 140, 0)


def test_a_rejection_across_the_end_is_in_transit() -> None:
    ours = [rejected(1, 100, 31, application="A1")]
    theirs = [paid(1, 100, 30, application="A1", detail="D1"), sent_back(2, 100, 33, cites="D1")]
    found = foot(ours, theirs, cases(ours, theirs), THROUGH)
    assert (found.ours, found.theirs) == (Column(0, 100, 0), Column(100, 0, 0))


def test_what_differs_is_named_with_its_fen_and_openings_that_differ_are_in_the_rest() -> None:
    ours, theirs = [paid(1, 100, detail="D1"), paid(2, 5)], [paid(1, 110, detail="D1")]
    found = foot(ours, theirs, cases(ours, theirs), THROUGH, (7, 0))
    assert [(case.status, amount) for case, amount in found.unexplained] == [
        (Status.AMOUNT_DIFF, -10),
        (Status.MISSING_IN_TREASURY, 5),
    ]
    assert found.rest == 2


def test_a_pair_on_two_days_parts_nobody() -> None:
    ours = [paid(1, 100, 8, detail="D1"), paid(2, 40, 15, detail="D2"), paid(3, 1, 16)]
    theirs = [paid(1, 100, 9, detail="D1"), paid(2, 50, 15, detail="D2")]
    found = parting(ours, theirs, cases(ours, theirs), THROUGH)
    assert found
    assert (found.at.day, found.at.ours, found.at.theirs, found.at.open) == (on(15), 140, 150, -10)
    assert [case.ours for case in found.cases] == [(2,)]


def test_sides_that_agree_do_not_part() -> None:
    ours, theirs = [paid(1, 100, 8, detail="D1")], [paid(1, 100, 9, detail="D1")]
    assert parting(ours, theirs, cases(ours, theirs), THROUGH) is None


def test_a_quota_that_differs_leads_to_its_first_day_and_line() -> None:
    def quota(function: str, detail: str) -> dict[str, object]:
        return {"fiscal_year": 2025, "fund": "NSF", "function": function, "detail": detail}

    ours = [paid(1, 100, 8, **quota("2060404", "D1")), paid(2, 100, 9, **quota("2060499", "D2"))]
    theirs = [paid(1, 100, 8, **quota("2060404", "D1")), paid(2, 100, 10, **quota("2069999", "D2"))]
    found = partings(ours, theirs, cases(ours, theirs), THROUGH, quota_of)
    assert {key: (apart.at.day, apart.at.open) for key, apart in found.items()} == {
        (2025, "NSF", "2060499"): (on(9), 100),
        (2025, "NSF", "2069999"): (on(10), -100),
    }


@pytest.mark.parametrize(
    ("one", "two", "apart"),
    [
        (date(2025, 12, 8), date(2025, 12, 8), 0),
        (date(2025, 12, 5), date(2025, 12, 6), 0),
        (date(2025, 12, 5), date(2025, 12, 8), 1),
        (date(2025, 12, 7), date(2025, 12, 8), 1),
        (date(2025, 12, 8), date(2025, 12, 15), 5),
        (date(2025, 12, 31), date(2026, 1, 5), 3),
    ],
)
def test_weekends_rest(one: date, two: date, apart: int) -> None:
    assert WEEKENDS(two) - WEEKENDS(one) == apart


def test_holidays_rest_and_weekends_in_exchange_are_worked() -> None:
    """The National Day of 2025: 1 to 8 October rest, Sunday 28 September and Saturday 11 October are worked."""
    free = [date(2025, 10, 1) + timedelta(days=at) for at in range(8)]
    ordinal = counting(free, [date(2025, 9, 28), date(2025, 10, 11)])
    assert ordinal(date(2025, 10, 9)) - ordinal(date(2025, 9, 30)) == 1
    assert ordinal(date(2025, 9, 28)) - ordinal(date(2025, 9, 27)) == 1
    assert ordinal(date(2025, 10, 13)) - ordinal(date(2025, 10, 10)) == 2


@settings(deadline=None)
@given(st.dates(date(2024, 1, 1), date(2027, 1, 1)), st.integers(0, 60), st.sets(st.integers(0, 60)))
def test_working_days_are_counted_as_one_counts_by_hand(first: date, length: int, odd: set[int]) -> None:
    """``odd``: days that are the other way round than their weekday says."""
    all_days = [first + timedelta(days=at) for at in range(61)]
    turned = {all_days[at] for at in odd}
    ordinal = counting(
        [day for day in turned if day.weekday() < 5],
        [day for day in turned if day.weekday() >= 5],
    )
    worked = sum((day.weekday() < 5) != (day in turned) for day in all_days[1 : length + 1])
    assert ordinal(all_days[length]) - ordinal(first) == worked


def test_the_window_is_counted_in_working_days_given_as_data() -> None:
    ours, theirs = [paid(1, 100, 8, account="acc")], [paid(1, 100, 15, account="acc")]
    assert {case.status for case in cases(ours, theirs)} == {Status.MISSING_IN_LEDGER, Status.MISSING_IN_TREASURY}
    free = ASKED._replace(ordinal=counting([on(9), on(10)]))
    assert [case.status for case in cases(ours, theirs, free)] == [Status.MATCHED]
