"""From lines to movements: what is new is registered first, instalments are gathered, and disagreements are named."""

from datetime import date
from typing import Any

import pytest

from ledger.domain.consolidation import OpeningBalanceImported
from ledger.domain.decision import accept
from ledger.domain.prefunding import PreFundingCommitted
from ledger.importing.allocation_plan import plan_allocation
from ledger.importing.columns import ALLOCATION_PLAN, OPENING
from ledger.importing.faults import Faulty
from ledger.importing.opening import plan_opening, totals_by_fund
from ledger.importing.planned import Planned
from ledger.importing.reading import read_sheet
from tests.importing import sheets
from tests.importing.sheets import as_csv, lines
from tests.world import World, actor, opened_2025, party, with_parties

DAY = date(2025, 3, 1)


def planned(world: World, *changes: dict[str, Any]) -> list[Planned]:
    return plan_allocation(read_sheet(as_csv(lines(*changes)), ALLOCATION_PLAN), world.book, DAY)


def planned_opening(world: World, *changes: dict[str, Any]) -> list[Planned]:
    content = as_csv(lines(*changes, base=sheets.OPENING))
    return plan_opening(read_sheet(content, OPENING), world.book, date(2025, 1, 2))


def complaints(call: Any, *arguments: Any) -> list[tuple[int | None, str, str]]:
    with pytest.raises(Faulty) as caught:
        call(*arguments)
    return [(fault.row, fault.column.partition(" ")[2] or fault.column, fault.zh) for fault in caught.value.faults]


def kinds(movements: list[Planned]) -> list[str]:
    return [one.movement.kind for one in movements]


def test_a_new_party_and_a_new_project_are_registered_before_the_commitment() -> None:
    movements = planned(World(), {})
    assert kinds(movements) == ["PartyRegistered", "ProjectRegistered", "PreFundingCommitted"]
    commitment = movements[-1].movement
    assert isinstance(commitment, PreFundingCommitted)
    assert commitment.amount == 50_000_000
    assert [(part.fiscal_year, part.amount) for part in commitment.later_years] == [(2026, 30_000_000)]
    assert commitment.support == "COMPETITIVE"


def test_several_lines_of_a_project_are_its_instalments() -> None:
    second = {
        "期次": "2",
        "条件": "中期考核通过",
        "本年(万元)": "20",
        "总额(万元)": "",
        "以后年度(万元)": "",
        "项目名称": "",
    }
    *_, last = planned(World(), {"本年(万元)": "30"}, second)
    commitment = last.movement
    assert isinstance(commitment, PreFundingCommitted)
    assert [(part.instalment, part.amount, part.gated) for part in commitment.instalments] == [
        ("1", 30_000_000, False),
        ("2", 20_000_000, True),
    ]
    assert commitment.reason == "期次 2 条件:中期考核通过"


def test_a_registered_party_is_recognised_by_code_and_name() -> None:
    registered = {"承担单位": "university (synthetic)"}
    assert kinds(planned(with_parties(), registered)) == ["ProjectRegistered", "PreFundingCommitted"]
    found = complaints(planned, with_parties(), {})
    assert found == [(2, "承担单位", "该信用代码登记的名称是“university (synthetic)”")]


def test_a_recommender_is_named_by_code_or_by_registered_name() -> None:
    registered = {"承担单位": "university (synthetic)"}
    for said in (party("industry"), "industry (synthetic)"):
        first, *_ = planned(with_parties(), registered | {"推荐部门": said})
        assert getattr(first.movement, "recommender", None) == party("industry")
    (found,) = complaints(planned, with_parties(), registered | {"推荐部门": "某厅"})
    assert found[:2] == (2, "推荐部门")


@pytest.mark.parametrize(
    ("second", "row", "column", "reason"),
    [
        ({"期次": "1"}, 3, "期次", "期次重复"),
        ({"期次": ""}, 3, "期次", "缺少期次"),
        ({"期次": "2", "专项代码": "RDT-CHN"}, 3, "专项代码", "第 2 行"),
        ({"期次": "2", "资金": "NSF"}, 3, "资金", "第 2 行"),
        ({"期次": "2", "本年(万元)": "0"}, 3, "本年", "大于零"),
        ({"期次": "2", "本年(万元)": ""}, 3, "本年", "缺少本年"),
        ({"期次": "2"}, 2, "总额", "本年与以后年度合计 1,600,000.00"),
        ({"科技项目编号": "KJ-2", "承担单位": "别的单位"}, 3, "承担单位", "示例大学"),
        ({"科技项目编号": "KJ-2", "信用代码": ""}, 3, "信用代码", "缺少信用代码"),
        ({"科技项目编号": ""}, 3, "科技项目编号", "缺少科技项目编号"),
        (
            {"科技项目编号": "KJ-2", "信用代码": party("company"), "级次": "盟市"},
            3,
            "盟市",
            "缺少盟市",
        ),
    ],
)
def test_lines_that_do_not_fit_together_are_named(second: dict[str, Any], row: int, column: str, reason: str) -> None:
    found = complaints(planned, World(), {}, second)
    assert [place[:2] for place in found] == [(row, column)]
    assert reason in found[0][2]


def test_an_opening_list_registers_former_categories_and_adds_up_per_fund() -> None:
    pledge = {"承诺编号": "P-1", "出资方信用代码": party("university"), "匹配承诺(元)": "100", "匹配已到(元)": "40"}
    world = World()
    movements = planned_opening(world, pledge | {"匹配到期日": "2025-12-31"}, sheets.WITHOUT_PROJECT)
    assert kinds(movements) == [
        "SpecialAdded",
        "OpeningBalanceImported",
        "PartyRegistered",
        "ProjectRegistered",
        "OpeningBalanceImported",
    ]
    (total,) = totals_by_fund(movements)
    assert (total.unallocated, total.committed, total.disbursed) == (320_000_000, 1_800_000_000, 50_000_050)
    for one in movements:
        accept(world.book, one.movement, actor("STD"), approvals=(actor("FIN"),))
    assert world.total("B101") == total.total == 2_170_000_050
    assert (world.total("M200"), world.total("M110"), world.total("M100")) == (10_000, 4_000, 6_000)


@pytest.mark.parametrize(
    ("change", "column", "reason"),
    [
        ({"未拨付(元)": "", "已支付(元)": ""}, "未拨付", "至少填一项"),
        ({"金额(元)": "1"}, "金额", "未拨付加已支付"),
        ({"科技项目编号": "", "金额(元)": "5"}, "期次", "不填此列"),
        ({"匹配承诺(元)": "5"}, "承诺编号", "缺少承诺编号"),
        ({"承诺编号": "P", "匹配承诺(元)": "5"}, "出资方信用代码", "缺少出资方"),
    ],
)
def test_opening_lines_that_do_not_fit_are_named(change: dict[str, Any], column: str, reason: str) -> None:
    found = complaints(planned_opening, World(), change)
    assert found[0][:2] == (2, column)
    assert reason in found[0][2]


def test_a_project_without_instalments_of_its_own_may_bring_pledges_only() -> None:
    change = {
        "未拨付(元)": "",
        "已支付(元)": "",
        "期次": "",
        "承诺编号": "P",
        "匹配承诺(元)": "5",
        "匹配到期日": "2025-12-31",
    }
    *_, last = planned_opening(World(), change | {"出资方信用代码": party("university")})
    assert isinstance(last.movement, OpeningBalanceImported)
    assert (last.movement.amount, len(last.movement.pledges)) == (0, 1)


def test_a_registered_project_must_be_in_the_same_special() -> None:
    world = opened_2025()
    found = complaints(planned, world, {"科技项目编号": "OLD-ATRD", "承担单位": "university (synthetic)"})
    assert found == [(2, "专项代码", "与项目登记不符:LEG-ATRD")]
