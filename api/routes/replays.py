"""Replays 重放: recorded movements judged again, under the parameters then in force or under others. Nothing is recorded."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from api.answers import kind_label
from api.bodies import SmallBodyRoute
from api.language import Language, language_of
from api.openapi import WRITES
from api.problems import Bilingual, Problem, problem_of
from api.reading import NUMBER_MAX, TheLedger, Today, stands_at, within_sight
from api.security import Rejudger
from ledger.domain.fields import SHAPE
from ledger.domain.parameter import ParameterValue, supposed, supposed_as_on
from ledger.projections.moment import OutsideLife
from ledger.rejudging import Verdict, judge_again

router = APIRouter(prefix="/v1/replays", tags=["journal"], route_class=SmallBodyRoute)

MOVEMENTS_MAX = 10_000


class Under(StrEnum):
    """Which parameters judge: those in force then, or those of today on every day."""

    THEN = "THEN"
    TODAY = "TODAY"


class ToBeJudged(BaseModel):
    """Which movements, ``first`` to ``last``, by number, and under which parameters; ``supposed`` goes before ``under``.

    One answer covers ``limit`` movements at most.
    """

    model_config = SHAPE

    first: int = Field(1, ge=1, le=NUMBER_MAX)
    last: int | None = Field(None, ge=1, le=NUMBER_MAX)
    under: Annotated[Under, Field(strict=False)] = Under.THEN
    supposed: list[ParameterValue] = Field(default=[], max_length=50)
    limit: int = Field(2_000, ge=1, le=MOVEMENTS_MAX)


class OtherVerdict(BaseModel):
    """A recorded movement that would be refused, and how that would be answered; or that would post other lines, without."""

    number: int
    kind: str
    label: Bilingual
    recorded_at: datetime
    effective_on: date
    refusal: Problem | None = None


class JudgedAgain(BaseModel):
    """What would not be recorded as it was, of ``first`` to ``last``; ``next``: the first number that was not judged."""

    first: int
    last: int
    otherwise: list[OtherVerdict]
    next: int | None = None


@router.post("/judge", summary="重新审核 / Judge again", responses=WRITES, response_model_exclude_none=True)
def judge_recorded(
    request: Request, asked: ToBeJudged, ledger: TheLedger, caller: Rejudger, today: Today, response: Response
) -> JudgedAgain:
    """逐条按当时的账重新审核,历史不变。Each where it stood; history stays as it is, and nothing is recorded."""
    with ledger.reading() as book:
        head = book.number
        for value in asked.supposed:
            value.check_value(book)
        settings = supposed_as_on(book, today) if asked.under is Under.TODAY else {}
    last = head if asked.last is None else asked.last
    if not asked.first <= last <= head:
        raise OutsideLife(f"{asked.first}–{last}", "1", str(head))
    to = min(last, asked.first + asked.limit - 1)
    with ledger.at(asked.first - 1) as book:
        verdicts = judge_again(ledger.store, ledger.id, book, to, settings | supposed(asked.supposed))
        otherwise = {verdict.recorded.number: verdict for verdict in verdicts if not verdict.stands}
    seen = within_sight(ledger, caller.sees, [verdict.recorded for verdict in otherwise.values()])
    lines = [other_verdict(otherwise[one.number], language_of(request)) for one in seen]
    stands_at(response, to)
    return JudgedAgain(first=asked.first, last=to, otherwise=lines, next=to + 1 if to < last else None)


def other_verdict(verdict: Verdict, language: Language) -> OtherVerdict:
    """A verdict that is another one, as it is answered."""
    recorded, refusal = verdict.recorded, verdict.refusal
    return OtherVerdict(
        number=recorded.number,
        kind=recorded.movement.kind,
        label=kind_label(recorded.movement.kind),
        recorded_at=recorded.recorded_at,
        effective_on=recorded.movement.effective_on,
        refusal=problem_of(refusal, language) if refusal else None,
    )
