"""What a month of a source waits for: facts to record, suspense to clear, what is open, and the sign-off by a second person."""

from collections import Counter
from typing import Annotated

from fastapi import Query, Request, Response
from starlette.concurrency import run_in_threadpool

from api.bodies import number_in
from api.console.reconcile import MONTHS, NOT_DONE, of_months
from api.console.shell import Sent, go, pages, show
from api.console.view import view_of
from api.problems import Problem, malformed, problem_of
from api.reading import TheLedger, Today
from api.routes.reconciliations import (
    MONTH,
    OfAMonth,
    SourceName,
    TheWork,
    propose_sign_off,
    reopen_month,
    source_of,
)
from api.routes.worklist import FactsAsked, propose_facts, read_worklist
from api.security import BookReader, Caller, Reconciler, ThePeople
from ledger.application import Ledger
from ledger.domain.catalogue import Name
from ledger.domain.period import CLOSED_PERIODS
from ledger.domain.reconciliation import SETTLED
from ledger.reconciliation.application import Reconciliations, last_day

router = pages()
WORDS = MONTHS | {
    "title": Name("对账待办", "Work list of a month"),
    "back": Name("回到来源", "To the source"),
    "cases": Name("本月对账项", "Cases of the month"),
    "act": Name("事项", "What is to be done"),
    "about": Name("对象", "About"),
    "facts": Name("拟补记", "Would be recorded"),
    "case": Name("对账项 {}", "case {}"),
    "told": Name("账单未写明的", "What the statement does not tell"),
    "detail": Name("明细号", "Detail id"),
    "cites": Name("所属申请或原支付", "Order or settlement"),
    "candidates": Name("候选申请", "Orders that fit"),
    "pick": Name("补记 {}", "Record {}"),
    "propose": Name("所选补记事项提请第二人审批", "Hand the chosen facts on to a second person"),
    "none_chosen": Name("请先选择要补记的对账项", "Choose what is to be recorded first"),
    "proposed": Name("已提交提案 {},由第二名财务人员审批", "Proposal {} waits for a second person of finance"),
    "sign": Name("签认", "Sign-off"),
    "sign_off": Name("提请签认 {}", "Hand {} on for signing off"),
    "still_open": Name("签认时仍待查", "Still open as it is signed"),
    "nothing_open": Name("没有待查项", "Nothing is open"),
    "not_matched": Name("本月尚未匹配", "Nothing of this month was matched"),
    "reopen": Name("重新打开 {}", "Reopen {}"),
    "reopened": Name("已重新打开,须重新签认", "Reopened: it must be signed anew"),
    "ledger_total": Name("账面发生额", "Ledger moved"),
    "statement_total": Name("账单发生额", "Statement moved"),
    "unexplained": Name("未说明差额", "Unexplained"),
    "closed": Name("本月已结账,不再签认", "The month is closed in the ledger: it is signed off no more"),
    "nothing": Name("本月没有待办", "Nothing is to be done for this month"),
}


@router.get("/reconcile/{source}/worklist")
def worklist_page(
    request: Request,
    ledger: TheLedger,
    work: TheWork,
    caller: BookReader,
    name: SourceName,
    month: Annotated[str, Query(pattern=MONTH)],
    proposed: Annotated[str | None, Query(max_length=100)] = None,
    reopened: Annotated[bool, Query()] = False,
) -> Response:
    """一个来源一个月的待办和签认。"""
    return _page(request, ledger, work, caller, name, month, proposed=proposed, reopened=reopened)


def _page(
    request: Request,
    ledger: Ledger,
    work: Reconciliations,
    caller: Caller,
    name: str,
    month: str,
    problem: Problem | None = None,
    sent: dict[str, str] | None = None,
    proposed: str | None = None,
    reopened: bool = False,
) -> Response:
    answer = Response()
    found = read_worklist(ledger, work, caller, answer, name, month)
    source = source_of(work, name)
    with ledger.reading() as book:
        closed = CLOSED_PERIODS.get(book, month) is not None
    standing = next((one for one in source.months if one.month == month), None)
    return show(
        request,
        caller,
        "reconcile_worklist.html",
        WORDS,
        status=problem.status if problem else 200,
        answer=answer,
        tasks=found.tasks,
        kinds=Counter(task.act for task in found.tasks),
        source=source,
        month=month,
        until=last_day(month),
        closed=closed,
        standing=standing,
        open_ones=[one for one in standing.statuses if one.status not in SETTLED] if standing else [],
        inbox="/inbox" in {place.path for place in request.app.state.menu},
        problem=problem,
        sent=sent or {},
        proposed=proposed,
        reopened=reopened,
        **of_months(caller),
    )


@router.post("/reconcile/{source}/worklist")
async def act(
    request: Request,
    ledger: TheLedger,
    work: TheWork,
    people: ThePeople,
    caller: Reconciler,
    name: SourceName,
    today: Today,
    sent: Sent,
    month: Annotated[str, Query(pattern=MONTH)],
) -> Response:
    """提请补记、提请签认或重新打开。"""
    path, of_month = f"/reconcile/{name}/worklist", OfAMonth(month=month)

    def do() -> Response:
        try:
            if "sign_off" in sent:
                signing = propose_sign_off(work, people, caller, name, of_month, today)
                return go(request, path, month=month, proposed=signing.proposal)
            if "reopen" in sent:
                reopen_month(work, people, caller, name, of_month)
                return go(request, path, month=month, reopened="true")
            facts = propose_facts(work, people, caller, name, _facts(sent), today)
            return go(request, path, month=month, proposed=facts.proposal)
        except NOT_DONE as error:
            problem = problem_of(error, view_of(request).language)
            return _page(request, ledger, work, caller, name, month, problem, sent)

    return await run_in_threadpool(do)


def _facts(sent: dict[str, str]) -> FactsAsked:
    """The cases that were chosen, with what was told of them. Raises MALFORMED, ValidationError."""
    chosen = [field.removeprefix("case.") for field in sent if field.startswith("case.")]
    if not chosen or any(number_in(one) is None for one in chosen):
        raise malformed("cases", WORDS["none_chosen"].zh, WORDS["none_chosen"].en)
    told = [
        {"case": int(one), "detail": sent.get(f"detail.{one}") or None, "cites": sent.get(f"cites.{one}") or None}
        for one in chosen
    ]
    said = [one for one in told if one["detail"] or one["cites"]]
    return FactsAsked.model_validate({"cases": [int(one) for one in chosen], "told": said})
