"""A Book in parts: tables of which some rows are in memory, and the others are brought where something asks for one of them.

What is brought together is what goes by one name: of a project its accounts, instalments and gates; of an order the order and
its business key. Whatever the Book writes it has looked up before, so rows that were never brought stand as they did when the
Book began. Pure: where they come from is handed in.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from operator import itemgetter
from typing import Any, NamedTuple, Protocol, TypeVar

K = TypeVar("K")
V = TypeVar("V")

_ABSENT: Any = object()


class Unavailable(Exception):
    """Rows that are not in memory cannot be had as they stood. Whoever owns the Book begins with another one."""


class Damaged(Unavailable):
    """They are not what was kept: no other Book should begin with them."""


class Row(NamedTuple):
    """A row of a Book: the table, the key in it, what stands there."""

    table: str
    key: Any
    value: Any


class Source(Protocol):
    """Where the rows are that a Book left out. All raise Unavailable."""

    def called(self, names: Collection[str]) -> list[Row]:
        """Every row that goes by one of these names, in the order in which accounts were opened."""
        ...

    def of(self, table: str) -> list[Row]:
        """Every row of a table."""
        ...

    def at(self, number: int) -> "Source":
        """The same for a Book that has folded the log up to a later number: whatever it did not look up stands there alike."""
        ...


Called = Callable[[Any], str | None]
"""From the key of a row to the name it goes by; None: it is always in memory."""
of_project: Called = itemgetter(0)
"""Of keys that begin with the project."""


def before_colon(key: str) -> str:
    """Of keys that begin with what they belong to."""
    return key.partition(":")[0]


def after_colon(key: str) -> str:
    """Of keys that begin with what kind of thing is called so."""
    return key.partition(":")[2]


class Rest:
    """What of one Book is not in memory."""

    def __init__(self, source: Source, called: Mapping[str, Called], place: Callable[[Row], None]) -> None:
        self.source, self.called, self.place = source, called, place
        self.known: set[str] = set()
        """Names of which every row is in memory, where there is one."""
        self.complete: set[str] = set()
        """Tables of which every row is."""

    def bring(self, names: Collection[str]) -> list[Row]:
        """Have all rows in memory that go by these names; answers with those that were not."""
        missing = [name for name in names if name not in self.known]
        if not missing:
            return []
        rows = [row for row in self.source.called(missing) if row.table not in self.complete]
        for row in rows:
            self.place(row)
        self.known.update(missing)
        return rows

    def gather(self, table: str) -> bool:
        """Have all rows of a table in memory; whether they were not before."""
        if table in self.complete:
            return False
        called, known = self.called[table], self.known
        for row in self.source.of(table):
            name = called(row.key)
            if name is not None and name not in known:  # what was brought may have changed since
                self.place(row)
        self.complete.add(table)
        return True


class Partial(dict[K, V]):
    """A table of a Book in parts. Looking a key up brings what goes by its name; looking through it brings all of it."""

    __slots__ = ("_arrange", "_called", "_rest", "_table")

    def __init__(self, table: str, rest: Rest, called: Called, arrange: Callable[[], None] | None = None) -> None:
        """``arrange`` puts the table in order again, once all of it was gathered."""
        super().__init__()
        self._table, self._rest, self._called, self._arrange = table, rest, called, arrange

    def _brings(self, key: K) -> bool:
        rest = self._rest
        name = self._called(key)
        if name is None or name in rest.known or self._table in rest.complete:
            return False
        rest.bring((name,))
        return True

    def _gather(self) -> None:
        if self._rest.gather(self._table) and self._arrange:
            self._arrange()

    def get(self, key: K, default: Any = None) -> Any:
        found = _get(self, key, _ABSENT)
        if found is _ABSENT:
            return _get(self, key, default) if self._brings(key) else default
        return found

    def __missing__(self, key: K) -> V:
        if self._brings(key):
            found = _get(self, key, _ABSENT)
            if found is not _ABSENT:
                return found  # type: ignore[no-any-return]
        raise KeyError(key)

    def __contains__(self, key: object) -> bool:
        return _has(self, key) or (self._brings(key) and _has(self, key))  # type: ignore[arg-type]

    def __iter__(self) -> Iterator[K]:
        self._gather()
        return super().__iter__()

    def __reversed__(self) -> Iterator[K]:
        self._gather()
        return super().__reversed__()

    def __len__(self) -> int:
        self._gather()
        return super().__len__()

    def __eq__(self, other: object) -> bool:
        self._gather()
        return super().__eq__(other)

    __hash__ = None

    def keys(self) -> Any:
        self._gather()
        return super().keys()

    def values(self) -> Any:
        self._gather()
        return super().values()

    def items(self) -> Any:
        self._gather()
        return super().items()


def in_memory(table: dict[K, V]) -> dict[K, V]:
    """What of a table is in memory; nothing is brought."""
    return dict(dict.items(table)) if isinstance(table, Partial) else table.copy()


_get: Any = dict.get
_has: Any = dict.__contains__
