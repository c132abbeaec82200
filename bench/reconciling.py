"""`python -m bench.reconciling`: the labelled set matched, in a process of its own, and judged.

Prints what became of every kind of fact, lines a second and peak memory, and whether each measure holds; the exit code is 1
where one does not.
"""

import argparse
import resource
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple

import msgspec

from bench.judging import Judgement, judged
from bench.labelled import labelled
from bench.treasury_year import THROUGH, WINDOW_DAYS
from ledger.domain.reconciliation import StatementKind
from ledger.reconciliation.case import Asked, Case
from ledger.reconciliation.line import Line
from ledger.reconciliation.matching import match

RECALL_MIN: Final = 0.99


class Run(NamedTuple):
    """What a matching made, and what it took."""

    cases: list[Case]
    seconds: float
    processor_seconds: float
    peak_mb: float


def asked_of_a_year(through: date = THROUGH) -> Asked:
    return Asked(StatementKind.TREASURY, through, WINDOW_DAYS)


def matched(ours: Path, theirs: Path) -> Run:
    """Both sides from files of lines, matched; run in a process that does nothing else."""
    sides = [msgspec.msgpack.decode(path.read_bytes(), type=list[Line]) for path in (ours, theirs)]
    began, spent = time.perf_counter(), time.process_time()
    cases = match(sides[0], sides[1], asked_of_a_year())
    seconds, processor = time.perf_counter() - began, time.process_time() - spent
    return Run(cases, seconds, processor, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def main() -> int:
    """Match, judge, print."""
    parser = argparse.ArgumentParser(prog="bench.reconciling", description=__doc__)
    parser.add_argument("--lines", type=int, default=100_000, help="of treasury")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    made = labelled(asked.lines, asked.seed)
    with (
        TemporaryDirectory(prefix="bench-") as folder,
        ProcessPoolExecutor(1, mp_context=get_context("spawn")) as apart,
    ):
        files = Path(folder) / "ours", Path(folder) / "theirs"
        for file, lines in zip(files, made[:2], strict=True):
            file.write_bytes(msgspec.msgpack.encode(lines))
        run = apart.submit(matched, *files).result()
    count = len(made.ours) + len(made.theirs)
    print(
        f"{count:,} lines of both sides matched in {run.seconds:.1f} s ({run.processor_seconds:.1f} s of processor, "
        f"{count / run.seconds:,.0f} a second), {run.peak_mb:,.0f} MB at most\n"
    )
    return report(judged(made, run.cases))


def report(judgement: Judgement) -> int:
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
