"""Instalments 期次: the schedule of a commitment, the gates before each part, and the teams of a race (二(一)3, 三(一))."""

from typing import ClassVar, Literal, NamedTuple

from pydantic import BaseModel

from ledger.domain.accounts import Place
from ledger.domain.book import Book, Register
from ledger.domain.catalogue import Name, Role
from ledger.domain.fields import SHAPE, Day, Id, Ref
from ledger.domain.money import Fen
from ledger.domain.movement import Actor, Movement, by
from ledger.domain.partial import of_project
from ledger.domain.project import known_project, open_project
from ledger.domain.refusals import Code, refuse, refuse_if


class Instalment(NamedTuple):
    """Where an instalment's money stands and what opens it. What is left of it is the balance of its account."""

    at: Place
    gated: bool = False
    due_on: str | None = None
    team: str | None = None
    repayable: bool = False
    claim: str | None = None
    payable: bool = True
    """Recovered money in a race's pool is not: it may only be released or withdrawn."""
    lineage: tuple[str, ...] = ()
    cost_items: tuple[str, ...] = ()
    """What its commitment pays for: held while anything of it stands or was paid (V7)."""


class Assessment(NamedTuple):
    """What the last assessment of a gate said, and the number under which it said so."""

    passed: bool
    number: int


INSTALMENTS: Register[tuple[str, str], Instalment] = Register("instalments", called=of_project)
"""(project, instalment) → Instalment."""
ASSESSED: Register[tuple[str, str, str | None], Assessment] = Register("gates", called=of_project)
"""(project, instalment, team, or None for all) → its last assessment."""
ELIMINATED: Register[tuple[str, str], int] = Register("eliminated", called=of_project)
"""(project, team) → number of the movement that eliminated it."""


class InstalmentPlan(BaseModel):
    """One instalment of a schedule; ``gated`` ones wait for an assessment that passes. Amount in fen."""

    model_config = SHAPE

    instalment: Id
    amount: Fen
    gated: bool = False
    due_on: Day | None = None
    team: Id | None = None


def known_instalment(book: Book, project: str, instalment: str) -> Instalment:
    """An instalment of a project; UNKNOWN_REFERENCE otherwise."""
    found = INSTALMENTS.get(book, (project, instalment))
    if found is None:
        refuse(Code.UNKNOWN_REFERENCE, "四(三)", project=project, instalment=instalment)
    return found


def committed_place(book: Book, project: str, instalment: str, fiscal_year: int) -> Place:
    """Where the unpaid money of an instalment stands in a year."""
    return known_instalment(book, project, instalment).at._replace(fiscal_year=fiscal_year, ref=instalment)


def check_adds_up(amount: int, parts: list[int], clause: str) -> None:
    """A schedule sums to its amount, to the fen; SCHEDULE_MISMATCH otherwise."""
    refuse_if(sum(parts) != amount, Code.SCHEDULE_MISMATCH, clause, asked=amount, available=sum(parts))


def check_plans(book: Book, project: str, plans: tuple[InstalmentPlan, ...], replaced: tuple[str, ...] = ()) -> None:
    """Names are new to the project (or among those replaced), each once; then teams are teams of the race."""
    seen: set[str] = set()
    for plan in plans:
        taken = INSTALMENTS.get(book, (project, plan.instalment)) is not None and plan.instalment not in replaced
        refuse_if(taken or plan.instalment in seen, Code.DUPLICATE_BUSINESS_KEY, "四(三)", instalment=plan.instalment)
        seen.add(plan.instalment)
    race = known_project(book, project)
    for plan in plans:
        unknown = plan.team is not None and race.team_party(plan.team) is None
        refuse_if(unknown, Code.UNKNOWN_REFERENCE, "二(一)3", team=plan.team)


def is_barred(book: Book, project: str, instalment: str, team: str | None) -> bool:
    """Whether nothing of an instalment may go to a team: of its assessment and that for all the later one decides.

    Where nobody assessed, a gated instalment is shut and another one is open (三(一)).
    """
    said = [ASSESSED.get(book, (project, instalment, whom)) for whom in {team, None}]
    last = max((found for found in said if found), key=lambda found: found.number, default=None)
    return known_instalment(book, project, instalment).gated if last is None else not last.passed


def check_gate(book: Book, project: str, instalment: str, team: str | None, clause: str) -> None:
    """Money leaves an instalment only where no assessment bars it and its gate is passed; GATE_NOT_PASSED otherwise."""
    barred = is_barred(book, project, instalment, team)
    refuse_if(barred, Code.GATE_NOT_PASSED, clause, instalment=instalment, team=team)


def recipients(book: Book, project: str, instalment: str) -> list[str | None]:
    """Whose an instalment is: its team's, or every team's, while they are in the race; outside a race nobody's by name."""
    own = known_instalment(book, project, instalment).team
    teams = [own] if own else [team for team, _ in known_project(book, project).teams]
    return [team for team in teams if not ELIMINATED.get(book, (project, team))] if teams else [None]


class MilestoneAssessed(Movement):
    """An assessment opens, or bars, an instalment, gated or not: for a whole project, or for one team of a race."""

    label: ClassVar[Name] = Name("里程碑考核", "Milestone assessed")
    clause: ClassVar[str] = "三(一)"
    signs: ClassVar = by(Role.STD)

    kind: Literal["MilestoneAssessed"] = "MilestoneAssessed"
    project: Id
    instalment: Ref
    passed: bool
    team: Id | None = None

    def check(self, book: Book, actor: Actor) -> None:
        project = known_project(book, self.project)
        known_instalment(book, self.project, self.instalment)
        unknown = self.team is not None and project.team_party(self.team) is None
        refuse_if(unknown, Code.UNKNOWN_REFERENCE, "二(一)3", team=self.team)
        open_project(book, self.project)
        self.require_document(self.clause)

    def register(self, book: Book, number: int, actor: Actor) -> None:
        ASSESSED.put(book, (self.project, self.instalment, self.team), Assessment(self.passed, number))


class TeamEliminated(Movement):
    """A team leaves a race 赛马; what is left of its money stays committed until it is released."""

    label: ClassVar[Name] = Name("赛马淘汰", "Team eliminated")
    clause: ClassVar[str] = "二(一)3"
    signs: ClassVar = by(Role.STD)

    kind: Literal["TeamEliminated"] = "TeamEliminated"
    project: Id
    team: Id

    def business_keys(self, book: Book) -> tuple[str, ...]:
        return (f"eliminated:{self.project}:{self.team}",)

    def check(self, book: Book, actor: Actor) -> None:
        project = known_project(book, self.project)
        refuse_if(project.team_party(self.team) is None, Code.UNKNOWN_REFERENCE, self.clause, team=self.team)
        self.require_document(self.clause)

    def register(self, book: Book, number: int, actor: Actor) -> None:
        ELIMINATED.put(book, (self.project, self.team), number)
