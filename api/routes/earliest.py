"""Earliest 最早可用: from which day on an amount is free in a special, and what must happen first."""

from datetime import date
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel

from api.answers import bilingual
from api.openapi import READS
from api.problems import Bilingual, ProblemRaised, Wrong
from api.reading import TheLedger, Today, reached, stands_at
from api.security import BookReader
from ledger.domain.catalogue import ROLES, Role
from ledger.domain.earliest import NOT_KNOWN, STEPS, Earliest, Kind, Step, Visible, earliest
from ledger.domain.fields import Day, SpecialCode
from ledger.domain.money import Fen, yuan
from ledger.domain.special import special_state
from ledger.folding import recall

router = APIRouter(prefix="/v1", tags=["balances"], dependencies=[reached])


class NeededStep(BaseModel):
    """One thing that must happen, in yuan: what it brings, on which day at the earliest, and any one of whose signatures.

    ``ref``: the proposal or the call; ``special``: from which the money comes.
    """

    kind: Kind
    name: Bilingual
    amount: str
    on: date
    needs: list[list[Role]]
    needs_words: Bilingual
    clause: str
    fund: str | None = None
    vintage: int | None = None
    special: str | None = None
    ref: str | None = None


class TakingProposal(BaseModel):
    """A proposal that waits and would take so much (yuan) of what is free."""

    proposal: str
    amount: str


class EarliestFree(BaseModel):
    """When so many yuan are free in a special, from today's books. ``by_time``: the day that needs nothing but time.

    Otherwise ``on`` needs the steps, in their order, each judged by the rules on what those before it leave. ``short_by``: what
    is missing in that year after all that is known and may be seen; ``not_known`` says what is not.
    """

    special: str
    name: Bilingual
    amount: str
    today: date
    free: str
    by_time: date | None
    on: date | None
    steps: list[NeededStep]
    short_by: str
    takes: list[TakingProposal]
    not_known: Bilingual


@router.get("/availability/earliest", summary="最早可用日 / From when an amount is free", responses=READS)
def get_earliest(
    ledger: TheLedger,
    caller: BookReader,
    response: Response,
    today: Today,
    special: Annotated[SpecialCode, Query()],
    amount: Annotated[Fen, Query(description="元 / yuan")],
    on: Annotated[Day | None, Query(description="从该业务日起算,默认今天 / as if today were this day")] = None,
) -> EarliestFree:
    """某专项何日可有此金额,须先办哪些事。From which day on an amount is free in a special, and what must happen first."""
    sees = caller.sees
    with ledger.reading() as book:
        stands_at(response, book.number)
        state = special_state(book, special)
        if state is None or not sees.special(book, special):
            raise ProblemRaised(Wrong.NOT_FOUND, special=special)
        visible = Visible(partial(sees.special, book), sees.source)
        try:
            found = earliest(
                book, special, amount, on or today, visible, partial(recall, ledger.store, ledger.id, book)
            )
        finally:
            book.recalled.clear()
    return _earliest(found, bilingual(state.name))


def _earliest(found: Earliest, name: Bilingual) -> EarliestFree:
    return EarliestFree(
        special=found.special,
        name=name,
        amount=yuan(found.amount),
        today=found.today,
        free=yuan(found.free),
        by_time=found.by_time,
        on=found.on,
        steps=[_step(step) for step in found.steps],
        short_by=yuan(found.short),
        takes=[TakingProposal(proposal=one.proposal, amount=yuan(one.amount)) for one in found.takes],
        not_known=bilingual(NOT_KNOWN),
    )


def _step(step: Step) -> NeededStep:
    return NeededStep(
        kind=step.kind,
        name=bilingual(STEPS[step.kind]),
        amount=yuan(step.amount),
        on=step.on,
        needs=[list(chain) for chain in step.needs],
        needs_words=Bilingual(
            zh="或".join("+".join(ROLES[role].zh for role in chain) for chain in step.needs),
            en=" or ".join(" + ".join(ROLES[role].en for role in chain) for chain in step.needs),
        ),
        clause=step.clause,
        fund=step.fund,
        vintage=step.vintage,
        special=step.special,
        ref=step.ref,
    )
