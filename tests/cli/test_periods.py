"""ledger periods: the closing list on the terminal, and what to do instead of reopening."""

from tests.cli.conftest import Desk


def test_the_closing_list_names_what_blocks_and_whose_it_is(opened: Desk) -> None:
    closed = {"kind": "PeriodClosed", "closes": "2025-01", "effective_on": "2025-02-05"}
    unmatched = {"kind": "UnmatchedSettlementRecorded", "item": "PAY-9", "fund": "STIDF", "amount": "1000.02"}
    assert opened.record([closed, unmatched | {"effective_on": "2025-02-20"}]).code == 0
    ran = opened.run("periods", "--year", "2025")
    assert ran.code == 0, ran.said
    assert "月度结账 2025-02:尚有 1 项阻碍" in ran.out
    assert "PAY-9" in ran.out
    assert "FIN 财政部门" in ran.out
    assert "SuspenseCleared 待查款项核销" in ran.out
    assert "1,000.02" in ran.out
    assert "不能反结账" in ran.out


def test_a_year_the_ledger_has_not_is_wrong_usage(opened: Desk) -> None:
    ran = opened.run("periods", "--year", "2031")
    assert ran.code == 2
    assert "2031" in ran.said


def test_help_says_what_to_do_instead_of_reopening(opened: Desk) -> None:
    help_ = opened.run("periods", "--help").out
    assert "反结账" in help_
    assert "CarryForwardAdjusted" in help_
