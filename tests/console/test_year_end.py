"""The year's end on pages: the list that the route answers, then one proposal by a job, and a closed year."""

import re
from collections.abc import Iterator
from datetime import date
from html import unescape
from time import monotonic, sleep

import httpx2
import pytest

from ledger.access.demo import DemoPeople
from ledger.application import Ledger
from tests.api.desk import Desk, done
from tests.api.test_year_end import YEAR, with_the_rule
from tests.console.conftest import desk_of_two_projects
from tests.console.test_pages import HAN, page

PAGE = "/year-end"


@pytest.fixture
def office(ledger: Ledger, people: DemoPeople) -> Iterator[Desk]:
    """Everybody's desk at a ledger of its own with two projects."""
    with desk_of_two_projects(ledger, people, date(2026, 1, 20)) as desk:
        yield desk


def send(desk: Desk, who: str, year: str) -> httpx2.Response:
    return desk.client.post("/year-end?lang=en", data={"year": year}, headers=desk.session(who), follow_redirects=False)


def finished(desk: Desk, who: str, path: str) -> str:
    """The page of work once it has ended."""
    last = monotonic() + 30
    while "data-job=" in (text := page(desk, who, path)):
        assert monotonic() < last
        sleep(0.05)
    return text


def test_the_list_is_what_the_route_answers(office: Desk) -> None:
    desk = with_the_rule(office)
    found = desk.get("fin-1", YEAR, limit=100)
    text = unescape(page(desk, "fin-1", PAGE, lang="en", year="2025", unit="yuan"))
    assert f"{found['count']} lines, all of them acceptable" in text
    for one in found["totals"]:
        assert f">{float(one['surplus']):,.2f}<" in text
        assert f">{float(one['carried_over']):,.2f}<" in text
    for line in found["lines"]:
        if line.get("amount"):
            assert f">{float(line['amount']):,.2f}<" in text
    assert "t is never reopened" in text


def test_what_would_be_refused_is_told_with_whose_it_is_and_cannot_be_handed_over(office: Desk) -> None:
    text = page(office, "fin-1", PAGE, lang="en", year="2025")
    assert "No policy parameter is in force for this" in text
    assert "What would be refused must be mended" in text
    assert "Hand over the end of 2025" not in text
    answer = send(office, "fin-1", "2025")
    assert "No policy parameter is in force for this" in finished(office, "fin-1", answer.headers["location"])


def test_it_is_handed_over_signed_and_the_year_is_closed(office: Desk) -> None:
    desk = with_the_rule(office)
    assert "Hand over the end of 2025" in page(desk, "fin-1", PAGE, lang="en", year="2025")
    answer = send(desk, "fin-1", "2025")
    assert answer.status_code == 303
    text = finished(desk, "fin-1", answer.headers["location"])
    assert 'href="/inbox/year-end-2025-1?lang=en"' in text
    again = send(desk, "fin-1", "2025")
    assert again.headers["location"] == "/inbox/year-end-2025-1?lang=en"
    assert "year-end-2025-1" in page(desk, "fin-2", PAGE, year="2025")
    count = desk.get("fin-1", YEAR)["count"]
    assert len(desk.get("fin-1", "/v1/proposals/year-end-2025-1")["lines"]) == count
    done(desk.approve("fin-2", "year-end-2025-1"))
    assert "was closed by number" in page(desk, "fin-1", PAGE, lang="en", year="2025")
    assert send(desk, "fin-1", "2025").status_code == 404


def test_only_who_closes_hands_it_over(office: Desk) -> None:
    desk = with_the_rule(office)
    for who in ("aud-1", "std-1"):
        assert "The finance department hands it over" in page(desk, who, PAGE, lang="en", year="2025")
        assert send(desk, who, "2025").status_code == 403
    assert send(desk, "fin-1", "2031").status_code == 404
    assert "未找到" in page(desk, "fin-1", "/year-end", 404, year="2031", lang="zh")


def test_it_speaks_one_language(office: Desk) -> None:
    text = re.sub(r'(?s)class="recorded">.*?<', "<", page(office, "fin-1", PAGE, lang="en", year="2025")).replace(
        "中文", ""
    )
    assert not HAN.search(text), HAN.findall(text)
