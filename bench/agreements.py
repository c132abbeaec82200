"""The ways in which ledger and treasury tell the same fact, with more or fewer numbers to go by."""

from collections.abc import Callable
from datetime import date
from typing import Final

from msgspec.structs import replace

from bench.treasury_year import WINDOW_DAYS, Pair, Told, Year, without
from ledger.domain.reconciliation import Status

Agree = Callable[[Year, date], list[Told]]


def _matched(*pairs: Pair) -> list[Told]:
    return [Told(Status.MATCHED, None, (ours,), (theirs,)) for ours, theirs in pairs]


def one_payment(year: Year, day: date) -> list[Told]:
    return _matched(year.with_common_key(year.pair(day)))


def heard_of_late(year: Year, day: date) -> list[Told]:
    """Later than the window: the numbers say that it is the same."""
    return _matched(year.with_common_key(year.pair(day, lag=year.chance.randint(WINDOW_DAYS + 1, 15))))


def several_in_a_voucher(year: Year, day: date) -> list[Told]:
    """Each detail has a line on both sides; many amounts are equal. Treasury's detail ids are not always in the file."""
    voucher, untold = year.number("PZ"), year.chance.choice(((), ("detail",)))
    pairs = [year.pair(day, voucher=voucher) for _ in range(year.chance.randint(2, 6))]
    return _matched(*((ours, without(theirs, *untold)) for ours, theirs in pairs))


def paid_in_two_parts(year: Year, day: date) -> list[Told]:
    """One application, two payments of the same amount: only their own ids tell them apart."""
    project, amount, application = year.chance.choice(year.projects), year.amount(), year.number("SQ")
    days = day, year.later(day, 0, 5)
    return _matched(*(year.pair(on, project, amount=amount, application=application) for on in days))


def told_without_account(year: Year, day: date) -> list[Told]:
    """An order that names no account."""
    ours, theirs = year.with_common_key(year.pair(day))
    return _matched((without(ours, "account"), theirs))


def recorded_as_unmatched(year: Year, day: date) -> list[Told]:
    """The ledger knows neither order nor fund of what treasury paid, but its detail id."""
    ours, theirs = year.pair(day)
    untold = ("application", "voucher", "account", "payee", "project", "fund", "function")
    return _matched((without(ours, *untold), theirs))


def full_width_name(year: Year, day: date) -> list[Told]:
    """The payee's name with other brackets and blanks is the same name."""
    ours, theirs = year.with_common_key(year.pair(day))
    name = ours.payee
    return _matched((replace(ours, payee=f"{name}(分院)"), replace(theirs, payee=f"{name}\uff08分院\uff09 ")))


def no_common_number(year: Year, day: date) -> list[Told]:
    """Amount, account and day are all there is to go by, and nothing else can be meant."""
    lag = year.chance.choice((0, 0, 0, 1, 2, WINDOW_DAYS))
    return _matched(year.without_common_key(year.pair(day, lag=lag)))


def told_apart_by_project(year: Year, day: date) -> list[Told]:
    """No number again, and the same amount for the same account twice; but both sides say for which project."""
    first, second = year.chance.sample(year.projects, 2)
    amount, same = year.amount(), {"payee": first.payee, "account": first.account}
    pairs = (year.pair(day, project._replace(**same), amount=amount, lag=0) for project in (first, second))
    return _matched(*(year.without_common_key(pair) for pair in pairs))


NEEDS_ROOM: Final = frozenset({no_common_number, told_apart_by_project})
"""Facts that no number tells apart: nothing else may be near that they could be taken for."""
AGREEMENTS: Final[tuple[tuple[int, Agree], ...]] = (
    (735, one_payment),
    (20, heard_of_late),
    (60, several_in_a_voucher),
    (10, paid_in_two_parts),
    (20, told_without_account),
    (5, recorded_as_unmatched),
    (20, full_width_name),
    (120, no_common_number),
    (10, told_apart_by_project),
)
"""Weight, and how a fact is told."""
