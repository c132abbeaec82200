"""Sheets 5 and 7 of the demo year's files as they were taken and matched: both foot, to the fen."""

from collections.abc import Iterator
from datetime import date
from io import BytesIO

import pytest

from ledger.access.sight import Sight
from ledger.demo.statements import THROUGH, statement_files
from ledger.domain.catalogue import Role
from ledger.domain.movement import Actor
from ledger.domain.reconciliation import STATUSES, StatementKind, statuses
from ledger.projections.moment import Moment
from ledger.reconciliation.application import Reconciliations
from ledger.reconciliation.rules import RULE_NAMES, UNMATCHED
from ledger.reports.asking import Asked, NotSeen, NotTaken, sheet_of
from ledger.reports.catalogue import ReportCode
from ledger.reports.comparing import sides_of
from ledger.reports.printing import sheet_page
from ledger.reports.reconciliation import STATEMENT
from ledger.reports.sheet import Sheet, footing
from tests.conftest import demo_year

FIN = Actor("finance", Role.FIN)
ON = date(2026, 1, 31)
AGAINST = {StatementKind.TREASURY: "", StatementKind.QUOTA: "", StatementKind.BANK: "TREASURY"}


@pytest.fixture(scope="module")
def done(server_dsn: str) -> Iterator[Reconciliations]:
    with demo_year(server_dsn) as ledger:
        with ledger.reading() as book:
            files = {file.kind: file for file in statement_files(book)}
        made = Reconciliations(ledger)
        for kind, against in AGAINST.items():
            made.open_source(str(kind), kind, FIN, against=against)
            made.take(str(kind), BytesIO(files[kind].content), files[kind].name, FIN)
            made.propose(str(kind), THROUGH, FIN)
        yield made


def reconciliation_of(done: Reconciliations, source: str) -> Sheet:
    asked = Asked(Moment(effective_on=THROUGH), source=source)
    return sheet_of(done.ledger, ReportCode.RECONCILIATION, asked, ON)


def off(sheet: Sheet) -> list[object]:
    return [check for check in (footing(sheet), *sheet.checks) if check and any(check.values.values())]


@pytest.mark.parametrize("kind", StatementKind)
def test_cases_foot_and_both_balances_come_together_but_for_what_nobody_explains(
    done: Reconciliations, kind: StatementKind
) -> None:
    sheet = reconciliation_of(done, str(kind))
    of, number = sides_of(done, str(kind), THROUGH)
    assert off(sheet) == []
    assert sheet.number == number
    assert sheet.total is not None
    ours, theirs = (sheet.total[side] for side in of.sides)
    assert [ours, theirs] == [sum(one.moved for one in side if one.day <= THROUGH) for side in (of.ours, of.theirs)]
    mine, other, rest = (row for row in sheet.rows if row["part"] == STATEMENT)
    assert (mine["balance"], other["balance"]) == (ours, theirs)
    assert mine["adjusted"] - other["adjusted"] == rest["adjusted"]  # type: ignore[operator]
    alone = [row for row in sheet.rows if row.get("ledger") is not None and row.get(of.sides[0]) is None]
    assert len(sheet.rows) == len(of.cases) + 3 + (len(alone) if of.beyond else 0)
    said = {row.get("status") for row in sheet.rows}
    assert said <= {*statuses("TREASURY" if of.beyond else None).values(), None}
    assert STATUSES[of.cases[0].status] in said
    assert sheet.name.zh in sheet_page(sheet, "yuan", "zh", training=False)


def test_accounts_are_told_apart_by_their_last_digits_alone(done: Reconciliations) -> None:
    accounts = {row.get("account") for row in reconciliation_of(done, "TREASURY").rows} - {None}
    assert accounts
    assert all(str(account).startswith("****") and len(str(account)) <= 8 for account in accounts)


def test_the_final_accounts_are_tied_to_treasury_s_file(done: Reconciliations) -> None:
    of, _ = sides_of(done, "TREASURY", THROUGH)
    asked = Asked(Moment(effective_on=THROUGH), 2025, source="TREASURY")
    sheet = sheet_of(done.ledger, ReportCode.FINAL_ACCOUNTS, asked, ON)
    assert off(sheet) == []
    assert sheet.total is not None
    assert sheet.total["treasury"] == sum(line.moved for line in of.theirs if line.day <= THROUGH)
    assert any(row["note"] for row in sheet.rows)


def test_of_a_source_that_nobody_opened_there_is_no_sheet(done: Reconciliations) -> None:
    with pytest.raises(NotSeen):
        reconciliation_of(done, "nobody")
    with pytest.raises(NotSeen):
        sheet_of(done.ledger, ReportCode.RECONCILIATION, Asked(), ON)


@pytest.mark.parametrize(
    ("code", "asked", "named"),
    [
        (ReportCode.QUOTA, Asked(source="TREASURY"), "source"),
        (ReportCode.FINAL_ACCOUNTS, Asked(source="BANK"), "source"),
        (ReportCode.RECONCILIATION, Asked(Moment(1), source="TREASURY"), "at"),
    ],
)
def test_what_a_sheet_is_not_asked_by_is_said(
    done: Reconciliations, code: ReportCode, asked: Asked, named: str
) -> None:
    with pytest.raises(NotTaken, match=named):
        sheet_of(done.ledger, code, asked, ON)


def test_whoever_is_narrowed_to_some_sources_sees_no_statements(done: Reconciliations) -> None:
    narrowed = Asked(Moment(effective_on=THROUGH), source="TREASURY", sees=Sight(sources=frozenset({"STIDF"})))
    for code in (ReportCode.RECONCILIATION, ReportCode.FINAL_ACCOUNTS):
        with pytest.raises(NotSeen):
            sheet_of(done.ledger, code, narrowed, ON)


def test_ledger_treasury_and_bank_stand_in_one_row_and_each_of_them_foots(done: Reconciliations) -> None:
    sheet = reconciliation_of(done, "BANK")
    of, _ = sides_of(done, "BANK", THROUGH)
    assert sheet.total is not None
    booked = sum(line.moved for line in of.booked if line.day <= THROUGH)
    assert (sheet.total["ledger"], booked != 0) == (booked, True)
    agreed = [
        row for row in sheet.rows if row.get("ledger") and row["ledger"] == row.get("treasury") == row.get("bank")
    ]
    assert len(agreed) > 100
    assert [row for row in sheet.rows if row.get("ledger") is not None and row.get("treasury") is None]


def test_a_case_says_why_nothing_was_to_be_done_and_who_said_so(done: Reconciliations) -> None:
    differs = next(one for one in done.compared("QUOTA", THROUGH).kept if one.case.difference)
    done.explain("QUOTA", [differs.id], None, "年末下达,次日到账", FIN)
    said = {row.get("resolved") for row in reconciliation_of(done, "QUOTA").rows} - {None}
    assert said == {f"年末下达,次日到账 ({FIN.subject})"}


def test_what_was_recorded_since_the_last_matching_stands_as_not_matched_yet_and_all_of_it_foots(
    done: Reconciliations,
) -> None:
    paid = next(one for one in done.compared("TREASURY", THROUGH).kept if one.case.ours and one.case.theirs)
    done.unmatch("TREASURY", [paid.id], FIN)
    asked = Asked(Moment(effective_on=THROUGH), 2025, source="TREASURY")
    sheet = reconciliation_of(done, "TREASURY")
    tied = sheet_of(done.ledger, ReportCode.FINAL_ACCOUNTS, asked, ON)
    assert (off(sheet), off(tied)) == ([], [])
    lines = len(paid.case.ours) + len(paid.case.theirs)
    assert [row.get("rule") for row in sheet.rows].count(RULE_NAMES[UNMATCHED]) == lines
    done.propose("TREASURY", THROUGH, FIN)
    assert RULE_NAMES[UNMATCHED] not in {row.get("rule") for row in reconciliation_of(done, "TREASURY").rows}


def test_where_a_bank_is_compared_with_treasury_it_is_the_bank_that_lacks_a_payment(done: Reconciliations) -> None:
    said = {row["status"].zh for row in reconciliation_of(done, "BANK").rows if row.get("status")}  # type: ignore[union-attr]
    assert "银行缺" in said
    assert "银行缺" not in {str(row.get("status")) for row in reconciliation_of(done, "TREASURY").rows}
