"""Funded more than once, over the demo year: what the books hold of each project, and the page says what the route answers."""

import re
from collections import defaultdict
from decimal import Decimal
from html import unescape

from ledger.application import Ledger
from ledger.domain.project import PROJECTS
from tests.api.desk import Desk, refused
from tests.console.test_pages import page

FUNDED = ("B220", "B230", "B240", "B245")


def test_amounts_are_those_of_the_book_each_yuan_once(desk: Desk, demo_ledger: Ledger) -> None:
    with demo_ledger.reading() as book:
        held: dict[str, int] = defaultdict(int)
        for account, fen in book.balances.items():
            if account.code in FUNDED and account.project:
                held[account.project] += fen
        undertakers = {code: project.undertaker for code, project in PROJECTS.items(book)}
    found = desk.get("aud-1", "/v1/duplicates", basis="UNDERTAKER", limit=500)
    told = {one["project"]: one for group in found["groups"] for one in group["projects"]}
    assert {code: int(Decimal(one["amount"]).scaleb(2)) for code, one in told.items()} == {
        code: held[code] for code in told
    }
    for group in found["groups"]:
        assert len({undertakers[one["project"]] for one in group["projects"]}) == 1
        assert Decimal(group["amount"]) == sum(Decimal(one["amount"]) for one in group["projects"])
    several = defaultdict(set)
    for code, fen in held.items():
        if fen > 0:
            several[undertakers[code]].add(code)
    assert set(told) == set().union(*(codes for codes in several.values() if len(codes) > 1))


def test_of_titles_it_finds_what_the_demo_year_means_to_be_found_and_nothing_else(desk: Desk) -> None:
    found = desk.get("aud-1", "/v1/duplicates", basis="TITLE")["groups"]
    assert [{one["project"] for one in group["projects"]} for group in found] == [
        {"RDT-CHN-031", "CAP-COP-014"},
        {"RDT-KRD-052", "NSF-0172"},
    ]
    assert [len({one["title"] for one in group["projects"]}) for group in found] == [1, 2], "the same, and nearly"


def test_the_page_says_what_the_route_answers_page_by_page(desk: Desk) -> None:
    found = desk.get("fin-1", "/v1/duplicates", alike=95, limit=3)
    text = unescape(page(desk, "fin-1", "/duplicates", alike="95", limit="3", lang="en", unit="yuan"))
    expected = []
    for group in found["groups"]:
        expected += [group["amount"], *(one["amount"] for one in group["projects"])]
    assert re.findall(r'class="amount"[^>]*>([^<]+)<', text) == [f"{Decimal(one):,.2f}" for one in expected]
    assert f"{found['count']} groups" in text
    following = desk.get("fin-1", "/v1/duplicates", alike=95, limit=3, after=found["next"])
    assert following["groups"][0] not in found["groups"]
    assert f"after={found['next']}" in text


def test_it_is_for_auditors_and_finance(desk: Desk) -> None:
    for who in ("pm-1", "com-1", "und-1"):
        refused(desk.read(who, "/v1/duplicates"), "NOT_FOR_THIS_ROLE", 403)
    refused(desk.read("aud-1", "/v1/duplicates", alike=20), "MALFORMED", 422)
