"""What is printed: availability on one page, the overview on two at most, without what is there to act on."""

import re
from collections.abc import Callable

import pytest

from tests.browser.chromium import Looked

pytestmark = pytest.mark.slow
Window = Callable[[str, str], Looked]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(("who", "path", "pages"), [("std-1", "/availability", 1), ("fin-1", "/", 2)])
def test_it_prints_on_few_pages(window: Window, who: str, path: str, pages: int, language: str) -> None:
    looked = window(who, language)
    looked.open(path)
    printed = looked.page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) <= pages
    looked.page.emulate_media(media="print")
    try:
        assert not any(one.is_visible() for one in looked.page.locator("main form, .exports").all())
    finally:
        looked.page.emulate_media(media="screen")
