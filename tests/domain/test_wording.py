"""Refusals in words: every detail that a rule may name is called something in both languages."""

import ast
from pathlib import Path

from ledger.domain import kinds  # noqa: F401 - every kind has its label once it is loaded
from ledger.domain.refusals import WORDS, Code, Refusal
from ledger.domain.terms import TERMS
from ledger.domain.wording import AS_FIELDS, DETAILS, in_words

RULES = Path(__file__).resolve().parents[2] / "ledger"
AMOUNTS = {"asked", "available"}
CREDIT_CODE_ROLES = {"credit_code", "undertaker", "partner", "team", "recommender", "pledger"}
"""Under these names ``known_party`` says which of a movement's parties is not registered."""


def named_by_the_rules() -> set[str]:
    calls = (
        node
        for path in RULES.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("refuse", "refuse_if", "Refusal")
    )
    return {keyword.arg for call in calls for keyword in call.keywords if keyword.arg} - AMOUNTS


def test_every_detail_is_named_and_no_name_is_left_over() -> None:
    dimensions = {"account", "fiscal_year", "source", "vintage", "special", "project", "function", "ref"}
    assert set(DETAILS) == named_by_the_rules() | CREDIT_CODE_ROLES | dimensions


def test_what_is_called_as_in_a_form_takes_its_name_from_there() -> None:
    alike = {name for name in DETAILS.keys() & TERMS.keys() if DETAILS[name].zh == TERMS[name].zh}
    assert {name for name in alike if DETAILS[name].en == TERMS[name].en.lower()} == set(AS_FIELDS)


def test_every_code_has_words() -> None:
    assert set(WORDS) == set(Code)


def test_a_sentence_says_what_is_short_and_names_what_codes_mean() -> None:
    short = {"asked": 23_000_000_000, "available": 20_000_000_000}
    zh, en = in_words(
        Refusal(Code.INSUFFICIENT_FUNDS, "V3", **short, account="B210", special="MSP-BRK", source="STIDF")
    )
    assert zh == (
        "资金不足(账户 B210 可用,专项 MSP-BRK 科技突围专项,资金来源 STIDF 科技创新发展专项资金)"
        ":申请 230,000,000.00 元,可用 200,000,000.00 元,缺 30,000,000.00 元"
    )
    assert en == (
        "Not enough money is left here (account B210 Available, special MSP-BRK Breakthrough, source STIDF "
        "S&T Innovation Development Fund): asked 230,000,000.00 yuan, available 200,000,000.00 yuan, "
        "short 30,000,000.00 yuan"
    )


def test_a_special_added_later_is_called_by_its_code() -> None:
    assert in_words(Refusal(Code.SPECIAL_SUSPENDED, "五(二)", special="LEG-ATRD")).zh.endswith("(专项 LEG-ATRD)")


def test_a_kind_is_called_by_its_label() -> None:
    assert "PaymentOrdered 拨款申请" in in_words(Refusal(Code.NOT_CORRECTABLE, "F", kind="PaymentOrdered")).zh


def test_a_closed_period_says_what_to_do_instead_of_reopening_it() -> None:
    zh, en = in_words(Refusal(Code.PERIOD_CLOSED, "F", period="2025-03"))
    assert zh == (
        "会计期间已结账(期间 2025-03)。不能反结账;应更正(EntryCorrected)并记入未结账期间,"
        "年度未结的可记入第13期,年度已结的按决算作结转调整(CarryForwardAdjusted)"
    )
    assert "EntryCorrected" in en
    assert "CarryForwardAdjusted" in en
