"""Working days 工作日: which weekdays rest 法定节假日 and which weekends are worked 调休, year by year, as it was announced."""

from datetime import date
from typing import Annotated, ClassVar, Literal, NamedTuple

from pydantic import Field

from ledger.domain.book import Book, Register
from ledger.domain.catalogue import Name, Role
from ledger.domain.fields import Day, Year
from ledger.domain.movement import Actor, Movement, both
from ledger.domain.refusals import Code, refuse_if

SATURDAY = 5


class Announced(NamedTuple):
    """What holds of a year: the days that rest and the weekends that are worked, by the document that begins on a day."""

    since: date
    holidays: tuple[date, ...]
    worked: tuple[date, ...]
    document: str


HOLIDAYS: Register[int, Announced] = Register("holidays")
"""Year → the announcement that stands last. A year without one rests at weekends only."""


class HolidaysAnnounced(Movement):
    """The State Council's arrangement of a year's holidays [P]; one with a later effective day takes the place of another."""

    label: ClassVar[Name] = Name("节假日安排登记", "Holidays announced")
    clause: ClassVar[str] = "P"
    signs: ClassVar = both(Role.FIN, Role.STD)

    kind: Literal["HolidaysAnnounced"] = "HolidaysAnnounced"
    year: Year
    holidays: Annotated[tuple[Day, ...], Field(min_length=1, max_length=100)]
    worked: Annotated[tuple[Day, ...], Field(max_length=100)] = ()

    def check(self, book: Book, actor: Actor) -> None:
        named = (*self.holidays, *self.worked)
        strange = next((day for day in named if day.year != self.year or named.count(day) > 1), None)
        weekday = next((day for day in self.worked if day.weekday() < SATURDAY), None)
        wrong = strange or weekday
        refuse_if(wrong, Code.UNKNOWN_REFERENCE, self.clause, year=self.year, day=str(wrong))
        self.require_document(self.clause)

    def register(self, book: Book, number: int, actor: Actor) -> None:
        standing = HOLIDAYS.get(book, self.year)
        if standing is None or standing.since <= self.effective_on:
            document = self.document.number if self.document else ""
            HOLIDAYS.put(book, self.year, Announced(self.effective_on, self.holidays, self.worked, document))
