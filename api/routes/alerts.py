"""Alerts 预警: what somebody must look after on a day, how late it is, of how much, whose it is and how it ends."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel

from api.answers import bilingual
from api.openapi import READS
from api.problems import Bilingual
from api.reading import Limit, TheLedger, Today, followed, stands_at
from api.routes.periods import Owner, owners_of
from api.security import BookReader
from ledger.domain.alert import ALERTS, Alert, Missing, terms
from ledger.domain.fields import Day, Id, SpecialCode
from ledger.domain.money import yuan
from ledger.domain.parameter import PARAMETERS
from ledger.projections.alerts import Alerts, Found, Total, alerts
from ledger.projections.balances import narrowed

router = APIRouter(prefix="/v1/alerts", tags=["balances"], dependencies=[followed(Alerts)])
SKIPPED_MAX = 1_000_000


class AlertLine(BaseModel):
    """One alert, in yuan. ``due_on``: the last business day on which it was in time. ``number``: the last movement about it."""

    kind: Alert
    name: Bilingual
    due_on: date
    days_late: int
    amount: str
    source: str | None = None
    special: str | None = None
    project: str | None = None
    ref: str | None = None
    vintage: int | None = None
    party: str | None = None
    number: int


class AlertTotal(BaseModel):
    """All alerts of a kind, other pages included: whose they are and how they end."""

    kind: Alert
    name: Bilingual
    alerts: int
    amount: str
    owners: list[Owner]
    remedy: Bilingual
    clause: str


class MissingParameter(BaseModel):
    """A parameter without which nothing is said of a kind; ``scopes``: of which specials or funds, empty where of any."""

    kind: Alert
    parameter: str
    name: Bilingual
    scopes: list[str]


class AlertPage(BaseModel):
    """The most overdue first, then the largest. ``number``: what the follower knew; ``next`` goes into ``after``."""

    on: date
    number: int
    alerts: list[AlertLine]
    totals: list[AlertTotal]
    missing_parameters: list[MissingParameter]
    next: int | None = None


@router.get("", summary="预警 / Alerts", responses=READS, response_model_exclude_none=True)
def list_alerts(
    ledger: TheLedger,
    caller: BookReader,
    response: Response,
    today: Today,
    on: Annotated[Day | None, Query(description="业务日期,默认今天,可为将来 / business date, today; may come")] = None,
    kind: Annotated[Alert | None, Query()] = None,
    special: Annotated[SpecialCode | None, Query()] = None,
    project: Annotated[Id | None, Query()] = None,
    after: Annotated[int, Query(ge=0, le=SKIPPED_MAX, description="上一页的 next / `next` of the page before")] = 0,
    limit: Limit = 100,
) -> AlertPage:
    """按当日有效的参数;没有参数的,列明所缺参数。By the parameters in force on the day; of what is missing one, it says so.

    以账本现状推断:过去或将来的日期,均按目前已记录的业务。Of any day by what is recorded now.
    """
    day = on or today
    with ledger.reading() as book:
        held, missing = terms(book, day)
        within = narrowed(book, caller.sees)
    found = alerts(
        ledger.store,
        ledger.id,
        day,
        held,
        within,
        kind=kind,
        special=special,
        project=project,
        skip=after,
        limit=limit,
    )
    stands_at(response, found.standing)
    return AlertPage(
        on=day,
        number=found.standing,
        alerts=[_line(one, day) for one in found.alerts],
        totals=[_total(of, total) for of, total in found.totals.items()],
        missing_parameters=[_missing(one) for one in missing if kind in (None, one.kind)],
        next=found.more,
    )


def _line(found: Found, day: date) -> AlertLine:
    due = found.due
    due_on = found.begins_on - date.resolution
    return AlertLine(
        kind=due.kind,
        name=bilingual(ALERTS[due.kind].name),
        due_on=due_on,
        days_late=(day - due_on).days,
        amount=yuan(due.amount),
        source=due.source,
        special=due.special,
        project=due.project,
        ref=due.ref,
        vintage=due.vintage,
        party=due.party,
        number=found.number,
    )


def _total(kind: Alert, total: Total) -> AlertTotal:
    what = ALERTS[kind]
    return AlertTotal(
        kind=kind,
        name=bilingual(what.name),
        alerts=total.alerts,
        amount=yuan(total.amount),
        owners=owners_of(what.owners),
        remedy=bilingual(what.remedy),
        clause=what.clause,
    )


def _missing(one: Missing) -> MissingParameter:
    name = bilingual(PARAMETERS[one.parameter].name)
    return MissingParameter(kind=one.kind, parameter=one.parameter, name=name, scopes=list(one.scopes))
