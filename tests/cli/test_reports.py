"""ledger report: the sheets are listed, printed, and written to files that were not there."""

import re
from pathlib import Path

import pytest
from openpyxl import load_workbook

from ledger.cli.reports import show_sheet
from ledger.reports.catalogue import ReportCode
from tests.cli.conftest import Desk
from tests.reports.naive import sheet_of_world
from tests.reports.two_years import second_year


def test_the_sheets_are_listed(desk: Desk) -> None:
    ran = desk.run("report")
    assert ran.code == 0, ran.said
    assert all(code in ran.out for code in ReportCode)


def test_a_sheet_is_printed_in_the_unit_asked_for(opened: Desk) -> None:
    yuan, wan = opened.run("report", "execution"), opened.run("report", "execution", "--unit", "wan")
    assert yuan.code == wan.code == 0, yuan.said + wan.said
    assert "300,000,000.00" in yuan.out
    assert "30,000.00" in wan.out
    for words in ("单位:万元", "尾差", "合计", "口径:", "截至第 5 号"):
        assert words in wan.out
    assert "尾差" not in yuan.out.replace("尾差单列", "")
    then = opened.run("report", "execution", "--at", "4")
    assert "截至第 4 号" in then.out


def test_a_workbook_is_written_once_and_noted(opened: Desk, tmp_path: Path) -> None:
    file = tmp_path / "execution.xlsx"
    assert opened.run("report", "execution", "--unit", "wan", "--xlsx", file).code == 0
    page = load_workbook(file).active
    assert page is not None
    assert "执行进度表" in str(page.cell(1, 1).value)
    before = file.read_bytes()
    for command in (("report", "execution"), ("balances",)):
        again = opened.run(*command, "--xlsx", file)
        assert again.code == 2
        assert "未覆盖" in again.said
    assert file.read_bytes() == before
    with opened.people() as people:
        noted = [line.about for line in people.trail.newest(10**9, 10) if line.event == "EXPORTED"]
    assert {"what": "report", "by": "execution", "number": 5} in noted


@pytest.mark.parametrize(
    "asked",
    [
        ("nothing",),
        ("execution", "--unit", "li"),
        ("execution", "--special", "NO-NE"),
        ("execution", "--project", "KRD-1"),
        ("execution", "--at", "99"),
    ],
)
def test_what_there_is_not_is_told(opened: Desk, asked: tuple[str, ...]) -> None:
    ran = opened.run("report", *asked)
    assert ran.code == 2, ran.said


def test_a_card_is_printed_part_by_part_with_the_columns_in_which_it_says_anything(
    capsys: pytest.CaptureFixture[str],
) -> None:
    show_sheet(sheet_of_world(second_year(), ReportCode.PROJECT_CARD, "2026-04-30", project="KRD-1"), "yuan")
    printed = capsys.readouterr().out
    parts = dict(part.split("\n", 1) for part in re.split(r"项目卡片 KRD-1    Project card KRD-1    ", printed)[1:])
    assert [words.split()[0] for words in parts] == ["登记", "各年", "期次", "来源", "单位支出", "追回", "变更"]
    said = {words.split()[0]: text for words, text in parts.items()}
    assert "期次应付" in said["期次"]
    assert "已安排未拨付" not in said["期次"]
    assert re.search(r"合计 Total +2,750,000\.00 +1,150,000\.00", said["期次"])
    assert re.search(r"前资助安排 .* 3,000,000\.00 +3,000,000\.00", said["变更"])
    assert "截至第" in printed
    assert "各年度" in printed


def test_a_card_needs_a_project_that_is_there(opened: Desk) -> None:
    for asked in ((), ("--project", "NO-SUCH")):
        ran = opened.run("report", "project-card", *asked)
        assert ran.code == 2
        assert "--project" in ran.said


def test_a_sheet_and_a_voucher_are_written_as_pages_and_never_over_another(opened: Desk, tmp_path: Path) -> None:
    for serial, command in enumerate([("report", "execution"), ("voucher", "5")]):
        page = tmp_path / f"{serial}.html"
        assert opened.run(*command, "--html", page, "--language", "en").code == 0
        assert page.read_text("utf-8").startswith("<!doctype html>")
        again = opened.run(*command, "--html", page)
        assert (again.code, "未覆盖" in again.said) == (2, True)
    with opened.people() as people:
        noted = [line.about for line in people.trail.newest(10**9, 10) if line.event == "EXPORTED"]
    assert {"what": "voucher", "by": "accounting", "number": 5} in noted


def test_a_voucher_is_shown_with_its_amount_in_capitals(opened: Desk) -> None:
    ran = opened.run("voucher", "5")
    assert ran.code == 0, ran.said
    assert "人民币叁亿元整" in ran.out
    for asked in (("99",), ("5", "--form", "payment"), ("5", "--form", "slip"), ("5", "--language", "mn")):
        assert opened.run("voucher", *asked).code == 2
