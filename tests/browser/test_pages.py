"""Every page in a real browser, in both languages: accessible, without errors, of one host, small, and translated whole."""

import re
from collections.abc import Callable, Iterator

import pytest

from ledger.application import Ledger
from tests.browser.chromium import SCRIPT_BYTES_MAX, Looked
from tests.browser.conftest import serving_console
from tests.browser.pages import PAGES, Walked

pytestmark = pytest.mark.slow
Window = Callable[[str, str], Looked]
HAN = re.compile(r"[\u4e00-\u9fff]")
ENGLISH = re.compile(r"[A-Za-z][a-z]{2,} [a-z]{3,}")
CLAUSE = re.compile(r"[一二三四五六七八九十]\([一二三四五六七八九十]\)\d*")
"""Where the notice says it: the same in both languages."""


@pytest.fixture(scope="module")
def console(ledger: Ledger) -> Iterator[str]:
    """Over a demo year of its own, in which something is open."""
    with serving_console(ledger) as address:
        yield address


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("walked", PAGES, ids=[one.name for one in PAGES])
def test_a_page_is_accessible_quiet_small_and_in_one_language(
    window: Window, opened: dict[str, str], walked: Walked, language: str
) -> None:
    looked = window(walked.who, language)
    answer = walked.open(looked, opened)
    if answer.status < 400:  # of a problem's page the browser itself says so
        assert looked.complaints == []
    assert looked.elsewhere == []
    assert 0 < looked.script_bytes <= SCRIPT_BYTES_MAX
    assert looked.axe() == []
    other = HAN if language == "en" else ENGLISH
    assert [text for text in looked.texts() if other.search(CLAUSE.sub("", text))] == []
    assert looked.page.evaluate("document.documentElement.lang")[:2] == language


@pytest.mark.parametrize("walked", PAGES, ids=[one.name for one in PAGES])
def test_a_page_fits_a_telephone_and_is_as_good_in_the_dark(
    window: Window, opened: dict[str, str], walked: Walked
) -> None:
    looked = window(walked.who, "zh")
    looked.page.set_viewport_size({"width": 390, "height": 800})
    looked.page.emulate_media(color_scheme="dark")
    try:
        walked.open(looked, opened)
        assert looked.page.evaluate("document.documentElement.scrollWidth") <= 390
        assert looked.axe() == []
    finally:
        looked.page.set_viewport_size({"width": 1440, "height": 900})
        looked.page.emulate_media(color_scheme="light")
