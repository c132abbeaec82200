"""A year of a ledger with its year-end, made for measurements, verifies; what is then changed in any table is named."""

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from bench.seeding import seed
from bench.workload import SECRET
from ledger.application import ledger_id
from ledger.codec import recorded_in
from ledger.domain.book import Book
from ledger.domain.decision import fold, judge
from ledger.store import Store
from ledger.verification import Report, verify
from tests.application.history import superuser

NAME = "years"
LEDGER = ledger_id(NAME)
NUMBER = 1_500


@pytest.fixture(scope="module")
def years(server_dsn: str) -> Iterator[str]:
    """Two fiscal years, the first of them closed."""
    with psycopg.connect(server_dsn, autocommit=True) as db:
        db.execute(f"CREATE DATABASE {NAME}")
    dsn = make_conninfo(server_dsn, dbname=NAME)
    seed(dsn, NAME, SECRET, 4_500, years=2, copies=2)
    yield dsn
    with psycopg.connect(server_dsn, autocommit=True) as db:
        db.execute(f"DROP DATABASE {NAME} WITH (FORCE)")


def verified(dsn: str) -> Report:
    with closing(Store(dsn)) as store:
        return verify(store, LEDGER)


def test_every_table_is_as_the_bytes_say_and_every_movement_as_the_rules_say(years: str) -> None:
    report = verified(years)
    assert report.agrees, report.differences
    assert report.movements >= 4_500
    book, kinds = Book(), set()
    with closing(Store(years)) as store:
        for event in store.select_events(LEDGER):
            one = recorded_in(event)
            book.now = one.recorded_at
            assert judge(book, one.movement, one.actor) == one.legs
            fold(book, one.number, one.movement, one.legs, one.actor, one.voucher, one.proposal)
            book.recalled.clear()
            kinds.add(one.movement.kind)
    assert {"YearClosed", "BalanceCarriedForward", "PaymentRefunded", "PaymentRejected", "MatchingReceived"} <= kinds


def fitting(old: str, new: str) -> str:
    """Other bytes, with a leaf that fits them."""
    changed = f"convert_to(replace(convert_from(state, 'UTF8'), '{old}', '{new}'), 'UTF8')"
    return f"UPDATE movement SET state = {changed}, leaf = sha256('\\x00'::bytea || {changed}) WHERE number = {NUMBER}"


@pytest.mark.parametrize(
    ("tampering", "named"),
    [
        (f"UPDATE movement SET leaf = sha256('x') WHERE number = {NUMBER}", {"leaf hash"}),
        (f"UPDATE movement SET kind = 'PartyRenamed' WHERE number = {NUMBER}", {"row and bytes"}),
        (f"UPDATE movement SET position = position + 100000 WHERE number = {NUMBER}", {"position"}),
        (fitting('"version":1', '"version":1,"zz":1'), {"recorded bytes", "the rest was not compared"}),
        (fitting('"effective_on"', '"on"'), {"recorded bytes", "the rest was not compared"}),
        (fitting(f'"number":{NUMBER}', '"number":1'), {"row and bytes"}),
        (f"UPDATE entry SET cell_after = cell_after + 1 WHERE number = {NUMBER}", {"entry"}),
        (f"DELETE FROM entry WHERE number = {NUMBER} AND line = 2", {"entry"}),
        ("UPDATE entry SET number = 1 WHERE number = 1400", {"entry"}),
        ("UPDATE balance SET amount = amount + 1 WHERE account = 100", {"balance"}),
        ("INSERT INTO balance SELECT ledger, 999999, 0, 1 FROM head", {"balance"}),
        ("UPDATE turnover SET effective_on = effective_on - 1 WHERE cell = 3", {"turnover"}),
        ("INSERT INTO turnover SELECT ledger, 999999, 202501, '2025-01-01', 0 FROM head", {"turnover"}),
        ("DELETE FROM account WHERE id = 100", {"account"}),
        ("UPDATE account SET ref = 'other' WHERE id = 100", {"account"}),
        ("DELETE FROM cell WHERE id = 5", {"cell"}),
        ("UPDATE head SET number = number - 1", {"head"}),
        ("UPDATE log SET position = position + 1", {"position"}),
    ],
)
def test_what_is_changed_is_named(years: str, server_dsn: str, tampering: str, named: set[str]) -> None:
    name = "years_tampered_with"
    with psycopg.connect(server_dsn, autocommit=True) as db:
        db.execute(f"CREATE DATABASE {name} TEMPLATE {conninfo_to_dict(years)['dbname']}")
    try:
        dsn = make_conninfo(server_dsn, dbname=name)
        with superuser(dsn) as tampered:
            changed: Any = tampered.execute(tampering)
            assert changed.rowcount
        found = verified(dsn)
        assert named <= {one.what.en for one in found.differences}
    finally:
        with psycopg.connect(server_dsn, autocommit=True) as db:
            db.execute(f"DROP DATABASE {name} WITH (FORCE)")
