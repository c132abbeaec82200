"""Acts on people 人员办理: enrolled, their account opened or reset, signed out, disabled; roles granted and taken back.

What is to be done stands in the address, and the page lists what it changes; then it is sent, and done once by the function of
its route. What was refused is said in the same place, with what was typed.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple, TypeVar

from fastapi import Request
from pydantic import BaseModel, ValidationError

from api.bodies import number_in
from api.language import Language
from api.problems import Problem, ProblemRaised, Wrong, problem_of
from api.routes import people as routes
from api.routes.people import FirstPassword, PersonLine
from api.security import Caller
from ledger.access.people import People
from ledger.access.policy import Action
from ledger.access.refusals import WORDS as REFUSED
from ledger.access.refusals import Why
from ledger.access.segregation import conflict
from ledger.domain.catalogue import ROLES, Name

_SEPARATORS = re.compile(r"[\s,,、;;]+")
NO_END = Name("不限", "no end")
M = TypeVar("M", bound=BaseModel)


class Act(NamedTuple):
    """Something that is done to somebody: what it is called, for which action, and the fields that say more."""

    name: Name
    action: Action
    fields: tuple[str, ...] = ()


ACTS: dict[str, Act] = {
    "account": Act(Name("开立或重置账号", "Open or reset the account"), Action.KEEP_PEOPLE, ("login",)),
    "sign-out": Act(Name("强制下线", "Sign out everywhere"), Action.KEEP_PEOPLE),
    "disable": Act(Name("停用", "Disable"), Action.KEEP_PEOPLE),
    "enable": Act(Name("恢复", "Enable"), Action.KEEP_PEOPLE),
    "grant": Act(
        Name("授权", "Grant a role"),
        Action.GRANT_ROLES,
        ("role", "department", "specials", "sources", "since", "until", "seen"),
    ),
    "revoke": Act(Name("撤权", "Take a grant back"), Action.GRANT_ROLES, ("number",)),
    "confirm": Act(Name("确认登录方式", "Confirm the way in"), Action.GRANT_ROLES, ("unconfirmed_since",)),
}


class Review(NamedTuple):
    """What is to be done, before it is: what it changes, or what is wrong with what was typed, by field; ``refused``: why not."""

    act: str
    typed: dict[str, str]
    changes: list[Name]
    warnings: list[Name]
    wrong: dict[str, str]
    refused: Name | None


def reviewed(
    people: People, caller: Caller, found: PersonLine, asked: Mapping[str, str], language: Language
) -> Review | None:
    """What the address asks to be done to somebody; None: nothing, or nothing that whoever looks may do."""
    name = asked.get("act", "")
    act = ACTS.get(name)
    if act is None or caller.reach(act.action) is None:
        return None
    typed = {field: asked[field] for field in act.fields if field in asked}
    if name == "grant" and "role" not in typed:
        return None
    typed |= {"seen": str(max((grant.number for grant in found.grants), default=0))} if name == "grant" else {}
    refused = REFUSED[Why(asked["refused"])] if asked.get("refused") in set(Why) else None
    try:
        changes = list(_changes(people, found, name, typed))
    except ValidationError as error:
        problem = problem_of(error, language)
        return Review(name, typed, [], [], at_fields(problem, language), refused)
    return Review(name, typed, changes, list(_warnings(found, name, typed)), {}, refused)


def at_fields(problem: Problem, language: Language) -> dict[str, str]:
    """Field → what is wrong with it."""
    return {fault.where.split(".")[0]: language.choose(fault) for fault in problem.problems}


def read(model: type[M], said: Mapping[str, Any]) -> M:
    """What was typed, as the route would be sent it; nothing where it is empty. Raises ValidationError."""
    told = {name: value.strip() if isinstance(value, str) else value for name, value in said.items()}
    return model.model_validate_json(json.dumps({name: value for name, value in told.items() if value not in ("", [])}))


def _grant(typed: Mapping[str, str]) -> routes.NewGrant:
    """The grant that was typed. Raises ValidationError."""
    said: dict[str, Any] = dict(typed)
    for name in ("specials", "sources"):
        said[name] = list(filter(None, _SEPARATORS.split(typed.get(name, ""))))
    if (seen := number_in(typed.get("seen", ""))) is not None:
        said["seen"] = seen
    return read(routes.NewGrant, said)


def _changes(people: People, found: PersonLine, act: str, typed: Mapping[str, str]) -> Iterator[Name]:
    """What an act changes, in words. Raises ValidationError."""
    holding = [grant for grant in found.grants if not grant.revoked]
    match act:
        case "account":
            read(routes.NewAccount, typed)
            yield Name(f"登录名 {typed['login']}:原口令作废,生成新的初始口令,仅显示一次", f"login {typed['login']}: "
                       "the present password is void; a new first password is made and shown once")  # fmt: skip
            yield Name(
                "动态口令清除,锁定解除,全部会话立即结束", "the one-time code and any lock are gone, every session ends"
            )
            for grant in holding:
                yield Name(f"授权 {grant.number}({ROLES[grant.role].zh})待安全管理员确认后恢复",
                           f"grant {grant.number} ({ROLES[grant.role].en}) lies dormant until the way in is confirmed")  # fmt: skip
        case "sign-out":
            yield Name("全部会话立即结束;可重新登录", "every session ends at once; they may sign in again")
        case "disable":
            yield Name("全部会话立即结束,不能再登录", "every session ends at once, and they can sign in no more")
            for key in (key for key in people.keys.of_person(found.person) if key.revoked_at is None):
                yield Name(f"密钥 {key.id} 永久作废", f"key {key.id} is dead for good")
        case "enable":
            yield Name("可以重新登录;密钥须重新签发", "they may sign in again; keys have to be made anew")
        case "grant":
            asked = _grant(typed)
            scope = "".join(f" {one}" for one in (asked.department, *asked.specials, *asked.sources) if one)
            until = Name(str(asked.until), str(asked.until)) if asked.until else NO_END
            yield Name(f"{ROLES[asked.role].zh}{scope},{asked.since or '今天'}起,至 {until.zh}",
                       f"{ROLES[asked.role].en}{scope} from {asked.since or 'today'}, until: {until.en}")  # fmt: skip
        case "revoke":
            yield from _taken_back(people, found, typed.get("number", ""))
        case "confirm":
            yield from _confirmed(found, typed)


def _confirmed(found: PersonLine, typed: Mapping[str, str]) -> Iterator[Name]:
    since = found.unconfirmed_since.isoformat() if found.unconfirmed_since else ""
    read(routes.WayInSeen, {"unconfirmed_since": since, **typed})
    for way in [found.login or "", *(f"{one.issuer} {one.subject}" for one in found.identities)]:
        if way:
            yield Name(f"本人已确认由 {way} 登录", f"they said that they sign in by {way}")
    for grant in found.grants:
        if not grant.revoked:
            number, role = grant.number, ROLES[grant.role]
            yield Name(f"授权 {number}({role.zh})恢复", f"grant {number} ({role.en}) holds again")


def _taken_back(people: People, found: PersonLine, number: str) -> Iterator[Name]:
    for grant in found.grants:
        if str(grant.number) == number and not grant.revoked:
            yield Name(f"授权 {number}({ROLES[grant.role].zh})立即失效",
                       f"grant {number} ({ROLES[grant.role].en}) holds no more")  # fmt: skip
    for lent in people.register.lent(found.person):
        if str(lent.of_grant) == number and not lent.revoked:
            yield Name(f"转授给 {lent.person} 的授权 {lent.number} 一并撤回",
                       f"with it grant {lent.number}, which was lent to {lent.person}")  # fmt: skip


def _warnings(found: PersonLine, act: str, typed: Mapping[str, str]) -> Iterator[Name]:
    """What must not meet (不相容岗位) and would; of administrators, audit and the feed the register refuses it."""
    if act != "grant":
        return
    asked = _grant(typed)
    for grant in found.grants:
        if not grant.revoked and conflict(grant.role, asked.role):
            yield Name(f"与授权 {grant.number}({ROLES[grant.role].zh})不相容",
                       f"must not meet grant {grant.number} ({ROLES[grant.role].en})")  # fmt: skip


# -- done


def was_done(caller: Caller, found: PersonLine, act: str, typed: Mapping[str, str]) -> bool:
    """Whether it stands as it was asked for: it was sent twice."""
    match act:
        case "grant":
            asked, newest = _grant(typed), found.grants[-1] if found.grants else None
            return (
                newest is not None
                and asked.seen is not None
                and newest.number > asked.seen
                and (newest.granted_by, newest.role, newest.revoked) == (caller.person.id, asked.role, False)
                and (newest.department, set(newest.specials), set(newest.sources))
                == (asked.department, set(asked.specials), set(asked.sources))
                and newest.until == (asked.until or date.max)
            )
        case "revoke":
            return any(str(grant.number) == typed.get("number") and grant.revoked for grant in found.grants)
        case "confirm":
            return found.unconfirmed_since is None
    return False


Do = Callable[[Request, People, Caller, str, Mapping[str, str]], FirstPassword | PersonLine | None]


def _revoke(_: Request, people: People, caller: Caller, person: str, typed: Mapping[str, str]) -> None:
    """A grant of this person, and of nobody else."""
    found = routes.read_person(people, caller, person)
    number = next((grant.number for grant in found.grants if str(grant.number) == typed.get("number")), None)
    if number is None:
        raise ProblemRaised(Wrong.NOT_FOUND)
    routes.revoke_grant(people, caller, number)


DO: dict[str, Do] = {
    "account": lambda _, people, caller, person, typed: routes.open_account(
        people, caller, person, read(routes.NewAccount, typed)
    ),
    "sign-out": lambda _, people, caller, person, __: routes.sign_person_out(people, caller, person),
    "disable": lambda _, people, caller, person, __: routes.disable_person(people, caller, person),
    "enable": lambda _, people, caller, person, __: routes.enable_person(people, caller, person),
    "grant": lambda request, people, caller, person, typed: routes.grant_role(
        request, people, caller, person, _grant(typed)
    ),
    "revoke": _revoke,
    "confirm": lambda _, people, caller, person, typed: routes.confirm_way_in(
        people, caller, person, read(routes.WayInSeen, typed)
    ),
}
"""Act → the function of its route."""
