"""One special's page: every line that holds money back or waits for it, adding up to sheet 12 and the balances."""

import re
from decimal import Decimal
from typing import Any

import pytest

from tests.api.desk import Desk
from tests.console.test_availability import asked, grouped
from tests.console.test_pages import HAN, page

SPECIALS = ("MSP-DEM", "MSP-CRC", "CAP-POL")


def totals(text: str) -> list[str]:
    """What stands in the feet of its tables."""
    feet = re.findall(r"(?s)<tfoot>(.*?)</tfoot>", text)
    return [amount for foot in feet for amount in re.findall(r'class="amount"[^>]*>([^<]+)<', foot)]


def sheet(desk: Desk, report: str, special: str) -> Any:
    return asked(desk, "std-1", f"/v1/reports/{report}?special={special}")


@pytest.mark.parametrize("special", SPECIALS)
def test_its_lines_are_those_of_the_sheet_and_add_up_to_sheet_12(desk: Desk, special: str) -> None:
    text = page(desk, "std-1", f"/availability/{special}", lang="en", unit="yuan")
    lines = sheet(desk, "availability-lines", special)
    (whole,) = sheet(desk, "availability", special)["rows"]
    total = lines["foot"][0]["values"]
    parts = {row["part"] for row in lines["rows"]}
    assert parts
    for key in ("reserved", "pending", "due_soon", "gates_open", "race_pool", "late_match", "queue", "future"):
        assert total[key] == whole[key], key
        if any(Decimal(row[key] or 0) for row in lines["rows"]):
            assert grouped(whole[key]) in totals(text), key
    assert text.count("<h3>") == len(parts)
    for row in lines["rows"][:20]:
        assert row["ref"] in text
        assert (row["until"] or "") in text


def test_the_calendar_is_what_is_committed_and_not_ordered(desk: Desk) -> None:
    text = page(desk, "std-1", "/availability/MSP-DEM", lang="en", unit="yuan")
    calendar = text[text.index("Calendar") : text.index('id="lines"')]
    committed = asked(desk, "std-1", "/v1/balances?by=special&special=MSP-DEM")["total"]["committed"]
    assert totals(calendar)[0] == grouped(committed)
    lines = sheet(desk, "availability-lines", "MSP-DEM")["rows"]
    months = {(line["until"] or "no day set")[:7] for line in lines if line["unpaid"]}
    assert set(re.findall(r'<th scope="row" class="c">(.{7})', calendar)) == months


def test_it_says_of_which_fund_and_why(desk: Desk) -> None:
    text = page(desk, "std-1", "/availability/MSP-DEM", lang="zh", unit="yuan")
    found = asked(desk, "std-1", "/v1/availability?special=MSP-DEM")
    for one in found["available_from"]:
        assert f'<td class="n">{one["vintage"]}</td>' in text
        assert grouped(one["available"]) in text
    assert all(words["zh"] in text for words in found["why"])


def test_of_another_moment(desk: Desk) -> None:
    text = page(desk, "aud-1", "/availability/MSP-DEM", lang="en", unit="yuan", effective="2025-03-31")
    (row,) = asked(desk, "aud-1", "/v1/reports/availability?special=MSP-DEM&effective=2025-03-31")["rows"]
    assert grouped(row["available"]) in text
    assert "effective=2025-03-31" in text


def test_who_may_not_see_a_special_finds_none(desk: Desk) -> None:
    seen = {row["key"] for row in asked(desk, "pm-1", "/v1/balances?by=special")["rows"]}
    page(desk, "pm-1", f"/availability/{min(seen)}")
    page(desk, "pm-1", "/availability/MSP-BRK" if "MSP-BRK" not in seen else "/availability/BAS-NSF", 404)
    page(desk, "rec-1", "/availability/MSP-BRK", 404)
    assert "未找到" in page(desk, "std-1", "/availability/MSP-NONE", 404, lang="zh")


@pytest.mark.parametrize("special", SPECIALS)
def test_in_english_it_holds_no_chinese(desk: Desk, special: str) -> None:
    text = page(desk, "std-1", f"/availability/{special}", lang="en").replace("中文", "")
    text = re.sub(r'(?s)class="recorded">.*?<', "<", text)
    assert not HAN.search(text), HAN.findall(text)
