"""A page of cases reads of the log what its lines are about, and nothing else: they are told as the whole log tells them."""

from datetime import date

import pytest

from ledger.application import Ledger
from ledger.domain.examples import HISTORIES
from ledger.domain.reconciliation import Flow, StatementKind
from ledger.reconciliation.asking import ours
from ledger.reconciliation.line import Line
from ledger.reconciliation.looking import facts_about
from tests.codec.vectors import requests_of

PAGE = 100


@pytest.fixture
def history(ledger: Ledger) -> Ledger:
    """An example of every kind, facts that were corrected, cleared and came back among them."""
    for turn, (movement, actor) in enumerate(requests_of(HISTORIES[0])):
        ledger.record(movement, actor, f"request-{turn}")
    return ledger


def told(ledger: Ledger, keys: list[int], through: date) -> dict[int, Line]:
    lines_on, _ = facts_about(ledger, keys)
    return {line.key: line for line in lines_on(through) if line.key in keys}


def whole(ledger: Ledger, through: date) -> dict[int, Line]:
    return {line.key: line for line in ours(ledger, StatementKind.TREASURY, "", through)[0]}


def test_each_line_by_itself_is_told_as_the_whole_log_tells_it(history: Ledger) -> None:
    """As of every day on which something happened."""
    days = {line.day for line in whole(history, date.max).values()}
    flows: set[Flow] = set()
    for through in (*sorted(days), date.max):
        every = whole(history, through)
        flows |= {line.flow for line in every.values()}
        for key, line in every.items():
            assert told(history, [key], through) == {key: line}
    assert flows == {Flow.PAYMENT, Flow.REJECTION, Flow.REFUND, Flow.RECEIPT}


@pytest.mark.parametrize("through", [date(2025, 4, 15), date(2025, 6, 30), date.max])
def test_a_page_of_the_demo_year_is_told_as_the_whole_log_tells_it(demo_ledger: Ledger, through: date) -> None:
    every = whole(demo_ledger, through)
    keys = sorted(every)
    for start in range(0, len(keys), PAGE):
        page = keys[start : start + PAGE]
        assert told(demo_ledger, page, through) == {key: every[key] for key in page}
