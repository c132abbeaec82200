"""Rescheduling 分期调整: unpaid instalments of a commitment are replaced by others of the same sum (三(一))."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from ledger.domain.accounts import Account, Leg, account
from ledger.domain.book import Book
from ledger.domain.catalogue import Name, Role
from ledger.domain.fields import Id
from ledger.domain.instalment import (
    INSTALMENTS,
    PASSED_GATES,
    InstalmentPlan,
    check_adds_up,
    check_plans,
    committed_place,
    known_instalment,
)
from ledger.domain.movement import Actor, Movement, by
from ledger.domain.payment import ORDERS, SETTLEMENTS
from ledger.domain.refusals import Code, refuse_if


class InstalmentsRescheduled(Movement):
    """Wholly unpaid instalments are replaced by others of the same sum. Moves B220 where the parts differ."""

    label: ClassVar[Name] = Name("分期调整", "Instalments rescheduled")
    clause: ClassVar[str] = "三(一)"
    signs: ClassVar = by(Role.STD)

    kind: Literal["InstalmentsRescheduled"] = "InstalmentsRescheduled"
    project: Id
    replaces: Annotated[tuple[Id, ...], Field(min_length=1)]
    instalments: Annotated[tuple[InstalmentPlan, ...], Field(min_length=1)]

    def check(self, book: Book, actor: Actor) -> None:
        old = [known_instalment(book, self.project, name) for name in self.replaces]
        refuse_if(len(set(self.replaces)) != len(self.replaces), Code.SCHEDULE_MISMATCH, self.clause)
        first = old[0]
        alike = {(part.at._replace(ref=None), part.repayable, part.claim, part.payable) for part in old}
        refuse_if(len(alike) > 1 or not first.payable, Code.UNKNOWN_REFERENCE, self.clause, field="replaces")
        self._check_unpaid(book)
        check_plans(book, self.project, self.instalments, self.replaces)
        unpaid = sum(self._unpaid(book, name) for name in self.replaces)
        check_adds_up(unpaid, [plan.amount for plan in self.instalments], self.clause)

    def _check_unpaid(self, book: Book) -> None:
        """An instalment of which anything was ordered, paid or carried keeps its name: settlements and years point to it."""
        used = [
            instalment
            for found in book.accounts_of.get(self.project, ())
            if book.balance(found) and (instalment := drawn_instalment(book, found)) in self.replaces
        ]
        refuse_if(used, Code.NOT_CLEARED, self.clause, instalment=" ".join(map(str, used)))
        elsewhere = [
            found
            for found in book.accounts_of.get(self.project, ())
            if found.code == "B220" and found.ref in self.replaces and found.fiscal_year != self.fiscal_year
        ]
        years = " ".join(sorted(str(found.fiscal_year) for found in elsewhere if book.balance(found)))
        refuse_if(years, Code.NOT_CLEARED, self.clause, instalment=" ".join(self.replaces), holding_in=years)

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
        for name in self.replaces:
            INSTALMENTS.drop(book, (self.project, name))
        for gate in [
            gate for gate, _ in PASSED_GATES.items(book) if gate[0] == self.project and gate[1] in self.replaces
        ]:
            PASSED_GATES.drop(book, gate)  # what was assessed was another amount: it is assessed anew
        for plan in self.instalments:
            due = plan.due_on.isoformat() if plan.due_on else None
            new = old._replace(gated=plan.gated, due_on=due, team=plan.team)
            INSTALMENTS.put(book, (self.project, plan.instalment), new)


def drawn_instalment(book: Book, found: Account) -> str | None:
    """The instalment that an ordered, disbursed or issued account draws on; None for other accounts."""
    ref = found.ref or ""
    if found.code == "B245":
        return ref
    if found.code == "B230" and ref in ORDERS.of(book):
        return ORDERS.of(book)[ref].instalment
    if found.code == "B240" and ref in SETTLEMENTS.of(book):
        return SETTLEMENTS.of(book)[ref].instalment
    return None
