"""Cases of a source: the ledger and the statement side by side, with what could belong to them; accepted, matched, explained."""

from collections.abc import Mapping
from typing import Annotated, Any, Final

from fastapi import Query, Request, Response
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool

from api.console.reconcile import NOT_DONE
from api.console.shell import HEADERS, Sent, pages, show
from api.console.view import view_of
from api.problems import Problem, malformed, problem_of
from api.reading import Limit, TheLedger
from api.routes.reconciled_cases import PLACE as CASE_PLACE
from api.routes.reconciled_cases import list_cases
from api.routes.reconciliations import (
    MONTH,
    CasesExplained,
    CasesNamed,
    MatchedByHand,
    SourceName,
    StatementSource,
    TheWork,
    accept_cases,
    explain_cases,
    match_lines,
    source_of,
    take_cases_apart,
)
from api.security import BookReader, Caller, Reconciler, ThePeople
from ledger.access.people import People
from ledger.access.policy import Action
from ledger.domain.catalogue import Name
from ledger.domain.money import fen
from ledger.domain.reconciliation import CAUSES, SETTLED, Status, statuses
from ledger.reconciliation.application import Reconciliations

router = pages()
KEPT: Final = {
    "PROPOSED": Name("建议", "Proposed"),
    "ACCEPTED": Name("已确认", "Accepted"),
    "BY_HAND": Name("人工匹配", "Matched by hand"),
    "EXPLAINED": Name("已说明", "Explained"),
}
WORDS: Final = {
    "title": Name("对账项", "Cases"),
    "back": Name("回到来源", "To the source"),
    "worklist": Name("本月待办与签认", "Work list and sign-off of the month"),
    "month": Name("月份", "Month"),
    "which": Name("范围", "Which"),
    "open_only": Name("仅待查", "Open ones alone"),
    "find": Name("筛选", "Filter"),
    "ledger": Name("账面", "Ledger"),
    "statement": Name("账单", "Statement"),
    "ledger_amount": Name("账面金额", "Ledger moved"),
    "statement_amount": Name("账单金额", "Statement moved"),
    "difference": Name("差额", "Difference"),
    "why": Name("依据、原因", "Rule, cause"),
    "candidate": Name("候选", "Candidate"),
    "awaited": Name("待付 {}", "{} awaited"),
    "gone": Name("账面已更正,此行不存在", "Corrected away in the ledger"),
    "changed": Name("匹配后有更正,须拆开重新匹配", "Corrected since: take it apart and match again"),
    "was": Name("原为 {}", "was {}"),
    "by": Name("{} 经办", "by {}"),
    "row": Name("第 {} 行", "row {}"),
    "acts": Name("办理", "Act"),
    "accept": Name("确认", "Accept"),
    "apart": Name("拆开", "Take apart"),
    "pick_case": Name("选择对账项 {}", "Choose case {}"),
    "pick_line": Name("选择行 {}", "Choose line {}"),
    "of_filter": Name("筛选范围合计:{} 项,其中待查 {} 项", "Whole filter: {} cases, {} of them open"),
    "page_total": Name("全部筛选范围", "Whole filter"),
    "decide": Name("人工处理", "Decide by hand"),
    "ticked": Name("勾选合计(元):账面 {} 账单 {} 差额 {}", "Ticked (yuan): ledger {} statement {} difference {}"),
    "reason": Name("理由", "Reason"),
    "cause": Name("原因", "Cause"),
    "match": Name("匹配所勾选的行", "Match the ticked lines"),
    "explain": Name("说明所选对账项", "Explain the chosen cases"),
    "keyboard": Name("键盘", "Keyboard"),
    "keyboard_help": Name(
        "在对账项内:j、k 或 ↓、↑ 换项,a 确认,u 拆开,x 选择,e 选择并填写说明;Tab 可到每个控件",
        "Within the cases: j, k or ↓, ↑ move, a accepts, u takes apart, x chooses, e chooses to explain; Tab reaches all",
    ),
    "did_accept": Name("已确认", "Accepted"),
    "did_apart": Name(
        "已拆开,待下次匹配或人工匹配", "Taken apart: open until the next matching, or until matched by hand"
    ),
    "did_match": Name("已匹配", "Matched"),
    "did_explain": Name("已说明", "Explained"),
    "none": Name("没有符合条件的对账项", "No case fits"),
    "nothing_chosen": Name("请先选择对账项", "Choose a case first"),
}
Filter = Annotated[str | None, Query(pattern=MONTH)]
After = Annotated[str | None, Query(pattern=CASE_PLACE)]


@router.get("/reconcile/{source}/cases")
def cases_page(
    request: Request,
    ledger: TheLedger,
    work: TheWork,
    caller: BookReader,
    name: SourceName,
    month: Filter = None,
    status: Annotated[Status | None, Query()] = None,
    open_only: Annotated[bool, Query()] = False,
    after: After = None,
    limit: Limit = 50,
    did: Annotated[str | None, Query(max_length=20)] = None,
) -> Response:
    """一个来源的对账项,双方并列。"""
    asked = {"month": month, "status": status, "open_only": open_only, "after": after, "limit": limit}
    return _page(request, ledger, work, caller, name, asked, did=WORDS.get(f"did_{did}"))


def _page(
    request: Request,
    ledger: TheLedger,
    work: Reconciliations,
    caller: Caller,
    name: str,
    asked: Mapping[str, Any],
    problem: Problem | None = None,
    sent: Mapping[str, str] | None = None,
    did: Name | None = None,
) -> Response:
    answer = Response()
    found = list_cases(ledger, work, caller, answer, name, **asked)
    source = source_of(work, name)
    return show(
        request,
        caller,
        "reconcile_cases.html",
        WORDS,
        status=problem.status if problem else 200,
        answer=answer,
        scripts=["own/cases.js"],
        found=found,
        source=source,
        totals=_totals(source, asked),
        statuses=statuses(source.against),
        causes=CAUSES,
        kept_names=KEPT,
        settled=SETTLED,
        acts=caller.reach(Action.RECONCILE) is not None,
        problem=problem,
        sent=sent or {},
        did=did,
    )


def _totals(source: StatementSource, asked: Mapping[str, Any]) -> dict[str, int]:
    """Cases, open ones, and fen of differences without sign, of the whole filter."""
    counted = [
        one
        for month in source.months
        if asked["month"] in (None, month.month)
        for one in month.statuses
        if asked["status"] in (None, one.status) and not (asked["open_only"] and one.status in SETTLED)
    ]
    return {
        "cases": sum(one.cases for one in counted),
        "open": sum(one.cases for one in counted if one.status not in SETTLED),
        "difference": sum(fen(one.difference) for one in counted),
    }


@router.post("/reconcile/{source}/cases")
async def decide(
    request: Request,
    ledger: TheLedger,
    work: TheWork,
    people: ThePeople,
    caller: Reconciler,
    name: SourceName,
    sent: Sent,
    month: Filter = None,
    status: Annotated[Status | None, Query()] = None,
    open_only: Annotated[bool, Query()] = False,
    after: After = None,
    limit: Limit = 50,
) -> Response:
    """确认、拆开、人工匹配或说明。"""
    asked = {"month": month, "status": status, "open_only": open_only, "after": after, "limit": limit}

    def do() -> Response:
        try:
            did = _decided(work, people, caller, name, sent)
        except NOT_DONE as error:
            problem = problem_of(error, view_of(request).language)
            return _page(request, ledger, work, caller, name, asked, problem, sent)
        place = f"#case-{sent['next']}" if sent.get("next", "").isdecimal() else ""
        there = view_of(request).here(did=did, after=after)
        return RedirectResponse(there + place, 303, HEADERS)

    return await run_in_threadpool(do)


def _decided(work: Reconciliations, people: People, caller: Caller, name: str, sent: Mapping[str, str]) -> str:
    """Do what a button said; answers which. Raises what the routes do."""
    chosen = [field.removeprefix("case.") for field in sent if field.startswith("case.")]
    if "accept" in sent:
        accept_cases(work, people, caller, name, CasesNamed.model_validate({"cases": [_number(sent["accept"])]}))
        return "accept"
    if "apart" in sent:
        take_cases_apart(work, people, caller, name, CasesNamed.model_validate({"cases": [_number(sent["apart"])]}))
        return "apart"
    if "match" in sent:
        sides = {
            side: [field.removeprefix(f"{side}.") for field in sent if field.startswith(f"{side}.")]
            for side in ("ours", "theirs")
        }
        match_lines(
            work, people, caller, name, MatchedByHand.model_validate({**sides, "reason": sent.get("reason", "")})
        )
        return "match"
    if not chosen:
        raise malformed("cases", WORDS["nothing_chosen"].zh, WORDS["nothing_chosen"].en)
    said = {"cases": [_number(one) for one in chosen], "reason": sent.get("reason", "")}
    explain_cases(
        work, people, caller, name, CasesExplained.model_validate({**said, "cause": sent.get("cause") or None})
    )
    return "explain"


def _number(said: str) -> int:
    """Raises MALFORMED."""
    if not said.isdecimal():
        raise malformed("cases", "应为对账项编号", "give the number of a case")
    return int(said)
