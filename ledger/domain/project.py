"""Projects 项目: each belongs to exactly one special, and keeps the number of the project management system (二末)."""

from typing import Annotated, Any, ClassVar, Literal, NamedTuple

from pydantic import BaseModel

from ledger.domain.accounts import Place
from ledger.domain.book import Book, Register
from ledger.domain.catalogue import Fund, Mode, Name, Plan, Role
from ledger.domain.fields import (
    SHAPE,
    CreditCode,
    Day,
    Document,
    EconomicClass,
    FunctionCode,
    Id,
    Sealed,
    SealedText,
    SpecialCode,
    Text,
)
from ledger.domain.movement import Actor, Movement, by
from ledger.domain.party import known_party
from ledger.domain.refusals import Code, refuse, refuse_if
from ledger.domain.special import SpecialState, active_special, known_special


class Team(BaseModel):
    """A team in a race 赛马, and who it works for."""

    model_config = SHAPE

    team: Id
    party: CreditCode


class Project(NamedTuple):
    special: str
    title: str
    mode: str | None
    undertaker: str
    recommender: str | None
    external_id: str
    function: str
    teams: tuple[tuple[str, str], ...]
    partners: tuple[str, ...]
    budget_code: str | None
    economic_class: str | None
    ends_on: str | None
    national_id: str | None = None
    excepted: str | None = None
    """The special for which an exception document lets the mode be another than its row has (V12)."""

    def team_party(self, team: str | None) -> str | None:
        return dict(self.teams).get(team or "")

    def teams_of(self, party: str) -> list[str]:
        """The teams that work for a party."""
        return [team for team, works_for in self.teams if works_for == party]

    @property
    def parties(self) -> tuple[str, ...]:
        """Who carries it out: the undertaker, partners, and those that teams work for."""
        return (self.undertaker, *self.partners, *(party for _, party in self.teams))

    def may_be_paid(self, payee: str, team: str | None) -> bool:
        """A payee is the undertaker, the team that is paid, or a listed partner."""
        return payee in (self.undertaker, *self.partners) or payee == self.team_party(team)


PROJECTS: Register[str, Project] = Register("projects", called=str)
CLOSED_PROJECTS: Register[str, int] = Register("closed_projects", called=str)


def known_project(book: Book, project: str) -> Project:
    """A registered project; UNKNOWN_REFERENCE otherwise."""
    found = PROJECTS.get(book, project)
    if found is None:
        refuse(Code.UNKNOWN_REFERENCE, "二", project=project)
    return found


def open_project(book: Book, project: str) -> Project:
    """A project that is not closed; PROJECT_CLOSED otherwise."""
    found = known_project(book, project)
    refuse_if(CLOSED_PROJECTS.get(book, project), Code.PROJECT_CLOSED, "三(一)", project=project)
    return found


def check_mode(state: SpecialState, special: str, mode: str | None, excepted: bool) -> None:
    """V12: the mode is one of the special's row, or an exception document lets it be; MODE_NOT_ALLOWED otherwise."""
    refuse_if(
        mode not in state.modes and not excepted,
        Code.MODE_NOT_ALLOWED,
        f"{state.clause} V12",
        mode=mode,
        special=special,
        allowed=" ".join(sorted(state.modes)),
    )


def place_of(book: Book, project: str, fiscal_year: int, fund: Fund | str, vintage: int) -> Place:
    """Where the fund money of a project stands."""
    found = known_project(book, project)
    return Place(fiscal_year, str(fund), vintage, found.special, project, found.function)


class ProjectRegistered(Movement):
    """A project enters the register under its special (V8, V12)."""

    label: ClassVar[Name] = Name("项目登记", "Project registered")
    clause: ClassVar[str] = "二"
    signs: ClassVar = by(Role.STD)

    kind: Literal["ProjectRegistered"] = "ProjectRegistered"
    project: Id
    special: SpecialCode
    title: Text
    mode: Mode | None = None
    undertaker: CreditCode
    external_id: Id
    function: FunctionCode
    recommender: CreditCode | None = None
    teams: tuple[Team, ...] = ()
    partners: tuple[CreditCode, ...] = ()
    budget_code: Id | None = None
    economic_class: EconomicClass | None = None
    starts_on: Day | None = None
    ends_on: Day | None = None
    lead: Annotated[SealedText | None, Sealed("project")] = None
    exception: Document | None = None

    def business_keys(self, book: Book) -> tuple[str, ...]:
        return (f"project:{self.project}", f"external:{self.external_id}")

    def check(self, book: Book, actor: Actor) -> None:
        state = known_special(book, self.special, self.effective_on)
        known_party(book, self.undertaker, "undertaker")
        for partner in self.partners:
            known_party(book, partner, "partner")
        for team in self.teams:
            known_party(book, team.party, "team")
        if self.recommender:
            known_party(book, self.recommender, "recommender")
        if state.plan is Plan.LEGACY:
            return
        active_special(book, self.special, self.effective_on)
        check_mode(state, self.special, self.mode, self.exception is not None)
        names = {team.team for team in self.teams}
        too_few = self.mode is Mode.RACE and len(names) < 2
        refuse_if(too_few or len(names) < len(self.teams), Code.UNKNOWN_REFERENCE, "二(一)3", field="teams")
        refuse_if(
            Mode.RECOMMENDED in state.modes and self.recommender is None,
            Code.UNKNOWN_REFERENCE,
            "二(一)3",
            field="recommender",
        )

    def register(self, book: Book, number: int, actor: Actor) -> None:
        PROJECTS.put(
            book,
            self.project,
            Project(
                self.special,
                self.title,
                self.mode,
                self.undertaker,
                self.recommender,
                self.external_id,
                self.function,
                tuple((t.team, t.party) for t in self.teams),
                self.partners,
                self.budget_code,
                self.economic_class,
                self.ends_on.isoformat() if self.ends_on else None,
                excepted=self.special if self.exception else None,
            ),
        )


class ProjectAmended(Movement):
    """What a project's contract says changes, by a document; its special and codes stay."""

    label: ClassVar[Name] = Name("项目变更", "Project amended")
    clause: ClassVar[str] = "三(一)"
    signs: ClassVar = by(Role.STD)

    kind: Literal["ProjectAmended"] = "ProjectAmended"
    project: Id
    title: Text | None = None
    undertaker: CreditCode | None = None
    partners: tuple[CreditCode, ...] | None = None
    ends_on: Day | None = None
    lead: Annotated[SealedText | None, Sealed("project")] = None

    def check(self, book: Book, actor: Actor) -> None:
        open_project(book, self.project)
        for party in (self.undertaker, *(self.partners or ())):
            if party is not None:
                known_party(book, party, "undertaker")
        self.require_document(self.clause)

    def register(self, book: Book, number: int, actor: Actor) -> None:
        found = known_project(book, self.project)
        changed: dict[str, Any] = {
            "title": self.title,
            "undertaker": self.undertaker,
            "partners": self.partners,
            "ends_on": self.ends_on.isoformat() if self.ends_on else None,
        }
        given = {name: value for name, value in changed.items() if value is not None}
        PROJECTS.put(book, self.project, found._replace(**given))


class ProjectClosed(Movement):
    """A project ends after its final evaluation 综合绩效评价, when nothing is committed, ordered or owed any more."""

    label: ClassVar[Name] = Name("项目结题", "Project closed")
    clause: ClassVar[str] = "三(一)"
    signs: ClassVar = by(Role.STD)

    kind: Literal["ProjectClosed"] = "ProjectClosed"
    project: Id
    evaluation: Document

    def check(self, book: Book, actor: Actor) -> None:
        open_project(book, self.project)
        owed = book.of_project(self.project, "B220", "B230", "R100", "R110")
        refuse_if(owed, Code.NOT_CLEARED, self.clause, asked=owed, available=0, project=self.project)

    def register(self, book: Book, number: int, actor: Actor) -> None:
        CLOSED_PROJECTS.put(book, self.project, number)
