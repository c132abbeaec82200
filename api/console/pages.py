"""All pages of the console, in the order of the menu."""

from http import HTTPStatus

from fastapi import FastAPI, Request, Response
from starlette.exceptions import HTTPException

from api.console import (
    account,
    assets,
    availability,
    availability_special,
    differing,
    duplicates,
    explaining,
    home,
    importing,
    inbox,
    jobs,
    looking_up,
    movements,
    near_misses,
    periods,
    proposal,
    reconcile,
    reconcile_cases,
    reconcile_worklist,
    record,
    record_form,
    registers,
    replay,
    samples,
    segregation,
    signing_in,
    supposing,
    time_machine,
    what_if,
    year_end,
)
from api.console.shell import wrong
from api.problems import ProblemRaised, Wrong
from api.routes import oidc
from ledger.kept import Kept

PAGES = (
    home,
    inbox,
    proposal,
    record,
    record_form,
    periods,
    year_end,
    availability,
    availability_special,
    what_if,
    supposing,
    reconcile,
    reconcile_cases,
    reconcile_worklist,
    time_machine,
    differing,
    movements,
    replay,
    near_misses,
    registers,
    *registers.PAGES,
    samples,
    segregation,
    duplicates,
    explaining,
    importing,
    jobs,
    looking_up,
    account,
    signing_in,
)
"""A module each: its ``router``, and its ``PLACE`` where it stands in the menu."""


def install(app: FastAPI) -> None:
    """Serve the pages and what they load."""
    app.state.menu = tuple(page.PLACE for page in PAGES if hasattr(page, "PLACE"))
    app.state.sheets, app.state.supposed = Kept(importing.SHEETS_KEPT), Kept(proposal.SUPPOSED_KEPT)
    assets.install(app)
    for page in PAGES:
        app.include_router(page.router)
    _tell_on_pages(app)


def _tell_on_pages(app: FastAPI) -> None:
    """An address nobody wrote, what no route was asked for, a provider that signed nobody in: told by browser on a page."""
    app.state.tell = lambda request, error: wrong(request, error) if _for_people(request) else None
    to_machines = {kind: app.exception_handlers[kind] for kind in (HTTPException, ProblemRaised)}

    async def nowhere(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        if error.status_code == HTTPStatus.NOT_FOUND and _for_people(request):
            return wrong(request, ProblemRaised(Wrong.NOT_FOUND))
        return await to_machines[HTTPException](request, error)  # type: ignore[misc, no-any-return]

    async def at_provider(request: Request, error: Exception) -> Response:
        if _by_browser(request) and request.url.path.startswith(oidc.router.prefix):
            return wrong(request, error)
        return await to_machines[ProblemRaised](request, error)  # type: ignore[misc, no-any-return]

    app.add_exception_handler(HTTPException, nowhere)
    app.add_exception_handler(ProblemRaised, at_provider)


def _by_browser(request: Request) -> bool:
    """Whether somebody looks, and no program."""
    return "text/html" in request.headers.get("accept", "")


def _for_people(request: Request) -> bool:
    return _by_browser(request) and not request.url.path.startswith(("/v1/", "/docs/", "/static/"))
