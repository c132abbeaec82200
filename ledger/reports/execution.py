"""Sheet 2, execution 执行进度表: by special, what its quota is made of, how far it is committed and paid, against time."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

from ledger.domain.accounts import USE, Account
from ledger.domain.catalogue import PLANS, Name
from ledger.domain.consolidation import OpeningBalanceImported
from ledger.projections.balances import UNASSIGNED
from ledger.projections.held import Line
from ledger.reports.grounds import Amounts, Grounds, summed
from ledger.reports.sheet import Check, Column, Sheet, Value, amount, code, percent, ratio, text

ORIGINS = ("carried_in", "quota", "virement", "consolidated")
_SUPPLY_OF = {"B101": "carried_in", "B100": "quota", "B105": "virement", "B106": "consolidated"}
_ORIGIN_OF = {
    "BalanceCarriedForward": "carried_in",
    "CarryForwardAdjusted": "carried_in",
    "FundsAllocated": "quota",
    "AllocationWithdrawn": "quota",
    "FundsReallocatedWithinFund": "virement",
}
"""Kind → what it brings to a special. Whatever else does is a merged special or a consolidated fund (三(一), 四(二))."""
COMMITTED = ("B220", "B230", "B240", "B245")
KINDS = (
    *("FundsReallocatedWithinFund", "SpecialMerged", "EntryCorrected"),
    *("PaymentRefunded", "RecoveryReceived", "SuspenseCleared"),
)
"""What may move money between specials and touches no supply; a refund does where its special was merged since."""
LINES_OF = ("B100", "B101", "B105", "B106", "B200")

COLUMNS: tuple[Column, ...] = (
    text("plan", "计划", "Plan"),
    code("special", "专项代码", "Special"),
    text("name", "专项", "Name"),
    amount("carried_in", "上年结转", "Carried in"),
    amount("quota", "本年指标", "Quota"),
    amount("virement", "调剂", "Virement"),
    amount("consolidated", "整合", "Consolidated"),
    amount("adjusted", "调整后", "Adjusted"),
    amount("committed", "已安排", "Committed"),
    percent("commit_rate", "安排率", "Commit rate"),
    amount("to_leagues", "已下达盟市", "To leagues"),
    amount("ordered", "已申请未支付", "Ordered"),
    amount("paid", "已支付", "Paid"),
    percent("execution_rate", "执行率", "Execution rate"),
    percent("time_rate", "序时", "Time elapsed"),
    Column("gap", Name("差距", "Gap"), "points"),
    percent("last_year", "去年同期", "Same day last year"),
)
SCOPE = Name(
    "安排率、执行率的分母为调整后指标;已安排含已拨付和已下达盟市;执行率的分子为已支付,不含已下达盟市;"
    "去年同期按业务日期重述到同日;专项归并列入整合",
    "rates are of the adjusted quota; committed includes what is paid or issued to leagues; execution counts what is paid, "
    "not what is issued to leagues; last year is restated to the same day; merged specials count as consolidated",
)


def origin(line: Line) -> str:
    """What a line brings to a special."""
    if isinstance(line.recorded.movement, OpeningBalanceImported):
        return "carried_in" if line.recorded.movement.carried_in else "quota"
    return _ORIGIN_OF.get(line.kind, "consolidated")


def brought(lines: Iterable[Line], year: int) -> dict[str, dict[str, int]]:
    """Special → origin → fen that came to it in a year, over all it was used for."""
    sums: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for line in lines:
        found = line.leg.account
        if found.code in USE and found.fiscal_year == year and found.special is not None:
            sums[found.special][origin(line)] += line.leg.amount
    return sums


def elapsed(day: date, year: int) -> int:
    """How much of a fiscal year has passed at the end of a day, in hundredths of a percent."""
    days = (date(year + 1, 1, 1) - date(year, 1, 1)).days
    return ratio(min(max((day - date(year, 1, 1)).days + 1, 0), days), days) or 0


def execution(of: Grounds) -> Sheet:
    """By special; what no special holds yet is a row of its own, for whoever sees all of the fund."""
    year, specials = of.fiscal_year, of.specials()
    held = summed(of.seen(), lambda found: (found.special, found.code))
    came = brought(of.seen_lines(), year)
    supply = {name: held.get((None, account), 0) for account, name in _SUPPLY_OF.items()}
    last_year = _rates(of, of.before)
    origins: dict[str | None, Mapping[str, int]] = {
        special: {name: came.get(special, {}).get(name, 0) for name in ORIGINS} for special in specials
    }
    names: dict[str | None, tuple[Name | None, Name]] = {
        special: (PLANS[state.plan], state.name) for special, state in specials.items()
    }
    total = _sum(origins.values())
    if of.fund_level:
        origins[None] = {name: supply[name] - total[name] for name in ORIGINS}
        names[None] = None, UNASSIGNED
        total = supply
    rows = [
        {"special": special, "plan": names[special][0], "name": names[special][1]}
        | _figures(of, part, {use: held.get((special, use), 0) for use in USE}, last_year.get(special))
        for special, part in origins.items()
    ]
    used = {special: sum(held.get((special, use), 0) for use in USE) for special in origins}
    used[None] = used.get(None, 0) - held.get((None, "X900"), 0)
    figures = _figures(of, total, summed(of.seen(), lambda found: found.code), last_year.get(_ALL))
    differences = sum(abs(sum(part.values()) - used[special]) for special, part in origins.items())
    name, check = Name("执行进度表", "Execution"), Check(_CHECK, {"adjusted": differences})
    return of.sheet("execution", name, COLUMNS, rows, figures, [check], SCOPE)


def _sum(parts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    sums = dict.fromkeys(ORIGINS, 0)
    for part in parts:
        for name, fen in part.items():
            sums[name] += fen
    return sums


_ALL = "*"
_CHECK = Name("校验:逐行调整后减使用合计(绝对值之和)", "Check: adjusted less uses, row by row (absolute)")


def _figures(
    of: Grounds, origins: Mapping[str, int], figures: Mapping[str, int], last_year: int | None
) -> dict[str, Value]:
    adjusted = sum(origins.values())
    committed, time = sum(figures[use] for use in COMMITTED), elapsed(of.on, of.fiscal_year)
    rate = ratio(figures["B240"], adjusted)
    return {
        **origins,
        "adjusted": adjusted,
        "committed": committed,
        "commit_rate": ratio(committed, adjusted),
        "to_leagues": figures["B245"],
        "ordered": figures["B230"],
        "paid": figures["B240"],
        "execution_rate": rate,
        "time_rate": time,
        "gap": None if rate is None else rate - time,
        "last_year": last_year,
    }


def _rates(of: Grounds, held: Amounts | None) -> dict[str | None, int | None]:
    """Execution rate by special, of what no special held, and of all, from the amounts of another day."""
    paid: dict[str | None, int] = defaultdict(int)
    adjusted: dict[str | None, int] = defaultdict(int)
    for found, fen in (held or {}).items():
        if not of.within(found):
            continue
        for key in (found.special, _ALL):
            paid[key] += fen if found.code == "B240" else 0
            adjusted[key] += _part(found, fen)
    return {key: ratio(paid[key], whole) for key, whole in adjusted.items()}


def _part(found: Account, fen: int) -> int:
    """What an amount adds to the adjusted quota: uses, less what suspense stands for."""
    if found.code in USE:
        return fen
    return -fen if found.code == "X900" else 0
