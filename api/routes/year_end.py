"""The year's end 年终结转: what must happen so that a year can close, every line judged; nothing is recorded here."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response
from pydantic import BaseModel

from api.answers import Dimensions, bilingual, dimensions_of, kind_label
from api.openapi import READS
from api.problems import Bilingual, ProblemRaised, Wrong
from api.reading import NUMBER_MAX, TheLedger, Today, reached, stands_at
from api.routes.periods import BlockerLine, blocker_line
from api.security import BookReader, Caller
from ledger.domain.book import Book
from ledger.domain.closing_list import years_of
from ledger.domain.money import yuan
from ledger.domain.wording import in_words
from ledger.yearend.plan import FATES, Fate, Line
from ledger.yearend.trial import Total, first_day, totals, try_year_end

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


@router.get("/{year}", summary="年终结转试算 / Try the year's end", responses=READS, response_model_exclude_none=True)
def try_the_year_end(
    ledger: TheLedger,
    caller: BookReader,
    response: Response,
    today: Today,
    year: Annotated[int, Path(ge=2000, le=2099)],
    after: Annotated[int, Query(ge=0, le=NUMBER_MAX)] = 0,
    limit: Annotated[int, Query(ge=1, le=LINES_MAX, description="每页行数 / rows of a page")] = 100,
) -> YearEnd:
    """逐笔列出结转、结余、收回与结账,按现行规则试算,不作记录;已结账的年度没有内容,不能反结账,以决算文件作结转调整。

    Judged by the rules on a copy of the books, which is thrown away. A closed year has nothing left and never reopens: final
    accounts adjust it (CarryForwardAdjusted).
    """
    with ledger.reading() as book:
        if year not in years_of(book):
            raise ProblemRaised(Wrong.NOT_FOUND, year=year)
        apart = book.copy()
    stands_at(response, apart.number)
    day = first_day(year, today)
    trial = try_year_end(apart, year, day, caller.actor)
    lines = [line for line in trial.lines if _seen(apart, caller, line)]
    blockers = [one for one in trial.blockers if one.account is None or caller.sees.account(apart, one.account)]
    page = list(enumerate(lines, 1))[after : after + limit]
    return YearEnd(
        year=year,
        on=day,
        number=trial.number,
        count=len(lines),
        refused=sum(line.refusal is not None for line in lines),
        totals=[_total(total) for total in totals(lines, year)],
        blockers=[blocker_line(one) for one in blockers],
        lines=[_line(number, line) for number, line in page],
        next=after + limit if after + limit < len(lines) else None,
    )


def _seen(book: Book, caller: Caller, line: Line) -> bool:
    """What closes is a matter of everybody's."""
    return line.account is None or caller.sees.account(book, line.account)


def _line(number: int, line: Line) -> YearEndLine:
    movement = line.movement
    label = bilingual(FATES[line.fate]) if line.fate else kind_label(movement.kind if movement else "")
    refused = None
    if line.refusal is not None:
        words = bilingual(in_words(line.refusal))
        refused = YearEndRefusal(code=line.refusal.code, clause=line.refusal.clause, words=words)
    return YearEndLine(
        line=number,
        kind=movement.kind if movement else None,
        label=label,
        account=line.account.code if line.account else None,
        dimensions=dimensions_of(line.account) if line.account else None,
        amount=yuan(line.amount) if line.account else None,
        fate=line.fate,
        movement=movement.model_dump(mode="json", exclude_none=True) if movement else None,
        refused=refused,
    )


def _total(total: Total) -> YearEndTotal:
    fund, vintage, age, lines, *amounts = total
    names = ("carried_over", "surplus", "withdrawn", "undecided", "refused")
    return YearEndTotal(
        fund=fund, vintage=vintage, age=age, lines=lines, **dict(zip(names, map(yuan, amounts), strict=True))
    )
