"""What if, on the terminal: what would become of movements on top of now or of a past number, and what they would leave."""

from collections.abc import Sequence

from ledger.application import Ledger, business_day
from ledger.cli.balances import moment_of, within_life
from ledger.cli.recording import Asked
from ledger.cli.terminal import err, say, show, show_faults
from ledger.domain.accounts import ACCOUNTS
from ledger.domain.alert import ALERTS
from ledger.domain.catalogue import Role
from ledger.domain.money import grouped_yuan
from ledger.domain.movement import MOVEMENTS, Actor
from ledger.domain.refusals import Refusal
from ledger.domain.whatif import Judged, WhatIf
from ledger.domain.wording import in_words
from ledger.projections.journal import standing
from ledger.projections.moment import check_number

ASKER = Actor("os", Role.AUD)
"""Whoever owns the machine asks; nothing is recorded as theirs."""


def suppose(ledger: Ledger, asked: Sequence[Asked], at: str | None) -> bool:
    """Judge, show what would be; whether all of it would be accepted. Raises Complaint."""
    faults = [fault for one in asked for fault in one.faults]
    if faults:
        show_faults(faults)
        err().print("格式有误,未试算\nmalformed; nothing was judged")
        return False
    number = moment_of(ledger, at, None, None).number
    with within_life():
        check_number(number, standing(ledger.store, ledger.id))
        movements = [one.movement for one in asked if one.movement is not None]
        found = ledger.what_if(movements, ASKER, business_day(), number)
    _show(found)
    return not any(isinstance(one.outcome, Refusal) for one in found.judged)


def _show(found: WhatIf) -> None:
    lines = [_line(line, one) for line, one in enumerate(found.judged, 1)]
    show(("序 Line", "业务 Movement", "结果 Outcome", "须签批 Signs"), lines, title="试算推演    What if")
    rows = [
        (
            row.fiscal_year or "—",
            row.special or "—",
            f"{row.code} {ACCOUNTS[row.code].name.zh} {ACCOUNTS[row.code].name.en}",
            *map(grouped_yuan, (row.before, row.after, row.after - row.before)),
        )
        for row in found.rows
    ]
    headers = ("年度 Year", "专项 Special", "账户 Account", "此前 Before", "此后 After", "变动 Change")
    show(headers, rows, title="单位:元    Yuan", amounts_from=3)
    for one in found.accounts:
        if one.below_zero:
            name = ACCOUNTS[one.account.code].name
            say(
                f"事实将使账户为负:{name.zh} {grouped_yuan(one.after)}",
                f"a fact would take {name.en} to {grouped_yuan(one.after)}",
            )
    for due in found.raised:
        what = ALERTS[due.kind]
        say(f"将出现预警:{what.name.zh}({grouped_yuan(due.amount)} 元)", f"an alert would come: {what.name.en}")
    refused = sum(isinstance(one.outcome, Refusal) for one in found.judged)
    accepted = len(found.judged) - refused
    say(
        f"在第 {found.number} 号之上:可受理 {accepted} 条,将被拒绝 {refused} 条;未记录任何内容",
        f"on top of number {found.number}: {accepted} would be accepted, {refused} refused; nothing was recorded",
    )


def _line(line: int, judged: Judged) -> tuple[object, ...]:
    label = MOVEMENTS[judged.movement.kind].label
    signs = " / ".join("+".join(chain) for chain in judged.needs)
    outcome = judged.outcome
    if isinstance(outcome, Refusal):
        zh, en = in_words(outcome)
        return (line, f"{label.zh} {label.en}", f"{outcome.code} {zh}\n{en}\n{outcome.clause}", signs)
    as_kind = f"({MOVEMENTS[outcome.recorded_as].label.zh})" if outcome.recorded_as else ""
    return (line, f"{label.zh} {label.en}", f"可受理{as_kind} accepted", signs)
