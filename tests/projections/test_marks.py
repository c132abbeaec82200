"""Marks: whatever was closed, wherever the follower stands, what was known then is what a naive scan says, at a bounded price."""

import random
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from typing import NamedTuple

import pytest
from psycopg import Connection

from bench.workload import SECRET
from ledger.application import Ledger
from ledger.domain.accounts import Account
from ledger.domain.decision import Accepted
from ledger.projections.follower import catch_up
from ledger.projections.marks import INTERVAL, Marks
from ledger.projections.moment import Moment
from ledger.projections.then import _cells, open_stretches
from ledger.projections.then import at as at_moment
from ledger.store import Store
from tests.application.history import superuser
from tests.application.written import write
from tests.conftest import fresh_database
from tests.properties.test_long_histories import long_history

EVERY = 37
"""A mark every so many numbers: enough of them in a short history."""
DEMO_EVERY = 500
ROUNDS = 300
Cell = tuple[object, ...]


class Often(Marks):
    interval = EVERY


class OfDemo(Marks):
    interval = DEMO_EVERY


class Written(NamedTuple):
    """A ledger, and the history in it."""

    ledger: Ledger
    log: list[Accepted]


@pytest.fixture(scope="module")
def three_years(server_dsn: str) -> Iterator[Written]:
    """A random history of three fiscal years, each of them closed, as written."""
    history = long_history(4, 900)
    with fresh_database(server_dsn) as dsn, closing(Ledger(Store(dsn), "test", SECRET)) as ledger:
        write(ledger, history.world.log)
        yield Written(ledger, history.world.log)


def at_random(chance: random.Random, last: int) -> Moment:
    number = chance.choice([None, chance.randint(1, last)])
    period = f"{chance.randint(2025, 2027)}-{chance.randint(1, 13):02d}"
    day = date(2025, 1, 1) + timedelta(chance.randint(0, 1_120))
    return Moment(number, *chance.choice([(None, None), (period, None), (None, day), (period, day)]))


def naive(log: list[Accepted], moment: Moment, *, whole: bool) -> dict[Cell, int]:
    """What each cell, or each account, held then: every line of the history, one after another."""
    held: dict[Cell, int] = defaultdict(int)
    for one in log:
        if moment.number is not None and one.number > moment.number:
            break
        for leg in one.legs:
            posted = moment.period is None or leg.period <= moment.period
            if posted and (moment.effective_on is None or leg.effective_on <= moment.effective_on):
                held[tuple(leg.account.cell if whole else leg.account)] += leg.amount
    return held


_PLACES = "SELECT id, code, fiscal_year, source, vintage, special, function FROM cell WHERE ledger = %s"


def asked(connection: Connection, ledger: Ledger, moment: Moment, *, whole: bool) -> dict[Cell, int]:
    rows = connection.execute(_PLACES, [ledger.id]).fetchall()
    cells = {id_: Account(*at[:5], None, at[5]) for id_, *at in rows}
    then = at_moment(connection, ledger.id, moment)
    if whole:
        found = {tuple(cells[cell]): amount for cell, amount in then.of_cells(cells).items()}
    else:
        held = then.of_accounts({cell: place.code for cell, place in cells.items()})
        found = {tuple(cells[cell]._replace(project=project, ref=ref)): amount for cell, project, ref, amount in held}
    assert {type(amount) for amount in found.values()} <= {int}
    return found


def test_what_was_known_is_what_a_naive_scan_says_however_far_the_follower_lags(three_years: Written) -> None:
    (ledger, log), chance = three_years, random.Random(20270101)
    last = len(log)
    steps = [0, *sorted(chance.sample(range(1, last), 8)), last]
    for stands in steps:
        assert catch_up(ledger.store, ledger.id, Often(), to=stands) == stands
        with ledger.store.readers.connection() as connection:
            for _ in range(ROUNDS // len(steps)):
                moment, whole = at_random(chance, last), chance.random() < 0.5
                found = asked(connection, ledger, moment, whole=whole)
                assert found == naive(log, moment, whole=whole), (stands, moment)
    with superuser(ledger.store.dsn) as db:
        closed = db.execute("SELECT count(*), count(DISTINCT number) FROM closed_period").fetchone()
        marks = db.execute("SELECT count(DISTINCT number) FROM mark").fetchone()
    assert closed is not None
    assert closed[0] == 3 * 13
    assert closed[1] > 3  # months closed by themselves, and with their year
    assert marks is not None
    assert marks[0] > last // EVERY - 3


def test_each_mark_is_the_turnover_of_what_was_open(three_years: Written) -> None:
    ledger, log = three_years
    catch_up(ledger.store, ledger.id, Often())
    with superuser(ledger.store.dsn) as db:
        closed = dict(db.execute("SELECT period, number FROM closed_period").fetchall())
        entries = db.execute("SELECT number, cell, period, effective_on, amount FROM entry ORDER BY number").fetchall()
        for number in range(EVERY, len(log), 5 * EVERY):
            turned: dict[tuple[int, int, date], int] = defaultdict(int)
            for at, cell, period, day, amount in entries:
                if at <= number and not closed.get(period, number + 1) <= number:
                    turned[cell, period, day] += amount
            marked = db.execute("SELECT cell, period, effective_on, amount FROM mark WHERE number = %s", [number])
            assert {tuple(row[:3]): row[3] for row in marked} == turned


def test_a_question_reads_no_more_entries_than_stand_between_two_marks(demo_ledger: Ledger) -> None:
    """Of a history of any length: the entries after the newest mark, whatever is asked."""
    last = 10_000
    moment = Moment(number=last + DEMO_EVERY - 1, effective_on=date(2025, 12, 31))
    before = entries_read(demo_ledger, moment)
    try:
        catch_up(demo_ledger.store, demo_ledger.id, OfDemo())
        with superuser(demo_ledger.store.dsn) as db:
            between = db.execute(
                "SELECT count(*) FROM entry WHERE number > %s AND number <= %s", [last, moment.number]
            ).fetchone()
        assert between is not None
        assert 0 < entries_read(demo_ledger, moment) <= between[0] < before / 10
    finally:
        with superuser(demo_ledger.store.dsn) as db:
            db.execute("DELETE FROM mark; DELETE FROM closed_period; DELETE FROM subtotal; DELETE FROM tracking")
    assert INTERVAL <= 20_000


def entries_read(ledger: Ledger, moment: Moment) -> int:
    """Rows of ``entry`` that the database looked at for every cell together."""
    with ledger.store.readers.connection() as connection:
        cells = [cell for cell, *_ in connection.execute(_PLACES, [ledger.id])]
        then = at_moment(connection, ledger.id, moment)
        row = then._read("EXPLAIN (ANALYZE, FORMAT JSON) " + _cells(moment), cells=cells).fetchone()
    assert row is not None

    def nodes(node: dict) -> Iterator[dict]:
        yield node
        for part in node.get("Plans", ()):
            yield from nodes(part)

    read = [node for node in nodes(row[0][0]["Plan"]) if node.get("Relation Name") == "entry"]
    assert read
    return sum((node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * node["Actual Loops"] for node in read)


def test_each_subtotal_is_the_turnover_of_a_cell_in_a_closed_period(three_years: Written) -> None:
    ledger, _ = three_years
    catch_up(ledger.store, ledger.id, Often())
    with superuser(ledger.store.dsn) as db:
        expected = db.execute(
            "SELECT cell, period, min(effective_on), max(effective_on), sum(amount) FROM entry "
            "WHERE period IN (SELECT period FROM closed_period) GROUP BY 1, 2 ORDER BY 1, 2"
        ).fetchall()
        found = db.execute("SELECT cell, period, first_day, last_day, amount FROM subtotal ORDER BY 1, 2").fetchall()
    assert found == expected != []


def test_open_is_what_closed_periods_leave_between_and_beside_them() -> None:
    assert open_stretches([]) == ([0], [999_999])
    assert open_stretches([202_501, 202_502]) == ([0, 202_503], [202_501, 999_999])
    months = [*range(202_501, 202_513), 202_601]
    assert open_stretches(months) == ([0, 202_513, 202_602], [202_501, 202_601, 999_999])
    assert open_stretches([*range(202_501, 202_514), 202_601]) == ([0, 202_602], [202_501, 999_999])
