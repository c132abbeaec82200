"""The difference between any two moments is made by the movements that a naive scan finds between them."""

import random
from collections import defaultdict
from collections.abc import Iterator
from datetime import date

import pytest

from ledger.application import Ledger
from ledger.codec import Recorded
from ledger.projections.balances import Question, is_of_fund
from ledger.projections.diff import EVERY_MEASURE, Difference, Page, diff
from ledger.projections.explain import Asked, NoSuchFigure
from ledger.projections.figures import MEASURES
from ledger.projections.lines import START
from ledger.projections.moment import NOW, Moment
from tests.projections.test_explain import counts
from tests.projections.test_moments import KEYS, MEASURE_OF, TODAY, ask, at_random, log

__all__ = ["log"]
ROUNDS = 5
MANY_ROUNDS = 500


def pages(ledger: Ledger, since: Moment, asked: Asked, limit: int = 100_000) -> Iterator[Difference]:
    """All pages: rows on the first ones, lines until they end."""
    row, line, rows, lines = None, START, True, True
    while rows or lines:
        found = diff(ledger.store, ledger.id, ledger.reading, since, asked, Page(row, line, limit))
        yield found._replace(rows=found.rows if rows else [], lines=found.lines if lines else [])
        rows, lines = rows and found.more_rows is not None, lines and found.more is not None
        row, line = found.more_rows or row, found.more or line


def check(ledger: Ledger, log: list[Recorded], since: Moment, asked: Asked) -> None:
    question = asked.card
    then, now = (
        ask(ledger, question.by, since, fiscal_year=2025),
        ask(ledger, question.by, question.moment, fiscal_year=2025),
    )
    found = list(pages(ledger, since, asked))
    assert all(page.proven for page in found), (since, question)
    rows = {row.key: row.figures for page in found for row in page.rows}
    was, is_ = ({row.key: row.figures for row in card.rows} for card in (then, now))
    summed: dict[tuple[str | None, str], int] = defaultdict(int)
    lines = []
    for page in found:
        for key, step in page.lines:
            summed[key, step.component] += step.amount
            lines.append((*step.at, key, step.component, step.amount))
    for key in was.keys() | is_.keys():
        for name in MEASURES:
            old, new = was.get(key, {}).get(name, 0), is_.get(key, {}).get(name, 0)
            assert rows.get(key, {}).get(name, (0, 0)) == ((old, new) if old != new else (0, 0)), (
                since,
                question,
                key,
                name,
            )
            assert summed[key, name] == new - old, (since, question, key, name)
    assert lines == list(scanned(log, since, question)), (since, question)


def scanned(log: list[Recorded], since: Moment, question: Question) -> Iterator[tuple[int, int, str | None, str, int]]:
    """Every line that counts at one of the moments alone, one after another."""
    for one in log:
        for line, leg in enumerate(one.legs, 1):
            sign = counts(leg, one.number, question.moment) - counts(leg, one.number, since)
            account, measure = leg.account, MEASURE_OF.get(leg.account.code)
            of_fund = question.by != "fund" or is_of_fund(account.source)
            if sign and measure and of_fund and account.fiscal_year in (None, 2025):
                yield one.number, line, KEYS[question.by](account), measure, sign * leg.amount


def questions(ledger: Ledger, log: list[Recorded], rounds: int) -> None:
    chance = random.Random(20251125)
    for at in range(rounds):
        by = list(KEYS)[at % len(KEYS)]
        since, to = at_random(chance, log), at_random(chance, log)
        check(ledger, log, since, Asked(Question(by, TODAY, 2025, moment=to), EVERY_MEASURE, whole=True))


def test_any_difference_is_made_by_the_lines_between(demo_ledger: Ledger, log: list[Recorded]) -> None:
    questions(demo_ledger, log, ROUNDS)


@pytest.mark.slow
def test_five_hundred_differences_are_made_by_the_lines_between(demo_ledger: Ledger, log: list[Recorded]) -> None:
    questions(demo_ledger, log, MANY_ROUNDS)


@pytest.mark.parametrize("by", KEYS)
def test_what_changed_of_a_day_since_it_was_known(demo_ledger: Ledger, log: list[Recorded], by: str) -> None:
    """What an auditor asks: of 31 March, what is different now from what was known then?"""
    day = date(2025, 3, 31)
    known = next(one.number for one in log if one.movement.effective_on > date(2025, 3, 20))
    then, now = Moment(number=known, effective_on=day), Moment(effective_on=day)
    check(demo_ledger, log, then, Asked(Question(by, TODAY, 2025, moment=now), EVERY_MEASURE, whole=True))  # type: ignore[arg-type]


def test_nothing_differs_from_itself(demo_ledger: Ledger) -> None:
    found = diff(
        demo_ledger.store,
        demo_ledger.id,
        demo_ledger.reading,
        NOW,
        Asked(Question("plan", TODAY), EVERY_MEASURE, whole=True),
        Page(),
    )
    assert (found.rows, found.lines, found.total.figures, found.proven) == ([], [], {}, True)


def test_the_lines_of_one_figure_of_one_row_are_asked_for(demo_ledger: Ledger, log: list[Recorded]) -> None:
    since, question = Moment(number=log[-1].number // 2), Question("special", TODAY)
    for figure in ("unallocated", "committed", "available", "net"):
        asked = Asked(question, figure, "RDT-KRD")
        (found,) = (page for page in pages(demo_ledger, since, asked, limit=100_000))
        assert [row.key for row in found.rows] == ["RDT-KRD"]
        was, is_ = found.rows[0].figures.get(figure, (0, 0))
        expired = found.rows[0].expired if figure == "net" else 0
        assert sum(made.step.amount for made in found.lines) == is_ - was - expired
        assert {made.key for made in found.lines} <= {"RDT-KRD"}
        assert bool(found.lines) == (figure != "unallocated")
    for figure, key in (("matching_gap", "RDT-KRD"), ("net", "NONE-X")):
        with pytest.raises(NoSuchFigure):
            list(pages(demo_ledger, since, Asked(question, figure, key)))
