"""The matcher against the labelled set: nothing joined that does not belong together, what belongs together found and named."""

from collections import Counter

import pytest

from bench.judging import Judgement, judged
from bench.labelled import Labelled, labelled
from bench.reconciling import RECALL_MIN, asked_of_a_year
from ledger.reconciliation.case import Case
from ledger.reconciliation.matching import match


def hold(made: Labelled, judgement: Judgement) -> None:
    assert judgement.wrong == []
    assert judgement.recall >= RECALL_MIN
    assert judgement.misjudged == Counter()


def of(lines: int, seed: int) -> tuple[Labelled, list[Case]]:
    made = labelled(lines, seed)
    return made, match(made.ours, made.theirs, asked_of_a_year())


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_five_thousand_lines_end_as_they_must(seed: int) -> None:
    made, cases = of(5_000, seed)
    hold(made, judged(made, cases))


@pytest.mark.slow
@pytest.mark.parametrize("seed", [5, 6])
def test_a_hundred_thousand_lines_end_as_they_must(seed: int) -> None:
    made, cases = of(100_000, seed)
    hold(made, judged(made, cases))


def test_the_judge_sees_a_wrong_match_a_missed_one_and_a_wrong_status() -> None:
    made, cases = of(2_000, 1)
    one, two, *rest = [case for case in cases if len(case.ours) == len(case.theirs) == 1]
    others = [case for case in cases if case not in (one, two, *rest)]
    crossed = [_with(one, theirs=two.theirs), _with(two, theirs=one.theirs)]
    assert len(judged(made, [*crossed, *rest, *others]).wrong) == 2
    apart = [_with(one, theirs=()), _with(one, ours=())]
    missed = judged(made, [*apart, two, *rest, *others])
    assert (missed.wrong, missed.found) == ([], missed.matchable - 2)
    assert missed.misjudged.total() - judged(made, cases).misjudged.total() == 1


def test_the_judge_refuses_a_line_left_out_or_held_twice() -> None:
    made, cases = of(500, 1)
    for bad in (cases[1:], [*cases, cases[0]]):
        with pytest.raises(ValueError, match="exactly one case"):
            judged(made, bad)


def _with(case: Case, **fields: tuple[int, ...]) -> Case:
    told = {name: getattr(case, name) for name in case.__struct_fields__}
    return Case(**{**told, **fields})
