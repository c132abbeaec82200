"""Supposing a list 清单试算: movements put together with the forms that record them, tried in their order, and recorded nowhere.

The page's own form holds the list, line by line as it was typed, so no address and no log has any of it. Where all of it would
be accepted now, it is handed over as one proposal.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final, NamedTuple
from urllib.parse import parse_qsl, urlencode
from uuid import uuid4

from fastapi import Request, Response
from starlette.concurrency import run_in_threadpool

from api.bodies import number_in
from api.console import effect, record_form
from api.console.filling import at_fields, boxes, called, dense, typed, values, ways, with_row
from api.console.looking_up import looked_up
from api.console.record_form import Form, begun
from api.console.saying import plain_values
from api.console.shapes import shape_of
from api.console.shell import Sent, SentKey, go, pages, show
from api.console.view import KEPT, view_of
from api.malformed import Fault
from api.problems import NOT_RECORDED, Problem, ProblemRaised, Wrong, problem_of
from api.reading import TheLedger, Today, stands_at
from api.routes.proposals import propose
from api.routes.whatif import Supposition, supposition
from api.security import Caller, Recorder, WhatIfAsker
from ledger.access.policy import Action
from ledger.application import Ledger
from ledger.domain.catalogue import Name
from ledger.domain.movement import MOVEMENTS, Movement
from ledger.domain.refusals import Code, Refusal
from ledger.domain.signing import check_may_propose
from ledger.domain.special import all_specials
from ledger.domain.terms import GROUPS
from ledger.projections.journal import standing
from ledger.projections.moment import OutsideLife, check_number

router = pages()
PATH: Final = "/what-if/list"
LINES_MAX: Final = 100
_LINE: Final = "supposed."
WORDS: Final = {
    **record_form.WORDS,
    "title": Name("清单试算", "What if: a list"),
    "says": Name(
        "把设想的业务逐笔列出,按顺序试算:每笔以前面已受理各笔之后的余额为准。只试算,不记录。",
        "Put movements together and try them in their order, each on what the accepted ones before it would leave. "
        "They are only tried; nothing is recorded.",
    ),
    "at": Name("在账本编号之上(不填即当前)", "On top of number (empty: now)"),
    "lines": Name("清单", "The list"),
    "line": Name("行", "Line"),
    "outcome": Name("结果", "Outcome"),
    "accepted": Name("可受理", "Accepted"),
    "refused": Name("被拒", "Refused"),
    "counts": Name("{} 行:可受理 {},被拒 {}", "Lines: {}; accepted: {}; refused: {}"),
    "whole": Name("全部内容", "All of it"),
    "moves": Name("各户余额变化", "What it moves"),
    "acts": Name("操作", "Change the list"),
    "up": Name("上移", "Up"),
    "down": Name("下移", "Down"),
    "edit": Name("修改", "Change"),
    "remove": Name("删除", "Remove"),
    "of_line": Name("第 {} 行", "line {}"),
    "new_kind": Name("业务种类", "Kind of movement"),
    "fill_in": Name("填写", "Fill it in"),
    "to_list": Name("加入清单", "Add to the list"),
    "save_line": Name("保存第 {} 行", "Save line {}"),
    "cancel": Name("放弃", "Leave it"),
    "empty": Name("清单还没有内容:选择业务种类,填写后加入。", "The list is empty: choose a kind, fill it in, and add it."),
    "hand_over": Name("提交为一份提案", "Propose all of it"),
    "hands": Name("由他人签批后一并记录,或一笔也不记录", "Recorded whole once others sign it, or not at all"),
    "now_only": Name("清空账本编号、按当前试算后才能提交。", "It can be proposed once it is tried as of now."),
    "not_yours": Name("此身份不办理清单中的全部业务,不能提交。", "This role does not begin all of these movements."),
    "call": Name("申报指南试算、最早可用日", "A call, and the earliest date"),
    "full": Name("清单最多 {} 行", "A list has {} lines at most"),
}  # fmt: skip


class Supposed(NamedTuple):
    """The list as somebody left it. ``place``: which line is in the form, 0: a new one. ``key``: it is proposed once under it."""

    lines: tuple[Form, ...]
    form: Form | None
    place: int
    at: str
    key: str

    def movements(self) -> list[Movement]:
        """Those of the lines, each of which was well formed when it was added. Raises MALFORMED where one is not."""
        found = [line.request()[0] for line in self.lines]
        if any(one is None or one.of_proposals for one in found):
            raise ProblemRaised(Wrong.MALFORMED)
        return [one for one in found if one is not None]


@router.get(PATH)
def list_page(
    request: Request, ledger: TheLedger, caller: WhatIfAsker, today: Today, kind: str | None = None
) -> Response:
    """空清单;地址可以指定一种业务并预先填写各项。An empty list; the address may fill in the form of a kind."""
    given = {name: value for name, value in request.query_params.items() if name not in (*KEPT, "kind")}
    form = begun(kind, _shapes(kind), given, today) if kind else None
    at = view_of(request).asked("at")
    return _page(request, ledger, caller, today, Supposed((), form, 0, at, str(uuid4())))


@router.post(PATH)
def change(
    request: Request, ledger: TheLedger, caller: WhatIfAsker, today: Today, sent: Sent, key: SentKey
) -> Response:
    """增删、调整、修改各行并试算。The list changed by one act, and tried."""
    act, _, way = sent.get("act", "").partition(":")
    had = _read(sent, key)
    if act == "choose" and (kind := sent.get("new_kind")):
        had = had._replace(form=begun(kind, _shapes(kind), {}, today), place=0)
    elif act == "cancel":
        had = had._replace(form=None, place=0)
    elif act == "add" and had.form:
        had = had._replace(form=had.form._replace(filled=with_row(had.form.filled, had.form.shapes, way)))
    elif act == "keep" and had.form:
        had, faults = _kept(had, had.form)
        return _page(request, ledger, caller, today, had, faults)
    elif 1 <= (line := number_in(way) or 0) <= len(had.lines):
        had = _moved(had, act, line)
    return _page(request, ledger, caller, today, had)


@router.post(f"{PATH}/proposal")
async def hand_over(
    request: Request, ledger: TheLedger, caller: Recorder, today: Today, sent: Sent, key: SentKey
) -> Response:
    """全部提交为一份提案;同一清单只提交一次。All of it as one proposal, once however often it is sent."""
    had = _read(sent, key)
    movements = had.movements()
    if had.at or not movements:
        raise ProblemRaised(Wrong.NOT_FOUND)
    try:
        name = await propose(ledger, movements, caller.actor, had.key, today)
    except NOT_RECORDED as error:
        if caller.sight(Action.ASK_WHAT_IF) is None:
            raise
        problem = problem_of(error, view_of(request).language)
        if problem.code == Code.IDEMPOTENCY_CONFLICT:
            had = had._replace(key=str(uuid4()))
        asking = caller._replace(action=Action.ASK_WHAT_IF)
        return await run_in_threadpool(_page, request, ledger, asking, today, had, (), problem)
    return go(request, f"/inbox/{name}", at=None)


# -- the list


def _shapes(kind: str) -> Any:
    found = MOVEMENTS.get(kind)
    if found is None or found.of_proposals:
        raise ProblemRaised(Wrong.NOT_FOUND)
    return shape_of(kind)


def _read(sent: dict[str, str], key: str) -> Supposed:
    """The list and the form as they were sent. Raises MALFORMED, TOO_LARGE."""
    named = (number_in(name.removeprefix(_LINE)) for name in sent if name.startswith(_LINE))
    places = sorted(place for place in named if place is not None and f"{_LINE}{place}" in sent)
    if len(places) > LINES_MAX:
        raise ProblemRaised(Wrong.TOO_LARGE, limit_lines=LINES_MAX)
    lines = tuple(_form(dict(parse_qsl(sent[f"{_LINE}{place}"], max_num_fields=1_000))) for place in places)
    form = _form(sent) if sent.get("kind") else None
    if form and sent.get("act", "").partition(":")[0] != "add":
        form = form._replace(filled=dense(form.filled))
    line = number_in(sent.get("place", "")) or 0
    return Supposed(lines, form, line if line <= len(lines) else 0, sent.get("at", "").strip(), key)


def _form(sent: dict[str, str]) -> Form:
    kind = sent.get("kind", "")
    shapes = _shapes(kind)
    return Form(kind, shapes, typed(shapes, sent), "")


def _text(line: Form) -> str:
    """A line as the page's form carries it, from which it can be typed on."""
    return urlencode([("kind", line.kind), *values(boxes(line.shapes, line.filled, {}))])


def _kept(had: Supposed, form: Form) -> tuple[Supposed, Sequence[Fault]]:
    """The list with the line that was filled in; as it was where that is not well formed."""
    _, faults = form.request()
    if not had.place and len(had.lines) >= LINES_MAX:
        faults = [Fault(where="", **Name(*(said.format(LINES_MAX) for said in WORDS["full"]))._asdict())]
    if faults:
        return had, faults
    at = had.place or len(had.lines) + 1
    return had._replace(lines=(*had.lines[: at - 1], form, *had.lines[at:]), form=None, place=0), ()


def _moved(had: Supposed, act: str, line: int) -> Supposed:
    """The list with a line edited, removed, or moved; what is in the form stays there."""
    lines, there = list(had.lines), line - 1
    beside = there + {"up": -1, "down": 1}.get(act, 0)
    if act == "edit":
        return had._replace(form=lines[there], place=line)
    if act == "remove":
        del lines[there]
        place = 0 if had.place == line else had.place - (had.place > line)
        return had._replace(lines=tuple(lines), place=place)
    if not 0 <= beside < len(lines):
        return had
    lines[there], lines[beside] = lines[beside], lines[there]
    place = {line: beside + 1, beside + 1: line}.get(had.place, had.place)
    return had._replace(lines=tuple(lines), place=place)


# -- the page


def _page(
    request: Request,
    ledger: Ledger,
    caller: Caller,
    today: date,
    had: Supposed,
    faults: Sequence[Fault] = (),
    problem: Problem | None = None,
) -> Response:
    view, answer, movements = view_of(request), Response(), had.movements()
    found: Supposition | None = None
    try:
        number = _number(ledger, had.at)
        if movements:
            judged = ledger.what_if(movements, caller.actor, today, number)
            stands_at(answer, judged.number)
            found = supposition(judged, today, caller.sees, view.language)
    except OutsideLife as error:
        problem = problem_of(error, view.language)
    form = had.form
    names = list(ways(boxes(form.shapes, form.filled, {}))) if form else []
    wrong = at_fields(faults, names)
    in_form = list(boxes(form.shapes, form.filled, wrong)) if form else []
    with ledger.reading() as book:
        specials = [(code, state.name) for code, state in all_specials(book).items() if not state.merged]
    said: dict[str, Any] = {
        "had": had,
        "found": found,
        "lines": [_line(view, one) for one in movements],
        "texts": [_text(line) for line in had.lines],
        "editing": MOVEMENTS[form.kind] if form else None,
        "boxes": in_form,
        "called": dict(called(in_form, view.named)),
        "wrong": wrong,
        "problem": problem,
        "specials": specials,
        "looked_up": looked_up(form.kind) if form else {},
        "scripts": ["own/lookup.js"],
        "new_field": "",
        "groups": _GROUPS,
        "may_record": caller.reach(Action.RECORD) is not None,
        "may_begin": _may_begin(movements, caller),
        "sends_to": PATH,
        "path": PATH,
        "resends": True,
        **effect.effect_of(found),
    }
    status = problem.status if problem else 422 if faults else 200
    return show(request, caller, "supposing.html", WORDS, status=status, answer=answer, **said)


def _number(ledger: Ledger, at: str) -> int | None:
    """The number it is tried on top of; None: now. Raises OutsideLife."""
    head = standing(ledger.store, ledger.id)
    if not at:
        return None
    number = number_in(at)
    if number is None:
        raise OutsideLife(at, "1", str(head))
    check_number(number, head)
    return number


def _line(view: Any, movement: Movement) -> dict[str, Any]:
    """What a line says: its label, what it is about, its amount in fen, and every field in words."""
    said = movement.model_dump(mode="json", exclude_none=True)
    about = [said.get(name) for name in ("source", "fund", "special", "project", "credit_code", "call")]
    fields = list(plain_values(view, said, without=("movements",)))
    amount = getattr(movement, "amount", None)
    return {
        "label": movement.label,
        "about": " · ".join(str(one) for one in about if one),
        "amount": amount if isinstance(amount, int) else None,
        "fields": fields,
    }


def _may_begin(movements: Sequence[Movement], caller: Caller) -> bool:
    try:
        check_may_propose(movements, caller.actor)
    except Refusal:
        return False
    return True


_GROUPS: Final = [
    (
        name,
        [
            (kind, held.label)
            for kind, held in MOVEMENTS.items()
            if held.__module__.rpartition(".")[2] in subjects and not held.of_proposals
        ],
    )
    for name, subjects in GROUPS
]
"""Every kind that is no proposal, under the heading of its subject."""
