"""`python -m bench.reconciling`: treasury's file of the labelled set read and matched in a process of its own, and judged.

Prints what became of every kind of fact, what reading and matching took, and whether each measure holds; the exit code is 1
where one does not. ``--processor`` judges the seconds that the processor worked, for a machine that others use, too.
"""

import argparse
import resource
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple

import msgspec

from bench.judging import Judgement, judged
from bench.labelled import ENCODINGS, labelled, write_csv
from bench.treasury_year import THROUGH, WINDOW_DAYS
from ledger.domain.reconciliation import StatementKind
from ledger.reconciliation.case import Asked, Case
from ledger.reconciliation.line import Line, sharing
from ledger.reconciliation.matching import match
from ledger.reconciliation.reading.statement import read_statement

RECALL_MIN: Final = 0.99
SECONDS_MAX: Final = 10.0
"""For 100,000 lines; ten times as many may take 11 times as long."""
PEAK_MB_MAX: Final = 400.0
"""Likewise."""
_line = msgspec.json.Decoder(Line)


Measure = tuple[str, float, str, float]
"""Something measured, and what was promised of it."""


class Run(NamedTuple):
    """What a run made, and what it took: seconds by the clock and of the processor."""

    cases: list[Case]
    reading: tuple[float, float]
    matching: tuple[float, float]
    peak_mb: float


def asked_of_a_year(through: date = THROUGH) -> Asked:
    return Asked(StatementKind.TREASURY, through, WINDOW_DAYS)


def read_and_matched(ours: Path, theirs: Path) -> Run:
    """The ledger's lines as they are, treasury's from its file; run in a process that does nothing else."""
    with ours.open("rb") as rows:
        mine = list(sharing()(map(_line.decode, rows)))
    began = _clocks()
    with theirs.open("rb") as file, read_statement(file, StatementKind.TREASURY) as statement:
        other = [line for page in statement.pages() for line in page]
    read = _clocks()
    cases = match(mine, other, asked_of_a_year())
    matched = _clocks()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Run(cases, _between(began, read), _between(read, matched), peak)


def _clocks() -> tuple[float, float]:
    return time.perf_counter(), time.process_time()


def _between(one: tuple[float, float], two: tuple[float, float]) -> tuple[float, float]:
    return two[0] - one[0], two[1] - one[1]


def main() -> int:
    """Read, match, judge, print."""
    parser = argparse.ArgumentParser(prog="bench.reconciling", description=__doc__)
    parser.add_argument("--lines", type=int, default=100_000, help="of treasury")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--encoding", default="gb18030", choices=ENCODINGS)
    parser.add_argument("--processor", action="store_true")
    asked = parser.parse_args()
    made = labelled(asked.lines, asked.seed)
    with (
        TemporaryDirectory(prefix="bench-") as folder,
        ProcessPoolExecutor(1, mp_context=get_context("spawn")) as apart,
    ):
        ours, theirs = Path(folder) / "ours", Path(folder) / "treasury.csv"
        ours.write_bytes(msgspec.json.Encoder().encode_lines(made.ours))
        write_csv(theirs, asked.lines, asked.seed, asked.encoding)
        run = apart.submit(read_and_matched, ours, theirs).result()
    print(
        f"{len(made.theirs):,} lines read in {run.reading[0]:.1f} s ({run.reading[1]:.1f} s of processor), matched with "
        f"{len(made.ours):,} of the ledger in {run.matching[0]:.1f} s ({run.matching[1]:.1f} s), {run.peak_mb:,.0f} MB at most\n"
    )
    times = asked.lines / 100_000 * (1.1 if asked.lines > 100_000 else 1)
    seconds = run.reading[asked.processor] + run.matching[asked.processor]
    taken = (
        ("seconds of processor" if asked.processor else "seconds", seconds, "<=", max(1.0, times) * SECONDS_MAX),
        ("MB at most", run.peak_mb, "<=", max(1.0, times) * PEAK_MB_MAX),
    )
    return report(judged(made, run.cases), taken)


def report(judgement: Judgement, taken: Sequence[Measure]) -> int:
    """What each kind of fact became; 0 where every measure holds."""
    print(f"{'drawn as':32}{'must be':40}{'became':48}{'labels':>8}")
    for (_, kind, demanded, answer), count in sorted(judgement.answers.items()):
        print(f"{kind:32}{demanded:40}{'=' if answer == demanded else answer:48}{count:8,}")
    injected = sum(count for (noise, *_), count in judgement.misjudged.items() if noise)
    measures = (
        ("cases that join what does not belong together", len(judgement.wrong), "<=", 0),
        ("recall of matchable lines", judgement.recall, ">=", RECALL_MIN),
        ("injected mismatches in another status or for another cause", injected, "<=", 0),
        ("other facts in another status", judgement.misjudged.total() - injected, "<=", 0),
        *taken,
    )
    print()
    failed = 0
    for name, found, sign, bound in measures:
        holds = found >= bound if sign == ">=" else found <= bound
        failed += not holds
        print(f"{'pass' if holds else 'FAIL'}  {name}: {found:,.5g} {sign} {bound:,}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
