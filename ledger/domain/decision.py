"""How one request is decided: judged against the Book, and either accepted with its entries or refused whole.

The order is fixed: role → period → business key → references → status and gates → scope and double funding → limits → V3.
(Idempotency comes before all of them, at the door.) A refused request leaves the Book exactly as it was.
"""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from ledger.domain.accounts import ACCOUNTS, MAY_BE_NEGATIVE, Account, Leg
from ledger.domain.approval import PROPOSALS, ProposalApproved, ProposalSubmitted, check_within_scope, close_approved
from ledger.domain.book import Book, Entry, Recalled
from ledger.domain.dayends import BelowZero, note_dipped, taken_below_zero
from ledger.domain.falling_due import note_falling_due, pledges_about, scheduled
from ledger.domain.identities import check_identities
from ledger.domain.in_transit import note_in_transit
from ledger.domain.movement import BUSINESS_KEYS, Actor, Movement
from ledger.domain.period import FIRST_YEAR, at_open_period, begins, check_begun, check_open
from ledger.domain.refusals import Code, Refusal, refuse
from ledger.domain.sent_back import note_to_order_again
from ledger.domain.signed_off import note_touched
from ledger.domain.signing import check_may_propose, check_role

RULES = 1
"""Version of the rules that judge; recorded with every movement."""


class Accepted(NamedTuple):
    """A movement as accepted: number, voucher (where it posts), who acted, who signed after them, and what it posted."""

    movement: Movement
    number: int
    voucher: int | None
    actor: Actor
    approvals: tuple[Actor, ...]
    proposal: str | None
    entries: list[Entry]
    recorded_as: str | None
    """The kind under which a fact that did not fit was recorded instead."""
    alerts: tuple[BelowZero, ...] = ()
    """Accounts that a fact took below zero at the end of a business day."""

    @property
    def legs(self) -> tuple[Leg, ...]:
        return tuple(entry.leg for entry in self.entries)


def decide(book: Book, movement: Movement, actor: Actor) -> list[Accepted]:
    """Judge one request and apply it; the last approval brings the movements of its proposal with it.

    Raises Refusal, the Book untouched; ``identities.IdentityViolated`` where the rules themselves are at fault.
    """
    mark = book.mark()
    try:
        check_role(book, movement, actor)
        if isinstance(movement, ProposalSubmitted):
            return [_accept_proposal(book, movement, actor)]
        if isinstance(movement, ProposalApproved):
            return _decide_proposal(book, movement, actor)
        accepted = _accept_fact_or_request(book, at_open_period(book, movement), actor)
        check_within_scope(book, accepted.movement, accepted.legs, actor)
        return [accepted]
    except BaseException:
        book.rollback(mark)
        raise


def accept_as_if_signed(book: Book, movement: Movement, actor: Actor) -> Accepted:
    """Judge one movement and apply it as if everybody had signed it whom it needs; the actor must be one who may begin it.

    Raises Refusal, the Book untouched.
    """
    mark = book.mark()
    try:
        check_may_propose((movement,), actor)
        accepted = _accept_fact_or_request(book, at_open_period(book, movement), actor)
        check_within_scope(book, accepted.movement, accepted.legs, actor)
        return accepted
    except BaseException:
        book.rollback(mark)
        raise


def _accept_fact_or_request(book: Book, movement: Movement, actor: Actor) -> Accepted:
    mark = book.mark()
    try:
        return accept(book, movement, actor)
    except Refusal as refusal:
        book.rollback(mark)
        instead = movement.unmatched(refusal, book) if movement.fact else None
        if instead is None:
            raise
        return accept(book, instead, actor)._replace(recorded_as=instead.kind)


def _accept_proposal(book: Book, proposal: ProposalSubmitted, actor: Actor) -> Accepted:
    """The roles, then the proposal itself, then what it proposes: period and business key come before any money."""
    proposal.check(book, actor)
    done = accept(book, proposal, actor)
    mark = book.mark()
    try:
        for movement in proposal.movements:
            accepted = accept(book, movement, actor)
            check_within_scope(book, movement, accepted.legs, actor)
    finally:
        book.rollback(mark)
    return done


def _decide_proposal(book: Book, approval: ProposalApproved, actor: Actor) -> list[Accepted]:
    """Every signature is judged with what it signs; only the last one leaves that recorded.

    Which one is the last is said by the rules before it: a list does not release itself by a rule that it repeals.
    """
    done = [accept(book, approval, actor)]
    signed = PROPOSALS.of(book)[approval.proposal]
    complete = approval.completes(book, signed)
    mark = book.mark()
    brought = [
        accept(book, movement, signed.proposer, approvals=signed.signers[1:], proposal=approval.proposal)
        for movement in signed.standing()
    ]
    for one in brought:
        check_within_scope(book, one.movement, one.legs, actor)
    if complete:
        return done + brought
    book.rollback(mark)
    return done


def accept(
    book: Book,
    movement: Movement,
    actor: Actor,
    *,
    approvals: tuple[Actor, ...] = (),
    proposal: str | None = None,
) -> Accepted:
    """Judge one movement and apply it under the next number. Raises Refusal; the caller rolls back."""
    legs = judge(book, movement, actor)
    number = book.number + 1
    voucher = book.vouchers.get(movement.fiscal_year, 0) + 1 if legs else None
    facts = movement.factual(book, legs)
    entries = fold(book, number, movement, legs, actor, voucher, proposal)
    return Accepted(movement, number, voucher, actor, approvals, proposal, entries, None, taken_below_zero(book, facts))


def judge(book: Book, movement: Movement, actor: Actor) -> tuple[Leg, ...]:
    """Every rule except role and idempotency, in their order; answers with what the movement posts. Raises Refusal."""
    check_open(book, movement)
    for key in movement.business_keys(book):
        held_by = BUSINESS_KEYS.get(book, key)
        if held_by is not None:
            refuse(Code.DUPLICATE_BUSINESS_KEY, movement.clause, key=key, number=held_by)
    movement.check(book, actor)
    legs = movement.legs(book)
    if legs:
        check_begun(book, movement, legs)
    check_not_below_zero(book, movement, legs)
    check_identities(legs)
    return legs


def check_not_below_zero(book: Book, movement: Movement, legs: tuple[Leg, ...]) -> None:
    """V3: a request takes no account below zero, now or at the end of a business day; it answers only for what it takes.

    Legs are netted per account and day. A fact may come before the day of what it settles: it answers for the present only.
    """
    net = _netted(legs)
    factual = movement.factual(book, legs)
    asked = net if not factual else _netted(leg for leg in legs if leg not in factual)
    for account, moves in net.items():
        if account.code in MAY_BE_NEGATIVE or min(moves.values()) >= 0:
            continue
        _check_held(account, sum(moves.values()), book.balance(account))
        if account in asked and min(asked[account].values()) < 0:
            _check_day_ends(book, account, moves)


def _netted(legs: Iterable[Leg]) -> dict[Account, dict[date, int]]:
    net: dict[Account, dict[date, int]] = {}
    for leg in legs:
        moves = net.setdefault(leg.account, {})
        day = leg.day
        moves[day] = moves.get(day, 0) + leg.amount
    return net


def _check_day_ends(book: Book, account: Account, moves: dict[date, int]) -> None:
    recorded = book.moved_since(account, min(moves))
    held, taken = book.balance(account) - sum(recorded.values()), 0
    for day in sorted({*recorded, *moves}):
        held += recorded.get(day, 0)
        taken += moves.get(day, 0)
        _check_held(account, taken, held, day)


def _check_held(account: Account, change: int, held: int, day: date | None = None) -> None:
    if change < 0 and held + change < 0:
        about = {name: value for name, value in account._asdict().items() if value is not None and name != "code"}
        on = day.isoformat() if day else None
        short = ACCOUNTS[account.code].short
        raise Refusal(short, "V3", asked=-change, available=held, account=account.code, at_the_end_of=on, **about)


def fold(
    book: Book,
    number: int,
    movement: Movement,
    legs: tuple[Leg, ...],
    actor: Actor,
    voucher: int | None,
    proposal: str | None,
) -> list[Entry]:
    """Apply a movement that is accepted: the one way into the Book, for decisions and for replay alike."""
    if proposal is not None:
        close_approved(book, proposal)
    if voucher is not None:
        book.write(book.vouchers, movement.fiscal_year, voucher)
        if FIRST_YEAR.get(book, "year") is None and begins(movement, legs):
            FIRST_YEAR.put(book, "year", movement.fiscal_year)
    for key in movement.business_keys(book):
        BUSINESS_KEYS.put(book, key, number)
    facts, pledges = movement.factual(book, legs), pledges_about(movement, legs)
    due = scheduled(book, pledges)
    note_touched(book, number, movement, legs)
    movement.register(book, number, actor)
    book.advance(number)
    book.recalled[number] = Recalled(movement, actor, legs)
    entries = book.post(legs)
    note_falling_due(book, due, scheduled(book, pledges))
    note_in_transit(book, legs)
    note_to_order_again(book, legs)
    note_dipped(book, number, facts)
    return entries
