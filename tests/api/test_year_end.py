"""GET /v1/year-end/{year}: the list with every line judged; what it gives can be proposed as it is, and nothing is recorded."""

from tests.api.desk import Desk, done, movement, refused
from tests.api.opening import DAY

YEAR = "/v1/year-end/2025"


def with_the_rule(desk: Desk) -> Desk:
    rule = {"name": "surplus_years", "years": 2, "document": {"number": "内财规〔2025〕11号"}}
    desk.sign("fin-1", "std-1", movement("PolicyParameterSet", DAY, **rule))
    return desk


def test_every_line_is_judged_and_totals_are_per_fund_and_vintage(two_projects: Desk) -> None:
    desk = with_the_rule(two_projects)
    before = desk.number()
    answer = desk.get("fin-1", YEAR, limit=3)
    assert (answer["on"], answer["count"], answer["refused"], answer["next"]) == ("2026-01-01", 26, 0, 3)
    assert answer["totals"][0] == {
        "fund": "NSF",
        "vintage": 2024,
        "age": 2,
        "lines": 2,
        "carried_over": "0.00",
        "surplus": "13000000.00",
        "withdrawn": "0.00",
        "undecided": "0.00",
        "refused": "0.00",
    }
    first = answer["lines"][0]
    assert (first["fate"], first["account"], first["amount"]) == ("SURPLUS", "B200", "400000.00")
    assert first["movement"]["treatment"] == "SURPLUS"
    assert "refused" not in first
    assert desk.number() == before == answer["number"]


def test_what_it_lists_is_proposed_and_approved_as_it_is_and_the_year_closes(two_projects: Desk) -> None:
    desk = with_the_rule(two_projects)
    lines = desk.get("fin-1", YEAR, limit=100)["lines"]
    body = {"proposal": "YE", "effective_on": "2026-01-20", "movements": [line["movement"] for line in lines]}
    done(desk.post("fin-1", "/v1/proposals", body))
    done(desk.approve("fin-2", "YE", effective_on="2026-01-20"))
    assert desk.get("fin-1", "/v1/periods", fiscal_year=2025)["years"][0]["state"] == "CLOSED"
    assert desk.get("fin-1", YEAR)["lines"] == []
    into, out = desk.balances("fund", fiscal_year=2026), desk.balances("fund", fiscal_year=2025)
    assert into["STIDF"]["carried_in"] == out["STIDF"]["carried_out"] == "973260000.00"


def test_pages_make_the_whole_list(two_projects: Desk) -> None:
    whole = two_projects.get("aud-1", YEAR, limit=100)["lines"]
    parts = [two_projects.get("aud-1", YEAR, limit=10, after=after)["lines"] for after in (0, 10, 20)]
    assert [line for part in parts for line in part] == whole


def test_a_missing_rule_is_named_with_whose_it_is(two_projects: Desk) -> None:
    answer = two_projects.get("fin-1", YEAR, limit=100)
    undecided = [line for line in answer["lines"] if line.get("fate") == "UNDECIDED"]
    assert {line["refused"]["code"] for line in undecided} == {"PARAMETER_MISSING"}
    assert not any("movement" in line for line in undecided)
    assert {owner["role"] for one in answer["blockers"] for owner in one["owners"]} == {"FIN", "STD"}


def test_what_one_may_not_see_is_as_if_absent(two_projects: Desk) -> None:
    answer = with_the_rule(two_projects).get("pm-1", YEAR, limit=100)
    accounts = [line for line in answer["lines"] if "account" in line]
    assert {line["dimensions"]["special"] for line in accounts} == {"RDT-KRD"}
    assert [total["carried_over"] for total in answer["totals"]] == ["3000000.00"]


def test_a_year_the_ledger_has_not_is_not_found(two_projects: Desk) -> None:
    refused(two_projects.read("fin-1", "/v1/year-end/2031"), "NOT_FOUND", 404)
