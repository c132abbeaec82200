"""Balances on the terminal and as JSON, and the moment asked for; each says unit, scope and the number it stands at."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import partial
from typing import Any, get_args

from ledger.application import Ledger, business_day
from ledger.cli.terminal import Complaint, Exit, is_marked, out, say, show
from ledger.domain.catalogue import Name
from ledger.domain.fields import PERIOD_PATTERN, SHANGHAI
from ledger.domain.money import grouped_yuan, yuan
from ledger.projections.balances import Card, balances
from ledger.projections.figures import FIGURES, MEASURES, By
from ledger.projections.moment import NOW, Moment, OutsideLife, number_by
from ledger.reports.card import BY
from ledger.reports.presenting import as_of

_TRIES = 20
_BUDGET = (*(name for name, code in MEASURES.items() if code[0] in "BX"), "net", "total")


def grouped_by(text: str) -> By:
    """The grouping named. Raises Complaint."""
    for by in get_args(By):
        if text == by:
            found: By = by
            return found
    known = "、".join(get_args(By))
    raise Complaint(Exit.USAGE, f"--by 可取:{known}", f"--by takes one of: {known}")


def whole_card(ledger: Ledger, by: By, fiscal_year: int | None, moment: Moment = NOW) -> Card:
    """The card with all its pages at one number: read again where another process recorded something in between.

    Raises Complaint where the ledger knows nothing of the moment.
    """
    today = business_day()
    of = partial(balances, ledger.store, ledger.id, by=by, on=today, fiscal_year=fiscal_year, moment=moment)
    for _ in range(_TRIES):
        with ledger.reading() as book, within_life():
            card = page = of(book)
            while page.more is not None and page.number == card.number:
                page = of(book, after=page.more)
                card = card._replace(rows=[*card.rows, *page.rows])  # its total is that of all pages already
            if card.number == page.number and (moment.number is not None or card.number == book.number):
                return card._replace(rows=sorted(card.rows, key=lambda row: row.key is None), more=None)
    raise Complaint(Exit.UNKNOWN, "账本正在大量记录,请稍后再试", "the ledger is busy recording: try again shortly")


def moment_of(ledger: Ledger, at: str | None, period: str | None, effective: str | None) -> Moment:
    """The moment named on the command line: ``at`` is a number, or an instant with its time zone. Raises Complaint."""
    try:
        with within_life():
            number = None
            if at is not None:
                number = (
                    int(at) if at.isdigit() else number_by(ledger.store, ledger.id, instant_of(at), datetime.now(UTC))
                )
            if period is not None and not re.fullmatch(PERIOD_PATTERN, period):
                raise ValueError(period)
            return Moment(number, period, date.fromisoformat(effective) if effective else None)
    except ValueError as error:
        raise Complaint(
            Exit.USAGE,
            "时点格式:--at 123 或 2025-04-05T18:00:00+08:00,--period 2025-03,--effective 2025-03-31",
            "a moment is --at 123 or 2025-04-05T18:00:00+08:00, --period 2025-03, --effective 2025-03-31",
        ) from error


def instant_of(text: str) -> datetime:
    """An instant, in Shanghai where it names no time zone. Raises ValueError."""
    instant = datetime.fromisoformat(text)
    return instant if instant.tzinfo else instant.replace(tzinfo=SHANGHAI)


@contextmanager
def within_life() -> Iterator[None]:
    """Turns a moment that the ledger knows nothing of into a Complaint."""
    try:
        yield
    except OutsideLife as error:
        raise Complaint(
            Exit.USAGE,
            f"{error.asked} 不在账本存续期内:请取 {error.first} 至 {error.last}",
            f"the ledger knows nothing of {error.asked}: ask for {error.first} to {error.last}",
        ) from error


def show_card(card: Card) -> None:
    """Two tables: the budget, and what stands beside it. Figures that are zero everywhere are left out."""
    by = BY[card.by]
    moved = {name for name in FIGURES if any(row.figures.get(name) for row in card.rows)}
    for title, names in (
        (Name("预算", "Budget"), [name for name in _BUDGET if name in moved | {"available", "total"}]),
        (Name("预算之外", "Beside the budget"), [name for name in FIGURES if name in moved.difference(_BUDGET)]),
    ):
        if not names:
            continue
        headers = [f"{by.zh} {by.en.capitalize()}", "", *(f"{FIGURES[name].zh}\n{FIGURES[name].en}" for name in names)]
        rows = [
            (row.key or "—", _called(row.key, row.name), *(grouped_yuan(row.figures[name]) for name in names))
            for row in card.rows
            if any(row.figures[name] for name in names)
        ]
        rows.append(("合计", "Total", *(grouped_yuan(card.total[name]) for name in names)))
        heading = f"{title.zh} · 按{by.zh} · 单位:元    {title.en} by {by.en}, yuan"
        show(headers, rows, title=heading, amounts_from=2)
    say(*as_of(card))


def print_json(card: Card) -> None:
    """The card as the API gives it: amounts are strings in yuan."""
    answer: dict[str, Any] = {
        **({"training": True} if is_marked() else {}),
        "by": card.by,
        "unit": "yuan",
        "number": card.number,
        **({"as_of": _moment(card)} if card.moment != NOW else {}),
        "recorded_at": card.recorded_at.isoformat(),
        "fiscal_year": card.fiscal_year,
        "on": card.on.isoformat(),
        "rows": [
            {"key": row.key, "name": row.name._asdict(), "figures": {n: yuan(fen) for n, fen in row.figures.items()}}
            for row in card.rows
        ],
        "total": {name: yuan(fen) for name, fen in card.total.items()},
    }
    out().print(json.dumps(answer, ensure_ascii=False, indent=1))


def _called(key: str | None, name: Name) -> str:
    return name.zh if name.zh == name.en else f"{name.zh} {name.en}"


def _scope(card: Card) -> tuple[str, str]:
    year = card.fiscal_year or "—"
    return (
        f"口径:预算账户为 {year} 年度,备忘账户不分年度;匹配应到截至 {card.on}",
        f"Scope: budget accounts of {year}, memo accounts of all years; matching due by {card.on}",
    )


def _as_of(card: Card) -> tuple[str, str]:
    return told_moment(card.number, card.recorded_at, card.fiscal_year, card.moment)


def told_moment(number: int, recorded_at: datetime, fiscal_year: int | None, moment: Moment) -> tuple[str, str]:
    """As of when something is, in both languages."""
    instant = recorded_at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")
    period, day = moment.period, moment.effective_on
    zh = f",会计期间截至 {period}" * bool(period) + f",业务日期截至 {day}" * bool(day)
    en = f", closed through {period}" * bool(period) + f", effective by {day}" * bool(day)
    return (
        f"截至第 {number} 号,{instant}(北京时间),{fiscal_year or '—'} 年度{zh}",
        f"as of number {number}, {instant} (Asia/Shanghai), fiscal year {fiscal_year or '—'}{en}",
    )


def _moment(card: Card) -> dict[str, Any]:
    day = card.moment.effective_on
    return {**card.moment._asdict(), "effective_on": day.isoformat() if day else None}
