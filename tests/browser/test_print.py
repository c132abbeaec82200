"""What is printed: few pages, nothing cut off, with headings, totals and unit, in text that can be searched; nothing to act on."""

from collections.abc import Callable, Iterator

import pytest

from ledger.application import Ledger
from tests.browser.chromium import Looked
from tests.browser.conftest import serving_console
from tests.browser.printed import normal, pages_of

pytestmark = pytest.mark.slow
Window = Callable[[str, str], Looked]
SHEET = "/v1/reports/{}?format=html&language=LANGUAGE"
PAPER = {"width": 1047, "height": 718}
"""What its margins leave of A4 across, in pixels."""
SHRUNK_MAX = 1.5
"""Chromium makes what is wider than the paper smaller, and cuts off what is wider than twice that."""
STATEMENT_PAGES_MAX = 30
"""Of 1,147 lines: the cases of a year, one in a line."""
STATEMENT = {
    "zh": ("对账单", "收款人", "余额调节表"),
    "en": ("Reconciliation", "Payee", "Statement of both balances"),
}
UNIT = {"zh": "万元", "en": "10,000 yuan"}
TOTAL = {"zh": "合计", "en": "Total"}


@pytest.fixture(scope="module")
def console(ledger: Ledger) -> Iterator[str]:
    """Over a demo year of its own, in which a statement was matched."""
    with serving_console(ledger) as address:
        yield address


def printed(looked: Looked, path: str) -> list[str]:
    """The text of each page, once it was seen that nothing is cut off at its right, and nothing there to act on."""
    page = looked.page
    page.set_viewport_size(PAPER)
    assert looked.open(path).status == 200
    page.emulate_media(media="print")
    try:
        assert page.evaluate("document.documentElement.scrollWidth") <= SHRUNK_MAX * PAPER["width"]
        assert not any(one.is_visible() for one in page.locator("main button, main input, .exports").all())
    finally:
        page.emulate_media(media="null")
        page.set_viewport_size({"width": 1440, "height": 900})
    return pages_of(page.pdf(prefer_css_page_size=True))


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(
    ("who", "path", "pages_max"),
    [
        ("std-1", "/availability", 1),
        ("std-1", SHEET.format("availability") + "&unit=wan", 1),
        ("fin-1", "/", 2),
        ("std-1", "/projects/MSP-BRK-001", 2),
        ("std-1", SHEET.format("project-card") + "&unit=wan&project=MSP-BRK-001", 3),
    ],
    ids=["availability", "sheet-12", "home", "project", "sheet-10"],
)
def test_it_prints_on_few_pages(
    window: Window, opened: dict[str, str], who: str, path: str, pages_max: int, language: str
) -> None:
    pages = printed(window(who, language), path.replace("LANGUAGE", language))
    assert 1 <= len(pages) <= pages_max
    text = "".join(pages)
    assert normal(UNIT[language]) in text
    if path != "/":
        assert normal(TOTAL[language]) in text


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_statement_has_its_header_on_every_page_and_ends_with_both_balances(
    window: Window, opened: dict[str, str], language: str
) -> None:
    asked = "&unit=yuan&source=treasury&effective=2025-06-30"
    pages = printed(window("fin-1", language), SHEET.format("reconciliation").replace("LANGUAGE", language) + asked)
    title, payee, foot = STATEMENT[language]
    assert len(pages) <= STATEMENT_PAGES_MAX
    assert normal(title) in pages[0]
    assert all(normal(payee) in page for page in pages[:-1])
    assert all(f"Page{number}of{len(pages)}" in page for number, page in enumerate(pages, 1))
    assert normal(foot) in pages[-1]
    assert "演示承担单位42" in pages[0]
    assert normal(TOTAL[language]) in "".join(pages[-2:])
