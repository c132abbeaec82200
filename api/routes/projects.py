"""Projects 项目: the register, as it stands now."""

from heapq import nsmallest
from typing import Annotated

from fastapi import APIRouter, Path, Query, Response
from pydantic import BaseModel

from api.answers import bilingual
from api.openapi import READS
from api.problems import Bilingual, ProblemRaised, Wrong
from api.reading import After, Limit, TheLedger, reached, stands_at
from api.security import ProjectReader
from ledger.domain.book import Book
from ledger.domain.catalogue import MODES, Mode
from ledger.domain.fields import CreditCode, Id, SpecialCode
from ledger.domain.party import PARTIES
from ledger.domain.project import CLOSED_PROJECTS, PROJECTS, Project
from ledger.domain.special import special_state

router = APIRouter(prefix="/v1/projects", tags=["registers"], dependencies=[reached])


class PartyRef(BaseModel):
    """A party by its credit code, with its present name."""

    credit_code: str
    name: str | None = None


class TeamLine(BaseModel):
    """A team of a race, and who it works for."""

    team: str
    party: PartyRef


class ModeLine(BaseModel):
    """How the project was chosen."""

    code: str
    name: Bilingual


class ProjectLine(BaseModel):
    """A project of the register; its money is under /v1/balances?by=project."""

    project: str
    title: str
    special: str
    special_name: Bilingual
    plan: str
    mode: ModeLine | None = None
    undertaker: PartyRef
    recommender: PartyRef | None = None
    partners: list[PartyRef]
    teams: list[TeamLine]
    external_id: str
    national_id: str | None = None
    function: str
    economic_class: str | None = None
    budget_code: str | None = None
    ends_on: str | None = None
    closed_by: int | None = None


class ProjectPage(BaseModel):
    """A page of projects by code; ``next`` goes into ``after``."""

    projects: list[ProjectLine]
    next: str | None = None


@router.get("", summary="项目清单 / Projects", responses=READS, response_model_exclude_none=True)
def list_projects(
    ledger: TheLedger,
    caller: ProjectReader,
    response: Response,
    special: Annotated[SpecialCode | None, Query()] = None,
    undertaker: Annotated[CreditCode | None, Query()] = None,
    after: After = None,
    limit: Limit = 100,
) -> ProjectPage:
    """按专项或承担单位筛选。Filtered by special or undertaker."""
    with ledger.reading() as book:
        stands_at(response, book.number)
        passing = (
            code
            for code, project in PROJECTS.items(book)
            if code > (after or "")
            and special in (None, project.special)
            and undertaker in (None, project.undertaker)
            and caller.sees.project(book, code)
        )
        codes = nsmallest(limit + 1, passing)
        lines = [_line(book, code, PROJECTS.of(book)[code]) for code in codes[:limit]]
    return ProjectPage(projects=lines, next=codes[limit - 1] if len(codes) > limit else None)


@router.get("/{project:path}", summary="一个项目 / One project", responses=READS, response_model_exclude_none=True)
def get_project(
    ledger: TheLedger, caller: ProjectReader, response: Response, project: Annotated[Id, Path()]
) -> ProjectLine:
    """登记簿中的一个项目。One project of the register."""
    with ledger.reading() as book:
        found = PROJECTS.get(book, project)
        if found is None or not caller.sees.project(book, project):
            raise ProblemRaised(Wrong.NOT_FOUND)
        stands_at(response, book.number)
        return _line(book, project, found)


def _line(book: Book, code: str, project: Project) -> ProjectLine:
    special = special_state(book, project.special)
    assert special is not None  # a project enters under a special that exists, and none is ever removed
    return ProjectLine(
        project=code,
        title=project.title,
        special=project.special,
        special_name=bilingual(special.name),
        plan=special.plan,
        mode=ModeLine(code=project.mode, name=bilingual(MODES[Mode(project.mode)])) if project.mode else None,
        undertaker=_party(book, project.undertaker),
        recommender=_party(book, project.recommender) if project.recommender else None,
        partners=[_party(book, partner) for partner in project.partners],
        teams=[TeamLine(team=team, party=_party(book, party)) for team, party in project.teams],
        external_id=project.external_id,
        national_id=project.national_id,
        function=project.function,
        economic_class=project.economic_class,
        budget_code=project.budget_code,
        ends_on=project.ends_on,
        closed_by=CLOSED_PROJECTS.get(book, code),
    )


def _party(book: Book, credit_code: str) -> PartyRef:
    party = PARTIES.get(book, credit_code)
    return PartyRef(credit_code=credit_code, name=party.names[-1][1] if party else None)
