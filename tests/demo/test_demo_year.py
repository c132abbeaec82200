"""The demo year reaches what was publicly reported, recomputed from the log and the balances, not from its own plan."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date

import pytest

from ledger.application import Ledger
from ledger.codec import Recorded, decode
from ledger.demo import DemoRefused, record_demo_year, scenes
from ledger.demo.scenes import movement
from ledger.domain.appropriation import AppropriationReceived
from ledger.domain.catalogue import SPECIALS, Role
from ledger.domain.issuance import QuotaIssued
from ledger.domain.money import fen
from ledger.domain.movement import Actor
from ledger.domain.prefunding import PreFundingCommitted
from ledger.domain.project import ProjectRegistered
from ledger.projections.balances import balances

MILLION = fen("1000000")


def recorded(ledger: Ledger) -> Iterator[Recorded]:
    after = 0
    while page := ledger.store.select_events(ledger.id, gt=after, limit=1000):
        yield from (decode(event.state) for event in page)
        after = page[-1].originator_version


def test_eight_batches_bring_2510_million(demo_ledger: Ledger) -> None:
    by_batch: dict[str, int] = defaultdict(int)
    for one in recorded(demo_ledger):
        if isinstance(one.movement, AppropriationReceived) and one.movement.batch_no:
            by_batch[one.movement.batch_no] += one.movement.amount
    assert sorted(by_batch) == [str(number) for number in range(1, 9)]
    assert sum(by_batch.values()) == 2_510 * MILLION
    assert by_batch["6"] == 215 * MILLION


def test_every_batch_is_committed_to_projects_to_the_fen(demo_ledger: Ledger) -> None:
    quota: dict[str, int] = defaultdict(int)
    given: dict[str, int] = defaultdict(int)
    for one in recorded(demo_ledger):
        found = one.movement
        if isinstance(found, AppropriationReceived) and found.batch_no:
            quota[found.batch_no] += found.amount
        if isinstance(found, PreFundingCommitted) and found.document is not None:
            batch = found.document.number.partition("第")[2].removesuffix("批")
            given[batch] += found.amount
    assert given == quota


def test_the_nsf_first_batch_goes_to_1897_projects(demo_ledger: Ledger) -> None:
    projects = [one.movement for one in recorded(demo_ledger) if isinstance(one.movement, ProjectRegistered)]
    nsf = [found for found in projects if found.special == "BAS-NSP"]
    assert len(nsf) == 1_897
    assert sum("重大应用基础研究" in found.title for found in nsf) == 39
    with demo_ledger.reading() as book:
        held = {
            code: sum(amount for _, amount in book.standing(code, source="NSF", vintage=2025, special="BAS-NSP"))
            for code in ("B220", "B230", "B240", "B245")
        }
    assert sum(held.values()) == 215 * MILLION
    assert held["B245"] == 33 * MILLION
    assert sum(held.values()) - held["B245"] == 182 * MILLION


def test_twelve_leagues_receive_quota(demo_ledger: Ledger) -> None:
    issued = [one.movement for one in recorded(demo_ledger) if isinstance(one.movement, QuotaIssued)]
    leagues = {found.league for found in issued if found.to == "LEAGUE"}
    assert len(leagues) == 12


def test_sixty_six_cooperation_projects(demo_ledger: Ledger) -> None:
    projects = [one.movement for one in recorded(demo_ledger) if isinstance(one.movement, ProjectRegistered)]
    assert sum(found.special == "CAP-COP" for found in projects) == 66


def test_all_fourteen_specials_hold_something(demo_ledger: Ledger) -> None:
    with demo_ledger.reading() as book:
        card = balances(demo_ledger.store, demo_ledger.id, book, "special", on=date(2025, 7, 1))
    totals = {row.key: row.figures["total"] + row.figures["original_channel"] for row in card.rows}
    assert all(totals[special] > 0 for special in SPECIALS)


def test_predecessors_are_empty_and_the_groupings_agree(demo_ledger: Ledger) -> None:
    with demo_ledger.reading() as book:
        assert not book.standing("B200", "B210", "B220", "B230", source="ATRD")
        cards = [
            balances(demo_ledger.store, demo_ledger.id, book, by, on=date(2025, 7, 1))
            for by in ("plan", "special", "fund")
        ]
        everything = sum(amount for found, amount in book.balances.items() if found.code in ("B100", "B101", "X900"))
    assert {card.total["total"] for card in cards} == {everything}
    for card in cards:
        assert sum(row.figures["total"] for row in card.rows) == card.total["total"]


def test_a_year_of_life_is_in_it(demo_ledger: Ledger) -> None:
    kinds = Counter(one.movement.kind for one in recorded(demo_ledger))
    expected = (
        "OpeningBalanceImported PredecessorFundConsolidated FundsReallocatedWithinFund FundsReallocatedBetweenFunds "
        "FundsReserved QuotaIssued NationalProjectFiled MatchingCommitted MatchingReceived OriginalChannelFundingRecorded "
        "CoFundingRecorded UndertakerExpenditureReported MilestoneAssessed TeamEliminated CommitmentReleased "
        "PaymentOrdered PaymentSettled PaymentRejected PaymentRefunded UnmatchedSettlementRecorded SuspenseCleared "
        "PostSubsidyVerified PostSubsidyCommitted RecoveryOrdered RecoveryReceived RepaymentReceived PeriodClosed "
        "PolicyParameterSet ProposalSubmitted ProposalApproved"
    )
    assert not [kind for kind in expected.split() if not kinds[kind]]


def test_synthetic_projects_say_so(demo_ledger: Ledger) -> None:
    titles = [one.movement.title for one in recorded(demo_ledger) if isinstance(one.movement, ProjectRegistered)]
    assert all(title.startswith("(演示)") for title in titles)
    assert len(titles) - len(set(titles)) == 1, "one is funded twice on purpose"


def test_recording_it_again_changes_nothing(demo_ledger: Ledger) -> None:
    with demo_ledger.reading() as book:
        before = book.number
    record_demo_year(demo_ledger)
    with demo_ledger.reading() as book:
        assert book.number == before


def test_it_is_told_the_same_way_every_time() -> None:
    assert list(scenes()) == list(scenes())


def test_a_ledger_that_holds_anything_else_is_refused(ledger: Ledger) -> None:
    quota = {"fund": "NSF", "vintage": 2025, "amount": 1, "document": {"number": "A1"}}
    ledger.record(movement("AppropriationReceived", "2025-01-05", **quota), Actor("p-fin-1", Role.FIN), "k1")
    with pytest.raises(DemoRefused) as refused:
        record_demo_year(ledger)
    assert refused.value.words.zh
    with ledger.reading() as book:
        assert book.number == 1


class _Killed(Exception):
    pass


def test_a_recording_that_was_broken_off_is_resumed(ledger: Ledger) -> None:
    def stop_early(done: int, total: int) -> None:
        if done > total // 50:
            raise _Killed

    with pytest.raises(_Killed):
        record_demo_year(ledger, stop_early)
    total = record_demo_year(ledger)
    with ledger.reading() as book:
        assert book.number == total
