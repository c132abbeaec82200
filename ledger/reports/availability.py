"""Sheet 12, availability on one page 可用额度一页纸: what each special may still commit, what waits for it, and why no more."""

from collections import defaultdict

from ledger.domain.accounts import USE
from ledger.domain.catalogue import Name
from ledger.domain.money import grouped_yuan
from ledger.domain.special import ACTIVE
from ledger.projections.balances import UNASSIGNED
from ledger.reports.execution import COMMITTED
from ledger.reports.grounds import Grounds, summed
from ledger.reports.sheet import Sheet, Value, amount, code, day, sum_of, text
from ledger.reports.waiting import CALLS, Waiting, waiting

BY_ACCOUNT = ("B220", "P200", "F200", "M100", "M110")
"""What waits, and for what, is said project by project; of the others there are ten times as many."""
ACCOUNTS = ("X900", *USE, *BY_ACCOUNT[1:])
COLUMNS = (
    code("special", "专项代码", "Special"),
    text("name", "专项", "Name"),
    amount("adjusted", "调整后指标", "Adjusted"),
    amount("committed", "已安排", "Committed"),
    amount("available", "可用", "Available"),
    amount("reserved", "预留", "Reserved"),
    amount("net", "净可用", "Net"),
    amount("pending", "待批", "Pending"),
    amount("future", "以后年度承诺", "Later years"),
    amount("due_soon", "90 天内应拨", "Due in 90 days"),
    amount("gates_open", "条件未达", "Gates open"),
    amount("late_match", "匹配逾期", "Late matching"),
    amount("queue", "后补助排队", "Post-subsidy queue"),
    amount("race_pool", "赛马余额", "Race pool"),
    text("why", "不可用原因", "Why no more"),
)
SCOPE = Name(
    "预留仅含未到期的;待批为未办结提案将动用的可用额度;应拨含已逾期未拨的;排队按核实日的比例和上限计算,未设参数的按核定支出;"
    "赛马余额为赛马项目已安排未拨付的",
    "reserved: calls that have not expired; pending: what open proposals would take from what is available; due includes what is "
    "overdue; the queue is by rate and cap of the day of verification, by eligible expense where none is set; race pool: "
    "what races have committed and not ordered",
)
_PARTS = ("pending", "future", "due_soon", "gates_open", "late_match", "queue", "race_pool")


def availability(of: Grounds) -> Sheet:
    """By special, as of the business date of the moment."""
    specials = of.specials()
    seen = list(of.seen())
    held = summed(seen, lambda found: (found.special, found.code))
    parts: dict[str, dict[str | None, int]] = {part: defaultdict(int) for part in ("reserved", *_PARTS, "unpaid")}
    calls: dict[str | None, list[Waiting]] = defaultdict(list)
    for one in waiting(of, seen):
        for part, fen in one.amounts.items():
            parts[part][one.special] += fen
        if one.part is CALLS:
            calls[one.special].append(one)
    names: dict[str | None, Name] = {special: state.name for special, state in specials.items()}
    names |= {None: UNASSIGNED} if of.fund_level else {}
    rows = []
    for where, called in names.items():
        uses = {use: held.get((where, use), 0) for use in USE}
        suspense = held.get((None, "X900"), 0) if where is None else 0
        free, kept = uses["B210"], parts["reserved"][where]
        row: dict[str, Value] = {
            "special": where,
            "name": called,
            "adjusted": sum(uses.values()) - suspense,
            "committed": sum(uses[use] for use in COMMITTED) - suspense,
            "available": free,
            "reserved": kept,
            "net": free - kept,
            **{part: parts[part][where] for part in _PARTS},
            "why": None if where is None else _why(of, where, free, calls[where]),
        }
        rows.append(row)
    whole: dict[str, int] = defaultdict(int)
    for (_, account), fen in held.items():
        whole[account] += fen
    total: dict[str, Value] = {
        "adjusted": sum(whole.get(use, 0) for use in USE) - whole.get("X900", 0),
        "committed": sum(whole.get(use, 0) for use in COMMITTED) - whole.get("X900", 0),
        "available": whole.get("B210", 0),
        "reserved": sum_of(rows, "reserved"),
        "net": whole.get("B210", 0) - sum_of(rows, "reserved"),
        **{part: sum(parts[part].values()) for part in _PARTS},
    }
    name = Name("可用额度一页纸", "Availability on one page")
    return of.sheet("availability", name, COLUMNS, rows, total, [], SCOPE)


def _why(of: Grounds, special: str, free: int, calls: list[Waiting]) -> Name | None:
    """What stands between a special and its money, and until when."""
    said = []
    if of.specials()[special].status_on(of.on) != ACTIVE:
        said.append(Name("专项不接受新安排", "takes no new commitments"))
    for call in calls:
        money, bound = grouped_yuan(call.amounts["reserved"]), call.why
        zh = f"{call.ref} 预留 {money} 元至 {call.until}({bound.zh})"
        said.append(Name(zh, f"{call.ref} reserves {money} until {call.until} ({bound.en})"))
    if not free:
        said.append(Name("可用为零,须先分配或调剂", "nothing is available: allocate or reallocate first"))
    return Name(";".join(one.zh for one in said), "; ".join(one.en for one in said)) if said else None


# -- the same, line by line

_SAME = {column.key: column for column in COLUMNS}
LINES = Name("可用额度明细", "Availability, line by line")
LINE_COLUMNS = (
    text("part", "部分", "Part"),
    code("special", "专项代码", "Special"),
    code("project", "项目", "Project"),
    code("ref", "所指", "Reference"),
    day("until", "到期或应付日", "Expires or due"),
    text("why", "状态", "Standing"),
    _SAME["reserved"],
    _SAME["pending"],
    amount("unpaid", "已安排未拨付", "Committed, not ordered"),
    *(_SAME[key] for key in ("due_soon", "gates_open", "race_pool", "late_match", "queue", "future")),
)


def availability_lines(of: Grounds) -> Sheet:
    """Every line that sheet 12 sums, and every instalment that is not ordered, by its due day."""
    seen = list(of.seen())
    rows = [
        {
            "part": one.part,
            "special": one.special,
            "project": one.project,
            "ref": one.ref,
            "until": one.until,
            "why": one.why,
            **{column: fen for column, fen in one.amounts.items() if fen},
        }
        for one in waiting(of, seen)
    ]
    whole = summed(seen, lambda found: found.code)
    total: dict[str, Value] = {key: sum_of(rows, key) for key in ("reserved", *_PARTS)}
    total |= {"unpaid": whole.get("B220", 0), "future": whole.get("F200", 0)}
    return of.sheet("availability-lines", LINES, LINE_COLUMNS, rows, total, [], SCOPE)
