"""A replay of the log 重放: folded from its first movement, those of a range judged again, and the tables compared with it.

What one found is kept under the number of the work that did it, for whoever may judge the whole log again.
"""

import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from itertools import islice
from typing import Any, LiteralString, NamedTuple
from uuid import UUID

import msgspec

from ledger.audit.tree import NO_LEAVES, SIZE, proofs
from ledger.codec import CorruptRecord, recorded_in
from ledger.domain.book import Book
from ledger.domain.parameter import Supposed
from ledger.jobs import Progress
from ledger.projections.folded import Disagreement, disagreements
from ledger.projections.population import leaves
from ledger.rejudging import Verdict, judge_log
from ledger.store import Store

SHOWN_MAX = 500
"""So many verdicts, and so many balances, that are other ones are kept one by one; all are counted."""


class Posted(NamedTuple):
    """A balance of which the tables say something else, and the movement that posted to it last; 0: none did."""

    balance: Disagreement
    number: int


class Replay(NamedTuple):
    """What a replay of numbers ``first`` to ``last`` found. Counters go by kind; hashes are 32 bytes, ``seconds`` wall clock.

    ``broken``: the first number that is missing, or whose recorded bytes are not what its row and its leaf say; nothing from
    there on was judged or compared. ``otherwise`` and ``wrong`` hold the first of those that ``others`` and ``wrongs`` count.
    """

    first: int
    last: int
    judged: Counter[str]
    refused: Counter[str]
    others: Counter[str]
    otherwise: list[Verdict]
    broken: int | None
    accounts: int
    cells: int
    wrongs: int
    wrong: list[Posted]
    leaf: bytes
    root: bytes
    seconds: float

    @property
    def differences(self) -> int:
        """How many: refusals, other lines, broken records, balances."""
        return self.refused.total() + self.others.total() + self.wrongs + (self.broken is not None)


class Kept(NamedTuple):
    """What a replay found as its face told it, who asked (their subject), and when it ended (UTC)."""

    job: int
    by: str
    ended_at: datetime
    found: dict[str, Any]


def replay(
    store: Store,
    ledger: UUID,
    first: int,
    last: int,
    supposed: Supposed,
    progress: Progress,
    *,
    clock: Callable[[], float] = time.perf_counter,
) -> Replay:
    """Fold, judge and compare; reads only, page by page. ``clock`` measures, in seconds. Raises Stopped."""
    began, book, broken = clock(), Book(), None
    judged, refused, others = Counter[str](), Counter[str](), Counter[str]()
    otherwise: list[Verdict] = []
    wrongs, wrong = 0, list[Posted]()
    progress.at("逐条重新审核", "Judging movement by movement")
    try:
        for verdict in judge_log(store, ledger, first, last, supposed, book, progress):
            kind = verdict.recorded.movement.kind
            judged[kind] += 1
            refused[kind] += verdict.refusal is not None
            others[kind] += verdict.otherwise
            if not verdict.stands and len(otherwise) < SHOWN_MAX:
                otherwise.append(verdict)
    except CorruptRecord:
        broken = _broken(store, ledger, book.number + 1, last)
    if broken is None:
        progress.at("核对余额", "Comparing the balances")
        found = disagreements(store, ledger, book, progress)
        wrong = [_posted(store, ledger, one, last) for one in islice(found, SHOWN_MAX)]
        wrongs = len(wrong) + sum(1 for _ in found)
    progress.at("计算哈希树", "Hashing the tree")
    lines = leaves(store, ledger, last)
    return Replay(
        first, last, judged, refused, others, otherwise, broken, len(book.account_ids), len(book.cell_ids), wrongs, wrong,
        lines[-SIZE:] or NO_LEAVES, proofs(lines, ()).root, clock() - began,
    )  # fmt: skip


def _broken(store: Store, ledger: UUID, number: int, last: int) -> int:
    """The first number from ``number`` on that cannot be read as its row says."""
    while number < last:
        try:
            (event,) = store.select_numbers(ledger, [number])
            recorded_in(event)
        except (ValueError, CorruptRecord):
            break
        number += 1
    return number


_POSTED: dict[bool, LiteralString] = {
    False: "SELECT max(number) FROM entry WHERE ledger = %s AND account = %s AND number <= %s",
    True: "SELECT max(number) FROM entry WHERE ledger = %s AND cell = %s AND number <= %s",
}


def _posted(store: Store, ledger: UUID, one: Disagreement, last: int) -> Posted:
    with store.readers.connection() as connection:
        row = connection.execute(_POSTED[one.is_cell], (ledger, one.id, last)).fetchone()
    return Posted(one, row[0] if row and row[0] else 0)


# -- kept


def keep(store: Store, ledger: UUID, job: int, by: str, found: dict[str, Any]) -> None:
    """Keep what a replay found; it is never changed."""
    with store.writers.connection() as connection:
        connection.execute(
            "INSERT INTO replay (ledger, job, by, found) VALUES (%s, %s, %s, %s::jsonb)",
            (ledger, job, by, msgspec.json.encode(found).decode()),
        )


def kept(store: Store, ledger: UUID, before: int, limit: int) -> list[Kept]:
    """What was found by replays numbered below ``before``, the newest first."""
    with store.readers.connection() as connection:
        rows = connection.execute(
            "SELECT job, by, ended_at, found FROM replay WHERE ledger = %s AND job < %s ORDER BY job DESC LIMIT %s",
            (ledger, before, limit),
        ).fetchall()
    return [Kept(*row) for row in rows]


def kept_of(store: Store, ledger: UUID, job: int) -> Kept | None:
    """What one replay found; None where there is none, or it has not ended."""
    found = kept(store, ledger, job + 1, 1)
    return found[0] if found and found[0].job == job else None
