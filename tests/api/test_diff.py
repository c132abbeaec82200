"""What differs between two moments, over HTTP: the rows, the lines that made it, and no more than one may see."""

from fractions import Fraction

import pytest

from tests.api.desk import Desk, Fields, refused
from tests.api.test_scope import SCOPED

DIFF = "/v1/diff"


def commit_late(desk: Desk) -> int:
    """500 yuan more for KRD-1, effective in February and known later; the number before it."""
    before = desk.number()
    plan = [{"instalment": "late", "amount": "500"}]
    late = {"period": "2025-03", "project": "KRD-1", "fund": "STIDF", "vintage": 2025, "amount": "500"}
    desk.record("std-1", "PreFundingCommitted", "2025-02-20", instalments=plan, scheme={"number": "方案3号"}, **late)
    return before


def test_what_changed_of_february_since_then(two_projects: Desk) -> None:
    desk = two_projects
    before = commit_late(desk)
    day = {"effective": "2025-02-28", "since_effective": "2025-02-28"}
    found = desk.get("aud-1", DIFF, by="special", since_at=before, **day)
    assert found["proven"]
    assert (found["since"]["as_of"]["number"], found["to"]["as_of"]["number"]) == (before, None)
    (row,) = found["rows"]
    assert row["key"] == "RDT-KRD"
    assert row["figures"]["committed"] == {"since": "1000000.00", "to": "1000500.00", "difference": "500.00"}
    assert set(row["figures"]) == {"committed", "available", "net"}
    assert {(line["number"], line["component"], line["amount"], line["late"]) for line in found["lines"]} == {
        (before + 1, "committed", "500.00", True),
        (before + 1, "available", "-500.00", True),
    }
    back = desk.get("aud-1", DIFF, by="special", at=before, **day)
    assert [line["amount"] for line in back["lines"]] == [
        str(-Fraction(line["amount"]).__int__()) + ".00" for line in found["lines"]
    ]
    assert (
        desk.get("aud-1", DIFF, by="special", since_at=before, since_period="2025-02", period="2025-02")["rows"] == []
    )


@pytest.mark.parametrize("who", SCOPED)
def test_of_another_nothing_differs(two_projects: Desk, who: str) -> None:
    desk = two_projects
    own = {line["number"] for line in desk.get(who, "/v1/movements", limit=500)["movements"]}
    for by in ("plan", "special", "project", "source", "fund"):
        whole = desk.get("aud-1", DIFF, by=by, since_at=1, limit=500)
        found = desk.get(who, DIFF, by=by, since_at=1, limit=500)
        assert found["proven"]
        assert {line["number"] for line in found["lines"]} <= own
        assert len(found["lines"]) < len(whole["lines"])
        assert not {row["key"] for row in found["rows"]} & {"BRK-1", "MSP-BRK"}
        refused(desk.read(who, DIFF, by="special", key="MSP-BRK", since_at=1), "NOT_FOUND", 404)


def test_rows_and_lines_come_in_pages(two_projects: Desk) -> None:
    desk = two_projects
    whole = desk.get("aud-1", DIFF, by="project", since_at=1, limit=500)
    rows: list[Fields] = []
    lines: list[Fields] = []
    asked: Fields = {}
    while True:
        page = desk.get("aud-1", DIFF, by="project", since_at=1, limit=2, **asked)
        assert page["proven"]
        rows += page["rows"] if not asked or "after_row" in asked else []
        lines += page["lines"]
        asked = {"after": page["next"], "after_row": page["next_row"] or (rows[-1]["key"] if rows else None)}
        if page["next"] is None:
            break
    assert lines == whole["lines"]
    assert {row["key"] for row in rows} == {row["key"] for row in whole["rows"]}


def test_a_moment_the_ledger_does_not_know_has_no_difference(two_projects: Desk) -> None:
    refused(two_projects.read("aud-1", DIFF, by="plan", since_at=10**6), "OUTSIDE_LIFE", 422)
    refused(two_projects.read("aud-1", DIFF, by="plan", figure="matching_gap"), "NOT_FOUND", 404)
    refused(two_projects.read("aud-1", DIFF, by="plan", figure="nothing"), "MALFORMED", 422)
