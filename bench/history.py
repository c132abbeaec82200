"""`python -m bench.history`: a ledger of many fiscal years, made quickly, and what its past costs.

    python -m bench.history --movements 1000000 --home million

makes it in that home where it is not there yet, measures, prints what holds and what does not, and leaves it there: the
`ledger` commands use it with LEDGER_HOME and LEDGER_NAME=history, ``embedded_postgres(home)`` from Python. ``--make`` makes
it only. Without ``--home`` it is made in a temporary folder. Within a test or a measurement of one's own:
``bench.seeding.seed(dsn, …)``.
"""

import argparse
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from bench.asking import asked, life_of, served
from bench.seeding import seed
from bench.workload import STD, credit_code
from ledger.application import Ledger, business_day, ledger_id
from ledger.domain.party import PartyRegistered
from ledger.embedded import embedded_postgres
from ledger.migrate import migrate
from ledger.projections.followed import FOLLOWED
from ledger.projections.follower import catch_up, stands
from ledger.secret import Secret, make_secret, secret_of_home
from ledger.store import Store
from ledger.verification import verify

NAME = "history"
NOW_MS_MAX, THEN_MS_MAX = 10.0, 50.0
VERIFIED_PER_SECOND_MIN = 150_000
COLD_SECONDS_MAX = 2.0
FOLLOWED_PER_SECOND_MIN = {"search": 5_000}
"""Projections of text; others 30,000."""


class Measure(NamedTuple):
    """Something measured, and what was promised of it."""

    name: str
    found: float
    sign: str
    bound: float
    about: str = ""

    @property
    def holds(self) -> bool:
        return self.found >= self.bound if self.sign == ">=" else self.found <= self.bound


def main() -> int:
    """Make what is not there, measure, print, judge."""
    parser = argparse.ArgumentParser(
        prog="bench.history", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--movements", type=int, default=1_000_000)
    parser.add_argument("--years", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--home", type=Path, help="where it is kept")
    parser.add_argument("--make", action="store_true", help="make it only")
    parser.add_argument("--judged", action="store_true", help="judge every movement by every rule when it is made")
    parser.add_argument("--questions", type=int, default=200, help="of each kind")
    parts = ["verify", "cold", "questions", *(projection.name for projection in FOLLOWED)]
    parser.add_argument("--without", nargs="*", default=[], choices=parts)
    asked_for = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        Path(folder).chmod(0o755)
        home = asked_for.home or Path(folder) / "desk"
        with embedded_postgres(home) as dsn:
            secret = secret_of_home(home) or make_secret(home)
            migrate(dsn)
            if not _is_there(dsn):
                _make(dsn, secret, asked_for)
            if asked_for.make:
                print(f"LEDGER_HOME={home} LEDGER_NAME={NAME}")
                return 0
            failed = 0
            for measure in _measures(dsn, secret, home, asked_for):
                failed += not measure.holds
                verdict = "pass" if measure.holds else "FAIL"
                print(
                    f"{verdict}  {measure.name}: {measure.found:,.1f} {measure.sign} {measure.bound:,} {measure.about}",
                    flush=True,
                )
    return 1 if failed else 0


def _is_there(dsn: str) -> bool:
    with closing(Store(dsn, readers=1, writers=1)) as store:
        return bool(store.select_events(ledger_id(NAME), limit=1))


def _make(dsn: str, secret: Secret, asked_for: argparse.Namespace) -> None:
    made = seed(
        dsn,
        NAME,
        secret,
        asked_for.movements,
        years=asked_for.years,
        seed=asked_for.seed,
        judged=asked_for.judged,
    )
    print(f"{made.movements:,} movements: {made.writing:.0f} s to write, {made.indexing:.0f} s for indexes", flush=True)


def _measures(dsn: str, secret: Secret, home: Path, asked_for: argparse.Namespace) -> Iterator[Measure]:
    without = asked_for.without
    yield from _followed(dsn, without)
    if "questions" not in without:
        yield from _answers(dsn, secret, home, asked_for)
    if "verify" not in without:
        yield _verified(dsn)
    if "cold" not in without:
        yield _cold(dsn, secret)


def _followed(dsn: str, without: list[str]) -> Iterator[Measure]:
    """How soon each projection folds what it has not folded yet; none where it is up to date."""
    with closing(Store(dsn)) as store:
        last, where = stands(store, ledger_id(NAME), FOLLOWED)
        for projection, stood in zip(FOLLOWED, where, strict=True):
            behind = last - (stood.number or 0)
            if projection.name in without or not behind:
                continue
            began = time.perf_counter()
            catch_up(store, ledger_id(NAME), projection())
            took = time.perf_counter() - began
            bound = FOLLOWED_PER_SECOND_MIN.get(projection.name, 30_000)
            yield Measure(
                f"{projection.name}, movements/s", behind / took, ">=", bound, f"({behind:,} in {took:.0f} s)"
            )


def _answers(dsn: str, secret: Secret, home: Path, asked_for: argparse.Namespace) -> Iterator[Measure]:
    with closing(Store(dsn)) as store, served(dsn, NAME, secret, home) as ask:
        life = life_of(store, ledger_id(NAME))
        for name, waits in asked(ask, life, asked_for.questions, asked_for.seed).items():
            bound = NOW_MS_MAX if name == "now" else THEN_MS_MAX
            yield Measure(f"{name}, p99 ms", waits.p99, "<=", bound, f"(p50 {waits.p50:.1f}, most {waits.most:.1f})")


def _verified(dsn: str) -> Measure:
    """By the processor's time of this process: what PostgreSQL does at the same time is another's."""
    with closing(Store(dsn)) as store:
        report = verify(store, ledger_id(NAME), clock=time.process_time)
    assert report.agrees, report.differences
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    return Measure(
        "verify, hash and entries, movements/s of a core",
        report.movements / report.folding,
        ">=",
        VERIFIED_PER_SECOND_MIN,
        f"(reading requests {report.movements / report.reading:,.0f}/s, all of it {report.seconds:.0f} s, {memory:.1f} GB)",
    )


def _cold(dsn: str, secret: Secret) -> Measure:
    """From nothing to the first accepted movement, which stays recorded."""
    began = time.perf_counter()
    with closing(Ledger(Store(dsn), NAME, secret)) as ledger:
        opened = time.perf_counter()
        code = credit_code(int(time.time()) % 10_000_000 + 1_000_000)
        party = PartyRegistered(effective_on=business_day(), credit_code=code, name=f"单位 {code}", level="REGIONAL")
        ledger.record(party, STD, code)
        return Measure(
            "cold start, s", time.perf_counter() - began, "<=", COLD_SECONDS_MAX, f"({opened - began:.1f} to open)"
        )


if __name__ == "__main__":
    sys.exit(main())
