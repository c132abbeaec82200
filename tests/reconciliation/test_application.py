"""Reconciliation as finance does it: the demo year's files taken, matched, dealt with by hand, and a month signed off by two."""

from collections.abc import Iterator
from datetime import date, timedelta
from io import BytesIO

import msgspec
import pytest

from ledger import proposing
from ledger.application import Ledger, business_day
from ledger.demo.statements import THROUGH, StatementFile, statement_files
from ledger.domain.approval import PROPOSALS, ProposalRejected
from ledger.domain.catalogue import Role
from ledger.domain.closing import SIGNED_OFF
from ledger.domain.movement import Actor
from ledger.domain.project import PROJECTS
from ledger.domain.reconciliation import Cause, Flow, StatementKind, Status
from ledger.importing.faults import Faulty
from ledger.reconciliation import rows
from ledger.reconciliation.application import Reconciliations, last_day
from ledger.reconciliation.asking import theirs
from ledger.reconciliation.line import Line
from ledger.reconciliation.refusals import NotReconciled, Why
from tests.conftest import demo_year
from tests.world import movement

FIN, OTHER = Actor("finance", Role.FIN), Actor("other", Role.FIN)
NAMES = {StatementKind.TREASURY: "treasury", StatementKind.BANK: "bank", StatementKind.QUOTA: "budget"}


@pytest.fixture(scope="module")
def ledger(server_dsn: str) -> Iterator[Ledger]:
    with demo_year(server_dsn) as ledger:
        yield ledger


@pytest.fixture(scope="module")
def files(ledger: Ledger) -> dict[StatementKind, StatementFile]:
    with ledger.reading() as book:
        return {file.kind: file for file in statement_files(book)}


@pytest.fixture(scope="module")
def done(ledger: Ledger, files: dict[StatementKind, StatementFile]) -> Reconciliations:
    """All three files taken and matched."""
    made = Reconciliations(ledger)
    for kind, name in NAMES.items():
        made.open_source(name, kind, FIN, against="treasury" if kind is StatementKind.BANK else "")
        taken = made.take(name, BytesIO(files[kind].content), files[kind].name, FIN)
        assert (taken.again, taken.known) == (False, 0)
        made.propose(name, THROUGH, FIN)
    return made


def named(done: Reconciliations, name: str, kind: StatementKind) -> frozenset[tuple[object, ...]]:
    """What does not simply match, with lines named as the files' expectations do."""
    compared, then = done.compared(name, date.max), done.compared(name, THROUGH)
    with done.ledger.store.readers.connection() as connection:
        told = rows.told(connection, done.ledger.id, [key for one in compared.kept for key in one.case.theirs])
        treasury = {}
        if kind is StatementKind.BANK:
            keys = [key for one in compared.kept for key in one.case.ours]
            treasury = {key: line.row for key, line in rows.told(connection, done.ledger.id, keys).items()}
    names: dict[int, object] = {line.key: line.detail or line.application for line in (*compared.ours, *then.ours)}
    if kind is StatementKind.QUOTA:
        names = {line.key: f"{line.fund} {line.function}" for line in then.ours}
    names |= treasury
    return frozenset(
        (
            one.case.status,
            one.case.cause,
            tuple(names[k] for k in one.case.ours),
            tuple(told[k].row for k in one.case.theirs),
        )
        for one in compared.kept
        if (one.case.status, one.case.cause) != (Status.MATCHED, None)
    )


@pytest.mark.parametrize("kind", list(NAMES))
def test_every_line_ends_as_the_demo_files_say(
    done: Reconciliations, files: dict[StatementKind, StatementFile], kind: StatementKind
) -> None:
    assert named(done, NAMES[kind], kind) == frozenset(map(tuple, files[kind].expected))


def test_no_line_is_in_two_cases_and_none_in_no_case(done: Reconciliations) -> None:
    for name in NAMES.values():
        found = done.compared(name, THROUGH)
        mine = [key for one in found.kept for key in one.case.ours]
        theirs = [key for one in found.kept for key in one.case.theirs]
        assert len(set(mine)) == len(mine)
        assert sorted(theirs) == sorted(line.key for line in found.theirs)
        moved = {line.key: line.moved for line in found.ours}
        difference = sum(moved[key] for key in mine) - sum(line.moved for line in found.theirs)
        assert difference == sum(one.case.difference for one in found.kept)


def test_the_same_file_is_known_and_changes_nothing(
    done: Reconciliations, files: dict[StatementKind, StatementFile]
) -> None:
    before = done.compared("treasury", date.max)
    file = files[StatementKind.TREASURY]
    assert done.take("treasury", BytesIO(file.content), "renamed.csv", FIN).again
    assert done.compared("treasury", date.max) == before


def test_what_an_earlier_file_told_is_not_taken_twice(
    ledger: Ledger, files: dict[StatementKind, StatementFile]
) -> None:
    made = Reconciliations(ledger)
    made.open_source("to date", StatementKind.TREASURY, FIN)
    text = files[StatementKind.TREASURY].content.decode("gb18030").splitlines(keepends=True)
    first = made.take("to date", BytesIO("".join(text[:101]).encode("gb18030")), "half.csv", FIN)
    whole = made.take("to date", BytesIO("".join(text).encode("gb18030")), "whole.csv", FIN)
    assert (first.known, whole.known) == (0, first.control.lines)
    assert len(made.compared("to date", date.max).theirs) == whole.control.lines


def test_a_file_that_is_refused_leaves_nothing(done: Reconciliations) -> None:
    before = done.source("treasury").version
    with pytest.raises(Faulty):
        done.take("treasury", BytesIO("支付明细号,支付金额\nA,不是数字\n".encode()), "bad.csv", FIN)
    assert done.source("treasury").version == before


def test_a_project_named_by_its_budget_system_code_is_the_ledger_s(ledger: Ledger) -> None:
    with ledger.reading() as book:
        code, project = next((code, project) for code, project in PROJECTS.items(book) if project.budget_code)
    line = Line(key=1, flow=Flow.PAYMENT, day=THROUGH, amount=1, moved=1, project=str(project.budget_code))
    other = msgspec.structs.replace(line, project="elsewhere")
    assert [one.project for one in theirs(ledger, [line, other])] == [code, "elsewhere"]


def test_accounts_are_kept_as_marks(done: Reconciliations) -> None:
    with done.ledger.store.readers.connection() as connection:
        kept = connection.execute(
            "SELECT DISTINCT account, account_tail FROM statement_line WHERE account <> ''"
        ).fetchall()
    assert kept
    assert all(len(mark) == 32 and len(tail) <= 4 for mark, tail in kept)


def test_explained_matched_by_hand_and_taken_apart_outlive_the_next_matching(done: Reconciliations) -> None:
    found = done.compared("treasury", THROUGH).kept
    slip = next(one for one in found if one.case.cause is Cause.UNIT_SLIP)
    with pytest.raises(NotReconciled) as refused:
        done.explain("treasury", [slip.id], Cause.UNIT_SLIP, " ", FIN)
    assert refused.value.why is Why.NO_REASON
    done.explain("treasury", [slip.id], Cause.UNIT_SLIP, "国库按万元录入,已去函更正", FIN)
    missing = next(one for one in found if one.case.status is Status.MISSING_IN_LEDGER)
    lonely = next(one for one in found if one.case.status is Status.MISSING_IN_TREASURY)
    done.match_by_hand("treasury", lonely.case.ours, missing.case.theirs, "同一笔,单号录错", FIN)
    done.propose("treasury", THROUGH, FIN)
    after = {one.id: one for one in done.compared("treasury", THROUGH).kept}
    assert (after[slip.id].case.status, after[slip.id].was) == (Status.EXPLAINED, Status.AMOUNT_DIFF)
    by_hand = next(one for one in after.values() if one.kept == rows.BY_HAND)
    assert (by_hand.case.ours, by_hand.case.theirs) == (lonely.case.ours, missing.case.theirs)
    with pytest.raises(NotReconciled) as refused:
        done.match_by_hand("treasury", lonely.case.ours, (), "again", FIN)
    assert refused.value.why is Why.ALREADY_DECIDED
    done.unmatch("treasury", [by_hand.id, slip.id], FIN)
    done.propose("treasury", THROUGH, FIN)
    again = [one.case.status for one in done.compared("treasury", THROUGH).kept]
    assert again.count(Status.EXPLAINED) == 0
    assert again.count(Status.MISSING_IN_LEDGER) == sum(one.case.status is Status.MISSING_IN_LEDGER for one in found)


def test_a_month_is_signed_off_by_two_people_and_then_left_alone(done: Reconciliations) -> None:
    """July, the first month of the demo year that is not closed: one refund reached treasury then."""
    ledger, month = done.ledger, "2025-07"
    done.propose("treasury", last_day(month), FIN)
    name = done.propose_sign_off("treasury", month, FIN, business_day())
    assert month in done.source("treasury").waiting
    (one,) = (one for one in done.compared("treasury", last_day(month)).kept if one.day >= date(2025, 7, 1))
    assert one.kept == rows.ACCEPTED
    with pytest.raises(NotReconciled) as refused:
        done.unmatch("treasury", [one.id], FIN)
    assert refused.value.why is Why.WAITS
    with ledger.reading() as book:
        digest = PROPOSALS.of(book)[name].digest
    proposing.approve(ledger, name, digest, OTHER, business_day())
    signed = done.source("treasury").signed[month]
    with ledger.reading() as book:
        assert SIGNED_OFF.get(book, month) == signed["number"] + 1
    assert signed["ledger_total"] == signed["statement_total"] > 0 == signed["unexplained"]
    with pytest.raises(NotReconciled) as refused:
        done.unmatch("treasury", [one.id], FIN)
    assert refused.value.why is Why.SIGNED
    done.reopen("treasury", month, FIN)
    done.unmatch("treasury", [one.id], FIN)
    done.propose("treasury", last_day(month), FIN)
    again = done.propose_sign_off("treasury", month, FIN, business_day())
    assert again != name
    reject = ProposalRejected(effective_on=business_day(), proposal=again, reason="核对后再签")
    ledger.record(reject, OTHER, "turn down")
    assert month not in done.source("treasury").waiting


def test_a_sign_off_that_was_approved_in_time_counts_whenever_it_is_looked_at(
    done: Reconciliations, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Proposals expire by a parameter; what was approved before that stays approved, what was not is turned down."""
    ledger, month = done.ledger, "2025-07"
    fields = {"name": "proposal_days", "days": 5, "document": {"number": "内财库〔2025〕9号"}}
    days = movement("PolicyParameterSet", effective_on=business_day().isoformat(), **fields)
    proposing.submit(ledger, "proposal-days", [days], FIN, business_day())
    with ledger.reading() as book:
        digest = PROPOSALS.of(book)["proposal-days"].digest
    proposing.approve(ledger, "proposal-days", digest, Actor("std", Role.STD), business_day())

    later = business_day() + timedelta(30)
    done.propose("treasury", last_day(month), FIN)
    done.propose_sign_off("treasury", month, FIN, business_day())
    with monkeypatch.context() as clock:
        clock.setattr("ledger.reconciliation.application.business_day", lambda: later)
        assert month not in done.source("treasury").waiting
    name = done.propose_sign_off("treasury", month, FIN, business_day())
    with ledger.reading() as book:
        waiting = PROPOSALS.of(book)[name]
    assert waiting.expires_on == business_day() + timedelta(5)
    proposing.approve(ledger, name, waiting.digest, OTHER, business_day())
    monkeypatch.setattr("ledger.reconciliation.application.business_day", lambda: later)
    assert month in done.source("treasury").signed


def test_unknown_things_are_told(done: Reconciliations) -> None:
    for ask, why in (
        (lambda: done.source("nobody"), Why.UNKNOWN_SOURCE),
        (lambda: done.unmatch("treasury", [10**9], FIN), Why.UNKNOWN_CASE),
        (lambda: done.match_by_hand("treasury", (), (10**9,), "x", FIN), Why.UNKNOWN_LINE),
        (lambda: done.open_source("treasury", StatementKind.BANK, FIN), Why.OTHER_KIND),
        (lambda: done.reopen("treasury", "2025-01", FIN), Why.NOT_SIGNED),
        (lambda: done.propose_sign_off("treasury", "2031-01", FIN, business_day()), Why.NOT_MATCHED),
    ):
        with pytest.raises(NotReconciled) as refused:
            ask()
        assert refused.value.why is why
