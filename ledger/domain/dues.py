"""What becomes an alert 预警 once its day comes, unless something happens: a pure function of the Book for each condition.

Looked at together is a subject: a project, or an account that belongs to none. ``subjects_of`` names those that a movement may
have changed, so whoever keeps the rows looks at these alone, and has what ``all_dues`` says of the whole Book.
"""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from ledger.domain.accounts import Account, Leg
from ledger.domain.alert import Alert, Due
from ledger.domain.book import Book
from ledger.domain.closing import ReconciliationSignedOff
from ledger.domain.correction import recalled
from ledger.domain.dayends import below_zero
from ledger.domain.instalment import ASSESSED, INSTALMENTS, Instalment, is_barred, recipients
from ledger.domain.issuance import ISSUED
from ledger.domain.matching import PLEDGES
from ledger.domain.movement import Movement
from ledger.domain.payment import SETTLEMENTS
from ledger.domain.project import CLOSED_PROJECTS, PROJECTS
from ledger.domain.reservation import RESERVATIONS
from ledger.domain.signed_off import TOUCHED, SignedMonth, signed_up_to, touched_by

DAY = timedelta(days=1)
Subject = str | Account | SignedMonth
"""A project, by its code; an account that belongs to none; or a month of a source that was signed off."""


def dues(book: Book, subject: Subject) -> list[Due]:
    """What will be alerts about a subject, as the Book stands."""
    if isinstance(subject, SignedMonth):
        return list(_of_signed_month(book, subject))
    return list(_of_account(book, subject) if isinstance(subject, Account) else _of_project(book, subject))


def all_dues(book: Book) -> Iterator[Due]:
    """What will be alerts, of a whole Book: a scan."""
    for project in PROJECTS.of(book):
        yield from dues(book, project)
    for found in book.balances:
        if found.project is None:
            yield from dues(book, found)
    for signed in TOUCHED.of(book):
        yield from dues(book, signed)


def subjects_of(book: Book, movement: Movement, legs: tuple[Leg, ...]) -> Iterator[Subject]:
    """The subjects of which a movement may have changed what is due; the Book has folded it, and recalls what it cites."""
    for leg in legs:
        found = leg.account
        if found.project is not None:
            yield found.project
            continue
        yield found
        if found.code in ("B100", "B105", "B210"):  # they count for what is unallocated, and for what a fund keeps
            yield found._replace(code="B200", special=None)
            yield found._replace(code="B100", special=None)
    yield from touched_by(book, movement, legs)
    if isinstance(movement, ReconciliationSignedOff):
        yield from signed_up_to(book, movement.signed_month)
    for one in (movement, *(recalled(book, number).movement for number in movement.cites(book))):
        for held in (one, *one.inside()):
            yield from _named(book, held)


def _named(book: Book, movement: Movement) -> Iterator[Subject]:
    fields = vars(movement)  # asked of every movement: an attribute that is not there costs more
    if project := fields.get("project"):
        yield project
    pledge = PLEDGES.get(book, fields.get("pledge") or "")
    if pledge is not None and pledge.at.project:
        yield pledge.at.project


# -- accounts of no project


def _of_account(book: Book, found: Account) -> Iterator[Due]:
    if found not in book.balances:
        return
    left, year = book.balance(found), found.vintage or 0
    yield from _below_zero(book, found)
    if found.code == "B200":
        yield from _without_project(book, found)
    if found.code == "B100" and year == found.fiscal_year:
        kept = left + book.balance(found._replace(code="B105"))
        yield _due(Alert.FLOOR_NEAR, date(year, 1, 1), kept, found)._replace(until_on=date(year, 12, 31))
    if left <= 0:
        return
    if found.code in ("B200", "B210"):
        yield _due(Alert.VINTAGE_OLD, _two_years_old(year), left, found)
    if found.code == "B210":
        yield _due(Alert.MONEY_IDLE, _last_moved(book, [found]) + DAY, left, found)
    if found.code == "P200":
        expires_on = RESERVATIONS.of(book)[found.ref or ""].expires_on
        yield _due(Alert.RESERVATION_EXPIRING, expires_on + DAY, left, found)


def _without_project(book: Book, unallocated: Account) -> Iterator[Due]:
    """Quota of each day that no project has: what is unallocated or available belongs to the latest that arrived."""
    received = book.by_day.get(unallocated._replace(code="B100"), {})
    if not received:
        return
    where, left = unallocated[1:4], book.balance(unallocated)
    left += sum(amount for cell, amount in book.cells.items() if cell.code == "B210" and cell[1:4] == where)
    for day, amount in still_open(received.items(), left):
        yield _due(Alert.QUOTA_NOT_ISSUED, day + DAY, amount, unallocated)


# -- projects


def _of_project(book: Book, project: str) -> Iterator[Due]:
    unspent: dict[Account, list[Account]] = {}
    for found in book.accounts_of.get(project, ()):
        left = book.balance(found)
        yield from _below_zero(book, found)
        if left <= 0:
            continue
        if found.code == "M100":
            yield from _matching(book, found, left)
        if found.code == "B220":
            yield from _instalment(book, found, left)
        if found.code in ("B220", "B230"):
            unspent.setdefault(found._replace(code="B220", function=None, ref=None), []).append(found)
    for whole, parts in unspent.items():
        yield from _unspent(book, whole, parts)
    if CLOSED_PROJECTS.get(book, project) is None:
        yield from _advances(book, project)


def _matching(book: Book, pledged: Account, outstanding: int) -> Iterator[Due]:
    """What of each tranche is missing once its day is over: what was received counts for the earliest (二(一)3)."""
    pledge = PLEDGES.of(book)[pledged.ref or ""]
    for day, amount in still_open(pledge.tranches, outstanding, whole=True):
        yield _due(Alert.MATCHING_OVERDUE, day + DAY, amount, pledged)._replace(party=pledge.pledger)


def _instalment(book: Book, found: Account, left: int) -> Iterator[Due]:
    key = project, ref = found.project or "", found.ref or ""
    instalment = INSTALMENTS.get(book, key)
    if instalment is None or not instalment.payable:
        return
    waits_for = _waits_for(book, project, ref, instalment)
    if waits_for is not None and instalment.due_on:
        yield _due(waits_for, date.fromisoformat(instalment.due_on) + DAY, left, found)
    if found.vintage == found.fiscal_year and not ISSUED.get(book, key):
        yield _due(Alert.QUOTA_NOT_ISSUED, min(book.by_day[found]) + DAY, left, found)


def _waits_for(book: Book, project: str, ref: str, instalment: Instalment) -> Alert | None:
    """An assessment first, then the order; nothing where every team is out or the last assessment barred it (三(一))."""
    teams = recipients(book, project, ref)
    for_all = ASSESSED.get(book, (project, ref, None)) is not None
    if instalment.gated and any(not for_all and ASSESSED.get(book, (project, ref, team)) is None for team in teams):
        return Alert.GATE_DUE
    return Alert.INSTALMENT_LATE if any(not is_barred(book, project, ref, team) for team in teams) else None


def _unspent(book: Book, whole: Account, parts: list[Account]) -> Iterator[Due]:
    """Of a fund, vintage and year: what is committed or ordered of an old vintage, and what is committed and rests."""
    yield _due(Alert.VINTAGE_OLD, _two_years_old(whole.vintage or 0), sum(map(book.balance, parts)), whole)
    resting = [found for found in parts if found.code == "B220"]
    if resting:
        yield _due(Alert.MONEY_IDLE, _last_moved(book, resting) + DAY, sum(map(book.balance, resting)), whole)


def _advances(book: Book, project: str) -> Iterator[Due]:
    """Paid before the work, and neither reported as spent nor returned: spending counts for what was paid first.

    A post-subsidy pays for work that is done (四(三)): it is no advance.
    """
    paid: dict[date, int] = {}
    last = None
    for found in book.accounts_of.get(project, ()):
        settlement = SETTLEMENTS.get(book, found.ref or "") if found.code == "B240" else None
        instalment = INSTALMENTS.get(book, (project, settlement.instalment)) if settlement else None
        if instalment is None or instalment.claim is not None:
            continue
        last = found
        for day, amount in book.by_day[found].items():
            paid[day] = paid.get(day, 0) + amount
    if last is None:
        return
    at, undertaker = last._replace(source=None, vintage=None, ref=None), PROJECTS.of(book)[project].undertaker
    left = sum(paid.values()) - book.of_project(project, "U200", "R120")
    for day, amount in still_open(paid.items(), left):
        yield _due(Alert.ADVANCE_OUTSTANDING, day + DAY, amount, at)._replace(party=undertaker)


# -- signed-off months


def _of_signed_month(book: Book, signed: SignedMonth) -> Iterator[Due]:
    """Each line that changed since the month was signed, for whoever signed it to look at (F)."""
    for touch in TOUCHED.get(book, signed) or ():
        ref = " ".join((*filter(None, signed), f"#{touch.number}"))
        yield _due(Alert.SIGN_OFF_TOUCHED, touch.on, touch.amount, touch.at)._replace(ref=ref)


# -- words the conditions are written with


def still_open(parts: Iterable[tuple[date, int]], left: int, *, whole: bool = False) -> list[tuple[date, int]]:
    """What of dated parts is open where ``left`` is open in all: the earliest are met first. Fen.

    What exceeds all parts is left out; with ``whole`` it belongs to the earliest.
    """
    found = []
    dated = sorted((part for part in parts if part[1] > 0), reverse=True)
    for place, (day, amount) in enumerate(dated, 1):
        part = left if whole and place == len(dated) else min(amount, left)
        if part > 0:
            found.append((day, part))
        left -= part
    return found[::-1]


def _due(kind: Alert, from_on: date, amount: int, at: Account) -> Due:
    return Due(kind, from_on, amount, at.source, at.special, at.project, at.ref, at.vintage)


def _last_moved(book: Book, accounts: Iterable[Account]) -> date:
    """The last business date on which something moved on any of these accounts."""
    return max(max(book.by_day[found]) for found in accounts)


def _two_years_old(vintage: int) -> date:
    """Quota of a year is two years old when the next year is over."""
    return date(vintage + 2, 1, 1)


def _below_zero(book: Book, found: Account) -> Iterator[Due]:
    """From the first business day that ended below zero, with the least that was held: a fact came before what it needs (V3)."""
    ends = list(below_zero(book, found))
    if ends:
        ref = " ".join(filter(None, (found.code, found.ref)))
        yield _due(Alert.BELOW_ZERO, ends[0].day, -min(end.held for end in ends), found)._replace(ref=ref)
