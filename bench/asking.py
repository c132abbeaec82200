"""Questions about then, asked over HTTP of a server in a process of its own, and how long each answer took.

That server reads only: its Book holds the registers that cards need and no amounts, so that it starts soon on any ledger.
"""

import http.client
import json
import multiprocessing
import os
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import date, timedelta
from pathlib import Path
from random import Random
from statistics import median
from typing import Any, NamedTuple
from urllib.parse import urlencode
from uuid import UUID

from api.main import create_app
from api.server import server
from ledger import application
from ledger.access.demo import demo_people
from ledger.access.people import People
from ledger.application import Ledger
from ledger.cli.serving import listening
from ledger.codec import recorded_in
from ledger.domain.decision import fold
from ledger.secret import Secret
from ledger.settings import Settings
from ledger.store import PAGE, Store
from ledger.writer import Writer

WHO = "aud-1"
WARM = 4
"""So many of each question come first and do not count."""
_REGISTERS = (
    "AppropriationReceived",
    "FundsReserved",
    "MatchingCommitted",
    "PartyRegistered",
    "PeriodClosed",
    "PolicyParameterSet",
    "ProjectRegistered",
    "SpecialAdded",
    "YearClosed",
)


class Waits(NamedTuple):
    """How long answers took, in milliseconds."""

    p50: float
    p99: float
    most: float


class Life(NamedTuple):
    """What may be asked of: numbers up to ``last``, business dates and months from ``first`` on."""

    first: date
    last_day: date
    last: int
    recorded_on: Callable[[int], date]
    """The day on which a number was recorded."""


Question = Callable[[Random, Life], dict[str, Any]]


def _day(chance: Random, first: date, last: date) -> str:
    return str(first + timedelta(days=chance.randrange((last - first).days + 1)))


def _known_for(chance: Random, life: Life) -> dict[str, Any]:
    number = chance.randrange(1, life.last + 1)
    return {"at": number, "effective": _day(chance, life.first, max(life.first, life.recorded_on(number)))}


def _known_closed(chance: Random, life: Life) -> dict[str, Any]:
    asked = _known_for(chance, life)
    return {"at": asked["at"], "period": asked["effective"][:7]}


QUESTIONS: dict[str, Question] = {
    "now": lambda chance, life: {},
    "known at a number": lambda chance, life: {"at": chance.randrange(1, life.last + 1)},
    "closed through a period": lambda chance, life: {"period": _day(chance, life.first, life.last_day)[:7]},
    "restated on a date": lambda chance, life: {"effective": _day(chance, life.first, life.last_day)},
    "known at a number for a date": _known_for,
    "known at a number for a period": _known_closed,
}
"""In every sense of then, of a whole card: by plan and by special in turn."""


class _Registers(Writer):
    """A writer whose Book holds registers, and stands where the log stands. It decides nothing."""

    def start(self) -> None:
        with self.store.readers.connection() as connection:
            rows = connection.execute(
                "SELECT number FROM movement WHERE ledger = %s AND kind = ANY(%s) ORDER BY number",
                (self.ledger, list(_REGISTERS)),
            ).fetchall()
            (last,) = connection.execute(
                "SELECT max(number) FROM movement WHERE ledger = %s", (self.ledger,)
            ).fetchone()
        numbers = [row[0] for row in rows]
        for at in range(0, len(numbers), PAGE):
            for event in self.store.select_numbers(self.ledger, numbers[at : at + PAGE]):
                one = recorded_in(event)
                fold(self.book, one.number, one.movement, one.legs, one.actor, one.voucher, None)
            self.book.commit()
        self.book.advance(last)
        self.book.commit()
        self._thread.start()


def _serve(dsn: str, name: str, secret: Secret, home: Path, ready: Any) -> None:
    os.environ |= {"LEDGER_HOME": str(home), "LEDGER_NAME": name}
    application.Writer = _Registers  # type: ignore[misc]  # in this process alone: see there
    with closing(Ledger(Store(dsn), name, secret)) as ledger, closing(People(dsn, secret)) as people:
        demo = demo_people(home)
        demo.enrol(people)
        with closing(listening("127.0.0.1", 0)) as taken:
            ready.put((taken.getsockname()[1], demo.key_of(WHO)))
            server(create_app(ledger, people), Settings.from_environment()).run(sockets=[taken])


@contextmanager
def served(dsn: str, name: str, secret: Secret, home: Path) -> Iterator[Callable[[dict[str, Any]], float]]:
    """A server for these questions; what is yielded asks one and answers with milliseconds."""
    spawn = multiprocessing.get_context("spawn")
    ready = spawn.Queue()
    process = spawn.Process(target=_serve, args=(dsn, name, secret, home, ready))
    process.start()
    try:
        port, key = ready.get(timeout=900)
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=120)) as connection:

            def ask(question: dict[str, Any]) -> float:
                began = time.perf_counter()
                path = f"/v1/balances?{urlencode(question)}"
                connection.request("GET", path, headers={"Authorization": f"Bearer {key}"})
                answer = connection.getresponse()
                body = answer.read()
                took = (time.perf_counter() - began) * 1e3
                if answer.status == 429:
                    time.sleep(int(answer.headers.get("Retry-After", "1")))
                    return ask(question)
                assert answer.status == 200, (answer.status, question, json.loads(body))
                return took

            yield ask
    finally:
        process.terminate()
        process.join()


def life_of(store: Store, ledger: UUID) -> Life:
    """From the first day of its first fiscal year on."""
    with store.readers.connection() as connection:
        row = connection.execute(
            "SELECT max(last_number), min(recorded_at)::date, max(recorded_at)::date FROM batch WHERE ledger = %s",
            (ledger,),
        ).fetchone()
    assert row is not None
    last, began, ended = row

    def recorded_on(number: int) -> date:
        with store.readers.connection() as connection:
            found = connection.execute(
                "SELECT recorded_at::date FROM batch WHERE ledger = %s AND last_number >= %s ORDER BY last_number LIMIT 1",
                (ledger, number),
            ).fetchone()
        assert found is not None
        return min(found[0], ended)

    return Life(date(began.year, 1, 2), ended, last, recorded_on)


def asked(ask: Callable[[dict[str, Any]], float], life: Life, each: int, seed: int) -> dict[str, Waits]:
    """Every kind of question so many times, in turns."""
    chance = Random(seed)
    waits: dict[str, list[float]] = {name: [] for name in QUESTIONS}
    for turn in range(each + WARM):
        for name, question in QUESTIONS.items():
            took = ask({"by": ("plan", "special")[turn % 2], **question(chance, life)})
            if turn >= WARM:
                waits[name].append(took)
    return {name: Waits(median(took), sorted(took)[int(len(took) * 0.99)], max(took)) for name, took in waits.items()}
