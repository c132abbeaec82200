"""The inbox 待办: what waits for one's signature, what one did with proposals, and all of them; each leads to its page."""

from enum import StrEnum
from typing import Annotated, Any

from fastapi import Query, Request, Response

from api.console.shell import Place, pages, show
from api.reading import NUMBER_MAX, Limit, TheLedger, Today
from api.routes.inbox import History, Inbox, What, read_history, read_inbox
from api.routes.proposals import ProposalPage, list_proposals
from api.security import BookReader
from ledger.access.policy import Action
from ledger.domain.approval import ProposalStatus
from ledger.domain.catalogue import ROLES, Name

PLACE = Place("/inbox", Name("待办", "Inbox"), Action.SEE_BOOKS)
router = pages()


class Shown(StrEnum):
    """Which proposals stand on the page."""

    WAITING = "waiting"
    MINE = "mine"
    ALL = "all"


CHOICES = {
    Shown.WAITING: Name("待我签批", "Waits for me"),
    Shown.MINE: Name("我办过的", "What I did"),
    Shown.ALL: Name("全部提案", "All proposals"),
}
DONE = {
    What.PROPOSED: Name("提交", "Proposed"),
    What.SIGNED: Name("签批", "Signed"),
    What.REJECTED: Name("退回或撤回", "Turned down or withdrawn"),
}
STATUSES = {
    ProposalStatus.OPEN: Name("待签批", "Open"),
    ProposalStatus.APPROVED: Name("已同意并记录", "Approved and recorded"),
    ProposalStatus.REJECTED: Name("已退回或撤回", "Turned down or withdrawn"),
}
WORDS = {
    "title": Name("待办", "Inbox"),
    "lists": Name("列出", "Listed"),
    "none_waiting": Name("没有待您签批的提案", "No proposal waits for you"),
    "none": Name("没有符合条件的提案", "No proposal fits"),
    "what": Name("内容", "What"),
    "lines": Name("{} 行", "{} lines"),
    "proposed_by": Name("提交人", "Proposed by"),
    "signed_by": Name("已签", "Signed"),
    "since": Name("提交时间", "Since"),
    "expires": Name("到期", "Expires"),
    "did": Name("办理", "Done"),
    "at": Name("时间", "When"),
    "expired": Name("已过期", "expired"),
    "awaits": Name("下一步由谁签", "Signs next"),
    "any": Name("全部", "All"),
}


@router.get("/inbox")
def inbox_page(
    request: Request,
    ledger: TheLedger,
    caller: BookReader,
    today: Today,
    shown: Shown = Shown.WAITING,
    what: What | None = None,
    status: ProposalStatus | None = None,
    after: Annotated[int, Query(ge=0, le=NUMBER_MAX)] = 0,
    before: Annotated[int, Query(ge=1, le=NUMBER_MAX)] = NUMBER_MAX,
    limit: Limit = 50,
) -> Response:
    """待我签批的、我办过的、全部提案。"""
    answer, choices = Response(), dict[Any, Name]()
    found: Inbox | History | ProposalPage
    match shown:
        case Shown.WAITING:
            found = read_inbox(ledger, caller, answer, today, after, limit)
        case Shown.MINE:
            found = read_history(ledger, caller, answer, today, before, limit, what)
            choices = dict(DONE)
        case Shown.ALL:
            found = list_proposals(ledger, caller, answer, today, status, after, limit)
            choices = dict(STATUSES)
    return show(
        request,
        caller,
        "inbox.html",
        WORDS,
        answer=answer,
        shown=shown,
        chosen=CHOICES,
        filtered="what" if shown is Shown.MINE else "status",
        choices=choices,
        found=found,
        done=DONE,
        statuses=STATUSES,
        roles=ROLES,
        today=today,
    )
