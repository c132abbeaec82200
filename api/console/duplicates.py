"""Funded more than once 重复资助: projects of one undertaker or nearly one title in the same years, each leading to its card."""

from typing import Annotated

from fastapi import Query, Request, Response

from api.console.shell import Place, pages, show
from api.reading import NUMBER_MAX, Limit, TheLedger
from api.routes.duplicates import list_duplicates
from api.security import DuplicateReader
from ledger.access.policy import Action
from ledger.domain.catalogue import Name
from ledger.domain.duplicates import ALIKE, BASES, Basis

PLACE = Place("/duplicates", Name("重复资助", "Duplicate funding"), Action.SEE_DUPLICATES)
router = pages()
WORDS = {
    "title": Name("重复资助核查", "Funded more than once"),
    "about": Name(
        "在同一预算年度获资助、且承担单位相同或名称相近的项目,供核实;是否重复由人判断。金额为已安排、已申请、已支付、已下达之和,结转不重复计",
        "Projects funded in one fiscal year that share their undertaker or nearly their title, for people to look at. Amounts: "
        "committed, ordered, paid or issued; carried money counts once",
    ),
    "leaders": Name(
        "项目负责人为封存的个人信息,各项目密钥不同,不能比较",
        "Leaders are sealed under a key of each project, so they cannot be compared",
    ),
    "basis": Name("依据", "Basis"),
    "both": Name("全部", "all"),
    "alike": Name("名称相近程度(%)", "Titles alike (%)"),
    "find": Name("核查", "Look"),
    "count": Name("共 {} 组", "{} groups"),
    "name": Name("名称", "Title"),
    "years": Name("年度", "Years"),
    "group": Name("第 {} 组:{},{} 个项目", "Group {}: {}, {} projects"),
    "none": Name("未发现", "Nothing found"),
}


@router.get("/duplicates")
def duplicates_page(
    request: Request,
    ledger: TheLedger,
    caller: DuplicateReader,
    basis: Annotated[Basis | None, Query()] = None,
    alike: Annotated[int, Query(ge=50, le=100)] = ALIKE,
    after: Annotated[int, Query(ge=0, le=NUMBER_MAX)] = 0,
    limit: Limit = 20,
) -> Response:
    """同一承担单位或名称相近的项目。"""
    answer = Response()
    found = list_duplicates(ledger, caller, answer, basis, alike, after, limit)
    return show(
        request, caller, "duplicates.html", WORDS, answer=answer, found=found, bases=BASES, alike=alike, first=after
    )
