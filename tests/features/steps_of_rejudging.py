"""Words for what was recorded, judged again: under the parameters then in force, or under others."""

import json
from datetime import date

from pytest_bdd import parsers, then, when

from ledger.domain.decision import Accepted
from ledger.domain.money import fen
from ledger.domain.parameter import PARAMETERS, ParameterValue, Supposed, supposed, supposed_as_on
from ledger.domain.refusals import Refusal
from tests.world import World

Refused = list[tuple[Accepted, Refusal]]


@when("everything is judged again", target_fixture="refused")
def judged_again(world: World) -> Refused:
    return world.rejudged()[1]


@when(
    parsers.re(r"everything is judged again with (?P<name>\w+) of (?P<scope>[\w-]+) (?P<value>[\d,.]+)$"),
    target_fixture="refused",
)
def judged_with(world: World, name: str, scope: str, value: str) -> Refused:
    given = {"name": name, PARAMETERS[name].unit: value.replace(",", "")}
    asked = ParameterValue.model_validate_json(json.dumps(given | ({"scope": scope} if scope != "all" else {})))
    asked.check_value(world.book)
    return _told(world, supposed([asked]))


@when(parsers.re(r"everything is judged again as on (?P<day>[\d-]+)$"), target_fixture="refused")
def judged_as_on(world: World, day: str) -> Refused:
    return _told(world, supposed_as_on(world.book, date.fromisoformat(day)))


def _told(world: World, settings: Supposed) -> Refused:
    """History stays as it is, whatever would be refused of it."""
    book, refused = world.rejudged(settings)
    assert book.balances == world.book.balances
    return refused


@then("nothing would be refused")
def nothing(refused: Refused) -> None:
    assert refused == []


@then(parsers.re(r"(?P<kind>[A-Z][a-zA-Z]+) with (?P<code>[A-Z_]+), short (?P<short>[\d,.]+) would be refused$"))
def would_be_refused(refused: Refused, kind: str, code: str, short: str) -> None:
    told = [(one.movement.kind, refusal.code, refusal.short_by) for one, refusal in refused]
    assert told == [(kind, code, fen(short.replace(",", "")))]
