"""The Book: what a decision may look at. Balances, and the registers that each subject declares for itself.

Every write goes through an undo list, so a request that is refused, or a whole group of them, leaves no trace.
Pure: it is folded from recorded movements and knows neither clock nor database.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, datetime
from itertools import islice
from operator import itemgetter
from typing import Any, Generic, NamedTuple, TypeVar

from ledger.domain.accounts import ACCOUNTS, Account, Leg
from ledger.domain.partial import Called, Partial, Rest, Row, Source, in_memory

K = TypeVar("K")
V = TypeVar("V")

_ABSENT: Any = object()
OF_ACCOUNTS, OF_CELLS = "accounts", "cells"
"""The tables of a Book that are no registers, as rows name them: what it knows of an account, or of a cell."""


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


class Held(NamedTuple):
    """Of an account: its id, its balance, and what moved on each business date, in fen."""

    id: int
    amount: int
    days: tuple[tuple[date, int], ...]


class HeldByCell(NamedTuple):
    """Of a cell: its id, and its balance in fen."""

    id: int
    amount: int


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
        self.rest: Rest | None = None
        """What is not in memory; None: everything is."""
        self._position = {"number": 0, "accounts": 0}
        self._undo: list[tuple[dict[Any, Any], Any, Any]] = []

    @property
    def number(self) -> int:
        """Number of the last movement folded."""
        return self._position["number"]

    @property
    def accounts(self) -> int:
        """How many accounts were opened: the id of the last one."""
        return self._position["accounts"]

    def advance(self, number: int) -> None:
        """Stand after a movement."""
        self.write(self._position, "number", number)

    def copy(self) -> "Book":
        """Another Book that stands where this one does and goes its own way; how to undo what is not committed stays here."""
        other = Book()
        if self.rest is not None:
            other.leave_out(self.rest.source, self.rest.called).known |= self.rest.known
            other.rest.complete |= self.rest.complete  # type: ignore[union-attr]  # it has just been made
        for name, table in _tables(self).items():
            dict.update(getattr(other, name), in_memory(table))
        dict.update(other.by_day, {account: days.copy() for account, days in dict.items(self.by_day)})
        for name, rows in self.registers.items():
            dict.update(other.registers.setdefault(name, {}), in_memory(rows))
        other.now, other.recalled, other._position = self.now, self.recalled.copy(), self._position.copy()
        return other

    # -- in parts

    def leave_out(self, source: Source, called: Mapping[str, Called]) -> Rest:
        """Of an empty Book: have rows brought from a source. ``called``: what they go by, of each table of which some are."""
        self.rest = rest = Rest(source, called, self.place)
        for name in ("balances", "by_day", "account_ids", "cell_of"):
            setattr(self, name, Partial(OF_ACCOUNTS, rest, PROJECT, self._arrange))
        self.accounts_of = Partial(OF_ACCOUNTS, rest, lambda project: project, self._arrange)
        for name, of in called.items():
            if name != OF_ACCOUNTS:
                self.registers[name] = Partial(name, rest, of)
        return rest

    def stand(self, accounts: int, number: int) -> None:
        """Where a Book begins whose rows were placed."""
        self._position.update(accounts=accounts, number=number)

    def bring(self, names: Collection[str]) -> None:
        """Have in memory together whatever goes by these names, instead of one by one when it is asked for."""
        if self.rest is not None:
            self.rest.bring(names)

    def place(self, row: Row) -> None:
        """Have a row in memory, as it stood; there is nothing to undo."""
        table, key, value = row
        if table == OF_ACCOUNTS:
            self.account_ids[key], self.balances[key], self.by_day[key] = value.id, value.amount, dict(value.days)
            self.cell_of[key] = key.cell
            if key.project is not None:
                self.accounts_of[key.project] = (*dict.get(self.accounts_of, key.project, ()), key)
        elif table == OF_CELLS:
            self.cell_ids[key], self.cells[key] = value
        else:
            self.registers.setdefault(table, {})[key] = value

    def row(self, table: str, key: Any) -> Any:
        """What stands in a row that is in memory; None: there is none."""
        if table == OF_ACCOUNTS:
            found = dict.get(self.account_ids, key)
            return found and Held(found, self.balances[key], tuple(self.by_day[key].items()))
        if table == OF_CELLS:
            return HeldByCell(self.cell_ids[key], self.cells[key]) if key in self.cells else None
        return dict.get(self.registers[table], key)

    def written(self) -> set[tuple[str, Any]]:
        """Table and key of every row that was written, and not taken back, since the last commit."""
        tables = {id(rows): name for name, rows in self.registers.items()}
        tables |= {id(self.balances): OF_ACCOUNTS, id(self.cells): OF_CELLS}
        named = ((tables.get(id(table)), key) for table, key, _ in self._undo)
        return {(name, key) for name, key in named if name is not None}

    def complete(self) -> None:
        """Have all of it in memory: looking something up costs less then."""
        if self.rest is None:
            return
        for table in self.rest.called:
            self.rest.gather(table)
        self._arrange()
        for name, held in _tables(self).items():
            setattr(self, name, in_memory(held))
        self.registers = {name: in_memory(rows) for name, rows in self.registers.items()}
        self.rest = None

    def _arrange(self) -> None:
        """Accounts in the order in which they were opened, as they are where nothing was left out."""
        opened = [account for account, _ in sorted(dict.items(self.account_ids), key=itemgetter(1))]
        projects = dict.fromkeys(account.project for account in opened if account.project is not None)
        for table in (self.account_ids, self.balances, self.by_day, self.cell_of):
            _reorder(table, opened)
        _reorder(self.accounts_of, projects)

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

    def folded(self) -> None:
        """Commit; and all that was written is in the log: what was left out stands at this number as it did before."""
        self.commit()
        if self.rest is not None:
            self.rest.source = self.rest.source.at(self.number)

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
        """Accounts of these codes that hold something, where every named dimension is as given. A scan: for rare questions.

        Accounts that belong to no project are always in memory.
        """
        of_projects = any("project" in ACCOUNTS[code].keeps for code in codes)
        return [
            (account, amount)
            for account, amount in (self.balances.items() if of_projects else dict.items(self.balances))
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
        opened = self._position["accounts"] + 1
        self.write(self._position, "accounts", opened)
        self.write(self.account_ids, account, opened)
        self.write(self.by_day, account, {})
        self.write(self.cell_of, account, cell)
        if cell not in self.cell_ids:
            self.write(self.cell_ids, cell, len(self.cell_ids) + 1)
        if account.project is not None:
            self.write(self.accounts_of, account.project, (*self.accounts_of.get(account.project, ()), account))
        return cell


def _reorder(table: dict[K, Any], order: Iterable[K]) -> None:
    held = in_memory(table)
    dict.clear(table)
    dict.update(table, {key: held[key] for key in order})


def _tables(book: Book) -> dict[str, dict[Any, Any]]:
    """The tables of a Book that are no registers, by their names."""
    names = "balances", "by_day", "cells", "account_ids", "cell_ids", "cell_of", "accounts_of", "vouchers"
    return {name: getattr(book, name) for name in names}


PROJECT: Called = itemgetter(Account._fields.index("project"))
"""What an account goes by; those of no project are always in memory."""


def newest(ids: dict[Account, int], before: int) -> list[tuple[Account, int]]:
    """What was added to a dictionary since it had ``before`` items, oldest first."""
    return list(islice(reversed(ids.items()), len(ids) - before))[::-1]


class Register(Generic[K, V]):
    """What one subject keeps in the Book under a name of its own. Registers hold facts and never amounts owed."""

    def __init__(self, name: str, called: Called | None = None) -> None:
        """``called``: the name a key goes by, where there are more rows the longer the ledger lives, and most are closed."""
        self.name, self.called = name, called

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
