"""POST /v1/replays/judge: what was recorded is judged again; what others would have refused is told, and nothing changes."""

from typing import Any

import pytest

from tests.api.desk import Desk, movement, refused

JUDGE = "/v1/replays/judge"


def judge(desk: Desk, who: str = "aud-1", **asked: Any) -> Any:
    return desk.client.post(JUDGE, json=asked, headers=desk.session(who))


def floor(desk: Desk) -> int:
    """A fund floor, and money reallocated between funds under it; answers with the number of the last."""
    about = {"document": {"number": "内财科〔2025〕2号"}}
    moved = {"from_fund": "STIDF", "to_fund": "NSF", "vintage": 2025, "amount": "1000000", **about}
    set_ = movement("PolicyParameterSet", "2025-03-01", name="fund_floor", amount="0", **about)
    desk.sign("fin-1", "std-1", set_)
    desk.sign("std-1", "fin-1", movement("FundsReallocatedBetweenFunds", "2025-03-02", **moved))
    return desk.number()


def test_what_was_accepted_is_accepted_again(two_projects: Desk) -> None:
    answer = judge(two_projects)
    assert answer.status_code == 200, answer.text
    said = answer.json()
    assert said == {"first": 1, "last": two_projects.number(), "otherwise": []}
    assert answer.headers["Ledger-Number"] == str(said["last"])


def test_another_floor_would_have_refused_it_and_nothing_changes(two_projects: Desk) -> None:
    number = floor(two_projects)
    supposed = [{"name": "fund_floor", "scope": "STIDF", "amount": "99999999999.00"}]
    (line,) = judge(two_projects, supposed=supposed).json()["otherwise"]
    assert (line["number"], line["kind"]) == (number, "FundsReallocatedBetweenFunds")
    assert line["refusal"]["code"] == "BELOW_FLOOR"
    assert line["refusal"]["message"]["zh"]
    assert line["refusal"]["message"]["en"]
    assert (two_projects.number(), judge(two_projects, under="TODAY").json()["otherwise"]) == (number, [])


def test_one_answer_covers_so_many_and_says_where_to_go_on(two_projects: Desk) -> None:
    last, first, seen = two_projects.number(), 1, 0
    while first is not None:
        said = judge(two_projects, first=first, limit=3).json()
        seen += said["last"] - said["first"] + 1
        first = said.get("next")
    assert seen == last


def test_finance_the_department_and_auditors_may_ask(two_projects: Desk) -> None:
    for who, status in (("fin-1", 200), ("std-1", 200), ("com-1", 403), ("pm-1", 403), ("und-1", 403)):
        assert judge(two_projects, who).status_code == status, who


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"first": 10**6}, "OUTSIDE_LIFE"),
        ({"first": 3, "last": 2}, "OUTSIDE_LIFE"),
        ({"first": 0}, "MALFORMED"),
        ({"limit": 10_001}, "MALFORMED"),
        ({"under": "YESTERDAY"}, "MALFORMED"),
        ({"supposed": [{"name": "fund_ceiling", "amount": "1"}]}, "UNKNOWN_REFERENCE"),
        ({"supposed": [{"name": "fund_floor", "days": 1}]}, "PARAMETER_MISSING"),
    ],
)
def test_what_cannot_be_asked(two_projects: Desk, asked: dict[str, Any], code: str) -> None:
    answer = judge(two_projects, **asked)
    refused(answer, code, answer.status_code)
    assert answer.status_code in (409, 422)
