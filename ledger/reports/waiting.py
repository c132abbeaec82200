"""What holds back a special's money or waits for it, line by line: of what, how much, and until when. Amounts are fen."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from ledger.domain.accounts import Account
from ledger.domain.alert import ALERTS, Alert
from ledger.domain.allocation import AllocationWithdrawn
from ledger.domain.approval import undecided
from ledger.domain.catalogue import Mode, Name
from ledger.domain.instalment import ASSESSED, INSTALMENTS, is_barred, recipients
from ledger.domain.matching import PLEDGES, due_and_gap
from ledger.domain.movement import Movement
from ledger.domain.parameter import chosen
from ledger.domain.postsubsidy import CLAIMS, UNCOMMITTED, Claim, PostSubsidyCommitted
from ledger.domain.prefunding import PreFundingCommitted
from ledger.domain.project import PROJECTS, ProjectRegistered
from ledger.domain.reallocation import FundsReallocatedWithinFund
from ledger.domain.reservation import RESERVATIONS
from ledger.domain.withdrawal import FundsWithdrawnToTreasury
from ledger.reports.grounds import Grounds
from ledger.reports.postsubsidy import awarded

SOON = timedelta(days=90)
CALLS, OPEN_PROPOSALS = Name("预留", "Calls"), Name("待批提案", "Open proposals")
PARTS, PLEDGED = Name("期次", "Instalments"), Name("匹配逾期", "Matching overdue")
QUEUE, LATER = Name("后补助排队", "Post-subsidy queue"), Name("以后年度承诺", "Later years")
BINDING, SHOWN = Name("不得动用", "binding"), Name("仅提示", "shown only")
_POOL = Name("赛马资金池,只能核减或收回", "race pool: to be released or withdrawn only")
_OUT = Name("团队均已淘汰,须核减", "every team is out: to be released")
_TO_ASSESS = Name("条件待考核", "waits for its assessment")
_NOT_PASSED = Name("考核未全部通过", "not every assessment passed")
_FREE = Name("可申请拨付", "may be ordered")
_NOT_COME = Name("匹配资金未到", "has not come in")
_TO_COMMIT = Name("已核定,待安排", "verified, waits for money")
_PROMISED = Name("该年度分配后安排", "to be committed once that year is allocated")

MENDED_BY: Mapping[Name, tuple[str, ...]] = {
    BINDING: ALERTS[Alert.RESERVATION_EXPIRING].mended_by,
    SHOWN: ALERTS[Alert.RESERVATION_EXPIRING].mended_by,
    _POOL: ("CommitmentReleased",),
    _OUT: ("CommitmentReleased",),
    _TO_ASSESS: ALERTS[Alert.GATE_DUE].mended_by,
    _FREE: ALERTS[Alert.INSTALMENT_LATE].mended_by,
    _NOT_COME: ALERTS[Alert.MATCHING_OVERDUE].mended_by,
    _TO_COMMIT: ("PostSubsidyCommitted",),
}
"""Why something waits → the kinds of movement by which it goes on."""
CITES: Mapping[Name, tuple[str, str]] = {
    CALLS: ("call", "reserved"),
    PARTS: ("instalment", "unpaid"),
    PLEDGED: ("pledge", "late_match"),
    QUEUE: ("claim", "queue"),
}
"""Part → the field by which they cite its reference, and the column of the amount that waits."""

Amounts = Sequence[tuple[Account, int]]


class Waiting(NamedTuple):
    """One line: the amounts that it adds to the columns of sheet 12, and ``unpaid`` of an instalment.

    ``until``: the day on which a call or proposal expires, an instalment or matching money is due, a later year begins.
    """

    part: Name
    special: str | None
    amounts: Mapping[str, int]
    ref: str
    why: Name
    project: str | None = None
    until: date | None = None


def waiting(of: Grounds, seen: Amounts) -> Iterator[Waiting]:
    """All lines, part after part. ``seen``: the accounts that are within, and what they hold."""
    yield from _calls(of, seen)
    yield from _pending(of)
    yield from _instalments(of, seen)
    yield from _late(of, seen)
    yield from _queue(of)
    yield from _later(seen)


def _calls(of: Grounds, seen: Amounts) -> Iterator[Waiting]:
    """Calls that are open, where the year is the one that is running."""
    for found, fen in seen:
        call = RESERVATIONS.get(of.book, found.ref or "") if found.code == "P200" and of.latest else None
        if call is not None and fen and call.is_open(of.on):
            binding = chosen(of.book, "reservation_blocks", found.special or "", of.on) == "yes"
            bound = BINDING if binding else SHOWN
            yield Waiting(CALLS, found.special, {"reserved": fen}, found.ref or "", bound, until=call.expires_on)


def _pending(of: Grounds) -> Iterator[Waiting]:
    """What open proposals would take from what is available."""
    for name, proposal in undecided(of.book):
        if proposal.expired(of.on):
            continue
        new = {one.project: one.special for one in proposal.movements if isinstance(one, ProjectRegistered)}
        for movement in proposal.standing():
            special, fen = _takes(of, movement, new)
            at = Account("B210", None, str(getattr(movement, "fund", "")), None, special)
            if fen and special and movement.fiscal_year == of.fiscal_year and of.within(at):
                project = getattr(movement, "project", None)
                yield Waiting(
                    OPEN_PROPOSALS, special, {"pending": fen}, name, movement.label, project, proposal.expires_on
                )


def _takes(of: Grounds, movement: Movement, new: Mapping[str, str]) -> tuple[str | None, int]:
    """The special from whose available money a movement would take, and how much."""
    match movement:
        case PreFundingCommitted() | PostSubsidyCommitted():
            project = PROJECTS.get(of.book, movement.project)
            return project.special if project else new.get(movement.project), movement.amount
        case FundsReallocatedWithinFund():
            return movement.from_special, movement.amount
        case AllocationWithdrawn():
            return movement.special, movement.amount
        case FundsWithdrawnToTreasury(account="B210"):
            return movement.special, movement.amount
    return None, 0


def _instalments(of: Grounds, seen: Amounts) -> Iterator[Waiting]:
    """What is committed and not ordered: when it is due, and what a gate holds back of it."""
    rows = [row for found, fen in seen if found.code == "B220" and fen for row in [_instalment(of, found, fen)]]
    yield from sorted(rows, key=lambda row: (row.until or date.max, row.project or "", row.ref))


def _instalment(of: Grounds, found: Account, fen: int) -> Waiting:
    name, ref = found.project or "", found.ref or ""
    part, project = INSTALMENTS.get(of.book, (name, ref)), PROJECTS.get(of.book, name)
    payable = part is not None and part.payable
    due = date.fromisoformat(part.due_on) if part is not None and part.due_on and payable else None
    why = _barred_by(of, name, ref) if payable else _POOL
    amounts = {
        "unpaid": fen,
        "due_soon": fen if due is not None and due <= of.on + SOON else 0,
        "gates_open": fen if payable and why is not None else 0,
        "race_pool": fen if project is not None and project.mode == Mode.RACE else 0,
    }
    return Waiting(PARTS, found.special, amounts, ref, why or _FREE, found.project, due)


def _barred_by(of: Grounds, project: str, instalment: str) -> Name | None:
    """What keeps an instalment from being ordered; None: nothing does."""
    teams = recipients(of.book, project, instalment)
    if teams and not any(is_barred(of.book, project, instalment, team) for team in teams):
        return None
    assessed = any(ASSESSED.get(of.book, (project, instalment, team)) for team in {*teams, None})
    return _OUT if not teams else _NOT_PASSED if assessed else _TO_ASSESS


def _late(of: Grounds, seen: Amounts) -> Iterator[Waiting]:
    missing = [(str(found.ref), found, fen) for found, fen in seen if found.code == "M100" and fen]
    of.book.bring({name for name, _, _ in missing})
    for name, found, fen in sorted(missing):
        pledge = PLEDGES.of(of.book)[name]
        _, gap = due_and_gap(pledge, fen, 0, of.on)
        if gap:
            due = min((day for day, _ in pledge.tranches), default=None)
            yield Waiting(PLEDGED, found.special, {"late_match": gap}, name, _NOT_COME, found.project, due)


def _queue(of: Grounds) -> Iterator[Waiting]:
    """Claims that are verified and wait for money."""
    for name, claim in _uncommitted(of):
        project = PROJECTS.get(of.book, claim.project)
        if project and claim.day <= of.on and of.sees_project(claim.project):
            fen = awarded(of.book, project.special, claim)
            yield Waiting(QUEUE, project.special, {"queue": fen}, name, _TO_COMMIT, claim.project)


def _uncommitted(of: Grounds) -> list[tuple[str, Claim]]:
    """Claims without money; by period or business date, those of which nothing was committed by then."""
    if not of.moment.of_lines:
        waiting = UNCOMMITTED.of(of.book)
        of.book.bring(waiting)
        return [(name, CLAIMS.of(of.book)[name]) for name in waiting]
    committed = {(found.project, found.ref) for found in of.held if found.code == "B220"}
    claims = [(name, claim) for name, claim in CLAIMS.items(of.book) if (claim.project, name) not in committed]
    instalments = {name: INSTALMENTS.get(of.book, (claim.project, name)) for name, claim in claims}
    before = {name for name, found in instalments.items() if found and found.at.fiscal_year < of.fiscal_year}
    return [(name, claim) for name, claim in claims if name not in before]


def _later(seen: Amounts) -> Iterator[Waiting]:
    rows = [
        Waiting(
            LATER,
            found.special,
            {"future": fen},
            found.ref or "",
            _PROMISED,
            found.project,
            date(int(found.ref), 1, 1) if found.ref else None,
        )
        for found, fen in seen
        if found.code == "F200" and fen
    ]
    yield from sorted(rows, key=lambda row: (row.ref, row.project or ""))
