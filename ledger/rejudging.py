"""Recorded movements judged again, each where it stood, under the parameters then in force or under others.

History stays: whatever the verdict, a movement is folded as it was recorded. Role, period and business key are facts of then.
"""

from collections.abc import Iterator
from typing import NamedTuple
from uuid import UUID

from ledger.codec import Recorded
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
