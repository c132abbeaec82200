"""What every commitment of fund money must pass, before the work or after it; and how one is taken back (三(一))."""

from datetime import date
from typing import ClassVar, Literal

from ledger.domain.accounts import Leg
from ledger.domain.book import Book, Register
from ledger.domain.catalogue import Fund, Mode, Name, Role
from ledger.domain.fields import Document, Id
from ledger.domain.instalment import committed_place
from ledger.domain.money import Fen
from ledger.domain.movement import Actor, Movement, by
from ledger.domain.project import known_project, open_project
from ledger.domain.refusals import Code, refuse_if
from ledger.domain.special import active_special, check_fund_scope

COST_ITEMS: Register[tuple[str, str], str] = Register("cost_items")
"""(project, cost item) → the fund, source or claim that pays for it."""
FILED: Register[str, str] = Register("filed")
"""Project → its national number, once filed with the commission office (二(一)3)."""


def check_single_source(book: Book, project: str, items: tuple[str, ...], source: str) -> None:
    """V7: one cost item is not funded twice (二(三)3); DOUBLE_FUNDING otherwise."""
    for item in items:
        other = COST_ITEMS.get(book, (project, item))
        refuse_if(
            other not in (None, source), Code.DOUBLE_FUNDING, "二(三)3 V7", project=project, item=item, funded_by=other
        )


def claim_cost_items(book: Book, project: str, items: tuple[str, ...], source: str) -> None:
    """Note who pays for each item."""
    for item in items:
        COST_ITEMS.put(book, (project, item), source)


def check_may_commit(
    book: Book, project: str, day: date, fund: Fund, exception: Document | None, items: tuple[str, ...]
) -> None:
    """References, status and filing, then scope and double funding. Raises Refusal."""
    found = open_project(book, project)
    state = active_special(book, found.special, day)
    unfiled = Mode.RECOMMENDED in state.modes and FILED.get(book, project) is None
    refuse_if(unfiled, Code.NOT_FILED, "二(一)3", project=project)
    check_fund_scope(state, fund, found.special, exception)
    check_single_source(book, project, items, fund)


class NationalProjectFiled(Movement):
    """The recommending department files a national project with the commission office, before any regional commitment."""

    label: ClassVar[Name] = Name("国家项目备案", "National project filed")
    clause: ClassVar[str] = "二(一)3"
    signs: ClassVar = by(Role.REC)

    kind: Literal["NationalProjectFiled"] = "NationalProjectFiled"
    project: Id
    national_id: Id

    def business_keys(self, book: Book) -> tuple[str, ...]:
        return (f"national:{self.national_id}",)

    def check(self, book: Book, actor: Actor) -> None:
        recommender = known_project(book, self.project).recommender
        refuse_if(
            actor.department is None or actor.department != recommender,
            Code.NOT_RECOMMENDER,
            self.clause,
            asked_by=actor.department,
            recommender=recommender,
        )

    def register(self, book: Book, number: int, actor: Actor) -> None:
        FILED.put(book, self.project, self.national_id)


class CommitmentReleased(Movement):
    """Committed money goes back to its special: rolling support and exit. Posts B220 / B210."""

    label: ClassVar[Name] = Name("安排核减", "Commitment released")
    clause: ClassVar[str] = "三(一)"
    signs: ClassVar = by(Role.STD)
    correctable: ClassVar[bool] = True

    kind: Literal["CommitmentReleased"] = "CommitmentReleased"
    project: Id
    instalment: Id
    amount: Fen

    def check(self, book: Book, actor: Actor) -> None:
        committed_place(book, self.project, self.instalment, self.fiscal_year)
        self.require_reason(self.clause)

    def legs(self, book: Book) -> tuple[Leg, ...]:
        at = committed_place(book, self.project, self.instalment, self.fiscal_year)
        return self.transfer("B220", "B210", self.amount, at)
