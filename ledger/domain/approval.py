"""Approval: proposals of movements that wait for the signatures they need. Whose they are, ``signing`` says."""

import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal, NamedTuple

from pydantic import Field

from ledger.domain.accounts import Leg
from ledger.domain.book import Book, Register
from ledger.domain.catalogue import Name, Role
from ledger.domain.fields import Day, Digest, Id, Lines
from ledger.domain.movement import Actor, Movement, by, touched_sources, touched_specials
from ledger.domain.parameter import in_force
from ledger.domain.project import PROJECTS
from ledger.domain.refusals import Code, refuse, refuse_if
from ledger.domain.signing import (
    APPROVERS,
    SigningRule,
    awaited,
    check_may_propose,
    check_signature,
    day_of_judging,
    rules_in_force,
    unsigned,
)
from ledger.domain.special import is_among
from ledger.domain.suspense import check_taken_from

if TYPE_CHECKING:
    from ledger.domain.movement import Movement as AnyMovement  # at run time the union of every kind, see kinds.py

_PROPOSERS = (Role.FIN, Role.STD, Role.COM, Role.REC, Role.CHA, Role.UND, Role.LEA, Role.PM)


class ProposalStatus(StrEnum):
    """What became of a proposal."""

    OPEN = "OPEN"
    APPROVED = "APPROVED"
    REJECTED = "REJECTED"


class Signature(NamedTuple):
    """Who signed, or turned down, under which number of the journal, and the lines they struck out."""

    actor: Actor
    number: int
    struck: tuple[int, ...] = ()


class Proposal(NamedTuple):
    """A proposal 提案: the movements exactly as they were proposed, who signed since, and what became of it.

    ``digest`` is that of what stands of it; once it is decided the movements are in the journal alone.
    """

    movements: tuple[Movement, ...]
    proposer: Actor
    number: int
    status: ProposalStatus
    expires_on: date | None
    digest: str
    approvals: tuple[Signature, ...] = ()
    rejection: Signature | None = None

    @property
    def signers(self) -> tuple[Actor, ...]:
        """Everybody who signed, in their order, who proposed it first."""
        return (self.proposer, *(signature.actor for signature in self.approvals))

    @property
    def numbers(self) -> tuple[int, ...]:
        """Under which each of them signed."""
        return (self.number, *(signature.number for signature in self.approvals))

    @property
    def decided(self) -> int | None:
        """Number of the last approval or of the rejection."""
        last = self.rejection or (self.approvals[-1] if self.status is ProposalStatus.APPROVED else None)
        return last.number if last else None

    @property
    def struck(self) -> frozenset[int]:
        """Lines that were struck out, by whomever."""
        return frozenset(line for signature in self.approvals for line in signature.struck)

    def standing(self, struck: Collection[int] = ()) -> tuple[Movement, ...]:
        """What is left of it without lines that were struck before, and without these."""
        out = self.struck.union(struck)
        return tuple(movement for line, movement in enumerate(self.movements, 1) if line not in out)

    def awaits(self, rules: Sequence[SigningRule]) -> tuple[Role, ...]:
        """Roles any of which signs next, under these rules; none once it is decided."""
        return awaited(self.standing(), self.signers, rules) if self.status is ProposalStatus.OPEN else ()

    def expired(self, day: date) -> bool:
        return self.expires_on is not None and day > self.expires_on


PROPOSALS: Register[str, Proposal] = Register("proposals", called=str)
UNDECIDED: Register[str, int] = Register("undecided_proposals")
"""Of the proposals those that nobody decided, expired ones among them → their numbers."""


def undecided(book: Book) -> list[tuple[str, Proposal]]:
    """Proposals that nobody decided, the oldest first; some may have expired."""
    waiting = UNDECIDED.of(book)
    book.bring(waiting)
    return [(name, PROPOSALS.of(book)[name]) for name in sorted(waiting, key=waiting.__getitem__)]


def _decide(book: Book, name: str, decided: Proposal) -> None:
    PROPOSALS.put(book, name, decided)
    UNDECIDED.drop(book, name)


def digest_of(movements: Iterable[Movement]) -> str:
    """SHA-256 over the canonical JSON of movements as they are recorded, texts sealed; absent fields are left out."""
    recorded = [movement.model_dump(exclude_none=True) for movement in movements]
    text = json.dumps(recorded, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=date.isoformat)
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def check_within_scope(book: Book, movement: Movement, legs: tuple[Leg, ...], actor: Actor) -> None:
    """Whoever signs does so within the specials assigned (PM) and the sources they are confined to; else UNAUTHORISED."""
    about = {"role": actor.role, "kind": movement.kind}
    if actor.role is Role.PM:
        project = PROJECTS.get(book, getattr(movement, "project", None) or "")
        touched = touched_specials(movement, legs) | ({project.special} if project else set())
        other = min((code for code in touched if not is_among(book, actor.specials, code)), default=None)
        refuse_if(other, Code.UNAUTHORISED, movement.clause, special=other, **about)
    if actor.sources:
        other = min(touched_sources(movement, legs) - actor.sources, default=None)
        refuse_if(other, Code.UNAUTHORISED, movement.clause, source=other, **about)


def open_proposal(book: Book, proposal: str, day: date) -> Proposal:
    """A proposal that waits on a day; UNKNOWN_REFERENCE or PROPOSAL_NOT_OPEN otherwise."""
    found = PROPOSALS.get(book, proposal)
    if found is None:
        refuse(Code.UNKNOWN_REFERENCE, "四(二)", proposal=proposal)
    refuse_if(
        found.status is not ProposalStatus.OPEN,
        Code.PROPOSAL_NOT_OPEN,
        "四(二)",
        proposal=proposal,
        status=found.status,
    )
    expired_on = str(found.expires_on)
    refuse_if(found.expired(day), Code.PROPOSAL_NOT_OPEN, "四(二)", proposal=proposal, expired_on=expired_on)
    return found


def close_approved(book: Book, proposal: str) -> None:
    """Its movements are recorded, and so it is approved: the log itself says so, whatever rules are in force later."""
    found = PROPOSALS.of(book)[proposal]
    if found.status is ProposalStatus.OPEN:
        _decide(book, proposal, found._replace(status=ProposalStatus.APPROVED, movements=()))


class ProposalSubmitted(Movement):
    """A list of movements waits for the signatures it needs. It posts nothing and reserves nothing."""

    label: ClassVar[Name] = Name("提交审批", "Proposal submitted")
    clause: ClassVar[str] = "四(二) 五(二)"
    signs: ClassVar = by(*_PROPOSERS)
    late: ClassVar[bool] = True
    of_proposals: ClassVar[bool] = True

    kind: Literal["ProposalSubmitted"] = "ProposalSubmitted"
    proposal: Id
    movements: Annotated[tuple["AnyMovement", ...], Field(min_length=1, max_length=50_000)]
    expires_on: Day | None = None

    def business_keys(self, book: Book) -> tuple[str, ...]:
        return (f"proposal:{self.proposal}",)

    def cites(self, book: Book) -> tuple[int, ...]:
        return tuple(number for movement in self.movements for number in movement.cites(book))

    def check(self, book: Book, actor: Actor) -> None:
        check_may_propose(self.movements, actor)
        for movement in self.movements:
            check_taken_from(movement)

    def register(self, book: Book, number: int, actor: Actor) -> None:
        digest, expires_on = digest_of(self.movements), self._expires(book)
        proposal = Proposal(self.movements, actor.as_recorded, number, ProposalStatus.OPEN, expires_on, digest)
        PROPOSALS.put(book, self.proposal, proposal)
        UNDECIDED.put(book, self.proposal, number)

    def _expires(self, book: Book) -> date | None:
        """The day named, or the one that the parameter gives [P]."""
        days = in_force(book, "proposal_days", "", self.effective_on)
        return self.expires_on or (self.effective_on + timedelta(int(days.value)) if days else None)

    def held(self) -> tuple[Movement, ...]:
        return self.movements

    def sealed_inside(self, seal: Callable[[Movement], Movement]) -> Movement:
        return self.model_copy(update={"movements": tuple(map(seal, self.movements))})


class ProposalApproved(Movement):
    """Another person signs; with the last signature the movements are judged again and recorded, all of them or nothing.

    ``digest`` is that of what stood when it was read; ``struck`` names lines to leave out for good. Each signature is
    judged as if it were the last, so that nobody signs what could not be recorded.
    """

    label: ClassVar[Name] = Name("审批同意", "Proposal approved")
    clause: ClassVar[str] = "四(二) 五(二)"
    signs: ClassVar = by(*APPROVERS)
    late: ClassVar[bool] = True
    of_proposals: ClassVar[bool] = True

    kind: Literal["ProposalApproved"] = "ProposalApproved"
    proposal: Id
    digest: Digest | None = None
    struck: Lines | None = None

    def cites(self, book: Book) -> tuple[int, ...]:
        waiting = PROPOSALS.get(book, self.proposal)
        return tuple(number for movement in waiting.movements for number in movement.cites(book)) if waiting else ()

    def check(self, book: Book, actor: Actor) -> None:
        day = day_of_judging(book, self)
        proposal = open_proposal(book, self.proposal, day)
        changed = self.digest not in (None, proposal.digest)
        refuse_if(changed, Code.PROPOSAL_CHANGED, "四(二)", proposal=self.proposal)
        standing = self._standing(proposal)
        check_signature(standing, proposal.signers, actor, rules_in_force(book, day))

    def _standing(self, proposal: Proposal) -> tuple[Movement, ...]:
        """What is left of it; struck is only what stands, and not all of it."""
        standing = [line for line, _ in enumerate(proposal.movements, 1) if line not in proposal.struck]
        unknown = sorted(set(self.struck or ()).difference(standing))
        refuse_if(unknown, Code.UNKNOWN_REFERENCE, "四(二)", proposal=self.proposal, lines=str(unknown))
        left = proposal.standing(self.struck or ())
        refuse_if(not left, Code.NOTHING_LEFT, "四(二)", proposal=self.proposal)
        return left

    def register(self, book: Book, number: int, actor: Actor) -> None:
        found = PROPOSALS.of(book)[self.proposal]
        signature = Signature(actor.as_recorded, number, self.struck or ())
        signed = found._replace(approvals=(*found.approvals, signature))
        digest = digest_of(signed.standing()) if self.struck else found.digest
        PROPOSALS.put(book, self.proposal, signed._replace(digest=digest))

    def completes(self, book: Book, proposal: Proposal) -> bool:
        """Whether the proposal, with this signature on it, waits for nobody any more."""
        rules = rules_in_force(book, day_of_judging(book, self))
        return next(unsigned(proposal.standing(), proposal.signers, rules), None) is None


class ProposalRejected(Movement):
    """A proposal is turned down, or withdrawn by who made it or in whose name it was made."""

    label: ClassVar[Name] = Name("审批退回", "Proposal rejected")
    clause: ClassVar[str] = "四(二) 五(二)"
    signs: ClassVar = by(*_PROPOSERS)
    late: ClassVar[bool] = True
    of_proposals: ClassVar[bool] = True

    kind: Literal["ProposalRejected"] = "ProposalRejected"
    proposal: Id

    def check(self, book: Book, actor: Actor) -> None:
        found = PROPOSALS.get(book, self.proposal)
        own = found is not None and found.proposer.humans & actor.humans
        refuse_if(  # first: whoever may not turn it down is not told whether it is there
            not own and actor.role not in APPROVERS, Code.UNAUTHORISED, self.clause, role=actor.role, kind=self.kind
        )
        open_proposal(book, self.proposal, day_of_judging(book, self))

    def register(self, book: Book, number: int, actor: Actor) -> None:
        found = PROPOSALS.of(book)[self.proposal]
        rejection = Signature(actor.as_recorded, number)
        _decide(book, self.proposal, found._replace(status=ProposalStatus.REJECTED, movements=(), rejection=rejection))


OfProposal = ProposalSubmitted | ProposalApproved | ProposalRejected
"""Kinds that submit or decide a proposal, and name it."""
