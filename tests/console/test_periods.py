"""Closing: what the route says of periods and what blocks them, with where it is mended; a month is closed once."""

import re
from collections.abc import Iterator
from datetime import date
from html import unescape

import httpx2
import pytest

from ledger.access.demo import DemoPeople
from ledger.application import Ledger
from tests.api.desk import Desk, movement
from tests.api.test_periods import UNMATCHED, close
from tests.console.conftest import desk_of_two_projects
from tests.console.test_pages import HAN, page


@pytest.fixture
def office(ledger: Ledger, people: DemoPeople) -> Iterator[Desk]:
    """Everybody's desk at a ledger of its own with two projects."""
    with desk_of_two_projects(ledger, people, date(2025, 6, 30)) as desk:
        yield desk


def key_of(text: str) -> str:
    found = re.search(r'name="key" value="([^"]+)"', text)
    assert found
    return found[1]


def send(desk: Desk, who: str, closes: str, key: str) -> httpx2.Response:
    fields = {"closes": closes, "key": key}
    return desk.client.post("/periods?lang=en", data=fields, headers=desk.session(who), follow_redirects=False)


def test_a_month_is_closed_once_and_the_next_one_comes(office: Desk) -> None:
    text = page(office, "fin-1", "/periods", lang="en")
    assert "Close 2025-01" in text
    first, again = (send(office, "fin-1", "2025-01", key_of(text)) for _ in range(2))
    assert (first.status_code, again.status_code) == (303, 303)
    assert first.headers["location"] == again.headers["location"] == f"/movements/{office.number()}?lang=en"
    following = page(office, "fin-1", "/periods", lang="en")
    assert "Close 2025-02" in following
    assert f'href="/movements/{office.number()}?lang=en">{office.number()}</a>' in following
    late = send(office, "fin-1", "2025-01", "k-2")
    assert late.status_code == 409
    assert "t is never reopened" in late.text


def test_what_blocks_is_told_with_its_owner_and_nothing_is_there_to_close(office: Desk) -> None:
    office.record("tre-1", "UnmatchedSettlementRecorded", "2025-01-20", **UNMATCHED)
    (following,) = office.get("fin-1", "/v1/periods")["next"]
    text = unescape(page(office, "fin-1", "/periods", lang="en", unit="yuan"))
    assert following["blockers"][0]["words"]["en"] in text
    assert 'data-fen="100002">1,000.02<' in text
    assert "Close 2025-01" not in text
    refused = send(office, "fin-1", "2025-01", "k")
    assert (refused.status_code, "Suspense items are still open" in refused.text) == (409, True)


def test_what_others_sign_as_well_is_proposed(office: Desk) -> None:
    rule = movement("SigningRuleSet", "2025-01-02", rule="close", kinds=["PeriodClosed"], steps=["FIN"],
                    document={"number": "1号"})  # fmt: skip
    office.sign("fin-1", "std-1", rule)
    text = page(office, "fin-1", "/periods", lang="en")
    assert "Propose to close 2025-01" in text
    answer = send(office, "fin-1", "2025-01", key_of(text))
    assert answer.headers["location"].startswith("/inbox/P-")
    assert "2025-01" in page(office, "fin-2", answer.headers["location"])


def test_whoever_may_not_close_sees_and_does_not(office: Desk) -> None:
    for who in ("aud-1", "std-1"):
        text = page(office, who, "/periods", lang="en")
        assert "<button" not in text.split('<div id="part">')[1].split("</main>")[0]
        assert "The finance department closes it" in text
    assert send(office, "aud-1", "2025-01", "k").status_code == 403
    assert send(office, "std-1", "2025-01", "k").status_code == 403
    assert send(office, "fin-1", "Januar", "k").status_code == 422


def test_the_year_leads_to_its_end_and_what_is_held_to_where_it_is_mended(office: Desk) -> None:
    close(office, *range(1, 13))
    text = page(office, "fin-1", "/periods", lang="en")
    assert 'href="/year-end?lang=en&amp;year=2025"' in text
    assert 'href="/projects/KRD-1?lang=en"' in text
    assert 'href="/year-end?lang=en&amp;year=2025"' in page(office, "fin-1", "/", lang="en")
    english = re.sub(r'(?s)class="recorded">.*?<', "<", text).replace("中文", "")
    assert not HAN.search(english), HAN.findall(english)
