"""Every figure of the card, at any moment, is what the movements behind it sum to: page by page, and against a naive scan."""

import random
from collections.abc import Iterator

import pytest

from ledger.application import Ledger
from ledger.codec import Recorded
from ledger.domain.accounts import Leg
from ledger.projections.balances import Question, is_of_fund
from ledger.projections.explain import Asked, Explanation, NoSuchFigure, explain, signs_of
from ledger.projections.figures import FIGURES, LAPSED, By
from ledger.projections.lines import START
from ledger.projections.moment import NOW, Moment
from tests.projections.test_moments import KEYS, MEASURE_OF, TODAY, ask, at_random, log

__all__ = ["log"]
ROUNDS = 6
MANY_ROUNDS = 500


def explained(ledger: Ledger, asked: Asked, limit: int = 1500) -> Iterator[Explanation]:
    """All pages of an explanation."""
    after = START
    while True:
        page = explain(ledger.store, ledger.id, ledger.reading, asked, after=after, limit=limit)
        yield page
        if page.more is None:
            return
        assert page.more > after
        after = page.more


def check(ledger: Ledger, log: list[Recorded], asked: Asked, amount: int) -> None:
    """Its pages go on from each other, hold each line once, and sum to the figure; so does a scan of the log."""
    pages = list(explained(ledger, asked))
    running, seen = 0, []
    for page in pages:
        assert page.proven, (asked, page.amount, page.sum, page.components)
        assert (page.amount, page.sum) == (amount, amount), asked
        assert page.before == running, asked
        for step in page.steps:
            running += step.amount
            assert step.running == running
            seen.append((*step.at, step.component))
    assert running == sum(part.amount for part in pages[0].components if part.by_lines), asked
    assert len(set(seen)) == len(seen)
    assert [one[:2] for one in seen] == sorted(one[:2] for one in seen)
    if not asked.figure.startswith("matching_"):
        assert [one for one in seen if one[2] != LAPSED] == scanned(log, asked, pages[0].fiscal_year), asked


def counts(leg: Leg, number: int, moment: Moment) -> bool:
    known = moment.number is None or number <= moment.number
    closed = moment.period is None or leg.period <= moment.period
    return known and closed and (moment.effective_on is None or leg.effective_on <= moment.effective_on)


def scanned(log: list[Recorded], asked: Asked, year: int | None) -> list[tuple[int, int, str]]:
    """Number, line and measure of every line that a naive scan finds behind a figure."""
    by, signs, found = asked.card.by, signs_of(asked.figure), []
    for one in log:
        for line, leg in enumerate(one.legs, 1):
            account, measure = leg.account, MEASURE_OF.get(leg.account.code, "")
            if (
                measure not in signs
                or account.fiscal_year not in (None, year)
                or not counts(leg, one.number, asked.card.moment)
            ):
                continue
            if (by != "fund" or is_of_fund(account.source)) and (asked.whole or KEYS[by](account) == asked.key):
                found.append((one.number, line, measure))
    return found


def questions(ledger: Ledger, log: list[Recorded], rounds: int) -> None:
    """Random moments of random groupings: a row and the total, and of each a figure that holds something."""
    chance = random.Random(20251125)
    for _ in range(rounds):
        by, moment = chance.choice(list(KEYS)), at_random(chance, log)
        card = ask(ledger, by, moment)
        question = Question(by, TODAY, moment=moment)
        for key, whole in ((chance.choice(card.rows).key, False), (None, True)):
            figures = card.total if whole else next(row.figures for row in card.rows if row.key == key)
            moved = [name for name, amount in figures.items() if amount] or ["available"]
            figure = chance.choice([*moved, "net"])
            check(ledger, log, Asked(question, figure, key, whole), figures[figure])


def test_any_figure_is_what_the_movements_behind_it_sum_to(demo_ledger: Ledger, log: list[Recorded]) -> None:
    questions(demo_ledger, log, ROUNDS)


@pytest.mark.slow
def test_five_hundred_figures_are_what_the_movements_behind_them_sum_to(
    demo_ledger: Ledger, log: list[Recorded]
) -> None:
    questions(demo_ledger, log, MANY_ROUNDS)


@pytest.mark.parametrize("by", KEYS)
def test_every_figure_of_now_is_explained_in_every_grouping(demo_ledger: Ledger, log: list[Recorded], by: By) -> None:
    card = ask(demo_ledger, by, NOW)
    row = min((row for row in card.rows if row.figures["committed"]), key=lambda row: row.figures["total"])
    for figure in FIGURES:
        if row.figures[figure] or figure in ("net", "matching_due", "matching_gap"):
            check(demo_ledger, log, Asked(Question(by, TODAY), figure, row.key), row.figures[figure])


def test_what_the_card_does_not_have_is_not_explained(demo_ledger: Ledger) -> None:
    then = Moment(number=100)
    for asked in (
        Asked(Question("plan", TODAY), "available", "NONE"),
        Asked(Question("project", TODAY), "committed", "no-such-project"),
        Asked(Question("plan", TODAY, moment=then), "matching_gap", "RDT"),
    ):
        with pytest.raises(NoSuchFigure):
            explain(demo_ledger.store, demo_ledger.id, demo_ledger.reading, asked)
