"""What is planned, judged against the ledger as it stands, line after line, leaving no trace."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import NamedTuple

from ledger.domain.approval import check_within_scope
from ledger.domain.book import Book
from ledger.domain.decision import Accepted, accept
from ledger.domain.movement import Actor, Movement
from ledger.domain.refusals import Refusal
from ledger.domain.signing import chains_of, check_may_propose, check_signature, rules_in_force
from ledger.domain.whatif import Judged, WhatIf, effect
from ledger.domain.wording import in_words
from ledger.importing.faults import Fault
from ledger.importing.planned import Planned
from ledger.importing.reading import Sheet

_FIELD_OF_DETAIL = (
    "mode",
    "undertaker",
    "recommender",
    "instalment",
    "fund",
    "pledger",
    "later_year",
    "item",
    "special",
    "project",
)
"""Names under which a refusal says what it is about, the most telling first; most are fields of the sheets too."""
_NAMED_OTHERWISE = {"undertaker": "credit_code", "later_year": "later", "item": "note"}


class Judgement(NamedTuple):
    """Every line that the ledger would refuse now; and what the others would leave, where that was asked."""

    faults: list[Fault]
    would: WhatIf | None = None


def judge(
    book: Book,
    sheet: Sheet,
    planned: Sequence[Planned],
    proposer: Actor,
    approver: Actor | None = None,
    done: Callable[[int, int], None] | None = None,
    day: date | None = None,
) -> Judgement:
    """Each line judged after all the lines before it that the ledger would accept. The Book is left as it was.

    ``approver``: who will sign it; None: nobody knows yet. ``day``: on which alerts are looked at; None: nobody asks what all of
    it would leave.
    """
    mark = book.mark()
    try:
        if faults := _signers(book, planned, proposer, approver):
            return Judgement(faults)
        faults, judged = _lines(book, sheet, planned, proposer, done)
        return Judgement(faults, None if day is None else effect(book, mark, judged, day))
    finally:
        book.rollback(mark)
        book.recalled.clear()


def _signers(book: Book, planned: Sequence[Planned], proposer: Actor, approver: Actor | None) -> list[Fault]:
    """Whether they may sign such a list at all, one after the other: one complaint, not one for each line."""
    movements = [one.movement for one in planned]
    try:
        check_may_propose(movements, proposer)
        if movements and approver:
            rules = rules_in_force(book, max(movement.effective_on for movement in movements))
            check_signature(movements, [proposer], approver, rules)
    except Refusal as refusal:
        return [Fault(None, "", *in_words(refusal))]
    return []


def _lines(
    book: Book,
    sheet: Sheet,
    planned: Sequence[Planned],
    proposer: Actor,
    done: Callable[[int, int], None] | None,
) -> tuple[list[Fault], list[Judged]]:
    """Those that were refused, in words, and all that were judged: a line that needs what was refused is not."""
    faults, judged, broken = [], list[Judged](), set[str]()
    for count, one in enumerate(planned, 1):
        if broken.intersection(one.needs):
            broken.update({one.makes} - {""})
        else:
            needs, outcome = chains_of(book, one.movement), _outcome(book, one.movement, proposer)
            judged.append(Judged(one.movement, outcome, needs))
            if isinstance(outcome, Refusal):
                broken.update({one.makes} - {""})
                faults.append(_fault(sheet, one, outcome))
        if done:
            done(count, len(planned))
    return faults, judged


def _outcome(book: Book, movement: Movement, proposer: Actor) -> Accepted | Refusal:
    mark = book.mark()
    try:
        accepted = accept(book, movement, proposer)
        check_within_scope(book, movement, accepted.legs, proposer)
    except Refusal as refusal:
        book.rollback(mark)
        return refusal
    return accepted


def _fault(sheet: Sheet, one: Planned, refusal: Refusal) -> Fault:
    named = (_NAMED_OTHERWISE.get(name, name) for name in _FIELD_OF_DETAIL if name in refusal.details)
    about_money = refusal.asked is not None
    field = one.field if about_money else next((name for name in named if name in sheet.places), one.field)
    zh, en = in_words(refusal)
    clause = f" [{refusal.code} {refusal.clause}]".replace(" ]", "]")
    return Fault(one.row, sheet.label(field), zh + clause, en + clause)
