"""The register of people 人员: who there is, how they come in, and every grant with the days on which it holds."""

from fastapi import Request, Response

from api.console.shell import Place, pages, show
from api.reading import After, Limit, Today
from api.routes.people import Who, list_people, read_person
from api.security import PeopleReader, ThePeople
from ledger.access.policy import Action
from ledger.domain.catalogue import ROLES, Name

REGISTER = Place("/people", Name("人员", "People"), Action.SEE_PEOPLE)
router = pages()
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
    "no_end": Name("不限", "no end"),
    "revoked": Name("已撤销", "revoked"),
    "ended": Name("已到期", "ended"),
    "to_come": Name("尚未开始", "to come"),
    "holds": Name("有效", "holds"),
    "human": Name("自然人", "Human"),
    "identities": Name("外部身份", "Identities elsewhere"),
    "all_people": Name("全部人员", "All people"),
    "its_trail": Name("审计日志", "In the audit record"),
    "none_granted": Name("没有授权", "Nothing was granted"),
}


@router.get("/people")
def people_page(
    request: Request, people: ThePeople, caller: PeopleReader, today: Today, after: After = None, limit: Limit = 50
) -> Response:
    """人员清单。People, and what holds for them today."""
    found = list_people(people, caller, after, limit)
    return show(request, caller, "people.html", WORDS, found=found, roles=ROLES, today=today)


@router.get("/people/{person:path}")
def person_page(request: Request, people: ThePeople, caller: PeopleReader, today: Today, person: Who) -> Response:
    """一名人员:登录方式、历次授权。"""
    found = read_person(people, caller, person)
    trail = caller.reach(Action.SEE_TRAIL) is not None
    return show(request, caller, "person.html", WORDS, found=found, roles=ROLES, today=today, trail=trail)
