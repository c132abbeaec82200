"""Sheet 7, final-accounts tie-out 决算对照表: what the ledger paid and transferred of a year, by function and fund.

What treasury says comes from its statement, and the difference is decomposed into movements; where none was compared, and of the
general account, the columns are empty, which is not zero. Of final accounts the ledger knows what it was adjusted to.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from ledger.domain.accounts import Account
from ledger.domain.catalogue import Name, source_name
from ledger.domain.period import CLOSED_YEARS
from ledger.projections.held import Line
from ledger.reports.grounds import Grounds, summed, voucher_of
from ledger.reports.sheet import Check, Column, Row, Sheet, Value, amount, code, fen_of, standing, text
from ledger.reports.sides import Sides
from ledger.reports.tying import Booked, Piece, Reason, Where, note, pieces, placed, treasury_by

ACCOUNTS = ("B240", "B245")
LINES_OF = ("B260",)
"""An adjustment changes what the year carried out."""
LINES_BESIDE = ("B240",)
"""Whatever changed what was paid: a difference to treasury is made of it."""
_ADJUSTMENT = "CarryForwardAdjusted"
_ADJUSTED = {"B240": "adjusted", "B250": "withdrawal_adjusted"}

COLUMNS: tuple[Column, ...] = (
    code("function", "功能科目", "Function"),
    text("fund", "资金", "Fund"),
    amount("paid", "台账支付", "Ledger paid"),
    amount("transfers", "转移支付(已下达盟市)", "Transfers (to leagues)"),
    standing("treasury", "国库支出", "Treasury"),
    standing("general", "总会计", "General account"),
    standing("final", "决算(按文号调整)", "Final (as adjusted)"),
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
        "总会计在台账之外,未提供,留空不表示为零;总会计支出含转移支付,与之核对的是台账支付与转移支付之和",
        "general account is outside the ledger and not given: empty does not mean zero; it counts transfers as spent, so what "
        "compares with it is paid and transfers together",
    ),
)
_NOT_COMPARED = Name(
    "国库支出、差异及其分解在台账之外,未提供,留空不表示为零",
    "treasury, the difference and what it is made of are outside the ledger and not given: empty does not mean zero",
)
_STRAY = Name("待查款项,尚无功能科目", "suspense: it has no function yet")


_COMPARED = ("treasury", "difference", *Reason)
"""Columns that are filled where treasury's statement was compared; then they add up."""


def _key(found: Account) -> Where:
    return Where(found.function, found.source or "")


def final_accounts(of: Grounds) -> Sheet:
    """By function and fund, with the year's adjustments to its final accounts."""
    held = summed(of.seen(), lambda found: (_key(found), found.code))
    lines = [
        line for line in of.seen_lines() if line.kind == _ADJUSTMENT and line.leg.account.fiscal_year == of.fiscal_year
    ]
    adjusted = _adjusted(lines)
    keys = {key for (key, account), fen in held.items() if fen and account in ACCOUNTS} | {key for key, _ in adjusted}
    booked = list(_booked(of)) if of.compared else []
    compared = placed(of.compared, booked) if of.compared and of.fund_level else None
    told = treasury_by(compared) if compared else {}
    found = pieces(compared, booked) if compared else []
    keys |= told.keys() | {piece.where for piece in found}
    rows = [_row(key, held, adjusted, lines) | _final(of, key, held, adjusted) for key in _in_order(keys)]
    if compared:
        rows = [row | _tied(key, row, told, found) for key, row in zip(_in_order(keys), rows, strict=True)]
    checks = [_carried(lines)] if of.fund_level else []
    return Sheet(
        "final-accounts",
        Name("决算对照表", "Final-accounts tie-out"),
        tuple(column._replace(summed=True) if compared and column.key in _COMPARED else column for column in COLUMNS),
        rows,
        _total(of, adjusted) | (_total_tied(of, told, found) if compared else {}),
        [*checks, _made(rows)] if compared else checks,
        of.scope(*SCOPE, _of_treasury(compared), _of_final(of)),
        of.number,
        of.recorded_at,
        of.fiscal_year,
        of.on,
        of.moment,
    )


def _in_order(keys: Iterable[Where]) -> list[Where]:
    return sorted(keys, key=lambda key: (key.function or "", key.fund))


def _of_treasury(compared: Sides | None) -> Name:
    """What treasury's column is, where it is."""
    if compared is None:
        return _NOT_COMPARED
    return Name(
        f"国库支出为 {compared.source} 截至 {compared.through} 的支付净额;差异为台账支付减国库支出,"
        "逐笔分解为时间、科目、口径、差错",
        f"treasury is what {compared.source} paid through {compared.through}, net of what came back; the difference is ledger less "
        "treasury, decomposed line by line into timing, class, basis and error",
    )


def _of_final(of: Grounds) -> Name:
    """Final accounts prevail, and come after the year's end: how far the ledger has followed them."""
    if not CLOSED_YEARS.get(of.book, of.fiscal_year):
        return Name(
            "年度未结账,台账尚未据决算调整,决算留空不表示为零",
            "the year is open: nothing was adjusted to final accounts yet",
        )
    return Name(
        "决算只列支付已按决算文号调整的,为调整后的台账支付;其余决算未提供,留空不表示为零",
        "final accounts stand where what was paid was adjusted to their document, as the ledger has it since; the others are not "
        "given: empty does not mean zero",
    )


def _booked(of: Grounds) -> Iterator[Booked]:
    """What makes up what was paid of the year."""
    for line in of.seen_lines():
        at = line.leg.account
        if at.code == "B240" and at.fiscal_year == of.fiscal_year:
            yield Booked(line.leg.corrects or line.recorded.number, _key(at), line.leg.amount)


def _tied(key: Where, row: Row, told: Mapping[Where, int], found: Iterable[Piece]) -> dict[str, Value]:
    """What treasury states, and what the difference is made of, with its movements named."""
    own = [piece for piece in found if piece.where == key]
    parts = {str(reason): sum(piece.fen for piece in own if piece.reason is reason) for reason in Reason}
    treasury = told.get(key, 0)
    said = note(own)
    return {
        "treasury": treasury,
        "difference": fen_of(row["paid"]) - treasury,
        **parts,
        "note": row["note"] if said is None else said,
    }


def _total_tied(of: Grounds, told: Mapping[Where, int], found: Iterable[Piece]) -> dict[str, Value]:
    paid = sum(fen for at, fen in of.seen() if at.code == "B240")
    parts: dict[str, int] = dict.fromkeys(map(str, Reason), 0)
    for piece in found:
        parts[piece.reason] += piece.fen
    treasury = sum(told.values())
    return {"treasury": treasury, "difference": paid - treasury, **parts}


def _made(rows: Iterable[Row]) -> Check:
    """A difference is all made of movements; what is not would stand here, row by row."""
    off = sum(abs(fen_of(row["difference"]) - sum(fen_of(row[reason]) for reason in Reason)) for row in rows)
    zh, en = "校验:差异减其分解(绝对值之和)", "Check: differences less what they are made of (absolute)"
    return Check(Name(zh, en), {"difference": off})


def _adjusted(lines: Iterable[Line]) -> dict[tuple[Where, str], int]:
    """What adjustments changed of what was paid and withdrawn, in fen; less where more is carried."""
    sums: dict[tuple[Where, str], int] = defaultdict(int)
    for line in lines:
        if line.leg.account.code in _ADJUSTED:
            sums[_key(line.leg.account), line.leg.account.code] += line.leg.amount
    return sums


def _row(
    key: Where, held: Mapping[tuple[Where, str], int], adjusted: Mapping[tuple[Where, str], int], lines: Iterable[Line]
) -> dict[str, Value]:
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


def _final(
    of: Grounds, key: Where, held: Mapping[tuple[Where, str], int], adjusted: Mapping[tuple[Where, str], int]
) -> dict[str, Value]:
    """Of all specials together: one of them alone has no final accounts."""
    known = of.fund_level and (key, "B240") in adjusted
    return {"final": held.get((key, "B240"), 0)} if known else {}


def _joined(words: Iterable[str | None]) -> str | None:
    return ", ".join(dict.fromkeys(word for word in words if word)) or None


def _total(of: Grounds, adjusted: Mapping[tuple[Where, str], int]) -> dict[str, Value]:
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
