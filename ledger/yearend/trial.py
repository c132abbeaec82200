"""A year's end tried before anything is recorded: every line judged by the rules, on a Book apart that is thrown away."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import NamedTuple

from ledger.domain.blocking import Blocker
from ledger.domain.book import Book
from ledger.domain.closing import MENDED_BY, PeriodClosed, period_blockers
from ledger.domain.decision import accept
from ledger.domain.movement import Actor, Movement
from ledger.domain.parameter import PolicyParameterSet
from ledger.domain.refusals import Code, Refusal
from ledger.domain.yearend import YearClosed, age_of, year_blockers
from ledger.yearend.plan import Fate, Line, plan


class Total(NamedTuple):
    """What becomes of a fund's vintage, in fen. ``age``: how many years old it is; ``refused``: of all its lines."""

    fund: str
    vintage: int
    age: int
    lines: int
    carried_over: int
    surplus: int
    withdrawn: int
    undecided: int
    refused: int


class Trial(NamedTuple):
    """The list as judged at one number. It can be proposed where nothing is refused: then the year closes with it."""

    year: int
    number: int
    lines: list[Line]
    blockers: list[Blocker]

    @property
    def refused(self) -> int:
        return sum(line.refusal is not None for line in self.lines)

    @property
    def movements(self) -> tuple[Movement, ...]:
        return tuple(line.movement for line in self.lines if line.movement is not None)


def first_day(year: int, today: date) -> date:
    """The business date of closing: today, and not before the year is over."""
    return max(today, date(year + 1, 1, 1))


def try_year_end(
    book: Book, year: int, day: date, actor: Actor, done: Callable[[int, int], None] | None = None
) -> Trial:
    """Judge the list of a year on a Book that nobody else uses: each line after those before it that are accepted."""
    number, lines, blockers = book.number, [], dict[object, Blocker]()
    planned = plan(book, year, day)
    for count, line in enumerate(planned, 1):
        if line.movement is not None and line.account is None:
            _gather(blockers, _blockers_of(book, line.movement))
        refusal = line.refusal or (_refused(book, line.movement, actor) if line.movement else None)
        if refusal and line.account:
            mended_by = MENDED_BY[line.account.code] if line.movement else (PolicyParameterSet.__name__,)
            blockers.setdefault(line.account, Blocker(refusal, mended_by, line.account))
        lines.append(line._replace(refusal=refusal))
        if done:
            done(count, len(planned))
    return Trial(year, number, lines, list(blockers.values()))


def _gather(found: dict[object, Blocker], more: Iterator[Blocker]) -> None:
    """Each is named once. A month that waits for another one of the list waits for what blocks that one."""
    waits = bool(found)
    for blocker in more:
        if not (waits and blocker.refusal.code is Code.PERIOD_ORDER):
            about = blocker.account or (blocker.refusal.code, *blocker.refusal.details.values())
            found.setdefault(about, blocker)


def _refused(book: Book, movement: Movement, actor: Actor) -> Refusal | None:
    mark = book.mark()
    try:
        accept(book, movement, actor)
    except Refusal as refusal:
        book.rollback(mark)
        return refusal
    book.commit()
    return None


def _blockers_of(book: Book, closing: Movement) -> Iterator[Blocker]:
    if isinstance(closing, PeriodClosed):
        yield from period_blockers(book, closing.closes, closing.effective_on)
    elif isinstance(closing, YearClosed):
        yield from year_blockers(book, closing.year, closing.effective_on)


def totals(lines: list[Line], year: int) -> list[Total]:
    """Per fund and vintage, in the order of the list."""
    found: dict[tuple[str, int], list[Line]] = {}
    for line in lines:
        if line.account is not None:
            found.setdefault((line.account.source or "", line.account.vintage or 0), []).append(line)
    return [_total(fund, vintage, year, own) for (fund, vintage), own in found.items()]


def _total(fund: str, vintage: int, year: int, lines: list[Line]) -> Total:
    def of(fate: Fate) -> int:
        return sum(line.amount for line in lines if line.fate is fate)

    refused = sum(line.amount for line in lines if line.refusal is not None)
    fates = (of(Fate.CARRY_OVER), of(Fate.SURPLUS), of(Fate.WITHDRAWN), of(Fate.UNDECIDED))
    return Total(fund, vintage, age_of(vintage, year), len(lines), *fates, refused)
