"""Projects 项目: the register, as it stands now, with the money of the present year for whoever sees the books."""

from collections.abc import Collection, Mapping
from typing import Annotated, Literal, NamedTuple

from fastapi import APIRouter, Path, Query, Response
from pydantic import BaseModel

from api.answers import bilingual
from api.openapi import READS
from api.problems import Bilingual, ProblemRaised, Wrong
from api.reading import After, Limit, TheLedger, Today, reached, stands_at
from api.security import ProjectReader
from ledger.access.policy import Action
from ledger.domain.book import Book
from ledger.domain.catalogue import MODES, Mode
from ledger.domain.fields import CreditCode, Id, SpecialCode, Text
from ledger.domain.money import yuan
from ledger.domain.party import PARTIES
from ledger.domain.project import CLOSED_PROJECTS, PROJECTS, Project
from ledger.domain.special import special_state
from ledger.projections.balances import Question
from ledger.projections.journal import one_snapshot
from ledger.projections.projects import Money, money_of_projects

_TRIES = 20
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
    """A project of the register. ``figures``: in yuan, as /v1/balances?by=project has them of the latest year; in a list only,
    and for whoever sees the books.
    """

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
    figures: dict[str, str] | None = None


class ProjectPage(BaseModel):
    """A page of projects by code; ``next`` goes into ``after``. ``count``, ``total``: of all that fit, other pages too."""

    projects: list[ProjectLine]
    count: int
    fiscal_year: int | None = None
    total: dict[str, str] | None = None
    next: str | None = None


Status = Literal["OPEN", "CLOSED"]


class Wanted(NamedTuple):
    """Which projects: of a special, an undertaker or any party to them, open or closed, with words in their numbers, title or
    undertaker.
    """

    special: str | None
    undertaker: str | None
    party: str | None
    status: Status | None
    q: str | None

    def fits(self, book: Book, code: str, project: Project, closed: Collection[str]) -> bool:
        """``closed``: the projects that are; of all of them where a status is asked for."""
        return (
            self.special in (None, project.special)
            and self.undertaker in (None, project.undertaker)
            and self.party in (None, project.recommender, *project.parties)
            and self.status in (None, "CLOSED" if code in closed else "OPEN")
            and (self.q is None or self.q.casefold() in _words(book, code, project))
        )


def _words(book: Book, code: str, project: Project) -> str:
    undertaker = PARTIES.get(book, project.undertaker)
    said = (code, project.external_id, project.national_id, project.budget_code, project.title, project.undertaker)
    return "\n".join(filter(None, (*said, undertaker and undertaker.names[-1][1]))).casefold()


@router.get("", summary="项目清单 / Projects", responses=READS, response_model_exclude_none=True)
def list_projects(
    ledger: TheLedger,
    caller: ProjectReader,
    response: Response,
    today: Today,
    special: Annotated[SpecialCode | None, Query()] = None,
    undertaker: Annotated[CreditCode | None, Query()] = None,
    party: Annotated[CreditCode | None, Query(description="承担、合作、团队或推荐单位 / in whatever part")] = None,
    status: Annotated[Status | None, Query(description="在研或已结题 / open or closed")] = None,
    q: Annotated[Text | None, Query(description="编号、名称、承担单位 / in numbers, title, undertaker")] = None,
    after: After = None,
    limit: Limit = 100,
) -> ProjectPage:
    """按专项、单位、状态、词语筛选。Filtered by special, party, status or words."""
    wanted = Wanted(special, undertaker, party, status, q)
    for _ in range(_TRIES):
        with ledger.reading() as book:
            number, of = (
                book.number,
                Question("project", today, special=special, sees=caller.sees).of(ledger.id, book, None),
            )
            closed = CLOSED_PROJECTS.of(book).keys() if status else ()  # at once: one by one each would be brought
            fitting = sorted(
                code
                for code, project in PROJECTS.items(book)
                if wanted.fits(book, code, project, closed) and caller.sees.project(book, code)
            )
            following = [code for code in fitting if code > (after or "")]
            page = following[:limit]
            lines = [_line(book, code, PROJECTS.of(book)[code]) for code in page]
        more = page[-1] if len(following) > limit else None
        found = ProjectPage(projects=lines, count=len(fitting), next=more)
        if caller.reach(Action.SEE_BOOKS) is None:
            break
        everything = wanted == Wanted(special, None, None, None, None) and caller.sees.department is None
        with one_snapshot(ledger.store) as connection:
            money = money_of_projects(connection, of, page, None if everything else fitting)
        if money.number == number:
            found = _with_money(found, money)
            break
    else:
        raise ProblemRaised(Wrong.NUMBER_NOT_REACHED)
    stands_at(response, number)
    return found


def _with_money(found: ProjectPage, money: Money) -> ProjectPage:
    lines = [line.model_copy(update={"figures": _yuan(money.of[line.project])}) for line in found.projects]
    said = {"projects": lines, "fiscal_year": money.fiscal_year, "total": _yuan(money.total)}
    return found.model_copy(update=said)


def _yuan(figures: Mapping[str, int]) -> dict[str, str]:
    return {name: yuan(amount) for name, amount in figures.items()}


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
