"""Near misses 险些发生: requests that the rules refused, what each tried to do, and by which rule it was refused."""

from typing import Annotated, Any, NamedTuple

from fastapi import Query, Request, Response

from api.console.saying import plain_values
from api.console.shell import pages, show
from api.console.view import View, view_of
from api.language import Both
from api.reading import NUMBER_MAX, Limit, TheLedger, Today
from api.routes.attempts import Attempt, list_attempts
from api.routes.search import Named
from api.security import AttemptReader
from ledger.domain.catalogue import ROLES, Name
from ledger.domain.fields import Day
from ledger.domain.movement import MOVEMENTS
from ledger.domain.refusals import WORDS as RULES
from ledger.domain.refusals import Code

router = pages()
FIELDS_MAX = 60
"""So many fields of a request stand on the page; a list may hold thousands."""
ABOUT = ("fund", "special", "project", "call", "instalment", "order", "proposal")
"""Fields that say at a glance what it was about."""
WORDS = {
    "title": Name("被拒请求", "Refused attempts"),
    "says": Name(
        "规则拒绝的请求,一笔也未记录。个人信息只留承诺值。",
        "What the rules refused; none of it was recorded. Personal texts are kept as commitments only.",
    ),
    "own": Name("只列本人提出的", "Only your own are listed"),
    "rule": Name("规则", "Rule"),
    "who": Name("何人", "Who"),
    "from_day": Name("自", "From"),
    "to_day": Name("至", "To"),
    "when": Name("何时", "When"),
    "tried": Name("想做什么", "What it tried to do"),
    "asked": Name("申请", "Asked"),
    "available": Name("可用", "Available"),
    "short_by": Name("缺额", "Short by"),
    "why": Name("为何被拒", "Why it was refused"),
    "judged_at": Name("判定于账本第 {} 号", "judged at number {} of the ledger"),
    "whole": Name("请求内容", "The request"),
    "field": Name("字段", "Field"),
    "value": Name("值", "Value"),
    "more_fields": Name("仅列前 {} 项", "The first {} are listed"),
    "none_found": Name("没有符合条件的被拒请求", "No refused attempt fits"),
}


class NearMiss(NamedTuple):
    """A refused request as it is told: what it was about, and the plain values of its fields, each with the way to it."""

    attempt: Attempt
    kind: Both
    role: Both | None
    rule: Both | None
    about: str
    fields: list[tuple[str, str]]


@router.get("/near-misses")
def near_misses_page(
    request: Request,
    ledger: TheLedger,
    caller: AttemptReader,
    today: Today,
    code: Code | None = None,
    actor: Named = None,
    kind: Named = None,
    from_day: Annotated[Day | None, Query()] = None,
    to_day: Annotated[Day | None, Query()] = None,
    before: Annotated[int | None, Query(ge=1, le=NUMBER_MAX)] = None,
    limit: Limit = 50,
) -> Response:
    """被拒请求,最近的在前。The newest first, each with the rule that refused it."""
    view, answer = view_of(request), Response()
    found = list_attempts(ledger, caller, answer, code, actor, kind, from_day, to_day, before, limit)
    shown: dict[str, Any] = {
        "found": [_near_miss(view, one) for one in found.attempts],
        "next": found.next,
        "own": caller.only_own is not None,
        "rules": sorted(RULES.items(), key=lambda rule: view.named(rule[1])),
        "kinds": MOVEMENTS,
        "today": today,
        "narrowed": _narrowed(view),
        "fields_max": FIELDS_MAX,
    }
    return show(request, caller, "near_misses.html", WORDS, answer=answer, **shown)


def _narrowed(view: View) -> bool:
    return any(view.asked(name) for name in ("code", "actor", "kind", "from_day", "to_day", "before"))


def _near_miss(view: View, one: Attempt) -> NearMiss:
    fields = list(plain_values(view, one.request))
    kind = MOVEMENTS.get(one.kind)
    role = next((name for role, name in ROLES.items() if role == one.actor.role), None)
    rule = next((words for code, words in RULES.items() if code == one.code), None)
    about = " · ".join(str(one.request[name]) for name in ABOUT if name in one.request)
    return NearMiss(one, kind.label if kind else Name(one.kind, one.kind), role, rule, about, fields)
