"""More words of the features: the list of a year's end, tried, proposed and approved."""

from collections import Counter
from datetime import date

import pytest
from pytest_bdd import given, parsers, then, when

from ledger.domain.money import grouped_yuan
from ledger.yearend.plan import Fate
from ledger.yearend.trial import Trial, try_year_end
from tests.features.cells import signed_fen
from tests.features.conftest import attempt
from tests.world import World, actor

_YEAR_END = r"the year's end of (?P<year>\d{4}) on (?P<day>[\d-]+)$"
_FATES = {
    "carried over": Fate.CARRY_OVER,
    "surplus": Fate.SURPLUS,
    "withdrawn": Fate.WITHDRAWN,
    "undecided": Fate.UNDECIDED,
}


@pytest.fixture
def trials() -> list[Trial]:
    """What was tried, the last of it last."""
    return []


def tried(world: World, year: str, day: str) -> Trial:
    return try_year_end(world.book.copy(), int(year), date.fromisoformat(day), actor("FIN"))


def propose(world: World, who: str, year: str, day: str) -> str:
    movements = [one.model_dump(mode="json", exclude_none=True) for one in tried(world, year, day).movements]
    name = f"year-end-{year}"
    world.record(who, "ProposalSubmitted", proposal=name, effective_on=day, movements=movements)
    return name


@given(parsers.re(r"(?P<who>[A-Z]+2?) proposed " + _YEAR_END))
def proposed(world: World, who: str, year: str, day: str) -> None:
    propose(world, who, year, day)


@given(parsers.re(r"(?P<who>[A-Z]+2?) proposed and (?P<second>[A-Z]+2?) approved " + _YEAR_END))
def approved(world: World, who: str, second: str, year: str, day: str) -> None:
    world.record(second, "ProposalApproved", proposal=propose(world, who, year, day), effective_on=day)


@when(parsers.re(r"(?P<who>[A-Z]+2?) proposes and (?P<second>[A-Z]+2?) approves " + _YEAR_END))
def approves(world: World, who: str, second: str, year: str, day: str) -> None:
    name = propose(world, who, year, day)
    attempt(world, lambda: world.record(second, "ProposalApproved", proposal=name, effective_on=day))


@when(parsers.re(r"the year's end of (?P<year>\d{4}) is tried on (?P<day>[\d-]+)$"))
def is_tried(world: World, trials: list[Trial], year: str, day: str) -> None:
    before = world.snapshot()
    trials.append(tried(world, year, day))
    assert world.snapshot() == before, "a trial left a trace"


@then("nothing stands against it")
def nothing_stands_against_it(trials: list[Trial]) -> None:
    assert (trials[-1].refused, trials[-1].blockers) == (0, [])


@then(parsers.re(r"(?P<count>\d+) balances stand against it with (?P<code>[A-Z_]+)$"))
def stand_against_it(trials: list[Trial], count: str, code: str) -> None:
    assert Counter(one.refusal.code for one in trials[-1].blockers) == {code: int(count)}
    assert all(one.owners for one in trials[-1].blockers)


@then(
    parsers.re(r"(?P<amount>[\d,.]+) of fund (?P<fund>\w+) and vintage (?P<vintage>\d{4}) would be (?P<fate>[a-z ]+)$")
)
def would_be(trials: list[Trial], amount: str, fund: str, vintage: str, fate: str) -> None:
    of_vintage = [line for line in trials[-1].lines if line.account and line.account[2:4] == (fund, int(vintage))]
    assert {line.fate for line in of_vintage} == {_FATES[fate]}
    assert grouped_yuan(sum(line.amount for line in of_vintage)) == grouped_yuan(signed_fen(amount))
