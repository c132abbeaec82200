"""Balances by plan, special, project, source and fund; what a special may still commit."""

from datetime import date, datetime
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel

from api.answers import bilingual
from api.moments import AsOf, At, Effective, FiscalYear, Through, as_of, moment_of
from api.openapi import READS
from api.problems import Bilingual, ProblemRaised, Wrong
from api.reading import After, Limit, TheLedger, reached, stands_at
from api.security import BookReader
from ledger.access.sight import Sight
from ledger.application import Ledger
from ledger.domain.fields import Id, SpecialCode
from ledger.domain.money import yuan
from ledger.projections.balances import Card, Row, balances
from ledger.projections.figures import By
from ledger.projections.moment import Moment

router = APIRouter(prefix="/v1", tags=["balances"], dependencies=[reached])


class BalanceRow(BaseModel):
    """One line: its key (absent: unassigned, or no project), its name, and every figure in yuan."""

    key: str | None
    name: Bilingual
    figures: dict[str, str]


class Balances(BaseModel):
    """Balances at one number. The names of the figures are in the catalogue; ``as_of`` is absent of the present.

    Of a past moment, matching_due and matching_gap are left out, and names are those of today. ``explain`` is the address of
    what made a figure: fill in ``figure``, and ``key`` of the row (RFC 6570).
    """

    by: By
    number: int
    recorded_at: datetime
    as_of: AsOf | None = None
    fiscal_year: int | None
    on: date
    rows: list[BalanceRow]
    total: dict[str, str]
    next: str | None
    explain: str


@router.get("/balances", summary="余额 / Balances", responses=READS)
def get_balances(
    request: Request,
    ledger: TheLedger,
    caller: BookReader,
    response: Response,
    by: By,
    fiscal_year: FiscalYear = None,
    special: Annotated[SpecialCode | None, Query()] = None,
    project: Annotated[Id | None, Query()] = None,
    after: After = None,
    limit: Limit = 200,
    at: At = None,
    period: Through = None,
    effective: Effective = None,
) -> Balances:
    """按计划、专项、项目、来源或资金,当前或任一时点;当前余额与刚确认的记录一致。Now, or as of then in any of its three senses."""
    moment = moment_of(ledger, at, period, effective)
    card = _card(
        ledger,
        by,
        request.app.state.today(),
        moment=moment,
        fiscal_year=fiscal_year,
        special=special,
        project=project,
        after=after,
        limit=limit,
        sees=caller.sees,
    )
    stands_at(response, card.number)
    return Balances(
        by=card.by,
        number=card.number,
        recorded_at=card.recorded_at,
        as_of=as_of(moment),
        fiscal_year=card.fiscal_year,
        on=card.on,
        rows=[_row(row) for row in card.rows],
        total=_yuan(card.total),
        next=card.more,
        explain=_explained_at(request),
    )


def _explained_at(request: Request) -> str:
    asked = [(name, value) for name, value in request.query_params.multi_items() if name not in _OF_THE_PAGE]
    return f"/v1/explain?{urlencode(asked)}{{&figure,key}}"


_OF_THE_PAGE = ("after", "limit", "min_number")
_TRIES = 20


def _card(
    ledger: Ledger,
    by: By,
    on: date,
    *,
    fiscal_year: int | None = None,
    special: str | None = None,
    project: str | None = None,
    after: str | None = None,
    limit: int = 200,
    sees: Sight,
    moment: Moment,
) -> Card:
    """The card and the Book at the same number: read again where another process recorded something in between."""
    for _ in range(_TRIES):
        with ledger.reading() as book:
            card = balances(
                ledger.store,
                ledger.id,
                book,
                by,
                on=on,
                fiscal_year=fiscal_year,
                special=special,
                project=project,
                after=after,
                limit=limit,
                sees=sees,
                moment=moment,
            )
            if moment.number is not None or card.number == book.number:
                return card
    raise ProblemRaised(Wrong.NUMBER_NOT_REACHED)


def _row(row: Row) -> BalanceRow:
    return BalanceRow(key=row.key, name=bilingual(row.name), figures=_yuan(row.figures))


def _yuan(figures: dict[str, int]) -> dict[str, str]:
    return {name: yuan(amount) for name, amount in figures.items()}
