"""Importing a file, step by step on the terminal: its form, the ledger's judgement, one recording through approval."""

import os
from datetime import date
from pathlib import Path
from typing import NamedTuple

from ledger.access.people import People
from ledger.application import Ledger
from ledger.cli.recording import approve_list, signer_called
from ledger.cli.terminal import Complaint, Exit, mark, progress, say, show
from ledger.domain.approval import ProposalStatus
from ledger.domain.catalogue import FUNDS, Fund
from ledger.domain.money import grouped_yuan
from ledger.domain.movement import Actor
from ledger.importing.allocation_plan import plan_allocation
from ledger.importing.columns import ALLOCATION_PLAN, OPENING, SheetKind
from ledger.importing.faults import Faulty, whole_file
from ledger.importing.judging import judge
from ledger.importing.opening import plan_opening, totals_by_fund
from ledger.importing.planned import Planned
from ledger.importing.reading import Sheet, read_sheet
from ledger.importing.recording import File, Standing, standing, submit
from ledger.importing.template import write_template

FILE_BYTES_MAX = 32 * 1024**2


class Request(NamedTuple):
    """What is to be imported, and by whom."""

    file: Path
    opening: bool
    worksheet: str | None
    proposer: str
    approver: str
    effective_on: date
    dry: bool
    submit_only: bool

    @property
    def kind(self) -> SheetKind:
        return OPENING if self.opening else ALLOCATION_PLAN


def make_template(path: Path, *, opening: bool) -> None:
    """Write the empty sheet; an existing file is never overwritten."""
    if path.suffix.lower() != ".xlsx":
        raise Complaint(Exit.USAGE, "模板文件名应以 .xlsx 结尾", "name the template with the ending .xlsx")
    if os.path.lexists(path):  # a link that leads nowhere yet would be followed
        zh, en = f"{path} 已存在:请换一个文件名", f"{path} is there already: name another file"
        raise Complaint(Exit.OCCUPIED, zh, en)
    kind = OPENING if opening else ALLOCATION_PLAN
    write_template(path, kind, mark=mark(""))
    say(f"已写出{kind.title.zh}模板 {path}", f"wrote the empty sheet ({kind.title.en}) {path}")


def read(request: Request) -> tuple[File, Sheet]:
    """The file and its sheet, whose form is right. Raises Faulty, OSError."""
    with request.file.open("rb") as opened:
        content = opened.read(FILE_BYTES_MAX + 1)
    if len(content) > FILE_BYTES_MAX:
        raise whole_file("文件过大,请分成几个文件", "the file is too large: split it")
    file = File(request.file.name, content)
    with progress("读取", "reading") as done:
        return file, read_sheet(file.content, request.kind, request.worksheet, done)


def run(ledger: Ledger, people: People, request: Request, file: File, sheet: Sheet) -> None:
    """Judge and record. Raises Faulty with everything the ledger would refuse, Refusal, UnknownOutcome."""
    proposer, approver = signer_called(people, request.proposer), signer_called(people, request.approver)
    with ledger.reading() as book:
        at = standing(book, file)
    if at.proposal is not None and at.proposal.status is ProposalStatus.APPROVED:
        say(
            f"此文件已记录(提案 {at.name},第 {at.proposal.number} 号),未重复记录",
            f"this file was recorded before (proposal {at.name}, number {at.proposal.number}); not recorded again",
        )
        return
    if at.proposal is None:
        _judge_and_submit(ledger, request, file, sheet, at, (proposer.actor, approver.actor))
    else:
        count = len(at.proposal.standing())
        zh = f"此文件的提案 {at.name} 待审批({count} 条)"
        say(zh, f"the proposal {at.name} of this file waits for approval ({count} movements)")
    if not (request.dry or request.submit_only):
        approve_list(ledger, approver, at.name, request.effective_on)


def _judge_and_submit(
    ledger: Ledger, request: Request, file: File, sheet: Sheet, at: Standing, signers: tuple[Actor, Actor]
) -> None:
    planned = _planned(ledger, request, sheet)
    with progress("试算", "judging") as done, ledger.reading() as book:
        faults = judge(book, sheet, planned, *signers, done).faults
    if request.opening:
        _show_totals(planned, file)
    if faults:
        raise Faulty(faults)
    say(
        f"{len(sheet.lines)} 行,{len(planned)} 条记录,全部可受理(文件 SHA-256 {file.sha256})",
        f"{len(sheet.lines)} lines, {len(planned)} movements, all acceptable (SHA-256 of the file {file.sha256})",
    )
    if request.dry:
        say("试算结束,未记录任何内容", "dry run; nothing was recorded")
        return
    with progress("提交", "submitting") as done:
        done(0, 0)
        receipt = submit(ledger, file, at, planned, signers[0], request.effective_on)
    zh = f"已由 {request.proposer} 提交为提案 {at.name}(第 {receipt.number} 号)"
    say(zh, f"submitted by {request.proposer} as proposal {at.name} (number {receipt.number})")


def _planned(ledger: Ledger, request: Request, sheet: Sheet) -> list[Planned]:
    with ledger.reading() as book:
        if request.opening:
            return plan_opening(sheet, book, request.effective_on)
        return plan_allocation(sheet, book, request.effective_on)


def _show_totals(planned: list[Planned], file: File) -> None:
    """What two departments sign before an opening list is recorded."""
    found = totals_by_fund(planned)
    rows: list[tuple[object, ...]] = [
        (f"{one.fund} {FUNDS[Fund(one.fund)].zh}", one.lines, *map(grouped_yuan, (*one[2:], one.total)))
        for one in found
    ]
    sums = [sum(column) for column in zip(*((*one[1:], one.total) for one in found), strict=True)]
    rows.append(("合计 Total", *sums[:1], *map(grouped_yuan, sums[1:])))
    headers = (
        "资金 Fund",
        "行 Lines",
        "待分配 Unallocated",
        "可用 Available",
        "未拨付 Committed",
        "已支付 Disbursed",
        "合计 Total",
    )
    show(headers, rows, title="期初余额(签认),单位:元    Opening balances to sign, yuan", amounts_from=1)
    say(f"文件 SHA-256 {file.sha256}", f"SHA-256 of the file {file.sha256}")
