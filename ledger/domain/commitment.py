"""What every commitment of fund money must pass, before the work or after it; and how one is taken back (三(一))."""

from datetime import date
from typing import ClassVar, Literal

from ledger.domain.accounts import Account, Leg
from ledger.domain.book import Book, Register
from ledger.domain.catalogue import Fund, Mode, Name, Role
from ledger.domain.fields import Document, Id, Ref
from ledger.domain.instalment import INSTALMENTS, committed_place
from ledger.domain.money import Fen
from ledger.domain.movement import Actor, Movement, by
from ledger.domain.partial import of_project
from ledger.domain.payment import ORDERS, SETTLEMENTS
from ledger.domain.project import Project, check_mode, known_project, open_project
from ledger.domain.refusals import Code, refuse_if
from ledger.domain.special import active_special, check_fund_scope, known_special

COST_ITEMS: Register[tuple[str, str], str] = Register("cost_items", called=of_project)
"""(project, cost item) → the other source that pays for it, or the claim that waits for its commitment."""
FILED: Register[str, str] = Register("filed", called=str)
"""Project → its national number, once filed with the commission office (二(一)3)."""


def instalment_of(book: Book, found: Account) -> str | None:
    """The instalment that a committed, ordered, disbursed or issued account belongs to; None for other accounts."""
    ref = found.ref or ""
    if found.code in ("B220", "B245"):
        return ref
    if found.code == "B230" and ref in ORDERS.of(book):
        return ORDERS.of(book)[ref].instalment
    if found.code == "B240" and ref in SETTLEMENTS.of(book):
        return SETTLEMENTS.of(book)[ref].instalment
    return None


def stands_of(book: Book, project: str, instalment: str, *codes: str) -> int:
    """What an instalment holds in the accounts of these codes, over all years, in fen."""
    return sum(
        book.balance(found)
        for found in book.accounts_of.get(project, ())
        if found.code in codes and instalment_of(book, found) == instalment
    )


def _held_by_funds(book: Book, project: str) -> dict[str, str]:
    """Cost item → the fund that holds it: something of a commitment to it is unpaid, ordered, paid or issued."""
    held: dict[str, str] = {}
    for found in book.accounts_of.get(project, ()):
        instalment = instalment_of(book, found) if book.balance(found) else None
        part = INSTALMENTS.get(book, (project, instalment or ""))
        held |= dict.fromkeys(part.cost_items if part else (), found.source or "")
    return held


def check_single_source(book: Book, project: str, items: tuple[str, ...], source: str) -> None:
    """V7: one cost item is not funded twice (二(三)3); DOUBLE_FUNDING otherwise.

    A fund holds an item as long as money of its commitment stands or was paid, and commits to it once. Another source goes
    on paying for what it pays for.
    """
    held = _held_by_funds(book, project) if items else {}
    for item in items:
        beside = COST_ITEMS.get(book, (project, item))
        other = held.get(item) or (beside if beside != source else None)
        refuse_if(other, Code.DOUBLE_FUNDING, "二(三)3 V7", project=project, item=item, funded_by=other)


def claim_cost_items(book: Book, project: str, items: tuple[str, ...], source: str) -> None:
    """Note which other source, or which claim, pays for each item."""
    for item in items:
        COST_ITEMS.put(book, (project, item), source)


def hand_over_cost_items(book: Book, project: str, items: tuple[str, ...]) -> None:
    """From here on the instalment that names the items holds them, and no longer the claim that led to it."""
    for item in items:
        COST_ITEMS.drop(book, (project, item))


def check_may_commit(book: Book, project: str, day: date) -> None:
    """Status and filing: the project is open, its special takes commitments, a national project was filed."""
    found = open_project(book, project)
    state = active_special(book, found.special, day)
    unfiled = Mode.RECOMMENDED in state.modes and FILED.get(book, project) is None
    refuse_if(unfiled, Code.NOT_FILED, "二(一)3", project=project)


def check_scope(book: Book, project: Project, day: date, fund: Fund, exception: Document | None) -> None:
    """V12 and V6, of the special as it is on the day: a project that was merged into another is judged by that one."""
    state = known_special(book, project.special, day)
    let = exception is not None or project.excepted == project.special
    check_mode(state, project.special, project.mode, let)
    check_fund_scope(state, fund, project.special, exception)


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
    instalment: Ref
    amount: Fen

    def check(self, book: Book, actor: Actor) -> None:
        committed_place(book, self.project, self.instalment, self.fiscal_year)
        self.require_reason(self.clause)

    def legs(self, book: Book) -> tuple[Leg, ...]:
        at = committed_place(book, self.project, self.instalment, self.fiscal_year)
        return self.transfer("B220", "B210", self.amount, at)
