"""Reconciliation on the terminal: a statement taken and matched, what of it is open, and a month handed on for signing off."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import BinaryIO, NamedTuple

from ledger.access.people import People
from ledger.application import Ledger, business_day
from ledger.cli.recording import Signer, approve_list, signer_called, tell_proposal
from ledger.cli.reports import read, write, write_page
from ledger.cli.terminal import Complaint, Exit, progress, say, show
from ledger.domain.catalogue import Name
from ledger.domain.money import grouped_yuan
from ledger.domain.reconciliation import CAUSES, SETTLED, STATEMENT_KINDS, StatementKind, Status, statuses
from ledger.importing.faults import Faulty
from ledger.projections.moment import Moment
from ledger.reconciliation.application import Reconciliations, last_day
from ledger.reconciliation.case import Case, by_status
from ledger.reconciliation.line import Line
from ledger.reconciliation.parting import parting
from ledger.reconciliation.reading.mapping import Mapping as Columns
from ledger.reconciliation.reading.rejected import rejected_workbook
from ledger.reconciliation.reading.statement import Control, read_statement
from ledger.reconciliation.rules import RULE_NAMES
from ledger.reconciliation.trial import tried
from ledger.reports.asking import Asked
from ledger.reports.catalogue import ReportCode

CASES_SHOWN_MAX = 30


class Request(NamedTuple):
    """Which statement of which source, by whom, and how far. ``through``: last day compared; else the statement's last."""

    file: Path | None
    source: str
    kind: StatementKind | None
    against: str
    through: date | None
    balances_on: date | None
    person: str
    approver: str | None
    dry: bool
    returned: Path | None
    sign_off: str | None
    xlsx: Path | None
    html: Path | None


def kind_named(text: str | None) -> StatementKind | None:
    """The kind of that name. Raises Complaint."""
    try:
        return None if text is None else StatementKind(text.upper())
    except ValueError:
        known = ", ".join(f"{kind.lower()} {name.zh}" for kind, name in STATEMENT_KINDS.items())
        raise Complaint(Exit.USAGE, f"没有这类账单,可取:{known}", f"there is no such kind: {known}") from None


def run(ledger: Ledger, people: People, request: Request) -> bool:
    """Do what was asked, and show what is open; whether nothing is. Raises Complaint, Faulty, NotReconciled, Refusal."""
    signer, work = signer_called(people, request.person), Reconciliations(ledger)
    if request.dry:
        return _try(ledger, work, request)
    if request.kind is not None:
        work.open_source(request.source, request.kind, signer.actor, request.against)
    through = request.through
    if request.file is not None:
        last = _take(work, request, signer).last
        through = through or last
    if request.sign_off is not None:
        _sign_off(ledger, people, work, request, signer)
        return True
    through = through or _last_day_of(work, request.source)
    with progress("匹配", "matching") as done:
        done(0, 0)
        work.propose(request.source, through, signer.actor)
    found = work.compared(request.source, through)
    mine, theirs = ({line.key: line for line in side} for side in (found.ours, found.theirs))
    if request.xlsx or request.html:
        sheet = read(ledger, ReportCode.RECONCILIATION, Asked(Moment(effective_on=through), source=request.source))
        if request.xlsx:
            write(sheet, "yuan", request.xlsx)
        if request.html:
            write_page(sheet, "yuan", "zh", request.html)
    names = statuses(work.source(request.source).against)
    return _tell([one.case for one in found.kept], mine, theirs, through, names)


def _take(work: Reconciliations, request: Request, signer: Signer) -> Control:
    assert request.file is not None
    with request.file.open("rb") as file:
        try:
            with progress("读取", "reading") as done:
                taken = work.take(
                    request.source, file, request.file.name, signer.actor, on=request.balances_on, done=done
                )
        except Faulty as faulty:
            source = work.source(request.source)
            _give_back(request, file, source.kind, faulty, source.saved)
            raise
    _tell_control(taken.control)
    if taken.again:
        say("此文件以前已导入,未重复导入", "this file was taken before; it was not taken again")
    elif taken.known:
        zh = f"其中 {taken.known} 行以前的账单已有,未重复计入"
        say(zh, f"{taken.known} of its lines had been told by an earlier statement and were left out")
    return taken.control


def _give_back(request: Request, file: BinaryIO, kind: StatementKind, faulty: Faulty, saved: Columns | None) -> None:
    """The user's own workbook, with what is wrong behind each row."""
    if request.returned is None:
        zh = "加 --returned 文件.xlsx 可取回逐行注明原因和建议的表"
        say(zh, "--returned FILE.xlsx gives the file back with reasons and advice behind each row")
        return
    content = rejected_workbook(file, kind, faulty, saved)
    with request.returned.open("xb") as written:
        written.write(content)
    say(f"已写出 {request.returned}", f"wrote {request.returned}")


def _try(ledger: Ledger, work: Reconciliations, request: Request) -> bool:
    """Read and match, and keep nothing."""
    if request.file is None:
        raise Complaint(Exit.USAGE, "试算需要账单文件", "a dry run needs a statement")
    kind, against, saved = request.kind, request.against, None
    if request.source in work.sources():
        source = work.source(request.source)
        kind, against, saved = source.kind, source.against, source.saved
    if kind is None:
        raise Complaint(Exit.USAGE, "新来源须用 --kind 说明账单种类", "--kind says of which kind a new source is")
    with request.file.open("rb") as file:
        try:
            with progress("读取", "reading") as done:
                read = read_statement(file, kind, saved, on=request.balances_on, done=done)
        except Faulty as faulty:
            _give_back(request, file, kind, faulty, saved)
            raise
    with read, progress("匹配", "matching") as done:
        done(0, 0)
        through = request.through or read.control.last
        mine, theirs, cases = tried(ledger, read, against, through)
    _tell_control(read.control)
    fine = _tell(cases, mine, theirs, through, statuses(against))
    say("试算结束,未记录任何内容", "dry run; nothing was recorded")
    return fine


def _last_day_of(work: Reconciliations, source: str) -> date:
    months = work.standing(source).months
    if not months:
        raise Complaint(
            Exit.USAGE, "尚未匹配过:请给出账单或 --through", "nothing was matched yet: give a statement or --through"
        )
    return last_day(max(months))


def _sign_off(ledger: Ledger, people: People, work: Reconciliations, request: Request, signer: Signer) -> None:
    assert request.sign_off is not None
    name = work.propose_sign_off(request.source, request.sign_off, signer.actor, business_day())
    waiting = work.source(request.source).waiting[request.sign_off]
    rows = [
        ("本方发生额 Ours", grouped_yuan(waiting["ledger_total"])),
        ("对方发生额 Theirs", grouped_yuan(waiting["statement_total"])),
        ("未说明差额 Unexplained", grouped_yuan(waiting["unexplained"])),
    ]
    show((f"{request.source} {request.sign_off}", "金额(元) Yuan"), rows, amounts_from=1)
    if request.approver is None:
        tell_proposal(ledger, name)
        return
    approve_list(ledger, signer_called(people, request.approver), name, business_day())
    if request.sign_off in work.source(request.source).signed:
        say(f"{request.sign_off} 对账已签认", f"{request.sign_off} is signed off")


# -- what is shown


def _tell_control(control: Control) -> None:
    zh = f"{control.lines} 行,支出 {grouped_yuan(control.paid)} 元,收回 {grouped_yuan(control.returned)} 元"
    en = f"{control.lines} lines, paid {grouped_yuan(control.paid)} yuan, came back {grouped_yuan(control.returned)} yuan"
    say(f"{zh};{control.first} 至 {control.last}", f"{en}; {control.first} to {control.last}")


def _tell(
    cases: Sequence[Case],
    mine: Mapping[int, Line],
    theirs: Mapping[int, Line],
    through: date,
    names: Mapping[Status, Name],
) -> bool:
    """How many cases there are of each status, those that are open, and where the sides part first."""
    counted = by_status(cases).items()
    rows = [(f"{names[s].zh} {names[s].en}", count, grouped_yuan(fen)) for s, (count, fen) in counted]
    show(("状态 Status", "项 Cases", "差额(元) Difference"), rows, title=f"截至 Through {through}", amounts_from=1)
    open_ones = [case for case in cases if case.status not in SETTLED]
    awaited = [case for case in open_ones if case.status is Status.TIMING and not case.theirs and not case.difference]
    _show_open([case for case in open_ones if case not in awaited], mine, theirs, names)
    if awaited:
        zh = f"另有 {len(awaited)} 笔申请尚未支付,截至该日无差额"
        say(zh, f"{len(awaited)} payment applications wait to be paid and make no difference")
    at = parting(list(mine.values()), list(theirs.values()), cases, through)
    if at is not None:
        zh = f"双方自 {at.at.day} 起不一致:本方累计 {grouped_yuan(at.at.ours)} 元,对方 {grouped_yuan(at.at.theirs)} 元"
        say(
            zh,
            f"the sides part on {at.at.day}: ours {grouped_yuan(at.at.ours)}, theirs {grouped_yuan(at.at.theirs)} yuan",
        )
    return not open_ones


def _show_open(
    cases: Sequence[Case], mine: Mapping[int, Line], theirs: Mapping[int, Line], names: Mapping[Status, Name]
) -> None:
    rows = [
        (
            f"{names[case.status].zh}\n{names[case.status].en}",
            f"{CAUSES[case.cause].zh}\n{CAUSES[case.cause].en}" if case.cause else "",
            f"{RULE_NAMES[case.rule].zh}\n{RULE_NAMES[case.rule].en}",
            _lines(mine[key] for key in case.ours),
            _lines(theirs[key] for key in case.theirs),
            grouped_yuan(case.difference),
        )
        for case in sorted(cases, key=lambda case: -abs(case.difference))[:CASES_SHOWN_MAX]
    ]
    if rows:
        headers = ("状态 Status", "原因 Cause", "规则 Rule", "本方 Ours", "对方 Theirs", "差额(元) Difference")
        show(headers, rows, amounts_from=5)
    if len(cases) > len(rows):
        say(
            f"共 {len(cases)} 项未了,仅列差额最大的 {len(rows)} 项",
            f"{len(cases)} are open; the {len(rows)} largest are shown",
        )


def _lines(lines: Iterable[Line]) -> str:
    return "\n".join(
        f"{line.day} {line.detail or line.voucher or line.application or line.transaction or line.function} "
        f"{grouped_yuan(line.amount)}"
        for line in lines
    )
