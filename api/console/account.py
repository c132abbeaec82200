"""Oneself 本人: roles and what they let one do; one's own password and one-time codes."""

from collections.abc import Callable
from typing import TypeVar

from fastapi import Request, Response
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool

from api.console.shell import Sent, pages, show
from api.console.view import view_of
from api.problems import ProblemRaised, Wrong, problem_of
from api.routes import session
from api.security import SignedIn, ThePeople
from ledger.access.people import Holder, People
from ledger.access.policy import ACTIONS
from ledger.access.refusals import NotPermitted
from ledger.domain.catalogue import ROLES, Name

Asked = TypeVar("Asked")
router = pages()
WORDS = {
    "title": Name("本人", "My account"),
    "subject": Name("账本中的标识", "In the ledger"),
    "roles": Name("授权", "Roles"),
    "role": Name("角色", "Role"),
    "scope": Name("范围", "Scope"),
    "until": Name("有效期", "Valid"),
    "may": Name("可以办理", "What I may do"),
    "password": Name("更换口令", "Change my password"),
    "present": Name("现口令", "Present password"),
    "new_password": Name("新口令", "New password"),
    "one_time": Name("动态口令(已设置的填写)", "One-time code (if you set one up)"),
    "set": Name("更换", "Change it"),
    "ends_all": Name("更换后所有会话结束,须重新登录", "Every session of yours ends; sign in again"),
    "second": Name("动态口令", "One-time codes"),
    "second_why": Name(
        "在验证器应用中添加密钥,再填写其显示的 6 位数字确认;经网络使用本系统须先设置",
        "Add the secret to an authenticator and confirm with the 6 digits it shows; over a network they are required",
    ),
    "ask": Name("生成密钥", "Make a secret"),
    "secret": Name("密钥", "Secret"),
    "code": Name("6 位数字", "6 digits"),
    "confirm": Name("确认", "Confirm"),
    "done": Name("已生效,请重新登录", "Done: sign in again"),
}


@router.get("/account")
def account_page(request: Request, people: ThePeople, holder: SignedIn) -> Response:
    """本人的角色和可做的事。"""
    return _page(request, people, holder)


def _page(
    request: Request, people: People, holder: Holder, *, status: int = 200, wrong: str = "", **said: object
) -> Response:
    who = session.who_am_i(people, holder)
    return show(
        request,
        None,
        "account.html",
        WORDS,
        status=status,
        who=who,
        roles=ROLES,
        actions=ACTIONS,
        wrong=wrong,
        **{"asked": None, "about": None, **said},  # type: ignore[arg-type]
    )


@router.post("/account/password")
async def set_password(request: Request, people: ThePeople, holder: SignedIn, sent: Sent) -> Response:
    """更换口令。"""
    return await run_in_threadpool(
        _tried, request, people, holder, sent, "password", session.NewPassword, session.set_password
    )


@router.post("/account/second-factor")
async def ask_second_factor(request: Request, people: ThePeople, holder: SignedIn, sent: Sent) -> Response:
    """生成动态口令密钥。"""
    return await run_in_threadpool(
        _tried, request, people, holder, sent, "second", session.OwnPassword, session.ask_second_factor
    )


@router.post("/account/second-factor/confirm")
async def confirm_second_factor(request: Request, people: ThePeople, holder: SignedIn, sent: Sent) -> Response:
    """以一次动态口令确认。"""
    return await run_in_threadpool(
        _tried, request, people, holder, sent, "second", session.FirstCode, session.confirm_second_factor
    )


def _tried(
    request: Request,
    people: People,
    holder: Holder,
    sent: dict[str, str],
    about: str,
    form: Callable[..., Asked],
    do: Callable[[People, Holder, Asked], session.SecondFactor | None],
) -> Response:
    """What was asked for is done; or the page again, with what was wrong where it was asked."""
    try:
        secret = do(people, holder, form(**{name: value for name, value in sent.items() if value}))
    except (ValidationError, NotPermitted, ProblemRaised) as error:
        problem = problem_of(error, view_of(request).language)
        return _page(request, people, holder, status=problem.status, wrong=problem.detail, about=about)
    if secret is None:  # every session of theirs ended with it
        raise ProblemRaised(Wrong.NOT_SIGNED_IN)
    return _page(request, people, holder, asked=secret)
