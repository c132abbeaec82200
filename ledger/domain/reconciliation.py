"""What reconciliation 对账 calls things: kinds of statements, what a line is, in which state it ends, and why sides differ."""

from enum import StrEnum

from ledger.domain.catalogue import Name


class StatementKind(StrEnum):
    """Whose statement it is, and what it states: flows 发生额 or balances 余额."""

    TREASURY = "TREASURY"
    BANK = "BANK"
    QUOTA = "QUOTA"


STATEMENT_KINDS: dict[StatementKind, Name] = {
    StatementKind.TREASURY: Name("国库支付明细", "Treasury payment detail"),
    StatementKind.BANK: Name("银行流水", "Bank statement"),
    StatementKind.QUOTA: Name("指标余额表", "Quota-balance statement"),
}


class Flow(StrEnum):
    """What a line tells."""

    PAYMENT = "PAYMENT"
    REJECTION = "REJECTION"
    REFUND = "REFUND"
    RECEIPT = "RECEIPT"
    CLEARING = "CLEARING"
    BALANCE = "BALANCE"


FLOWS: dict[Flow, Name] = {
    Flow.PAYMENT: Name("支付", "Payment"),
    Flow.REJECTION: Name("退票", "Rejection"),
    Flow.REFUND: Name("退款", "Refund"),
    Flow.RECEIPT: Name("其他收款", "Other receipt"),
    Flow.CLEARING: Name("零余额清算", "Zero-balance clearing"),
    Flow.BALANCE: Name("余额", "Balance"),
}


class Status(StrEnum):
    """How a line, or several that belong together, stand against the other side."""

    MATCHED = "MATCHED"
    TIMING = "TIMING"
    AMOUNT_DIFF = "AMOUNT_DIFF"
    MISSING_IN_LEDGER = "MISSING_IN_LEDGER"
    MISSING_IN_TREASURY = "MISSING_IN_TREASURY"
    DUPLICATE = "DUPLICATE"
    REJECTED = "REJECTED"
    REFUNDED = "REFUNDED"
    PARTIALLY_REFUNDED = "PARTIALLY_REFUNDED"
    WRONG_CLASSIFICATION = "WRONG_CLASSIFICATION"
    EXPLAINED = "EXPLAINED"


STATUSES: dict[Status, Name] = {
    Status.MATCHED: Name("相符", "Matched"),
    Status.TIMING: Name("未达账项", "In transit"),
    Status.AMOUNT_DIFF: Name("金额不符", "Amounts differ"),
    Status.MISSING_IN_LEDGER: Name("账面缺", "Missing in the ledger"),
    Status.MISSING_IN_TREASURY: Name("国库缺", "Missing in treasury"),
    Status.DUPLICATE: Name("重复", "Duplicate"),
    Status.REJECTED: Name("退票", "Rejected"),
    Status.REFUNDED: Name("退款", "Refunded"),
    Status.PARTIALLY_REFUNDED: Name("部分退款", "Partially refunded"),
    Status.WRONG_CLASSIFICATION: Name("科目不符", "Classified otherwise"),
    Status.EXPLAINED: Name("已说明", "Explained"),
}
_BESIDE_TREASURY = STATUSES | {
    Status.MISSING_IN_LEDGER: Name("国库缺", "Missing in treasury"),
    Status.MISSING_IN_TREASURY: Name("银行缺", "Missing at the bank"),
}


def statuses(against: str | None) -> dict[Status, Name]:
    """In words: of what is compared with the ledger, or ``against`` the source that is our side instead, which is treasury's."""
    return _BESIDE_TREASURY if against else STATUSES


SETTLED = frozenset({Status.MATCHED, Status.REJECTED, Status.REFUNDED, Status.PARTIALLY_REFUNDED, Status.EXPLAINED})
"""Nothing more is to be done about these; the others wait for somebody."""


class Cause(StrEnum):
    """The usual reasons why two sides differ."""

    IN_TRANSIT = "IN_TRANSIT"
    PARTIAL_REFUND = "PARTIAL_REFUND"
    DIGITS_SWAPPED = "DIGITS_SWAPPED"
    UNIT_SLIP = "UNIT_SLIP"
    WRONG_FUNCTION = "WRONG_FUNCTION"
    WRONG_FUND = "WRONG_FUND"
    TWO_PROJECTS = "TWO_PROJECTS"
    PAYEE_RENAMED = "PAYEE_RENAMED"
    PAID_TWICE = "PAID_TWICE"
    INDISTINGUISHABLE = "INDISTINGUISHABLE"


CAUSES: dict[Cause, Name] = {
    Cause.IN_TRANSIT: Name("在途", "In transit"),
    Cause.PARTIAL_REFUND: Name("部分退款", "Partial refund"),
    Cause.DIGITS_SWAPPED: Name("数字颠倒", "Digits swapped"),
    Cause.UNIT_SLIP: Name("元与万元混淆", "Yuan taken for ten thousand yuan"),
    Cause.WRONG_FUNCTION: Name("功能科目有误", "Another function code"),
    Cause.WRONG_FUND: Name("资金有误", "Another fund"),
    Cause.TWO_PROJECTS: Name("一张凭证支付多个项目", "Several projects in one voucher"),
    Cause.PAYEE_RENAMED: Name("收款人更名", "Payee renamed"),
    Cause.PAID_TWICE: Name("重复列报", "Told twice"),
    Cause.INDISTINGUISHABLE: Name("多个候选无法区分", "Candidates cannot be told apart"),
}
