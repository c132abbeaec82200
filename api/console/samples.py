"""The auditor's working papers 审计抽样底稿: drawn from a form, filled in item by item in place, concluded, reviewed by another."""

import json
import secrets
from collections.abc import Callable
from typing import Annotated, Any, TypeVar

from fastapi import Path, Query, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, ValidationError

from api.bodies import number_in
from api.console.shell import HEADERS, Place, Sent, pages, show
from api.console.view import view_of
from api.problems import Problem, ProblemRaised, problem_of
from api.reading import NUMBER_MAX, Limit, TheLedger
from api.routes import samples
from api.routes.samples import ItemFound, SampleAsked, SampleDetail, SampledItem, SampleId, ThePapers
from api.security import Auditor, Caller, ThePeople
from ledger.access.policy import Action
from ledger.application import Ledger
from ledger.domain.catalogue import FUNDS, Name
from ledger.domain.movement import MOVEMENTS
from ledger.domain.special import all_specials
from ledger.reports.sampling import COLUMNS
from ledger.sampling.checks import CHECKS, OUTCOMES
from ledger.sampling.drawing import ALGORITHMS, METHODS
from ledger.sampling.papers import Papers
from ledger.sampling.refusals import NotSampled

PLACE = Place("/samples", Name("审计抽样", "Samples"), Action.AUDIT)
router = pages()
ITEMS = 100
"""So many items stand on one page."""
M = TypeVar("M", bound=BaseModel)
ItemNumber = Annotated[int, Path(alias="item", ge=1, le=NUMBER_MAX)]
TEXTS = {
    column.key: column.name for column in COLUMNS if column.key in ("exception", "criterion", "reply", "conclusion")
}
MARKS = {"OPEN": "·", "AGREES": "✓", "DIFFERS": "✗", "NOT_APPLICABLE": "–"}

WORDS = {
    "title": Name("审计抽样底稿", "Sampling working papers"),
    "beside": Name(
        "底稿在账本之外,只有审计人员可见;由种子和编号,任何人都能抽出同样的业务",
        "Working papers stand beside the ledger and are the auditors' alone; from seed and number anybody draws the same items",
    ),
    "paper": Name("底稿号", "Paper"),
    "matter": Name("事项", "Matter"),
    "population": Name("总体", "Population"),
    "movements": Name("总体笔数", "Movements"),
    "method": Name("方法", "Method"),
    "items": Name("入样", "Items"),
    "finished": Name("已核对", "Finished"),
    "exceptions": Name("疑点", "Exceptions"),
    "prepared": Name("编制", "Prepared"),
    "reviewed": Name("复核", "Reviewed"),
    "no_paper": Name("尚无底稿", "There is no working paper yet"),
    "draw": Name("抽样", "Draw a sample"),
    "do_draw": Name("抽取", "Draw it"),
    "at": Name("截至业务号(空为当前)", "As of number (empty: now)"),
    "first_period": Name("会计期间自", "Periods from"),
    "last_period": Name("会计期间至", "Periods to"),
    "from_amount": Name("金额不低于(元)", "Amount from (yuan)"),
    "to_amount": Name("金额不高于(元)", "Amount to (yuan)"),
    "seed": Name("种子", "Seed"),
    "size": Name("样本量", "Size"),
    "interval": Name("抽样区间(元)", "Interval (yuan)"),
    "threshold": Name("金额起点(元)", "All from (yuan)"),
    "seed_help": Name(
        "字母、数字;已随机给出一个,可改", "Letters and digits; one was made at random, change it as you like"
    ),
    "interval_help": Name("货币单元抽样:区间和样本量给出一个", "Monetary unit sampling takes either interval or size"),
    "threshold_help": Name("仅大额全查", "Of all from an amount on only"),
    "month_help": Name("格式 2025-03", "As 2025-03"),
    "all_papers": Name("全部底稿", "All working papers"),
    "start": Name("起点", "Start"),
    "root": Name("树根", "Root of the tree"),
    "sheet": Name("底稿(表 11)", "Working paper (sheet 11)"),
    "item": Name("序号", "Item"),
    "no": Name("业务号", "No."),
    "voucher": Name("凭证号", "Voucher"),
    "fill": Name("填写", "Fill in"),
    "close": Name("收起", "Close"),
    "look": Name("查看", "Look"),
    "save": Name("保存", "Save"),
    "save_next": Name("保存并填下一项", "Save, then the next item"),
    "saved": Name("已保存", "Saved"),
    "figure": Name("对应数字的地址(空为该业务)", "Address of the figure (empty: the movement)"),
    "open_figure": Name("打开对应数字", "Open the figure"),
    "stands_now": Name("现为:{}", "Stands there now: {}"),
    "proof": Name("存在性证明", "Proof that it is in the log"),
    "proof_how": Name(
        "叶哈希与下列路径按 RFC 6962 算得树根;在树中的位置为业务号减 1,共 {} 片叶",
        "leaf hash and path lead to the root by RFC 6962; its place is its number less 1, of {} leaves",
    ),
    "leaf": Name("叶哈希", "Leaf hash"),
    "path": Name("路径", "Path"),
    "conclusion_of_paper": Name("总体结论", "Conclusion of the paper"),
    "review": Name("复核通过", "Mark as reviewed"),
    "take_back": Name("撤回复核", "Take the review back"),
    "by_another": Name("由未参与编制的审计人员复核", "An auditor who wrote nothing of it reviews it"),
    "review_when": Name(
        "全部核对、不符项写明疑点和定性依据、作出总体结论后可复核",
        "It can be reviewed once every check is answered, each difference has exception and criterion, and there is a conclusion",
    ),
    "closed": Name("已复核,不能改动", "Reviewed: nothing of it is changed"),
}


@router.get("/samples")
def samples_page(
    request: Request,
    ledger: TheLedger,
    papers: ThePapers,
    caller: Auditor,
    before: Annotated[int | None, Query(ge=1, le=NUMBER_MAX)] = None,
    limit: Limit = 50,
) -> Response:
    """底稿清单和抽样表单。"""
    return _list(request, ledger, papers, caller, before, limit)


def _list(
    request: Request,
    ledger: Ledger,
    papers: Papers,
    caller: Caller,
    before: int | None = None,
    limit: int = 50,
    *,
    typed: dict[str, str] | None = None,
    problem: Problem | None = None,
) -> Response:
    found = samples.list_samples(papers, caller, before, limit)
    with ledger.reading() as book:
        specials = all_specials(book)
    return show(
        request,
        caller,
        "samples.html",
        WORDS,
        status=problem.status if problem else 200,
        found=found,
        typed=typed or {"seed": secrets.token_hex(6), "method": "MONETARY_UNIT"},
        problem=problem,
        wrong=_wrong_places(request, problem),
        kinds=MOVEMENTS,
        specials=specials,
        funds=FUNDS,
        methods=METHODS,
        algorithms=ALGORITHMS,
    )


@router.post("/samples")
def draw_page(
    request: Request, ledger: TheLedger, papers: ThePapers, people: ThePeople, caller: Auditor, sent: Sent
) -> Response:
    """抽样;同一表单提交两次,只有一份底稿。"""
    try:
        drawn = samples.draw_sample(ledger, papers, people, caller, _read(SampleAsked, sent, ("at", "size")))
    except (ValidationError, NotSampled) as error:
        return _list(request, ledger, papers, caller, typed=sent, problem=_problem(request, error))
    return _to(request, drawn.id)


@router.get("/samples/{sample}")
def sample_page(
    request: Request,
    ledger: TheLedger,
    papers: ThePapers,
    caller: Auditor,
    id_: SampleId,
    item: Annotated[int | None, Query(ge=1, le=NUMBER_MAX)] = None,
    saved: Annotated[bool, Query()] = False,
    after: Annotated[int | None, Query(ge=0, le=NUMBER_MAX)] = None,
) -> Response:
    """一份底稿:总体、方法、各项核对、结论、复核。"""
    return _paper(request, ledger, papers, caller, id_, item, after, saved=saved)


def _paper(
    request: Request,
    ledger: Ledger,
    papers: Papers,
    caller: Caller,
    id_: int,
    item: int | None = None,
    after: int | None = None,
    *,
    saved: bool = False,
    typed: dict[str, str] | None = None,
    problem: Problem | None = None,
) -> Response:
    found = samples.get_sample(ledger, papers, caller, id_)
    first = (item - 1) // ITEMS * ITEMS if item and after is None else after or 0
    opened = next((one for one in found.drawn_items if one.item == item), None)
    return show(
        request,
        caller,
        "sample.html",
        WORDS,
        status=problem.status if problem else 200,
        found=found,
        items=found.drawn_items[first : first + ITEMS],
        more=first + ITEMS if first + ITEMS < found.items else None,
        opened=opened,
        typed=typed if typed is not None else _typed(opened),
        of_paper=typed["conclusion"]
        if typed is not None and opened is None and "conclusion" in typed
        else found.conclusion,
        problem=problem,
        wrong=_wrong_places(request, problem),
        saved=saved,
        checks=CHECKS,
        outcomes=OUTCOMES,
        marks=MARKS,
        texts=TEXTS,
        own=caller.actor.subject in _authors(found),
        mine=found.reviewed_by == caller.actor.subject,
        may_review=bool(found.conclusion) and found.finished == found.items,
    )


@router.post("/samples/{sample}/items/{item}")
def item_page(
    request: Request,
    ledger: TheLedger,
    papers: ThePapers,
    people: ThePeople,
    caller: Auditor,
    id_: SampleId,
    item: ItemNumber,
    sent: Sent,
) -> Response:
    """填写一项的核对结果。"""
    told: dict[str, Any] = {**sent, "checks": [sent.get(letter, "") for letter in CHECKS]}
    try:
        samples.fill_in_item(ledger, papers, people, caller, id_, item, _read(ItemFound, told, ("version",)))
    except (ValidationError, NotSampled) as error:
        problem = _problem(request, error)
        return _paper(request, ledger, papers, caller, id_, item, typed=sent, problem=problem)
    following = item + 1 if sent.get("go") == "next" and item < papers.sample(id_).items else item
    return _to(request, id_, "opened", item=following, saved="true")


@router.post("/samples/{sample}/conclusion")
def conclusion_page(
    request: Request,
    ledger: TheLedger,
    papers: ThePapers,
    people: ThePeople,
    caller: Auditor,
    id_: SampleId,
    sent: Sent,
) -> Response:
    """总体结论。"""
    return _done(
        request, ledger, papers, caller, id_, sent,
        lambda: samples.conclude_sample(papers, people, caller, id_, _read(samples.Conclusion, sent, ("version",))),
    )  # fmt: skip


@router.post("/samples/{sample}/review")
def review_page(
    request: Request,
    ledger: TheLedger,
    papers: ThePapers,
    people: ThePeople,
    caller: Auditor,
    id_: SampleId,
    sent: Sent,
) -> Response:
    """复核,或撤回复核。"""
    do = samples.take_review_back if sent.get("act") == "take_back" else samples.review_sample
    return _done(request, ledger, papers, caller, id_, {}, lambda: do(papers, people, caller, id_))


def _done(
    request: Request,
    ledger: Ledger,
    papers: Papers,
    caller: Caller,
    id_: int,
    sent: dict[str, str],
    do: Callable[[], object],
) -> Response:
    """What was asked for is done and the paper shown; or the paper with what was typed, and why it was not."""
    try:
        do()
    except (ValidationError, NotSampled) as error:
        return _paper(request, ledger, papers, caller, id_, typed=sent, problem=_problem(request, error))
    return _to(request, id_, saved="true")


def _to(request: Request, id_: int, place: str = "", **asked: object) -> Response:
    there = view_of(request).to(f"/samples/{id_}", **asked)
    return RedirectResponse(f"{there}#{place}" if place else there, 303, HEADERS)


def _read(model: type[M], sent: dict[str, Any], numbers: tuple[str, ...]) -> M:
    """What a form says, as the route would be sent it: nothing where it is empty, lines joined. Raises ValidationError."""
    told = {name: " ".join(said.splitlines()).strip() if isinstance(said, str) else said for name, said in sent.items()}
    told = {name: said for name, said in told.items() if said and name in model.model_fields}
    told |= {name: number for name in numbers if (number := number_in(told.get(name, ""))) is not None}
    return model.model_validate_json(json.dumps(told))


def _problem(request: Request, error: Exception) -> Problem:
    if isinstance(error, ProblemRaised):
        raise error
    return problem_of(error, view_of(request).language)


def _wrong_places(request: Request, problem: Problem | None) -> dict[str, str]:
    """Fields of a form → what is wrong with them."""
    language = view_of(request).language
    return {fault.where.split(".")[0]: language.choose(fault) for fault in problem.problems} if problem else {}


def _typed(item: SampledItem | None) -> dict[str, str]:
    """An item as its form says it."""
    if item is None:
        return {}
    texts = {name: getattr(item, name) for name in (*TEXTS, "figure")}
    return texts | {check.letter: str(check.outcome) for check in item.checks} | {"version": str(item.version)}


def _authors(of: SampleDetail) -> set[str | None]:
    return {of.prepared_by, *(item.kept_by for item in of.drawn_items)}
