"""Proposals 提案: movements that wait for a second person; approved or rejected."""

from datetime import date, datetime
from enum import StrEnum
from itertools import islice
from typing import Annotated
from uuid import NAMESPACE_URL, uuid5

import msgspec
from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import BaseModel, TypeAdapter
from starlette.concurrency import run_in_threadpool

from api.answers import JournalLine, Receipt, Signer, journal_fields, signer
from api.bodies import BulkBody, Key, OneBody, fields_of
from api.openapi import READS, WRITES, ref, write
from api.problems import ProblemRaised, Wrong
from api.reading import NUMBER_MAX, Limit, TheLedger, reached, stands_at, within_sight
from api.routes.movements import DryRun, record
from api.security import BookReader, Caller, Recorder
from ledger.application import Ledger
from ledger.domain.approval import (
    APPROVED,
    OPEN,
    PROPOSALS,
    REJECTED,
    Proposal,
    ProposalApproved,
    ProposalRejected,
    ProposalSubmitted,
)
from ledger.domain.fields import Id
from ledger.domain.movement import Actor, Movement
from ledger.domain.refusals import Code, Refusal
from ledger.projections import journal

router = APIRouter(prefix="/v1/proposals", tags=["proposals"])

ProposalId = Annotated[Id, Path()]
_SUBMITTED: TypeAdapter[Movement] = TypeAdapter(ProposalSubmitted)
_DECIDED: dict[type[Movement], TypeAdapter[Movement]] = {
    kind: TypeAdapter(kind) for kind in (ProposalApproved, ProposalRejected)
}


def proposal_id(ledger: Ledger, actor: Actor, key: str) -> str:
    """The name of a proposal that was given none: the same for the same key of the same person."""
    return f"P-{uuid5(NAMESPACE_URL, f'{ledger.id}:{actor.subject}:{key}')}"


@router.post(
    "",
    summary="提交审批 / Propose movements",
    status_code=201,
    responses=WRITES,
    openapi_extra=write(
        {
            "application/json": {
                "schema": {
                    "type": "object",
                    "required": ["effective_on", "movements"],
                    "properties": {
                        "proposal": {"type": "string", "description": "提案编号,可不填 / generated where absent"},
                        "effective_on": {"type": "string", "format": "date"},
                        "expires_on": {"type": "string", "format": "date"},
                        "document": ref("Document"),
                        "reason": {"type": "string"},
                        "movements": {"type": "array", "minItems": 1, "items": ref("Movement")},
                    },
                }
            }
        }
    ),
    response_model_exclude_none=True,
)
async def submit_proposal(
    ledger: TheLedger, caller: Recorder, key: Key, body: BulkBody, response: Response, dry_run: DryRun = False
) -> Receipt:
    """一笔或一批业务待第二人审批。One movement or a whole list waits for a second person; it reserves nothing."""
    fields = fields_of(body)
    fields.setdefault("kind", _raw(ProposalSubmitted.__name__))
    fields.setdefault("proposal", _raw(proposal_id(ledger, caller.actor, key)))
    movement = await run_in_threadpool(_SUBMITTED.validate_json, msgspec.json.encode(fields))
    return await record(ledger, movement, caller.actor, key, response, dry_run=dry_run, large=True)


def _raw(text: str) -> msgspec.Raw:
    return msgspec.Raw(msgspec.json.encode(text))


_DECISION_BODY = write(
    {
        "application/json": {
            "schema": {
                "type": "object",
                "properties": {
                    "effective_on": {
                        "type": "string",
                        "format": "date",
                        "description": "默认今天(北京时间) / today in Shanghai where absent",
                    },
                    "document": ref("Document"),
                    "reason": {"type": "string"},
                },
            }
        }
    },
    required=False,
)


@router.post(
    "/{proposal:path}/approve",
    summary="审批同意 / Approve",
    status_code=201,
    responses=WRITES,
    openapi_extra=_DECISION_BODY,
    response_model_exclude_none=True,
)
async def approve_proposal(
    request: Request,
    ledger: TheLedger,
    caller: Recorder,
    key: Key,
    proposal: ProposalId,
    body: OneBody,
    response: Response,
    dry_run: DryRun = False,
) -> Receipt:
    """由第二人同意;全部业务重新校验后一并记录,或全部不记录。All of its movements are judged again and recorded, or none."""
    return await _decide(
        ProposalApproved, request, ledger, caller.actor, key, proposal, body, response, dry_run=dry_run
    )


@router.post(
    "/{proposal:path}/reject",
    summary="审批退回 / Reject or withdraw",
    status_code=201,
    responses=WRITES,
    openapi_extra=_DECISION_BODY,
    response_model_exclude_none=True,
)
async def reject_proposal(
    request: Request,
    ledger: TheLedger,
    caller: Recorder,
    key: Key,
    proposal: ProposalId,
    body: OneBody,
    response: Response,
    dry_run: DryRun = False,
) -> Receipt:
    """退回,或由提交人撤回。Turned down, or withdrawn by who proposed it."""
    return await _decide(
        ProposalRejected, request, ledger, caller.actor, key, proposal, body, response, dry_run=dry_run
    )


async def _decide(
    kind: type[Movement],
    request: Request,
    ledger: Ledger,
    actor: Actor,
    key: str,
    proposal: str,
    body: bytes,
    response: Response,
    *,
    dry_run: bool,
) -> Receipt:
    fields = (fields_of(body) if body else {}) | {"kind": _raw(kind.__name__), "proposal": _raw(proposal)}
    undated = "effective_on" not in fields

    async def on(day: date) -> Receipt:
        dated = fields | {"effective_on": _raw(day.isoformat())} if undated else fields
        movement = _DECIDED[kind].validate_json(msgspec.json.encode(dated))
        return await record(ledger, movement, actor, key, response, dry_run=dry_run)

    try:
        return await on(request.app.state.today())
    except Refusal as refusal:
        # Asked again after midnight without a day of its own: the day recorded the first time is the one that was meant.
        if not (undated and refusal.code is Code.IDEMPOTENCY_CONFLICT):
            raise
        before = await run_in_threadpool(ledger.recorded, refusal.details["number"])
        if before is None or not isinstance(before.movement, kind):
            raise
        return await on(before.movement.effective_on)


class Status(StrEnum):
    """What became of a proposal."""

    OPEN = OPEN
    APPROVED = APPROVED
    REJECTED = REJECTED


class ProposalLine(BaseModel):
    """A proposal: who made it, its number in the journal, and what became of it."""

    proposal: str
    number: int
    status: Status
    expires_on: date | None = None
    proposer: Signer


class ProposalPage(BaseModel):
    """A page of proposals by number; ``next`` goes into ``after``."""

    proposals: list[ProposalLine]
    next: int | None = None


class ProposalDetail(ProposalLine):
    """A proposal with its movements exactly as proposed, and the record of the decision."""

    submitted_at: datetime
    submitted: JournalLine
    decided: JournalLine | None = None


@router.get(
    "",
    summary="提案清单 / Proposals",
    responses=READS,
    dependencies=[reached],
    response_model_exclude_none=True,
)
def list_proposals(
    ledger: TheLedger,
    caller: BookReader,
    response: Response,
    status: Status | None = None,
    after: Annotated[int, Query(ge=0, le=NUMBER_MAX)] = 0,
    limit: Limit = 100,
) -> ProposalPage:
    """待办或已办。Waiting (OPEN) or decided."""
    with ledger.reading() as book:
        stands_at(response, book.number)
        passing = (
            (name, found)
            for name, found in PROPOSALS.items(book)
            if found.number > after and status in (None, found.status)
        )
        ordered = sorted(passing, key=lambda row: row[1].number)
    rows = list(islice((row for row in ordered if _seen(ledger, caller, row[1])), limit + 1))
    page = [_line(name, found) for name, found in rows[:limit]]
    return ProposalPage(proposals=page, next=page[-1].number if len(rows) > limit else None)


def _seen(ledger: Ledger, caller: Caller, found: Proposal) -> bool:
    """Whether they see a proposal: their own, or one of whose movements any lies within their sight."""
    if caller.sees.everything or found.proposer.subject == caller.actor.subject:
        return True
    submitted = ledger.recorded(found.number)
    assert submitted is not None
    return bool(within_sight(ledger, caller.sees, [submitted]))


def _line(name: str, found: Proposal) -> ProposalLine:
    return ProposalLine(
        proposal=name,
        number=found.number,
        status=Status(found.status),
        expires_on=found.expires_on,
        proposer=signer(found.proposer),
    )


@router.get(
    "/{proposal:path}",
    summary="一份提案 / One proposal",
    responses=READS,
    dependencies=[reached],
    response_model_exclude_none=True,
)
def get_proposal(ledger: TheLedger, caller: BookReader, response: Response, proposal: ProposalId) -> ProposalDetail:
    """含所提业务与审批记录。With the movements as proposed and the record of the decision."""
    with ledger.reading() as book:
        number, found = book.number, PROPOSALS.get(book, proposal)
    if found is None or not _seen(ledger, caller, found):
        raise ProblemRaised(Wrong.NOT_FOUND)
    submitted = ledger.recorded(found.number)
    assert submitted is not None
    decided = None if found.status == OPEN else journal.decision_on(ledger.store, ledger.id, proposal, found.number)
    stands_at(response, number)
    return ProposalDetail(
        **_line(proposal, found).model_dump(),
        submitted_at=submitted.recorded_at,
        submitted=JournalLine(**journal_fields(submitted)),
        decided=JournalLine(**journal_fields(decided)) if decided else None,
    )
