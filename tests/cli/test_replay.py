"""ledger replay: the books as they stood, folded from the log, and whether the tables say the same of then."""

from datetime import datetime, timedelta

import pytest

from ledger.domain.fields import SHANGHAI
from tests.cli.conftest import DAY, Desk

APPROVED, LAST = 5, 6


@pytest.fixture
def released(opened: Desk) -> Desk:
    """A ledger that gave part of its allocation back, after number 5."""
    back = {"kind": "AllocationWithdrawn", "fund": "STIDF", "vintage": 2025, "special": "RDT-KRD", "amount": "1"}
    assert opened.sign("std-1", "fin-1", "A-2", [back | {"effective_on": DAY}]).code == 0
    return opened


def test_the_books_as_they_stood_at_a_number(released: Desk) -> None:
    then, now = released.run("replay", "--to", APPROVED), released.run("replay")
    assert then.code == now.code == 0, then.said + now.said
    assert f"截至第 {APPROVED} 号" in then.out
    assert "300,000,000.00" in then.out
    assert "299,999,999.00" not in then.out
    assert "299,999,999.00" in now.out
    for title in ("Budget by plan", "Budget by source", "movements/s", "agree with the tables as known then"):
        assert title in then.out


def test_before_anything_was_posted(released: Desk) -> None:
    registered = released.run("replay", "--to", 1)
    assert registered.code == 0, registered.said


def test_a_day_ends_in_shanghai_and_today_is_not_over(released: Desk) -> None:
    today = datetime.now(SHANGHAI).date()
    whole = released.run("replay", "--to", today.isoformat())
    assert whole.code == 0, whole.said
    assert "299,999,999.00" in whole.out
    for day in (today - timedelta(days=1), today + timedelta(days=1)):
        outside = released.run("replay", "--to", day.isoformat())
        assert outside.code == 2
        assert "the ledger knows nothing of" in outside.err


@pytest.mark.parametrize("to", ["0", "99", "2025-13-01", "soon", "-1"])
def test_what_is_no_moment_of_the_ledger_is_refused(released: Desk, to: str) -> None:
    assert released.run("replay", f"--to={to}").code == 2


def test_a_table_that_says_something_else_is_told_and_ends_otherwise(released: Desk) -> None:
    altered = (
        "UPDATE entry SET account_after = account_after + 1 "
        "WHERE (number, line) = (SELECT number, max(line) FROM entry WHERE number <= 5 GROUP BY number ORDER BY 1 DESC LIMIT 1)"
    )
    released.execute(altered)
    told = released.run("replay", "--to", APPROVED)
    assert told.code == 1
    assert "B210 2025 STIDF 2025 RDT-KRD" in told.out
    assert "300,000,000.01" in told.out
    assert "1 disagreements in all" in told.out


def test_a_home_without_a_ledger_is_not_made_one(bare_desk: Desk) -> None:
    assert bare_desk.run("replay").code == 3
