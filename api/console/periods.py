"""Closing 结账: periods and years, what blocks closing and whose it is, where it is mended; then the month is closed."""

from datetime import date
from functools import partial
from typing import Any, NamedTuple

from fastapi import Request, Response
from starlette.concurrency import run_in_threadpool

from api.console.mending import looked_at, mended_at
from api.console.shell import Place, Sent, SentKey, go, pages, show
from api.console.view import view_of
from api.moments import FiscalYear
from api.problems import NOT_RECORDED, problem_of
from api.reading import TheLedger, Today
from api.routes.movements import record
from api.routes.periods import list_periods
from api.routes.proposals import propose
from api.security import BookReader, Caller, Recorder
from ledger.access.policy import Action
from ledger.application import Ledger
from ledger.domain.catalogue import Name
from ledger.domain.closing import PeriodClosed
from ledger.domain.movement import Movement
from ledger.domain.refusals import Code
from ledger.domain.signing import chains_of
from ledger.domain.wording import WAYS_OUT

PLACE = Place("/periods", Name("结账", "Closing"), Action.SEE_BOOKS)
ROWS = 100
"""So many lines of each list stand on the page; their number is said."""
router = pages()
WORDS = {
    "title": Name("结账", "Closing"),
    "closes": Name("下一个结账:{}", "Closes next: {}"),
    "blocked": Name("阻碍结账 {} 项", "{} block it"),
    "free": Name("没有障碍,可以结账", "Nothing blocks it: it can be closed"),
    "blockers": Name("阻碍结账的事项", "What blocks closing"),
    "look_at": Name("不阻碍结账,但应先核对", "Blocks nothing, but look at it first"),
    "reason": Name("事项", "What"),
    "where": Name("位置", "Where"),
    "listed": Name("列出 {} 项,共 {} 项", "{} of {} are listed"),
    "step_list": Name("先核对清单,处理阻碍事项。", "First go through the list, and mend what blocks it."),
    "step_close": Name("清单核对完毕后结账。结账后不能反结账。", "Then close it. What is closed is closed for good."),
    "close": Name("{} 结账", "Close {}"),
    "propose": Name("提交 {} 结账,待签批", "Propose to close {}"),
    "not_mine": Name("由财政部门办理", "The finance department closes it"),
    "no_reopening": Name("为何没有“反结账”", "Why nothing is reopened"),
    "year_end": Name("年终结转", "The year's end"),
    "states": Name("会计期间", "Periods"),
    "period": Name("期间", "Period"),
    "closed": Name("已结账", "Closed"),
    "open": Name("未结账", "Open"),
    "year": Name("年度 {}", "Year {}"),
    "closed_by": Name("结账编号", "Closed by number"),
    "closed_at": Name("结账时间", "Closed"),
    "no_periods": Name("账本尚未开账", "The ledger has not begun"),
}


class Way(NamedTuple):
    """How somebody may have something recorded: alone, or by proposing it."""

    alone: bool
    proposes: bool


@router.get("/periods")
def periods_page(
    request: Request, ledger: TheLedger, caller: BookReader, today: Today, fiscal_year: FiscalYear = None
) -> Response:
    """各期间状态、结账清单(障碍、责任方、办法),由有权的人结账。"""
    return _page(request, ledger, caller, today, fiscal_year)


def _page(
    request: Request,
    ledger: Ledger,
    caller: Caller,
    today: date,
    fiscal_year: int | None,
    *,
    status: int = 200,
    wrong: str = "",
    closes: str = "",
) -> Response:
    answer = Response()
    found = list_periods(ledger, caller, answer, today, fiscal_year, ROWS)
    months = [one for one in found.next if one.kind == PeriodClosed.__name__ and not one.blocked]
    ways = {one.closes: way_of(ledger, caller, _closed(one.closes, today)) for one in months}
    said: dict[str, Any] = {
        "found": found,
        "ways": ways,
        "grant": caller.granted.number,
        "wrong": wrong,
        "wrong_at": closes,
        "ways_out": WAYS_OUT[Code.PERIOD_CLOSED],
        "mended_at": partial(mended_at, request, caller),
        "looked_at": partial(looked_at, request),
        "rows": ROWS,
    }
    return show(request, caller, "periods.html", WORDS, answer=answer, status=status, **said)


def _closed(period: str, day: date) -> PeriodClosed:
    return PeriodClosed(effective_on=day, closes=period)


def way_of(ledger: Ledger, caller: Caller, movement: Movement) -> Way:
    """Whether somebody who sees all of the books records it alone, or proposes it."""
    if caller.reach(Action.RECORD) is None or not caller.sees.everything:
        return Way(False, False)
    with ledger.reading() as book:
        chains = chains_of(book, movement)
    role = caller.actor.role
    return Way((role,) in chains, any(chain[0] is role for chain in chains))


@router.post("/periods")
async def close_period(
    request: Request,
    ledger: TheLedger,
    caller: Recorder,
    today: Today,
    sent: Sent,
    key: SentKey,
    fiscal_year: FiscalYear = None,
) -> Response:
    """月度结账;须会签的提交为提案。Closed, or proposed where others sign, too."""
    closes, reading = sent.get("closes", ""), caller._replace(action=Action.SEE_BOOKS)
    try:
        movement = _closed(closes, today)
        way = await run_in_threadpool(way_of, ledger, reading, movement)
        if way.proposes and not way.alone:
            return go(request, f"/inbox/{await propose(ledger, [movement], caller.actor, key, today)}")
        receipt = await record(ledger, movement, caller.actor, key, Response(), today)
    except NOT_RECORDED as error:
        problem = problem_of(error, view_of(request).language)
        said: dict[str, Any] = {"status": problem.status, "wrong": problem.detail, "closes": closes}
        return await run_in_threadpool(partial(_page, request, ledger, reading, today, fiscal_year, **said))
    return go(request, f"/movements/{receipt.number}")
