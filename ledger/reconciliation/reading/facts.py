"""What a row of a statement tells: from the values of its columns to a line, kind by kind."""

import re
from datetime import date
from functools import lru_cache
from typing import Any

from ledger.domain.catalogue import Name
from ledger.domain.reconciliation import Flow, StatementKind
from ledger.importing.values import Unfit
from ledger.reconciliation.line import Line

Values = dict[str, Any]

_REJECTED = re.compile("退票|退汇|reject", re.IGNORECASE)
_RETURNED = re.compile("退款|退回|退付|退库|收回|refund", re.IGNORECASE)
_CLEARED = re.compile(
    "^(资金)?清算$|(零余额|国库|集中支付|直接支付|授权支付|日终|当日).{0,12}清算|清算.{0,12}(零余额|国库|集中支付)"
    "|zero.?balance clearing",
    re.IGNORECASE,
)
_TREASURY_ITSELF = re.compile("国库单一账户|国家金库|财政国库|待清算")
_OUT, _IN = ("借", "d", "dr", "debit", "支出", "支", "付", "转出"), ("贷", "c", "cr", "credit", "收入", "收", "转入")
_YUAN = ("", "cny", "rmb", "人民币", "人民币元", "156", "01")


class Contradiction(Unfit):
    """The cells of a row do not fit together; ``field``: the one to look at."""

    def __init__(self, field: str, zh: str, en: str, advice: Name) -> None:
        super().__init__(zh, en, advice)
        self.field = field


def _blank(*fields: str) -> Contradiction:
    return Contradiction(fields[0], "必填内容为空", "what is needed is blank", Name("请补填", "fill it in"))


def treasury(row: int, values: Values) -> Line:
    """A payment, or what came back of one."""
    flow, amount, moved = _treasury_flow(values)
    if "day" not in values:
        raise _blank("day")
    if not any(key in values for key in ("detail", "voucher", "application")):
        raise _blank("detail", "voucher", "application")
    get = values.get
    return Line(
        key=row,
        flow=flow,
        day=values["day"],
        amount=amount,
        moved=moved,
        application=get("application", ""),
        voucher=get("voucher", ""),
        detail=get("detail", ""),
        transaction=get("transaction", ""),
        cites=get("cites", ""),
        account=get("account", ""),
        payee=get("payee", ""),
        project=get("project") or get("tracking", ""),
        fund=get("fund", ""),
        function=get("function", ""),
        economic=get("economic", ""),
        fiscal_year=get("fiscal_year", 0),
        document=get("document", ""),
        text=_text(values),
    )


@lru_cache(maxsize=256)
def _type(told: str) -> Flow:
    if _REJECTED.search(told):
        return Flow.REJECTION
    return Flow.REFUND if _RETURNED.search(told) else Flow.PAYMENT


def _treasury_flow(values: Values) -> tuple[Flow, int, int]:
    """(flow, amount, moved). What left is the actual amount; the applied one only where there is no other."""
    applied, actual = values.get("applied"), values.get("actual")
    said = applied if actual is None else actual
    if said is None:
        raise _blank("actual", "applied")
    told = values.get("type", "")
    flow = _type(told)
    if flow is Flow.REJECTION:
        amount = abs(said or applied or 0)
        if not amount:
            raise _nothing("applied", "退票", "a rejection")
        return Flow.REJECTION, -amount, -abs(said)
    if flow is Flow.REFUND or (said < 0 and not told):
        if not said:
            raise _nothing("actual", "退款", "a refund")
        return Flow.REFUND, -abs(said), -abs(said)
    if said < 0:
        zh, en = f"业务类型为“{told}”而金额为负", f"the type is {told!r} and the amount negative"
        raise Contradiction("actual", zh, en, Name("如为退款,业务类型请写“退款”", "a refund needs the type 退款"))
    if not said:
        raise _nothing("actual", "支付", "a payment")
    return Flow.PAYMENT, said, said


def _nothing(field: str, zh: str, en: str) -> Contradiction:
    advice = Name(
        "未付的行请删去;如为退票,业务类型请写“退票”", "delete what was not paid; a rejection needs the type 退票"
    )
    return Contradiction(field, f"{zh}金额为零", f"the amount of {en} is zero", advice)


def moved_out(values: Values) -> int:
    """Fen that left the account with a line of a bank; minus: that came in."""
    if values.get("currency", "").casefold() not in _YUAN:
        zh, en = f"币种不是人民币:{values['currency']}", f"not in yuan: {values['currency']}"
        raise Contradiction("currency", zh, en, Name("请只导出人民币账户", "export the yuan account alone"))
    debit, credit, amount = values.get("debit", 0), values.get("credit", 0), values.get("amount", 0)
    if debit and credit:
        zh, en = "借方与贷方都有金额", "debit and credit on one line"
        raise Contradiction("debit", zh, en, Name("一行只记一方", "one side a line"))
    if not (debit or credit) and amount:
        direction = values.get("direction", "").strip().casefold()
        if direction not in _OUT + _IN:
            zh, en = "没有可识别的借贷方向", "no direction that is understood"
            raise Contradiction("amount", zh, en, Name("借贷标志请写“借”或“贷”", "say 借 or 贷"))
        return int(amount if direction in _OUT else -amount)
    return int(debit - credit)


def bank(row: int, values: Values, out: int) -> Line:
    """A line of an account: money out, money in, or the clearing of a zero-balance account."""
    if "day" not in values:
        raise _blank("day")
    if not out:
        raise Contradiction(
            "debit" if "debit" in values else "credit",
            "没有发生额",
            "no amount",
            Name("请补填发生额,或删去该行", "fill it in, or delete the line"),
        )
    get, told = values.get, _text(values)
    flow = bank_flow(told, get("payee", ""), out)
    return Line(
        key=row,
        flow=flow,
        day=values["day"],
        amount=out,
        moved=0 if flow is Flow.CLEARING else out,
        voucher=get("voucher", ""),
        transaction=get("transaction", ""),
        cites=get("cites", ""),
        account=get("account", ""),
        payee=get("payee", ""),
        text=told,
    )


def bank_flow(text: str, counterpart: str, out: int) -> Flow:
    """What a bank's line tells, by its direction and the words that banks use."""
    if _CLEARED.search(text) or _TREASURY_ITSELF.search(counterpart):
        return Flow.CLEARING
    if out > 0:
        return Flow.PAYMENT
    if _REJECTED.search(text):
        return Flow.REJECTION
    return Flow.REFUND if _RETURNED.search(text) else Flow.RECEIPT


def quota(row: int, values: Values, on: date | None) -> Line:
    """The balance of one quota. ``on``: the day it stands at, where the file does not say."""
    for field in ("fiscal_year", "fund", "function", "balance"):
        if field not in values:
            raise _blank(field)
    stands_at = values.get("day", on)
    if stands_at is None:
        zh, en = "文件未注明余额截止日期", "the file does not say on which day the balances stand"
        raise Contradiction(
            "day", zh, en, Name("请加一列“截止日期”,或另行指定", "add a column 截止日期, or name the day")
        )
    return Line(
        key=row,
        flow=Flow.BALANCE,
        day=stands_at,
        amount=values["balance"],
        moved=values["balance"],
        project=values.get("project") or values.get("tracking", ""),
        fund=values["fund"],
        function=values["function"],
        fiscal_year=values["fiscal_year"],
        document=values.get("document", ""),
        text=_text(values),
    )


def _text(values: Values) -> str:
    return " ".join(dict.fromkeys(said for name in ("text", "purpose") if (said := values.get(name))))


def line_of(kind: StatementKind, row: int, values: Values, on: date | None) -> Line:
    """The line that a row tells. Raises Contradiction."""
    match kind:
        case StatementKind.TREASURY:
            return treasury(row, values)
        case StatementKind.BANK:
            return bank(row, values, moved_out(values))
        case StatementKind.QUOTA:
            return quota(row, values, on)
