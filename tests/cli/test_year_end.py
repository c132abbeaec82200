"""ledger year-end: a dry run records nothing; then one proposal, which another person approves."""

from tests.cli.conftest import DAY, Desk

RULE = {"kind": "PolicyParameterSet", "name": "surplus_years", "years": 2, "effective_on": DAY}


def ready(desk: Desk) -> Desk:
    assert desk.sign("fin-1", "std-1", "R-1", [RULE | {"document": {"number": "内财规〔2025〕11号"}}]).code == 0
    return desk


def test_a_dry_run_prints_the_list_and_records_nothing(opened: Desk) -> None:
    before = opened.count("movement")
    ran = opened.run("year-end", "2025", "--dry-run", "--on", "2026-01-20")
    assert ran.code == 0, ran.said
    assert "2025 年度结转:16 条,将被拒绝 0 条" in ran.out
    assert "600,000,000.00" in ran.out
    assert "年度结账 2025" in ran.out
    assert "nothing was recorded" in ran.out
    assert opened.count("movement") == before


def test_what_stands_against_it_is_named_and_nothing_is_proposed(opened: Desk) -> None:
    fact = {"kind": "UnmatchedSettlementRecorded", "item": "PAY-9", "fund": "STIDF", "amount": "12.34"}
    assert opened.record([fact | {"effective_on": DAY}]).code == 0
    before = opened.count("movement")
    ran = opened.run("year-end", "2025", "--on", "2026-01-20", "--approve-as", "fin-2")
    assert ran.code == 1, ran.said
    assert "SuspenseCleared" in ran.out
    assert "PAY-9" in ran.out
    assert opened.count("movement") == before


def test_one_proposes_and_another_approves_later(opened: Desk) -> None:
    proposed = ready(opened).run("year-end", "2025", "--as", "fin-1", "--on", "2026-01-20")
    assert proposed.code == 0, proposed.said
    assert "year-end-2025-1" in proposed.out
    approved = opened.run("year-end", "2025", "--as", "fin-1", "--approve-as", "fin-2", "--on", "2026-01-20")
    assert approved.code == 0, approved.said
    assert "16 条记录一次记入" in approved.out
    again = opened.run("year-end", "2025", "--dry-run")
    assert again.code == 1
    assert "不能反结账" in again.said


def test_nobody_approves_their_own(opened: Desk) -> None:
    ran = opened.run("year-end", "2025", "--as", "fin-1", "--approve-as", "fin-1", "--on", "2026-01-20")
    assert ran.code == 1
    assert "SELF_APPROVAL" in ran.said


def test_a_year_the_ledger_has_not_is_wrong_usage(opened: Desk) -> None:
    assert opened.run("year-end", "2031", "--dry-run").code == 2


def test_help_says_what_to_do_instead_of_reopening(opened: Desk) -> None:
    help_ = opened.run("year-end", "--help").out
    assert "反结账" in help_
    assert "CarryForwardAdjusted" in help_
