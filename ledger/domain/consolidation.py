"""The start: what the old funds bring in (五(二)), and their consolidation into one (四(二))."""

from collections.abc import Iterator
from typing import ClassVar, Literal

from pydantic import BaseModel

from ledger.domain.accounts import Leg, Place, place
from ledger.domain.appropriation import CONSOLIDATED, check_fund_open
from ledger.domain.book import Book
from ledger.domain.catalogue import PREDECESSORS, Fund, Name, Role, Source
from ledger.domain.fields import SHAPE, CreditCode, Id, SpecialCode, Year
from ledger.domain.instalment import INSTALMENTS, Instalment, check_adds_up
from ledger.domain.matching import PLEDGES, Pledge, Tranche, check_pledger
from ledger.domain.money import Fen, FenOrZero
from ledger.domain.movement import Actor, Movement, both
from ledger.domain.party import known_party
from ledger.domain.payment import SETTLEMENTS, Settlement
from ledger.domain.period import FIRST_YEAR
from ledger.domain.project import known_project, place_of
from ledger.domain.refusals import Code, refuse_if
from ledger.domain.special import known_special


class OpeningInstalment(BaseModel):
    """One instalment of a running project: what is still to pay, and what this year paid already, in fen."""

    model_config = SHAPE

    instalment: Id
    unpaid: FenOrZero
    paid: FenOrZero = 0
    gated: bool = False


class OpeningPledge(BaseModel):
    """Matching money promised to a running project: all of it, what arrived, and when the rest is due, in fen."""

    model_config = SHAPE

    pledge: Id
    pledger: CreditCode
    amount: Fen
    received: FenOrZero = 0
    tranches: tuple[Tranche, ...] = ()


class OpeningBalanceImported(Movement):
    """One line of the signed opening list: unallocated or allocated money of a fund, or one project with its instalments.

    Carried-in money posts from B101, money of a running year from B100; the other side is B200, B210, B220 or B240.
    Pledges taken over with a project post M100 / M200, and M110 / M100 for what arrived.
    """

    label: ClassVar[Name] = Name("期初余额导入", "Opening balance imported")
    clause: ClassVar[str] = "五(二)"
    signs: ClassVar = both(Role.FIN, Role.STD)

    kind: Literal["OpeningBalanceImported"] = "OpeningBalanceImported"
    fund: Fund
    vintage: Year
    amount: FenOrZero
    carried_in: bool = True
    special: SpecialCode | None = None
    project: Id | None = None
    instalments: tuple[OpeningInstalment, ...] = ()
    pledges: tuple[OpeningPledge, ...] = ()

    def business_keys(self, book: Book) -> tuple[str, ...]:
        where = self.project or self.special or "unallocated"
        line = f"opening:{self.fund}:{self.vintage}:{'in' if self.carried_in else 'new'}:{where}"
        return (line, *(f"pledge:{found.pledge}" for found in self.pledges))

    def check(self, book: Book, actor: Actor) -> None:
        check_fund_open(book, self.fund)
        first = FIRST_YEAR.get(book, "year")
        refuse_if(first not in (None, self.fiscal_year), Code.PERIOD_ORDER, self.clause, first_fiscal_year=first)
        if self.special:
            known_special(book, self.special, self.effective_on)
        if self.project:
            self._check_names(book, self.project)
            project = known_project(book, self.project)
            for found in self.pledges:
                known_party(book, found.pledger, "pledger")
                check_pledger(book, project, found.pledger)
            check_adds_up(self.amount, [part.unpaid + part.paid for part in self.instalments], self.clause)
            for found in self.pledges:
                outstanding = found.amount - found.received
                check_adds_up(outstanding, [part.amount for part in found.tranches], "二(一)3")
        nothing = self.amount == 0 and not self.pledges
        stray = self.project is None and (self.pledges or self.instalments)
        refuse_if(nothing or stray, Code.SCHEDULE_MISMATCH, self.clause, fund=self.fund)

    def _check_names(self, book: Book, project: str) -> None:
        """Each instalment and each pledge is new, and once in the line: a second one would take the place of the first."""
        seen: set[str] = set()
        for part in self.instalments:
            taken = part.instalment in seen or INSTALMENTS.get(book, (project, part.instalment))
            refuse_if(taken, Code.DUPLICATE_BUSINESS_KEY, self.clause, instalment=part.instalment)
            seen.add(part.instalment)
        names = [found.pledge for found in self.pledges]
        twice = next((name for name in names if names.count(name) > 1), None)
        refuse_if(twice, Code.DUPLICATE_BUSINESS_KEY, self.clause, pledge=twice)

    def legs(self, book: Book) -> tuple[Leg, ...]:
        supply = "B101" if self.carried_in else "B100"
        at = Place(self.fiscal_year, self.fund, self.vintage, self.special)
        if self.project is None:
            return self.transfer(supply, "B210" if self.special else "B200", self.amount, at)
        return (*self._project_legs(book, supply, self.project), *self._pledge_legs(book))

    def _project_legs(self, book: Book, supply: str, project: str) -> tuple[Leg, ...]:
        at = place_of(book, project, self.fiscal_year, self.fund, self.vintage)
        return tuple(
            leg
            for part in self.instalments
            for code, amount, ref in (
                ("B220", part.unpaid, part.instalment),
                ("B240", part.paid, opening_settlement(project, part.instalment)),
            )
            if amount
            for leg in self.transfer(supply, code, amount, at._replace(ref=ref))
        )

    def _pledge_legs(self, book: Book) -> tuple[Leg, ...]:
        legs: list[Leg] = []
        for found in self.pledges:
            at = self._pledge_at(book, found)
            legs += self.transfer("M100", "M200", found.amount, at)
            legs += self.transfer("M110", "M100", found.received, at) if found.received else ()
        return tuple(legs)

    def _pledge_at(self, book: Book, found: OpeningPledge) -> Place:
        project = self.project or ""
        return Place(0, Source.MATCHING, None, known_project(book, project).special, project, ref=found.pledge)

    def register(self, book: Book, number: int, actor: Actor) -> None:
        if self.project is None:
            return
        at = place_of(book, self.project, self.fiscal_year, self.fund, self.vintage)
        for part in self.instalments:
            INSTALMENTS.put(book, (self.project, part.instalment), Instalment(at, gated=part.gated))
            if part.paid:
                name = opening_settlement(self.project, part.instalment)
                SETTLEMENTS.put(
                    book, name, Settlement(None, at._replace(ref=name), self.project, part.instalment, repayable=False)
                )
        for found in self.pledges:
            tranches = tuple((part.due_on, part.amount) for part in found.tranches)
            PLEDGES.put(book, found.pledge, Pledge(self._pledge_at(book, found), found.pledger, tranches))


def opening_settlement(project: str, instalment: str) -> str:
    """The name under which what was paid before the ledger began can be refunded or recovered."""
    return f"opening~{project}~{instalment}"


class PredecessorFundConsolidated(Movement):
    """All that a predecessor still holds goes to STIDF, vintage and lineage kept. Posts B200, B220 / B106 and back.

    What it promised for later years goes with it, project by project: F200 / F100, and F100 / F200 of STIDF.
    """

    label: ClassVar[Name] = Name("资金整合", "Predecessor fund consolidated")
    clause: ClassVar[str] = "四(二)"
    signs: ClassVar = both(Role.FIN, Role.STD)

    kind: Literal["PredecessorFundConsolidated"] = "PredecessorFundConsolidated"
    fund: Fund

    def business_keys(self, book: Book) -> tuple[str, ...]:
        return (f"consolidated:{self.fund}",)

    def check(self, book: Book, actor: Actor) -> None:
        refuse_if(self.fund not in PREDECESSORS, Code.UNKNOWN_REFERENCE, self.clause, fund=self.fund)
        moving = book.standing("B210", "B230", "X900", source=self.fund)
        refuse_if(
            moving,
            Code.NOT_CLEARED,
            self.clause,
            fund=self.fund,
            accounts=" ".join(sorted({found.code for found, _ in moving})),
        )

    def legs(self, book: Book) -> tuple[Leg, ...]:
        return tuple(self._moves(book))

    def _moves(self, book: Book) -> Iterator[Leg]:
        standing = book.standing("B200", "B220", source=self.fund)
        for found, amount in sorted(standing, key=lambda item: book.account_ids[item[0]]):
            at = place(found)
            yield from self.transfer(found.code, "B106", amount, at)
            yield from self.transfer("B106", found.code, amount, at._replace(source=Fund.STIDF))
        promised = book.standing("F200", source=self.fund)
        for found, amount in sorted(promised, key=lambda item: book.account_ids[item[0]]):
            at = place(found)
            yield from self.transfer("F200", "F100", amount, at)
            yield from self.transfer("F100", "F200", amount, at._replace(source=Fund.STIDF))

    def register(self, book: Book, number: int, actor: Actor) -> None:
        CONSOLIDATED.put(book, self.fund, number)
        for key, instalment in list(INSTALMENTS.items(book)):
            if instalment.at.source == self.fund:
                at = instalment.at._replace(source=Fund.STIDF)
                INSTALMENTS.put(book, key, instalment._replace(at=at, lineage=(*instalment.lineage, self.fund)))
