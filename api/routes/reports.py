"""Reports 报表: sheets at any moment, as data in one unit, or as a workbook."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import BaseModel, WithJsonSchema

from api.answers import bilingual
from api.leaving import FILES, attachment, may_read, note_read, page
from api.moments import AsOf, At, Effective, FiscalYear, Through, as_of, moment_of
from api.openapi import READS
from api.problems import Bilingual, ProblemRaised, Wrong, malformed
from api.reading import NUMBER_MAX, TheLedger, reached, stands_at
from api.security import BookReader, Caller, ThePeople
from ledger.access.policy import Action
from ledger.audit.trail import Event
from ledger.domain.fields import Id, PlainId, SpecialCode
from ledger.personal.texts import SealedTexts
from ledger.reports.asking import NOT_TAKEN, Asked, Busy, NotSeen, NotTaken, sheet_of
from ledger.reports.catalogue import REPORTS, ReportCode
from ledger.reports.presenting import Language, Line, Shown, Unit, foot, shown_rows, title_of
from ledger.reports.printing import sheet_page
from ledger.reports.revealing import revealed
from ledger.reports.sheet import Kind, Sheet
from ledger.reports.xlsx import workbook

router = APIRouter(prefix="/v1/reports", tags=["reports"], dependencies=[reached])

_NAMED = WithJsonSchema({"type": "string", "enum": list(ReportCode)})


class ReportEntry(BaseModel):
    """One sheet: its number, the name by which it is asked for, and what it is called."""

    report: ReportCode
    number: int
    name: Bilingual
    one_project: bool
    one_source: bool
    one_sample: bool


class Reports(BaseModel):
    """The sheets that may be asked for."""

    reports: list[ReportEntry]


class SheetColumn(BaseModel):
    """A column: the key of its values, its header with its unit, and what kind of value it holds."""

    key: str
    name: Bilingual
    kind: Kind


Cells = dict[str, str | int | None]
"""Values by column. Amounts and percentages are strings; null: there is nothing to say, which is not zero."""


class SheetFoot(BaseModel):
    """A line below the rows: the rounding difference, the total, or what must be zero (in yuan)."""

    name: Bilingual
    values: Cells


class SheetData(BaseModel):
    """A sheet at one number, its amounts in ``unit``. Rows and the rounding difference add up to the total as shown."""

    report: ReportCode
    name: Bilingual
    unit: Unit
    number: int
    recorded_at: datetime
    as_of: AsOf | None = None
    fiscal_year: int | None
    on: date
    scope: list[Bilingual]
    columns: list[SheetColumn]
    rows: list[Cells]
    foot: list[SheetFoot]


@router.get("", summary="报表目录 / Which sheets there are", responses=READS)
def list_reports(caller: BookReader) -> Reports:
    """可查看的报表。Those that the caller may ask for."""
    within = caller.sees.department is not None
    return Reports(
        reports=[
            ReportEntry(
                report=code,
                number=report.number,
                name=bilingual(report.name),
                one_project=report.one_project,
                one_source=report.one_source,
                one_sample=report.one_sample,
            )
            for code, report in REPORTS.items()
            if report.of_projects or not (within or (report.one_source and not caller.sees.everything))
            if not report.one_sample or _audits(caller)
        ]
    )


def _audits(caller: Caller) -> bool:
    return caller.reach(Action.AUDIT) is not None and caller.sees.everything


@router.get(
    "/{report}",
    summary="报表 / A sheet",
    response_model=SheetData,
    responses=READS | {200: {"content": FILES}},
)
def get_report(
    request: Request,
    ledger: TheLedger,
    people: ThePeople,
    caller: BookReader,
    response: Response,
    report: Annotated[ReportCode, Path(), _NAMED],
    fiscal_year: FiscalYear = None,
    special: Annotated[SpecialCode | None, Query()] = None,
    project: Annotated[Id | None, Query()] = None,
    source: Annotated[PlainId | None, Query(description="账单来源 / a source of statements")] = None,
    sample: Annotated[
        int | None, Query(ge=1, le=NUMBER_MAX, description="审计抽样底稿 / an auditor's working paper")
    ] = None,
    unit: Annotated[Unit, Query(description="元、万元、亿元 / yuan, ten thousand, a hundred million")] = "yuan",
    at: At = None,
    period: Through = None,
    effective: Effective = None,
    format: Annotated[Literal["json", "xlsx", "html"], Query()] = "json",  # noqa: A002 - the name of the parameter
    language: Annotated[Language, Query(description="打印页语言 / of the page to print")] = "zh",
) -> SheetData | Response:
    """当前或任一时点;合计以分计算,尾差单列。XLSX 为附件,HTML 供打印,导出记入审计日志。

    Now, or as of then in any of its three senses. A workbook, or a page to print, stands in the audit record.
    """
    moment = moment_of(ledger, at, period, effective)
    if sample is not None and not _audits(caller):
        raise ProblemRaised(Wrong.NOT_FOUND)
    asked = Asked(moment, fiscal_year, special, project, caller.sees, source, sample=sample)
    try:
        sheet = sheet_of(ledger, report, asked, request.app.state.today())
    except NotSeen as error:
        raise ProblemRaised(Wrong.NOT_FOUND) from error
    except NotTaken as error:
        raise malformed(f"query.{error}", *NOT_TAKEN[str(error)]) from error
    except Busy as error:
        raise ProblemRaised(Wrong.NUMBER_NOT_REACHED) from error
    sheet, opened = revealed(sheet, SealedTexts(ledger.store, ledger.id, ledger.secret), may_read(caller))
    note_read(people, caller, report, sheet.number, opened)
    if format != "json":
        people.trail.note(Event.EXPORTED, caller.person.id, what="report", by=report, number=sheet.number)
    if format == "html":
        return page(sheet_page(sheet, unit, language, training=ledger.training), sheet.number)
    if format == "xlsx":
        content = workbook(sheet, unit, training=ledger.training)
        return attachment(content, f"{sheet.name.zh}-{sheet.number}.xlsx", sheet.number)
    stands_at(response, sheet.number)
    return _data(report, sheet, unit)


def _data(report: ReportCode, sheet: Sheet, unit: Unit) -> SheetData:
    keys = [column.key for column in sheet.columns]
    titles = [(column, title_of(column, unit)) for column in sheet.columns]
    return SheetData(
        report=report,
        name=bilingual(sheet.name),
        unit=unit,
        number=sheet.number,
        recorded_at=sheet.recorded_at,
        as_of=as_of(sheet.moment),
        fiscal_year=sheet.fiscal_year,
        on=sheet.on,
        scope=[bilingual(said) for said in sheet.scope],
        columns=[SheetColumn(key=column.key, name=bilingual(title), kind=column.kind) for column, title in titles],
        rows=[dict(zip(keys, map(_plain, row), strict=True)) for row in shown_rows(sheet, unit)],
        foot=[_foot(line) for line in foot(sheet, unit)],
    )


def _foot(line: Line) -> SheetFoot:
    return SheetFoot(name=bilingual(line.name), values={key: _plain(value) for key, value in line.values.items()})


def _plain(value: Shown) -> str | int | None:
    return value.isoformat() if isinstance(value, date) else str(value) if isinstance(value, Decimal) else value
