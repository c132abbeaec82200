"""Cases of a source: the ledger and the statement side by side, with what could belong to them; accepted, matched, explained."""

import re
from collections.abc import Collection, Iterable, Mapping
from typing import Annotated, Any, Final

from fastapi import Query, Request, Response
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool

from api.bodies import number_in
from api.console.reconcile import NOT_DONE
from api.console.shell import HEADERS, Sent, pages, show
from api.console.view import view_of
from api.problems import Problem, malformed, problem_of
from api.reading import Limit, TheLedger
from api.routes.reconciled_cases import PLACE as CASE_PLACE
from api.routes.reconciled_cases import ReconciledCases, lines_named, list_cases
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
    "keep": Name("留用所勾选的行", "Keep the ticked lines"),
    "keep_help": Name(
        "所勾选的行在翻页、筛选时保留,可与其他页的行匹配",
        "Ticked lines stay ticked on other pages and under other filters, to be matched with what is there",
    ),
    "held": Name("留自其他页", "Kept from other pages"),
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
SIDES: Final = ("ours", "theirs")
LINE: Final = re.compile(r"(ours|theirs)[.][0-9]{1,18}")
Held = Annotated[
    str | None,
    Query(pattern=r"^(ours|theirs)[.][0-9]{1,18}(,(ours|theirs)[.][0-9]{1,18})*$", max_length=8_000),
]
"""Lines of either side that were ticked on another page."""
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
    held: Held = None,
    did: Annotated[str | None, Query(max_length=20)] = None,
) -> Response:
    """一个来源的对账项,双方并列。"""
    asked = {"month": month, "status": status, "open_only": open_only, "after": after, "limit": limit}
    return _page(
        request, ledger, work, caller, name, asked, held=_named((held or "").split(",")), did=WORDS.get(f"did_{did}")
    )


def _page(
    request: Request,
    ledger: TheLedger,
    work: Reconciliations,
    caller: Caller,
    name: str,
    asked: Mapping[str, Any],
    problem: Problem | None = None,
    sent: Mapping[str, str] | None = None,
    held: Collection[str] = (),
    did: Name | None = None,
) -> Response:
    answer = Response()
    found = list_cases(ledger, work, caller, answer, name, **asked)
    source, ticked = source_of(work, name), _named(sent) if sent else held
    on_page = _on_page(found)
    elsewhere = _by_side(one for one in ticked if one not in on_page)
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
        shut={month.month for month in source.months if month.state != "OPEN"},
        ticked=ticked,
        held=dict(zip(SIDES, lines_named(ledger, work, caller, name, *elsewhere.values()), strict=True)),
        shown_ticked=[],
        problem=problem,
        sent=sent or {},
        did=did,
    )


def _named(fields: Iterable[str]) -> list[str]:
    """Lines among fields of the form, such as ``ours.17``."""
    return [field for field in fields if LINE.fullmatch(field)]


def _by_side(names: Iterable[str]) -> dict[str, list[int]]:
    """Keys of lines by the side that tells them."""
    told = [name.split(".") for name in names]
    return {side: [int(key) for teller, key in told if teller == side] for side in SIDES}


def _on_page(found: ReconciledCases) -> set[str]:
    """Lines that can be ticked on a page: those of cases, and what these could belong to, which is of the other side."""
    lines = [(side, line) for case in found.cases for side in SIDES for line in getattr(case, side)]
    lines += [("theirs" if case.ours else "ours", line) for case in found.cases for line in case.rivals]
    return {f"{side}.{line.key}" for side, line in lines}


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
        view = view_of(request)
        if "keep" in sent:
            kept = ",".join(_named(sent)) or None
            return RedirectResponse(view.here(did=None, after=after, held=kept), 303, HEADERS)
        try:
            did = _decided(work, people, caller, name, sent)
        except NOT_DONE as error:
            problem = problem_of(error, view.language)
            return _page(request, ledger, work, caller, name, asked, problem, sent)
        place = f"#case-{sent['next']}" if number_in(sent.get("next", "")) else ""
        there = view.here(did=did, after=after, **({"held": None} if did == "match" else {}))
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
        sides = {side: [str(key) for key in keys] for side, keys in _by_side(_named(sent)).items()}
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
    number = number_in(said)
    if number is None:
        raise malformed("cases", "应为对账项编号", "give the number of a case")
    return number
