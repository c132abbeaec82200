"""A list put together in a browser: refused in place, moved, taken along where the language is switched, fit for a telephone."""

from collections.abc import Callable

import pytest

from tests.browser.chromium import Looked

pytestmark = pytest.mark.slow


def add(looked: Looked, special: str, amount: str) -> None:
    """A line of the list."""
    page = looked.page
    page.select_option("#new_kind", "FundsAllocated")
    page.click("button[value=choose]")
    for field, value in (("effective_on", "2025-12-20"), ("vintage", "2025"), ("amount", amount)):
        page.fill(f"#{field}", value)
    page.select_option("#fund", "STIDF")
    page.select_option("#special", special)
    page.click("button[value=keep].button")
    page.wait_for_selector("#new_kind")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_list_is_put_together_tried_and_kept(window: Callable[[str, str], Looked], language: str) -> None:
    looked = window("std-1", language)
    looked.open("/what-if/list")
    add(looked, "RDT-KRD", "99999999999")
    add(looked, "MSP-BRK", "1")
    page = looked.page
    assert page.locator("main form tbody tr").count() == 2
    assert page.locator("main form tbody .bad").count() == 1
    page.click("button[value='up:2']")
    page.wait_for_load_state("networkidle")
    assert "MSP-BRK" in page.locator("main form tbody tr").first.inner_text()
    assert looked.axe() == []
    page.set_viewport_size({"width": 390, "height": 800})
    try:
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        assert looked.axe() == []
    finally:
        page.set_viewport_size({"width": 1440, "height": 900})
    page.click("button[value='edit:1']")
    page.fill("#amount", "12")
    page.click(f"header button[lang={'en' if language == 'zh' else 'zh-CN'}]")
    page.wait_for_load_state("networkidle")
    assert page.evaluate("document.documentElement.lang")[:2] == ("en" if language == "zh" else "zh")
    assert (page.input_value("#amount"), page.locator("main form tbody tr").count()) == ("12", 2)
    assert looked.complaints == []
