"""The rules of matching 对账规则, as data, in the order in which they are asked: the surest first.

A rule brings lines together that tell the same in its ``keys``. What two lines both tell may never differ in another key or in the
payee's account: such lines are not joined by any rule, they stay open side by side. A payee's name is in no rule.
"""

from enum import StrEnum
from typing import NamedTuple

from ledger.domain.catalogue import Name


class Amounts(StrEnum):
    """What a rule asks of amounts: each equal to the fen, or in total; or nothing, which makes no match but names a difference."""

    EQUAL = "EQUAL"
    TOTAL = "TOTAL"
    ANY = "ANY"


class Rule(NamedTuple):
    """``keys``: fields of a line that both sides tell and that are equal. ``window``: days must lie within the window, too, and
    whatever else both tell (project, fund, function …) must agree, since no key vouches for the pair."""

    code: str
    name: Name
    keys: tuple[str, ...]
    amounts: Amounts = Amounts.EQUAL
    window: bool = False


DETAIL = Rule("DETAIL", Name("明细号", "Detail id"), ("detail",))
DETAIL_DIFFERS = Rule("DETAIL_DIFFERS", Name("明细号同、金额不同", "Detail id, other amount"), ("detail",), Amounts.ANY)

RULES: tuple[Rule, ...] = (
    DETAIL,
    DETAIL_DIFFERS,
    Rule("APPLICATION_VOUCHER", Name("申请号、凭证号", "Application and voucher"), ("application", "voucher")),
    Rule("APPLICATION", Name("申请号", "Application"), ("application",)),
    Rule("VOUCHER", Name("凭证号", "Voucher"), ("voucher",)),
    Rule("TRANSACTION", Name("流水号", "Transaction no."), ("transaction",)),
    Rule("CITED", Name("所引原支付", "Payment cited"), ("cites",)),
    Rule("VOUCHER_TOTAL", Name("凭证合计", "Total of a voucher"), ("voucher",), Amounts.TOTAL),
    Rule("APPLICATION_TOTAL", Name("申请合计", "Total of an application"), ("application",), Amounts.TOTAL),
    Rule(
        "TRANSACTION_DIFFERS",
        Name("流水号同、金额不同", "Transaction no., other amount"),
        ("transaction",),
        Amounts.ANY,
    ),
    Rule("APPLICATION_DIFFERS", Name("申请号同、金额不同", "Application, other amount"), ("application",), Amounts.ANY),
    Rule("VOUCHER_DIFFERS", Name("凭证号同、金额不同", "Voucher, other amount"), ("voucher",), Amounts.ANY),
    Rule(
        "ACCOUNT_PROJECT",
        Name("金额、账号、项目、日期", "Amount, account, project, days"),
        ("account", "project"),
        window=True,
    ),
    Rule("ACCOUNT", Name("金额、账号、日期", "Amount, account, days"), ("account",), window=True),
)

UNMATCHED = "UNMATCHED"
WITHOUT_A_RULE: dict[str, Name] = {
    "ALONE": Name("无对应", "Nothing like it"),
    "CONTRADICTED": Name("键值相互矛盾", "Keys contradict each other"),
    "SEVERAL": Name("多个候选", "Several candidates"),
    "REPEATED": Name("本方重复", "Told twice by one side"),
    "CLEARING": Name("当日清算", "Clearing of the day"),
    "BALANCE": Name("同一指标", "The same quota"),
    UNMATCHED: Name("尚未匹配", "Not matched yet"),
    "BY_HAND": Name("人工匹配", "Matched by hand"),
}
"""What makes a case that no rule made."""

RULE_NAMES: dict[str, Name] = {rule.code: rule.name for rule in RULES} | WITHOUT_A_RULE
