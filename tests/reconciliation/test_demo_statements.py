"""The demo year's statement files against its ledger: read, matched, and each usual mismatch where it must be."""

from collections import Counter
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from ledger.application import Ledger
from ledger.demo.statements import THROUGH, Standing, StatementFile, quota_left, statement_files, write_statements
from ledger.domain.reconciliation import Cause, Flow, StatementKind, Status
from ledger.reconciliation.case import Asked, Case
from ledger.reconciliation.line import Line
from ledger.reconciliation.matching import match
from ledger.reconciliation.reading.statement import read_statement

Keys = dict[int, str] | dict[int, int]


@pytest.fixture(scope="module")
def files(demo_ledger: Ledger) -> dict[StatementKind, StatementFile]:
    with demo_ledger.reading() as book:
        return {file.kind: file for file in statement_files(book)}


def lines_of(file: StatementFile) -> list[Line]:
    with read_statement(BytesIO(file.content), file.kind) as statement:
        return [line for page in statement.pages() for line in page]


def cells(file: StatementFile) -> list[tuple[Any, ...]]:
    """Of a workbook, whose bytes name the second in which it was saved."""
    return [*load_workbook(BytesIO(file.content)).worksheets[0].iter_rows(values_only=True)]


def differing(cases: Iterable[Case], ours: Keys) -> frozenset[Standing]:
    """Whatever does not simply match, as the files' expectations name it."""
    return frozenset(
        Standing(case.status, case.cause, tuple(ours[key] for key in case.ours), case.theirs)
        for case in cases
        if (case.status, case.cause) != (Status.MATCHED, None)
    )


def test_the_bank_against_treasury(files: dict[StatementKind, StatementFile]) -> None:
    ours, file = lines_of(files[StatementKind.TREASURY]), files[StatementKind.BANK]
    theirs = lines_of(file)
    assert sum(line.flow is Flow.CLEARING for line in theirs) > 10
    cases = match(ours, theirs, Asked(file.kind, THROUGH))
    assert differing(cases, {line.key: line.key for line in ours}) == file.expected


def test_each_usual_mismatch_is_there(files: dict[StatementKind, StatementFile]) -> None:
    found = Counter(told for file in files.values() for told in {(one.status, one.cause) for one in file.expected})
    assert {status for status, _ in found} == set(Status) - {Status.EXPLAINED}
    assert {cause for _, cause in found} == set(Cause) - {Cause.WRONG_FUND, Cause.INDISTINGUISHABLE} | {None}


def test_the_files_are_as_users_get_them_and_the_same_every_time(
    demo_ledger: Ledger, files: dict[StatementKind, StatementFile], tmp_path: Path
) -> None:
    with demo_ledger.reading() as book:
        folder = write_statements(tmp_path, book)
        again = {file.kind: file for file in statement_files(book)}
    assert sorted(path.name for path in folder.iterdir()) == sorted(file.name for file in files.values())
    for kind, file in files.items():
        assert again[kind].expected == file.expected
        assert kind is StatementKind.QUOTA or again[kind].content == file.content == (folder / file.name).read_bytes()
    assert cells(again[StatementKind.QUOTA]) == cells(files[StatementKind.QUOTA])
    assert "支付明细号" in files[StatementKind.TREASURY].content.decode("gb18030")
    assert files[StatementKind.BANK].content.startswith(b"\xef\xbb\xbf")


def test_the_quotas(demo_ledger: Ledger, files: dict[StatementKind, StatementFile]) -> None:
    file = files[StatementKind.QUOTA]
    with demo_ledger.reading() as book:
        left = quota_left(book)
    ours = [
        Line(
            key=key,
            flow=Flow.BALANCE,
            day=THROUGH,
            amount=fen,
            moved=fen,
            fiscal_year=2025,
            fund=fund,
            function=function,
        )
        for key, ((fund, function), fen) in enumerate(left.items(), 1)
    ]
    cases = match(ours, lines_of(file), Asked(file.kind, THROUGH))
    assert differing(cases, {line.key: f"{line.fund} {line.function}" for line in ours}) == file.expected
