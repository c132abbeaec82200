"""Who may do what: every route with every role, read from the policy table. How far they see is in test_scope.py."""

from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute

from api.security import ASKS_FOR
from ledger.access.demo import DEMO_PEOPLE
from ledger.access.policy import ACTIONS, NOT_BY_KEY, POLICY, Action, Reach, reach
from ledger.domain.catalogue import ROLES, Role
from tests.api.desk import Desk
from tests.api.opening import credit_code
from tests.attacks.surface import routes

ROUTES: dict[str, Action] = {
    "POST /v1/movements": Action.RECORD,
    "POST /v1/movements/bulk": Action.RECORD,
    "GET /v1/movements": Action.SEE_BOOKS,
    "GET /v1/movements/{number}": Action.SEE_BOOKS,
    "POST /v1/proposals": Action.RECORD,
    "POST /v1/proposals/{proposal}/approve": Action.RECORD,
    "POST /v1/proposals/{proposal}/reject": Action.RECORD,
    "GET /v1/proposals": Action.SEE_BOOKS,
    "GET /v1/proposals/{proposal}": Action.SEE_BOOKS,
    "GET /v1/inbox": Action.SEE_BOOKS,
    "GET /v1/inbox/history": Action.SEE_BOOKS,
    "GET /v1/balances": Action.SEE_BOOKS,
    "GET /v1/explain": Action.SEE_BOOKS,
    "GET /v1/diff": Action.SEE_BOOKS,
    "POST /v1/what-if": Action.ASK_WHAT_IF,
    "GET /v1/availability": Action.SEE_BOOKS,
    "GET /v1/availability/earliest": Action.SEE_BOOKS,
    "GET /v1/periods": Action.SEE_BOOKS,
    "POST /v1/replays/judge": Action.JUDGE_AGAIN,
    "GET /v1/reports": Action.SEE_BOOKS,
    "GET /v1/reports/{report}": Action.SEE_BOOKS,
    "GET /v1/vouchers/{number}": Action.SEE_BOOKS,
    "GET /v1/year-end/{year}": Action.SEE_BOOKS,
    "GET /v1/stream": Action.SEE_BOOKS,
    "GET /v1/projects": Action.SEE_PROJECTS,
    "GET /v1/projects/{project}": Action.SEE_PROJECTS,
    "GET /v1/parameters": Action.SEE_BOOKS,
    "GET /v1/parties": Action.SEE_PARTIES,
    "GET /v1/parties/{credit_code}": Action.SEE_PARTIES,
    "POST /v1/documents": Action.KEEP_FILES,
    "GET /v1/documents/{sha256}": Action.OPEN_FILES,
    "GET /v1/reconciliations": Action.SEE_BOOKS,
    "PUT /v1/reconciliations/{source}": Action.RECONCILE,
    "POST /v1/reconciliations/{source}/statements": Action.RECONCILE,
    "POST /v1/reconciliations/{source}/matchings": Action.RECONCILE,
    "POST /v1/reconciliations/{source}/sheets": Action.SEE_BOOKS,
    "GET /v1/reconciliations/{source}/cases": Action.SEE_BOOKS,
    "POST /v1/reconciliations/{source}/acceptances": Action.RECONCILE,
    "POST /v1/reconciliations/{source}/cases/acceptances": Action.RECONCILE,
    "POST /v1/reconciliations/{source}/columns": Action.RECONCILE,
    "POST /v1/reconciliations/{source}/unmatchings": Action.RECONCILE,
    "POST /v1/reconciliations/{source}/matches": Action.RECONCILE,
    "POST /v1/reconciliations/{source}/explanations": Action.RECONCILE,
    "POST /v1/reconciliations/{source}/sign-offs": Action.RECONCILE,
    "POST /v1/reconciliations/{source}/reopenings": Action.RECONCILE,
    "GET /v1/reconciliations/{source}/worklist": Action.SEE_BOOKS,
    "POST /v1/reconciliations/{source}/facts": Action.RECONCILE,
    "GET /v1/samples": Action.AUDIT,
    "POST /v1/samples": Action.AUDIT,
    "GET /v1/samples/{sample}": Action.AUDIT,
    "PUT /v1/samples/{sample}/items/{item}": Action.AUDIT,
    "PUT /v1/samples/{sample}/conclusion": Action.AUDIT,
    "PUT /v1/samples/{sample}/review": Action.AUDIT,
    "DELETE /v1/samples/{sample}/review": Action.AUDIT,
    "GET /v1/duplicates": Action.SEE_DUPLICATES,
    "GET /v1/segregation": Action.AUDIT,
    "GET /v1/jobs": Action.OWN_JOBS,
    "GET /v1/jobs/{job}": Action.OWN_JOBS,
    "GET /v1/jobs/{job}/file": Action.OWN_JOBS,
    "GET /v1/jobs/{job}/events": Action.OWN_JOBS,
    "GET /v1/timeline": Action.SEE_BOOKS,
    "GET /v1/alerts": Action.SEE_BOOKS,
    "GET /v1/search": Action.SEE_BOOKS,
    "GET /v1/attempts": Action.SEE_ATTEMPTS,
    "GET /v1/catalogue": Action.SEE_CODES,
    "GET /v1/people": Action.SEE_PEOPLE,
    "GET /v1/people/{person}": Action.SEE_PEOPLE,
    "POST /v1/people": Action.KEEP_PEOPLE,
    "POST /v1/people/{person}/same-human": Action.KEEP_PEOPLE,
    "POST /v1/people/{person}/disable": Action.KEEP_PEOPLE,
    "POST /v1/people/{person}/enable": Action.KEEP_PEOPLE,
    "POST /v1/people/{person}/sign-out": Action.KEEP_PEOPLE,
    "POST /v1/people/{person}/account": Action.KEEP_PEOPLE,
    "POST /v1/people/{person}/identities": Action.KEEP_PEOPLE,
    "DELETE /v1/people/{person}/identities": Action.KEEP_PEOPLE,
    "POST /v1/people/{person}/confirm": Action.GRANT_ROLES,
    "POST /v1/people/{person}/grants": Action.GRANT_ROLES,
    "DELETE /v1/grants/{number}": Action.GRANT_ROLES,
    "GET /v1/delegations": Action.LEND_ROLES,
    "POST /v1/delegations": Action.LEND_ROLES,
    "DELETE /v1/delegations/{number}": Action.LEND_ROLES,
    "GET /v1/keys": Action.OWN_KEYS,
    "POST /v1/keys": Action.OWN_KEYS,
    "POST /v1/keys/{key}/rotate": Action.OWN_KEYS,
    "DELETE /v1/keys/{key}": Action.OWN_KEYS,
    "GET /v1/machines/{person}/keys": Action.MACHINE_KEYS,
    "POST /v1/machines/{person}/keys": Action.MACHINE_KEYS,
    "POST /v1/machines/{person}/keys/{key}/rotate": Action.MACHINE_KEYS,
    "DELETE /v1/machines/{person}/keys/{key}": Action.MACHINE_KEYS,
    "GET /v1/trail": Action.SEE_TRAIL,
    "GET /v1/trail/check": Action.SEE_TRAIL,
    "GET /v1/trail/export": Action.SEE_TRAIL,
    "GET /metrics": Action.SEE_SERVICE,
    "GET /v1/movements/{number}/texts": Action.SEE_PERSONAL,
    "GET /v1/personal/subjects": Action.SEE_ERASURES,
    "GET /v1/personal/erasures": Action.SEE_ERASURES,
    "POST /v1/personal/erasures": Action.ERASE_PERSONAL,
    "POST /v1/personal/erasures/{erasure}/confirm": Action.ERASE_PERSONAL,
    "POST /v1/personal/erasures/{erasure}/decline": Action.ERASE_PERSONAL,
}
"""Written by hand: a new route fails until somebody has thought about who may use it."""
OPEN = {
    "GET /healthz",
    "GET /readyz",
    "POST /v1/session",
    "GET /v1/session/oidc",
    "GET /v1/session/oidc/callback",
}
SIGNED_IN = {
    "GET /v1/session",
    "DELETE /v1/session",
    "POST /v1/session/password",
    "POST /v1/session/second-factor",
    "POST /v1/session/second-factor/confirm",
    "POST /v1/session/oidc/sign-out",
}
"""About oneself: whoever is signed in."""
FILLED = {
    "number": "999999",
    "year": "2099",
    "proposal": "P-none",
    "project": "none",
    "credit_code": credit_code(999),
    "sha256": "0" * 64,
    "person": "p-nobody",
    "key": "k-none",
    "erasure": "999999",
    "report": "execution",
    "job": "999999",
    "source": "none",
    "sample": "999999",
    "item": "1",
}
ONE_OF_EACH = {person.actor.role: person.id for person in reversed(DEMO_PEOPLE)}


def documented(app: FastAPI) -> dict[str, str]:
    return {
        f"{method.upper()} {path}": operation["operationId"]
        for path, operations in app.openapi()["paths"].items()
        for method, operation in operations.items()
    }


def actions_of(route: APIRoute) -> set[Action]:
    calls = [dependency.call for dependency in route.dependant.dependencies]
    return {ASKS_FOR[call] for call in calls if call in ASKS_FOR}


def test_every_documented_route_is_in_the_table(quiet_app: FastAPI) -> None:
    assert set(documented(quiet_app)) == set(ROUTES) | OPEN | SIGNED_IN


def test_every_role_and_action_is_thought_of() -> None:
    assert set(POLICY) == set(ROLES) == set(ONE_OF_EACH) == set(Role)
    assert set(ACTIONS) == set(Action) == set(ROUTES.values())
    readable = (Action.SEE_PROJECTS, Action.SEE_BOOKS)
    assert all(reach(role, action) is not Reach.OWN for role in Role for action in readable)


ENDLESS = "GET /v1/stream"
"""Where it is open it does not end; test_stream.py reads one."""
CELLS = [
    (role, route) for route in sorted(ROUTES) for role in Role if route != ENDLESS or not reach(role, ROUTES[route])
]


@pytest.mark.parametrize(("role", "route"), CELLS)
def test_a_route_is_open_to_a_role_where_the_policy_says_so(quiet_desk: Desk, role: Role, route: str) -> None:
    method, path = route.split(" ")
    answer = ask(quiet_desk, ONE_OF_EACH[role], method, path.format(**FILLED))
    denied = answer.status_code == 403 and answer.json()["code"] == "NOT_FOR_THIS_ROLE"
    assert denied == (reach(role, ROUTES[route]) is None or (role is Role.TRE and ROUTES[route] in NOT_BY_KEY)), (
        answer.text
    )
    assert answer.status_code not in (401, 500)


def ask(desk: Desk, who: str, method: str, path: str) -> httpx2.Response:
    """A request that is well formed as far as the route goes; what it asks for need not be there. Machines have no session."""
    asked = {"by": "plan", "figure": "available", "special": "MSP-BRK", "amount": "1", "name": "a.txt"}
    headers = desk.headers(who) if who == "tre-1" else desk.session(who)
    content = None if method == "GET" else b"[]"
    return desk.client.request(method, path, content=content, headers=headers, params=asked)


@pytest.mark.parametrize("role", [role for role in Role if NOT_BY_KEY & POLICY[role].keys()])
def test_a_key_changes_nobody_s_rights(quiet_desk: Desk, role: Role) -> None:
    """Not even one that was made for everything the role may do."""
    for route in (route for route, action in ROUTES.items() if action in NOT_BY_KEY & POLICY[role].keys()):
        method, path = route.split(" ")
        headers = quiet_desk.headers(ONE_OF_EACH[role])
        answer = quiet_desk.client.request(method, path.format(**FILLED), content=b"[]", headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (403, "NOT_FOR_THIS_ROLE"), route


def test_what_is_denied_stands_in_the_audit_record(quiet_desk: Desk) -> None:
    answer = quiet_desk.read("adm-1", "/v1/balances", by="plan")
    line = quiet_desk.get("log-1", "/v1/trail", event="DENIED")["lines"][0]
    assert (line["person"], line["outcome"]) == ("p-adm-1", "REFUSED")
    assert line["about"] == {"action": "SEE_BOOKS", "route": "GET /v1/balances"}
    assert line["request"] == answer.headers["x-request-id"]


def test_each_route_asks_for_exactly_what_the_table_says(quiet_app: FastAPI) -> None:
    names = documented(quiet_app)
    found: dict[str, Any] = {route.name: route for route in routes(quiet_app.routes)}
    for route, action in ROUTES.items():
        assert actions_of(found[names[route]]) == {action}, route
