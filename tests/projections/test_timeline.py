"""The timeline of the demo year: by business date, adding up, and equal to a naive scan of the log."""

from collections import Counter
from datetime import date
from itertools import pairwise

import pytest

from ledger.application import Ledger
from ledger.projections.timeline import STAGES, Bucket, timeline

END = date(2025, 12, 31)


def naive(ledger: Ledger, special: str, year: int, until: date) -> dict[str, int]:
    """Stage → fen, adding up every line of the log."""
    sums: Counter[str] = Counter(dict.fromkeys(STAGES, 0))
    for number in range(1, 10_667, 1_000):
        for event in ledger.store.select_events(ledger.id, gt=number - 1, lte=number + 999):
            for leg in ledger.mapper.to_domain_event(event).legs:
                found = leg.account
                if (found.special, found.fiscal_year) == (special, year) and leg.effective_on <= until:
                    sums.update({stage: leg.amount for stage, codes in STAGES.items() if found.code in codes})
    return dict(sums)


@pytest.mark.parametrize("special", ["RDT-KRD", "MSP-BRK"])
def test_what_stood_is_what_a_scan_of_the_log_gives(demo_ledger: Ledger, special: str) -> None:
    found = timeline(demo_ledger.store, demo_ledger.id, [special], 2025, "day", until=END)
    assert found is not None
    by_day = {span.last: span for span in found.spans}
    assert len(found.spans) == 365
    for day in (date(2025, 3, 20), date(2025, 6, 13), END):
        assert by_day[day].stood == naive(demo_ledger, special, 2025, day)
    assert any(span.moved["paid"] for span in found.spans)


@pytest.mark.parametrize("by", ["day", "week", "month"])
def test_spans_follow_each_other_and_what_moved_makes_what_stood(demo_ledger: Ledger, by: Bucket) -> None:
    found = timeline(demo_ledger.store, demo_ledger.id, ["RDT-KRD", "RDT-CHN"], None, by, until=END)
    assert found is not None
    assert found.fiscal_year == 2025
    spans = found.spans
    assert (spans[0].first, spans[-1].last) == (date(2025, 1, 1), END)
    assert all(two.first.toordinal() == one.last.toordinal() + 1 for one, two in pairwise(spans))
    for stage in STAGES:
        assert sum(span.moved[stage] for span in spans) == spans[-1].stood[stage]
    whole = [
        timeline(demo_ledger.store, demo_ledger.id, [one], 2025, "day", until=END) for one in ("RDT-KRD", "RDT-CHN")
    ]
    for stage in STAGES:
        assert spans[-1].stood[stage] == sum(one.spans[-1].stood[stage] for one in whole if one)
    if by == "week":
        assert all(span.last.weekday() == 6 for span in spans[:-1])


def test_it_ends_today_or_with_what_moved_later(demo_ledger: Ledger) -> None:
    early = timeline(demo_ledger.store, demo_ledger.id, ["RDT-KRD"], 2025, "day", until=date(2025, 1, 5))
    assert early is not None
    assert any(early.spans[-1].moved.values())
    later = timeline(demo_ledger.store, demo_ledger.id, ["RDT-KRD"], 2025, "day", until=date(2031, 1, 1))
    assert later is not None
    assert later.spans[-1].last == END


def test_of_a_year_or_special_without_money_there_is_none(demo_ledger: Ledger) -> None:
    assert timeline(demo_ledger.store, demo_ledger.id, ["RDT-KRD"], 2024, "day", until=END) is None
    nothing = timeline(demo_ledger.store, demo_ledger.id, ["NO-SUCH"], None, "day", until=END)
    assert nothing is not None
    assert (nothing.fiscal_year, nothing.spans) == (None, [])
    assert timeline(demo_ledger.store, demo_ledger.id, ["RDT-KRD"], 2025, "day", until=END, sources=["NSF"]) is None
