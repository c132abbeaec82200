"""What made a figure, over HTTP: the lines, page by page, and no more than one may see."""

from fractions import Fraction
from typing import Any

import pytest

from tests.api.desk import Desk, refused
from tests.api.test_scope import SCOPED

EXPLAIN = "/v1/explain"


def lines_of(desk: Desk, who: str, **asked: Any) -> list[dict[str, Any]]:
    """The lines of all pages, each of which goes on from the one before and is proven."""
    lines: list[dict[str, Any]] = []
    running = "0.00"
    while True:
        page = desk.get(who, EXPLAIN, limit=2, **asked)
        assert page["proven"]
        assert page["before"] == running
        assert (page["sum"], page["difference"]) == (page["amount"], None)
        lines += page["lines"]
        if page["next"] is None:
            return lines
        running = page["lines"][-1]["running"]
        asked["after"] = page["next"]


@pytest.mark.parametrize("who", ["aud-1", *SCOPED])
def test_whoever_sees_a_figure_sees_what_made_it_and_no_more(two_projects: Desk, who: str) -> None:
    own = {line["number"] for line in two_projects.get(who, "/v1/movements", limit=500)["movements"]}
    for by in ("plan", "special", "project", "source", "fund"):
        check_card(two_projects, who, by, own)


def check_card(desk: Desk, who: str, by: str, own: set[int]) -> None:
    """Each figure of the card and of its total is what lines make, all of them of movements that are one's own to see."""
    card = desk.get(who, "/v1/balances", by=by)
    rows = [(row["figures"], {"key": row["key"]}) for row in card["rows"]] + [(card["total"], {"whole": True})]
    for figures, row in rows:
        for figure, amount in figures.items():
            if amount == "0.00" and figure != "net":
                continue
            lines = lines_of(desk, who, by=by, figure=figure, **{k: v for k, v in row.items() if v is not None})
            assert (lines[-1]["running"] if lines else "0.00") == amount, (row, figure)
            assert sum(Fraction(line["amount"]) for line in lines) == Fraction(amount)
            assert {line["number"] for line in lines} <= own


@pytest.mark.parametrize("who", SCOPED)
def test_the_figure_of_another_is_not_there(two_projects: Desk, who: str) -> None:
    for by, key in (("project", "BRK-1"), ("special", "MSP-BRK"), ("project", "none")):
        refused(two_projects.read(who, EXPLAIN, by=by, figure="committed", key=key), "NOT_FOUND", 404)
    asked = {"by": "project", "figure": "committed", "key": "KRD-1"}
    refused(two_projects.read(who, EXPLAIN, **asked, project="BRK-1"), "NOT_FOUND", 404)
    assert two_projects.get("aud-1", EXPLAIN, by="project", figure="committed", key="BRK-1")["proven"]


def test_a_line_says_what_happened_when_and_by_which_paper(two_projects: Desk) -> None:
    desk = two_projects
    before = desk.number()
    plan = [{"instalment": "late", "amount": "500"}]
    late = {"period": "2025-03", "project": "KRD-1", "fund": "STIDF", "vintage": 2025, "amount": "500"}
    desk.record("std-1", "PreFundingCommitted", "2025-02-20", instalments=plan, scheme={"number": "方案3号"}, **late)
    asked = {"by": "special", "key": "RDT-KRD", "figure": "committed"}
    line = desk.get("aud-1", EXPLAIN, **asked)["lines"][-1]
    assert (line["number"], line["kind"], line["account"], line["component"]) == (
        before + 1,
        "PreFundingCommitted",
        "B220",
        "committed",
    )
    assert (line["effective_on"], line["period"], line["late"]) == ("2025-02-20", "2025-03", True)
    assert (line["amount"], line["running"]) == ("500.00", "1000500.00")
    assert line["dimensions"]["project"] == "KRD-1"
    journal = desk.get("aud-1", "/v1/movements", from_number=before)["movements"]
    assert [one["late"] for one in journal] == [False, True]
    assert desk.get("aud-1", f"/v1/movements/{before + 1}")["late"] is True
    for then in ({"at": before}, {"effective": "2025-02-19"}, {"period": "2025-02"}):
        found = desk.get("aud-1", EXPLAIN, **asked, **then)
        assert (found["amount"], found["sum"], found["proven"]) == ("1000000.00", "1000000.00", True)
        assert "late" in found["lines"][0]


def test_a_derived_figure_is_explained_by_its_components(two_projects: Desk) -> None:
    desk = two_projects
    for call, expires in (("OLD", "2025-06-29"), ("NEW", "2025-12-31")):
        fields = {"call": call, "fund": "STIDF", "special": "RDT-KRD", "amount": "300", "expires_on": expires}
        desk.record("std-1", "FundsReserved", "2025-02-10", **fields)
    net = desk.get("aud-1", EXPLAIN, by="special", key="RDT-KRD", figure="net")
    parts = {part["figure"]: (part["sign"], part["amount"]) for part in net["components"]}
    assert parts == {"available": (1, "2000000.00"), "reserved": (-1, "-600.00"), "lapsed": (1, "300.00")}
    assert (net["amount"], net["proven"]) == ("1999700.00", True)
    assert [line["component"] for line in net["lines"]].count("lapsed") == 1


def test_the_balances_say_where_a_figure_is_explained(two_projects: Desk) -> None:
    card = two_projects.get("aud-1", "/v1/balances", by="special", fiscal_year=2025, limit=3)
    assert card["explain"] == "/v1/explain?by=special&fiscal_year=2025{&figure,key}"
    filled = card["explain"].replace("{&figure,key}", "&figure=committed&key=MSP-BRK")
    assert two_projects.get("aud-1", filled)["proven"]


@pytest.mark.parametrize(
    "asked",
    [{"by": "plan", "figure": "nothing"}, {"by": "plan", "figure": "net", "after": "1"}, {"by": "plan"}],
)
def test_a_figure_that_is_none_is_malformed(two_projects: Desk, asked: dict[str, str]) -> None:
    refused(two_projects.read("aud-1", EXPLAIN, **asked), "MALFORMED", 422)
