"""What if on its page: a call tried is what the route says of the same movements; the earliest day is that of its route."""

import re
from collections.abc import Iterator
from decimal import Decimal
from html import unescape
from typing import Any

import pytest

from ledger.access.demo import DemoPeople
from ledger.application import Ledger
from tests.api.desk import Desk
from tests.console.conftest import TODAY, desk_of_two_projects
from tests.console.test_pages import FORM, HAN, page

CALL = {"count": "3", "size": "1000000", "later_1": "500000", "on": "2025-07-01", "lang": "en", "unit": "yuan"}


def shown(text: str, row: str) -> list[str]:
    """The amounts of a row."""
    found = re.search(rf'(?s)<th scope="row">{row}</th>(.*?)</tr>', text)
    assert found, row
    return re.findall(r'class="amount"[^>]*>([^<]+)<', found[1])


def supposed(desk: Desk, special: str, projects: int, size: int) -> Any:
    call = {"kind": "FundsReserved", "effective_on": "2025-07-01", "call": "C", "fund": "STIDF", "special": special}
    call |= {"amount": f"{projects * size}.00", "expires_on": "2025-12-31"}
    answer = desk.post("pm-1", "/v1/what-if", [call])
    assert answer.status_code == 200, answer.text
    return answer.json()["lines"][0]


def special_with_money(desk: Desk) -> str:
    """One of the manager's specials in which something is available."""
    rows = desk.get("pm-1", "/v1/balances", by="special")["rows"]
    return str(max((row for row in rows if row["key"]), key=lambda row: Decimal(row["figures"]["net"]))["key"])


def test_a_call_is_judged_as_the_route_judges_it(desk: Desk) -> None:
    special = special_with_money(desk)
    net = Decimal(desk.get("pm-1", "/v1/balances", by="special", special=special)["total"]["net"])
    for size in (1, int(net) + 1):
        text = page(desk, "pm-1", "/what-if", **CALL | {"special": special, "count": "1", "size": str(size)})
        line = supposed(desk, special, 1, size)
        assert ("Setting it aside is refused" in text) == (not line["accepted"])
        before, after = (Decimal(amount.replace(",", "")) for amount in shown(text, "Net available"))
        assert before == net
        if line["accepted"]:
            assert after == net - size
        else:
            assert unescape(line["problem"]["message"]["en"]) in unescape(text)


def test_as_many_projects_fit_as_there_is_money_for(desk: Desk) -> None:
    special = special_with_money(desk)
    net = int(Decimal(desk.get("pm-1", "/v1/balances", by="special", special=special)["total"]["net"]))
    text = page(desk, "pm-1", "/what-if", **CALL | {"special": special, "count": "4", "size": str(net // 3)})
    assert "Of 4, 3 fit" in text
    assert "Refused from project 4 on: Not enough money" in text


def test_later_years_are_told_before_and_after(desk: Desk) -> None:
    text = page(desk, "pm-1", "/what-if", **CALL | {"special": special_with_money(desk), "count": "2", "size": "10"})
    assert "All 2 fit" in text
    before, after = (Decimal(amount.replace(",", "")) for amount in shown(text, "Later years"))
    assert after - before == 2 * 500000


def test_the_earliest_day_is_that_of_the_route(desk: Desk) -> None:
    special = special_with_money(desk)
    for amount in ("1.00", "9000000000.00"):
        text = page(desk, "pm-1", "/what-if", special=special, amount=amount, on="2025-07-01", lang="en", unit="yuan")
        found: Any = desk.get("pm-1", "/v1/availability/earliest", special=special, amount=amount, on="2025-07-01")
        assert f"Free now: {Decimal(found['free']):,.2f} yuan" in text
        told = found["by_time"] or found["on"]
        assert (f"Free from {told} on" if told else "are still missing") in text


def test_what_was_typed_wrongly_or_may_not_be_seen_is_told(desk: Desk) -> None:
    assert "The request is malformed" in page(
        desk, "pm-1", "/what-if", 422, **CALL | {"special": "RDT-KRD", "size": "ten"}
    )
    assert "knows nothing of that moment" in page(
        desk, "aud-1", "/what-if", 422, **CALL | {"special": "RDT-KRD", "at": "999999"}
    )
    seen = {row["key"] for row in desk.get("pm-1", "/v1/balances", by="special")["rows"]}
    hidden = next(
        row["key"] for row in desk.get("aud-1", "/v1/balances", by="special")["rows"] if row["key"] not in seen
    )
    page(desk, "pm-1", "/what-if", 404, **CALL | {"special": hidden})
    assert f'value="{hidden}"' not in page(desk, "pm-1", "/what-if")


def test_it_speaks_one_language(desk: Desk) -> None:
    text = page(desk, "pm-1", "/what-if", **CALL | {"special": special_with_money(desk), "amount": "9000000000"})
    text = re.sub(r'(?s)class="[^"]*recorded[^"]*">.*?<', "<", text).replace("中文", "")
    assert not HAN.search(text), HAN.findall(text)


def test_only_whoever_may_record_is_offered_to_hand_over(desk: Desk) -> None:
    asked = CALL | {"special": special_with_money(desk), "count": "1", "size": "1"}
    assert "Propose to set it aside" in page(desk, "pm-1", "/what-if", **asked)
    assert "Propose to set it aside" not in page(desk, "aud-1", "/what-if", **asked)


@pytest.fixture
def opened(ledger: Ledger, people: DemoPeople) -> Iterator[Desk]:
    """A ledger of one's own, in which two projects stand."""
    with desk_of_two_projects(ledger, people, TODAY) as desk:
        yield desk


def test_a_call_that_was_tried_becomes_one_proposal_however_often_it_is_sent(opened: Desk) -> None:
    special = special_with_money(opened)
    text = page(opened, "pm-1", "/what-if", **CALL | {"special": special, "count": "1", "size": "1"})
    form = re.search(r'(?s)<form method="post" action="[^"]*what-if[^"]*">(.*?)</form>', text)
    assert form
    sent = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form[1]))
    for _ in range(2):
        answer = opened.client.post(
            "/what-if", data=sent, headers=opened.session("pm-1") | FORM, follow_redirects=False
        )
        assert answer.status_code == 303, answer.text
    proposal = answer.headers["location"].removeprefix("/inbox/")
    proposed = [one["proposal"] for one in opened.get("aud-1", "/v1/proposals")["proposals"]]
    assert proposed.count(proposal) == 1
    answer = opened.read("aud-1", f"/v1/proposals/{proposal}")
    assert [answer.text.count(said) for said in ('"FundsReserved"', '"1.00"', f'"{special}"')] == [1, 1, 1], answer.text
