"""Every answer that is not a success: ``application/problem+json`` (RFC 9457), in Chinese or English.

Amounts inside are fen and leave as yuan strings. What the caller sent is never echoed.
"""

import logging
from collections.abc import Mapping, Sequence
from enum import StrEnum
from http import HTTPStatus
from typing import Any, NamedTuple

from eventsourcing.persistence import PersistenceError
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ValidationError
from starlette.exceptions import HTTPException
from starlette.types import Receive, Scope, Send

from api.language import Language, language_of
from api.malformed import Fault, faults_of
from ledger.access.refusals import WORDS as ACCESS_WORDS
from ledger.access.refusals import NotPermitted, Why
from ledger.domain.catalogue import Name
from ledger.domain.money import yuan
from ledger.domain.partial import Unavailable
from ledger.domain.refusals import WORDS, Code, Refusal, Words
from ledger.domain.wording import in_words
from ledger.personal.erasure import WORDS as ERASURE_WORDS
from ledger.personal.erasure import NotErased
from ledger.projections.moment import OutsideLife
from ledger.store import UNREACHABLE
from ledger.writer import InternalFault, UnknownOutcome

MEDIA_TYPE = "application/problem+json"
_log = logging.getLogger("ledger.api")


class Wrong(StrEnum):
    """Stable codes of what is wrong outside the rules; the rules have their own, see ``ledger.domain.refusals.Code``."""

    MALFORMED = "MALFORMED"
    IDEMPOTENCY_KEY_MISSING = "IDEMPOTENCY_KEY_MISSING"
    NOT_SIGNED_IN = "NOT_SIGNED_IN"
    NOT_FOR_THIS_ROLE = "NOT_FOR_THIS_ROLE"
    SIGN_IN_FAILED = "SIGN_IN_FAILED"
    NOT_PROVEN = "NOT_PROVEN"
    IDENTITY_UNKNOWN = "IDENTITY_UNKNOWN"
    PROVIDER_UNAVAILABLE = "PROVIDER_UNAVAILABLE"
    NEW_PASSWORD_NEEDED = "NEW_PASSWORD_NEEDED"  # noqa: S105 - the name of a wrong
    NOT_BY_KEY = "NOT_BY_KEY"
    WAY_IN_UNCONFIRMED = "WAY_IN_UNCONFIRMED"
    SECOND_FACTOR_NEEDED = "SECOND_FACTOR_NEEDED"
    NOT_FOUND = "NOT_FOUND"
    METHOD_NOT_ALLOWED = "METHOD_NOT_ALLOWED"
    TOO_LARGE = "TOO_LARGE"
    MEDIA_TYPE_NOT_SUPPORTED = "MEDIA_TYPE_NOT_SUPPORTED"
    LIST_NOT_RECORDED = "LIST_NOT_RECORDED"
    NUMBER_NOT_REACHED = "NUMBER_NOT_REACHED"
    OUTSIDE_LIFE = "OUTSIDE_LIFE"
    UNKNOWN_OUTCOME = "UNKNOWN_OUTCOME"
    DATABASE_UNREACHABLE = "DATABASE_UNREACHABLE"
    INTERNAL_FAULT = "INTERNAL_FAULT"
    HTTP_ERROR = "HTTP_ERROR"
    CROSS_SITE = "CROSS_SITE"
    MISDIRECTED = "MISDIRECTED"
    TOO_SLOW = "TOO_SLOW"
    TOO_MANY_REQUESTS = "TOO_MANY_REQUESTS"
    TOO_MANY_STREAMS = "TOO_MANY_STREAMS"
    TOO_MANY_JOBS = "TOO_MANY_JOBS"
    HEADERS_TOO_LONG = "HEADERS_TOO_LONG"
    BUSY = "BUSY"


class Answer(NamedTuple):
    """How a wrong is answered: HTTP status and words."""

    status: int
    words: Words


ANSWERS: dict[Wrong, Answer] = {
    Wrong.MALFORMED: Answer(422, Words("请求格式不符", "The request is malformed")),
    Wrong.IDEMPOTENCY_KEY_MISSING: Answer(
        422, Words("缺少 Idempotency-Key 请求头", "The Idempotency-Key header is missing")
    ),
    Wrong.NOT_SIGNED_IN: Answer(
        401,
        Words(
            "未登录、会话已过期或密钥无效:请登录,或使用 Authorization: Bearer <密钥>",
            "Not signed in, the session is over or the key is not valid: sign in, or send Authorization: Bearer <key>",
        ),
    ),
    Wrong.NOT_FOR_THIS_ROLE: Answer(403, Words("该角色无权进行此操作", "This role may not do this")),
    Wrong.SIGN_IN_FAILED: Answer(
        401,
        Words(
            "登录名、口令或动态口令不符,或账号暂时锁定、已停用;可稍后再试或联系系统管理员",
            "Login, password or code do not fit, or the account is locked or disabled; try later, or ask an administrator",
        ),
    ),
    Wrong.NOT_PROVEN: Answer(
        401,
        Words(
            "未能登录:统一身份认证的答复与本次登录不符、已使用或已过时;请重新登录",
            "Nobody was signed in: the provider's answer does not fit this sign-in, was used or came too late; begin again",
        ),
    ),
    Wrong.IDENTITY_UNKNOWN: Answer(
        403,
        Words(
            "该身份未关联在用人员,请联系系统管理员;审计日志中有其标识",
            "This identity is linked to nobody who may sign in; ask an administrator, who finds it in the audit record",
        ),
    ),
    Wrong.PROVIDER_UNAVAILABLE: Answer(
        503,
        Words(
            "统一身份认证暂不可用或设置有误,请稍后重试或联系系统管理员",
            "The identity provider is away or not set up rightly; try again shortly, or ask an administrator",
        ),
    ),
    Wrong.NEW_PASSWORD_NEEDED: Answer(
        403,
        Words(
            "口令由管理员设置:请在 new_password 中设置本人口令后登录",
            "The password was set by an administrator: sign in with one of your own in new_password",
        ),
    ),
    Wrong.NOT_BY_KEY: Answer(403, Words("此操作须登录后进行,不能使用密钥", "This needs a sign-in; a key will not do")),
    Wrong.SECOND_FACTOR_NEEDED: Answer(
        403,
        Words(
            "经网络使用须先设置动态口令:POST /v1/session/second-factor,确认后重新登录",
            "Over a network one-time codes are needed: set them up with POST /v1/session/second-factor, confirm, sign in again",
        ),
    ),
    Wrong.WAY_IN_UNCONFIRMED: Answer(
        403,
        Words(
            "您的登录方式由系统管理员变更过,授权在安全管理员确认前暂不生效;请联系安全管理员",
            "A system administrator changed how you sign in: what is granted to you lies dormant until a security "
            "administrator confirms it; ask one",
        ),
    ),
    Wrong.NOT_FOUND: Answer(404, Words("未找到", "There is no such thing here")),
    Wrong.METHOD_NOT_ALLOWED: Answer(405, Words("此处不支持该请求方法", "This method is not allowed here")),
    Wrong.TOO_LARGE: Answer(413, Words("请求内容过大", "The body is too large")),
    Wrong.MEDIA_TYPE_NOT_SUPPORTED: Answer(415, Words("不支持该内容类型", "This media type is not supported")),
    Wrong.LIST_NOT_RECORDED: Answer(
        409, Words("整批未记录,请按行查看原因", "Nothing of the list was recorded; see the reason at each line")
    ),
    Wrong.NUMBER_NOT_REACHED: Answer(
        503, Words("账本尚未记到 min_number,请稍后重试", "The ledger has not reached min_number; ask again shortly")
    ),
    Wrong.OUTSIDE_LIFE: Answer(
        422,
        Words(
            "该时点不在账本存续期内:请取 first 至 last 之间",
            "The ledger knows nothing of that moment: ask for one from first to last",
        ),
    ),
    Wrong.UNKNOWN_OUTCOME: Answer(
        503,
        Words(
            "尚不能确定是否已记录,请用同一请求键重试", "Whether it was recorded is unknown: ask again with the same key"
        ),
    ),
    Wrong.DATABASE_UNREACHABLE: Answer(
        503, Words("暂时无法连接数据库,请稍后重试", "The database cannot be reached; ask again shortly")
    ),
    Wrong.INTERNAL_FAULT: Answer(
        500,
        Words(
            "程序内部错误,此请求未记录,已写入日志",
            "An internal fault; nothing of this request was recorded, see the log",
        ),
    ),
    Wrong.HTTP_ERROR: Answer(400, Words("请求无法处理", "The request cannot be handled")),
    Wrong.CROSS_SITE: Answer(
        403, Words("请求来自其他网站,未予执行", "Another site made this request; nothing was done")
    ),
    Wrong.TOO_SLOW: Answer(
        408, Words("请求传送过慢,连接已关闭", "The request came too slowly; the connection is closed")
    ),
    Wrong.TOO_MANY_REQUESTS: Answer(
        429, Words("请求过于频繁,请按 Retry-After 稍后重试", "Too many requests: ask again after Retry-After seconds")
    ),
    Wrong.TOO_MANY_STREAMS: Answer(
        429,
        Words("本人打开的推送过多,请先关闭其他窗口", "One person has too many streams open: close other windows first"),
    ),
    Wrong.TOO_MANY_JOBS: Answer(
        429, Words("后台任务过多,请待其结束", "Too much long work is under way: wait until some of it has ended")
    ),
    Wrong.HEADERS_TOO_LONG: Answer(431, Words("请求地址或请求头过长", "The address or the headers are too long")),
    Wrong.BUSY: Answer(503, Words("连接过多,请稍后重试", "Too many connections; ask again shortly")),
    Wrong.MISDIRECTED: Answer(
        421,
        Words(
            "请使用 LEDGER_PUBLIC_URL 的地址访问;反向代理须传递 Host 和 X-Forwarded-Proto",
            "Ask at the address of LEDGER_PUBLIC_URL; a reverse proxy has to pass Host and X-Forwarded-Proto on",
        ),
    ),
}
_OF_STATUS = {404: Wrong.NOT_FOUND, 405: Wrong.METHOD_NOT_ALLOWED, 413: Wrong.TOO_LARGE}
_NOT_PERMITTED_WITH = {
    Why.UNKNOWN_PERSON: 404,
    Why.OWN_RIGHTS: 403,
    Why.NOT_A_MACHINE: 403,
    Why.NOT_LENDABLE: 403,
} | dict.fromkeys(
    (Why.WEAK_PASSWORD, Why.SAME_PASSWORD, Why.SCOPE_MISSING, Why.DAYS, Why.WRONG_CODE, Why.WRONG_PASSWORD), 422
)
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
    """Answer with a problem before any route is asked."""
    await respond(problem_of(ProblemRaised(wrong), language_of(Request(scope))), headers)(scope, receive, send)


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
        OutsideLife,
        RequestValidationError,
        ValidationError,
        UnknownOutcome,
        Unavailable,
        *UNREACHABLE,
    ):
        app.add_exception_handler(kind, foreseen)
    app.add_exception_handler(HTTPException, http)
    app.add_exception_handler(InternalFault, unforeseen)
    app.add_exception_handler(PersistenceError, unforeseen)
