"""Rescheduling 分期调整: unpaid instalments of a commitment are replaced by others of the same sum (三(一))."""

from itertools import product
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from ledger.domain.accounts import Leg, account
from ledger.domain.book import Book
from ledger.domain.catalogue import Name, Role
from ledger.domain.commitment import instalment_of
from ledger.domain.fields import Id, Ref
from ledger.domain.instalment import (
    ASSESSED,
    INSTALMENTS,
    InstalmentPlan,
    check_adds_up,
    check_plans,
    committed_place,
    is_barred,
    known_instalment,
    recipients,
)
from ledger.domain.movement import Actor, Movement, by
from ledger.domain.project import known_project, open_project
from ledger.domain.refusals import Code, refuse_if


class InstalmentsRescheduled(Movement):
    """Wholly unpaid instalments are replaced by others of the same sum. Moves B220 where the parts differ."""

    label: ClassVar[Name] = Name("分期调整", "Instalments rescheduled")
    clause: ClassVar[str] = "三(一)"
    signs: ClassVar = by(Role.STD)

    kind: Literal["InstalmentsRescheduled"] = "InstalmentsRescheduled"
    project: Id
    replaces: Annotated[tuple[Ref, ...], Field(min_length=1)]
    instalments: Annotated[tuple[InstalmentPlan, ...], Field(min_length=1)]

    def check(self, book: Book, actor: Actor) -> None:
        old = [known_instalment(book, self.project, name) for name in self.replaces]
        refuse_if(len(set(self.replaces)) != len(self.replaces), Code.SCHEDULE_MISMATCH, self.clause)
        first = old[0]
        alike = {(part.at._replace(ref=None), part.repayable, part.claim, part.payable) for part in old}
        refuse_if(len(alike) > 1 or not first.payable, Code.UNKNOWN_REFERENCE, self.clause, field="replaces")
        check_plans(book, self.project, self.instalments, self.replaces)
        open_project(book, self.project)
        self._check_unpaid(book)
        self._check_gates(book)
        unpaid = sum(self._unpaid(book, name) for name in self.replaces)
        check_adds_up(unpaid, [plan.amount for plan in self.instalments], self.clause)

    def _check_unpaid(self, book: Book) -> None:
        """An instalment of which anything was ordered, paid or carried keeps its name: settlements and years point to it."""
        used = [
            instalment
            for found in book.accounts_of.get(self.project, ())
            if found.code != "B220" and book.balance(found)
            if (instalment := instalment_of(book, found)) in self.replaces
        ]
        refuse_if(used, Code.NOT_CLEARED, self.clause, instalment=" ".join(map(str, used)))
        elsewhere = [
            found
            for found in book.accounts_of.get(self.project, ())
            if found.code == "B220" and found.ref in self.replaces and found.fiscal_year != self.fiscal_year
        ]
        years = " ".join(sorted(str(found.fiscal_year) for found in elsewhere if book.balance(found)))
        refuse_if(years, Code.NOT_CLEARED, self.clause, instalment=" ".join(self.replaces), holding_in=years)

    def _check_gates(self, book: Book) -> None:
        """Money behind a gate, barred or of a team that is out does not come free of it, unless a document says so."""
        free = sum(self._unpaid(book, name) for name in self.replaces if self._is_free(book, name))
        asked = sum(plan.amount for plan in self.instalments if not plan.gated)
        more = self.document is None and asked > free
        refuse_if(more, Code.DOCUMENT_MISSING, self.clause, asked=asked, available=free, field="document")

    def _is_free(self, book: Book, name: str) -> bool:
        teams = recipients(book, self.project, name)
        return bool(teams) and not any(is_barred(book, self.project, name, team) for team in teams)

    def _unpaid(self, book: Book, instalment: str) -> int:
        return book.balance(account("B220", committed_place(book, self.project, instalment, self.fiscal_year)))

    def legs(self, book: Book) -> tuple[Leg, ...]:
        change = {name: -self._unpaid(book, name) for name in self.replaces}
        for plan in self.instalments:
            change[plan.instalment] = change.get(plan.instalment, 0) + plan.amount
        at = committed_place(book, self.project, self.replaces[0], self.fiscal_year)
        return tuple(
            Leg(account("B220", at._replace(ref=name)), amount, self.effective_on, self.posting_period)
            for name, amount in change.items()
            if amount
        )

    def register(self, book: Book, number: int, actor: Actor) -> None:
        old = known_instalment(book, self.project, self.replaces[0])
        parts = [known_instalment(book, self.project, name) for name in self.replaces]
        items = tuple(dict.fromkeys(item for part in parts for item in part.cost_items))
        for name in self.replaces:
            INSTALMENTS.drop(book, (self.project, name))
        teams = [None, *(team for team, _ in known_project(book, self.project).teams)]
        for name, team in product(self.replaces, teams):
            ASSESSED.drop(book, (self.project, name, team))  # what was assessed was another amount: it is assessed anew
        for plan in self.instalments:
            due = plan.due_on.isoformat() if plan.due_on else None
            new = old._replace(gated=plan.gated, due_on=due, team=plan.team, cost_items=items)
            INSTALMENTS.put(book, (self.project, plan.instalment), new)
