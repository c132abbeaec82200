"""Long work 后台任务: done by a thread of this process, told by a row that outlives the connection and is read by every process.

A kind of work has a name, and its function is handed a Progress. Whoever does it is heard every second; a row that was not heard
of for LOST_SECONDS is told as lost, since whoever did it died. What it is about is then asked again.
"""

import logging
from collections.abc import Callable, Sequence
from contextvars import copy_context
from datetime import datetime, timedelta
from enum import StrEnum
from threading import BoundedSemaphore, Event, Lock, Thread
from typing import Any, LiteralString, NamedTuple
from uuid import UUID

import msgspec

from ledger.domain.catalogue import Name
from ledger.store import UNREACHABLE, Store

AT_ONCE = 2
"""Done at the same time in one process; the others wait. They share its interpreter with whoever records."""
OF_ONE_MAX, IN_ALL_MAX = 4, 20
"""Asked for and not ended, of one human and of this process."""
HEARD_SECONDS = 1.0
LOST_SECONDS = 30
KEPT = timedelta(days=7)
GRACE_SECONDS = 3.0
"""How long work may take to notice that the service stops."""
_log = logging.getLogger("ledger.jobs")


class JobState(StrEnum):
    """How far it is. LOST: whoever did it was not heard of any more; whether it was done, asking again tells."""

    WAITING = "WAITING"
    RUNNING = "RUNNING"
    DONE = "DONE"
    FAILED = "FAILED"
    LOST = "LOST"


STATES: dict[JobState, Name] = {
    JobState.WAITING: Name("排队", "Waiting"),
    JobState.RUNNING: Name("进行中", "Running"),
    JobState.DONE: Name("完成", "Done"),
    JobState.FAILED: Name("未完成", "Failed"),
    JobState.LOST: Name("中断", "Lost"),
}
ENDED = frozenset({JobState.DONE, JobState.FAILED, JobState.LOST})
WORKS: dict[str, Name] = {}
"""Every kind of work by its name; each subject adds its own."""


def kind_of_work(work: str, zh: str, en: str) -> str:
    """Make a kind of work known; answers with its name."""
    WORKS[work] = Name(zh, en)
    return work


class Asker(NamedTuple):
    """Who asked: the human, the number of the grant, and the action it was asked for."""

    human: str
    grant: int
    action: str


class Standing(NamedTuple):
    """How much work of a kind is in a state, and when the first of it was asked for; not whose it is, nor about what."""

    work: str
    state: JobState
    jobs: int
    since: datetime


class File(NamedTuple):
    """A file that work leaves, to be fetched once it has ended."""

    name: str
    media_type: str
    content: bytes


class Result(NamedTuple):
    """What work leaves: plain values, and a file where there is one."""

    told: dict[str, Any]
    file: File | None = None


class Failed(Exception):
    """Work ends with an exception as its problem, and leaves a file all the same."""

    def __init__(self, cause: Exception, file: File) -> None:
        super().__init__(file.name)
        self.cause, self.file = cause, file


class Stopped(Exception):
    """The service stops: work under way ends at the next figure it tells."""


class Job(NamedTuple):
    """A row as it stands. ``about``, ``result``: plain values; ``file``: the name of the one it left."""

    id: int
    work: str
    role_grant: int
    action: str
    about: dict[str, Any]
    state: JobState
    step: Name | None
    done: int
    total: int
    version: int
    started_at: datetime
    ended_at: datetime | None
    result: dict[str, Any] | None
    problem: dict[str, Any] | None
    file: str | None


class Full(Exception):
    """Too much is under way for one more; ``limit``: so many may be."""

    def __init__(self, limit: int) -> None:
        super().__init__(limit)
        self.limit = limit


class Progress:
    """Told by whoever works how far it is: ``progress(done, total)``, and at which step. Written down every second."""

    def __init__(self, stopping: Event, job: int) -> None:
        self._stopping, self.job = stopping, job
        self.state, self.step, self.done, self.total = JobState.WAITING, Name("", ""), 0, 0
        self.wrong: Exception | None = None
        """As what it will fail, where that is known while its file is still being made."""

    def __call__(self, done: int, total: int) -> None:
        """Raises Stopped."""
        if self._stopping.is_set():
            raise Stopped
        self.done, self.total = done, total

    def at(self, zh: str, en: str) -> None:
        """What is done from now on. Raises Stopped."""
        self(0, 0)
        self.step = Name(zh, en)

    def figures(self) -> tuple[Any, ...]:
        """What is told of it."""
        return self.state, _json(self.step._asdict() if self.step.zh else None), self.done, self.total


Work = Callable[[Progress], Result]
Worded = Callable[[Exception], dict[str, Any]]
"""An exception as the problem that is told."""


class Jobs:
    """The long work of one ledger that this process does, and all of it to look at."""

    def __init__(self, store: Store, ledger: UUID) -> None:
        self._store, self._ledger = store, ledger
        self._slots, self._lock = BoundedSemaphore(AT_ONCE), Lock()
        self._stopping = Event()
        self._mine: dict[Thread, str] = {}

    # -- doing

    def start(
        self, work: str, asker: Asker, about: dict[str, Any], do: Work, worded: Worded, key: str | None = None
    ) -> Job:
        """Begin, and answer at once. Raises Full. ``worded``: how what it raises is told.

        ``key``: asked for again under it by the same human, it is not begun again, and the work there is is answered.
        """
        assert work in WORKS
        number = 0
        run = copy_context().run

        def whole() -> None:
            try:
                run(self._do, number, do, worded)
            finally:
                self._leave(thread)

        thread = Thread(target=whole, name=f"job {work}", daemon=True)
        self._make_room(thread, asker.human)
        try:
            number, anew = self._insert(work, asker, about, key)
            begun = self.look(number, asker.human)
            assert begun is not None
            if anew:
                thread.start()
            else:
                self._leave(thread)
        except BaseException:
            self._leave(thread)
            raise
        return begun

    def _leave(self, thread: Thread) -> None:
        with self._lock:
            self._mine.pop(thread, None)

    def _make_room(self, thread: Thread, human: str) -> None:
        with self._lock:
            if list(self._mine.values()).count(human) >= OF_ONE_MAX:
                raise Full(OF_ONE_MAX)
            if len(self._mine) >= IN_ALL_MAX or self._stopping.is_set():
                raise Full(IN_ALL_MAX)
            self._mine[thread] = human

    def _do(self, number: int, do: Work, worded: Worded) -> None:
        """All of it, to the row that tells how it ended."""
        progress, ended = Progress(self._stopping, number), Event()
        hearing = Thread(target=self._be_heard, args=[number, progress, worded, ended], name="job heard", daemon=True)
        hearing.start()
        try:
            told = self._outcome(progress, do, worded)
        finally:
            ended.set()
            hearing.join()
        while True:
            try:
                return self._end(number, progress, *told)
            except UNREACHABLE as error:
                _log.warning("the end of job %s cannot be told just now: %s", number, type(error).__name__)
            if self._stopping.wait(HEARD_SECONDS):
                return None

    def _outcome(self, progress: Progress, do: Work, worded: Worded) -> "_Outcome":
        try:
            with self._slots:
                progress.state = JobState.RUNNING
                progress(0, 0)
                result = do(progress)
            return JobState.DONE, _json(result.told), None, result.file
        except Stopped:
            return JobState.LOST, None, None, None
        except Failed as failed:
            return JobState.FAILED, None, _json(worded(failed.cause)), failed.file
        except Exception as error:
            return JobState.FAILED, None, _json(worded(error)), None

    def _be_heard(self, number: int, progress: Progress, worded: Worded, ended: Event) -> None:
        """Write the figures down every second, whether they changed or not."""
        before: tuple[Any, ...] = ()
        while True:
            wrong = progress.wrong
            figures = (*progress.figures(), _json(worded(wrong)) if wrong else None)
            try:
                with self._store.writers.connection() as connection:
                    connection.execute(
                        "UPDATE job SET heard_at = clock_timestamp(), version = version + %s, state = %s, step = %s::json, "
                        "done = %s, total = %s, problem = %s::json WHERE ledger = %s AND id = %s AND ended_at IS NULL",
                        (int(figures != before), *figures, self._ledger, number),
                    )
                before = figures
            except UNREACHABLE as error:
                _log.warning("job %s cannot be told of just now: %s", number, type(error).__name__)
            if ended.wait(HEARD_SECONDS):
                return

    def _end(
        self,
        number: int,
        progress: Progress,
        state: JobState,
        result: str | None,
        problem: str | None,
        file: File | None,
    ) -> None:
        with self._store.writers.connection() as connection:
            connection.execute(
                "UPDATE job SET heard_at = clock_timestamp(), ended_at = clock_timestamp(), version = version + 1, state = %s, "
                "done = %s, total = %s, result = %s::json, problem = %s::json, file_name = %s, media_type = %s, content = %s "
                "WHERE ledger = %s AND id = %s",
                (state, progress.done, progress.total, result, problem, *(file or (None,) * 3), self._ledger, number),
            )

    def _insert(self, work: str, asker: Asker, about: dict[str, Any], key: str | None) -> tuple[int, bool]:
        """The number of the work under this key, and whether it is new."""
        with self._store.writers.connection() as connection:
            connection.execute(
                "DELETE FROM job WHERE ledger = %s AND started_at < clock_timestamp() - %s", (self._ledger, KEPT)
            )
            row = connection.execute(
                "INSERT INTO job (ledger, work, by, role_grant, action, about, state, key) "
                "VALUES (%s, %s, %s, %s, %s, %s::json, %s, %s) ON CONFLICT (ledger, by, key) DO NOTHING RETURNING id",
                (self._ledger, work, *asker, _json(about), JobState.WAITING, key),
            ).fetchone()
            there = (
                row
                or connection.execute(
                    "SELECT id FROM job WHERE ledger = %s AND by = %s AND key = %s", (self._ledger, asker.human, key)
                ).fetchone()
            )
        assert there is not None
        return int(there[0]), row is not None

    def close(self) -> None:
        """Nothing more begins; what is under way ends as lost at its next figure, or is told so once it is not heard of."""
        self._stopping.set()
        with self._lock:
            mine = list(self._mine)
        for thread in mine:
            thread.join(GRACE_SECONDS / len(mine))

    # -- looking

    def look(self, number: int, human: str) -> Job | None:
        """One that somebody asked for, as it stands."""
        found = self._select("AND id = %s", human, number)
        return found[0] if found else None

    def newest(self, human: str, before: int, limit: int) -> Sequence[Job]:
        """Those that somebody asked for, the newest first, numbered below ``before``."""
        return self._select("AND id < %s ORDER BY id DESC LIMIT %s", human, before, limit)

    def file(self, number: int, human: str) -> File | None:
        """The file that one of somebody's left."""
        with self._store.readers.connection() as connection:
            row = connection.execute(
                "SELECT file_name, media_type, content FROM job WHERE ledger = %s AND by = %s AND id = %s "
                "AND content IS NOT NULL",
                (self._ledger, human, number),
                binary=True,
            ).fetchone()
        return None if row is None else File(row[0], row[1], bytes(row[2]))

    def standing(self) -> list[Standing]:
        """All of the last days, whoever asked: by kind of work and how far it is, the longest heard of first."""
        with self._store.readers.connection() as connection:
            rows = connection.execute(
                "SELECT work, CASE WHEN ended_at IS NULL AND heard_at < clock_timestamp() - %s THEN %s ELSE state END AS stands, "
                "count(*), min(started_at) FROM job WHERE ledger = %s AND started_at >= clock_timestamp() - %s "
                "GROUP BY work, stands ORDER BY min(started_at), work, stands",
                (timedelta(seconds=LOST_SECONDS), JobState.LOST, self._ledger, KEPT),
            ).fetchall()
        return [Standing(work, JobState(state), *rest) for work, state, *rest in rows]

    def _select(self, which: LiteralString, human: str, *values: Any) -> list[Job]:
        query: LiteralString = f"{_JOB} {which}"
        with self._store.readers.connection() as connection:
            rows = connection.execute(query, (timedelta(seconds=LOST_SECONDS), self._ledger, human, *values)).fetchall()
        return [_job(*row) for row in rows]


_Outcome = tuple[JobState, str | None, str | None, File | None]
"""How work ended: its state, its result and its problem as JSON, and its file."""
_JOB: LiteralString = (
    "SELECT id, work, role_grant, action, about, state, step, done, total, version, started_at, ended_at, result, problem, "
    "file_name, ended_at IS NULL AND heard_at < clock_timestamp() - %s FROM job WHERE ledger = %s AND by = %s"
)


def _job(*row: Any) -> Job:
    *values, lost = row
    job = Job(*values)
    job = job._replace(state=JobState(job.state), step=Name(**values[6]) if values[6] else None)
    return job._replace(state=JobState.LOST, version=job.version + 1) if lost else job


def _json(value: Any) -> str | None:
    return None if value is None else msgspec.json.encode(value).decode()
