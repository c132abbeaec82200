"""The whole log refolded from its recorded bytes, page by page, and compared with every table that repeats it.

Needs the tables only: no writer, no rules, no registers. What is compared:
leaves, rows against their bytes, numbers, positions, instants, vouchers; where the master secret is at hand, the sealed texts
against what the log commits to; then every account, cell, entry, balance and turnover; then the identities V1, V5 and the memo
pairs, V2 over what the projections read, and V10 over the years; last the chain of the audit record.
"""

import time
from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any, LiteralString, NamedTuple
from uuid import UUID

from ledger.audit.trail import Trail
from ledger.collector import without_full_passes
from ledger.differences import (
    ACCOUNT,
    BALANCE,
    CELL,
    HEAD,
    IDENTITY,
    POSITION,
    REST,
    SEALED,
    TRAIL,
    TURNOVER,
    Difference,
)
from ledger.domain.accounts import USE
from ledger.domain.catalogue import Name
from ledger.domain.identities import total_identities
from ledger.domain.money import grouped_yuan
from ledger.personal.texts import SealedTexts
from ledger.projections.journal import one_snapshot
from ledger.refolding import Refolding
from ledger.store import Store

__all__ = ["SEALED", "Report", "verify"]

_Row = tuple[Any, ...]
_ROWS = 20_000
"""Rows fetched together where a table is large."""


class Report(NamedTuple):
    """What a verification found. ``wrong`` counts every difference, ``differences`` holds the first of them.

    Of ``seconds``, ``reading`` were spent on reading every request as its kind says; ``folding`` on hashes and entries, pages
    from the database included; the rest on the tables at the end.
    """

    movements: int
    entries: int
    seconds: float
    wrong: int
    differences: tuple[Difference, ...]
    folding: float
    reading: float

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
    accounts: "array[int]"
    """The accounts that have a balance, and below how much."""
    amounts: "array[int]"
    turnover: Sequence[_Row]
    last_cell: int
    last_account: int
    """What was opened after these belongs to later movements."""


def verify(
    store: Store,
    ledger: UUID,
    done: Callable[[int, int], None] | None = None,
    texts: SealedTexts | None = None,
    *,
    clock: Callable[[], float] = time.perf_counter,
) -> Report:
    """Refold and compare; ``done`` is told movements done and movements in all. The ledger may go on recording.

    ``texts``: the sealed texts, where they are to be opened and compared too. ``clock`` measures, in seconds.
    Raises LookupError where no such ledger was opened here.
    """
    with without_full_passes():
        return _verify(Refolding(store, ledger, texts, clock), done)


def _verify(folded: Refolding, done: Callable[[int, int], None] | None) -> Report:
    store, ledger, clock = folded.store, folded.ledger, folded.clock
    began = clock()
    folded.to(_head(store, ledger), done)
    refolded = clock() - began
    snapshot = _snapshot(store, ledger)
    folded.to(max(snapshot.head, snapshot.number))
    _Tables(store, folded, snapshot).compare()
    found = folded.differences
    if broken := Trail(store.readers).broken_at():
        found.note(TRAIL, None, f"trail {broken}", "—", "—")
    whole, reading = clock() - began, folded.reading_seconds
    return Report(folded.last, folded.entries, whole, found.count, tuple(found.kept), refolded - reading, reading)


class _Tables:
    """What the log was folded to, against every table that repeats it."""

    def __init__(self, store: Store, folded: Refolding, snapshot: _Snapshot) -> None:
        self.store, self.folded, self.snapshot = store, folded, snapshot
        self.found = folded.differences
        self.cells: dict[int, _Row] = {}
        self.cell_of: dict[int, int] = {}
        """By account, where its table says something else than the bytes."""

    def compare(self) -> None:
        folded, snapshot, found = self.folded, self.snapshot, self.found
        found.compare(HEAD, None, "number", snapshot.number, snapshot.head)
        if folded.last:
            found.compare(HEAD, None, "recorded_at", folded.recorded_at, snapshot.recorded_at)
        found.compare(POSITION, None, "count(*) max(position)", (snapshot.log_position,) * 2, snapshot.positions)
        if not folded.whole:
            found.note(REST, None, "", f"{CELL.en}, {ACCOUNT.en}, {BALANCE.en}, {TURNOVER.en}, {IDENTITY.en}", "—")
            return
        self._cells_and_accounts()
        self._balances()
        turnover = {
            (cell, period, day): amount
            for (period, day), moved in folded.turnover.items()
            for cell, amount in moved.items()
        }
        self._table(TURNOVER, turnover, {row[:3]: row[3] for row in snapshot.turnover})
        for broken in self._identities():
            found.note(IDENTITY, None, broken, "0", "")

    def _cells_and_accounts(self) -> None:
        folded, ledger, snapshot = self.folded, self.folded.ledger, self.snapshot
        with self.store.readers.connection() as connection:
            cells = connection.execute(_CELLS, (ledger, snapshot.last_cell), binary=True).fetchall()
        self.cells = {row[0]: row[1:] for row in cells}
        self._table(CELL, dict(enumerate(folded.cells[1:], 1)), self.cells)
        after, last = 0, len(folded.accounts) - 1
        while True:
            with self.store.readers.connection() as connection:
                rows = connection.execute(
                    _ACCOUNTS, (ledger, after, snapshot.last_account, _ROWS), binary=True
                ).fetchall()
            upto = rows[-1][0] if len(rows) == _ROWS else max(last, rows[-1][0] if rows else after)
            ids = range(after + 1, min(upto, last) + 1)
            should = {n: folded.accounts[n] for n in ids}
            stands = {row[0]: row[1:] for row in rows}
            if stands != should:
                self._table(ACCOUNT, should, stands)
                self.cell_of |= {n: row[0] for n, row in stands.items() if row != should.get(n)}
            after = upto
            if len(rows) < _ROWS:
                return

    def _balances(self) -> None:
        held, snapshot = self.folded.held, self.snapshot
        accounts = len(held) - 1
        if snapshot.accounts == array("q", range(1, accounts + 1)) and snapshot.amounts == array("q", held[1:]):
            return
        stands = dict(zip(snapshot.accounts, snapshot.amounts, strict=True))
        for account in sorted({*range(1, accounts + 1), *stands}):
            known = 1 <= account <= accounts
            about, should = (self.folded.spoken(account), held[account]) if known else (account, "—")
            self.found.compare(BALANCE, None, about, should, stands.get(account, "—"))

    def _table(self, what: Name, expected: dict[Any, Any], rows: dict[Any, Any]) -> None:
        if expected == rows:
            return
        for key in sorted(expected.keys() | rows.keys()):
            self.found.compare(what, None, key, expected.get(key, "—"), rows.get(key, "—"))

    def _identities(self) -> Iterable[str]:
        cells = list(zip(self.folded.cells[1:], self.folded.cell_held[1:], strict=True))
        yield from total_identities(((cell[0], cell[1], cell[2]), amount) for cell, amount in cells)
        yield from self._same_totals()
        yield from _carried(cells)

    def _same_totals(self) -> Iterable[str]:
        """V2: what plans, specials, sources and funds are summed from, and what projects are, give the same totals."""
        cells, accounts = self.cells, self.folded.accounts
        by_turnover: dict[int, int] = defaultdict(int)
        by_balance: dict[int, int] = defaultdict(int)
        for cell, _, _, amount in self.snapshot.turnover:
            if (named := cells.get(cell)) and named[0] in USE:
                by_turnover[named[1]] += amount
        for account, amount in zip(self.snapshot.accounts, self.snapshot.amounts, strict=True):
            cell = self.cell_of.get(account) or (accounts[account][0] if account < len(accounts) else 0)
            if (named := cells.get(cell)) and named[0] in USE:
                by_balance[named[1]] += amount
        for year in sorted(by_turnover.keys() | by_balance.keys()):
            if by_turnover[year] != by_balance[year]:
                yield f"V2 {year}: {grouped_yuan(by_turnover[year])} / {grouped_yuan(by_balance[year])}"
        without_plan = {cell[4] for cell in cells.values() if cell[4] is not None} - self.folded.specials
        yield from (f"V2: {special} belongs to no plan" for special in sorted(without_plan))


def _carried(cells: list[tuple[_Row, int]]) -> Iterable[str]:
    """V10: what each year carries out, per fund and vintage, the next carries in; the first year may have an opening."""
    out: dict[tuple[int, Any, Any], int] = defaultdict(int)
    into: dict[tuple[int, Any, Any], int] = defaultdict(int)
    years = [cell[1] for cell, _ in cells if cell[1] is not None]
    for (code, year, source, vintage, *_), amount in cells:
        if code == "B260":
            out[year + 1, source, vintage] += amount
        if code == "B101" and year > min(years):
            into[year, source, vintage] += amount
    for key in sorted(out.keys() | into.keys(), key=str):
        if out[key] != into[key]:
            yield f"V10 {key}: {grouped_yuan(out[key])} / {grouped_yuan(into[key])}"


_CELLS: LiteralString = (
    "SELECT id, code, fiscal_year, source, vintage, special, function FROM cell WHERE ledger = %s AND id <= %s"
)
_ACCOUNTS: LiteralString = (
    "SELECT id, cell, project, ref FROM account WHERE ledger = %s AND id > %s AND id <= %s ORDER BY id LIMIT %s"
)
_OPENED: LiteralString = (
    "SELECT (SELECT coalesce(max(id), 0) FROM cell WHERE ledger = %s), "
    "(SELECT coalesce(max(id), 0) FROM account WHERE ledger = %s)"
)
_BALANCES: LiteralString = "SELECT account, amount FROM balance WHERE ledger = %s ORDER BY account"
_TURNOVERS: LiteralString = "SELECT cell, period, effective_on, amount FROM turnover WHERE ledger = %s"


def _head(store: Store, ledger: UUID) -> int:
    with store.readers.connection() as connection:
        row = connection.execute("SELECT number FROM head WHERE ledger = %s", (ledger,)).fetchone()
    if row is None:
        raise LookupError(f"ledger {ledger} has not been opened here")
    return int(row[0])


def _snapshot(store: Store, ledger: UUID) -> _Snapshot:
    """What the tables say at one number. One transaction, which lasts as long as it takes to read the balances."""
    accounts, amounts = array("q"), array("q")
    with one_snapshot(store) as connection:
        head = connection.execute("SELECT number, recorded_at FROM head WHERE ledger = %s", (ledger,)).fetchone()
        last = connection.execute(
            "SELECT coalesce(max(number), 0) FROM movement WHERE ledger = %s", (ledger,)
        ).fetchone()
        log = connection.execute("SELECT position, (SELECT count(*) FROM movement) FROM log").fetchone()
        highest = connection.execute("SELECT coalesce(max(position), 0) FROM movement").fetchone()
        assert head is not None
        assert last is not None
        assert log is not None
        assert highest is not None
        with connection.cursor("balances", binary=True) as cursor:
            cursor.execute(_BALANCES, (ledger,))
            while rows := cursor.fetchmany(_ROWS):
                accounts.extend([row[0] for row in rows])
                amounts.extend([row[1] for row in rows])
        turnover = connection.execute(_TURNOVERS, (ledger,), binary=True).fetchall()
        opened = connection.execute(_OPENED, (ledger, ledger)).fetchone()
        assert opened is not None
    return _Snapshot(head[0], last[0], head[1], log[0], (log[1], highest[0]), accounts, amounts, turnover, *opened)
