"""The log refolded from its recorded bytes: hashes, numbers, vouchers and every entry, against the rows that repeat them.

Plain dictionaries by id, no Book, no undo, one object for each entry: this loop is what the speed of a verification is.
Whether each request can be read as what its kind says is looked at page by page as well, and timed apart.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from sys import intern
from typing import Any, LiteralString, NamedTuple
from uuid import UUID

import msgspec
from msgspec.structs import astuple

from ledger.codec import CorruptRecord, leaf, movement_of
from ledger.differences import BYTES, ENTRY, INSTANT, LEAF, NUMBER, POSITION, ROW, SEALED, VOUCHER, Differences
from ledger.domain.catalogue import SPECIALS
from ledger.domain.money import grouped_yuan
from ledger.domain.special import SpecialAdded
from ledger.personal.texts import SealedTexts, State
from ledger.sealing import Place, places
from ledger.store import PAGE, Store

_NAMES = ("line", "account", "cell", "period", "effective_on", "amount", "account_after", "cell_after")
_Row = tuple[Any, ...]


class _Line(msgspec.Struct, gc=False):
    """An entry as recorded; what names its account comes last."""

    amount: int
    effective_on: date
    period: str
    account: str
    fiscal_year: int
    source: str | None = None
    vintage: int | None = None
    special: str | None = None
    project: str | None = None
    function: str | None = None
    ref: str | None = None


class _Posting(msgspec.Struct, gc=False):
    """Of recorded bytes what balances are folded from, and no more: the request is passed over."""

    ledger: str
    number: int
    kind: str
    recorded_at: datetime
    fiscal_year: int
    entries: list[_Line]
    voucher: int | None = None


_decode = msgspec.json.Decoder(_Posting).decode


class Refolding:
    """What the bytes give up to movement ``last``: accounts and cells by id (from 1), what each holds, and turnover."""

    def __init__(self, store: Store, ledger: UUID, texts: SealedTexts | None, clock: Callable[[], float]) -> None:
        self.store, self.ledger, self.texts, self.clock = store, ledger, texts, clock
        self.differences = Differences()
        self.last = self.entries = 0
        self.whole = True
        """Whether every movement so far could be read; where not, no balance after it can be compared."""
        self.accounts: list[_Row] = [()]
        """By id: code, fiscal year, source, vintage, special, project, function, ref; the year absent where none is kept."""
        self.cells: list[_Row] = [()]
        """By id: code, fiscal year, source, vintage, special, function."""
        self.cell_of = [0]
        self.held, self.cell_held = [0], [0]
        """By id, in fen."""
        self.turnover: dict[tuple[int, date], dict[int, int]] = {}
        """(period as yyyymm, business date) → cell → fen"""
        self.vouchers: dict[int, int] = {}
        self.specials = set(SPECIALS)
        self.recorded_at: datetime | None = None
        self.reading_seconds = 0.0
        """Spent on reading requests as their kinds."""
        self._ids: dict[_Row, int] = {}
        self._cell_ids: dict[_Row, int] = {}
        self._position = 0

    def to(self, number: int, done: Callable[[int, int], None] | None = None) -> None:
        """Refold the log up to a number, a page a time; ``done`` is told movements done and movements in all."""
        while self.last < number:
            page = _page(self.store, self.ledger, self.last, number)
            if not page.movements:
                self.differences.note(NUMBER, self.last + 1, "", self.last + 1, "—")
                self.whole = False
                self.last = number
                return
            began = self.clock()
            unreadable = self._read(page.movements)
            self.reading_seconds += self.clock() - began
            self._fold(page, unreadable)
            if done:
                done(self.last, number)

    # -- requests

    def _read(self, movements: Sequence[_Row]) -> set[int]:
        """Notes which movements of a page cannot be read as their kinds, and which texts are lost; answers with the former."""
        committed: list[tuple[int, Place]] = []
        unreadable = set()
        for number, _, kind, state, _ in movements:
            try:
                movement = movement_of(state)
            except CorruptRecord as error:
                self.differences.note(BYTES, number, kind, "—", error)
                unreadable.add(number)
                continue
            if isinstance(movement, SpecialAdded):
                self.specials.add(movement.special)
            if self.texts is not None and b'"sha256:' in state:
                committed += ((number, place) for place in places(movement))
        if self.texts is not None and committed:
            opened = self.texts.at([place for _, place in committed])
            for (number, place), one in zip(committed, opened, strict=True):
                if one.state in (State.DAMAGED, State.MISSING):
                    self.differences.note(SEALED, number, place.at, place.commitment, one.state)
        return unreadable

    # -- entries

    def _fold(self, page: "_Page", unreadable: set[int]) -> None:
        """Every row of a page against its bytes, then all entries of the page at once."""
        note, ledger, instants = self.differences.note, str(self.ledger), page.instants
        last, before = self.last, self._position
        expected: list[_Row] = []
        compared: list[int] = []
        for number, position, kind, state, hashed in page.movements:
            if number != last + 1:
                note(NUMBER, number, "", last + 1, number)
            if position <= before:
                note(POSITION, number, "", f"> {before}", position)
            last, before = number, position
            if leaf(state) != hashed:
                note(LEAF, number, kind, leaf(state).hex()[:16], bytes(hashed).hex()[:16])
            if number in unreadable:
                self.whole = False
                continue
            said = _decode(state)
            if said.number != number or said.kind != kind or said.ledger != ledger:
                note(
                    ROW,
                    number,
                    "ledger number kind",
                    f"{said.ledger} {said.number} {said.kind}",
                    f"{ledger} {number} {kind}",
                )
            self._instant(number, said.recorded_at, instants)
            self._voucher(number, said.fiscal_year, said.voucher, posts=bool(said.entries))
            if self.whole:
                compared.append(number)
                self._post(number, said.entries, expected)
        self.last, self._position = last, before
        if expected != page.entries:
            self._entries_differ(expected, page, set(compared))
        self.entries += len(expected)

    def _instant(self, number: int, recorded_at: datetime, instants: dict[int, datetime]) -> None:
        if self.recorded_at is not None and recorded_at < self.recorded_at:
            self.differences.note(INSTANT, number, "", f">= {self.recorded_at}", recorded_at)
        self.recorded_at = recorded_at
        if number in instants:
            self.differences.compare(INSTANT, number, "batch", recorded_at, instants[number])

    def _voucher(self, number: int, year: int, voucher: int | None, *, posts: bool) -> None:
        expected = self.vouchers.get(year, 0) + 1 if posts else None
        if voucher != expected:
            self.differences.note(VOUCHER, number, year, expected, voucher)
        if voucher is not None:
            self.vouchers[year] = voucher

    def _post(self, number: int, lines: list[_Line], expected: list[_Row]) -> None:
        """Apply entries; adds them to ``expected`` as their table should have them."""
        held, cell_held, ids = self.held, self.cell_held, self._ids
        for row, line in enumerate(lines, 1):
            said = astuple(line)
            amount, day, month = said[:3]
            account = ids.get(key := said[3:]) or self._account(key)
            cell = self.cell_of[account]
            held[account] = account_after = held[account] + amount
            cell_held[cell] = cell_after = cell_held[cell] + amount
            period = _PERIODS.get(month) or _period(month)
            moved = self.turnover.get((period, day))
            if moved is None:
                moved = self.turnover[period, day] = {}
            moved[cell] = moved.get(cell, 0) + amount
            expected.append((number, row, account, cell, period, day, amount, account_after, cell_after))

    def _account(self, key: _Row) -> int:
        """The id of an account; the next one where it is new. Memo accounts keep no year."""
        code, year, source, vintage, special, project, function, ref = (
            intern(part) if isinstance(part, str) else part for part in key
        )
        if code[0] not in "BX":
            year = None
        named = (code, year, source, vintage, special, project, function, ref)
        account = self._ids.get(named)
        if account is None:
            account = self._ids[named] = len(self.accounts)
            self.accounts.append(named)
            self.held.append(0)
            self.cell_of.append(self._cell((code, year, source, vintage, special, function)))
        self._ids[key] = account
        return account

    def _cell(self, key: _Row) -> int:
        cell = self._cell_ids.get(key)
        if cell is None:
            cell = self._cell_ids[key] = len(self.cells)
            self.cells.append(key)
            self.cell_held.append(0)
        return cell

    # -- naming what differs

    def spoken(self, account: int) -> str:
        """An account in words."""
        return " ".join(str(part) for part in self.accounts[account] if part is not None)

    def _entries_differ(self, expected: list[_Row], page: "_Page", compared: set[int]) -> None:
        """Say line by line what differs; of movements after one that cannot be read nothing is said."""
        should, stands = _by_number(expected), _by_number(page.entries)
        known = {row[0] for row in page.movements}
        for number in sorted(compared | (stands.keys() - known)):
            rows = {row[1]: row for row in stands.get(number, ())}
            if number not in known:
                self.differences.note(ENTRY, number, "", "—", len(rows))
                continue
            for line in should.get(number, ()):
                self._line_differs(line, rows.pop(line[1], None))
            for row in rows.values():
                self.differences.note(ENTRY, number, f"line {row[1]}", "—", row[6])

    def _line_differs(self, expected: _Row, row: _Row | None) -> None:
        number, line, account, _, _, _, amount, *_ = expected
        about = f"line {line} {self.spoken(account)}"
        if row is None:
            self.differences.note(ENTRY, number, about, amount, "—")
            return
        for name, should, stands in zip(_NAMES, expected[1:], row[1:], strict=True):
            self.differences.compare(ENTRY, number, f"{about} {name}", _said(name, should), _said(name, stands))


class _Page(NamedTuple):
    movements: Sequence[_Row]
    entries: Sequence[_Row]
    instants: dict[int, datetime]


_MOVEMENTS: LiteralString = (
    "SELECT number, position, kind, state, leaf FROM movement WHERE ledger = %s AND number > %s AND number <= %s "
    "ORDER BY number LIMIT %s"
)
_ENTRIES: LiteralString = (
    "SELECT number, line, account, cell, period, effective_on, amount, account_after, cell_after FROM entry "
    "WHERE ledger = %s AND number > %s AND number <= %s ORDER BY number, line"
)
_BATCHES: LiteralString = (
    "SELECT last_number, recorded_at FROM batch WHERE ledger = %s AND last_number > %s AND last_number <= %s"
)


def _page(store: Store, ledger: UUID, after: int, upto: int) -> _Page:
    with store.readers.connection() as connection:
        movements = connection.execute(_MOVEMENTS, (ledger, after, upto, PAGE), binary=True).fetchall()
        last = movements[-1][0] if movements else after
        entries = connection.execute(_ENTRIES, (ledger, after, last), binary=True).fetchall()
        batches = connection.execute(_BATCHES, (ledger, after, last), binary=True).fetchall()
    return _Page(movements, entries, {row[0]: row[1] for row in batches})


def _by_number(entries: Iterable[_Row]) -> dict[int, list[_Row]]:
    found: dict[int, list[_Row]] = {}
    for row in entries:
        found.setdefault(row[0], []).append(row)
    return found


_PERIODS: dict[str, int] = {}


def _period(month: str) -> int:
    """A posting period as its table has it: 202503 of 2025-03."""
    return _PERIODS.setdefault(intern(month), int(month[:4]) * 100 + int(month[5:]))


def _said(name: str, value: Any) -> str:
    return f"{grouped_yuan(value)} 元" if name in ("amount", "account_after", "cell_after") else str(value)
