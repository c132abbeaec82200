"""Requests made at random from the OpenAPI document, who asks them, and what the answers were found to be."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from copy import deepcopy
from datetime import date
from typing import Any, NamedTuple

import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import strategies as st
from schemathesis.config import SchemathesisConfig
from schemathesis.core.failures import Failure
from schemathesis.core.transport import Response
from schemathesis.engine import Status, events, from_schema, observations
from schemathesis.openapi.checks import RejectedPositiveData

from api import reading
from api.main import create_app
from api.malformed import CHINESE
from api.origin import SECURE_COOKIE, PublicUrl
from api.rates import Rates
from ledger.access.demo import DEMO_PEOPLE, DemoPeople
from ledger.access.people import People
from ledger.access.policy import Action, Grant, reach
from ledger.domain.catalogue import Role
from ledger.reports.asking import NOT_TAKEN
from tests.api.conftest import TODAY, in_process
from tests.api.desk import Desk
from tests.api.opening import open_two_projects
from tests.api.test_policy import ENDLESS, ROUTES, SIGNED_IN
from tests.conftest import fresh_ledger

URL = "https://127.0.0.1"
"""Under https the session cookie bears the name that the document gives it; on this machine few rates are counted."""
_STATUS_AT_DOOR = frozenset({401, 403, 405, 429})
BEYOND_A_SCHEMA = frozenset(
    CHINESE[fault] for fault in ("text_form", "credit_code_check", "lines_form", "amount_range")
) | {words.zh for words in NOT_TAKEN.values()}
"""Forms that no JSON Schema says: what Unicode assigns, a check character, numbers that ascend, how much 2^53 fen are in
yuan, and what goes with another parameter. That an amount is not zero, the schema says.
"""
schemathesis.openapi.format("date", st.dates(date(2000, 1, 1), date(2099, 12, 31)).map(date.isoformat))
# Of the days of all years the pattern beside this format takes one in a hundred, and too few would be left.
_BY = "p-adm-1"


def _path_of(value: str, origin: tuple[str, str], path_of: Any = observations._same_origin_path) -> str | None:
    """A text that somebody gave is not always the address it looks like; schemathesis would fail on it."""
    try:
        return path_of(value, origin)
    except ValueError:
        return None


observations._same_origin_path = _path_of


class Callers:
    """Signs in, for each operation, somebody who may do it: sent as schemathesis' custom authentication.

    What is asked at random ends sessions, disables people and takes roles back. Whoever lost what they need is replaced
    by somebody new before the next request, so that no operation is left with 401 and 403.
    """

    def __init__(self, people: People) -> None:
        self._people = people
        self._sessions: dict[str, str] = {}
        self._hired = 0

    def get(self, case: Any, context: Any) -> str | None:
        """The session of whoever asks this operation; None: it is open to anybody."""
        operation = context.operation.label
        if operation not in ROUTES and operation not in SIGNED_IN:
            return None
        whose = "keys" if " /v1/keys" in operation else operation  # whoever made a key is the one who may revoke it
        action, token = ROUTES.get(operation), self._sessions.get(whose)
        if token is None or not self._good(token, action):
            token = self._sessions[whose] = self._sign_in(action)
        return token

    def set(self, case: Any, token: str, context: Any) -> None:
        """As our own page sends it."""
        case.cookies = {**(case.cookies or {}), SECURE_COOKIE: token}
        case.headers = {**(case.headers or {}), "Sec-Fetch-Site": "same-origin"}

    def _good(self, token: str, action: Action | None) -> bool:
        holder = self._people.of_session(token, TODAY)
        return holder is not None and (action is None or any(one.grant.reach(action) for one in holder.grants))

    def _sign_in(self, action: Action | None) -> str:
        # The S&T department first: it proposes, registers and allocates, where others mostly approve.
        roles = sorted(Role, key=lambda role: role is not Role.STD)
        role = next(role for role in roles if action is None or reach(role, action))
        actor = next(person.actor for person in DEMO_PEOPLE if person.actor.role is role)
        self._hired += 1
        person = self._people.register.add(f"caller {self._hired}", _BY)
        # Opened before anything is granted, so that nobody has to confirm it.
        self._people.accounts.open(person.id, f"caller-{self._hired}", _BY, password=f"Zq8-{self._hired}-Lorimer-Vane")
        self._people.register.grant(person.id, Grant(role, actor.department, actor.specials), _BY)
        return self._people.sessions.begin(person, "password")[0]


class Told(NamedTuple):
    """What came of it: statuses by operation and how often, and each thing wrong, in words, once for an operation and check."""

    statuses: Mapping[str, Counter[int]]
    wrong: Mapping[tuple[str, str], str]

    def let_through(self) -> set[str]:
        """Operations of which at least one request got past sign-in, policy and rates."""
        return {operation for operation, seen in self.statuses.items() if seen.keys() - _STATUS_AT_DOOR}


@contextmanager
def interface(server_dsn: str, people: DemoPeople) -> Iterator[tuple[FastAPI, Callers]]:
    """An application with two projects in a ledger of its own, and callers for it. Nobody is told to wait there.

    Rates are counted by an object of the application's own, and ``min_number`` answers at once: both are tested elsewhere.
    """
    with (
        pytest.MonkeyPatch.context() as patch,
        fresh_ledger(server_dsn) as ledger,
        closing(People(ledger.store.dsn, ledger.secret)) as registered,
    ):
        patch.setattr(reading, "WAIT_SECONDS", 0.0)
        app = create_app(ledger, registered, today=lambda: TODAY, public=PublicUrl(URL))
        app.state.rates = Rates({})
        with in_process(app, url=URL) as client:
            open_two_projects(Desk(client, people))
        yield app, Callers(registered)


def ask(app: FastAPI, callers: Callers | None, kinds: frozenset[str], **settings: Any) -> Told:
    """Ask everything the document describes, as ``callers`` or as nobody, and judge every answer by every check.

    ``kinds``: the kinds of movement that are sent; all of them at once would be made into a hundred thousand requests.
    ``settings``: those of schemathesis beside those that are always the same.
    """
    schema = schemathesis.openapi.from_dict(_narrowed(app.openapi(), kinds), config=_config(settings))
    schema.app = app
    method, path = ENDLESS.split(" ")
    schema = schema.exclude(path=path, method=method)  # it does not end, and its client would wait for ever
    schema.hook("filter_failure")(_kept)
    schema.hook("map_body")(_as_integers)
    if callers is not None:
        schema.auth(refresh_interval=None)(type("Asking", (), {"get": callers.get, "set": callers.set}))
    return _told(schema)


def _config(settings: Mapping[str, Any]) -> SchemathesisConfig:
    always = {
        "seed": 20_250_630,
        "base-url": URL,
        "continue-on-failure": True,
        "checks": {
            # 503 is how a read says that its min_number is not reached; _told holds every 503 to that.
            "not_a_server_error": {"expected-statuses": ["2xx", "3xx", "4xx", "503"]},
        },
    }
    generation = {"deterministic": True} | settings.get("generation", {})
    return SchemathesisConfig.from_dict(always | settings | {"generation": generation})


def _as_integers(context: Any, body: Any) -> Any:
    """A body with 1 for 1.0: the same to a JSON Schema, and not to us."""
    if isinstance(body, dict):
        return {name: _as_integers(context, inner) for name, inner in body.items()}
    if isinstance(body, list):
        return [_as_integers(context, inner) for inner in body]
    return int(body) if isinstance(body, float) and body.is_integer() else body


def _kept(context: Any, failure: Failure, case: Any, response: Response) -> bool:
    """Whether a failure counts. A well-formed request may be refused by a rule; one that is called malformed may not."""
    if not isinstance(failure, RejectedPositiveData) or response.status_code != 422:
        return True
    problem = response.json()
    if problem["code"] != "MALFORMED":
        return False
    return not all(fault["zh"] in BEYOND_A_SCHEMA for fault in problem["problems"])


def _narrowed(document: dict[str, Any], kinds: frozenset[str]) -> dict[str, Any]:
    """The document with only some kinds of movement wherever one may be any."""
    narrowed = deepcopy(document)
    _narrow(narrowed, kinds)
    examples = narrowed["paths"]["/v1/movements"]["post"]["requestBody"]["content"]["application/json"]["examples"]
    for name in examples.keys() - kinds:
        del examples[name]
    return narrowed


def _narrow(part: Any, kinds: frozenset[str]) -> None:
    if isinstance(part, dict):
        if part.get("discriminator", {}).get("propertyName") == "kind":
            part["oneOf"] = [one for one in part["oneOf"] if one["$ref"].rpartition("/")[2] in kinds]
            del part["discriminator"]["mapping"]
        for inner in part.values():
            _narrow(inner, kinds)
    elif isinstance(part, list):
        for inner in part:
            _narrow(inner, kinds)


def _told(schema: Any) -> Told:
    statuses: dict[str, Counter[int]] = defaultdict(Counter)
    wrong: dict[tuple[str, str], str] = {}
    for event in from_schema(schema).execute():
        if isinstance(event, events.FatalError):
            raise event.exception
        if isinstance(event, events.NonFatalError):
            wrong.setdefault((event.label, "error"), repr(event.value))
        if isinstance(event, events.ScenarioFinished):
            _read(event.recorder, statuses, wrong)
    return Told(statuses, wrong)


def _read(recorder: Any, statuses: dict[str, Counter[int]], wrong: dict[tuple[str, str], str]) -> None:
    for case_id, asked in recorder.interactions.items():
        operation = recorder.cases[case_id].value.operation.label
        if asked.response is None:
            wrong.setdefault((operation, "no answer"), asked.request.uri)
            continue
        statuses[operation][asked.response.status_code] += 1
        if asked.response.status_code == 503 and asked.response.json()["code"] != "NUMBER_NOT_REACHED":
            wrong.setdefault((operation, "503"), _words(asked))
    for case_id, checks in recorder.checks.items():
        for check in checks:
            if check.status is Status.FAILURE:
                operation = recorder.cases[case_id].value.operation.label
                said = f"{check.failure_info.failure.title}: {check.failure_info.failure.message}"
                wrong.setdefault((operation, check.name), f"{said}\n{_words(recorder.interactions[case_id])}")


def _words(asked: Any) -> str:
    """A request and its answer, to read and to repeat."""
    request, response = asked.request, asked.response
    sent, answered = (request.body or b"")[:600], response.content[:600].decode(errors="replace")
    return f"{request.method} {request.uri}\n{sent!r}\n-> {response.status_code} {answered}"
