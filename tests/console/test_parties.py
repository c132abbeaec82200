"""Parties and what they promised to match: as the routes and sheet 8 have it, filtered, footing, explained."""

import re
from decimal import Decimal
from typing import Any

import pytest

from tests.api.desk import Desk
from tests.api.opening import credit_code
from tests.console.test_pages import HAN, page
from tests.console.test_projects import AMOUNT, asked, grouped

AMOUNTS = ("pledged", "due", "received", "gap")


def matching(desk: Desk, who: str = "std-1", **params: Any) -> Any:
    return asked(desk, who, "/v1/reports/matching", **params)


def foots(text: str) -> list[list[str]]:
    return [AMOUNT.findall(part) for part in re.findall(r"(?s)<tfoot.*?</tfoot>", text)]


def test_parties_are_found_by_code_and_name_in_pages(desk: Desk) -> None:
    first = asked(desk, "aud-1", "/v1/parties", limit=3)
    rest = asked(desk, "aud-1", "/v1/parties", limit=500, after=first["next"])
    assert len(first["parties"]) + len(rest["parties"]) == first["count"] == rest["count"] > 10
    one = first["parties"][0]
    for words in (one["credit_code"].lower(), one["name"]):
        found = asked(desk, "aud-1", "/v1/parties", q=words)
        assert one["credit_code"] in [line["credit_code"] for line in found["parties"]]
    assert "No party fits" in page(desk, "aud-1", "/parties", lang="en", q="<nothing>")


def test_a_party_has_its_projects_in_whatever_part(desk: Desk) -> None:
    projects = asked(desk, "std-1", "/v1/projects", limit=500)["projects"]
    code = next(line["recommender"]["credit_code"] for line in projects if "recommender" in line)
    own = asked(desk, "std-1", "/v1/projects", party=code, limit=100)
    text = page(desk, "std-1", f"/parties/{code}", lang="en")
    assert own["count"] > 0
    assert f"All {own['count']}, with their money" in text
    for line in own["projects"]:
        assert f'href="/projects/{line["project"]}?lang=en"' in text
    assert "Recommender" in text
    page(desk, "std-1", f"/parties/{credit_code(999)}", 404)


def test_pledges_are_those_of_sheet_8_and_foot(desk: Desk) -> None:
    sheet = matching(desk)
    text = page(desk, "std-1", "/pledges", lang="en", unit="yuan", limit="500")
    total = [grouped(str(sum(Decimal(row[name] or 0) for row in sheet["rows"]))) for name in AMOUNTS]
    assert len(sheet["rows"]) > 1
    assert foots(text) == [total, total]
    for row in sheet["rows"]:
        line = text[text.index(f'<th scope="row" class="c">{row["pledge"]}</th>') :]
        assert AMOUNT.findall(line[: line.index("</tr>")]) == [grouped(row[name] or "0") for name in AMOUNTS]


def test_pledges_by_who_promised_and_how_they_stand(desk: Desk) -> None:
    rows = matching(desk)["rows"]
    for standing, fits in (
        ("OVERDUE", lambda row: Decimal(row["gap"] or 0) > 0),
        ("ARRIVED", lambda row: row["pledged"] == row["received"]),
    ):
        own = [row for row in rows if fits(row)]
        text = page(desk, "std-1", "/pledges", lang="en", unit="yuan", standing=standing)
        total = [grouped(str(sum(Decimal(row[name] or 0) for row in own))) for name in AMOUNTS]
        assert foots(text) == ([total, total] if own else [])
    code = rows[0]["credit_code"]
    text = page(desk, "std-1", "/pledges", lang="en", unit="yuan", q=code)
    own = [row for row in rows if row["credit_code"] == code]
    assert foots(text)[0][0] == grouped(str(sum(Decimal(row["pledged"]) for row in own)))
    assert "No pledge fits" in page(desk, "std-1", "/pledges", lang="en", q="<nothing>")


@pytest.mark.parametrize("path", ["/pledges", "/pledges?effective=2025-03-31"])
def test_figures_lead_to_what_makes_them(desk: Desk, path: str) -> None:
    text = page(desk, "aud-1", path, lang="en", unit="yuan")
    links = re.findall(r'class="amount" href="([^"]+)"[^>]*>([^<]+)<', text)
    assert len(links) > 3
    for link, amount in links[:: max(1, len(links) // 10)]:
        behind = page(desk, "aud-1", link.replace("&amp;", "&"))
        assert re.search(f'class="big"><span class="amount"[^>]*>{re.escape(amount)}</span>', behind), link


def test_pages_of_pledges_have_the_same_total(desk: Desk) -> None:
    first = page(desk, "std-1", "/pledges", unit="yuan", limit="2")
    more = re.search(r'class="more" href="([^"]+)"', first)
    assert more
    second = page(desk, "std-1", more[1].replace("&amp;", "&"))
    assert foots(second) == foots(first)[1:]


@pytest.mark.parametrize("path", ["/pledges?x=1", "/parties?x=1", "/parties?q=12150099MB0001007K"])
def test_in_english_it_holds_no_chinese_but_names(desk: Desk, path: str) -> None:
    text = page(desk, "std-1", path + "&lang=en").replace("中文", "")
    assert not HAN.search(re.sub(r'(?s)"recorded"[^>]*>.*?<', "<", text))
