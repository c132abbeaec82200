"""Sheet 5, reconciliation 对账单 and the statement that brings both balances together 余额调节表: case by case. Pure.

Amounts are what each line moved, in fen, of lines dated by the last day that is compared; so both sides add up to their balances.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime

from ledger.domain.catalogue import ROLES, Name
from ledger.domain.reconciliation import CAUSES, SETTLED, STATEMENT_KINDS, STATUSES, Status, statuses
from ledger.reconciliation.case import Case
from ledger.reconciliation.line import Line
from ledger.reconciliation.owners import owner
from ledger.reconciliation.parting import Column as SideOfStatement
from ledger.reconciliation.parting import Foot, foot
from ledger.reconciliation.rules import RULE_NAMES
from ledger.reports.grounds import Grounds
from ledger.reports.sheet import Check, Row, Sheet, Value, amount, code, day, standing, text
from ledger.reports.sheet import Column as SheetColumn
from ledger.reports.sides import LEDGER, SIDES, Sides

NAME = Name("对账单", "Reconciliation")
CASES, STATEMENT = Name("逐项核对", "Case by case"), Name("余额调节表", "Statement of both balances")
COLUMNS: tuple[SheetColumn, ...] = (
    text("part", "部分", "Part"),
    code("application", "申请号", "Application"),
    code("voucher", "凭证号", "Payment voucher"),
    code("detail", "明细号", "Detail"),
    *(day(f"{side}_day", f"{name.zh}日期", f"{name.en} date") for side, name in SIDES.items()),
    text("payee", "收款人", "Payee"),
    code("account", "账号", "Account"),
    standing("told", "所报金额", "Amount told"),
    *(amount(side, *name) for side, name in SIDES.items()),
    amount("difference", "差额", "Difference"),
    text("status", "状态", "Status"),
    text("cause", "原因", "Cause"),
    text("rule", "规则", "Rule"),
    SheetColumn("age", Name("账龄(天)", "Age (days)"), "count"),
    text("owner", "责任人", "Owner"),
    text("resolved", "处理凭证/说明", "Resolved by"),
    text("side", "方", "Side"),
    standing("balance", "余额", "Balance"),
    standing("add", "加:对方已增我方未增", "Add: the other side's, not ours yet"),
    standing("less", "减:对方已减我方未减", "Less: the other side's, not ours yet"),
    standing("adjusted", "调节后余额", "Adjusted"),
)


def reconciled(of: Grounds) -> Sheet:
    """The sheet of the source that was asked for; ages by the business date of the moment."""
    assert of.compared is not None
    return reconciliation(of.compared, of.on, of.number, of.recorded_at)


def reconciliation(of: Sides, on: date, number: int, recorded_at: datetime) -> Sheet:
    """Cases by age, the open ones first, then the statement. ``on``: the day by which their age is reckoned."""
    lines = _by_key(of.ours, of.through), _by_key(of.theirs, of.through)
    told = {line.key: line for line in of.ours}, {line.key: line for line in of.theirs}
    rows = [*_with_ledger(of, [_row(of, at, case, lines, told, on) for at, case in enumerate(of.cases)], on)]
    rows.sort(key=lambda row: -1 if row["age"] is None else int(str(row["age"])), reverse=True)
    stands = foot(of.ours, of.theirs, of.cases, of.through, of.opening)
    total = {side: sum(line.moved for line in found.values()) for side, found in zip(of.sides, lines, strict=True)}
    total["difference"] = total[of.sides[0]] - total[of.sides[1]]
    if of.beyond:
        total[LEDGER] = sum(line.moved for line in of.booked if line.day <= of.through)
    return Sheet(
        "reconciliation",
        NAME,
        COLUMNS,
        [*rows, *_statement(of, stands)],
        total,
        [_check(of, stands)],
        _scope(of),
        number,
        recorded_at,
        None,
        on,
    )


def _scope(of: Sides) -> list[Name]:
    ours, kind = SIDES[of.our_side], STATEMENT_KINDS[of.kind]
    return [
        Name(
            f"{ours.zh}与{kind.zh}({of.source}),截至 {of.through};金额为各方截至该日的发生额,支出为正、收回为负",
            f"{ours.en.lower()} beside {kind.en.lower()} ({of.source}), through {of.through}; amounts are what each side moved by "
            "then, paid out plus, come back minus",
        ),
        Name(
            "未达账项加在尚未入账的一方;未说明的差额两方都不加,单列一行",
            "what is in transit is added to the side that has not got it yet; what nobody explains is added to neither and stands "
            "by itself",
        ),
    ]


def _by_key(lines: Iterable[Line], through: date) -> dict[int, Line]:
    return {line.key: line for line in lines if line.day <= through}


_Lines = tuple[dict[int, Line], dict[int, Line]]


def _row(of: Sides, at: int, case: Case, lines: _Lines, told: _Lines, on: date) -> dict[str, Value]:
    mine = [told[0][key] for key in case.ours if key in told[0]]  # one that comes later is not there yet
    other = [told[1][key] for key in case.theirs if key in told[1]]
    moved = [sum(side[key].moved for key in keys if key in side) for side, keys in zip(lines, _keys(case), strict=True)]
    our_day, their_day = (min((line.day for line in side), default=None) for side in (mine, other))
    names = statuses(of.our_side if of.our_side != LEDGER else None)
    return _told_of(case, names, [*mine, *other], mine or other, on) | {
        f"{of.sides[0]}_day": our_day,
        f"{of.sides[1]}_day": their_day,
        "account": of.accounts.get(at),
        of.sides[0]: moved[0],
        of.sides[1]: moved[1],
        "difference": moved[0] - moved[1],
        "resolved": of.resolved.get(at),
    }


def _told_of(
    case: Case, names: Mapping[Status, Name], lines: Sequence[Line], of: Sequence[Line], on: date
) -> dict[str, Value]:
    """What a case is about, by its lines, and what is to be done; ``of``: those whose amount it is."""
    acts = owner(case)
    return {
        "part": CASES,
        **{name: _joined(getattr(line, name) for line in lines) for name in ("application", "voucher", "detail")},
        "payee": _joined(line.payee for line in lines),
        "told": sum(line.amount for line in of),
        "status": names[case.status],
        "cause": CAUSES[case.cause] if case.cause else None,
        "rule": RULE_NAMES[case.rule],
        "age": _age(case, lines, on),
        "owner": ROLES[acts] if acts else None,
    }


def _with_ledger(of: Sides, rows: Iterable[dict[str, Value]], on: date) -> Iterator[Row]:
    """Rows of treasury and bank, each with what the ledger has of it; then what the ledger alone has. Each line counts once."""
    booked = {line.key: line for line in of.booked}
    case_of = {key: case for case in of.beyond for key in case.theirs}
    seen: set[int] = set()
    for row, case in zip(rows, of.cases, strict=True):
        found = {id(case_of[key]): case_of[key] for key in case.ours if key in case_of}
        lines = [booked[key] for one in found.values() if id(one) not in seen for key in one.ours if key in booked]
        seen |= found.keys()
        yield row | _booked(of, lines) if lines else row
    for one in of.beyond:
        lines = [booked[key] for key in one.ours if key in booked]
        if lines and id(one) not in seen:
            yield _told_of(one, STATUSES, lines, lines, on) | _booked(of, lines)


def _booked(of: Sides, lines: Sequence[Line]) -> dict[str, Value]:
    moved = sum(line.moved for line in lines if line.day <= of.through)
    return {f"{LEDGER}_day": min(line.day for line in lines), LEDGER: moved}


def _keys(case: Case) -> tuple[tuple[int, ...], tuple[int, ...]]:
    return case.ours, case.theirs


def _joined(words: Iterable[str]) -> str | None:
    return "; ".join(dict.fromkeys(word for word in words if word)) or None


def _age(case: Case, lines: Sequence[Line], on: date) -> int | None:
    """Days since the earliest line of what is still open."""
    since = min((line.day for line in lines), default=on)
    return None if case.status in SETTLED else max(0, (on - since).days)


def _statement(of: Sides, stands: Foot) -> list[Row]:
    """Both sides, each with what it lacks; and what nobody has explained."""
    both = zip(of.sides, (stands.ours, stands.theirs), strict=True)
    rest = Name("未说明差额(两方调节后之差)", "Unexplained: adjusted, less adjusted")
    return [
        *({"part": STATEMENT, "side": SIDES[side], **_figures(column)} for side, column in both),
        {"part": STATEMENT, "side": rest, "adjusted": stands.rest},
    ]


def _figures(column: SideOfStatement) -> dict[str, Value]:
    return {"balance": column.balance, "add": column.add, "less": column.less, "adjusted": column.adjusted}


def _check(of: Sides, stands: Foot) -> Check:
    """What the adjusted balances differ by is made of cases, and of what the opening balances differed by: never a plug."""
    made = sum(fen for _, fen in stands.unexplained) + of.opening[0] - of.opening[1]
    zh, en = "校验:未说明差额减各未说明事项", "Check: unexplained less the cases that make it"
    return Check(Name(zh, en), {"difference": stands.rest - made})
