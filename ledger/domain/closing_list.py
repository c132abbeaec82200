"""The closing list 结账清单: what closes next, what stands against it, and what does not but should be looked at first."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from ledger.domain.accounts import Account
from ledger.domain.approval import undecided
from ledger.domain.blocking import Blocker
from ledger.domain.book import Book
from ledger.domain.catalogue import Name, Role
from ledger.domain.closing import PeriodClosed, period_blockers
from ledger.domain.dayends import DIPPED, below_zero
from ledger.domain.in_transit import IN_TRANSIT
from ledger.domain.payment import ORDERS
from ledger.domain.period import CLOSED_PERIODS, CLOSED_YEARS, FIRST_YEAR
from ledger.domain.sent_back import TO_ORDER_AGAIN, committed
from ledger.domain.signing import rules_in_force
from ledger.domain.yearend import YearClosed, periods_of, year_blockers, year_end


class Concern(StrEnum):
    """Why something should be looked at before a period closes."""

    ORDER_NOT_SETTLED = "ORDER_NOT_SETTLED"
    PROPOSAL_WAITS = "PROPOSAL_WAITS"
    BELOW_ZERO = "BELOW_ZERO"
    PAYMENT_REJECTED = "PAYMENT_REJECTED"


CONCERNS: dict[Concern, Name] = {
    Concern.ORDER_NOT_SETTLED: Name("拨款申请尚未支付", "Ordered and not settled"),
    Concern.PROPOSAL_WAITS: Name(
        "待签批的提案记入本期:结账后须重新提交", "A proposal that posts to it waits: once it is closed, propose anew"
    ),
    Concern.BELOW_ZERO: Name(
        "迟到的事实使日终余额为负:核对业务日期", "A late fact took the end of a day below zero: check its business date"
    ),
    Concern.PAYMENT_REJECTED: Name("退票后尚未重拨", "Rejected and not ordered again"),
}
MENDED_BY: dict[Concern, tuple[str, ...]] = {
    Concern.ORDER_NOT_SETTLED: ("PaymentSettled", "PaymentOrderCancelled"),
    Concern.PAYMENT_REJECTED: ("PaymentOrdered",),
    Concern.BELOW_ZERO: ("EntryCorrected",),
}
"""The kinds of movement that end it; a proposal is decided where it lies."""


class Notice(NamedTuple):
    """Blocks nothing. ``ref``: the order or proposal; ``amount`` in fen; ``day``: the business day that ends below zero."""

    concern: Concern
    owners: tuple[Role, ...]
    amount: int
    ref: str | None = None
    account: Account | None = None
    day: date | None = None
    proposal_number: int | None = None


class Closing(NamedTuple):
    """A period, or a year, that closes next: by which kind, what stands against it, and what to look at."""

    closes: str
    kind: str
    blockers: list[Blocker]
    notices: list[Notice]


def years_of(book: Book) -> range:
    """The fiscal years of the ledger: from its first to the last one that anything belongs to, or that is next."""
    first = FIRST_YEAR.get(book, "year")
    if first is None:
        return range(0)
    closed = (int(period[:4]) + period.endswith(("-12", "-13")) for period in CLOSED_PERIODS.of(book))
    return range(first, max(first, *book.vouchers, *closed) + 1)


def closes_next(book: Book, year: int, day: date) -> list[Closing]:
    """Of a year: its first open month; after December its settling period, and the year itself."""
    if CLOSED_YEARS.get(book, year):
        return []
    *months, settling = periods_of(year)
    month = next((month for month in months if not CLOSED_PERIODS.get(book, month)), None)
    due = [month] if month else [] if CLOSED_PERIODS.get(book, settling) else [settling]
    closings = [
        Closing(
            period, PeriodClosed.__name__, list(period_blockers(book, period, day)), list(_notices(book, period, day))
        )
        for period in due
    ]
    if month is None:
        closings.append(Closing(str(year), YearClosed.__name__, list(year_blockers(book, year, day)), []))
    return closings


def _last_day(period: str) -> date:
    year, month = int(period[:4]), int(period[5:])
    return year_end(year) if month >= 12 else date(year, month + 1, 1) - timedelta(1)


def _notices(book: Book, period: str, day: date) -> Iterator[Notice]:
    ends = _last_day(period)
    yield from _unsettled(book, ends)
    yield from _waiting(book, period, day)
    for found in _opened(book, DIPPED.of(book)):
        for low in below_zero(book, found, ends.replace(day=1), ends):
            yield Notice(Concern.BELOW_ZERO, (Role.TRE, Role.FIN), low.held, found.ref, found, low.day)
    yield from _rejected(book)


def _unsettled(book: Book, ends: date) -> Iterator[Notice]:
    since = IN_TRANSIT.of(book)
    for found in _opened(book, (one for one, day in since.items() if one.fiscal_year == ends.year and day <= ends)):
        yield Notice(Concern.ORDER_NOT_SETTLED, (Role.TRE, Role.STD), book.balance(found), found.ref, found)


def _opened(book: Book, accounts: Iterable[Account]) -> list[Account]:
    """Accounts in the order in which they were opened."""
    found = list(accounts)
    book.bring({one.project for one in found if one.project is not None})
    return sorted(found, key=book.account_ids.__getitem__)


def _waiting(book: Book, period: str, day: date) -> Iterator[Notice]:
    rules = rules_in_force(book, day)
    for name, proposal in undecided(book):
        if proposal.expired(day):
            continue
        posts = [movement for movement in proposal.standing() if movement.posting_period == period]
        if posts:
            amount = sum(getattr(movement, "amount", 0) or 0 for movement in posts)
            awaits = proposal.awaits(rules)
            yield Notice(Concern.PROPOSAL_WAITS, awaits, amount, name, proposal_number=proposal.number)


def _rejected(book: Book) -> Iterator[Notice]:
    """Payments that came back: nothing holds them, and their instalment still has money to pay them from."""
    again = TO_ORDER_AGAIN.of(book)
    book.bring({*again, *again.values()})
    for order in sorted(again):
        found = ORDERS.of(book)[order]
        for held, amount in committed(book, found.project, found.instalment):
            yield Notice(Concern.PAYMENT_REJECTED, (Role.STD,), amount, order, held)
