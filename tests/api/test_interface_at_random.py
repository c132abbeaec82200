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


def ask_as_who_may(
    served: tuple[FastAPI, Callers], kinds: frozenset[str], examples: int, asked: dict[str, Any]
) -> None:
    app, callers = served
    # Without generated credentials beside the real ones: a key that is nobody's would answer 401 for the session.
    generation = {"max-examples": examples, "with-security-parameters": False}
    told = ask(app, callers, kinds, phases=asked, generation=generation)
    check(told, app)
    assert told.let_through() == set(told.statuses)


def test_whoever_may_ask_gets_what_is_documented(served: tuple[FastAPI, Callers]) -> None:
    ask_as_who_may(served, ONE, 4, phases("examples", "fuzzing"))


@pytest.mark.slow
def test_each_form_at_its_bounds_gets_what_is_documented(served: tuple[FastAPI, Callers]) -> None:
    """Every parameter and field at, beyond and without its bounds, one after the other, and every other method."""
    ask_as_who_may(served, ONE, 1, phases("coverage"))


@pytest.mark.slow
def test_whoever_goes_on_from_answers_gets_what_is_documented(served: tuple[FastAPI, Callers]) -> None:
    """More at random, more kinds of movement, and requests about what an answer before them named."""
    some = frozenset(sorted(MOVEMENTS)[::6])
    following = {"generation": {"max-examples": 10}, "max-steps": 6}
    ask_as_who_may(served, some, 10, phases("examples", "fuzzing", "stateful", stateful=following))


def test_nobody_gets_in(served: tuple[FastAPI, Callers]) -> None:
    app, _ = served
    told = ask(app, None, ONE, phases=phases("fuzzing"), generation={"max-examples": 2})
    check(told, app)
    succeeded = {operation for operation, seen in told.statuses.items() if any(status < 400 for status in seen)}
    assert succeeded == {"GET /healthz", "GET /readyz"} <= OPEN
