"""People 人员: who there is and their accounts (system administration), what is granted to them (security administration)."""

from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from pydantic import AwareDatetime, BaseModel, Field

from api.bodies import SmallBodyRoute
from api.openapi import READS, WRITES
from api.problems import ProblemRaised, Wrong
from api.reading import NUMBER_MAX, After, Limit
from api.routes.session import GrantLine, grant_line
from api.security import Granter, Lender, PeopleKeeper, PeopleReader, ThePeople
from ledger.access.people import People
from ledger.access.policy import Grant
from ledger.access.register import Entry
from ledger.domain.catalogue import Fund, Plan, Role, Source
from ledger.domain.fields import SHAPE, CreditCode, Day, Id, SpecialCode, Text

router = APIRouter(prefix="/v1", tags=["people"], route_class=SmallBodyRoute)

Who = Annotated[Id, Path(description="人员编号 / id of the person")]
Number = Annotated[int, Path(ge=1, le=NUMBER_MAX, description="授权编号 / number of the grant")]
Issuer = Annotated[str, Field(pattern=r"^https?://[!-~]{1,200}$")]
ForeignSubject = Annotated[str, Field(pattern=r"^[!-~]{1,255}$")]


class Identity(BaseModel):
    """Who somebody is at an OIDC provider."""

    model_config = SHAPE

    issuer: Issuer
    subject: ForeignSubject


class PersonLine(BaseModel):
    """Somebody. ``human`` is the subject the log keeps: accounts that share it are one human's.

    ``unconfirmed_since``: when an administrator changed how they come in; until that is confirmed no grant of theirs holds.
    """

    person: str
    human: str
    name: str
    machine: bool
    enabled: bool
    login: str | None = None
    identities: list[Identity] = []
    grants: list[GrantLine] = []
    unconfirmed_since: datetime | None = None


class PeoplePage(BaseModel):
    """A page of people by id; ``next`` goes into ``after``."""

    people: list[PersonLine]
    next: str | None = None


def _line(entry: Entry) -> PersonLine:
    person = entry.person
    return PersonLine(
        person=person.id,
        human=person.human,
        name=person.name,
        machine=person.machine,
        enabled=entry.enabled,
        login=entry.login,
        identities=[Identity(issuer=issuer, subject=subject) for issuer, subject in entry.identities],
        grants=[grant_line(granted) for granted in entry.grants],
        unconfirmed_since=entry.unconfirmed_since,
    )


def _of(people: People, person: str) -> PersonLine:
    entry = people.register.entry(person)
    if entry is None:
        raise ProblemRaised(Wrong.NOT_FOUND)
    return _line(entry)


@router.get("/people", summary="人员清单 / People", responses=READS, response_model_exclude_none=True)
def list_people(people: ThePeople, caller: PeopleReader, after: After = None, limit: Limit = 100) -> PeoplePage:
    """人员、账号和授权。People, their accounts and what was ever granted to them."""
    found = people.register.everybody(after or "", limit + 1)
    lines = [_line(entry) for entry in found[:limit]]
    return PeoplePage(people=lines, next=lines[-1].person if len(found) > limit else None)


@router.get("/people/{person}", summary="一名人员 / One of them", responses=READS, response_model_exclude_none=True)
def read_person(people: ThePeople, caller: PeopleReader, person: Who) -> PersonLine:
    """一名人员。One person."""
    return _of(people, person)


class NewPerson(BaseModel):
    """``same_as``: another account of the same human. A machine signs in with keys only."""

    model_config = SHAPE

    name: Text
    machine: bool = False
    same_as: Id | None = None


@router.post(
    "/people", summary="登记人员 / Register", status_code=201, responses=WRITES, response_model_exclude_none=True
)
def add_person(people: ThePeople, caller: PeopleKeeper, asked: NewPerson) -> PersonLine:
    """登记后由安全管理员授权。What they may do is granted by the security administrator."""
    person = people.register.add(asked.name, caller.person.id, machine=asked.machine, same_as=asked.same_as)
    return _of(people, person.id)


class SameHuman(BaseModel):
    """The other account."""

    model_config = SHAPE

    same_as: Id


@router.post(
    "/people/{person}/same-human", summary="同一自然人 / Same human", responses=WRITES, response_model_exclude_none=True
)
def join_person(people: ThePeople, caller: PeopleKeeper, person: Who, asked: SameHuman) -> PersonLine:
    """认定两个账号属同一自然人,此后不得互相审批。Two accounts are one human's: neither approves what the other asked for."""
    people.register.join(person, asked.same_as, caller.person.id)
    return _of(people, person)


@router.post("/people/{person}/disable", summary="停用 / Disable", responses=WRITES, response_model_exclude_none=True)
def disable_person(people: ThePeople, caller: PeopleKeeper, person: Who) -> PersonLine:
    """会话和密钥立即失效。Sessions and keys are dead at once."""
    people.register.disable(person, caller.person.id)
    return _of(people, person)


@router.post("/people/{person}/enable", summary="恢复 / Enable", responses=WRITES, response_model_exclude_none=True)
def enable_person(people: ThePeople, caller: PeopleKeeper, person: Who) -> PersonLine:
    """可重新登录;密钥须重新签发。They may sign in again; keys have to be made anew."""
    people.register.enable(person, caller.person.id)
    return _of(people, person)


@router.post("/people/{person}/sign-out", summary="强制下线 / Sign out", status_code=204, responses=WRITES)
def sign_person_out(people: ThePeople, caller: PeopleKeeper, person: Who) -> None:
    """结束其全部会话。All their sessions are over at once."""
    people.sessions.end_all(person, caller.person.id)


class NewAccount(BaseModel):
    """The login of a local account."""

    model_config = SHAPE

    login: Id


class FirstPassword(BaseModel):
    """Shown once; to be changed at the first sign-in."""

    login: str
    password: str


@router.post(
    "/people/{person}/account", summary="开立或重置账号 / Open or reset an account", status_code=201, responses=WRITES
)
def open_account(people: ThePeople, caller: PeopleKeeper, person: Who, asked: NewAccount) -> FirstPassword:
    """初始口令仅显示一次,首次登录须更换;动态口令清除;已有授权待安全管理员确认后生效。

    The first password is shown once; one-time codes are reset. What is granted to them lies dormant until it is confirmed.
    """
    return FirstPassword(login=asked.login, password=people.accounts.open(person, asked.login, caller.person.id))


@router.post(
    "/people/{person}/identities",
    summary="关联外部身份 / Link",
    status_code=201,
    responses=WRITES,
    response_model_exclude_none=True,
)
def link_identity(people: ThePeople, caller: PeopleKeeper, person: Who, asked: Identity) -> PersonLine:
    """统一身份认证中的用户即此人;已有授权待安全管理员确认后生效。

    A user of the OIDC provider is this person. What is granted to them lies dormant until it is confirmed.
    """
    people.register.link(person, asked.issuer, asked.subject, caller.person.id)
    return _of(people, person)


@router.delete("/people/{person}/identities", summary="解除外部身份 / Unlink", status_code=204, responses=WRITES)
def unlink_identity(
    people: ThePeople,
    caller: PeopleKeeper,
    person: Who,
    issuer: Annotated[Issuer, Query()],
    subject: Annotated[ForeignSubject, Query()],
) -> None:
    """该身份不再是此人,其会话结束。That identity is nobody any more; their sessions end."""
    people.register.unlink(person, issuer, subject, caller.person.id)


# -- grants


class WayInSeen(BaseModel):
    """``unconfirmed_since`` of the person as it was read: what changed after it is not confirmed with it."""

    model_config = SHAPE

    unconfirmed_since: Annotated[AwareDatetime, Field(strict=False)]


@router.post(
    "/people/{person}/confirm", summary="确认登录方式 / Confirm", responses=WRITES, response_model_exclude_none=True
)
def confirm_way_in(people: ThePeople, caller: Granter, person: Who, asked: WayInSeen) -> PersonLine:
    """向本人核实登录名和外部身份后确认,授权恢复;不得为本人确认。

    Once the person has said that login and identities are theirs: what is granted to them holds again. Never one's own.
    """
    people.register.confirm(person, asked.unconfirmed_since, caller.person.id)
    return _of(people, person)


class NewGrant(BaseModel):
    """A role for a time, days included (Asia/Shanghai): from today, without end, where none is named.

    ``specials``: codes of specials or plans. ``sources``: the funds and other sources it is confined to. ``seen``: the newest
    grant of theirs that was read, 0 where there was none; where another came since, nothing is granted.
    """

    model_config = SHAPE

    role: Role = Field(strict=False)
    department: CreditCode | None = None
    specials: list[SpecialCode | Annotated[Plan, Field(strict=False)]] = []
    sources: list[Annotated[Fund, Field(strict=False)] | Annotated[Source, Field(strict=False)]] = []
    since: Day | None = None
    until: Day | None = None
    seen: Annotated[int, Field(ge=0, le=NUMBER_MAX)] | None = None


@router.post(
    "/people/{person}/grants",
    summary="授权 / Grant",
    status_code=201,
    responses=WRITES,
    response_model_exclude_none=True,
)
def grant_role(request: Request, people: ThePeople, caller: Granter, person: Who, asked: NewGrant) -> PersonLine:
    """不得为本人授权;三员、审计、国库数据不得兼任。Never to oneself; administrators, audit and feed stand alone."""
    days = (asked.since or request.app.state.today(), asked.until or date.max)
    grant = Grant(asked.role, asked.department, frozenset(asked.specials), frozenset(asked.sources), *days)
    people.register.grant(person, grant, caller.person.id, seen=asked.seen)
    return _of(people, person)


@router.delete("/grants/{number}", summary="撤权 / Revoke", status_code=204, responses=WRITES)
def revoke_grant(people: ThePeople, caller: Granter, number: Number) -> None:
    """立即生效,转授的一并撤回。At once, with all that was lent of it."""
    people.register.revoke(number, caller.person.id)


# -- lending (A/B 角)


class NewLoan(BaseModel):
    """Which of one's own grants is lent to whom, for which days (included, Asia/Shanghai)."""

    model_config = SHAPE

    grant: int
    to: Id
    since: Day
    until: Day


class Loans(BaseModel):
    """What one lent and was lent, newest first; ``person`` is who may use it."""

    lent: list[GrantLine]
    borrowed: list[GrantLine]


@router.get("/delegations", summary="委托 / What is lent", responses=READS, response_model_exclude_none=True)
def list_loans(people: ThePeople, caller: Lender) -> Loans:
    """本人委托他人和受托的角色。Roles one lent, and was lent."""
    found = people.register.lent(caller.person.id)
    mine = [grant_line(one) for one in found if one.by == caller.person.id]
    return Loans(lent=mine, borrowed=[grant_line(one) for one in found if one.person == caller.person.id])


@router.post(
    "/delegations", summary="委托代办 / Lend", status_code=201, responses=WRITES, response_model_exclude_none=True
)
def lend_role(people: ThePeople, caller: Lender, asked: NewLoan) -> Loans:
    """A/B 角:受托人代为办理,双方提交的都不得审批。They act in one's place, and approve nothing either proposed."""
    people.register.lend(caller.person.id, asked.grant, asked.to, asked.since, asked.until)
    return list_loans(people, caller)


@router.delete("/delegations/{number}", summary="收回委托 / Take back", status_code=204, responses=WRITES)
def take_back(people: ThePeople, caller: Lender, number: Number) -> None:
    """立即生效。At once."""
    people.register.revoke(number, caller.person.id, own=True)
