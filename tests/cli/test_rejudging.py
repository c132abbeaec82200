"""ledger replay --judge: what was recorded is judged again, as it was or under other parameters."""

import pytest

from tests.cli.conftest import DAY, Desk


@pytest.fixture
def reallocated(opened: Desk) -> Desk:
    """A floor of zero, and money that left a fund since."""
    about = {"effective_on": DAY, "document": {"number": "内财科〔2025〕2号"}}
    floor = {"kind": "PolicyParameterSet", "name": "fund_floor", "amount": "0", **about}
    moved = {"kind": "FundsReallocatedBetweenFunds", "from_fund": "STIDF", "to_fund": "NSF", "vintage": 2025, **about}
    assert opened.sign("std-1", "fin-1", "V-1", [floor, moved | {"amount": "100000000"}]).code == 0
    return opened


def test_everything_stands_as_it_was(reallocated: Desk) -> None:
    for options in (("--judge",), ("--with", "today")):
        judged = reallocated.run("replay", *options)
        assert judged.code == 0, judged.said
        assert "judged 9 again: 0 would not be recorded as they were" in judged.out


@pytest.mark.parametrize("floor", ["850000000", "STIDF:850000000"])
def test_what_another_floor_would_have_refused(reallocated: Desk, floor: str) -> None:
    judged = reallocated.run("replay", "--with", f"fund_floor={floor}")
    assert judged.code == 0, judged.said
    assert "1 would not be recorded as they were" in judged.out
    for said in ("BELOW_FLOOR", "将低于该基金保留底线", "fall below its floor", "100,000,000.00"):
        assert said in judged.out


def test_up_to_a_moment(reallocated: Desk) -> None:
    assert "judged 5 again: 0" in reallocated.run("replay", "--with", "fund_floor=850000000", "--to", 5).out


@pytest.mark.parametrize("other", ["tomorrow", "fund_floor=-1", "fund_floor", "post_subsidy_rate=many"])
def test_what_is_no_parameter(reallocated: Desk, other: str) -> None:
    assert reallocated.run("replay", "--with", other).code == 2


def test_a_scope_that_nobody_knows(reallocated: Desk) -> None:
    assert reallocated.run("replay", "--with", "fund_floor=RDT-KRD:1").code == 1
