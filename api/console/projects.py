"""The register of projects 项目, filtered by the address: where each belongs, who carries it out, its money."""

from typing import Annotated, Final

from fastapi import Query, Request, Response

from api.console.shell import Place, pages, show
from api.reading import After, Limit, TheLedger, Today
from api.routes.projects import Status, list_projects
from api.security import Caller, ProjectReader
from ledger.access.policy import Action
from ledger.application import Ledger
from ledger.domain.catalogue import Name
from ledger.domain.fields import CreditCode, SpecialCode, Text
from ledger.domain.special import SpecialState, all_specials
from ledger.projections.figures import FIGURES
from ledger.projections.projects import FIGURES_OF_PROJECTS

REGISTER = Place("/projects", Name("项目", "Projects"), Action.SEE_PROJECTS)
router = pages()
STATES: Final = {"OPEN": Name("在研", "Open"), "CLOSED": Name("已结题", "Closed")}
WORDS = {
    "title": REGISTER.name,
    "words": Name("编号、名称、承担单位", "Numbers, title, undertaker"),
    "party": Name("单位", "Party"),
    "until": Name("截止", "Until"),
    "none_found": Name("没有符合条件的项目", "No project fits"),
    "all_that_fit": Name("符合条件的 {} 个项目合计", "All {} projects that fit"),
    "year": Name("{} 年度预算账户,备忘账户不分年度", "Budget accounts of {}, memo accounts of all years"),
    "zero": Name("全部为零,未列:", "Zero everywhere and left out: "),
}


@router.get("/projects")
def projects_page(
    request: Request,
    ledger: TheLedger,
    caller: ProjectReader,
    today: Today,
    special: SpecialCode | None = None,
    party: CreditCode | None = None,
    status: Status | None = None,
    q: Annotated[Text | None, Query()] = None,
    after: After = None,
    limit: Limit = 50,
) -> Response:
    """项目清单:筛选、分页、全部符合条件的合计。The projects that fit, in pages, with the totals of all of them."""
    answer = Response()
    found = list_projects(ledger, caller, answer, today, special, None, party, status, q, after, limit)
    names = [name for name in FIGURES_OF_PROJECTS if found.total and float(found.total[name])]
    return show(
        request,
        caller,
        "projects.html",
        WORDS,
        scripts=["own/lookup.js"],
        answer=answer,
        found=found,
        figures=[(name, FIGURES[name]) for name in names],
        absent=[FIGURES[name] for name in FIGURES_OF_PROJECTS if found.total and name not in names],
        explained_whole=not (party or status or q),
        narrowed=bool(special or party or status or q),
        specials=_specials(ledger, caller),
        states=STATES,
    )


def _specials(ledger: Ledger, caller: Caller) -> dict[str, SpecialState]:
    """Those whose projects somebody may see."""
    with ledger.reading() as book:
        sees = caller.sees
        return {
            code: state
            for code, state in all_specials(book).items()
            if sees.department is not None or sees.special(book, code)
        }
