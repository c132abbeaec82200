"""Pre-funding 前资助: money committed before the work, in instalments behind gates (四(三))."""

from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, Field

from ledger.domain.accounts import Leg, Place
from ledger.domain.book import Book
from ledger.domain.catalogue import Fund, Mode, Name, Role
from ledger.domain.commitment import check_may_commit, check_scope, check_single_source
from ledger.domain.fields import SHAPE, Day, Document, Id, Year
from ledger.domain.instalment import INSTALMENTS, Instalment, InstalmentPlan, check_adds_up, check_plans
from ledger.domain.money import Fen
from ledger.domain.movement import Actor, Movement, by
from ledger.domain.project import known_project, place_of
from ledger.domain.refusals import Code, refuse_if
from ledger.domain.reservation import call_legs, check_call, check_not_reserved


class LaterYear(BaseModel):
    """What is promised for a later fiscal year, in fen; it binds no money of this year."""

    model_config = SHAPE

    fiscal_year: Year
    amount: Fen


class Repayment(BaseModel):
    """A date by which repayable support comes back, and how much of it, in fen."""

    model_config = SHAPE

    due_on: Day
    amount: Fen


class PreFundingCommitted(Movement):
    """Money of a special is committed to a project, before the work.

    Posts B210 / B220 for each instalment; F100 / F200 for later years, and back where ``from_later_years`` says that this
    commitment keeps an earlier promise for its own year.
    """

    label: ClassVar[Name] = Name("前资助安排", "Pre-funding committed")
    clause: ClassVar[str] = "四(三)"
    signs: ClassVar = by(Role.STD)

    kind: Literal["PreFundingCommitted"] = "PreFundingCommitted"
    project: Id
    fund: Fund
    vintage: Year
    amount: Fen
    instalments: Annotated[tuple[InstalmentPlan, ...], Field(min_length=1, max_length=200)]
    cost_items: tuple[Id, ...] = ()
    scheme: Document | None = None
    exception: Document | None = None
    repayments: tuple[Repayment, ...] = ()
    later_years: tuple[LaterYear, ...] = ()
    from_later_years: Fen | None = None
    call: Id | None = None
    support: Literal["COMPETITIVE", "STABLE"] | None = None

    def check(self, book: Book, actor: Actor) -> None:
        check_plans(book, self.project, self.instalments)
        project = known_project(book, self.project)
        if self.call is not None:
            check_call(book, self.call, self.fund, project.special)
        check_may_commit(book, self.project, self.effective_on)
        refuse_if(
            project.special == "MSP-BRK" and self.scheme is None, Code.DOCUMENT_MISSING, "二(一)3", field="scheme"
        )
        check_scope(book, project, self.effective_on, self.fund, self.exception)
        refuse_if(project.mode == Mode.ENTITLED, Code.MODE_NOT_ALLOWED, "二(四)3", mode=project.mode)
        check_single_source(book, self.project, self.cost_items, self.fund)
        self._check_amounts()
        check_not_reserved(book, self._at(book), self.amount, self.effective_on, self.call)

    def _check_amounts(self) -> None:
        """Instalments and repayments add up; later years are later; an earlier promise is kept by money that is committed."""
        check_adds_up(self.amount, [plan.amount for plan in self.instalments], self.clause)
        if self.repayments:
            check_adds_up(self.amount, [part.amount for part in self.repayments], self.clause)
        wrong = [part.fiscal_year for part in self.later_years if part.fiscal_year <= self.fiscal_year]
        refuse_if(wrong, Code.SCHEDULE_MISMATCH, self.clause, later_year=str(wrong))
        kept = self.from_later_years or 0
        refuse_if(kept > self.amount, Code.SCHEDULE_MISMATCH, self.clause, asked=kept, available=self.amount)

    def _at(self, book: Book) -> Place:
        return place_of(book, self.project, self.fiscal_year, self.fund, self.vintage)

    def legs(self, book: Book) -> tuple[Leg, ...]:
        at = self._at(book)
        legs = [
            leg
            for plan in self.instalments
            for leg in self.transfer("B210", "B220", plan.amount, at, at._replace(ref=plan.instalment))
        ]
        for part in self.later_years:
            legs += self.transfer("F100", "F200", part.amount, at._replace(ref=str(part.fiscal_year)))
        if self.from_later_years is not None:
            legs += self.transfer("F200", "F100", self.from_later_years, at._replace(ref=str(self.fiscal_year)))
        return (*legs, *call_legs(self, book, self.call, self.amount))

    def register(self, book: Book, number: int, actor: Actor) -> None:
        at = self._at(book)
        for plan in self.instalments:
            due = plan.due_on.isoformat() if plan.due_on else None
            new = Instalment(at, plan.gated, due, plan.team, bool(self.repayments), cost_items=self.cost_items)
            INSTALMENTS.put(book, (self.project, plan.instalment), new)
