"""The card of a folded Book alone, now or then, and whether the tables say the same as known at its number."""

from collections.abc import Callable, Iterator
from typing import Any, LiteralString, NamedTuple
from uuid import UUID

from ledger.domain.accounts import Account
from ledger.domain.book import Book
from ledger.domain.fields import business_date
from ledger.projections.balances import EVERYTHING, Card, Sum, arranged, given_up, lapsed_calls, of_pledges
from ledger.projections.figures import MEASURE_OF, By
from ledger.projections.then import ACCOUNT_KNOWN, CELL_KNOWN
from ledger.store import Store

ROWS = 10_000
"""Rows of a page when the tables are read."""


def card_of_book(book: Book, by: By) -> Card:
    """The card at the Book's number, of its latest fiscal year, on the day on which that number was recorded.

    Unlike that of the tables it also says what matching money was due then: the Book holds the pledges of then. The Book
    must hold something, and know its instant.
    """
    assert book.now is not None
    day = business_date(book.now)
    year = max((cell.fiscal_year for cell in book.cells if cell.fiscal_year), default=None)
    sums = [
        Sum(account.special, account.project, account.source, MEASURE_OF[account.code], amount)
        for account, amount in book.balances.items()
        if account.code in MEASURE_OF and account.fiscal_year in (None, year)
    ]
    reserved = {str(account.ref): amount for account, amount in book.standing("P200")}
    lapsed = lapsed_calls(book, reserved, day, None, EVERYTHING, every=False)
    sums += given_up(book, reserved, lapsed)
    sums += of_pledges(book, day, list(book.accounts_of), None, EVERYTHING)
    rows, total = arranged(book, by, sums, sums)
    return Card(by, book.number, book.now, year, day, rows, total, None, lapsed=lapsed)


class Disagreement(NamedTuple):
    """An account, or a cell, by its id, of which the folded Book and a table say different things; fen, None: not there."""

    is_cell: bool
    id: int
    account: Account
    folded: int | None
    table: int | None


def disagreements(
    store: Store, ledger: UUID, book: Book, done: Callable[[int, int], None] | None = None
) -> Iterator[Disagreement]:
    """Where the tables, as known at the Book's number, say of an account or a cell something else than the Book."""
    for is_cell, ids, held, columns, amount in (
        (False, book.account_ids, book.balances, _ACCOUNTS, ACCOUNT_KNOWN),
        (True, book.cell_ids, book.cells, _CELLS, CELL_KNOWN),
    ):
        found = _read(store, columns, {"ledger": ledger, "number": book.number}, amount)
        expected = {number: (place, held.get(place)) for place, number in ids.items()}
        for number, place, table in found:
            named, folded = expected.pop(number, (place, None))
            if named != place or folded != table:
                yield Disagreement(is_cell, number, place, folded, table)
            if done:
                done(len(ids) - len(expected), len(ids))
        for number, (place, folded) in expected.items():
            yield Disagreement(is_cell, number, place, folded, None)


_ACCOUNTS: LiteralString = (
    "SELECT account.id, code, fiscal_year, source, vintage, special, project, function, ref, {amount} FROM account "
    "JOIN cell ON cell.ledger = account.ledger AND cell.id = account.cell "
    "WHERE account.ledger = %(ledger)s AND account.id > %(after)s ORDER BY account.id LIMIT %(limit)s"
)
_CELLS: LiteralString = (
    "SELECT id, code, fiscal_year, source, vintage, special, NULL, function, NULL, {amount} FROM cell "
    "WHERE ledger = %(ledger)s AND id > %(after)s ORDER BY id LIMIT %(limit)s"
)


def _read(
    store: Store, query: LiteralString, values: dict[str, Any], amount: LiteralString
) -> Iterator[tuple[int, Account, int | None]]:
    """Id, place and fen of every account or cell, page by page: what was known at a number changes no more."""
    after = 0
    while True:
        with store.readers.connection() as connection:
            bound = values | {"after": after, "limit": ROWS}
            rows = connection.execute(query.replace("{amount}", amount), bound).fetchall()
        for row in rows:
            yield row[0], Account(*row[1:-1]), row[-1]
        if len(rows) < ROWS:
            return
        after = rows[-1][0]
