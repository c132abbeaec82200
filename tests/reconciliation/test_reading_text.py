"""Statements as CSV: encodings and separators are found out, every cell is read as its column needs or complained of."""

import io
from datetime import date
from typing import Any

import pytest

from ledger.domain.reconciliation import Flow, StatementKind
from ledger.reconciliation.reading.mapping import Mapping, guessed
from ledger.reconciliation.reading.statement import read_statement
from tests.reconciliation.statements import BANK, QUOTA, TREASURY, as_csv, faults, lines, table


def read(
    *changes: dict[str, Any], kind: StatementKind = StatementKind.TREASURY, base: dict[str, Any] = TREASURY
) -> Any:
    return lines(as_csv(table(*changes, base=base)), kind)


def complaint(
    change: dict[str, Any], base: dict[str, Any] = TREASURY, kind: StatementKind = StatementKind.TREASURY
) -> Any:
    """(row, column, what is wrong) of the one thing that is wrong."""
    (fault,) = faults(as_csv(table({}, change, base=base)), kind)
    assert fault.advice
    assert fault.en
    return fault.row, fault.column, fault.zh


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_encodings_and_separators_are_found_out(encoding: str, delimiter: str) -> None:
    (line,) = lines(as_csv(table({}), encoding, delimiter))
    assert (line.key, line.flow, line.day, line.amount, line.moved) == (
        2,
        Flow.PAYMENT,
        date(2025, 3, 1),
        100_000,
        100_000,
    )
    assert (line.detail, line.voucher, line.application) == ("D1", "V1", "A1")
    assert (line.payee, line.account, line.project) == ("示例大学", "6222000011112222333", "Y1")
    assert (line.fiscal_year, line.function, line.fund, line.text) == (2025, "2060499", "STIDF", "拨款")


def test_the_names_of_the_interface_are_headers_too() -> None:
    headers = (
        "PAY_DETAIL_ID PAY_CERT_NO PAY_APPLY_ID PAYEE_ACCT_NAME PAYEE_ACCT_NO PAY_AMT XPAY_AMT TRACKING_ID FISCAL_YEAR"
    )
    row = ["D1", "V1", "A1", "示例大学", "622200", "10", "9.5", "Y1", "2025", "2060499", "科技创新发展专项资金"]
    (line,) = lines(
        as_csv([[*headers.split(), "EXP_FUNC_CODE", "FUND", "PAY_DATE", "AGENCY_CODE"], [*row, "20250301", "150"]])
    )
    assert (line.amount, line.fund, line.day) == (950, "STIDF", date(2025, 3, 1))


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("1,234,567.89", 123_456_789),
        ("0.1", 10),
        (" 12 ", 1200),
        ("1.5万元", 1_500_000),
        ("0.000001万", 1),
        ("100元", 10_000),
        ("¥3.00", 300),
    ],
)
def test_amounts_are_read_to_the_fen(written: str, expected: int) -> None:
    assert read({"支付金额": written})[0].amount == expected


@pytest.mark.parametrize(
    "written", ["1.005", "1,23", "1\uff12", "1e3", "(5)", "壹万", "1.0000001万", "1 000", "99999999999999999", "=1+1"]
)
def test_what_is_no_amount_is_complained_of(written: str) -> None:
    row, column, _ = complaint({"支付金额": written})
    assert (row, column) == (3, "G 支付金额")


@pytest.mark.parametrize(
    "written", ["2025-03-01", "2025/3/1", "20250301", "2025.3.1", "2025年3月1日", "2025-03-01 10:20:30", " 2025-3-01"]
)
def test_days_are_read_in_their_usual_forms(written: str) -> None:
    assert read({"支付日期": written})[0].day == date(2025, 3, 1)


@pytest.mark.parametrize("written", ["3/1/2025", "2025-02-30", "202531", "2025-3/1", "25-03-01", "1925-01-01", "昨天"])
def test_what_is_no_day_is_complained_of(written: str) -> None:
    assert complaint({"支付日期": written})[:2] == (3, "L 支付日期")


@pytest.mark.parametrize(
    "written", ['="6222000011112222333"', "'6222000011112222333", "6222 0000 1111 2222 333", "6222000011112222333\t"]
)
def test_an_account_is_text_however_it_was_kept_as_text(written: str) -> None:
    assert read({"收款人账号": written})[0].account == "6222000011112222333"


@pytest.mark.parametrize(
    ("written", "says"), [("6.222E+18", "丢失"), ("6222\uff10", "全角"), ("=A1", "公式"), ("6" * 81, "80")]
)
def test_an_account_that_lost_its_digits_is_complained_of(written: str, says: str) -> None:
    row, column, zh = complaint({"收款人账号": written})
    assert (row, column) == (3, "E 收款人账号")
    assert says in zh


@pytest.mark.parametrize(
    ("change", "flow", "amount", "moved"),
    [
        ({"业务类型": "退票", "支付金额": "-1000"}, Flow.REJECTION, -100_000, -100_000),
        ({"业务类型": "退票", "支付金额": "0"}, Flow.REJECTION, -100_000, 0),
        ({"业务类型": "退款", "支付金额": "-12.34"}, Flow.REFUND, -1234, -1234),
        ({"业务类型": "退款", "支付金额": "12.34", "原支付明细号": "D0"}, Flow.REFUND, -1234, -1234),
        ({"业务类型": "", "支付金额": "-12.34"}, Flow.REFUND, -1234, -1234),
        ({"业务类型": "财政直接支付"}, Flow.PAYMENT, 100_000, 100_000),
    ],
)
def test_what_comes_back_is_told_from_what_is_paid(change: dict[str, Any], flow: Flow, amount: int, moved: int) -> None:
    (line,) = read(change)
    assert (line.flow, line.amount, line.moved, line.cites) == (flow, amount, moved, change.get("原支付明细号", ""))


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ({"支付金额": "-1"}, "G 支付金额"),
        ({"支付金额": "0"}, "G 支付金额"),
        ({"业务类型": "退款", "支付金额": "0"}, "G 支付金额"),
        ({"业务类型": "退票", "支付金额": "0", "申请金额": ""}, "F 申请金额"),
        ({"支付日期": ""}, "L 支付日期"),
        ({"支付明细号": "", "支付凭证号": "", "支付申请号": ""}, "A 支付明细号"),
    ],
)
def test_cells_that_do_not_fit_together_are_complained_of(change: dict[str, Any], column: str) -> None:
    assert complaint(change)[:2] == (3, column)


def test_a_line_of_a_bank_is_money_out_or_in_or_the_clearing_of_the_day() -> None:
    out, back = "借方发生额(支出)", "贷方发生额(收入)"
    found = read(
        {out: "100", "余额": "-100.00"},
        {out: "50", "余额": "-150.00"},
        {back: "50", "余额": "-100.00", "摘要": "账号有误退汇"},
        {back: "100", "余额": "0", "摘要": "零余额账户清算", "对方户名": ""},
        {back: "7", "余额": "7", "摘要": "利息"},
        {back: "8", "余额": "15", "摘要": "项目结余退回"},
        kind=StatementKind.BANK,
        base=BANK,
    )
    assert [(line.flow, line.amount, line.moved) for line in found] == [
        (Flow.PAYMENT, 10_000, 10_000),
        (Flow.PAYMENT, 5_000, 5_000),
        (Flow.REJECTION, -5_000, -5_000),
        (Flow.CLEARING, -10_000, 0),
        (Flow.RECEIPT, -700, -700),
        (Flow.REFUND, -800, -800),
    ]


def test_quota_balances_are_read_in_the_unit_of_their_header_or_title() -> None:
    rows = table({}, base=QUOTA)
    rows[0][-1] = "指标余额(万元)"
    (line,) = lines(as_csv(rows), StatementKind.QUOTA, on=date(2025, 12, 31))
    assert (line.flow, line.amount, line.project, line.day) == (Flow.BALANCE, 60_000_000, "KJ-1", date(2025, 12, 31))
    titled = [["指标余额表"], ["截至2025年11月30日", "", "单位:万元"], *table({}, base=QUOTA)]
    (line,) = lines(as_csv(titled), StatementKind.QUOTA)
    assert (line.amount, line.day, line.key) == (60_000_000, date(2025, 11, 30), 4)


# -- control totals


def test_totals_of_a_file_that_is_in_order() -> None:
    content = as_csv([*table({}, {"业务类型": "退款", "支付金额": "-1"}), ["合计", "", "", "", "", "2000", "999.00"]])
    told: list[tuple[int, int]] = []
    with read_statement(io.BytesIO(content), StatementKind.TREASURY, done=lambda *at: told.append(at)) as statement:
        control = statement.control
    assert (control.lines, control.paid, control.returned) == (2, 100_000, 100)
    assert (control.first, control.last) == (date(2025, 3, 1), date(2025, 3, 1))
    assert len(control.sha256) == 64
    assert told[-1] == (len(content), len(content))


def test_a_total_that_is_not_the_sum_is_complained_of() -> None:
    (fault,) = faults(as_csv([*table({}), ["合计", "", "", "", "", "1000", "999.99"]]))
    assert (fault.row, fault.column) == (3, "G 支付金额")
    assert "999.99" in fault.zh


def test_the_running_balance_of_a_bank_has_to_follow() -> None:
    out, back = "借方发生额(支出)", "贷方发生额(收入)"
    good = ({out: "1", "余额": "9"}, {back: "5", "余额": "14"}, {out: "2", "余额": "12"})
    for order in (good, good[::-1]):
        content = as_csv(table(*order, base=BANK))
        with read_statement(io.BytesIO(content), StatementKind.BANK) as statement:
            assert (statement.control.opening, statement.control.closing) == (1000, 1200)
    (fault,) = faults(as_csv(table(good[0], good[2], good[1], base=BANK)), StatementKind.BANK)
    assert (fault.row, fault.column) == (3, "F 余额")


# -- columns


def test_a_saved_mapping_wins_over_guesses() -> None:
    rows = table({"我方金额": "5"})
    saved = Mapping(StatementKind.TREASURY, {"actual": "我方金额", "account": ""})
    (line,) = lines(as_csv(rows), saved=saved)
    assert (line.amount, line.account, line.voucher) == (500, "", "V1")
    gone = faults(as_csv(table({})), saved=saved)
    assert "我方金额" in gone[0].zh


def test_what_is_guessed_can_be_saved_as_json() -> None:
    import msgspec

    mapping = guessed(list(TREASURY), StatementKind.TREASURY)
    assert mapping.columns["actual"] == "支付金额"
    assert msgspec.json.decode(msgspec.json.encode(mapping), type=Mapping) == mapping


def test_a_column_that_is_missing_is_named_with_what_would_do() -> None:
    rows = [list(row[:-3]) for row in table({})]
    (fault,) = faults(as_csv(rows))
    assert fault.row == 1
    assert "支付日期" in fault.zh
    assert fault.advice is not None
    assert "pay_date" in fault.advice.zh


def test_a_header_that_stands_twice_is_complained_of() -> None:
    rows = [[*row, "x"] for row in table({})]
    rows[0][-1] = "支付日期"
    (fault,) = faults(as_csv(rows))
    assert (fault.row, fault.column) == (1, "O 支付日期")


def test_merged_header_cells_are_complained_of() -> None:
    rows = table({})
    rows[0][4] = ""
    found = faults(as_csv(rows))
    assert [(fault.row, fault.column) for fault in found] == [(1, "E")]
    assert "合并" in (found[0].advice or ("",))[0]


def test_blank_rows_repeated_headers_and_remarks_are_passed_over() -> None:
    header, row = table({})
    rows = [["国库支付明细"], [], header, row, [], header, row, ["小计", "", "", "", "", "", "7"], ["制表人:某某"]]
    assert [line.key for line in lines(as_csv(rows))] == [4, 7]
