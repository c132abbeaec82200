"""The year's end 年终结转: the list with every line judged, what stands against it, then all of it handed over as one proposal."""

from collections.abc import Iterable
from datetime import date
from functools import partial
from typing import Annotated, Any, Final

from fastapi import Query, Request, Response

from api.console.mending import looked_at, mended_at
from api.console.shell import Sent, go, pages, show
from api.console.view import view_of
from api.problems import ProblemRaised, Wrong
from api.reading import NUMBER_MAX, Limit, TheLedger, Today
from api.routes.jobs import begin
from api.routes.year_end import TheTrials, answer_of, asked_by
from api.security import BookReader, Caller, Recorder
from ledger.access.policy import Action
from ledger.application import Ledger
from ledger.domain.accounts import ACCOUNTS
from ledger.domain.catalogue import Name, source_name
from ledger.domain.closing_list import years_of
from ledger.domain.movement import Actor
from ledger.domain.period import CLOSED_YEARS
from ledger.domain.refusals import Code
from ledger.domain.signing import check_may_propose
from ledger.domain.wording import WAYS_OUT
from ledger.domain.yearend import YearClosed
from ledger.jobs import Progress, Result, kind_of_work
from ledger.yearend.kept import Asked, Trials
from ledger.yearend.recording import standing, submit
from ledger.yearend.trial import first_day, try_year_end

HANDING_OVER: Final = kind_of_work("year-end", "年终结转", "The year's end")
TRYING: Final = kind_of_work("year-end-trial", "年终结转试算", "The year's end, tried")
TRIED_AT_ONCE = 20_000
"""A list of a ledger with more accounts than that is tried as long work: a thousand lines take a third of a second."""
router = pages()
WORDS = {
    "title": Name("年终结转", "The year's end"),
    "to_closing": Name("结账", "Closing"),
    "years": Name("年度", "Years"),
    "closed": Name("{} 年度已由第 {} 号结账", "{} was closed by number {}"),
    "no_reopening": Name("为何没有“反结账”", "Why nothing is reopened"),
    "waiting": Name("本年度结转的提案待签批", "The proposal of this year's end waits for approval"),
    "step_list": Name("第一步:核对试算清单", "First: go through the list as it was tried"),
    "large": Name(
        "账户较多,试算在后台进行,完成后在此列出。",
        "There are many accounts: the list is tried in the background, and is then here.",
    ),
    "try": Name("试算 {} 年度", "Try the end of {}"),
    "try_again": Name("重新试算", "Try it again"),
    "behind": Name(
        "此清单截至账本号 {},此后账本又记录了 {} 笔,尚未计入。",
        "This list is of number {}. The ledger has recorded {} more since, which it does not know.",
    ),
    "judged": Name(
        "按 {} 的业务日期逐笔试算,未记录任何内容", "Every line judged on the business date {}; nothing is recorded"
    ),
    "all_well": Name("{} 行,全部可受理", "{} lines, all of them acceptable"),
    "refused_count": Name("{} 行,其中 {} 行将被拒绝", "{} lines, of which {} would be refused"),
    "totals": Name("按资金和指标年度合计", "By fund and vintage"),
    "vintage": Name("指标年度", "Vintage"),
    "age": Name("满年数", "Years old"),
    "count": Name("行数", "Lines"),
    "carried_over": Name("结转", "Carried over"),
    "surplus": Name("结余", "Surplus"),
    "withdrawn": Name("收回", "Withdrawn"),
    "undecided": Name("待定", "Undecided"),
    "refused": Name("将被拒绝", "Refused"),
    "blockers": Name("阻碍结账的事项", "What blocks closing"),
    "reason": Name("事项", "What"),
    "where": Name("位置", "Where"),
    "listed": Name("列出 {} 项,共 {} 项", "{} of {} are listed"),
    "lines": Name("逐行清单", "Line by line"),
    "line": Name("行", "Line"),
    "fate": Name("处理", "What becomes of it"),
    "account": Name("科目", "Account"),
    "why": Name("拒绝原因", "Why refused"),
    "step_hand": Name("第二步:提交为一份提案", "Then: hand all of it over as one proposal"),
    "hand_says": Name(
        "另一人签批后一并记录,年度随之结账,不能反结账。提交在后台进行,可离开此页。",
        "Once another person signs, all of it is recorded and the year is closed for good. You may leave while it is made.",
    ),
    "hand": Name("提交 {} 年度结转", "Hand over the end of {}"),
    "mend_first": Name("处理将被拒绝的行后才能提交。", "What would be refused must be mended before it can be handed over."),
    "not_mine": Name("由财政部门提交", "The finance department hands it over"),
}  # fmt: skip


@router.get("/year-end")
def year_end_page(
    request: Request,
    ledger: TheLedger,
    trials: TheTrials,
    caller: BookReader,
    today: Today,
    year: Annotated[int | None, Query(ge=2000, le=2099)] = None,
    after: Annotated[int, Query(ge=0, le=NUMBER_MAX)] = 0,
    limit: Limit = 100,
) -> Response:
    """逐笔试算清单、合计和障碍,然后提交为一份提案。最早的未结账年度,除非另行指定。"""
    with ledger.reading() as book:
        years, head, large = list(years_of(book)), book.number, book.accounts > TRIED_AT_ONCE
        closed = {one: CLOSED_YEARS.get(book, one) for one in years}
        chosen = year or next((one for one in years if not closed[one]), years[-1] if years else None)
        if chosen not in years:
            raise ProblemRaised(Wrong.NOT_FOUND, year=chosen or "")
        name, waiting = standing(book, chosen)
    answer, view = Response(), view_of(request)
    asked = asked_by(caller, chosen, today)
    tried = trials.newest(asked) if large else trials.tried(ledger, asked)
    found = answer_of(answer, asked, tried, after, limit) if tried else None
    said: dict[str, Any] = {
        "found": found,
        "year": chosen,
        "behind": head - found.number if found and found.number < head else 0,
        "years": years,
        "closed_by": closed[chosen],
        "waiting": name if waiting else None,
        "may": _may_propose(caller, chosen, today),
        "grant": caller.granted.number,
        "more": view.here(after=found.next) if found and found.next else None,
        "accounts": ACCOUNTS,
        "source_name": source_name,
        "ways_out": WAYS_OUT[Code.PERIOD_CLOSED],
        "mended_at": partial(mended_at, request, caller),
        "looked_at": partial(looked_at, request),
    }
    return show(request, caller, "year_end.html", WORDS, answer=answer, **said)


def _may_propose(caller: Caller, year: int, today: date) -> bool:
    """Whether somebody sees all of the books and begins what closes a year."""
    closing = YearClosed(effective_on=first_day(year, today), year=year)
    begins = any(chain[0] is caller.actor.role for chain in closing.signs)
    return begins and caller.reach(Action.RECORD) is not None and caller.sees.everything


@router.post("/year-end/trial")
def try_it(
    request: Request,
    ledger: TheLedger,
    trials: TheTrials,
    caller: BookReader,
    today: Today,
    sent: Sent,
) -> Response:
    """后台试算,结果见年终结转页。The list is tried as long work and kept for whoever asked."""
    with ledger.reading() as book:
        asked = asked_by(caller, _year_of(sent, years_of(book)), today)
    about = {"year": asked.year}
    job = begin(request, Response(), caller, TRYING, about, partial(_tried, ledger, trials, asked))
    return go(request, f"/jobs/{job.job}")


def _year_of(sent: dict[str, str], years: Iterable[int]) -> int:
    asked = {str(year): year for year in years}.get(sent.get("year", ""))
    if asked is None:
        raise ProblemRaised(Wrong.NOT_FOUND)
    return asked


def _tried(ledger: Ledger, trials: Trials, asked: Asked, progress: Progress) -> Result:
    progress.at("试算", "Judging")
    tried = trials.tried(ledger, asked, progress)
    return Result({"year": asked.year, "number": tried.number, "lines": len(tried.lines), "refused": tried.refused})


@router.post("/year-end")
def hand_over(
    request: Request,
    ledger: TheLedger,
    caller: Recorder,
    today: Today,
    sent: Sent,
) -> Response:
    """重新试算,全部可受理时提交为一份提案;进度见后台任务。Tried once more, and proposed where nothing is refused."""
    with ledger.reading() as book:
        year = _year_of(sent, [one for one in years_of(book) if not CLOSED_YEARS.get(book, one)])
        name, waiting = standing(book, year)
    if waiting:
        return go(request, f"/inbox/{name}")
    check_may_propose([YearClosed(effective_on=first_day(year, today), year=year)], caller.actor)
    do = partial(_handed_over, ledger, caller.actor, year, today)
    job = begin(request, Response(), caller, HANDING_OVER, {"year": year, "proposal": name}, do)
    return go(request, f"/jobs/{job.job}")


def _handed_over(ledger: Ledger, proposer: Actor, year: int, today: date, progress: Progress) -> Result:
    """Raises the Refusal of the first line that would be refused by now."""
    progress.at("试算", "Judging")
    with ledger.reading() as book:
        name, waiting = standing(book, year)
        apart = book.copy()
    if waiting:  # somebody else was quicker
        return Result({"proposal": name, "number": waiting.number})
    trial = try_year_end(apart, year, first_day(year, today), proposer, progress)
    for line in trial.lines:
        if line.refusal is not None:
            raise line.refusal
    progress.at("提交", "Submitting")
    receipt = submit(ledger, name, trial, proposer, today)
    return Result({"proposal": name, "number": receipt.number, "lines": len(trial.movements)})
