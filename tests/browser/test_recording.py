"""From the demo to an allocation that is recorded and approved in at most ten clicks, and no form is recorded twice."""

from contextlib import closing
from typing import Any

import pytest

from ledger.access.demo import DemoPeople
from ledger.application import Ledger
from tests.browser.chromium import Looked
from tests.browser.conftest import LOCALES
from tests.browser.recording import AMOUNT, record_and_approve

pytestmark = pytest.mark.slow
CLICKS_MAX = 10


def last(ledger: Ledger) -> int:
    with ledger.reading() as book:
        return book.number


@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_allocation_is_recorded_and_approved_in_ten_clicks(
    browser: Any, office: str, people: DemoPeople, ledger: Ledger, language: str
) -> None:
    before = last(ledger)
    with closing(browser.new_context(locale=LOCALES[language])) as context:
        looked = Looked(context, office)
        clicks = record_and_approve(looked, people)
        assert clicks <= CLICKS_MAX
        assert looked.axe() == []
        looked.page.locator("main [role=status] a").first.click()
        looked.page.wait_for_url("**/movements/**")
        recorded = ledger.recorded(int(looked.page.url.partition("/movements/")[2].partition("?")[0]))
        assert looked.complaints == []
    assert recorded is not None
    assert recorded.movement.kind == "FundsAllocated"
    assert recorded.movement.amount == int(AMOUNT.replace(".", ""))  # type: ignore[attr-defined]
    assert last(ledger) == before + 3  # submitted, approved, recorded: each once


def test_a_double_click_submits_once(browser: Any, office: str, people: DemoPeople, ledger: Ledger) -> None:
    before = last(ledger)
    with closing(browser.new_context(locale="en-GB")) as context:
        looked = Looked(context, office)
        address = "/record/FundsAllocated?effective_on=2025-12-20&fund=STIDF&vintage=2025&special=RDT-KRD&amount=1.00"
        looked.sign_in("std-1", people.password_of("std-1"), address)
        looked.page.locator("button[value=record]").dblclick()
        looked.page.wait_for_url("**/inbox/**")
        looked.page.wait_for_load_state("networkidle")
    assert last(ledger) == before + 1
