"""V11: the Book of any number is the one that stood then, and nobody who looks at it leaves a trace."""

import random
from contextlib import closing
from itertools import pairwise

import pytest

from bench.workload import SECRET
from ledger.application import Ledger
from ledger.domain.accounts import Account
from ledger.domain.book import Book
from ledger.domain.party import PARTIES
from ledger.projections.then import ACCOUNT_KNOWN
from ledger.replay import NotRecorded, PastBooks, book_at
from ledger.store import Store
from tests.books import assert_same

SOME = 12


def numbers(ledger: Ledger, many: int) -> list[int]:
    with ledger.reading() as book:
        last = book.number
    return [1, *sorted(random.Random(11).sample(range(2, last), many)), last]


def known_at(ledger: Ledger, number: int) -> dict[Account, int]:
    """What the tables say of every account as known at a number."""
    with ledger.store.readers.connection() as connection:
        rows = connection.execute(
            f"SELECT code, fiscal_year, source, vintage, special, project, function, ref, {ACCOUNT_KNOWN} "
            "FROM account JOIN cell ON cell.ledger = account.ledger AND cell.id = account.cell "
            "WHERE account.ledger = %(ledger)s",
            {"ledger": ledger.id, "number": number},
        ).fetchall()
    return {Account(*row[:-1]): row[-1] for row in rows if row[-1] is not None}


def test_replaying_to_any_number_gives_the_balances_that_stood_then(demo_ledger: Ledger) -> None:
    book = Book()
    for number in numbers(demo_ledger, SOME):
        book = book_at(demo_ledger.store, demo_ledger.id, number, beginning=book)
        assert book.number == number
        assert book.balances == known_at(demo_ledger, number)
        one = demo_ledger.recorded(number)
        assert one is not None
        assert book.now == one.recorded_at


def test_replaying_to_the_end_gives_the_book_that_decides(demo_ledger: Ledger) -> None:
    with demo_ledger.reading() as book:
        live = book.copy()
    assert_same(book_at(demo_ledger.store, demo_ledger.id, live.number), live)


def test_a_past_book_is_the_same_whichever_was_asked_for_before(demo_ledger: Ledger) -> None:
    past = PastBooks(demo_ledger.store, demo_ledger.id, kept=2)
    first, middle, last = 500, 2_500, 4_000
    for number in (middle, last, first, middle, last):
        with past.at(number) as book:
            assert_same(book, book_at(demo_ledger.store, demo_ledger.id, number))
    assert len(past._kept) == 2


def test_what_is_written_to_a_past_book_is_taken_back(demo_ledger: Ledger) -> None:
    with demo_ledger.at(700) as book:
        before = book.copy()
        book.now = None
        PARTIES.put(book, "somebody", next(iter(PARTIES.of(book).values())))
        book.advance(701)
    with demo_ledger.at(700) as book:
        assert_same(book, before)
        assert book.now == before.now


def test_a_copy_goes_its_own_way(demo_ledger: Ledger) -> None:
    with demo_ledger.at(3_000) as book:
        other = book.copy()
        for name, table in vars(book).items():
            assert not isinstance(table, dict) or table is not getattr(other, name), name
        folded = book_at(demo_ledger.store, demo_ledger.id, 3_400, beginning=other)
        assert_same(book, book_at(demo_ledger.store, demo_ledger.id, 3_000))
    assert_same(folded, book_at(demo_ledger.store, demo_ledger.id, 3_400))


@pytest.mark.parametrize("number", [-1, 2**40])
def test_a_number_that_is_not_recorded_has_no_book(demo_ledger: Ledger, number: int) -> None:
    with pytest.raises(NotRecorded) as missing, demo_ledger.at(number):
        pass
    with demo_ledger.reading() as book:
        assert missing.value.last == book.number


def test_before_the_first_number_nothing_stands(demo_ledger: Ledger) -> None:
    with demo_ledger.at(0) as book:
        assert_same(book, Book())


def test_done_is_told_how_far_it_is(demo_ledger: Ledger) -> None:
    told: list[tuple[int, int]] = []
    book_at(demo_ledger.store, demo_ledger.id, 2_100, done=lambda *at: told.append(at))
    assert told[-1] == (2_100, 2_100)
    assert all(one[0] < later[0] for one, later in pairwise(told))


def test_another_process_finds_the_same_past(demo_ledger: Ledger) -> None:
    with (
        closing(Store(demo_ledger.store.dsn)) as store,
        closing(Ledger(store, "test", SECRET)) as other,
        demo_ledger.at(1_234) as here,
        other.at(1_234) as there,
    ):
        assert_same(here, there)
