"""Long work 后台任务: what one asked for, how far it is, as it goes, and what it left. Nobody else sees it."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime
from functools import partial
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool

from api.answers import bilingual
from api.events import ANSWER, HEARTBEAT, HEARTBEAT_SECONDS, last_event, streamed
from api.feed import Feed
from api.language import language_of
from api.openapi import READS
from api.places import Places
from api.problems import Bilingual, Problem, ProblemRaised, Wrong, problem_of
from api.reading import NUMBER_MAX, Limit
from api.security import Caller, JobOwner, SignedIn, ThePeople, may_go_on
from ledger import jobs
from ledger.access.people import Holder
from ledger.access.policy import Action
from ledger.access.register import Granted
from ledger.audit.trail import Event
from ledger.domain.catalogue import Name
from ledger.jobs import Asker, Full, Job, Jobs, JobState
from ledger.store import UNREACHABLE

router = APIRouter(prefix="/v1/jobs", tags=["jobs"])

AGAIN_SECONDS = 15
LOOK_SECONDS = 0.5
_OVER = 204
"""A browser that finds nothing new asks no more."""
_log = logging.getLogger("ledger.jobs")


class JobLine(BaseModel):
    """Long work: what it is and about what, how far it is, and what it left.

    ``done`` of ``total``, at ``step``; a total of 0 is not known. ``result`` once it is DONE; ``problem`` once FAILED, or sooner,
    while the file that tells more of it is being made; LOST: whoever did it died, ask for the work again. ``file``: the name of
    the one to fetch at ``/file``; FAILED work may leave one.
    """

    job: int
    work: str
    label: Bilingual
    about: dict[str, Any]
    state: JobState
    state_name: Bilingual
    step: Bilingual | None = None
    done: int
    total: int
    started_at: datetime
    ended_at: datetime | None = None
    result: dict[str, Any] | None = None
    problem: Problem | None = None
    file: str | None = None


class JobPage(BaseModel):
    """Work of one's own of the last days, the newest first; ``next`` goes into ``before``."""

    jobs: list[JobLine]
    next: int | None = None


async def _jobs(request: Request) -> Jobs:
    found: Jobs = request.app.state.jobs
    return found


TheJobs = Annotated[Jobs, Depends(_jobs)]
Number = Annotated[int, Path(ge=1, le=NUMBER_MAX, alias="job", description="任务编号 / number of the work")]


def begin(
    request: Request,
    response: Response,
    caller: Caller,
    work: str,
    about: dict[str, Any],
    do: jobs.Work,
    key: str | None = None,
) -> JobLine:
    """Begin long work for a route that answers 202: where to look is in ``Location``. Raises TOO_MANY_JOBS.

    Asked again under the same key it is begun once.
    """
    found: Jobs = request.app.state.jobs
    asker = Asker(caller.person.human, caller.granted.number, caller.action)
    language = language_of(request)

    def worded(error: Exception) -> dict[str, Any]:
        problem = problem_of(error, language)
        if problem.code == Wrong.INTERNAL_FAULT:
            _log.error("unforeseen", exc_info=error)
        return problem.model_dump(exclude_none=True)

    try:
        job = found.start(work, asker, about, do, worded, key)
    except Full as full:
        again = {"Retry-After": str(AGAIN_SECONDS)}
        raise ProblemRaised(Wrong.TOO_MANY_JOBS, limit=full.limit, headers=again) from full
    response.status_code = 202
    response.headers["Location"] = f"{router.prefix}/{job.id}"
    return line(job)


def line(job: Job) -> JobLine:
    """Work as it is answered."""
    return JobLine(
        job=job.id,
        work=job.work,
        label=bilingual(jobs.WORKS.get(job.work, Name(job.work, job.work))),
        about=job.about,
        state=job.state,
        state_name=bilingual(jobs.STATES[job.state]),
        step=bilingual(job.step) if job.step else None,
        done=job.done,
        total=job.total,
        started_at=job.started_at,
        ended_at=job.ended_at,
        result=job.result,
        problem=None if job.problem is None else Problem(**job.problem),
        file=job.file,
    )


def _granted(holder: Holder, job: Job) -> Granted | None:
    """The grant they asked under, if they still hold it, and their key is good for what they asked."""
    if holder.actions is not None and job.action not in holder.actions:
        return None
    return next((one for one in holder.grants if one.number == job.role_grant), None)


def _own(found: Jobs, holder: Holder, number: int) -> tuple[Job, Granted]:
    job = found.look(number, holder.person.human)
    granted = job and _granted(holder, job)
    if job is None or granted is None:
        raise ProblemRaised(Wrong.NOT_FOUND)
    return job, granted


@router.get("", summary="本人的后台任务 / Long work of one's own", responses=READS, response_model_exclude_none=True)
def list_jobs(
    found: TheJobs,
    holder: SignedIn,
    caller: JobOwner,
    before: Annotated[int, Query(ge=1, le=NUMBER_MAX)] = NUMBER_MAX,
    limit: Limit = 100,
) -> JobPage:
    """最近七天,新的在前;仅本人可见。Of the last seven days, the newest first; nobody else sees it."""
    rows = found.newest(holder.person.human, before, limit + 1)
    page = rows[:limit]
    shown = [line(job) for job in page if _granted(holder, job)]
    return JobPage(jobs=shown, next=page[-1].id if len(rows) > limit else None)


@router.get("/{job}", summary="任务进度和结果 / How far it is", responses=READS, response_model_exclude_none=True)
def get_job(found: TheJobs, holder: SignedIn, caller: JobOwner, number: Number) -> JobLine:
    """进度每秒更新,任何进程均可查询。Figures are of the last second, whichever process is asked."""
    return line(_own(found, holder, number)[0])


@router.get(
    "/{job}/file",
    summary="任务生成的文件 / The file it left",
    response_class=Response,
    responses=READS
    | {
        200: {"description": "文件 / the file", "content": {"application/octet-stream": {"schema": {"type": "string"}}}}
    },
)
def get_job_file(found: TheJobs, people: ThePeople, holder: SignedIn, caller: JobOwner, number: Number) -> Response:
    """总是作为附件下载;记入审计日志。Always an attachment. That it was fetched stands in the audit record."""
    job, _ = _own(found, holder, number)
    file = found.file(number, holder.person.human)
    if file is None:
        raise ProblemRaised(Wrong.NOT_FOUND)
    people.trail.note(Event.EXPORTED, caller.person.id, what=job.work, job=number)
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(file.name, safe='')}"}
    return Response(file.content, media_type=file.media_type, headers=headers)


async def _place(request: Request, caller: JobOwner) -> AsyncIterator[None]:
    """A place until the answer has ended, however it does."""
    places: Places = request.app.state.places
    with places.of(caller.person.human):
        yield


@router.get(
    "/{job}/events",
    summary="任务进度推送 / Server-sent events of it",
    response_class=StreamingResponse,
    responses=READS
    | {
        200: ANSWER,
        204: {"description": "已结束且无新进展 / it has ended and nothing is new"},
    },
    dependencies=[Depends(_place)],
)
async def stream_job(
    request: Request, found: TheJobs, people: ThePeople, holder: SignedIn, caller: JobOwner, number: Number
) -> Response:
    """每次变化推送一次 `job` 事件,内容同查询;断线以 Last-Event-ID 续传,结束后答 204。

    One event ``job`` for each change, with what the query answers; Last-Event-ID continues after one, and is answered 204 once
    there is nothing more to come.
    """
    last = last_event(request) or 0
    job, granted = await run_in_threadpool(_own, found, holder, number)
    if job.state in jobs.ENDED and job.version <= last:
        return Response(status_code=_OVER)
    asked = caller._replace(granted=granted, action=Action(job.action))
    look = partial(found.look, number, holder.person.human)
    return streamed(_events(request, look, last, partial(may_go_on, request, people, asked)))


async def _events(
    request: Request, look: Callable[[], Job | None], last: int, may_go_on: Callable[[], Awaitable[bool]]
) -> AsyncIterator[bytes]:
    """It as it stands, and whenever that changes, until it has ended, the reader left, or the server stops."""
    feed: Feed = request.app.state.feed
    now = asyncio.get_running_loop().time
    checked, job = now(), None
    yield HEARTBEAT
    while not feed.closing and not await request.is_disconnected():
        try:
            if now() >= checked + HEARTBEAT_SECONDS:
                if not await may_go_on():
                    return
                checked = now()
                yield HEARTBEAT
            job = await run_in_threadpool(look)
        except UNREACHABLE:
            pass  # the stream stays open and looks again
        if job is not None and job.version > last:
            last = job.version
            yield _event(job)
        if job is not None and job.state in jobs.ENDED:
            return
        await asyncio.sleep(LOOK_SECONDS)


def _event(job: Job) -> bytes:
    data = line(job).model_dump_json(exclude_none=True)
    return b"id: %d\nevent: job\ndata: %s\n\n" % (job.version, data.encode())
