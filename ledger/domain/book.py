"""The Book: what a decision may look at. Balances, and the registers that each subject declares for itself.

Every write goes through an undo list, so a request that is refused, or a whole group of them, leaves no trace.
Pure: it is folded from recorded movements and knows neither clock nor database.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from itertools import islice
from typing import Any, Generic, NamedTuple, TypeVar

from ledger.domain.accounts import Account, Leg

K = TypeVar("K")
V = TypeVar("V")

_ABSENT: Any = object()


class Entry(NamedTuple):
    """A leg as posted, with what the account and its cell hold afterwards, in fen."""

    leg: Leg
    account_after: int
    cell_after: int


class Recalled(NamedTuple):
    """A recorded movement, who asked for it, and what it posted."""

    movement: Any
    actor: Any
    legs: tuple[Leg, ...]


class Book:
    """Decision state of one ledger, standing after movement ``number``."""

    def __init__(self) -> None:
        self.balances: dict[Account, int] = {}
        self.by_day: dict[Account, dict[date, int]] = {}
        """Account → business date → what moved on it, in fen: buckets of days, not lines, so that looking back stays cheap."""
        self.cells: dict[Account, int] = {}
        self.account_ids: dict[Account, int] = {}
        self.cell_ids: dict[Account, int] = {}
        self.cell_of: dict[Account, Account] = {}
        self.accounts_of: dict[str, tuple[Account, ...]] = {}
        self.registers: dict[str, dict[Any, Any]] = {}
        self.vouchers: dict[int, int] = {}
        """Fiscal year → last voucher number."""
        self.now: datetime | None = None
        """Instant (UTC) at which the present decision is recorded; proposals expire by it."""
        self.recalled: dict[int, Recalled] = {}
        """Recorded movements that the present decision may cite, by number; fetched beforehand where they are older."""
        self._position = {"number": 0}
        self._undo: list[tuple[dict[Any, Any], Any, Any]] = []

    @property
    def number(self) -> int:
        """Number of the last movement folded."""
        return self._position["number"]

    def advance(self, number: int) -> None:
        """Stand after a movement."""
        self.write(self._position, "number", number)

    def copy(self) -> "Book":
        """Another Book that stands where this one does and goes its own way; how to undo what is not committed stays here."""
        other = Book()
        for name, value in vars(self).items():
            setattr(other, name, value.copy() if isinstance(value, dict) else value)
        other.by_day = {account: days.copy() for account, days in self.by_day.items()}
        other.registers = {name: rows.copy() for name, rows in self.registers.items()}
        other._undo = []
        return other

    # -- undo

    def mark(self) -> int:
        """A savepoint."""
        return len(self._undo)

    def rollback(self, mark: int) -> None:
        """Take back every write since the savepoint."""
        undo = self._undo
        while len(undo) > mark:
            table, key, old = undo.pop()
            if old is _ABSENT:
                del table[key]
            else:
                table[key] = old

    def commit(self) -> None:
        """Forget how to undo: what was written is recorded."""
        self._undo.clear()
        self.recalled.clear()

    def write(self, table: dict[K, V], key: K, value: V) -> None:
        """Set one value, undoably."""
        self._undo.append((table, key, table.get(key, _ABSENT)))
        table[key] = value

    def erase(self, table: dict[K, V], key: K) -> None:
        """Remove one value, undoably."""
        self._undo.append((table, key, table[key]))
        del table[key]

    # -- balances

    def balance(self, account: Account) -> int:
        """What an account holds, in fen."""
        return self.balances.get(account, 0)

    def moved_since(self, account: Account, day: date) -> dict[date, int]:
        """What moved on an account on each business date from ``day`` on, in fen."""
        return {on: amount for on, amount in self.by_day.get(account, {}).items() if on >= day}

    def of_project(self, project: str, *codes: str) -> int:
        """What a project holds in the accounts of these codes, over all years, in fen."""
        return sum(self.balances[a] for a in self.accounts_of.get(project, ()) if a.code in codes)

    def standing(self, *codes: str, **dimensions: Any) -> list[tuple[Account, int]]:
        """Accounts of these codes that hold something, where every named dimension is as given. A scan: for rare questions."""
        return [
            (account, amount)
            for account, amount in self.balances.items()
            if amount and account.code in codes and all(getattr(account, d) == v for d, v in dimensions.items())
        ]

    def post(self, legs: Iterable[Leg]) -> list[Entry]:
        """Apply legs to balances and cells; gives ids to accounts and cells at first use, in order of the log."""
        entries = []
        write = self.write
        for leg in legs:
            account = leg.account
            cell = self.cell_of.get(account) or self._open(account)
            account_after = self.balances.get(account, 0) + leg.amount
            cell_after = self.cells.get(cell, 0) + leg.amount
            write(self.balances, account, account_after)
            buckets = self.by_day[account]
            write(buckets, leg.day, buckets.get(leg.day, 0) + leg.amount)
            write(self.cells, cell, cell_after)
            entries.append(Entry(leg, account_after, cell_after))
        return entries

    def _open(self, account: Account) -> Account:
        cell = account.cell
        self.write(self.account_ids, account, len(self.account_ids) + 1)
        self.write(self.by_day, account, {})
        self.write(self.cell_of, account, cell)
        if cell not in self.cell_ids:
            self.write(self.cell_ids, cell, len(self.cell_ids) + 1)
        if account.project is not None:
            self.write(self.accounts_of, account.project, (*self.accounts_of.get(account.project, ()), account))
        return cell


def newest(ids: dict[Account, int], before: int) -> list[tuple[Account, int]]:
    """What was added to a dictionary since it had ``before`` items, oldest first."""
    return list(islice(reversed(ids.items()), len(ids) - before))[::-1]


class Register(Generic[K, V]):
    """What one subject keeps in the Book under a name of its own. Registers hold facts and never amounts owed."""

    def __init__(self, name: str) -> None:
        self.name = name

    def of(self, book: Book) -> dict[K, V]:
        """The register's rows in this Book; read only."""
        rows = book.registers.get(self.name)
        if rows is None:
            rows = book.registers[self.name] = {}
        return rows

    def get(self, book: Book, key: K) -> V | None:
        rows = book.registers.get(self.name)  # asked for a dozen times a movement: without a call in between
        return None if rows is None else rows.get(key)

    def put(self, book: Book, key: K, value: V) -> None:
        book.write(self.of(book), key, value)

    def drop(self, book: Book, key: K) -> None:
        rows = self.of(book)
        if key in rows:
            book.erase(rows, key)

    def items(self, book: Book) -> Iterator[tuple[K, V]]:
        return iter(self.of(book).items())
