"""Reservations 预留: money of a special set aside for a call. Shown beside what is available; blocking only by parameter."""

from datetime import date
from typing import ClassVar, Literal, NamedTuple

from ledger.domain.accounts import Leg, Place, account
from ledger.domain.book import Book, Register
from ledger.domain.catalogue import Fund, Name, Role
from ledger.domain.fields import Day, Id, SpecialCode
from ledger.domain.money import Fen
from ledger.domain.movement import Actor, Movement, by
from ledger.domain.parameter import chosen
from ledger.domain.refusals import Code, refuse, refuse_if
from ledger.domain.special import active_special


class Reservation(NamedTuple):
    fund: str
    special: str
    expires_on: date

    def is_open(self, day: date) -> bool:
        """Whether the call still holds money back: up to the day on which it expires."""
        return day <= self.expires_on

    def at(self, call: str) -> Place:
        return Place(0, self.fund, None, self.special, ref=call)


RESERVATIONS: Register[str, Reservation] = Register("reservations")
"""Call → Reservation. What is left of it is the balance of its account."""


def _reserved(book: Book, fund: str, special: str, day: date, call: str | None = None) -> int:
    """What is set aside in a special of a fund by calls that have not expired on the day, but for ``call``, in fen."""
    return sum(
        book.balance(account("P200", found.at(name)))
        for name, found in RESERVATIONS.items(book)
        if (found.fund, found.special) == (fund, special) and found.is_open(day) and name != call
    )


def _held(book: Book, fund: str, special: str, fiscal_year: int) -> int:
    """What a special has available of a fund in a year, over all vintages, in fen."""
    return sum(amount for _, amount in book.standing("B210", fiscal_year=fiscal_year, source=fund, special=special))


def check_not_reserved(book: Book, at: Place, amount: int, day: date, call: str | None = None) -> None:
    """A commitment may not touch what other calls have reserved and not let expire, where the parameter says so [P]."""
    fund, special = at.source or "", at.special or ""
    if chosen(book, "reservation_blocks", special, day) != "yes":
        return
    available = _held(book, fund, special, at.fiscal_year) - _reserved(book, fund, special, day, call)
    refuse_if(
        amount > available,
        Code.INSUFFICIENT_FUNDS,
        "P",
        asked=amount,
        available=available,
        special=special,
        why="reserved",
    )


def check_call(book: Book, call: str, fund: str, special: str) -> None:
    """A call gives money of its own fund and special; UNKNOWN_REFERENCE otherwise."""
    found = RESERVATIONS.get(book, call)
    fits = found is not None and (found.fund, found.special) == (fund, special)
    refuse_if(not fits, Code.UNKNOWN_REFERENCE, "四(一)", call=call, fund=fund, special=special)


def call_legs(movement: Movement, book: Book, call: str | None, amount: int) -> tuple[Leg, ...]:
    """A commitment under a call uses up what the call reserved. Posts P200 / P100."""
    reservation = RESERVATIONS.get(book, call) if call else None
    if reservation is None or call is None:
        return ()
    at = reservation.at(call)
    used = min(amount, book.balance(account("P200", at)))
    return movement.transfer("P200", "P100", used, at) if used else ()


class FundsReserved(Movement):
    """Money of a special is set aside for a call. Posts P100 / P200."""

    label: ClassVar[Name] = Name("资金预留", "Funds reserved")
    clause: ClassVar[str] = "四(一)"
    signs: ClassVar = by(Role.STD)

    kind: Literal["FundsReserved"] = "FundsReserved"
    call: Id
    fund: Fund
    special: SpecialCode
    amount: Fen
    expires_on: Day

    def business_keys(self, book: Book) -> tuple[str, ...]:
        return (f"call:{self.call}",)

    def check(self, book: Book, actor: Actor) -> None:
        active_special(book, self.special, self.effective_on)
        refuse_if(
            self.expires_on <= self.effective_on, Code.SCHEDULE_MISMATCH, self.clause, expires_on=str(self.expires_on)
        )
        held = _held(book, self.fund, self.special, self.fiscal_year)
        available = held - _reserved(book, self.fund, self.special, self.effective_on)
        refuse_if(self.amount > available, Code.INSUFFICIENT_FUNDS, self.clause, asked=self.amount, available=available)

    def legs(self, book: Book) -> tuple[Leg, ...]:
        return self.transfer("P100", "P200", self.amount, Place(0, self.fund, None, self.special, ref=self.call))

    def register(self, book: Book, number: int, actor: Actor) -> None:
        RESERVATIONS.put(book, self.call, Reservation(self.fund, self.special, self.expires_on))


class ReservationReleased(Movement):
    """What a call did not use is free again. Posts P200 / P100."""

    label: ClassVar[Name] = Name("预留释放", "Reservation released")
    clause: ClassVar[str] = "四(一)"
    signs: ClassVar = by(Role.STD)

    kind: Literal["ReservationReleased"] = "ReservationReleased"
    call: Id
    amount: Fen

    def check(self, book: Book, actor: Actor) -> None:
        if RESERVATIONS.get(book, self.call) is None:
            refuse(Code.UNKNOWN_REFERENCE, self.clause, call=self.call)

    def legs(self, book: Book) -> tuple[Leg, ...]:
        at = RESERVATIONS.of(book)[self.call].at(self.call)
        return self.transfer("P200", "P100", self.amount, at)
