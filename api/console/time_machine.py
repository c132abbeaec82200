"""Time machine 时光机: every figure of the card as it was at a number, as closed through a period, or as restated on a date."""

from datetime import date
from typing import Annotated, Any

from fastapi import Query, Request, Response

from api.console import moments
from api.console.moments import at_end_of, periods
from api.console.shell import Place, pages, show
from api.console.view import View, view_of
from api.moments import At, Effective, FiscalYear, Through
from api.problems import problem_of
from api.reading import After, Limit, TheLedger, Today
from api.routes.balances import Balances, get_balances
from api.security import BookReader
from ledger.access.policy import Action
from ledger.domain.catalogue import Name
from ledger.domain.fields import Day
from ledger.projections.figures import FIGURES, By
from ledger.projections.journal import standing
from ledger.projections.moment import OutsideLife

PLACE = Place("/time-machine", Name("时光机", "Time machine"), Action.SEE_BOOKS)
router = pages()

BY: dict[By, Name] = {
    "plan": Name("按计划", "By plan"),
    "special": Name("按专项", "By special"),
    "source": Name("按来源", "By source"),
    "fund": Name("按资金", "By fund"),
    "project": Name("按项目", "By project"),
}
SENSES: dict[str, Name] = {
    "known": Name("当时已知", "As known"),
    "closed": Name("结账口径", "As closed"),
    "restated": Name("追溯口径", "As restated"),
}
WORDS = {
    "title": Name("时光机", "Time machine"),
    "senses": Name("口径", "In which sense"),
    "known_says": Name(
        "账本记到该编号时所知道的,此后补记、更正的都不算。",
        "What the ledger knew when it stood at this number; nothing recorded or corrected later counts.",
    ),
    "closed_says": Name(
        "记入该会计期间及以前期间的全部业务,与当期报表一致;迟到的事项算在其记入的期间。",
        "All that was posted to this period and those before it, as its statements say; what came late counts where posted.",
    ),
    "restated_says": Name(
        "业务日期在该日及以前的全部业务,无论何时记录:按今天所知重述当天。",
        "All that is effective up to this date, whenever it was recorded: that day, told with what is known today.",
    ),
    **moments.WORDS,
    "slider": Name("拖动选择编号", "Slide to a number"),
    "only_known": Name("只算到此编号(可不填)", "Known at number (may be left empty)"),
    "show": Name("查看", "Show"),
    "compare": Name("与当前比对", "Compare with now"),
    "present": Name("回到当前", "Back to now"),
    "back": Name("前一号", "One back"),
    "onward": Name("后一号", "One on"),
    "this_movement": Name("第 {} 号业务", "Movement {}"),
    "recorded": Name("记录于 {}", "recorded {}"),
    "year": Name("预算年度", "Fiscal year"),
    "on": Name("截至业务日期", "On"),
    "rows": Name("分组", "Rows"),
    "row": Name("对象", "Row"),
    "card": Name("余额", "Balances"),
    "replay": Name("重放:逐条重新审核", "Replay: every movement judged again"),
    "home_then": Name("当时的首页", "Home at this moment"),
    "empty": Name("此时没有余额", "There are no balances at this moment"),
}


@router.get("/time-machine")
def time_machine(
    request: Request,
    ledger: TheLedger,
    caller: BookReader,
    today: Today,
    by: By = "plan",
    fiscal_year: FiscalYear = None,
    after: After = None,
    limit: Limit = 200,
    at: At = None,
    period: Through = None,
    effective: Effective = None,
    end_of: Annotated[Day | None, Query(description="该日终了 / the end of this day")] = None,
) -> Response:
    """任一时点的余额卡,三种口径。The card at any moment, in its three senses."""
    view, answer, found, problem = view_of(request), Response(), None, None
    try:
        if end_of is not None:
            return at_end_of(ledger, view, {"end_of": end_of})
        found = get_balances(
            request, ledger, caller, answer, by, fiscal_year, None, None, after, limit, at, period, effective
        )
    except OutsideLife as error:
        problem = problem_of(error, view.language)
    said: dict[str, Any] = {
        "found": found,
        "problem": problem,
        "by": by,
        "all_by": BY,
        "sense": "closed" if period else "restated" if effective else "known",
        "senses": _senses(view, found, today),
        "known": found.number if found and at is not None else at,
        "typed_day": end_of,
        "may_replay": caller.reach(Action.JUDGE_AGAIN) is not None and caller.sees.everything,
        "head": standing(ledger.store, ledger.id),
        "today": today,
        "periods": periods(ledger, today),
        "columns": [name for name in FIGURES if found and _says_something(found, name)],
        "names": FIGURES,
    }
    return show(
        request, caller, "time_machine.html", WORDS, status=problem.status if problem else 200, answer=answer,
        scripts=["own/slider.js"], **said,
    )  # fmt: skip


def _senses(view: View, found: Balances | None, today: date) -> list[tuple[str, Name, str]]:
    """Each sense, what it is called, and the address of the same card in it, on the day that is looked at."""
    day = min(found.on, today) if found else today
    of: dict[str, dict[str, Any]] = {
        "known": {"period": None, "effective": None},
        "closed": {"period": f"{day:%Y-%m}", "effective": None},
        "restated": {"period": None, "effective": day},
    }
    return [(sense, SENSES[sense], view.here(**changed)) for sense, changed in of.items()]


def _says_something(found: Balances, name: str) -> bool:
    """Whether any row has a figure of it that is not zero."""
    return any(float(figures.get(name, "0")) for figures in [found.total, *(row.figures for row in found.rows)])
