"""Matching money 匹配资金: 谁推荐、谁承诺、谁筹措匹配资金 (二(一)3). Beside the funds, never part of them (V7, V9)."""

from datetime import date
from typing import Annotated, ClassVar, Literal, NamedTuple

from pydantic import BaseModel, Field

from ledger.domain.accounts import Leg, Place, account
from ledger.domain.book import Book, Register
from ledger.domain.catalogue import Fund, Mode, Name, Role, Source
from ledger.domain.fields import SHAPE, CreditCode, Day, Id, Text
from ledger.domain.instalment import check_adds_up
from ledger.domain.money import Fen
from ledger.domain.movement import Actor, Movement, by, first_then
from ledger.domain.party import known_party
from ledger.domain.project import Project, open_project
from ledger.domain.refusals import Code, refuse, refuse_if
from ledger.domain.special import special_state


class Tranche(BaseModel):
    """A part of a pledge and the business date by which it is due, in fen."""

    model_config = SHAPE

    due_on: Day
    amount: Fen


class Pledge(NamedTuple):
    at: Place
    pledger: str
    tranches: tuple[tuple[date, int], ...]
    """(due on, fen) of what is outstanding."""


PLEDGES: Register[str, Pledge] = Register("pledges", called=str)
_Tranches = Annotated[tuple[Tranche, ...], Field(min_length=1, max_length=100)]


def known_pledge(book: Book, pledge: str) -> Pledge:
    """A pledge; UNKNOWN_REFERENCE otherwise."""
    found = PLEDGES.get(book, pledge)
    if found is None:
        refuse(Code.UNKNOWN_REFERENCE, "二(一)3", pledge=pledge)
    return found


def recommender_pledges(book: Book, project: Project) -> bool:
    """Whether who recommended the project is who promises and raises its matching money (二(一)3)."""
    state = special_state(book, project.special)
    return state is not None and Mode.RECOMMENDED in state.modes


def check_pledger(book: Book, project: Project, pledger: str) -> None:
    """V9: where projects are recommended, who pledges is who recommended (二(一)3 谁推荐、谁承诺); NOT_RECOMMENDER otherwise."""
    other = pledger != project.recommender and recommender_pledges(book, project)
    about = {"pledger": pledger, "recommender": project.recommender}
    refuse_if(other, Code.NOT_RECOMMENDER, "二(一)3 V9", **about)


def due_and_gap(pledge: Pledge, outstanding: int, received: int, on: date) -> tuple[int, int]:
    """What was due before a day, and what of it is missing: gap = max(0, outstanding − Σ tranches due on or after it)."""
    later = sum(amount for due, amount in pledge.tranches if due >= on)
    return max(0, outstanding + received - later), max(0, outstanding - later)


def _dated(tranches: tuple[Tranche, ...]) -> tuple[tuple[date, int], ...]:
    return tuple((part.due_on, part.amount) for part in tranches)


class MatchingCommitted(Movement):
    """Matching money is promised, in tranches with due dates. Posts M100 / M200."""

    label: ClassVar[Name] = Name("匹配承诺", "Matching committed")
    clause: ClassVar[str] = "二(一)3"
    signs: ClassVar = by(Role.REC, Role.UND, Role.LEA)

    kind: Literal["MatchingCommitted"] = "MatchingCommitted"
    pledge: Id
    project: Id
    pledger: CreditCode
    amount: Fen
    tranches: _Tranches
    basis: Text

    def business_keys(self, book: Book) -> tuple[str, ...]:
        return (f"pledge:{self.pledge}",)

    def check(self, book: Book, actor: Actor) -> None:
        project = open_project(book, self.project)
        known_party(book, self.pledger, "pledger")
        check_pledger(book, project, self.pledger)
        refuse_if(
            actor.department != self.pledger,
            Code.NOT_RECOMMENDER if recommender_pledges(book, project) else Code.UNAUTHORISED,
            "二(一)3 V9",
            pledger=self.pledger,
            asked_by=actor.department,
        )
        check_adds_up(self.amount, [part.amount for part in self.tranches], self.clause)

    def _at(self, book: Book) -> Place:
        special = open_project(book, self.project).special
        return Place(0, Source.MATCHING, None, special, self.project, ref=self.pledge)

    def legs(self, book: Book) -> tuple[Leg, ...]:
        return self.transfer("M100", "M200", self.amount, self._at(book))

    def register(self, book: Book, number: int, actor: Actor) -> None:
        PLEDGES.put(book, self.pledge, Pledge(self._at(book), self.pledger, _dated(self.tranches)))


class MatchingReceived(Movement):
    """Promised money arrived: the pledger reports, the S&T department confirms. Posts M110 / M100."""

    label: ClassVar[Name] = Name("匹配到位", "Matching received")
    clause: ClassVar[str] = "二(一)3"
    signs: ClassVar = first_then((Role.REC, Role.STD), (Role.UND, Role.STD), (Role.LEA, Role.STD))
    correctable: ClassVar[bool] = True

    kind: Literal["MatchingReceived"] = "MatchingReceived"
    pledge: Id
    amount: Fen
    origin: Fund | Source
    evidence: Text | None = None

    def check(self, book: Book, actor: Actor) -> None:
        pledge = known_pledge(book, self.pledge)
        refuse_if(
            actor.department != pledge.pledger,
            Code.NOT_RECOMMENDER,
            self.clause,
            asked_by=actor.department,
            pledger=pledge.pledger,
        )
        refuse_if(isinstance(self.origin, Fund), Code.MATCHING_FROM_FUND, self.clause, origin=self.origin)

    def legs(self, book: Book) -> tuple[Leg, ...]:
        return self.transfer("M110", "M100", self.amount, known_pledge(book, self.pledge).at)


class MatchingReduced(Movement):
    """The commission office approves a smaller pledge; ``tranches`` schedule what stays. Posts M200 / M100."""

    label: ClassVar[Name] = Name("匹配核减", "Matching reduced")
    clause: ClassVar[str] = "二(一)3"
    signs: ClassVar = by(Role.COM)

    kind: Literal["MatchingReduced"] = "MatchingReduced"
    pledge: Id
    amount: Fen
    tranches: tuple[Tranche, ...] = ()

    def check(self, book: Book, actor: Actor) -> None:
        pledge = known_pledge(book, self.pledge)
        self.require_document(self.clause)
        left = book.balance(account("M100", pledge.at)) - self.amount
        if left >= 0:
            check_adds_up(left, [part.amount for part in self.tranches], self.clause)

    def legs(self, book: Book) -> tuple[Leg, ...]:
        return self.transfer("M200", "M100", self.amount, known_pledge(book, self.pledge).at)

    def register(self, book: Book, number: int, actor: Actor) -> None:
        PLEDGES.put(book, self.pledge, known_pledge(book, self.pledge)._replace(tranches=_dated(self.tranches)))


class MatchingRescheduled(Movement):
    """The commission office approves other due dates for what is outstanding. Posts nothing."""

    label: ClassVar[Name] = Name("匹配改期", "Matching rescheduled")
    clause: ClassVar[str] = "二(一)3"
    signs: ClassVar = by(Role.COM)

    kind: Literal["MatchingRescheduled"] = "MatchingRescheduled"
    pledge: Id
    tranches: _Tranches

    def check(self, book: Book, actor: Actor) -> None:
        pledge = known_pledge(book, self.pledge)
        self.require_document(self.clause)
        outstanding = book.balance(account("M100", pledge.at))
        check_adds_up(outstanding, [part.amount for part in self.tranches], self.clause)

    def register(self, book: Book, number: int, actor: Actor) -> None:
        PLEDGES.put(book, self.pledge, known_pledge(book, self.pledge)._replace(tranches=_dated(self.tranches)))
