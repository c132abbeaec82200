"""A story folded and written: real recorded bytes with their entries and leaves, and every table that repeats them, by COPY.

Numbers, vouchers, ids and balances come from the ledger's own Book; bytes from its codec. What is written differs from what
the writer would have written in one thing: hashes of request bodies are made up, as nobody asks these requests again.
"""

import gc
import hashlib
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import psycopg
from psycopg.conninfo import make_conninfo

from bench.copying import DAY_ZERO, PACKED, TABLES, copy, copy_packed, entry, event, request_row, without_indexes
from bench.story import COPIED, COPY, MOVEMENTS_PER_PROJECT, Years
from ledger.application import Ledger
from ledger.codec import Recorded, encode, leaf
from ledger.domain.accounts import Account
from ledger.domain.approval import PROPOSALS, ProposalApproved, ProposalSubmitted
from ledger.domain.book import Book
from ledger.domain.commitment import COST_ITEMS, FILED
from ledger.domain.decision import RULES, Accepted, decide, fold
from ledger.domain.fields import period_number
from ledger.domain.instalment import ASSESSED, INSTALMENTS
from ledger.domain.matching import PLEDGES
from ledger.domain.movement import BUSINESS_KEYS, Actor, Movement
from ledger.domain.payment import ORDERS, PAYMENT_HOLDS, SETTLEMENTS
from ledger.domain.period import at_open_period
from ledger.domain.postsubsidy import CLAIMS
from ledger.domain.project import PROJECTS
from ledger.migrate import migrate
from ledger.sealing import seal
from ledger.secret import Secret
from ledger.store import Store

LAST_YEAR = 2025
PAGE = 20_000
"""Movements written together."""
COPIES_MAX = 50
"""A project has at most so many copies, itself included."""
TOGETHER_MAX = 50
"""At most so many movements are recorded at one instant."""


class Seeded(NamedTuple):
    """What was made, and how long it took in seconds: telling, folding, writing; then making indexes."""

    movements: int
    writing: float
    indexing: float


def seed(
    dsn: str,
    name: str,
    secret: Secret,
    movements: int,
    *,
    years: int = 10,
    seed: int = 1,
    copies: int | None = None,
    judged: bool = False,
) -> Seeded:
    """Make a ledger of so many movements, over fiscal years that end with LAST_YEAR, in an empty database (as its owner).

    ``copies``: how often most projects are there; None: the more, the larger the ledger. ``judged``: every movement by every
    rule, without copies; else only proposals are, and the others post what they post.
    """
    migrate(dsn)
    hasty = make_conninfo(dsn, options="-c synchronous_commit=off -c maintenance_work_mem=512MB")
    with closing(Ledger(Store(hasty, readers=2, writers=2), name, secret)) as ledger:
        began = time.perf_counter()
        with psycopg.connect(hasty) as connection:
            connection.execute("SET search_path TO ledger")
            laid_aside = without_indexes(connection)
            connection.commit()
            copies = 1 if judged else copies or min(COPIES_MAX, max(1, movements // 50_000))
            projects = max(70, int(movements * 1.05 / years / MOVEMENTS_PER_PROJECT / (1 + COPIED * (copies - 1))))
            told = Years(LAST_YEAR - years + 1, years, projects, copies, seed)
            written = _Seeding(connection, ledger, told, judged=judged).write(movements)
            wrote = time.perf_counter()
            for definition in laid_aside:
                connection.execute(definition)
            connection.commit()
            connection.autocommit = True
            connection.execute("VACUUM (ANALYZE)")
    return Seeded(written, wrote - began, time.perf_counter() - wrote)


class _LeanBook(Book):
    """A Book that forgets projects whose life is over, and knows of their copies only what they hold together with others."""

    def __init__(self) -> None:
        super().__init__()
        self.beside = 0
        """Ids that were given to accounts which are not here: of copies."""
        self.copied: dict[Account, tuple[int, int]] = {}
        """Account → id of the first copy's, and how far apart those of the copies are."""

    def _open(self, account: Account) -> Account:
        cell = super()._open(account)
        self.account_ids[account] += self.beside
        return cell

    def open_copies(self, opened: Sequence[Account], copies: int) -> None:
        """The copies of a movement open these accounts too, one copy after the other."""
        first = self.beside + self.accounts + 1
        self.copied |= {account: (first + n, len(opened)) for n, account in enumerate(opened)}
        self.beside += len(opened) * copies

    def share(self, account: Account, cell: Account, day: date, amount: int) -> None:
        """What the copies of a movement moved in its cell, and in its account where that is no project's."""
        self.cells[cell] += amount
        if account.project is None:
            self.balances[account] += amount
            self.by_day[account][day] += amount

    def forget(self, projects: Iterable[str]) -> None:
        gone = set(projects)
        for project in gone:
            for account in self.accounts_of.pop(project, ()):
                for table in (self.account_ids, self.balances, self.by_day, self.cell_of):
                    del table[account]
                self.copied.pop(account, None)
        for register in (PROJECTS, FILED):
            self._keep(register, lambda key, _: key not in gone)
        for register in (INSTALMENTS, ASSESSED, COST_ITEMS):
            self._keep(register, lambda key, _: key[0] not in gone)
        for register in (ORDERS, SETTLEMENTS, CLAIMS):
            self._keep(register, lambda _, found: found.project not in gone)
        self._keep(PLEDGES, lambda _, found: found.at.project not in gone)
        self._keep(PAYMENT_HOLDS, lambda _, order: order in ORDERS.of(self))
        self._keep(PROPOSALS, lambda _, found: not found.approvals)
        self._keep(BUSINESS_KEYS, lambda key, _: key.startswith(("party:", "period:", "year:")))

    def _keep(self, register: Any, kept: Callable[[Any, Any], bool]) -> None:
        rows = register.of(self)
        self.registers[register.name] = {key: found for key, found in rows.items() if kept(key, found)}


class _Seeding:
    """Folds a story and gathers rows, a page a time."""

    def __init__(self, connection: psycopg.Connection, ledger: Ledger, years: Years, *, judged: bool) -> None:
        self.connection, self.ledger, self.years, self.judged = connection, ledger, years, judged
        self.book = _LeanBook()
        self.rows: dict[str, list[Any]] = {table: [] for table in (*PACKED, *TABLES)}
        self.balances: dict[int, tuple[int, int]] = {}
        self.turnover: dict[tuple[int, int, date], int] = {}
        self.accounts = self.cells = 0
        self.now = datetime(2000, 1, 1, tzinfo=UTC)
        self.together = 0
        self.chance = years.chance

    def write(self, movements: int) -> int:
        """Fold and write so many, or a few more where the last has copies; as many as there are, else."""
        book, began, year, written = self.book, time.perf_counter(), 0, 0
        gc.collect()
        gc.disable()
        try:
            for day, (movement, actor), code in self.years.told(book):
                self._instant(day)
                self._record(movement, actor, code)
                if book.number >= written + PAGE:
                    self._flush()
                    written = book.number
                    _tell(written, movements, began)
                if day.year > year and day.month == 2:  # the year before is closed
                    year = day.year
                    book.forget(self.years.ended)
                    self.years.ended.clear()
                if book.number >= movements:
                    break
        finally:
            gc.enable()
        self._end()
        _tell(book.number, book.number, began)
        return book.number

    def _instant(self, day: date) -> None:
        """Groups of some movements are recorded at one instant, on their day."""
        if self.book.number < self.together and self.now.date() >= day:
            return
        self._close_batch()
        begins = datetime(day.year, day.month, day.day, 1, tzinfo=UTC)
        self.now = max(begins, self.now + timedelta(seconds=self.chance.random() * 5 + 0.1))
        self.together = self.book.number + self.chance.randrange(TOGETHER_MAX)
        self.book.now = self.now

    def _close_batch(self) -> None:
        if self.book.number:
            self.rows["batch"].append((self.ledger.id, self.book.number, self.now))

    def _record(self, movement: Movement, actor: Actor, code: str | None) -> None:
        book, ledger, number = self.book, self.ledger, self.book.number + 1
        movement, texts = seal(movement, actor)
        for text in texts:
            row = ledger.keys.of({text.subject})[text.subject].seal(text)
            self.rows["sealed"].append((ledger.id, row.commitment, row.key, row.ciphertext))
        request = ledger.request_id(actor, str(number))
        for one in self._accepted(movement, actor):
            by_whom = (self.now, one.actor, one.approvals, one.proposal, request, RULES)
            state = encode(Recorded(ledger.id, one.number, one.voucher, *by_whom, one.movement, one.legs))
            rows = self._entries(one)
            self._event(one.number, one.movement.kind, state)
            for row in rows:
                self.rows["entry"].append(entry(ledger.id.bytes, one.number, *row))
            if code is not None and self.years.copies > 1:
                self._copy(one, code, state, rows)
        self.rows["request"].append(request_row(ledger.id.bytes, request.bytes, leaf(state), number))
        book.commit()

    def _accepted(self, movement: Movement, actor: Actor) -> list[Accepted]:
        book = self.book
        if self.judged or isinstance(movement, ProposalSubmitted | ProposalApproved):
            return decide(book, movement, actor)
        movement = at_open_period(book, movement)
        legs, number = movement.legs(book), book.number + 1
        voucher = book.vouchers.get(movement.fiscal_year, 0) + 1 if legs else None
        entries = fold(book, number, movement, legs, actor, voucher, None)
        return [Accepted(movement, number, voucher, actor, (), None, entries, None)]

    def _event(self, number: int, kind: str, state: bytes) -> None:
        self.rows["movement"].append(event(self.ledger.id.bytes, number, kind, state, leaf(state)))

    def _entries(self, one: Accepted) -> list[tuple[int, ...]]:
        """Line, account, cell, period, day since 2000, amount, after in account and cell: of each entry."""
        book, turnover, rows = self.book, self.turnover, []
        for line, (leg, account_after, cell_after) in enumerate(one.entries, 1):
            account = book.account_ids[leg.account]
            cell = book.cell_ids[book.cell_of[leg.account]]
            if account > self.accounts:
                self._opened(account, cell, leg.account)
            period = period_number(leg.period)
            day, amount = leg.effective_on, leg.amount
            rows.append((line, account, cell, period, day.toordinal() - DAY_ZERO, amount, account_after, cell_after))
            self.balances[account] = (account_after, one.number)
            turnover[cell, period, day] = turnover.get((cell, period, day), 0) + amount
        return rows

    def _opened(self, account: int, cell: int, found: Account) -> None:
        self.accounts = account
        self.rows["account"].append((self.ledger.id, account, cell, _plain(found.project), _plain(found.ref)))
        if cell > self.cells:
            self.cells = cell
            kept = (found.code, found.fiscal_year, found.source, found.vintage, found.special, found.function)
            self.rows["cell"].append((self.ledger.id, cell, *map(_plain, kept)))

    # -- copies

    def _copy(self, one: Accepted, code: str, state: bytes, rows: list[tuple[int, ...]]) -> None:
        """The same, done by each copy right after: in its bytes another code, number, voucher and request stand."""
        book, ledger, copies = self.book, self.ledger.id.bytes, self.years.copies - 1
        projects = [leg.account for leg in one.legs if leg.account.project is not None]
        opened = [account for account in dict.fromkeys(projects) if account not in book.copied]
        book.open_copies(opened, copies)
        own = [book.copied.get(leg.account) for leg in one.legs]
        in_account, in_cell = _sums(row[1] for row in rows), _sums(row[2] for row in rows)
        for row in rows:
            in_account[row[1]] += row[5]
            in_cell[row[2]] += row[5]
        said, marked = state.rsplit(b'"number":', 1)[0], code.encode()
        between = state[len(said) :].split(b",", 1)[1].split(b'"request":')[0]
        for turn in range(1, copies + 1):
            number = one.number + turn
            marks = code.replace(COPY, f"-{turn:02d}-")
            request = hashlib.sha256(b"%d" % number).digest()
            named = str(UUID(bytes=request[:16])).encode()
            voucher = b',"voucher":%d' % (one.voucher + turn) if one.voucher else b""
            of_copy = b'%s"number":%d,%s"request":"%s","rules":%d,"version":%d%s}' % (
                said.replace(marked, marks.encode()),
                number,
                between,
                named,
                RULES,
                one.movement.version,
                voucher,
            )
            self._event(number, one.movement.kind, of_copy)
            self.rows["request"].append(request_row(ledger, request[:16], request, number))
            for (line, account, cell, period, day, amount, after, cell_after), ids in zip(rows, own, strict=True):
                mine = ids[0] + (turn - 1) * ids[1] if ids else account
                held = after if ids else after + turn * in_account[account]
                stands = cell_after + turn * in_cell[cell]
                self.rows["entry"].append(entry(ledger, number, line, mine, cell, period, day, amount, held, stands))
                self.balances[mine] = (held, number)
            for account in opened:
                first, apart = book.copied[account]
                ref = account.ref.replace(code, marks) if account.ref else None
                cell = book.cell_ids[book.cell_of[account]]
                self.rows["account"].append((self.ledger.id, first + (turn - 1) * apart, cell, marks, ref))
        self._share(one, copies)

    def _share(self, one: Accepted, copies: int) -> None:
        book = self.book
        for leg in one.legs:
            cell = book.cell_of[leg.account]
            book.share(leg.account, cell, leg.day, copies * leg.amount)
            period = period_number(leg.period)
            self.turnover[book.cell_ids[cell], period, leg.effective_on] += copies * leg.amount
        self.accounts = max(self.accounts, book.beside + book.accounts)
        if one.voucher is not None:
            book.vouchers[one.movement.fiscal_year] += copies
        book.advance(one.number + copies)

    # -- writing

    def _flush(self) -> None:
        for table, rows in self.rows.items():
            if rows:
                copy_packed(self.connection, table, rows) if table in PACKED else copy(self.connection, table, rows)
                rows.clear()
        self.connection.commit()

    def _end(self) -> None:
        """The last batch, what is kept once for each account and day, and where log and ledger stand."""
        ledger, number = self.ledger.id, self.book.number
        self._close_batch()
        self._flush()
        copy(self.connection, "balance", ((ledger, account, *held) for account, held in self.balances.items()))
        copy(self.connection, "turnover", ((ledger, *where, amount) for where, amount in self.turnover.items()))
        head = "UPDATE head SET number = %s, recorded_at = %s WHERE ledger = %s"
        self.connection.execute(head, (number, self.now, ledger))
        self.connection.execute("UPDATE log SET position = %s", (number,))
        self.connection.commit()


def _sums(keys: Iterable[int]) -> dict[int, int]:
    return dict.fromkeys(keys, 0)


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, str) else value


def _tell(done: int, of: int, began: float) -> None:
    rate = done / (time.perf_counter() - began)
    print(f"\r{done:,} of {of:,}, {rate:,.0f}/s", end="" if done < of else "\n", file=sys.stderr, flush=True)
