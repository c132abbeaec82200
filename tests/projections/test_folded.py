"""The card of a folded Book is the card of the tables as known at its number; where a table differs, it is told."""

from random import Random
from typing import get_args

import pytest

from ledger.application import Ledger
from ledger.domain.accounts import Account
from ledger.projections.balances import balances
from ledger.projections.figures import PRESENT_ONLY, By
from ledger.projections.folded import card_of_book, disagreements
from ledger.projections.moment import NOW, Moment

OPENED = 60
"""By then the demonstration holds money."""


@pytest.mark.parametrize("by", get_args(By))
def test_the_card_of_a_folded_book_is_that_of_the_tables(demo_ledger: Ledger, by: By) -> None:
    with demo_ledger.reading() as book:
        numbers = [*Random(by).sample(range(OPENED, book.number), 3), book.number]
    for number in numbers:
        with demo_ledger.at(number) as book:
            card = card_of_book(book, by)
            told = balances(
                *(demo_ledger.store, demo_ledger.id, book, by), on=card.on, limit=100_000, moment=Moment(number)
            )
        assert (card.number, card.recorded_at, card.fiscal_year, card.on) == told[1:5]
        without = [(row.key, row.name, _plain(row.figures)) for row in card.rows]
        assert without == [tuple(row) for row in told.rows]
        assert _plain(card.total) == told.total
        assert card.lapsed == told.lapsed


def _plain(figures: dict[str, int]) -> dict[str, int]:
    return {name: fen for name, fen in figures.items() if name not in PRESENT_ONLY}


def test_of_now_it_says_what_matching_money_is_due(demo_ledger: Ledger) -> None:
    with demo_ledger.reading() as live:
        book = live.copy()
    with demo_ledger.at(book.number) as book:
        card = card_of_book(book, "special")
        told = balances(demo_ledger.store, demo_ledger.id, book, "special", on=card.on, moment=NOW)
    assert card.total == told.total
    assert card.total["matching_gap"]


def test_the_tables_agree_with_any_book(demo_ledger: Ledger) -> None:
    for number in (1, 3_333, 9_999):
        with demo_ledger.at(number) as book:
            assert not list(disagreements(demo_ledger.store, demo_ledger.id, book))


def test_whatever_differs_is_told(demo_ledger: Ledger) -> None:
    with demo_ledger.at(9_000) as book:
        changed, gone = list(book.balances)[10], list(book.balances)[20]
        other, late = Account("B200", 1999, "NSF", 1999), len(book.account_ids)
        book.write(book.balances, changed, book.balances[changed] + 1)
        book.erase(book.balances, gone)
        book.write(book.account_ids, other, late + 50_000)
        found = {one.id: one for one in disagreements(demo_ledger.store, demo_ledger.id, book)}
        assert found.keys() == {book.account_ids[changed], book.account_ids[gone], late + 50_000}
        one = found[book.account_ids[changed]]
        assert (one.account, one.folded) == (changed, (one.table or 0) + 1)
        assert (found[book.account_ids[gone]].folded, found[late + 50_000].table) == (None, None)
        assert found[late + 50_000].account == other
