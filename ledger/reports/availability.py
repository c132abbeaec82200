"""Sheet 12, availability on one page 可用额度一页纸: what each special may still commit, what waits for it, and why no more."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import NamedTuple

from ledger.domain.accounts import USE, Account, account
from ledger.domain.allocation import AllocationWithdrawn
from ledger.domain.approval import PROPOSALS, Status
from ledger.domain.catalogue import Mode, Name
from ledger.domain.instalment import INSTALMENTS, is_barred, recipients
from ledger.domain.matching import PLEDGES, due_and_gap
from ledger.domain.money import grouped_yuan
from ledger.domain.movement import Movement
from ledger.domain.parameter import chosen
from ledger.domain.postsubsidy import CLAIMS, PostSubsidyCommitted
from ledger.domain.prefunding import PreFundingCommitted
from ledger.domain.project import PROJECTS, ProjectRegistered
from ledger.domain.reallocation import FundsReallocatedWithinFund
from ledger.domain.reservation import RESERVATIONS
from ledger.domain.special import ACTIVE
from ledger.domain.withdrawal import FundsWithdrawnToTreasury
from ledger.projections.balances import UNASSIGNED
from ledger.reports.execution import COMMITTED
from ledger.reports.grounds import Grounds, summed
from ledger.reports.postsubsidy import awarded
from ledger.reports.sheet import Sheet, Value, amount, code, sum_of, text

SOON = timedelta(days=90)
ACCOUNTS = ("X900", *USE, "P200", "F200", "M100", "M110")
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
_By = dict[str | None, int]


def availability(of: Grounds) -> Sheet:
    """By special, as of the business date of the moment."""
    specials = of.specials()
    held = summed(of.seen(), lambda found: (found.special, found.code))
    parts = dict(
        zip(_PARTS, (_pending(of), _future(held), *_instalments(of), _late(of), _queue(of), _race(of)), strict=True)
    )
    calls = list(_calls(of))
    reserved: _By = defaultdict(int)
    for call in calls:
        reserved[call.special] += call.amount
    names: dict[str | None, Name] = {special: state.name for special, state in specials.items()}
    names |= {None: UNASSIGNED} if of.fund_level else {}
    rows = []
    for where, called in names.items():
        uses = {use: held.get((where, use), 0) for use in USE}
        suspense = held.get((None, "X900"), 0) if where is None else 0
        free, kept = uses["B210"], reserved.get(where, 0)
        row: dict[str, Value] = {
            "special": where,
            "name": called,
            "adjusted": sum(uses.values()) - suspense,
            "committed": sum(uses[use] for use in COMMITTED) - suspense,
            "available": free,
            "reserved": kept,
            "net": free - kept,
            **{part: amounts.get(where, 0) for part, amounts in parts.items()},
            "why": None if where is None else _why(of, where, free, calls),
        }
        rows.append(row)
    whole = summed(of.seen(), lambda found: found.code)
    total: dict[str, Value] = {
        "adjusted": sum(whole.get(use, 0) for use in USE) - whole.get("X900", 0),
        "committed": sum(whole.get(use, 0) for use in COMMITTED) - whole.get("X900", 0),
        "available": whole.get("B210", 0),
        "reserved": sum_of(rows, "reserved"),
        "net": whole.get("B210", 0) - sum_of(rows, "reserved"),
        **{part: sum(amounts.values()) for part, amounts in parts.items()},
    }
    name = Name("可用额度一页纸", "Availability on one page")
    return of.sheet("availability", name, COLUMNS, rows, total, [], SCOPE)


class _Call(NamedTuple):
    """What a call holds back of a special, in fen, and until when."""

    special: str
    name: str
    amount: int
    until: date


def _calls(of: Grounds) -> Iterator[_Call]:
    """Calls that are open, where the year is the one that is running."""
    for found, fen in of.seen():
        call = RESERVATIONS.get(of.book, found.ref or "") if found.code == "P200" and of.latest else None
        if call is not None and fen and call.is_open(of.on):
            yield _Call(found.special or "", found.ref or "", fen, call.expires_on)


def _pending(of: Grounds) -> _By:
    sums: _By = defaultdict(int)
    for _, proposal in PROPOSALS.items(of.book):
        if proposal.status is not Status.OPEN or proposal.expired(of.on):
            continue
        new = {one.project: one.special for one in proposal.movements if isinstance(one, ProjectRegistered)}
        for movement in proposal.standing():
            special, fen = _takes(of, movement, new)
            fund = str(getattr(movement, "fund", ""))
            if (
                fen
                and special
                and movement.fiscal_year == of.fiscal_year
                and of.within(Account("B210", None, fund, None, special))
            ):
                sums[special] += fen
    return sums


def _takes(of: Grounds, movement: Movement, new: Mapping[str, str]) -> tuple[str | None, int]:
    """The special from whose available money a movement would take, and how much."""
    match movement:
        case PreFundingCommitted() | PostSubsidyCommitted():
            project = PROJECTS.get(of.book, movement.project)
            return project.special if project else new.get(movement.project), movement.amount
        case FundsReallocatedWithinFund():
            return movement.from_special, movement.amount
        case AllocationWithdrawn():
            return movement.special, movement.amount
        case FundsWithdrawnToTreasury(account="B210"):
            return movement.special, movement.amount
    return None, 0


def _future(held: Mapping[tuple[str | None, str], int]) -> _By:
    return {special: fen for (special, found), fen in held.items() if found == "F200"}


def _instalments(of: Grounds) -> tuple[_By, _By]:
    """What is due soon or overdue, and what a gate holds back, of what is committed and not ordered."""
    soon: _By = defaultdict(int)
    barred: _By = defaultdict(int)
    for found, fen in of.seen():
        part = (
            INSTALMENTS.get(of.book, (found.project or "", found.ref or "")) if found.code == "B220" and fen else None
        )
        if part is None or not part.payable:
            continue
        if part.due_on is not None and date.fromisoformat(part.due_on) <= of.on + SOON:
            soon[found.special] += fen
        if not _is_free(of, found.project or "", found.ref or ""):
            barred[found.special] += fen
    return soon, barred


def _is_free(of: Grounds, project: str, instalment: str) -> bool:
    teams = recipients(of.book, project, instalment)
    return bool(teams) and not any(is_barred(of.book, project, instalment, team) for team in teams)


def _late(of: Grounds) -> _By:
    sums: _By = defaultdict(int)
    for _, pledge in PLEDGES.items(of.book):
        outstanding, received = (account(found, pledge.at) for found in ("M100", "M110"))
        if of.within(outstanding):
            _, gap = due_and_gap(pledge, of.held.get(outstanding, 0), of.held.get(received, 0), of.on)
            sums[pledge.at.special] += gap
    return sums


def _queue(of: Grounds) -> _By:
    """Claims that are verified and wait for money."""
    committed = {(found.project, found.ref) for found in of.held if found.code == "B220"}
    sums: _By = defaultdict(int)
    for name, claim in CLAIMS.items(of.book):
        project = PROJECTS.get(of.book, claim.project)
        if project and claim.day <= of.on and (claim.project, name) not in committed and of.sees_project(claim.project):
            sums[project.special] += awarded(of.book, project.special, claim)
    return sums


def _race(of: Grounds) -> _By:
    sums: _By = defaultdict(int)
    for found, fen in of.seen():
        project = PROJECTS.get(of.book, found.project or "") if found.code == "B220" else None
        if project is not None and project.mode == Mode.RACE:
            sums[found.special] += fen
    return sums


def _why(of: Grounds, special: str, free: int, calls: list[_Call]) -> Name | None:
    """What stands between a special and its money, and until when."""
    said = []
    if of.specials()[special].status_on(of.on) != ACTIVE:
        said.append(Name("专项不接受新安排", "takes no new commitments"))
    blocks = chosen(of.book, "reservation_blocks", special, of.on) == "yes"
    bound = Name("不得动用", "binding") if blocks else Name("仅提示", "shown only")
    for _, call, fen, until in (one for one in calls if one.special == special):
        money = grouped_yuan(fen)
        zh, en = f"{call} 预留 {money} 元至 {until}({bound.zh})", f"{call} reserves {money} until {until} ({bound.en})"
        said.append(Name(zh, en))
    if not free:
        said.append(Name("可用为零,须先分配或调剂", "nothing is available: allocate or reallocate first"))
    return Name(";".join(one.zh for one in said), "; ".join(one.en for one in said)) if said else None
