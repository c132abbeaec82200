"""What reconciliation leads to: what the ledger lacks is proposed as facts, recorded by two, found by the next matching."""

import hashlib
from collections import Counter
from collections.abc import Iterator
from datetime import date
from io import BytesIO

import pytest

from ledger import proposing
from ledger.application import Ledger, business_day
from ledger.demo.statements import THROUGH, statement_files
from ledger.domain.alert import Alert, terms
from ledger.domain.approval import PROPOSALS, ProposalRejected
from ledger.domain.catalogue import Role
from ledger.domain.correction import CorrectionLine, EntryCorrected
from ledger.domain.dues import all_dues
from ledger.domain.movement import Actor
from ledger.domain.reconciliation import StatementKind, Status
from ledger.domain.refusals import Code, Refusal
from ledger.projections.alerts import Alerts, alerts
from ledger.projections.follower import catch_up
from ledger.reconciliation.application import Reconciliations
from ledger.reconciliation.recording import Given
from ledger.reconciliation.refusals import NotReconciled, Why
from ledger.reconciliation.rows import Kept
from ledger.reconciliation.worklist import Act, Task
from tests.conftest import demo_year
from tests.world import movement

FIN, OTHER = Actor("finance", Role.FIN), Actor("other", Role.FIN)
HEADER = "支付明细号,支付凭证号,支付申请号,实际支付金额,支付日期,业务类型,原支付明细号,资金\n"


@pytest.fixture(scope="module")
def demo(server_dsn: str) -> Iterator[Ledger]:
    with demo_year(server_dsn) as ledger:
        yield ledger


def taken(ledger: Ledger, name: str, content: bytes, through: date) -> Reconciliations:
    made = Reconciliations(ledger)
    made.open_source(name, StatementKind.TREASURY, FIN)
    made.take(name, BytesIO(content), f"{name}.csv", FIN)
    made.propose(name, through, FIN)
    return made


def sign(ledger: Ledger, proposal: str) -> None:
    with ledger.reading() as book:
        digest = PROPOSALS.of(book)[proposal].digest
    proposing.approve(ledger, proposal, digest, OTHER, business_day())


def told(work: Reconciliations, name: str, detail: str, through: date) -> Kept:
    """The case of the line with a detail id."""
    found = work.compared(name, through)
    key = next(line.key for line in found.theirs if line.detail == detail)
    return next(one for one in found.kept if key in one.case.theirs)


def task_of(work: Reconciliations, name: str, month: str, case: Kept) -> Task:
    return next(task for task in work.worklist(name, month) if task.case and task.case.id == case.id)


def kinds(task: Task) -> list[str]:
    return [movement.kind for movement in task.facts]


def test_what_no_order_explains_waits_as_suspense_and_the_next_matching_pairs_it(demo: Ledger) -> None:
    with demo.reading() as book:
        file = next(file for file in statement_files(book) if file.kind is StatementKind.TREASURY)
    work = taken(demo, "treasury", file.content, THROUGH)
    case = told(work, "treasury", "MX-2025-990001", THROUGH)
    task = task_of(work, "treasury", "2025-06", case)
    assert (task.act, kinds(task)) == (Act.RECORD, ["UnmatchedSettlementRecorded"])
    name = work.propose_facts("treasury", [case.id], FIN, business_day())
    waiting = task_of(work, "treasury", "2025-06", case)
    assert (waiting.act, waiting.proposal) == (Act.APPROVE, name)
    with pytest.raises(NotReconciled) as refused:
        work.propose_facts("treasury", [case.id], FIN, business_day())
    assert refused.value.why is Why.FACT_WAITS
    sign(demo, name)
    assert task_of(work, "treasury", "2025-06", case).act is Act.MATCH
    work.propose("treasury", THROUGH, FIN)
    assert told(work, "treasury", "MX-2025-990001", THROUGH).case.status is Status.MATCHED
    (clear,) = (task for task in work.worklist("treasury", "2025-07") if task.item == "MX-2025-990001")
    assert (clear.act, clear.amount, clear.owner) == (Act.CLEAR, 8_800_000, Role.FIN)


def test_an_order_that_waits_to_be_paid_is_settled_by_what_treasury_tells(demo: Ledger) -> None:
    """The demo's treasury paid one order of which the ledger has not heard."""
    work = Reconciliations(demo)
    case = told(work, "treasury", "MX-RDT-KRD-005-G2", THROUGH)
    assert case.case.status is Status.TIMING
    task = task_of(work, "treasury", "2025-06", case)
    assert kinds(task) == ["PaymentSettled"]
    (settled,) = task.facts
    assert settled.period == "2025-07", "June is closed"
    assert settled.document is not None
    assert settled.document.number.startswith("treasury.csv #")
    name = work.propose_facts("treasury", [case.id], FIN, business_day())
    demo.record(ProposalRejected(effective_on=business_day(), proposal=name, reason="先查原因"), OTHER, "down")
    assert task_of(work, "treasury", "2025-06", case).act is Act.RECORD
    again = work.propose_facts("treasury", [case.id], FIN, business_day())
    assert again != name
    sign(demo, again)
    work.propose("treasury", THROUGH, FIN)
    assert told(work, "treasury", "MX-RDT-KRD-005-G2", THROUGH).case.status is Status.MATCHED


JULY = date(2025, 7, 31)
TOLD = (
    ("J-1", "PZ-J1", "SQ-RDT-KRD-006-G2", "800000.00", "2025-07-02", "支付", "", ["PaymentSettled"]),
    ("J-2", "PZ-J2", "SQ-RDT-KRD-007-G2", "800000.00", "2025-07-03", "支付", "", ["PaymentRejected"]),
    ("J-2R", "PZ-J2", "", "-800000.00", "2025-07-04", "退票", "J-2", ["PaymentRejected"]),
    ("J-3", "", "", "-1000.00", "2025-07-04", "退款", "MX-RDT-KRD-041-1", ["PaymentRefunded"]),
    ("J-4", "", "", "-2000.00", "2025-07-07", "退款", "NOBODY-1", ["UnmatchedReceiptRecorded"]),
    ("J-5", "PZ-J5", "SQ-NOBODY", "3000.00", "2025-07-07", "支付", "", ["UnmatchedSettlementRecorded"]),
    ("", "PZ-J6", "", "4000.00", "2025-07-08", "支付", "", []),
    ("明细7", "", "", "5000.00", "2025-07-08", "支付", "", []),
    ("J-8", "PZ-J8", "SQ-RDT-KRD-008-G2", "800000.00", "2025-07-09", "支付", "", ["PaymentSettled"]),
    ("J-9", "PZ-J9", "SQ-RDT-KRD-008-G2", "700000.00", "2025-07-09", "支付", "", ["PaymentSettled"]),
)
"""Lines of a July that the ledger has not heard of, and by which facts each would be recorded if it were the only one."""


def case_ids(work: Reconciliations, name: str) -> dict[str, int]:
    """Detail id or voucher → the case of its line."""
    found = work.compared(name, JULY)
    named = {line.key: line.detail or line.voucher for line in found.theirs}
    return {named[key]: one.id for one in found.kept for key in one.case.theirs}


def test_each_line_is_recorded_as_what_an_order_or_a_settlement_says_it_is(demo: Ledger) -> None:
    lines = "".join(f"{','.join(row[:-1])},STIDF\n" for row in TOLD)
    work = taken(demo, "july", (HEADER + lines).encode(), JULY)
    ids = case_ids(work, "july")
    by_case = {task.case.id: task for task in work.worklist("july", "2025-07") if task.case}
    said = {row[0] or row[1]: by_case[ids[row[0] or row[1]]] for row in TOLD}
    assert {key: kinds(task) for key, task in said.items()} == {row[0] or row[1]: row[-1] for row in TOLD}
    asked = {key: task.asks for key, task in said.items() if task.asks}
    assert asked == {"PZ-J6": Why.NO_NUMBER, "明细7": Why.NOT_TOLD}
    assert {task.act for task in said.values()} == {Act.RECORD}
    assert [vars(said[key].facts[0])["fund"] for key in ("J-4", "J-5")] == ["STIDF", "STIDF"]
    with pytest.raises(NotReconciled) as refused:
        work.propose_facts("july", [ids["PZ-J6"]], FIN, business_day())
    assert refused.value.why is Why.NO_NUMBER

    given = {ids["PZ-J6"]: Given("J-6", "SQ-RDT-KRD-009-G2"), ids["明细7"]: Given("J-7")}
    name = work.propose_facts("july", sorted(ids[row[0] or row[1]] for row in TOLD), FIN, business_day(), given)
    with demo.reading() as book:
        proposed = Counter(one.kind for one in PROPOSALS.of(book)[name].movements)
    expected = {"PaymentSettled": 3, "PaymentRejected": 1, "PaymentRefunded": 1}
    assert proposed == expected | {"UnmatchedReceiptRecorded": 1, "UnmatchedSettlementRecorded": 3}, (
        "two lines of one rejected payment are one fact, and what exceeds an order is suspense"
    )
    sign(demo, name)
    work.propose("july", JULY, FIN)
    after = {key: told(work, "july", key, JULY).case for key in said if key.startswith("J-")}
    assert {key: case.status for key, case in after.items()} == {
        **dict.fromkeys(("J-1", "J-5", "J-8", "J-9"), Status.MATCHED),
        **dict.fromkeys(("J-2", "J-2R"), Status.REJECTED),
        "J-3": Status.PARTIALLY_REFUNDED,
        "J-4": Status.REFUNDED,
    }
    assert all(case.difference == 0 for case in after.values())


def test_a_fact_that_was_taken_back_may_be_recorded_anew(demo: Ledger) -> None:
    work = Reconciliations(demo)
    (number,) = told(work, "july", "J-1", JULY).case.ours
    taken_back = EntryCorrected(effective_on=business_day(), lines=(CorrectionLine(number=number),), reason="重复")
    proposing.submit(demo, "take-back", [taken_back], FIN, business_day())
    sign(demo, "take-back")
    work.propose("july", JULY, FIN)
    case = told(work, "july", "J-1", JULY)
    assert kinds(task_of(work, "july", "2025-07", case)) == ["PaymentSettled"]
    sign(demo, work.propose_facts("july", [case.id], FIN, business_day()))
    work.propose("july", JULY, FIN)
    assert told(work, "july", "J-1", JULY).case.status is Status.MATCHED


def test_a_bank_s_line_is_recorded_and_known_by_its_transaction_number_and_a_day_without_clearing_is_named(
    demo: Ledger,
) -> None:
    work = Reconciliations(demo)
    work.open_source("zero balance", StatementKind.BANK, FIN)
    lines = (
        *("2025-08-01,YH-1,,12.00,,某所,科技经费", "2025-08-01,YH-2,,,12.00,国库单一账户,零余额账户清算"),
        *("2025-08-04,YH-3,,7.50,,某所,科技经费", "2025-08-05,YH-4,,1.00,,某所,科技经费"),
    )
    csv = "\n".join(("交易日期,交易流水号,凭证号,借方发生额,贷方发生额,对方户名,摘要", *lines))
    work.take("zero balance", BytesIO(csv.encode()), "bank.csv", FIN)
    work.propose("zero balance", date(2025, 8, 31), FIN)
    tasks = work.worklist("zero balance", "2025-08")
    (silent,) = (task for task in tasks if task.act is Act.ASK_BANK)
    assert (silent.item, silent.amount, silent.owner) == ("2025-08-04", 750, Role.TRE)
    lacking = [task.case.id for task in tasks if task.case and task.act is Act.RECORD]
    assert len(lacking) == 3
    sign(demo, work.propose_facts("zero balance", lacking, FIN, business_day()))
    work.propose("zero balance", date(2025, 8, 31), FIN)
    left = work.compared("zero balance", date(2025, 8, 31))
    august = [one.case for one in left.kept if one.case.theirs]
    assert [(case.status, case.rule) for case in august].count((Status.MATCHED, "TRANSACTION")) == 3


def test_what_is_not_lacking_is_not_recorded(demo: Ledger) -> None:
    """Of what agrees, of a source that is compared with another one, and of cases that are not there."""
    work = Reconciliations(demo)
    matched = told(work, "july", "J-5", JULY)
    work.open_source("bank", StatementKind.BANK, FIN, against="july")
    csv = "交易日期,交易流水号,凭证号,借方发生额,贷方发生额,对方户名,摘要\n2025-07-02,LS1,,12.00,,某所,手续费\n"
    work.take("bank", BytesIO(csv.encode()), "bank.csv", FIN)
    work.propose("bank", JULY, FIN)
    (fee,) = (one for one in work.compared("bank", JULY).kept if one.case.theirs)
    for source, case, why in (
        ("july", matched.id, Why.NOT_LACKING),
        ("bank", fee.id, Why.NOT_LACKING),
        ("july", 10**9, Why.UNKNOWN_CASE),
    ):
        with pytest.raises(NotReconciled) as refused:
            work.propose_facts(source, [case], FIN, business_day())
        assert refused.value.why is why
    assert task_of(work, "bank", "2025-07", fee).act is Act.DECIDE


def test_a_fact_of_a_signed_month_that_comes_late_is_named_until_a_month_is_signed_anew(demo: Ledger) -> None:
    work, month = Reconciliations(demo), "2025-07"
    name = work.propose_sign_off("july", month, FIN, business_day())
    assert [task.act for task in work.worklist("july", month) if task.proposal] == [Act.APPROVE_SIGN_OFF]
    sign(demo, name)
    assert month in work.source("july").signed
    assert not work.standing("july").touched
    late = {"effective_on": "2025-07-30", "item": "LATE-1", "fund": "NSF", "amount": "1.00"}
    number = demo.record(movement("UnmatchedSettlementRecorded", **late), Actor("tre", Role.TRE), "late").number
    (touch,) = work.standing("july").touched[month]
    assert (touch.number, touch.amount) == (number, 100)
    (task,) = (task for task in work.worklist("july", month) if task.act is Act.LOOK_AGAIN)
    assert task.item == f"{month} #{number}"
    catch_up(demo.store, demo.id, Alerts())
    with demo.reading() as book:
        held, expected = terms(book, JULY).held, [due for due in all_dues(book) if due.kind is Alert.SIGN_OFF_TOUCHED]
    (kept,) = alerts(demo.store, demo.id, JULY, held, kind=Alert.SIGN_OFF_TOUCHED).alerts
    assert [kept.due] == expected
    assert (kept.due.ref, kept.due.amount) == (f"july {month} #{number}", 100)
    work.reopen("july", month, FIN)
    work.propose("july", JULY, FIN)
    sign(demo, work.propose_sign_off("july", month, FIN, business_day()))
    assert not work.standing("july").touched
    catch_up(demo.store, demo.id, Alerts())
    assert not alerts(demo.store, demo.id, JULY, held, kind=Alert.SIGN_OFF_TOUCHED).alerts


def test_a_fact_that_no_statement_tells_is_proposed_by_nobody(demo: Ledger) -> None:
    """A hash that somebody typed, or another amount than the statement has, is no statement."""
    content = f"{HEADER}MX-TOLD-1,PZ-1,,12.34,2025-06-20,支付,,科技创新发展专项资金\n".encode()
    taken(demo, "told", content, date(2025, 6, 20))
    day = business_day()
    for sha256, amount in (
        (hashlib.sha256(b"typed").hexdigest(), "12.34"),
        (hashlib.sha256(content).hexdigest(), "12.35"),
    ):
        document = {"number": "told.csv #2", "sha256": sha256}
        fact = movement(
            "UnmatchedSettlementRecorded",
            effective_on=str(day),
            item="X-1",
            fund="STIDF",
            amount=amount,
            document=document,
        )
        with pytest.raises(Refusal, match=Code.DOCUMENT_MISSING):
            proposing.submit(demo, f"typed-{amount}", [fact], FIN, day)
    document = {"number": "told.csv #2", "sha256": hashlib.sha256(content).hexdigest()}
    fact = movement(
        "UnmatchedSettlementRecorded",
        effective_on=str(day),
        item="X-1",
        fund="STIDF",
        amount="12.34",
        document=document,
    )
    proposing.submit(demo, "told-12.34", [fact], FIN, day)
