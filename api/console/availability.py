"""Availability 可用额度: plans, their specials and a special's projects, with every figure of the balances and of sheet 12."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal, NamedTuple

from fastapi import Query, Request, Response

from api.console.shell import Place, pages, show
from api.language import Both
from api.moments import At, Effective, FiscalYear, Through, moment_of
from api.problems import ProblemRaised, Wrong
from api.reading import After, TheLedger, Today
from api.routes.balances import BalanceRow, get_balances
from api.security import BookReader, Caller
from ledger.access.policy import Action
from ledger.application import Ledger
from ledger.domain.catalogue import PLANS, Name, Plan
from ledger.domain.fields import SpecialCode
from ledger.domain.special import all_specials
from ledger.projections.figures import FIGURES
from ledger.projections.moment import Moment
from ledger.reports.asking import Asked, Busy, NotSeen, sheet_of
from ledger.reports.availability import COLUMNS
from ledger.reports.catalogue import ReportCode
from ledger.reports.sheet import Row, Sheet, fen_of

ROWS = 50
"""Projects of a page."""
PLACE = Place("/availability", Name("可用额度", "Availability"), Action.SEE_BOOKS)
FIRST = ("net", "available", "reserved")
OF_SHEET = {
    column.key: column.name
    for column in COLUMNS
    if column.kind == "fen" and column.key not in (*FIRST, "committed", "future")
}
"""What sheet 12 has besides the balances. What it calls committed stands there account by account."""
router = pages()
WORDS = {
    "title": PLACE.name,
    "row": Name("计划 / 专项 / 项目", "Plan / special / project"),
    "projects": Name("项目", "projects"),
    "close": Name("收起", "close"),
    "all_listed": Name("所列专项合计", "All specials listed"),
    "plan": Name("计划", "Plan"),
    "every_plan": Name("全部", "all"),
    "search": Name("专项代码或名称", "Code or name of a special"),
    "filter": Name("筛选", "Filter"),
    "none_found": Name("没有符合条件的专项", "No special fits"),
    "all_zero": Name("全部为零,未列:", "Zero everywhere and left out: "),
    "by_code": Name("项目按编号排列", "projects stand in the order of their codes"),
    "more_projects": Name("后 {} 个项目", "The next {} projects"),
    "sheet": Name("可用额度一页纸", "Availability on one page"),
    "what_if": Name("试算指南、最早可用日", "Try a call; when an amount is free"),
}


class Line(NamedTuple):
    """A row of the tree: fen by column. ``by``: what explains its figures; ``key`` None: what belongs to none."""

    by: str
    key: str | None
    name: Both
    figures: Mapping[str, int]
    why: Both | None = None


@router.get("/availability")
def availability_page(
    request: Request,
    ledger: TheLedger,
    caller: BookReader,
    today: Today,
    plan: Plan | Literal[""] = "",
    q: Annotated[str, Query(max_length=100)] = "",
    sort: Annotated[str, Query(max_length=40)] = "",
    special: SpecialCode | None = None,
    after: After = None,
    fiscal_year: FiscalYear = None,
    at: At = None,
    period: Through = None,
    effective: Effective = None,
) -> Response:
    """按计划、专项、项目查看可用额度。``special``: whose projects stand under it; ``sort``: a column, with - the largest first."""
    answer, then = Response(), (at, period, effective)
    plans = get_balances(request, ledger, caller, answer, "plan", fiscal_year, None, None, None, 200, *then)
    specials = get_balances(request, ledger, caller, answer, "special", fiscal_year, None, None, None, 200, *then)
    found = None
    if special:
        found = get_balances(request, ledger, caller, answer, "project", fiscal_year, special, None, after, ROWS, *then)
    sheet = None
    if caller.sees.department is None:  # whoever sees single projects only has no sheet of specials
        sheet = asked_report(ledger, caller, today, ReportCode.AVAILABILITY, moment_of(ledger, *then), fiscal_year)
    beside = {row["special"]: row for row in sheet.rows} if sheet else {}
    plan_of = _plan_of(ledger)
    rows = {row.key: _special(row, beside.get(row.key, {})) for row in specials.rows}
    tops = [_plan(row, _under(rows.values(), row.key, plan_of)) for row in plans.rows]
    listed = [line for key, line in rows.items() if key and _passes(line, plan_of[key], plan, q)]
    narrowed = bool(plan or q)
    keys = [*FIRST, *(OF_SHEET if sheet else ()), *(name for name in specials.total if name not in FIRST)]
    total = _fen(specials.total) | (_beside(sheet.total or {}) if sheet else {})
    shown = [*rows.values(), Line("", None, WORDS["title"], total)]
    columns = [key for key in keys if any(line.figures.get(key) for line in shown)]
    return show(
        request,
        caller,
        "availability.html",
        WORDS,
        answer=answer,
        tree=[
            (top, _sorted(_under(listed, top.key, plan_of), sort))
            for top in _sorted(tops, sort)
            if not narrowed or _under(listed, top.key, plan_of)
        ],
        total=_summed(listed, keys) if narrowed else total,
        narrowed=narrowed,
        columns=[(key, FIGURES.get(key) or OF_SHEET[key]) for key in columns],
        absent=[FIGURES.get(key) or OF_SHEET[key] for key in keys if key not in columns],
        figures=FIGURES,
        opened=special,
        projects=[Line("project", row.key, row.name, _fen(row.figures)) for row in found.rows] if found else [],
        more=found.next if found else None,
        rows=ROWS,
        plans={code: name for code, name in PLANS.items() if any(top.key == code for top in tops)},
        plan=plan,
        q=q,
        sort=sort,
        sheet=sheet,
    )


def asked_report(
    ledger: Ledger,
    caller: Caller,
    today: date,
    code: ReportCode,
    moment: Moment,
    fiscal_year: int | None,
    special: str | None = None,
) -> Sheet:
    """A sheet as the reports have it, of all specials or one. Raises NOT_FOUND, NUMBER_NOT_REACHED."""
    try:
        return sheet_of(ledger, code, Asked(moment, fiscal_year, special, None, caller.sees), today)
    except NotSeen as error:
        raise ProblemRaised(Wrong.NOT_FOUND) from error
    except Busy as error:
        raise ProblemRaised(Wrong.NUMBER_NOT_REACHED) from error


def _plan_of(ledger: Ledger) -> dict[str | None, str]:
    with ledger.reading() as book:
        return {code: str(state.plan) for code, state in all_specials(book).items()}


def _fen(yuan: Mapping[str, str]) -> dict[str, int]:
    return {name: int(Decimal(amount).scaleb(2)) for name, amount in yuan.items()}


def _beside(row: Row) -> dict[str, int]:
    return {key: fen_of(row.get(key)) for key in OF_SHEET}


def _why(row: Row) -> Name | None:
    said = row.get("why")
    return said if isinstance(said, Name) else None


def _special(row: BalanceRow, beside: Row) -> Line:
    return Line("special", row.key, row.name, _fen(row.figures) | (_beside(beside) if beside else {}), _why(beside))


def _plan(row: BalanceRow, under: list[Line]) -> Line:
    """A plan has its own balances; what sheet 12 has beside them is that of its specials."""
    return Line("plan", row.key, row.name, _fen(row.figures) | _summed(under, OF_SHEET))


def _under(lines: Iterable[Line], plan: str | None, plan_of: Mapping[str | None, str]) -> list[Line]:
    return [line for line in lines if plan_of.get(line.key) == plan]


def _passes(line: Line, own: str, plan: str, q: str) -> bool:
    return plan in ("", own) and q.strip().casefold() in f"{line.key} {line.name.zh} {line.name.en}".casefold()


def _sorted(lines: Iterable[Line], sort: str) -> list[Line]:
    """By a column, where there is one of that name; otherwise as the notice has them."""
    key = sort.removeprefix("-")
    return sorted(lines, key=lambda line: line.figures.get(key, 0), reverse=sort.startswith("-")) if key else [*lines]


def _summed(lines: Iterable[Line], names: Iterable[str]) -> dict[str, int]:
    found = [*lines]
    return {name: sum(line.figures.get(name, 0) for line in found) for name in names}
