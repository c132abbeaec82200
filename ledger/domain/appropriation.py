"""Budget quota 指标 that the finance department gives to a fund, and what the opening brought in (四(二), 五(二))."""

from typing import ClassVar, Literal

from ledger.domain.accounts import Leg, Place
from ledger.domain.book import Book, Register
from ledger.domain.catalogue import PREDECESSORS, Fund, Name, Role
from ledger.domain.fields import Id, Year
from ledger.domain.money import Fen
from ledger.domain.movement import Actor, Movement, by
from ledger.domain.refusals import Code, refuse_if

CONSOLIDATED: Register[str, int] = Register("consolidated")
"""Predecessor fund → number of the movement that consolidated it."""


def check_fund_open(book: Book, fund: Fund) -> None:
    """Nothing new enters a predecessor that was consolidated (四(二))."""
    refuse_if(CONSOLIDATED.get(book, fund), Code.FUND_CLOSED, "四(二)", fund=fund)


def home_of(book: Book, fund: str) -> str:
    """Where money of a fund belongs today: that of a consolidated predecessor in the fund it went to (四(二))."""
    return str(Fund.STIDF) if CONSOLIDATED.get(book, fund) else fund


class AppropriationReceived(Movement):
    """Quota arrives by a document line. Posts B100 / B200."""

    label: ClassVar[Name] = Name("指标下达(收到)", "Appropriation received")
    clause: ClassVar[str] = "四(一)"
    signs: ClassVar = by(Role.FIN)
    correctable: ClassVar[bool] = True

    kind: Literal["AppropriationReceived"] = "AppropriationReceived"
    fund: Fund
    vintage: Year
    amount: Fen
    line: Id = "1"
    batch_no: Id | None = None

    def business_keys(self, book: Book) -> tuple[str, ...]:
        return (f"appropriation:{self.document.number}:{self.line}",) if self.document else ()

    def check(self, book: Book, actor: Actor) -> None:
        self.require_document(self.clause)
        refuse_if(self.fund in PREDECESSORS, Code.FUND_CLOSED, "四(二)", fund=self.fund)

    def legs(self, book: Book) -> tuple[Leg, ...]:
        return self.transfer("B100", "B200", self.amount, Place(self.fiscal_year, self.fund, self.vintage))


class AppropriationReduced(Movement):
    """Quota is cut by a document line. Posts B200 / B100."""

    label: ClassVar[Name] = Name("指标追减", "Appropriation reduced")
    clause: ClassVar[str] = "四(一)"
    signs: ClassVar = by(Role.FIN)
    correctable: ClassVar[bool] = True

    kind: Literal["AppropriationReduced"] = "AppropriationReduced"
    fund: Fund
    vintage: Year
    amount: Fen
    line: Id = "1"

    def business_keys(self, book: Book) -> tuple[str, ...]:
        return (f"reduction:{self.document.number}:{self.line}",) if self.document else ()

    def check(self, book: Book, actor: Actor) -> None:
        self.require_document(self.clause)

    def legs(self, book: Book) -> tuple[Leg, ...]:
        return self.transfer("B200", "B100", self.amount, Place(self.fiscal_year, self.fund, self.vintage))
