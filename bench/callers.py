"""Many callers at once, each waiting for its answer before it asks again: in this process, or in several."""

import multiprocessing
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from itertools import islice
from typing import Any, NamedTuple

from bench.workload import SECRET, Request, day_of
from ledger.application import Ledger
from ledger.store import Store

REQUESTS_PER_SECOND_MAX = 12_000
"""So many are made ready beforehand: making requests is the web server's work and not measured here."""


class Figures(NamedTuple):
    """What was measured: answers per second, and how long callers waited, in milliseconds."""

    per_second: float
    p50_ms: float
    p99_ms: float


def figures(waits_seconds: Iterable[float], seconds: float) -> Figures:
    ordered = sorted(waits_seconds)
    return Figures(len(ordered) / seconds, ordered[len(ordered) // 2] * 1e3, ordered[int(len(ordered) * 0.99)] * 1e3)


def together(works: Sequence[Callable[[float], list[float]]], seconds: float) -> list[float]:
    """Run works in threads of their own until the time is over; each gives how long its single steps took."""
    waits: list[float] = []
    until = time.perf_counter() + seconds

    def run(work: Callable[[float], list[float]]) -> None:
        waits.extend(work(until))

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return waits


def caller(ledger: Ledger, requests: Sequence[Request], mark: str) -> Callable[[float], list[float]]:
    """Records one request after the other."""

    def work(until: float) -> list[float]:
        waits = []
        for number, (movement, actor) in enumerate(requests):
            began = time.perf_counter()
            if began >= until:
                break
            ledger.record(movement, actor, f"{mark}.{number}")
            waits.append(time.perf_counter() - began)
        return waits

    return work


def callers(ledger: Ledger, places: range, of: int, mark: str, seconds: float) -> list[Callable[[float], list[float]]]:
    """Those callers of a day of ``of`` callers who stand at these places, their requests made ready."""
    ready = int(REQUESTS_PER_SECOND_MAX * seconds / of)
    return [caller(ledger, list(islice(day_of(n, of, mark), ready)), f"{mark}.{n}") for n in places]


def in_processes(dsn: str, processes: int, callers_each: int, mark: str, seconds: float) -> Figures:
    """The same day in several processes, each with a Ledger of its own on the one ledger."""
    spawn = multiprocessing.get_context("spawn")
    ready, answers = spawn.Barrier(processes), spawn.Queue()
    of = processes * callers_each
    running = []
    for n in range(processes):
        places = (n * callers_each, (n + 1) * callers_each)
        process = spawn.Process(target=_process, args=(dsn, places, of, mark, seconds, ready, answers))
        process.start()
        running.append(process)
    waits = [wait for _ in running for wait in answers.get(timeout=120)]
    for process in running:
        process.join()
    return figures(waits, seconds)


def _process(dsn: str, places: tuple[int, int], of: int, mark: str, seconds: float, ready: Any, answers: Any) -> None:
    with closing(Ledger(Store(dsn), "bench", SECRET)) as ledger:
        works = callers(ledger, range(*places), of, mark, seconds)
        ready.wait(timeout=60)
        answers.put(together(works, seconds))
