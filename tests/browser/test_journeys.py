"""What people do at the console, click by click, in a real browser."""

from collections.abc import Callable
from typing import Any

import pytest

from ledger.access.demo import DemoPeople
from tests.browser.chromium import Looked

pytestmark = pytest.mark.slow
Window = Callable[[str, str], Looked]


@pytest.mark.parametrize("who", ["fin-1", "std-1", "aud-1"])
@pytest.mark.parametrize(("language", "heading"), [("zh", "首页"), ("en", "Home")])
def test_each_user_signs_in_and_comes_home(window: Window, who: str, language: str, heading: str) -> None:
    page = window(who, language).page
    window(who, language).open("/")
    assert page.inner_text("h1") == heading
    assert page.locator("canvas").count() == 2


def test_a_figure_is_clicked_through_to_its_proof_and_back(window: Window) -> None:
    looked = window("aud-1", "en")
    looked.open("/?unit=yuan")
    page = looked.page
    page.locator("details").first.locator("summary").click()
    figure = page.locator("details a.amount").first
    said = figure.inner_text()
    figure.click()
    assert page.inner_text(".big .amount") == said
    assert "Proven" in page.inner_text("main")
    page.go_back()
    assert page.inner_text("h1") == "Home"


def test_lines_go_on_without_loading_the_page_again(window: Window) -> None:
    looked = window("aud-1", "en")
    looked.open("/explain?by=plan&figure=disbursed&key=BAS&limit=5&unit=yuan")
    page = looked.page
    page.evaluate("window.stayed = true")
    page.click("a.more")
    page.wait_for_url("**after=*")
    page.get_by_text("Brought forward").wait_for()
    assert page.evaluate("window.stayed") is True
    assert looked.complaints == []


def test_switches_keep_the_rest_of_the_address(window: Window) -> None:
    looked = window("fin-1", "zh")
    looked.open("/explain?by=plan&figure=available&key=BAS&at=9000")
    page = looked.page
    page.get_by_role("link", name="亿元").click()
    page.get_by_role("link", name="English").click()
    assert "100 million yuan" in page.inner_text("main")
    assert {"at=9000", "unit=yi", "lang=en", "key=BAS"} <= set(page.url.partition("?")[2].split("&"))


def test_the_keyboard_reaches_the_content_first(window: Window) -> None:
    looked = window("fin-1", "en")
    looked.open("/")
    looked.page.keyboard.press("Tab")
    assert looked.page.evaluate("document.activeElement.textContent") == "Skip to content"
    looked.page.keyboard.press("Enter")
    assert looked.page.evaluate("document.activeElement.id") == "content"


def test_dark_is_chosen_and_kept(window: Window) -> None:
    looked = window("std-1", "en")
    looked.open("/account?unit=yi")
    page = looked.page
    page.get_by_role("button", name="Dark").click()
    assert page.url.endswith("/account?unit=yi")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(20, 25, 29)"
    assert looked.axe() == []
    page.get_by_role("button", name="Light").click()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


def test_whoever_signs_out_is_out_and_a_wrong_password_is_said(browser: Any, console: str, people: DemoPeople) -> None:
    looked = Looked(browser.new_context(locale="en-GB"), console)
    page = looked.page
    looked.sign_in("fin-2", "not the password", "/account")
    assert "do not fit" in page.inner_text("[role=alert]")
    assert looked.axe() == []
    page.fill("#password", people.password_of("fin-2"))
    page.click("main form button")
    assert page.url == f"{console}/account"
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in")
    assert looked.axe() == []
    looked.open("/account")
    assert "/sign-in" in page.url
    looked.context.close()


def test_pages_work_without_script(browser: Any, console: str, people: DemoPeople) -> None:
    looked = Looked(browser.new_context(locale="en-GB", java_script_enabled=False), console)
    looked.sign_in("aud-1", people.password_of("aud-1"), "/explain?by=plan&figure=disbursed&key=BAS&limit=5")
    assert looked.page.inner_text("h1") == "Disbursed"
    looked.page.click("a.more")
    assert "after=" in looked.page.url
    looked.context.close()
