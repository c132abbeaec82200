"""Sheet 6, carry-over and surplus 结转结余表: what a year leaves, place by place, how old it is, and what becomes of it.

What was carried says how it was called; what still stands is called by the rules in force on the year's last day [P].
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from ledger.domain.accounts import SUPPLY, USE, Account
from ledger.domain.book import Book
from ledger.domain.catalogue import Name, source_name
from ledger.domain.correction import EntryCorrected
from ledger.domain.party import PARTIES
from ledger.domain.project import PROJECTS
from ledger.domain.refusals import Refusal
from ledger.domain.yearend import BalanceCarriedForward, Called, age_of, lapses_by, treatment_of
from ledger.projections.held import Line
from ledger.reports.execution import origin
from ledger.reports.grounds import Grounds, summed, voucher_of
from ledger.reports.sheet import Check, Column, Row, Sheet, Value, amount, code, sum_of, text

LEFT = ("B200", "B210", "B220", "B230")
ACCOUNTS = (*SUPPLY, *USE)
LINES_OF = ("B101", "B250", "B260")
OLD = 2
"""Years of age from which money is flagged."""

COLUMNS: tuple[Column, ...] = (
    text("fund", "资金", "Fund"),
    Column("vintage", Name("指标年度", "Vintage"), "count"),
    code("special", "专项", "Special"),
    code("project", "项目", "Project"),
    text("title", "项目名称", "Title"),
    text("undertaker", "承担单位", "Undertaker"),
    code("function", "功能科目", "Function"),
    amount("opening", "上年结转", "Opening"),
    amount("quota", "本年指标(净额)", "Quota (net)"),
    amount("suspense", "待查款项", "Suspense"),
    amount("paid", "支付", "Paid"),
    amount("to_leagues", "已下达盟市", "To leagues"),
    amount("withdrawn", "收回", "Withdrawn"),
    amount("closing", "年末余额", "Closing"),
    amount("carry", "结转", "Carry-over"),
    amount("surplus", "结余", "Surplus"),
    amount("lapsing", "拟收回", "To be withdrawn"),
    amount("undecided", "待定", "Undecided"),
    Column("age", Name("年数", "Age"), "count"),
    text("old", "满两年", "Two years old"),
    text("reason", "原因", "Reason"),
    text("proposal", "处理意见", "Proposal"),
    code("carried_by", "结转凭证号", "Carried by voucher"),
    text("withdrawal", "收回文号", "Withdrawal document"),
)
SCOPE = Name(
    "年末余额为结转前余额(已结转的加回),年度未终了的为该时点余额;本年指标含分配、安排、调剂、整合,为净额;"
    "年数自指标年度起算,当年为一年;记录时的理由按凭证号另行查阅",
    "closing is what stood before it was carried, before the year's end what stands now; quota is net of what was allocated, "
    "committed, reallocated and consolidated; age counts the vintage's own year; reasons as recorded are read by voucher",
)
_FATES: dict[str, tuple[Name, Name]] = {
    "carry": (Name("结转", "carried over"), Name("拟结转", "to be carried over")),
    "surplus": (Name("列为结余", "surplus, carried"), Name("拟列结余", "surplus, to be carried")),
    "lapsing": (Name("", ""), Name("拟收回", "to be withdrawn")),
    "undecided": (Name("", ""), Name("待定:须设定参数", "undecided: a parameter is missing")),
}
_FATE_OF: dict[Called, str] = {"CARRY_OVER": "carry", "SURPLUS": "surplus"}


class _Place(NamedTuple):
    fund: str
    vintage: int
    special: str | None
    project: str | None
    function: str | None


def _place(found: Account) -> _Place:
    return _Place(found.source or "", found.vintage or 0, found.special, found.project, found.function)


def carry_over(of: Grounds) -> Sheet:
    """Every place that the year's money stood at, for whoever sees it."""
    held = summed(of.seen(), lambda found: (_place(found), found.code))
    lines = [line for line in of.seen_lines() if line.leg.account.fiscal_year == of.fiscal_year]
    opened, carried = _opened(lines), _carried(lines)
    numbers, documents = _numbers(lines), _documents(lines)
    places = {place for (place, account), fen in held.items() if fen and account not in SUPPLY[:-1]} | opened.keys()
    rows: list[Row] = []
    for place in sorted(places, key=lambda place: tuple(map(str, place))):
        figures = {account: held.get((place, account), 0) for account in ACCOUNTS}
        fates = _fates(of, place, figures, carried.get(place, {}))
        named = {"carried_by": numbers.get(place), "withdrawal": documents.get(place)}
        rows.append(_named(of.book, place) | _figures(figures, opened.get(place, 0)) | _told(of, place, fates) | named)
    return Sheet(
        "carry-over",
        Name("结转结余表", "Carry-over and surplus"),
        COLUMNS,
        rows,
        _total(of, rows),
        [_called(rows), *([_supplied(of, opened)] if of.fund_level else [])],
        of.scope(SCOPE),
        of.number,
        of.recorded_at,
        of.fiscal_year,
        of.on,
        of.moment,
    )


def _named(book: Book, place: _Place) -> dict[str, Value]:
    project = PROJECTS.get(book, place.project or "")
    undertaker = PARTIES.get(book, project.undertaker) if project else None
    return {
        "fund": source_name(place.fund),
        "vintage": place.vintage,
        "special": place.special,
        "project": place.project,
        "title": project.title if project else None,
        "undertaker": undertaker.names[-1][1] if undertaker else None,
        "function": place.function,
    }


def _figures(held: Mapping[str, int], opening: int) -> dict[str, Value]:
    """What came and went, in fen; quota is whatever came that was not carried in, and no suspense."""
    return {
        "opening": opening,
        "quota": sum(held[use] for use in USE) - held["X900"] - opening,
        "suspense": held["X900"],
        "paid": held["B240"],
        "to_leagues": held["B245"],
        "withdrawn": held["B250"],
        "closing": sum(held[account] for account in (*LEFT, "B260")),
    }


# -- what was carried in and out


def _opened(lines: Iterable[Line]) -> dict[_Place, int]:
    """What the year before left at each place; the half of it that belongs to the year before is dated in December."""
    sums: dict[_Place, int] = defaultdict(int)
    for line in lines:
        out = line.kind != "OpeningBalanceImported" and line.leg.effective_on.month != 1
        if line.leg.account.code in USE and origin(line) == "carried_in" and not out:
            sums[_place(line.leg.account)] += line.leg.amount
    return sums


def _carried(lines: Iterable[Line]) -> dict[_Place, dict[Called | None, int]]:
    """What was carried out of each place, by how it was called; None: the final accounts said so, under no name."""
    sums: dict[_Place, dict[Called | None, int]] = defaultdict(lambda: defaultdict(int))
    called: dict[int, Called] = {}
    for line in lines:
        if line.leg.account.code == "B260":
            sums[_place(line.leg.account)][_called_as(line, called)] += line.leg.amount
    return sums


def _called_as(line: Line, called: dict[int, Called]) -> Called | None:
    """As it was called when it was recorded; a correction takes back what it was called before and calls it anew."""
    movement, corrects = line.recorded.movement, line.leg.corrects
    if isinstance(movement, BalanceCarriedForward):
        called[line.recorded.number] = movement.treatment
        return movement.treatment
    if isinstance(movement, EntryCorrected) and corrects is not None:
        new = next((one.replacement for one in movement.lines if one.number == corrects), None)
        if line.leg.amount > 0 and isinstance(new, BalanceCarriedForward):
            called[corrects] = new.treatment
        return called.get(corrects)
    return None


def _numbers(lines: Iterable[Line]) -> dict[_Place, str]:
    carried_out = (line for line in lines if line.leg.account.code == "B260")
    return _joined((_place(line.leg.account), voucher_of(line.recorded) or "") for line in carried_out)


def _documents(lines: Iterable[Line]) -> dict[_Place, str]:
    return _joined(
        (_place(line.leg.account), document.number)
        for line in lines
        if line.leg.account.code == "B250" and (document := line.recorded.movement.document)
    )


def _joined(found: Iterable[tuple[_Place, str]]) -> dict[_Place, str]:
    words: dict[_Place, dict[str, None]] = defaultdict(dict)
    for place, word in found:
        words[place][word] = None
    return {place: ", ".join(said) for place, said in words.items()}


# -- what becomes of it


class _Fates(NamedTuple):
    done: Mapping[str, int]
    ahead: Mapping[str, int]
    why: Name | None


def _fates(of: Grounds, place: _Place, held: Mapping[str, int], carried: Mapping[Called | None, int]) -> _Fates:
    """What was carried, what is to become of what still stands, and why; why it was carried is kept with its voucher."""
    usual, why = _usual(of, place) if any(held[account] for account in LEFT) else ("", None)
    done: dict[str, int] = defaultdict(int)
    for called, fen in carried.items():
        done[_FATE_OF[called] if called else "carry"] += fen
    ahead: dict[str, int] = defaultdict(int)
    for account in (account for account in LEFT if held[account]):
        if rule := lapses_by(of.book, account, place.fund, of.fiscal_year):
            why = Name(f"依据{rule.document}不得结转", f"may not be carried, by {rule.document}")
            ahead["lapsing"] += held[account]
        else:
            ahead[usual] += held[account]
    return _Fates(done, ahead, why)


def _usual(of: Grounds, place: _Place) -> tuple[str, Name]:
    """How money of a place is called at the year's end, and why."""
    year, age = of.fiscal_year, age_of(place.vintage, of.fiscal_year)
    try:
        called, rule = treatment_of(of.book, place.fund, place.vintage, year)
    except Refusal:
        return "undecided", Name(
            f"已满{age}年,未设定满几年为结余", f"{age} years old; nothing says from when it is surplus"
        )
    if rule is None:
        return _FATE_OF[called], Name("本年指标未用完", "the year's own quota, not used up")
    zh, en = f"已满{age}年,依据{rule.document}", f"{age} years old, by {rule.document}"
    return _FATE_OF[called], Name(f"{zh}(满{rule.value}年为结余)", f"{en} (surplus from {rule.value} years)")


def _told(of: Grounds, place: _Place, fates: _Fates) -> dict[str, Value]:
    age = age_of(place.vintage, of.fiscal_year)
    left: dict[str, Value] = {fate: fates.done.get(fate, 0) + fates.ahead.get(fate, 0) for fate in _FATES}
    said = [_FATES[fate][0] for fate, fen in fates.done.items() if fen]
    said += [_FATES[fate][1] for fate, fen in fates.ahead.items() if fen]
    words = Name("、".join(one.zh for one in said), ", ".join(one.en for one in said))
    old = age >= OLD and any(left.values())
    return left | {
        "age": age,
        "old": Name("是", "yes") if old else None,
        "reason": fates.why,
        "proposal": words if said else None,
    }


# -- totals and what must be zero


def _total(of: Grounds, rows: Iterable[Row]) -> Row:
    """What the accounts hold; opening and quota by the accounts of supply, for whoever sees all of a fund."""
    rows = list(rows)
    held = summed(of.seen(), lambda found: found.code)
    total: dict[str, Value] = {column.key: sum_of(rows, column.key) for column in COLUMNS if column.summed}
    total |= {name: held.get(account, 0) for name, account in _HELD.items()}
    total["closing"] = sum(held.get(account, 0) for account in (*LEFT, "B260"))
    if of.fund_level:
        total["opening"] = held.get("B101", 0)
        total["quota"] = sum(held.get(account, 0) for account in ("B100", "B105", "B106"))
    return total


_HELD = {"paid": "B240", "to_leagues": "B245", "withdrawn": "B250"}


def _called(rows: Iterable[Row]) -> Check:
    off = sum(abs(sum_of([row], "closing") - sum(sum_of([row], fate) for fate in _FATES)) for row in rows)
    name = Name(
        "校验:逐行年末余额减各处理合计(绝对值之和)", "Check: closing less what becomes of it, row by row (absolute)"
    )
    return Check(name, {"closing": off})


def _supplied(of: Grounds, opened: Mapping[_Place, int]) -> Check:
    """By fund and vintage: what the places opened with is what was carried in."""
    off: dict[tuple[str, int], int] = defaultdict(int)
    for place, fen in opened.items():
        off[place.fund, place.vintage] += fen
    for found, fen in of.seen():
        if found.code == "B101":
            off[found.source or "", found.vintage or 0] -= fen
    zh = "校验:上年结转减结转转入(按资金、指标年度,绝对值之和)"
    en = "Check: opening less carried in, by fund and vintage (absolute)"
    return Check(Name(zh, en), {"opening": sum(map(abs, off.values()))})
