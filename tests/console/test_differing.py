"""The difference of two moments: the figures and the lines of the route, each figure led to its explanation at its own moment."""

import re
from decimal import Decimal
from html import unescape
from typing import Any

import pytest

from tests.api.desk import Desk
from tests.console.test_pages import page

MOMENTS = (
    {"since_at": "5000", "at": "9000"},
    {"since_period": "2025-03", "period": "2025-04"},
    {"since_effective": "2025-02-28", "at": "9000", "effective": "2025-03-31"},
)
ROW = re.compile(r'(?s)<tr><th scope="row">.*?</tr>')
CELL = re.compile(r'class="amount"[^>]*>([^<]+)<')


@pytest.mark.parametrize("by", ["plan", "special"])
@pytest.mark.parametrize("moments", MOMENTS)
def test_what_changed_is_what_the_route_says(desk: Desk, by: str, moments: dict[str, str]) -> None:
    text = page(desk, "aud-1", "/diff", lang="en", unit="yuan", by=by, **moments)
    found: Any = desk.get("aud-1", "/v1/diff", by=by, limit=50, **moments)
    told = [
        [f"{Decimal(change[side]):,.2f}" for side in ("since", "to", "difference")]
        for row in [*found["rows"], found["total"]]
        for change in row["figures"].values()
    ]
    assert found["proven"]
    assert len(told) > 3
    assert [CELL.findall(row) for row in ROW.findall(text)] == told
    assert "Proven: each change" in text
    numbers = [int(number) for number in re.findall(r'href="/movements/(\d+)[^"]*">\1<', text)]
    assert numbers == [line["number"] for line in found["lines"]]


def test_each_side_leads_to_its_own_moment(desk: Desk) -> None:
    text = page(desk, "aud-1", "/diff", lang="en", unit="yuan", since_at="5000", at="9000", by="special")
    links = [
        (unescape(link), said)
        for link, said in re.findall(r'class="amount" href="(/explain[^"]+)"[^>]*>([^<]+)<', text)
    ]
    sides = {"at=5000" in link for link, _ in links}
    assert sides == {True, False}
    for link, said in links[::5]:
        assert re.search(f'class="big"><span class="amount"[^>]*>{re.escape(said)}</span>', page(desk, "aud-1", link))


def test_the_lines_of_one_figure_and_their_pages(desk: Desk) -> None:
    asked = {"since_at": "5000", "at": "9000", "by": "special", "lang": "en", "unit": "yuan"}
    text = page(desk, "aud-1", "/diff", **asked)
    address = unescape(re.findall(r'href="(/diff[^"]+figure=committed[^"]+)"', text)[0])
    narrowed = page(desk, "aud-1", address.partition("#")[0] + "&limit=5")
    assert "The movements that changed Committed" in narrowed
    more = re.search(r'class="more" href="([^"]+)"', narrowed)
    assert more
    assert "Back to the first page" in page(desk, "aud-1", unescape(more[1]))
    assert "No movement in between changed it" in page(desk, "aud-1", "/diff", **asked, figure="disbursed")


def test_the_same_moment_twice_says_so_and_one_that_never_was_is_told_in_place(desk: Desk) -> None:
    assert "Nothing changed" in page(desk, "aud-1", "/diff", lang="en", since_at="5000", at="5000")
    text = page(desk, "aud-1", "/diff", 422, lang="en", since_at="999999")
    assert "knows nothing of that moment" in text
    assert 'value="999999"' in text


def test_often_asked_differences_open(desk: Desk) -> None:
    text = page(desk, "aud-1", "/diff", lang="en", at="9000")
    links = [unescape(link) for link in re.findall(r'<a href="(/diff\?[^"]*since_[^"]+)"', text)]
    assert len(links) == 4
    for link in links:
        assert "Figures that changed" in page(desk, "aud-1", link) or "Nothing changed" in page(desk, "aud-1", link)


def test_the_time_machine_leads_here(desk: Desk) -> None:
    text = page(desk, "aud-1", "/time-machine", lang="en", at="9000")
    link = re.search(r'href="(/diff[^"]+)"', text)
    assert link
    assert "number 9000 of the ledger" in page(desk, "aud-1", unescape(link[1]))
