"""Approval: who may sign what, and proposals of movements that wait for a second person."""

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal, NamedTuple

from pydantic import Field

from ledger.domain.accounts import Leg
from ledger.domain.book import Book, Register
from ledger.domain.catalogue import Name, Role
from ledger.domain.fields import Day, Id
from ledger.domain.movement import Actor, Movement, by, touched_specials
from ledger.domain.parameter import in_force
from ledger.domain.project import PROJECTS
from ledger.domain.refusals import Code, refuse, refuse_if

if TYPE_CHECKING:
    from ledger.domain.movement import Movement as AnyMovement  # at run time the union of every kind, see kinds.py

_SHANGHAI = timedelta(hours=8)
OPEN, APPROVED, REJECTED = "OPEN", "APPROVED", "REJECTED"
_PROPOSERS = (Role.FIN, Role.STD, Role.COM, Role.REC, Role.CHA, Role.UND, Role.LEA, Role.PM)
_APPROVERS = (Role.FIN, Role.STD, Role.COM)


class Proposal(NamedTuple):
    """A proposal 提案: the movements exactly as they were proposed, and what became of it."""

    movements: tuple[Movement, ...]
    proposer: Actor
    number: int
    status: str
    expires_on: date | None


PROPOSALS: Register[str, Proposal] = Register("proposals")


def check_role(movement: Movement, actor: Actor) -> None:
    """A kind that one role signs alone may be recorded directly; what needs a second person must be proposed."""
    if (actor.role,) in movement.signs:
        return
    needs = " / ".join("+".join(sequence) for sequence in movement.signs)
    refuse(Code.UNAUTHORISED, movement.clause, role=actor.role, needs=needs, kind=movement.kind)


def check_may_propose(movement: Movement, actor: Actor) -> None:
    """Whoever signs first may propose; a programme manager may propose what the S&T department decides alone."""
    first = {sequence[0] for sequence in movement.signs}
    allowed = actor.role in first or (actor.role is Role.PM and (Role.STD,) in movement.signs)
    needs = " / ".join("+".join(sequence) for sequence in movement.signs)
    refuse_if(not allowed, Code.UNAUTHORISED, movement.clause, role=actor.role, needs=needs, kind=movement.kind)


def check_assigned(book: Book, movement: Movement, legs: Iterable[Leg], actor: Actor) -> None:
    """A programme manager proposes within the specials assigned; UNAUTHORISED otherwise (DOMAIN roles, PM)."""
    if actor.role is not Role.PM:
        return
    project = PROJECTS.get(book, getattr(movement, "project", None) or "")
    touched = touched_specials(movement, legs) | ({project.special} if project else set())
    other = min(touched - actor.specials, default=None)
    refuse_if(other, Code.UNAUTHORISED, movement.clause, role=actor.role, special=other, kind=movement.kind)


def check_signatures(movement: Movement, proposer: Actor, approver: Actor) -> None:
    """Proposer and approver together satisfy the kind, and are two humans (SELF_APPROVAL otherwise)."""
    refuse_if(proposer.subject == approver.subject, Code.SELF_APPROVAL, movement.clause)
    pair = (proposer.role, approver.role)
    enough = (
        pair in movement.signs
        or ((proposer.role,) in movement.signs and approver.role in _APPROVERS)
        or (proposer.role is Role.PM and (approver.role,) in movement.signs)
    )
    needs = " / ".join("+".join(sequence) for sequence in movement.signs)
    refuse_if(not enough, Code.UNAUTHORISED, movement.clause, signed="+".join(pair), needs=needs, kind=movement.kind)


def open_proposal(book: Book, proposal: str) -> Proposal:
    """A proposal that waits; UNKNOWN_REFERENCE or PROPOSAL_NOT_OPEN otherwise."""
    found = PROPOSALS.get(book, proposal)
    if found is None:
        refuse(Code.UNKNOWN_REFERENCE, "四(二)", proposal=proposal)
    refuse_if(found.status != OPEN, Code.PROPOSAL_NOT_OPEN, "四(二)", proposal=proposal, status=found.status)
    today = (book.now + _SHANGHAI).date() if book.now else None
    expired = found.expires_on is not None and today is not None and today > found.expires_on
    refuse_if(expired, Code.PROPOSAL_NOT_OPEN, "四(二)", proposal=proposal, expired_on=str(found.expires_on))
    return found


class ProposalSubmitted(Movement):
    """A list of movements waits for a second person. It posts nothing and reserves nothing."""

    label: ClassVar[Name] = Name("提交审批", "Proposal submitted")
    clause: ClassVar[str] = "四(二) 五(二)"
    signs: ClassVar = by(*_PROPOSERS)
    late: ClassVar[bool] = True

    kind: Literal["ProposalSubmitted"] = "ProposalSubmitted"
    proposal: Id
    movements: Annotated[tuple["AnyMovement", ...], Field(min_length=1, max_length=20_000)]
    expires_on: Day | None = None

    def business_keys(self, book: Book) -> tuple[str, ...]:
        return (f"proposal:{self.proposal}",)

    def cites(self, book: Book) -> tuple[int, ...]:
        return tuple(number for movement in self.movements for number in movement.cites(book))

    def check(self, book: Book, actor: Actor) -> None:
        for movement in self.movements:
            check_may_propose(movement, actor)

    def register(self, book: Book, number: int, actor: Actor) -> None:
        proposer = actor._replace(specials=frozenset())
        PROPOSALS.put(book, self.proposal, Proposal(self.movements, proposer, number, OPEN, self._expires(book)))

    def _expires(self, book: Book) -> date | None:
        """The day named, or the one that the parameter gives [P]."""
        days = in_force(book, "proposal_days", "", self.effective_on)
        return self.expires_on or (self.effective_on + timedelta(int(days.value)) if days else None)

    def sealed_inside(self, seal: Callable[[Movement], Movement]) -> Movement:
        return self.model_copy(update={"movements": tuple(map(seal, self.movements))})


class ProposalApproved(Movement):
    """A second person approves; the movements are judged again and recorded with it, all of them or nothing."""

    label: ClassVar[Name] = Name("审批同意", "Proposal approved")
    clause: ClassVar[str] = "四(二) 五(二)"
    signs: ClassVar = by(*_APPROVERS)
    late: ClassVar[bool] = True

    kind: Literal["ProposalApproved"] = "ProposalApproved"
    proposal: Id

    def cites(self, book: Book) -> tuple[int, ...]:
        waiting = PROPOSALS.get(book, self.proposal)
        return tuple(number for movement in waiting.movements for number in movement.cites(book)) if waiting else ()

    def check(self, book: Book, actor: Actor) -> None:
        proposal = open_proposal(book, self.proposal)
        for movement in proposal.movements:
            check_signatures(movement, proposal.proposer, actor)

    def register(self, book: Book, number: int, actor: Actor) -> None:
        found = PROPOSALS.of(book)[self.proposal]
        PROPOSALS.put(book, self.proposal, found._replace(status=APPROVED, movements=()))


class ProposalRejected(Movement):
    """A proposal is turned down, or withdrawn by who made it."""

    label: ClassVar[Name] = Name("审批退回", "Proposal rejected")
    clause: ClassVar[str] = "四(二) 五(二)"
    signs: ClassVar = by(*_PROPOSERS)
    late: ClassVar[bool] = True

    kind: Literal["ProposalRejected"] = "ProposalRejected"
    proposal: Id

    def check(self, book: Book, actor: Actor) -> None:
        proposal = open_proposal(book, self.proposal)
        own = proposal.proposer.subject == actor.subject
        refuse_if(
            not own and actor.role not in _APPROVERS, Code.UNAUTHORISED, self.clause, role=actor.role, kind=self.kind
        )

    def register(self, book: Book, number: int, actor: Actor) -> None:
        found = PROPOSALS.of(book)[self.proposal]
        PROPOSALS.put(book, self.proposal, found._replace(status=REJECTED, movements=()))
