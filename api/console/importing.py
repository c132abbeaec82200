"""Importing an allocation plan 资金安排表: the file is kept, judged row by row under an address, then proposed whole.

The preview is a page of the kept file, so it can be looked at again, shown to a colleague, and had as a table. The command line
imports in the same steps (``ledger import``).
"""

from collections.abc import Iterator, Sequence
from datetime import date
from io import BytesIO
from typing import Annotated, Any, Final, NamedTuple

from fastapi import Query, Request, Response
from starlette.concurrency import run_in_threadpool

from api.bodies import DOCUMENT_BYTES_MAX, Upload, upload_of
from api.console.effect import WORDS as EFFECT_WORDS
from api.console.effect import effect_of
from api.console.shell import Sent, go, pages, show
from api.console.view import view_of
from api.leaving import attachment
from api.moments import day_in
from api.reading import NUMBER_MAX, Limit, TheLedger, Today, stands_at
from api.routes.documents import kept_file
from api.routes.inbox import by_kind
from api.routes.whatif import LINES_MAX, supposition
from api.security import Caller, FileKeeper, Recorder
from ledger import documents
from ledger.access.policy import Action
from ledger.application import Ledger
from ledger.domain.catalogue import Name
from ledger.domain.fields import Day, Sha256
from ledger.domain.movement import Actor
from ledger.domain.whatif import WhatIf
from ledger.importing.allocation_plan import plan_allocation
from ledger.importing.columns import ALLOCATION_PLAN
from ledger.importing.faults import Fault, Faulty
from ledger.importing.judging import judge
from ledger.importing.planned import Planned
from ledger.importing.reading import Sheet, read_sheet
from ledger.importing.recording import File, media_type_of, standing, submit
from ledger.importing.template import write_template
from ledger.kept import Kept
from ledger.projections.journal import standing as standing_at
from ledger.training import MARK

router = pages()
PATH: Final = "/import"
SHEETS_KEPT: Final = 50_000
"""So many movements of files that were tried are kept, so that another page of one costs nothing while the ledger stands."""
WORDS: Final = {
    **EFFECT_WORDS,
    "title": Name("导入资金安排表", "Import an allocation plan"),
    "about": Name(
        "先逐行试算,不记录;确认后全部作为一份提案提交,经他人签批后一次记录,或一行也不记录",
        "Each row is tried first, and nothing recorded; then all of it becomes one proposal, recorded whole once another "
        "person signs it, or not at all",
    ),
    "file": Name("文件(XLSX 或 CSV,最大 20 MiB)", "File (XLSX or CSV, at most 20 MiB)"),
    "on": Name("业务日期", "Business date"),
    "try": Name("逐行试算", "Try each row"),
    "template": Name("下载空表", "The empty sheet"),
    "another": Name("改用另一文件", "Another file"),
    "of_file": Name("文件 {},SHA-256 {}", "File {}, SHA-256 {}"),
    "wrong": Name("须更正之处", "What has to be mended"),
    "mend": Name(
        "没有提交任何内容。请在原表更正后重新选择文件", "Nothing was submitted. Mend the sheet and choose it again"
    ),
    "row": Name("行", "Row"),
    "column": Name("列", "Column"),
    "reason": Name("原因", "Reason"),
    "rows": Name("逐行结果", "Row by row"),
    "outcome": Name("结果", "Outcome"),
    "accepted": Name("可受理", "Acceptable"),
    "totals": Name("按业务合计", "Totals by kind"),
    "count": Name("行数", "Lines"),
    "summary": Name("{} 行,{} 笔业务,全部可受理", "{} rows, {} movements, all of them acceptable"),
    "submit": Name("提交为一份提案", "Propose all of it"),
    "waits": Name("此文件的提案待签批", "The proposal of this file waits for approval"),
    "done": Name("此文件已记录,不会重复记录", "This file was recorded; it is not recorded twice"),
    "proposal": Name("查看提案", "See the proposal"),
}


class Row(NamedTuple):
    """A movement that a row asks for, and why it cannot be; None: it can."""

    row: int
    label: Name
    special: str | None
    about: str | None
    amount: int | None
    wrong: Fault | None


class Tried(NamedTuple):
    """What became of a file at a number. ``faults``: everything to be mended; then nothing can be submitted."""

    number: int
    lines: int
    rows: list[Row]
    faults: list[Fault]
    planned: Sequence[Planned] = ()
    would: WhatIf | None = None


class Asked(NamedTuple):
    """A file that somebody tries, on which business date."""

    sha256: str
    on: date
    actor: Actor


@router.get(PATH)
def import_page(
    request: Request,
    ledger: TheLedger,
    caller: Recorder,
    today: Today,
    file: Annotated[Sha256 | None, Query()] = None,
    on: Annotated[Day | None, Query()] = None,
    after: Annotated[int, Query(ge=0, le=NUMBER_MAX)] = 0,
    after_wrong: Annotated[int, Query(ge=0, le=NUMBER_MAX)] = 0,
    limit: Limit = 100,
) -> Response:
    """选择文件,或查看已传文件的逐行试算。Choose a file; or what each row of a kept one would do."""
    if file is None:
        return show(request, caller, "import.html", WORDS, on=on or today)
    kept, day, answer, view = _kept(ledger, caller, file), on or today, Response(), view_of(request)
    sees = caller.sight(Action.SEE_BOOKS)
    with ledger.reading() as book:
        stood = standing(book, kept)
        stands_at(answer, book.number)
    tried = _tried(request, ledger, caller, kept, day) if stood.proposal is None else Tried(0, 0, [], [])
    found = None
    if sees is not None and tried.would is not None and not tried.faults:
        found = supposition(tried.would, day, sees, view.language)
    rows, wrong = tried.rows[after : after + limit], tried.faults[after_wrong : after_wrong + limit]
    said: dict[str, Any] = {"file": kept, "on": day, "tried": tried, "stood": stood, "rows": rows, "faults": wrong}
    said |= effect_of(found)
    said["kinds"] = by_kind(one.movement for one in tried.planned)
    said["more"] = view.here(after=after + limit) if after + limit < len(tried.rows) else None
    said["more_wrong"] = view.here(after_wrong=after_wrong + limit) if after_wrong + limit < len(tried.faults) else None
    return show(request, caller, "import.html", WORDS, answer=answer, **said)


@router.post(PATH)
async def choose_file(request: Request, ledger: TheLedger, caller: FileKeeper, today: Today) -> Response:
    """保存文件,转到逐行试算。Keep the file, and look at it row by row."""
    upload = await upload_of(request, DOCUMENT_BYTES_MAX)
    sha256 = await run_in_threadpool(_keep, ledger, caller, upload)
    return go(request, PATH, file=sha256, on=upload.fields.get("on") or today.isoformat())


@router.post(f"{PATH}/proposal")
def propose_file(request: Request, ledger: TheLedger, caller: Recorder, sent: Sent) -> Response:
    """全部提交为一份提案;同一文件只提交一次。The whole file as one proposal, once however often it is sent."""
    day, kept = day_in(sent, "on"), _kept(ledger, caller, sent.get("file", ""))
    with ledger.reading() as book:
        stood = standing(book, kept)
    if stood.proposal is None:
        tried = _tried(request, ledger, caller, kept, day)
        if tried.faults:  # something was recorded in between
            return go(request, PATH, file=kept.sha256, on=day)
        submit(ledger, kept, stood, tried.planned, caller.actor, day)
    return go(request, f"/inbox/{stood.name}")


@router.get(f"{PATH}/template")
def template(ledger: TheLedger, caller: Recorder) -> Response:
    """空表,附示例和说明。The empty sheet, with an example and notes on every column."""
    out, title = BytesIO(), ALLOCATION_PLAN.title
    write_template(out, ALLOCATION_PLAN, mark=f"{MARK.zh} {MARK.en}" if ledger.training else "")
    return attachment(out.getvalue(), f"{title.zh}.xlsx", None)


def _keep(ledger: Ledger, caller: Caller, upload: Upload) -> str:
    with upload.file:
        content = upload.file.read()
    name = upload.name or f"{ALLOCATION_PLAN.title.zh}.xlsx"
    kind, subject = media_type_of(name), caller.actor.subject
    return documents.keep(ledger.store, content, name=name, media_type=kind, uploaded_by=subject)[0]


def _kept(ledger: Ledger, caller: Caller, sha256: str) -> File:
    found = kept_file(ledger, caller, sha256)
    return File(found.name, found.content)


def _tried(request: Request, ledger: Ledger, caller: Caller, file: File, on: date) -> Tried:
    """The file judged where the ledger stands: kept from before, or now."""
    sheets: Kept[Asked, Tried] = request.app.state.sheets
    asked, number = Asked(file.sha256, on, caller.actor), standing_at(ledger.store, ledger.id)
    if (known := sheets.at(asked, number)) is not None:
        return known
    try:
        sheet = read_sheet(file.content, ALLOCATION_PLAN)
    except Faulty as faulty:
        return Tried(number, 0, [], list(faulty.faults))
    tried = _judged(ledger, caller, sheet, on)
    return sheets.keep(asked, tried.number, len(tried.planned), tried)


def _judged(ledger: Ledger, caller: Caller, sheet: Sheet, on: date) -> Tried:
    """What all of it would do is told where it is short enough to be shown at once."""
    with ledger.trying(len(sheet.lines)) as book:
        try:
            planned = plan_allocation(sheet, book, on)
        except Faulty as faulty:
            return Tried(book.number, len(sheet.lines), [], list(faulty.faults))
        day = on if len(planned) <= LINES_MAX else None
        faults, would = judge(book, sheet, planned, caller.actor, day=day)
        return Tried(book.number, len(sheet.lines), list(_rows(planned, faults)), faults, planned, would)


def _rows(planned: list[Planned], faults: list[Fault]) -> Iterator[Row]:
    wrong = {fault.row: fault for fault in faults}
    for one in planned:
        said = dict(one.movement)
        about = said.get("project") or said.get("credit_code")
        yield Row(one.row, one.movement.label, said.get("special"), about, said.get("amount"), wrong.get(one.row))
