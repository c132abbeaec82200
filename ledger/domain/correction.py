"""Correction 更正: recorded movements are reversed and posted as they should have been, judged as one.

The recorded bytes stay; the reversal and the new lines post to an open period with the original effective dates. Every line
of a correction names the number whose version it belongs to, so what stands for a number is the sum of such lines, ever.
"""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import BaseModel, Field

from ledger.domain.accounts import Account, Leg, account, place
from ledger.domain.appropriation import CONSOLIDATED
from ledger.domain.book import Book, Recalled, Register
from ledger.domain.catalogue import Name, Role
from ledger.domain.fields import SHAPE
from ledger.domain.instalment import INSTALMENTS
from ledger.domain.movement import BUSINESS_KEYS, Actor, Movement, first_then
from ledger.domain.payment import ORDERS
from ledger.domain.period import CLOSED_PERIODS, CLOSED_YEARS
from ledger.domain.refusals import Code, refuse, refuse_if
from ledger.domain.special import MERGED, special_state

if TYPE_CHECKING:
    from ledger.domain.movement import Movement as AnyMovement  # at run time the union of every kind, see kinds.py

CORRECTED_BY: Register[int, tuple[int, ...]] = Register("corrected_by", called=str)
"""Number → numbers of the corrections of it, in order."""


class CorrectionLine(BaseModel):
    """A recorded number, and what should have been recorded in its place; nothing, if it should never have been."""

    model_config = SHAPE

    number: Annotated[int, Field(gt=0)]
    replacement: "AnyMovement | None" = None


class EntryCorrected(Movement):
    """Reverses movements and reposts their replacements. Two people of finance sign; a reason is given."""

    label: ClassVar[Name] = Name("更正", "Entry corrected")
    clause: ClassVar[str] = "F"
    signs: ClassVar = first_then((Role.FIN, Role.FIN))
    late: ClassVar[bool] = True

    kind: Literal["EntryCorrected"] = "EntryCorrected"
    lines: Annotated[tuple[CorrectionLine, ...], Field(min_length=1, max_length=1000)]

    def cites(self, book: Book) -> tuple[int, ...]:
        numbers = [line.number for line in self.lines]
        return (*numbers, *(c for number in numbers for c in CORRECTED_BY.get(book, number) or ()))

    def check(self, book: Book, actor: Actor) -> None:
        self.require_reason(self.clause)
        numbers = [line.number for line in self.lines]
        refuse_if(len(set(numbers)) != len(numbers), Code.UNKNOWN_REFERENCE, self.clause, numbers=str(numbers))
        for line in self.lines:
            original, _, legs = standing(book, line.number)
            check_year_open(book, line.number, legs)
            other = line.replacement is not None and line.replacement.kind != original.kind
            refuse_if(
                not original.correctable or other,
                Code.NOT_CORRECTABLE,
                self.clause,
                number=line.number,
                kind=original.kind,
            )

    def legs(self, book: Book) -> tuple[Leg, ...]:
        """Judged on a scratch book: every write is taken back before this returns."""
        mark = book.mark()
        try:
            legs: list[Leg] = []
            for line in self.lines:
                legs += self._reversal(book, line.number)
            book.post(legs)
            self._take_back(book)
            for line in sorted(self.lines, key=lambda line: line.number):
                if line.replacement is not None:
                    new = self._repost(book, line.number, line.replacement)
                    book.post(new)
                    legs += new
            check_reachable(book, legs)
            check_still_paid(book, legs)
            return tuple(legs)
        finally:
            book.rollback(mark)

    def factual(self, book: Book, legs: tuple[Leg, ...]) -> tuple[Leg, ...]:
        facts = {line.number for line in self.lines if recalled(book, line.number).movement.fact}
        return tuple(leg for leg in legs if leg.corrects in facts)

    def _reversal(self, book: Book, number: int) -> list[Leg]:
        _, _, legs = standing(book, number)
        return [Leg(leg.account, -leg.amount, leg.effective_on, self.posting_period, number) for leg in legs]

    def _repost(self, book: Book, number: int, replacement: Movement) -> list[Leg]:
        _, actor, _ = recalled(book, number)
        for key in replacement.business_keys(book):
            held_by = BUSINESS_KEYS.get(book, key)
            refuse_if(held_by, Code.DUPLICATE_BUSINESS_KEY, replacement.clause, key=key, number=held_by)
        replacement.check(book, actor)
        legs = [leg._replace(period=self.posting_period, corrects=number) for leg in replacement.legs(book)]
        check_year_open(book, number, legs)
        _enter(book, number, replacement, actor)
        return legs

    def _take_back(self, book: Book) -> None:
        """The newest first: what came back cites the order or settlement that goes with it."""
        for line in sorted(self.lines, key=lambda line: line.number, reverse=True):
            original, _, _ = standing(book, line.number)
            for key in original.business_keys(book):
                BUSINESS_KEYS.drop(book, key)
            original.withdraw(book)

    def register(self, book: Book, number: int, actor: Actor) -> None:
        self._take_back(book)
        for line in sorted(self.lines, key=lambda line: line.number):
            if line.replacement is not None:
                _enter(book, line.number, line.replacement, recalled(book, line.number)[1])
            CORRECTED_BY.put(book, line.number, (*(CORRECTED_BY.get(book, line.number) or ()), number))

    def inside(self) -> tuple[Movement, ...]:
        return tuple(line.replacement for line in self.lines if line.replacement is not None)

    def sealed_inside(self, seal: Callable[[Movement], Movement]) -> Movement:
        lines = (
            line.model_copy(update={"replacement": seal(line.replacement)}) if line.replacement else line
            for line in self.lines
        )
        return self.model_copy(update={"lines": tuple(lines)})


def check_year_open(book: Book, number: int, legs: Iterable[Leg]) -> None:
    """Nothing is corrected into a year that is closed, or settled for good by its period 13; PERIOD_CLOSED otherwise."""
    for year in {leg.fiscal_year for leg in legs}:
        shut = CLOSED_YEARS.get(book, year) or CLOSED_PERIODS.get(book, f"{year}-13")
        refuse_if(shut, Code.PERIOD_CLOSED, "F", number=number, year=year)


def check_still_paid(book: Book, legs: Iterable[Leg]) -> None:
    """A settlement stays at least what of it was demanded back or returned to treasury; OVER_OUTSTANDING otherwise."""
    for found in {leg.account for leg in legs if leg.account.code == "B240"}:
        owed = sum(book.balance(account(code, place(found))) for code in ("R110", "R220"))
        paid = book.balance(found)
        refuse_if(owed > paid, Code.OVER_OUTSTANDING, "三(一) V3", asked=owed, available=paid, settlement=found.ref)


def check_reachable(book: Book, legs: list[Leg]) -> None:
    """No money returns to where nothing draws on it any more: its fund, special, instalment or order has moved on since.

    NOT_CORRECTABLE otherwise: such a movement is undone by its opposite, which knows where the money belongs today.
    """
    net: dict[Account, int] = {}
    for leg in legs:
        net[leg.account] = net.get(leg.account, 0) + leg.amount
    for found, change in net.items():
        refuse_if(
            change > 0 and not _drawn_on(book, found), Code.NOT_CORRECTABLE, "F", account=found.code, ref=found.ref
        )


def _drawn_on(book: Book, found: Account) -> bool:
    if found.code not in ("B200", "B210", "B220", "B230"):
        return True
    if CONSOLIDATED.get(book, found.source or ""):
        return False
    if found.code in ("B200", "B210"):
        state = special_state(book, found.special) if found.special else None
        return state is None or all(status != MERGED for _, status in state.history)
    project, ref = found.project or "", found.ref or ""
    holder = INSTALMENTS.get(book, (project, ref)) if found.code == "B220" else ORDERS.get(book, ref)
    where = (found.source, found.vintage, found.special)
    return holder is not None and (holder.at.source, holder.at.vintage, holder.at.special) == where


def _enter(book: Book, number: int, movement: Movement, actor: Actor) -> None:
    for key in movement.business_keys(book):
        BUSINESS_KEYS.put(book, key, number)
    movement.register(book, number, actor)


def recalled(book: Book, number: int) -> Recalled:
    """A recorded movement within the Book's reach; UNKNOWN_REFERENCE otherwise."""
    found = book.recalled.get(number) if number <= book.number else None
    if found is None:
        refuse(Code.UNKNOWN_REFERENCE, "F", number=number)
    return found


def standing(book: Book, number: int) -> Recalled:
    """What stands for a number today: its latest version, and the lines that all corrections left of it.

    Raises Refusal NOT_CORRECTABLE where it was taken back for good.
    """
    movement, actor, legs = recalled(book, number)
    net: dict[tuple[Account, object], Leg] = {}
    lines = list(legs)
    for correction in CORRECTED_BY.get(book, number) or ():
        corrected, _, more = recalled(book, correction)
        lines += [leg for leg in more if leg.corrects == number]
        if not isinstance(corrected, EntryCorrected):
            continue
        latest = next(line.replacement for line in corrected.lines if line.number == number)
        if latest is None:
            refuse(Code.NOT_CORRECTABLE, "F", number=number, taken_back_by=correction)
        movement = latest
    for leg in lines:
        key = (leg.account, leg.effective_on)
        held = net.get(key)
        net[key] = leg if held is None else held._replace(amount=held.amount + leg.amount)
    return Recalled(movement, actor, tuple(leg for leg in net.values() if leg.amount))
