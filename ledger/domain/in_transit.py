"""Money in transit 在途: what is ordered and not settled, kept within reach so that nobody looks through all accounts for it."""

from collections.abc import Iterable
from datetime import date

from ledger.domain.accounts import Account, Leg
from ledger.domain.book import Book, Register

IN_TRANSIT: Register[Account, date] = Register("in_transit")
"""Accounts of orders that hold something → the first business date on which anything moved there."""


def note_in_transit(book: Book, legs: Iterable[Leg]) -> None:
    """Keep up with lines that were posted."""
    for leg in legs:
        found = leg.account
        if found.code == "B230":
            if book.balance(found):
                IN_TRANSIT.put(book, found, min(book.by_day[found]))
            else:
                IN_TRANSIT.drop(book, found)
