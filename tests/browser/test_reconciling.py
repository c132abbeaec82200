"""Finance reconciles in a real browser with the demo year's statement: uploads, matches, explains by keyboard; two sign it off."""

from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from ledger.access.demo import DemoPeople
from ledger.application import Ledger
from ledger.demo.statements import write_statements
from tests.browser.chromium import Looked
from tests.browser.conftest import LOCALES

pytestmark = pytest.mark.slow
WAIT = 30_000


@pytest.fixture(scope="module")
def statement(ledger: Ledger, tmp_path_factory: pytest.TempPathFactory) -> Path:
    with ledger.reading() as book:
        folder = write_statements(tmp_path_factory.mktemp("home"), book)
    return next(folder.glob("国库*.csv"))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_finance_uploads_matches_explains_and_signs_off(
    browser: Any, office: str, people: DemoPeople, statement: Path, language: str
) -> None:
    looked = Looked(browser.new_context(locale=LOCALES[language]), office)
    looked.sign_in("fin-1", people.password_of("fin-1"), "/reconcile")
    page, path = looked.page, f"/reconcile/treasury-{language}"
    page.fill("#name", f"treasury-{language}")
    page.click("main section form button")
    page.wait_for_url(f"**{path}*")

    page.set_input_files("#file", statement)
    page.wait_for_selector("#column-actual")
    assert page.input_value("#column-actual") == "实际支付金额"
    assert looked.axe() == []
    page.click("form[data-statement] button.button:not(.second)")
    page.click("section.job a.button", timeout=WAIT)
    page.wait_for_selector("#match-through")
    page.fill("#match-through", "2025-07-31")
    page.click("form[action*=matchings] button")
    page.wait_for_selector("section.job a.button", timeout=WAIT)
    assert looked.axe() == []
    page.click("section.job a.button")
    page.wait_for_url(f"**{path}/cases*")

    assert looked.axe() == []
    before = page.locator("tbody.case").count()
    page.focus("tbody.case input[name^='case.']")
    page.keyboard.press("j")
    case = page.evaluate("document.activeElement.name")
    page.keyboard.press("e")
    page.keyboard.type("国库按万元录入,已去函更正")
    page.keyboard.press("Enter")
    page.wait_for_selector("p.good")
    assert page.locator("tbody.case").count() == before - 1
    assert page.locator(f"input[name='{case}']").count() == 0
    page.wait_for_function("document.activeElement.name?.startsWith('case.')")
    page.check("input[data-side=theirs] >> nth=0")
    assert "0.00" in page.inner_text("[data-ticked]")

    match_across_pages(looked, path)
    looked.open(f"{path}/cases?status=MATCHED")
    page.focus("tbody.case input[name^='case.']")
    page.keyboard.press("a")
    page.wait_for_selector("p.good")
    assert page.locator("button[name=accept]").count() == page.locator("tbody.case").count() - 1

    looked.open(f"{path}/worklist?month=2025-07")
    assert looked.axe() == []
    page.click("button[name=sign_off]")
    proposal = page.locator("p.good a").inner_text()
    assert looked.complaints == looked.elsewhere == []
    sign_as_the_second(browser, office, people, proposal, language)
    looked.open(f"{path}/worklist?month=2025-07")
    assert page.locator("button[name=reopen]").count() == 1
    looked.context.close()


def match_across_pages(looked: Looked, path: str) -> None:
    """A line is ticked on one page, goes along to the next and under another filter, and is matched with a line there."""
    page = looked.page
    looked.open(f"{path}/cases?open_only=true&status=MISSING_IN_LEDGER&limit=1")
    page.check("tbody.case input[data-side=theirs] >> nth=0")
    chosen = page.locator("tbody.case input[data-side=theirs]").first.get_attribute("name")
    sums = page.inner_text("[data-ticked]")
    page.select_option("#status", "AMOUNT_DIFF")
    page.click("form.asks button")
    page.wait_for_url("**status=AMOUNT_DIFF*held=*")
    page.click("a.more")
    page.wait_for_url("**after=*")
    assert page.locator(f"ul.held input[name='{chosen}']").is_checked()
    assert page.inner_text("[data-ticked]") == sums
    page.select_option("#status", "MISSING_IN_TREASURY")
    page.click("form.asks button")
    page.wait_for_url("**status=MISSING_IN_TREASURY*")
    page.check("tbody.case input[data-side=ours] >> nth=0")
    assert looked.axe() == []
    page.fill("#reason", "同一笔")
    page.click("button[name=match]")
    page.wait_for_selector("p.good")
    assert page.locator("ul.held").count() == 0
    looked.open(f"{path}/cases?status=AMOUNT_DIFF")
    assert page.locator(f"tbody.case:has(input[name='{chosen}']) input[data-side=ours]").count() == 1


def sign_as_the_second(browser: Any, office: str, people: DemoPeople, proposal: str, language: str) -> None:
    """On the page of the proposal, to which the inbox leads."""
    with closing(browser.new_context(locale=LOCALES[language])) as context:
        looked = Looked(context, office)
        looked.sign_in("fin-2", people.password_of("fin-2"), "/inbox")
        looked.page.click(f"main a[href^='/inbox/{proposal}']")
        looked.page.locator("form#approve button").click()
        looked.page.locator("main [role=status] a[href^='/movements/']").wait_for()
        assert looked.complaints == []
