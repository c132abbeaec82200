"""Payments that the bank sent back 退票, and those of them that are still to be ordered again 重拨."""

from collections.abc import Iterable
from typing import NamedTuple

from ledger.domain.accounts import Account, Leg
from ledger.domain.book import Book, Register
from ledger.domain.partial import before_colon


class SentBack(NamedTuple):
    """An order that came back: the instalment it was drawn on, and the business key under which it may be ordered again."""

    instalment: str
    payment_key: str
    order: str


PAYMENT_HOLDS: Register[str, str] = Register("payment_holds", called=before_colon)
"""Business key of a payment (project, instalment, document, payee) → its order, until the money comes back."""
SENT_BACK: Register[str, tuple[SentBack, ...]] = Register("rejected", called=str)
"""Project → whatever of its orders came back, in the order of the log."""
TO_ORDER_AGAIN: Register[str, str] = Register("to_order_again")
"""Orders that came back, whose payment no order holds, and whose instalment has money to pay it from → their project."""


def note_sent_back(book: Book, project: str, found: SentBack) -> None:
    """Once for each order; how it stands is noted when the movement is posted."""
    SENT_BACK.put(book, project, (*_others(book, project, found.order), found))


def forget_sent_back(book: Book, project: str, order: str) -> None:
    """It did not come back after all."""
    SENT_BACK.put(book, project, _others(book, project, order))
    TO_ORDER_AGAIN.drop(book, order)


def _others(book: Book, project: str, order: str) -> tuple[SentBack, ...]:
    return tuple(one for one in SENT_BACK.get(book, project) or () if one.order != order)


def committed(book: Book, project: str, instalment: str) -> list[tuple[Account, int]]:
    """What an instalment has that is not ordered, account by account, in fen."""
    of_project = ((found, book.balance(found)) for found in book.accounts_of.get(project, ()))
    return [(found, held) for found, held in of_project if (found.code, found.ref) == ("B220", instalment) and held]


def note_to_order_again(book: Book, legs: Iterable[Leg]) -> None:
    """Keep within reach what is to be ordered again, once lines are posted."""
    for project in {leg.account.project for leg in legs}:
        for one in SENT_BACK.get(book, project) or () if project is not None else ():
            if PAYMENT_HOLDS.get(book, one.payment_key) is None and committed(book, str(project), one.instalment):
                TO_ORDER_AGAIN.put(book, one.order, str(project))
            else:
                TO_ORDER_AGAIN.drop(book, one.order)
