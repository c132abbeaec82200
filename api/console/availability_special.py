"""One special's availability: how much and of which fund, what holds money back or waits for it, until when, and what falls due."""

from collections import defaultdict
from collections.abc import Callable
from datetime import date
from functools import partial
from itertools import groupby
from typing import NamedTuple

from fastapi import Request, Response

from api.console.availability import asked_report
from api.console.mending import Act, acts, acts_on_waiting
from api.console.shell import pages, show
from api.moments import At, Effective, FiscalYear, Through, moment_of
from api.reading import TheLedger, Today
from api.routes.availability import FromWhere, get_availability
from api.routes.balances import get_balances
from api.security import BookReader, Caller
from ledger.domain.catalogue import Name, source_name
from ledger.domain.fields import SpecialCode
from ledger.projections.figures import FIGURES
from ledger.projections.moment import NOW
from ledger.reports.catalogue import ReportCode
from ledger.reports.sheet import Column, Row, Sheet, Value, fen_of, sum_of
from ledger.reports.waiting import PARTS

ROWS = 100
"""So many lines of each part stand on the page; their number is said, and the workbook has all."""
FACTS = ("net", "available", "reserved", "committed", "ordered", "disbursed", "later_years", "matching_gap")
OF_FIGURE = {"reserved": "reserved", "unpaid": "committed", "future": "later_years", "late_match": "matching_gap"}
"""Column of the lines → the figure of the balances that its total is."""
DRAW_ON_AVAILABLE = ("PreFundingCommitted", "FundsReserved", "FundsReallocatedWithinFund", "AllocationWithdrawn")
router = pages()
WORDS = {
    "title": Name("专项可用额度", "Availability of a special"),
    "all_specials": Name("全部专项", "All specials"),
    "why": Name("为何是这个数", "Why this much"),
    "status_not": Name("当前不接受新安排", "takes no new commitments"),
    "from": Name("可用来自", "Available, by fund"),
    "vintage": Name("指标年度", "Vintage"),
    "figure": Name("项目", "Figure"),
    "calendar": Name("期次日历:已安排未拨付", "Calendar: committed and not ordered"),
    "month": Name("应付月份", "Due in"),
    "no_day": Name("未定", "no day set"),
    "overdue": Name("已逾期", "overdue"),
    "of_these": Name("其中{}", "of these, {}"),
    "nothing_waits": Name("没有预留、待批、期次或承诺占用本专项资金", "Nothing holds its money back or waits for it"),
    "listed": Name("列出前 {} 行,共 {} 行;全部见 XLSX", "The first {} of {} lines; the workbook has all"),
    "lines": Name("可用额度明细", "Line by line"),
    "one_page": Name("可用额度一页纸", "On one page"),
    "what_if": Name("试算指南、最早可用日", "Try a call; when an amount is free"),
}


class Part(NamedTuple):
    """The lines of one part, the columns in which they say anything, and what they come to in fen."""

    name: Name
    texts: list[Column]
    amounts: list[Column]
    rows: list[Row]
    total: dict[str, int]
    lines: int
    may_do: list[list[Act]]
    """Of each row, what whoever looks may do about it."""


class Month(NamedTuple):
    """Instalments due in a month, in fen; ``first`` None: no day is set."""

    first: date | None
    unpaid: int
    gates_open: int
    overdue: bool


@router.get("/availability/{special}")
def special_page(
    request: Request,
    ledger: TheLedger,
    caller: BookReader,
    today: Today,
    special: SpecialCode,
    fiscal_year: FiscalYear = None,
    at: At = None,
    period: Through = None,
    effective: Effective = None,
) -> Response:
    """某专项的可用额度:每笔占用的原因和期限。Why each blocked yuan is blocked, and until when."""
    answer, moment = Response(), moment_of(ledger, at, period, effective)
    lines = asked_report(ledger, caller, today, ReportCode.AVAILABILITY_LINES, moment, fiscal_year, special)
    sheet = asked_report(ledger, caller, today, ReportCode.AVAILABILITY, moment, fiscal_year, special)
    found = get_balances(
        request, ledger, caller, answer, "special", fiscal_year, special, None, None, 1, at, period, effective
    )
    now = get_availability(request, ledger, caller, Response(), special, fiscal_year) if moment == NOW else None
    (row,) = sheet.rows
    return show(
        request,
        caller,
        "availability_special.html",
        WORDS,
        answer=answer,
        special=special,
        name=row["name"],
        why=row["why"],
        now=now,
        may_do=[_acts(request, caller, special, one) for one in now.available_from] if now else [],
        facts=[(name, FIGURES[name], found.total[name]) for name in FACTS if name in found.total],
        parts=_parts(lines, partial(acts_on_waiting, request, caller) if now else lambda _: []),
        months=_months(lines),
        columns={column.key: column.name for column in lines.columns},
        of_figure=OF_FIGURE,
        source_name=source_name,
        rows=ROWS,
    )


def _acts(request: Request, caller: Caller, special: str, one: FromWhere) -> list[Act]:
    """What whoever looks may do with what is available of a fund and vintage."""
    known = {"source": one.fund, "vintage": one.vintage, "special": special, "amount": one.available}
    return acts(request, caller, DRAW_ON_AVAILABLE, known)


def _parts(sheet: Sheet, acts_on: Callable[[Row], list[Act]]) -> list[Part]:
    found = []
    for name, group in groupby(sheet.rows, key=lambda row: row["part"]):
        rows = list(group)
        said = [column for column in sheet.columns[1:] if any(row.get(column.key) for row in rows)]
        amounts = [column for column in said if column.summed]
        texts = [column for column in said if not column.summed and column.key != "special"]
        assert isinstance(name, Name)
        total = {column.key: sum_of(rows, column.key) for column in amounts}
        may_do = [acts_on(row) for row in rows[:ROWS]]
        found.append(Part(name, texts, amounts, rows[:ROWS], total, len(rows), may_do))
    return found


def _months(sheet: Sheet) -> list[Month]:
    """What is committed and not ordered, by the month in which it is due; no day last."""
    unpaid: dict[date | None, int] = defaultdict(int)
    shut: dict[date | None, int] = defaultdict(int)
    for row in sheet.rows:
        if row["part"] == PARTS:
            month = _month(row["until"])
            unpaid[month] += fen_of(row.get("unpaid"))
            shut[month] += fen_of(row.get("gates_open"))
    this = sheet.on.replace(day=1)
    return [
        Month(first, unpaid[first], shut[first], first is not None and first < this)
        for first in sorted(unpaid, key=lambda first: first or date.max)
    ]


def _month(day: Value) -> date | None:
    return day.replace(day=1) if isinstance(day, date) else None
