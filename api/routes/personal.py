"""Personal data 个人信息: texts of a movement in clear, whose texts are kept, and erasing somebody's, which takes two people."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field

from api.answers import bilingual, kind_label
from api.bodies import SmallBodyRoute
from api.openapi import READS, WRITES
from api.problems import Bilingual, ProblemRaised, Wrong
from api.reading import NUMBER_MAX, Limit, TheLedger, within_sight
from api.security import Eraser, ErasureReader, PersonalReader, ThePeople
from ledger.access.policy import Action
from ledger.audit.trail import Event
from ledger.domain.fields import SHAPE, Text
from ledger.personal import erasure
from ledger.personal.erasure import Erasure, ErasureStatus
from ledger.personal.texts import FIELDS, SUBJECTS, Opened, SealedTexts, State

router = APIRouter(prefix="/v1", tags=["personal"], route_class=SmallBodyRoute)

SUBJECT = r"^[a-z]+:[!-~]{1,250}$"
Subject = Annotated[str, Field(pattern=SUBJECT)]
"""Somebody texts are kept of: ``actor:`` and their id, ``project:``, ``claim:`` or ``payee:`` and its code."""


class SealedText(BaseModel):
    """One text. ``at`` leads through the movements a movement holds, as in ``2.reason``; absent text: see ``state``."""

    at: str
    kind: str
    kind_label: Bilingual
    label: Bilingual
    commitment: str
    state: State = Field(description="CLEAR: it is what the log commits to / 与账本中的承诺值相符")
    subject: str | None = None
    whose: Bilingual | None = None
    text: str | None = None
    erased_at: datetime | None = None


class Texts(BaseModel):
    """The texts of one movement."""

    number: int
    texts: list[SealedText]


@router.get(
    "/movements/{number}/texts",
    summary="个人信息原文 / Texts in clear",
    responses=READS,
    response_model_exclude_none=True,
)
def read_texts(
    ledger: TheLedger, people: ThePeople, caller: PersonalReader, number: Annotated[int, Path(ge=1, le=NUMBER_MAX)]
) -> Texts:
    """逐条核对承诺值;每次查看均记入审计日志。Each is checked against its commitment; every reading stands in the audit record."""
    recorded, books = ledger.recorded(number), caller.sight(Action.SEE_BOOKS)
    if (
        recorded is None
        or books is None
        or caller.only_own not in (None, recorded.actor.subject)
        or not within_sight(ledger, books, [recorded])
    ):
        raise ProblemRaised(Wrong.NOT_FOUND, number=number)
    opened = SealedTexts(ledger.store, ledger.id, ledger.secret).of(recorded.movement)
    fields = ", ".join(one.place.at for one in opened)[:1000]
    people.trail.note(Event.PERSONAL_READ, caller.person.id, number=number, fields=fields)
    return Texts(number=number, texts=[_text(one) for one in opened])


def _text(opened: Opened) -> SealedText:
    place, subject = opened.place, opened.subject
    return SealedText(
        at=place.at,
        kind=place.kind,
        kind_label=kind_label(place.kind),
        label=bilingual(FIELDS[place.field]),
        commitment=place.commitment,
        state=opened.state,
        subject=subject,
        whose=_whose(subject) if subject else None,
        text=opened.text,
        erased_at=opened.erased_at,
    )


def _whose(subject: str) -> Bilingual:
    return bilingual(SUBJECTS[subject.partition(":")[0]])


# -- whose texts are kept


class SubjectLine(BaseModel):
    """Somebody: how many texts can be read, how many were erased, and when last. No text is shown here."""

    subject: str
    whose: Bilingual
    since: datetime
    texts: int
    erased: int
    erased_at: datetime | None = None


class SubjectPage(BaseModel):
    """A page by name; ``next`` goes into ``after``."""

    subjects: list[SubjectLine]
    next: str | None = None


@router.get("/personal/subjects", summary="个人信息主体 / Subjects", responses=READS, response_model_exclude_none=True)
def list_subjects(
    ledger: TheLedger,
    caller: ErasureReader,
    after: Annotated[
        str | None, Query(pattern=SUBJECT, description="上一页的 next / `next` of the page before")
    ] = None,
    limit: Limit = 100,
) -> SubjectPage:
    """保存了谁的原文,不含原文。Of whom texts are kept, and none of the texts."""
    found = erasure.subjects(ledger.store, ledger.id, after or "", limit + 1)
    lines = [SubjectLine(**one._asdict(), whose=_whose(one.subject)) for one in found[:limit]]
    return SubjectPage(subjects=lines, next=lines[-1].subject if len(found) > limit else None)


# -- erasing


class ErasureLine(BaseModel):
    """A request to erase a subject, by whom (ids of people), and what became of it."""

    id: int
    subject: str
    whose: Bilingual
    reason: str
    document: str
    requested_by: str
    requested_at: datetime
    decided_by: str | None = None
    decided_at: datetime | None = None
    status: ErasureStatus


class ErasurePage(BaseModel):
    """Requests, the newest first; ``next`` goes into ``before``."""

    erasures: list[ErasureLine]
    next: int | None = None


def _line(found: Erasure) -> ErasureLine:
    return ErasureLine(**found._asdict(), whose=_whose(found.subject))


@router.get("/personal/erasures", summary="删除申请 / Erasures", responses=READS, response_model_exclude_none=True)
def list_erasures(
    ledger: TheLedger,
    caller: ErasureReader,
    before: Annotated[int, Query(ge=1, le=NUMBER_MAX)] = NUMBER_MAX,
    limit: Limit = 100,
) -> ErasurePage:
    """最近的在前。The newest first."""
    found = erasure.erasures(ledger.store, ledger.id, before, limit + 1)
    lines = [_line(one) for one in found[:limit]]
    return ErasurePage(erasures=lines, next=lines[-1].id if len(found) > limit else None)


class ErasureAsked(BaseModel):
    """``reason`` stays readable and names nobody; ``document``: the 文号 it rests on."""

    model_config = SHAPE

    subject: Subject
    reason: Text
    document: Text


@router.post(
    "/personal/erasures",
    summary="申请删除 / Ask for an erasure",
    status_code=201,
    responses=WRITES,
    response_model_exclude_none=True,
)
def request_erasure(ledger: TheLedger, people: ThePeople, caller: Eraser, asked: ErasureAsked) -> ErasureLine:
    """须由另一人确认后才删除。Nothing is erased until somebody else confirms."""
    by = caller.person.id
    return _line(erasure.request(people.keeper, ledger.id, asked.subject, asked.reason, asked.document, by))


Number = Annotated[int, Path(ge=1, le=NUMBER_MAX, description="删除申请编号 / id of the request")]


@router.post(
    "/personal/erasures/{erasure}/confirm",
    summary="确认删除 / Confirm",
    responses=WRITES,
    response_model_exclude_none=True,
)
def confirm_erasure(
    ledger: TheLedger, people: ThePeople, caller: Eraser, number: Annotated[Number, Path(alias="erasure")]
) -> ErasureLine:
    """销毁该主体的密钥,不可恢复;账本记录不变。The subject's key is destroyed for good; the log stays as it is."""
    return _decided(ledger, people, caller, number, erase=True)


@router.post(
    "/personal/erasures/{erasure}/decline",
    summary="撤销申请 / Decline",
    responses=WRITES,
    response_model_exclude_none=True,
)
def decline_erasure(
    ledger: TheLedger, people: ThePeople, caller: Eraser, number: Annotated[Number, Path(alias="erasure")]
) -> ErasureLine:
    """申请人亦可撤回。Whoever asked may take it back, too."""
    return _decided(ledger, people, caller, number, erase=False)


def _decided(ledger: TheLedger, people: ThePeople, caller: Eraser, number: int, *, erase: bool) -> ErasureLine:
    found = erasure.decide(people.keeper, ledger.id, number, caller.person.id, erase=erase)
    if found is None:
        raise ProblemRaised(Wrong.NOT_FOUND)
    ledger.keys.forget()
    return _line(found)
