"""Post-subsidy 后补助: money committed after verified results, by rate and cap (四(三))."""

from datetime import date
from typing import Annotated, ClassVar, Literal, NamedTuple

from ledger.domain.accounts import Leg, Place
from ledger.domain.book import Book, Register
from ledger.domain.catalogue import Fund, Name, Role
from ledger.domain.commitment import (
    check_may_commit,
    check_scope,
    check_single_source,
    claim_cost_items,
    hand_over_cost_items,
)
from ledger.domain.fields import Document, Id, Sealed, SealedText, Year
from ledger.domain.instalment import INSTALMENTS, Instalment, InstalmentPlan, check_plans
from ledger.domain.money import Fen
from ledger.domain.movement import BUSINESS_KEYS, Actor, Movement, both, by
from ledger.domain.parameter import amount_in_force, chosen
from ledger.domain.project import known_project, open_project, place_of
from ledger.domain.refusals import Code, refuse_if
from ledger.domain.reservation import check_not_reserved


class Claim(NamedTuple):
    """A verified claim: what of it is eligible, in fen, the day whose parameters judge it, and what it is for."""

    project: str
    eligible: int
    day: date
    cost_items: tuple[str, ...] = ()


CLAIMS: Register[str, Claim] = Register("claims", called=str)
UNCOMMITTED: Register[str, int] = Register("uncommitted_claims")
"""Claims that are verified and wait for money → the number of their verification."""


def formula(eligible_fen: int, rate_bp: int, cap_fen: int) -> int:
    """floor(min(base × rate, cap)) in fen."""
    return min(eligible_fen * rate_bp // 10_000, cap_fen)


class PostSubsidyVerified(Movement):
    """A claim is verified: what was spent, what of it is eligible, by whom, in which report. Posts nothing."""

    label: ClassVar[Name] = Name("后补助核实", "Post-subsidy verified")
    clause: ClassVar[str] = "四(三)"
    signs: ClassVar = by(Role.STD)

    kind: Literal["PostSubsidyVerified"] = "PostSubsidyVerified"
    claim: Id
    project: Id
    claimed: Fen
    eligible: Fen
    verifier: Annotated[SealedText, Sealed("claim")]
    report: Document
    cost_items: tuple[Id, ...] = ()

    def business_keys(self, book: Book) -> tuple[str, ...]:
        return (f"claim:{self.claim}",)

    def check(self, book: Book, actor: Actor) -> None:
        open_project(book, self.project)
        check_single_source(book, self.project, self.cost_items, f"claim {self.claim}")
        refuse_if(self.eligible > self.claimed, Code.OVER_CAP, self.clause, asked=self.eligible, available=self.claimed)

    def register(self, book: Book, number: int, actor: Actor) -> None:
        CLAIMS.put(book, self.claim, Claim(self.project, self.eligible, self.effective_on, self.cost_items))
        if BUSINESS_KEYS.get(book, f"subsidy:{self.claim}") is None:  # where the parameter allows, money came first
            UNCOMMITTED.put(book, self.claim, number)
        claim_cost_items(book, self.project, self.cost_items, f"claim {self.claim}")


class PostSubsidyCommitted(Movement):
    """What rate and cap allow of a verified claim is committed, one claim once. Posts B210 / B220."""

    label: ClassVar[Name] = Name("后补助安排", "Post-subsidy committed")
    clause: ClassVar[str] = "四(三)"
    signs: ClassVar = both(Role.STD, Role.FIN)

    kind: Literal["PostSubsidyCommitted"] = "PostSubsidyCommitted"
    project: Id
    claim: Id
    fund: Fund
    vintage: Year
    amount: Fen
    form: Literal["POST_SUBSIDY", "REWARD"] = "POST_SUBSIDY"
    exception: Document | None = None

    def business_keys(self, book: Book) -> tuple[str, ...]:
        return (f"subsidy:{self.claim}",)

    def check(self, book: Book, actor: Actor) -> None:
        check_plans(book, self.project, (InstalmentPlan(instalment=self.claim, amount=self.amount),))
        project = known_project(book, self.project)
        claim = CLAIMS.get(book, self.claim)
        check_may_commit(book, self.project, self.effective_on)
        reward_elsewhere = self.form == "REWARD" and project.special != "CAP-POL"
        refuse_if(reward_elsewhere, Code.MODE_NOT_ALLOWED, "四(三)", form=self.form, special=project.special)
        wrong = claim is not None and claim.project != self.project
        unverified = (
            claim is None and chosen(book, "post_subsidy_unverified", project.special, self.effective_on) != "yes"
        )
        refuse_if(wrong or unverified, Code.NOT_VERIFIED, self.clause, claim=self.claim, project=self.project)
        check_scope(book, project, self.effective_on, self.fund, self.exception)
        day = claim.day if claim else self.effective_on
        cap = amount_in_force(book, "post_subsidy_cap", project.special, day)
        limit = cap
        if claim is not None:
            limit = formula(claim.eligible, amount_in_force(book, "post_subsidy_rate", project.special, day), cap)
        refuse_if(self.amount > limit, Code.OVER_CAP, self.clause, asked=self.amount, available=limit, claim=self.claim)
        check_not_reserved(book, self._at(book), self.amount, self.effective_on)

    def _at(self, book: Book) -> Place:
        return place_of(book, self.project, self.fiscal_year, self.fund, self.vintage)

    def legs(self, book: Book) -> tuple[Leg, ...]:
        at = self._at(book)
        return self.transfer("B210", "B220", self.amount, at, at._replace(ref=self.claim))

    def register(self, book: Book, number: int, actor: Actor) -> None:
        claim = CLAIMS.get(book, self.claim)
        items = claim.cost_items if claim else ()
        new = Instalment(self._at(book), claim=self.claim, cost_items=items)
        INSTALMENTS.put(book, (self.project, self.claim), new)
        UNCOMMITTED.drop(book, self.claim)
        hand_over_cost_items(book, self.project, items)
