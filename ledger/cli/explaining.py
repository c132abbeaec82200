"""What made a figure, on the terminal or as JSON: its components, a page of lines, and whether they prove it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ledger.application import Ledger, business_day
from ledger.cli.balances import grouped_by, told_moment, within_life
from ledger.cli.terminal import Complaint, Exit, is_marked, out, say, show
from ledger.domain.accounts import ACCOUNTS
from ledger.domain.money import grouped_yuan, yuan
from ledger.domain.movement import MOVEMENTS
from ledger.projections.balances import Question
from ledger.projections.explain import COMPONENTS, Asked, Explanation, Moving, NoSuchFigure, Step, explain
from ledger.projections.figures import FIGURES
from ledger.projections.lines import START, Position
from ledger.projections.moment import Moment
from ledger.reports.card import BY


def figure_asked(by: str, figure: str, key: str | None, year: int | None, *, whole: bool) -> Asked:
    """The figure named on the command line, of now. Raises Complaint."""
    if figure not in FIGURES:
        known = "、".join(FIGURES)
        raise Complaint(Exit.USAGE, f"--figure 可取:{known}", f"--figure takes one of: {known}")
    return Asked(Question(grouped_by(by), business_day(), year), figure, key, whole)


def explained(ledger: Ledger, asked: Asked, moment: Moment, after: str | None, limit: int) -> Explanation:
    """A figure and the lines behind it. Raises Complaint."""
    asked = asked._replace(card=asked.card._replace(moment=moment))
    with answerable(), within_life():
        return explain(ledger.store, ledger.id, ledger.reading, asked, after=position(after), limit=limit)


@contextmanager
def answerable() -> Iterator[None]:
    """Turns what cannot be explained into a Complaint."""
    try:
        yield
    except NoSuchFigure:
        zh, en = "余额表在该时点没有这一行或这一数字", "the balances have no such row, or no such figure then"
        raise Complaint(Exit.USAGE, zh, en) from None
    except Moving:
        zh, en = "账本正在大量记录,请稍后再试", "the ledger is busy recording: try again shortly"
        raise Complaint(Exit.UNKNOWN, zh, en) from None


def position(text: str | None) -> Position:
    """The line named by ``--after``. Raises Complaint."""
    if text is None:
        return START
    try:
        return Position(*map(int, text.split(".")))
    except (ValueError, TypeError) as error:
        raise Complaint(Exit.USAGE, "--after 形如 123.1", "--after is like 123.1") from error


def show_explanation(found: Explanation) -> None:
    """Components, lines, and the proof."""
    asked, name = found.asked, FIGURES[found.asked.figure]
    row = f"{BY[asked.card.by].zh} {asked.key or '—'}" if not asked.whole else "合计 total"
    parts = [(f"{part.name.zh} {part.name.en}", grouped_yuan(part.amount)) for part in found.components]
    title = f"{name.zh} {name.en} · {row} · 单位:元 yuan"
    show(
        ("构成 Component", "金额 Amount"), [*parts, ("合计 Sum", grouped_yuan(found.sum))], title=title, amounts_from=1
    )
    headers = (
        "编号 No.",
        "凭证 Voucher",
        "业务 Movement",
        "业务日期 On",
        "期间 Period",
        "文号 Document",
        "账户 Account",
        "",
    )
    show((*headers, "金额 Amount", "累计 Running"), [_row(step) for step in found.steps], amounts_from=len(headers))
    if found.more:
        after = f"{found.more.number}.{found.more.line}"
        say(f"后面还有,续看:--after {after}", f"there is more: --after {after}")
    if found.proven:
        say(
            f"核对一致:各行之和即余额 {grouped_yuan(found.amount)} 元",
            f"proven: the lines sum to {grouped_yuan(found.amount)}",
        )
    else:
        say(
            f"核对不符:余额 {grouped_yuan(found.amount)},各行之和 {grouped_yuan(found.sum)};请运行 ledger verify",
            f"NOT proven: the figure is {grouped_yuan(found.amount)}, the lines sum to {grouped_yuan(found.sum)}: "
            "run ledger verify",
        )
    say(*told_moment(found.number, found.recorded_at, found.fiscal_year, asked.card.moment))


def _row(step: Step) -> tuple[object, ...]:
    recorded, leg = step.recorded, step.leg
    label, document = MOVEMENTS[recorded.movement.kind].label, recorded.movement.document
    late = " 迟记 late" if step.late else ""
    account = f"{leg.account.code} {ACCOUNTS[leg.account.code].name.zh}"
    where = " ".join(str(part) for part in leg.account[1:] if part is not None)
    amounts = grouped_yuan(step.amount), grouped_yuan(step.running)
    said = f"{label.zh} {label.en}", leg.effective_on, leg.period + late, document.number if document else ""
    return (f"{step.at.number}.{step.at.line}", recorded.voucher or "", *said, account, where, *amounts)


def print_explanation(found: Explanation) -> None:
    """The same as JSON; amounts are strings in yuan."""
    asked = found.asked
    answer: dict[str, Any] = {
        **({"training": True} if is_marked() else {}),
        "unit": "yuan",
        "by": asked.card.by,
        "key": asked.key,
        "figure": asked.figure,
        "number": found.number,
        "fiscal_year": found.fiscal_year,
        "amount": yuan(found.amount),
        "sum": yuan(found.sum),
        "proven": found.proven,
        "components": {COMPONENTS[part.figure].en: yuan(part.amount) for part in found.components},
        "lines": [line_fields(step) | {"running": yuan(step.running)} for step in found.steps],
        "next": f"{found.more.number}.{found.more.line}" if found.more else None,
    }
    out().print(json.dumps(answer, ensure_ascii=False, indent=1))


def line_fields(step: Step) -> dict[str, Any]:
    """A line as JSON; amounts are strings in yuan."""
    leg, document = step.leg, step.recorded.movement.document
    return {
        "number": step.at.number,
        "line": step.at.line,
        "kind": step.recorded.movement.kind,
        "voucher": step.recorded.voucher,
        "effective_on": leg.effective_on.isoformat(),
        "period": leg.period,
        "late": step.late,
        "document": document.number if document else None,
        "corrects": leg.corrects,
        "account": leg.account._asdict(),
        "component": step.component,
        "amount": yuan(step.amount),
    }
