"""The audit record 审计日志: who did what at the door, hashed in sequence, to look at and to carry away."""

from collections.abc import Iterator
from datetime import datetime
from itertools import takewhile
from typing import Annotated

import msgspec
from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse
from pydantic import BaseModel

from api.openapi import READS
from api.problems import Bilingual
from api.reading import NUMBER_MAX, Limit
from api.security import ThePeople, TrailReader
from ledger.access.people import People
from ledger.audit.trail import EVENTS, Event, Line
from ledger.domain.fields import Id

router = APIRouter(prefix="/v1/trail", tags=["trail"])

AfterNumber = Annotated[int, Query(ge=0, le=NUMBER_MAX, description="此编号之后 / after this number")]


class TrailLine(BaseModel):
    """One row; ``chain`` is SHA-256(chain before ‖ leaf), hex, over everything up to it. ``request``: X-Request-Id."""

    number: int
    at: datetime
    event: str
    label: Bilingual
    outcome: str
    person: str | None = None
    about: dict[str, str | int | bool]
    request: str | None = None
    chain: str


class TrailPage(BaseModel):
    """Rows, the newest first; ``next`` goes into ``before``. ``standing_*``: what to keep apart, to tell changes by."""

    lines: list[TrailLine]
    standing_at: int
    standing_chain: str
    next: int | None = None


@router.get("", summary="审计日志 / The audit record", responses=READS, response_model_exclude_none=True)
def list_trail(
    people: ThePeople,
    caller: TrailReader,
    event: Annotated[Event | None, Query()] = None,
    person: Annotated[Id | None, Query(description="由谁或关于谁 / by whom or about whom")] = None,
    before: Annotated[int, Query(ge=1, le=NUMBER_MAX)] = NUMBER_MAX,
    limit: Limit = 100,
) -> TrailPage:
    """最近的在前。The newest first."""
    number, chain = people.trail.standing()
    found = people.trail.newest(before, limit + 1, event, person)
    lines = [_line(line) for line in found[:limit]]
    more = lines[-1].number if len(found) > limit else None
    return TrailPage(lines=lines, standing_at=number, standing_chain=chain, next=more)


class Checked(BaseModel):
    """Whether every row follows from those before it. ``broken_at``: the first that does not, where there is one."""

    whole: bool
    rows: int
    chain: str
    broken_at: int | None = None


@router.get("/check", summary="核对 / Check", responses=READS, response_model_exclude_none=True)
def check_trail(people: ThePeople, caller: TrailReader) -> Checked:
    """从第一条起逐条核对哈希链。Hashes the whole record anew, from its first row."""
    rows, chain = people.trail.standing()
    broken_at = people.trail.broken_at()
    return Checked(whole=broken_at is None, rows=rows, chain=chain, broken_at=broken_at)


@router.get(
    "/export",
    summary="导出 / Export",
    responses=READS | {200: {"content": {"application/x-ndjson": {"schema": {"type": "string"}}}}},
    response_class=StreamingResponse,
)
def export_trail(people: ThePeople, caller: TrailReader, after: AfterNumber = 0) -> StreamingResponse:
    """每行一条,含哈希链,可离线核对;导出本身也留痕。A row a line with its chain, to check offline; exporting is noted too."""
    until = people.trail.note(Event.EXPORTED, caller.person.id, what="trail", after=after)
    headers = {"Content-Disposition": 'attachment; filename="trail.ndjson"'}
    return StreamingResponse(_rows(people, after, until), media_type="application/x-ndjson", headers=headers)


def _rows(people: People, after: int, until: int) -> Iterator[bytes]:
    for row in takewhile(lambda row: row.number <= until, people.trail.rows(after)):
        yield msgspec.json.encode({"state": row.state.decode(), "chain": row.chain.hex()}) + b"\n"


def _line(line: Line) -> TrailLine:
    words = EVENTS[Event(line.event)]
    return TrailLine(**line._asdict(), label=Bilingual(zh=words.zh, en=words.en))
