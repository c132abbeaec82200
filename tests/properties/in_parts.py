"""A Book in parts judges like the one that has everything in memory, whatever number it begins with."""

from datetime import datetime
from typing import NamedTuple

from ledger.domain.book import Book
from ledger.domain.decision import Accepted, decide
from ledger.domain.movement import Actor, Movement
from ledger.domain.refusals import Refusal
from ledger.domain.wording import in_words
from tests.books import assert_same, in_parts


class Answer(NamedTuple):
    """What was asked where a Book stood after ``number``, and what came of it: lines and ids, or the whole refusal."""

    number: int
    now: datetime | None
    movement: Movement
    actor: Actor
    said: object


def said(book: Book, accepted: list[Accepted]) -> object:
    return [
        (one.number, one.voucher, one.entries, [book.account_ids[entry.leg.account] for entry in one.entries])
        for one in accepted
    ]


def refused(why: Refusal) -> object:
    """All that a refusal says, in words too."""
    return why.code, why.clause, why.asked, why.available, why.details, in_words(why)


def check_in_parts(then: Book, answers: list[Answer], now: Book) -> None:
    """From the number of ``then`` on, Books in parts answer what was answered, and come to stand as ``now`` does."""
    book = in_parts(then)
    book.recalled = dict(then.recalled)
    for one in answers:
        if one.number < then.number:
            continue
        assert one.number == book.number
        book.now = one.now
        try:
            found: object = said(book, decide(book, one.movement, one.actor))
        except Refusal as refusal:
            found = refused(refusal)
        assert found == one.said, one
    assert_same(book, now)
