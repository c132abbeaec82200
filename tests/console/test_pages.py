"""What pages say: both languages, units, moments, problems as pages, and nothing that another could have put there."""

import re
from pathlib import Path

import httpx2
import pytest
from fastapi import FastAPI

from api.console.shell import TEMPLATES
from tests.api.conftest import in_process
from tests.api.desk import Desk

FORM = {"Sec-Fetch-Site": "same-origin"}
HAN = re.compile(r"[\u4e00-\u9fff]")


def page(desk: Desk, who: str, path: str, status: int = 200, **params: str) -> str:
    answer = desk.client.get(path, headers=desk.session(who), params=params or None)
    assert answer.status_code == status, answer.text
    return answer.text


def test_a_page_may_load_nothing_from_elsewhere_and_is_not_kept(desk: Desk) -> None:
    answer = desk.client.get("/", headers=desk.session("fin-1"))
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'self';")
    assert "unsafe" not in policy
    assert answer.headers["cache-control"] == "no-store"
    assert not re.search(r"<script(?![^>]*src=)|<style|\sstyle=|\son\w+=|https?:", answer.text)


def test_what_a_page_loads_is_there_and_kept_for_good(desk: Desk) -> None:
    text = desk.client.get("/sign-in").text
    for file in re.findall(r'(?:src|href)="(/static/[^"]+)"', text):
        answer = desk.client.get(file)
        assert answer.status_code == 200, file
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert answer.headers["etag"]
    assert desk.client.get("/static/own/console.css").headers["cache-control"] == "no-cache"


def test_one_signs_in_and_comes_to_where_one_wanted(demo_app: FastAPI, desk: Desk) -> None:
    with in_process(demo_app) as client:
        led = client.get("/?unit=yi", follow_redirects=False)
        assert led.headers["location"] == "/sign-in?unit=yi&return_to=%2F%3Funit%3Dyi"
        sent = {"login": "aud-1", "password": desk.people.password_of("aud-1"), "code": "", "return_to": "/?unit=yi"}
        answer = client.post("/sign-in", data=sent, headers=FORM, follow_redirects=False)
        assert (answer.status_code, answer.headers["location"]) == (303, "/?unit=yi")
        assert "HttpOnly" in answer.headers["set-cookie"]
        assert client.get("/").status_code == 200
        client.post("/sign-out", headers=FORM)
        assert client.get("/", follow_redirects=False).status_code == 303


@pytest.mark.parametrize("there", ["//evil.example", "https://evil.example", "/\\evil.example", "evil", "/a b"])
def test_nobody_is_led_elsewhere(demo_app: FastAPI, desk: Desk, there: str) -> None:
    with in_process(demo_app) as client:
        sent = {"login": "aud-1", "password": desk.people.password_of("aud-1"), "return_to": there}
        assert client.post("/sign-in", data=sent, headers=FORM, follow_redirects=False).headers["location"] == "/"
        assert 'name="return_to" value="/"' in client.get("/sign-in", params={"return_to": there}).text


def test_what_was_typed_stays_but_for_the_password(demo_app: FastAPI) -> None:
    with in_process(demo_app) as client:
        sent = {"login": "fin-1", "password": "not-it-at-all", "return_to": "/explain"}
        answer = client.post("/sign-in", data=sent, headers=FORM, params={"lang": "en"})
    assert answer.status_code == 401
    assert 'value="fin-1"' in answer.text
    assert "not-it-at-all" not in answer.text
    assert 'value="/explain"' in answer.text
    assert "Login, password or code do not fit" in answer.text


@pytest.mark.parametrize("headers", [{}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}])
def test_a_form_from_elsewhere_does_nothing(demo_app: FastAPI, desk: Desk, headers: dict[str, str]) -> None:
    with in_process(demo_app) as client:
        sent = {"login": "aud-1", "password": desk.people.password_of("aud-1")}
        answer = client.post("/sign-in", data=sent, headers=headers, follow_redirects=False)
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


def test_the_address_chooses_language_and_unit(desk: Desk) -> None:
    zh, en = page(desk, "fin-1", "/", lang="zh"), page(desk, "fin-1", "/", lang="en", unit="yuan")
    assert ('<html lang="zh-CN">' in zh, '<html lang="en">' in en) == (True, True)
    assert ("(万元)" in zh, "(yuan)" in en, "(10,000 yuan)" in en) == (True, True, False)
    assert 'href="/?lang=en"' in zh
    assert 'href="/?lang=en&amp;unit=yi"' in en


def test_an_english_page_holds_no_chinese_but_names(desk: Desk) -> None:
    for path, params in (("/", {}), ("/account", {}), ("/explain", {"by": "plan", "figure": "total", "whole": "true"})):
        text = page(desk, "aud-1", path, lang="en", **params)
        text = re.sub(r'(?s)class="recorded">.*?<', "<", text).replace(
            "中文", ""
        )  # as recorded; the other language's name
        text = re.sub(r"[一二三四五六]\([一二三四五六]\)\d*", "", text)  # clauses of the notice
        assert not HAN.search(text), HAN.findall(text)


def test_a_figure_leads_to_what_makes_it(desk: Desk) -> None:
    text = page(desk, "aud-1", "/", lang="en", unit="yuan")
    links = re.findall(r'class="amount" href="([^"]+)"[^>]*>([^<]+)<', text)
    assert len(links) > 50
    for link, amount in [*links[::17], *links[-6:]]:
        behind = page(desk, "aud-1", link.replace("&amp;", "&"))
        assert re.search(f'class="big"><span class="amount"[^>]*>{re.escape(amount)}</span>', behind)
        assert "Proven" in behind


def test_pages_of_lines_follow_on_each_other(desk: Desk) -> None:
    asked = {"by": "plan", "figure": "disbursed", "key": "BAS", "limit": "5", "unit": "yuan"}
    first = page(desk, "aud-1", "/explain", **asked)
    more = re.search(r'class="more" href="([^"]+)"', first)
    assert more
    address = more[1].replace("&amp;", "&")
    assert "承前页" in page(desk, "aud-1", address)
    part = desk.client.get(address, headers=desk.session("aud-1") | {"HX-Request": "true"}).text
    assert "<html" not in part
    assert "承前页" in part


def test_what_goes_wrong_is_told_on_a_page(desk: Desk) -> None:
    text = page(desk, "fin-1", "/explain", 422, by="moon", figure="available", lang="en")
    assert "The request is malformed" in text
    assert "application/json" not in text
    assert "未找到" in page(desk, "fin-1", "/explain", 404, by="special", figure="available", key="NONE", lang="zh")
    assert "knows nothing of that moment" in page(desk, "fin-1", "/", 422, at="999999999", lang="en")


@pytest.mark.parametrize(
    ("accept", "said"), [("text/html,*/*", "text/html; charset=utf-8"), ("*/*", "application/problem+json")]
)
def test_an_address_that_nobody_wrote_is_told_as_one_asks(desk: Desk, accept: str, said: str) -> None:
    headers = desk.session("fin-1") | {"Accept": accept}
    for path, to_browsers in (("/nowhere", True), ("/v1/nowhere", False), ("/static/own/none.css", False)):
        answer = desk.client.get(path, headers=headers)
        assert answer.status_code == 404
        assert answer.headers["content-type"] == (said if to_browsers else "application/problem+json"), path


def test_who_keeps_the_service_sees_no_money(desk: Desk) -> None:
    text = page(desk, "adm-1", "/", lang="en")
    assert "This role keeps the service" in text
    assert 'class="amount"' not in text


def test_a_programme_manager_sees_only_their_specials(desk: Desk) -> None:
    text = page(desk, "pm-1", "/", lang="zh")
    assert "重点研发和成果转化专项" in text
    assert "自然科学基金项目" not in text


def test_light_or_dark_is_kept_in_the_browser(demo_app: FastAPI) -> None:
    with in_process(demo_app) as client:
        sent = {"theme": "dark", "return_to": "/sign-in"}
        answer: httpx2.Response = client.post("/theme", data=sent, headers=FORM)
    assert 'data-theme="dark"' in answer.text


@pytest.mark.parametrize("template", sorted(TEMPLATES.glob("*.html")), ids=lambda path: path.name)
def test_no_template_lets_anything_through_unescaped(template: Path) -> None:
    text = template.read_text("utf-8")
    assert not re.search(r"\|\s*safe\b|autoescape|Markup|\sstyle=|\son[a-z]+=|javascript:", text)


def test_what_is_refused_before_any_page_is_asked_is_told_on_a_page(desk: Desk) -> None:
    sent = {**desk.session("fin-1"), "Accept": "text/html", "Sec-Fetch-Site": "cross-site", "Accept-Language": "en"}
    answer = desk.client.post("/sign-out", headers=sent)
    assert (answer.status_code, answer.headers["content-type"]) == (403, "text/html; charset=utf-8")
    assert "CROSS_SITE" in answer.text
    program = desk.client.post("/sign-out", headers=sent | {"Accept": "*/*"})
    assert (program.status_code, program.headers["content-type"]) == (403, "application/problem+json")
