"""Words of the feature about audit: a population, how a sample is drawn of it, and what is drawn."""

from dataclasses import dataclass

from pytest_bdd import given, parsers, then, when

from ledger.domain.money import fen
from ledger.sampling.drawing import Drawing, Item, Method, draw, start_of


@dataclass
class Drawn:
    """A population, how it was drawn from, and what came of it."""

    population: list[Item]
    how: Drawing | None = None

    def items(self) -> list[int]:
        assert self.how is not None
        return [item.number for item in draw(self.population, self.how)]


def amount(text: str) -> int:
    return fen(text.replace(",", ""))


@given("the population is:", target_fixture="drawn")
def population(datatable: list[list[str]]) -> Drawn:
    return Drawn([Item(int(number), amount(text)) for number, text in datatable[1:]])


@when(parsers.re(r"a sample is drawn by MONETARY_UNIT with seed (?P<seed>\S+) and interval (?P<interval>[\d,.]+)$"))
def by_money(drawn: Drawn, seed: str, interval: str) -> None:
    drawn.how = Drawing(Method.MONETARY_UNIT, seed, interval=amount(interval))


@when(parsers.re(r"a sample is drawn by SIMPLE_RANDOM with seed (?P<seed>\S+) and size (?P<size>\d+)$"))
def at_random(drawn: Drawn, seed: str, size: str) -> None:
    drawn.how = Drawing(Method.SIMPLE_RANDOM, seed, int(size))


@when(parsers.re(r"a sample is drawn by ALL_ABOVE with threshold (?P<threshold>[\d,.]+)$"))
def all_above(drawn: Drawn, threshold: str) -> None:
    drawn.how = Drawing(Method.ALL_ABOVE, threshold=amount(threshold))


@then(parsers.re(r"the start is (?P<start>[\d,.]+)$"))
def the_start(drawn: Drawn, start: str) -> None:
    assert drawn.how is not None
    assert drawn.how.interval is not None
    assert start_of(drawn.how.seed, drawn.how.interval) == amount(start)


@then(parsers.re(r"the items are (?P<numbers>[\d ]+)$"))
def the_items(drawn: Drawn, numbers: str) -> None:
    assert drawn.items() == [int(number) for number in numbers.split()]
