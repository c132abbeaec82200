"""Recorded movements judged again, each where it stood, under the parameters then in force or under others.

History stays: whatever the verdict, a movement is folded as it was recorded. Role, period and business key are facts of then.
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple
from uuid import UUID

from ledger.codec import CorruptRecord, Recorded
from ledger.domain.book import Book
from ledger.domain.decision import judge
from ledger.domain.parameter import Supposed, suppose
from ledger.domain.refusals import Refusal
from ledger.folding import fold_one, recall
from ledger.replay import pages
from ledger.store import Store


class Verdict(NamedTuple):
    """What judging a recorded movement again comes to. ``refusal``: why it would be refused now; None where it would not.

    ``otherwise``: it would be accepted, and post other lines than it did.
    """

    recorded: Recorded
    refusal: Refusal | None = None
    otherwise: bool = False

    @property
    def stands(self) -> bool:
        """Whether it would be accepted as it was."""
        return self.refusal is None and not self.otherwise


def judge_again(store: Store, ledger: UUID, book: Book, to: int, supposed: Supposed | None = None) -> Iterator[Verdict]:
    """A verdict on each movement after the Book's number, up to ``to``; the Book is folded on, and not committed."""
    suppose(book, supposed or {})
    for page in pages(store, ledger, book.number, to):
        for one in page:
            yield _verdict(store, ledger, book, one)
            fold_one(store, ledger, book, one)


def judge_log(
    store: Store,
    ledger: UUID,
    first: int,
    last: int,
    supposed: Supposed | None = None,
    book: Book | None = None,
    done: Callable[[int, int], None] | None = None,
) -> Iterator[Verdict]:
    """A verdict on each of ``first`` to ``last``; the Book, an empty one, is folded from the first movement on.

    It is committed page by page, so that what it keeps for undoing stays small; ``done`` is told the number and the last one.
    Raises CorruptRecord, also where a number is missing.
    """
    book = Book() if book is None else book
    suppose(book, supposed or {})
    for page in pages(store, ledger, 0, last):
        for one in page:
            if one.number != book.number + 1:
                break
            if one.number >= first:
                yield _verdict(store, ledger, book, one)
            fold_one(store, ledger, book, one)
        book.commit()
        if book.number < page[-1].number:
            break
        if done:
            done(book.number, last)
    if book.number < last:
        raise CorruptRecord(f"number {book.number + 1}: it is missing")


def _verdict(store: Store, ledger: UUID, book: Book, one: Recorded) -> Verdict:
    recall(store, ledger, book, one.movement)
    book.now = one.recorded_at
    mark = book.mark()
    try:
        legs = judge(book, one.movement, one.actor)
    except Refusal as refusal:
        return Verdict(one, refusal)
    finally:
        book.rollback(mark)
    return Verdict(one, otherwise=legs != one.legs)
