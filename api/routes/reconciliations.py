"""Reconciliation 对账: sources of statements and how far they are, what people decide of cases, months handed on for signing."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Request, Response
from pydantic import BaseModel, Field

from api.answers import bilingual
from api.bodies import SmallBodyRoute
from api.openapi import READS, WRITES
from api.problems import Bilingual, ProblemRaised, Wrong
from api.reading import NUMBER_MAX, TheLedger, Today, reached, stands_at
from api.security import BookReader, Caller, Reconciler, ThePeople
from ledger.access.people import People
from ledger.audit.trail import Event
from ledger.domain.fields import SHAPE, Day, PlainId, Text
from ledger.domain.money import yuan
from ledger.domain.reconciliation import STATEMENT_KINDS, Cause, StatementKind, Status, statuses
from ledger.projections.journal import standing
from ledger.reconciliation.application import Reconciliations
from ledger.reconciliation.outcomes import Standing

router = APIRouter(prefix="/v1/reconciliations", tags=["reconciliations"], route_class=SmallBodyRoute)

CASES_MAX = 1_000
MONTH = r"^20[0-9]{2}-(0[1-9]|1[0-2])$"
Month = Annotated[str, Field(pattern=MONTH)]


async def _reconciliations(request: Request) -> Reconciliations:
    found: Reconciliations = request.app.state.reconciliations
    return found


TheWork = Annotated[Reconciliations, Depends(_reconciliations)]
SourceName = Annotated[PlainId, Path(alias="source", description="来源,如一个账户 / a source, such as an account")]


def whole_books(caller: Caller) -> None:
    """A statement is of all money: whoever sees but some of it sees no reconciliation. Raises NOT_FOUND."""
    if not caller.sees.everything:
        raise ProblemRaised(Wrong.NOT_FOUND)


# -- how far they are


class StatusCount(BaseModel):
    """How many cases are in a status, and their differences without sign, in yuan."""

    status: Status
    name: Bilingual
    cases: int
    difference: str


class SignOff(BaseModel):
    """What is signed of a month, in yuan: what either side moved, out and back added up, and what nobody explained.

    ``proposal`` goes to a second person; ``number``: of the approval, once they signed.
    """

    proposal: str
    ledger_total: str
    statement_total: str
    unexplained: str
    number: int | None = None


class TouchedLine(BaseModel):
    """A line of ours that changed: ``number`` of the fact, and of the movement ``by`` which; ``amount`` in yuan."""

    number: int
    by: int
    on: date
    amount: str


class ReconciledMonth(BaseModel):
    """A month of a source: its cases by status, and the sign-off that waits, or stands.

    ``touched``: what of it was recorded, corrected or cleared after it was signed.
    """

    month: str
    state: Literal["OPEN", "WAITING", "SIGNED"]
    statuses: list[StatusCount]
    sign_off: SignOff | None = None
    touched: list[TouchedLine] | None = None


class StatementSource(BaseModel):
    """A source of statements. ``against``: the source it is compared with, absent: the ledger. ``columns``: field → its header.

    ``through``: last day of the last matching.
    """

    source: str
    kind: StatementKind
    kind_name: Bilingual
    against: str | None = None
    statements: int
    columns: dict[str, str] | None = None
    through: date | None = None
    months: list[ReconciledMonth]


class StatementSources(BaseModel):
    """All sources, by name."""

    sources: list[StatementSource]


def counts(found: Mapping[Status, tuple[int, int]], against: str | None) -> list[StatusCount]:
    return [
        StatusCount(status=status, name=bilingual(statuses(against)[status]), cases=cases, difference=yuan(fen))
        for status, (cases, fen) in found.items()
    ]


def sign_off(kept: Mapping[str, Any]) -> SignOff:
    totals = {name: yuan(kept[name]) for name in ("ledger_total", "statement_total", "unexplained")}
    return SignOff(proposal=kept["proposal"], number=kept.get("number"), **totals)


def source_of(work: Reconciliations, name: str) -> StatementSource:
    """A source as it is answered. Raises NotReconciled."""
    found = work.standing(name)
    source = found.source
    return StatementSource(
        source=name,
        kind=source.kind,
        kind_name=bilingual(STATEMENT_KINDS[source.kind]),
        against=source.against or None,
        statements=len(source.statements),
        columns=source.mapping,
        through=source.through,
        months=[_month(found, month) for month in sorted({*found.months, *source.waiting, *source.signed})],
    )


def _month(found: Standing, month: str) -> ReconciledMonth:
    waiting, signed = found.source.waiting.get(month), found.source.signed.get(month)
    kept, touched = waiting or signed, found.touched.get(month, ())
    return ReconciledMonth(
        month=month,
        state="WAITING" if waiting else "SIGNED" if signed else "OPEN",
        statuses=counts(found.months.get(month, {}), found.source.against),
        sign_off=sign_off(kept) if kept else None,
        touched=[TouchedLine(number=one.number, by=one.by, on=one.on, amount=yuan(one.amount)) for one in touched]
        or None,
    )


@router.get(
    "",
    summary="对账进度 / How far reconciliation is",
    responses=READS,
    dependencies=[reached],
    response_model_exclude_none=True,
)
def list_reconciliations(ledger: TheLedger, work: TheWork, caller: BookReader, response: Response) -> StatementSources:
    """每个来源、每个月的对账项数、差额和签认状态;仅限可见全部账目者。

    Each source, month by month; for those alone who see all of the books.
    """
    stands_at(response, standing(ledger.store, ledger.id))
    names = work.sources() if caller.sees.everything else []
    return StatementSources(sources=[source_of(work, name) for name in names])


class SourceOpened(BaseModel):
    """Of which kind its statements are; ``against``: a source to compare it with, as bank with treasury; absent: the ledger."""

    model_config = SHAPE

    kind: Annotated[StatementKind, Field(strict=False)]
    against: PlainId | None = None


@router.put(
    "/{source}",
    summary="设立来源 / Open a source",
    responses=WRITES | {201: {"model": StatementSource, "description": "新设立 / opened now"}},
    response_model_exclude_none=True,
)
def open_statement_source(
    work: TheWork, people: ThePeople, caller: Reconciler, name: SourceName, asked: SourceOpened, response: Response
) -> StatementSource:
    """同样内容可重复提交。The same may be asked again."""
    whole_books(caller)
    new = name not in work.sources()
    work.open_source(name, asked.kind, caller.actor, asked.against or "")
    if new:
        response.status_code = 201
        note(people, caller, "source", name, kind=str(asked.kind))
    return source_of(work, name)


def note(people: People, caller: Caller, what: str, source: str, **more: Any) -> None:
    """What somebody did stands in the audit record."""
    people.trail.note(Event.RECONCILED, caller.person.id, what=what, source=source, **more)


# -- what people decide


class UpTo(BaseModel):
    """Up to a day, itself included."""

    model_config = SHAPE

    through: Day


class WorkedOn(BaseModel):
    """How many cases it concerned."""

    source: str
    cases: int


@router.post("/{source}/acceptances", summary="确认匹配 / Accept matches", responses=WRITES)
def accept_matches(work: TheWork, people: ThePeople, caller: Reconciler, name: SourceName, asked: UpTo) -> WorkedOn:
    """截至某日、无待办的建议予以确认。Proposals up to a day about which nothing is to be done are good."""
    whole_books(caller)
    cases = work.accept(name, asked.through, caller.actor)
    note(people, caller, "acceptance", name, cases=cases, through=asked.through.isoformat())
    return WorkedOn(source=name, cases=cases)


CaseNumber = Annotated[int, Field(ge=1, le=NUMBER_MAX)]
Cases = Annotated[list[CaseNumber], Field(min_length=1, max_length=CASES_MAX)]
LineKey = Annotated[str, Field(pattern=r"^[0-9]{1,18}$")]
"""Of a quota it is beyond what stays exact in JavaScript."""
Lines = Annotated[list[LineKey], Field(max_length=CASES_MAX)]


class CasesNamed(BaseModel):
    """Cases by their numbers."""

    model_config = SHAPE

    cases: Cases


@router.post("/{source}/cases/acceptances", summary="确认所选匹配 / Accept some matches", responses=WRITES)
def accept_cases(work: TheWork, people: ThePeople, caller: Reconciler, name: SourceName, asked: CasesNamed) -> WorkedOn:
    """所选建议予以确认;已确认的不变。Proposals that are named are good; what was accepted already stays so."""
    whole_books(caller)
    cases = work.accept_cases(name, asked.cases, caller.actor)
    note(people, caller, "acceptance", name, cases=cases)
    return WorkedOn(source=name, cases=cases)


@router.post("/{source}/unmatchings", summary="拆开 / Take cases apart", responses=WRITES)
def take_cases_apart(
    work: TheWork, people: ThePeople, caller: Reconciler, name: SourceName, asked: CasesNamed
) -> WorkedOn:
    """其各行待下次匹配或人工匹配。Their lines are open until the next matching, or until somebody matches them."""
    whole_books(caller)
    work.unmatch(name, asked.cases, caller.actor)
    note(people, caller, "unmatching", name, cases=len(asked.cases))
    return WorkedOn(source=name, cases=len(asked.cases))


class MatchedByHand(BaseModel):
    """Lines of either side that belong together, by their keys, and why."""

    model_config = SHAPE

    ours: Lines
    theirs: Lines
    reason: Text


@router.post("/{source}/matches", summary="人工匹配 / Match by hand", responses=WRITES)
def match_lines(
    work: TheWork, people: ThePeople, caller: Reconciler, name: SourceName, asked: MatchedByHand
) -> WorkedOn:
    """须写明理由;原有建议让位。A reason is needed; what was only proposed of these lines gives way."""
    whole_books(caller)
    mine, theirs = ([int(key) for key in keys] for keys in (asked.ours, asked.theirs))
    work.match_by_hand(name, mine, theirs, asked.reason, caller.actor)
    note(people, caller, "match", name, ours=len(mine), theirs=len(theirs))
    return WorkedOn(source=name, cases=1)


class CasesExplained(BaseModel):
    """Why the sides differ in these cases, in words, and the cause where it is a usual one."""

    model_config = SHAPE

    cases: Cases
    cause: Annotated[Cause, Field(strict=False)] | None = None
    reason: Text


@router.post("/{source}/explanations", summary="说明差异 / Explain", responses=WRITES)
def explain_cases(
    work: TheWork, people: ThePeople, caller: Reconciler, name: SourceName, asked: CasesExplained
) -> WorkedOn:
    """须写明理由。A reason is needed."""
    whole_books(caller)
    work.explain(name, asked.cases, asked.cause, asked.reason, caller.actor)
    note(people, caller, "explanation", name, cases=len(asked.cases))
    return WorkedOn(source=name, cases=len(asked.cases))


class OfAMonth(BaseModel):
    """A month."""

    model_config = SHAPE

    month: Month


@router.post(
    "/{source}/sign-offs",
    summary="提请签认 / Hand a month on for signing off",
    status_code=201,
    responses=WRITES,
    response_model_exclude_none=True,
)
def propose_sign_off(
    work: TheWork, people: ThePeople, caller: Reconciler, name: SourceName, asked: OfAMonth, today: Today
) -> SignOff:
    """由第二人以 /v1/proposals 审批。A second person approves the proposal by /v1/proposals."""
    whole_books(caller)
    proposal = work.propose_sign_off(name, asked.month, caller.actor, today)
    note(people, caller, "sign-off", name, month=asked.month, proposal=proposal)
    return sign_off(work.source(name).waiting[asked.month])


@router.post("/{source}/reopenings", summary="重新打开 / Reopen a month", responses=WRITES)
def reopen_month(
    work: TheWork, people: ThePeople, caller: Reconciler, name: SourceName, asked: OfAMonth
) -> StatementSource:
    """已签认的记录不变,须重新签认。What was signed stays in the log; the month must be signed anew."""
    whole_books(caller)
    work.reopen(name, asked.month, caller.actor)
    note(people, caller, "reopening", name, month=asked.month)
    return source_of(work, name)
