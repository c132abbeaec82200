"""Who may open which page: every page stands here, asks for one action of the policy, and answers others with a page."""

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute

from api.security import ASKS_FOR, signed_in
from ledger.access.policy import Action, reach
from ledger.domain.catalogue import Role
from tests.api.desk import Desk
from tests.api.test_policy import ONE_OF_EACH
from tests.attacks.surface import pages

PAGES: dict[str, Action] = {
    "GET /": Action.SEE_CODES,
    "GET /availability": Action.SEE_BOOKS,
    "GET /availability/{special}": Action.SEE_BOOKS,
    "GET /diff": Action.SEE_BOOKS,
    "GET /duplicates": Action.SEE_DUPLICATES,
    "GET /explain": Action.SEE_BOOKS,
    "GET /jobs": Action.OWN_JOBS,
    "GET /jobs/{job:number}": Action.OWN_JOBS,
    "GET /import": Action.RECORD,
    "GET /import/template": Action.RECORD,
    "GET /inbox": Action.SEE_BOOKS,
    "GET /inbox/{proposal:path}": Action.SEE_BOOKS,
    "POST /inbox/{proposal:path}": Action.RECORD,
    "GET /look-up": Action.SEE_CODES,
    "GET /movements": Action.SEE_BOOKS,
    "POST /import": Action.KEEP_FILES,
    "POST /import/proposal": Action.RECORD,
    "GET /movements/{number:number}": Action.SEE_BOOKS,
    "GET /catalogue": Action.SEE_CODES,
    "GET /health": Action.SEE_SERVICE,
    "GET /parameters": Action.SEE_BOOKS,
    "GET /people": Action.SEE_PEOPLE,
    "GET /people/{person:path}": Action.SEE_PEOPLE,
    "GET /people/{person:path}/granted": Action.SEE_PEOPLE,
    "GET /people/{person:path}/kept": Action.SEE_PEOPLE,
    "POST /people": Action.KEEP_PEOPLE,
    "POST /people/{person:path}/granted": Action.GRANT_ROLES,
    "POST /people/{person:path}/kept": Action.KEEP_PEOPLE,
    "GET /trail": Action.SEE_TRAIL,
    "GET /parties": Action.SEE_PARTIES,
    "GET /parties/{credit_code}": Action.SEE_PARTIES,
    "GET /pledges": Action.SEE_BOOKS,
    "GET /periods": Action.SEE_BOOKS,
    "POST /periods": Action.RECORD,
    "GET /projects": Action.SEE_PROJECTS,
    "GET /projects/{project:path}": Action.SEE_PROJECTS,
    "GET /record": Action.RECORD,
    "GET /record/{kind}": Action.RECORD,
    "POST /record/{kind}": Action.RECORD,
    "GET /registers": Action.SEE_CODES,
    "GET /replay": Action.JUDGE_AGAIN,
    "POST /replay": Action.JUDGE_AGAIN,
    "GET /replay/{job:number}": Action.JUDGE_AGAIN,
    "GET /near-misses": Action.SEE_ATTEMPTS,
    "GET /samples": Action.AUDIT,
    "POST /samples": Action.AUDIT,
    "GET /samples/{sample}": Action.AUDIT,
    "POST /samples/{sample}/items/{item}": Action.AUDIT,
    "POST /samples/{sample}/conclusion": Action.AUDIT,
    "POST /samples/{sample}/review": Action.AUDIT,
    "GET /segregation": Action.AUDIT,
    "GET /reconcile": Action.SEE_BOOKS,
    "POST /reconcile": Action.RECONCILE,
    "GET /reconcile/{source}": Action.SEE_BOOKS,
    "POST /reconcile/{source}/statements": Action.RECONCILE,
    "POST /reconcile/{source}/matchings": Action.RECONCILE,
    "POST /reconcile/{source}/acceptances": Action.RECONCILE,
    "GET /reconcile/{source}/cases": Action.SEE_BOOKS,
    "POST /reconcile/{source}/cases": Action.RECONCILE,
    "GET /reconcile/{source}/worklist": Action.SEE_BOOKS,
    "POST /reconcile/{source}/worklist": Action.RECONCILE,
    "GET /time-machine": Action.SEE_BOOKS,
    "GET /what-if": Action.ASK_WHAT_IF,
    "GET /what-if/list": Action.ASK_WHAT_IF,
    "POST /what-if/list": Action.ASK_WHAT_IF,
    "POST /what-if/list/proposal": Action.RECORD,
    "POST /what-if": Action.RECORD,
    "GET /year-end": Action.SEE_BOOKS,
    "POST /year-end": Action.RECORD,
    "POST /year-end/trial": Action.SEE_BOOKS,
}
"""Written by hand: a new page fails until somebody has thought about who may open it."""
OPEN = {"GET /sign-in", "POST /sign-in", "POST /sign-out", "POST /theme"}
SIGNED_IN = {
    "GET /account",
    "POST /account/password",
    "POST /account/second-factor",
    "POST /account/second-factor/confirm",
}
"""About oneself: whoever is signed in."""
FILES = {"GET /import/template"}
"""Answered with a file, to whoever may have it."""
ASKED = {"of": "project", "by": "plan", "figure": "available", "whole": "true", "month": "2025-06"}
HUMANS = [role for role in Role if role is not Role.TRE]


def filled(path: str) -> str:
    """An address of something that is there."""
    for name, value in (
        ("{number:number}", "1"),
        ("{job:number}", "1"),
        ("{project:path}", "MSP-BRK-1"),
        ("{proposal:path}", "P-1"),
        ("{special}", "MSP-BRK"),
        ("{kind}", "FundsAllocated"),
        ("{sample}", "999999"),
        ("{person:path}", "p-fin-1"),
        ("{credit_code}", "12150099MB0001007K"),
        ("{source}", "none"),
    ):
        path = path.replace(name, value)
    return path


def named(route: APIRoute) -> str:
    return f"{next(iter(route.methods))} {route.path}"


def test_every_page_is_in_the_table(demo_app: FastAPI) -> None:
    found = [named(route) for route in pages(demo_app)]
    assert sorted(found) == sorted([*PAGES, *OPEN, *SIGNED_IN])


def test_each_page_asks_for_exactly_what_the_table_says(demo_app: FastAPI) -> None:
    for route in pages(demo_app):
        calls = {dependency.call for dependency in route.dependant.dependencies}
        asked = {ASKS_FOR[call] for call in calls if call in ASKS_FOR}
        assert asked == ({PAGES[named(route)]} if named(route) in PAGES else set()), route.path
        assert named(route) in PAGES or (signed_in in calls) == (named(route) in SIGNED_IN), route.path


@pytest.mark.parametrize("role", HUMANS)
@pytest.mark.parametrize("page", [page for page in PAGES if page.startswith("GET ")])
def test_a_page_is_open_to_a_role_where_the_policy_says_so(desk: Desk, role: Role, page: str) -> None:
    path = filled(page.partition(" ")[2])
    answer = desk.client.get(path, headers=desk.session(ONE_OF_EACH[role]), params=ASKED)
    assert answer.headers["content-type"] == "text/html; charset=utf-8" or (page in FILES and answer.status_code == 200)
    denied = answer.status_code == 403 and "NOT_FOR_THIS_ROLE" in answer.text
    assert denied == (reach(role, PAGES[page]) is None), answer.text
    assert answer.status_code not in (401, 422, 500)


@pytest.mark.parametrize("page", sorted([*PAGES, *SIGNED_IN]))
def test_whoever_is_not_signed_in_is_led_to_where_they_can(desk: Desk, page: str) -> None:
    method, path = filled(page).split(" ")
    sent = {"Sec-Fetch-Site": "same-origin"}
    answer = desk.client.request(method, path, headers=sent, data={"a": "b"} if method == "POST" else None,
                                 params={**ASKED, "lang": "en"}, follow_redirects=False)  # fmt: skip
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in?lang=en&return_to=%2F")
