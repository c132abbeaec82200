"""Segregation of duties 不相容岗位分离: the rules with what was found by each, and every finding with its movements."""

from typing import Annotated

from fastapi import Query, Request, Response

from api.console.shell import Place, pages, show
from api.reading import TheLedger
from api.routes.segregation import SignedIn, get_segregation
from api.security import Auditor, ThePeople
from ledger.access.policy import Action
from ledger.access.segregation import RULES, Duty
from ledger.domain.catalogue import Name

PLACE = Place("/segregation", Name("岗位分离", "Segregation of duties"), Action.AUDIT)
router = pages()
WORDS = {
    "title": Name("不相容岗位分离", "Segregation of duties"),
    "about": Name(
        "同一自然人的各账号视为一人,不论签批在认定之前或之后;授权、登记单位和被拒请求为全部",
        "Accounts of one human are one, whenever they signed; all grants, attempts, and who entered a party",
    ),
    "range": Name("签批范围:{},第 {} 至 {} 号", "Signatures of {}, numbers {} to {}"),
    "every_year": Name("全部年度", "all years"),
    "rules": Name("规则", "Rules"),
    "rule": Name("不得同时", "Must not meet"),
    "by": Name("依据", "By"),
    "found": Name("发现", "Found"),
    "findings": Name("发现事项", "Findings"),
    "human": Name("人员", "Human"),
    "roles": Name("角色", "Roles"),
    "party": Name("单位", "Party"),
    "amount": Name("签批付款金额", "Payments signed"),
    "movements": Name("业务号", "Movements"),
    "times": Name("次数", "Times"),
    "none": Name("未发现", "Nothing found"),
    "every": Name("全部规则", "All rules"),
}


@router.get("/segregation")
def segregation_page(
    request: Request,
    ledger: TheLedger,
    people: ThePeople,
    caller: Auditor,
    duty: Annotated[Duty | None, Query()] = None,
    fiscal_year: SignedIn = None,
) -> Response:
    """每条规则和发现的事项。"""
    answer = Response()
    found = get_segregation(ledger, people, caller, answer, duty, fiscal_year)
    return show(request, caller, "segregation.html", WORDS, answer=answer, found=found, duty=duty, names=RULES)
