"""Balances as of then over HTTP: by number, instant, period and business date."""

import pytest

from tests.api.desk import Desk, movement, refused

BY_PLAN = "/v1/balances"


def committed(desk: Desk, **then: object) -> str:
    return str(desk.get("aud-1", BY_PLAN, by="special", special="RDT-KRD", **then)["total"]["committed"])


def test_each_of_the_three_dates_is_asked_for(two_projects: Desk) -> None:
    desk = two_projects
    before = desk.number()
    instant = desk.get("aud-1", BY_PLAN, by="plan")["recorded_at"]
    late = {"period": "2025-03", "project": "KRD-1", "fund": "STIDF", "vintage": 2025, "amount": "500"}
    plan = [{"instalment": "late", "amount": "500"}]
    desk.record("std-1", "PreFundingCommitted", "2025-02-20", instalments=plan, scheme={"number": "方案3号"}, **late)
    assert committed(desk) == "1000500.00"
    assert committed(desk, at=before) == committed(desk, at=instant) == "1000000.00"
    assert committed(desk, period="2025-02") == "1000000.00"
    assert committed(desk, period="2025-03") == "1000500.00"
    assert committed(desk, effective="2025-02-19") == "1000000.00"
    assert committed(desk, effective="2025-02-20") == "1000500.00"
    assert committed(desk, effective="2025-02-20", at=before) == "1000000.00"
    assert committed(desk, effective="2025-02-02") == "0.00"


def test_an_answer_says_of_when_it_is_and_leaves_out_what_is_not_known(two_projects: Desk) -> None:
    card = two_projects.get("aud-1", BY_PLAN, by="plan", at=5, effective="2025-06-01")
    assert card["as_of"] == {"number": 5, "period": None, "effective_on": "2025-06-01"}
    assert (card["number"], card["on"]) == (5, "2025-06-01")
    assert "matching_due" not in card["total"]
    assert two_projects.get("aud-1", BY_PLAN, by="plan")["as_of"] is None


@pytest.mark.parametrize(
    "then",
    [
        {"at": 0},
        {"at": 10**6},
        {"at": "1999-01-01T00:00:00Z"},
        {"at": "2999-01-01T00:00:00Z"},
        {"period": "2024-12"},
        {"effective": "2024-12-31"},
        {"effective": "2025-07-01"},
    ],
)
def test_outside_its_life_the_ledger_knows_nothing(two_projects: Desk, then: dict[str, object]) -> None:
    problem = refused(two_projects.read("aud-1", BY_PLAN, by="plan", **then), "OUTSIDE_LIFE", 422)
    assert problem["details"].keys() >= {"first", "last"}


@pytest.mark.parametrize("then", [{"at": "2025-02-20T00:00:00"}, {"at": "soon"}, {"period": "2025-14"}])
def test_a_moment_that_is_none_is_malformed(two_projects: Desk, then: dict[str, object]) -> None:
    refused(two_projects.read("aud-1", BY_PLAN, by="plan", **then), "MALFORMED", 422)


def test_who_sees_their_own_sees_their_own_then(two_projects: Desk) -> None:
    desk = two_projects
    before = desk.number()
    request = movement("CommitmentReleased", "2025-03-05", project="KRD-1", instalment="1", amount="400000")
    answer = desk.ask("std-1", request | {"reason": "项目终止", "document": {"number": "终止1号"}})
    assert answer.status_code in (200, 201, 403), answer.text
    then = desk.get("und-1", BY_PLAN, by="project", at=before)
    assert [row["key"] for row in then["rows"]] == ["KRD-1"]
    assert then["total"]["committed"] == "1000000.00"
