"""The time machine: the card of any moment is the one of the route, in each sense, and its links hold the moment."""

import re
from datetime import datetime
from decimal import Decimal
from html import unescape
from typing import Any

import pytest

from ledger.domain.fields import business_date
from ledger.projections.figures import FIGURES
from tests.api.desk import Desk
from tests.console.test_pages import HAN, page

AMOUNT = re.compile(r'<a class="amount" href="([^"]+)"[^>]*>([^<]+)</a>')


def shown(text: str) -> list[list[str]]:
    """The amounts of each row, the total last."""
    rows = re.findall(r'(?s)<tr><th scope="row">.*?</tr>', text)
    return [[amount for _, amount in AMOUNT.findall(row)] for row in rows]


def told(figures: dict[str, str], columns: list[str]) -> list[str]:
    return [f"{Decimal(figures[name]):,.2f}" for name in columns if name in figures]


@pytest.mark.parametrize("by", ["plan", "special", "source", "fund"])
@pytest.mark.parametrize(
    "moment", [{}, {"at": "5000"}, {"period": "2025-03"}, {"effective": "2025-03-31"}, {"at": "9000", "period": "2025-06"}]
)  # fmt: skip
def test_the_card_is_that_of_the_route(desk: Desk, by: str, moment: dict[str, str]) -> None:
    text = page(desk, "aud-1", "/time-machine", lang="en", unit="yuan", by=by, **moment)
    found: Any = desk.get("aud-1", "/v1/balances", by=by, **moment)
    rows = [row["figures"] for row in found["rows"]] + [found["total"]]
    columns = [name for name in FIGURES if any(Decimal(row.get(name, "0")) for row in rows)]
    assert len(columns) > 3
    assert shown(text) == [told(row, columns) for row in rows]
    assert f"As of number {found['number']} of the ledger" in text


def test_a_figure_of_then_leads_to_what_made_it_then(desk: Desk) -> None:
    for moment in ({"at": "5000"}, {"period": "2025-03"}, {"effective": "2025-03-31"}, {}):
        text = page(desk, "aud-1", "/time-machine", lang="en", unit="yuan", by="special", **moment)
        links = [(unescape(link), amount) for link, amount in AMOUNT.findall(text)]
        for link, amount in links[:: max(1, len(links) // 8)]:
            assert all(f"{name}={value}" in link for name, value in moment.items())
            behind = page(desk, "aud-1", link)
            assert re.search(f'class="big"><span class="amount"[^>]*>{re.escape(amount)}</span>', behind)
            assert "Proven" in behind


def test_each_sense_says_what_it_means(desk: Desk) -> None:
    assert "nothing recorded or corrected later counts" in page(desk, "aud-1", "/time-machine", lang="en", at="5000")
    assert "what came late counts where posted" in page(desk, "aud-1", "/time-machine", lang="en", period="2025-03")
    assert "重述当天" in page(desk, "aud-1", "/time-machine", lang="zh", effective="2025-03-31")


def test_what_was_left_empty_is_no_part_of_the_address(desk: Desk) -> None:
    answer = desk.client.get("/time-machine?by=fund&at=&lang=en", headers=desk.session("aud-1"), follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/time-machine?by=fund&lang=en")


def test_a_day_becomes_the_number_known_at_its_end(desk: Desk) -> None:
    last = desk.number()
    recorded_at = desk.get("aud-1", "/v1/movements", limit=1, from_number=last)["movements"][0]["recorded_at"]
    day = business_date(datetime.fromisoformat(recorded_at))
    there = f"/time-machine?end_of={day}&by=fund"
    answer = desk.client.get(there, headers=desk.session("aud-1"), follow_redirects=False)
    assert answer.headers["location"] == f"/time-machine?by=fund&at={last}"
    asked = {"end_of": "2099-01-01", "lang": "en"}
    assert "knows nothing of that moment" in page(desk, "aud-1", "/time-machine", 422, **asked)
    assert 'value="2099-01-01"' in page(desk, "aud-1", "/time-machine", 422, **asked)
    assert "knows nothing of that moment" in page(desk, "aud-1", "/time-machine", 422, end_of="2024-01-01", lang="en")


def test_a_moment_that_never_was_is_told_in_its_place(desk: Desk) -> None:
    text = page(desk, "aud-1", "/time-machine", 422, lang="en", at="999999")
    assert "knows nothing of that moment" in text
    assert 'id="at" name="at" type="number" min="1"' in text
    assert 'value="999999"' in text


def test_it_speaks_one_language(desk: Desk) -> None:
    for by in ("plan", "special", "source", "fund"):
        text = page(desk, "aud-1", "/time-machine", lang="en", by=by, at="5000")
        text = re.sub(r'(?s)class="recorded">.*?<', "<", text).replace("中文", "")
        assert not HAN.search(text), HAN.findall(text)
