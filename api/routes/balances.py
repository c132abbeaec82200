"""Balances by plan, special, project, source and fund; what a special may still commit."""

from datetime import UTC, date, datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import AwareDatetime, BaseModel

from api.answers import bilingual
from api.openapi import READS
from api.problems import Bilingual, ProblemRaised, Wrong
from api.reading import After, Limit, TheLedger, reached, stands_at
from api.security import BookReader
from ledger.access.sight import Sight
from ledger.application import Ledger
from ledger.domain.fields import Id, Period, SpecialCode
from ledger.domain.money import yuan
from ledger.projections.balances import Card, Row, balances
from ledger.projections.figures import By
from ledger.projections.moment import NOW, Moment, number_by

router = APIRouter(prefix="/v1", tags=["balances"], dependencies=[reached])

At = Annotated[
    int | AwareDatetime | None,
    Query(description="截至该编号,或该时刻(带时区)已知 / as known at a number, or at an instant with its time zone"),
]
FiscalYear = Annotated[
    int | None, Query(ge=2000, le=2099, description="预算年度,默认最近一年 / the latest where absent")
]


class BalanceRow(BaseModel):
    """One line: its key (absent: unassigned, or no project), its name, and every figure in yuan."""

    key: str | None
    name: Bilingual
    figures: dict[str, str]


class AsOf(BaseModel):
    """In which sense it is of then: as known at a number, as closed through a period, as restated on a business date."""

    number: int | None = None
    period: str | None = None
    effective_on: date | None = None


class Balances(BaseModel):
    """Balances at one number. The names of the figures are in the catalogue; ``as_of`` is absent of the present.

    Of a past moment, matching_due and matching_gap are left out, and names are those of today.
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
    period: Annotated[Period | None, Query(description="截至该会计期间 / as closed through a period")] = None,
    effective: Annotated[date | None, Query(description="业务日期截至 / as restated on a business date")] = None,
) -> Balances:
    """按计划、专项、项目、来源或资金,当前或任一时点;当前余额与刚确认的记录一致。Now, or as of then in any of its three senses."""
    known = at if at is None or isinstance(at, int) else number_by(ledger.store, ledger.id, at, datetime.now(UTC))
    moment = Moment(known, period, effective)
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
        as_of=AsOf(**moment._asdict()) if moment != NOW else None,
        fiscal_year=card.fiscal_year,
        on=card.on,
        rows=[_row(row) for row in card.rows],
        total=_yuan(card.total),
        next=card.more,
    )


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
