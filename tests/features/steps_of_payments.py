"""More words of the features: orders and settlements in short, what was taken back, what of a pledge is missing."""

from datetime import date

from pytest_bdd import given, parsers, then

from ledger.domain.accounts import account
from ledger.domain.matching import PLEDGES, due_and_gap
from ledger.domain.money import grouped_yuan
from ledger.projections.figures import MEASURES
from tests.features.cells import signed_fen
from tests.world import World, party


@given(
    parsers.re(
        r"(?P<amount>[\d,.]+) yuan of instalment (?P<instalment>\S+) of (?P<name>\S+) are ordered as (?P<order>\S+)"
        r" under (?P<document>\S+) on (?P<day>[\d-]+)$"
    )
)
def ordered(world: World, amount: str, instalment: str, name: str, order: str, document: str, day: str) -> None:
    where = {"project": name, "instalment": instalment, "payee": party("university"), "effective_on": day}
    more = {"order": order, "amount": amount.replace(",", ""), "document": {"number": document}}
    world.record("STD", "PaymentOrdered", **where, **more)


@given(
    parsers.re(r"(?P<amount>[\d,.]+) yuan of order (?P<order>\S+) are settled as (?P<detail>\S+) on (?P<day>[\d-]+)$")
)
def settled(world: World, amount: str, order: str, detail: str, day: str) -> None:
    paid = {"order": order, "detail": detail, "amount": amount.replace(",", ""), "effective_on": day}
    assert world.record("TRE", "PaymentSettled", **paid).recorded_as is None


@given(parsers.re(r"two people of finance took back (?P<what>.+) on (?P<day>[\d-]+)$"))
def taken_back(world: World, what: str, day: str) -> None:
    """``PaymentOrdered ORD-1 and PaymentRejected REJ-1``: kinds, each with what one of its fields says."""
    numbers = [
        next(
            one.number for one in world.log if one.movement.kind == kind and name in one.movement.model_dump().values()
        )
        for kind, name in (part.split() for part in what.split(" and "))
    ]
    lines = [{"number": number} for number in numbers]
    world.sign("FIN", "FIN2", "EntryCorrected", lines=lines, reason="录入有误", effective_on=day)


@then(
    parsers.re(
        r"of pledge (?P<name>\S+) (?P<due>[\d,.]+) is due before (?P<day>[\d-]+) and (?P<gap>[\d,.]+) of it missing$"
    )
)
def due_and_missing(world: World, name: str, due: str, day: str, gap: str) -> None:
    pledge = PLEDGES.of(world.book)[name]
    outstanding, received = (world.book.balance(account(code, pledge.at)) for code in ("M100", "M110"))
    found = due_and_gap(pledge, outstanding, received, date.fromisoformat(day))
    assert [grouped_yuan(amount) for amount in found] == [grouped_yuan(signed_fen(due)), grouped_yuan(signed_fen(gap))]


@then(parsers.re(r"suspense posted in (?P<month>[\d-]+) is (?P<amount>[\d,.]+)$"))
def suspense_of_month(world: World, month: str, amount: str) -> None:
    legs = (entry.leg for one in world.log for entry in one.entries)
    moved = sum(leg.amount for leg in legs if leg.account.code == "X900" and leg.period == month)
    assert grouped_yuan(moved) == grouped_yuan(signed_fen(amount))


@then(parsers.re(r"it alerts that (?P<measure>[a-z]+) ended (?P<day>[\d-]+) at (?P<amount>-[\d,.]+)$"))
def it_alerts(world: World, measure: str, day: str, amount: str) -> None:
    (alert,) = world.accepted[-1].alerts
    assert (alert.account.code, alert.day.isoformat()) == (MEASURES[measure], day)
    assert grouped_yuan(alert.held) == grouped_yuan(signed_fen(amount))


@then("it alerts to nothing")
def it_alerts_to_nothing(world: World) -> None:
    assert world.accepted[-1].alerts == ()
