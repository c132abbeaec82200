"""Attempts 被拒请求: who asked for what, when, at which number it was judged, and why it was refused."""

from datetime import date, datetime, time, timedelta
from typing import Annotated, Any, LiteralString

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel

from api.answers import Signer
from api.openapi import READS
from api.problems import Bilingual
from api.reading import NUMBER_MAX, Limit, TheLedger, reached, stands_at
from api.security import AttemptReader
from ledger.domain.fields import SHANGHAI, Day, Id
from ledger.domain.money import yuan
from ledger.projections.journal import snapshot

router = APIRouter(prefix="/v1/attempts", tags=["journal"], dependencies=[reached])


class Attempt(BaseModel):
    """One refused request; ``request`` as it was asked, personal texts as commitments. Amounts in yuan."""

    id: int
    judged_at: datetime
    number: int
    actor: Signer
    kind: str
    code: str
    clause: str | None = None
    message: Bilingual
    asked: str | None = None
    available: str | None = None
    short_by: str | None = None
    request: dict[str, Any]


class AttemptPage(BaseModel):
    """A page of refused requests, the newest first; ``next`` goes into ``before``."""

    attempts: list[Attempt]
    next: int | None = None


@router.get("", summary="被拒请求 / Refused attempts", responses=READS, response_model_exclude_none=True)
def list_attempts(
    ledger: TheLedger,
    caller: AttemptReader,
    response: Response,
    code: Annotated[Id | None, Query()] = None,
    actor: Annotated[Id | None, Query()] = None,
    kind: Annotated[Id | None, Query()] = None,
    from_day: Annotated[Day | None, Query(description="自该日起(北京时间) / from this day on, in Beijing")] = None,
    to_day: Annotated[Day | None, Query(description="至该日止(北京时间) / up to this day, in Beijing")] = None,
    before: Annotated[int | None, Query(ge=1, le=NUMBER_MAX)] = None,
    limit: Limit = 100,
) -> AttemptPage:
    """最近的在前。The newest first; each as it was judged at its number."""
    asked = {
        "ledger": ledger.id,
        "own": caller.only_own,
        "code": code,
        "actor": actor,
        "kind": kind,
        "since": from_day and _begins(from_day),
        "until": to_day and _begins(to_day) + timedelta(days=1),
        "before": before or 2**62,
        "limit": limit + 1,
    }
    with snapshot(ledger.store, ledger.id) as (connection, number):
        rows = connection.execute(_ATTEMPTS, asked).fetchall()
    stands_at(response, number)
    lines = [_line(row) for row in rows[:limit]]
    return AttemptPage(attempts=lines, next=lines[-1].id if len(rows) > limit else None)


_ATTEMPTS: LiteralString = (
    "SELECT id, judged_at, number, actor, role, kind, code, asked, available, request, why FROM attempt "
    "WHERE ledger = %(ledger)s AND id < %(before)s AND (%(own)s::text IS NULL OR actor = %(own)s) "
    "AND (%(code)s::text IS NULL OR code = %(code)s) AND (%(actor)s::text IS NULL OR actor = %(actor)s) "
    "AND (%(kind)s::text IS NULL OR kind = %(kind)s) AND (%(since)s::timestamptz IS NULL OR judged_at >= %(since)s) "
    "AND (%(until)s::timestamptz IS NULL OR judged_at < %(until)s) ORDER BY id DESC LIMIT %(limit)s"
)


def _begins(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI)


def _line(row: tuple[Any, ...]) -> Attempt:
    identity, judged_at, number, actor, role, kind, code, asked, available, request, why = row
    return Attempt(
        id=identity,
        judged_at=judged_at,
        number=number,
        actor=Signer(subject=actor, role=role),
        kind=kind,
        code=code,
        clause=why["clause"] or None,
        message=Bilingual(zh=why["zh"], en=why["en"]),
        asked=None if asked is None else yuan(asked),
        available=None if available is None else yuan(available),
        short_by=None if asked is None or available is None else yuan(asked - available),
        request=request,
    )
