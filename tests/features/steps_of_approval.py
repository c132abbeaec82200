"""More words of the features: proposals that wait, are approved, turned down or expire; corrections by number."""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from pytest_bdd import given, parsers, then, when

from ledger.domain.approval import PROPOSALS
from ledger.domain.money import grouped_yuan
from ledger.domain.movement import Actor
from ledger.domain.parameter import PARAMETERS, Setting, in_force
from ledger.domain.signing import SIGNING_RULES, day_of_judging, rules_in_force
from tests.features.cells import fields, signed_fen
from tests.features.conftest import attempt, variant
from tests.world import YEAR_OPENS, World, actor

_WHO = r"(?P<who>(?:[a-z]+ as )?[A-Z]+[23]?(?: of \w+)?(?: within \w+)?(?: for [a-z]+[23]?)?)"
_AS = r" it as (?P<proposal>[\w-]+)(?:, open until (?P<last>[\d-]+))?"
_VARIANT = r"(?: with (?P<name>\w+) (?P<text>.+)| without (?P<absent>\w+))?$"
_ON = (
    r" (?P<proposal>[\w-]+)(?: without lines? (?P<struck>\d+(?:, \d+)*))?(?P<noted> as it was noted down)?"
    r" on (?P<day>[\d-]+)$"
)


def person(who: str) -> Actor:
    """``FIN2``, or ``li as FIN``: a human by name, behind whichever role; ``for wang``: in whose place."""
    who, _, acting_for = who.partition(" for ")
    name, _, role = who.rpartition(" as ")
    found = actor(role)._replace(acting_for=acting_for or None)
    return found._replace(subject=name) if name else found


def ask(world: World, who: str, kind: str, **request: Any) -> None:
    world.record_as(person(who), kind, **request)


# -- proposals


@pytest.fixture
def beside() -> list[dict[str, Any]]:
    """The requests that are proposed together with "it", after it."""
    return []


@given(parsers.re(r"beside it the request (?P<kind>[A-Z]\w+):$"))
def drafted_beside(beside: list[dict[str, Any]], kind: str, datatable: list[list[str]]) -> None:
    beside.append({"kind": kind, **fields(datatable)})


def propose(world: World, who: str, proposal: str, movements: list[dict[str, Any]], last: str | None) -> None:
    until = {"expires_on": last} if last else {}
    request = {"proposal": proposal, "effective_on": movements[0]["effective_on"], "movements": movements, **until}
    ask(world, who, "ProposalSubmitted", **request)


@given(parsers.re(_WHO + r" proposed" + _AS + _VARIANT))
def proposed(
    world: World,
    draft: dict[str, Any],
    beside: list[dict[str, Any]],
    who: str,
    proposal: str,
    last: str | None,
    name: str | None,
    text: str | None,
    absent: str | None,
) -> None:
    propose(world, who, proposal, [variant(draft, name, text, absent), *beside], last)


@when(parsers.re(_WHO + r" proposes" + _AS + _VARIANT))
def proposes(
    world: World,
    draft: dict[str, Any],
    beside: list[dict[str, Any]],
    who: str,
    proposal: str,
    last: str | None,
    name: str | None,
    text: str | None,
    absent: str | None,
) -> None:
    attempt(world, lambda: propose(world, who, proposal, [variant(draft, name, text, absent), *beside], last))


@given(parsers.re(_WHO + r" (?P<what>approved|rejected)" + _ON))
def decided(world: World, who: str, what: str, proposal: str, struck: str | None, day: str) -> None:
    lines = {"struck": [int(line) for line in struck.split(", ")]} if struck else {}
    ask(world, who, f"Proposal{what.capitalize()}", proposal=proposal, effective_on=day, **lines)


@when(parsers.re(_WHO + r" (?P<what>approve|reject)s" + _ON))
def decides(
    world: World,
    digests: dict[str, str],
    who: str,
    what: str,
    proposal: str,
    struck: str | None,
    noted: str | None,
    day: str,
) -> None:
    kind = {"approve": "ProposalApproved", "reject": "ProposalRejected"}[what]
    more: dict[str, Any] = {"struck": [int(line) for line in struck.split(", ")]} if struck else {}
    more |= {"digest": digests[proposal]} if noted else {}
    before = world.snapshot()
    attempt(world, lambda: ask(world, who, kind, proposal=proposal, effective_on=day, **more))
    assert world.refusal is None or world.snapshot() == before, "a refused decision left a trace"


@pytest.fixture
def digests() -> dict[str, str]:
    """Proposal → the digest that was noted down."""
    return {}


@given(parsers.re(r"the digest of (?P<proposal>[\w-]+) is noted down$"))
def digest_noted(world: World, digests: dict[str, str], proposal: str) -> None:
    digests[proposal] = PROPOSALS.of(world.book)[proposal].digest


@given(
    parsers.re(
        r"(?P<kinds>[A-Z]\w+(?:, [A-Z]\w+)*) from (?P<amount>[\d,.]+) yuan on (?:is|are) also signed by (?P<steps>.+)$"
    )
)
def ruled(world: World, kinds: str, amount: str, steps: str) -> None:
    fields = {"kinds": kinds.split(", "), "from_amount": amount.replace(",", ""), "steps": steps.split(", ")}
    rule = f"R-{len(SIGNING_RULES.of(world.book)) + 1}"
    world.sign(
        "FIN", "STD", "SigningRuleSet", rule=rule, document={"number": "办法"}, effective_on=YEAR_OPENS, **fields
    )


@then(parsers.re(r"proposal (?P<proposal>[\w-]+) awaits (?P<roles>[A-Z]+(?:, [A-Z]+)*)$"))
def proposal_awaits(world: World, proposal: str, roles: str) -> None:
    rules = rules_in_force(world.book, day_of_judging(world.book, world.log[-1].movement))
    assert list(PROPOSALS.of(world.book)[proposal].awaits(rules)) == roles.split(", ")


@then(parsers.re(r"line (?P<line>\d+) of (?P<proposal>[\w-]+) was struck out by (?P<who>[A-Z]+[23]?)$"))
def struck_by(world: World, line: str, proposal: str, who: str) -> None:
    by = [one.actor for one in PROPOSALS.of(world.book)[proposal].approvals if int(line) in one.struck]
    assert by == [actor(who)]
    journal = [one.actor for one in world.log if int(line) in (getattr(one.movement, "struck", None) or ())]
    assert journal == by


@then(parsers.re(_WHO + r" is recorded as signing under (?P<proposal>[\w-]+)$"))
def is_recorded_as_signing(world: World, who: str, proposal: str) -> None:
    approval, *movements = world.accepted
    assert approval.actor == person(who)
    assert movements
    assert all(one.approvals[-1] == person(who) and one.proposal == proposal for one in movements)


@given(parsers.re(r"it is (?P<day>[\d-]+) (?P<hour>\d\d:\d\d) in Shanghai$"))
def clock(world: World, day: str, hour: str) -> None:
    """Of whatever is recorded from here on."""
    local = datetime.fromisoformat(f"{day}T{hour}").replace(tzinfo=timezone(timedelta(hours=8)))
    world.book.now = local.astimezone(UTC)


_SIGNERS = r"(?P<signers>[A-Z]+[23]?(?:, [A-Z]+[23]?)* and [A-Z]+[23]?)"


@then(parsers.re(r"it is signed by " + _SIGNERS + r" under (?P<proposal>[\w-]+)$"))
def signed_by(world: World, signers: str, proposal: str) -> None:
    """Each movement of the proposal; the approval that brought them is the last one's alone."""
    approval, *movements = world.accepted
    names = signers.replace(" and ", ", ").split(", ")
    assert approval.actor.as_recorded == actor(names[-1])
    assert movements
    first_actor, *others = (actor(who).as_recorded for who in names)
    assert {(one.actor, one.approvals, one.proposal) for one in movements} == {(first_actor, tuple(others), proposal)}


@then(parsers.re(r"the approval and (?P<kinds>[\w ,]+) are recorded, in this order$"))
def recorded_in_order(world: World, kinds: str) -> None:
    expected = ["ProposalApproved", *kinds.replace(",", " ").split()]
    assert [one.movement.kind for one in world.accepted] == expected
    assert [one.number for one in world.accepted] == list(
        range(world.book.number - len(expected) + 1, world.book.number + 1)
    )


@then(parsers.re(r"proposal (?P<proposal>[\w-]+) is (?P<status>open|approved|rejected)$"))
def proposal_is(world: World, proposal: str, status: str) -> None:
    assert PROPOSALS.of(world.book)[proposal].status.lower() == status


@then(parsers.re(r"nobody knows a proposal (?P<proposal>[\w-]+)$"))
def proposal_unknown(world: World, proposal: str) -> None:
    assert proposal not in PROPOSALS.of(world.book)


# -- corrections of what is named, not of the last of its kind


def number_of(world: World, what: str) -> int:
    """``PaymentSettled PAY-1``: the first of a kind of which a field says so; ``number 7`` is a number."""
    kind, name = what.split()
    if kind == "number":
        return int(name)
    return next(
        one.number
        for one in world.log
        if one.movement.kind == kind and name in one.movement.model_dump(mode="json").values()
    )


@given(parsers.re(r"the correction on (?P<day>[\d-]+):$"))
def drafted_correction(world: World, draft: dict[str, Any], day: str, datatable: list[list[str]]) -> None:
    """Rows of movement, field and what it should have said, over what was recorded first; or ``taken back``."""
    lines: dict[int, dict[str, Any]] = {}
    recorded = {one.number: one.movement for one in world.log}
    for what, name, text in datatable:
        number = number_of(world, what)
        line = lines.setdefault(number, {"number": number})
        if name != "taken back":
            before = line.get("replacement") or recorded[number].model_dump(mode="json", exclude_none=True)
            line["replacement"] = {**before, **fields([[name, text]])}
    draft.clear()
    draft.update(kind="EntryCorrected", lines=list(lines.values()), reason="录入有误", effective_on=day)


@given("the correction names its first line twice")
def line_twice(draft: dict[str, Any]) -> None:
    draft["lines"].append(draft["lines"][0])


@pytest.fixture
def noted() -> list[Any]:
    return []


def written(world: World) -> list[Any]:
    return [
        (one.number, one.voucher, one.actor, one.movement.model_dump_json(), tuple(entry.leg for entry in one.entries))
        for one in world.log
    ]


@given("what is recorded so far is noted down")
def note(world: World, noted: list[Any]) -> None:
    noted.extend(written(world))


@then("what was noted down is recorded as it was")
def as_noted(world: World, noted: list[Any]) -> None:
    assert noted
    assert written(world)[: len(noted)] == noted


@given(parsers.re(r"the month (?P<year>\d{4})-(?P<month>\d{2}) is closed as well$"))
def one_more_closed(world: World, year: str, month: str) -> None:
    world.record("FIN", "PeriodClosed", closes=f"{year}-{month}", effective_on=f"{year}-{int(month) + 1:02d}-05")


@then(parsers.re(r"what special (?P<special>\S+) has available at the end of (?P<day>[\d-]+) is (?P<amount>[\d,.]+)$"))
def available_on(world: World, special: str, day: str, amount: str) -> None:
    """As it is known today, corrections included."""
    legs = (entry.leg for one in world.log for entry in one.entries)
    held = sum(
        leg.amount
        for leg in legs
        if (leg.account.code, leg.account.special) == ("B210", special) and leg.effective_on <= date.fromisoformat(day)
    )
    assert grouped_yuan(held) == grouped_yuan(signed_fen(amount))


# -- parameters


_PARAMETER = r"(?P<name>[a-z]+_[a-z_]+) of (?P<scope>[A-Z-]+|all) is "


def in_force_on(world: World, name: str, scope: str, day: str) -> Setting | None:
    return in_force(world.book, name, "" if scope == "all" else scope, date.fromisoformat(day))


@then(parsers.re(_PARAMETER + r"(?P<value>\S+) by (?P<document>\S+) on (?P<day>[\d-]+)$"))
def parameter_is(world: World, name: str, scope: str, value: str, document: str, day: str) -> None:
    setting = in_force_on(world, name, scope, day)
    assert setting is not None
    expected = signed_fen(value) if PARAMETERS[name].unit == "amount" else value
    assert (str(setting.value), setting.document) == (str(expected), document)


@then(parsers.re(_PARAMETER + r"unset on (?P<day>[\d-]+)$"))
def parameter_is_unset(world: World, name: str, scope: str, day: str) -> None:
    assert in_force_on(world, name, scope, day) is None
