"""Movements 业务: record one, look through the journal, open one."""

import asyncio
from datetime import date
from functools import partial
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Response
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool

from api.answers import (
    Entry,
    JournalLine,
    Receipt,
    Waiting,
    entry,
    journal_fields,
    new_receipt,
    repeated_receipt,
    waiting,
)
from api.bodies import Key, OneBody, movement_of
from api.openapi import MOVEMENT_BODY, NOT_SUPPORTED, READS, WRITES
from api.problems import ProblemRaised, Wrong
from api.reading import NUMBER_MAX, Limit, TheLedger, Today, reached, stands_at, within_sight
from api.security import BookReader, Recorder
from ledger.application import Ledger, the_receipt
from ledger.domain.approval import PROPOSALS, OfProposal
from ledger.domain.correction import CORRECTED_BY
from ledger.domain.fields import Id
from ledger.domain.movement import Actor, Movement
from ledger.domain.signing import rules_in_force
from ledger.projections import journal
from ledger.sealing import has_texts

router = APIRouter(prefix="/v1/movements", tags=["movements"])

DryRun = Annotated[
    bool, Query(description="只试算,不记录 / judge and answer the balances it would leave, record nothing")
]


RECORDS = WRITES | {
    200: {"model": Receipt, "description": "试算,或此前已记录 / A dry run, or recorded before"},
    415: NOT_SUPPORTED,
}
"""What a route that records one movement may answer besides 201."""


async def record(
    ledger: Ledger,
    movement: Movement,
    actor: Actor,
    key: str,
    response: Response,
    today: date,
    *,
    dry_run: bool = False,
    large: bool = False,
) -> Receipt:
    """Record one movement: 201, or 200 where it was recorded before under the same key. Raises what the ledger raises.

    ``large``: it may hold thousands of movements, and preparing it must not hold up other requests. Nor must looking for a key.
    """
    waits = large or has_texts(movement)
    submit = partial(ledger.submit, movement, actor, key, dry=dry_run)
    outcomes = await asyncio.wrap_future(await run_in_threadpool(submit) if waits else submit())
    given = the_receipt(outcomes)
    response.status_code = 200 if dry_run or given.repeated else 201
    if given.repeated:
        read = await run_in_threadpool(journal.recorded_under, ledger.store, ledger.id, given.number)
        receipt = repeated_receipt(movement.kind, read, dry_run=dry_run)
    else:
        receipt = new_receipt(given, dry_run=dry_run)
    if isinstance(movement, OfProposal) and not dry_run:
        receipt.proposal = await run_in_threadpool(_waiting, ledger, movement, today)
    return receipt


def _waiting(ledger: Ledger, movement: OfProposal, day: date) -> Waiting:
    with ledger.reading() as book:
        found, rules = PROPOSALS.of(book)[movement.proposal], rules_in_force(book, day)
    return Waiting(**waiting(movement.proposal, found, rules))


@router.post(
    "",
    summary="记录一笔业务 / Record one movement",
    status_code=201,
    responses=RECORDS,
    openapi_extra=MOVEMENT_BODY,
    response_model_exclude_none=True,
)
async def record_movement(
    ledger: TheLedger,
    caller: Recorder,
    key: Key,
    body: OneBody,
    response: Response,
    today: Today,
    dry_run: DryRun = False,
) -> Receipt:
    """同一 Idempotency-Key 可安全重试。The same key may be asked again safely: it is recorded once."""
    return await record(ledger, movement_of(body), caller.actor, key, response, today, dry_run=dry_run)


class JournalPage(BaseModel):
    """A page of the journal; ``next`` goes into ``after`` of the following one. A filtered page may be short."""

    movements: list[JournalLine]
    next: int | None = None


Named = Annotated[Id | None, Query()]


@router.get(
    "",
    summary="日记账 / The journal",
    responses=READS,
    dependencies=[reached],
    response_model_exclude_none=True,
)
def list_movements(
    ledger: TheLedger,
    caller: BookReader,
    response: Response,
    kind: Named = None,
    project: Named = None,
    special: Named = None,
    actor: Named = None,
    from_number: Annotated[int | None, Query(ge=1, le=NUMBER_MAX)] = None,
    to_number: Annotated[int | None, Query(ge=1, le=NUMBER_MAX)] = None,
    after: Annotated[int | None, Query(ge=0, le=NUMBER_MAX)] = None,
    limit: Limit = 100,
    order: Literal["newest", "oldest"] = "oldest",
) -> JournalPage:
    """按种类、项目、专项、经办人和编号筛选。Filtered by kind, project, special, actor and number; keyset paging."""
    filters = journal.Filters(kind, project, special, actor, from_number, to_number)
    page = journal.journal_page(
        ledger.store, ledger.id, filters, after=after, limit=limit, newest_first=order == "newest"
    )
    stands_at(response, page.standing)
    seen = within_sight(ledger, caller.sees, page.recorded)
    return JournalPage(movements=[JournalLine(**journal_fields(recorded)) for recorded in seen], next=page.more)


class MovementDetail(JournalLine):
    """One recorded movement: its entries, its leaf hash, what corrects it and what it corrects."""

    request: str
    rules: int
    version: int
    leaf: str
    entries: list[Entry]
    corrected_by: list[int]
    corrects: list[int]


@router.get(
    "/{number:number}",  # so that no other address under it, such as /bulk, is taken for a number
    summary="一笔业务 / One movement",
    responses=READS,
    dependencies=[reached],
    response_model_exclude_none=True,
)
def get_movement(
    ledger: TheLedger, caller: BookReader, response: Response, number: Annotated[int, Path(ge=1, le=NUMBER_MAX)]
) -> MovementDetail:
    """含分录、叶哈希与更正关系。With entries, leaf hash and corrections; sealed texts appear as commitments."""
    with ledger.reading() as book:
        standing, corrected_by = book.number, CORRECTED_BY.get(book, number) or ()
    found = journal.find(ledger.store, ledger.id, number)
    if found is None or not within_sight(ledger, caller.sees, [found.recorded]):
        raise ProblemRaised(Wrong.NOT_FOUND, number=number)
    stands_at(response, standing)
    recorded = found.recorded
    return MovementDetail(
        **journal_fields(recorded),
        request=str(recorded.request),
        rules=recorded.rules,
        version=found.version,
        leaf=found.leaf,
        entries=[entry(leg, after) for leg, after in zip(recorded.legs, found.afters, strict=True)],
        corrected_by=list(corrected_by),
        corrects=sorted({leg.corrects for leg in recorded.legs if leg.corrects is not None}),
    )
