"""Replays on pages: begun once, told to whoever may ask for one; what differs is told with its movement."""

import re
from collections.abc import Iterator
from datetime import date
from html import unescape

import httpx2
import psycopg
import pytest

from ledger import jobs
from ledger.access.demo import DemoPeople
from ledger.application import Ledger
from tests.api.desk import Desk, movement
from tests.api.test_replays import floor
from tests.console.conftest import desk_of_two_projects
from tests.console.test_pages import HAN, page
from tests.console.test_year_end import finished

YEAR = 10_666


@pytest.fixture(autouse=True)
def quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "HEARD_SECONDS", 0.02)


@pytest.fixture
def office(ledger: Ledger, people: DemoPeople) -> Iterator[Desk]:
    """Everybody's desk at a ledger of its own with two projects."""
    with desk_of_two_projects(ledger, people, date(2026, 1, 20)) as desk:
        yield desk


def send(desk: Desk, who: str = "aud-1", key: str = "once", **asked: str) -> httpx2.Response:
    sent = {"key": key, "first": "1", "under": "THEN", **asked}
    return desk.client.post("/replay?lang=en", data=sent, headers=desk.session(who), follow_redirects=False)


def replayed(desk: Desk, who: str = "aud-1", **asked: str) -> tuple[str, str]:
    """The address of a replay, and its page once it has ended."""
    answer = send(desk, who, **asked)
    assert answer.status_code == 303, answer.text
    there = answer.headers["location"]
    return there, unescape(finished(desk, who, there))


def test_the_demo_year_is_judged_again_and_colleagues_are_shown_what_it_found(desk: Desk) -> None:
    there, text = replayed(desk, key="the-year", last=str(YEAR))
    assert f"Numbers 1 to {YEAR} all came out the same" in text
    assert f"Replay · {there.split('?')[0].rpartition('/')[2]}</h1>" in text
    assert f">{YEAR}<" in text
    assert "Parameters in force then" in text
    (root,) = set(re.findall(r"Root of the tree over 1 to \d+</dt><dd><code[^>]*>([0-9a-f]{64})<", text))
    assert re.search(r'href="/movements\?lang=en&kind=FundsAllocated&at=10666"', text)
    assert root in page(desk, "fin-1", there)
    assert f'href="{there}"' in page(desk, "std-1", "/replay", lang="en")
    assert page(desk, "com-1", there, 403)
    assert page(desk, "aud-1", "/replay/999999", 404)
    assert not HAN.search(re.sub(r'(?s)class="recorded">.*?<', "<", text).replace("中文", ""))


def test_a_form_that_is_sent_twice_begins_once(office: Desk) -> None:
    there, _ = replayed(office)
    assert send(office).headers["location"] == there
    assert len(re.findall(r'<th scope="row"><a href="/replay/', page(office, "aud-1", "/replay"))) == 1
    assert len({there, replayed(office, key="another")[0], replayed(office, "fin-1")[0]}) == 3


def test_todays_parameters_refuse_what_was_accepted_and_the_movement_is_named(office: Desk) -> None:
    number = floor(office)
    about = {
        "name": "fund_floor",
        "scope": "STIDF",
        "amount": "99999999999.00",
        "document": {"number": "内财科〔2025〕3号"},
    }
    office.sign("fin-1", "std-1", movement("PolicyParameterSet", "2025-04-01", **about))
    _, text = replayed(office)
    assert "all came out the same" in text
    _, text = replayed(office, key="today", under="TODAY", first=str(number))
    assert "differences found: 1." in text
    assert f'<a href="/movements/{number}?lang=en">{number}</a>' in text
    assert "differences: 1" in page(office, "fin-1", "/replay", lang="en")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE movement SET leaf = sha256('x') WHERE number = 3",
        "UPDATE movement SET kind = 'PartyRenamed' WHERE number = 3",
        "DELETE FROM movement WHERE number = 3",
    ],
)
def test_it_stops_at_a_record_that_was_tampered_with(office: Desk, dsn: str, statement: str) -> None:
    with psycopg.connect(dsn) as db:
        db.execute("SET session_replication_role = replica")
        db.execute(statement)
    _, text = replayed(office)
    assert "Number 3 is missing, or its recorded bytes are not what its hash" in text
    assert 'href="/movements/3?lang=en"' in text
    assert "all came out the same" not in text


def test_a_balance_that_was_tampered_with_is_told_with_what_posted_it(office: Desk, dsn: str) -> None:
    with psycopg.connect(dsn) as db:
        db.execute("SET session_replication_role = replica")
        row = db.execute(
            "UPDATE entry SET account_after = account_after + 1 WHERE (number, line) = (SELECT number, line FROM entry "
            "ORDER BY number DESC, line DESC LIMIT 1) RETURNING number, account_after"
        ).fetchone()
    assert row is not None
    _, text = replayed(office)
    assert "differences found: 1." in text
    assert f'<a href="/movements/{row[0]}?lang=en">{row[0]}</a>' in text
    assert f'data-fen="{row[1]}"' in text
    assert f'data-fen="{row[1] - 1}"' in text


def test_what_cannot_be_replayed_is_said_and_stays_typed(office: Desk) -> None:
    for asked in ({"first": "5", "last": "2"}, {"last": "999999"}, {"first": "x"}, {"under": "YESTERDAY"}):
        answer = send(office, **asked)
        assert answer.status_code in (409, 422), asked
        assert 'role="alert"' in answer.text
    assert 'value="999999"' in send(office, last="999999").text
    assert send(office, key="").status_code == 422
    for who in ("com-1", "pm-1"):
        assert send(office, who).status_code == 403
