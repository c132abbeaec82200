"""Alerts 预警: what somebody must look after, from which day on, of how much, and how it ends.

What could become an alert is known from the Book alone (`dues.py`); whether it is one depends on the day that is asked about
and on the parameters in force on it [P]: they put its day off by so many days, and without one there is no such alert.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from enum import StrEnum
from typing import Literal, NamedTuple

from ledger.domain.book import Book
from ledger.domain.catalogue import FUNDS, PREDECESSORS, Name, Role
from ledger.domain.parameter import PARAMETERS, in_force
from ledger.domain.special import all_specials


class Alert(StrEnum):
    BELOW_ZERO = "BELOW_ZERO"
    MATCHING_OVERDUE = "MATCHING_OVERDUE"
    GATE_DUE = "GATE_DUE"
    INSTALMENT_LATE = "INSTALMENT_LATE"
    QUOTA_NOT_ISSUED = "QUOTA_NOT_ISSUED"
    ADVANCE_OUTSTANDING = "ADVANCE_OUTSTANDING"
    MONEY_IDLE = "MONEY_IDLE"
    VINTAGE_OLD = "VINTAGE_OLD"
    FLOOR_NEAR = "FLOOR_NEAR"
    RESERVATION_EXPIRING = "RESERVATION_EXPIRING"
    SIGN_OFF_TOUCHED = "SIGN_OFF_TOUCHED"


class AlertKind(NamedTuple):
    """What an alert says, the roles that look after it, how it ends, and the parameter without which there is none.

    ``mended_by``: kinds of movement that end it; ``cites``: the field by which they cite its reference.
    """

    name: Name
    owners: tuple[Role, ...]
    remedy: Name
    clause: str
    parameter: str | None = None
    mended_by: tuple[str, ...] = ()
    cites: str = ""


ALERTS: dict[Alert, AlertKind] = {
    Alert.BELOW_ZERO: AlertKind(
        Name("事实使账户为负", "A fact took an account below zero"),
        (Role.FIN, Role.STD),
        Name("查明所引用的业务,更正或补记缺少的一笔", "Find what it cites; correct it, or record what is missing"),
        "V3",
        mended_by=("EntryCorrected",),
    ),
    Alert.MATCHING_OVERDUE: AlertKind(
        Name("匹配资金逾期未到", "Matching money overdue"),
        (Role.REC, Role.LEA, Role.UND, Role.COM),
        Name(
            "到位后登记;或由科技办核减、改期",
            "Report it once received; or the office reduces or reschedules the pledge",
        ),
        "二(一)3",
        mended_by=("MatchingReceived", "MatchingReduced", "MatchingRescheduled"),
        cites="pledge",
    ),
    Alert.GATE_DUE: AlertKind(
        Name("里程碑到期未考核", "Milestone due and not assessed"),
        (Role.STD, Role.PM),
        Name("组织考核并登记结果;或调整分期", "Assess it and record the result; or reschedule the instalment"),
        "三(一)",
        mended_by=("MilestoneAssessed", "InstalmentsRescheduled"),
        cites="instalment",
    ),
    Alert.INSTALMENT_LATE: AlertKind(
        Name("到期未申请拨付", "Instalment due and not ordered"),
        (Role.STD, Role.PM),
        Name("提出拨款申请;或调整分期、核减安排", "Order the payment; or reschedule it or release the commitment"),
        "四(三)",
        mended_by=("PaymentOrdered", "InstalmentsRescheduled", "CommitmentReleased"),
        cites="instalment",
    ),
    Alert.QUOTA_NOT_ISSUED: AlertKind(
        Name("指标逾期未下达", "Quota not issued in time"),
        (Role.FIN, Role.STD),
        Name("分配、安排并下达指标", "Allocate, commit and issue it"),
        "F",
        "quota_issue_days",
        mended_by=("QuotaIssued", "FundsAllocated"),
        cites="instalment",
    ),
    Alert.ADVANCE_OUTSTANDING: AlertKind(
        Name("预拨款未报支出", "Advance without reported spending"),
        (Role.UND, Role.STD),
        Name("报送并登记单位支出;或办理退款、追回", "Report the spending; or refund or recover the money"),
        "四(三)",
        "advance_days",
        mended_by=("UndertakerExpenditureReported",),
    ),
    Alert.MONEY_IDLE: AlertKind(
        Name("资金闲置", "Money idle"),
        (Role.STD, Role.PM),
        Name("安排或拨付;或核减、调剂、收回", "Commit or pay it; or release, reallocate or withdraw it"),
        "四(一)",
        "idle_days",
    ),
    Alert.VINTAGE_OLD: AlertKind(
        Name("指标满两年未用完", "Quota two years old and not used up"),
        (Role.FIN, Role.STD),
        Name("加快拨付,或收回财政", "Pay it soon, or withdraw it to treasury"),
        "F",
    ),
    Alert.FLOOR_NEAR: AlertKind(
        Name("接近基金保留底线", "Fund near its floor"),
        (Role.FIN, Role.STD),
        Name("暂停调出,或追加指标", "Reallocate no more from it, or appropriate more"),
        "四(二)",
        "floor_margin",
    ),
    Alert.RESERVATION_EXPIRING: AlertKind(
        Name("预留即将到期或已到期", "Reservation expiring or expired"),
        (Role.STD, Role.PM),
        Name("安排项目,或释放预留", "Commit projects under the call, or release the reservation"),
        "四(一)",
        "reservation_notice_days",
        mended_by=("PreFundingCommitted", "ReservationReleased"),
        cites="call",
    ),
    Alert.SIGN_OFF_TOUCHED: AlertKind(
        Name("已签认的对账被改动", "Signed-off reconciliation touched"),
        (Role.FIN,),
        Name(
            "重新打开该月、核对后再签认;该月已结账的,在以后月份签认前核对",
            "Reopen the month and sign it anew; once it is closed, look at it before a later month is signed",
        ),
        "F",
        mended_by=("ReconciliationSignedOff",),
    ),
}


class Due(NamedTuple):
    """What is an alert from a day on, put off by the days of its parameter, unless something happens. Amount in fen.

    Of a fund near its floor: what it keeps, B100 + B105.
    """

    kind: Alert
    from_on: date
    amount: int
    source: str | None = None
    special: str | None = None
    project: str | None = None
    ref: str | None = None
    """The pledge, instalment or call; the account that is below zero; the source, month and number of a signed line."""
    vintage: int | None = None
    party: str | None = None
    """Credit code of whoever promised it, or was paid."""
    until_on: date | None = None
    """The last day on which it counts."""


class Term(NamedTuple):
    """How the parameter of a kind in a scope bears on it: it puts the day off, and asks for less than so many fen."""

    days: int = 0
    below: int | None = None


class Missing(NamedTuple):
    """A parameter without which nothing is said of a kind: of these specials or funds, or, where none is named, of any."""

    kind: Alert
    parameter: str
    scopes: tuple[str, ...]


class Terms(NamedTuple):
    """What holds on a day: (kind, scope) → Term; and what is missing."""

    held: dict[tuple[Alert, str], Term]
    missing: list[Missing]


def scope_kind(kind: Alert) -> Literal["special", "fund", ""]:
    """What the parameter of a kind may be set for besides all at once."""
    parameter = ALERTS[kind].parameter
    scope = PARAMETERS[parameter].scope if parameter else ""
    return "special" if scope == "special" else "fund" if scope == "fund" else ""


def terms(book: Book, day: date) -> Terms:
    """The terms of every kind and scope on a business date [P]."""
    funds = [str(fund) for fund in FUNDS if fund not in PREDECESSORS]
    scopes: dict[str, list[str]] = {"special": list(all_specials(book)), "fund": funds, "": [""]}
    held: dict[tuple[Alert, str], Term] = {}
    missing = []
    for kind in Alert:
        of = scopes[scope_kind(kind)]
        lacking: dict[str, list[str]] = {}
        for scope in of:
            term = _term(book, kind, scope, day)
            if isinstance(term, Term):
                held[kind, scope] = term
            else:
                lacking.setdefault(term, []).append(scope)
        missing += [
            Missing(kind, parameter, tuple(those) if len(those) < len(of) else ())
            for parameter, those in lacking.items()
        ]
    return Terms(held, missing)


def _term(book: Book, kind: Alert, scope: str, day: date) -> Term | str:
    """The term, or the parameter that is missing for one."""
    parameter = ALERTS[kind].parameter
    if parameter is None:
        return Term()
    setting = in_force(book, parameter, scope, day)
    if setting is None:
        return parameter
    value = int(setting.value)
    if kind is Alert.FLOOR_NEAR:
        floor = in_force(book, "fund_floor", scope, day)
        return Term(below=int(floor.value) + value) if floor else "fund_floor"
    return Term(-value if kind is Alert.RESERVATION_EXPIRING else value)


def scope_of(due: Due) -> str:
    """The scope whose parameter bears on it."""
    return {"special": due.special, "fund": due.source, "": ""}[scope_kind(due.kind)] or ""


def alerts_on(book: Book, day: date, found: Iterable[Due]) -> list[Due]:
    """Those that are alerts on a business date, the most overdue and then the largest first; ``from_on`` as put off."""
    held = terms(book, day).held
    due = []
    for one in found:
        term = held.get((one.kind, scope_of(one)))
        if term is None or (term.below is not None and one.amount >= term.below):
            continue
        begins = one.from_on + timedelta(term.days)
        if begins <= day and (one.until_on is None or day <= one.until_on):
            due.append(one._replace(from_on=begins))
    return sorted(due, key=lambda one: (one.from_on, -one.amount, one.kind, one.project or "", one.ref or ""))
