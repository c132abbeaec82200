"""Callers over HTTP: each records a day of its own, and asks again under the same key until it is told a number."""

import http.client
import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from bench.workload import TRE, Request, day_of
from ledger.access.demo import DemoPeople
from tests.faults.service import SECONDS_MAX, Service

CALLERS = 8
PROJECTS = 24


class Answer(NamedTuple):
    """What a caller was told in the end: who asked under which key, and the number.

    ``unknown``: so often it had been told nothing, or that the outcome is unknown. ``found``: it turned out to have been
    recorded before.
    """

    who: str
    key: str
    number: int
    unknown: int
    found: bool


class Callers:
    """As many at once as there are, each waiting for its answer before the next request."""

    def __init__(self, service: Service, people: DemoPeople) -> None:
        self.service, self.people = service, people
        self.answers: list[Answer] = []
        self.without_number: Counter[str] = Counter()
        """Why callers had to ask again: the connection was lost, or the code of a 503."""
        self._faults: list[BaseException] = []
        self._changed = threading.Condition()
        self._ending = False
        self._threads = [threading.Thread(target=self._work, args=(n,), daemon=True) for n in range(CALLERS)]

    def await_answers(self, more: int) -> None:
        """Until so many more answers have come. After ``CALLERS + 1`` one was asked for since."""
        enough = len(self.answers) + more
        self._await(lambda: len(self.answers) >= enough)

    def await_told(self, codes: set[str], more: int) -> None:
        """Until callers were told so many more times that they must ask again: decided it may be, or not even asked."""
        enough = self._told(codes) + more
        self._await(lambda: self._told(codes) >= enough)

    def _told(self, codes: set[str]) -> int:
        return sum(self.without_number[code] for code in codes)

    def _await(self, condition: Callable[[], bool]) -> None:
        with self._changed:
            in_time = self._changed.wait_for(lambda: self._faults or condition(), SECONDS_MAX)
        assert not self._faults, self._faults
        assert in_time, self.summary()

    def summary(self) -> str:
        unknown = [answer for answer in self.answers if answer.unknown]
        found = sum(answer.found for answer in unknown)
        resolved = sum(answer.found and not answer.unknown for answer in self.answers)
        asked = len(self.answers) + sum(self.without_number.values())
        return (
            f"{asked} requests, {len(self.answers)} acknowledged; asked again {dict(self.without_number)}; "
            f"{len(unknown)} outcomes were unknown: {found} had been recorded, {len(unknown) - found} had not; "
            f"{resolved} more were resolved by the service before it answered"
        )

    # -- a caller's thread

    def _work(self, caller: int) -> None:
        try:
            with _line(self.service) as line:
                for turn, request in enumerate(day_of(caller, CALLERS, "t", PROJECTS)):
                    if self._ending:
                        return
                    self._ask(line, request, f"{caller}.{turn}")
        except BaseException as fault:
            with self._changed:
                self._faults.append(fault)
                self._changed.notify_all()

    def _ask(self, line: "_Line", request: Request, key: str) -> None:
        movement, actor = request
        who = "tre-1" if actor == TRE else "std-1"
        headers = {"Authorization": f"Bearer {self.people.key_of(who)}", "Idempotency-Key": key}
        deadline, unknown = time.monotonic() + SECONDS_MAX, 0
        while True:
            status, said = line.post("/v1/movements", movement.model_dump_json(exclude_none=True), headers)
            if status in (200, 201):
                answer = Answer(who, key, said["number"], unknown, status == 200)
                break
            assert status in (0, 503), said
            unknown += 1
            self._note(said["code"])
            assert time.monotonic() < deadline, f"{key} is never answered"
            time.sleep(0.05)
        with self._changed:
            self.answers.append(answer)
            self._changed.notify_all()

    def _note(self, code: str) -> None:
        with self._changed:
            self.without_number[code] += 1
            self._changed.notify_all()

    # -- beginning and end

    def begin(self) -> None:
        for thread in self._threads:
            thread.start()

    def end(self) -> None:
        """Every caller hears what became of its last request, then goes home."""
        self._ending = True
        deadline = time.monotonic() + SECONDS_MAX
        for thread in self._threads:
            thread.join(max(0, deadline - time.monotonic()))
        assert not self._faults, self._faults
        assert not any(thread.is_alive() for thread in self._threads)


class _Line:
    """A connection to wherever the service is now."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.connection: http.client.HTTPConnection | None = None

    def post(self, path: str, body: str, headers: dict[str, str]) -> tuple[int, dict]:
        """Status and answer; status 0 where none came."""
        try:
            if self.connection is None:
                self.connection = http.client.HTTPConnection(*self.service.address(), timeout=SECONDS_MAX)
            self.connection.request("POST", path, body.encode(), headers)
            response = self.connection.getresponse()
            return response.status, json.loads(response.read())
        except (OSError, http.client.HTTPException):
            self.close()
            return 0, {"code": "no answer"}

    def close(self) -> None:
        if self.connection is not None:
            self.connection.close()
            self.connection = None


@contextmanager
def _line(service: Service) -> Iterator[_Line]:
    line = _Line(service)
    try:
        yield line
    finally:
        line.close()


@contextmanager
def calling(service: Service, people: DemoPeople) -> Iterator[Callers]:
    """Callers at work; on leaving each has been answered."""
    callers = Callers(service, people)
    callers.begin()
    try:
        yield callers
    finally:
        callers.end()
