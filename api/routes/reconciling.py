"""Long work of reconciliation: a statement taken or tried, lines matched, sheet 5. Answered 202, and looked at under /v1/jobs."""

from datetime import date
from typing import Annotated, Any, BinaryIO, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool

from api.bodies import STATEMENT_BYTES_MAX, SmallBodyRoute, body_in_a_file
from api.openapi import READS, WRITES
from api.reading import Today
from api.routes.jobs import JobLine, begin
from api.routes.reconciliations import SourceName, TheWork, UpTo, counts, note, whole_books
from api.security import BookReader, Reconciler, ThePeople
from ledger.domain.fields import SHAPE, Day, Text
from ledger.domain.money import yuan
from ledger.domain.reconciliation import Status
from ledger.importing.faults import Faulty
from ledger.jobs import Failed, File, Progress, Result, kind_of_work
from ledger.projections.moment import Moment
from ledger.reconciliation.application import Reconciliations
from ledger.reconciliation.case import by_status
from ledger.reconciliation.reading.rejected import rejected_workbook
from ledger.reconciliation.reading.statement import Control, read_statement
from ledger.reconciliation.trial import tried
from ledger.reports.asking import Asked, sheet_of
from ledger.reports.catalogue import ReportCode
from ledger.reports.presenting import Language, Unit
from ledger.reports.printing import sheet_page
from ledger.reports.xlsx import MEDIA_TYPE as XLSX
from ledger.reports.xlsx import workbook

router = APIRouter(prefix="/v1/reconciliations", tags=["reconciliations"], route_class=SmallBodyRoute)

TAKING = kind_of_work("statement", "导入账单", "Taking a statement")
TRYING = kind_of_work("statement-trial", "试算账单", "Trying a statement")
MATCHING = kind_of_work("matching", "匹配", "Matching")
SHEET = kind_of_work("reconciliation-sheet", "生成对账单", "Making the reconciliation sheet")
_BYTES = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
_FILE = {"requestBody": {"required": True, "content": _BYTES}}
_ACCEPTED: dict[int | str, dict[str, Any]] = {
    202: {"model": JobLine, "description": "已开始,见 Location / begun, see Location"}
}


@router.post(
    "/{source}/statements",
    summary="导入账单 / Take a statement",
    status_code=202,
    responses=WRITES | _ACCEPTED,
    openapi_extra=_FILE,
    response_model_exclude_none=True,
)
async def take_statement(
    request: Request,
    response: Response,
    work: TheWork,
    people: ThePeople,
    caller: Reconciler,
    name: SourceName,
    file_name: Annotated[Text, Query(alias="name", description="文件名 / name of the file")],
    on: Annotated[Day | None, Query(description="余额表未写明时的日期 / of balances without a date")] = None,
    dry_run: Annotated[bool, Query(description="只读取和试匹配,不保存 / read and match, and keep nothing")] = False,
) -> JobLine:
    """上传 CSV、XLSX 或 camt.053 原始字节,最大 256 MiB;整份导入或完全不导入,有误时任务附逐行注明原因的原表。

    Raw bytes of CSV, XLSX or camt.053, at most 256 MiB; taken whole or not at all. Where something is wrong the work fails with
    every row and column, and its file is the user's own workbook with reasons and advice.
    """
    whole_books(caller)
    await run_in_threadpool(work.source, name)
    file = await body_in_a_file(request, STATEMENT_BYTES_MAX)

    def take(progress: Progress) -> Result:
        with file:
            progress.at("读取", "Reading")
            try:
                return _tried(work, name, file, on, progress) if dry_run else taken(progress)
            except Faulty as faulty:
                progress.wrong = faulty
                progress.at("逐行注明原因", "Writing down what is wrong")
                raise Failed(faulty, _returned(work, name, file, file_name, faulty)) from faulty

    def taken(progress: Progress) -> Result:
        told = work.take(name, file, file_name, caller.actor, on=on, done=progress)
        if not told.again:
            note(people, caller, "statement", name, sha256=told.control.sha256, lines=told.control.lines)
        return Result(_control(told.control) | {"known": told.known, "again": told.again})

    kind, about = TRYING if dry_run else TAKING, {"source": name, "file": file_name}
    try:
        return await run_in_threadpool(begin, request, response, caller, kind, about, take)
    except BaseException:
        file.close()
        raise


def _tried(work: Reconciliations, name: str, file: BinaryIO, on: date | None, progress: Progress) -> Result:
    source = work.source(name)
    with read_statement(file, source.kind, source.saved, on=on, done=progress) as read:
        progress.at("匹配", "Matching")
        _, _, cases = tried(work.ledger, read, source.against, read.control.last)
    statuses = [one.model_dump(mode="json") for one in counts(by_status(cases), source.against)]
    return Result(_control(read.control) | {"through": read.control.last.isoformat(), "statuses": statuses})


def _returned(work: Reconciliations, name: str, file: BinaryIO, file_name: str, faulty: Faulty) -> File:
    source = work.source(name)
    content = rejected_workbook(file, source.kind, faulty, source.saved)
    return File(f"{file_name.rpartition('.')[0] or file_name}-原因.xlsx", XLSX, content)


def _control(control: Control) -> dict[str, Any]:
    """Control totals of a statement, in yuan."""
    return {
        "sha256": control.sha256,
        "lines": control.lines,
        "paid": yuan(control.paid),
        "returned": yuan(control.returned),
        "first": control.first.isoformat(),
        "last": control.last.isoformat(),
    }


@router.post(
    "/{source}/matchings",
    summary="匹配 / Match",
    status_code=202,
    responses=WRITES | _ACCEPTED,
    response_model_exclude_none=True,
)
def match_statement(
    request: Request,
    response: Response,
    work: TheWork,
    people: ThePeople,
    caller: Reconciler,
    name: SourceName,
    asked: UpTo,
) -> JobLine:
    """未经人工确认的行重新匹配;结果为建议。Lines that nobody decided are matched anew; what is found are proposals."""
    whole_books(caller)
    work.source(name)

    def do(progress: Progress) -> Result:
        progress.at("匹配", "Matching")
        found = work.propose(name, asked.through, caller.actor)
        note(people, caller, "matching", name, through=asked.through.isoformat())
        statuses = [{"status": status, "cases": found[status]} for status in Status if found[status]]
        return Result({"through": asked.through.isoformat(), "statuses": statuses})

    return begin(request, response, caller, MATCHING, {"source": name, "through": asked.through.isoformat()}, do)


class SheetAsked(BaseModel):
    """Sheet 5 of a source up to a day: as a workbook, or as a page to print in one language."""

    model_config = SHAPE

    through: Day
    unit: Unit = "yuan"
    format: Literal["xlsx", "html"] = "xlsx"
    language: Language = "zh"


@router.post(
    "/{source}/sheets",
    summary="对账单 / The reconciliation sheet",
    status_code=202,
    responses=READS | _ACCEPTED,
    response_model_exclude_none=True,
)
def make_reconciliation_sheet(
    request: Request,
    response: Response,
    work: TheWork,
    caller: BookReader,
    name: SourceName,
    asked: SheetAsked,
    today: Today,
) -> JobLine:
    """对账单和余额调节表,任务完成后取文件。Case by case, and the statement of both balances; a file once it is done."""
    whole_books(caller)
    work.source(name)

    def do(progress: Progress) -> Result:
        progress.at("汇总", "Adding up")
        of = Asked(Moment(effective_on=asked.through), source=name)
        sheet, training = sheet_of(work.ledger, ReportCode.RECONCILIATION, of, today), work.ledger.training
        title = f"{sheet.name.zh}-{name}-{asked.through}.{asked.format}"
        if asked.format == "xlsx":
            file = File(title, XLSX, workbook(sheet, asked.unit, training=training))
        else:
            page = sheet_page(sheet, asked.unit, asked.language, training=training)
            file = File(title, "text/html", page.encode())
        return Result({"number": sheet.number}, file)

    return begin(request, response, caller, SHEET, {"source": name, "through": asked.through.isoformat()}, do)
