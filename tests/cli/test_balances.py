"""ledger balances: tables, JSON and workbooks say the same, with their unit and the number they stand at."""

import json
from functools import partial
from pathlib import Path
from typing import get_args

import pytest
from openpyxl import load_workbook
from rich.cells import cell_len
from rich.text import Text

from ledger.cli.main import app
from ledger.projections.balances import balances
from ledger.projections.figures import FIGURES, By
from tests.cli.conftest import DAY, Desk
from tests.importing.sheets import as_csv, lines


@pytest.mark.parametrize("by", get_args(By))
def test_every_grouping_gives_the_same_total(opened: Desk, by: str) -> None:
    table = opened.run("balances", "--by", by)
    assert table.code == 0, table.said
    (total,) = (line for line in table.out.splitlines() if line.lstrip().startswith("合计"))
    assert "300,000,000.00" in total
    assert "900,000,000.00" in total
    assert "截至第 5 号" in table.out
    answer = json.loads(opened.run("balances", "--by", by, "--json").out)
    assert (answer["unit"], answer["number"], answer["total"]["total"]) == ("yuan", 5, "900000000.00")


def test_on_a_narrow_terminal_columns_stand_below_each_other_and_no_amount_is_cut(opened: Desk) -> None:
    wide, narrow = opened.run("balances"), opened.run("balances", terminal=80)
    assert narrow.code == 0, narrow.said
    assert max(map(cell_len, wide.out.splitlines())) > 80
    plain = Text.from_ansi(narrow.out).plain
    assert max(map(cell_len, plain.splitlines())) <= 80
    (total,) = (line for line in wide.out.splitlines() if line.lstrip().startswith("合计"))
    parts = [line for line in plain.splitlines() if line.lstrip().startswith("合计")]
    assert len(parts) > 1
    assert [word for part in parts for word in part.split()[2:]] == total.split()[2:]


def test_pages_of_projects_add_up_to_the_total_once(
    opened: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = tmp_path / "plan.csv"
    plan.write_bytes(as_csv(lines(*({"科技项目编号": f"KJ-{at}"} for at in range(3)))))
    assert opened.run("import", plan, "--on", DAY).code == 0
    whole = json.loads(opened.run("balances", "--by", "project", "--json").out)
    monkeypatch.setattr("ledger.cli.balances.balances", partial(balances, limit=1))
    paged = json.loads(opened.run("balances", "--by", "project", "--json").out)
    assert paged["total"] == whole["total"]
    assert [row["key"] for row in paged["rows"]] == [row["key"] for row in whole["rows"]]
    assert len(paged["rows"]) == 4


def test_what_sums_to_nothing_over_all_is_shown_where_it_moved_something(opened: Desk) -> None:
    """Between funds: the total of what was reallocated is zero, and each fund's is not."""
    virement = {"kind": "FundsReallocatedBetweenFunds", "from_fund": "STIDF", "to_fund": "NSF", "vintage": 2025}
    floor = {
        "kind": "PolicyParameterSet",
        "name": "fund_floor",
        "amount": "0",
        "document": {"number": "内财科〔2025〕2号"},
    }
    moved = virement | {"amount": "1234567.89", "document": {"number": "内科资〔2025〕7号"}}
    listed = [one | {"effective_on": DAY} for one in (floor, moved)]
    ran = opened.sign("std-1", "fin-1", "V-1", listed)
    assert ran.code == 0, ran.said
    shown = opened.run("balances", "--by", "fund").out
    assert "调剂净额" in shown
    assert "-1,234,567.89" in shown
    assert " 1,234,567.89" in shown


def test_the_groupings_are_those_of_the_projection(desk: Desk) -> None:
    said = desk.run("balances", "--help").out
    assert "|".join(get_args(By)) in said
    assert desk.run("balances", "--by", "colour").code == 2
    assert app.info.name == "ledger"


def test_a_workbook_keeps_codes_as_text_and_foots(opened: Desk, tmp_path: Path) -> None:
    plan = tmp_path / "plan.csv"
    titles = ("=1+1", "+1", "-1", "@x")
    changes = [{"科技项目编号": f"KJ-{at}", "项目名称": title} for at, title in enumerate(titles)]
    plan.write_bytes(as_csv(lines(*changes)))
    assert opened.run("import", plan, "--on", DAY).code == 0
    file = tmp_path / "b.xlsx"
    assert opened.run("balances", "--by", "project", "--xlsx", file).code == 0
    sheet = load_workbook(file).active
    assert not sheet.merged_cells.ranges
    rows = {row[0].value: row for row in sheet.iter_rows() if row[0].value}
    for at, title in enumerate(titles):
        name = rows[f"KJ-{at}"][1]
        assert (name.value, name.data_type, name.quotePrefix) == (title, "s", True)
    header = [cell.value for cell in rows["代码 Project"]]
    available = header.index(f"{FIGURES['available'].zh}(元) {FIGURES['available'].en} (yuan)")
    assert rows["合计 Total"][available].value == 298_000_000
    assert {cell.value for cell in rows["校验:各行之和减合计 Check: rows less total"][3:]} == {0}
    assert rows["校验:指标来源减使用合计 Check: supply less uses (V1)"][3].value == 0
    top = "\n".join(str(cell.value) for cell in sheet["A"][:7])
    for words in ("单位:元", "口径", "截至第"):
        assert words in top


def test_a_year_that_holds_nothing_is_zero(opened: Desk) -> None:
    answer = json.loads(opened.run("balances", "--year", "2030", "--json").out)
    assert answer["fiscal_year"] == 2030
    assert set(answer["total"].values()) == {"0.00"}


def test_as_of_then(opened: Desk, tmp_path: Path) -> None:
    now = json.loads(opened.run("balances", "--json").out)
    then = json.loads(opened.run("balances", "--json", "--at", "4").out)
    assert (now["number"], then["number"], then["as_of"]["number"]) == (5, 4, 4)
    assert then["total"]["available"] != now["total"]["available"]
    assert "matching_gap" not in then["total"]
    table = opened.run("balances", "--period", "2025-12")
    assert "会计期间截至 2025-12" in table.out
    sheet = tmp_path / "then.xlsx"
    assert opened.run("balances", "--effective", DAY, "--xlsx", sheet).code == 0
    page = load_workbook(sheet).active
    assert page is not None
    assert any(f"业务日期截至 {DAY}" in str(row[0]) for row in page.iter_rows(values_only=True))


@pytest.mark.parametrize("then", [("--at", "99"), ("--period", "2011-01"), ("--effective", "2011-01-01")])
def test_outside_the_ledger_s_life_it_says_from_when_to_when(opened: Desk, then: tuple[str, str]) -> None:
    ran = opened.run("balances", *then)
    assert ran.code == 2, ran.said
    assert then[1] in ran.said


@pytest.mark.parametrize("then", [("--at", "soon"), ("--period", "2025-14"), ("--effective", "31.3.2025")])
def test_a_moment_that_is_none_is_explained(opened: Desk, then: tuple[str, str]) -> None:
    ran = opened.run("balances", *then)
    assert ran.code == 2
    assert "--effective 2025-03-31" in ran.said
