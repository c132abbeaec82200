"""Refused attempts on their page: what was tried, by whom, which rule refused it; filters are those of the route."""

import re
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from api.main import create_app
from ledger.access.demo import DemoPeople
from ledger.access.people import People
from ledger.application import Ledger
from ledger.domain.fields import business_date
from ledger.domain.refusals import WORDS
from tests.api.conftest import in_process
from tests.api.desk import Desk, movement
from tests.console.conftest import TODAY
from tests.console.test_pages import HAN, page

DAY = "2025-06-01"


@pytest.fixture
def refusals(ledger: Ledger, people: DemoPeople) -> Iterator[Desk]:
    """A ledger of one's own in which four requests were refused."""
    with (
        closing(People(ledger.store.dsn, ledger.secret)) as registered,
        in_process(create_app(ledger, registered, today=lambda: TODAY)) as client,
    ):
        desk = Desk(client, people)
        wrong = movement(
            "AppropriationReceived",
            DAY,
            fund="ATRD",
            vintage=2025,
            amount="12345.67",
            document={"number": "<b>1号</b>"},
        )
        for who in ("fin-1", "fin-2", "std-1"):
            desk.ask(who, wrong)
        desk.ask("pm-1", movement("FundsReserved", DAY, call="C-1", fund="STIDF", special="MSP-BRK", amount="5",
                                  expires_on="2025-12-31"))  # fmt: skip
        yield desk


def told(text: str) -> list[str]:
    return re.findall(r"<code>p-([a-z]+-\d)</code>", text)


def test_each_says_what_it_tried_and_which_rule_refused_it(refusals: Desk) -> None:
    text = page(refusals, "aud-1", "/near-misses", lang="en", unit="yuan")
    assert told(text) == ["pm-1", "std-1", "fin-2", "fin-1"]
    assert text.count(WORDS["FUND_CLOSED"].en) >= 2
    assert "12345.67" in text
    assert "&lt;b&gt;1号&lt;/b&gt;" in text
    assert "<b>1号" not in text


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"code": "FUND_CLOSED"}, ["fin-2", "fin-1"]),
        ({"actor": "p-std-1"}, ["std-1"]),
        ({"kind": "FundsReserved"}, ["pm-1"]),
        ({"from_day": "2099-01-01"}, []),
        ({"to_day": "2024-12-31"}, []),
        ({"limit": "2"}, ["pm-1", "std-1"]),
    ],
)
def test_filters_are_those_of_the_route(refusals: Desk, asked: dict[str, str], found: list[str]) -> None:
    assert told(page(refusals, "aud-1", "/near-misses", lang="en", **asked)) == found
    answer = refusals.get("aud-1", "/v1/attempts", **asked)["attempts"]
    assert [one["actor"]["subject"].removeprefix("p-") for one in answer] == found


def test_days_are_those_of_beijing_and_whole(refusals: Desk) -> None:
    now = datetime.now(UTC)
    for day, found in ((business_date(now), 4), (business_date(now - timedelta(days=3)), 0)):
        asked = {"from_day": day, "to_day": day}
        assert len(refusals.get("aud-1", "/v1/attempts", **asked)["attempts"]) == found


def test_whoever_decides_nothing_sees_their_own(refusals: Desk) -> None:
    text = page(refusals, "pm-1", "/near-misses", lang="en")
    assert told(text) == ["pm-1"]
    assert "Only your own are listed" in text


def test_it_speaks_one_language(refusals: Desk) -> None:
    text = page(refusals, "aud-1", "/near-misses", lang="en", code="FUND_CLOSED")
    text = re.sub(r'(?s)class="[^"]*recorded[^"]*">.*?<', "<", text).replace("中文", "")
    assert not HAN.search(text), HAN.findall(text)
