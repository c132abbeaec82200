"""The work list 待办: what a month of a source still waits for, who must do it, and what that is."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from enum import StrEnum
from typing import Final, NamedTuple

from ledger.application import Ledger, business_day
from ledger.domain.accounts import account
from ledger.domain.alert import ALERTS, Alert
from ledger.domain.approval import PROPOSALS, ProposalStatus
from ledger.domain.book import Book
from ledger.domain.catalogue import Name, Role
from ledger.domain.movement import Actor, Movement
from ledger.domain.reconciliation import Flow, StatementKind, Status
from ledger.domain.refusals import Code, Refusal
from ledger.domain.signed_off import TOUCHED
from ledger.domain.suspense import SUSPENSE
from ledger.projections.journal import one_snapshot
from ledger.reconciliation import rows
from ledger.reconciliation.aggregate import Source
from ledger.reconciliation.asking import ours, theirs
from ledger.reconciliation.line import Line
from ledger.reconciliation.owners import owner
from ledger.reconciliation.recording import Context, Given, Origin, fact, may_be_recorded
from ledger.reconciliation.refusals import NotReconciled, Why
from ledger.reconciliation.rows import Kept

_FINANCE: Final = Actor("work list", Role.FIN)
"""As whom it is tried what the ledger would take: nothing is recorded by it."""


class Act(StrEnum):
    """What is to be done."""

    RECORD = "RECORD"
    APPROVE = "APPROVE"
    MATCH = "MATCH"
    DECIDE = "DECIDE"
    AWAIT = "AWAIT"
    CLEAR = "CLEAR"
    ASK_BANK = "ASK_BANK"
    SIGN_OFF = "SIGN_OFF"
    APPROVE_SIGN_OFF = "APPROVE_SIGN_OFF"
    LOOK_AGAIN = "LOOK_AGAIN"


ACTS: dict[Act, Name] = {
    Act.RECORD: Name("据账单补记", "Record what the statement tells"),
    Act.APPROVE: Name("由第二人审批补记提案", "A second person approves the proposal to record it"),
    Act.MATCH: Name("账面已记:请重新匹配", "The ledger has it by now: match again"),
    Act.DECIDE: Name("查明后人工匹配、更正或说明", "Find out; then match by hand, correct, or explain"),
    Act.AWAIT: Name("等待另一方入账", "Wait until the other side tells it"),
    Act.CLEAR: Name("查明所属申请或原支付,核销待查款项", "Find the order or settlement it belongs to, and clear it"),
    Act.ASK_BANK: Name(
        "当日支付未见零余额清算:请向代理银行查询", "Nothing cleared what was paid that day: ask the bank"
    ),
    Act.SIGN_OFF: Name("提请签认本月对账", "Hand the month on for signing off"),
    Act.APPROVE_SIGN_OFF: Name("由第二人审批签认", "A second person signs the month off"),
    Act.LOOK_AGAIN: ALERTS[Alert.SIGN_OFF_TOUCHED].remedy,
}
"""Each in words."""


class Task(NamedTuple):
    """What waits. Amount in fen; ``case``: what it is about, or ``item``: the suspense, the day that was not
    cleared, or the touched line's month and number.

    ``facts``: what would be recorded; ``asks``: what must be told first; ``candidates``: orders of that amount that wait to be
    paid; ``proposal``: what waits for a second person.
    """

    act: Act
    owner: Role
    amount: int
    case: Kept | None = None
    item: str = ""
    facts: tuple[Movement, ...] = ()
    asks: Why | None = None
    candidates: tuple[str, ...] = ()
    proposal: str = ""


class Open(NamedTuple):
    """What a work list is made of: open cases, the lines of both sides by key, and where those of the statement stand."""

    cases: list[Kept]
    ours: dict[int, Line]
    theirs: dict[int, Line]
    origins: dict[int, Origin]
    context: Context
    not_cleared: list[tuple[date, int]]


def opened(ledger: Ledger, source: Source, until: date) -> Open:
    """Open cases up to a day, with what is known of their lines."""
    with one_snapshot(ledger.store) as connection:
        cases = rows.open_cases(connection, ledger.id, source.source, until)
        told = rows.told(connection, ledger.id, [key for one in cases for key in one.case.theirs])
        not_cleared = rows.days_not_cleared(connection, ledger.id, source.source, until.replace(day=1), until)
        files = rows.files(connection, ledger.id, {one.statement for one in told.values()})
    mine, _ = ours(ledger, source.kind, source.against, until)
    lines = theirs(ledger, [one.line for one in told.values()])
    by_key = {line.key: line for line in mine}, {line.key: line for line in lines}
    origins = {key: Origin(*files[one.statement], one.row) for key, one in told.items()}
    return Open(cases, *by_key, origins, Context(mine, lines), not_cleared)


def check_lacking(source: Source, found: Open, cases: Iterable[Kept]) -> None:
    """That the ledger lacks what these cases tell. Raises NotReconciled."""
    still = {one.id for one in found.cases}
    for one in cases:
        if source.against or one.id not in still or not may_be_recorded(one.case, found.ours, found.theirs):
            raise NotReconciled(Why.NOT_LACKING, str(one.id))


def tasks(book: Book, source: Source, month: str, found: Open, matched: bool) -> Iterator[Task]:
    """Cases first, oldest first; then suspense, touched lines, and the sign-off where anything of the month was ``matched``."""
    for one in found.cases:
        yield _of_case(book, source, found, one)
    if not source.against and source.kind is not StatementKind.QUOTA:
        yield from _suspense(book, month, found.ours.values())
    for day, net in found.not_cleared:
        yield Task(Act.ASK_BANK, Role.TRE, abs(net), item=day.isoformat())
    for signed, touches in TOUCHED.items(book):
        if signed.source == source.source and signed.month <= month:
            for touch in touches:
                yield Task(Act.LOOK_AGAIN, Role.FIN, touch.amount, item=f"{signed.month} #{touch.number}")
    if waiting := source.waiting.get(month):
        yield Task(Act.APPROVE_SIGN_OFF, Role.FIN, waiting["unexplained"], proposal=waiting["proposal"])
    elif matched and month not in source.signed:
        yield Task(Act.SIGN_OFF, Role.FIN, sum(abs(one.case.difference) for one in found.cases))


def _of_case(book: Book, source: Source, found: Open, one: Kept) -> Task:
    case = one.case
    lines = [found.theirs[key] for key in case.theirs] or [found.ours[key] for key in case.ours if key in found.ours]
    task = Task(Act.DECIDE, owner(case) or Role.FIN, abs(sum(line.amount for line in lines)), one)
    if not source.against and may_be_recorded(case, found.ours, found.theirs):
        return _recording(book, source, found, task)
    return task._replace(act=Act.AWAIT) if case.status is Status.TIMING else task


def _recording(book: Book, source: Source, found: Open, task: Task) -> Task:
    assert task.case is not None
    if waiting := waiting_for(book, source, task.case.case.theirs):
        return task._replace(act=Act.APPROVE, owner=Role.FIN, proposal=waiting)
    try:
        facts = facts_of(book, found, [task.case], {}, _FINANCE)
        return task._replace(act=Act.RECORD, owner=Role.FIN, facts=facts)
    except NotReconciled as why:
        act = Act.DECIDE if why.why is Why.NOTHING_MOVED else Act.RECORD
        return task._replace(act=act, owner=Role.FIN, asks=why.why)
    except Refusal as refusal:
        return task._replace(act=Act.MATCH if refusal.code is Code.DUPLICATE_BUSINESS_KEY else Act.DECIDE)


def facts_of(
    book: Book, found: Open, cases: Iterable[Kept], given: Mapping[int, Given], by: Actor
) -> tuple[Movement, ...]:
    """The facts that record what these cases lack, each judged on what those before it leave; ``given`` by case.

    The Book is left as it was. Raises NotReconciled, Refusal.
    """
    facts: dict[str, Movement] = {}
    mark = book.mark()
    try:
        for one in cases:
            for key in one.case.theirs:
                line = found.context.fact_of(found.theirs[key])
                if (number := str(line.key)) not in facts:
                    told = given.get(one.id, Given())
                    facts[number] = fact(book, line, found.context, found.origins[key], told, by)
    finally:
        book.rollback(mark)
        book.recalled.clear()
    return tuple(facts.values())


def waiting_for(book: Book, source: Source, lines: Iterable[int]) -> str:
    """The proposal to record any of these lines that waits; else nothing."""
    for name in dict.fromkeys(source.recording[key] for key in lines if key in source.recording):
        proposal = PROPOSALS.get(book, name)
        if proposal is not None and proposal.status is ProposalStatus.OPEN and not proposal.expired(business_day()):
            return name
    return ""


def _suspense(book: Book, month: str, ours: Iterable[Line]) -> Iterator[Task]:
    """Facts that wait to be explained, posted up to a month, with the orders of that amount that wait to be paid."""
    awaited: defaultdict[int, list[str]] = defaultdict(list)
    for line in ours:
        if line.flow is Flow.PAYMENT and not line.moved:
            awaited[line.amount].append(line.application)
    for name, item in SUSPENSE.items(book):
        left = book.balance(account("S100" if item.receipt else "X900", item.at)) if item.period <= month else 0
        if left:
            orders = () if item.receipt else tuple(sorted(awaited[left]))
            yield Task(Act.CLEAR, Role.FIN, left, item=name, candidates=orders)
