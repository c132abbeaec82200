"""What if 试算推演: movements judged on top of now or of a past number, recorded nowhere, and what they would leave."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import partial

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool

from api.answers import Dimensions, RecordedLine, accepted_line, bilingual, dimensions_of
from api.bodies import BulkBody, Line
from api.language import Language, language_of
from api.malformed import FAULTS_MAX
from api.moments import At, moment_of
from api.openapi import LIST_BODY, NOT_SUPPORTED, WRITES
from api.problems import Bilingual, Problem, ProblemRaised, Wrong, malformed, problem_of
from api.reading import TheLedger, Today, reached, stands_at
from api.routes.bulk import parsed
from api.security import WhatIfAsker
from ledger.access.sight import Sight
from ledger.application import TRIED_AT_ONCE, Ledger
from ledger.domain.accounts import ACCOUNTS
from ledger.domain.alert import ALERTS, Alert, Due
from ledger.domain.catalogue import Role
from ledger.domain.money import yuan
from ledger.domain.movement import Actor
from ledger.domain.refusals import Refusal
from ledger.domain.whatif import Judged, Moved, RowMoved, WhatIf
from ledger.projections.journal import standing
from ledger.projections.moment import check_number

router = APIRouter(prefix="/v1", tags=["balances"], dependencies=[reached])
LINES_MAX = TRIED_AT_ONCE


class SupposedLine(BaseModel):
    """What would become of one line, counted from 1: recorded under that number if nothing came before, or the problem.

    ``needs``: whose signatures it needs, any one of these, each in its order; they are taken for given.
    """

    line: int
    accepted: bool
    recorded: RecordedLine | None = None
    recorded_as: str | None = None
    needs: list[list[Role]] = []
    problem: Problem | None = None


class AccountMoved(BaseModel):
    """What an account holds and would hold, in yuan. ``below_zero``: it would be taken there, which only facts do."""

    account: str
    account_name: Bilingual
    dimensions: Dimensions
    before: str
    after: str
    below_zero: bool


class CardMoved(BaseModel):
    """What a special, or what belongs to none, holds and would hold in an account of a fiscal year, in yuan."""

    fiscal_year: int | None = None
    plan: str | None = None
    special: str | None = None
    account: str
    account_name: Bilingual
    before: str
    after: str


class AlertMoved(BaseModel):
    """An alert that would come or go: of how much (yuan), since when, and how it ends."""

    kind: Alert
    name: Bilingual
    remedy: Bilingual
    from_on: date
    amount: str
    source: str | None = None
    special: str | None = None
    project: str | None = None
    ref: str | None = None


class Supposition(BaseModel):
    """What a list of movements would do on top of ``number``; nothing was recorded.

    Each line is judged on what the accepted ones before it left, and a refusal stops nothing.
    """

    number: int
    on: date
    accepted: int
    refused: int
    lines: list[SupposedLine]
    accounts: list[AccountMoved]
    rows: list[CardMoved]
    raised: list[AlertMoved]
    settled: list[AlertMoved]


@router.post(
    "/what-if",
    summary="试算推演 / What if",
    responses=WRITES | {415: NOT_SUPPORTED},
    openapi_extra=LIST_BODY,
    response_model_exclude_none=True,
)
async def ask_what_if(
    request: Request,
    ledger: TheLedger,
    caller: WhatIfAsker,
    response: Response,
    today: Today,
    body: BulkBody,
    at: At = None,
) -> Supposition:
    """逐笔试算,视同已签批,不记录;被拒的不影响其后。Judged one by one as if signed, on top of now or of ``at``; recorded nowhere."""

    lines = await run_in_threadpool(parsed, request, body, LINES_MAX)
    found = await run_in_threadpool(_asked, ledger, lines, caller.actor, today, at)
    stands_at(response, found.number)
    return supposition(found, today, caller.sees, language_of(request))


def _asked(ledger: Ledger, lines: Sequence[Line], asker: Actor, today: date, at: int | datetime | None) -> WhatIf:
    faults = [
        fault.model_copy(update={"where": f"{line.number}.{fault.where}"}) for line in lines for fault in line.faults
    ]
    if faults:
        raise ProblemRaised(Wrong.MALFORMED, problems=faults[:FAULTS_MAX])
    number = moment_of(ledger, at).number
    check_number(number, standing(ledger.store, ledger.id))
    movements = [line.movement for line in lines if line.movement is not None]
    if any(movement.of_proposals for movement in movements):
        raise malformed("body", "请列出业务本身,不列提案", "list the movements themselves, no proposals")
    return ledger.what_if(movements, asker, today, number)


def supposition(found: WhatIf, day: date, sees: Sight, language: Language) -> Supposition:
    """What became of each, and what would move, of what the asker sees; ``day``: the business date it was asked on."""
    answers = [_line(line, judged, language) for line, judged in enumerate(found.judged, 1)]
    accepted = sum(answer.accepted for answer in answers)
    plans = {row.special: row.plan for row in found.rows}
    seen = partial(_is_seen, sees, plans)
    return Supposition(
        number=found.number,
        on=day,
        accepted=accepted,
        refused=len(answers) - accepted,
        lines=answers,
        accounts=[_account(one) for one in found.accounts if seen(one.account.special, one.account.source)],
        rows=[_row(row) for row in found.rows if seen(row.special, None)],
        raised=[_alert(due) for due in found.raised if seen(due.special, due.source)],
        settled=[_alert(due) for due in found.settled if seen(due.special, due.source)],
    )


def _is_seen(sees: Sight, plans: Mapping[str | None, str | None], special: str | None, source: str | None) -> bool:
    """Within the specials, or their plans, and the sources that somebody is confined to."""
    within = sees.specials is None or not sees.specials.isdisjoint({special, plans.get(special)})
    return within and (source is None or sees.source(source))


def _line(number: int, judged: Judged, language: Language) -> SupposedLine:
    needs = [list(chain) for chain in judged.needs]
    outcome = judged.outcome
    if isinstance(outcome, Refusal):
        return SupposedLine(line=number, accepted=False, needs=needs, problem=problem_of(outcome, language))
    recorded = RecordedLine(**accepted_line(outcome))
    return SupposedLine(line=number, accepted=True, recorded=recorded, recorded_as=outcome.recorded_as, needs=needs)


def _account(moved: Moved) -> AccountMoved:
    return AccountMoved(
        account=moved.account.code,
        account_name=bilingual(ACCOUNTS[moved.account.code].name),
        dimensions=dimensions_of(moved.account),
        before=yuan(moved.before),
        after=yuan(moved.after),
        below_zero=moved.below_zero,
    )


def _row(row: RowMoved) -> CardMoved:
    return CardMoved(
        fiscal_year=row.fiscal_year,
        plan=row.plan,
        special=row.special,
        account=row.code,
        account_name=bilingual(ACCOUNTS[row.code].name),
        before=yuan(row.before),
        after=yuan(row.after),
    )


def _alert(due: Due) -> AlertMoved:
    what = ALERTS[due.kind]
    return AlertMoved(
        kind=due.kind,
        name=bilingual(what.name),
        remedy=bilingual(what.remedy),
        from_on=due.from_on,
        amount=yuan(due.amount),
        source=due.source,
        special=due.special,
        project=due.project,
        ref=due.ref,
    )
