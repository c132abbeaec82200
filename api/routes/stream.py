"""Stream 推送: server-sent events, one for each movement recorded."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import StreamingResponse
from starlette.concurrency import run_in_threadpool

from api.answers import kind_label
from api.events import ANSWER, HEARTBEAT, HEARTBEAT_SECONDS, last_event, streamed
from api.feed import Feed
from api.openapi import READS
from api.places import Places
from api.reading import NUMBER_MAX, TheLedger, reached, within_sight
from api.security import BookReader, ThePeople, may_go_on
from ledger.access.sight import Sight
from ledger.application import Ledger
from ledger.codec import Recorded, decode
from ledger.store import UNREACHABLE

router = APIRouter(prefix="/v1/stream", tags=["journal"])

PAGE = 200


async def _place(request: Request, caller: BookReader) -> AsyncIterator[None]:
    """A place until the answer has ended, however it does."""
    places: Places = request.app.state.places
    with places.of(caller.person.human):
        yield


@router.get(
    "",
    summary="推送 / Server-sent events",
    response_class=StreamingResponse,
    responses=READS | {200: ANSWER},
    dependencies=[reached, Depends(_place)],
)
async def stream(
    request: Request,
    ledger: TheLedger,
    people: ThePeople,
    caller: BookReader,
    after: Annotated[int, Query(ge=0, le=NUMBER_MAX, description="从此编号之后 / after this number")] = 0,
) -> StreamingResponse:
    """断线后浏览器以 Last-Event-ID 续传;会话、密钥或授权失效后几秒内结束;每人最多同时 8 路,超出答 429。

    The id of an event is its number; Last-Event-ID continues after it. It ends within seconds once the session, the key or the
    grant holds no more. One person has eight open at most: 429 beyond, 503 where all places are taken.
    """
    last = last_event(request)
    feed: Feed = request.app.state.feed
    await run_in_threadpool(feed.start)
    start, going_on = after if last is None else last, partial(may_go_on, request, people, caller)
    return streamed(_events(request, ledger, feed, start, caller.sees, going_on))


async def _events(
    request: Request, ledger: Ledger, feed: Feed, after: int, sees: Sight, may_go_on: Callable[[], Awaitable[bool]]
) -> AsyncIterator[bytes]:
    """Everything after a number, then what comes, until the reader leaves or may not read any more, or the server stops."""
    bell, now = feed.listen(), asyncio.get_running_loop().time
    checked = now()
    try:
        yield HEARTBEAT
        while not feed.closing and not await request.is_disconnected():
            bell.clear()
            page: list[Recorded] = []
            try:
                if now() >= checked + HEARTBEAT_SECONDS:
                    if not await may_go_on():
                        return
                    checked = now()
                page = await run_in_threadpool(_page, ledger, after)
            except UNREACHABLE:
                pass  # the stream stays open and looks again with the next heartbeat
            for recorded in await run_in_threadpool(within_sight, ledger, sees, page):
                yield _event(recorded)
            after = page[-1].number if page else after
            if len(page) < PAGE and not await _rang(bell):
                yield HEARTBEAT
    finally:
        feed.leave(bell)


async def _rang(bell: asyncio.Event) -> bool:
    try:
        await asyncio.wait_for(bell.wait(), HEARTBEAT_SECONDS)
    except TimeoutError:
        return False
    return True


def _page(ledger: Ledger, after: int) -> list[Recorded]:
    return [decode(event.state) for event in ledger.store.select_events(ledger.id, gt=after, limit=PAGE)]


def _event(recorded: Recorded) -> bytes:
    movement = recorded.movement
    data = {
        "number": recorded.number,
        "voucher": recorded.voucher,
        "kind": movement.kind,
        "label": kind_label(movement.kind).model_dump(),
        "recorded_at": recorded.recorded_at,
        "effective_on": movement.effective_on,
        "period": movement.posting_period,
    }
    return b"id: %d\nevent: movement\ndata: %s\n\n" % (recorded.number, msgspec.json.encode(data))
