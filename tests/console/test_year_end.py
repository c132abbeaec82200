"""The year's end on pages: the list that the route answers, then one proposal by a job, and a closed year."""

import re
from collections.abc import Iterator
from datetime import date
from html import unescape
from time import monotonic, sleep
from typing import Any

import httpx2
import pytest

from ledger.access.demo import DemoPeople
from ledger.access.sight import Sight
from ledger.application import Ledger
from ledger.domain.catalogue import Role
from ledger.domain.movement import Actor
from ledger.yearend.kept import Asked, Trials
from ledger.yearend.trial import Trial, try_year_end
from tests.api.desk import Desk, done, movement
from tests.api.test_year_end import YEAR, with_the_rule
from tests.console.conftest import desk_of_two_projects
from tests.console.test_pages import HAN, page

PAGE = "/year-end"
ALLOCATED = {"fund": "STIDF", "vintage": 2025, "special": "CAP-STR", "amount": "10000.00"}


@pytest.fixture
def office(ledger: Ledger, people: DemoPeople) -> Iterator[Desk]:
    """Everybody's desk at a ledger of its own with two projects."""
    with desk_of_two_projects(ledger, people, date(2026, 1, 20)) as desk:
        yield desk


def send(desk: Desk, who: str, year: str, path: str = PAGE) -> httpx2.Response:
    return desk.client.post(f"{path}?lang=en", data={"year": year}, headers=desk.session(who), follow_redirects=False)


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


def test_a_list_is_tried_once_while_the_ledger_stands_and_anew_once_it_moved(
    office: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, made = with_the_rule(office), list[int]()

    def counted(*asked: Any) -> Trial:
        made.append(asked[0].number)
        return try_year_end(*asked)

    monkeypatch.setattr("ledger.yearend.kept.try_year_end", counted)
    number = desk.number()
    first = page(desk, "fin-1", PAGE, year="2025", lang="en")
    assert page(desk, "fin-1", PAGE, year="2025", lang="en") == first
    rest = desk.get("fin-1", YEAR, after=3, limit=3)
    assert (rest["number"], made) == (number, [number])
    page(desk, "aud-1", PAGE, year="2025")
    assert made == [number, number], "whoever else asks is judged by themselves"
    one = first.count("<tr>")
    desk.sign("fin-1", "std-1", movement("FundsAllocated", "2025-12-31", **ALLOCATED))
    second = desk.get("fin-1", YEAR, limit=100)
    assert (second["number"], made[2:]) == (number + 3, [number + 3])
    assert page(desk, "fin-1", PAGE, year="2025", lang="en").count("<tr>") == one + 1, "a special that had nothing"
    assert made[3:] == []


def test_a_large_list_is_tried_in_the_background_and_says_of_when_it_is(
    office: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = with_the_rule(office)
    count = desk.get("aud-1", YEAR)["count"]
    page(desk, "fin-1", PAGE, year="2025")
    desk.sign("fin-1", "std-1", movement("FundsAllocated", "2025-12-31", **ALLOCATED))
    monkeypatch.setattr("api.console.year_end.TRIED_AT_ONCE", 0)
    number = desk.number()
    old = page(desk, "fin-1", PAGE, year="2025", lang="en")
    assert f"of number {number - 3}. The ledger has recorded 3 more since" in old
    assert "There are many accounts" in page(desk, "fin-2", PAGE, year="2025", lang="en")
    answer = send(desk, "fin-2", "2025", PAGE + "/trial")
    text = finished(desk, "fin-2", answer.headers["location"])
    assert 'href="/year-end?lang=en&amp;year=2025"' in text
    new = page(desk, "fin-2", PAGE, year="2025", lang="en")
    assert f"{count + 1} lines, all of them acceptable" in new
    assert "The ledger has recorded" not in new
    assert "of number" in page(desk, "fin-1", PAGE, year="2025", lang="en"), "what another person tried is not theirs"
    assert send(desk, "fin-2", "2031", PAGE + "/trial").status_code == 404


def test_what_was_tried_longest_ago_is_kept_no_more(
    office: Desk, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ledger.yearend.kept.LINES_KEPT", 60)
    trials = Trials()
    asked = [Asked(2025, date(2026, 1, day), Actor("fin", Role.FIN), Sight()) for day in (20, 21, 22)]
    number = office.number()
    assert [trials.tried(ledger, one).number for one in asked] == [number] * 3
    assert [trials.newest(one) is not None for one in asked] == [False, True, True]


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
