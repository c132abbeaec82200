"""The audit record 审计日志: who did what at the door, filtered, the newest first, and whether its chain holds."""

from typing import Annotated

from fastapi import Query, Request, Response

from api.console.shell import Place, pages, show
from api.reading import NUMBER_MAX, Limit
from api.routes.trail import check_trail, list_trail
from api.security import ThePeople, TrailReader
from ledger.access.policy import Action
from ledger.audit.trail import DONE, EVENTS, REFUSED, Event
from ledger.domain.catalogue import Name
from ledger.domain.fields import Id

REGISTER = Place("/trail", Name("审计日志", "Audit record"), Action.SEE_TRAIL)
OUTCOMES = {DONE: Name("完成", "done"), REFUSED: Name("被拒", "refused")}
router = pages()
WORDS = {
    "title": REGISTER.name,
    "event": Name("事项", "Event"),
    "person": Name("人员(本人或关于其人)", "Person, acting or concerned"),
    "by": Name("人员", "Person"),
    "at": Name("时间", "When"),
    "outcome": Name("结果", "Outcome"),
    "about": Name("内容", "About"),
    "request": Name("请求号", "Request"),
    "none_found": Name("没有符合条件的记录", "No row fits"),
    "standing": Name("共 {} 条;当前哈希链", "{} rows; the chain stands at"),
    "check": Name("从第一条起核对", "Check it from the first row"),
    "whole": Name("已核对 {} 条:哈希链完整", "All {} rows checked: the chain holds"),
    "broken": Name(
        "第 {} 条起与原记录不符:请立即报告安全管理员",
        "From row {} on it is not what was recorded: report it to the security administrator at once",
    ),
    "carry": Name("导出全部,供离线核对", "Carry all of it away, to check offline"),
}


@router.get("/trail")
def trail_page(
    request: Request,
    people: ThePeople,
    caller: TrailReader,
    event: Event | None = None,
    person: Annotated[Id | None, Query()] = None,
    before: Annotated[int, Query(ge=1, le=NUMBER_MAX)] = NUMBER_MAX,
    limit: Limit = 50,
    check: bool = False,
) -> Response:
    """审计日志,最近的在前;``check``: the whole chain is hashed anew."""
    found = list_trail(people, caller, event, person, before, limit)
    checked = check_trail(people, caller) if check else None
    return show(
        request, caller, "trail.html", WORDS, found=found, checked=checked, events=EVENTS, outcomes=OUTCOMES
    )  # fmt: skip
