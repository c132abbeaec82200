"""What deciding who may do it costs of a request: the check alone, and the whole request it stands in, in turns.

In this process and without a socket, so that nothing but the application is in the time; a share measured here is more
than anybody sees over a network.
"""

import asyncio
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack, closing
from pathlib import Path
from statistics import median
from typing import Any

from fastapi import FastAPI, Request
from fastapi.dependencies.models import Dependant
from fastapi.dependencies.utils import get_dependant, solve_dependencies

from api.main import create_app
from api.security import ASKS_FOR
from bench.workload import SECRET, open_books
from ledger.access.demo import DemoPeople, demo_people
from ledger.access.people import People
from ledger.access.policy import Action
from ledger.application import Ledger
from ledger.embedded import embedded_postgres
from ledger.migrate import migrate
from ledger.store import Store

SHARE_MAX = 0.10
REQUESTS = {
    "balances by plan": "/v1/balances?by=plan",
    "one movement": "/v1/movements/1",
    "the journal, 100 lines": "/v1/movements?limit=100",
    "catalogue": "/v1/catalogue",
}
WHO = "aud-1"
_IN_TURNS = 60
_EACH = 10
_WARM = 5


def measure(ledger: Ledger, demo: DemoPeople) -> dict[str, tuple[float, float]]:
    """By request: milliseconds of the whole, and of deciding who may; medians of turns."""
    with closing(People(ledger.store.dsn, ledger.secret)) as people:
        demo.enrol(people)
        return asyncio.run(_in_turns(create_app(ledger, people), demo.key_of(WHO)))


async def _in_turns(app: FastAPI, key: str) -> dict[str, tuple[float, float]]:
    check = get_dependant(path="/", call=next(call for call, action in ASKS_FOR.items() if action is Action.SEE_BOOKS))
    found: dict[str, tuple[float, float]] = {}
    for name, path in REQUESTS.items():
        whole, deciding = [], []
        for turn in range(_IN_TURNS + _WARM):
            times = (
                await _taken(lambda path=path: _status(app, path, key)),
                await _taken(lambda: _decided(app, check, key)),
            )
            if turn >= _WARM:  # what is loaded or remembered once is neither's cost
                whole.append(times[0])
                deciding.append(times[1])
        found[name] = median(whole), median(deciding)
    return found


async def _taken(work: Callable[[], Awaitable[object]]) -> float:
    began = time.perf_counter()
    for _ in range(_EACH):
        assert await work()
    return (time.perf_counter() - began) / _EACH * 1000


async def _decided(app: FastAPI, check: Dependant, key: str) -> object:
    """The caller, as the framework finds them before it calls a route."""
    async with AsyncExitStack() as stack:
        scope = _scope("/", "", key) | {
            "app": app,
            "state": {},
            "fastapi_inner_astack": stack,
            "fastapi_function_astack": stack,
        }
        solved = await solve_dependencies(
            request=Request(scope), dependant=check, async_exit_stack=stack, embed_body_fields=False
        )
        assert not solved.errors
        assert check.call is not None
        return await check.call(**solved.values)


async def _status(app: FastAPI, path: str, key: str) -> bool:
    """One request through the whole application; whether it was answered."""
    statuses: list[int] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    route, _, query = path.partition("?")
    await app(_scope(route, query, key), receive, send)
    return statuses == [200]


def _scope(route: str, query: str, key: str) -> dict[str, Any]:
    return {
        "type": "http",
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": route,
        "raw_path": route.encode(),
        "query_string": query.encode(),
        "headers": [(b"host", b"127.0.0.1"), (b"authorization", f"Bearer {key}".encode())],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 8000),
    }


def main() -> int:
    """Measure, print, judge: 0 where no request costs more than SHARE_MAX more."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        home = Path(folder) / "desk"
        with embedded_postgres(home) as dsn:
            migrate(dsn)
            with closing(Ledger(Store(dsn), "bench", SECRET)) as ledger:
                open_books(ledger)
                found = measure(ledger, demo_people(home))
    shares = {name: deciding / (whole - deciding) for name, (whole, deciding) in found.items()}
    for name, (whole, deciding) in found.items():
        print(f"{name:24} {whole:8.3f} ms, of it {deciding:.3f} ms deciding who may: adds {shares[name]:.1%}")
    worst = max(shares.values())
    print(
        f"{'pass' if worst <= SHARE_MAX else 'FAIL'}  authorisation, share of a request's time: {worst:.1%} <= {SHARE_MAX:.0%}"
    )
    return 0 if worst <= SHARE_MAX else 1


if __name__ == "__main__":
    sys.exit(main())
