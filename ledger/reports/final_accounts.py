"""Sheet 7, final-accounts tie-out 决算对照表: what the ledger paid and transferred of a year, by function and fund.

What treasury, general account and final accounts say is outside the ledger: those columns are empty, which is not zero.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from ledger.domain.accounts import Account
from ledger.domain.catalogue import Name, source_name
from ledger.projections.held import Line
from ledger.reports.grounds import Grounds, summed, voucher_of
from ledger.reports.sheet import Check, Column, Row, Sheet, Value, amount, code, standing, text

ACCOUNTS = ("B240", "B245")
LINES_OF = ("B260",)
"""An adjustment changes what the year carried out."""
_ADJUSTMENT = "CarryForwardAdjusted"
_ADJUSTED = {"B240": "adjusted", "B250": "withdrawal_adjusted"}

COLUMNS: tuple[Column, ...] = (
    code("function", "功能科目", "Function"),
    text("fund", "资金", "Fund"),
    amount("paid", "台账支付", "Ledger paid"),
    amount("transfers", "转移支付(已下达盟市)", "Transfers (to leagues)"),
    standing("treasury", "国库支出", "Treasury"),
    standing("general", "总会计", "General account"),
    standing("final", "决算", "Final accounts"),
    standing("difference", "差异", "Difference"),
    standing("timing", "时间", "Timing"),
    standing("class", "科目", "Class"),
    standing("basis", "口径", "Basis"),
    standing("error", "差错", "Error"),
    text("note", "说明", "Note"),
    amount("adjusted", "其中:决算调整支付", "Of it: paid, as adjusted"),
    amount("withdrawal_adjusted", "决算调整收回", "Withdrawn, as adjusted"),
    code("vouchers", "调整凭证", "Adjustment vouchers"),
    text("documents", "决算文号", "Documents"),
)
SCOPE = (
    Name(
        "台账支付为本年度已支付,含待查款项及决算调整;转移支付为已下达盟市的指标,不在台账支付内",
        "ledger paid is what was paid of the year, suspense and adjustments included; transfers are quota issued to leagues, "
        "not among what was paid",
    ),
    Name(
        "国库支出、总会计、决算、差异及其分解在台账之外,未提供,留空不表示为零",
        "treasury, general account, final accounts, the difference and what it is made of are outside the ledger and not "
        "given: empty does not mean zero",
    ),
)
_STRAY = Name("待查款项,尚无功能科目", "suspense: it has no function yet")


class _Key(NamedTuple):
    function: str | None
    fund: str


def _key(found: Account) -> _Key:
    return _Key(found.function, found.source or "")


def final_accounts(of: Grounds) -> Sheet:
    """By function and fund, with the year's adjustments to its final accounts."""
    held = summed(of.seen(), lambda found: (_key(found), found.code))
    lines = [
        line for line in of.seen_lines() if line.kind == _ADJUSTMENT and line.leg.account.fiscal_year == of.fiscal_year
    ]
    adjusted = _adjusted(lines)
    keys = {key for (key, account), fen in held.items() if fen and account in ACCOUNTS} | {key for key, _ in adjusted}
    rows = [_row(key, held, adjusted, lines) for key in sorted(keys, key=lambda key: (key.function or "", key.fund))]
    return Sheet(
        "final-accounts",
        Name("决算对照表", "Final-accounts tie-out"),
        COLUMNS,
        rows,
        _total(of, adjusted),
        [_carried(lines)] if of.fund_level else [],
        of.scope(*SCOPE),
        of.number,
        of.recorded_at,
        of.fiscal_year,
        of.on,
        of.moment,
    )


def _adjusted(lines: Iterable[Line]) -> dict[tuple[_Key, str], int]:
    """What adjustments changed of what was paid and withdrawn, in fen; less where more is carried."""
    sums: dict[tuple[_Key, str], int] = defaultdict(int)
    for line in lines:
        if line.leg.account.code in _ADJUSTED:
            sums[_key(line.leg.account), line.leg.account.code] += line.leg.amount
    return sums


def _row(
    key: _Key, held: Mapping[tuple[_Key, str], int], adjusted: Mapping[tuple[_Key, str], int], lines: Iterable[Line]
) -> Row:
    own = [line for line in lines if line.leg.account.code in _ADJUSTED and _key(line.leg.account) == key]
    paid = held.get((key, "B240"), 0)
    return {
        "function": key.function,
        "fund": source_name(key.fund),
        "paid": paid,
        "transfers": held.get((key, "B245"), 0),
        "note": _STRAY if paid and key.function is None else None,
        "vouchers": _joined(voucher_of(line.recorded) for line in own),
        "documents": _joined(line.recorded.movement.document.number for line in own if line.recorded.movement.document),
        **{name: adjusted.get((key, account), 0) for account, name in _ADJUSTED.items()},
    }


def _joined(words: Iterable[str | None]) -> str | None:
    return ", ".join(dict.fromkeys(word for word in words if word)) or None


def _total(of: Grounds, adjusted: Mapping[tuple[_Key, str], int]) -> dict[str, Value]:
    held = summed(of.seen(), lambda found: found.code)
    sums = {
        name: sum(fen for (_, code_), fen in adjusted.items() if code_ == account)
        for account, name in _ADJUSTED.items()
    }
    return {"paid": held.get("B240", 0), "transfers": held.get("B245", 0), **sums}


def _carried(lines: Iterable[Line]) -> Check:
    """Every adjustment moves money between what was paid or withdrawn and what was carried out."""
    off = sum(line.leg.amount for line in lines if line.leg.account.code in (*_ADJUSTED, "B260"))
    zh, en = "校验:决算调整的支付、收回与结转转出之和", "Check: adjustments of paid, withdrawn and carried out together"
    return Check(Name(zh, en), {"adjusted": off})
