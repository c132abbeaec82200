"""Reconcile 对账: sources and their months; a statement uploaded, its columns chosen before it is taken; matched, accepted."""

from collections.abc import Callable
from typing import Annotated, Any, Final

from fastapi import Query, Request, Response
from pydantic import TypeAdapter, ValidationError
from starlette.concurrency import run_in_threadpool

from api.bodies import STATEMENT_BYTES_MAX, upload_of
from api.console.shell import Place, Sent, go, pages, show
from api.console.view import view_of
from api.moments import day_in
from api.problems import Problem, ProblemRaised, problem_of
from api.reading import TheLedger
from api.routes.jobs import JobLine
from api.routes.reconciliations import (
    SourceName,
    SourceOpened,
    TheWork,
    UpTo,
    accept_matches,
    list_reconciliations,
    open_statement_source,
    source_of,
    whole_books,
)
from api.routes.reconciling import begin_taking, columns_in, match_statement
from api.security import BookReader, Caller, Reconciler, ThePeople
from ledger.access.policy import Action
from ledger.domain.catalogue import Name
from ledger.domain.fields import Day, PlainId
from ledger.domain.reconciliation import SETTLED, STATEMENT_KINDS
from ledger.domain.refusals import Refusal
from ledger.importing.faults import Faulty
from ledger.reconciliation.refusals import NotReconciled
from ledger.reports.catalogue import REPORTS, ReportCode

PLACE = Place("/reconcile", Name("对账", "Reconcile"), Action.RECONCILE)
router = pages()
NOT_DONE: Final = (NotReconciled, ProblemRaised, ValidationError, Refusal, Faulty)
"""What is said in its place, with what was typed."""
COLUMN: Final = "column."
"""So begins the name of a form's field that says from which column a field of the statement is read."""
SHEETS: Final = (ReportCode.PAYMENTS, ReportCode.RECONCILIATION, ReportCode.FINAL_ACCOUNTS)
SOURCE_NAME: Final[TypeAdapter[str]] = TypeAdapter(PlainId)

MONTHS: Final = {
    "source": Name("来源", "Source"),
    "month": Name("月份", "Month"),
    "cases": Name("对账项", "Cases"),
    "settled": Name("已相符", "Settled"),
    "open": Name("待查", "Open"),
    "open_difference": Name("待查差额", "Open difference"),
    "state": Name("签认", "Sign-off"),
    "OPEN": Name("未签认", "Not signed"),
    "WAITING": Name("待第二人签认", "Waits for a second person"),
    "SIGNED": Name("已签认", "Signed"),
    "touched": Name("签认后有变动 {} 项", "{} lines touched since"),
    "worklist": Name("待办", "Work list"),
    "against": Name("核对对象", "Compared with"),
    "the_ledger": Name("账本", "the ledger"),
    "through": Name("截至日期", "Through"),
    "matched_through": Name("已匹配至", "Matched through"),
    "statements": Name("已导入账单", "Statements taken"),
    "kind": Name("账单种类", "Kind of statement"),
    "sheets": Name("导出报表", "Sheets"),
    "sheet": Name("表 {}", "Sheet {}"),
}
"""Words of tables of months, on both pages."""
WORDS = MONTHS | {
    "title": Name("对账", "Reconcile"),
    "by_month": Name("各来源各月对账", "Reconciliation by source and month"),
    "no_months": Name("尚未匹配任何账单", "No statement was matched yet"),
    "no_sources": Name("尚无对账来源", "There is no source of statements yet"),
    "new_source": Name("设立来源", "Open a source"),
    "name": Name("名称", "Name"),
    "name_help": Name("字母、数字,如 treasury、bank-0001", "Letters and digits, such as treasury or bank-0001"),
    "open_it": Name("设立", "Open it"),
}
OF_SOURCE = MONTHS | {
    "title": Name("对账来源", "Source of statements"),
    "back": Name("全部来源", "All sources"),
    "take": Name("导入账单", "Take a statement"),
    "file": Name("文件(CSV、XLSX、camt.053)", "File (CSV, XLSX, camt.053)"),
    "on": Name("余额表日期(文件未写明时)", "Day of balances (where the file says none)"),
    "look": Name("查看列对照", "See its columns"),
    "take_it": Name("导入", "Take it"),
    "take_help": Name(
        "整份导入或完全不导入;有误时退回逐行注明原因和建议的原表",
        "Taken whole or not at all; what is wrong comes back in your own workbook, with reasons and advice",
    ),
    "columns": Name("列对照", "Columns"),
    "columns_help": Name(
        "推定如下,不对的请改选;随文件一并导入并为该来源保存",
        "As guessed; choose otherwise where it is wrong. Kept for this source once taken",
    ),
    "choose_again": Name("请再次选择同一文件后导入", "Choose the same file again, and take it"),
    "header_row": Name("表头在第 {} 行", "The header is in row {}"),
    "field": Name("字段", "Field"),
    "read_from": Name("取自列", "Read from"),
    "sample": Name("前几行", "First rows"),
    "not_read": Name("不取", "not read"),
    "needed": Name("必需其一", "one is needed"),
    "no_choice": Name("该格式的列固定,无须对照", "The form of this file leaves no choice of columns"),
    "match": Name("匹配", "Match"),
    "match_help": Name(
        "未经人工确认的行重新匹配,结果为建议", "Lines that nobody decided are matched anew; what is found are proposals"
    ),
    "accept": Name("确认全部相符的建议", "Accept all that agrees"),
    "accept_help": Name(
        "截至该日、无待办的建议予以确认", "Proposals through that day about which nothing is to be done"
    ),
    "accepted": Name("已确认 {} 项", "{} accepted"),
    "by_month": Name("各月对账", "Month by month"),
    "no_months": Name("尚未匹配", "Not matched yet"),
    "all_cases": Name("查看全部对账项", "All cases"),
    "open_cases": Name("查看待查项", "Open cases"),
}


@router.get("/reconcile")
def sources_page(request: Request, ledger: TheLedger, work: TheWork, caller: BookReader) -> Response:
    """各来源、各月对账进度。"""
    return _sources(request, ledger, work, caller)


def _sources(
    request: Request,
    ledger: TheLedger,
    work: TheWork,
    caller: Caller,
    problem: Problem | None = None,
    sent: dict[str, str] | None = None,
) -> Response:
    answer = Response()
    found = list_reconciliations(ledger, work, caller, answer).sources
    return show(
        request,
        caller,
        "reconcile.html",
        WORDS,
        status=problem.status if problem else 200,
        answer=answer,
        sources=found,
        rows=[(source, month) for source in found for month in reversed(source.months)],
        kinds=STATEMENT_KINDS,
        problem=problem,
        sent=sent or {},
        **of_months(caller),
    )


def of_months(caller: Caller) -> dict[str, Any]:
    """What tables of months need."""
    acts = caller.reach(Action.RECONCILE) is not None
    return {"settled": SETTLED, "acts": acts, "reports": {code: REPORTS[code] for code in SHEETS}}


@router.post("/reconcile")
async def open_source(
    request: Request,
    ledger: TheLedger,
    work: TheWork,
    people: ThePeople,
    caller: Reconciler,
    sent: Sent,
) -> Response:
    """设立来源。"""

    def do() -> Response:
        try:
            asked = SourceOpened.model_validate({"kind": sent.get("kind"), "against": sent.get("against") or None})
            name = SOURCE_NAME.validate_python(sent.get("name", ""))
            open_statement_source(work, people, caller, name, asked, Response())
        except NOT_DONE as error:
            return _sources(request, ledger, work, caller, problem_of(error, view_of(request).language), sent)
        return go(request, f"/reconcile/{name}")

    return await run_in_threadpool(do)


@router.get("/reconcile/{source}")
def source_page(
    request: Request,
    work: TheWork,
    caller: BookReader,
    name: SourceName,
    through: Annotated[Day | None, Query()] = None,
    accepted: Annotated[int | None, Query(ge=0)] = None,
) -> Response:
    """一个来源:导入、匹配、确认,各月进度,导出。"""
    return _source(request, work, caller, name, through=through, accepted=accepted)


def _source(
    request: Request, work: TheWork, caller: Caller, name: str, problem: Problem | None = None, **said: Any
) -> Response:
    whole_books(caller)
    source = source_of(work, name)
    return show(
        request,
        caller,
        "reconcile_source.html",
        OF_SOURCE,
        status=problem.status if problem else 200,
        scripts=["own/statement.js"],
        source=source,
        rows=[(source, month) for month in reversed(source.months)],
        problem=problem,
        **of_months(caller),
        **{"through": None, "accepted": None, "seen": None, "sent": {}, **said},
    )


@router.post("/reconcile/{source}/statements")
async def take_statement(
    request: Request, work: TheWork, people: ThePeople, caller: Reconciler, name: SourceName
) -> Response:
    """查看列对照,或导入账单。"""
    whole_books(caller)
    source = await run_in_threadpool(source_of, work, name)
    view, sent = view_of(request), dict[str, str]()
    try:
        upload = await upload_of(request, STATEMENT_BYTES_MAX)
        sent = upload.fields
        if "look" in sent:
            with upload.file:
                seen = await run_in_threadpool(columns_in, work, source.source, upload.file)
            return await run_in_threadpool(_source, request, work, caller, name, seen=seen, sent=sent)
        on = day_in(sent, "on") if sent.get("on") else None
        columns = {field.removeprefix(COLUMN): header for field, header in sent.items() if field.startswith(COLUMN)}
        job = await begin_taking(
            request, Response(), work, people, caller, name, upload.file, upload.name, columns or None, on
        )
    except NOT_DONE as error:
        problem = problem_of(error, view.language)
        return await run_in_threadpool(_source, request, work, caller, name, problem, sent=sent)
    return to_job(request, job)


def to_job(request: Request, job: JobLine) -> Response:
    """On to the page of long work."""
    return go(request, f"/jobs/{job.job}")


@router.post("/reconcile/{source}/matchings")
async def match(
    request: Request,
    work: TheWork,
    people: ThePeople,
    caller: Reconciler,
    name: SourceName,
    sent: Sent,
) -> Response:
    """匹配至某日。"""

    def do(asked: UpTo) -> Response:
        return to_job(request, match_statement(request, Response(), work, people, caller, name, asked))

    return await run_in_threadpool(_up_to, request, work, caller, name, sent, do)


@router.post("/reconcile/{source}/acceptances")
async def accept(
    request: Request,
    work: TheWork,
    people: ThePeople,
    caller: Reconciler,
    name: SourceName,
    sent: Sent,
) -> Response:
    """确认至某日。"""

    def do(asked: UpTo) -> Response:
        done = accept_matches(work, people, caller, name, asked)
        return go(request, f"/reconcile/{name}", accepted=done.cases, through=asked.through)

    return await run_in_threadpool(_up_to, request, work, caller, name, sent, do)


def _up_to(
    request: Request,
    work: TheWork,
    caller: Caller,
    name: str,
    sent: dict[str, str],
    do: Callable[[UpTo], Response],
) -> Response:
    """What is asked for up to a day; or the page again, with what was wrong."""
    try:
        return do(UpTo.model_validate({"through": sent.get("through", "")}))
    except NOT_DONE as error:
        return _source(request, work, caller, name, problem_of(error, view_of(request).language), sent=sent)
