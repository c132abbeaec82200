"""What a sheet is made of: the Book's facts, and amounts and lines of one snapshot, as much of them as somebody sees."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple, TypeVar

from ledger.access.sight import Sight
from ledger.codec import Recorded
from ledger.domain.accounts import Account
from ledger.domain.book import Book
from ledger.domain.catalogue import Name
from ledger.domain.correction import EntryCorrected
from ledger.domain.movement import Movement
from ledger.domain.party import PARTIES
from ledger.domain.project import PROJECTS
from ledger.domain.special import SpecialState, all_specials
from ledger.projections.held import Line
from ledger.projections.moment import NOW, Moment
from ledger.reports.sheet import Check, Column, Row, Sheet
from ledger.reports.sides import Sides
from ledger.sampling.papers import Drawn

K = TypeVar("K", bound=Hashable)
M = TypeVar("M", bound=Movement)
Amounts = Mapping[Account, int]

PARTIAL = Name("仅含有权查看的部分", "only what you may see of it")
FACTS = Name(
    "登记事项(名称、期次、承诺、参数等)为截至该编号所知,不按会计期间或业务日期回溯",
    "facts of registers (names, instalments, pledges, parameters) are as known at that number, "
    "not as of the period or business date",
)


class Grounds(NamedTuple):
    """Amounts in fen at a moment, and the Book at its number. ``special`` and ``project``: what the sheet is narrowed to."""

    book: Book
    number: int
    recorded_at: datetime
    on: date
    """Business date of the moment."""
    fiscal_year: int
    held: Amounts
    moment: Moment = NOW
    before: Amounts | None = None
    """A year before, on the same day; None where the ledger had not begun."""
    lines: Sequence[Line] = ()
    recorded: Sequence[Recorded] = ()
    sees: Sight = Sight()
    special: str | None = None
    project: str | None = None
    latest: bool = True
    """Whether the year is the latest that held anything: what has no year belongs to it."""

    compared: Sides | None = None
    """The ledger's payments of the year beside treasury's, where its statement was compared."""
    drawn: Drawn | None = None
    """The working paper that was asked for."""

    @property
    def fund_level(self) -> bool:
        """Whether all specials are asked for and seen, so that what belongs to none is seen, too."""
        narrowed = self.special or self.project or self.sees.specials is not None or self.sees.department is not None
        return not narrowed

    def within(self, account: Account) -> bool:
        """Whether an account belongs to what was asked for and is seen."""
        if self.special not in (None, account.special) or self.project not in (None, account.project):
            return False
        if not self.sees.source(account.source):
            return False
        if self.sees.department is None:
            return self.sees.special(self.book, account.special)
        return account.project is not None and self.sees.project(self.book, account.project)

    def seen(self) -> Iterator[tuple[Account, int]]:
        """Accounts and what they held, as far as they are within."""
        return ((account, amount) for account, amount in self.held.items() if self.within(account))

    def seen_lines(self) -> Iterator[Line]:
        return (line for line in self.lines if self.within(line.leg.account))

    def specials(self) -> dict[str, SpecialState]:
        """The specials asked for and seen, in the order of the notice."""
        return {
            special: state
            for special, state in all_specials(self.book).items()
            if self.special in (None, special) and self.sees.special(self.book, special)
        }

    def sees_project(self, project: str) -> bool:
        """Whether a project was asked for and is seen."""
        known = PROJECTS.get(self.book, project)
        asked = self.project in (None, project) and known is not None and self.special in (None, known.special)
        return asked and self.sees.project(self.book, project)

    def party(self, credit_code: str) -> str:
        """What a party is called on the business date."""
        party = PARTIES.get(self.book, credit_code)
        return party.name_on(self.on) if party else credit_code

    def movements(self, kind: type[M]) -> list[tuple[Recorded, M]]:
        """Movements of a kind as they stand: a corrected one as its last correction says, or not at all."""
        found: dict[int, tuple[Recorded, M]] = {}
        for one in self.recorded:
            if isinstance(one.movement, kind):
                found[one.number] = one, one.movement
            for line in one.movement.lines if isinstance(one.movement, EntryCorrected) else ():
                instead = line.replacement
                if isinstance(instead, kind):
                    found[line.number] = one, instead
                else:
                    found.pop(line.number, None)
        return list(found.values())

    def sheet(
        self,
        code: str,
        name: Name,
        columns: tuple[Column, ...],
        rows: Sequence[Row],
        total: Row | None,
        checks: Sequence[Check],
        *scope: Name,
    ) -> Sheet:
        """A sheet made of it, which says as of when and of what it is."""
        about = self.number, self.recorded_at, self.fiscal_year, self.on, self.moment
        return Sheet(code, name, columns, rows, total, checks, self.scope(*scope), *about)

    def scope(self, *said: Name) -> list[Name]:
        """What a sheet says about its scope, with what is left out and what is not of the moment."""
        partial = [] if self.sees.everything else [PARTIAL]
        narrowed = [Name(f"仅 {part}", f"{part} only") for part in (self.special, self.project) if part]
        return [*said, *partial, *narrowed, *([FACTS] if self.moment.period or self.moment.effective_on else [])]


def summed(amounts: Iterable[tuple[Account, int]], key: Callable[[Account], K]) -> dict[K, int]:
    """Fen by what ``key`` says of each account."""
    sums: dict[K, int] = defaultdict(int)
    for account, amount in amounts:
        sums[key(account)] += amount
    return sums


def voucher_of(one: Recorded) -> str | None:
    """The voucher of a movement that posts, with the fiscal year in which it is counted."""
    return None if one.voucher is None else f"{one.movement.fiscal_year}-{one.voucher}"
