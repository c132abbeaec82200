"""The auditor's workspace 审计抽样底稿, beside the ledger: samples of the log, what is found of each item, conclusion, review."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query
from pydantic import BaseModel, Field

from api.answers import bilingual, kind_label
from api.bodies import SmallBodyRoute
from api.openapi import READS, WRITES
from api.problems import Bilingual, ProblemRaised, Wrong
from api.reading import NUMBER_MAX, Limit, TheLedger
from api.security import Auditor, Caller, ThePeople
from ledger.access.people import People
from ledger.audit.trail import Event
from ledger.codec import Recorded
from ledger.domain.fields import SHAPE, Id, LongText, Period, PlainId, SpecialCode, Text
from ledger.domain.money import Fen, FenOrZero, yuan
from ledger.projections.journal import recorded_by
from ledger.projections.population import Population
from ledger.reports.sampling import method_of, population_of, project_of
from ledger.sampling.checks import CHECKS, Findings, Outcome
from ledger.sampling.drawing import ALGORITHMS, Drawing, Method, start_of
from ledger.sampling.papers import Asked, Papers, Sample, SampleItem
from ledger.sampling.refusals import ITEMS_MAX

router = APIRouter(prefix="/v1/samples", tags=["audit"], route_class=SmallBodyRoute)


async def _papers(ledger: TheLedger) -> Papers:
    return Papers(ledger.store, ledger.id)


ThePapers = Annotated[Papers, Depends(_papers)]
SampleId = Annotated[int, Path(alias="sample", ge=1, le=NUMBER_MAX)]
Version = Annotated[int, Field(ge=1, le=NUMBER_MAX)]


class SampleAsked(BaseModel):
    """A sample to draw: its paper number, what it is about, from which movements, and how. Amounts in yuan.

    ``at``: as of a number, absent: now. MONETARY_UNIT takes ``seed`` and either ``interval`` or ``size``, from which the interval
    follows; SIMPLE_RANDOM ``seed`` and ``size``; ALL_ABOVE ``threshold``.
    """

    model_config = SHAPE

    paper: Text
    matter: Text
    at: Annotated[int, Field(ge=1, le=NUMBER_MAX)] | None = None
    kind: Id | None = None
    special: SpecialCode | None = None
    fund: Id | None = None
    first_period: Period | None = None
    last_period: Period | None = None
    from_amount: FenOrZero | None = None
    to_amount: FenOrZero | None = None
    method: Annotated[Method, Field(strict=False)]
    seed: PlainId | None = None
    size: Annotated[int, Field(ge=1, le=ITEMS_MAX)] | None = None
    interval: Fen | None = None
    threshold: Fen | None = None


class CheckMade(BaseModel):
    """A check A–F of the working paper, and how it came out."""

    letter: str
    name: Bilingual
    outcome: Outcome


class SampledItem(BaseModel):
    """An item: the movement, its amount in yuan, what was found, and the proof that its bytes stand in the log.

    ``leaf`` and ``path``, hashes in hex, lead to the sample's ``root``; its place in the tree is ``number`` less 1.
    """

    item: int
    number: int
    voucher: int | None = None
    kind: str
    label: Bilingual
    amount: str
    project: str | None = None
    document: str | None = None
    document_sha256: str | None = None
    checks: list[CheckMade]
    exception: str
    criterion: str
    reply: str
    conclusion: str
    figure: str
    kept_by: str | None = None
    version: int
    leaf: str
    path: list[str]


class SampleSummary(BaseModel):
    """A sample: population and method in words, population in movements and yuan, how far its paper is, who signed."""

    id: int
    paper: str
    matter: str
    at: int
    population: Bilingual
    population_movements: int
    population_amount: str
    method: Method
    drawn: Bilingual
    seed: str | None = None
    size: int | None = None
    interval: str | None = None
    start: str | None = None
    threshold: str | None = None
    items: int
    finished: int
    exceptions: int
    conclusion: str
    prepared_by: str
    prepared_at: datetime
    reviewed_by: str | None = None
    reviewed_at: datetime | None = None
    version: int


class SampleDetail(SampleSummary):
    """A sample with its items, in the order in which they were drawn. ``algorithm``: how anybody draws them again.

    ``root``: of the RFC 6962 tree over the leaf hashes of all numbers up to ``at``.
    """

    algorithm: Bilingual
    root: str
    drawn_items: list[SampledItem]


class SamplePage(BaseModel):
    """Samples, the newest first; ``next`` goes into ``before``."""

    samples: list[SampleSummary]
    next: int | None = None


class ItemFound(BaseModel):
    """What was found of an item; what is absent is empty. ``version``: of the item as it was read.

    ``checks``: outcomes of A to F, in their order. ``figure``: an address of an explanation, a movement or the time machine here.
    """

    model_config = SHAPE

    checks: Annotated[
        list[Annotated[Outcome, Field(strict=False)]], Field(min_length=len(CHECKS), max_length=len(CHECKS))
    ]
    exception: LongText | None = None
    criterion: LongText | None = None
    reply: LongText | None = None
    conclusion: LongText | None = None
    figure: LongText | None = None
    version: Version


class Conclusion(BaseModel):
    """The conclusion of a paper, and the version of the paper as it was read."""

    model_config = SHAPE

    conclusion: LongText
    version: Version


@router.get("", summary="底稿清单 / Working papers", responses=READS, response_model_exclude_none=True)
def list_samples(
    papers: ThePapers,
    caller: Auditor,
    before: Annotated[int | None, Query(ge=1, le=NUMBER_MAX)] = None,
    limit: Limit = 100,
) -> SamplePage:
    """最近的在前。The newest first."""
    _whole_books(caller)
    found = papers.newest(before, limit + 1)
    return SamplePage(
        samples=[_summary(one) for one in found[:limit]], next=found[limit - 1].id if len(found) > limit else None
    )


@router.post("", summary="抽样 / Draw a sample", status_code=201, responses=WRITES, response_model_exclude_none=True)
def draw_sample(
    ledger: TheLedger, papers: ThePapers, people: ThePeople, caller: Auditor, asked: SampleAsked
) -> SampleDetail:
    """由种子和编号可由任何人复现;同一底稿号再次提交相同内容,答复同一份。

    Anybody draws the same from seed and number; the same under the same paper number once more answers with the same sample.
    """
    _whole_books(caller)
    population = Population(
        asked.at or 0,
        asked.kind,
        asked.special,
        asked.fund,
        asked.first_period,
        asked.last_period,
        asked.from_amount,
        asked.to_amount,
    )
    how = Drawing(asked.method, asked.seed or "", asked.size, asked.interval, asked.threshold)
    sample = papers.draw(Asked(asked.paper, asked.matter, population, how), caller.actor.subject)
    _note(people, caller, "drawn", sample.id, paper=sample.paper)
    return _detail(ledger, papers, sample)


@router.get("/{sample}", summary="底稿 / A working paper", responses=READS, response_model_exclude_none=True)
def get_sample(ledger: TheLedger, papers: ThePapers, caller: Auditor, id_: SampleId) -> SampleDetail:
    """含各项的核对情况和存在性证明。With what was found of each item, and the proof that it stands in the log."""
    _whole_books(caller)
    return _detail(ledger, papers, papers.sample(id_))


@router.put(
    "/{sample}/items/{item}", summary="填写一项 / Fill in an item", responses=WRITES, response_model_exclude_none=True
)
def fill_in_item(
    ledger: TheLedger,
    papers: ThePapers,
    people: ThePeople,
    caller: Auditor,
    id_: SampleId,
    item: Annotated[int, Path(ge=1, le=NUMBER_MAX)],
    found: ItemFound,
) -> SampledItem:
    """他人在此期间改动过则不覆盖。What somebody changed in the meantime is not overwritten."""
    _whole_books(caller)
    texts = (found.exception, found.criterion, found.reply, found.conclusion, found.figure)
    findings = Findings(tuple(found.checks), *(said or "" for said in texts))
    kept = papers.fill_in(id_, item, findings, found.version, caller.actor.subject)
    _note(people, caller, "item", id_, item=item)
    return _item(kept, recorded_by(ledger.store, ledger.id, [kept.number])[kept.number])


@router.put("/{sample}/conclusion", summary="总体结论 / Conclude", responses=WRITES, response_model_exclude_none=True)
def conclude_sample(
    papers: ThePapers, people: ThePeople, caller: Auditor, id_: SampleId, asked: Conclusion
) -> SampleSummary:
    """底稿的总体结论。The conclusion of the whole paper."""
    _whole_books(caller)
    kept = papers.conclude(id_, asked.conclusion, asked.version, caller.actor.subject)
    _note(people, caller, "conclusion", id_)
    return _summary(kept)


@router.put("/{sample}/review", summary="复核 / Review", responses=WRITES, response_model_exclude_none=True)
def review_sample(papers: ThePapers, people: ThePeople, caller: Auditor, id_: SampleId) -> SampleSummary:
    """由未参与编制的审计人员复核,此后不能改动。By an auditor who wrote nothing of it; from then on nothing is changed."""
    _whole_books(caller)
    kept = papers.review(id_, caller.actor.subject)
    _note(people, caller, "review", id_)
    return _summary(kept)


@router.delete(
    "/{sample}/review", summary="撤回复核 / Take a review back", responses=WRITES, response_model_exclude_none=True
)
def take_review_back(papers: ThePapers, people: ThePeople, caller: Auditor, id_: SampleId) -> SampleSummary:
    """由复核人撤回后方可改动。By whoever reviewed it; then it may be changed."""
    _whole_books(caller)
    kept = papers.take_review_back(id_, caller.actor.subject)
    _note(people, caller, "review taken back", id_)
    return _summary(kept)


def _whole_books(caller: Caller) -> None:
    """A population is of all money: whoever sees but some of it draws no sample. Raises NOT_FOUND."""
    if not caller.sees.everything:
        raise ProblemRaised(Wrong.NOT_FOUND)


def _note(people: People, caller: Caller, what: str, sample: int, **about: Any) -> None:
    people.trail.note(Event.SAMPLED, caller.person.id, what=what, sample=sample, **about)


def _summary(of: Sample) -> SampleSummary:
    return SampleSummary(**_said(of))


def _said(of: Sample) -> dict[str, Any]:
    how = of.drawing
    start = start_of(how.seed, how.interval) if how.method is Method.MONETARY_UNIT and how.interval else None
    told = {name: getattr(of, name) for name in SampleSummary.model_fields.keys() & set(Sample._fields)}
    amounts = {"interval": how.interval, "start": start, "threshold": how.threshold}
    return told | {
        "at": of.population.at,
        "population": bilingual(population_of(of)),
        "population_movements": of.movements,
        "population_amount": yuan(of.amount),
        "method": how.method,
        "drawn": bilingual(method_of(of)),
        "seed": how.seed or None,
        "size": how.size,
        **{name: None if fen is None else yuan(fen) for name, fen in amounts.items()},
    }


def _detail(ledger: TheLedger, papers: Papers, of: Sample) -> SampleDetail:
    items = papers.items(of.id)
    found = recorded_by(ledger.store, ledger.id, [item.number for item in items])
    return SampleDetail(
        **_said(of),
        algorithm=bilingual(ALGORITHMS[of.drawing.method]),
        root=of.root,
        drawn_items=[_item(item, found[item.number]) for item in items],
    )


def _item(of: SampleItem, found: Recorded) -> SampledItem:
    document, written = found.movement.document, of.findings
    return SampledItem(
        item=of.item,
        number=of.number,
        voucher=found.voucher,
        kind=found.movement.kind,
        label=kind_label(found.movement.kind),
        amount=yuan(of.amount),
        project=project_of(found),
        document=document.number if document else None,
        document_sha256=document.sha256 if document else None,
        checks=[
            CheckMade(letter=letter, name=bilingual(name), outcome=outcome)
            for (letter, name), outcome in zip(CHECKS.items(), written.checks, strict=True)
        ],
        **{name: getattr(written, name) for name in ("exception", "criterion", "reply", "conclusion", "figure")},
        kept_by=of.kept_by,
        version=of.version,
        leaf=of.leaf,
        path=list(of.proof),
    )
