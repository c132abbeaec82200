"""A matching reads only what nobody decided about, and finds what one that reads everything would find."""

from collections.abc import Iterator
from datetime import date
from io import BytesIO
from typing import Any

import pytest

from ledger import proposing
from ledger.application import Ledger, business_day
from ledger.demo.statements import statement_files
from ledger.domain.approval import PROPOSALS
from ledger.domain.catalogue import Role
from ledger.domain.movement import Actor
from ledger.domain.reconciliation import StatementKind
from ledger.projections.journal import one_snapshot
from ledger.reconciliation import asking, rows, undecided
from ledger.reconciliation.application import Reconciliations
from ledger.reconciliation.asking import ours
from ledger.reconciliation.line import Line
from ledger.reconciliation.undecided import all_facts
from tests.conftest import demo_year
from tests.world import movement

FIN, OTHER, STD, TRE = (Actor(name, Role(name[:3].upper())) for name in ("fin", "fin2", "std", "tre"))
APRIL, JUNE, JULY, AUGUST = date(2025, 4, 30), date(2025, 6, 30), date(2025, 7, 31), date(2025, 8, 31)


@pytest.fixture(scope="module")
def work(server_dsn: str) -> Iterator[Reconciliations]:
    """The demo year with treasury's file, matched through June, of which what agrees is accepted."""
    with demo_year(server_dsn) as ledger:
        with ledger.reading() as book:
            file = next(file for file in statement_files(book) if file.kind is StatementKind.TREASURY)
        made = Reconciliations(ledger)
        made.open_source("treasury", StatementKind.TREASURY, FIN)
        made.take("treasury", BytesIO(file.content), file.name, FIN)
        made.propose("treasury", JUNE, FIN)
        made.accept("treasury", JUNE, FIN)
        yield made


def record(ledger: Ledger, actor: Actor, kind: str, **fields: Any) -> int:
    key = f"{kind} {sorted(fields.items())}"[:190].encode("ascii", "ignore").decode().replace(" ", "")
    return ledger.record(movement(kind, effective_on=fields.pop("on"), **fields), actor, key).number


def correct(ledger: Ledger, name: str, number: int, **replacement: Any) -> None:
    line = {"number": number} | ({"replacement": replacement} if replacement else {})
    correction = movement("EntryCorrected", effective_on=business_day().isoformat(), lines=[line], reason="录入有误")
    proposing.submit(ledger, name, [correction], FIN, business_day())
    with ledger.reading() as book:
        digest = PROPOSALS.of(book)[name].digest
    proposing.approve(ledger, name, digest, OTHER, business_day())


def sides(work: Reconciliations, through: date) -> tuple[list[Line], list[Line]]:
    """What of our side nobody decided, read in full, and as a matching reads it."""
    both = []
    for of in (None, "treasury"):
        lines, _ = ours(work.ledger, StatementKind.TREASURY, "", through, of)
        with one_snapshot(work.ledger.store) as connection:
            done = rows.decided(connection, work.ledger.id, "treasury", [line.key for line in lines])
        both.append([line for line in lines if line.key not in done])
    return both[0], both[1]


def number_of(work: Reconciliations, detail: str) -> int:
    lines, _ = ours(work.ledger, StatementKind.TREASURY, "", date.max)
    return next(line.key for line in lines if line.detail == detail)


def test_it_is_the_same_whatever_happened_since(work: Reconciliations) -> None:
    ledger = work.ledger
    everything = sides(work, JUNE)
    assert everything[0] == everything[1]
    assert everything[0], "the demo's mismatches are open"

    pay = {"order": "SQ-RDT-KRD-006-G2", "on": "2025-07-02"}
    record(ledger, TRE, "PaymentSettled", detail="U-1", amount="300000.00", **pay)
    record(ledger, TRE, "PaymentRejected", detail="U-2", amount="100000.00", **pay)
    record(
        ledger, TRE, "PaymentRefunded", settlement="MX-RDT-KRD-041-1", detail="U-3", amount="1000.00", on="2025-08-01"
    )
    record(ledger, TRE, "UnmatchedSettlementRecorded", item="U-4", fund="STIDF", amount="800000.00", on="2025-07-03")
    record(ledger, FIN, "SuspenseCleared", item="U-4", order="SQ-RDT-KRD-007-G2", amount="800000.00", on="2025-07-04")
    record(ledger, STD, "PaymentOrderCancelled", order="SQ-RDT-KRD-008-G2", reason="重复", on="2025-08-04")
    for through in (JUNE, JULY, AUGUST):
        full, read = sides(work, through)
        assert read == full, through
    assert {line.detail for line in sides(work, AUGUST)[1]} >= {"U-1", "U-2", "U-3", "U-4"}

    correct(ledger, "back-1", number_of(work, "MX-RDT-KRD-061-1"))  # decided: its order is open again
    settled = {"kind": "PaymentSettled", "order": "SQ-RDT-KRD-006-G2", "effective_on": "2025-08-02"}
    correct(ledger, "moved", number_of(work, "U-1"), detail="U-1", amount="200000.00", **settled)
    for through in (JUNE, JULY, AUGUST):
        full, read = sides(work, through)
        assert read == full, through
    opened = {line.application for line in sides(work, JUNE)[1] if not line.moved}
    assert "SQ-RDT-KRD-061-1" in opened


def test_a_matching_finds_the_same_and_one_that_goes_back_reads_everything(
    work: Reconciliations, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[int] = []
    folded = undecided._folded
    monkeypatch.setattr(undecided, "_folded", lambda found: (read.append(len(found)), folded(found))[1])
    for through in (AUGUST, APRIL):
        found = work.propose("treasury", through, FIN)
        kept = {(one.case, one.day) for one in work.compared("treasury", through).kept}
        with monkeypatch.context() as everything:
            everything.setattr(asking, "undecided_facts", lambda of, ledger, number, *_: all_facts(of, ledger, number))
            assert work.propose("treasury", through, FIN) == found
        assert {(one.case, one.day) for one in work.compared("treasury", through).kept} == kept
    onwards, _, whole, *_ = read
    assert onwards < whole / 2
