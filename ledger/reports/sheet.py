"""The form of a sheet 报表: columns as data, rows, totals, checks, and what it says about its scope. Amounts are fen.

A sheet is made of one book and of amounts read from one snapshot; how it is shown, and in which unit, is said elsewhere.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Literal, NamedTuple

from ledger.domain.catalogue import Name
from ledger.projections.moment import NOW, Moment
from ledger.sealing import Place

Kind = Literal["text", "code", "day", "fen", "count", "percent", "points"]
"""``percent`` and ``points`` are whole hundredths of a percent, and of a percentage point."""


class Hidden(NamedTuple):
    """A sealed personal text: where the log commits to it, and the subject who recorded it. It is shown as sealed."""

    place: Place
    by: str


Value = str | int | date | Name | Hidden | None
"""None: there is nothing to say, which is not zero."""
Row = Mapping[str, Value]


class Column(NamedTuple):
    """One column: the key of its values, both names, and what kind of value it holds.

    ``summed``: an amount whose rows add up to the total; a running balance does not.
    """

    key: str
    name: Name
    kind: Kind = "text"
    summed: bool = False


class Check(NamedTuple):
    """What must be zero, in fen, column by column."""

    name: Name
    values: Mapping[str, int]


class Sheet(NamedTuple):
    """One sheet as data. ``total`` comes from the books, not from the rows, wherever the books know it."""

    code: str
    name: Name
    columns: tuple[Column, ...]
    rows: Sequence[Row]
    total: Row | None
    checks: Sequence[Check]
    scope: Sequence[Name]
    number: int
    recorded_at: datetime
    fiscal_year: int | None
    on: date
    """Business date of the moment."""
    moment: Moment = NOW

    @property
    def summed(self) -> tuple[str, ...]:
        """Keys of the columns that add up."""
        return tuple(column.key for column in self.columns if column.summed)

    @property
    def parted(self) -> bool:
        """Whether its first column says to which part a row belongs, each with amount columns of its own."""
        return self.columns[0].key == "part"


def text(key: str, zh: str, en: str) -> Column:
    return Column(key, Name(zh, en))


def code(key: str, zh: str, en: str) -> Column:
    return Column(key, Name(zh, en), "code")


def day(key: str, zh: str, en: str) -> Column:
    return Column(key, Name(zh, en), "day")


def amount(key: str, zh: str, en: str) -> Column:
    """Fen that add up."""
    return Column(key, Name(zh, en), "fen", summed=True)


def standing(key: str, zh: str, en: str) -> Column:
    """Fen as they stand after a row; they do not add up."""
    return Column(key, Name(zh, en), "fen")


def percent(key: str, zh: str, en: str) -> Column:
    return Column(key, Name(zh, en), "percent")


def footing(sheet: Sheet) -> Check | None:
    """Rows less total, for every column that adds up."""
    if sheet.total is None:
        return None
    name = Name("校验:各行之和减合计", "Check: rows less total")
    return Check(name, {key: sum_of(sheet.rows, key) - fen_of(sheet.total.get(key)) for key in sheet.summed})


def sum_of(rows: Iterable[Row], key: str) -> int:
    """The amounts of a column, in fen; what is empty adds nothing."""
    return sum(fen_of(row.get(key)) for row in rows)


def fen_of(value: Value) -> int:
    """An amount; zero where there is nothing to say."""
    return value if isinstance(value, int) else 0


def ratio(part: int, whole: int) -> int | None:
    """``part`` of ``whole`` in hundredths of a percent, halves away from zero; None of nothing."""
    if whole == 0:
        return None
    scaled, sign = abs(part) * 10_000, -1 if (part < 0) != (whole < 0) else 1
    return sign * ((2 * scaled + abs(whole)) // (2 * abs(whole)))
