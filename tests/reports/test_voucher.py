"""Vouchers: what a movement posted, on both sides alike; whom a payment pays; as a page and as a workbook."""

from io import BytesIO

import pytest
from openpyxl import load_workbook

from ledger.codec import Recorded
from ledger.domain.book import Book
from ledger.reports.printing import voucher_page
from ledger.reports.sheet import Hidden
from ledger.reports.voucher import Form, Voucher, origin_of, voucher
from ledger.reports.voucher_xlsx import voucher_workbook
from tests.reports.naive import log_of_world
from tests.reports.test_execution import MILLION, paid_world
from tests.reports.two_years import second_year
from tests.world import World, party


def made(world: World, kind: str, form: Form = Form.ACCOUNTING) -> Voucher:
    """The voucher of the last movement of a kind."""
    log = log_of_world(world)
    recorded = [one for one in log if one.movement.kind == kind][-1]
    origin = origin_of(world.book, recorded)
    found = voucher(world.book, recorded, form, log[origin - 1] if origin else None)
    assert found is not None
    return found


def facts(slip: Voucher) -> dict[str, object]:
    return {fact.key: fact.value for fact in slip.facts}


def test_an_allocation_debits_what_was_unallocated_and_credits_what_is_available() -> None:
    slip = made(paid_world(), "FundsAllocated")
    assert [(line.account, line.debit, line.credit) for line in slip.lines] == [
        ("B200", 30 * MILLION, None),
        ("B210", None, 30 * MILLION),
    ]
    assert "科技创新发展专项资金" in slip.lines[0].details.zh
    assert (slip.prepared, slip.reviewed, slip.responsible) == ("std STD", "fin FIN", None)
    assert slip.total == 30 * MILLION


def test_appropriation_is_a_debit_of_what_was_given() -> None:
    slip = made(paid_world(), "AppropriationReceived")
    assert [line.account for line in slip.lines if line.debit] == ["B100"]
    assert facts(slip)["document"]


def test_both_sides_are_equal_in_every_movement_of_two_years() -> None:
    _both_sides(second_year().book, log_of_world(second_year()))


def test_both_sides_are_equal_in_every_movement_of_the_demo_year(demo_log: list[Recorded]) -> None:
    _both_sides(Book(), demo_log)


def _both_sides(book: Book, log: list[Recorded]) -> None:
    slips = [slip for one in log if (slip := voucher(book, one, Form.ACCOUNTING))]
    assert len(slips) == sum(one.voucher is not None for one in log) > 20
    for slip in slips:
        assert sum(line.debit or 0 for line in slip.lines) == sum(line.credit or 0 for line in slip.lines) == slip.total
        assert all((line.debit or line.credit or 0) > 0 for line in slip.lines)


def test_a_payment_says_whom_it_pays_and_by_which_order() -> None:
    world = paid_world()
    slip = made(world, "PaymentSettled", Form.PAYMENT)
    said = facts(slip)
    assert (said["order"], said["detail"], said["project"], said["credit_code"]) == (
        "O-1",
        "D-1",
        "KRD-1",
        party("university"),
    )
    assert (slip.total, slip.lines) == (4 * MILLION, ())
    assert "account" not in said


def test_the_payee_s_account_is_sealed_on_order_and_settlement_alike() -> None:
    world = paid_world()
    world.record("STD", "PaymentOrderCancelled", order="O-2", reason="重拨", effective_on="2025-04-09")
    order = {"order": "O-9", "amount": "1000000", "effective_on": "2025-04-10"}
    to = {"instalment": "1", "payee": party("university"), "document": {"number": "拨9"}, "payee_account": "6222"}
    world.record("STD", "PaymentOrdered", project="KRD-1", **order, **to)
    world.record("TRE", "PaymentSettled", detail="D-9", **order)
    for kind in ("PaymentOrdered", "PaymentSettled"):
        slip = made(world, kind, Form.PAYMENT)
        account = facts(slip)["account"]
        assert isinstance(account, Hidden)
        assert account.by == "std"
        for page in (voucher_page(slip, "zh", training=False), voucher_page(slip, "en", training=False)):
            assert "6222" not in page
        assert "已封存" in voucher_page(slip, "zh", training=False)


def test_a_correction_and_what_it_corrects_name_each_other() -> None:
    world = paid_world()
    log = log_of_world(world)
    settled = [one for one in log if one.movement.kind == "PaymentSettled"][-1]
    instead = {"kind": "PaymentSettled", "order": "O-1", "detail": "D-1", "amount": "3000000"}
    instead["effective_on"] = "2025-03-12"
    line = {"number": settled.number, "replacement": instead}
    fix = {"lines": [line], "reason": "金额有误", "document": {"number": "更正1"}, "effective_on": "2025-03-20"}
    world.sign("FIN", "FIN2", "EntryCorrected", **fix)
    before = voucher(world.book, settled, Form.ACCOUNTING)
    assert before is not None
    after = made(world, "EntryCorrected")
    assert facts(before)["corrected_by"] == str(after.number)
    assert facts(after)["corrects"] == str(settled.number)
    assert {line.corrects for line in after.lines} == {settled.number}
    assert sum(line.debit or 0 for line in after.lines) == after.total == 7 * MILLION


def test_what_posts_nothing_has_no_voucher_and_what_is_no_payment_no_payment_voucher() -> None:
    world = paid_world()
    log = log_of_world(world)
    registered = next(one for one in log if one.movement.kind == "ProjectRegistered")
    allocated = next(one for one in log if one.movement.kind == "FundsAllocated")
    assert voucher(world.book, registered, Form.ACCOUNTING) is None
    assert voucher(world.book, allocated, Form.PAYMENT) is None


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "zh",
            ("记账凭证", "借方(元)", "人民币叁仟万元整", "30,000,000.00", "制单: std STD", "复核: fin FIN", "待分配"),
        ),
        ("en", ("Accounting voucher", "Debit (yuan)", "人民币叁仟万元整", "Prepared: std STD", "Unallocated")),
    ],
)
def test_a_page_carries_the_amount_in_figures_and_in_capitals(language: str, words: tuple[str, ...]) -> None:
    page = voucher_page(made(paid_world(), "FundsAllocated"), language, training=True)  # type: ignore[arg-type]
    for word in words:
        assert word in page
    assert ("培训账本" if language == "zh" else "TRAINING LEDGER") in page


def test_a_workbook_says_the_same_and_no_text_becomes_a_formula() -> None:
    world = paid_world()
    on = {"document": {"number": "=1+1"}, "effective_on": "2025-04-01"}
    world.sign("STD", "FIN", "FundsAllocated", special="RDT-CHN", fund="STIDF", vintage=2025, amount="107000.53", **on)
    slip = made(world, "FundsAllocated")
    page = load_workbook(BytesIO(voucher_workbook(slip, training=False))).active
    assert page is not None
    cells = [cell for row in page.iter_rows() for cell in row if cell.value is not None]
    values = [cell.value for cell in cells]
    assert "人民币壹拾万柒仟元零伍角叁分" in values
    assert values.count(107000.53) == 5
    assert not page.merged_cells.ranges
    assert [cell.data_type for cell in cells if cell.value == "=1+1"] == ["s"]
