"""The log and one movement: what the routes answer, up to the moment of the address, for those who may see it."""

import re
from decimal import Decimal
from html import unescape
from typing import Any

import pytest

from api.console import movements
from api.routes.movements import MovementDetail, get_movement
from ledger.application import Ledger
from ledger.projections.follower import catch_up
from ledger.projections.searched import Searched
from tests.api.desk import Desk
from tests.console.test_pages import HAN, page

NUMBERS = re.compile(r'<td class="n"><a href="/movements/(\d+)')


@pytest.fixture(autouse=True, scope="module")
def _followed(demo_ledger: Ledger) -> None:
    catch_up(demo_ledger.store, demo_ledger.id, Searched())


def test_the_log_is_what_the_search_finds(desk: Desk) -> None:
    for asked in ({}, {"kind": "QuotaIssued"}, {"project": "NSF-1856"}, {"special": "BAS-NSP"}, {"q": "2025"}):
        found = desk.get("aud-1", "/v1/search", **asked)
        listed = NUMBERS.findall(page(desk, "aud-1", "/movements", lang="en", **asked))
        assert listed
        assert [int(number) for number in listed] == [hit["number"] for hit in found["hits"]]


def test_what_was_recorded_later_is_not_in_the_log_of_then(desk: Desk) -> None:
    text = page(desk, "aud-1", "/movements", at="5000", limit="20")
    assert [int(number) for number in NUMBERS.findall(text)] == list(range(5000, 4980, -1))
    more = re.search(r'class="more" href="([^"]+)"', text)
    assert more
    following = page(desk, "aud-1", unescape(more[1]))
    assert [int(number) for number in NUMBERS.findall(following)] == list(range(4980, 4960, -1))


@pytest.mark.parametrize("number", [1, 5000, 9000])
def test_a_movement_is_told_whole(desk: Desk, number: int) -> None:
    found = desk.get("aud-1", f"/v1/movements/{number}")
    text = unescape(page(desk, "aud-1", f"/movements/{number}", lang="en", unit="yuan"))
    for said in (found["leaf"], found["label"]["en"], found["actor"]["subject"], found.get("proposal") or ""):
        assert said in text
    entries = [
        f"{Decimal(entry[side]):,.2f}" for entry in found["entries"] for side in ("amount", "balance_after")
    ]  # fmt: skip
    assert re.findall(r'<span class="amount"[^>]*>([^<]+)<', text) == entries


def test_a_correction_leads_to_what_it_corrects_and_back(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The demo year corrects nothing, so the route's answer is given what one of a correction has."""

    def corrected(*asked: Any) -> MovementDetail:
        return get_movement(*asked).model_copy(update={"corrects": [4000], "corrected_by": [6000]})

    monkeypatch.setattr(movements, "get_movement", corrected)
    text = page(desk, "aud-1", "/movements/5000", lang="en")
    assert '<dt>Corrects</dt><dd><a href="/movements/4000?lang=en">4000</a>' in text
    assert '<dt>Corrected by</dt><dd><a href="/movements/6000?lang=en">6000</a>' in text


def test_what_one_may_not_see_is_as_if_it_were_not(desk: Desk) -> None:
    seen = [int(number) for number in NUMBERS.findall(page(desk, "pm-1", "/movements", limit="50"))]
    hidden = next(
        number for number in range(10_000, 1, -1) if desk.read("pm-1", f"/v1/movements/{number}").status_code == 404
    )
    assert seen
    assert hidden not in seen
    assert "未找到" in page(desk, "pm-1", f"/movements/{hidden}", 404, lang="zh")


@pytest.mark.parametrize("path", ["/movements", "/movements/5000", "/movements/1"])
def test_it_speaks_one_language(desk: Desk, path: str) -> None:
    text = page(desk, "aud-1", path, lang="en", at="5000")
    text = re.sub(r'(?s)class="recorded">.*?<', "<", text).replace("中文", "")
    assert not HAN.search(text), HAN.findall(text)
