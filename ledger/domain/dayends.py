"""Ends of business days at which an account stands below zero: no request takes it there, a fact that came late may (V3)."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from ledger.domain.accounts import MAY_BE_NEGATIVE, Account, Leg
from ledger.domain.book import Book, Register


class BelowZero(NamedTuple):
    """What an account held at the end of a business day, in fen: less than nothing."""

    account: Account
    day: date
    held: int


DIPPED: Register[Account, int] = Register("dipped")
"""Accounts that a fact took below zero at the end of a day → its number; what came since may have filled it."""


def below_zero(book: Book, account: Account, since: date = date.min, until: date = date.max) -> Iterator[BelowZero]:
    """The days on which something moved, in their order, that ended below zero."""
    if account.code in MAY_BE_NEGATIVE:
        return
    held = 0
    for day, amount in sorted(book.by_day.get(account, {}).items()):
        held += amount
        if held < 0 and since <= day <= until:
            yield BelowZero(account, day, held)


def taken_below_zero(book: Book, legs: Iterable[Leg]) -> tuple[BelowZero, ...]:
    """For each account that these lines of facts took from: the first day from theirs on that now ends below zero."""
    since: dict[Account, date] = {}
    for leg in legs:
        if leg.amount < 0:
            since[leg.account] = min(leg.day, since.get(leg.account, leg.day))
    firsts = (next(below_zero(book, account, day), None) for account, day in since.items())
    return tuple(found for found in firsts if found is not None)


def note_dipped(book: Book, number: int, facts: Iterable[Leg]) -> None:
    """Keep within reach what lines of facts, once posted, took below zero."""
    for found in taken_below_zero(book, facts):
        DIPPED.put(book, found.account, number)
