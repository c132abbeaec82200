"""The availability page: the balances and sheet 12 as a tree, to whom they are shown, filtered and sorted by the address."""

import re
from decimal import Decimal
from html import unescape
from typing import Any

import pytest

from ledger.projections.figures import FIGURES
from tests.api.desk import Desk
from tests.console.test_pages import HAN, page

HEAD = re.compile(r'<th scope="col"[^>]*>(?:<a [^>]*>)?([^<]+?)(?: [▲▼])?(?:</a>)?<span')


def rows_of(text: str) -> dict[str, list[str]]:
    """The specials of the tree: code → what stands in its columns."""
    table = text[text.index('<tbody class="tree">') : text.index("</table>")]
    found = re.findall(r'(?s)<tr id="([A-Z-]+)">(.*?)</tr>', table)
    return {code: re.findall(r'class="amount"[^>]*>([^<]+)<', cells) for code, cells in found}


def asked(desk: Desk, who: str, path: str) -> Any:
    answer = desk.client.get(path, headers=desk.session(who))
    assert answer.status_code == 200, answer.text
    return answer.json()


def grouped(yuan: str) -> str:
    return f"{Decimal(yuan):,.2f}"


def test_every_figure_is_the_one_of_the_routes(desk: Desk) -> None:
    text = page(desk, "std-1", "/availability", lang="en", unit="yuan")
    names = [unescape(name) for name in HEAD.findall(text)]
    listed = rows_of(text)
    sheet = asked(desk, "std-1", "/v1/reports/availability")
    called = {entry["key"]: entry["name"]["en"].removesuffix(" (yuan)") for entry in sheet["columns"]}
    beside = {row["special"]: {called[key]: value for key, value in row.items()} for row in sheet["rows"]}
    codes = asked(desk, "std-1", "/v1/catalogue")["figures"]
    known = {entry["code"]: entry["name"]["en"] for entry in codes}
    balances = asked(desk, "std-1", "/v1/balances?by=special")["rows"]
    assert len(listed) == len([row for row in balances if row["key"]]) > 15
    for row in balances:
        if row["key"]:
            said = beside[row["key"]] | {known[name]: amount for name, amount in row["figures"].items()}
            assert listed[row["key"]] == [grouped(said[name]) for name in names], row["key"]


def test_what_is_zero_everywhere_is_named_and_not_shown(desk: Desk) -> None:
    text = page(desk, "std-1", "/availability", lang="en")
    assert "Zero everywhere and left out: Pending" in text
    assert "Pending" not in HEAD.findall(text)


def test_a_special_opens_to_its_projects(desk: Desk) -> None:
    text = page(desk, "std-1", "/availability", lang="zh", unit="yuan", special="MSP-BRK")
    projects = asked(desk, "std-1", "/v1/balances?by=project&special=MSP-BRK&limit=50")["rows"]
    assert len(projects) > 1
    for row in projects:
        if row["key"]:
            assert f"<code>{row['key']}</code>" in text
            assert f">{grouped(row['figures']['disbursed'])}</a>" in text


def test_the_address_filters_and_sorts(desk: Desk) -> None:
    text = page(desk, "std-1", "/availability", lang="en", unit="yuan", plan="BAS", sort="-disbursed")
    listed = rows_of(text)
    column = HEAD.findall(text).index(FIGURES["disbursed"].en)
    paid = [Decimal(cells[column].replace(",", "")) for cells in listed.values()]
    assert all(code.startswith("BAS-") for code in listed)
    assert paid == sorted(paid, reverse=True)
    assert 'aria-sort="descending"' in text
    foot = re.findall(r'class="amount"[^>]*>([^<]+)<', text[text.index("<tfoot") : text.index("</tfoot>")])
    assert Decimal(foot[column].replace(",", "")) == sum(paid)
    assert list(rows_of(page(desk, "std-1", "/availability", q="msp-crc"))) == ["MSP-CRC"]
    assert "No special fits" in page(desk, "std-1", "/availability", lang="en", q="<nothing>")


def test_figures_lead_to_what_makes_them(desk: Desk) -> None:
    text = page(desk, "std-1", "/availability", lang="en", unit="yuan", special="MSP-BRK")
    links = re.findall(r'class="amount" href="([^"]+)"[^>]*>([^<]+)<', text)
    assert len(links) > 300
    for link, amount in links[:: len(links) // 12]:
        behind = page(desk, "std-1", link.replace("&amp;", "&"))
        assert re.search(f'class="big"><span class="amount"[^>]*>{re.escape(amount)}</span>', behind)
        assert "Proven" in behind


def test_of_another_moment(desk: Desk) -> None:
    text = page(desk, "aud-1", "/availability", lang="en", unit="yuan", effective="2025-03-31")
    then = {
        row["key"]: row["figures"]
        for row in asked(desk, "aud-1", "/v1/balances?by=special&effective=2025-03-31")["rows"]
    }
    column = HEAD.findall(text).index("Available")
    assert {code: cells[column] for code, cells in rows_of(text).items()} == {
        code: grouped(figures["available"]) for code, figures in then.items() if code
    }


def test_a_programme_manager_has_their_specials_and_a_department_its_projects(desk: Desk) -> None:
    own = set(rows_of(page(desk, "pm-1", "/availability")))
    assert own == {row["key"] for row in asked(desk, "pm-1", "/v1/balances?by=special")["rows"] if row["key"]}
    assert 0 < len(own) < 5
    assert "/v1/reports/availability" not in page(desk, "rec-1", "/availability")


@pytest.mark.parametrize("path", ["/availability?special=MSP-BRK&q=x", "/availability?sort=-net"])
def test_in_english_it_holds_no_chinese_but_names(desk: Desk, path: str) -> None:
    text = page(desk, "std-1", path + "&lang=en").replace("中文", "")
    assert not HAN.search(re.sub(r'(?s)class="recorded">.*?<', "<", text))
