"""Signing in at an OpenID provider: the browser goes there and comes back, and begins a session as whoever was proven."""

import logging
import re
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import RedirectResponse

from api.openapi import AT_PROVIDER
from api.origin import PublicUrl, led_here
from api.problems import ProblemRaised, Wrong
from api.routes.session import begin_session, end_session
from api.security import SignedIn, ThePeople, counted_sign_in
from ledger.access.credentials import new_token
from ledger.access.id_token import Identity, NotProven, Reason
from ledger.access.oidc import Provider
from ledger.access.people import People
from ledger.access.sessions import Method
from ledger.access.sign_ins import GOOD_FOR
from ledger.audit.trail import Event

router = APIRouter(prefix="/v1/session/oidc", tags=["session"], responses=AT_PROVIDER)
BROWSER_COOKIE = {True: "__Host-ledger-oidc", False: "ledger-oidc"}
"""Name of the cookie that tells the browser in which a sign-in was begun, by whether it travels over TLS."""
_TOKEN = re.compile(r"[\w-]{43}", re.ASCII)
_AWAY = frozenset(
    {
        Reason.PROVIDER_UNREACHABLE,
        Reason.PROVIDER_SLOW,
        Reason.PROVIDER_UNSUITABLE,
        Reason.ANSWER_TOO_LARGE,
        Reason.ANSWER_MALFORMED,
        Reason.CLIENT_REFUSED,
    }
)
"""The provider, or how it is set up, is at fault: whoever signs in can only try later."""
_NOBODY = frozenset({Reason.UNKNOWN_IDENTITY, Reason.DISABLED})
_log = logging.getLogger("ledger.access")


def the_provider(request: Request) -> Provider:
    """The provider of this application; 404 where none is set."""
    provider: Provider | None = request.app.state.provider
    if provider is None:
        raise ProblemRaised(Wrong.NOT_FOUND)
    return provider


TheProvider = Annotated[Provider, Depends(the_provider)]


def _begun_here(request: Request) -> None:
    """Nobody is signed in because another site led them here: a provider that knows them would not ask."""
    if led_here(request):
        raise ProblemRaised(Wrong.CROSS_SITE)


LocalPath = Annotated[
    str,
    Query(
        pattern=r"^/([!-.0-\[\]-~][!-\[\]-~]*)?$",  # no second slash, blank or backslash: it leads nowhere but here
        max_length=1_000,
        description="登录后转到的本站路径 / local path to go on to",
    ),
]
Said = Annotated[str | None, Query(max_length=4_096)]


@router.get(
    "",
    summary="统一身份登录 / Sign in at the provider",
    status_code=303,
    response_class=RedirectResponse,
    dependencies=[Depends(_begun_here), counted_sign_in],
)
def sign_in_at_provider(
    request: Request, people: ThePeople, provider: TheProvider, return_to: LocalPath = "/"
) -> RedirectResponse:
    """转到统一身份认证;须在 10 分钟内、用同一浏览器回来。To the provider; come back within 10 minutes, in the same browser."""
    try:
        begun = provider.begin(_callback(request))
    except NotProven as failed:
        raise _refused(people, provider, failed) from None
    secure = request.url.scheme == "https"
    held = request.cookies.get(BROWSER_COOKIE[secure], "")
    browser = held if _TOKEN.fullmatch(held) else new_token()  # sign-ins begun in two tabs do not shut each other out
    people.sign_ins.keep(begun, browser, return_to)
    response = RedirectResponse(begun.url, 303)
    age = int(GOOD_FOR.total_seconds())
    response.set_cookie(
        BROWSER_COOKIE[secure], browser, max_age=age, secure=secure, httponly=True, samesite="lax", path="/"
    )
    return response


@router.get(
    "/callback",
    summary="统一身份登录返回 / Back from the provider",
    status_code=303,
    response_class=RedirectResponse,
    dependencies=[counted_sign_in],
)
def back_from_provider(
    request: Request,
    people: ThePeople,
    provider: TheProvider,
    state: Said = None,
    code: Said = None,
    iss: Said = None,
    error: Said = None,
) -> RedirectResponse:
    """核对后开始新会话。Begins a new session, once everything fits."""
    identity: Identity | None = None
    browser = request.cookies.get(BROWSER_COOKIE[request.url.scheme == "https"], "")
    try:
        returned = people.sign_ins.take(state or "", browser)
        if error is not None or code is None:
            raise NotProven(Reason.REFUSED_BY_PROVIDER)
        identity = provider.finish(code, returned.proof, _callback(request), iss)
        person = people.register.of_identity(identity.issuer, identity.subject)
    except NotProven as failed:
        raise _refused(people, provider, failed, identity) from None
    response = RedirectResponse(returned.return_to, 303)
    begin_session(request, response, people, person, Method.OIDC)
    return response


@router.post("/sign-out", summary="统一退出 / Sign out there too", status_code=303, response_class=RedirectResponse)
def sign_out_at_provider(
    request: Request, people: ThePeople, provider: TheProvider, holder: SignedIn
) -> RedirectResponse:
    """会话立即失效,再到统一身份认证退出。The session is over at once; then to the provider, to end the one there."""
    public: PublicUrl = request.app.state.public
    try:
        there = provider.logout_url(f"{public.text}/")
    except NotProven as failed:
        _log.warning("nobody can be signed out at the provider: %s", failed.why)
        there = None
    response = RedirectResponse(there or "/", 303)
    end_session(request, response, people)
    return response


def _callback(request: Request) -> str:
    """The address that is registered at the provider."""
    public: PublicUrl = request.app.state.public
    return f"{public.text}{router.prefix}/callback"


def _refused(people: People, provider: Provider, failed: NotProven, identity: Identity | None = None) -> ProblemRaised:
    """Kept, with issuer and subject where they are proven, so that an administrator can link them; and what to answer."""
    subject = identity.subject if identity else None
    people.trail.note(
        Event.SIGN_IN_FAILED, None, method=Method.OIDC, why=failed.why, issuer=provider.issuer, subject=subject
    )
    if failed.why in _AWAY:
        return ProblemRaised(Wrong.PROVIDER_UNAVAILABLE, why=failed.why)
    return ProblemRaised(Wrong.IDENTITY_UNKNOWN if failed.why in _NOBODY else Wrong.NOT_PROVEN, why=failed.why)
