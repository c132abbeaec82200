"""One proposal 提案: exactly what is signed and what it would do; signed by its digest, lines struck out, or turned down."""

import json
import re
from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Annotated, Any, NamedTuple
from urllib.parse import quote

from fastapi import Query, Request, Response
from starlette.concurrency import run_in_threadpool

from api.bodies import number_in
from api.console import effect
from api.console.inbox import STATUSES
from api.console.saying import plain_values
from api.console.shell import Sent, SentKey, go, pages, show
from api.console.view import view_of
from api.language import Language
from api.problems import NOT_RECORDED, Problem, Wrong, malformed, problem_of
from api.reading import HEADER, NUMBER_MAX, Limit, TheLedger, Today
from api.routes.documents import to_open
from api.routes.inbox import by_kind, waits_for
from api.routes.proposals import (
    ProposalDetail,
    ProposalId,
    approve_proposal,
    get_proposal,
    reject_proposal,
)
from api.routes.whatif import LINES_MAX, Supposition, supposition
from api.security import BookReader, Caller, Recorder
from ledger.access.policy import Action
from ledger.access.sight import Sight
from ledger.application import Ledger
from ledger.domain.approval import PROPOSALS, ProposalStatus, ProposalSubmitted
from ledger.domain.catalogue import ROLES, Name
from ledger.domain.movement import MOVEMENTS, Actor, Movement
from ledger.domain.refusals import Code
from ledger.domain.signing import APPROVERS, rules_in_force
from ledger.kept import Kept

LINES = 100
"""So many lines stand on a page."""
SAID_ABOVE = ("effective_on", "special", "project", "amount", "document")
SUPPOSED_KEPT = 20_000
"""So many lines of long proposals that were tried are kept."""
LINE_MAX = 50_000
"""A proposal holds no more lines."""
_NAMED = re.compile(r"(\d{1,6})(?:[-–](\d{1,6}))?", re.ASCII)
router = pages()
WORDS = {
    "title": Name("提案", "Proposal"),
    "to_inbox": Name("待办", "Inbox"),
    "expired": Name("已过期", "expired"),
    "expires": Name("到期", "Expires"),
    "submitted": Name("提交编号", "Submitted as number"),
    "open": Name("下载原件", "download"),
    "digest": Name("摘要(所签即此)", "Digest (this is what is signed)"),
    "awaits": Name("下一步由谁签", "Signs next"),
    "signatures": Name("签批", "Signatures"),
    "order": Name("顺序", "Order"),
    "signer": Name("签批人", "Signed by"),
    "acting_for": Name("代 {}", "for {}"),
    "at": Name("时间", "When"),
    "struck_lines": Name("划去的行", "Lines struck out"),
    "proposed": Name("提交", "proposed"),
    "turned_down": Name("退回或撤回", "turned down or withdrawn"),
    "recorded": Name("已记录为第 {} 至 {} 号", "Recorded as numbers {} to {}"),
    "recorded_one": Name("已记录为第 {} 号", "Recorded as number {}"),
    "is_rejected": Name(
        "已退回或撤回,未记录任何业务。要再办理,请重新提交。",
        "Turned down or withdrawn: nothing was recorded. Whoever still wants it proposes it anew.",
    ),
    "is_expired": Name(
        "已过期,不能再签批。仍需办理的,请提交人重新提交。",
        "It has expired and can be signed no more. Whoever still needs it proposes it anew.",
    ),
    "not_mine": Name("下一步不由您签批。", "It does not wait for your signature."),
    "totals": Name("按业务合计", "Totals by kind"),
    "count": Name("行数", "Lines"),
    "lines": Name("逐行内容", "Line by line"),
    "line": Name("行", "Line"),
    "fields": Name("其他内容", "What else it says"),
    "struck": Name("第 {} 号已划去", "struck out by number {}"),
    "strike": Name("划去第 {} 行", "Strike out line {}"),
    "strike_note": Name("勾选的行将被划去,不再记录。", "Lines that are ticked are struck out for good."),
    "strike_more": Name("划去的其他行", "Other lines to strike out"),
    "strike_help": Name(
        "写行号,如 3, 17-20;勾选只对本页有效", "Give their numbers, as 3, 17-20; ticks are of this page alone"
    ),
    "would_be_refused": Name("将被拒绝的行", "Lines that would be refused"),
    "all_accepted": Name("全部 {} 行可以记录", "All {} lines could be recorded"),
    "why": Name("原因", "Why"),
    "whole_or_not": Name(
        "被拒的行会使整份提案不能记录。", "A refused line keeps the whole proposal from being recorded."
    ),
    "effect_asked": Name("共 {} 行:试算", "It has {} lines: try what it would do"),
    "sign": Name("签批", "Sign"),
    "approve": Name("同意所示内容", "Approve what is shown"),
    "opinion": Name("意见(可不填)", "Remark (not needed)"),
    "decline": Name("退回", "Turn down"),
    "withdraw": Name("撤回", "Withdraw"),
    "reason": Name("理由", "Reason"),
    "reason_needed": Name("请写明理由", "Say why"),
    "wrong_lines": Name("行号应写作 3, 17-20,且在提案之内", "Write lines as 3, 17-20, of those there are"),
    "has_changed": Name(
        "您查阅后提案已变更,未签批。下列为现在的内容:请重新查阅后再签。",
        "The proposal changed after you read it, and nothing was signed. What stands now is below: read it, then sign.",
    ),
}


@router.get("/inbox/{proposal:path}")
def proposal_page(
    request: Request,
    ledger: TheLedger,
    caller: BookReader,
    today: Today,
    proposal: ProposalId,
    after: Annotated[int, Query(ge=0, le=NUMBER_MAX)] = 0,
    limit: Limit = LINES,
    all_lines: bool = False,
) -> Response:
    """一份提案:逐行内容、文件、合计、签批、试算结果;由本人签批的可同意、划去、退回。"""
    return _page(request, ledger, caller, today, proposal, after=after, limit=limit, try_all=all_lines)


def _page(
    request: Request,
    ledger: Ledger,
    caller: Caller,
    today: date,
    proposal: str,
    *,
    after: int = 0,
    limit: int = LINES,
    try_all: bool = False,
    status: int = 200,
    **said: Any,
) -> Response:
    """``said``: after a fault, what was typed and what is wrong with it."""
    answer, view = Response(), view_of(request)
    found = get_proposal(ledger, caller, answer, today, proposal)
    standing, lines = _standing(ledger, found), found.lines[after : after + limit]
    is_open = found.status is ProposalStatus.OPEN
    cite = [found.submitted.movement, *(line.movement for line in lines)]
    asked = is_open and (try_all or len(standing) <= LINES_MAX)
    tried = _tried(request, ledger, caller, today, found, standing, int(answer.headers[HEADER])) if asked else None
    shown: dict[str, Any] = {
        "found": found,
        "kinds": by_kind(standing),
        "standing": len(standing),
        "lines": [(line, list(plain_values(view, line.movement, SAID_ABOVE))) for line in lines],
        "more": view.here(after=after + limit) if after + limit < len(found.lines) else None,
        "paged": len(found.lines) > limit,
        "kept": to_open(ledger, caller, (one.get("document") for one in cite)),
        "expired": is_open and found.expires_on is not None and found.expires_on < today,
        "may": _may(ledger, caller, today, proposal),
        "grant": caller.granted.number,
        "tried_max": LINES_MAX,
        "refused": _refused(found, tried) if tried else [],
        "wrong": "",
        "wrong_at": "",
        "typed": {},
    }
    said = shown | said | {"roles": ROLES, "statuses": STATUSES, "kind_of": MOVEMENTS, **effect.effect_of(tried)}
    return show(request, caller, "proposal.html", effect.WORDS | WORDS, answer=answer, status=status, **said)


def _standing(ledger: Ledger, found: ProposalDetail) -> list[Movement]:
    """The movements that were not struck out, as they were proposed: while it is open the Book has them."""
    with ledger.reading() as book:
        movements: Sequence[Movement] = PROPOSALS.of(book)[found.proposal].movements
    if not movements:
        submitted = ledger.recorded(found.number)
        assert submitted is not None
        assert isinstance(submitted.movement, ProposalSubmitted)
        movements = submitted.movement.movements
    struck = {line.line for line in found.lines if line.struck_by}
    return [movement for line, movement in enumerate(movements, 1) if line not in struck]


def _refused(found: ProposalDetail, tried: Supposition) -> list[tuple[int, Name, Problem | None]]:
    """Lines that would be refused, what they are, and why. What was judged is counted without those that are struck out."""
    standing = [line for line in found.lines if not line.struck_by]
    refused = [(standing[one.line - 1], one.problem) for one in tried.lines if not one.accepted]
    return [(line.line, MOVEMENTS[line.movement["kind"]].label, problem) for line, problem in refused]


def _may(ledger: Ledger, caller: Caller, today: date, proposal: str) -> set[str]:
    """What somebody may do with it: sign, turn it down, or, where it is their own, withdraw it."""
    with ledger.reading() as book:
        found, rules = PROPOSALS.of(book)[proposal], rules_in_force(book, today)
    me = caller.actor
    if caller.reach(Action.RECORD) is None or found.status is not ProposalStatus.OPEN or found.expired(today):
        return set()
    signs = {"sign"} if waits_for(found, me, rules, today) else set()
    if found.proposer.humans & me.humans:
        return signs | {"withdraw"}
    return signs | {"decline"} if me.role in APPROVERS else signs


class Asked(NamedTuple):
    """What a proposal would do: of which lines, on which business date, judged by whom and told of what they see."""

    digest: str
    on: date
    actor: Actor
    sees: Sight
    language: Language


def _tried(
    request: Request,
    ledger: Ledger,
    caller: Caller,
    today: date,
    found: ProposalDetail,
    movements: Sequence[Movement],
    number: int,
) -> Supposition | None:
    """What it would do, judged on top of now as if everybody had signed; None where they may not ask.

    Thousands of lines are judged on a Book of the past, though it is that of now, so that nobody who records waits for them; and
    once while the ledger stands.
    """
    sees, language = caller.sight(Action.ASK_WHAT_IF), view_of(request).language
    if sees is None:
        return None

    def supposed(at: int | None) -> Supposition:
        return supposition(ledger.what_if(movements, caller.actor, today, at), today, sees, language)

    if len(movements) <= LINES_MAX:
        return supposed(None)
    kept: Kept[Asked, Supposition] = request.app.state.supposed
    asked = Asked(found.digest, today, caller.actor, sees, language)
    return kept.at(asked, number) or kept.keep(asked, number, len(movements), supposed(number))


@router.post("/inbox/{proposal:path}")
async def decide(
    request: Request,
    ledger: TheLedger,
    caller: Recorder,
    today: Today,
    proposal: ProposalId,
    sent: Sent,
    key: SentKey,
) -> Response:
    """签批、划去、退回或撤回;有误时留在原处,所填内容不丢失。Back to the proposal as it then stands."""
    words, view = WORDS, view_of(request)
    wrong, wrong_at, status = "", sent.get("act", ""), 422
    try:
        await _decided(ledger, caller, today, proposal, sent, key)
    except _NotWell as fault:
        wrong = view.named(words[fault.word])
        wrong_at = fault.field
    except NOT_RECORDED as error:
        problem = problem_of(error, view.language)
        if problem.code in (Wrong.NOT_FOUND, Code.UNKNOWN_REFERENCE) and "lines" not in problem.details:
            raise
        wrong, status = problem.detail, problem.status
        wrong = view.named(words["has_changed"]) if problem.code == Code.PROPOSAL_CHANGED else wrong
    else:
        return go(request, f"/inbox/{quote(proposal)}")
    said: dict[str, Any] = {"wrong": wrong, "wrong_at": wrong_at, "typed": sent}
    reading = caller._replace(action=Action.SEE_BOOKS)
    after = number_in(view.asked("after")) or 0
    page = partial(_page, request, ledger, reading, today, proposal, after=after, status=status, **said)
    return await run_in_threadpool(page)


class _NotWell(Exception):
    """A field of the form is not well: which word says so."""

    def __init__(self, field: str, word: str) -> None:
        super().__init__(field, word)
        self.field, self.word = field, word


async def _decided(ledger: Ledger, caller: Caller, today: date, proposal: str, sent: dict[str, str], key: str) -> None:
    body: dict[str, Any] = {}
    if reason := sent.get("reason", "").strip():
        body["reason"] = reason
    if sent.get("act") == "reject":
        if not reason:
            raise _NotWell("reason", "reason_needed")
        await reject_proposal(ledger, caller, key, proposal, json.dumps(body).encode(), Response(), today, False)
    elif sent.get("act") == "approve":
        body["digest"] = sent.get("digest", "")
        if struck := _struck(sent):
            body["struck"] = struck
        await approve_proposal(ledger, caller, key, proposal, json.dumps(body).encode(), Response(), today, False)
    else:
        raise malformed("act", "请选择同意或退回", "say whether to approve or to reject")


def _struck(sent: dict[str, str]) -> list[int]:
    """Lines that were ticked, and those that were written down as ``3, 17-20``."""
    ticked = {line for name in sent if name.startswith("strike-") and (line := number_in(name[7:])) is not None}
    for part in filter(None, re.split(r"[\s,,、;;]+", sent.get("strike", ""))):
        if not (said := _NAMED.fullmatch(part)):
            raise _NotWell("strike", "wrong_lines")
        first, last = int(said[1]), int(said[2] or said[1])
        if not 1 <= first <= last <= LINE_MAX:
            raise _NotWell("strike", "wrong_lines")
        ticked.update(range(first, last + 1))
    return sorted(ticked)
