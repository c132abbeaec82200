"""A synthetic year of payments as the ledger and as treasury tell it, seeded: who is paid, from what, under which numbers."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import Final, NamedTuple

from msgspec.structs import replace

from ledger.domain.reconciliation import Cause, Flow, Status
from ledger.reconciliation.line import Line

YEAR: Final = 2025
THROUGH: Final = date(YEAR, 12, 31)
"""Last day of the period that is compared."""
WINDOW_DAYS: Final = 3
"""Working days by which the dates of the two sides may differ where no number says that two lines are one fact."""
YEAR_END: Final = date(YEAR, 12, 29)
"""From here on the last days of the year."""
_APART_DAYS: Final = 20
"""Calendar days beyond which two lines of one amount and account cannot be taken for each other: delays and the window."""

FUNDS: Final = ("STIDF", "STIDF", "STIDF", "NSF", "NSF", "ATRD")
FUNCTIONS: Final = ("2060203", "2060303", "2060404", "2060503", "2069999")
_BY_MONTH: Final = (2, 3, 7, 6, 8, 10, 7, 7, 9, 8, 12, 21)
"""Payments by month, in hundredths: December is what it is."""
_ROUND_YUAN: Final = (50_000, 100_000, 100_000, 120_000, 150_000, 200_000, 200_000, 300_000, 500_000, 1_000_000)
_INSTITUTIONS: Final = 600
_PROJECTS_MIN, _LINES_OF_PROJECT = 300, 25

_KEYS_LEFT_OUT: Final = (
    (62, (), ()),
    (10, ("voucher",), ()),
    (8, (), ("application",)),
    (5, (), ("detail",)),
    (5, (), ("detail", "voucher")),
    (4, (), ("detail", "application")),
)
"""Weight; what the ledger leaves out; what treasury leaves out. One number remains that both tell."""
_NO_COMMON_KEY: Final = (
    (("voucher", "application"), ("detail", "application")),
    (("voucher",), ("detail", "application")),
    (("detail", "voucher"), ("application",)),
)
"""What both sides leave out so that only amount, account and day are left to go by; treasury has some number in any case."""


class Project(NamedTuple):
    """What a payment of a project carries."""

    code: str
    payee: str
    account: str
    fund: str
    function: str


class Told(NamedTuple):
    """Lines of both sides that belong together, and how they stand; keys are given when they are written."""

    status: Status
    cause: Cause | None
    ours: tuple[Line, ...]
    theirs: tuple[Line, ...]


Pair = tuple[Line, Line]
"""One fact, as the ledger and as treasury tell it."""


class Year:
    """Draws payments. The same seed and size draw the same ones."""

    def __init__(self, lines: int, seed: int) -> None:
        self.chance = Random(f"{seed}/{lines}")
        self._serial = seed
        payees = [self._payee(number) for number in range(_INSTITUTIONS)]
        count = max(_PROJECTS_MIN, lines // _LINES_OF_PROJECT)
        self.projects = [self._project(number, payees) for number in range(count)]
        self._weights = [weight for weight, _, _ in _KEYS_LEFT_OUT]
        self._taken: dict[tuple[str, int], tuple[date, ...]] = {}

    def _payee(self, number: int) -> tuple[str, str]:
        return f"演示承担单位{number + 1:03d}", f"6222{self.chance.randrange(10**15):015d}"

    def _project(self, number: int, payees: list[tuple[str, str]]) -> Project:
        payee, account = self.chance.choice(payees)
        fund, function = self.chance.choice(FUNDS), self.chance.choice(FUNCTIONS)
        return Project(f"P{YEAR}{number:05d}", payee, account, fund, function)

    def number(self, letter: str) -> str:
        """A number that nothing else bears; neighbours do not follow each other."""
        self._serial += 1
        return f"{letter}{self._serial * 104_729 % 10**10:010d}"

    def amount(self) -> int:
        """Fen: mostly round ones that many payments share."""
        if self.chance.random() < 0.7:
            return self.chance.choice(_ROUND_YUAN) * 100
        return self.chance.randrange(1_000_00, 3_000_000_00)

    def odd_amount(self) -> int:
        """Fen: one whose digits differ from each other."""
        while len(set(str(found := self.chance.randrange(10_000_00, 3_000_000_00)))) < 5:
            pass
        return found

    def pair(
        self,
        day: date,
        project: Project | None = None,
        *,
        amount: int = 0,
        voucher: str = "",
        application: str = "",
        lag: int | None = None,
    ) -> Pair:
        """One payment with every number on both sides; treasury pays on ``day``, the ledger hears of it ``lag`` days later."""
        project, amount = project or self.chance.choice(self.projects), amount or self.amount()
        theirs = Line(
            key=0,
            flow=Flow.PAYMENT,
            day=day,
            amount=amount,
            moved=amount,
            application=application or self.number("SQ"),
            voucher=voucher or self.number("PZ"),
            detail=self.number("MX"),
            account=project.account,
            payee=project.payee,
            project=project.code,
            fund=project.fund,
            function=project.function,
            economic="30299",
            fiscal_year=YEAR,
            text="科技项目经费",
        )
        return replace(theirs, day=self.heard(day, lag), economic="", text=""), theirs

    def heard(self, day: date, lag: int | None = None) -> date:
        """The business date that the ledger gives a fact of ``day``: mostly the same, never beyond the year's end."""
        if lag is None:
            lag = self.chance.choice((0, 0, 0, 0, 0, 0, 0, 0, 1, 2))
        return min(working_days_after(day, lag), THROUGH) if day <= THROUGH else working_days_after(day, lag)

    def later(self, day: date, least: int, most: int) -> date:
        """Some working days after, within the year."""
        return min(working_days_after(day, self.chance.randint(least, most)), THROUGH)

    def with_common_key(self, pair: Pair) -> Pair:
        """The same pair with some numbers missing on one side, one of them left on both."""
        _, ours, theirs = self.chance.choices(_KEYS_LEFT_OUT, self._weights)[0]
        return without(pair[0], *ours), without(pair[1], *theirs)

    def without_common_key(self, pair: Pair) -> Pair:
        """The same pair with no number that both sides tell."""
        ours, theirs = self.chance.choice(_NO_COMMON_KEY)
        return without(pair[0], *ours), without(pair[1], *theirs)

    def stands_apart(self, told: list[Told]) -> bool:
        """Whether no line drawn before can be taken for one of these by amount, account and day; remembers these if so."""
        lines = [line for one in told for line in (*one.ours, *one.theirs)]
        for line in lines:
            before = self._taken.get((line.account, line.amount), ())
            if any(abs((line.day - day).days) < _APART_DAYS for day in before):
                return False
        for line in lines:
            key = line.account, line.amount
            self._taken[key] = (*self._taken.get(key, ())[-8:], line.day)
        return True


def without(line: Line, *fields: str) -> Line:
    """The same line, these fields untold."""
    return replace(line, **dict.fromkeys(fields, "")) if fields else line


def working_days() -> list[date]:
    """Mondays to Fridays of the year."""
    days = (date(YEAR, 1, 2) + timedelta(number) for number in range(364))
    return [day for day in days if day.weekday() < 5]


def working_days_after(day: date, number: int) -> date:
    """So many Mondays to Fridays later."""
    while number:
        day += timedelta(1)
        number -= day.weekday() < 5
    return day


def day_shares() -> Iterator[tuple[date, float]]:
    """Each working day, and the share of the year's payments that are made by its end."""
    days, done = working_days(), 0.0
    of_month = [sum(day.month == month for day in days) for month in range(1, 13)]
    for day in days:
        done += _BY_MONTH[day.month - 1] / 100 / of_month[day.month - 1]
        yield day, done
