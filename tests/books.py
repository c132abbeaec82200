"""Whether two Books stand alike: every table and every register of them."""

from ledger.domain.book import Book

_OF_THE_DECISION = ("now", "recalled", "_undo", "registers")


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
