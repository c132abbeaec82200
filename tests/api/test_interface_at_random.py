"""schemathesis over the whole interface: every documented operation, as somebody who may and as nobody, by every check.

No answer is a fault of ours, none is undocumented in status, media type, header or form, what is malformed is refused,
and what the document calls well formed is not called malformed.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI

from ledger.access.demo import DemoPeople
from ledger.domain.movement import MOVEMENTS
from tests.api.at_random import Callers, Told, ask, interface
from tests.api.test_policy import ENDLESS, OPEN, documented

ONE = frozenset({"FundsReserved"})


@pytest.fixture
def served(server_dsn: str, people: DemoPeople) -> Iterator[tuple[FastAPI, Callers]]:
    with interface(server_dsn, people) as served:
        yield served


def phases(*names: str, **more: Any) -> dict[str, Any]:
    known = ("examples", "coverage", "fuzzing", "stateful")
    return {name: {"enabled": name in names, **more.get(name, {})} for name in known}


def check(told: Told, app: FastAPI) -> None:
    """Everything documented was asked, and nothing was wrong."""
    assert not told.wrong, "\n\n".join(f"{where}: {what}" for where, what in sorted(told.wrong.items()))
    assert set(told.statuses) == set(documented(app)) - {ENDLESS}


def test_whoever_may_ask_gets_what_is_documented(served: tuple[FastAPI, Callers]) -> None:
    app, callers = served
    few = phases("examples", "coverage", "fuzzing", coverage={"unexpected-methods": ["options"]})
    told = ask(app, callers, ONE, phases=few, generation={"max-examples": 2, "with-security-parameters": False})
    check(told, app)
    assert told.let_through() == set(told.statuses)


@pytest.mark.slow
def test_whoever_may_ask_long_enough_gets_what_is_documented(served: tuple[FastAPI, Callers]) -> None:
    """More of each: kinds of movement, methods that are not documented, examples, and requests that follow on answers."""
    app, callers = served
    some = frozenset(sorted(MOVEMENTS)[::6])
    every = phases("examples", "coverage", "fuzzing", "stateful", stateful={"generation": {"max-examples": 20}})
    told = ask(app, callers, some, phases=every, generation={"max-examples": 20, "with-security-parameters": False})
    check(told, app)
    assert told.let_through() == set(told.statuses)


def test_nobody_gets_in(served: tuple[FastAPI, Callers]) -> None:
    app, _ = served
    told = ask(app, None, ONE, phases=phases("fuzzing"), generation={"max-examples": 2})
    check(told, app)
    succeeded = {operation for operation, seen in told.statuses.items() if any(status < 400 for status in seen)}
    assert succeeded == {"GET /healthz", "GET /readyz"} <= OPEN
