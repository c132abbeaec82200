"""Merging of specials (三(一) 动态调整): what is open in one goes on in another, with its lineage."""

from typing import ClassVar, Literal, TypeVar

from ledger.domain.accounts import Account, Leg
from ledger.domain.book import Book, Register
from ledger.domain.catalogue import Fund, Name, Role
from ledger.domain.fields import Document, SpecialCode
from ledger.domain.instalment import INSTALMENTS, Instalment
from ledger.domain.matching import PLEDGES, Pledge
from ledger.domain.movement import Actor, Movement, by
from ledger.domain.payment import ORDERS, Order
from ledger.domain.project import PROJECTS
from ledger.domain.refusals import Code, refuse_if
from ledger.domain.reservation import RESERVATIONS
from ledger.domain.special import (
    MERGED,
    active_special,
    change_status,
    check_fund_scope,
    check_latest,
    known_special,
)

K = TypeVar("K")
Placed = TypeVar("Placed", Instalment, Order, Pledge)

_OPEN = (
    *("B210", "B220", "B230"),
    *("M100", "M110", "M200", "O100", "O200", "N100", "N110", "N200", "F100", "F200", "P100", "P200", "U100", "U200"),
)
"""What moves. What was paid, issued, withdrawn or carried out, and the demands on it, stay where they happened."""


class SpecialMerged(Movement):
    """A special goes on as part of another. Moves every open balance, account by account."""

    label: ClassVar[Name] = Name("专项归并", "Special merged")
    clause: ClassVar[str] = "三(一)"
    signs: ClassVar = by(Role.STD)

    kind: Literal["SpecialMerged"] = "SpecialMerged"
    special: SpecialCode
    into: SpecialCode
    exception: Document | None = None

    def check(self, book: Book, actor: Actor) -> None:
        state = known_special(book, self.special, self.effective_on)
        target = active_special(book, self.into, self.effective_on)
        gone = state.merged or self.special == self.into
        refuse_if(gone, Code.SPECIAL_SUSPENDED, self.clause, special=self.special)
        check_latest(state, self.special, self.effective_on)
        self.require_document(self.clause)
        if book.standing("B210", "B220", "B230", source=Fund.NSF, special=self.special):
            check_fund_scope(target, Fund.NSF, self.into, self.exception)

    def legs(self, book: Book) -> tuple[Leg, ...]:
        def moved(found: Account, amount: int) -> tuple[Leg, Leg]:
            to = found._replace(special=self.into)
            day, period = self.effective_on, self.posting_period
            return Leg(found, -amount, day, period), Leg(to, amount, day, period)

        standing = sorted(book.standing(*_OPEN, special=self.special), key=lambda item: book.account_ids[item[0]])
        return tuple(leg for found, amount in standing for leg in moved(found, amount))

    def register(self, book: Book, number: int, actor: Actor) -> None:
        change_status(book, self.special, self.effective_on, MERGED)
        for code, project in list(PROJECTS.items(book)):
            if project.special == self.special:
                PROJECTS.put(book, code, project._replace(special=self.into))
        for call, reservation in list(RESERVATIONS.items(book)):
            if reservation.special == self.special:
                RESERVATIONS.put(book, call, reservation._replace(special=self.into))
        self._repoint(book, INSTALMENTS)
        self._repoint(book, ORDERS)
        self._repoint(book, PLEDGES)

    def _repoint(self, book: Book, register: Register[K, Placed]) -> None:
        for key, found in list(register.items(book)):
            if found.at.special == self.special:
                register.put(book, key, found._replace(at=found.at._replace(special=self.into)))
