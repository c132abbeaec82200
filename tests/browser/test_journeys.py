"""What people do at the console, click by click, in a real browser."""

import csv
import io
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
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


@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_auditor_follows_a_figure_of_then_to_what_was_recorded_and_takes_the_table_along(
    window: Window, language: str
) -> None:
    looked = window("aud-1", language)
    looked.open("/time-machine?at=5000&unit=yuan")
    page = looked.page
    figure = page.locator("main table a.amount:not(:text-is('0.00'))").first
    said = figure.inner_text()
    figure.click()
    page.wait_for_url("**/explain?**at=5000**")
    assert page.inner_text(".big .amount") == said
    with page.expect_download() as download:
        page.locator("a[download][href*='export=csv']").last.click()
    columns, *lines = list(csv.reader(io.StringIO(Path(download.value.path()).read_text("utf-8-sig"))))
    change = len(columns) - 2
    assert sum(Decimal(line[change]) for line in lines if line[0]) == Decimal(said.replace(",", ""))
    page.locator("main tbody a[href^='/movements/']").first.click()
    page.wait_for_url("**/movements/*")
    number = page.url.partition("/movements/")[2].partition("?")[0]
    assert number in page.inner_text("h1")
    assert int(number) <= 5000
    assert page.locator("main tbody a.amount, main tbody .amount").count() >= 2
    looked.open("/diff")
    page.locator("main p a").first.click()
    page.wait_for_url("**/diff?**")
    assert page.locator("main tbody a.amount").count() >= 1
    assert looked.complaints == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_programme_manager_asks_what_is_available_and_why_the_rest_is_not(window: Window, language: str) -> None:
    looked = window("pm-1", language)
    looked.open("/availability?unit=yuan")
    page = looked.page
    page.locator("main tbody.tree th.under a").first.click()
    page.wait_for_url("**/availability/*")
    page.locator("main a.amount").first.click()
    page.wait_for_url("**/explain?**")
    assert page.locator(".big .amount").count() == 1
    assert looked.complaints == []
