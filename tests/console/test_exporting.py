"""Export of tables: a file holds what its page shows, of the whole filter, exact in the unit, at the moment of the address."""

import csv
import io
import re
from decimal import Decimal
from html import unescape

import pytest
from openpyxl import load_workbook

from api.console import exporting
from api.console.exporting import read
from api.console.view import View
from api.language import EN
from ledger.application import Ledger
from ledger.audit.trail import Event
from ledger.projections.follower import catch_up
from ledger.projections.searched import Searched
from tests.api.desk import Desk
from tests.console.test_pages import page

PAGES = (
    "/",
    "/availability",
    "/availability/MSP-DEM",
    "/explain?by=plan&figure=available&whole=true",
    "/movements/5000",
)
LINKS = re.compile(r'href="([^"]*export=[^"]+)"')


def file(desk: Desk, who: str, path: str, **asked: str) -> bytes:
    answer = desk.client.get(unescape(path), params=asked or None, headers=desk.session(who))
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-disposition"].startswith("attachment")
    return answer.content


def lines(content: bytes) -> list[list[str]]:
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


@pytest.fixture(autouse=True, scope="module")
def _followed(demo_ledger: Ledger) -> None:
    catch_up(demo_ledger.store, demo_ledger.id, Searched())


@pytest.mark.parametrize("path", PAGES)
def test_every_table_of_a_page_can_be_had_as_either_file(desk: Desk, path: str) -> None:
    who = "std-1"
    text = page(desk, who, path)
    links = LINKS.findall(text)
    assert len(links) == 2 * text.count("<caption")
    for link in links:
        content = file(desk, who, link)
        assert content[:2] == b"PK" if "export=xlsx" in link else len(lines(content)) > 1


def test_a_file_is_of_the_whole_filter_not_of_a_page(desk: Desk) -> None:
    found = lines(file(desk, "aud-1", "/movements", at="3000", lang="en", export="csv", table="The log"))
    assert [int(line[0]) for line in found[1:]] == list(range(3000, 0, -1))
    later = lines(file(desk, "aud-1", "/movements", at="3000", lang="en", export="csv", table="The log", before="11"))
    assert len(later) == 11


def test_amounts_are_exact_in_the_unit_of_the_page_and_add_up(desk: Desk) -> None:
    asked = {"by": "plan", "figure": "disbursed", "key": "BAS", "lang": "en"}
    for unit, fen in (("yuan", 100), ("wan", 1_000_000), ("yi", 10_000_000_000)):
        found = lines(file(desk, "aud-1", "/explain", **asked, unit=unit, export="csv", table="Lines"))
        change = next(at for at, title in enumerate(found[0]) if title.startswith("Change"))
        total = sum(Decimal(line[change]) for line in found[1:] if line[0])
        answer = desk.get("aud-1", "/v1/explain", **{name: said for name, said in asked.items() if name != "lang"})
        assert total * fen == Decimal(answer["amount"]) * 100


def test_a_workbook_says_what_it_shows_and_holds_numbers(desk: Desk) -> None:
    asked = {"plan": "BAS", "unit": "yi", "lang": "zh", "at": "8000"}
    title = "可用额度"
    book = load_workbook(io.BytesIO(file(desk, "std-1", "/availability", **asked, export="xlsx", table=title)))
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    said = [row[0] for row in rows[:5] if row[0]]
    assert said[0] == title
    assert any("No. 8000" in words for words in said)
    assert any("plan=BAS" in words and "unit=yi" in words for words in said)
    header = next(row for row in rows if any("亿元" in str(cell) for cell in row))
    below = rows[rows.index(header) + 1 :]
    assert len(header) == len(below[0])
    assert all(isinstance(cell, int | float) for cell in below[-1][1:] if cell is not None)


def test_what_is_for_the_screen_alone_is_in_no_file_and_no_text_begins_a_formula() -> None:
    html = """<table><caption>One</caption><thead><tr><th>A</th><th class="n">B</th></tr></thead>
    <tbody><tr><th>=1+1 <p class="screen"><a href="/">act</a></p></th><td class="n">1,200 <button>do</button></td></tr>
    <tr class="screen"><td>brought</td><td>1</td></tr><tr><td colspan="2">both</td></tr></tbody></table>
    <table><caption>Two</caption><tbody><tr><td>other</td></tr></tbody></table><p><a class="more" href="/two">on</a></p>"""
    view = View(EN, "yuan", "/", ())
    shown = read(html, "One", view)
    assert shown is not None
    assert shown.columns == ["A", "B"]
    assert shown.rows == [["=1+1", Decimal(1200)], ["both", ""]]
    assert shown.more is None
    assert exporting._csv(shown, view).decode("utf-8-sig").splitlines()[1] == "'=1+1,1200"
    assert read(html, "Three", view) is None


def test_a_file_ends_with_a_word_where_it_was_cut_off(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exporting, "ROWS_MAX", 600)
    found = lines(file(desk, "aud-1", "/movements", lang="en", export="csv", table="The log"))
    assert "narrow the filter" in found[-1][0]


def test_a_table_or_form_that_is_not_there_is_a_page_that_says_so(desk: Desk) -> None:
    for asked in ({"export": "csv", "table": "No such"}, {"export": "exe", "table": "The log"}):
        answer = desk.client.get("/movements", params=asked, headers=desk.session("aud-1"))
        assert answer.status_code == 404
        assert answer.headers["content-type"].startswith("text/html")


def test_whoever_may_not_open_the_page_may_not_have_its_table_and_an_export_is_in_the_audit_record(desk: Desk) -> None:
    asked = {"export": "csv", "table": "The log", "lang": "en", "at": "20"}
    assert desk.client.get("/movements", params=asked, headers=desk.session("adm-1")).status_code == 403
    file(desk, "aud-1", "/movements", **asked)
    newest = desk.client.app.state.people.trail.newest(10**9, 1, Event.EXPORTED)[0]  # type: ignore[attr-defined]
    assert (newest.about["what"], newest.about["by"]) == ("page", "/movements")
