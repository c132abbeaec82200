"""Recording: keys, refusals, lists, dry runs, faults."""

from contextlib import suppress
from datetime import timedelta

import pytest

from bench.workload import DAY, FIN, STD, credit_code, opening
from ledger.application import Ledger
from ledger.domain.appropriation import AppropriationReceived
from ledger.domain.catalogue import Fund
from ledger.domain.fields import Document
from ledger.domain.movement import Movement
from ledger.domain.party import PartyRegistered
from ledger.domain.refusals import Code, Refusal
from ledger.writer import InternalFault, Receipt, UnknownOutcome
from tests.application.history import check_history, superuser


def quota(amount: int = 100, line: str = "1", **fields: object) -> AppropriationReceived:
    """Quota for STIDF, in fen."""
    document = Document(number="内财教〔2025〕1号")
    return AppropriationReceived(
        effective_on=DAY, fund=Fund.STIDF, vintage=2025, amount=amount, line=line, document=document, **fields
    )


def party(number: int) -> PartyRegistered:
    return PartyRegistered(effective_on=DAY, credit_code=credit_code(number), name=f"单位 {number}", level="REGIONAL")


def everything(dsn: str) -> dict[str, list[tuple[object, ...]]]:
    """All rows of all tables: what a request that leaves no trace must not change."""
    with superuser(dsn) as db:
        tables = [name for (name,) in db.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'ledger'")]
        return {table: sorted(db.execute(f"SELECT * FROM {table}").fetchall(), key=str) for table in sorted(tables)}


def attempts(dsn: str) -> list[tuple[object, ...]]:
    with superuser(dsn) as db:
        return db.execute(
            "SELECT number, actor, role, kind, code, asked, available FROM attempt ORDER BY id"
        ).fetchall()


def test_a_movement_is_recorded_with_number_voucher_and_balances(ledger: Ledger, dsn: str) -> None:
    receipt = ledger.record(quota(100), FIN, "k1")
    assert (receipt.number, receipt.voucher, receipt.repeated, receipt.recorded_as) == (1, 1, False, None)
    assert [entry.account_after for entry in receipt.accepted[0].entries] == [100, 100]
    assert ledger.record(party(1), STD, "k2").voucher is None
    assert check_history(dsn, "test") == 2


def test_the_same_key_and_body_is_answered_as_the_first_time(ledger: Ledger, dsn: str) -> None:
    first = ledger.record(quota(), FIN, "k1")
    ledger.record(quota(line="2"), FIN, "k2")
    again = ledger.record(quota(), FIN, "k1")
    assert again == first._replace(repeated=True, accepted=())
    assert check_history(dsn, "test") == 2


def test_the_same_key_twice_in_one_transaction_is_recorded_once(ledger: Ledger, dsn: str) -> None:
    (step,) = ledger._steps([quota()], FIN, ["k1"])
    first, second = ledger.writer.ask([step, step]).result()
    assert isinstance(first, Receipt)
    assert second == first._replace(repeated=True)
    assert check_history(dsn, "test") == 1


def test_the_same_key_with_another_body_is_a_conflict(ledger: Ledger, dsn: str) -> None:
    ledger.record(quota(100), FIN, "k1")
    with pytest.raises(Refusal) as refused:
        ledger.record(quota(101), FIN, "k1")
    assert refused.value.code is Code.IDEMPOTENCY_CONFLICT
    assert [row[4] for row in attempts(dsn)] == ["IDEMPOTENCY_CONFLICT"]
    assert check_history(dsn, "test") == 1


def test_a_text_that_is_kept_apart_is_part_of_the_body_a_key_binds(ledger: Ledger) -> None:
    first = ledger.record(quota(reason="甲"), FIN, "k1")
    assert ledger.record(quota(reason="甲"), FIN, "k1").number == first.number
    with pytest.raises(Refusal, match="IDEMPOTENCY_CONFLICT"):
        ledger.record(quota(reason="乙"), FIN, "k1")


def test_keys_of_different_people_are_different_keys(ledger: Ledger) -> None:
    numbers = [ledger.record(quota(line=str(n)), FIN._replace(subject=f"s{n}"), "same").number for n in range(3)]
    assert numbers == [1, 2, 3]


def test_a_refused_key_is_judged_afresh(ledger: Ledger, dsn: str) -> None:
    requests = list(opening(1))
    project, actor = requests[-1]
    with pytest.raises(Refusal, match="UNKNOWN_REFERENCE"):
        ledger.record(project, actor, "k1")
    for number, request in enumerate(requests[:-1]):
        ledger.record(*request, f"opening-{number}")
    assert ledger.record(project, actor, "k1").number == len(requests) + 8  # the allocations came with their approval
    assert [row[:5] for row in attempts(dsn)] == [(0, "s_std", "STD", "ProjectRegistered", "UNKNOWN_REFERENCE")]


def test_what_was_refused_is_kept_with_what_was_asked_and_available(ledger: Ledger, dsn: str) -> None:
    for number, request in enumerate(list(opening(1))[:3]):
        ledger.record(*request, str(number))
    before = ledger.reading()
    with before as book:
        number = book.number
    with pytest.raises(Refusal):
        ledger.record(quota(), STD, "wrong role")
    assert attempts(dsn) == [(number, "s_std", "STD", "AppropriationReceived", "UNAUTHORISED", None, None)]
    assert check_history(dsn, "test") == number


def test_a_list_is_answered_line_by_line(ledger: Ledger, dsn: str) -> None:
    outcomes = ledger.record_all([party(1), quota(), party(2)], STD, "list")
    assert [type(outcome) for outcome in outcomes] == [Receipt, Refusal, Receipt]
    assert check_history(dsn, "test") == 2


def test_a_list_that_is_all_or_nothing_is_nothing_where_one_is_refused(ledger: Ledger, dsn: str) -> None:
    before = everything(dsn)
    outcomes = ledger.record_all([party(1), quota(), party(2)], STD, "list", atomic=True)
    assert isinstance(outcomes[1], Refusal)
    after = everything(dsn)
    assert [row[4] for row in attempts(dsn)] == ["UNAUTHORISED"]
    assert {**after, "attempt": []} == {**before, "attempt": []}
    outcomes = ledger.record_all([party(1), party(2)], STD, "list", atomic=True)
    assert [outcome.number for outcome in outcomes if isinstance(outcome, Receipt)] == [1, 2]
    assert check_history(dsn, "test") == 2


def test_a_list_too_long_for_one_part_is_still_all_or_nothing(ledger: Ledger, dsn: str) -> None:
    parties = [party(number) for number in range(700)]
    refused = ledger.record_all([*parties, quota()], STD, "long", atomic=True)
    assert isinstance(refused[-1], Refusal)
    assert check_history(dsn, "test") == 0
    assert len(ledger.record_all(parties, STD, "long", atomic=True)) == 700
    assert check_history(dsn, "test") == 700


def test_a_list_sent_again_is_answered_with_the_same_numbers(ledger: Ledger, dsn: str) -> None:
    parties = [party(number) for number in range(600)]
    first = [outcome.number for outcome in ledger.record_all(parties, STD, "list") if isinstance(outcome, Receipt)]
    again = [outcome.number for outcome in ledger.record_all(parties, STD, "list") if isinstance(outcome, Receipt)]
    assert first == again == list(range(1, 601))
    assert check_history(dsn, "test") == 600


def test_a_dry_run_tells_what_would_be_and_leaves_nothing(ledger: Ledger, dsn: str) -> None:
    ledger.record(quota(100), FIN, "k0")
    before = everything(dsn)
    (outcome,) = ledger.submit(quota(50, "2"), FIN, "k1", dry=True).result()
    assert isinstance(outcome, Receipt)
    assert [entry.account_after for entry in outcome.accepted[0].entries] == [150, 150]
    (refused,) = ledger.submit(quota(50, "3"), STD, "k2", dry=True).result()
    assert isinstance(refused, Refusal)
    assert everything(dsn) == before
    assert ledger.record(quota(70, "2"), FIN, "k1").number == 2
    assert check_history(dsn, "test") == 2


def test_a_fault_in_the_rules_takes_back_its_own_request_only(
    ledger: Ledger, dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    sound = PartyRegistered.register

    def faulty(self: PartyRegistered, *about: object) -> None:
        sound(self, *about)  # type: ignore[arg-type]
        if self.credit_code == credit_code(2):
            raise RuntimeError("a fault in the rules")

    monkeypatch.setattr(PartyRegistered, "register", faulty)
    outcomes = ledger.record_all([party(1), party(2), party(3)], STD, "list")
    assert [type(outcome) for outcome in outcomes] == [Receipt, InternalFault, Receipt]
    with pytest.raises(InternalFault):
        ledger.record(party(2), STD, "alone")
    outcomes = ledger.record_all([party(4), party(2)], STD, "atomic", atomic=True)
    assert isinstance(outcomes[1], InternalFault)
    monkeypatch.undo()
    assert ledger.record(party(2), STD, "alone").number == 3
    assert check_history(dsn, "test") == 3


def test_a_fault_while_writing_takes_back_its_own_request_only(
    ledger: Ledger, dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    mapper = ledger.writer.events.mapper
    sound = mapper.to_stored_event

    def faulty(event: object) -> object:
        movement: Movement = event.movement  # type: ignore[attr-defined]
        if isinstance(movement, PartyRegistered) and movement.credit_code == credit_code(2):
            raise RuntimeError("a fault in the codec")
        return sound(event)  # type: ignore[arg-type]

    monkeypatch.setattr(mapper, "to_stored_event", faulty)
    answers = [ledger.submit(party(number), STD, str(number)) for number in range(20)]
    outcomes = []
    for answer in answers:
        with suppress(InternalFault):
            outcomes += answer.result()
    assert len(outcomes) == 19
    assert check_history(dsn, "test") == 19


def test_time_never_runs_backwards(ledger: Ledger, dsn: str) -> None:
    first = ledger.record(party(1), STD, "k1")
    later = first.recorded_at + timedelta(days=400)
    with superuser(dsn) as db:  # as if the clock of the server had been set back since
        db.execute("UPDATE head SET recorded_at = %s", (later,))
    assert ledger.record(party(2), STD, "k2").recorded_at == later


def test_a_closed_ledger_takes_nothing(ledger: Ledger) -> None:
    ledger.writer.close()
    with pytest.raises(UnknownOutcome):
        ledger.record(party(1), STD, "k1")
