"""The timeline over HTTP: of specials one sees, in yuan, with the share of the year that is over."""

import pytest

from tests.api.desk import Desk, movement, refused

TIMELINE = "/v1/timeline"


def test_it_adds_up_and_says_how_much_of_the_year_is_over(two_projects: Desk) -> None:
    answer = two_projects.read("aud-1", TIMELINE, special="RDT-KRD", by="month")
    body = answer.json()
    assert body["number"] == int(answer.headers["Ledger-Number"]) == two_projects.number()
    assert [span["last"] for span in body["spans"]][-1] == "2025-06-30"
    last = body["spans"][-1]
    card = two_projects.balances("special", special="RDT-KRD")["RDT-KRD"]
    assert last["stood"]["allocated"] == card["total"]
    assert last["stood"]["committed"] == card["committed"]
    assert last["time_rate"] == "49.59"  # 181 of 365 days
    assert "last_year" not in last


def test_last_year_is_restated_to_the_same_day(two_projects: Desk) -> None:
    carried = {"account": "B210", "fund": "STIDF", "vintage": 2025, "amount": "5", "special": "RDT-KRD"}
    fields = {"treatment": "CARRY_OVER", "reason": "项目继续", "period": "2025-12", **carried}
    receipt = two_projects.ask("fin-1", movement("BalanceCarriedForward", "2025-12-31", **fields))
    assert receipt.status_code == 201, receipt.text
    spans = two_projects.get("aud-1", TIMELINE, special="RDT-KRD", fiscal_year=2026, by="week")["spans"]
    assert spans[0]["stood"]["allocated"] == "5.00"
    this = {
        span["last"]: span
        for span in two_projects.get("aud-1", TIMELINE, special="RDT-KRD", fiscal_year=2025, by="day")["spans"]
    }
    for span in spans:
        earlier = span["last"].replace("2026", "2025", 1)
        if earlier in this:
            assert span["last_year"] == this[earlier]["stood"]


def test_plans_are_the_sum_of_what_one_sees(two_projects: Desk) -> None:
    assert two_projects.get("aud-1", TIMELINE)["specials"]
    own = two_projects.get("pm-1", TIMELINE)
    assert set(own["specials"]) == {"RDT-KRD", "RDT-CHN"}
    assert two_projects.get("pm-1", TIMELINE, plan="RDT")["spans"] == own["spans"]


@pytest.mark.parametrize(
    ("who", "of"),
    [
        ("pm-1", {"special": "MSP-BRK"}),
        ("pm-1", {"plan": "MSP"}),
        ("und-1", {}),
        ("aud-1", {"special": "NO-SUCH"}),
        ("aud-1", {"special": "RDT-KRD", "fiscal_year": 2024}),
    ],
)
def test_what_one_does_not_see_is_not_there(two_projects: Desk, who: str, of: dict[str, object]) -> None:
    refused(two_projects.read(who, TIMELINE, **of), "NOT_FOUND", 404)
