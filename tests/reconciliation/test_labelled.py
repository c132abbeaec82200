"""The labelled set: what it promises of itself."""

import csv
from collections import Counter, defaultdict
from pathlib import Path

import pytest
from msgspec.structs import replace

from bench.labelled import COLUMNS, ENCODINGS, FIRST_ROW, Labelled, cells, labelled, write_csv
from bench.treasury_year import THROUGH
from ledger.domain.reconciliation import Cause, Flow, StatementKind, Status
from ledger.reconciliation.reading.statement import read_statement

LINES = 5_000
SEEDS = (1, 2, 3)


@pytest.fixture(scope="module", params=SEEDS)
def made(request: pytest.FixtureRequest) -> Labelled:
    return labelled(LINES, request.param)


def test_the_same_seed_makes_the_same_set(made: Labelled) -> None:
    again = [labelled(LINES, seed) for seed in SEEDS]
    assert made in again
    assert len({str(one.theirs) for one in again}) == len(SEEDS)


def test_it_has_as_many_treasury_lines_as_asked_and_each_line_one_label(made: Labelled) -> None:
    assert [line.key for line in made.theirs] == [*range(FIRST_ROW, FIRST_ROW + LINES)]
    assert [line.key for line in made.ours] == [*range(1, len(made.ours) + 1)]
    assert list(made.of_theirs) == [line.key for line in made.theirs]
    assert list(made.of_ours) == [line.key for line in made.ours]


def test_three_in_a_hundred_facts_are_noise(made: Labelled) -> None:
    noisy = {label.story: label.noise for label in made.labels}
    assert 0.02 < sum(noisy.values()) / len(noisy) < 0.04


def test_every_status_and_cause_is_in_it() -> None:
    labels = [label for seed in SEEDS for label in labelled(LINES, seed).labels]
    assert {label.status for label in labels} == set(Status) - {Status.EXPLAINED}, "explained is what a person says"
    assert {label.cause for label in labels} == {*Cause, None}


def test_no_number_is_shared_by_lines_of_different_facts(made: Labelled) -> None:
    stories: defaultdict[str, set[int]] = defaultdict(set)
    for lines, labels in ((made.ours, made.of_ours), (made.theirs, made.of_theirs)):
        for line in lines:
            for number in filter(None, (line.detail, line.application)):
                stories[number].add(labels[line.key].story)
    assert {number for number, of in stories.items() if len(of) > 1} == set()


def test_what_is_matched_adds_up_and_what_moved_is_told_in_all() -> None:
    made = labelled(LINES, 1)
    moved: Counter[int] = Counter()
    statuses = {}
    for lines, labels, sign in ((made.ours, made.of_ours, 1), (made.theirs, made.of_theirs, -1)):
        for line in lines:
            moved[labels[line.key].serial] += sign * line.moved
            statuses[labels[line.key].serial] = labels[line.key]
    for serial, label in statuses.items():
        settled = label.status in (Status.MATCHED, Status.REJECTED, Status.REFUNDED, Status.PARTIALLY_REFUNDED)
        if settled or (label.status is Status.TIMING and label.kind.endswith("year_end")):
            assert moved[serial] == 0, label
        if label.status is Status.AMOUNT_DIFF:
            assert moved[serial] != 0, label
    assert sum(moved.values()) == sum(line.moved for line in made.ours) - sum(line.moved for line in made.theirs)


def test_what_no_number_tells_apart_stands_alone_with_its_amount_and_account(made: Labelled) -> None:
    """Else the label would ask for a guess."""
    other_numbers = {line.detail for line in made.theirs} & {line.detail for line in made.ours} - {""}
    where: defaultdict[tuple[str, int], list[tuple[int, int]]] = defaultdict(list)
    for lines, labels in ((made.ours, made.of_ours), (made.theirs, made.of_theirs)):
        for line in lines:
            label = labels[line.key]
            if line.detail not in other_numbers and label.kind in ("no_common_number", "missing_in_ledger"):
                where[line.account, line.amount].append((line.day.toordinal(), label.story))
    for found in where.values():
        for day, story in found:
            assert not [other for other in found if other[1] != story and abs(other[0] - day) <= 7]


def test_only_the_year_end_goes_beyond_the_year(made: Labelled) -> None:
    for lines, labels in ((made.ours, made.of_ours), (made.theirs, made.of_theirs)):
        late = {labels[line.key].status for line in lines if line.day > THROUGH}
        assert late <= {Status.TIMING}


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_the_file_holds_treasurys_side(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "treasury.csv"
    assert write_csv(path, 1_000, 7, encoding) == 1_000
    assert path.read_bytes().startswith(b"\xef\xbb\xbf") == (encoding == "utf-8-sig")
    with path.open(encoding=encoding, newline="") as file:
        header, *rows = csv.reader(file)
    assert header == list(COLUMNS)
    assert rows == [[str(cell) for cell in cells(line)] for line in labelled(1_000, 7).theirs]


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_the_file_is_read_back_as_the_lines_it_was_written_from(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "treasury.csv"
    write_csv(path, 3_000, 7, encoding)
    with path.open("rb") as file, read_statement(file, StatementKind.TREASURY) as statement:
        read = [line for page in statement.pages() for line in page]
    assert read == [replace(line, payee=line.payee.strip()) for line in labelled(3_000, 7).theirs]


def test_a_payment_that_came_back_at_once_has_an_actual_amount_of_nothing() -> None:
    returned = next(line for line in labelled(LINES, 1).theirs if line.flow is Flow.REJECTION and not line.moved)
    row = dict(zip(COLUMNS, cells(returned), strict=True))
    assert (row["PAY_TYPE"], row["XPAY_AMT"]) == ("退票", "0.00")
    assert not str(row["PAY_AMT"]).startswith("-")
