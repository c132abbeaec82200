"""A refusal in words: one sentence in each language, with what it is about, what was asked, available and short.

Whoever reads the Chinese sentence needs no English for it: every detail has a name in both languages, and so has every code.
"""

from collections.abc import Mapping
from typing import Any

from ledger.domain.catalogue import ROLES, SPECIALS, Name
from ledger.domain.money import grouped_yuan
from ledger.domain.movement import MOVEMENTS
from ledger.domain.refusals import WORDS, Code, Refusal, Words
from ledger.domain.terms import TERMS, VALUES

AS_FIELDS = (
    *("call", "document", "effective_on", "fiscal_year", "form", "function", "fund", "instalment", "payee", "pledger"),
    *("recommender", "scope", "source", "special", "to_fund", "to_special", "undertaker", "vintage", "year"),
)
"""Details that are called in a sentence what the field of a form is called."""
DETAILS: dict[str, Name] = {
    **{name: Name(TERMS[name].zh, TERMS[name].en.lower()) for name in AS_FIELDS},
    "account": Name("账户", "account"),
    "accounts": Name("账户", "accounts"),
    "allowed": Name("允许", "allowed"),
    "asked_by": Name("申请单位", "asked by"),
    "at_the_end_of": Name("截至日终", "at the end of"),
    "changed_on": Name("上次变更日期", "last changed on"),
    "cited": Name("引用", "cited"),
    "claim": Name("申请", "claim"),
    "close_first": Name("应先结账", "close first"),
    "credit_code": Name("信用代码", "credit code"),
    "day": Name("日期", "day"),
    "days": Name("期限(天)", "days allowed"),
    "expired_on": Name("到期日", "expired on"),
    "expires_on": Name("到期日", "expires on"),
    "field": Name("字段", "field"),
    "first_fiscal_year": Name("首个预算年度", "first fiscal year"),
    "floor": Name("保留底线", "floor"),
    "funded_by": Name("已由其支持", "funded by"),
    "holding_in": Name("所在年度", "held in"),
    "item": Name("事项", "item"),
    "item_period": Name("事项所属期间", "period of the item"),
    "items": Name("事项", "items"),
    "key": Name("业务键", "business key"),
    "kind": Name("业务类型", "kind"),
    "known": Name("可用", "known"),
    "later_year": Name("以后年度", "later year"),
    "lines": Name("行号", "lines"),
    "missing": Name("缺少", "missing"),
    "mode": Name("立项方式", "mode"),
    "needs": Name("须由", "needs"),
    "next_period": Name("转入期间", "next period"),
    "number": Name("编号", "number"),
    "numbers": Name("编号", "numbers"),
    "order": Name("拨款申请", "order"),
    "origin": Name("资金来源", "origin"),
    "parameter": Name("政策参数", "parameter"),
    "partner": Name("合作单位", "partner"),
    "payment": Name("付款", "payment"),
    "period": Name("期间", "period"),
    "pledge": Name("匹配承诺", "pledge"),
    "project": Name("项目", "project"),
    "proposal": Name("提案", "proposal"),
    "ref": Name("明细", "reference"),
    "role": Name("角色", "role"),
    "settlement": Name("支付", "settlement"),
    "signed": Name("已签", "signed"),
    "status": Name("状态", "status"),
    "taken_back_by": Name("已被其撤销", "taken back by"),
    "team": Name("团队", "team"),
    "why": Name("原因", "why"),
    "would_leave": Name("办理后剩余(元)", "would leave, yuan"),
}
"""What a refusal may be about, by the name under which it stands in ``details``."""

_SPECIALS = {code: special.name for code, special in SPECIALS.items()}
_CODES: dict[str, Mapping[Any, Name]] = {
    "account": VALUES["account"],
    **dict.fromkeys(("fund", "funded_by", "origin", "source", "to_fund"), VALUES["fund"]),
    "mode": VALUES["mode"],
    "parameter": VALUES["name"],
    "role": ROLES,
    **dict.fromkeys(("special", "to_special"), _SPECIALS),
}


WAYS_OUT: dict[Code, Words] = {
    Code.PERIOD_CLOSED: Words(
        "不能反结账;应更正(EntryCorrected)并记入未结账期间,年度未结的可记入第13期,年度已结的按决算作结转调整(CarryForwardAdjusted)",
        "it is never reopened: correct it (EntryCorrected) into an open period, in period 13 while the year is open, "
        "and by CarryForwardAdjusted once the year is closed",
    ),
}
"""What to do instead, where the code alone does not say it."""


def in_words(refusal: Refusal) -> Words:
    """The sentence of a refusal, and the way out. Amounts in yuan."""
    zh, en = WORDS[refusal.code]
    if refusal.details:
        details = [_detail(name, value) for name, value in refusal.details.items()]
        zh, en = f"{zh}({','.join(one.zh for one in details)})", f"{en} ({', '.join(one.en for one in details)})"
    if refusal.asked is not None and refusal.available is not None and refusal.short_by is not None:
        asked, available, short = map(grouped_yuan, (refusal.asked, refusal.available, refusal.short_by))
        zh += f":申请 {asked} 元,可用 {available} 元,缺 {short} 元"
        en += f": asked {asked} yuan, available {available} yuan, short {short} yuan"
    if way_out := WAYS_OUT.get(refusal.code):
        zh, en = f"{zh}。{way_out.zh}", f"{en}; {way_out.en}"
    return Words(zh, en)


def _detail(name: str, value: Any) -> Name:
    label = DETAILS[name]
    called = MOVEMENTS[value].label if name == "kind" and value in MOVEMENTS else _CODES.get(name, {}).get(value)
    if called is None:
        return Name(f"{label.zh} {value}", f"{label.en} {value}")
    return Name(f"{label.zh} {value} {called.zh}", f"{label.en} {value} {called.en}")
