"""A random history: requests, most of them sensible, played against a ledger in memory and the naive model at once."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any, NamedTuple, TypeVar

from ledger.domain.accounts import Account
from ledger.domain.book import Book
from ledger.domain.decision import Accepted
from ledger.domain.money import yuan
from ledger.domain.period import CLOSED_PERIODS, CLOSED_YEARS
from ledger.domain.refusals import Refusal
from tests.properties import wording, wording_of_payments
from tests.properties.in_parts import Answer, refused, said
from tests.properties.invariants import (
    check_closing_list,
    check_invariants,
    check_later_days,
    check_refusal,
    check_within_reach,
)
from tests.properties.model import WORDS, Model
from tests.world import World, actor, movement, with_parties

assert all(words.__module__ in (wording.__name__, wording_of_payments.__name__) for words in WORDS.values())

T = TypeVar("T")
FIRST_DAY = date(2025, 1, 20)
LAST_YEAR = 2027


class Request(NamedTuple):
    """Who signs (the first proposes, the second approves) and what is asked."""

    signers: tuple[str, ...]
    kind: str
    fields: dict[str, Any]


class Moment(NamedTuple):
    """The business day and, where it is named, the posting period."""

    effective_on: str
    period: str | None

    @property
    def year(self) -> int:
        return int((self.period or self.effective_on)[:4])

    @property
    def month(self) -> str:
        return self.period or self.effective_on[:7]

    @property
    def fields(self) -> dict[str, Any]:
        named = {"period": self.period} if self.period else {}
        return {"effective_on": self.effective_on, **named}


class History:
    """A ledger, its naive model, chance, and a clock that only goes forward."""

    def __init__(self, chance: Random) -> None:
        self.chance = chance
        self.today = FIRST_DAY
        self.world: World = with_parties()
        self.model = Model()
        self.kinds: Counter[str] = Counter()
        self.codes: Counter[str] = Counter()
        self.closings: Counter[tuple[str, bool]] = Counter()
        """(PeriodClosed or YearClosed, whether it would have been accepted) → how often that was compared with the list."""
        self.stood_then: dict[int, Book] = {}
        """Number → the Book that stood after it; some of them, to compare with replays (V11)."""
        self.answers: list[Answer] = []
        """Whatever was asked, to be asked again of Books in parts."""
        self.days: dict[Account, dict[date, int]] = defaultdict(lambda: defaultdict(int))
        """Account → business day → what moved on it, as entries say (V3 at the end of later days)."""
        self._serial = 0
        self._take_note(self.world.log)

    # -- chance

    def happens(self, probability: float) -> bool:
        """The smallest draw says no, so that what shrinks becomes plain."""
        return self.chance.random() >= 1 - probability

    def one(self, things: Iterable[T]) -> T | None:
        found = list(things)
        return self.chance.choice(found) if found else None

    def name(self, things: Iterable[str]) -> str:
        """One of these names; now and then, or where there is none, a name of nothing."""
        found = list(things)
        return self.chance.choice(found) if found and not self.happens(0.02) else "nothing"

    def amount(self, most: int = 300_000_000) -> int:
        """Up to so many fen; the smallest amount is as likely as a large one to be telling."""
        return 1 if self.happens(0.03) else self.chance.randint(1, max(1, most))

    def part(self, available: int) -> int:
        """All of it, a part of it, and sometimes one fen too many or far too much."""
        if available <= 0:
            return self.amount()
        draw = self.chance.random()
        if draw < 0.35:
            return available
        if draw < 0.42:
            return available + 1
        return available + self.amount() if draw < 0.45 else self.amount(available)

    def new(self, prefix: str) -> str:
        self._serial += 1
        return f"{prefix}{self._serial}"

    def document(self, prefix: str = "D") -> dict[str, Any]:
        return {"document": {"number": self.new(prefix)}}

    def moment(self, *, may_be_earlier: bool = True) -> Moment:
        """Mostly today; sometimes some weeks ago, in the settling period of last year, or in a month that is named."""
        day, period = self.today, None
        if may_be_earlier and self.happens(0.12):
            day = max(FIRST_DAY, day - timedelta(days=self.chance.randint(1, 45)))
            period = self.one((None, f"{self.today:%Y-%m}", f"{day:%Y-%m}"))
        if self.today.month == 1 and self.today.year > FIRST_DAY.year and self.happens(0.3):
            last_year = self.today.year - 1
            if self.happens(0.3):  # a December payment may settle and bounce in January, and still belong to its year
                return Moment(day.isoformat(), f"{last_year}-13")
            return Moment(f"{last_year}-12-{self.chance.randint(1, 31):02d}", self.one((f"{last_year}-13", None)))
        return Moment(day.isoformat(), period)

    def standing(self, *codes: str, **dimensions: Any) -> list[tuple[Account, int]]:
        return self.world.book.standing(*codes, **dimensions)

    def holder(self, *codes: str, **dimensions: Any) -> tuple[Account, int]:
        """An account that holds something; one that does not exist where none does."""
        found = self.one(self.standing(*codes, **dimensions))
        return found or (Account(codes[0], 2025, "STIDF", 2025, "RDT-KRD", "nothing", None, "nothing"), 0)

    # -- doing

    def attempt(self, request: Request) -> list[Accepted]:
        """Record, or propose and have approved; what was accepted, nothing where it was refused."""
        if len(request.signers) == 1:
            return self._record(request.signers[0], request.kind, request.fields)
        proposal = {"proposal": self.new("proposal-"), "effective_on": request.fields["effective_on"]}
        movements = [{"kind": request.kind, **request.fields}]
        if not self._record(request.signers[0], "ProposalSubmitted", {**proposal, "movements": movements}):
            return []
        return self._record(request.signers[1], "ProposalApproved", proposal)

    def must(self, request: Request) -> list[Accepted]:
        """A request that nothing may stand against."""
        refused_before = sum(self.codes.values())
        done = self.attempt(request)
        assert sum(self.codes.values()) == refused_before, (request, str(self.world.refusal))
        return done

    def _record(self, who: str, kind: str, fields: dict[str, Any]) -> list[Accepted]:
        book = self.world.book
        book.now = datetime(self.today.year, self.today.month, self.today.day, 4, tzinfo=UTC)
        if kind in ("PeriodClosed", "YearClosed"):
            self.closings.update(check_closing_list(book, self.today))
        before, number = self._everything(), book.number
        request = number, book.now, movement(kind, **fields), actor(who)
        try:
            self.world.record(who, kind, **fields)
        except Refusal as refusal:
            self.answers.append(Answer(*request, refused(refusal)))
            self.world.refusal = refusal
            self.codes[refusal.code] += 1
            assert self._everything() == before, f"a refused {kind} left a trace"
            together = kind == "ProposalApproved" or len(fields.get("movements", "1")) > 1
            check_refusal(refusal, None if together else self.model, self.days)
            return []
        self.answers.append(Answer(*request, said(book, self.world.accepted)))
        self._take_note(self.world.accepted)
        return self.world.accepted

    def _everything(self) -> tuple[Any, ...]:
        book = self.world.book
        return (*self.world.snapshot(), dict(book.cell_ids), dict(book.accounts_of))

    def _take_note(self, accepted: Sequence[Accepted]) -> None:
        for one in accepted:
            self.kinds[one.movement.kind] += 1
            self.model.follow(one.number, one.movement)
            check_later_days(one, self.days, self.world.log)
        check_invariants(self.world, self.model)
        check_within_reach(self.world.book)
        if self.world.book.number % 20 == 0:
            self.closings.update(check_closing_list(self.world.book, self.today))
        if self.happens(0.02):
            self.stood_then[self.world.book.number] = self.world.book.copy()

    # -- time

    def open_months(self) -> list[str]:
        """Months of the running years that are not closed, the first of them first."""
        closed = CLOSED_PERIODS.of(self.world.book)
        months = (f"{year}-{month:02d}" for year in range(2025, LAST_YEAR + 2) for month in range(1, 14))
        return [month for month in months if month not in closed]

    def open_years(self) -> list[int]:
        closed = CLOSED_YEARS.of(self.world.book)
        return [year for year in range(2025, LAST_YEAR + 2) if year not in closed]

    def waits(self, days: int) -> None:
        """Time passes, up to the January after the last year: a year must be closed before the next one ends."""
        last = date(self.open_years()[0] + 1, 1, 31)
        self.today = min(last, self.today + timedelta(days=days))


def money(amount: int) -> dict[str, str]:
    return {"amount": yuan(amount)}
