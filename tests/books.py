"""Whether two Books stand alike: every table and every register of them; and a Book in parts, from the rows of another."""

from collections.abc import Callable, Collection
from typing import Any

from ledger.domain.book import OF_ACCOUNTS, OF_CELLS, Book
from ledger.domain.partial import Row
from ledger.snapshot import ALWAYS, Encoded, called, decoded, encoded, hash_of_name, names, number_of_table

_OF_THE_DECISION = ("now", "recalled", "rest", "_undo", "registers")


def assert_same(one: Book, other: Book) -> None:
    """Balances, days and ids are the same and in the same order, and so are the registers, which have none.

    A register that holds nothing is as good as none. What was dropped from one and taken back by an undo stands at its end.
    """
    for name, table in vars(one).items():
        if name not in _OF_THE_DECISION:
            found = getattr(other, name)
            assert table == found, name
            assert list(table) == list(found), f"{name}: the order differs"
    assert _held(one) == _held(other)


def _held(book: Book) -> dict[str, dict[object, object]]:
    return {name: rows for name, rows in book.registers.items() if rows}


class Rows:
    """Every row of a Book as its bytes, as it stood when this was made."""

    def __init__(self, book: Book) -> None:
        keys = [(OF_ACCOUNTS, key) for key in book.account_ids] + [(OF_CELLS, key) for key in book.cell_ids]
        keys += [(name, key) for name, rows in book.registers.items() for key in rows]
        self.number, self.rows = book.number, [encoded(book, table, key, book.number) for table, key in keys]
        assert len({(row.name, row.id) for row in self.rows}) == len(self.rows)
        self.asked: list[str] = []

    def _where(self, wanted: Callable[[Encoded], bool]) -> list[Row]:
        found = [decoded(row.table, row.bytes or b"", self.number) for row in self.rows if wanted(row)]
        return sorted(found, key=lambda row: getattr(row.value, "id", 0))

    def called(self, names: Collection[str]) -> list[Row]:
        self.asked += names
        hashes = {hash_of_name(name) for name in names}
        return [row for row in self._where(lambda row: row.name in hashes) if called(row.table, row.key) in names]

    def of(self, table: str) -> list[Row]:
        return self._where(lambda row: row.table == number_of_table(table))

    def always(self) -> list[Row]:
        return self._where(lambda row: row.name == ALWAYS)

    def at(self, number: int) -> "Rows":
        return self


def in_parts(book: Book) -> Book:
    """Another Book that stands alike, with nothing in memory but what every Book has there."""
    rows, parts = Rows(book), Book()
    parts.leave_out(rows, names())
    for row in rows.always():
        parts.place(row)
    parts.vouchers = dict[Any, Any](book.vouchers)
    parts.stand(book.accounts, book.number)
    return parts
