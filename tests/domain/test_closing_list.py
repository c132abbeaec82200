"""The closing list: each thing that blocks, with its amount and owner; what is only to be looked at; and what facts alert to."""

from datetime import date
from typing import Any

from ledger.domain.blocking import Blocker
from ledger.domain.closing_list import Closing, Concern, closes_next, years_of
from ledger.domain.money import fen
from tests.world import World, opened_2025, party, project

MAY = date(2025, 5, 5)
JANUARY = date(2026, 1, 20)


def with_an_order() -> World:
    """KRD-1 has 3,000,000 committed, of which 1,000,000.01 are ordered on 10 March as ORD-1."""
    world = opened_2025()
    where = {"fund": "STIDF", "vintage": 2025, "special": "RDT-KRD", "effective_on": "2025-02-01"}
    world.sign("STD", "FIN", "FundsAllocated", amount="300000000", **where)
    project(world, "KRD-1", "RDT-KRD", "COMPETITIVE")
    plan = [{"instalment": "1", "amount": "3000000"}]
    committed = {"project": "KRD-1", "fund": "STIDF", "vintage": 2025, "amount": "3000000", "instalments": plan}
    world.record("STD", "PreFundingCommitted", effective_on="2025-02-10", **committed)
    order(world, "ORD-1", "1000000.01")
    return world


def order(world: World, name: str, amount: str, day: str = "2025-03-10") -> None:
    pay = {"project": "KRD-1", "instalment": "1", "payee": party("university"), "document": {"number": f"拨付-{name}"}}
    world.record("STD", "PaymentOrdered", order=name, amount=amount, effective_on=day, **pay)


def close(world: World, year: int, *months: int) -> None:
    for month in months:
        day = f"{year + month // 12}-{month % 12 + 1:02d}-05"
        world.record("FIN", "PeriodClosed", closes=f"{year}-{month:02d}", effective_on=day)


def the_next(world: World, day: date) -> Closing:
    (closing,) = closes_next(world.book, 2025, day)
    return closing


def told(blockers: list[Blocker]) -> list[tuple[Any, ...]]:
    return [(one.refusal.code, one.refusal.asked, one.owners, one.mended_by) for one in blockers]


def test_an_empty_ledger_has_no_years() -> None:
    assert list(years_of(World().book)) == []


def test_the_first_open_month_is_next_and_nothing_stands_against_it() -> None:
    world = with_an_order()
    closing = the_next(world, MAY)
    assert (closing.closes, closing.kind, closing.blockers) == ("2025-01", "PeriodClosed", [])
    close(world, 2025, 1, 2)
    assert the_next(world, MAY).closes == "2025-03"


def test_each_suspense_item_and_the_missing_signature_are_named_with_their_owner() -> None:
    world = with_an_order()
    close(world, 2025, 1, 2, 3)
    rule = {"name": "reconciliation_required", "choice": "yes", "document": {"number": "内财库〔2025〕7号"}}
    world.sign("FIN", "STD", "PolicyParameterSet", effective_on="2025-05-01", **rule)
    for item, fund, amount in (("PAY-8", "STIDF", "1000.02"), ("PAY-9", "UNKNOWN", "1000000.01")):
        fact = {"item": item, "fund": fund, "amount": amount, "effective_on": "2025-04-08"}
        world.record("TRE", "UnmatchedSettlementRecorded", **fact)
    closing = the_next(world, MAY)
    assert told(closing.blockers) == [
        ("SUSPENSE_OPEN", fen("1000.02"), ("FIN",), ("SuspenseCleared",)),
        ("SUSPENSE_OPEN", fen("1000000.01"), ("FIN",), ("SuspenseCleared",)),
        ("NOT_CLEARED", None, ("FIN",), ("ReconciliationSignedOff",)),
    ]
    assert [one.refusal.details.get("item") for one in closing.blockers] == ["PAY-8", "PAY-9", None]


def test_after_december_the_settling_period_and_the_year_name_every_balance_with_project_and_reference() -> None:
    world = with_an_order()
    close(world, 2025, *range(1, 13))
    settling, year = closes_next(world.book, 2025, JANUARY)
    assert (settling.closes, year.closes, year.kind) == ("2025-13", "2025", "YearClosed")
    held = {
        (one.account.code, one.account.project, one.account.ref, one.account.vintage): one.refusal.asked
        for one in settling.blockers
        if one.account is not None
    }
    assert held["B220", "KRD-1", "1", 2025] == fen("1999999.99")
    assert held["B230", "KRD-1", "ORD-1", 2025] == fen("1000000.01")
    assert held["B220", "OLD-MSTP", "rest", 2024] == fen("42000000")
    assert sum(one.refusal.asked or 0 for one in settling.blockers) == fen("1146260000")
    assert [one.refusal.asked for one in year.blockers] == [one.refusal.asked for one in settling.blockers]
    owners = {one.account.code: one.owners for one in settling.blockers if one.account}
    assert owners["B230"] == ("FIN", "TRE", "STD")


def test_the_month_before_is_named_as_what_closes_first() -> None:
    world = with_an_order()
    quota = {"fund": "STIDF", "vintage": 2026, "amount": "1", "document": {"number": "内财科〔2026〕1号"}}
    world.record("FIN", "AppropriationReceived", effective_on="2026-01-05", **quota)
    assert list(years_of(world.book)) == [2025, 2026]
    (closing,) = closes_next(world.book, 2026, JANUARY)
    (blocker,) = closing.blockers
    assert (blocker.refusal.code, blocker.refusal.details["close_first"]) == ("PERIOD_ORDER", "2025-12")
    assert (blocker.owners, blocker.mended_by) == (("FIN",), ("PeriodClosed",))


def concerns(closing: Closing) -> list[tuple[Any, ...]]:
    return [(one.concern, one.amount, one.ref, one.owners) for one in closing.notices]


def test_orders_that_are_not_settled_are_looked_at_from_their_month_on() -> None:
    world = with_an_order()
    assert concerns(the_next(world, MAY)) == []
    close(world, 2025, 1, 2)
    assert concerns(the_next(world, MAY)) == [
        (Concern.ORDER_NOT_SETTLED, fen("1000000.01"), "ORD-1", ("TRE", "STD")),
    ]


def test_a_proposal_that_posts_to_the_month_is_looked_at_with_whom_it_awaits() -> None:
    world = with_an_order()
    close(world, 2025, 1, 2)
    held = {"fund": "STIDF", "vintage": 2025, "special": "RDT-CHN", "amount": "7.50"}
    allocation = {"kind": "FundsAllocated", "effective_on": "2025-03-20", **held}
    world.record("STD", "ProposalSubmitted", proposal="P-1", effective_on="2025-03-20", movements=[allocation])
    assert (Concern.PROPOSAL_WAITS, 750, "P-1", ("FIN",)) in concerns(the_next(world, MAY))
    world.record("STD", "ProposalRejected", proposal="P-1", effective_on="2025-03-21")
    assert Concern.PROPOSAL_WAITS not in [one.concern for one in the_next(world, MAY).notices]


def test_a_rejected_payment_is_looked_at_until_it_is_ordered_again() -> None:
    world = with_an_order()
    close(world, 2025, 1, 2)
    back = {"order": "ORD-1", "amount": "1000000.01", "detail": "REJ-1", "effective_on": "2025-03-12"}
    world.record("TRE", "PaymentRejected", **back)
    assert concerns(the_next(world, MAY)) == [(Concern.PAYMENT_REJECTED, fen("3000000"), "ORD-1", ("STD",))]
    pay = {"project": "KRD-1", "instalment": "1", "payee": party("university"), "document": {"number": "拨付-ORD-1"}}
    world.record("STD", "PaymentOrdered", order="ORD-2", amount="1000000.01", effective_on="2025-03-15", **pay)
    assert concerns(the_next(world, MAY)) == [
        (Concern.ORDER_NOT_SETTLED, fen("1000000.01"), "ORD-2", ("TRE", "STD")),
    ]


def test_a_fact_dated_before_its_order_alerts_and_is_looked_at() -> None:
    world = with_an_order()
    fact = {"order": "ORD-1", "detail": "PAY-1", "amount": "400000.01", "effective_on": "2025-03-07"}
    settled = world.record("TRE", "PaymentSettled", **fact)
    (alert,) = settled.alerts
    assert (alert.account.code, alert.account.ref) == ("B230", "ORD-1")
    assert (alert.day, alert.held) == (date(2025, 3, 7), -fen("400000.01"))
    close(world, 2025, 1, 2)
    assert (Concern.BELOW_ZERO, -fen("400000.01"), "ORD-1", ("TRE", "FIN")) in concerns(the_next(world, MAY))


def test_a_fact_on_its_day_alerts_to_nothing() -> None:
    world = with_an_order()
    fact = {"order": "ORD-1", "detail": "PAY-1", "amount": "1000000.01", "effective_on": "2025-03-10"}
    assert world.record("TRE", "PaymentSettled", **fact).alerts == ()
    assert world.log[-2].alerts == ()
