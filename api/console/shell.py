"""The frame of every page: templates that escape everything, who is looking, and pages where the routes answer problems.

A page is asked of the same functions as the route of its subject, so it shows what the route answers, to whom it answers it.
"""

import json
import logging
from collections.abc import Callable, Coroutine, Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any, Final, NamedTuple
from urllib.parse import parse_qsl, urlencode
from uuid import uuid4

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from fastapi.routing import APIRoute
from starlette.requests import ClientDisconnect

from api.bodies import SMALL_BYTES_MAX, check_media_type, checked_key, raw_body
from api.console.assets import address_of
from api.console.exporting import FORMAT, exported
from api.console.view import PAGED, View, instant, view_of
from api.console.words import WORDS
from api.language import Both
from api.origin import SAFE_METHODS
from api.problems import ProblemRaised, Wrong, problem_of
from api.reading import HEADER
from api.security import GRANT_HEADER, Caller
from ledger.access.people import Holder
from ledger.access.policy import Action
from ledger.domain.catalogue import ROLES, Name
from ledger.reports.presenting import UNITS
from ledger.reports.printing import environment
from ledger.training import MARK

TEMPLATES: Final = Path(__file__).parent / "templates"
HEADERS: Final = {
    "Content-Security-Policy": "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "same-origin",  # without one, browsers send forms with no Origin, and such are refused
    "Vary": "Accept-Language, Cookie, HX-Request",
}
THEME_COOKIE: Final = "ledger-theme"
THEMES: Final = ("light", "dark")
FORMS: Final = frozenset({"application/x-www-form-urlencoded"})
FIELDS_MAX: Final = 1_000
SIGN_IN: Final = "/sign-in"

_log = logging.getLogger("ledger.console")


class Place(NamedTuple):
    """A page in the menu, for whoever may do what it asks for."""

    path: str
    name: Name
    action: Action


_PAGES: Final = environment(TEMPLATES)
_PAGES.globals |= {"asset": address_of, "units": UNITS, "paged": PAGED}
_PAGES.filters |= {"instant": instant}


def show(
    request: Request,
    caller: Caller | None,
    template: str,
    words: Mapping[str, Both],
    *,
    status: int = 200,
    answer: Response | None = None,
    charts: Mapping[str, Any] | None = None,
    scripts: Iterable[str] = (),
    **said: Any,
) -> HTMLResponse:
    """A page, or for htmx the part of it that its template calls ``part``.

    ``words``: the page's own, by the names under which its template says them (``t.name``). ``answer``: what a route's function
    was given to say at which number it stands. ``charts``: what pictures show, by the id of their place. ``resends``: whether the
    page's form (its id is ``form``, and one act of it ``try``) goes along where unit, language or grant are switched, so that
    nothing typed is lost. Forms find a new ``key``, unless it is ``said``.
    """
    view, holder = view_of(request), getattr(request.state, "holder", None)
    number = answer.headers.get(HEADER) if answer is not None else None
    spoken = {name: view.named(said_so) for name, said_so in {**WORDS, **words}.items()}
    context = {
        "key": uuid4(),
        "resends": False,
        **said,
        "t": spoken,
        "view": view,
        "caller": caller,
        "person": holder and holder.person,
        "grants": _grants(view, holder, caller) if isinstance(holder, Holder) else [],
        "menu": _menu(request, holder, caller),
        "training": view.named(MARK) if request.app.state.ledger.training else None,
        "theme": theme if (theme := request.cookies.get(THEME_COOKIE)) in THEMES else None,
        "number": number,
        "by_address": request.method == "GET",  # a form's answer has no address of which a table could be exported
        "charts": {name: _data(data) for name, data in (charts or {}).items()},
        "scripts": [*(("made/echarts.js", "own/charts.js") if charts else ()), *scripts],
        "address": request.url.path + (f"?{request.url.query}" if request.url.query else ""),
    }
    found = _PAGES.get_template(template)
    if _wants_part(request) and "part" in found.blocks:
        html = "".join(found.blocks["part"](found.new_context(context)))
    else:
        html = found.render(context)
    headers = HEADERS | ({HEADER: number} if number else {})
    return HTMLResponse(html, status, headers)


def _wants_part(request: Request) -> bool:
    """Whether htmx asks, and not for the whole page."""
    return request.headers.get("HX-Request") == "true" and request.headers.get("HX-Request-Type") != "full"


def _data(value: Any) -> str:
    """As an attribute of an element carries it; a page may hold no script of its own."""
    return json.dumps(value, ensure_ascii=False, default=str)


def _menu(request: Request, holder: Holder | None, caller: Caller | None) -> list[Place]:
    """The pages that somebody may open under the grant they act under; where a page is asked under none, under any of theirs."""
    places: tuple[Place, ...] = request.app.state.menu
    grants = [caller.granted] if caller else holder.grants if holder else ()
    return [place for place in places if any(one.grant.reach(place.action) is not None for one in grants)]


def _grants(view: View, holder: Holder, caller: Caller | None) -> list[tuple[str, str, bool]]:
    """The roles somebody may act in: what each is called, the address under it, and whether it is the one in use."""
    return [
        (
            view.named(ROLES[granted.grant.role]),
            view.here(grant=granted.number),
            caller is not None and caller.granted == granted,
        )
        for granted in holder.grants
    ]


def go(request: Request, path: str, **asked: object) -> Response:
    """On to another page, which a browser asks for anew."""
    return RedirectResponse(view_of(request).to(path, **asked), 303, HEADERS)


async def form_of(request: Request) -> dict[str, str]:
    """The fields of a form that was sent, each once. Raises MALFORMED, TOO_LARGE, MEDIA_TYPE_NOT_SUPPORTED."""
    check_media_type(request, FORMS)
    body = await raw_body(request, SMALL_BYTES_MAX)
    try:
        sent = parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=FIELDS_MAX, errors="strict")
    except ValueError:
        raise ProblemRaised(Wrong.MALFORMED) from None
    fields = dict(sent)
    if len(fields) != len(sent):
        raise ProblemRaised(Wrong.MALFORMED)
    request.state.sent = fields
    return fields


Sent = Annotated[dict[str, str], Depends(form_of)]


async def _key_of(sent: Sent) -> str:
    return checked_key(sent.get("key", ""))


SentKey = Annotated[str, Depends(_key_of)]
"""The key of a form, under which it is recorded once however often it is sent. Raises MALFORMED."""


class PageRoute(APIRoute):
    """A route that answers with pages, whatever goes wrong, and that takes the grant one acts under from the address."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def answered(request: Request) -> Response:
            try:
                _check_from_here(request)
                if (there := _without_blanks(request)) is not None:
                    return RedirectResponse(there, 303, HEADERS)
                if request.method == "GET" and FORMAT in request.query_params:
                    return await exported(request, lambda asked: handle(_under_grant(asked)))
                return await handle(_under_grant(request))
            except ClientDisconnect:
                raise
            except Exception as error:
                return wrong(request, error)

        return answered


def pages() -> APIRouter:
    """A router for pages; they are no part of the documented interface."""
    return APIRouter(route_class=PageRoute, include_in_schema=False)


def _under_grant(request: Request) -> Request:
    """A link sends no header, so the address names the grant."""
    named = request.query_params.get("grant")
    if named is None or GRANT_HEADER in request.headers:
        return request
    sent = [*request.scope["headers"], (GRANT_HEADER.lower().encode(), named.encode())]
    return Request({**request.scope, "headers": sent}, request.receive)


def _without_blanks(request: Request) -> str | None:
    """A form that asks by address sends what was left empty, too: the same address without it. None: nothing was."""
    asked = request.query_params.multi_items()
    said = [(name, value) for name, value in asked if value.strip()]
    if request.method not in SAFE_METHODS or len(said) == len(asked):
        return None
    return f"{request.url.path}?{urlencode(said)}" if said else request.url.path


def _check_from_here(request: Request) -> None:
    """A form, unlike JSON, can be sent by a page elsewhere: only a browser that says from where is believed."""
    if request.method not in SAFE_METHODS and not {"sec-fetch-site", "origin"} & set(request.headers):
        raise ProblemRaised(Wrong.CROSS_SITE)


def wrong(request: Request, error: Exception) -> Response:
    """The page that says what went wrong and what to do; whoever is not signed in is led to where they can.

    Where nobody knows whether a form was recorded, it sends the same once more under its key: then it is recorded once.
    """
    view = view_of(request)
    problem = problem_of(error, view.language)
    if problem.code == Wrong.INTERNAL_FAULT:
        _log.error("unforeseen", exc_info=error)
    if problem.code == Wrong.NOT_SIGNED_IN:
        return _to_sign_in(request, view)
    sent: dict[str, str] = getattr(request.state, "sent", {})
    once_more = sent if problem.status >= 500 and "key" in sent else None
    page = show(request, None, "wrong.html", {}, status=problem.status, problem=problem, sent=once_more)
    if isinstance(error, ProblemRaised) and error.headers:
        page.headers.update(error.headers)
    return page


def _to_sign_in(request: Request, view: View) -> Response:
    back = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    there = view.to(SIGN_IN, grant=None, return_to=back if request.method in SAFE_METHODS else "/")
    if request.headers.get("HX-Request") == "true":
        return Response(status_code=204, headers={"HX-Redirect": there})
    return RedirectResponse(there, 303, HEADERS)
