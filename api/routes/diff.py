"""Differences 比对: which figures differ between two moments, and the movements that made each difference."""

import logging
from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel

from api.answers import bilingual
from api.moments import AsOf, At, Effective, FiscalYear, Through, as_of, moment_of
from api.openapi import READS
from api.problems import Bilingual
from api.reading import After, Limit, TheLedger, Today, reached, stands_at
from api.routes.explain import AfterLine, FigureName, PostedLine, answerable, next_line, position, posted_line
from api.security import BookReader
from ledger.domain.fields import Id, SpecialCode
from ledger.domain.money import yuan
from ledger.projections.balances import Card, Question
from ledger.projections.diff import EVERY_MEASURE, Changed, Difference, Page, diff
from ledger.projections.explain import Asked
from ledger.projections.figures import By

router = APIRouter(prefix="/v1", tags=["balances"], dependencies=[reached])
_log = logging.getLogger("ledger.api")


class Side(BaseModel):
    """One of the two moments, and the number it stands at; ``as_of`` is absent of the present."""

    number: int
    recorded_at: datetime
    as_of: AsOf | None = None
    on: date


class FigureChange(BaseModel):
    """A figure then and now, in yuan."""

    since: str
    to: str
    difference: str


class ChangedRow(BaseModel):
    """A row and its figures that differ. ``expired``: part of the difference of net that days made, not lines, in yuan."""

    key: str | None
    name: Bilingual
    figures: dict[str, FigureChange]
    expired: str


class ChangedLine(PostedLine):
    """A line that counts at one of the moments alone: with its amount at the second, with the opposite at the first."""

    key: str | None


class Differing(BaseModel):
    """What differs between two moments: rows, and the lines that made it. ``proven``: each measure of each row and of the total
    differs by exactly what the lines between sum to, and the lines of this page are what the recorded bytes say.

    Rows of projects go on with ``next_row``, lines with ``next``. matching_due and matching_gap are of now alone and left out.
    """

    by: By
    fiscal_year: int | None
    since: Side
    to: Side
    proven: bool
    rows: list[ChangedRow]
    total: ChangedRow
    next_row: str | None
    lines: list[ChangedLine]
    next: str | None


@router.get("/diff", summary="比对 / What differs between two moments", responses=READS)
def get_diff(
    ledger: TheLedger,
    caller: BookReader,
    response: Response,
    today: Today,
    by: By,
    since_at: At = None,
    since_period: Through = None,
    since_effective: Effective = None,
    at: At = None,
    period: Through = None,
    effective: Effective = None,
    key: Annotated[Id | None, Query(description="只看该行 / this row alone")] = None,
    figure: Annotated[FigureName | None, Query(description="只列该数字的业务 / lines of this figure alone")] = None,
    fiscal_year: FiscalYear = None,
    special: Annotated[SpecialCode | None, Query()] = None,
    project: Annotated[Id | None, Query()] = None,
    after_row: After = None,
    after: AfterLine = None,
    limit: Limit = 100,
) -> Differing:
    """从 since_* 到 at、period、effective 所指时点:哪些数字不同,由哪些业务造成,合计核对一致。From one moment to another, proven."""
    since = moment_of(ledger, since_at, since_period, since_effective)
    moment = moment_of(ledger, at, period, effective)
    question = Question(by, today, fiscal_year, special, project, caller.sees, moment)
    asked = Asked(question, figure or EVERY_MEASURE, key, whole=key is None)
    with answerable():
        page = Page(after_row, position(after), limit)
        found = diff(ledger.store, ledger.id, ledger.reading, since, asked, page)
    if not found.proven:
        _log.error("difference not proven: by %s from %s to %s", by, since, moment)
    stands_at(response, max(found.since.number, found.to.number))
    return _differing(found)


def _differing(found: Difference) -> Differing:
    return Differing(
        by=found.to.by,
        fiscal_year=found.to.fiscal_year,
        since=_side(found.since),
        to=_side(found.to),
        proven=found.proven,
        rows=[_row(row) for row in found.rows],
        total=_row(found.total),
        next_row=found.more_rows,
        lines=[ChangedLine(**posted_line(made.step), key=made.key) for made in found.lines],
        next=next_line(found.more),
    )


def _side(card: Card) -> Side:
    return Side(number=card.number, recorded_at=card.recorded_at, as_of=as_of(card.moment), on=card.on)


def _row(row: Changed) -> ChangedRow:
    figures = {
        name: FigureChange(since=yuan(was), to=yuan(now), difference=yuan(now - was))
        for name, (was, now) in row.figures.items()
    }
    return ChangedRow(key=row.key, name=bilingual(row.name), figures=figures, expired=yuan(row.expired))
