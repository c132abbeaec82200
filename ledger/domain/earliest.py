"""Earliest 最早可用: from which day on an amount is free in a special, and what must happen first where time is not enough.

Free on a day: what the special holds of its year then and at the end of every later day, less what calls open on it reserve.
Steps are tried on the Book itself, each judged by the rules on what those before it left, and taken back.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from ledger.domain.accounts import Account, account
from ledger.domain.allocation import FundsAllocated
from ledger.domain.approval import PROPOSALS, undecided
from ledger.domain.book import Book
from ledger.domain.catalogue import Fund, Name, Role
from ledger.domain.decision import accept, accept_as_if_signed
from ledger.domain.movement import Actor, Movement, Signs, touched_specials
from ledger.domain.project import PROJECTS
from ledger.domain.reallocation import FundsReallocatedWithinFund
from ledger.domain.refusals import Refusal
from ledger.domain.reservation import RESERVATIONS, ReservationReleased
from ledger.domain.signing import chains_of, rules_in_force

AVAILABLE, UNALLOCATED = "B210", "B200"
_ASKER = Actor("what-if", Role.STD)
_REASON = "—"


class Kind(StrEnum):
    """What may have to happen, what is nearest at hand first."""

    APPROVE = "APPROVE"
    RELEASE = "RELEASE"
    ALLOCATE = "ALLOCATE"
    REALLOCATE = "REALLOCATE"
    WAIT = "WAIT"


STEPS: dict[Kind, Name] = {
    Kind.APPROVE: Name("签批待办提案", "Approve a proposal that waits"),
    Kind.RELEASE: Name("释放预留", "Release a reservation"),
    Kind.ALLOCATE: Name("分配待分配资金", "Allocate what is unallocated"),
    Kind.REALLOCATE: Name("从其他专项调剂", "Reallocate from another special"),
    Kind.WAIT: Name("等待", "Wait"),
}
NOT_KNOWN = Name("尚未到达的指标不在账内,未计入", "Quota that has not arrived is not in the books and is not counted")


class Step(NamedTuple):
    """One thing that must happen: what it brings (fen), on which day at the earliest, whose signatures, and by which clause.

    ``ref``: the proposal or the call. ``special``: from which the money comes.
    """

    kind: Kind
    amount: int
    on: date
    needs: Signs = ()
    clause: str = ""
    fund: str | None = None
    vintage: int | None = None
    special: str | None = None
    ref: str | None = None


class Taking(NamedTuple):
    """A proposal that waits and would take from what is free, in fen."""

    proposal: str
    amount: int


class Earliest(NamedTuple):
    """When an amount is free. ``by_time``: the day that needs nothing but time; else ``on`` needs the steps, in their order.

    ``short``: what is missing in that year after all that is known, in fen. Quota that is still expected is not known.
    """

    special: str
    amount: int
    today: date
    free: int
    by_time: date | None
    on: date | None
    steps: list[Step]
    short: int
    takes: list[Taking]


class Visible(NamedTuple):
    """Whose money may be named in a step: of a special (None: what no special has) and a fund."""

    special: Callable[[str | None], bool]
    fund: Callable[[str | None], bool]


class _Way(NamedTuple):
    """Something that could be done, and the movements that do it for an amount; None: only as a whole."""

    step: Step
    partly: Callable[[int], Movement] | None
    whole: tuple[tuple[Movement, Actor], ...] = ()


def earliest(
    book: Book,
    special: str,
    amount: int,
    today: date,
    visible: Visible,
    recall: Callable[[Movement], None] = lambda _: None,
) -> Earliest:
    """From when ``amount`` fen are free in a special. ``recall`` puts what a movement cites within the Book's reach."""
    free_now = free(book, special, today, visible)
    by_time = next((day for day in _days(book, special, today) if free(book, special, day, visible) >= amount), None)
    offers = list(_proposals(book, special, today, visible, recall))
    takes = [Taking(name, -brings) for name, brings in offers if brings < 0]
    if by_time is not None:
        return Earliest(special, amount, today, free_now, by_time, by_time, [], 0, takes)
    mark = book.mark()
    try:
        steps = list(_steps(book, special, amount, today, visible, recall, offers))
        after = {day: free(book, special, day, visible) for day in _days(book, special, today)}
    finally:
        book.rollback(mark)
    on = next((day for day, held in after.items() if held >= amount), None)
    if on is not None and on > today:
        steps.append(Step(Kind.WAIT, after[on] - after[today], on))
    return Earliest(special, amount, today, free_now, None, on, steps, max(0, amount - max(after.values())), takes)


def free(book: Book, special: str, day: date, visible: Visible) -> int:
    """What is free in a special on a business day, in fen."""
    held = sum(
        _usable(book, cell, day) for cell in _cells(book, AVAILABLE, day.year, visible) if cell.special == special
    )
    return held - sum(amount for _, amount in _reserved(book, special, day, visible))


def _cells(book: Book, code: str, year: int, visible: Visible) -> list[Account]:
    """Available and unallocated money has neither project nor reference: its cells are its accounts."""
    return [cell for cell in book.cells if cell[:2] == (code, year) and visible.fund(cell.source)]


def _usable(book: Book, held: Account, day: date) -> int:
    """What an account holds at the end of a day and of every later one (V3)."""
    later = sorted((on, amount) for on, amount in book.by_day.get(held, {}).items() if on > day)
    least = balance = book.balance(held) - sum(amount for _, amount in later)
    for _, amount in later:
        balance += amount
        least = min(least, balance)
    return least


def _reserved(book: Book, special: str, day: date, visible: Visible) -> Iterator[tuple[str, int]]:
    """What each call open on a day still holds back."""
    for call, found in list(RESERVATIONS.items(book)):
        amount = book.balance(account("P200", found.at(call)))
        if amount and found.special == special and found.is_open(day) and visible.fund(found.fund):
            yield call, amount


def _days(book: Book, special: str, today: date) -> list[date]:
    """Today, and the later days of its year on which more may be free: something is effective, or a call has expired."""
    days = {today}
    for cell in book.cells:
        if cell[:2] == (AVAILABLE, today.year) and cell.special == special:
            days |= book.by_day.get(cell, {}).keys()
    days |= {found.expires_on + timedelta(1) for _, found in RESERVATIONS.items(book) if found.special == special}
    return sorted(day for day in days if today <= day <= date(today.year, 12, 31))


# -- steps


def _steps(
    book: Book,
    special: str,
    amount: int,
    today: date,
    visible: Visible,
    recall: Callable[[Movement], None],
    offers: list[tuple[str, int]],
) -> Iterator[Step]:
    """As few as it takes: one that suffices, what is nearest at hand first; while none does, the one that brings most."""
    tried: set[Step] = set()
    while (missing := amount - free(book, special, today, visible)) > 0:
        ways = [way for way in _ways(book, special, today, visible, offers) if way.step._replace(amount=0) not in tried]
        if not ways:
            return
        enough = [way for way in ways if way.step.amount >= missing]
        order = list(Kind)
        way = (
            min(enough, key=lambda one: (order.index(one.step.kind), one.step.amount))
            if enough
            else max(ways, key=lambda one: (one.step.amount, -order.index(one.step.kind)))
        )
        step = way.step if way.partly is None else way.step._replace(amount=min(missing, way.step.amount))
        tried.add(step._replace(amount=0))
        needs = _taken(book, way, step, recall)
        if needs is not None:
            yield step._replace(needs=step.needs or needs)


def _taken(book: Book, way: _Way, step: Step, recall: Callable[[Movement], None]) -> Signs | None:
    """Take a step on the Book; whose signatures it needs, or None where the rules refuse it."""
    try:
        if way.partly is None:
            _apply(book, way.whole, recall)
            return ()
        movement = way.partly(step.amount)
        needs = chains_of(book, movement)
        accept_as_if_signed(book, movement, _ASKER)
        return needs
    except Refusal:
        return None


def _apply(book: Book, movements: Iterable[tuple[Movement, Actor]], recall: Callable[[Movement], None]) -> None:
    mark = book.mark()
    try:
        for movement, actor in movements:
            recall(movement)
            accept(book, movement, actor)
    except Refusal:
        book.rollback(mark)
        raise


def _ways(book: Book, special: str, today: date, visible: Visible, offers: list[tuple[str, int]]) -> Iterator[_Way]:
    """What could bring more, and how much of it."""
    rules = rules_in_force(book, today)
    for name, brings in offers:
        found = PROPOSALS.of(book)[name]
        if brings > 0:
            step = Step(Kind.APPROVE, brings, today, tuple((role,) for role in found.awaits(rules)), ref=name)
            yield _Way(step, None, tuple((movement, found.proposer) for movement in found.standing()))
    for call, amount in _reserved(book, special, today, visible):
        step = Step(
            Kind.RELEASE, amount, today, (), ReservationReleased.clause, RESERVATIONS.of(book)[call].fund, ref=call
        )
        yield _Way(step, lambda part, call=call: ReservationReleased(effective_on=today, call=call, amount=part))  # type: ignore[misc]
    if visible.special(None):
        for cell in _cells(book, UNALLOCATED, today.year, visible):
            yield from _from_cell(book, special, cell, _usable(book, cell, today), today)
    for cell in _cells(book, AVAILABLE, today.year, visible):
        if cell.special != special and visible.special(cell.special):
            yield from _from_cell(book, special, cell, _spare(book, cell, today, visible), today)


def _spare(book: Book, cell: Account, today: date, visible: Visible) -> int:
    """What another special can do without: what it holds, less what its own calls reserve of the fund."""
    alike = [one for one in _cells(book, AVAILABLE, today.year, visible) if one.special == cell.special]
    held = sum(_usable(book, one, today) for one in alike if one.source == cell.source)
    reserved = (
        amount
        for call, amount in _reserved(book, str(cell.special), today, visible)
        if RESERVATIONS.of(book)[call].fund == cell.source
    )
    return min(_usable(book, cell, today), held - sum(reserved))


def _from_cell(book: Book, special: str, cell: Account, amount: int, today: date) -> Iterator[_Way]:
    if amount <= 0 or cell.source not in list(Fund):
        return
    fund, vintage, giving = Fund(cell.source), cell.vintage or today.year, cell.special
    common = {"effective_on": today, "fund": fund, "vintage": vintage, "reason": _REASON}

    def movement(part: int) -> Movement:
        if giving is None:
            return FundsAllocated(**common, special=special, amount=part)  # type: ignore[arg-type]
        return FundsReallocatedWithinFund(**common, from_special=giving, to_special=special, amount=part)  # type: ignore[arg-type]

    kind, clause = (
        (Kind.ALLOCATE, FundsAllocated.clause)
        if giving is None
        else (Kind.REALLOCATE, FundsReallocatedWithinFund.clause)
    )
    yield _Way(Step(kind, amount, today, (), clause, str(fund), vintage, giving), movement)


def _proposals(
    book: Book, special: str, today: date, visible: Visible, recall: Callable[[Movement], None]
) -> Iterator[tuple[str, int]]:
    """Proposals that wait, and what each would add to what is free, where the rules would accept it now."""
    before = free(book, special, today, visible)
    for name, found in undecided(book):
        if found.expired(today):
            continue
        if not any(special in _specials_of(book, movement) for movement in found.standing()):
            continue
        mark = book.mark()
        try:
            _apply(book, ((movement, found.proposer) for movement in found.standing()), recall)
            brings = free(book, special, today, visible) - before
        except Refusal:
            continue
        finally:
            book.rollback(mark)
        if brings:
            yield name, brings


def _specials_of(book: Book, movement: Movement) -> set[str]:
    """The specials that a movement names, itself or by its project or call."""
    project = PROJECTS.get(book, getattr(movement, "project", None) or "")
    call = RESERVATIONS.get(book, getattr(movement, "call", None) or "")
    return touched_specials(movement, ()) | {one.special for one in (project, call) if one is not None}
