"""Working papers over the demo year: drawn of the log, proven in it, filled in, reviewed by another; each double click once."""

from collections.abc import Iterator
from decimal import Decimal

import pytest

from ledger.application import Ledger
from ledger.audit.tree import root_by
from ledger.projections.population import Population, movements_of
from ledger.sampling.checks import CHECKS, Findings, Outcome, fixed_figure
from ledger.sampling.drawing import Drawing, Item, Method, draw
from ledger.sampling.papers import Asked, Papers, Sample
from ledger.sampling.refusals import NotSampled, NotSampledFor

AT = 9_000
MONEY = Drawing(Method.MONETARY_UNIT, "2025-AUD", size=25)
PAID = Population(AT, "PaymentSettled")


@pytest.fixture(scope="module")
def papers(demo_ledger: Ledger) -> Papers:
    return Papers(demo_ledger.store, demo_ledger.id)


@pytest.fixture
def sample(papers: Papers, request: pytest.FixtureRequest) -> Sample:
    """A paper of each test's own."""
    return papers.draw(Asked(request.node.name, "支付", PAID, MONEY), "a")


def told(papers: Papers, sample: Sample, **findings: object) -> None:
    """Every item of a paper is filled in by ``a``."""
    for item in papers.items(sample.id):
        papers.fill_in(sample.id, item.item, Findings(**findings), item.version, "a")  # type: ignore[arg-type]


AGREES = (Outcome.AGREES,) * len(CHECKS)
DIFFERS = (Outcome.DIFFERS, *AGREES[1:])


def why(of: pytest.ExceptionInfo[NotSampled]) -> NotSampledFor:
    return of.value.why


# -- the population


def naive(ledger: Ledger, asked: Population) -> Iterator[Item]:
    """The population by a fold of the log."""
    for event in ledger.store.select_events(ledger.id, lte=asked.at):
        one = ledger.mapper.to_domain_event(event)
        legs = [
            leg
            for leg in one.legs  # type: ignore[attr-defined]
            if asked.special in (None, leg.account.special)
            and asked.fund in (None, leg.account.source)
            and (asked.first_period or "0") <= leg.period <= (asked.last_period or "9")
        ]
        amount = max((abs(leg.amount) for leg in legs), default=0)
        kind = one.movement.kind  # type: ignore[attr-defined]
        if amount and asked.kind in (None, kind) and (asked.from_amount or 0) <= amount <= (asked.to_amount or amount):
            yield Item(event.originator_version, amount)


@pytest.mark.parametrize(
    "asked",
    [
        Population(AT),
        Population(1),
        PAID,
        Population(AT, special="RDT-KRD"),
        Population(AT, fund="NSF", first_period="2025-03", last_period="2025-05"),
        Population(AT, from_amount=100_000_00, to_amount=500_000_00),
    ],
)
def test_a_population_is_what_a_fold_of_the_log_says(demo_ledger: Ledger, asked: Population) -> None:
    found = [Item(*row) for row in movements_of(demo_ledger.store, demo_ledger.id, asked)]
    assert found == list(naive(demo_ledger, asked))


# -- drawing


def test_anybody_draws_it_again_from_the_paper(papers: Papers, demo_ledger: Ledger, sample: Sample) -> None:
    again = draw(list(naive(demo_ledger, PAID)), sample.drawing)
    assert [(item.number, item.amount) for item in papers.items(sample.id)] == again == papers.whole(sample.id).again
    assert 1 <= sample.items <= 25


def test_each_item_is_proven_to_stand_in_the_log(papers: Papers, demo_ledger: Ledger, sample: Sample) -> None:
    for item in papers.items(sample.id):
        (event,) = demo_ledger.store.select_numbers(demo_ledger.id, [item.number])
        from ledger.codec import leaf

        assert leaf(event.state).hex() == item.leaf
        path = [bytes.fromhex(one) for one in item.proof]
        assert root_by(bytes.fromhex(item.leaf), item.number - 1, AT, path) == bytes.fromhex(sample.root)


def test_the_same_asked_twice_is_one_paper(papers: Papers, sample: Sample) -> None:
    asked = Asked(sample.paper, "支付", PAID, MONEY)
    assert papers.draw(asked, "a") == sample
    for other, by in (
        (asked._replace(matter="其他"), "a"),
        (asked, "b"),
        (asked._replace(drawing=MONEY._replace(seed="x")), "a"),
    ):
        with pytest.raises(NotSampled) as refused:
            papers.draw(other, by)
        assert why(refused) is NotSampledFor.PAPER_TAKEN


@pytest.mark.parametrize(
    ("population", "drawing", "expected"),
    [
        (PAID, Drawing(Method.MONETARY_UNIT, "s"), NotSampledFor.METHOD_INCOMPLETE),
        (PAID, Drawing(Method.MONETARY_UNIT, "s", 5, 500), NotSampledFor.METHOD_INCOMPLETE),
        (PAID, Drawing(Method.SIMPLE_RANDOM, "", 5), NotSampledFor.METHOD_INCOMPLETE),
        (PAID, Drawing(Method.ALL_ABOVE), NotSampledFor.METHOD_INCOMPLETE),
        (PAID, Drawing(Method.ALL_ABOVE, threshold=10**14), NotSampledFor.NOTHING_DRAWN),
        (Population(AT), Drawing(Method.ALL_ABOVE, threshold=1), NotSampledFor.SAMPLE_TOO_LARGE),
        (PAID._replace(fund="NONE"), MONEY, NotSampledFor.POPULATION_EMPTY),
        (PAID._replace(at=10**9), MONEY, NotSampledFor.NUMBER_TO_COME),
    ],
)
def test_what_cannot_be_drawn_is_refused_with_why(
    papers: Papers, population: Population, drawing: Drawing, expected: NotSampledFor
) -> None:
    with pytest.raises(NotSampled) as refused:
        papers.draw(Asked("refused", "支付", population, drawing), "a")
    assert why(refused) is expected


# -- filling in


def test_what_was_found_is_kept_once_and_overwrites_nobody(papers: Papers, sample: Sample) -> None:
    found = Findings(DIFFERS, "少附发票", "第 12 条", figure=f"/movements/1?at={AT}&lang=en&grant=3")
    kept = papers.fill_in(sample.id, 1, found, 1, "a")
    assert (kept.version, kept.findings.figure) == (2, f"/movements/1?at={AT}")
    assert papers.fill_in(sample.id, 1, found, 1, "a") == papers.items(sample.id)[0] == kept
    with pytest.raises(NotSampled) as refused:
        papers.fill_in(sample.id, 1, found._replace(reply="已补"), 1, "b")
    assert why(refused) is NotSampledFor.PAPER_CHANGED
    assert papers.sample(sample.id).exceptions == 1


def test_an_item_that_was_not_drawn_is_not_filled_in(papers: Papers, sample: Sample) -> None:
    for id_, item in ((sample.id, 999), (10**9, 1)):
        with pytest.raises(NotSampled) as refused:
            papers.fill_in(id_, item, Findings(), 1, "a")
        assert why(refused) is NotSampledFor.UNKNOWN_SAMPLE


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("", ""),
        ("/movements/12", "/movements/12"),
        (
            "http://127.0.0.1:8000/explain?by=plan&figure=net&key=BAS&at=5000&lang=zh",
            "/explain?by=plan&figure=net&key=BAS&at=5000",
        ),
        ("/explain?by=plan&figure=net&key=BAS", None),
        ("/time-machine?at=2025-03-01T00:00:00Z", None),
        ("javascript:alert(1)", None),
        ("//evil.example/x?at=1", None),
        ("/sign-out?at=1", None),
        ("http://[", None),
    ],
)
def test_a_finding_links_to_the_identical_figure_or_to_none(address: str, kept: str | None) -> None:
    if kept is None:
        with pytest.raises(NotSampled):
            fixed_figure(address)
    else:
        assert fixed_figure(address) == kept


# -- review


def test_a_paper_is_reviewed_by_somebody_else_once_it_is_whole(papers: Papers, sample: Sample) -> None:
    with pytest.raises(NotSampled) as unfinished:
        papers.review(sample.id, "b")
    assert why(unfinished) is NotSampledFor.PAPER_UNFINISHED
    told(papers, sample, checks=AGREES)
    papers.conclude(sample.id, "未发现重大异常", 1, "a")
    with pytest.raises(NotSampled) as own:
        papers.review(sample.id, "a")
    assert why(own) is NotSampledFor.OWN_PAPER
    reviewed = papers.review(sample.id, "b")
    assert (reviewed.reviewed_by, reviewed.finished) == ("b", reviewed.items)
    assert papers.review(sample.id, "b") == reviewed
    for change in (
        lambda: papers.fill_in(sample.id, 1, Findings(), 2, "a"),
        lambda: papers.conclude(sample.id, "另", reviewed.version, "a"),
        lambda: papers.take_review_back(sample.id, "a"),
    ):
        with pytest.raises(NotSampled) as closed:
            change()
        assert why(closed) is NotSampledFor.PAPER_REVIEWED
    assert papers.take_review_back(sample.id, "b").reviewed_by is None
    assert papers.conclude(sample.id, "另", reviewed.version + 1, "a").conclusion == "另"


def test_a_difference_needs_its_exception_and_criterion(papers: Papers, sample: Sample) -> None:
    told(papers, sample, checks=DIFFERS, exception="少附发票")
    papers.conclude(sample.id, "有异常", 1, "a")
    with pytest.raises(NotSampled) as refused:
        papers.review(sample.id, "b")
    assert why(refused) is NotSampledFor.PAPER_UNFINISHED


def test_amounts_are_those_of_the_whole_population(papers: Papers, demo_ledger: Ledger, sample: Sample) -> None:
    population = list(naive(demo_ledger, PAID))
    assert (sample.movements, sample.amount) == (len(population), sum(item.amount for item in population))
    assert Decimal(sample.drawing.interval or 0) == -(-sample.amount // 25)
