"""The form of a kind, made from its model: labels, help and controls of the domain, a dry run beside it, faults in their place.

One signature records it where that suffices; otherwise it is submitted as a proposal. Nothing typed is lost.
"""

from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Annotated, Any, NamedTuple
from uuid import uuid4

import msgspec
from fastapi import Depends, Request, Response
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool

from api.bodies import DOCUMENT_BYTES_MAX, SMALL_BYTES_MAX, Upload, checked_key, media_type, movement_of, upload_of
from api.console import effect
from api.console.correcting import replaced
from api.console.filling import Box, Filled, at_fields, blank, boxes, called, dense, request_of, typed, ways, with_row
from api.console.looking_up import looked_up
from api.console.record import then_sign
from api.console.shapes import Control, Shape, shape_of
from api.console.shell import form_of, go, pages, show
from api.console.view import KEPT, view_of
from api.language import Language
from api.malformed import Fault, faults_of
from api.problems import NOT_RECORDED, UNSURE, Problem, ProblemRaised, Wrong, problem_of
from api.reading import TheLedger, Today
from api.routes.documents import keep_file
from api.routes.movements import record
from api.routes.proposals import propose
from api.routes.whatif import Supposition, supposition
from api.security import Caller, Recorder
from ledger.access.policy import Action
from ledger.application import Ledger, the_receipt
from ledger.domain.catalogue import ROLES, Name
from ledger.domain.correction import EntryCorrected
from ledger.domain.mending import implied
from ledger.domain.movement import BUSINESS_KEYS, MOVEMENTS, Movement, Signs
from ledger.domain.payment import ORDERS, SETTLEMENTS
from ledger.domain.refusals import Code, refuse
from ledger.domain.signing import begins, chains_of
from ledger.domain.special import all_specials
from ledger.projections.journal import find

router = pages()

WORDS = {
    **effect.WORDS,
    "all_kinds": Name("全部业务", "All kinds"),
    "optional": Name("(可不填)", "(optional)"),
    "yuan": Name("(元)", "(yuan)"),
    "one_a_line": Name("每行一项", "one a line"),
    "yes": Name("是", "Yes"),
    "no": Name("否", "No"),
    "unless": Name("默认:{}", "{} unless given"),
    "row": Name("第 {} 行", "Row {}"),
    "add_row": Name("增加一行", "Add a row"),
    "rows_note": Name("留空的行不计", "rows left empty do not count"),
    "file": Name("文件原件", "File"),
    "file_help": Name("最大 20 MiB;先选择,再按下列按钮上传", "at most 20 MiB: choose it, then press what it is"),
    "upload_as": Name("上传为“{}”", "Upload as {}"),
    "uploaded": Name("已上传:{}", "Uploaded: {}"),
    "choose_file": Name("请先选择一个非空文件", "Choose a file that is not empty first"),
    "not_uploaded": Name(
        "已选择文件但未上传:请按“上传”按钮,或清除所选文件",
        "A file was chosen and not uploaded: press its button, or take it out",
    ),
    "trial": Name("试算", "Dry run"),
    "try": Name("试算", "Try"),
    "trial_says": Name("填写时自动试算;不记录任何内容", "Tried as you type; nothing is recorded"),
    "to_mend": Name("须填写或修改:", "To fill in or mend:"),
    "submit_alone": Name("记录", "Record"),
    "submit": Name("提交审批", "Submit for approval"),
    "then_signs": Name("提交后由以下身份签批:{}", "Then it is signed by: {}"),
    "or": Name(" 或 ", " or "),
    "may_be_recorded": Name("可以记录", "It could be recorded"),
    "was_recorded": Name(
        "此表单已用其他内容记录过。若要另记一笔,请再按一次。",
        "This form was recorded with another content already. To record another movement, press it once more.",
    ),
}


class Form(NamedTuple):
    """A form as somebody left it; ``key``: that under which it is recorded once."""

    kind: str
    shapes: tuple[Shape, ...]
    filled: Filled
    key: str

    def request(self) -> tuple[Movement | None, list[Fault]]:
        """The movement that was filled in, or what is wrong with it."""
        faults: list[Fault] = []
        fields = request_of(self.shapes, self.filled, faults)
        if faults:
            return None, faults
        try:
            return movement_of(msgspec.json.encode({"kind": self.kind, **fields})), []
        except ValidationError as error:
            return None, faults_of(error.errors(include_input=False, include_url=False))


class Trial(NamedTuple):
    """A dry run. ``faults``: of the form; ``refusal``: by a rule; ``effect``: what it would do, to those who may ask.

    ``signs``: the chains of signatures it needs, where it is well formed.
    """

    faults: Sequence[Fault] = ()
    refusal: Problem | None = None
    effect: Supposition | None = None
    signs: Signs = ()


class Said(NamedTuple):
    """What a page says of an act that did not end well: at its head, and at the fields it is about."""

    status: int = 200
    problem: Problem | None = None
    note: Name | None = None
    faults: Sequence[Fault] = ()
    new_row: str = ""


@router.get("/record/{kind}")
def form_page(request: Request, ledger: TheLedger, caller: Recorder, today: Today, kind: str) -> Response:
    """一种业务的表单;地址可以预先填写各项。What the address says under the names of fields is filled in."""
    shapes = _shapes(kind, caller)
    given = {name: value for name, value in request.query_params.items() if name not in KEPT}
    form = begun(kind, shapes, _following(ledger, caller, kind, given) | given, today)
    tried = not blank(typed(shapes, given))
    trial = _tried(ledger, caller, today, form, view_of(request).language) if tried else None
    return _page(request, ledger, caller, form, trial, Said())


def begun(kind: str, shapes: tuple[Shape, ...], given: dict[str, str], today: date) -> Form:
    """A form with what is given, and of today where nothing else is."""
    year = str(today.year)
    sent = {"effective_on": today.isoformat(), "vintage": year, "year": year, **given}
    return Form(kind, shapes, dense(typed(shapes, sent)), str(uuid4()))


def _following(ledger: Ledger, caller: Caller, kind: str, given: dict[str, str]) -> dict[str, str]:
    """What follows from what the address cites, as far as whoever asks sees it."""
    sees = caller.sight(Action.SEE_BOOKS)
    if sees is None:
        return {}
    if kind == EntryCorrected.__name__:
        return replaced(ledger, caller, given)
    with ledger.reading() as book:
        follows = implied(book, kind, given, partial(sees.account, book))
        reported = BUSINESS_KEYS.get(book, f"detail:{given['item']}") if follows and "item" in given else None
    found = find(ledger.store, ledger.id, reported) if reported else None
    cited = getattr(found.recorded.movement, "cited", None) if found else None
    if cited is None:
        return follows
    with ledger.reading() as book:
        known = [name for name, held in (("order", ORDERS), ("settlement", SETTLEMENTS)) if held.get(book, cited)]
    return follows | dict.fromkeys(known, cited)


def _shapes(kind: str, caller: Caller) -> tuple[Shape, ...]:
    """The fields of a kind. Raises NOT_FOUND; UNAUTHORISED where the role does not begin it."""
    found = MOVEMENTS.get(kind)
    if found is None or found.of_proposals:
        raise ProblemRaised(Wrong.NOT_FOUND)
    if not begins(caller.actor.role, found.signs):
        needs = " / ".join("+".join(chain) for chain in found.signs)
        refuse(Code.UNAUTHORISED, found.clause, role=caller.actor.role, needs=needs, kind=kind)
    return shape_of(kind)


async def _sent(request: Request) -> Upload | dict[str, str]:
    """What a form sent, with the file where it was asked to upload one."""
    if media_type(request) == "multipart/form-data":
        return await upload_of(request, DOCUMENT_BYTES_MAX + SMALL_BYTES_MAX, needed=False)
    return await form_of(request)


@router.post("/record/{kind}")
async def fill_in(
    request: Request,
    ledger: TheLedger,
    caller: Recorder,
    today: Today,
    kind: str,
    came: Annotated[Upload | dict[str, str], Depends(_sent)],
) -> Response:
    """试算、增加行、上传文件、记录或提交;除已记录的以外,回到原表单。Back to the form, but for what was recorded."""
    shapes, sent = _shapes(kind, caller), came.fields if isinstance(came, Upload) else came
    act, _, way = sent.get("act", "try").partition(":")
    form = Form(kind, shapes, typed(shapes, sent), checked_key(sent.get("key", "")))
    language = view_of(request).language
    if act == "add":
        form = form._replace(filled=with_row(form.filled, shapes, way))
        return await run_in_threadpool(_page, request, ledger, caller, form, None, Said(new_row=way))
    if act == "upload":
        form, said = await _uploaded(ledger, caller, form, way, came)
        return await run_in_threadpool(_page, request, ledger, caller, form, None, said)
    form = form._replace(filled=dense(form.filled))
    trial = await run_in_threadpool(_tried, ledger, caller, today, form, language)
    said = Said(200, trial.refusal, faults=_about(trial, form))
    if act == "record":
        done = await _recorded(request, ledger, caller, today, form, trial, sent)
        if isinstance(done, str):
            return go(request, done)
        said, form = done, form._replace(key=str(uuid4())) if _used(done) else form
    return await run_in_threadpool(_page, request, ledger, caller, form, trial, said)


def _used(said: Said) -> bool:
    """Whether its key stands for another content already."""
    return said.problem is not None and said.problem.code == Code.IDEMPOTENCY_CONFLICT


async def _uploaded(
    ledger: Ledger, caller: Caller, form: Form, way: str, came: Upload | dict[str, str]
) -> tuple[Form, Said]:
    """The form with the digest of the file that was uploaded for a document of it."""
    documents = {shape.name for shape in form.shapes if shape.control is Control.DOCUMENT}
    if way not in documents or caller.reach(Action.KEEP_FILES) is None:
        raise ProblemRaised(Wrong.NOT_FOUND)
    content = await run_in_threadpool(came.file.read) if isinstance(came, Upload) else b""
    if not isinstance(came, Upload) or not content:
        return form, Said(422, faults=[Fault(where="file", **WORDS["choose_file"]._asdict())])
    if len(content) > DOCUMENT_BYTES_MAX:
        raise ProblemRaised(Wrong.TOO_LARGE, limit_bytes=DOCUMENT_BYTES_MAX)
    kept = await keep_file(ledger, caller, content, came.name, came.media_type)
    filled = {**form.filled, way: {**form.filled[way], "sha256": kept.sha256}}
    name = Name(*(said.format(came.name) for said in WORDS["uploaded"]))
    return form._replace(filled=filled), Said(note=name)


def _tried(ledger: Ledger, caller: Caller, today: date, form: Form, language: Language) -> Trial:
    movement, faults = form.request()
    if movement is None:
        return Trial(faults)
    signs: Signs = ()
    try:
        with ledger.reading() as book:
            signs = chains_of(book, movement)
        if caller.sight(Action.ASK_WHAT_IF) is None:
            if (caller.actor.role,) in signs:
                the_receipt(ledger.submit(movement, caller.actor, form.key, dry=True).result())
            return Trial(signs=signs)
        asking = caller._replace(action=Action.ASK_WHAT_IF)
        found = supposition(ledger.what_if([movement], caller.actor, today), today, asking.sees, language)
        return Trial(refusal=found.lines[0].problem, effect=found, signs=signs)
    except (*NOT_RECORDED, *UNSURE) as error:
        return Trial(refusal=problem_of(error, language), signs=signs)


async def _recorded(
    request: Request, ledger: Ledger, caller: Caller, today: date, form: Form, trial: Trial, sent: dict[str, str]
) -> str | Said:
    """Where to go on once it is recorded or submitted; or what kept it from being so."""
    movement, faults = form.request()
    if movement is None:
        return Said(422, faults=faults)
    if sent.get("file"):
        return Said(422, faults=[Fault(where="file", **WORDS["not_uploaded"]._asdict())])
    actor, alone = caller.actor, (caller.actor.role,) in trial.signs
    try:
        if alone:
            receipt = await record(ledger, movement, actor, form.key, Response(), today)
            return f"/movements/{receipt.number}"
        return f"/inbox/{await propose(ledger, [movement], actor, form.key, today)}"
    except NOT_RECORDED as error:
        problem = problem_of(error, view_of(request).language)
        note = WORDS["was_recorded"] if problem.code == Code.IDEMPOTENCY_CONFLICT else None
        return Said(problem.status, problem, note, _about(Trial(refusal=problem), form))


def _about(trial: Trial, form: Form) -> Sequence[Fault]:
    """What is wrong with the form; of a refusal, the field it is about, where one can be told."""
    problem = trial.refusal
    if problem is None:
        return trial.faults
    named = [str(problem.details.get("field", "")), *(["amount"] if problem.asked else []), *problem.details]
    where = next((name for name in named if name in form.filled), "")
    return [Fault(where=where, code=problem.code, zh=problem.message.zh, en=problem.message.en)] if where else []


def _first_of(way: str, found: Sequence[Box]) -> str:
    """The first field of the last row of a list, where one goes on after a row was added."""
    last = [name for name in ways(found) if way and name.startswith(f"{way}.")]
    row = last[-1][len(way) + 1 :].partition(".")[0] if last else ""
    return next((name for name in last if name[len(way) + 1 :].partition(".")[0] == row), "")


def _page(request: Request, ledger: Ledger, caller: Caller, form: Form, trial: Trial | None, said: Said) -> Response:
    view, kind = view_of(request), MOVEMENTS[form.kind]
    names = list(ways(boxes(form.shapes, form.filled, {})))
    wrong = at_fields(said.faults, [*names, "file"])
    of_trial = at_fields(trial.faults, names) if trial else {}
    found = list(boxes(form.shapes, form.filled, wrong))
    signs = trial.signs if trial and trial.signs else kind.signs
    with ledger.reading() as book:
        specials = [(code, state.name) for code, state in all_specials(book).items() if not state.merged]
    shown: dict[str, Any] = {
        "kind": form.kind,
        "sends_to": f"/record/{form.kind}",
        "resends": True,
        "label": kind.label,
        "clause": kind.clause,
        "boxes": found,
        "wrong": wrong,
        "mend": [(name, fault) for name, faults in of_trial.items() for fault in faults],
        "called": dict(called(found, view.named)),
        "specials": specials,
        "looked_up": looked_up(form.kind),
        "documents": [shape for shape in form.shapes if shape.control is Control.DOCUMENT],
        "may_upload": caller.reach(Action.KEEP_FILES) is not None,
        "key": form.key,
        "trial": trial,
        "said": said,
        "new_field": _first_of(said.new_row, found),
        "alone": (caller.actor.role,) in signs,
        "then": [[ROLES[one] for one in chain] for chain in then_sign(caller.actor.role, signs)],
        **effect.effect_of(trial.effect if trial else None),
    }
    return show(request, caller, "record_form.html", WORDS, status=said.status, scripts=["own/lookup.js"], **shown)
