"""Finance reconciles in a real browser with the demo year's statement: uploads, matches, explains by keyboard; two sign it off."""

from pathlib import Path
from typing import Any

import httpx2
import pytest

from ledger.access.demo import DemoPeople
from ledger.application import Ledger, business_day
from ledger.demo.statements import write_statements
from tests.api.desk import Desk, done
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

    looked.open(f"{path}/cases?status=MATCHED")
    page.focus("tbody.case input[name^='case.']")
    page.keyboard.press("a")
    page.wait_for_selector("p.good")
    assert page.locator("button[name=accept]").count() == page.locator("tbody.case").count() - 1

    looked.open(f"{path}/worklist?month=2025-07")
    assert looked.axe() == []
    page.click("button[name=sign_off]")
    page.wait_for_selector("p.good")
    assert looked.complaints == looked.elsewhere == []
    sign_as_the_second(office, people, f"treasury-{language}")
    looked.open(f"{path}/worklist?month=2025-07")
    assert page.locator("button[name=reopen]").count() == 1
    looked.context.close()


def sign_as_the_second(office: str, people: DemoPeople, source: str) -> None:
    with httpx2.Client(base_url=office) as client:
        desk = Desk(client, people)
        found = next(one for one in desk.get("aud-1", "/v1/reconciliations")["sources"] if one["source"] == source)
        waiting = next(one for one in found["months"] if one["state"] == "WAITING")
        done(desk.approve("fin-2", waiting["sign_off"]["proposal"], effective_on=business_day().isoformat()))
