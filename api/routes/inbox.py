"""The inbox 待办: proposals that wait for one's own signature, and what one proposed, signed or turned down before."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from enum import StrEnum
from itertools import islice
from typing import Annotated, NamedTuple

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel

from api.answers import Signer, kind_label, signer
from api.openapi import READS
from api.problems import Bilingual
from api.reading import NUMBER_MAX, Limit, TheLedger, Today, reached, stands_at
from api.routes.proposals import ProposalLine, Signed, line_fields, seen, signatures
from api.security import BookReader
from ledger.domain.approval import PROPOSALS, Proposal, Signature, undecided
from ledger.domain.money import yuan
from ledger.domain.movement import Actor, Movement
from ledger.domain.signing import SigningRule, rules_in_force
from ledger.projections import journal

router = APIRouter(prefix="/v1/inbox", tags=["proposals"])


class OfKind(BaseModel):
    """How many lines of a kind stand in a proposal, and their amounts together in yuan, where the kind has one."""

    kind: str
    label: Bilingual
    lines: int
    amount: str | None = None


class InboxLine(ProposalLine):
    """A proposal that waits for the caller: what stands in it, and who signed so far."""

    submitted_at: datetime
    lines: int
    kinds: list[OfKind]
    signatures: list[Signed]


class Inbox(BaseModel):
    """A page of what waits, the oldest first; ``next`` goes into ``after``."""

    proposals: list[InboxLine]
    next: int | None = None


@router.get(
    "",
    summary="待我签批 / What waits for me",
    responses=READS,
    dependencies=[reached],
    response_model_exclude_none=True,
)
def read_inbox(
    ledger: TheLedger,
    caller: BookReader,
    response: Response,
    today: Today,
    after: Annotated[int, Query(ge=0, le=NUMBER_MAX)] = 0,
    limit: Limit = 100,
) -> Inbox:
    """下一步由本人角色签批、本人(含代理关系)尚未签过且未过期的提案。

    Open proposals that the caller's role signs next, on which neither they nor whom they act for have signed.
    """
    me = caller.actor
    with ledger.reading() as book:
        stands_at(response, book.number)
        rules = rules_in_force(book, today)
        waiting = [(name, found) for name, found in undecided(book) if found.number > after]
    mine = (
        (name, found) for name, found in waiting if waits_for(found, me, rules, today) and seen(ledger, caller, found)
    )
    rows = list(islice(mine, limit + 1))
    page = rows[:limit]
    instants = journal.recorded_at(ledger.store, ledger.id, {n for _, found in page for n in found.numbers})
    lines = [
        InboxLine(
            **line_fields(name, found, rules),
            submitted_at=instants[found.number],
            lines=len(found.standing()),
            kinds=by_kind(found.standing()),
            signatures=signatures(found, instants),
        )
        for name, found in page
    ]
    return Inbox(proposals=lines, next=page[-1][1].number if len(rows) > limit else None)


def waits_for(found: Proposal, me: Actor, rules: Sequence[SigningRule], day: date) -> bool:
    """Whether somebody's signature is what an open proposal waits for: their role is next, and they have not signed."""
    own = any(me.humans & other.humans for other in found.signers)
    return not own and not found.expired(day) and me.role in found.awaits(rules)


def by_kind(movements: Iterable[Movement]) -> list[OfKind]:
    """The lines and amounts of movements by their kinds, in the order in which those come."""
    lines: dict[str, list[int | None]] = {}
    for movement in movements:
        lines.setdefault(movement.kind, []).append(getattr(movement, "amount", None))
    return [_of_kind(kind, amounts) for kind, amounts in lines.items()]


def _of_kind(kind: str, amounts: Sequence[int | None]) -> OfKind:
    known = [amount for amount in amounts if amount is not None]
    return OfKind(kind=kind, label=kind_label(kind), lines=len(amounts), amount=yuan(sum(known)) if known else None)


class What(StrEnum):
    """What somebody did with a proposal."""

    PROPOSED = "PROPOSED"
    SIGNED = "SIGNED"
    REJECTED = "REJECTED"


class HistoryAct(BaseModel):
    """What was done, by whom, under which number and when; and how the proposal stands now."""

    what: What
    number: int
    at: datetime
    by: Signer
    struck: list[int]
    decided: int | None = None
    proposal: ProposalLine


class History(BaseModel):
    """A page of acts, the newest first; ``next`` goes into ``before``."""

    acts: list[HistoryAct]
    next: int | None = None


class _Done(NamedTuple):
    what: What
    signature: Signature
    name: str
    found: Proposal


@router.get(
    "/history",
    summary="我的签批记录 / What I signed",
    responses=READS,
    dependencies=[reached],
    response_model_exclude_none=True,
)
def read_history(
    ledger: TheLedger,
    caller: BookReader,
    response: Response,
    today: Today,
    before: Annotated[int, Query(ge=1, le=NUMBER_MAX)] = NUMBER_MAX,
    limit: Limit = 100,
    what: Annotated[What | None, Query(description="只列一种 / only what was done in this way")] = None,
) -> History:
    """本人或本人名义下提交、签批、退回的提案及其结果。

    What the caller, or somebody in their place, proposed, signed or turned down, and what became of it.
    """
    me = caller.actor.humans
    with ledger.reading() as book:
        stands_at(response, book.number)
        rules = rules_in_force(book, today)
        proposals = list(PROPOSALS.items(book))
    done = [act for name, found in proposals for act in _acts(name, found) if act.signature.actor.humans & me]
    asked = (act for act in done if act.signature.number < before and what in (None, act.what))
    rows = sorted(asked, key=lambda act: -act.signature.number)
    page = rows[:limit]
    instants = journal.recorded_at(ledger.store, ledger.id, {act.signature.number for act in page})
    acts = [
        HistoryAct(
            what=what,
            number=one.number,
            at=instants[one.number],
            by=signer(one.actor),
            struck=list(one.struck),
            decided=found.decided,
            proposal=ProposalLine(**line_fields(name, found, rules)),
        )
        for what, one, name, found in page
    ]
    return History(acts=acts, next=acts[-1].number if len(rows) > limit else None)


def _acts(name: str, found: Proposal) -> Iterator[_Done]:
    yield _Done(What.PROPOSED, Signature(found.proposer, found.number), name, found)
    yield from (_Done(What.SIGNED, one, name, found) for one in found.approvals)
    if found.rejection:
        yield _Done(What.REJECTED, found.rejection, name, found)
