"""ledger import: judged first, all that is wrong listed; recorded whole, through approval, once."""

from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from tests.cli.conftest import DAY, Desk
from tests.importing import sheets
from tests.importing.sheets import as_csv, as_xlsx, lines

SECOND = {"科技项目编号": "KJ-2025-0002", "项目名称": '=HYPERLINK("http://x")', "总额(万元)": "", "以后年度(万元)": ""}


def a_file(folder: Path, *changes: dict[str, Any], name: str = "plan.csv") -> Path:
    path = folder / name
    path.write_bytes(as_csv(lines(*changes)) if name.endswith("csv") else as_xlsx(lines(*changes)))
    return path


def test_a_plan_is_recorded_whole_through_approval_and_only_once(opened: Desk, tmp_path: Path) -> None:
    file, before = a_file(tmp_path, {}, SECOND), opened.count("movement")
    ran = opened.run("import", file, "--on", DAY)
    assert ran.code == 0, ran.said
    assert "std-1" in ran.out
    assert "std-2" in ran.out
    assert opened.count("movement") == before + 2 + 4
    again = opened.run("import", file, "--on", "2025-03-02", "--as", "std-2", "--approve-as", "std-1")
    assert again.code == 0
    assert "未重复记录" in again.out
    assert opened.count("movement") == before + 6
    assert opened.run("verify").code == 0


def test_a_dry_run_records_nothing(opened: Desk, tmp_path: Path) -> None:
    before = opened.count("movement")
    ran = opened.run("import", a_file(tmp_path, {}, name="plan.xlsx"), "--on", DAY, "--dry-run")
    assert (ran.code, "未记录任何内容" in ran.out) == (0, True)
    assert (opened.count("movement"), opened.count("document")) == (before, 0)


def test_a_list_that_the_ledger_refuses_is_named_line_by_line_and_nothing_is_recorded(
    opened: Desk, tmp_path: Path
) -> None:
    before = opened.count("movement")
    file = a_file(
        tmp_path,
        {"本年(万元)": "20000", "总额(万元)": "", "以后年度(万元)": ""},
        SECOND | {"本年(万元)": "15000"},
        SECOND | {"科技项目编号": "KJ-3", "立项方式": "自由申报"},
        SECOND | {"科技项目编号": "KJ-4", "资金": "NSF"},
        SECOND | {"科技项目编号": "KJ-5", "专项代码": "MSP-BRK", "立项方式": "一事一议"},
    )
    ran = opened.run("import", file, "--on", DAY)
    assert ran.code == 1
    said = [line.strip() for line in ran.out.splitlines() if line.strip()[:1].isdigit()]
    assert [line.split()[0] for line in said] == ["3", "4", "5", "6"]
    for line, column, reason in zip(
        said,
        ("M 本年", "J 立项方式", "B 资金", "本年"),
        ("资金不足", "该专项不采用此立项方式", "自然科学基金重点支持", "缺少依据文件"),
        strict=True,
    ):
        assert column in line
        assert reason in line
    assert "缺 50,000,000.00 元" in ran.out
    assert "PROJECT" not in ran.out
    assert opened.count("movement") == before


def test_forms_are_complained_of_before_a_ledger_is_opened(tmp_path: Path) -> None:
    ran = Desk(tmp_path / "none").run("import", a_file(tmp_path, {"本年(万元)": "50.0000001"}))
    assert ran.code == 1
    assert "M 本年" in ran.out
    assert not (tmp_path / "none").exists()


def test_nobody_approves_their_own_list(opened: Desk, tmp_path: Path) -> None:
    file, before = a_file(tmp_path, {}), opened.count("movement")
    ran = opened.run("import", file, "--on", DAY, "--as", "std-1", "--approve-as", "std-1")
    assert (ran.code, "不得审批本人" in ran.out) == (1, True)
    wrong = opened.run("import", file, "--on", DAY, "--as", "fin-1")
    assert (wrong.code, "无权办理" in wrong.out) == (1, True)
    assert opened.count("movement") == before


def test_a_list_may_wait_for_its_second_person(opened: Desk, tmp_path: Path) -> None:
    file, before = a_file(tmp_path, {}), opened.count("movement")
    assert opened.run("import", file, "--on", DAY, "--submit-only").code == 0
    assert opened.count("movement") == before + 1
    ran = opened.run("import", file, "--on", DAY)
    assert (ran.code, "待审批" in ran.out) == (0, True)
    assert opened.count("movement") == before + 4


def test_a_list_that_a_rule_gives_more_steps_waits_for_each_of_them(opened: Desk, tmp_path: Path) -> None:
    rule = {"kind": "SigningRuleSet", "rule": "R-1", "kinds": ["PreFundingCommitted"], "steps": ["COM"]}
    on = {"effective_on": DAY, "document": {"number": "办法"}}
    assert opened.sign("fin-1", "std-1", "R-1", [rule | on]).code == 0
    file, before = a_file(tmp_path, {}), opened.count("movement")
    wrong = opened.run("import", file, "--on", DAY, "--approve-as", "std-2")
    assert (wrong.code, "无权办理" in wrong.out) == (1, True)
    assert opened.run("import", file, "--on", DAY, "--submit-only", "--approve-as", "com-1").code == 0
    ran = opened.run("import", file, "--on", DAY, "--approve-as", "com-1")
    assert (ran.code, "已由 com-1 审批" in ran.out) == (0, True), ran.said
    assert opened.count("movement") == before + 4
    more = rule | on | {"steps": ["STD", "COM"]}
    assert opened.sign("fin-1", "std-1", "R-2", [more]).code == 0
    other = a_file(tmp_path, SECOND, name="other.csv")
    first = opened.run("import", other, "--on", DAY)
    assert (first.code, "已由 std-2 签批" in first.out, "待签批:科技办" in first.out) == (0, True, True), first.said
    assert opened.run("import", other, "--on", DAY, "--approve-as", "com-1").code == 0
    assert "未重复记录" in opened.run("import", other, "--on", DAY).out


def test_an_opening_list_is_shown_per_fund_for_signing_and_recorded_by_two_departments(
    desk: Desk, tmp_path: Path
) -> None:
    file = tmp_path / "opening.csv"
    file.write_bytes(as_csv(lines({}, sheets.WITHOUT_PROJECT, base=sheets.OPENING), "gb18030"))
    dry = desk.run("import", "--opening", file, "--on", "2025-01-02", "--dry-run")
    assert (dry.code, "21,700,000.50" in dry.out) == (0, True)
    ran = desk.run("import", "--opening", file, "--on", "2025-01-02")
    assert ran.code == 0, ran.said
    assert "fin-1" in ran.out
    balances = desk.run("balances", "--by", "fund").out
    assert "18,000,000.00" in balances
    assert "21,700,000.50" in balances


def test_templates_are_written_and_never_over_a_file(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    for name, more in (("a.xlsx", ()), ("b.xlsx", ("--opening",))):
        assert desk.run("import", "--template", tmp_path / name, *more).code == 0
        assert desk.run("import", "--template", tmp_path / name, *more).code == 4
        assert load_workbook(tmp_path / name).sheetnames[0] in ("资金安排表", "期初余额表")
    assert desk.run("import", "--template", tmp_path / "a.csv").code == 2
