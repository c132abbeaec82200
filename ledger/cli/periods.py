"""Periods on the terminal: which are closed, what closes next, what stands against it, and what to look at first."""

from collections.abc import Iterable, Sequence
from datetime import date

from ledger.application import Ledger
from ledger.cli.terminal import Complaint, Exit, say, show, shown
from ledger.domain.accounts import Account
from ledger.domain.blocking import Blocker
from ledger.domain.catalogue import ROLES, Role
from ledger.domain.closing_list import CONCERNS, Closing, Notice, closes_next, years_of
from ledger.domain.money import grouped_yuan
from ledger.domain.movement import MOVEMENTS
from ledger.domain.period import CLOSED_PERIODS
from ledger.domain.refusals import Code
from ledger.domain.wording import WAYS_OUT, in_words
from ledger.domain.yearend import periods_of

ROWS_SHOWN_MAX = 50


def show_periods(ledger: Ledger, year: int | None, day: date) -> None:
    """Print the periods of a year, or of all, and the closing list as it is judged on a day. Raises Complaint."""
    with ledger.reading() as book:
        known = years_of(book)
        if year is not None and year not in known:
            zh, en = f"账本没有 {year} 年度", f"the ledger has no fiscal year {year}"
            raise Complaint(Exit.USAGE, zh, en)
        years = [one for one in known if year in (None, one)]
        closed = {period: CLOSED_PERIODS.get(book, period) for one in years for period in periods_of(one)}
        closings = [closing for one in years for closing in closes_next(book, one, day)]
        number = book.number
    rows = [(period, "已结账 closed" if by else "未结账 open", by or "") for period, by in closed.items()]
    show(("期间 Period", "状态 State", "结账编号 Closed by"), rows)
    for closing in closings:
        _show_closing(closing)
    say(f"截至第 {number} 号", f"as of number {number}")
    say(*WAYS_OUT[Code.PERIOD_CLOSED])


def _show_closing(closing: Closing) -> None:
    label = MOVEMENTS[closing.kind].label
    if closing.blockers:
        zh, en = (
            f"{label.zh} {closing.closes}:尚有 {len(closing.blockers)} 项阻碍",
            f"{len(closing.blockers)} in the way",
        )
    else:
        zh, en = f"{label.zh} {closing.closes}:可以结账", "may be closed"
    say(zh, f"{label.en} {closing.closes}: {en}")
    show_blockers(closing.blockers)
    _show_notices(closing.notices)


def show_blockers(blockers: Sequence[Blocker]) -> None:
    """What stands against closing, each with its owner and what mends it."""
    if not blockers:
        return
    rows = [
        (
            blocker.refusal.code,
            where(blocker.account) or " ".join(map(str, blocker.refusal.details.values())),
            roles(blocker.owners),
            " / ".join(f"{kind} {MOVEMENTS[kind].label.zh}" for kind in blocker.mended_by),
            grouped_yuan(blocker.refusal.asked) if blocker.refusal.asked is not None else "",
        )
        for blocker in blockers[:ROWS_SHOWN_MAX]
    ]
    headers = ("阻碍 Blocked by", "所在 Where", "责任方 Owner", "办法 Mended by", "金额(元) Yuan")
    show(headers, rows, amounts_from=4)
    say(*in_words(blockers[0].refusal))
    _tell_more(len(blockers))


def _show_notices(notices: Sequence[Notice]) -> None:
    if not notices:
        return
    rows = [
        (
            CONCERNS[one.concern].zh,
            " ".join(filter(None, (one.ref, one.day.isoformat() if one.day else ""))),
            roles(one.owners),
            grouped_yuan(one.amount),
        )
        for one in notices[:ROWS_SHOWN_MAX]
    ]
    title = "不阻碍结账,但应先核对    Blocks nothing, but look at it first"
    show(("事项 Concern", "对象 Of", "责任方 Owner", "金额(元) Yuan"), rows, title=title, amounts_from=3)
    _tell_more(len(notices))


def _tell_more(count: int) -> None:
    if count > ROWS_SHOWN_MAX:
        say(f"共 {count} 项,以上为前 {ROWS_SHOWN_MAX} 项", f"{count} in all; the first {ROWS_SHOWN_MAX} are shown")


def roles(found: Iterable[Role]) -> str:
    """Roles by code and Chinese name."""
    return " / ".join(f"{role} {ROLES[role].zh}" for role in found)


def where(account: Account | None) -> str:
    """Where an account stands, in few words."""
    return " ".join(shown(part) for part in account if part is not None) if account else ""
