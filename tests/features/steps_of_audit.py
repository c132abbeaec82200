"""Words of the feature about audit: what is drawn of a population, what may be funded twice, whose duties must not meet."""

from dataclasses import dataclass

from pytest_bdd import given, parsers, then, when

from ledger.access.register import Entry, Person
from ledger.access.segregation import Finding, Signed, Signer, findings
from ledger.domain.catalogue import Role
from ledger.domain.duplicates import Funded, Group, duplicates
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


@given("the projects are funded:", target_fixture="funded")
def projects_funded(datatable: list[list[str]]) -> list[Funded]:
    """Each with one yuan in each of its years."""
    return [
        Funded(project, title, special, undertaker, dict.fromkeys(map(int, years.split()), 100))
        for project, title, special, undertaker, years in datatable[1:]
    ]


@when("duplicate funding is looked for", target_fixture="groups")
def looked_for(funded: list[Funded]) -> list[Group]:
    return duplicates(funded)


@then("the groups are:")
def the_groups(groups: list[Group], datatable: list[list[str]]) -> None:
    told = [[group.basis.value, " ".join(one.project for one in group.projects)] for group in groups]
    assert told == datatable[1:]


def _signer(text: str) -> Signer:
    """``who:ROLE``, or ``who:ROLE:for whom``."""
    who, role, *acting_for = text.split(":")
    return Signer(who, Role(role), *acting_for)


@given("these are signed:", target_fixture="signed")
def these_are_signed(datatable: list[list[str]]) -> list[Signed]:
    return [Signed(tuple(map(_signer, signers.split())), (int(number),)) for number, _, signers in datatable[1:]]


@given(
    parsers.re(r"accounts (?P<one>\w+) and (?P<other>\w+) are one human's, (?P<human>\w+)$"), target_fixture="people"
)
def one_human(one: str, other: str, human: str) -> list[Entry]:
    return [Entry(Person(account, human, account), True, None, (), (), None) for account in (one, other)]


@when("the segregation of duties is looked at", target_fixture="met")
def looked_at(signed: list[Signed], people: list[Entry]) -> list[Finding]:
    return findings(signed, [], [], people)


@then("the findings are:")
def the_findings(met: list[Finding], datatable: list[list[str]]) -> None:
    told = [[one.duty.value, one.human, " ".join(one.roles), " ".join(map(str, one.numbers))] for one in met]
    assert told == datatable[1:]
