"""Sheet 1, quota account 指标账: every movement of quota in the order of the log, with what stands after it."""

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from ledger.domain.accounts import SUPPLY, USE, Account
from ledger.domain.appropriation import AppropriationReceived
from ledger.domain.catalogue import Name, source_name
from ledger.domain.consolidation import OpeningBalanceImported
from ledger.domain.movement import MOVEMENTS
from ledger.projections.held import Line
from ledger.reports.grounds import Grounds
from ledger.reports.sheet import Check, Column, Sheet, Value, amount, code, day, standing, sum_of, text

LINES_OF = ("B100", "B101", "B105", "B106", "B200", "B250", "B260")
ACCOUNTS = (*SUPPLY, *USE)
COLUMNS: tuple[Column, ...] = (
    code("voucher", "凭证号", "Voucher no."),
    code("number", "编号", "No."),
    day("date", "日期", "Date"),
    text("document", "文号", "Document"),
    code("batch", "批次", "Batch"),
    text("origin", "来源", "Origin"),
    text("fund", "资金", "Fund"),
    code("vintage", "指标年度", "Vintage"),
    code("special", "专项", "Special"),
    code("function", "功能科目", "Function"),
    text("description", "摘要", "Description"),
    amount("increase", "增加", "Increase"),
    amount("decrease", "减少", "Decrease"),
    standing("quota", "指标余额", "Quota balance"),
    standing("allocated", "已分配", "Allocated"),
    standing("unallocated", "待分配", "Unallocated"),
    code("corrects", "更正", "Corrects"),
)
SCOPE = Name(
    "指标余额 = 指标数 + 结转转入 + 调剂净额 + 整合净额 − 收回 − 结转转出,按资金逐笔结出;已分配 = 指标余额 − 待分配;"
    "分配到专项不改变指标余额。按专项查询的为该专项的指标",
    "quota balance = appropriated + carried in + reallocated + consolidated − withdrawn − carried out, running by fund; "
    "allocated = balance − unallocated; allocating to a special leaves the balance as it is. Of a special: its own quota",
)
_QUOTA = frozenset({"B100", "B101", "B105", "B106"})
_GONE = frozenset({"B250", "B260"})

FIRST, ADDED = Name("年初", "Opening of the year"), Name("追加", "Added")
_CARRIED, _VIREMENT, _CONSOLIDATED = Name("结转", "Carried in"), Name("调剂", "Virement"), Name("整合", "Consolidated")
_ALLOCATED = Name("分配", "Allocated")
_RECOVERED = Name("回收", "Come back")
_ORIGINS = {
    "AppropriationReduced": Name("追减", "Reduced"),
    "BalanceCarriedForward": _CARRIED,
    "CarryForwardAdjusted": _CARRIED,
    "FundsReallocatedWithinFund": _VIREMENT,
    "FundsReallocatedBetweenFunds": _VIREMENT,
    "PredecessorFundConsolidated": _CONSOLIDATED,
    "SpecialMerged": _CONSOLIDATED,
    "FundsAllocated": _ALLOCATED,
    "AllocationWithdrawn": _ALLOCATED,
    "FundsWithdrawnToTreasury": Name("收回", "Withdrawn"),
    "RepaymentReceived": _RECOVERED,
    "RecoveryReceived": _RECOVERED,
    "PaymentRefunded": _RECOVERED,
}


class _Key(NamedTuple):
    """One row: a movement, what of it a correction corrects, and whose quota it changes."""

    source: str
    number: int
    corrects: int
    vintage: int
    special: str


class _Change:
    """What a row changes, in fen, and the lines that say so."""

    def __init__(self) -> None:
        self.quota = 0
        self.unallocated = 0
        self.lines: list[Line] = []


class _Documents(NamedTuple):
    """By which documents quota arrived: number → document, and fund → the first of the year, which is its opening."""

    of: dict[int, str | None]
    first: dict[str, str | None]

    def said(self, line: Line) -> str | None:
        """The document of a line; of a correction that of what it corrects."""
        document = line.recorded.movement.document
        return self.of.get(line.leg.corrects) if line.leg.corrects in self.of else document.number if document else None

    def opened(self, line: Line) -> bool:
        return self.first.get(line.leg.account.source or "") == self.said(line)


def quota(of: Grounds) -> Sheet:
    """Of the funds, or of the specials asked for or seen."""
    rows: list[dict[str, Value]] = []
    standing_at: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    documents = _documents(of)
    for key, change in sorted(_changes(of).items()):
        if not (change.quota or change.unallocated):
            continue
        running = standing_at[key.source]
        running[0] += change.quota
        running[1] += change.unallocated
        rows.append(_row(of, key, change, running, documents))
    stand, free = _stands(of)
    differences = {
        "quota": sum(abs(running[0] - stand.pop(source, 0)) for source, running in standing_at.items()),
        "unallocated": sum(abs(running[1] - free.pop(source, 0)) for source, running in standing_at.items()),
    }
    differences["quota"] += sum(map(abs, stand.values()))
    differences["unallocated"] += sum(map(abs, free.values()))
    check = Check(Name("校验:结出余额减账户余额(绝对值之和)", "Check: running less accounts (absolute)"), differences)
    whole, unallocated = (
        sum(running[0] for running in standing_at.values()),
        sum(running[1] for running in standing_at.values()),
    )
    total: dict[str, Value] = {
        "increase": sum_of(rows, "increase"),
        "decrease": sum_of(rows, "decrease"),
        "quota": whole,
        "allocated": whole - unallocated,
        "unallocated": unallocated if of.fund_level else None,
    }
    return of.sheet("quota", Name("指标账", "Quota account"), COLUMNS, rows, total, [check], SCOPE)


def _part(of: Grounds, found: Account) -> int:
    """+1 where more of an account is more quota, −1 where it is less, 0 where it says nothing of it."""
    if of.fund_level:
        return (found.code in _QUOTA) - (found.code in _GONE)
    return int(found.code in USE and found.code not in _GONE)


def _changes(of: Grounds) -> dict[_Key, _Change]:
    changes: dict[_Key, _Change] = defaultdict(_Change)
    for line in of.seen_lines():
        found, corrects = line.leg.account, line.leg.corrects or 0
        if found.fiscal_year != of.fiscal_year or found.code == "X900":
            continue
        special = "" if of.fund_level else found.special or ""
        change = changes[_Key(found.source or "", line.recorded.number, corrects, found.vintage or 0, special)]
        change.quota += _part(of, found) * line.leg.amount
        change.unallocated += line.leg.amount if found.code == "B200" else 0
        change.lines.append(line)
    return changes


def _stands(of: Grounds) -> tuple[dict[str, int], dict[str, int]]:
    """What the accounts say of each fund: its quota, and what of it is unallocated."""
    whole: dict[str, int] = defaultdict(int)
    free: dict[str, int] = defaultdict(int)
    for found, fen in of.seen():
        whole[found.source or ""] += _part(of, found) * fen
        free[found.source or ""] += fen if found.code == "B200" else 0
    return whole, free


def _row(of: Grounds, key: _Key, change: _Change, running: list[int], documents: _Documents) -> dict[str, Value]:
    line = change.lines[0]
    movement = line.recorded.movement
    specials = list(_distinct(one.leg.account.special for one in change.lines))
    functions = list(_distinct(one.leg.account.function for one in change.lines))
    return {
        "voucher": str(line.recorded.voucher) if line.recorded.voucher else None,
        "number": str(line.recorded.number),
        "date": line.leg.effective_on,
        "document": documents.said(line),
        "batch": getattr(movement, "batch_no", None),
        "origin": _origin(line, documents),
        "fund": source_name(key.source),
        "vintage": str(key.vintage),
        "special": _named(specials),
        "function": functions[0] if len(functions) == 1 else None,
        "description": MOVEMENTS[line.kind].label,
        "increase": max(change.quota, 0) or None,
        "decrease": max(-change.quota, 0) or None,
        "quota": running[0],
        "allocated": running[0] - running[1],
        "unallocated": running[1] if of.fund_level else None,
        "corrects": str(key.corrects) if key.corrects else None,
    }


def _named(specials: list[str]) -> str | None:
    return (" ".join(specials) if len(specials) <= 2 else f"{len(specials)} 个专项 specials") or None


def _distinct(values: Iterator[str | None]) -> Iterator[str]:
    return (value for value in dict.fromkeys(values) if value)


def _documents(of: Grounds) -> _Documents:
    found = _Documents({}, {})
    for line in of.seen_lines():
        movement = line.recorded.movement
        if isinstance(movement, AppropriationReceived) and line.leg.account.fiscal_year == of.fiscal_year:
            number = movement.document.number if movement.document else None
            found.of[line.recorded.number] = number
            found.first.setdefault(line.leg.account.source or "", number)
    return found


def _origin(line: Line, documents: _Documents) -> Name:
    movement = line.recorded.movement
    if isinstance(movement, OpeningBalanceImported):
        return _CARRIED if movement.carried_in else FIRST
    if line.kind == "AppropriationReceived":
        return FIRST if documents.opened(line) else ADDED
    return _ORIGINS.get(line.kind, MOVEMENTS[line.kind].label)
