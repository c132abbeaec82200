"""An auditor replays the demo year in a browser: a double click begins one, the bar goes on to what it found."""

import re
from collections.abc import Callable

import pytest

from tests.browser.chromium import Looked

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_replay_is_begun_once_and_leads_to_what_it_found(window: Callable[[str, str], Looked], language: str) -> None:
    looked = window("aud-1", language)
    looked.open("/time-machine?at=3000")
    looked.page.click("main a[href^='/replay']")
    assert looked.page.input_value("#last") == "3000"
    before = looked.page.locator("main tbody tr").count()
    looked.page.dblclick("main form .button")
    looked.page.wait_for_selector("main p.good", timeout=60_000)
    assert re.search(r"/replay/\d+$", looked.page.url)
    assert "3000" in looked.page.inner_text("main p.good")
    assert looked.axe() == []
    assert looked.complaints == []
    looked.open("/replay")
    assert looked.page.locator("main tbody tr").count() == before + 1
