"""The card of a project 项目卡片: its money by source, its alerts, and sheet 10, which tells its whole life in parts."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import groupby
from typing import Final, NamedTuple

from fastapi import Request, Response

from api.console.mending import acts_on_alert
from api.console.shell import pages, show
from api.moments import At, Effective, FiscalYear, Through, moment_of
from api.problems import ProblemRaised, Wrong
from api.reading import TheLedger, Today
from api.routes.alerts import list_alerts
from api.routes.balances import get_balances
from api.routes.projects import get_project
from api.security import ProjectReader
from ledger.access.policy import Action
from ledger.domain.catalogue import PLANS, Name, Plan
from ledger.domain.fields import Id
from ledger.projections.figures import FIGURES
from ledger.reports.asking import Asked, Busy, NotSeen, sheet_of
from ledger.reports.catalogue import ReportCode
from ledger.reports.presenting import SEALED
from ledger.reports.sheet import Column, Hidden, Row, Sheet, fen_of

ROWS: Final = 200
"""So many lines of each part stand on the page; their number is said, and the workbook has all."""
ALERTS: Final = 50
router = pages()
WORDS = {
    "title": Name("项目卡片", "Project card"),
    "all_projects": Name("全部项目", "All projects"),
    "its_log": Name("本项目业务日志", "Its movements in the log"),
    "its_pledges": Name("匹配承诺", "Matching pledges"),
    "plan": Name("计划", "Plan"),
    "recommender": Name("推荐部门", "Recommender"),
    "partners": Name("合作单位", "Partners"),
    "team": Name("团队 {}", "Team {}"),
    "until": Name("截止", "Until"),
    "closed_by": Name("结题", "Closed"),
    "by_source": Name("按资金来源", "By source"),
    "year": Name("{} 年度预算账户,备忘账户不分年度", "Budget accounts of {}, memo accounts of all years"),
    "source": Name("来源", "Source"),
    "alerts": Name("预警", "Alerts"),
    "alerts_now": Name("预警按当前账本和今天日期", "Alerts are by the ledger as it stands, on today's date"),
    "alert": Name("事项", "What"),
    "due": Name("期限", "Due"),
    "late": Name("逾期天数", "Days late"),
    "no_alerts": Name("没有预警", "No alerts"),
    "more_alerts": Name("列出前 {} 项", "The first {} are listed"),
    "nothing_of_money": Name("尚无资金", "No money yet"),
    "life": Name("全过程(表 10)", "Its whole life (sheet 10)"),
    "listed": Name("列出前 {} 行,共 {} 行;全部见 XLSX", "The first {} of {} lines; the workbook has all"),
    "checked": Name("校验为零", "Checks are zero"),
    "off": Name("校验不为零,请立即报告", "A check is not zero: report it at once"),
    "sealed": SEALED,
}


class Part(NamedTuple):
    """The lines of one part of the card, the columns in which they say anything, and what they come to in fen."""

    name: Name
    columns: list[Column]
    rows: list[Row]
    total: dict[str, int]
    lines: int


@router.get("/projects/{project:path}")
def project_page(
    request: Request,
    ledger: TheLedger,
    caller: ProjectReader,
    today: Today,
    project: Id,
    fiscal_year: FiscalYear = None,
    at: At = None,
    period: Through = None,
    effective: Effective = None,
) -> Response:
    """一个项目:登记、金额、预警、全过程。"""
    answer = Response()
    found = get_project(ledger, caller, answer, project)
    reader = caller._replace(action=Action.SEE_BOOKS)
    then = (at, period, effective)
    money = get_balances(request, ledger, reader, answer, "source", fiscal_year, None, project, None, 200, *then)
    names = [name for name, amount in money.total.items() if Decimal(amount)]
    alerts = list_alerts(ledger, reader, Response(), today, None, None, None, project, 0, ALERTS)
    asked = Asked(moment_of(ledger, *then), None, None, project, reader.sees)
    try:
        card = sheet_of(ledger, ReportCode.PROJECT_CARD, asked, today)
    except NotSeen as error:
        raise ProblemRaised(Wrong.NOT_FOUND) from error
    except Busy as error:
        raise ProblemRaised(Wrong.NUMBER_NOT_REACHED) from error
    return show(
        request,
        caller,
        "project.html",
        WORDS,
        answer=answer,
        found=found,
        plan=PLANS[Plan(found.plan)],
        money=money,
        holding=[row for row in money.rows if row.key and any(Decimal(row.figures[name]) for name in names)],
        figures=[(name, FIGURES[name]) for name in names],
        alerts=alerts,
        may_do=[acts_on_alert(request, caller, one) for one in alerts.alerts],
        parts=[*_parts(card)],
        off=any(any(check.values.values()) for check in card.checks),
        scope=card.scope,
        rows=ROWS,
        is_sealed=lambda value: isinstance(value, Hidden),
        is_named=lambda value: isinstance(value, Name),
    )


def _parts(card: Sheet) -> Iterator[Part]:
    for name, group in groupby(card.rows, key=lambda row: row["part"]):
        rows = list(group)
        said = [column for column in card.columns[1:] if any(row.get(column.key) for row in rows)]
        total = {column.key: sum(fen_of(row.get(column.key)) for row in rows) for column in said if column.summed}
        assert isinstance(name, Name)
        yield Part(name, said, rows[:ROWS], total, len(rows))
