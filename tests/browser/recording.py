"""From the sign-in to an allocation that is recorded and approved: what two people do, click by click.

The test counts the clicks, and ``make screenshots`` takes the pictures of the README on the way.
"""

from collections.abc import Callable
from typing import Any

from ledger.access.demo import DemoPeople
from tests.browser.chromium import Looked

ON = "2025-12-20"
AMOUNT = "100000.00"


class Clicks:
    """Clicks on a page, counted. Typing, and choosing from a list by keyboard, are none."""

    def __init__(self, looked: Looked) -> None:
        self.page, self.count = looked.page, 0

    def on(self, what: str) -> None:
        self.count += 1
        self.page.locator(what).first.click()
        self.page.wait_for_load_state("networkidle")


def record_and_approve(looked: Looked, people: DemoPeople, shown: Callable[[str], Any] = lambda name: None) -> int:
    """The science department proposes an allocation, finance approves it; how many clicks it took.

    ``shown``: is told at each step worth a picture what it is called. Leaves the page of the proposal, which says its number.
    """
    page, clicks = looked.page, Clicks(looked)
    looked.open("/")
    _sign_in(clicks, people, "std-1")
    clicks.on("nav a[href^='/record']")
    clicks.on("a[href^='/record/FundsAllocated']")
    page.fill("[name=effective_on]", ON)
    page.select_option("[name=fund]", "STIDF")
    page.fill("[name=vintage]", "2025")
    page.select_option("[name=special]", "RDT-KRD")
    page.fill("[name=amount]", AMOUNT)
    page.locator("#effect table").first.wait_for()
    shown("record")
    clicks.on("button[value=record]")
    page.wait_for_url("**/inbox/**")
    clicks.on("form[action^='/sign-out'] button")
    _sign_in(clicks, people, "fin-1")
    clicks.on("main a[href^='/inbox/']")
    shown("approve")
    clicks.on("form#approve button")
    page.locator("main [role=status] a[href^='/movements/']").wait_for()
    shown("recorded")
    return clicks.count


def _sign_in(clicks: Clicks, people: DemoPeople, who: str) -> None:
    clicks.page.fill("#login", who)
    clicks.page.fill("#password", people.password_of(who))
    clicks.on("main form button")
