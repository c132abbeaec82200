"""The ways in which ledger and treasury differ, each injected on purpose with the status and the cause that it must end in."""

from collections.abc import Callable
from datetime import date
from typing import Final

from msgspec.structs import replace

from bench.treasury_year import (
    FUNCTIONS,
    FUNDS,
    THROUGH,
    YEAR,
    Pair,
    Told,
    Year,
    without,
    working_days_after,
)
from ledger.domain.reconciliation import Cause, Flow, Status
from ledger.reconciliation.line import Line

MATCHED = Status.MATCHED
Inject = Callable[[Year, date], list[Told]]


def matched(pair: Pair, cause: Cause | None = None) -> Told:
    """Both sides tell the same."""
    return Told(MATCHED, cause, (pair[0],), (pair[1],))


def _differing(year: Year, pair: Pair, amount: int, cause: Cause | None) -> list[Told]:
    """The same payment, of which one side or the other tells another amount."""
    ours, theirs = year.with_common_key(pair)
    if year.chance.random() < 0.5:
        ours = replace(ours, amount=amount, moved=amount)
    else:
        theirs = replace(theirs, amount=amount, moved=amount)
    return [Told(Status.AMOUNT_DIFF, cause, (ours,), (theirs,))]


def digits_swapped(year: Year, day: date) -> list[Told]:
    amount = year.odd_amount()
    digits = list(str(amount))
    at = year.chance.choice([at for at in range(1, len(digits) - 1) if digits[at] != digits[at + 1]])
    digits[at], digits[at + 1] = digits[at + 1], digits[at]
    return _differing(year, year.pair(day, amount=amount), int("".join(digits)), Cause.DIGITS_SWAPPED)


def unit_slip(year: Year, day: date) -> list[Told]:
    amount = year.chance.randrange(1, 400) * 1_000_000
    slipped = year.chance.choice((amount // 10_000, amount * 10_000))
    return _differing(year, year.pair(day, amount=amount), slipped, Cause.UNIT_SLIP)


def other_amount(year: Year, day: date) -> list[Told]:
    """A fee, a slip of the pen: 1 more than a multiple of 9, which no two exchanged digits can make."""
    amount = year.amount()
    return _differing(year, year.pair(day, amount=amount), amount - 1 - 9 * year.chance.randrange(1, 900), None)


def wrong_function(year: Year, day: date) -> list[Told]:
    ours, theirs = year.with_common_key(year.pair(day))
    other = year.chance.choice([code for code in FUNCTIONS if code != ours.function])
    return [Told(Status.WRONG_CLASSIFICATION, Cause.WRONG_FUNCTION, (ours,), (replace(theirs, function=other),))]


def wrong_fund(year: Year, day: date) -> list[Told]:
    ours, theirs = year.with_common_key(year.pair(day))
    other = year.chance.choice([fund for fund in FUNDS if fund != ours.fund])
    return [Told(Status.WRONG_CLASSIFICATION, Cause.WRONG_FUND, (ours,), (replace(theirs, fund=other),))]


def _in_one_voucher(year: Year, day: date) -> tuple[list[Pair], Line]:
    """Two or three projects of one payee in one voucher, and the one line that treasury would tell of them."""
    first, *others = year.chance.sample(year.projects, year.chance.randint(2, 3))
    projects = [first, *(project._replace(payee=first.payee, account=first.account) for project in others)]
    voucher, lag = year.number("PZ"), year.chance.randint(0, 1)
    pairs = [year.pair(day, project, voucher=voucher, lag=lag) for project in projects]
    total = sum(theirs.amount for _, theirs in pairs)
    untold = ("detail", "application", "project", "fund", "function")
    return pairs, replace(without(pairs[0][1], *untold), amount=total, moved=total)


def two_projects_in_one_line(year: Year, day: date) -> list[Told]:
    pairs, one = _in_one_voucher(year, day)
    return [Told(MATCHED, Cause.TWO_PROJECTS, tuple(ours for ours, _ in pairs), (one,))]


def two_projects_in_one_of_ours(year: Year, day: date) -> list[Told]:
    pairs, one = _in_one_voucher(year, day)
    one = replace(one, day=pairs[0][0].day, text="", economic="")
    return [Told(MATCHED, Cause.TWO_PROJECTS, (one,), tuple(theirs for _, theirs in pairs))]


def voucher_that_does_not_add_up(year: Year, day: date) -> list[Told]:
    pairs, one = _in_one_voucher(year, day)
    less = one.amount - 1 - 9 * year.chance.randrange(1, 900)
    told = replace(one, amount=less, moved=less)
    return [Told(Status.AMOUNT_DIFF, None, tuple(ours for ours, _ in pairs), (told,))]


def payee_renamed(year: Year, day: date) -> list[Told]:
    ours, theirs = year.with_common_key(year.pair(day))
    return [matched((ours, replace(theirs, payee=f"内蒙古{theirs.payee}有限公司")), Cause.PAYEE_RENAMED)]


def missing_in_ledger(year: Year, day: date) -> list[Told]:
    _, theirs = year.with_common_key(year.pair(day))
    return [Told(Status.MISSING_IN_LEDGER, None, (), (theirs,))]


def missing_in_treasury(year: Year, day: date) -> list[Told]:
    ours, _ = year.with_common_key(year.pair(day))
    return [Told(Status.MISSING_IN_TREASURY, None, (ours,), ())]


def lookalikes(year: Year, day: date) -> list[Told]:
    """The same amount, account and day on both sides, under numbers that contradict each other."""
    ours, theirs = year.pair(day, lag=0)
    other, _ = year.pair(day, year.chance.choice(year.projects), amount=ours.amount, lag=0)
    other = replace(other, account=ours.account, payee=ours.payee)
    return [Told(Status.MISSING_IN_TREASURY, None, (other,), ()), Told(Status.MISSING_IN_LEDGER, None, (), (theirs,))]


def stranger_beside(year: Year, day: date) -> list[Told]:
    """Two lines with no number in common that are one fact, and one that looks like theirs but was asked for otherwise."""
    ours, theirs = year.pair(day, lag=0)
    _, stranger = year.pair(year.later(day, 0, 1), amount=ours.amount)
    stranger = replace(stranger, account=ours.account, payee=ours.payee, project=ours.project)
    pair = without(ours, "detail", "voucher"), without(theirs, "application")
    return [matched(pair), Told(Status.MISSING_IN_LEDGER, None, (), (stranger,))]


def told_twice(year: Year, day: date) -> list[Told]:
    """Treasury tells a line twice: the same detail id, or none and everything else the same."""
    ours, theirs = year.pair(day)
    if year.chance.random() < 0.5:
        theirs = without(theirs, "detail")
    return [matched((ours, theirs)), Told(Status.DUPLICATE, Cause.PAID_TWICE, (), (theirs,))]


def recorded_twice(year: Year, day: date) -> list[Told]:
    """The ledger holds a fact twice: by hand under a made-up detail id, after it had come by file."""
    ours, theirs = year.pair(day)
    again = replace(ours, detail=year.number("SG"))
    return [matched((ours, theirs)), Told(Status.DUPLICATE, Cause.PAID_TWICE, (again,), ())]


def _rejection(year: Year, pair: Pair, back: date) -> Pair:
    """What both sides tell of a payment that the bank sent back before it was settled."""
    ours, theirs = pair
    detail = year.number("TP")
    told = replace(theirs, flow=Flow.REJECTION, day=back, amount=-theirs.amount, detail=detail)
    heard = replace(
        ours, flow=Flow.REJECTION, day=year.heard(back), amount=-ours.amount, detail=detail, voucher="", moved=0
    )
    return (
        replace(heard, cites=ours.application, returns=ours.amount),
        replace(told, moved=-theirs.amount, cites=theirs.detail),
    )


def rejected_beside_its_payment(year: Year, day: date) -> list[Told]:
    """Treasury shows the payment and its return; half of the time the money is ordered again and paid."""
    pair = year.pair(day)
    ours, theirs = _rejection(year, pair, year.later(day, 1, 4))
    told = [Told(Status.REJECTED, None, (ours,), (pair[1], theirs))]
    if year.chance.random() < 0.5:
        project = next(found for found in year.projects if found.code == pair[0].project)
        told.append(matched(year.pair(year.later(theirs.day, 2, 6), project, amount=pair[0].amount)))
    return told


def rejected_in_one_line(year: Year, day: date) -> list[Told]:
    """Treasury marks the one line as returned, nothing of it having moved."""
    ours, theirs = _rejection(year, year.pair(day), day)
    theirs = replace(theirs, moved=0, cites="")
    if year.chance.random() < 0.5:
        theirs = without(theirs, "detail")
    return [Told(Status.REJECTED, None, (ours,), (theirs,))]


def rejection_missing_in_ledger(year: Year, day: date) -> list[Told]:
    """The ledger holds the payment and has not heard that it came back."""
    pair = year.pair(day)
    _, theirs = _rejection(year, pair, year.later(day, 1, 4))
    return [matched(pair), Told(Status.MISSING_IN_LEDGER, None, (), (theirs,))]


def _refund(year: Year, pair: Pair, amount: int) -> Pair:
    """What both sides tell of settled money that the payee sent back; treasury cites the payment in one way or another."""
    ours, theirs = pair
    back, detail = year.later(theirs.day, 2, 40), year.number("TK")
    told = replace(theirs, flow=Flow.REFUND, day=back, amount=-amount, moved=-amount, detail=detail)
    match year.chance.randrange(3):
        case 0:
            told = replace(told, cites=theirs.detail, application="", voucher=year.number("PZ"))
        case 1:
            told = replace(told, cites=theirs.voucher)
        case _:
            told = replace(told, cites=theirs.application, detail="", voucher="")
    heard = replace(
        ours, flow=Flow.REFUND, day=year.heard(back), amount=-amount, moved=-amount, detail=detail, voucher=""
    )
    return replace(heard, cites=ours.detail, returns=ours.amount), told


def _part(year: Year, amount: int) -> int:
    return amount * year.chance.randrange(5, 60) // 100


def refunded(year: Year, day: date) -> list[Told]:
    pair = year.pair(day)
    ours, theirs = _refund(year, pair, pair[0].amount)
    return [matched(pair), Told(Status.REFUNDED, None, (ours,), (theirs,))]


def partially_refunded(year: Year, day: date) -> list[Told]:
    pair = year.pair(day)
    ours, theirs = _refund(year, pair, _part(year, pair[0].amount))
    return [matched(pair), Told(Status.PARTIALLY_REFUNDED, Cause.PARTIAL_REFUND, (ours,), (theirs,))]


def refunded_of_an_earlier_year(year: Year, day: date) -> list[Told]:
    """The payment is in no file of this year: only the ledger knows how much it was."""
    pair = year.pair(day)
    whole = year.chance.random() < 0.5
    ours, theirs = _refund(year, pair, pair[0].amount if whole else _part(year, pair[0].amount))
    ours, theirs = replace(ours, fiscal_year=YEAR - 1), replace(theirs, fiscal_year=YEAR - 1)
    status = Status.REFUNDED if whole else Status.PARTIALLY_REFUNDED
    return [Told(status, None if whole else Cause.PARTIAL_REFUND, (ours,), (theirs,))]


def refund_missing_in_ledger(year: Year, day: date) -> list[Told]:
    pair = year.pair(day)
    _, theirs = _refund(year, pair, _part(year, pair[0].amount))
    return [matched(pair), Told(Status.MISSING_IN_LEDGER, None, (), (theirs,))]


def cannot_be_told_apart(year: Year, day: date) -> list[Told]:
    """Two of ours of different projects, one or two of theirs that say only whom, how much and when."""
    first, second = year.chance.sample(year.projects, 2)
    amount = year.amount()
    pairs = [
        year.pair(day, project._replace(payee=first.payee, account=first.account), amount=amount, lag=0)
        for project in (first, second)
    ]
    untold = ("detail", "application", "project", "fund", "function")
    theirs = [without(told, *untold) for _, told in pairs[: year.chance.randint(1, 2)]]
    cause = Cause.INDISTINGUISHABLE
    return [
        *(Told(Status.MISSING_IN_TREASURY, cause, (without(ours, "voucher"),), ()) for ours, _ in pairs),
        *(Told(Status.MISSING_IN_LEDGER, cause, (), (told,)) for told in theirs),
    ]


def paid_after_the_year_end(year: Year, day: date) -> list[Told]:
    ours, theirs = year.with_common_key(year.pair(day, lag=0))
    moved = replace(theirs, day=working_days_after(THROUGH, year.chance.randint(2, 4)))
    return [Told(Status.TIMING, Cause.IN_TRANSIT, (ours,), (moved,))]


def heard_of_after_the_year_end(year: Year, day: date) -> list[Told]:
    ours, theirs = year.with_common_key(year.pair(day, lag=0))
    moved = replace(ours, day=working_days_after(THROUGH, year.chance.randint(2, 4)))
    return [Told(Status.TIMING, Cause.IN_TRANSIT, (moved,), (theirs,))]


def _open_order(pair: Pair) -> Line:
    return replace(without(pair[0], "detail", "voucher"), moved=0)


def ordered_and_not_paid(year: Year, day: date) -> list[Told]:
    return [Told(Status.TIMING, Cause.IN_TRANSIT, (_open_order(year.pair(day, lag=0)),), ())]


def paid_and_not_heard_of(year: Year, day: date) -> list[Told]:
    """Treasury paid what the ledger has ordered and still awaits."""
    pair = year.pair(day, lag=0)
    return [Told(Status.TIMING, Cause.IN_TRANSIT, (_open_order(pair),), (pair[1],))]


MISMATCHES: Final[tuple[Inject, ...]] = (
    digits_swapped,
    unit_slip,
    other_amount,
    wrong_function,
    wrong_fund,
    two_projects_in_one_line,
    two_projects_in_one_of_ours,
    voucher_that_does_not_add_up,
    payee_renamed,
    missing_in_ledger,
    missing_in_treasury,
    lookalikes,
    stranger_beside,
    told_twice,
    recorded_twice,
    rejected_beside_its_payment,
    rejected_in_one_line,
    rejection_missing_in_ledger,
    refunded,
    partially_refunded,
    refunded_of_an_earlier_year,
    refund_missing_in_ledger,
    cannot_be_told_apart,
)
AT_YEAR_END: Final[tuple[Inject, ...]] = (
    paid_after_the_year_end,
    heard_of_after_the_year_end,
    ordered_and_not_paid,
    paid_and_not_heard_of,
)
"""What only the last days of the year bring."""
