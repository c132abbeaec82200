"""The year's end as a list: what is carried under which name, what goes back, what closes, and what stands against it."""

from collections import Counter
from datetime import date

from ledger.domain.catalogue import Role
from ledger.domain.money import fen
from ledger.domain.movement import Actor
from ledger.yearend.plan import Fate
from ledger.yearend.trial import Total, Trial, first_day, totals, try_year_end
from tests.domain.test_closing_list import JANUARY, close, with_an_order
from tests.world import World

FIN = Actor("fin", Role.FIN)


def tried(world: World, year: int = 2025, day: date = JANUARY) -> Trial:
    return try_year_end(world.book.copy(), year, day, FIN)


def surplus_after(world: World, years: int, scope: str | None = None) -> None:
    fields = {"name": "surplus_years", "years": years, "document": {"number": "内财规〔2025〕11号"}}
    wide = {} if scope is None else {"scope": scope}
    world.sign("FIN", "STD", "PolicyParameterSet", effective_on="2025-06-01", **fields, **wide)


def lapsing(world: World, fund: str) -> None:
    fields = {"name": "lapse_scope", "choice": "uncommitted", "document": {"number": "内财规〔2025〕9号"}}
    world.sign("FIN", "STD", "PolicyParameterSet", effective_on="2025-06-01", scope=fund, **fields)


def record(world: World, trial: Trial) -> None:
    """The list as one proposal that another person approves."""
    movements = [movement.model_dump(mode="json", exclude_none=True) for movement in trial.movements]
    body = {"proposal": f"year-end-{trial.year}", "effective_on": JANUARY.isoformat(), "movements": movements}
    world.record("FIN", "ProposalSubmitted", **body)
    world.record("STD", "ProposalApproved", proposal=body["proposal"], effective_on=JANUARY.isoformat())


def test_everything_is_carried_with_its_vintage_and_the_year_closes_last() -> None:
    world = with_an_order()
    surplus_after(world, 3)
    trial = tried(world)
    assert (trial.refused, trial.blockers) == (0, [])
    kinds = [line.movement.kind for line in trial.lines if line.movement]
    assert Counter(kinds) == {"BalanceCarriedForward": 11, "PeriodClosed": 13, "YearClosed": 1}
    assert kinds[-1] == "YearClosed"
    assert totals(trial.lines, 2025) == [
        Total("NSF", 2024, 2, 2, fen("13000000"), 0, 0, 0, 0),
        Total("NSF", 2025, 1, 1, fen("160000000"), 0, 0, 0, 0),
        Total("STIDF", 2024, 2, 4, fen("73260000"), 0, 0, 0, 0),
        Total("STIDF", 2025, 1, 4, fen("900000000"), 0, 0, 0, 0),
    ]


def test_what_is_as_old_as_the_parameter_says_is_surplus() -> None:
    world = with_an_order()
    surplus_after(world, 3)
    surplus_after(world, 2, "NSF")
    trial = tried(world)
    assert {(one.fund, one.vintage): (one.carried_over, one.surplus) for one in totals(trial.lines, 2025)} == {
        ("NSF", 2024): (0, fen("13000000")),
        ("NSF", 2025): (fen("160000000"), 0),
        ("STIDF", 2024): (fen("73260000"), 0),
        ("STIDF", 2025): (fen("900000000"), 0),
    }
    reasons = {
        (line.account.source, line.account.vintage): line.movement.reason for line in trial.lines if line.account
    }
    assert reasons["NSF", 2024] == ("2024年指标,2025年末未用完,已满2年,依据内财规〔2025〕11号(满2年为结余)列为结余")
    assert reasons["STIDF", 2025] == "2025年指标,2025年末未用完,结转下年"


def test_without_the_parameter_an_older_vintage_is_undecided_and_its_own_is_not() -> None:
    world = with_an_order()
    trial = tried(world)
    undecided = [line for line in trial.lines if line.fate is Fate.UNDECIDED]
    assert {(line.account.source, line.account.vintage) for line in undecided if line.account} == {
        ("NSF", 2024),
        ("STIDF", 2024),
    }
    assert {(line.refusal.code, line.refusal.details["parameter"]) for line in undecided if line.refusal} == {
        ("PARAMETER_MISSING", "surplus_years")
    }
    assert {(one.refusal.code, one.owners, one.mended_by) for one in trial.blockers} == {
        ("PARAMETER_MISSING", ("FIN", "STD"), ("PolicyParameterSet",))
    }
    assert sum(line.amount for line in undecided) == fen("86260000")


def test_what_lapses_goes_back_to_treasury_by_the_document_of_the_rule() -> None:
    world = with_an_order()
    surplus_after(world, 3)
    lapsing(world, "STIDF")
    trial = tried(world)
    assert trial.refused == 0
    by_vintage = {(one.fund, one.vintage): one for one in totals(trial.lines, 2025)}
    assert by_vintage["STIDF", 2024].withdrawn == fen("5010000.50")
    assert by_vintage["STIDF", 2025].withdrawn == fen("897000000")
    assert by_vintage["STIDF", 2025].carried_over == fen("3000000")
    assert by_vintage["NSF", 2025].withdrawn == 0
    documents = {line.movement.document.number for line in trial.lines if line.fate is Fate.WITHDRAWN}
    assert documents == {"内财规〔2025〕9号"}


def test_as_one_proposal_it_leaves_both_years_consistent_and_memo_accounts_as_they_were() -> None:
    world = with_an_order()
    surplus_after(world, 3)
    lapsing(world, "NSF")
    later = {"project": "KRD-1", "fund": "STIDF", "vintage": 2025, "amount": "2000000"}
    plan = {
        "instalments": [{"instalment": "2", "amount": "2000000"}],
        "later_years": [{"fiscal_year": 2026, "amount": "700000"}],
    }
    world.record("STD", "PreFundingCommitted", effective_on="2025-03-01", **later, **plan)
    reserved = {"call": "CALL-1", "special": "RDT-KRD", "fund": "STIDF", "amount": "5", "expires_on": "2026-12-31"}
    world.record("STD", "FundsReserved", effective_on="2025-03-01", **reserved)
    memo = {found: amount for found, amount in world.book.balances.items() if found.fiscal_year is None and amount}
    assert {found.code[0] for found in memo} == {"F", "P"}
    record(world, tried(world))
    assert {found: amount for found, amount in world.book.balances.items() if found.fiscal_year is None} == memo
    out, into = Counter[tuple[object, ...]](), Counter[tuple[object, ...]]()
    for found, amount in world.book.balances.items():
        if (found.code, found.fiscal_year) == ("B260", 2025):
            out[found.source, found.vintage] += amount
        if (found.code, found.fiscal_year) == ("B101", 2026):
            into[found.source, found.vintage] += amount
    assert out == into
    assert out["STIDF", 2025] == fen("900000000")
    assert world.total("B250", fiscal_year=2025) == fen("160400000")
    assert world.total("B230", fiscal_year=2026, ref="ORD-1") == fen("1000000.01")
    assert tried(world).lines == []
    assert world.replayed().balances == world.book.balances


def test_ordered_money_that_was_carried_is_paid_in_january() -> None:
    world = with_an_order()
    surplus_after(world, 3)
    record(world, tried(world))
    fact = {"order": "ORD-1", "detail": "PAY-1", "amount": "1000000.01", "effective_on": "2026-01-08"}
    assert world.record("TRE", "PaymentSettled", **fact).recorded_as is None
    assert world.total("B240", fiscal_year=2026, project="KRD-1") == fen("1000000.01")


def test_what_blocks_is_named_once_and_keeps_the_months_behind_it_waiting() -> None:
    world = with_an_order()
    surplus_after(world, 3)
    fact = {"item": "PAY-9", "fund": "STIDF", "amount": "12.34", "effective_on": "2025-11-20"}
    world.record("TRE", "UnmatchedSettlementRecorded", **fact)
    trial = tried(world)
    (blocker,) = trial.blockers
    assert (blocker.refusal.details["item"], blocker.refusal.asked, blocker.owners) == ("PAY-9", 1234, ("FIN",))
    refused = [line.movement for line in trial.lines if line.refusal]
    assert [getattr(movement, "closes", movement.kind) for movement in refused if movement] == [
        "2025-11",
        "2025-12",
        "2025-13",
        "YearClosed",
    ]


def test_once_december_is_closed_it_posts_to_the_settling_period_and_an_open_month_of_the_next_year() -> None:
    world = with_an_order()
    surplus_after(world, 3)
    lapsing(world, "STIDF")
    close(world, 2025, *range(1, 13))
    world.record("FIN", "PeriodClosed", closes="2026-01", effective_on="2026-02-05")
    trial = tried(world, day=date(2026, 1, 20))
    assert trial.refused == 0
    carried = [line.movement for line in trial.lines if line.fate is Fate.CARRY_OVER and line.movement]
    assert {(one.posting_period, one.next_period) for one in carried} == {("2025-13", "2026-02")}
    assert {line.movement.posting_period for line in trial.lines if line.account is None and line.movement} == {
        "2026-02"
    }


def test_the_year_before_closes_first() -> None:
    world = with_an_order()
    surplus_after(world, 3)
    trial = tried(world, 2026, date(2027, 1, 20))
    codes = [blocker.refusal.code for blocker in trial.blockers]
    assert codes[0] == "PERIOD_ORDER"
    assert trial.blockers[0].refusal.details["close_first"] == "2025-12"


def test_it_is_dated_in_the_new_year_however_early_it_is_tried() -> None:
    assert first_day(2025, date(2025, 11, 3)) == date(2026, 1, 1)
    assert first_day(2025, JANUARY) == JANUARY
