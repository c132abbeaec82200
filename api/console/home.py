"""Home 首页: what waits for me, what blocks closing and whose it is, alerts; then how money flows and how far the year is used."""

from functools import partial
from typing import Any

from fastapi import Request, Response

from api.console import flow as flows
from api.console.mending import acts_on_alert, looked_at, mended_at
from api.console.shell import Place, pages, show
from api.console.view import View, view_of
from api.moments import At, Effective, FiscalYear, Through, moment_of
from api.problems import ProblemRaised
from api.reading import TheLedger, Today
from api.routes.alerts import AlertPage, list_alerts
from api.routes.inbox import Inbox, read_inbox
from api.routes.periods import list_periods
from api.routes.timeline import TimelineAnswer, get_timeline
from api.security import Caller, CodeReader
from ledger.access.policy import ACTIONS, Action
from ledger.application import Ledger
from ledger.domain.accounts import ACCOUNTS, USE
from ledger.domain.catalogue import PLANS, ROLES, Name, source_name
from ledger.projections.moment import NOW

ROWS = 6
"""So many lines of each list stand on the page; their number is said."""
PLACE = Place("/", Name("首页", "Home"), Action.SEE_CODES)
router = pages()
WORDS = {
    "title": Name("首页", "Home"),
    "waiting": Name("待我签批", "Waits for my signature"),
    "none_waiting": Name("没有待您签批的提案", "No proposal waits for you"),
    "what": Name("内容", "What"),
    "lines": Name("{} 行", "{} lines"),
    "proposed_by": Name("提交", "Proposed by"),
    "since": Name("提交时间", "Since"),
    "expires": Name("到期", "Expires"),
    "more_wait": Name("仅列最早的 {} 份", "The oldest {} are listed"),
    "closing": Name("结账:障碍与责任方", "Closing: what blocks it, and whose it is"),
    "closes": Name("下一个结账:{}", "Closes next: {}"),
    "blocked": Name("阻碍结账 {} 项", "{} block it"),
    "free": Name("没有障碍,可以结账", "Nothing blocks it: it can be closed"),
    "look_at": Name("另有 {} 项建议先查看", "{} more to look at first"),
    "reason": Name("事项", "What"),
    "where": Name("位置", "Where"),
    "listed": Name("列出 {} 项,共 {} 项", "{} of {} are listed"),
    "no_periods": Name("账本尚未开账", "The ledger has not begun"),
    "alerts": Name("预警", "Alerts"),
    "no_alerts": Name("没有预警", "No alerts"),
    "alerts_behind": Name("预警推算至第 {} 号,正在跟上", "Alerts are known up to number {} and are catching up"),
    "alert": Name("预警", "Alert"),
    "count": Name("件数", "Count"),
    "oldest": Name("最久逾期", "Most overdue"),
    "days": Name("{} 天", "{} days"),
    "due": Name("应于", "Due"),
    "missing": Name("未设参数,不作判断:{}", "Not judged, for want of a parameter: {}"),
    "of_then": Name(
        "资金流向为所选时点的;待办、结账、预警和执行为当前的",
        "How money flows is of the moment chosen; what waits, closing, alerts and execution are of now",
    ),
    "flow": Name("资金流向", "How money flows"),
    "flow_says": Name(
        "{year} 年度共 {total} {unit}:{parts}。",
        "Fiscal year {year}, in {unit}: {total} in all; {parts}.",
    ),
    "source": Name("资金", "Fund"),
    "plan": Name("计划", "Plan"),
    "unallocated": Name("待分配", "Unallocated"),
    "supplies": Name("来源", "Came from"),
    "execution": Name("执行与序时", "Execution against time"),
    "execution_says": Name(
        "截至 {day},已支付 {paid}%,时间过去 {time}%;已安排 {committed}%。",
        "On {day}, {paid}% is paid and {time}% of the year is over; {committed}% is committed.",
    ),
    "month": Name("截至", "Until"),
    "time_rate": Name("序时进度", "Time elapsed"),
    "allocated": Name("已分配", "Allocated"),
    "committed": Name("已安排", "Committed"),
    "ordered": Name("已申请", "Ordered"),
    "paid": Name("已支付", "Paid"),
    "keeps_service": Name(
        "该身份负责系统运行,不查看账目。可办理的事项:", "This role keeps the service and sees no books. It may:"
    ),
}


@router.get("/")
def home(
    request: Request,
    ledger: TheLedger,
    caller: CodeReader,
    today: Today,
    fiscal_year: FiscalYear = None,
    at: At = None,
    period: Through = None,
    effective: Effective = None,
) -> Response:
    """待办、结账障碍、预警、资金流向和执行进度。"""
    if caller.sight(Action.SEE_BOOKS) is None:
        actions = [ACTIONS[action] for action in Action if caller.reach(action) is not None]
        return show(request, caller, "home_service.html", WORDS, actions=actions)
    books, answer, view = caller._replace(action=Action.SEE_BOOKS), Response(), view_of(request)
    moment = moment_of(ledger, at, period, effective)
    found = flows.flow(ledger, books.sees, moment, fiscal_year, today)
    spans = _timeline(ledger, books, today, fiscal_year)
    said: dict[str, Any] = {
        "inbox": _inbox(ledger, books, answer, today),
        "periods": list_periods(ledger, books, answer, today, fiscal_year, ROWS),
        "alerts": _alerts(ledger, books, today),
        "of_then": moment != NOW,
        "mended_at": partial(mended_at, request, caller),
        "looked_at": partial(looked_at, request),
        "flow": found,
        "flow_says": _flow_says(found, view) if found and found.uses else None,
        "timeline": spans,
        "execution_says": _execution_says(spans, view) if spans and spans.spans else None,
        "used": _used(found) if found else {},
        "uses": [code for code in USE if found and any(code in use.amounts for use in found.uses)],
        "accounts": ACCOUNTS,
        "figure_of": flows.MEASURES,
        "source_name": source_name,
        "plans": PLANS,
        "roles": ROLES,
    }
    said["may_do"] = [acts_on_alert(request, caller, one) for one in said["alerts"].alerts]
    charts: dict[str, Any] = {}
    if said["flow_says"]:
        assert found is not None
        charts["flow"] = flows.picture(found, view, WORDS)
    if said["execution_says"]:
        assert spans is not None
        charts["execution"] = _curve(spans, view)
    return show(request, caller, "home.html", WORDS, answer=answer, charts=charts, **said)


def _inbox(ledger: Ledger, caller: Caller, answer: Response, today: Any) -> Inbox:
    return read_inbox(ledger, caller, answer, today, 0, ROWS)


def _alerts(ledger: Ledger, caller: Caller, today: Any) -> AlertPage:
    return list_alerts(ledger, caller, Response(), today, None, None, None, None, 0, ROWS)


def _timeline(ledger: Ledger, caller: Caller, today: Any, fiscal_year: int | None) -> TimelineAnswer | None:
    """None where they see no special as a whole, or the ledger has nothing of the year."""
    try:
        return get_timeline(ledger, caller, Response(), today, None, None, fiscal_year, "month")
    except ProblemRaised:
        return None


def _used(found: flows.Flow) -> dict[str, int]:
    """What all sources and specials together hold in each account, in fen."""
    return {code: sum(use.amounts.get(code, 0) for use in found.uses) for code in USE}


def _flow_says(found: flows.Flow, view: View) -> str:
    states = _used(found)
    parts = [f"{view.named(ACCOUNTS[code].name)} {view.amount(states[code])}" for code in USE if states.get(code)]
    return view.named(WORDS["flow_says"]).format(
        year=found.fiscal_year,
        total=view.amount(sum(states.values())),
        unit=view.scale,
        parts=(",", ", ")[view.language == "en"].join(parts),
    )


def _rate(part: str, whole: str) -> str:
    return "0.0" if not float(whole) else f"{100 * float(part) / float(whole):.1f}"


def _execution_says(found: TimelineAnswer, view: View) -> str:
    last = found.spans[-1]
    return view.named(WORDS["execution_says"]).format(
        day=last.last,
        paid=_rate(last.stood["paid"], last.stood["allocated"]),
        time=last.time_rate,
        committed=_rate(last.stood["committed"], last.stood["allocated"]),
    )


def _curve(found: TimelineAnswer, view: View) -> dict[str, Any]:
    """Lines over the year, in percent of what was allocated by then."""
    stages = ("committed", "ordered", "paid")
    return {
        "kind": "lines",
        "unit": "%",
        "at": [str(span.last) for span in found.spans],
        "lines": [
            {
                "name": view.named(WORDS[stage]),
                "values": [float(_rate(span.stood[stage], span.stood["allocated"])) for span in found.spans],
            }
            for stage in stages
        ]
        + [
            {
                "name": view.named(WORDS["time_rate"]),
                "dashed": True,
                "values": [float(span.time_rate) for span in found.spans],
            }
        ],
    }
