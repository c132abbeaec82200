"""Proposals 提案: movements that wait for a second person; approved or rejected."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from itertools import islice
from typing import Annotated, Any
from uuid import NAMESPACE_URL, uuid5

import msgspec
from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import BaseModel, TypeAdapter
from starlette.concurrency import run_in_threadpool

from api.answers import JournalLine, Receipt, Signer, Waiting, journal_fields, signer, waiting
from api.bodies import JSON, BulkBody, Key, OneBody, check_media_type, fields_of, movement_of
from api.malformed import WORDED
from api.openapi import READS, form, json_body, write
from api.problems import ProblemRaised, Wrong, malformed
from api.reading import NUMBER_MAX, Limit, TheLedger, Today, reached, stands_at, within_sight
from api.routes.movements import RECORDS, DryRun, record
from api.security import BookReader, Caller, Recorder
from ledger.application import Ledger
from ledger.domain.approval import (
    PROPOSALS,
    Proposal,
    ProposalApproved,
    ProposalRejected,
    ProposalStatus,
    ProposalSubmitted,
    Signature,
    undecided,
)
from ledger.domain.fields import Id
from ledger.domain.movement import Actor, Movement
from ledger.domain.refusals import Code, Refusal
from ledger.domain.signing import SigningRule, rules_in_force
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
    responses=RECORDS,
    openapi_extra=write(json_body(form(ProposalSubmitted, optional=("proposal",)))),
    response_model_exclude_none=True,
)
async def submit_proposal(
    request: Request,
    ledger: TheLedger,
    caller: Recorder,
    key: Key,
    body: BulkBody,
    response: Response,
    today: Today,
    dry_run: DryRun = False,
) -> Receipt:
    """一笔或一批业务待他人签批。One movement or a whole list waits for those who sign it; it reserves nothing."""
    check_media_type(request, JSON)
    fields = await run_in_threadpool(fields_of, body)
    fields.setdefault("kind", _raw(ProposalSubmitted.__name__))
    fields.setdefault("proposal", _raw(proposal_id(ledger, caller.actor, key)))
    movement = await run_in_threadpool(_SUBMITTED.validate_json, msgspec.json.encode(fields))
    return await record(ledger, movement, caller.actor, key, response, today, dry_run=dry_run, large=True)


async def propose(
    ledger: Ledger, movements: Sequence[Movement], actor: Actor, key: str, today: date, effective_on: date | None = None
) -> str:
    """Submit movements for approval as one proposal, ``today`` unless another business date is given; answers with its name.

    Asked again with the same key it is submitted once. Raises what NOT_RECORDED lists.
    """
    name = proposal_id(ledger, actor, key)
    proposal = ProposalSubmitted(proposal=name, movements=tuple(movements), effective_on=effective_on or today)
    await record(ledger, proposal, actor, key, Response(), today, large=True)
    return name


def _raw(text: str) -> msgspec.Raw:
    return msgspec.Raw(msgspec.json.encode(text))


@router.post(
    "/{proposal:path}/approve",
    summary="审批同意 / Approve",
    status_code=201,
    responses=RECORDS,
    openapi_extra=write(
        json_body(
            form(ProposalApproved, of_path=("kind", "proposal"), optional=("effective_on",), required=("digest",))
        )
    ),
    response_model_exclude_none=True,
)
async def approve_proposal(
    ledger: TheLedger,
    caller: Recorder,
    key: Key,
    proposal: ProposalId,
    body: OneBody,
    response: Response,
    today: Today,
    dry_run: DryRun = False,
) -> Receipt:
    """签批所读内容(以摘要为准);最后一人签批后,全部业务一并记录,或全部不记录。

    Signs what was read, by its digest; with the last signature all of it is recorded, or nothing.
    """
    return await _decide(ProposalApproved, ledger, caller.actor, key, proposal, body, response, today, dry_run=dry_run)


@router.post(
    "/{proposal:path}/reject",
    summary="审批退回 / Reject or withdraw",
    status_code=201,
    responses=RECORDS,
    openapi_extra=write(
        json_body(form(ProposalRejected, of_path=("kind", "proposal"), optional=("effective_on",))), required=False
    ),
    response_model_exclude_none=True,
)
async def reject_proposal(
    ledger: TheLedger,
    caller: Recorder,
    key: Key,
    proposal: ProposalId,
    body: OneBody,
    response: Response,
    today: Today,
    dry_run: DryRun = False,
) -> Receipt:
    """退回,或由提交人撤回。Turned down, or withdrawn by who proposed it."""
    return await _decide(ProposalRejected, ledger, caller.actor, key, proposal, body, response, today, dry_run=dry_run)


async def _decide(
    kind: type[Movement],
    ledger: Ledger,
    actor: Actor,
    key: str,
    proposal: str,
    body: bytes,
    response: Response,
    today: date,
    *,
    dry_run: bool,
) -> Receipt:
    sent = fields_of(body) if body else {}
    if own := sent.keys() & {
        "kind",
        "proposal",
    }:  # the path says both; whoever reads the body must not be told otherwise
        raise malformed(min(own), *WORDED["extra_forbidden"])
    fields = sent | {"kind": _raw(kind.__name__), "proposal": _raw(proposal)}
    undated = "effective_on" not in fields

    async def on(day: date) -> Receipt:
        dated = fields | {"effective_on": _raw(day.isoformat())} if undated else fields
        movement = movement_of(msgspec.json.encode(dated), _DECIDED[kind])
        return await record(ledger, movement, actor, key, response, today, dry_run=dry_run)

    try:
        return await on(today)
    except Refusal as refusal:
        # Asked again after midnight without a day of its own: the day recorded the first time is the one that was meant.
        if not (undated and refusal.code is Code.IDEMPOTENCY_CONFLICT):
            raise
        before = await run_in_threadpool(ledger.recorded, refusal.details["number"])
        if before is None or not isinstance(before.movement, kind):
            raise
        return await on(before.movement.effective_on)


class ProposalLine(Waiting):
    """A proposal: who made it, its number in the journal, and how it stands."""

    number: int
    expires_on: date | None = None
    proposer: Signer


class ProposalPage(BaseModel):
    """A page of proposals by number; ``next`` goes into ``after``."""

    proposals: list[ProposalLine]
    next: int | None = None


class Signed(BaseModel):
    """A signature: whose, when, under which number of the journal, and the lines it struck out."""

    signer: Signer
    at: datetime
    number: int
    struck: list[int]


class NumberedLine(BaseModel):
    """A movement of a proposal as it was recorded, counted from 1; ``struck_by``: number of the signature that struck it."""

    line: int
    struck_by: int | None = None
    movement: dict[str, Any]


class ProposalDetail(ProposalLine):
    """A proposal with its movements exactly as proposed, everybody who signed, and the record of the decision.

    ``signatures`` begins with that of whoever proposed it.
    """

    submitted: JournalLine
    lines: list[NumberedLine]
    signatures: list[Signed]
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
    today: Today,
    status: ProposalStatus | None = None,
    after: Annotated[int, Query(ge=0, le=NUMBER_MAX)] = 0,
    limit: Limit = 100,
) -> ProposalPage:
    """待办或已办。Waiting (OPEN) or decided."""
    with ledger.reading() as book:
        stands_at(response, book.number)
        rules = rules_in_force(book, today)
        asked = undecided(book) if status is ProposalStatus.OPEN else PROPOSALS.items(book)
        passing = ((name, one) for name, one in asked if one.number > after and status in (None, one.status))
        ordered = sorted(passing, key=lambda row: row[1].number)
    rows = list(islice((row for row in ordered if seen(ledger, caller, row[1])), limit + 1))
    page = [ProposalLine(**line_fields(name, found, rules)) for name, found in rows[:limit]]
    return ProposalPage(proposals=page, next=page[-1].number if len(rows) > limit else None)


def seen(ledger: Ledger, caller: Caller, found: Proposal) -> bool:
    """Whether they see a proposal: their own, or one of whose movements any lies within their sight."""
    if caller.sees.everything or found.proposer.humans & caller.actor.humans:
        return True
    submitted = ledger.recorded(found.number)
    assert submitted is not None
    return bool(within_sight(ledger, caller.sees, [submitted]))


def line_fields(name: str, found: Proposal, rules: Sequence[SigningRule]) -> dict[str, Any]:
    """The fields of a ProposalLine."""
    about = {"number": found.number, "expires_on": found.expires_on, "proposer": signer(found.proposer)}
    return waiting(name, found, rules) | about


def signatures(found: Proposal, instants: Mapping[int, datetime]) -> list[Signed]:
    """Everybody who signed a proposal, in their order."""
    given = (Signature(found.proposer, found.number), *found.approvals)
    return [
        Signed(signer=signer(one.actor), at=instants[one.number], number=one.number, struck=list(one.struck))
        for one in given
    ]


@router.get(
    "/{proposal:path}",
    summary="一份提案 / One proposal",
    responses=READS,
    dependencies=[reached],
    response_model_exclude_none=True,
)
def get_proposal(
    ledger: TheLedger, caller: BookReader, response: Response, today: Today, proposal: ProposalId
) -> ProposalDetail:
    """含所提业务(按行号)、各级签批与办结记录。With its lines as proposed, every signature, and the record of the decision."""
    with ledger.reading() as book:
        number, found, rules = book.number, PROPOSALS.get(book, proposal), rules_in_force(book, today)
    if found is None or not seen(ledger, caller, found):
        raise ProblemRaised(Wrong.NOT_FOUND)
    submitted = ledger.recorded(found.number)
    assert submitted is not None
    fields = journal_fields(submitted)
    struck_by = {line: one.number for one in found.approvals for line in one.struck}
    lines = [
        NumberedLine(line=line, struck_by=struck_by.get(line), movement=movement)
        for line, movement in enumerate(fields["movement"].pop("movements"), 1)
    ]
    decided = ledger.recorded(found.decided) if found.decided else None
    stands_at(response, number)
    return ProposalDetail(
        **line_fields(proposal, found, rules),
        submitted=JournalLine(**fields),
        lines=lines,
        signatures=signatures(found, journal.recorded_at(ledger.store, ledger.id, found.numbers)),
        decided=JournalLine(**journal_fields(decided)) if decided else None,
    )
