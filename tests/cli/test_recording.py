"""ledger record: receipts, refusals in both languages, dry runs, and the same content once."""

import json

from tests.cli.conftest import DAY, Desk

QUOTA = {
    "kind": "AppropriationReceived",
    "effective_on": DAY,
    "fund": "NSF",
    "vintage": 2025,
    "amount": "160000000.50",
    "document": {"number": "内财科〔2025〕2号"},
}


def test_a_movement_is_recorded_with_its_receipt(desk: Desk) -> None:
    ran = desk.run("record", "-", given=json.dumps(QUOTA, indent=1))
    assert ran.code == 0, ran.said
    assert "指标下达(收到) Appropriation received" in ran.out
    assert "160,000,000.50" in ran.out


def test_the_same_content_twice_records_once(desk: Desk) -> None:
    assert desk.record([QUOTA]).code == 0
    again = desk.record([QUOTA])
    assert again.code == 0
    assert "未重复记录" in again.out
    assert desk.count("movement") == 1


def test_a_dry_run_judges_line_after_line_and_records_nothing(opened: Desk) -> None:
    before = opened.count("movement")
    reduction = QUOTA | {"kind": "AppropriationReduced", "fund": "STIDF", "amount": "600000000"}
    ran = opened.record([reduction, reduction | {"document": {"number": "x"}}], "--dry-run")
    assert ran.code == 1
    assert "INSUFFICIENT_FUNDS" in ran.out
    assert "可受理 1 条,将被拒绝 1 条;未记录任何内容" in ran.out
    assert opened.count("movement") == before


def test_refusals_come_in_both_languages_and_the_rest_is_recorded(desk: Desk) -> None:
    ran = desk.record([QUOTA, QUOTA | {"kind": "AppropriationReduced", "amount": "200000000"}])
    assert ran.code == 1
    assert "缺 39,999,999.50 元" in ran.out
    assert "short 39,999,999.50 yuan" in ran.out
    assert desk.count("movement") == 1
    assert desk.count("attempt") == 1


def test_a_list_may_be_json_and_a_key_binds_each_line(desk: Desk) -> None:
    both = [QUOTA, QUOTA | {"line": "2"}]
    assert desk.run("record", "-", "--key", "k", given=json.dumps(both)).code == 0
    changed = desk.run("record", "-", "--key", "k", given=json.dumps([QUOTA, QUOTA | {"line": "3"}]))
    assert changed.code == 1
    assert "IDEMPOTENCY_CONFLICT" in changed.out


def test_malformed_input_is_named_by_line_and_nothing_is_recorded(desk: Desk) -> None:
    ran = desk.record([QUOTA, QUOTA | {"amount": 12.5}, {"kind": "Nothing"}])
    assert ran.code == 1
    assert "金额应为以元为单位的文本" in ran.out
    assert "没有这种业务类型" in ran.out
    assert desk.count("movement") == 0


def test_wrong_usage_says_what_is_there(desk: Desk) -> None:
    nobody = desk.record([QUOTA], "--as", "nobody")
    assert (nobody.code, "std-1" in nobody.err) == (2, True)
    assert desk.run("record", desk.home / "missing.json").code == 2
    assert desk.run("record", "-", given="").code == 2
    assert desk.run("record", "-", given="[{]").code == 1
    assert desk.record([QUOTA], "--key", "空 格").code == 2
