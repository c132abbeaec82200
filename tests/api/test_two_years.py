"""Two years, one carried into the other: whatever is asked without a year, or summed over years, counts carried money once."""

import pytest

from ledger.domain.money import fen
from tests.api.desk import Desk, done, movement
from tests.api.opening import DAY, allocate

HELD = ("unallocated", "available", "committed", "ordered")
GONE = ("disbursed", "issued_to_leagues", "withdrawn")
OPENING = fen("1146260000.00")
YEARS = (2025, 2026)


@pytest.fixture
def carried(two_projects: Desk) -> Desk:
    """In 2025 KRD-1 was paid 400,000 of its 1,000,000 and 100,000 are ordered; all the rest is carried into 2026."""
    desk = two_projects
    payee = desk.get("std-1", "/v1/projects/KRD-1")["undertaker"]["credit_code"]
    for order, amount in (("ORD-1", "400000"), ("ORD-2", "100000")):
        pay = {"order": order, "project": "KRD-1", "instalment": "1", "amount": amount, "payee": payee}
        desk.record("std-1", "PaymentOrdered", "2025-03-10", document={"number": f"拨付-{order}"}, **pay)
    desk.record("tre-1", "PaymentSettled", "2025-03-12", order="ORD-1", detail="PAY-1", amount="400000")
    rule = {"name": "surplus_years", "years": 2, "document": {"number": "内财规〔2025〕11号"}}
    desk.sign("fin-1", "std-1", movement("PolicyParameterSet", DAY, **rule))
    lines = desk.get("fin-1", "/v1/year-end/2025", limit=100)["lines"]
    body = {"proposal": "YE", "effective_on": "2026-01-20", "movements": [line["movement"] for line in lines]}
    done(desk.post("fin-1", "/v1/proposals", body))
    done(desk.approve("fin-2", "YE", effective_on="2026-01-20"))
    return desk


def figures(desk: Desk, by: str, year: int | None = None) -> dict[str | None, dict[str, int]]:
    asked = {} if year is None else {"fiscal_year": year}
    rows = desk.balances(by, **asked)
    return {key: {name: _signed(text) for name, text in row.items()} for key, row in rows.items()}


def _signed(text: str) -> int:
    return -fen(text[1:]) if text.startswith("-") else fen(text)


def test_per_project_what_was_committed_stands_once_over_all_years(carried: Desk) -> None:
    """V4: commitments = committed + ordered + disbursed + issued, over all years."""
    for project, committed in (("KRD-1", "1000000"), ("BRK-1", "2000000"), ("OLD-MSTP", "42000000")):
        rows = [figures(carried, "project", year).get(project, {}) for year in YEARS]
        stands = ("committed", "ordered", "disbursed", "issued_to_leagues")
        assert sum(row.get(name, 0) for row in rows for name in stands) == fen(committed)
    krd = figures(carried, "project", 2026)["KRD-1"]
    assert (krd["committed"], krd["ordered"], krd["disbursed"]) == (fen("500000"), fen("100000"), 0)


@pytest.mark.parametrize("by", ["plan", "special", "project", "source", "fund"])
def test_in_every_grouping_money_is_held_in_one_year_and_spent_in_one(carried: Desk, by: str) -> None:
    first, second = (figures(carried, by, year) for year in YEARS)
    assert all(row[name] == 0 for row in first.values() for name in HELD)
    spent = sum(row[name] for row in first.values() for name in GONE)
    held = sum(row[name] for row in second.values() for name in (*HELD, *GONE))
    assert (spent, spent + held) == (fen("400000"), OPENING)


@pytest.mark.parametrize("by", ["plan", "special", "project", "source", "fund"])
def test_without_a_year_the_figures_are_those_of_the_latest_and_of_no_other(carried: Desk, by: str) -> None:
    assert figures(carried, by) == figures(carried, by, 2026)


def test_what_was_carried_out_of_one_year_came_into_the_other(carried: Desk) -> None:
    out, into = (figures(carried, "fund", year) for year in YEARS)
    assert {fund: row["carried_out"] for fund, row in out.items()} == {
        fund: row["carried_in"] for fund, row in into.items()
    }
    assert sum(row["carried_out"] for row in out.values()) == OPENING - fen("400000")


def test_available_money_is_that_of_one_year(carried: Desk) -> None:
    asked = {"special": "RDT-KRD"}
    assert carried.get("aud-1", "/v1/availability", **asked)["available"] == "2000000.00"
    assert carried.get("aud-1", "/v1/availability", fiscal_year=2025, **asked)["available"] == "0.00"
    allocate(carried, "RDT-KRD", "1000000", on="2026-02-01")
    assert carried.get("aud-1", "/v1/availability", **asked)["available"] == "3000000.00"


def test_a_project_is_in_the_register_once(carried: Desk) -> None:
    codes = [row["project"] for row in carried.get("aud-1", "/v1/projects")["projects"]]
    assert len(codes) == len(set(codes))
