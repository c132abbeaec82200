"""The year's end 年终结转: what must happen so that a year can close, every line judged; nothing is recorded here."""

import json
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic import BaseModel

from api.answers import Dimensions, bilingual, dimensions_of, kind_label
from api.openapi import READS
from api.problems import Bilingual, ProblemRaised, Wrong
from api.reading import NUMBER_MAX, TheLedger, Today, reached, stands_at
from api.routes.periods import BlockerLine, blocker_line
from api.security import BookReader, Caller
from ledger.domain.closing_list import years_of
from ledger.domain.money import yuan
from ledger.domain.wording import in_words
from ledger.yearend.kept import Asked, Judged, Trials, Tried
from ledger.yearend.plan import FATES, Fate
from ledger.yearend.trial import Total, first_day

router = APIRouter(prefix="/v1/year-end", tags=["periods"], dependencies=[reached])

LINES_MAX = 5_000


class YearEndRefusal(BaseModel):
    """Why a line would be refused."""

    code: str
    clause: str
    words: Bilingual


class YearEndLine(BaseModel):
    """Money at one place, in yuan, and what becomes of it; or, without an account, what then closes.

    ``movement`` is the request, as POST /v1/proposals takes it; absent where a rule is missing. ``refused`` absent: accepted.
    """

    line: int
    kind: str | None = None
    label: Bilingual
    account: str | None = None
    dimensions: Dimensions | None = None
    amount: str | None = None
    fate: Fate | None = None
    movement: dict[str, Any] | None = None
    refused: YearEndRefusal | None = None


class YearEndTotal(BaseModel):
    """What becomes of a fund's vintage, in yuan; ``age``: how many years old it is when the year ends."""

    fund: str
    vintage: int
    age: int
    lines: int
    carried_over: str
    surplus: str
    withdrawn: str
    undecided: str
    refused: str


class YearEnd(BaseModel):
    """The list of a year's end as judged at one number. It may be proposed where ``refused`` is zero.

    ``lines``: a page of ``count``; ``next`` goes into ``after``. Totals and blockers are of the whole list.
    """

    year: int
    on: date
    number: int
    count: int
    refused: int
    totals: list[YearEndTotal]
    blockers: list[BlockerLine]
    lines: list[YearEndLine]
    next: int | None = None


async def _trials(request: Request) -> Trials:
    found: Trials = request.app.state.trials
    return found


TheTrials = Annotated[Trials, Depends(_trials)]


@router.get("/{year}", summary="年终结转试算 / Try the year's end", responses=READS, response_model_exclude_none=True)
def try_the_year_end(
    ledger: TheLedger,
    trials: TheTrials,
    caller: BookReader,
    response: Response,
    today: Today,
    year: Annotated[int, Path(ge=2000, le=2099)],
    after: Annotated[int, Query(ge=0, le=NUMBER_MAX)] = 0,
    limit: Annotated[int, Query(ge=1, le=LINES_MAX, description="每页行数 / rows of a page")] = 100,
) -> YearEnd:
    """逐笔列出结转、结余、收回与结账,按现行规则试算,不作记录;已结账的年度没有内容,不能反结账,以决算文件作结转调整。

    Judged by the rules on a copy of the books, which is thrown away, once for each number at which the ledger stands. A closed
    year has nothing left and never reopens: final accounts adjust it (CarryForwardAdjusted).
    """
    with ledger.reading() as book:
        if year not in years_of(book):
            raise ProblemRaised(Wrong.NOT_FOUND, year=year)
    asked = asked_by(caller, year, today)
    return answer_of(response, asked, trials.tried(ledger, asked), after, limit)


def asked_by(caller: Caller, year: int, today: date) -> Asked:
    """The question that a request puts."""
    return Asked(year, first_day(year, today), caller.actor, caller.sees)


def answer_of(response: Response, asked: Asked, tried: Tried, after: int, limit: int) -> YearEnd:
    """A page of a list, with the totals and blockers of all of it."""
    stands_at(response, tried.number)
    count = len(tried.lines)
    return YearEnd(
        year=asked.year,
        on=asked.on,
        number=tried.number,
        count=count,
        refused=tried.refused,
        totals=[_total(total) for total in tried.totals],
        blockers=[blocker_line(one) for one in tried.blockers],
        lines=[_line(number, line) for number, line in enumerate(tried.lines[after : after + limit], after + 1)],
        next=after + limit if after + limit < count else None,
    )


def _line(number: int, line: Judged) -> YearEndLine:
    label = bilingual(FATES[line.fate]) if line.fate else kind_label(line.kind or "")
    refused = None
    if line.refusal is not None:
        words = bilingual(in_words(line.refusal))
        refused = YearEndRefusal(code=line.refusal.code, clause=line.refusal.clause, words=words)
    return YearEndLine(
        line=number,
        kind=line.kind,
        label=label,
        account=line.account.code if line.account else None,
        dimensions=dimensions_of(line.account) if line.account else None,
        amount=yuan(line.amount) if line.account else None,
        fate=line.fate,
        movement=json.loads(line.request) if line.request else None,
        refused=refused,
    )


def _total(total: Total) -> YearEndTotal:
    fund, vintage, age, lines, *amounts = total
    names = ("carried_over", "surplus", "withdrawn", "undecided", "refused")
    return YearEndTotal(
        fund=fund, vintage=vintage, age=age, lines=lines, **dict(zip(names, map(yuan, amounts), strict=True))
    )
