"""From when an amount is free in a special, on the terminal, and what must happen first."""

from datetime import date
from functools import partial

from ledger.application import Ledger
from ledger.cli.terminal import Complaint, Exit, say, show
from ledger.domain.earliest import NOT_KNOWN, STEPS, Earliest, Visible, earliest
from ledger.domain.money import fen, grouped_yuan
from ledger.domain.special import special_state
from ledger.folding import recall


def ask_earliest(ledger: Ledger, special: str, amount: str, today: date) -> bool:
    """Show the day or the steps; whether there is a day. Raises Complaint."""
    try:
        wanted = fen(amount)
    except ValueError:
        raise Complaint(Exit.USAGE, "金额以元计,如 230000000", "give the amount in yuan, such as 230000000") from None
    with ledger.reading() as book:
        if special_state(book, special) is None:
            raise Complaint(Exit.USAGE, f"没有专项 {special}", f"there is no special {special}")
        everything = Visible(lambda _: True, lambda _: True)
        try:
            found = earliest(book, special, wanted, today, everything, partial(recall, ledger.store, ledger.id, book))
        finally:
            book.recalled.clear()
    _show(found)
    return found.on is not None


def _show(found: Earliest) -> None:
    free, amount = grouped_yuan(found.free), grouped_yuan(found.amount)
    say(
        f"{found.special} 于 {found.today} 可用净额 {free} 元", f"{found.special} has {free} yuan free on {found.today}"
    )
    if found.by_time is not None:
        say(
            f"{amount} 元最早于 {found.by_time} 可用,无须办理其他事项",
            f"{amount} yuan are free on {found.by_time}, by time alone",
        )
    if found.steps:
        rows = [
            (
                at,
                f"{STEPS[step.kind].zh}\n{STEPS[step.kind].en}",
                " ".join(str(part) for part in (step.ref, step.fund, step.vintage, step.special) if part),
                " / ".join("+".join(chain) for chain in step.needs),
                step.clause,
                step.on,
                grouped_yuan(step.amount),
            )
            for at, step in enumerate(found.steps, 1)
        ]
        headers = ("序 No.", "事项 Step", "对象 Of", "签批 Signs", "条款 Clause", "日期 On", "金额(元) Yuan")
        show(headers, rows, amounts_from=len(headers) - 1)
        if found.on is not None:
            say(f"办理后最早于 {found.on} 可用", f"after these steps they are free on {found.on}")
    if found.short:
        short = grouped_yuan(found.short)
        say(f"全部办理后仍缺 {short} 元", f"after all of it {short} yuan are missing")
    for taking in found.takes:
        taken = grouped_yuan(taking.amount)
        say(
            f"注意:待批提案 {taking.proposal} 将占用 {taken} 元", f"mind: proposal {taking.proposal} would take {taken}"
        )
    say(NOT_KNOWN.zh, NOT_KNOWN.en)
