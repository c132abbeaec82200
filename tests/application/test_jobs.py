"""Long work: its row outlives whoever asked, is read by every process, and says when whoever did it died."""

import time
from collections.abc import Callable, Iterator
from contextlib import closing
from threading import Event
from typing import Any

import psycopg
import pytest

from ledger import jobs
from ledger.application import Ledger
from ledger.jobs import Asker, Failed, File, Full, Job, Jobs, JobState, Progress, Result, kind_of_work
from ledger.store import Store

WORK = kind_of_work("test", "试", "A test")
FIN, OTHER = Asker("p-fin-1", 1, "RECONCILE"), Asker("p-std-1", 2, "SEE_BOOKS")
SECONDS_MAX = 20


def await_job(done: Jobs, number: int, human: str, good: Callable[[Job], bool]) -> Job:
    """The row once it is as wanted."""
    until = time.monotonic() + SECONDS_MAX
    while (found := done.look(number, human)) is None or not good(found):
        assert time.monotonic() < until, found
        time.sleep(0.01)
    return found


def await_end(done: Jobs, number: int, human: str) -> Job:
    return await_job(done, number, human, lambda job: job.state in jobs.ENDED)


def worded(error: Exception) -> dict[str, Any]:
    return {"detail": str(error)}


class Gate:
    """Work that goes on until it is let go, and says that it began."""

    def __init__(self) -> None:
        self.began, self.go = Event(), Event()

    def __call__(self, progress: Progress) -> Result:
        progress.at("读取", "reading")
        progress(3, 10)
        self.began.set()
        assert self.go.wait(SECONDS_MAX)
        progress(10, 10)
        return Result({"lines": 10}, File("表.xlsx", "application/x-test", b"content"))


@pytest.fixture
def here(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> Iterator[Jobs]:
    monkeypatch.setattr(jobs, "HEARD_SECONDS", 0.02)
    with closing(Jobs(ledger.store, ledger.id)) as made:
        yield made


def test_another_process_sees_how_far_it_is_and_what_it_left(here: Jobs, ledger: Ledger, dsn: str) -> None:
    gate = Gate()
    begun = here.start(WORK, FIN, {"source": "treasury"}, gate, worded)
    assert (begun.state, begun.about, begun.result) == (JobState.WAITING, {"source": "treasury"}, None)
    with closing(Store(dsn)) as store:
        elsewhere = Jobs(store, ledger.id)
        running = await_job(elsewhere, begun.id, "p-fin-1", lambda job: job.done == 3)
        assert (running.state, running.step, running.total) == (JobState.RUNNING, ("读取", "reading"), 10)
        gate.go.set()
        ended = await_end(elsewhere, begun.id, "p-fin-1")
        assert (ended.state, ended.result, ended.done, ended.problem) == (JobState.DONE, {"lines": 10}, 10, None)
        assert begun.version < running.version < ended.version
        assert elsewhere.file(begun.id, "p-fin-1") == File("表.xlsx", "application/x-test", b"content")


def test_asked_for_again_under_its_key_it_is_the_same_work(here: Jobs, ledger: Ledger, dsn: str) -> None:
    gate = Gate()
    begun = here.start(WORK, FIN, {}, gate, worded, "k")
    with closing(Store(dsn)) as store:
        assert Jobs(store, ledger.id).start(WORK, FIN, {}, gate, worded, "k").id == begun.id
    others = [here.start(WORK, FIN, {}, gate, worded), here.start(WORK, OTHER, {}, gate, worded, "k")]
    gate.go.set()
    assert await_end(here, begun.id, "p-fin-1").state is JobState.DONE
    for asker, other in zip((FIN, OTHER), others, strict=True):
        await_end(here, other.id, asker.human)
    assert here.start(WORK, FIN, {}, gate, worded, "k").id == begun.id
    assert len({begun.id, *(other.id for other in others)}) == 3


def test_only_who_asked_sees_it(here: Jobs) -> None:
    mine = here.start(WORK, FIN, {}, lambda _: Result({}, File("a", "text/plain", b"a")), worded)
    await_end(here, mine.id, "p-fin-1")
    theirs = here.start(WORK, OTHER, {}, lambda _: Result({}), worded)
    await_end(here, theirs.id, "p-std-1")
    assert here.look(mine.id, "p-std-1") is here.file(mine.id, "p-std-1") is None
    assert [job.id for job in here.newest("p-std-1", 10**9, 10)] == [theirs.id]
    assert [job.id for job in here.newest("p-fin-1", mine.id, 10)] == []


def test_what_it_raises_is_its_problem(here: Jobs) -> None:
    def wrong(progress: Progress) -> Result:
        raise ValueError("the file is empty \x00")

    def rejected(progress: Progress) -> Result:
        try:
            wrong(progress)
        except ValueError as error:
            raise Failed(error, File("back.xlsx", "application/x-test", b"reasons")) from error
        raise AssertionError

    for work, file in ((wrong, None), (rejected, "back.xlsx")):
        ended = await_end(here, here.start(WORK, FIN, {}, work, worded).id, "p-fin-1")
        assert (ended.state, ended.problem) == (JobState.FAILED, {"detail": "the file is empty \x00"})
        assert (ended.result, ended.file) == (None, file)


def test_what_is_wrong_is_told_before_its_file_is_made(here: Jobs) -> None:
    gate = Gate()

    def rejected(progress: Progress) -> Result:
        progress.wrong = ValueError("row 3")
        gate(progress)
        raise Failed(progress.wrong, File("back.xlsx", "application/x-test", b"reasons"))

    begun = here.start(WORK, FIN, {}, rejected, worded)
    told = await_job(here, begun.id, "p-fin-1", lambda job: job.problem is not None)
    assert (told.state, told.problem, told.file) == (JobState.RUNNING, {"detail": "row 3"}, None)
    gate.go.set()
    ended = await_end(here, begun.id, "p-fin-1")
    assert (ended.state, ended.problem, ended.file) == (JobState.FAILED, {"detail": "row 3"}, "back.xlsx")


def test_of_whoever_died_it_is_told_as_lost(ledger: Ledger, dsn: str) -> None:
    """A process that died neither ends its work nor is heard again; here it is heard an hour from now."""
    gate = Gate()
    with closing(Jobs(ledger.store, ledger.id)) as here, pytest.MonkeyPatch.context() as patch:
        patch.setattr(jobs, "HEARD_SECONDS", 3_600)
        begun = here.start(WORK, FIN, {}, gate, worded)
        heard = await_job(here, begun.id, "p-fin-1", lambda job: job.version > begun.version)
        with psycopg.connect(dsn, autocommit=True) as db:
            seconds = jobs.LOST_SECONDS + 1
            db.execute("UPDATE ledger.job SET heard_at = clock_timestamp() - make_interval(secs => %s)", (seconds,))
        lost = here.look(begun.id, "p-fin-1")
        assert lost is not None
        assert (lost.state, lost.version) == (JobState.LOST, heard.version + 1)
        gate.go.set()
        await_job(here, begun.id, "p-fin-1", lambda job: job.state is JobState.DONE)  # it was only slow


def test_so_many_at_once_and_no_more(here: Jobs, monkeypatch: pytest.MonkeyPatch) -> None:
    gates = [Gate() for _ in range(jobs.OF_ONE_MAX)]
    begun = [here.start(WORK, FIN, {}, gate, worded) for gate in gates]
    with pytest.raises(Full) as full:
        here.start(WORK, FIN, {}, Gate(), worded)
    assert full.value.limit == jobs.OF_ONE_MAX
    assert sum(gate.began.wait(0.2) for gate in gates) == jobs.AT_ONCE
    monkeypatch.setattr(jobs, "IN_ALL_MAX", jobs.OF_ONE_MAX)
    with pytest.raises(Full):
        here.start(WORK, OTHER, {}, Gate(), worded)
    for gate in gates:
        gate.go.set()
    assert {await_end(here, job.id, "p-fin-1").state for job in begun} == {JobState.DONE}


def test_work_under_way_ends_when_the_service_stops(here: Jobs) -> None:
    began = Event()

    def endless(progress: Progress) -> Result:
        began.set()
        while True:
            progress(1, 2)

    begun = here.start(WORK, FIN, {}, endless, worded)
    assert began.wait(SECONDS_MAX)
    here.close()
    assert await_end(here, begun.id, "p-fin-1").state is JobState.LOST
    with pytest.raises(Full):
        here.start(WORK, FIN, {}, endless, worded)


def test_rows_go_after_some_days(here: Jobs, dsn: str) -> None:
    old = here.start(WORK, FIN, {}, lambda _: Result({}), worded)
    await_end(here, old.id, "p-fin-1")
    with psycopg.connect(dsn, autocommit=True) as db:
        db.execute("UPDATE ledger.job SET started_at = started_at - %s - interval '1 second'", (jobs.KEPT,))
    new = here.start(WORK, FIN, {}, lambda _: Result({}), worded)
    assert here.look(old.id, "p-fin-1") is None
    await_end(here, new.id, "p-fin-1")
