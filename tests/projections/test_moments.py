"""Balances as of then, in every sense of it, are what a naive scan of the log says; outside its life there is no answer."""

import random
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from ledger.application import Ledger
from ledger.codec import Recorded, decode
from ledger.domain.catalogue import SPECIALS
from ledger.projections.balances import Card, balances, is_of_fund
from ledger.projections.figures import MEASURES, By
from ledger.projections.moment import NOW, Moment, OutsideLife, number_by

TODAY = date(2026, 1, 31)
ROUNDS = 40
MANY_ROUNDS = 500


@pytest.fixture(scope="module")
def log(demo_ledger: Ledger) -> list[Recorded]:
    return list(_recorded(demo_ledger))


def _recorded(ledger: Ledger) -> Iterator[Recorded]:
    after = 0
    while page := ledger.store.select_events(ledger.id, gt=after, limit=1000):
        yield from (decode(event.state) for event in page)
        after = page[-1].originator_version


def ask(ledger: Ledger, by: By, moment: Moment, **narrowed: object) -> Card:
    with ledger.reading() as book:
        return balances(ledger.store, ledger.id, book, by, on=TODAY, moment=moment, limit=100_000, **narrowed)


def naive(log: list[Recorded], moment: Moment) -> Iterator[tuple[str, Recorded, object, int]]:
    """Every line that counts at a moment, one after another."""
    for one in log:
        if moment.number is not None and one.number > moment.number:
            return
        for leg in one.legs:
            closed = moment.period is None or leg.period <= moment.period
            if closed and (moment.effective_on is None or leg.effective_on <= moment.effective_on):
                yield leg.account.code, one, leg.account, leg.amount


def legacy(special: str | None) -> str | None:
    """The demonstration adds former categories alone."""
    return None if special is None else "LEGACY"


KEYS: dict[By, Callable[..., str | None]] = {
    "plan": lambda account: SPECIALS[account.special].plan if account.special in SPECIALS else legacy(account.special),
    "special": lambda account: account.special,
    "project": lambda account: account.project,
    "source": lambda account: account.source,
    "fund": lambda account: account.source,
}
MEASURE_OF = {code: name for name, code in MEASURES.items()}


def compare(ledger: Ledger, log: list[Recorded], by: By, moment: Moment) -> None:
    card = ask(ledger, by, moment)
    expected: dict[str | None, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    years = set()
    for code, _, account, amount in naive(log, moment):
        years.add(account.fiscal_year)
        if code not in MEASURE_OF or account.fiscal_year not in (None, card.fiscal_year):
            continue
        if by != "fund" or is_of_fund(account.source):
            expected[KEYS[by](account)][MEASURE_OF[code]] += amount
    assert card.fiscal_year == max(years - {None}, default=None), moment
    found = {row.key: row.figures for row in card.rows}
    assert {type(amount) for figures in (card.total, *found.values()) for amount in figures.values()} == {int}, moment
    for key in expected.keys() | found.keys():
        for name in MEASURES:
            if name == "reserved":
                continue  # compared below, with what has expired
            assert found.get(key, {}).get(name, 0) == expected[key][name], (moment, by, key, name)
    for name in MEASURES:
        assert card.total[name] == sum(figures[name] for figures in expected.values()), (moment, by, name)


def at_random(chance: random.Random, log: list[Recorded]) -> Moment:
    last = log[-1].number
    number = chance.choice([None, chance.randint(1, last)])
    period = chance.choice([None, f"2025-{chance.randint(1, 13):02d}"])
    day = chance.choice([None, date(2025, 1, 1) + timedelta(chance.randint(0, 390))])
    return Moment(number, period, day)


def questions(ledger: Ledger, log: list[Recorded], rounds: int) -> None:
    chance = random.Random(20251125)
    for _ in range(rounds):
        compare(ledger, log, chance.choice(list(KEYS)), at_random(chance, log))


def test_any_moment_is_what_a_naive_scan_of_the_log_says(demo_ledger: Ledger, log: list[Recorded]) -> None:
    questions(demo_ledger, log, ROUNDS)


@pytest.mark.slow
def test_five_hundred_moments_are_what_a_naive_scan_says(demo_ledger: Ledger, log: list[Recorded]) -> None:
    questions(demo_ledger, log, MANY_ROUNDS)


@pytest.mark.parametrize("by", KEYS)
def test_known_at_the_last_number_is_now(demo_ledger: Ledger, log: list[Recorded], by: By) -> None:
    now, then = ask(demo_ledger, by, NOW), ask(demo_ledger, by, Moment(number=log[-1].number))
    measured = [(row.key, {name: row.figures[name] for name in MEASURES}) for row in now.rows]
    assert [(row.key, {name: row.figures[name] for name in MEASURES}) for row in then.rows] == measured
    assert now.number == then.number
    assert {"matching_due", "matching_gap"} == now.total.keys() - then.total.keys()


def test_an_instant_is_the_last_number_recorded_by_then(demo_ledger: Ledger, log: list[Recorded]) -> None:
    now = datetime.now(UTC)
    for one in log[:: len(log) // 20]:
        number = number_by(demo_ledger.store, demo_ledger.id, one.recorded_at, now)
        assert number >= one.number
        assert log[number - 1].recorded_at == one.recorded_at
        assert number == len(log) or log[number].recorded_at > one.recorded_at
    assert number_by(demo_ledger.store, demo_ledger.id, now, now) == len(log)
    for outside in (log[0].recorded_at - timedelta(microseconds=1), now + timedelta(seconds=1)):
        with pytest.raises(OutsideLife):
            number_by(demo_ledger.store, demo_ledger.id, outside, now)


@pytest.mark.parametrize(
    "moment",
    [
        Moment(number=0),
        Moment(number=10**9),
        Moment(period="2024-12"),
        Moment(period="2027-01"),
        Moment(effective_on=date(2024, 12, 31)),
        Moment(effective_on=TODAY + timedelta(1)),
        Moment(number=5, effective_on=date(2024, 12, 31)),
    ],
)
def test_outside_the_ledger_s_life_is_an_error_and_never_zero(demo_ledger: Ledger, moment: Moment) -> None:
    with pytest.raises(OutsideLife):
        ask(demo_ledger, "plan", moment)


def test_pages_of_projects_go_on_past_those_that_were_not_there_yet(demo_ledger: Ledger, log: list[Recorded]) -> None:
    moment = Moment(number=log[-1].number // 2)
    with demo_ledger.reading() as book:
        keys, after = [], None
        while True:
            card = balances(
                demo_ledger.store, demo_ledger.id, book, "project", on=TODAY, moment=moment, limit=50, after=after
            )
            keys += [row.key for row in card.rows if row.key is not None]
            after = card.more
            if after is None:
                break
    whole = [row.key for row in ask(demo_ledger, "project", moment).rows if row.key is not None]
    assert keys == whole
    assert len(keys) > 50
