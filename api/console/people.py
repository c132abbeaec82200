"""The register of people 人员: who there is, how they come in, and every grant with the days on which it holds."""

import re
import secrets
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

from fastapi import Depends, Request, Response
from pydantic import ValidationError

from api.console.people_acts import ACTS, DO, NO_END, at_fields, read, reviewed, was_done
from api.console.shell import Place, form_of, go, pages, show
from api.console.view import view_of
from api.problems import ProblemRaised, Wrong, malformed, problem_of
from api.reading import After, Limit, Today
from api.routes.people import FirstPassword, NewPerson, Who, list_people, read_person
from api.security import Caller, Granter, PeopleKeeper, PeopleReader, ThePeople
from ledger.access.people import People
from ledger.access.policy import Action
from ledger.access.refusals import NotPermitted, Why
from ledger.domain.catalogue import ROLES, Name

REGISTER = Place("/people", Name("人员", "People"), Action.SEE_PEOPLE)
router = pages()
Sent = Annotated[dict[str, str], Depends(form_of)]
_FRESH = re.compile(r"p-[0-9a-f]{16}", re.ASCII)
WORDS = {
    "title": REGISTER.name,
    "person": Name("编号", "Id"),
    "name": Name("姓名", "Name"),
    "login": Name("登录名", "Login"),
    "enabled": Name("启用", "enabled"),
    "disabled": Name("已停用", "disabled"),
    "machine": Name("机器", "machine"),
    "unconfirmed": Name("登录方式变更待确认,授权暂不生效", "way in changed and not confirmed: no grant holds"),
    "grants": Name("有效授权", "Grants that hold"),
    "all_grants": Name("历次授权", "Every grant"),
    "role": Name("角色", "Role"),
    "scope": Name("范围", "Confined to"),
    "since": Name("起始", "Since"),
    "until": Name("截止", "Until"),
    "by": Name("授权人", "Granted by"),
    "acting_for": Name("代 {}", "for {}"),
    "no_end": NO_END,
    "revoked": Name("已撤销", "revoked"),
    "ended": Name("已到期", "ended"),
    "to_come": Name("尚未开始", "to come"),
    "holds": Name("有效", "holds"),
    "human": Name("自然人", "Human"),
    "identities": Name("外部身份", "Identities elsewhere"),
    "all_people": Name("全部人员", "All people"),
    "its_trail": Name("审计日志", "In the audit record"),
    "none_granted": Name("没有授权", "Nothing was granted"),
    "enrol": Name("登记人员", "Enrol somebody"),
    "enrol_note": Name(
        "登记后开立账号,再由安全管理员授权",
        "Then open their account, and the security administrator grants their roles",
    ),
    "full_name": Name("姓名或系统名称", "Name"),
    "is_machine": Name("机器账号,只用密钥", "a machine, with keys only"),
    "same_as": Name("与谁为同一自然人(编号,可不填)", "Same human as (id, not needed)"),
    "do_keep": Name("办理", "What may be done"),
    "login_help": Name("重置的,填写现有登录名", "to reset it, give the present login"),
    "department": Name("单位信用代码", "Credit code of the department"),
    "department_help": Name("仅推荐、渠道部门,承担单位和盟市填写", "of departments, undertakers and leagues only"),
    "specials": Name("专项或计划", "Specials or plans"),
    "specials_help": Name("仅专项主管填写,可多项", "of programme managers only; several are separated by blanks"),
    "sources": Name("限定的资金或来源", "Confined to funds or sources"),
    "sources_help": Name("不填为全部", "all where left empty"),
    "since_help": Name("不填自今天起", "from today where left empty"),
    "until_help": Name("含当日;不填不限", "that day included; no end where left empty"),
    "look_first": Name("列出变更,待确认", "List what it changes"),
    "sure": Name("确认办理:{}", "To be confirmed: {}"),
    "will": Name("将有下列变更:", "It changes this:"),
    "do_it": Name("确认办理", "Confirm"),
    "leave": Name("不办理", "Leave it"),
    "must_not_meet": Name("不相容岗位:", "Duties that must not meet:"),
    "nothing_changes": Name("没有可变更的内容,请返回查看", "It changes nothing: look at the person again"),
    "first_password": Name(
        "{} 的初始口令(仅显示一次,首次登录须更换):",
        "The first password of {}, shown this once and to be changed at the first sign-in:",
    ),
}


@router.get("/people")
def people_page(
    request: Request, people: ThePeople, caller: PeopleReader, today: Today, after: After = None, limit: Limit = 50
) -> Response:
    """人员清单,由系统管理员登记。People, and what holds for them today."""
    return _list(request, people, caller, today, after, limit)


def _list(
    request: Request,
    people: People,
    caller: Caller,
    today: date,
    after: str | None = None,
    limit: int = 50,
    *,
    status: int = 200,
    typed: Mapping[str, str] | None = None,
    wrong: Mapping[str, str] | None = None,
) -> Response:
    """``typed`` and ``wrong``: of whom somebody tried to enrol."""
    said: dict[str, Any] = {
        "found": list_people(people, caller, after, limit),
        "roles": ROLES,
        "today": today,
        "may_enrol": caller.reach(Action.KEEP_PEOPLE) is not None,
        "typed": typed or {},
        "wrong": wrong or {},
        "fresh": f"p-{secrets.token_hex(8)}",
    }
    return show(request, caller, "people.html", WORDS, status=status, scripts=["own/once.js"], **said)


@router.post("/people")
def enrol(request: Request, people: ThePeople, caller: PeopleKeeper, today: Today, sent: Sent) -> Response:
    """登记人员;同一表单提交两次,只登记一人。"""
    known_as, view = sent.get("person", ""), view_of(request)
    if not _FRESH.fullmatch(known_as):
        raise malformed("person", "请重新打开本页", "open the page anew")
    try:
        asked = read(
            NewPerson, {"name": sent.get("name", ""), "same_as": sent.get("same_as", ""), "machine": "machine" in sent}
        )
        about = {"machine": asked.machine, "same_as": asked.same_as, "known_as": known_as}
        people.register.add(asked.name, caller.person.id, **about)  # type: ignore[arg-type]
    except (ValidationError, NotPermitted) as error:
        if not (isinstance(error, NotPermitted) and error.why is Why.ALREADY_THERE):  # sent twice: it is them
            problem = problem_of(error, view.language)
            wrong = at_fields(problem, view.language) or {"same_as": problem.detail}
            return _list(request, people, caller, today, typed=sent, wrong=wrong, status=problem.status)
    return go(request, f"/people/{known_as}")


@router.get("/people/{person:path}/kept")
def back_from_keeping(request: Request, caller: PeopleReader, person: Who) -> Response:
    """表单的地址不是页面:回到该人员。What a form is sent to is no page: back to the person."""
    return go(request, f"/people/{person}")


@router.get("/people/{person:path}/granted")
def back_from_granting(request: Request, caller: PeopleReader, person: Who) -> Response:
    """同上。Likewise."""
    return go(request, f"/people/{person}")


@router.get("/people/{person:path}")
def person_page(request: Request, people: ThePeople, caller: PeopleReader, today: Today, person: Who) -> Response:
    """一名人员:登录方式、历次授权;地址写明要办的事项的,列出其变更,待确认。"""
    return _one(request, people, caller, today, person)


def _one(
    request: Request, people: People, caller: Caller, today: date, person: str, first: FirstPassword | None = None
) -> Response:
    """``first``: the password that somebody begins with, shown this once."""
    found, view = read_person(people, caller, person), view_of(request)
    review = None if first else reviewed(people, caller, found, dict(view.query), view.language)
    with_seen = found.unconfirmed_since.isoformat() if found.unconfirmed_since else ""
    said: dict[str, Any] = {
        "found": found,
        "roles": ROLES,
        "today": today,
        "trail": caller.reach(Action.SEE_TRAIL) is not None,
        "may_keep": caller.reach(Action.KEEP_PEOPLE) is not None,
        "may_grant": caller.reach(Action.GRANT_ROLES) is not None,
        "acts": ACTS,
        "review": review,
        "typed": review.typed if review else {},
        "wrong": review.wrong if review else {},
        "unconfirmed_since": with_seen,
        "first": first,
    }
    return show(request, caller, "person.html", WORDS, scripts=["own/once.js"], **said)


@router.post("/people/{person:path}/kept")
def keep(request: Request, people: ThePeople, caller: PeopleKeeper, today: Today, person: Who, sent: Sent) -> Response:
    """开立或重置账号、下线、停用、恢复。"""
    return _done(request, people, caller, today, person, sent)


@router.post("/people/{person:path}/granted")
def grant(request: Request, people: ThePeople, caller: Granter, today: Today, person: Who, sent: Sent) -> Response:
    """授权、撤权、确认登录方式。"""
    return _done(request, people, caller, today, person, sent)


def _done(
    request: Request, people: People, caller: Caller, today: date, person: str, sent: Mapping[str, str]
) -> Response:
    """Done by the route's function, and back to the person; or back to what was asked for, with why it was not."""
    name, there = sent.get("act", ""), f"/people/{person}"
    if name not in ACTS or ACTS[name].action is not caller.action:
        raise ProblemRaised(Wrong.NOT_FOUND)
    typed = {field: sent[field] for field in ACTS[name].fields if field in sent}
    try:
        first = DO[name](request, people, caller, person, typed)
    except ValidationError:
        return go(request, there, act=name, **typed)
    except NotPermitted as error:
        found = read_person(people, caller, person)
        if was_done(caller, found, name, typed):
            return go(request, there)
        typed.pop("seen", None)
        return go(request, there, act=name, **typed, refused=error.why)
    if isinstance(first, FirstPassword):  # stands in no address: shown with the answer, and never again
        return _one(request, people, caller, today, person, first)
    return go(request, there)
