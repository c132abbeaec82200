"""The whole log refolded from its recorded bytes, page by page, and compared with every table that repeats it.

Needs the tables only: no writer, no rules, no registers. What is compared:
leaves, rows against their bytes, numbers, positions, instants, vouchers; where the master secret is at hand, the sealed texts
against what the log commits to; then every account, cell, entry, balance and turnover; then the identities V1, V5 and the memo
pairs, V2 over what the projections read, and V10 over the years; last the chain of the audit record.
"""

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from typing import Any, LiteralString, NamedTuple
from uuid import UUID

from ledger.audit.trail import Trail
from ledger.codec import CorruptRecord, Recorded, decode, leaf
from ledger.domain.accounts import USE, Account
from ledger.domain.book import Book, Entry
from ledger.domain.catalogue import SPECIALS, Name
from ledger.domain.identities import total_identities
from ledger.domain.money import grouped_yuan
from ledger.domain.special import SpecialAdded
from ledger.personal.texts import SealedTexts, State
from ledger.sealing import Place, places
from ledger.store import PAGE, Store

KEPT_MAX = 200
"""So many differences are told one by one; all are counted."""

LEAF = Name("叶哈希", "leaf hash")
BYTES = Name("记录字节", "recorded bytes")
ROW = Name("行与字节", "row and bytes")
NUMBER = Name("编号", "number")
POSITION = Name("序位", "position")
INSTANT = Name("记录时间", "recorded_at")
VOUCHER = Name("凭证号", "voucher")
SEALED = Name("封存文本", "sealed text")
ENTRY = Name("分录", "entry")
ACCOUNT = Name("账户", "account")
CELL = Name("单元", "cell")
BALANCE = Name("余额", "balance")
TURNOVER = Name("发生额", "turnover")
HEAD = Name("账本末尾", "head")
IDENTITY = Name("恒等式", "identity")
TRAIL = Name("审计日志哈希链", "chain of the audit record")
REST = Name("其余未核对", "the rest was not compared")


class Difference(NamedTuple):
    """One thing that is not as the recorded bytes say. ``number``: the movement it belongs to, if any."""

    what: Name
    number: int | None
    about: str
    expected: str
    found: str


class Report(NamedTuple):
    """What a verification found. ``wrong`` counts every difference, ``differences`` holds the first of them."""

    movements: int
    entries: int
    seconds: float
    wrong: int
    differences: tuple[Difference, ...]

    @property
    def agrees(self) -> bool:
        return self.wrong == 0


class _Snapshot(NamedTuple):
    """Tables at one number, read in one transaction."""

    head: int
    number: int
    """Of the last movement: that of ``head``, unless somebody moved it."""
    recorded_at: datetime
    log_position: int
    positions: tuple[int, int]
    cells: Sequence[tuple[Any, ...]]
    accounts: Sequence[tuple[Any, ...]]
    balances: Sequence[tuple[Any, ...]]
    turnover: Sequence[tuple[Any, ...]]


def verify(
    store: Store, ledger: UUID, done: Callable[[int, int], None] | None = None, texts: SealedTexts | None = None
) -> Report:
    """Refold and compare; ``done`` is told movements done and movements in all. The ledger may go on recording.

    ``texts``: the sealed texts, where they are to be opened and compared too.
    Raises LookupError where no such ledger was opened here.
    """
    began = time.monotonic()
    folding = _Folding(store, ledger, texts)
    folding.to(_head(store, ledger), done)
    folding.compare(_snapshot(store, ledger))
    found = folding.found
    if broken := Trail(store.readers).broken_at():
        found.note(TRAIL, None, f"trail {broken}", "—", "—")
    return Report(folding.last, folding.entries, time.monotonic() - began, found.count, tuple(found.differences))


class _Found:
    """Differences as they are found."""

    def __init__(self) -> None:
        self.count = 0
        self.differences: list[Difference] = []

    def note(self, what: Name, number: int | None, about: object, expected: object, found: object) -> None:
        self.count += 1
        if len(self.differences) < KEPT_MAX:
            self.differences.append(Difference(what, number, str(about), str(expected), str(found)))

    def compare(self, what: Name, number: int | None, about: object, expected: object, found: object) -> None:
        if expected != found:
            self.note(what, number, about, expected, found)


class _Folding:
    """Balances, accounts and vouchers as the bytes give them, up to movement ``last``."""

    def __init__(self, store: Store, ledger: UUID, texts: SealedTexts | None) -> None:
        self.store, self.ledger, self.texts = store, ledger, texts
        self.book = Book()
        self.found = _Found()
        self.last = 0
        self.entries = 0
        self.whole = True
        """Whether every movement so far could be read; where not, no balance after it can be compared."""
        self.turnover: dict[tuple[int, int, date], int] = defaultdict(int)
        self.specials = set(SPECIALS)
        self._position = 0
        self._recorded_at: datetime | None = None
        self._committed: list[tuple[int, Place]] = []

    def to(self, number: int, done: Callable[[int, int], None] | None = None) -> None:
        """Fold the log up to a number, a page a time."""
        while self.last < number:
            page = _page(self.store, self.ledger, self.last, number)
            if not page.movements:
                self.found.note(NUMBER, self.last + 1, "", self.last + 1, "—")
                self.whole = False
                self.last = number
                return
            entries = _by_number(page.entries)
            instants: dict[int, datetime] = dict(page.batches)
            for row in page.movements:
                self._movement(row, entries.pop(row[0], []), instants)
            for stray in entries:
                self.found.note(ENTRY, stray, "", "—", len(entries[stray]))
            self._open_texts()
            self.book.commit()
            if done:
                done(self.last, number)

    def _movement(
        self, row: tuple[Any, ...], entries: Sequence[tuple[Any, ...]], instants: dict[int, datetime]
    ) -> None:
        number, position, kind, state, hashed = row
        found = self.found
        found.compare(NUMBER, number, "", self.last + 1, number)
        self.last = number
        if position <= self._position:
            found.note(POSITION, number, "", f"> {self._position}", position)
        self._position = position
        if leaf(state) != bytes(hashed):
            found.note(LEAF, number, kind, leaf(state).hex()[:16], bytes(hashed).hex()[:16])
        try:
            recorded = decode(state)
        except CorruptRecord as error:
            found.note(BYTES, number, kind, "—", error)
            self.whole = False
            return
        said = (recorded.ledger, recorded.number, recorded.movement.kind)
        found.compare(ROW, number, "ledger number kind", " ".join(map(str, said)), f"{self.ledger} {number} {kind}")
        if self.texts is not None:
            self._committed += ((number, place) for place in places(recorded.movement))
        self._instant(recorded, number, instants)
        self._voucher(recorded, number)
        if isinstance(recorded.movement, SpecialAdded):
            self.specials.add(recorded.movement.special)
        if self.whole:
            self._post(recorded, number, entries)

    def _open_texts(self) -> None:
        """What the movements of this page commit to: a text that opens is that text; one that was erased is gone rightly."""
        if self.texts is None or not self._committed:
            return
        opened = self.texts.at([place for _, place in self._committed])
        for (number, place), one in zip(self._committed, opened, strict=True):
            if one.state in (State.DAMAGED, State.MISSING):
                self.found.note(SEALED, number, place.at, place.commitment, one.state)
        self._committed.clear()

    def _instant(self, recorded: Recorded, number: int, instants: dict[int, datetime]) -> None:
        if self._recorded_at is not None and recorded.recorded_at < self._recorded_at:
            self.found.note(INSTANT, number, "", f">= {self._recorded_at}", recorded.recorded_at)
        self._recorded_at = recorded.recorded_at
        if number in instants:
            self.found.compare(INSTANT, number, "batch", recorded.recorded_at, instants[number])

    def _voucher(self, recorded: Recorded, number: int) -> None:
        year = recorded.movement.fiscal_year
        expected = self.book.vouchers.get(year, 0) + 1 if recorded.legs else None
        self.found.compare(VOUCHER, number, year, expected, recorded.voucher)
        if recorded.voucher is not None:
            self.book.vouchers[year] = recorded.voucher

    def _post(self, recorded: Recorded, number: int, rows: Sequence[tuple[Any, ...]]) -> None:
        posted = self.book.post(recorded.legs)
        expected = [self._row(line, entry) for line, entry in enumerate(posted, 1)]
        self.entries += len(expected)
        for row in expected:
            self.turnover[row[2], row[3], row[4]] += row[5]
        if expected == list(rows):
            return
        by_line = {row[0]: row for row in rows}
        for row in expected:
            self._lines_differ(number, posted[row[0] - 1], row, by_line.pop(row[0], None))
        for line, row in by_line.items():
            self.found.note(ENTRY, number, f"line {line}", "—", row[5])

    def _row(self, line: int, entry: Entry) -> tuple[Any, ...]:
        """An entry as its table has it: line, account, cell, period, day, amount, after in account and cell."""
        leg, account_after, cell_after = entry
        period = int(leg.period[:4]) * 100 + int(leg.period[5:])
        account, cell = self.book.account_ids[leg.account], self.book.cell_ids[leg.account.cell]
        return line, account, cell, period, leg.effective_on, leg.amount, account_after, cell_after

    def _lines_differ(self, number: int, entry: Entry, expected: tuple[Any, ...], row: tuple[Any, ...] | None) -> None:
        about = f"line {expected[0]} {_spoken(entry.leg.account)}"
        if row is None:
            self.found.note(ENTRY, number, about, entry.leg.amount, "—")
            return
        names = ("line", "account", "cell", "period", "effective_on", "amount", "account_after", "cell_after")
        for name, should, stands in zip(names, expected, row, strict=True):
            self.found.compare(ENTRY, number, f"{about} {name}", _said(name, should), _said(name, stands))

    # -- the tables

    def compare(self, snapshot: _Snapshot) -> None:
        """Fold what was recorded meanwhile, then compare every table with what the bytes give."""
        self.to(max(snapshot.head, snapshot.number))
        self.found.compare(HEAD, None, "number", snapshot.number, snapshot.head)
        if self._recorded_at is not None:
            self.found.compare(HEAD, None, "recorded_at", self._recorded_at, snapshot.recorded_at)
        self.found.compare(POSITION, None, "count(*) max(position)", (snapshot.log_position,) * 2, snapshot.positions)
        if not self.whole:
            self.found.note(REST, None, "", f"{CELL.en}, {ACCOUNT.en}, {BALANCE.en}, {TURNOVER.en}, {IDENTITY.en}", "—")
            return
        book = self.book
        cells = {number: (c.code, *map(_plain, (c[1], c[2], c[3], c[4], c[6]))) for c, number in book.cell_ids.items()}
        self._table(CELL, cells, {row[0]: row[1:] for row in snapshot.cells})
        accounts = {number: (book.cell_ids[a.cell], a.project, a.ref) for a, number in book.account_ids.items()}
        self._table(ACCOUNT, accounts, {row[0]: row[1:] for row in snapshot.accounts})
        balances = {book.account_ids[account]: amount for account, amount in book.balances.items()}
        self._table(BALANCE, balances, dict(snapshot.balances), {i: _spoken(a) for a, i in book.account_ids.items()})
        self._table(TURNOVER, self.turnover, {row[:3]: row[3] for row in snapshot.turnover})
        for broken in self._identities(snapshot):
            self.found.note(IDENTITY, None, broken, "0", "")

    def _table(
        self, what: Name, expected: dict[Any, Any], rows: dict[Any, Any], names: dict[Any, str] | None = None
    ) -> None:
        if expected == rows:
            return
        for key in sorted(expected.keys() | rows.keys()):
            self.found.compare(what, None, (names or {}).get(key, key), expected.get(key, "—"), rows.get(key, "—"))

    def _identities(self, snapshot: _Snapshot) -> Iterable[str]:
        balances = self.book.balances
        yield from total_identities(((a.code, a.fiscal_year, a.source), amount) for a, amount in balances.items())
        yield from self._same_totals(snapshot)
        yield from _carried(balances)

    def _same_totals(self, snapshot: _Snapshot) -> Iterable[str]:
        """V2: what plans, specials, sources and funds are summed from, and what projects are, give the same totals."""
        cells = {row[0]: row for row in snapshot.cells}
        cell_of = {row[0]: row[1] for row in snapshot.accounts}
        by_turnover: dict[int, int] = defaultdict(int)
        by_balance: dict[int, int] = defaultdict(int)
        for cell, _, _, amount in snapshot.turnover:
            if cells[cell][1] in USE:
                by_turnover[cells[cell][2]] += amount
        for account, amount in snapshot.balances:
            cell = cells[cell_of[account]]
            if cell[1] in USE:
                by_balance[cell[2]] += amount
        for year in sorted(by_turnover.keys() | by_balance.keys()):
            if by_turnover[year] != by_balance[year]:
                yield f"V2 {year}: {grouped_yuan(by_turnover[year])} / {grouped_yuan(by_balance[year])}"
        without_plan = {row[5] for row in cells.values() if row[5] is not None} - self.specials
        yield from (f"V2: {special} belongs to no plan" for special in sorted(without_plan))


def _carried(balances: dict[Account, int]) -> Iterable[str]:
    """V10: what each year carries out, per fund and vintage, the next carries in; the first year may have an opening."""
    out: dict[tuple[int, Any, Any], int] = defaultdict(int)
    into: dict[tuple[int, Any, Any], int] = defaultdict(int)
    years = [account.fiscal_year for account in balances if account.fiscal_year is not None]
    for account, amount in balances.items():
        if account.code == "B260" and account.fiscal_year is not None:
            out[account.fiscal_year + 1, account.source, account.vintage] += amount
        if account.code == "B101" and account.fiscal_year is not None and account.fiscal_year > min(years):
            into[account.fiscal_year, account.source, account.vintage] += amount
    for key in sorted(out.keys() | into.keys(), key=str):
        if out[key] != into[key]:
            yield f"V10 {key}: {grouped_yuan(out[key])} / {grouped_yuan(into[key])}"


class _Page(NamedTuple):
    movements: Sequence[tuple[Any, ...]]
    entries: Sequence[tuple[Any, ...]]
    batches: Sequence[tuple[Any, Any]]


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


def _head(store: Store, ledger: UUID) -> int:
    with store.readers.connection() as connection:
        row = connection.execute("SELECT number FROM head WHERE ledger = %s", (ledger,)).fetchone()
    if row is None:
        raise LookupError(f"ledger {ledger} has not been opened here")
    return int(row[0])


def _page(store: Store, ledger: UUID, after: int, upto: int) -> _Page:
    with store.readers.connection() as connection:
        movements = connection.execute(_MOVEMENTS, (ledger, after, upto, PAGE), binary=True).fetchall()
        last = movements[-1][0] if movements else after
        entries = connection.execute(_ENTRIES, (ledger, after, last), binary=True).fetchall()
        batches = connection.execute(_BATCHES, (ledger, after, last), binary=True).fetchall()
    return _Page(movements, entries, [(row[0], row[1]) for row in batches])


def _snapshot(store: Store, ledger: UUID) -> _Snapshot:
    """What the tables say at one number. One transaction, which lasts as long as it takes to read the balances."""
    with store.readers.connection() as connection, connection.transaction():
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")

        def rows(query: LiteralString) -> list[tuple[Any, ...]]:
            return connection.execute(query, (ledger,), binary=True).fetchall()

        head = rows("SELECT number, recorded_at FROM head WHERE ledger = %s")
        last = rows("SELECT coalesce(max(number), 0) FROM movement WHERE ledger = %s")
        log = connection.execute("SELECT position, (SELECT count(*) FROM movement) FROM log").fetchone()
        highest = connection.execute("SELECT coalesce(max(position), 0) FROM movement").fetchone()
        assert log is not None
        assert highest is not None
        return _Snapshot(
            head[0][0],
            last[0][0],
            head[0][1],
            log[0],
            (log[1], highest[0]),
            rows("SELECT id, code, fiscal_year, source, vintage, special, function FROM cell WHERE ledger = %s"),
            rows("SELECT id, cell, project, ref FROM account WHERE ledger = %s"),
            rows("SELECT account, amount FROM balance WHERE ledger = %s"),
            rows("SELECT cell, period, effective_on, amount FROM turnover WHERE ledger = %s"),
        )


def _by_number(entries: Iterable[tuple[Any, ...]]) -> dict[int, list[tuple[Any, ...]]]:
    found: dict[int, list[tuple[Any, ...]]] = {}
    for number, *row in entries:
        found.setdefault(number, []).append(tuple(row))
    return found


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, str) else value


def _spoken(account: Account) -> str:
    return " ".join(str(part) for part in account if part is not None)


def _said(name: str, value: Any) -> str:
    return f"{grouped_yuan(value)} 元" if name in ("amount", "account_after", "cell_after") else str(value)
