"""Sessions 登录: signing in with password and one-time code, who one is, one's own secrets, signing out."""

from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from api.bodies import SmallBodyRoute
from api.openapi import READS, SIGNED_IN, SIGNS_IN
from api.problems import ANSWERS, Bilingual, ProblemRaised, Wrong
from api.security import SESSION_COOKIE, SignedIn, ThePeople, counted_sign_in, session_token
from ledger.access.accounts import Failure, SignInFailed
from ledger.access.credentials import PASSWORD_LENGTH_MAX
from ledger.access.people import Holder, People
from ledger.access.policy import Action, reach
from ledger.access.register import Granted, Person
from ledger.access.sessions import Method
from ledger.domain.catalogue import Role
from ledger.domain.fields import SHAPE, Id

router = APIRouter(prefix="/v1/session", tags=["session"], route_class=SmallBodyRoute)

Password = Annotated[str, Field(min_length=1, max_length=PASSWORD_LENGTH_MAX)]
Code = Annotated[str, Field(pattern=r"^[0-9]{6}$")]


class SignIn(BaseModel):
    """Login and password, a one-time code where one was set up; ``new_password`` where the present one was set by others."""

    model_config = SHAPE

    login: Id
    password: Password
    code: Code | None = None
    new_password: Password | None = None


class GrantLine(BaseModel):
    """A role somebody has for a time, days included. ``acting_for``: the subject who lent it."""

    number: int
    role: Role
    department: str | None = None
    specials: list[str] = []
    sources: list[str] = []
    since: date
    until: date
    acting_for: str | None = None
    of_grant: int | None = None
    granted_by: str
    revoked: bool = False


class WhoAmI(BaseModel):
    """Somebody signed in: who they are, and what they may do in which of their roles.

    ``unconfirmed_since``: an administrator changed how they sign in then, and until a security administrator confirms it
    nothing that is granted to them holds; ``unconfirmed`` says so in words.
    """

    person: str
    subject: str
    name: str
    grants: list[GrantLine]
    actions: list[Action]
    ends_at: datetime | None = None
    unconfirmed_since: datetime | None = None
    unconfirmed: Bilingual | None = None


def grant_line(granted: Granted) -> GrantLine:
    """A grant as it is answered."""
    grant = granted.grant
    return GrantLine(
        number=granted.number,
        role=grant.role,
        department=grant.department,
        specials=sorted(grant.specials),
        sources=sorted(grant.sources),
        since=grant.since,
        until=grant.until,
        acting_for=grant.acting_for,
        of_grant=granted.of_grant,
        granted_by=granted.by,
        revoked=granted.revoked,
    )


def _who(people: People, person: Person, grants: tuple[Granted, ...], ends_at: datetime | None = None) -> WhoAmI:
    unconfirmed = people.register.unconfirmed_since(person.id)
    may = {action for granted in grants for action in Action if reach(granted.grant.role, action)}
    return WhoAmI(
        person=person.id,
        subject=person.human,
        name=person.name,
        grants=[grant_line(granted) for granted in grants],
        actions=sorted(may),
        ends_at=ends_at,
        unconfirmed_since=unconfirmed,
        unconfirmed=Bilingual(**ANSWERS[Wrong.WAY_IN_UNCONFIRMED].words._asdict()) if unconfirmed else None,
    )


def begin_session(request: Request, response: Response, people: People, person: Person, method: Method) -> datetime:
    """Begin a session and hand it to the browser; the one it held before, if any, is over. Answers with its end (UTC)."""
    before = session_token(request)
    if before is not None:
        people.sessions.end(before)
    token, ends_at = people.sessions.begin(person, method)
    secure = request.url.scheme == "https"
    response.set_cookie(SESSION_COOKIE[secure], token, secure=secure, httponly=True, samesite="lax", path="/")
    return ends_at


def end_session(request: Request, response: Response, people: People) -> None:
    """End the session the browser holds, if any, and take it from the browser."""
    token = session_token(request)
    if token is not None:
        people.sessions.end(token)
    for secure, name in SESSION_COOKIE.items():
        response.delete_cookie(name, secure=secure, httponly=True, samesite="lax", path="/")
    response.headers["Clear-Site-Data"] = '"cache", "storage"'


@router.post(
    "",
    summary="登录 / Sign in",
    status_code=201,
    responses=SIGNS_IN,
    response_model_exclude_none=True,
    dependencies=[counted_sign_in],
)
def sign_in(request: Request, response: Response, people: ThePeople, asked: SignIn) -> WhoAmI:
    """口令和动态口令登录;连错五次锁定 15 分钟。With password and one-time code; five failures in a row lock for 15 minutes."""
    try:
        person = people.accounts.sign_in(asked.login, asked.password, asked.code or "", instead=asked.new_password)
    except SignInFailed as failed:
        first = failed.why is Failure.INITIAL_PASSWORD
        raise ProblemRaised(Wrong.NEW_PASSWORD_NEEDED if first else Wrong.SIGN_IN_FAILED) from None
    ends_at = begin_session(request, response, people, person, people.accounts.method(person.id))
    return _who(people, person, people.held(person, request.app.state.today()), ends_at)


@router.get("", summary="本人 / Who I am", responses=READS, response_model_exclude_none=True)
def who_am_i(people: ThePeople, holder: SignedIn) -> WhoAmI:
    """本人的角色和可做的事。One's own roles, and what one may do."""
    return _who(people, holder.person, holder.grants)


@router.delete("", summary="退出 / Sign out", status_code=204, responses=SIGNED_IN)
def sign_out(request: Request, response: Response, people: ThePeople, holder: SignedIn) -> None:
    """会话立即失效。The session is over at once."""
    end_session(request, response, people)


class NewPassword(BaseModel):
    """The present password and the one to come, and a one-time code where one was set up."""

    model_config = SHAPE

    password: Password
    code: Code | None = None
    new_password: Password


@router.post("/password", summary="更换口令 / Set one's password", status_code=204, responses=SIGNED_IN)
def set_password(people: ThePeople, holder: SignedIn, asked: NewPassword) -> None:
    """所有会话随之结束。Every session of one's own ends with it."""
    people.accounts.set_password(_by_session(holder), asked.password, asked.new_password, asked.code or "")


class SecondFactor(BaseModel):
    """A secret for an authenticator, and the address (``otpauth://``) it reads from a QR code."""

    secret: str
    address: str


class OwnPassword(BaseModel):
    """The present password, and a code of the authenticator before, if any, so that an open session is not enough."""

    model_config = SHAPE

    password: Password
    code: Code | None = None


@router.post("/second-factor", summary="设置动态口令 / Set up one-time codes", status_code=201, responses=SIGNED_IN)
def ask_second_factor(people: ThePeople, holder: SignedIn, asked: OwnPassword) -> SecondFactor:
    """用验证器扫描后,以一次动态口令确认生效。Counts once a first code has confirmed it."""
    secret, address = people.accounts.ask_second_factor(_by_session(holder), asked.password, asked.code or "")
    return SecondFactor(secret=secret, address=address)


class FirstCode(BaseModel):
    """A code of the authenticator that was just set up."""

    model_config = SHAPE

    code: Code


@router.post("/second-factor/confirm", summary="确认动态口令 / Confirm them", status_code=204, responses=SIGNED_IN)
def confirm_second_factor(people: ThePeople, holder: SignedIn, asked: FirstCode) -> None:
    """此后每次登录都须动态口令;所有会话随之结束。Every sign-in asks for a code from now on; every session of one's own ends."""
    people.accounts.confirm_second_factor(_by_session(holder), asked.code)


def _by_session(holder: Holder) -> str:
    """The person, who must sit at a browser: a key changes no secrets."""
    if holder.actions is not None:
        raise ProblemRaised(Wrong.NOT_BY_KEY)
    return holder.person.id
