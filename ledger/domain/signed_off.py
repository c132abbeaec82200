"""What was signed off 对账签认 and touched afterwards: facts of a signed month that were recorded, corrected or cleared since.

A sign-off says which source and month it covers, and the number of the log tells what was there when it was signed. Whatever
changes what such a month tells is noted until the month is signed anew.
"""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from ledger.domain.accounts import Account, Leg
from ledger.domain.book import Book, Register
from ledger.domain.clearing import SuspenseCleared
from ledger.domain.movement import BUSINESS_KEYS, Movement
from ledger.domain.reconciliation import StatementKind
from ledger.domain.suspense import known_item

QUOTA_HELD = ("B220", "B230")
"""What a quota-balance statement tells: committed to projects and not paid yet."""


class SignedMonth(NamedTuple):
    """A source of statements and a month, ``2025-06``. Sign-offs that name no source have an empty one."""

    source: str
    month: str


class SignOff(NamedTuple):
    """Of a month: the source, what its statements state, and the number under which it was signed last."""

    source: str
    kind: StatementKind | None
    number: int


class Touch(NamedTuple):
    """A line of ours in a signed month that changed: ``number`` of the fact, and of the movement that changed it, ``by``.

    ``amount``: fen, the largest that moved; ``at``: an account that it moved on.
    """

    number: int
    by: int
    on: date
    amount: int
    at: Account


SIGN_OFFS: Register[str, tuple[SignOff, ...]] = Register("sign_offs")
"""Month → the sign-off of each source that stands last."""
TOUCHED: Register[SignedMonth, tuple[Touch, ...]] = Register("touched_sign_offs")


def sign(book: Book, signed: SignedMonth, kind: StatementKind | None, number: int) -> None:
    """A month is signed; whoever signs it has seen what touched it, or an earlier month of the source, before."""
    others = (one for one in SIGN_OFFS.get(book, signed.month) or () if one.source != signed.source)
    SIGN_OFFS.put(book, signed.month, (*others, SignOff(signed.source, kind, number)))
    for one in [one for one in TOUCHED.of(book) if one.source == signed.source and one.month <= signed.month]:
        TOUCHED.drop(book, one)


def signed_up_to(book: Book, last: SignedMonth) -> Iterator[SignedMonth]:
    """The months of a source that were signed, up to this one."""
    for month, signed in SIGN_OFFS.items(book):
        if month <= last.month and any(one.source == last.source for one in signed):
            yield SignedMonth(last.source, month)


def note_touched(book: Book, number: int, movement: Movement, legs: tuple[Leg, ...]) -> None:
    """Note the lines of signed months that a movement changes as it is recorded under a number."""
    for (signed, line), moved in _touched(book, movement, legs).items():
        largest = max(moved, key=lambda leg: abs(leg.amount))
        touch = Touch(line or number, number, movement.effective_on, abs(largest.amount), largest.account)
        TOUCHED.put(book, signed, (*(TOUCHED.get(book, signed) or ()), touch))


def touched_by(book: Book, movement: Movement, legs: tuple[Leg, ...]) -> set[SignedMonth]:
    """The signed months of which a movement changes lines."""
    return {signed for signed, _ in _touched(book, movement, legs)}


def _touched(book: Book, movement: Movement, legs: tuple[Leg, ...]) -> dict[tuple[SignedMonth, int], list[Leg]]:
    """By signed month and number of the line (0: its own) what was posted: facts; of quotas whatever moves them."""
    found: dict[tuple[SignedMonth, int], list[Leg]] = {}
    if not SIGN_OFFS.of(book):
        return found
    facts = set(movement.factual(book, legs))
    for leg in legs:
        month = leg.effective_on.isoformat()[:7]
        for one in SIGN_OFFS.get(book, month) or ():
            if leg.account.code in QUOTA_HELD if one.kind is StatementKind.QUOTA else leg in facts:
                found.setdefault((SignedMonth(one.source, month), leg.corrects or 0), []).append(leg)
    if isinstance(movement, SuspenseCleared):
        month = known_item(book, movement.item).effective_on.isoformat()[:7]
        line = BUSINESS_KEYS.get(book, f"detail:{movement.item}") or 0
        for one in SIGN_OFFS.get(book, month) or ():
            if one.kind is not StatementKind.QUOTA:
                found[SignedMonth(one.source, month), line] = list(legs)
    return found
