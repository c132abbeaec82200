"""The earliest day on which an amount is free in a special: by time alone, or by the fewest steps that the rules accept."""

from datetime import date

import pytest

from ledger.domain.catalogue import Role
from ledger.domain.earliest import Earliest, Kind, Visible, earliest, free
from tests.world import World

TODAY = date(2025, 6, 30)
ALL = Visible(lambda _: True, lambda _: True)
OWN = Visible(lambda special: special == "RDT-KRD", lambda _: True)


@pytest.fixture
def world() -> World:
    """1,000 yuan of quota: 100 for key R&D, 300 for breakthroughs, 600 unallocated."""
    world = World()
    quota = {"fund": "STIDF", "vintage": 2025, "amount": "1000", "effective_on": "2025-01-10"}
    world.record("FIN", "AppropriationReceived", **quota, document={"number": "内财科〔2025〕1号"})
    allocate(world, "RDT-KRD", "100")
    allocate(world, "MSP-BRK", "300")
    return world


def allocate(world: World, special: str, amount: str, on: str = "2025-02-01") -> None:
    fields = {"fund": "STIDF", "vintage": 2025, "special": special, "amount": amount, "effective_on": on}
    world.sign("STD", "FIN", "FundsAllocated", **fields)


def reserve(world: World, call: str, amount: str, expires_on: str, special: str = "RDT-KRD") -> None:
    fields = {"call": call, "fund": "STIDF", "special": special, "amount": amount, "effective_on": "2025-02-02"}
    world.record("STD", "FundsReserved", **fields, expires_on=expires_on)


def ask(world: World, yuan: int, visible: Visible = ALL) -> Earliest:
    before = world.snapshot()
    found = earliest(world.book, "RDT-KRD", yuan * 100, TODAY, visible)
    assert world.snapshot() == before
    return found


def test_what_is_there_is_free_today(world: World) -> None:
    found = ask(world, 100)
    assert (found.by_time, found.on, found.steps, found.free) == (TODAY, TODAY, [], 10_000)


def test_a_call_that_expires_needs_nothing_but_time(world: World) -> None:
    reserve(world, "C-1", "40", "2025-09-30")
    found = ask(world, 100)
    assert (found.free, found.by_time, found.steps) == (6_000, date(2025, 10, 1), [])


def test_money_of_a_later_day_is_free_on_that_day(world: World) -> None:
    allocate(world, "RDT-KRD", "50", on="2025-08-01")
    assert ask(world, 100).by_time == TODAY
    assert ask(world, 150).by_time == date(2025, 8, 1)


def test_what_a_later_day_takes_is_not_free_before(world: World) -> None:
    fields = {"fund": "STIDF", "vintage": 2025, "from_special": "RDT-KRD", "to_special": "MSP-BRK", "amount": "30"}
    world.record("STD", "FundsReallocatedWithinFund", **fields, effective_on="2025-08-01", reason="重点")
    assert free(world.book, "RDT-KRD", TODAY, ALL) == 7_000


def test_one_step_that_suffices_is_better_than_two(world: World) -> None:
    reserve(world, "C-1", "40", "2025-12-31")
    (step,) = ask(world, 100).steps
    assert (step.kind, step.ref, step.amount, step.clause) == (Kind.RELEASE, "C-1", 4_000, "四(一)")
    assert step.needs == ((Role.STD,),)
    found = ask(world, 600)
    assert [(step.kind, step.amount) for step in found.steps] == [(Kind.ALLOCATE, 54_000)]
    assert (Role.STD, Role.FIN) in found.steps[0].needs
    assert (found.by_time, found.on, found.short) == (None, TODAY, 0)


def test_steps_go_on_until_it_is_there_or_say_what_is_short(world: World) -> None:
    found = ask(world, 800)
    assert [(step.kind, step.special, step.amount) for step in found.steps] == [
        (Kind.ALLOCATE, None, 60_000),
        (Kind.REALLOCATE, "MSP-BRK", 10_000),
    ]
    reserve(world, "C-9", "250", "2025-12-31", special="MSP-BRK")
    found = ask(world, 1000)
    assert [step.amount for step in found.steps] == [60_000, 5_000]
    assert (found.on, found.short) == (None, 25_000)


def test_what_the_fund_may_not_pay_is_no_step(world: World) -> None:
    quota = {"fund": "NSF", "vintage": 2025, "amount": "5000", "effective_on": "2025-01-10"}
    world.record("FIN", "AppropriationReceived", **quota, document={"number": "内财科〔2025〕2号"})
    found = ask(world, 2_000)
    assert {step.fund for step in found.steps} == {"STIDF"}
    assert found.short == 100_000


def test_a_proposal_that_waits_brings_or_takes(world: World) -> None:
    day = "2025-06-01"
    fields = {"kind": "FundsAllocated", "fund": "STIDF", "vintage": 2025, "special": "RDT-KRD", "effective_on": day}
    brings = [fields | {"amount": "70"}]
    world.record("STD", "ProposalSubmitted", proposal="P-1", effective_on=day, movements=brings)
    away = {"kind": "FundsReallocatedWithinFund", "fund": "STIDF", "vintage": 2025, "from_special": "RDT-KRD"}
    takes = [away | {"to_special": "MSP-BRK", "amount": "20", "effective_on": day, "reason": "重点"}]
    world.record("STD", "ProposalSubmitted", proposal="P-2", effective_on=day, movements=takes)
    found = ask(world, 160)
    (step,) = found.steps
    assert (step.kind, step.ref, step.amount, step.needs) == (Kind.APPROVE, "P-1", 7_000, ((Role.FIN,),))
    assert [(one.proposal, one.amount) for one in found.takes] == [("P-2", 2_000)]


def test_who_sees_one_special_is_told_of_its_money_alone(world: World) -> None:
    found = ask(world, 500, OWN)
    assert (found.steps, found.short) == ([], 40_000)
