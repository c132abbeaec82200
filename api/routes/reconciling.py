"""Long work of reconciliation: a statement taken or tried, lines matched, sheet 5. Answered 202, and looked at under /v1/jobs."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any, BinaryIO, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool

from api.answers import bilingual
from api.bodies import STATEMENT_BYTES_MAX, SmallBodyRoute, body_in_a_file
from api.openapi import READS, WRITES
from api.problems import Bilingual, malformed
from api.reading import Today
from api.routes.jobs import JobLine, begin
from api.routes.reconciliations import SourceName, TheWork, UpTo, counts, note, whole_books
from api.security import BookReader, Caller, Reconciler, ThePeople
from ledger.access.people import People
from ledger.domain.fields import SHAPE, Day, Text
from ledger.domain.money import yuan
from ledger.domain.reconciliation import Status
from ledger.importing.faults import Faulty
from ledger.jobs import Failed, File, Progress, Result, kind_of_work
from ledger.projections.moment import Moment
from ledger.reconciliation.application import Reconciliations
from ledger.reconciliation.case import by_status
from ledger.reconciliation.reading.fields import FIELDS, NEEDED
from ledger.reconciliation.reading.heading import heading
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
Chosen = Annotated[
    list[Annotated[str, Field(pattern=r"^[a-z_]{1,20}=[^\x00-\x1f]{0,200}$")]],
    Query(max_length=40, description="字段=表头,空表头表示不取 / field=header; an empty header: not taken"),
]
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
    column: Chosen = [],  # noqa: B006 - FastAPI copies it
    dry_run: Annotated[bool, Query(description="只读取和试匹配,不保存 / read and match, and keep nothing")] = False,
) -> JobLine:
    """上传 CSV、XLSX 或 camt.053 原始字节,最大 256 MiB;整份导入或完全不导入,有误时任务附逐行注明原因的原表。

    Raw bytes of CSV, XLSX or camt.053, at most 256 MiB; taken whole or not at all. Where something is wrong the work fails with
    every row and column, and its file is the user's own workbook with reasons and advice.
    """
    whole_books(caller)
    await run_in_threadpool(work.source, name)
    file = await body_in_a_file(request, STATEMENT_BYTES_MAX)
    return await begin_taking(
        request, response, work, people, caller, name, file, file_name, columns_of(column), on, dry_run=dry_run
    )


def columns_of(chosen: Sequence[str]) -> dict[str, str] | None:
    """Field → header, as they were chosen; None: nothing was. Raises MALFORMED where a field is chosen twice."""
    pairs = [one.partition("=")[::2] for one in chosen]
    if len(dict(pairs)) != len(pairs):
        raise malformed("query.column", "同一字段指定了两列", "one field is given two columns")
    return dict(pairs) or None


async def begin_taking(
    request: Request,
    response: Response,
    work: Reconciliations,
    people: People,
    caller: Caller,
    name: str,
    file: BinaryIO,
    file_name: str,
    columns: dict[str, str] | None,
    on: date | None,
    *,
    dry_run: bool = False,
) -> JobLine:
    """Begin to take, or to try, a file that has come; it is closed once that has ended. ``columns``: field → header."""

    def take(progress: Progress) -> Result:
        with file:
            progress.at("读取", "Reading")
            try:
                return _tried(work, name, file, columns, on, progress) if dry_run else taken(progress)
            except Faulty as faulty:
                progress.wrong = faulty
                progress.at("逐行注明原因", "Writing down what is wrong")
                raise Failed(faulty, _returned(work, name, file, file_name, columns, faulty)) from faulty

    def taken(progress: Progress) -> Result:
        told = work.take(name, file, file_name, caller.actor, columns=columns, on=on, done=progress)
        if not told.again:
            note(people, caller, "statement", name, sha256=told.control.sha256, lines=told.control.lines)
        return Result(_control(told.control) | {"known": told.known, "again": told.again})

    kind, about = TRYING if dry_run else TAKING, {"source": name, "file": file_name}
    try:
        return await run_in_threadpool(begin, request, response, caller, kind, about, take)
    except BaseException:
        file.close()
        raise


def _tried(
    work: Reconciliations,
    name: str,
    file: BinaryIO,
    columns: dict[str, str] | None,
    on: date | None,
    progress: Progress,
) -> Result:
    source = work.source(name)
    with read_statement(file, source.kind, source.read_by(columns), on=on, done=progress) as read:
        progress.at("匹配", "Matching")
        _, _, cases = tried(work.ledger, read, source.against, read.control.last)
    statuses = [one.model_dump(mode="json") for one in counts(by_status(cases), source.against)]
    return Result(_control(read.control) | {"through": read.control.last.isoformat(), "statuses": statuses})


def _returned(
    work: Reconciliations, name: str, file: BinaryIO, file_name: str, columns: dict[str, str] | None, faulty: Faulty
) -> File:
    source = work.source(name)
    content = rejected_workbook(file, source.kind, faulty, source.read_by(columns))
    return File(f"{file_name.rpartition('.')[0] or file_name}-原因.xlsx", XLSX, content)


class FieldColumn(BaseModel):
    """A field that a statement may tell; ``header``: of the column it is read from, kept or guessed; absent: from none."""

    field: str
    name: Bilingual
    header: str | None = None
    needed: bool


class StatementColumns(BaseModel):
    """How a file would be read: ``row`` of its headers, its headers, fields, and the first rows below. None of them: camt.053."""

    row: int | None = None
    headers: list[str]
    fields: list[FieldColumn]
    samples: list[list[str]]


@router.post(
    "/{source}/columns",
    summary="查看列对照 / See how columns are read",
    responses=WRITES,
    openapi_extra=_FILE,
    response_model_exclude_none=True,
)
async def see_columns(request: Request, work: TheWork, caller: Reconciler, name: SourceName) -> StatementColumns:
    """上传同一文件,返回表头、推定或已存的列对照和前几行;不保存。以 `column` 参数改正后导入。

    The same file as for taking it: its headers, the columns kept or guessed, and its first rows; nothing is kept. What is wrong
    is chosen otherwise by ``column`` when it is taken.
    """
    whole_books(caller)
    with await body_in_a_file(request, STATEMENT_BYTES_MAX) as file:
        return await run_in_threadpool(columns_in, work, name, file)


def columns_in(work: Reconciliations, name: str, file: BinaryIO) -> StatementColumns:
    """How a file of a source would be read. Raises Faulty, NotReconciled."""
    source = work.source(name)
    found = heading(file, source.kind, source.saved)
    if found is None:
        return StatementColumns(headers=[], fields=[], samples=[])
    needed = {field for group in NEEDED[source.kind] for field in group}
    return StatementColumns(
        row=found.row,
        headers=[header for header in found.headers if header],
        fields=[
            FieldColumn(
                field=one.name,
                name=bilingual(one.title),
                header=found.columns.get(one.name),
                needed=one.name in needed,
            )
            for one in FIELDS[source.kind]
        ],
        samples=[[cell for header, cell in zip(found.headers, row, strict=True) if header] for row in found.samples],
    )


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
