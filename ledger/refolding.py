"""The log refolded from its recorded bytes: hashes, numbers, vouchers and every entry, against the rows that repeat them.

Plain dictionaries by id, no Book, no undo, one object for each entry: this loop is what the speed of a verification is.
Whether each request can be read as what its kind says is looked at page by page as well, and timed apart.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime
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


class _Line(msgspec.Struct, kw_only=True, gc=False):
    """An entry as recorded; what names its cell comes last."""

    amount: int
    effective_on: date
    period: str
    project: str | None = None
    ref: str | None = None
    account: str
    fiscal_year: int
    source: str | None = None
    vintage: int | None = None
    special: str | None = None
    function: str | None = None


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
        self.accounts: list[tuple[int, str | None, str | None]] = [(0, None, None)]
        """By id: cell, project, reference."""
        self.cells: list[_Row] = [()]
        """By id: code, fiscal year, source, vintage, special, function; the year absent where none is kept."""
        self.held, self.cell_held = [0], [0]
        """By id, in fen."""
        self.turnover: dict[tuple[int, date], dict[int, int]] = {}
        """(period as yyyymm, business date) → cell → fen"""
        self.vouchers: dict[int, int] = {}
        self.specials = set(SPECIALS)
        self.recorded_at = datetime.min.replace(tzinfo=UTC)
        self.reading_seconds = 0.0
        """Spent on reading requests as their kinds."""
        self._ids: dict[tuple[int, str | None, str | None], int] = {}
        self._projects: dict[str | None, str | None] = {}
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
        """Every row of a page against its bytes, then all its entries at once."""
        note, ledger, vouchers = self.differences.note, str(self.ledger), self.vouchers
        last, before, since = self.last, self._position, self.recorded_at
        posted: list[tuple[int, list[_Line]]] = []
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
                of_bytes = f"{said.ledger} {said.number} {said.kind}"
                note(ROW, number, "ledger number kind", of_bytes, f"{ledger} {number} {kind}")
            recorded_at = said.recorded_at
            if recorded_at < since or number in page.instants:
                self._instant(number, recorded_at, since, page.instants)
            since = recorded_at
            lines, year, voucher = said.entries, said.fiscal_year, said.voucher
            expected = vouchers.get(year, 0) + 1 if lines else None
            if voucher != expected:
                note(VOUCHER, number, year, expected, voucher)
            if voucher is not None:
                vouchers[year] = voucher
            if self.whole:
                posted.append((number, lines))
        self.last, self._position, self.recorded_at = last, before, since
        rows = self._post(posted)
        self.entries += len(rows)
        if rows != page.entries:
            self._entries_differ(rows, page, {number for number, _ in posted})

    def _instant(self, number: int, recorded_at: datetime, since: datetime, instants: dict[int, datetime]) -> None:
        if recorded_at < since:
            self.differences.note(INSTANT, number, "", f">= {since}", recorded_at)
        if number in instants:
            self.differences.compare(INSTANT, number, "batch", recorded_at, instants[number])

    def _post(self, posted: list[tuple[int, list[_Line]]]) -> list[_Row]:
        """Apply the entries of movements; answers with them as their table should have them."""
        held, cell_held, ids, cell_ids = self.held, self.cell_held, self._ids, self._cell_ids
        rows: list[_Row] = []
        last_day = last_month = None
        for number, lines in posted:
            for row, line in enumerate(lines, 1):
                said = astuple(line)
                amount, day, month, project, ref = said[:5]
                cell = cell_ids.get(key := said[5:]) or self._cell(key)
                account = ids.get(known := (cell, project, ref)) or self._account(known)
                held[account] = account_after = held[account] + amount
                cell_held[cell] = cell_after = cell_held[cell] + amount
                if day != last_day or month != last_month:
                    last_day, last_month, period = day, month, int(month[:4]) * 100 + int(month[5:])
                    moved = self.turnover.setdefault((period, day), {})
                moved[cell] = moved.get(cell, 0) + amount
                rows.append((number, row, account, cell, period, day, amount, account_after, cell_after))
        return rows

    def _account(self, known: tuple[int, str | None, str | None]) -> int:
        """The id of a new account."""
        cell, project, ref = known
        named = cell, self._projects.setdefault(project, project), ref  # one string for all accounts of a project
        self._ids[named] = account = len(self.accounts)
        self.accounts.append(named)
        self.held.append(0)
        return account

    def _cell(self, key: _Row) -> int:
        """The id of a cell, the next one where it is new. Memo accounts keep no year."""
        code, year, *rest = key
        named = (code, year if code[0] in "BX" else None, *rest)
        cell = self._cell_ids.get(named)
        if cell is None:
            cell = self._cell_ids[named] = len(self.cells)
            self.cells.append(named)
            self.cell_held.append(0)
        self._cell_ids[key] = cell
        return cell

    # -- naming what differs

    def spoken(self, account: int) -> str:
        """An account in words."""
        cell, project, ref = self.accounts[account]
        *kept, function = self.cells[cell]
        return " ".join(str(part) for part in (*kept, project, function, ref) if part is not None)

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


def _said(name: str, value: Any) -> str:
    return f"{grouped_yuan(value)} 元" if name in ("amount", "account_after", "cell_after") else str(value)
