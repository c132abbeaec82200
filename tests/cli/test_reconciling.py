"""ledger reconcile: a dry run keeps nothing; a statement is taken and matched; a faulty one comes back; a month is signed off."""

import re
from pathlib import Path

import pytest

from tests.cli.conftest import DAY, Desk

STRAY = {"kind": "UnmatchedSettlementRecorded", "item": "MX-9", "fund": "STIDF", "amount": "12.34", "effective_on": DAY}
HEADER = "支付明细号,支付凭证号,支付金额,支付日期\n"


@pytest.fixture
def statement(opened: Desk, tmp_path: Path) -> str:
    assert opened.record([STRAY]).code == 0
    path = tmp_path / "国库.csv"
    path.write_bytes(f"{HEADER}MX-9,PZ-9,12.34,{DAY}\nMX-10,PZ-10,5.00,{DAY}\n".encode("gb18030"))
    return str(path)


def test_a_dry_run_shows_what_is_open_and_keeps_nothing(opened: Desk, statement: str) -> None:
    ran = opened.run("reconcile", statement, "--kind", "treasury", "--dry-run")
    assert ran.code == 1, ran.said
    assert "账面缺" in ran.out
    assert "MX-10" in ran.out
    assert "nothing was recorded" in ran.out
    assert opened.count("statement_source") == opened.count("statement_line") == 0


def test_a_statement_is_taken_once_and_matched(opened: Desk, statement: str) -> None:
    sheet, page = Path(statement).with_suffix(".xlsx"), Path(statement).with_suffix(".html")
    ran = opened.run("reconcile", statement, "--kind", "treasury", "--xlsx", str(sheet), "--html", str(page))
    assert ran.code == 1, ran.said
    assert sheet.read_bytes().startswith(b"PK")
    assert "余额调节表" in page.read_text("utf-8")
    assert "the sides part on" in ran.out
    assert opened.count("statement_line") == 2
    assert opened.count("reconciled_case") == 2
    assert "was taken before" in opened.run("reconcile", statement, "--through", "2025-12-31").out
    assert opened.count("statement_line") == 2


def test_its_sheet_is_asked_for_like_every_other(opened: Desk, statement: str) -> None:
    assert opened.run("reconcile", statement, "--kind", "treasury").code == 1
    source = ("--source", "treasury", "--effective", "2025-12-31")
    ran = opened.run("report", "reconciliation", *source)
    assert ran.code == 0, ran.said
    assert "MX-10" in ran.out
    assert opened.run("report", "final-accounts", *source).code == 0
    for asked in (("reconciliation",), ("reconciliation", *source, "--year", "2025"), ("quota", *source)):
        assert opened.run("report", *asked).code == 2


def test_a_source_that_nobody_opened_is_told(opened: Desk, statement: str) -> None:
    ran = opened.run("reconcile", statement, "--source", "nobody")
    assert ran.code == 1
    assert "没有这个对账来源" in ran.said
    assert opened.run("reconcile", statement, "--kind", "gold").code == 2
    assert opened.run("reconcile", "--kind", "treasury").code == 2


def test_a_faulty_file_comes_back_with_reasons(opened: Desk, tmp_path: Path) -> None:
    path, back = tmp_path / "坏.csv", tmp_path / "back.xlsx"
    path.write_text(f"{HEADER}MX-1,PZ-1,不是数,{DAY}\n", "utf-8")
    ran = opened.run("reconcile", str(path), "--kind", "treasury", "--returned", str(back))
    assert ran.code == 1, ran.said
    assert back.read_bytes().startswith(b"PK")
    assert opened.count("statement_line") == 0


def test_a_month_is_signed_off_by_two(opened: Desk, statement: str) -> None:
    opened.run("reconcile", statement, "--kind", "treasury")
    ran = opened.run("reconcile", "--sign-off", DAY[:7], "--approve-as", "fin-2")
    assert ran.code == 0, ran.said
    assert "is signed off" in ran.out
    assert "未说明差额" in ran.out
    again = opened.run("reconcile", "--sign-off", DAY[:7])
    assert again.code == 1
    assert "已签认" in again.said


def test_what_the_ledger_lacks_is_recorded_from_the_work_list_by_two(opened: Desk, statement: str) -> None:
    opened.run("reconcile", statement, "--kind", "treasury", "--through", DAY)
    listed = opened.run("worklist", DAY[:7])
    assert listed.code == 1, listed.said
    for said in ("待查支付", "MX-10", "据账单补记", "核销待查款项", "MX-9", "提请签认本月对账", "财政部门"):
        assert said in listed.out
    case = re.search(r"(\d+) +账面缺", listed.out)
    assert case, listed.out
    assert opened.run("worklist", DAY[:7], "--record", "999999").code == 1
    ran = opened.run("worklist", DAY[:7], "--record", case[1], "--approve-as", "fin-2")
    assert ran.code == 0, ran.said
    opened.run("reconcile", "--through", DAY)
    assert "账面缺" not in opened.run("worklist", DAY[:7]).out


def test_a_month_that_is_none_is_told(opened: Desk, statement: str) -> None:
    opened.run("reconcile", statement, "--kind", "treasury")
    assert opened.run("worklist", "2025-13").code == 2
    ran = opened.run("worklist", DAY[:7], "--record", "1", "--record", "2", "--detail", "MX-1")
    assert ran.code == 2, ran.said
