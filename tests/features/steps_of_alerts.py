"""Words of the features about alerts: what is named on a day, and what cannot be said without a parameter."""

from datetime import date

from pytest_bdd import parsers, then

from ledger.domain.alert import Alert, alerts_on, terms
from ledger.domain.dues import all_dues
from ledger.domain.money import grouped_yuan
from tests.world import World


def amounts(world: World, day: str, kind: str, about: str) -> list[str]:
    """What the alerts of a kind about a project, special, fund, pledge or call are of, the smallest first."""
    on = date.fromisoformat(day)
    found = [due for due in alerts_on(world.book, on, all_dues(world.book)) if due.kind == Alert(kind)]
    return [
        grouped_yuan(due.amount)
        for due in sorted(found, key=lambda due: due.amount)
        if about in (due.project, due.special, due.source, due.ref)
    ]


@then(parsers.re(r"on (?P<day>[\d-]+) (?P<kind>[A-Z_]+) says (?P<said>[\d,. ]+) of (?P<about>\S+)$"))
def says(world: World, day: str, kind: str, said: str, about: str) -> None:
    assert sorted(amounts(world, day, kind, about)) == sorted(said.split())


@then(parsers.re(r"on (?P<day>[\d-]+) nothing says (?P<kind>[A-Z_]+) of (?P<about>\S+)$"))
def says_nothing(world: World, day: str, kind: str, about: str) -> None:
    assert amounts(world, day, kind, about) == []


@then(parsers.re(r"on (?P<day>[\d-]+) (?P<kind>[A-Z_]+) asks for its parameter$"))
def asks_for_a_parameter(world: World, day: str, kind: str) -> None:
    assert Alert(kind) in {missing.kind for missing in terms(world.book, date.fromisoformat(day)).missing}
