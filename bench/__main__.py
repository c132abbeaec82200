"""`python -m bench`: baselines and ours in one run, in turns, so that a noisy machine is noisy for both.

Prints medians over the rounds, and whether each measure holds; the exit code is 1 where one does not.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from itertools import count, islice
from pathlib import Path
from statistics import median

import psycopg
from psycopg.conninfo import make_conninfo

from bench.callers import Figures, callers, figures, in_processes, together
from bench.stock import stock_recorder
from bench.workload import SECRET, STD, day_on, open_books
from ledger.application import Ledger
from ledger.domain.movement import Movement
from ledger.embedded import embedded_postgres
from ledger.migrate import migrate
from ledger.store import Store

TIMES_STOCK_MIN = 5.0
BULK_PER_SECOND_MIN = 6_000
TWO_PROCESSES_MIN = 0.85
P99_MS_MAX = 50.0
BULK_MOVEMENTS = 12_000

Runs = dict[str, list[Figures]]


def main() -> int:
    """Measure, print, judge."""
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=4.0, help="of each measurement")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        Path(folder).chmod(0o755)
        with embedded_postgres(Path(folder) / "desk") as dsn:
            runs = measure(dsn, asked.rounds, asked.seconds)
    return report(runs)


def measure(dsn: str, rounds: int, seconds: float) -> Runs:
    """Every measurement once in each round, always against the same growing ledger."""
    ours, theirs = _database(dsn, "ours"), _database(dsn, "theirs")
    migrate(ours)
    with closing(Ledger(Store(ours), "bench", SECRET)) as ledger:
        open_books(ledger)
    one = lambda n, mark: _in_this_process(ours, n, mark, seconds)  # noqa: E731 - a table of measurements
    table: dict[str, Callable[[str], Figures]] = {
        "stock recorder, 1 thread": lambda _: stock_recorder(theirs, 1, seconds),
        "stock recorder, 8 threads": lambda _: stock_recorder(theirs, 8, seconds),
        "stock recorder, 64 threads": lambda _: stock_recorder(theirs, 64, seconds),
        "ledger, 1 caller": lambda mark: one(1, f"a{mark}"),
        "ledger, 8 callers": lambda mark: one(8, f"b{mark}"),
        "ledger, 64 callers": lambda mark: one(64, f"c{mark}"),
        "ledger, two processes of 32": lambda mark: in_processes(ours, 2, 32, f"d{mark}", seconds),
        "ledger, bulk": lambda mark: _bulk(ours, f"e{mark}"),
    }
    runs: Runs = {name: [] for name in table}
    for number in range(rounds):
        for name, work in table.items():
            runs[name].append(work(str(number)))
            print(f"round {number + 1}: {name}: {runs[name][-1].per_second:,.0f}/s", file=sys.stderr, flush=True)
    return runs


def report(runs: Runs) -> int:
    """Print what was measured and what was promised; 0 where every measure holds."""
    stock = max(median(run.per_second for run in found) for name, found in runs.items() if name.startswith("stock"))
    print(f"\n{'':32}{'per second':>12}{'min':>9}{'max':>9}{'p50 ms':>9}{'p99 ms':>9}{'x stock':>9}")
    for name, found in runs.items():
        speed = [run.per_second for run in found]
        p50, p99 = median(run.p50_ms for run in found), median(run.p99_ms for run in found)
        print(
            f"{name:32}{median(speed):12,.0f}{min(speed):9,.0f}{max(speed):9,.0f}{p50:9.1f}{p99:9.1f}"
            f"{median(speed) / stock:9.2f}"
        )
    many, two, bulk = (runs[name] for name in ("ledger, 64 callers", "ledger, two processes of 32", "ledger, bulk"))
    speed = median(run.per_second for run in many)
    measures = (
        ("64 callers, times the stock recorder's best", speed / stock, ">=", TIMES_STOCK_MIN),
        ("bulk, movements per second", median(run.per_second for run in bulk), ">=", BULK_PER_SECOND_MIN),
        ("two processes, share of one", median(run.per_second for run in two) / speed, ">=", TWO_PROCESSES_MIN),
        ("two processes, p99 in ms", median(run.p99_ms for run in two), "<=", P99_MS_MAX),
    )
    print()
    failed = 0
    for name, found, sign, bound in measures:
        holds = found >= bound if sign == ">=" else found <= bound
        failed += not holds
        print(f"{'pass' if holds else 'FAIL'}  {name}: {found:,.2f} {sign} {bound:,}")
    return 1 if failed else 0


def _database(dsn: str, name: str) -> str:
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return make_conninfo(dsn, dbname=name)


def _in_this_process(dsn: str, number: int, mark: str, seconds: float) -> Figures:
    with closing(Ledger(Store(dsn), "bench", SECRET)) as ledger:
        return figures(together(callers(ledger, range(number), number, mark, seconds), seconds), seconds)


def _bulk(dsn: str, mark: str) -> Figures:
    """One large list, judged line by line: every movement of two people's day, as one person may record them."""
    days = [day_on(project, mark) for project in range(2_000)]
    rounds = count()
    lists: list[list[Movement]] = []
    while sum(map(len, lists)) < BULK_MOVEMENTS:
        next(rounds)
        lists.append([movement for day in days for movement, actor in islice(day, 3) if actor is STD])
    with closing(Ledger(Store(dsn), "bench", SECRET)) as ledger:
        began = time.perf_counter()
        waits = []
        for line, movements in enumerate(lists):
            started = time.perf_counter()
            outcomes = ledger.record_all(movements, STD, f"{mark}.{line}")
            waits += [time.perf_counter() - started] * len(outcomes)
            for outcome in outcomes:
                if isinstance(outcome, Exception):
                    raise outcome
        return figures(waits, time.perf_counter() - began)


if __name__ == "__main__":
    sys.exit(main())
