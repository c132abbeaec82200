"""What every read has in common: it may wait for a number, and it says at which number its figures stand."""

import asyncio
import time
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import Annotated, Any

from fastapi import Depends, Query, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.convertors import Convertor, register_url_convertor

from api.problems import ProblemRaised, Wrong
from ledger.access.sight import Sight
from ledger.application import Ledger
from ledger.codec import Recorded
from ledger.domain.fields import Id
from ledger.domain.money import FEN_LIMIT
from ledger.projections.follower import Projection, comes_to
from ledger.projections.journal import standing

HEADER = "Ledger-Number"
WAIT_SECONDS = 2.0
"""How long a read waits for ``min_number``."""
_POLL_SECONDS = 0.02
NUMBER_MAX = FEN_LIMIT - 1
"""Numbers, too, stay exact in JavaScript."""
PAGE_MAX = 500


class _NumberInPath(Convertor[int]):
    """A number in an address. Starlette's own takes digits without end, and fails where Python takes no more of them."""

    regex = "[0-9]{1,100}"  # beyond those that may be one, so that they are refused with what a number is

    def convert(self, value: str) -> int:
        return int(value)

    def to_string(self, value: int) -> str:
        return str(value)


register_url_convertor("number", _NumberInPath())


async def the_ledger(request: Request) -> Ledger:
    """The ledger this application serves."""
    ledger: Ledger = request.app.state.ledger
    return ledger


TheLedger = Annotated[Ledger, Depends(the_ledger)]


async def _today(request: Request) -> date:
    day: date = request.app.state.today()
    return day


Today = Annotated[date, Depends(_today)]
"""The business day in Shanghai on which the request came."""


AtLeast = Annotated[
    int | None,
    Query(ge=0, le=NUMBER_MAX, description="至少读到此编号(最多等 2 秒) / stand at this number at least (waits 2 s)"),
]


async def _reached(ledger: TheLedger, min_number: AtLeast = None) -> None:
    """Wait until the ledger stands at ``min_number``; NUMBER_NOT_REACHED otherwise."""
    await _until(partial(standing, ledger.store, ledger.id), min_number)


async def _until(stands: Callable[[], int], min_number: int | None) -> None:
    if min_number is None:
        return
    deadline = time.monotonic() + WAIT_SECONDS
    while (number := await run_in_threadpool(stands)) < min_number:
        if time.monotonic() >= deadline:
            raise ProblemRaised(Wrong.NUMBER_NOT_REACHED, number=number, min_number=min_number)
        await asyncio.sleep(_POLL_SECONDS)


reached = Depends(_reached)
"""For the ``dependencies`` of a router that reads."""


def followed(projection: type[Projection]) -> Any:
    """The same for a router that reads a projection: it waits until the follower has come to ``min_number``."""

    async def reached(ledger: TheLedger, min_number: AtLeast = None) -> None:
        await _until(partial(comes_to, ledger.store, ledger.id, projection), min_number)

    return Depends(reached)


def within_sight(ledger: Ledger, sees: Sight, page: Sequence[Recorded]) -> list[Recorded]:
    """Those of some movements that somebody sees. The Book is held only where sight is narrowed."""
    if sees.everything:
        return list(page)
    with ledger.reading() as book:
        return [one for one in page if sees.movement(book, one.movement, one.legs)]


def stands_at(response: Response, number: int) -> None:
    """Say at which number the figures of the answer stand."""
    response.headers[HEADER] = str(number)


After = Annotated[Id | None, Query(description="上一页的 next / `next` of the page before")]
Limit = Annotated[int, Query(ge=1, le=PAGE_MAX, description="每页行数 / rows of a page")]
