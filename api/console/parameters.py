"""Policy parameters 政策参数 and the catalogue 目录: what is in force, by which document and whose decision; what codes mean."""

from typing import Final

from fastapi import Request, Response

from api.console.shell import Place, pages, show
from api.moments import At, Effective, Through
from api.reading import TheLedger, Today
from api.routes.catalogue import get_catalogue
from api.routes.parameters import list_parameters
from api.security import BookReader, CodeReader
from ledger.access.policy import Action
from ledger.domain.catalogue import MODES, PLANS, ROLES, Name
from ledger.domain.special import ACTIVE, MERGED, SUSPENDED
from ledger.domain.terms import VALUES

REGISTER = Place("/parameters", Name("政策参数", "Policy parameters"), Action.SEE_BOOKS)
CATALOGUE = Place("/catalogue", Name("目录", "Catalogue"), Action.SEE_CODES)
COUNTED_IN: Final = {
    "rate_bp": Name("万分之一", "basis points"),
    "days": Name("天", "days"),
    "years": Name("年", "years"),
    "choice": Name("", ""),
}
router = pages()
WORDS = {
    "title": REGISTER.name,
    "on": Name("业务日期 {} 有效", "In force on {}"),
    "parameter": Name("参数", "Parameter"),
    "scope": Name("适用", "For"),
    "all": Name("全部", "all"),
    "value": Name("取值", "Value"),
    "since": Name("起始", "Since"),
    "decided": Name("签批", "Decided by"),
    "recorded_at": Name("记录时间", "Recorded"),
    "never": Name("从未设定", "never set"),
    "not_yet": Name("当日尚未生效", "not in force yet"),
    "history": Name("历次设定", "Every setting"),
    "in_force": Name("有效", "in force"),
    "catalogue": CATALOGUE.name,
    "no_settings": Name("没有任何设定", "Nothing was ever set"),
}
WORDS_OF_CATALOGUE = {
    "title": CATALOGUE.name,
    "plans": Name("计划", "Plans"),
    "specials": Name("专项", "Specials"),
    "funds": Name("资金", "Funds"),
    "sources": Name("其他来源", "Other sources"),
    "kinds": Name("业务种类与签批规则", "Kinds of movements, and who signs them"),
    "name": Name("名称", "Name"),
    "plan": Name("计划", "Plan"),
    "modes": Name("立项方式", "Modes"),
    "status": Name("状态", "Status"),
    "signs": Name("签批顺序", "Who signs, in order"),
    "or": Name("或", "or"),
    "fact": Name("财政回传事实", "Treasury fact"),
    "correctable": Name("可更正", "May be corrected"),
    "predecessor": Name("已并入", "consolidated"),
    "yes": Name("是", "yes"),
    "its_projects": Name("项目", "projects"),
}
STATES: Final = {
    ACTIVE: Name("执行中", "Active"),
    SUSPENDED: Name("暂停", "Suspended"),
    MERGED: Name("已并入", "Merged"),
}


@router.get("/parameters")
def parameters_page(
    request: Request,
    ledger: TheLedger,
    caller: BookReader,
    today: Today,
    at: At = None,
    period: Through = None,
    effective: Effective = None,
) -> Response:
    """有效的政策参数及其历次设定。What is in force at the moment of the address, and every setting known by then."""
    answer = Response()
    found = list_parameters(ledger, caller, answer, today, at, period, effective)
    return show(
        request,
        caller,
        "parameters.html",
        WORDS,
        answer=answer,
        found=found,
        counted_in=COUNTED_IN,
        choices=VALUES["choice"],
        roles=ROLES,
        ever=any(line.settings for line in found.parameters),
    )


@router.get("/catalogue")
def catalogue_page(request: Request, ledger: TheLedger, caller: CodeReader) -> Response:
    """计划、专项、资金、来源、业务种类及签批规则。"""
    answer = Response()
    found = get_catalogue(ledger, caller, answer)
    return show(
        request, caller, "catalogue.html", WORDS_OF_CATALOGUE, answer=answer, found=found, roles=ROLES, plans=PLANS,
        modes=MODES, states=STATES, projects=caller.reach(Action.SEE_PROJECTS) is not None,
    )  # fmt: skip
