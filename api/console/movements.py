"""The log 业务日志: movements found by words, kind, special, people and amounts; one movement with all that stands on it."""

from typing import Annotated, Any

from fastapi import Path, Query, Request, Response

from api.console.correcting import is_correctable
from api.console.record import may_begin
from api.console.saying import plain_values
from api.console.shell import Place, pages, show
from api.console.view import view_of
from api.moments import At, moment_of
from api.reading import NUMBER_MAX, Limit, TheLedger
from api.routes.documents import to_open
from api.routes.movements import get_movement
from api.routes.search import Named, search_movements
from api.security import BookReader
from ledger.access.policy import Action
from ledger.domain.catalogue import ROLES, Name
from ledger.domain.correction import EntryCorrected
from ledger.domain.fields import SpecialCode, Text
from ledger.domain.movement import MOVEMENTS
from ledger.domain.special import all_specials

PLACE = Place("/movements", Name("业务日志", "Log"), Action.SEE_BOOKS)
router = pages()
FIELDS_MAX = 200
"""So many fields of a movement stand on its page; one may hold thousands of lines."""
SAID_ABOVE = ("kind", "effective_on", "period", "document")

WORDS = {
    "title": Name("业务日志", "The log"),
    "one": Name("第 {} 号业务", "Movement {}"),
    "words": Name("词语、编号、名称", "Words, codes, names"),
    "project": Name("项目编号", "Project"),
    "actor": Name("经办人", "Actor"),
    "refused": Name("被拒请求", "Refused attempts"),
    "no": Name("编号", "No."),
    "recorded_at": Name("记录时间", "Recorded"),
    "late": Name("迟到", "late"),
    "none_found": Name("没有符合条件的业务", "No movement fits"),
    "signers": Name("签批", "Signed"),
    "acting_for": Name("代 {}", "for {}"),
    "open": Name("下载原件", "Download the file"),
    "corrects": Name("更正", "Corrects"),
    "corrected_by": Name("已被更正", "Corrected by"),
    "leaf": Name("叶哈希", "Leaf hash"),
    "request": Name("请求号", "Request"),
    "voucher": Name("凭证号", "Voucher"),
    "entries": Name("分录及余额", "Entries, and the balances they left"),
    "account": Name("科目", "Account"),
    "change": Name("增减", "Change"),
    "left": Name("之后余额", "Balance after"),
    "no_entries": Name("不产生分录", "It posts nothing"),
    "fields": Name("记录的内容", "As it was recorded"),
    "field": Name("字段", "Field"),
    "value": Name("值", "Value"),
    "more_fields": Name("仅列前 {} 项", "The first {} are listed"),
    "correct": Name("更正此笔", "Correct it"),
    "then": Name("查看此号时的余额", "The balances as they stood then"),
    "before": Name("前一号", "One back"),
    "after": Name("后一号", "One on"),
}


@router.get("/movements")
def log_page(
    request: Request,
    ledger: TheLedger,
    caller: BookReader,
    q: Annotated[Text | None, Query()] = None,
    kind: Named = None,
    actor: Named = None,
    project: Named = None,
    special: Annotated[SpecialCode | None, Query()] = None,
    before: Annotated[int | None, Query(ge=1, le=NUMBER_MAX)] = None,
    limit: Limit = 50,
    at: At = None,
) -> Response:
    """业务日志,最近的在前;时点之后记录的不列。The newest first, of what was known at the moment of the address."""
    answer, known = Response(), moment_of(ledger, at).number
    last = before if known is None else min(before or known + 1, known + 1)
    found = search_movements(
        ledger, caller, answer, q, kind, actor, project, special, None, None, None, None, last, limit
    )
    with ledger.reading() as book:
        specials = all_specials(book)
    return show(
        request, caller, "movements.html", WORDS, answer=answer, found=found, kinds=MOVEMENTS, specials=specials,
        scripts=["own/lookup.js"],
        refused=caller.reach(Action.SEE_ATTEMPTS),
    )  # fmt: skip


@router.get("/movements/{number:number}")
def movement_page(
    request: Request, ledger: TheLedger, caller: BookReader, number: Annotated[int, Path(ge=1, le=NUMBER_MAX)]
) -> Response:
    """一笔业务:分录、文件、签批、提案、更正关系、哈希。"""
    answer = Response()
    found = get_movement(ledger, caller, answer, number)
    fields = list(plain_values(view_of(request), found.movement, SAID_ABOVE))
    document = found.movement.get("document")
    shown: dict[str, Any] = {
        "found": found,
        "fields": fields[:FIELDS_MAX],
        "more_fields": len(fields) > FIELDS_MAX,
        "document": document,
        "kept": to_open(ledger, caller, [document]),
        "may_correct": is_correctable(found.kind) and may_begin(caller, EntryCorrected.__name__),
        "roles": ROLES,
        "head": int(answer.headers["Ledger-Number"]),
    }
    return show(request, caller, "movement.html", WORDS, answer=answer, **shown)
