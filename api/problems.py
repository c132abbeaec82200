"""Every answer that is not a success: ``application/problem+json`` (RFC 9457), in Chinese or English.

Amounts inside are fen and leave as yuan strings. What the caller sent is never echoed.
"""

import logging
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from eventsourcing.persistence import PersistenceError
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ValidationError
from starlette.exceptions import HTTPException
from starlette.types import Receive, Scope, Send

from api.language import Language, language_of
from api.malformed import Fault, complaints_of, faults_of
from api.wrongs import ANSWERS, Wrong
from ledger.access.refusals import WORDS as ACCESS_WORDS
from ledger.access.refusals import NotPermitted, Why
from ledger.domain.catalogue import Name
from ledger.domain.money import yuan
from ledger.domain.partial import Unavailable
from ledger.domain.refusals import WORDS, Code, Refusal, Words
from ledger.domain.wording import in_words
from ledger.importing.faults import Faulty
from ledger.personal.erasure import WORDS as ERASURE_WORDS
from ledger.personal.erasure import NotErased
from ledger.projections.moment import OutsideLife
from ledger.reconciliation.refusals import WORDS as RECONCILIATION_WORDS
from ledger.reconciliation.refusals import NotReconciled
from ledger.reconciliation.refusals import Why as NotDone
from ledger.sampling.refusals import WORDS as SAMPLING_WORDS
from ledger.sampling.refusals import NotSampled, NotSampledFor
from ledger.store import UNREACHABLE
from ledger.writer import InternalFault, UnknownOutcome

__all__ = ["ANSWERS", "Wrong"]
"""What a problem is raised with is imported from here."""

MEDIA_TYPE = "application/problem+json"
_log = logging.getLogger("ledger.api")


_OF_STATUS = {404: Wrong.NOT_FOUND, 405: Wrong.METHOD_NOT_ALLOWED, 413: Wrong.TOO_LARGE}
_NOT_PERMITTED_WITH = {
    Why.UNKNOWN_PERSON: 404,
    Why.OWN_RIGHTS: 403,
    Why.NOT_A_MACHINE: 403,
    Why.NOT_LENDABLE: 403,
} | dict.fromkeys(
    (Why.WEAK_PASSWORD, Why.SAME_PASSWORD, Why.SCOPE_MISSING, Why.DAYS, Why.WRONG_CODE, Why.WRONG_PASSWORD), 422
)
_NOT_RECONCILED_WITH = {NotDone.UNKNOWN_SOURCE: 404} | dict.fromkeys(
    (NotDone.UNKNOWN_CASE, NotDone.UNKNOWN_LINE, NotDone.NO_REASON, NotDone.NO_NUMBER, NotDone.NOT_TOLD), 422
)
_NOT_SAMPLED_WITH = {NotSampledFor.UNKNOWN_SAMPLE: 404, NotSampledFor.OWN_PAPER: 403} | dict.fromkeys(
    (
        NotSampledFor.POPULATION_EMPTY,
        NotSampledFor.NOTHING_DRAWN,
        NotSampledFor.SAMPLE_TOO_LARGE,
        NotSampledFor.METHOD_INCOMPLETE,
        NotSampledFor.NUMBER_TO_COME,
        NotSampledFor.FIGURE_NOT_FIXED,
    ),
    422,
)
_OF_A_CASE = frozenset({NotDone.LINE_CHANGED, NotDone.ALREADY_DECIDED})
"""What says of which case it is."""
_REFUSED_WITH = {Code.UNAUTHORISED: 403, Code.UNKNOWN_REFERENCE: 422}
RETRY_SECONDS = 2


class Bilingual(BaseModel):
    """The same words in Chinese and in English."""

    zh: str
    en: str


class Problem(BaseModel):
    """What is wrong, by RFC 9457. Amounts are yuan strings with two decimals."""

    type: str
    title: str
    status: int
    code: str
    clause: str | None = None
    detail: str
    message: Bilingual
    asked: str | None = None
    available: str | None = None
    short_by: str | None = None
    details: dict[str, str | int | bool] = {}
    problems: list[Fault] = []


class ProblemRaised(Exception):
    """Answer with a problem that is not a refusal of the rules."""

    def __init__(
        self, wrong: Wrong, *, problems: Sequence[Fault] = (), headers: Mapping[str, str] | None = None, **details: Any
    ) -> None:
        super().__init__(wrong)
        self.wrong, self.problems, self.headers, self.details = wrong, list(problems), headers, details


NOT_RECORDED = (Refusal, ProblemRaised, ValidationError)
"""What keeps a movement from being recorded."""
UNSURE = (UnknownOutcome, Unavailable, *UNREACHABLE)
"""What leaves open whether it was: asked again under the same key, it is recorded once."""


def malformed(where: str, zh: str, en: str) -> ProblemRaised:
    """A request whose form is wrong at one place."""
    return ProblemRaised(Wrong.MALFORMED, problems=[Fault(where=where, zh=zh, en=en)])


def problem_of(error: Exception, language: Language) -> Problem:
    """The problem that words an exception; one nobody foresaw becomes INTERNAL_FAULT."""
    if isinstance(error, Refusal):
        return _of_refusal(error, language)
    if isinstance(error, ProblemRaised):
        return _of_wrong(error.wrong, language, error.problems, error.details)
    if isinstance(error, OutsideLife):
        return _of_wrong(Wrong.OUTSIDE_LIFE, language, details={"first": error.first, "last": error.last})
    if isinstance(error, NotPermitted):
        return _problem(error.why, _NOT_PERMITTED_WITH.get(error.why, 409), ACCESS_WORDS[error.why], language)
    if isinstance(error, NotErased):
        return _problem(error.why, 409, ERASURE_WORDS[error.why], language)
    if isinstance(error, NotReconciled):
        return _of_not_reconciled(error, language)
    if isinstance(error, NotSampled):
        return _problem(error.why, _NOT_SAMPLED_WITH.get(error.why, 409), SAMPLING_WORDS[error.why], language)
    if isinstance(error, Faulty):
        more = {"more": error.more} if error.more else None
        return _of_wrong(Wrong.FILE_NOT_TAKEN, language, complaints_of(error), more)
    if isinstance(error, ValidationError):
        return _of_wrong(Wrong.MALFORMED, language, faults_of(error.errors(include_input=False, include_url=False)))
    if isinstance(error, RequestValidationError):
        return _of_wrong(Wrong.MALFORMED, language, faults_of(error.errors()))
    if isinstance(error, UnknownOutcome):
        return _of_wrong(Wrong.UNKNOWN_OUTCOME, language)
    if isinstance(error, (*UNREACHABLE, Unavailable)):
        return _of_wrong(Wrong.DATABASE_UNREACHABLE, language)
    return _of_wrong(Wrong.INTERNAL_FAULT, language)


def status_of(refusal: Refusal) -> int:
    """HTTP status of a refusal: 403 for who, 422 for what is not there, 409 for every other rule."""
    return _REFUSED_WITH.get(refusal.code, 409)


def _of_refusal(refusal: Refusal, language: Language) -> Problem:
    title, message = WORDS[refusal.code], in_words(refusal)
    asked, available, short_by = (
        None if amount is None else yuan(amount) for amount in (refusal.asked, refusal.available, refusal.short_by)
    )
    return Problem(
        type=_type(refusal.code),
        title=language.choose(title),
        status=status_of(refusal),
        code=refusal.code,
        clause=refusal.clause or None,
        detail=language.choose(message),
        message=Bilingual(zh=message.zh, en=message.en),
        asked=asked,
        available=available,
        short_by=short_by,
        details=_plain(refusal.details),
    )


def _of_not_reconciled(error: NotReconciled, language: Language) -> Problem:
    status = _NOT_RECONCILED_WITH.get(error.why, 409)
    problem = _problem(error.why, status, RECONCILIATION_WORDS[error.why], language)
    return problem.model_copy(update={"details": {"case": int(error.about)}}) if error.why in _OF_A_CASE else problem


def _of_wrong(
    wrong: Wrong, language: Language, problems: Sequence[Fault] = (), details: Mapping[str, Any] | None = None
) -> Problem:
    status, words = ANSWERS[wrong]
    problem = _problem(wrong, status, words, language)
    return problem.model_copy(update={"details": _plain(details or {}), "problems": list(problems)})


def _problem(code: str, status: int, words: Words | Name, language: Language) -> Problem:
    said = language.choose(words)
    message = Bilingual(zh=words.zh, en=words.en)
    return Problem(type=_type(code), title=said, status=status, code=code, detail=said, message=message)


def _type(code: str) -> str:
    return f"urn:funds-ledger:problem:{code}"


def _plain(details: Mapping[str, Any]) -> dict[str, str | int | bool]:
    return {name: value if isinstance(value, int) else str(value) for name, value in details.items()}


def respond(problem: Problem, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """The response that carries a problem."""
    sent = dict(headers or {})
    if problem.status == HTTPStatus.SERVICE_UNAVAILABLE:
        sent["Retry-After"] = str(RETRY_SECONDS)
    if problem.status == HTTPStatus.UNAUTHORIZED:
        sent["WWW-Authenticate"] = "Bearer"
    return JSONResponse(problem.model_dump(exclude_none=True), problem.status, sent, MEDIA_TYPE)


async def refuse(
    wrong: Wrong, scope: Scope, receive: Receive, send: Send, headers: Mapping[str, str] | None = None
) -> None:
    """Answer with a problem before any route is asked; whoever came by browser for a page is told on a page."""
    request, error = Request(scope), ProblemRaised(wrong, headers=headers)
    tell = scope["app"].state.tell if "app" in scope else None
    answer = tell(request, error) if tell else None
    answer = answer or respond(problem_of(error, language_of(request)), headers)
    await answer(scope, receive, send)


def _allowed(app: FastAPI, request: Request) -> dict[str, str]:
    """Allow with every method of an address: several routes may share it, and the framework names those of the first."""
    address = getattr(request.scope.get("route"), "path_format", None)
    documented = app.openapi()["paths"].get(address, {})
    return {"Allow": ", ".join(sorted(method.upper() for method in documented))} if documented else {}


def install(app: FastAPI) -> None:
    """Answer every exception that is foreseen with a problem."""

    async def foreseen(request: Request, error: Exception) -> JSONResponse:
        headers = error.headers if isinstance(error, ProblemRaised) else None
        return respond(problem_of(error, language_of(request)), headers)

    async def http(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, HTTPException)
        wrong = _OF_STATUS.get(error.status_code, Wrong.HTTP_ERROR)
        problem = _of_wrong(wrong, language_of(request)).model_copy(update={"status": error.status_code})
        headers = dict(error.headers or {})
        if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            headers |= _allowed(app, request)
        return respond(problem, headers)

    async def unforeseen(request: Request, error: Exception) -> JSONResponse:
        _log.error("unforeseen", exc_info=error)
        return await foreseen(request, error)

    for kind in (
        Refusal,
        ProblemRaised,
        NotPermitted,
        NotErased,
        NotReconciled,
        NotSampled,
        Faulty,
        OutsideLife,
        RequestValidationError,
        ValidationError,
        *UNSURE,
    ):
        app.add_exception_handler(kind, foreseen)
    app.add_exception_handler(HTTPException, http)
    app.add_exception_handler(InternalFault, unforeseen)
    app.add_exception_handler(PersistenceError, unforeseen)
