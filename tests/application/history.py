"""What must hold of a recorded ledger, whoever wrote it and whatever happened meanwhile."""

import psycopg

from ledger.application import ledger_id
from ledger.codec import leaf, recorded_in
from ledger.domain.book import Book
from ledger.domain.decision import fold
from ledger.store import Store


def superuser(dsn: str) -> psycopg.Connection:
    """A connection that may do anything, looking at the ledger's tables."""
    return psycopg.connect(dsn, autocommit=True, options="-c search_path=ledger")


def check_history(dsn: str, name: str) -> int:
    """One gapless history, each request in it once, and every table what the recorded bytes say. Answers with its length."""
    ledger = ledger_id(name)
    with superuser(dsn) as db:
        one = (ledger,)
        movements = db.execute(
            "SELECT number, state, leaf FROM movement WHERE ledger = %s ORDER BY number", one
        ).fetchall()
        head = db.execute("SELECT number, recorded_at FROM head WHERE ledger = %s", one).fetchone()
        assert [number for number, _, _ in movements] == list(range(1, len(movements) + 1))
        assert head is not None
        assert head[0] == len(movements)
        positions = db.execute("SELECT count(*), min(position), max(position) FROM movement").fetchone()
        assert positions in ((0, None, None), (positions[0], 1, positions[0]))
        assert db.execute("SELECT position FROM log").fetchone() == (positions[0],)
        for _, state, said in movements:
            assert leaf(state) == said
        check_projections(db, dsn, name)
        requests = dict(db.execute("SELECT number, id FROM request WHERE ledger = %s", one).fetchall())
        first = {}
        for event in all_events(dsn, name):
            recorded = recorded_in(event)
            first.setdefault(recorded.request, recorded.number)
        assert requests == {number: request for request, number in first.items()}
        batches = db.execute("SELECT last_number, recorded_at FROM batch WHERE ledger = %s ORDER BY last_number", one)
        assert [tuple(row) for row in batches][-1:] == ([head] if movements else [])
    return len(movements)


def check_projections(db: psycopg.Connection, dsn: str, name: str) -> None:
    """Balances and turnover are the naive sums of the entries, and those are what a replay of the bytes posts."""
    ledger = ledger_id(name)
    accounts: dict[int, tuple[int, int]] = {}
    cells: dict[int, int] = {}
    turnover: dict[tuple[object, ...], int] = {}
    entries = db.execute(
        "SELECT number, line, account, cell, period, effective_on, amount, account_after, cell_after "
        "FROM entry WHERE ledger = %s ORDER BY number, line",
        (ledger,),
    ).fetchall()
    for number, _, account, cell, period, day, amount, account_after, cell_after in entries:
        accounts[account] = (accounts.get(account, (0, 0))[0] + amount, number)
        cells[cell] = cells.get(cell, 0) + amount
        turnover[cell, period, day] = turnover.get((cell, period, day), 0) + amount
        assert (accounts[account][0], cells[cell]) == (account_after, cell_after)
    kept = db.execute("SELECT account, amount, number FROM balance WHERE ledger = %s", (ledger,)).fetchall()
    assert {account: (amount, number) for account, amount, number in kept} == accounts
    kept = db.execute("SELECT cell, period, effective_on, amount FROM turnover WHERE ledger = %s", (ledger,)).fetchall()
    assert {(cell, period, day): amount for cell, period, day, amount in kept} == turnover
    book = replayed(dsn, name)
    ids = book.account_ids
    assert {ids[account]: amount for account, amount in book.balances.items()} == {
        account: amount for account, (amount, _) in accounts.items()
    }
    named = db.execute(
        "SELECT a.id, c.code, c.fiscal_year, c.source, c.vintage, c.special, a.project, c.function, a.ref "
        "FROM account a JOIN cell c ON c.ledger = a.ledger AND c.id = a.cell WHERE a.ledger = %s",
        (ledger,),
    ).fetchall()
    assert {number: tuple(account) for number, *account in named} == {
        number: tuple(account) for account, number in ids.items()
    }


def all_events(dsn: str, name: str) -> list:
    store = Store(dsn, readers=1, writers=1)
    try:
        return list(store.select_events(ledger_id(name)))
    finally:
        store.close()


def replayed(dsn: str, name: str) -> Book:
    """A Book folded from the recorded bytes alone, judging nothing."""
    book = Book()
    for event in all_events(dsn, name):
        one = recorded_in(event)
        fold(book, one.number, one.movement, one.legs, one.actor, one.voucher, one.proposal)
    return book
