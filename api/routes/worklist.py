"""What a reconciliation leads to: the work list of a month, and what the ledger lacks handed on to a second person as facts."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from api.answers import bilingual
from api.bodies import SmallBodyRoute
from api.openapi import READS, WRITES
from api.problems import Bilingual
from api.reading import TheLedger, Today, reached, stands_at
from api.routes.reconciliations import MONTH, CaseNumber, Cases, SourceName, TheWork, note, whole_books
from api.security import BookReader, Reconciler, ThePeople
from ledger.domain.catalogue import ROLES, Role
from ledger.domain.fields import SHAPE, PlainId, Ref
from ledger.domain.money import yuan
from ledger.domain.movement import Movement
from ledger.projections.journal import standing
from ledger.reconciliation.recording import Given
from ledger.reconciliation.refusals import WORDS, Why
from ledger.reconciliation.worklist import ACTS, Act, Task

router = APIRouter(prefix="/v1/reconciliations", tags=["reconciliations"], route_class=SmallBodyRoute)


class FactToRecord(BaseModel):
    """A fact as it would be recorded from the statement, amounts in yuan; ``period``: where its own month is closed."""

    kind: str
    name: Bilingual
    effective_on: date
    period: str | None = None
    amount: str
    detail: str
    order: str | None = None
    settlement: str | None = None
    cited: str | None = None
    fund: str | None = None


class TaskToDo(BaseModel):
    """What waits: of a ``case``; or of an ``item``, which is suspense, a day, or a month with the number of a touched line.

    ``facts``: what would be recorded; ``asks``: what must be told first; ``candidates``: orders of that amount that wait to be
    paid; ``proposal``: what a second person decides.
    """

    act: Act
    act_name: Bilingual
    owner: Role
    owner_name: Bilingual
    amount: str
    case: int | None = None
    item: str | None = None
    facts: list[FactToRecord] | None = None
    asks: Why | None = None
    asks_name: Bilingual | None = None
    candidates: list[str] | None = None
    proposal: str | None = None


class WorkList(BaseModel):
    """What a month of a source waits for, and what is open of those before it."""

    source: str
    month: str
    tasks: list[TaskToDo]


@router.get(
    "/{source}/worklist",
    summary="对账待办 / Work list",
    responses=READS,
    dependencies=[reached],
    response_model_exclude_none=True,
)
def read_worklist(
    ledger: TheLedger,
    work: TheWork,
    caller: BookReader,
    response: Response,
    name: SourceName,
    month: Annotated[str, Query(pattern=MONTH)],
) -> WorkList:
    """待查、待补记、待核销、待签认事项,各注明责任方。Cases, facts to record, suspense, the sign-off, each with its owner."""
    whole_books(caller)
    stands_at(response, standing(ledger.store, ledger.id))
    return WorkList(source=name, month=month, tasks=[_task(task) for task in work.worklist(name, month)])


def _task(task: Task) -> TaskToDo:
    return TaskToDo(
        act=task.act,
        act_name=bilingual(ACTS[task.act]),
        owner=task.owner,
        owner_name=bilingual(ROLES[task.owner]),
        amount=yuan(task.amount),
        case=task.case.id if task.case else None,
        item=task.item or None,
        facts=[_fact(one) for one in task.facts] or None,
        asks=task.asks,
        asks_name=bilingual(WORDS[task.asks]) if task.asks else None,
        candidates=list(task.candidates) or None,
        proposal=task.proposal or None,
    )


def _fact(movement: Movement) -> FactToRecord:
    fields = vars(movement)
    return FactToRecord(
        kind=movement.kind,
        name=bilingual(movement.label),
        effective_on=movement.effective_on,
        period=movement.period,
        amount=yuan(fields["amount"]),
        detail=fields.get("detail") or fields["item"],
        **{name: fields.get(name) for name in ("order", "settlement", "cited", "fund")},
    )


class ToldOfACase(BaseModel):
    """What the statement does not tell of a case: the detail id, and the order or settlement it belongs to."""

    model_config = SHAPE

    case: CaseNumber
    detail: PlainId | None = None
    cites: Ref | None = None


class FactsAsked(BaseModel):
    """Cases of lines that the ledger lacks, and what the statement does not tell of some of them."""

    model_config = SHAPE

    cases: Cases
    told: Annotated[list[ToldOfACase], Field(max_length=1_000)] = []


class FactsProposed(BaseModel):
    """The proposal that a second person of finance approves."""

    proposal: str


@router.post("/{source}/facts", summary="据账单补记 / Record from a statement", status_code=201, responses=WRITES)
def propose_facts(
    work: TheWork, people: ThePeople, caller: Reconciler, name: SourceName, asked: FactsAsked, today: Today
) -> FactsProposed:
    """账面缺少的收支作为一份提案,由第二名财务人员以 /v1/proposals 审批。

    What the ledger lacks becomes one proposal, which a second person of finance approves by /v1/proposals.
    """
    whole_books(caller)
    given = {one.case: Given(one.detail or "", one.cites or "") for one in asked.told}
    proposal = work.propose_facts(name, asked.cases, caller.actor, today, given)
    note(people, caller, "facts", name, cases=len(asked.cases), proposal=proposal)
    return FactsProposed(proposal=proposal)
