"""The books as the recorded bytes give them: accounts, entries, balances and turnover, folded anew.

Whoever records writes these tables with each movement; here they are made from the bytes alone, for a rebuild.
"""

from collections import defaultdict
from datetime import date
from typing import Any, LiteralString
from uuid import UUID

from psycopg import Connection
from psycopg.rows import TupleRow

from ledger.domain.accounts import Account
from ledger.domain.book import Book, Entry, newest
from ledger.domain.fields import period_number
from ledger.projections.follower import Page, Projection


class Books(Projection):
    """Keeps the balances of all accounts in memory, and so begins at the beginning only."""

    name = "books"
    tables = ("cell", "account", "entry", "balance", "turnover")
    only_added_to = frozenset({"entry"})

    def __init__(self) -> None:
        self.book = Book()
        self.accounts = self.cells = 0
        """So many are written already."""

    def begin(self, connection: Connection[TupleRow], ledger: UUID, number: int) -> None:
        if number:
            raise RuntimeError(f"the books are folded from the first movement on, not from {number + 1}")

    def fold(self, connection: Connection[TupleRow], page: Page) -> None:
        entries: list[tuple[Any, ...]] = []
        balances: dict[int, tuple[int, int]] = {}
        turnover: dict[tuple[int, int, date], int] = defaultdict(int)
        for one in page.posted:
            for line, entry in enumerate(self.book.post(one.legs), 1):
                row = self._row(page.ledger, one.number, line, entry)
                _, _, _, account, cell, period, day, amount, after, _ = row
                entries.append(row)
                balances[account] = after, one.number
                turnover[cell, period, day] += amount
        self.book.commit()
        self._opened(connection, page.ledger)
        _copy(connection, "COPY entry FROM STDIN", entries)
        connection.execute(_BALANCES, (page.ledger, *_columns(3, ((a, *held) for a, held in balances.items()))))
        connection.execute(_TURNOVER, (page.ledger, *_columns(4, ((*at, n) for at, n in turnover.items()))))

    def _row(self, ledger: UUID, number: int, line: int, entry: Entry) -> tuple[Any, ...]:
        (account, amount, day, period, _), account_after, cell_after = entry
        ids = self.book.account_ids[account], self.book.cell_ids[account.cell]
        return ledger, number, line, *ids, period_number(period), day, amount, account_after, cell_after

    def _opened(self, connection: Connection[TupleRow], ledger: UUID) -> None:
        book = self.book
        cells = [(ledger, found, *_cell(cell)) for cell, found in newest(book.cell_ids, self.cells)]
        _copy(connection, "COPY cell FROM STDIN", cells)
        accounts = [
            (ledger, found, book.cell_ids[account.cell], account.project, account.ref)
            for account, found in newest(book.account_ids, self.accounts)
        ]
        _copy(connection, "COPY account FROM STDIN", accounts)
        self.cells, self.accounts = len(book.cell_ids), len(book.account_ids)


def _cell(cell: Account) -> tuple[Any, ...]:
    return cell.code, cell.fiscal_year, cell.source, cell.vintage, cell.special, cell.function


def _copy(connection: Connection[TupleRow], statement: LiteralString, rows: list[tuple[Any, ...]]) -> None:
    if not rows:
        return
    with connection.cursor().copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


def _columns(width: int, rows: Any) -> list[list[Any]]:
    columns = [list(column) for column in zip(*rows, strict=True)]
    return columns or [[] for _ in range(width)]


_BALANCES: LiteralString = """
INSERT INTO balance (ledger, account, amount, number) SELECT %s, * FROM unnest(%s::int[], %s::bigint[], %s::bigint[])
ON CONFLICT (ledger, account) DO UPDATE SET amount = excluded.amount, number = excluded.number
"""
_TURNOVER: LiteralString = """
INSERT INTO turnover (ledger, cell, period, effective_on, amount)
SELECT %s, * FROM unnest(%s::int[], %s::int[], %s::date[], %s::bigint[])
ON CONFLICT (ledger, cell, period, effective_on) DO UPDATE SET amount = turnover.amount + excluded.amount
"""
