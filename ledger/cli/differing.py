"""What differs between two moments, on the terminal or as JSON, and the lines that made it."""

import json
from typing import Any

from ledger.application import Ledger
from ledger.cli.balances import moment_of, told_moment, within_life
from ledger.cli.explaining import answerable, line_fields, position
from ledger.cli.terminal import Complaint, Exit, is_marked, out, say, show
from ledger.domain.money import grouped_yuan, yuan
from ledger.domain.movement import MOVEMENTS
from ledger.projections.diff import Changed, Difference, Made, Page, diff
from ledger.projections.explain import Asked
from ledger.projections.figures import FIGURES
from ledger.projections.moment import Moment
from ledger.reports.card import BY

_NAMED = ("at", "period", "effective")


def named_moment(ledger: Ledger, text: str) -> Moment:
    """A moment in one word: ``now``, or ``at=…``, ``period=…``, ``effective=…``, joined by commas. Raises Complaint."""
    parts = dict(part.partition("=")[::2] for part in text.split(",")) if text != "now" else {}
    if not parts.keys() <= set(_NAMED):
        zh, en = (
            "时点形如 now、at=123 或 at=123,effective=2025-03-31",
            "a moment is now, at=123 or at=123,effective=2025-03-31",
        )
        raise Complaint(Exit.USAGE, zh, en)
    return moment_of(ledger, *(parts.get(name) for name in _NAMED))


def differing(ledger: Ledger, since: Moment, asked: Asked, after: str | None, limit: int) -> Difference:
    """The difference, with all its rows. Raises Complaint."""
    with answerable(), within_life():
        page = Page(after=position(after), limit=limit)
        found = diff(ledger.store, ledger.id, ledger.reading, since, asked, page)
        while found.more_rows is not None:
            more = diff(ledger.store, ledger.id, ledger.reading, since, asked, page._replace(after_row=found.more_rows))
            rows, proven = [*found.rows, *more.rows], found.proven and more.proven
            found = found._replace(rows=rows, more_rows=more.more_rows, proven=proven)
    return found


def show_difference(found: Difference) -> None:
    """The figures that differ, the lines, and the proof."""
    by = BY[found.to.by]
    headers = (f"{by.zh} {by.en.capitalize()}", "数字 Figure", "此前 Since", "此后 To", "差额 Difference")
    rows = [row for one in [*found.rows, found.total] for row in _rows(one)]
    show(headers, rows, title="比对 · 单位:元    What differs, yuan", amounts_from=2)
    lines = ("编号 No.", "业务 Movement", "业务日期 On", "期间 Period", f"{by.zh} {by.en.capitalize()}", "数字 Figure")
    show((*lines, "金额 Amount"), [_line(made) for made in found.lines], amounts_from=len(lines))
    if found.more:
        after = f"{found.more.number}.{found.more.line}"
        say(f"后面还有,续看:--after {after}", f"there is more: --after {after}")
    if found.proven:
        say("核对一致:每个差额都是其间各行之和", "proven: every difference is the sum of the lines between")
    else:
        say(
            "核对不符:差额与其间各行之和不等;请运行 ledger verify",
            "NOT proven: the lines between do not make it: run ledger verify",
        )
    for card in (found.since, found.to):
        say(*told_moment(card.number, card.recorded_at, card.fiscal_year, card.moment))


def _rows(row: Changed) -> list[tuple[object, ...]]:
    return [
        (row.key or row.name.zh, f"{FIGURES[name].zh} {FIGURES[name].en}", *map(grouped_yuan, (was, now, now - was)))
        for name, (was, now) in row.figures.items()
    ]


def _line(made: Made) -> tuple[object, ...]:
    step, leg = made.step, made.step.leg
    label, late = MOVEMENTS[step.recorded.movement.kind].label, " 迟记 late" if step.late else ""
    figure = FIGURES[step.component]
    at = f"{step.at.number}.{step.at.line}"
    said = f"{label.zh} {label.en}", leg.effective_on, leg.period + late, made.key or "—"
    return (at, *said, f"{figure.zh} {figure.en}", grouped_yuan(step.amount))


def print_difference(found: Difference) -> None:
    """The same as JSON; amounts are strings in yuan."""
    answer: dict[str, Any] = {
        **({"training": True} if is_marked() else {}),
        "unit": "yuan",
        "by": found.to.by,
        "fiscal_year": found.to.fiscal_year,
        "since": found.since.number,
        "to": found.to.number,
        "proven": found.proven,
        "rows": [_changed(row) for row in found.rows],
        "total": _changed(found.total),
        "lines": [line_fields(made.step) | {"key": made.key} for made in found.lines],
        "next": f"{found.more.number}.{found.more.line}" if found.more else None,
    }
    out().print(json.dumps(answer, ensure_ascii=False, indent=1))


def _changed(row: Changed) -> dict[str, Any]:
    figures = {name: {"since": yuan(was), "to": yuan(now)} for name, (was, now) in row.figures.items()}
    return {"key": row.key, "figures": figures, "expired": yuan(row.expired)}
