"""Replay 重放: the log folded from its first movement, a range of it judged again, the tables compared; what it found, by address.

It is long work; its page shows how far it is to whoever asked, and once it has ended, what it found to all who may ask for one.
"""

import json
from datetime import date
from functools import partial
from typing import Annotated, Any, Final

from fastapi import Path, Query, Request, Response
from pydantic import BaseModel, ValidationError

from api.answers import bilingual, kind_label
from api.bodies import number_in
from api.console.jobs import of_job
from api.console.shell import Place, Sent, SentKey, go, pages, show
from api.console.view import view_of
from api.language import Language
from api.problems import Bilingual, Problem, ProblemRaised, Wrong, problem_of
from api.reading import NUMBER_MAX, TheLedger, Today, stands_at
from api.routes.jobs import TheJobs, begin, get_job
from api.routes.replays import OtherVerdict, ToBeJudged, Under, other_verdict
from api.security import Caller, Rejudger, SignedIn
from ledger.access.policy import Action
from ledger.application import Ledger
from ledger.domain.accounts import ACCOUNTS
from ledger.domain.catalogue import Name
from ledger.domain.decision import RULES
from ledger.domain.parameter import supposed_as_on
from ledger.jobs import Progress, Result, kind_of_work
from ledger.projections.journal import standing
from ledger.projections.moment import OutsideLife
from ledger.replaying import Posted, Replay, keep, kept, kept_of, replay

PLACE = Place("/replay", Name("重放", "Replay"), Action.JUDGE_AGAIN)
router = pages()
REPLAYING: Final = kind_of_work("replay", "重放", "Replay")
LISTED: Final = 50
UNDER: Final[dict[Under, Name]] = {
    Under.THEN: Name("当时有效的参数", "Parameters in force then"),
    Under.TODAY: Name("今天有效的参数", "Parameters in force today"),
}
WORDS = {
    "title": PLACE.name,
    "says": Name(
        "从第一号起重新折叠账本,把所选范围内的业务按当时的账逐条重新审核,再与各表的余额核对。只读:不改动、不记录任何业务。",
        "The ledger is folded anew from its first movement, each movement of the range is judged again where it stood, and the "
        "balances of the tables are compared. It only reads: nothing is changed or recorded.",
    ),
    "from": Name("自第几号", "From number"),
    "to": Name("至第几号(空为当前)", "To number (empty: now)"),
    "under": Name("审核依据", "Judged by"),
    "start": Name("开始重放", "Start the replay"),
    "leave": Name("在后台进行,可以离开此页。", "It is done in the background: you may leave this page."),
    "done_before": Name("已完成的重放", "Replays that were done"),
    "none_done": Name("尚未重放过", "None was done yet"),
    "range": Name("范围", "Range"),
    "outcome": Name("结论", "Outcome"),
    "asked_by": Name("经办", "Asked for by"),
    "ended": Name("完成于", "Ended"),
    "same": Name("全部相符", "all the same"),
    "different": Name("{} 处不同", "differences: {}"),
    "all_the_same": Name(
        "第 {} 至 {} 号全部相符:每条记录、每项审核结论、每笔分录、每个余额都与所记一致。",
        "Numbers {} to {} all came out the same: every record, every decision, every entry and every balance is as recorded.",
    ),
    "some_differ": Name("第 {} 至 {} 号有 {} 处不同。", "Numbers {} to {}: differences found: {}."),
    "broken": Name(
        "第 {} 号缺失,或其记录字节与哈希、所在行不一致:重放到此为止,其后未审核、未核对。请运行 ledger verify 查明。",
        "Number {} is missing, or its recorded bytes are not what its hash and its row say: the replay stopped there, and nothing "
        "after it was judged or compared. Run `ledger verify` to find out more.",
    ),
    "rules": Name("规则版本", "Version of the rules"),
    "seconds": Name("用时", "Time taken"),
    "took": Name("{} 秒,每秒 {} 条", "{} s, {} movements a second"),
    "leaf": Name("第 {} 号的哈希", "Hash of number {}"),
    "root": Name("哈希树根(1 至 {} 号)", "Root of the tree over 1 to {}"),
    "checked": Name("核对项", "What was checked"),
    "compared": Name("核对数", "Checked"),
    "differs": Name("不同", "Different"),
    "records": Name("记录字节与哈希", "Recorded bytes and their hashes"),
    "decisions": Name("审核结论:照样受理", "Decisions: accepted again"),
    "entries": Name("分录:借贷照样", "Entries: the same lines again"),
    "balances": Name("逐户和汇总余额", "Balances of accounts and cells"),
    "account_held": Name("科目", "Account"),
    "by_kind": Name("按业务种类", "By kind of movement"),
    "judged": Name("重新审核", "Judged again"),
    "refused": Name("将被拒绝", "Would be refused"),
    "others": Name("将记其他分录", "Would post other lines"),
    "otherwise": Name("结论不同的业务", "Movements that came out differently"),
    "why": Name("原因", "Why"),
    "wrong": Name("不符的余额", "Balances that differ"),
    "posted_by": Name("最后记入的业务", "Last posted to by"),
    "folded": Name("重放所得", "Folded"),
    "in_table": Name("表中所记", "In the table"),
    "listed": Name("列出 {} 项,共 {} 项", "{} of {} are listed"),
    "then": Name("在时光机中查看第 {} 号", "Number {} in the time machine"),
    "again": Name("再做一次", "Do another one"),
}


class KindReplayed(BaseModel):
    """How movements of one kind came out."""

    kind: str
    label: Bilingual
    judged: int
    refused: int
    others: int


class WrongBalance(BaseModel):
    """A balance of which the tables say something else; fen, None: not there. ``number``: what posted to it last, 0: nothing."""

    account: str
    name: Bilingual
    where: str
    folded: int | None
    table: int | None
    number: int


class Replayed(BaseModel):
    """What a replay found, as ``ledger.replaying.Replay`` says it; hashes in hex."""

    first: int
    last: int
    under: Under
    rules: int
    kinds: list[KindReplayed]
    otherwise: list[OtherVerdict]
    broken: int | None
    accounts: int
    cells: int
    wrongs: int
    wrong: list[WrongBalance]
    leaf: str
    root: str
    seconds: float
    differences: int


@router.get("/replay")
def replay_page(
    request: Request,
    ledger: TheLedger,
    caller: Rejudger,
    before: Annotated[int, Query(ge=1, le=NUMBER_MAX)] = NUMBER_MAX,
) -> Response:
    """选择范围,开始重放;已完成的重放。The range, and the replays there were."""
    return _page(request, ledger, caller, before=before)


def _page(
    request: Request,
    ledger: Ledger,
    caller: Caller,
    typed: dict[str, str] | None = None,
    problem: Problem | None = None,
    before: int = NUMBER_MAX,
) -> Response:
    _check_sees_all(caller)
    answer, head, view = Response(), standing(ledger.store, ledger.id), view_of(request)
    stands_at(answer, head)
    found = kept(ledger.store, ledger.id, before, LISTED + 1)
    done = [(one, Replayed(**one.found)) for one in found[:LISTED]]
    more = view.here(before=found[LISTED - 1].job) if len(found) > LISTED else None
    typed = typed or {name: view.asked(name) for name in ("first", "last", "under")}
    return show(
        request, caller, "replay.html", WORDS, answer=answer, status=problem.status if problem else 200, head=head,
        typed=typed, problem=problem, unders=UNDER, done=done, more=more,
    )  # fmt: skip


def _check_sees_all(caller: Caller) -> None:
    """A replay is of all money, and is seen whole or not at all. Raises NOT_FOUND."""
    if not caller.sees.everything:
        raise ProblemRaised(Wrong.NOT_FOUND)


@router.post("/replay")
def start(
    request: Request,
    ledger: TheLedger,
    caller: Rejudger,
    today: Today,
    sent: Sent,
    key: SentKey,
) -> Response:
    """开始重放;同一表单提交两次只做一次。Begun once, however often the form is sent."""
    _check_sees_all(caller)
    try:
        asked = _asked(sent)
        head = standing(ledger.store, ledger.id)
        last = head if asked.last is None else asked.last
        if not asked.first <= last <= head:
            raise OutsideLife(f"{asked.first}–{last}", "1", str(head))
    except (ValidationError, OutsideLife) as error:
        return _page(request, ledger, caller, sent, problem_of(error, view_of(request).language))
    asked = asked.model_copy(update={"last": last})
    do = partial(_replayed, ledger, caller.actor.subject, asked, today, view_of(request).language)
    job = begin(request, Response(), caller, REPLAYING, {"numbers": f"{asked.first}–{last}"}, do, f"replay:{key}")
    return go(request, f"/replay/{job.job}")


def _asked(sent: dict[str, str]) -> ToBeJudged:
    """What the form says, as the route would be sent it. Raises ValidationError."""
    said = {name: value.strip() for name, value in sent.items() if name in ("first", "last", "under") and value.strip()}
    numbers = {name: number for name, value in said.items() if (number := number_in(value)) is not None}
    return ToBeJudged.model_validate_json(json.dumps(said | numbers))


def _replayed(
    ledger: Ledger, by: str, asked: ToBeJudged, today: date, language: Language, progress: Progress
) -> Result:
    """The whole work, kept under its number."""
    assert asked.last is not None
    with ledger.reading() as book:
        under = supposed_as_on(book, today) if asked.under is Under.TODAY else {}
    found = replay(ledger.store, ledger.id, asked.first, asked.last, under, progress)
    told = _told(found, asked.under, language)
    keep(ledger.store, ledger.id, progress.job, by, told.model_dump(mode="json"))
    return Result({"movements": found.judged.total(), "differences": found.differences})


def _told(found: Replay, under: Under, language: Language) -> Replayed:
    kinds = [
        KindReplayed(
            kind=kind, label=kind_label(kind), judged=judged, refused=found.refused[kind], others=found.others[kind]
        )
        for kind, judged in sorted(found.judged.items())
    ]
    return Replayed(
        first=found.first,
        last=found.last,
        under=under,
        rules=RULES,
        kinds=kinds,
        otherwise=[other_verdict(verdict, language) for verdict in found.otherwise],
        broken=found.broken,
        accounts=found.accounts,
        cells=found.cells,
        wrongs=found.wrongs,
        wrong=[_wrong(one) for one in found.wrong],
        leaf=found.leaf.hex(),
        root=found.root.hex(),
        seconds=found.seconds,
        differences=found.differences,
    )


def _wrong(one: Posted) -> WrongBalance:
    account = one.balance.account
    return WrongBalance(
        account=account.code,
        name=bilingual(ACCOUNTS[account.code].name),
        where=" · ".join(str(part) for part in account[1:] if part is not None),
        folded=one.balance.folded,
        table=one.balance.table,
        number=one.number,
    )


@router.get("/replay/{job:number}")
def replayed_page(
    request: Request,
    ledger: TheLedger,
    found: TheJobs,
    holder: SignedIn,
    caller: Rejudger,
    number: Annotated[int, Path(ge=1, le=NUMBER_MAX, alias="job")],
) -> Response:
    """一次重放:进度,完成后为结果;地址可转告同事。How far it is; once it has ended, what it found, for colleagues too."""
    _check_sees_all(caller)
    done = kept_of(ledger.store, ledger.id, number)
    said: dict[str, Any] = {"work": number, "unders": UNDER, "done": done}
    if done is None:
        said |= of_job(request, get_job(found, holder, caller, number))
        return show(request, caller, "replayed.html", WORDS, **said)
    answer = Response()
    stands_at(answer, done.found["last"])
    return show(request, caller, "replayed.html", WORDS, answer=answer, **said, told=Replayed(**done.found))
