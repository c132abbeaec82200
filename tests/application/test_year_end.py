"""The year's end of 5,000 projects: tried on a Book apart, one proposal, approved by another person, all of it or nothing."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date
from threading import Event, Thread
from typing import Any

import pytest

from ledger.application import Ledger
from ledger.domain.catalogue import Role
from ledger.domain.kinds import ANY_MOVEMENT
from ledger.domain.money import yuan
from ledger.domain.movement import Actor, Movement
from ledger.domain.period import CLOSED_YEARS
from ledger.domain.refusals import Refusal
from ledger.proposing import approve
from ledger.writer import Receipt
from ledger.yearend.recording import standing, submit
from ledger.yearend.trial import Trial, try_year_end
from tests.world import party

DAY = date(2026, 1, 20)
FIN, STD = Actor("fin", Role.FIN), Actor("std", Role.STD)
WAIT_SECONDS_MAX = 60
QUIET_SECONDS = 0.02


def request(kind: str, on: str, **fields: Any) -> Movement:
    """Amounts in fen."""
    texts = {name: yuan(value) if name == "amount" else value for name, value in fields.items()}
    return ANY_MOVEMENT.validate_json(json.dumps({"kind": kind, "effective_on": on, **texts}))


def record(ledger: Ledger, actor: Actor, key: str, movements: list[Movement]) -> None:
    outcomes = ledger.record_all(movements, actor, key)
    assert all(isinstance(outcome, Receipt) for outcome in outcomes), outcomes[0]


def with_projects(ledger: Ledger, count: int) -> None:
    """Each has three instalments, and half of the first is ordered: four balances to carry."""
    document = {"document": {"number": "内财科〔2025〕1号"}}
    where = {"fund": "STIDF", "vintage": 2025}
    quota = request("AppropriationReceived", "2025-01-10", amount=count * 200_00 + 700, **where, **document)
    university = request(
        "PartyRegistered", "2025-01-10", credit_code=party("university"), name="示例大学", level="REGIONAL"
    )
    record(ledger, FIN, "quota", [quota])
    record(ledger, STD, "party", [university])
    allocated = request("FundsAllocated", "2025-01-11", special="RDT-KRD", amount=count * 200_00 + 300, **where)
    held = [allocated.model_dump(mode="json", exclude_none=True)]
    ledger.record(request("ProposalSubmitted", "2025-01-11", proposal="A", movements=held), STD, "A")
    ledger.record(request("ProposalApproved", "2025-01-11", proposal="A"), FIN, "A")
    names = [f"KRD-{serial:05d}" for serial in range(count)]
    about = {"special": "RDT-KRD", "mode": "COMPETITIVE", "title": "示例", "undertaker": party("university")}
    about |= {"function": "2060404"}
    record(
        ledger,
        STD,
        "projects",
        [request("ProjectRegistered", "2025-02-01", project=name, external_id=f"X-{name}", **about) for name in names],
    )
    parts = [{"instalment": part, "amount": amount} for part, amount in (("1", "120"), ("2", "50"), ("3", "30"))]
    record(
        ledger,
        STD,
        "commitments",
        [
            request("PreFundingCommitted", "2025-02-02", project=name, amount=200_00, instalments=parts, **where)
            for name in names
        ],
    )
    pay = {"instalment": "1", "amount": 60_00, "payee": party("university"), **document}
    record(
        ledger,
        STD,
        "orders",
        [request("PaymentOrdered", "2025-12-20", order=f"O-{name}", project=name, **pay) for name in names],
    )


def tried(ledger: Ledger) -> Trial:
    with ledger.reading() as book:
        apart = book.copy()
    return try_year_end(apart, 2025, DAY, FIN)


@contextmanager
def somebody_else(ledger: Ledger) -> Iterator[list[float]]:
    """Another caller who records small things all the while: how long each of them waited, in seconds."""
    waited: list[float] = []
    stop = Event()

    def go_on() -> None:
        serial = 0
        while not stop.wait(QUIET_SECONDS):
            serial += 1
            renamed = {"credit_code": party("university"), "name": f"示例大学 {serial}"}
            begun = time.monotonic()
            with suppress(Refusal):
                ledger.record(request("PartyRenamed", "2026-01-20", reason="更名", **renamed), STD, f"r{begun}")
            waited.append(time.monotonic() - begun)

    thread = Thread(target=go_on)
    thread.start()
    try:
        yield waited
    finally:
        stop.set()
        thread.join(WAIT_SECONDS_MAX)


@contextmanager
def took(what: str, ledger: Ledger) -> Iterator[None]:
    """Says how long it took on the clock and of this process, and how long somebody else waited meanwhile."""
    begun, used = time.monotonic(), time.process_time()
    with somebody_else(ledger) as waited:
        yield
    seconds, own = time.monotonic() - begun, time.process_time() - used
    print(
        f"\n{what} in {seconds:.2f} s, {own:.2f} s of the processor; somebody else waited {max(waited, default=0):.2f} s"
    )


def year_ends(ledger: Ledger, count: int) -> None:
    with_projects(ledger, count)
    with took("tried", ledger):
        trial = tried(ledger)
    assert (trial.refused, trial.blockers) == (0, [])
    assert len(trial.movements) == 4 * count + 2 + 13 + 1
    with ledger.reading() as book:
        name, _ = standing(book, 2025)
    with took("submitted", ledger):
        submit(ledger, name, trial, FIN, DAY)
    with ledger.reading() as book:
        _, waiting = standing(book, 2025)
    assert waiting is not None
    with took("approved", ledger):
        receipt = approve(ledger, name, waiting.digest, STD, DAY)
    print(f"{len(trial.movements)} movements")
    assert len(receipt.accepted) == len(trial.movements) + 1
    with ledger.reading() as book:
        assert CLOSED_YEARS.get(book, 2025) == receipt.number + len(trial.movements)
        assert book.standing("B200", "B210", "B220", "B230", fiscal_year=2025) == []
        carried = sum(amount for _, amount in book.standing("B101", fiscal_year=2026))
        assert carried == count * 200_00 + 700 == sum(amount for _, amount in book.standing("B260", fiscal_year=2025))


def test_a_small_year_ends_in_one_proposal(ledger: Ledger) -> None:
    year_ends(ledger, 20)
    with ledger.reading() as book:
        name, waiting = standing(book, 2025)
    assert (name, waiting) == ("year-end-2025-2", None)


def test_where_the_books_moved_meanwhile_nothing_of_it_is_recorded(ledger: Ledger) -> None:
    with_projects(ledger, 5)
    trial = tried(ledger)
    submit(ledger, "year-end-2025-1", trial, FIN, DAY)
    paid = {"order": "O-KRD-00003", "amount": 60_00, "detail": "PAY-1"}
    ledger.record(request("PaymentSettled", "2025-12-30", **paid), Actor("tre", Role.TRE), "paid")
    with ledger.reading() as book:
        _, waiting = standing(book, 2025)
        number = book.number
    assert waiting is not None
    with pytest.raises(Refusal, match="OVER_ORDERED"):
        approve(ledger, "year-end-2025-1", waiting.digest, STD, DAY)
    with ledger.reading() as book:
        assert book.number == number
        assert len(book.standing("B220", fiscal_year=2025)) == 15


@pytest.mark.slow
def test_the_year_of_5000_projects_ends_in_one_proposal(ledger: Ledger) -> None:
    year_ends(ledger, 5_000)
