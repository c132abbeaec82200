"""What if: each movement is judged on what the accepted ones before it left, as if signed, and the Book stays as it was."""

import json
from datetime import date

import pytest

from ledger.domain.catalogue import Role
from ledger.domain.decision import Accepted
from ledger.domain.kinds import ANY_MOVEMENT
from ledger.domain.movement import Actor, Movement
from ledger.domain.refusals import Code, Refusal
from ledger.domain.whatif import WhatIf, what_if
from tests.world import World

DAY = date(2025, 6, 30)
AUDITOR = Actor("aud-1", Role.AUD)
MANAGER = Actor("pm-1", Role.PM, specials=frozenset({"RDT-KRD"}))


@pytest.fixture
def world() -> World:
    """Quota of 1,000 yuan, of which 300 are allocated to a special."""
    world = World()
    world.record(
        "FIN",
        "AppropriationReceived",
        fund="STIDF",
        vintage=2025,
        amount="1000",
        effective_on="2025-01-10",
        document={"number": "内财科〔2025〕1号"},
    )
    world.sign("STD", "FIN", "FundsAllocated", **allocated("300"))
    return world


def allocated(amount: str, special: str = "RDT-KRD") -> dict[str, object]:
    return {"fund": "STIDF", "vintage": 2025, "special": special, "amount": amount, "effective_on": "2025-02-01"}


def moved(amount: str, to: str = "MSP-BRK") -> dict[str, object]:
    fields = {"fund": "STIDF", "vintage": 2025, "from_special": "RDT-KRD", "to_special": to, "amount": amount}
    return fields | {"effective_on": "2025-03-01", "reason": "重点支持"}


def request(kind: str, **fields: object) -> Movement:
    return ANY_MOVEMENT.validate_json(json.dumps({"kind": kind, **fields}))


def ask(world: World, asker: Actor, *movements: Movement) -> WhatIf:
    before = world.snapshot()
    found = what_if(world.book, movements, asker, lambda _: None, DAY)
    assert world.snapshot() == before
    return found


def test_each_is_judged_on_what_the_accepted_ones_left(world: World) -> None:
    wanted = request("FundsReallocatedWithinFund", **moved("500"))
    found = ask(world, AUDITOR, wanted, request("FundsAllocated", **allocated("200")), wanted)
    first, second, third = (one.outcome for one in found.judged)
    assert isinstance(first, Refusal)
    assert (first.code, first.asked, first.available) == (Code.INSUFFICIENT_FUNDS, 50000, 30000)
    assert isinstance(second, Accepted)
    assert isinstance(third, Accepted)
    assert second.number == found.number + 1
    assert (Role.STD, Role.FIN) in found.judged[1].needs
    rows = {(row.plan, row.special, row.code): (row.before, row.after) for row in found.rows}
    assert rows == {
        (None, None, "B200"): (70000, 50000),
        ("RDT", "RDT-KRD", "B210"): (30000, 0),
        ("MSP", "MSP-BRK", "B210"): (0, 50000),
    }
    assert {one.account.special: (one.before, one.after) for one in found.accounts if one.account.special} == {
        "RDT-KRD": (30000, 0),
        "MSP-BRK": (0, 50000),
    }


def test_a_programme_manager_asks_within_their_specials(world: World) -> None:
    outside = request("FundsReallocatedWithinFund", **moved("1"))
    inside = request(
        "FundsReserved",
        call="C-1",
        fund="STIDF",
        special="RDT-KRD",
        amount="10",
        effective_on="2025-03-01",
        expires_on="2025-12-31",
    )
    not_theirs = request("FundsAllocated", **allocated("1"))
    refused, accepted, needs_others = (one.outcome for one in ask(world, MANAGER, outside, inside, not_theirs).judged)
    assert isinstance(refused, Refusal)
    assert refused.code is Code.UNAUTHORISED
    assert isinstance(accepted, Accepted)
    assert isinstance(needs_others, Refusal)
    assert needs_others.code is Code.UNAUTHORISED


def test_what_would_become_an_alert_is_told(world: World) -> None:
    """A payment that nobody ordered is recorded as unmatched; nothing of it is below zero, and nothing is settled."""
    paid = request("PaymentSettled", order="NONE", detail="D-1", amount="5", effective_on="2025-03-01")
    found = ask(world, AUDITOR, paid)
    (one,) = found.judged
    assert isinstance(one.outcome, Accepted)
    assert one.outcome.recorded_as == "UnmatchedSettlementRecorded"
    assert not any(account.below_zero for account in found.accounts)
    assert found.settled == []
