"""The register of projects and the card of one: as the routes have them, filtered by the address, footing, explained."""

import re
from decimal import Decimal
from html import unescape
from typing import Any

import pytest

from ledger.projections.figures import FIGURES
from tests.api.desk import Desk
from tests.console.test_pages import HAN, page

AMOUNT = re.compile(r'class="amount"[^>]*>([^<]+)<')
ROW = re.compile(r'(?s)<tr><th scope="row"><a href="/projects/([^"?]+)[^>]*>(.*?)</tr>')
BRK = "MSP-BRK"


def asked(desk: Desk, who: str, path: str, **params: Any) -> Any:
    answer = desk.client.get(path, headers=desk.session(who), params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()


def grouped(yuan: str) -> str:
    return f"{Decimal(yuan):,.2f}"


def heads(text: str) -> list[str]:
    return [unescape(name) for name in re.findall(r'<th scope="col" class="n">([^<]+)<span', text)]


def foot(text: str) -> list[str]:
    return AMOUNT.findall(text[text.index("<tfoot") : text.index("</tfoot>")])


def test_every_figure_is_that_of_the_balances_and_the_total_is_of_all_pages(desk: Desk) -> None:
    text = page(desk, "std-1", "/projects", lang="en", unit="yuan", special=BRK)
    balances = asked(desk, "std-1", "/v1/balances", by="project", special=BRK, limit=500)
    rows = {row["key"]: row["figures"] for row in balances["rows"] if row["key"]}
    keys = [next(key for key, called in FIGURES.items() if called.en == name) for name in heads(text)]
    listed = {code: AMOUNT.findall(cells) for code, cells in ROW.findall(text)}
    assert len(keys) > 3
    assert listed
    for code, cells in listed.items():
        assert cells == [grouped(rows[code][key]) if code in rows else "0.00" for key in keys]
    assert foot(text) == [grouped(str(sum(Decimal(row[key]) for row in rows.values()))) for key in keys]


def test_pages_come_to_everything_and_every_page_has_the_same_total(desk: Desk) -> None:
    found: list[str] = []
    total, after = None, None
    while True:
        answer = asked(desk, "aud-1", "/v1/projects", limit=40, **({"after": after} if after else {}))
        found += [line["project"] for line in answer["projects"]]
        assert total in (None, answer["total"])
        total, after = answer["total"], answer.get("next")
        if after is None:
            break
    assert len(found) == answer["count"] == len(set(found)) > 100
    assert found == sorted(found)
    narrowed = [asked(desk, "aud-1", "/v1/projects", status=status, limit=1) for status in ("OPEN", "CLOSED")]
    assert sum(one["count"] for one in narrowed) == len(found)
    for name in total or {}:
        assert Decimal(total[name]) == sum(Decimal(one["total"][name]) for one in narrowed), name


def test_it_is_searched_by_number_title_and_undertaker(desk: Desk) -> None:
    (one, *_) = asked(desk, "std-1", "/v1/projects", special=BRK)["projects"]
    for words in (one["project"].lower(), one["external_id"], one["undertaker"]["name"], one["title"]):
        codes = [line["project"] for line in asked(desk, "std-1", "/v1/projects", q=words)["projects"]]
        assert one["project"] in codes
    assert "No project fits" in page(desk, "std-1", "/projects", lang="en", q="<nothing>")
    assert 'value="&lt;nothing&gt;"' in page(desk, "std-1", "/projects", lang="en", q="<nothing>")


def test_figures_lead_to_what_makes_them(desk: Desk) -> None:
    text = page(desk, "std-1", "/projects", lang="en", unit="yuan", special=BRK)
    links = re.findall(r'class="amount" href="([^"]+)"[^>]*>([^<]+)<', text)
    totals = links[-len(foot(text)) + 1 :]
    for link, amount in [*links[:: len(links) // 6], *totals]:
        behind = page(desk, "std-1", link.replace("&amp;", "&"))
        assert re.search(f'class="big"><span class="amount"[^>]*>{re.escape(amount)}</span>', behind)


def project_with_money(desk: Desk) -> str:
    rows = asked(desk, "std-1", "/v1/projects", special=BRK, limit=500)["projects"]
    return str(max(rows, key=lambda row: Decimal(row["figures"]["disbursed"]))["project"])


def test_the_card_is_that_of_the_routes(desk: Desk) -> None:
    code = project_with_money(desk)
    text = page(desk, "std-1", f"/projects/{code}", lang="en", unit="yuan")
    balances = asked(desk, "std-1", "/v1/balances", by="source", project=code)
    assert foot(text) == [grouped(amount) for amount in balances["total"].values() if Decimal(amount)]
    sheet = asked(desk, "std-1", "/v1/reports/project-card", project=code)
    for row in sheet["rows"]:
        for column in sheet["columns"]:
            if column["kind"] == "fen" and row.get(column["key"]) is not None:
                assert f">{grouped(row[column['key']])}<" in text
    assert "Checks are zero" in text
    for link, amount in re.findall(r'class="amount" href="([^"]+)"[^>]*>([^<]+)<', text)[:12]:
        behind = page(desk, "std-1", link.replace("&amp;", "&"))
        assert re.search(f'class="big"><span class="amount"[^>]*>{re.escape(amount)}</span>', behind)


def test_the_card_of_another_moment(desk: Desk) -> None:
    code = project_with_money(desk)
    text = page(desk, "aud-1", f"/projects/{code}", lang="en", unit="yuan", effective="2025-03-31")
    balances = asked(desk, "aud-1", "/v1/balances", by="source", project=code, effective="2025-03-31")
    assert foot(text) == [grouped(amount) for amount in balances["total"].values() if Decimal(amount)]


def test_what_one_may_not_see_is_not_there(desk: Desk) -> None:
    code = project_with_money(desk)
    own = {line["project"] for line in asked(desk, "pm-1", "/v1/projects", limit=500)["projects"]}
    assert code not in own
    page(desk, "pm-1", f"/projects/{code}", 404)
    page(desk, "std-1", "/projects/NONE", 404)
    assert set(dict(ROW.findall(page(desk, "pm-1", "/projects")))) <= own


def test_registers_lead_to_what_one_may_open(desk: Desk) -> None:
    assert 'href="/projects"' in page(desk, "fin-1", "/registers")
    assert 'href="/projects"' not in page(desk, "adm-1", "/registers")


@pytest.mark.parametrize("path", ["/projects?special=MSP-BRK", "/registers", "/projects?status=CLOSED&q=x"])
def test_in_english_it_holds_no_chinese_but_names(desk: Desk, path: str) -> None:
    text = page(desk, "std-1", path + ("&" if "?" in path else "?") + "lang=en").replace("中文", "")
    assert not HAN.search(re.sub(r'(?s)recorded"[^>]*>.*?<', "<", text))
