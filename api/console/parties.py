"""The register of parties 单位, and one party: its names, the projects it has any part in, what it promised to match."""

from typing import Annotated, Final

from fastapi import Query, Request, Response

from api.console.shell import Place, pages, show
from api.reading import After, Limit, TheLedger, Today
from api.routes.parties import get_party, list_parties
from api.routes.projects import list_projects
from api.security import PartyReader
from ledger.access.policy import Action
from ledger.domain.catalogue import Name
from ledger.domain.fields import CreditCode, Text

REGISTER = Place("/parties", Name("单位", "Parties"), Action.SEE_PARTIES)
PROJECTS: Final = 100
LEVELS: Final = {"REGIONAL": Name("自治区级", "Regional"), "LEAGUE": Name("盟市", "League")}
router = pages()
WORDS = {
    "title": REGISTER.name,
    "words": Name("信用代码或名称", "Credit code or name"),
    "credit_code": Name("统一社会信用代码", "Unified social credit code"),
    "name": Name("名称", "Name"),
    "since": Name("启用日期", "Since"),
    "level": Name("层级", "Level"),
    "league": Name("所属盟市", "League"),
    "in_region": Name("在区内", "In the region"),
    "yes": Name("是", "yes"),
    "no": Name("否", "no"),
    "earlier": Name("曾用名", "Earlier names"),
    "count": Name("共 {} 个单位符合条件", "{} parties fit"),
    "none_found": Name("没有符合条件的单位", "No party fits"),
    "all_parties": Name("全部单位", "All parties"),
    "projects": Name("参与的项目", "Projects it has a part in"),
    "part": Name("身份", "As"),
    "recommender": Name("推荐部门", "Recommender"),
    "partner": Name("合作单位", "Partner"),
    "team": Name("团队", "Team"),
    "no_projects": Name("没有可查看的项目", "No project that you may see"),
    "all_of_them": Name("全部 {} 个,含金额", "All {}, with their money"),
    "pledges": Name("匹配承诺", "Matching pledges"),
}


@router.get("/parties")
def parties_page(
    request: Request,
    ledger: TheLedger,
    caller: PartyReader,
    q: Annotated[Text | None, Query()] = None,
    after: After = None,
    limit: Limit = 50,
) -> Response:
    """单位清单。The parties that fit."""
    answer = Response()
    found = list_parties(ledger, caller, answer, q, after, limit)
    return show(
        request, caller, "parties.html", WORDS, answer=answer, scripts=["own/lookup.js"], found=found, levels=LEVELS
    )


@router.get("/parties/{credit_code}")
def party_page(
    request: Request, ledger: TheLedger, caller: PartyReader, today: Today, credit_code: CreditCode
) -> Response:
    """一个单位:历次名称、参与的项目。"""
    answer, projects = Response(), None
    found = get_party(ledger, caller, answer, credit_code)
    if caller.reach(Action.SEE_PROJECTS) is not None:
        reader = caller._replace(action=Action.SEE_PROJECTS)
        projects = list_projects(
            ledger, reader, Response(), today, None, None, credit_code, None, None, None, PROJECTS
        )  # fmt: skip
    pledges = caller.reach(Action.SEE_BOOKS) is not None
    return show(
        request,
        caller,
        "party.html",
        WORDS,
        answer=answer,
        found=found,
        levels=LEVELS,
        projects=projects,
        pledges=pledges,
    )
