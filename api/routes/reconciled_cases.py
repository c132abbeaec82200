"""Cases of a reconciliation 对账项: what either side tells, side by side, what rule brought it together, and what it could be."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel

from api.answers import bilingual
from api.openapi import READS
from api.problems import Bilingual
from api.reading import Limit, TheLedger, reached, stands_at
from api.routes.reconciliations import MONTH, SourceName, TheWork, whole_books
from api.security import BookReader, Caller
from ledger.application import Ledger
from ledger.domain.catalogue import ROLES, Name
from ledger.domain.money import yuan
from ledger.domain.reconciliation import CAUSES, FLOWS, Cause, Flow, Status, statuses
from ledger.reconciliation.application import Reconciliations, last_day
from ledger.reconciliation.case import stands
from ledger.reconciliation.line import Line
from ledger.reconciliation.looking import Beside, holding, rivals_are_ours, side_by_side
from ledger.reconciliation.owners import owner
from ledger.reconciliation.rows import Asked, Kept
from ledger.reconciliation.rules import RULE_NAMES

router = APIRouter(prefix="/v1/reconciliations", tags=["reconciliations"])

PLACE = r"^[0-9]{1,7}\.[0-9]{1,15}$"
"""A day as an ordinal, and the case after which to go on."""


class ReconciledLine(BaseModel):
    """A line of one side, amounts in yuan: ``moved`` is what counts when sides are added up. What it does not tell is absent.

    ``key`` goes into a match by hand. Of an account the last digits, of ours where the other side tells the same one. ``row``: of
    the file. A line that is ``gone`` was corrected away since.
    """

    key: str
    gone: bool | None = None
    flow: Flow | None = None
    flow_name: Bilingual | None = None
    day: date | None = None
    amount: str | None = None
    moved: str | None = None
    application: str | None = None
    voucher: str | None = None
    detail: str | None = None
    transaction: str | None = None
    cites: str | None = None
    payee: str | None = None
    account_tail: str | None = None
    project: str | None = None
    fund: str | None = None
    function: str | None = None
    economic: str | None = None
    fiscal_year: int | None = None
    document: str | None = None
    text: str | None = None
    row: int | None = None


class ReconciledCase(BaseModel):
    """Lines that belong together, ours and theirs; ``difference`` in yuan is what ours moved less what theirs did.

    ``kept``: PROPOSED until somebody decides, then by whom and why; ``was``: its status before it was explained. ``rivals``: lines
    of the other side that it could belong to, or that contradict it. ``owner``: the role that must act. ``changed``: a line was
    corrected since it was matched, so that it must be taken apart and matched again.
    """

    case: int
    day: date
    status: Status
    status_name: Bilingual
    cause: Cause | None = None
    cause_name: Bilingual | None = None
    rule: str
    rule_name: Bilingual
    difference: str
    kept: str
    by: str | None = None
    reason: str | None = None
    was: Status | None = None
    owner: str | None = None
    owner_name: Bilingual | None = None
    changed: bool | None = None
    ours: list[ReconciledLine]
    theirs: list[ReconciledLine]
    rivals: list[ReconciledLine]


class ReconciledCases(BaseModel):
    """A page of cases, the oldest first; ``next`` goes into ``after``."""

    cases: list[ReconciledCase]
    next: str | None = None


@router.get(
    "/{source}/cases",
    summary="对账项 / Cases",
    responses=READS,
    dependencies=[reached],
    response_model_exclude_none=True,
)
def list_cases(
    ledger: TheLedger,
    work: TheWork,
    caller: BookReader,
    response: Response,
    name: SourceName,
    month: Annotated[str | None, Query(pattern=MONTH)] = None,
    status: Annotated[Status | None, Query()] = None,
    open_only: Annotated[bool, Query(description="仅待办 / those alone that wait for somebody")] = False,
    after: Annotated[str | None, Query(pattern=PLACE, description="上一页的 next / `next` of the page before")] = None,
    limit: Limit = 100,
) -> ReconciledCases:
    """双方各行并列,含规则、原因和候选。Both sides' lines side by side, with rule, cause and candidates."""
    whole_books(caller)
    source = work.source(name)
    until = last_day(month) if month else date.max
    asked = Asked(until.replace(day=1) if month else date.min, until, status, open_only)
    found = side_by_side(ledger, source, asked, _place(after), limit)
    stands_at(response, found.number)
    last = found.cases[-1] if found.more else None
    return ReconciledCases(
        cases=[_case(one, found, statuses(source.against)) for one in found.cases],
        next=f"{last.day.toordinal()}.{last.id}" if last else None,
    )


def lines_named(
    ledger: Ledger, work: Reconciliations, caller: Caller, name: str, ours: Sequence[int], theirs: Sequence[int]
) -> tuple[list[ReconciledLine], list[ReconciledLine]]:
    """Lines of either side by their keys, of those that stand in a case."""
    whole_books(caller)
    found = holding(ledger, work.source(name), ours, theirs)
    return _ours([key for key in ours if key in found.ours], found), _theirs(theirs, found)


def _place(after: str | None) -> tuple[date, int]:
    day, _, case = (after or "1.0").partition(".")
    return date.fromordinal(min(max(int(day), 1), date.max.toordinal())), int(case)


def _case(one: Kept, found: Beside, names: Mapping[Status, Name]) -> ReconciledCase:
    case, acts = one.case, owner(one.case)
    ours, theirs = (_ours(case.ours, found), _theirs(case.theirs, found))
    rivals = (_ours if rivals_are_ours(one) else _theirs)(case.rivals, found)
    return ReconciledCase(
        case=one.id,
        day=one.day,
        status=case.status,
        status_name=bilingual(names[case.status]),
        cause=case.cause,
        cause_name=bilingual(CAUSES[case.cause]) if case.cause else None,
        rule=case.rule,
        rule_name=bilingual(RULE_NAMES[case.rule]),
        difference=yuan(case.difference),
        kept=one.kept,
        by=one.by,
        reason=one.reason,
        was=one.was,
        owner=acts,
        owner_name=bilingual(ROLES[acts]) if acts else None,
        changed=None if stands(case, *found.moved) else True,
        ours=ours,
        theirs=theirs,
        rivals=rivals,
    )


def _ours(keys: Iterable[int], found: Beside) -> list[ReconciledLine]:
    lines = ((key, found.ours.get(key)) for key in keys)
    return [
        _line(line, tail=found.tails.get(line.account, "")) if line else ReconciledLine(key=str(key), gone=True)
        for key, line in lines
    ]


def _theirs(keys: Iterable[int], found: Beside) -> list[ReconciledLine]:
    told = (found.theirs[key] for key in keys if key in found.theirs)
    return [_line(one.line, tail=one.tail, row=one.row) for one in told]


def _line(line: Line, *, tail: str, row: int | None = None) -> ReconciledLine:
    """What a side does not say is empty there, and absent here."""
    return ReconciledLine(
        key=str(line.key),
        flow=line.flow,
        flow_name=bilingual(FLOWS[line.flow]),
        day=line.day,
        amount=yuan(line.amount),
        moved=yuan(line.moved),
        application=line.application or None,
        voucher=line.voucher or None,
        detail=line.detail or None,
        transaction=line.transaction or None,
        cites=line.cites or None,
        payee=line.payee or None,
        account_tail=tail or None,
        project=line.project or None,
        fund=line.fund or None,
        function=line.function or None,
        economic=line.economic or None,
        fiscal_year=line.fiscal_year or None,
        document=line.document or None,
        text=line.text or None,
        row=row,
    )
