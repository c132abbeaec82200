"""Signing in with password and one-time code, or at the provider; signing out; light or dark."""

import re
from typing import Annotated

from fastapi import Query, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool

from api.console.shell import HEADERS, THEME_COOKIE, THEMES, Sent, pages, show
from api.console.view import view_of
from api.problems import ProblemRaised, Wrong, problem_of
from api.routes import session
from api.security import ThePeople, counted_sign_in
from ledger.access.people import People
from ledger.access.refusals import NotPermitted
from ledger.domain.catalogue import Name

router = pages()
WORDS = {
    "title": Name("登录", "Sign in"),
    "login": Name("登录名", "Login"),
    "password": Name("口令", "Password"),
    "one_time": Name("动态口令(已设置的填写)", "One-time code (if you set one up)"),
    "new_password": Name("新口令", "New password"),
    "new_needed": Name(
        "口令由管理员设置:请设置本人口令,随后即登录",
        "Your password was set by an administrator: choose one of your own, and you are signed in",
    ),
    "provider": Name("统一身份认证登录", "Sign in at the identity provider"),
    "or_here": Name("或用本地账号", "or with a local account"),
    "form": Name("请填写登录名和口令;动态口令为 6 位数字", "Give login and password; a one-time code has 6 digits"),
}
_LOCAL = re.compile(r"/([!-.0-\[\]-~][!-\[\]-~]*)?", re.ASCII)
"""As the provider's sign-in has it: no second slash, blank or backslash, so it leads nowhere but here."""
_NEEDS_NEW = {Wrong.NEW_PASSWORD_NEEDED, "WEAK_PASSWORD", "SAME_PASSWORD"}


def local(path: str) -> str:
    """A path to go on to; home where it might lead elsewhere."""
    return path if _LOCAL.fullmatch(path) else "/"


@router.get("/sign-in")
def sign_in_page(request: Request, return_to: Annotated[str, Query(max_length=2_000)] = "/") -> Response:
    """登录页。The page to sign in."""
    return _page(request, return_to)


def _page(request: Request, return_to: str, login: str = "", wrong: str = "", **said: object) -> Response:
    return show(
        request,
        None,
        "sign_in.html",
        WORDS,
        return_to=local(return_to),
        login=login,
        wrong=wrong,
        provider=request.app.state.provider is not None,
        **{"status": 200, "new_needed": False, **said},  # type: ignore[arg-type]
    )


@router.post("/sign-in", dependencies=[counted_sign_in])
async def sign_in(request: Request, people: ThePeople, sent: Sent) -> Response:
    """登录。Sign in, and go on to where one came from."""
    return await run_in_threadpool(_sign_in, request, people, sent)


def _sign_in(request: Request, people: People, sent: dict[str, str]) -> Response:
    return_to, login = local(sent.pop("return_to", "/")), sent.get("login", "")
    answer = RedirectResponse(return_to, 303, HEADERS)
    try:
        asked = session.SignIn(**{name: value for name, value in sent.items() if value})
        session.sign_in(request, answer, people, asked)
    except ValidationError:
        return _page(request, return_to, login, view_of(request).named(WORDS["form"]), status=422)
    except (ProblemRaised, NotPermitted) as error:
        problem = problem_of(error, view_of(request).language)
        new = problem.code in _NEEDS_NEW
        said = view_of(request).named(WORDS["new_needed"]) if problem.code == Wrong.NEW_PASSWORD_NEEDED else ""
        return _page(request, return_to, login, said or problem.detail, status=problem.status, new_needed=new)
    return answer


@router.post("/sign-out")
def sign_out(request: Request, people: ThePeople) -> Response:
    """退出。The session is over at once."""
    answer = RedirectResponse("/sign-in", 303, HEADERS)
    session.end_session(request, answer, people)
    return answer


@router.post("/theme")
async def set_theme(request: Request, sent: Sent) -> Response:
    """浅色或深色。Light or dark, kept in a cookie of this browser."""
    answer = RedirectResponse(local(sent.get("return_to", "/")), 303, HEADERS)
    chosen, secure = sent.get("theme"), request.url.scheme == "https"
    if chosen in THEMES:
        answer.set_cookie(THEME_COOKIE, chosen, max_age=31_536_000, secure=secure, httponly=True, samesite="lax")
    return answer
