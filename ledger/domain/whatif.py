"""What if 试算推演: movements judged one after another on a Book, as if everybody had signed, and what they would leave.

Each is judged on what those accepted before it left; a refusal stops nothing. The Book is left as it was.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date
from typing import NamedTuple

from ledger.domain.accounts import MAY_BE_NEGATIVE, Account
from ledger.domain.alert import Due, alerts_on
from ledger.domain.book import Book
from ledger.domain.catalogue import Role
from ledger.domain.decision import Accepted, accept_as_if_signed
from ledger.domain.dues import Subject, dues, subjects_of
from ledger.domain.matching import PLEDGES
from ledger.domain.movement import Actor, Movement, Signs
from ledger.domain.refusals import Refusal
from ledger.domain.signing import chains_of
from ledger.domain.special import special_state


class Judged(NamedTuple):
    """What became of one: accepted with what it would post, or refused; and whose signatures it needs."""

    movement: Movement
    outcome: Accepted | Refusal
    needs: Signs


class Moved(NamedTuple):
    """An account that would move: what it held and would hold, in fen."""

    account: Account
    before: int
    after: int

    @property
    def below_zero(self) -> bool:
        """Whether it would be taken below zero, where it may not be."""
        return self.after < min(0, self.before) and self.account.code not in MAY_BE_NEGATIVE


class RowMoved(NamedTuple):
    """A cell of the card that would move: an account code of a fiscal year in one plan and special, in fen."""

    fiscal_year: int | None
    plan: str | None
    special: str | None
    code: str
    before: int
    after: int


class WhatIf(NamedTuple):
    """What became of each, the accounts and rows that would move, and alerts that would come and go, on a business date."""

    number: int
    judged: list[Judged]
    accounts: list[Moved]
    rows: list[RowMoved]
    raised: list[Due]
    settled: list[Due]


def what_if(
    book: Book, movements: Iterable[Movement], asker: Actor, recall: Callable[[Movement], None], day: date
) -> WhatIf:
    """Judge them on a Book, each as if it was begun by who may begin it; what a programme manager asks, within their specials.

    ``recall`` puts what a movement cites within the Book's reach; ``day``: on which alerts are looked at.
    """
    mark = book.mark()
    try:
        return effect(book, mark, [_judged(book, one, asker, recall) for one in movements], day)
    finally:
        book.rollback(mark)


def effect(book: Book, mark: int, judged: list[Judged], day: date) -> WhatIf:
    """What those that were accepted since a savepoint would leave; they are taken back on the way."""
    net: dict[Account, int] = defaultdict(int)
    subjects: dict[Subject, None] = {}
    for _, accepted, _ in judged:
        if isinstance(accepted, Accepted):
            for leg in accepted.legs:
                net[leg.account] += leg.amount
            subjects |= dict.fromkeys(subjects_of(book, accepted.movement, accepted.legs))
    accounts = [Moved(account, book.balance(account) - moved, book.balance(account)) for account, moved in net.items()]
    rows = _rows(book, accounts)
    after = alerts_on(book, day, _dues(book, subjects))
    book.rollback(mark)
    before = alerts_on(book, day, _dues(book, subjects))
    raised, settled = [one for one in after if one not in before], [one for one in before if one not in after]
    return WhatIf(book.number, judged, sorted(accounts, key=_order), rows, raised, settled)


def _judged(book: Book, movement: Movement, asker: Actor, recall: Callable[[Movement], None]) -> Judged:
    recall(movement)
    needs = chains_of(book, movement)
    actor = asker if asker.role is Role.PM else _beginner(book, movement, asker)
    try:
        return Judged(movement, accept_as_if_signed(book, movement, actor), needs)
    except Refusal as refusal:
        return Judged(movement, refusal, needs)


def _beginner(book: Book, movement: Movement, asker: Actor) -> Actor:
    """The asker in a role that begins it, theirs where it does; for matching money, of the department that promised it."""
    roles = [chain[0] for chain in movement.signs]
    pledge = PLEDGES.get(book, getattr(movement, "pledge", None) or "")
    department = getattr(movement, "pledger", None) or (pledge.pledger if pledge else asker.department)
    return asker._replace(role=asker.role if asker.role in roles else roles[0], department=department)


def _dues(book: Book, subjects: Iterable[Subject]) -> list[Due]:
    return [due for subject in subjects for due in dues(book, subject)]


def _order(moved: Moved) -> tuple[str, ...]:
    return tuple("" if part is None else str(part) for part in moved.account)


def _rows(book: Book, accounts: Iterable[Moved]) -> list[RowMoved]:
    """The rows of the card in which these accounts stand, over all funds, vintages, projects and functions."""
    moved: dict[tuple[int | None, str | None, str], int] = defaultdict(int)
    for account, before, after in accounts:
        moved[account.fiscal_year, account.special, account.code] += after - before
    held: dict[tuple[int | None, str | None, str], int] = defaultdict(int)
    for cell, amount in book.cells.items():
        held[cell.fiscal_year, cell.special, cell.code] += amount
    return [
        RowMoved(
            year, _plan(book, special), special, code, held[year, special, code] - change, held[year, special, code]
        )
        for (year, special, code), change in sorted(
            moved.items(), key=lambda one: (str(one[0][0]), one[0][2], one[0][1] or "")
        )
        if change
    ]


def _plan(book: Book, special: str | None) -> str | None:
    state = special_state(book, special) if special else None
    return str(state.plan) if state else None
