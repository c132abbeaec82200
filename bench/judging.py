"""A matching judged by a labelled set: what was joined that does not belong together, what was found, what was called rightly."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from bench.labelled import Label, Labelled
from ledger.domain.reconciliation import Status
from ledger.reconciliation.case import Case


class Judgement(NamedTuple):
    """``wrong``: cases that join lines of both sides that do not belong together. ``matchable``, ``found``: lines that belong
    together with some of the other side, and those of them that stand in one case with just these. ``answers``: how often a
    label, by kind and what it demands, became what."""

    wrong: list[Case]
    matchable: int
    found: int
    answers: Counter[tuple[bool, str, str, str]]

    @property
    def recall(self) -> float:
        return self.found / self.matchable

    @property
    def misjudged(self) -> Counter[tuple[bool, str, str, str]]:
        return Counter({key: count for key, count in self.answers.items() if key[2] != key[3]})


def judged(made: Labelled, cases: Sequence[Case]) -> Judgement:
    """What the cases are worth. Raises ValueError where a line is in no case or in several."""
    members, held = _members(made), _held(made, cases)
    wrong = [case for case in cases if case.ours and case.theirs and len(_labels(made, case)) > 1]
    matchable = found = 0
    answers: Counter[tuple[bool, str, str, str]] = Counter()
    for label, (ours, theirs) in members.items():
        own = {*(held[True, key] for key in ours), *(held[False, key] for key in theirs)}
        case = cases[own.pop()] if len(own) == 1 else None
        together = case is not None and case.ours == ours and case.theirs == theirs
        if label.matchable:
            matchable += len(ours) + len(theirs)
            found += (len(ours) + len(theirs)) * together
        answers[label.noise, label.kind, _demanded(label), _answered(label, case, together)] += 1
    return Judgement(wrong, matchable, found, answers)


def _members(made: Labelled) -> dict[Label, tuple[tuple[int, ...], tuple[int, ...]]]:
    found: defaultdict[Label, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for side, labels in enumerate((made.of_ours, made.of_theirs)):
        for key, label in labels.items():
            found[label][side].append(key)
    return {label: (tuple(ours), tuple(theirs)) for label, (ours, theirs) in found.items()}


def _held(made: Labelled, cases: Sequence[Case]) -> dict[tuple[bool, int], int]:
    """Side and key of a line → index of its case."""
    places = [
        ((ours, key), at)
        for at, case in enumerate(cases)
        for ours, keys in ((True, case.ours), (False, case.theirs))
        for key in keys
    ]
    held = dict(places)
    lines = {*((True, key) for key in made.of_ours), *((False, key) for key in made.of_theirs)}
    if len(held) != len(places) or held.keys() != lines:
        raise ValueError("each line must be in exactly one case")
    return held


def _labels(made: Labelled, case: Case) -> set[Label]:
    return {made.of_ours[key] for key in case.ours} | {made.of_theirs[key] for key in case.theirs}


def _named(status: Status, cause: str | None) -> str:
    return f"{status} {cause}" if cause else status


def _demanded(label: Label) -> str:
    return _named(label.status, label.cause)


def _answered(label: Label, case: Case | None, together: bool) -> str:
    """What became of a label; where no cause is demanded of a difference, any will do."""
    if case is None:
        return "in several cases"
    free = label.cause is None and label.status is not Status.MATCHED
    answer = _named(case.status, None if free else case.cause)
    return answer if together else f"{answer}, with others"
