"""`python -m bench.beside`: what recording loses while an export, a verification and a rebuild run beside it.

Rounds alone and with the three beside, in turns, so that a noisy machine is noisy for both; each of the three is begun again
as soon as it ends. Callers ask either as soon as they were answered (as much as goes), or at their times (a busy office, in
which there is something to wait for only if recording is slow). The exit code is 1 where recording loses more than it may.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from itertools import islice
from pathlib import Path
from statistics import median
from threading import Event, Thread

from bench.callers import Figures, callers, figures, together
from bench.workload import SECRET, SECRET_TEXT, Request, day_of, open_books
from ledger.application import Ledger
from ledger.embedded import embedded_postgres
from ledger.migrate import migrate
from ledger.store import Store

NAME = "bench"
LOST_MAX = 0.10
CALLERS = 16
OFFICE_PER_SECOND = 100
STOCK_SECONDS = 30.0


def main() -> int:
    """Measure, print, judge."""
    parser = argparse.ArgumentParser(prog="bench.beside", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=8.0, help="of each measurement")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        Path(folder).chmod(0o755)
        with embedded_postgres(Path(folder) / "desk") as dsn:
            migrate(dsn)
            with closing(Ledger(Store(dsn), NAME, SECRET)) as ledger:
                open_books(ledger)
                together(callers(ledger, range(CALLERS), CALLERS, "stock", STOCK_SECONDS), STOCK_SECONDS)
                return _report(_measured(ledger, Path(folder), asked.rounds, asked.seconds))


Runs = dict[tuple[str, bool], list[Figures]]
"""By load and by whether the three ran beside."""


def _measured(ledger: Ledger, folder: Path, rounds: int, seconds: float) -> Runs:
    loads: dict[str, Callable[[str], Figures]] = {
        "as much as goes": lambda mark: figures(
            together(callers(ledger, range(CALLERS), CALLERS, mark, seconds), seconds), seconds
        ),
        "a busy office": lambda mark: figures(_in_office(ledger, mark, seconds), seconds),
    }
    runs: Runs = {(load, busy): [] for load in loads for busy in (False, True)}
    for number in range(rounds):
        for place, ((load, busy), found) in enumerate(runs.items()):
            mark = f"{number}.{place}"
            if busy:
                with _beside(folder) as ended:
                    found.append(loads[load](mark))
                told = f", {len(ended)} commands ended"
            else:
                found.append(loads[load](mark))
                told = ""
            print(f"round {number + 1}: {load}{' beside' * busy}: {found[-1].per_second:,.0f}/s{told}", file=sys.stderr)
    return runs


def _in_office(ledger: Ledger, mark: str, seconds: float) -> list[float]:
    """Requests that come at their times, whoever is still waiting; each wait counts from its time on."""
    each = OFFICE_PER_SECOND / CALLERS
    began = time.perf_counter()

    def desk(place: int, requests: Sequence[Request]) -> Callable[[float], list[float]]:
        def work(until: float) -> list[float]:
            waits = []
            for number, (movement, actor) in enumerate(requests):
                due = began + (number + place / CALLERS) / each
                if due >= until:
                    break
                time.sleep(max(0.0, due - time.perf_counter()))
                ledger.record(movement, actor, f"{mark}.{place}.{number}")
                waits.append(time.perf_counter() - due)
            return waits

        return work

    ready = [list(islice(day_of(place, CALLERS, mark), int(each * seconds) + 1)) for place in range(CALLERS)]
    return together([desk(place, requests) for place, requests in enumerate(ready)], seconds)


@contextmanager
def _beside(folder: Path) -> Iterator[list[str]]:
    """The three commands, each again and again until the end. What is yielded grows by the name of each that ended well."""
    home, over, ended = folder / "desk", Event(), list[str]()
    env = {**os.environ, "LEDGER_HOME": str(home), "LEDGER_NAME": NAME, "LEDGER_SECRET": SECRET_TEXT}
    sheet = folder / "sheet.xlsx"
    commands = (["report", "payments", "--xlsx", str(sheet)], ["verify"], ["rebuild", "books"])

    def again(command: list[str]) -> None:
        while not over.is_set():
            sheet.unlink(missing_ok=True) if command[0] == "report" else None
            process = subprocess.Popen(
                [Path(sys.executable).with_name("ledger"), *command],
                env=env,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
            )
            while process.poll() is None:
                if over.wait(0.05):
                    process.terminate()
            told = process.communicate()[1].decode()
            if process.returncode and not over.is_set():
                raise RuntimeError(f"ledger {' '.join(command)}: {told}")
            if not process.returncode:
                ended.append(command[0])

    threads = [Thread(target=again, args=(command,)) for command in commands]
    for thread in threads:
        thread.start()
    try:
        yield ended
    finally:
        over.set()
        for thread in threads:
            thread.join()


def _report(runs: Runs) -> int:
    failed = 0
    for load in dict.fromkeys(load for load, _ in runs):
        alone, beside = (_middle(runs[load, busy]) for busy in (False, True))
        lost = 1 - beside.per_second / alone.per_second
        failed += lost > LOST_MAX
        print(
            f"{'FAIL' if lost > LOST_MAX else 'pass'}  {load}: {lost:.0%} fewer <= {LOST_MAX:.0%} "
            f"({alone.per_second:,.0f}/s alone, {beside.per_second:,.0f}/s beside; "
            f"p50 {alone.p50_ms:.1f} and {beside.p50_ms:.1f} ms, p99 {alone.p99_ms:.1f} and {beside.p99_ms:.1f} ms)"
        )
    return 1 if failed else 0


def _middle(found: list[Figures]) -> Figures:
    return Figures(*(median(values) for values in zip(*found, strict=True)))


if __name__ == "__main__":
    sys.exit(main())
