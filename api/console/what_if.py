"""What if 试算推演: from when an amount is free in a special, and a call tried before it is opened: projects × size × later years.

A call is tried as the movements it would be: money set aside for it, and one commitment a project, of which each is judged on what
those before it left. The commitments stand on a project of the special in place of those that will be chosen.
"""

import json
from datetime import date
from typing import Annotated, Any, NamedTuple

from fastapi import Query, Request, Response

from api.console import effect
from api.console.effect import effect_of
from api.console.shell import Sent, SentKey, go, pages, show
from api.console.view import view_of
from api.moments import At, moment_of
from api.problems import Problem, ProblemRaised, Wrong, problem_of
from api.reading import TheLedger, Today, stands_at
from api.routes.balances import get_balances
from api.routes.earliest import EarliestFree, get_earliest
from api.routes.proposals import propose
from api.routes.whatif import Supposition, supposition
from api.security import Caller, Recorder, WhatIfAsker
from ledger.access.policy import Action
from ledger.application import Ledger
from ledger.domain.book import Book
from ledger.domain.catalogue import FUNDS, Fund, Name
from ledger.domain.commitment import FILED
from ledger.domain.fields import Day, Document, Id, SpecialCode
from ledger.domain.instalment import InstalmentPlan
from ledger.domain.money import Fen, FenOrZero
from ledger.domain.prefunding import LaterYear, PreFundingCommitted
from ledger.domain.project import CLOSED_PROJECTS, PROJECTS
from ledger.domain.refusals import Refusal
from ledger.domain.reservation import FundsReserved
from ledger.domain.special import all_specials
from ledger.projections.journal import standing
from ledger.projections.moment import OutsideLife, check_number

router = pages()
PATH = "/what-if"
PROJECTS_MAX = 200
YEARS = 4
"""Later years that a call may bind."""
TRIED = "what-if"
WORDS = {
    **effect.WORDS,
    "title": Name("试算推演", "What if"),
    "says": Name("只试算,不记录。", "It is only tried; nothing is recorded."),
    "to_list": Name("任意业务的清单试算", "Try a list of any movements"),
    "at": Name("在账本编号之上(不填即当前)", "On top of number (empty: now)"),
    "earliest": Name("最早何日可用", "When an amount is free at the earliest"),
    "amount": Name("金额(元)", "Amount (yuan)"),
    "find": Name("查询", "Find"),
    "free_now": Name("现在可用 {}", "Free now: {}"),
    "by_time": Name("{} 起可用,无须办理任何事项", "Free from {} on, and nothing has to be done"),
    "by_steps": Name("办完以下事项后,{} 起可用", "Free from {} on, once this was done"),
    "not_free": Name("所知各项全部办完仍缺 {}", "After all that is known, {} are still missing"),
    "step": Name("须办事项", "What must happen"),
    "brings": Name("带来", "Brings"),
    "on": Name("最早日期", "At the earliest"),
    "signed_by": Name("由谁签批", "Signed by"),
    "about": Name("对象", "About"),
    "takes": Name("待签批的提案将占用", "Proposals that wait would take"),
    "amount_of": Name("金额", "Amount"),
    "call": Name("申报指南试算", "A call, tried"),
    "call_code": Name("指南编号", "Code of the call"),
    "vintage": Name("指标年度", "Vintage"),
    "count": Name("项目数", "Projects"),
    "size": Name("每项当年金额(元)", "Each, this year (yuan)"),
    "later": Name("每项 {} 年(元)", "Each, in {} (yuan)"),
    "effective_on": Name("业务日期", "Business date"),
    "expires_on": Name("预留至", "Set aside until"),
    "try_call": Name("试算", "Try"),
    "net": Name("净可用", "Net available"),
    "all_fit": Name("{} 项全部可安排,合计 {}", "All {} fit, together {}"),
    "some_fit": Name("{} 项中可安排 {} 项", "Of {}, {} fit"),
    "refused": Name("第 {} 项起被拒:", "Refused from project {} on: "),
    "no_reserve": Name("预留被拒:", "Setting it aside is refused: "),
    "stands_in": Name("以项目 {} 代入试算", "Tried on project {}, which stands in for those to be chosen"),
    "nobody": Name(
        "该专项没有可代入的在研项目,只试算预留",
        "No open project of the special can stand in: only setting the money aside is tried",
    ),
    "figures": Name("对该专项的影响", "What it does to the special"),
    "hand_over": Name("提交预留提案", "Propose to set it aside"),
    "hands": Name(
        "提交后由有权者签批;项目立项时逐项安排", "Whoever may sign it does; projects are committed as they are chosen"
    ),
}


class Call(NamedTuple):
    """A call as the address says it; amounts of one project in fen. ``later``: of the years that follow on that of ``on``."""

    special: str
    fund: Fund
    vintage: int
    call: str
    projects: int
    size: int
    later: tuple[int, ...]
    on: date
    expires_on: date

    def reserving(self) -> FundsReserved:
        """What sets its money aside."""
        return FundsReserved(
            effective_on=self.on, call=self.call, fund=self.fund, special=self.special,
            amount=self.projects * self.size, expires_on=self.expires_on,
        )  # fmt: skip

    def committing(self, project: str, place: int, call: str | None) -> PreFundingCommitted:
        """What one project of it would take, on a project that stands in, under the call where that has money."""
        name = f"{TRIED}-{place}"
        years = enumerate(self.later, self.on.year + 1)
        return PreFundingCommitted(
            effective_on=self.on, project=project, fund=self.fund, vintage=self.vintage, amount=self.size, call=call,
            instalments=(InstalmentPlan(instalment=name, amount=self.size),), scheme=Document(number=TRIED),
            later_years=tuple(LaterYear(fiscal_year=year, amount=amount) for year, amount in years if amount),
        )  # fmt: skip


class Tried(NamedTuple):
    """What became of a call. ``reserved``: why its money cannot be set aside; ``first``: the first project refused, and why.

    ``net``: of the special in the year, before and after, in fen. ``project``: which stood in.
    """

    call: Call
    found: Supposition
    project: str | None
    fit: int
    reserved: Problem | None
    first: tuple[int, Problem] | None
    net: tuple[int, int]


@router.get(PATH)
def what_if_page(
    request: Request,
    ledger: TheLedger,
    caller: WhatIfAsker,
    today: Today,
    special: SpecialCode | None = None,
    amount: Fen | None = None,
    fund: Fund = Fund.STIDF,
    vintage: Annotated[int | None, Query(ge=2000, le=2099)] = None,
    call: Id | None = None,
    count: Annotated[int | None, Query(ge=1, le=PROJECTS_MAX)] = None,
    size: Fen | None = None,
    later_1: FenOrZero = 0,
    later_2: FenOrZero = 0,
    later_3: FenOrZero = 0,
    later_4: FenOrZero = 0,
    on: Day | None = None,
    expires_on: Day | None = None,
    at: At = None,
) -> Response:
    """最早可用日;指南试算。From when an amount is free; a call tried."""
    view, answer = view_of(request), Response()
    asked: Call | None = None
    day = on or today
    if special and count and size:
        later = (later_1, later_2, later_3, later_4)
        until = expires_on or date(day.year, 12, 31)
        name = call or f"{special}-{day.year}"
        asked = Call(special, fund, vintage or day.year, name, count, size, later, day, until)
    free, tried, problem = None, None, None
    try:
        if special and amount:
            free = _earliest(ledger, caller, answer, today, special, amount, on)
        if asked:
            tried = _tried(request, ledger, caller, today, asked, at)
            stands_at(answer, tried.found.number)
    except (OutsideLife, Refusal) as error:
        problem = problem_of(error, view.language)
    with ledger.reading() as book:
        specials = {code: one.name for code, one in all_specials(book).items() if caller.sees.special(book, code)}
    return show(
        request, caller, "what_if.html", WORDS, status=problem.status if problem else 200, answer=answer,
        specials=specials, special=special, free=free, tried=tried, problem=problem, funds=FUNDS, fund=fund,
        vintage=vintage or day.year, day=day, years=range(1, YEARS + 1),
        until=expires_on or date(day.year, 12, 31), may_propose=caller.reach(Action.RECORD),
        projects_max=PROJECTS_MAX, **effect_of(tried.found if tried else None),
    )  # fmt: skip


@router.post(PATH)
async def hand_over(
    request: Request,
    ledger: TheLedger,
    caller: Recorder,
    today: Today,
    sent: Sent,
    key: SentKey,
) -> Response:
    """把试算过的指南提交为预留提案。The call that was tried, as a proposal to set its money aside."""
    asked = {name: value for name, value in sent.items() if name != "key"}
    reserving = FundsReserved.model_validate_json(json.dumps(asked))
    name = await propose(ledger, [reserving], caller.actor, key, today, reserving.effective_on)
    return go(request, f"/inbox/{name}")


def _earliest(
    ledger: Ledger, caller: Caller, answer: Response, today: date, special: str, amount: int, on: date | None
) -> EarliestFree:
    """As its route answers whoever may see the books."""
    return get_earliest(ledger, caller._replace(action=Action.SEE_BOOKS), answer, today, special, amount, on)


def _tried(request: Request, ledger: Ledger, caller: Caller, today: date, call: Call, at: Any) -> Tried:
    """The call judged movement by movement. Raises OutsideLife, and NOT_FOUND for a special that may not be seen."""
    view, number = view_of(request), moment_of(ledger, at).number
    check_number(number, standing(ledger.store, ledger.id))
    with ledger.reading() if number is None else ledger.at(number) as book:
        if call.special not in all_specials(book) or not caller.sees.special(book, call.special):
            raise ProblemRaised(Wrong.NOT_FOUND, special=call.special)
        project = _stand_in(book, call.special)
    reserving, places = call.reserving(), range(1, call.projects + 1) if project else ()
    (alone,) = ledger.what_if([reserving], caller.actor, today, number).judged
    under = None if isinstance(alone.outcome, Refusal) else call.call
    commitments = [call.committing(project or "", place, under) for place in places]
    found = ledger.what_if([reserving, *commitments], caller.actor, today, number)
    told = supposition(found, today, caller.sees, view.language)
    reserved, *projects = told.lines
    refused = ((place, line.problem) for place, line in enumerate(projects, 1) if line.problem)
    balances = get_balances(
        request, ledger, caller._replace(action=Action.SEE_BOOKS), Response(), "special", call.on.year, call.special,
        None, None, 1, found.number, None, None,
    )  # fmt: skip
    net = view.fen(balances.total["net"])
    moved = sum(
        (row.after - row.before) * (1 if row.code == "B210" else -1)
        for row in found.rows
        if row.special == call.special and row.code in ("B210", "P200")
    )
    fit = sum(line.accepted for line in projects)
    return Tried(call, told, project, fit, reserved.problem, next(refused, None), (net, net + moved))


def _stand_in(book: Book, special: str) -> str | None:
    """An open project of the special, one that was filed before others; None where there is none."""
    ours = [
        name
        for name, project in PROJECTS.items(book)
        if project.special == special and not CLOSED_PROJECTS.get(book, name)
    ]
    return next((name for name in ours if FILED.get(book, name)), next(iter(ours), None))
