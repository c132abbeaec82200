"""Explain 溯源: the movements behind a figure of the balances, and the proof that they make it."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from pydantic import AfterValidator, BaseModel, StringConstraints
from pydantic_core import PydanticCustomError

from api.answers import Dimensions, bilingual, dimensions_of, kind_label
from api.moments import AsOf, At, Effective, FiscalYear, Through, as_of, moment_of
from api.openapi import READS
from api.problems import Bilingual, ProblemRaised, Wrong
from api.reading import Limit, TheLedger, Today, reached, stands_at
from api.security import BookReader
from ledger.domain.accounts import ACCOUNTS
from ledger.domain.fields import Id, SpecialCode
from ledger.domain.money import yuan
from ledger.projections.balances import Question
from ledger.projections.explain import Asked, Component, Explanation, Moving, NoSuchFigure, Step, explain
from ledger.projections.figures import FIGURES, By
from ledger.projections.lines import START, Position

router = APIRouter(prefix="/v1", tags=["balances"], dependencies=[reached])
_log = logging.getLogger("ledger.api")


def _known_figure(name: str) -> str:
    if name not in FIGURES:
        raise PydanticCustomError("figure_form", "name a figure of the balances")
    return name


FigureName = Annotated[str, Query(json_schema_extra={"enum": list(FIGURES)}), AfterValidator(_known_figure)]
AfterLine = Annotated[
    Annotated[str, StringConstraints(pattern=r"^[0-9]{1,15}\.[0-9]{1,4}$")] | None,
    Query(description="上一页的 next / `next` of the page before"),
]


class FigurePart(BaseModel):
    """A part of the figure in yuan, with the sign it has in it: made by lines, or else by days that came or have not come."""

    figure: str
    name: Bilingual
    sign: int
    amount: str
    by_lines: bool


class PostedLine(BaseModel):
    """One posted line, in yuan: ``amount`` as it counts in the figure that is its ``component``.

    ``late``: posted to a later period than it was effective in. ``corrects``: the movement whose version it belongs to.
    """

    number: int
    line: int
    voucher: int | None = None
    kind: str
    label: Bilingual
    recorded_at: datetime
    effective_on: date
    period: str
    late: bool
    document: str | None = None
    corrects: int | None = None
    account: str
    account_name: Bilingual
    dimensions: Dimensions
    component: str
    amount: str


class ExplainedLine(PostedLine):
    """One line behind a figure; ``running``: what it and all before it come to."""

    running: str


class Explained(BaseModel):
    """A figure as the balances give it, and the lines behind it in their order, in yuan.

    ``sum`` is that of all lines and days, read in the same snapshot; ``proven``: it is the figure, and every line of this page
    is what the recorded bytes say and leads from ``before`` to the next. ``difference``, where there is one, is a fault.
    """

    by: By
    key: str | None
    whole: bool
    figure: str
    name: Bilingual
    number: int
    recorded_at: datetime
    as_of: AsOf | None = None
    fiscal_year: int | None
    on: date
    amount: str
    sum: str
    difference: str | None = None
    proven: bool
    components: list[FigurePart]
    before: str
    lines: list[ExplainedLine]
    next: str | None


@router.get("/explain", summary="溯源 / The movements behind a figure", responses=READS)
def get_explanation(
    ledger: TheLedger,
    caller: BookReader,
    response: Response,
    today: Today,
    by: By,
    figure: FigureName,
    key: Annotated[
        Id | None, Query(description="行的 key;空则为未分配行 / of the row; absent: the unassigned one")
    ] = None,
    whole: Annotated[bool, Query(description="合计 / of the total instead of a row")] = False,
    fiscal_year: FiscalYear = None,
    special: Annotated[SpecialCode | None, Query()] = None,
    project: Annotated[Id | None, Query()] = None,
    after: AfterLine = None,
    limit: Limit = 100,
    at: At = None,
    period: Through = None,
    effective: Effective = None,
) -> Explained:
    """任一余额,当前或任一时点,由哪些业务构成;逐页列出,合计与余额核对一致。Any figure, now or then: what made it, proven."""
    question = Question(by, today, fiscal_year, special, project, caller.sees, moment_of(ledger, at, period, effective))
    asked = Asked(question, figure, key, whole)
    with answerable():
        found = explain(ledger.store, ledger.id, ledger.reading, asked, after=position(after), limit=limit)
    if not found.proven:
        _log.error(
            "figure not proven: %s of %s at %s: %s, lines %s", figure, key, found.number, found.amount, found.sum
        )
    stands_at(response, found.number)
    return _explained(found)


@contextmanager
def answerable() -> Iterator[None]:
    """What cannot be explained is answered as a problem."""
    try:
        yield
    except NoSuchFigure:
        raise ProblemRaised(Wrong.NOT_FOUND) from None
    except Moving:
        raise ProblemRaised(Wrong.NUMBER_NOT_REACHED) from None


def position(after: str | None) -> Position:
    """The line to go on after, as ``next`` named it."""
    return START if after is None else Position(*map(int, after.split(".")))


def next_line(more: Position | None) -> str | None:
    """Where lines go on."""
    return f"{more.number}.{more.line}" if more else None


def _explained(found: Explanation) -> Explained:
    asked, card = found.asked, found.asked.card
    return Explained(
        by=card.by,
        key=asked.key,
        whole=asked.whole,
        figure=asked.figure,
        name=bilingual(FIGURES[asked.figure]),
        number=found.number,
        recorded_at=found.recorded_at,
        as_of=as_of(card.moment),
        fiscal_year=found.fiscal_year,
        on=found.on,
        amount=yuan(found.amount),
        sum=yuan(found.sum),
        difference=None if found.sum == found.amount else yuan(found.sum - found.amount),
        proven=found.proven,
        components=[_part(part) for part in found.components],
        before=yuan(found.before),
        lines=[ExplainedLine(**posted_line(step), running=yuan(step.running)) for step in found.steps],
        next=next_line(found.more),
    )


def _part(part: Component) -> FigurePart:
    return FigurePart(
        figure=part.figure, name=bilingual(part.name), sign=part.sign, amount=yuan(part.amount), by_lines=part.by_lines
    )


def posted_line(step: Step) -> dict[str, Any]:
    """The fields of a PostedLine."""
    recorded, leg, document = step.recorded, step.leg, step.recorded.movement.document
    return {
        "number": step.at.number,
        "line": step.at.line,
        "voucher": recorded.voucher,
        "kind": recorded.movement.kind,
        "label": kind_label(recorded.movement.kind),
        "recorded_at": recorded.recorded_at,
        "effective_on": leg.effective_on,
        "period": leg.period,
        "late": step.late,
        "document": document.number if document else None,
        "corrects": leg.corrects,
        "account": leg.account.code,
        "account_name": bilingual(ACCOUNTS[leg.account.code].name),
        "dimensions": dimensions_of(leg.account),
        "component": step.component,
        "amount": yuan(step.amount),
    }
