"""Drawing by itself: golden vectors anybody reckons with sha256sum, and what holds of every population."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.sampling.drawing import Drawing, Item, Method, draw, interval_for, start_of

SEED = "2025-AUD-1"
TEN = [Item(number, number * 1_000) for number in range(1, 11)]
populations = st.lists(st.integers(1, 10**9), min_size=1, max_size=60).map(
    lambda amounts: [Item(3 * at + 1, amount) for at, amount in enumerate(amounts)]
)


def by_money(interval: int, seed: str = SEED) -> Drawing:
    return Drawing(Method.MONETARY_UNIT, seed, interval=interval)


# -- golden: they never change, or papers that were drawn could not be drawn again


def test_simple_random_is_by_rank() -> None:
    """``for n in 1 … 10; printf %s "2025-AUD-1:$n" | sha256sum``, sorted."""
    drawn = draw(TEN, Drawing(Method.SIMPLE_RANDOM, SEED, 4))
    assert [item.number for item in drawn] == [7, 2, 9, 8]


def test_the_start_is_reckoned_from_the_seed() -> None:
    """``printf %s 2025-AUD-1:start | sha256sum``, as a number, modulo 10,000, and 1."""
    assert start_of(SEED, 10_000) == 6_687


def test_monetary_unit_sampling_takes_each_interval_s_fen() -> None:
    """55,000 fen in all; the movements that hold the start and every 10,000th fen after it."""
    assert [item.number for item in draw(TEN, by_money(10_000))] == [4, 6, 7, 9, 10]


def test_all_from_an_amount_on() -> None:
    drawn = draw(TEN, Drawing(Method.ALL_ABOVE, threshold=8_000))
    assert [item.number for item in drawn] == [8, 9, 10]


def test_a_method_without_what_it_draws_by_draws_nothing() -> None:
    with pytest.raises(ValueError, match="SIMPLE_RANDOM"):
        draw(TEN, Drawing(Method.SIMPLE_RANDOM, SEED))


# -- what holds always


@given(populations, st.integers(1, 60), st.text("abc019-", min_size=1, max_size=9))
def test_a_larger_random_sample_begins_with_the_smaller(population: list[Item], size: int, seed: str) -> None:
    smaller, larger = (draw(population, Drawing(Method.SIMPLE_RANDOM, seed, n)) for n in (size, size + 1))
    assert larger[:size] == smaller
    assert len(smaller) == len(set(smaller)) == min(size, len(population))


@given(populations, st.integers(1, 2 * 10**9), st.text("abc019-", min_size=1, max_size=9))
def test_money_is_drawn_as_fen_laid_side_by_side(population: list[Item], interval: int, seed: str) -> None:
    """The same by its definition: an item is drawn where a drawn fen lies in it."""
    start, below, expected = start_of(seed, interval), 0, []
    assert 1 <= start <= interval
    for item in population:
        upto = below + item.amount
        if (upto - start) // interval > (below - start) // interval:
            expected.append(item)
        below = upto
    drawn = draw(population, by_money(interval, seed))
    assert drawn == expected
    assert {item for item in population if item.amount >= interval} <= set(drawn)


@given(populations, st.integers(1, 60), st.text("abc019-", min_size=1, max_size=9))
def test_an_interval_for_a_size_draws_no_more(population: list[Item], size: int, seed: str) -> None:
    interval = interval_for(sum(item.amount for item in population), size)
    assert len(draw(population, by_money(interval, seed))) <= size


def test_ranks_are_those_of_sha_256() -> None:
    ranks = {item.number: hashlib.sha256(f"{SEED}:{item.number}".encode()).hexdigest() for item in TEN}
    drawn = draw(TEN, Drawing(Method.SIMPLE_RANDOM, SEED, 10))
    assert [item.number for item in drawn] == sorted(ranks, key=ranks.__getitem__)
