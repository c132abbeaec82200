"""The year's end on the terminal: the list with every line judged, its totals, what stands against it; then one proposal."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from ledger.access.people import People
from ledger.application import Ledger
from ledger.cli.periods import show_blockers, where
from ledger.cli.recording import Signer, approve_list, signer_called, tell_proposal
from ledger.cli.terminal import Complaint, Exit, progress, say, show
from ledger.domain.closing_list import years_of
from ledger.domain.money import grouped_yuan
from ledger.domain.movement import MOVEMENTS
from ledger.domain.period import CLOSED_YEARS
from ledger.domain.wording import in_words
from ledger.yearend.plan import FATES, Line
from ledger.yearend.recording import standing, submit
from ledger.yearend.trial import Trial, first_day, totals, try_year_end

LINES_SHOWN_MAX = 20


class Request(NamedTuple):
    """Which year ends, when, and by whom."""

    year: int
    on: date
    proposer: str
    approver: str | None
    dry: bool
    whole: bool


def run(ledger: Ledger, people: People, request: Request) -> bool:
    """Try, show, and submit unless it is a dry run; whether nothing stands against it. Raises Complaint, Refusal."""
    proposer = signer_called(people, request.proposer)
    approver = signer_called(people, request.approver) if request.approver else None
    with ledger.reading() as book:
        name, waiting = standing(book, request.year)
        _check_year(request.year, years_of(book), CLOSED_YEARS.get(book, request.year))
    if waiting is None or request.dry:
        trial = _tried(ledger, request, proposer)
        show_trial(trial, whole=request.whole)
        if request.dry or trial.refused:
            say("未记录任何内容", "nothing was recorded")
            return not trial.refused
        _submit(ledger, name, trial, proposer, request.on)
    else:
        zh = f"{request.year} 年度结转的提案 {name} 待审批;内容有变的,先退回再重新提交"
        say(zh, f"the proposal {name} waits for approval; where things have changed, reject it and run this again")
    if approver is None:
        tell_proposal(ledger, name)
    else:
        approve_list(ledger, approver, name, request.on)
    return True


def _check_year(year: int, known: range, closed_by: int | None) -> None:
    if year not in known:
        raise Complaint(Exit.USAGE, f"账本没有 {year} 年度", f"the ledger has no fiscal year {year}")
    if closed_by:
        zh = f"{year} 年度已由第 {closed_by} 号结账,不能反结账;以决算文件作结转调整(CarryForwardAdjusted)"
        en = f"{year} was closed by number {closed_by} for good; final accounts adjust it (CarryForwardAdjusted)"
        raise Complaint(Exit.REFUSED, zh, en)


def _tried(ledger: Ledger, request: Request, proposer: Signer) -> Trial:
    """On a copy of the Book: nobody else waits while thousands of lines are judged."""
    with ledger.reading() as book:
        apart = book.copy()
    with progress("试算", "judging") as done:
        return try_year_end(apart, request.year, first_day(request.year, request.on), proposer.actor, done)


def _submit(ledger: Ledger, name: str, trial: Trial, proposer: Signer, on: date) -> None:
    with progress("提交", "submitting") as done:
        done(0, 0)
        receipt = submit(ledger, name, trial, proposer.actor, on)
    count = len(trial.movements)
    zh = f"已由 {proposer.name} 提交为提案 {name}(第 {receipt.number} 号,{count} 条)"
    say(zh, f"submitted by {proposer.name} as proposal {name} (number {receipt.number}, {count} movements)")


def show_trial(trial: Trial, *, whole: bool) -> None:
    """The list, the totals per fund and vintage, and what stands against it."""
    _show_lines(trial.lines, whole=whole)
    _show_totals(trial)
    say(
        f"{trial.year} 年度结转:{len(trial.lines)} 条,将被拒绝 {trial.refused} 条;截至第 {trial.number} 号",
        f"year-end {trial.year}: {len(trial.lines)} lines, {trial.refused} refused; as of number {trial.number}",
    )
    show_blockers(trial.blockers)


def _show_lines(lines: Sequence[Line], *, whole: bool) -> None:
    """Those that are refused first, where not all are shown."""
    numbered = list(enumerate(lines, 1))
    shown = numbered if whole else sorted(numbered, key=lambda row: row[1].refusal is None)[:LINES_SHOWN_MAX]
    rows = [
        (at, _what(line), where(line.account), _outcome(line), grouped_yuan(line.amount) if line.account else "")
        for at, line in shown
    ]
    show(("序 Line", "处理 What", "所在 Where", "试算 Judged", "金额(元) Yuan"), rows, amounts_from=4)
    if len(shown) < len(lines):
        say(f"共 {len(lines)} 条,--all 全部列出", f"{len(lines)} lines in all; --all shows every one")


def _what(line: Line) -> str:
    if line.fate is not None:
        return f"{FATES[line.fate].zh} {FATES[line.fate].en}"
    assert line.movement is not None
    closes = getattr(line.movement, "closes", "") or getattr(line.movement, "year", "")
    return f"{MOVEMENTS[line.movement.kind].label.zh} {closes}"


def _outcome(line: Line) -> str:
    return "可受理 acceptable" if line.refusal is None else f"{line.refusal.code} {in_words(line.refusal).zh}"


def _show_totals(trial: Trial) -> None:
    found = totals(trial.lines, trial.year)
    rows: list[tuple[object, ...]] = [
        (one.fund, one.vintage, one.age, one.lines, *map(grouped_yuan, one[4:])) for one in found
    ]
    sums = [sum(column) for column in zip(*(one[3:] for one in found), strict=True)] or [0] * 6
    rows.append(("合计 Total", "", "", sums[0], *map(grouped_yuan, sums[1:])))
    headers = (
        "资金 Fund",
        "指标年度 Vintage",
        "满年数 Age",
        "行 Lines",
        "结转 Carried over",
        "结余 Surplus",
        "收回 Withdrawn",
        "待定 Undecided",
        "其中被拒绝 Refused",
    )
    show(headers, rows, title=f"{trial.year} 年末,单位:元    At the end of {trial.year}, yuan", amounts_from=4)
