"""Funded more than once 重复资助: projects of one undertaker, or under nearly the same title, in the same fiscal years. Pure.

What is found is a question for people and no refusal: an undertaker may well carry out several projects. Leaders are not compared:
their names are sealed under a key of each project, so that nobody can tell by the ledger whether two are the same.
"""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from itertools import combinations, pairwise
from typing import NamedTuple

from ledger.domain.catalogue import Name

ALIKE = 80
"""Titles of one undertaker are nearly the same from here on: twice the pairs of characters they share, in percent of all."""


class Basis(StrEnum):
    """What projects have in common."""

    TITLE = "TITLE"
    UNDERTAKER = "UNDERTAKER"


BASES: dict[Basis, Name] = {
    Basis.TITLE: Name("名称相同或相近", "The same or nearly the same title"),
    Basis.UNDERTAKER: Name("同一承担单位", "The same undertaker"),
}


class Funded(NamedTuple):
    """A project with fund money: fen by fiscal year of what is committed, ordered, paid or issued, each yuan once."""

    project: str
    title: str
    special: str
    undertaker: str
    amounts: dict[int, int]

    @property
    def total(self) -> int:
        return sum(self.amounts.values())


class Group(NamedTuple):
    """Projects that have something in common, each funded in a year in which another one is, by code."""

    basis: Basis
    projects: tuple[Funded, ...]

    @property
    def total(self) -> int:
        """Fen of all of them, over all years."""
        return sum(one.total for one in self.projects)

    @property
    def specials(self) -> tuple[str, ...]:
        return tuple(sorted({one.special for one in self.projects}))

    @property
    def undertakers(self) -> tuple[str, ...]:
        return tuple(sorted({one.undertaker for one in self.projects}))


def duplicates(funded: Iterable[Funded], alike: int = ALIKE) -> list[Group]:
    """What may be funded twice: groups by title first, then by undertaker, each by amount. ``alike``: percent, see ALIKE."""
    known = sorted(funded)
    by_undertaker: dict[str, list[Funded]] = defaultdict(list)
    by_title: dict[str, list[Funded]] = defaultdict(list)
    for one in known:
        by_undertaker[one.undertaker].append(one)
        by_title[plain(one.title)].append(one)
    near = [pair for those in by_undertaker.values() for pair in _near(those, alike)]
    same = [pair for title, those in by_title.items() if title for pair in pairwise(those)]
    titles = [Group(Basis.TITLE, those) for those in map(_meeting, _together([*near, *same])) if len(those) > 1]
    parties = [Group(Basis.UNDERTAKER, those) for those in map(_meeting, by_undertaker.values()) if len(those) > 1]
    return [*sorted(titles, key=_weight), *sorted(parties, key=_weight)]


def plain(title: str) -> str:
    """A title as it is compared: letters, digits and characters alone, wide and narrow, small and large ones alike."""
    return "".join(one for one in unicodedata.normalize("NFKC", title).casefold() if one.isalnum())


def likeness(one: frozenset[str], other: frozenset[str]) -> int:
    """Of two titles' pairs of characters: twice those they share, in percent of all."""
    both = len(one) + len(other)
    return 200 * len(one & other) // both if both else 0


def _pairs(title: str) -> frozenset[str]:
    return frozenset(map("".join, pairwise(plain(title))))


def _near(those: Sequence[Funded], alike: int) -> Iterator[tuple[Funded, Funded]]:
    """Looked at year by year, each pair in the first year in which both are funded: most projects never meet."""
    by_year: dict[int, list[tuple[Funded, frozenset[str], int]]] = defaultdict(list)
    first = min((year for one in those for year in one.amounts), default=0)
    for one in those:
        told = one, _pairs(one.title), sum(1 << year - first for year in one.amounts)
        for year in one.amounts:
            by_year[year].append(told)
    for year, funded in sorted(by_year.items()):
        earlier = (1 << year - first) - 1
        for (one, pairs, years), (other, others, theirs) in combinations(funded, 2):
            if not years & theirs & earlier and likeness(pairs, others) >= alike:
                yield one, other


def _together(pairs: Iterable[tuple[Funded, Funded]]) -> Iterator[list[Funded]]:
    """Groups of whatever is joined by pairs."""
    group_of: dict[str, list[Funded]] = {}
    for one, other in pairs:
        mine, theirs = group_of.get(one.project, [one]), group_of.get(other.project, [other])
        if mine is not theirs:
            joined = [*mine, *theirs]
            group_of |= {member.project: joined for member in joined}
    yield from {id(group): group for group in group_of.values()}.values()


def _meeting(those: Sequence[Funded]) -> tuple[Funded, ...]:
    """Those funded in a year in which another one is, by code."""
    funded: dict[int, int] = defaultdict(int)
    for one in those:
        for year in one.amounts:
            funded[year] += 1
    return tuple(sorted(one for one in those if any(funded[year] > 1 for year in one.amounts)))


def _weight(group: Group) -> tuple[int, str]:
    return -group.total, group.projects[0].project
