"""ledger explain: the lines behind a figure, as a table and as JSON, and whether they prove it."""

import json

import pytest

from tests.cli.conftest import DAY, Desk


def test_a_figure_and_the_lines_that_make_it(opened: Desk) -> None:
    ran = opened.run("explain", "available", "--by", "special", "--key", "RDT-KRD")
    assert ran.code == 0, ran.said
    assert "核对一致" in ran.out
    assert "300,000,000.00" in ran.out
    assert "FundsAllocated" not in ran.out
    assert "资金分配" in ran.out or "Funds allocated" in ran.out
    answer = json.loads(opened.run("explain", "total", "--total", "--json", "--lines", "1").out)
    assert (answer["amount"], answer["sum"], answer["proven"]) == ("900000000.00", "900000000.00", True)
    rest = json.loads(opened.run("explain", "total", "--total", "--json", "--after", answer["next"]).out)
    assert rest["next"] is None
    assert rest["lines"][-1]["running"] == "900000000.00"


def test_a_balance_that_lies_is_found_and_told(opened: Desk) -> None:
    """Whoever changes a table behind the ledger's back does not change what the lines say."""
    opened.execute(
        "UPDATE entry SET cell_after = cell_after + 1 WHERE cell = (SELECT id FROM cell WHERE code = 'B210')"
    )
    ran = opened.run("explain", "available", "--by", "special", "--key", "RDT-KRD")
    assert ran.code == 1, ran.said
    assert "核对不符" in ran.out
    assert "NOT proven" in ran.out


def test_an_entry_that_lies_is_found_and_told(opened: Desk) -> None:
    opened.execute(
        "UPDATE entry SET effective_on = effective_on + 1 WHERE cell = (SELECT id FROM cell WHERE code = 'B210')"
    )
    assert opened.run("explain", "available", "--by", "special", "--key", "RDT-KRD").code == 1


@pytest.mark.parametrize(
    "asked",
    [
        ("nothing",),
        ("available", "--by", "colour"),
        ("available", "--by", "special", "--key", "NONE-X"),
        ("available", "--after", "x"),
        ("matching_gap", "--at", "3", "--total"),
        ("available", "--at", "99", "--total"),
    ],
)
def test_what_cannot_be_explained_is_said(opened: Desk, asked: tuple[str, ...]) -> None:
    ran = opened.run("explain", *asked)
    assert ran.code == 2, ran.said


def test_what_differs_between_two_moments(opened: Desk) -> None:
    ran = opened.run("diff", "--from", "at=4", "--by", "special")
    assert ran.code == 0, ran.said
    assert "核对一致" in ran.out
    answer = json.loads(opened.run("diff", "--from", "at=4", "--by", "special", "--figure", "available", "--json").out)
    (krd,) = (row for row in answer["rows"] if row["key"] == "RDT-KRD")
    assert krd["figures"]["available"] == {"since": "0.00", "to": "300000000.00"}
    assert [(line["key"], line["amount"]) for line in answer["lines"]] == [("RDT-KRD", "300000000.00")]
    assert opened.run("diff", "--from", "now").code == 0
    for wrong in ("soon", "at=99", "when=1"):
        assert opened.run("diff", "--from", wrong).code == 2


def test_what_if(opened: Desk) -> None:
    asked = {"kind": "FundsAllocated", "fund": "STIDF", "vintage": 2025, "special": "MSP-BRK", "effective_on": DAY}
    given = json.dumps([asked | {"amount": "600000001"}, asked | {"amount": "600000000"}])
    ran = opened.run("what-if", "-", given=given)
    assert ran.code == 1, ran.said
    assert "INSUFFICIENT_FUNDS" in ran.out
    assert "600,000,000.00" in ran.out
    assert "STD+FIN" in ran.out
    assert opened.run("what-if", "-", "--at", "1", given=json.dumps(asked | {"amount": "900000000"})).code == 0
    assert opened.run("what-if", "-", "--at", "99", given=given).code == 2
    assert opened.run("what-if", "-", given='{"kind": "Nothing"}').code == 1
    assert "900,000,000.00" in opened.run("balances").out


def test_from_when_an_amount_is_free(opened: Desk) -> None:
    there = opened.run("earliest", "RDT-KRD", "300000000", "--on", DAY)
    assert there.code == 0, there.said
    assert DAY in there.out
    steps = opened.run("earliest", "RDT-KRD", "530000000", "--on", DAY)
    assert steps.code == 0, steps.said
    assert "STD+FIN" in steps.out
    assert "230,000,000.00" in steps.out
    short = opened.run("earliest", "RDT-KRD", "1000000000", "--on", DAY)
    assert short.code == 1
    assert "100,000,000.00" in short.out
    for wrong in (("NONE-XX", "1"), ("RDT-KRD", "much"), ("RDT-KRD", "1", "--on", "soon")):
        assert opened.run("earliest", *wrong).code == 2
