"""The difference 比对: which figures changed between two moments, and the movements that made it."""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any, NamedTuple

from fastapi import Query, Request, Response

from api.console import moments
from api.console.moments import MOMENT, at_end_of, periods
from api.console.shell import pages, show
from api.console.time_machine import BY
from api.console.view import View, view_of
from api.language import Both
from api.moments import At, Effective, FiscalYear, Through
from api.problems import Problem, problem_of
from api.reading import After, Limit, TheLedger, Today
from api.routes.diff import ChangedRow, Differing, get_diff
from api.routes.explain import AfterLine, FigureName
from api.security import BookReader
from ledger.application import Ledger
from ledger.domain.catalogue import Name
from ledger.domain.fields import Day, Id
from ledger.domain.period import CLOSED_PERIODS
from ledger.projections.figures import FIGURES, By
from ledger.projections.journal import standing
from ledger.projections.moment import OutsideLife

router = pages()
LAST = 100
"""So many movements are the latest."""
SIDES = ("since_", "")
"""How the fields of the two moments begin."""
WORDS = {
    "title": Name("时点比对", "Difference of two moments"),
    "since_": Name("从", "From"),
    "": Name("到", "To"),
    **moments.WORDS,
    "compare": Name("比对", "Compare"),
    "swap": Name("两个时点对调", "Swap the two moments"),
    "often": Name("常用", "Often asked"),
    "how": Name(
        "每个时点可以是账本编号或某日终了(当时已知)、会计期间(结账口径)、业务日期(追溯口径),也可以合用;不填即当前。",
        "A moment is a number of the ledger or the end of a day (as known), a period (as closed), a business date "
        "(as restated), or several of them together; left empty it is now.",
    ),
    "last": Name("最近 {} 号业务", "The last {} movements"),
    "since_closed": Name("{} 结账以来", "Since {} was closed"),
    "during": Name("{} 当期", "During {}"),
    "late": Name("{} 结账口径与追溯口径之差", "{} as closed, and as restated"),
    "stands": Name("账本第 {} 号,业务日期 {}", "number {} of the ledger, business date {}"),
    "rows": Name("按", "By"),
    "changes": Name("变动的数字", "Figures that changed"),
    "row": Name("对象", "Row"),
    "figure": Name("数字", "Figure"),
    "before": Name("前", "Before"),
    "after": Name("后", "After"),
    "difference": Name("变动", "Change"),
    "none": Name("两个时点之间没有变动", "Nothing changed between the two moments"),
    "proven": Name("已核对:每项变动等于其间逐笔合计", "Proven: each change is what the lines in between add up to"),
    "unproven": Name("核对不一致:请立即报告系统管理员", "Not proven: report this to an administrator at once"),
    "expired": Name("其中因预留到期:{}", "of this, by calls that expired: {}"),
    "lines": Name("造成变动的业务", "The movements that made it"),
    "lines_of": Name("造成“{}”变动的业务", "The movements that changed {}"),
    "no_lines": Name("其间没有业务改变此数", "No movement in between changed it"),
    "all_lines": Name("列出全部业务", "List those of all figures"),
    "no": Name("业务号", "No."),
    "late_tag": Name("迟到", "late"),
    "account": Name("科目", "Account"),
    "corrects": Name("更正第 {} 号", "corrects {}"),
}
FIELDS = tuple(f"{side}{name}" for side in SIDES for name in (*MOMENT, "end_of"))


class Change(NamedTuple):
    """A figure of a row that changed, in yuan, and where each part of it is explained."""

    row: Both
    key: str | None
    name: Name
    since: str
    to: str
    difference: str
    was: str
    became: str
    lines: str


@router.get("/diff")
def diff_page(
    request: Request,
    ledger: TheLedger,
    caller: BookReader,
    today: Today,
    by: By = "plan",
    since_at: At = None,
    since_period: Through = None,
    since_effective: Effective = None,
    at: At = None,
    period: Through = None,
    effective: Effective = None,
    key: Id | None = None,
    figure: FigureName | None = None,
    fiscal_year: FiscalYear = None,
    after_row: After = None,
    after: AfterLine = None,
    limit: Limit = 50,
    since_end_of: Annotated[Day | None, Query()] = None,
    end_of: Annotated[Day | None, Query()] = None,
) -> Response:
    """从一个时点到另一个:哪些数字变了,由哪些业务造成。From one moment to another: what changed, and what made it."""
    view, answer, found, problem = view_of(request), Response(), None, None
    since = (since_at, since_period, since_effective)
    try:
        if since_end_of or end_of:
            return at_end_of(ledger, view, {"since_end_of": since_end_of, "end_of": end_of})
        if any(part is not None for part in since):
            found = get_diff(
                ledger, caller, answer, today, by, *since, at, period, effective, key, figure, fiscal_year, None, None,
                after_row, after, limit,
            )  # fmt: skip
    except OutsideLife as error:
        problem = problem_of(error, view.language)
    return show(
        request, caller, "diff.html", WORDS, status=problem.status if problem else 200, answer=answer,
        **_said(view, found, problem, by), sides=SIDES, all_by=BY, figures=FIGURES,
        often=_often(ledger, view), head=standing(ledger.store, ledger.id), today=today,
        periods=periods(ledger, today), figure=figure, after=after,
    )  # fmt: skip


def _said(view: View, found: Differing | None, problem: Problem | None, by: By) -> dict[str, Any]:
    return {
        "found": found,
        "problem": problem,
        "by": by,
        "changes": [change for row in found.rows for change in _of_row(view, found, row, {"key": row.key})]
        if found
        else [],
        "total": [*_of_row(view, found, found.total, {"whole": "true"})] if found else [],
        "swapped": _swapped(view),
    }


def _of_row(view: View, found: Differing, row: ChangedRow, which: dict[str, str | None]) -> Iterator[Change]:
    then = {name: view.asked(f"since_{name}") or None for name in MOMENT}
    for name, change in row.figures.items():
        asked = {"by": found.by, "figure": name, "fiscal_year": found.fiscal_year, **which}
        yield Change(
            row.name,
            row.key,
            FIGURES[name],
            change.since,
            change.to,
            change.difference,
            view.to("/explain", **{**asked, **then}),
            view.to("/explain", **asked),
            view.here(figure=name, key=row.key) + "#lines",
        )


def _swapped(view: View) -> str:
    return view.here(**{
        f"{side}{name}": view.asked(f"{other}{name}") or None
        for name in MOMENT
        for side, other in (SIDES, SIDES[::-1])
    })  # fmt: skip


def _often(ledger: Ledger, view: View) -> list[tuple[str, str]]:
    """Differences that are asked for again and again: what each is called, and its address."""
    with ledger.reading() as book:
        closed, head = max(CLOSED_PERIODS.items(book), default=None), book.number
    asked: list[tuple[str, object, dict[str, object]]] = [("last", LAST, {"since_at": max(1, head - LAST)})]
    if closed:
        period, number = closed
        asked += [
            ("since_closed", period, {"since_at": number}),
            ("during", period, {"since_period": _before(period), "period": period}),
            ("late", period, {"since_period": period, "effective": _last_day(period)}),
        ]
    nothing = dict.fromkeys(FIELDS)
    return [
        (view.named(WORDS[name]).format(of), view.to("/diff", **{**nothing, **moment})) for name, of, moment in asked
    ]


def _before(period: str) -> str:
    year, month = map(int, period.split("-"))
    return f"{year}-{month - 1:02}" if month > 1 else f"{year - 1}-13"


def _last_day(period: str) -> date:
    year, month = int(period[:4]), min(int(period[5:]), 12)
    return date(year, month, monthrange(year, month)[1])
