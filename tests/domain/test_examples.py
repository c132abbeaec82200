"""The documented examples are requests that a ledger accepts, and there is one of every kind."""

import pytest

from ledger.domain.approval import PROPOSALS
from ledger.domain.examples import EXAMPLES, HISTORIES
from ledger.domain.examples.requests import COMPANY, INDUSTRY, INSTITUTE, UNIVERSITY, Example
from ledger.domain.movement import MOVEMENTS
from tests.world import credit_code, played


def test_there_is_an_example_of_every_kind() -> None:
    assert sorted(EXAMPLES) == sorted(MOVEMENTS)


def test_the_parties_of_the_examples_are_made_up() -> None:
    assert tuple(map(credit_code, (1, 2, 3, 5))) == (UNIVERSITY, INSTITUTE, COMPANY, INDUSTRY)


@pytest.mark.parametrize("history", HISTORIES, ids=["year", "year-end"])
def test_a_new_ledger_accepts_the_examples_in_their_order(history: tuple[Example, ...]) -> None:
    world = played(history)
    assert world.replayed().balances == world.book.balances
    assert all(proposal.status != "OPEN" for _, proposal in PROPOSALS.items(world.book))
