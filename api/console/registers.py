"""Registers 登记簿: the page that leads to each of them, for whoever may open it."""

from typing import Final

from fastapi import Request, Response

from api.console import health, parameters, parties, people, pledges, project, projects, trail
from api.console.shell import Place, pages, show
from api.security import CodeReader
from ledger.access.policy import Action
from ledger.domain.catalogue import Name

PLACE = Place("/registers", Name("登记簿", "Registers"), Action.SEE_CODES)
REGISTERS: Final[tuple[tuple[Place, Name], ...]] = (
    (
        projects.REGISTER,
        Name(
            "每个项目的归属、单位、金额;项目卡片(表 10)列全过程",
            "Where each project belongs, who carries it out, its money; its card (sheet 10) tells its whole life",
        ),
    ),
    (
        parties.REGISTER,
        Name("单位的历次名称、参与的项目", "Every name that a party has borne, the projects it has a part in"),
    ),
    (
        pledges.REGISTER,
        Name(
            "谁承诺匹配多少,已到多少,逾期多少(表 8)",
            "Who promised to match how much, what came, what is overdue (sheet 8)",
        ),
    ),
    (
        parameters.REGISTER,
        Name(
            "有效的政策参数和历次设定:文件、条款、签批人",
            "Which are in force, and every setting: document, clause, who decided",
        ),
    ),
    (
        parameters.CATALOGUE,
        Name("计划、专项、资金、业务种类及其签批规则", "Plans, specials, funds, kinds of movements and who signs them"),
    ),
    (
        people.REGISTER,
        Name("人员、登录方式、角色和授权期限", "People, how they come in, their roles and until when they hold"),
    ),
    (
        trail.REGISTER,
        Name(
            "谁在何时登录、授权、导出、被拒;哈希链是否完整",
            "Who signed in, granted, exported, was refused; whether its chain holds",
        ),
    ),
    (
        health.REGISTER,
        Name("账本编号、投影进度与停滞、版本", "Number of the ledger, how far projections have come, versions"),
    ),
)
PAGES: Final = (projects, project, parties, pledges, parameters, people, trail, health)
"""The modules of the registers and of what stands in them."""
router = pages()
WORDS = {"title": PLACE.name}


@router.get("/registers")
def registers_page(request: Request, caller: CodeReader) -> Response:
    """本人可查看的登记簿。Those that the caller may open."""
    found = [(place, holds) for place, holds in REGISTERS if caller.reach(place.action) is not None]
    return show(request, caller, "registers.html", WORDS, registers=found)
