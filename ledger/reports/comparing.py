"""Asking reconciliation for both sides of a source, with the cases between them as they stand: for sheets 5 and 7."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from datetime import date

from ledger.codec import recorded_in
from ledger.projections.journal import one_snapshot
from ledger.reconciliation.application import Reconciliations
from ledger.reconciliation.case import Case, unmatched
from ledger.reconciliation.outcomes import Compared
from ledger.reconciliation.rows import BY_HAND, EXPLAINED, Kept, told
from ledger.reports.grounds import voucher_of
from ledger.reports.sides import LEDGER, TREASURY, Sides


def sides_of(done: Reconciliations, source: str, through: date) -> tuple[Sides, int]:
    """Both sides up to a day, and the number at which the ledger stood. Of accounts the last digits. Raises NotReconciled.

    Where another source is our side, what it has in common with the ledger comes with it.
    """
    found = done.compared(source, through)
    kept = found.source
    cases = _cases(found, through)
    with one_snapshot(done.ledger.store) as connection:
        tails = told(connection, done.ledger.id, [line.key for line in found.theirs])
    accounts = {
        at: f"****{tail}" for at, case in enumerate(cases) if (tail := next((tails[k].tail for k in case.theirs), ""))
    }
    of = Sides(
        kept.kind,
        source,
        found.ours,
        found.theirs,
        cases,
        through,
        our_side=TREASURY if kept.against else LEDGER,
        accounts=accounts,
        resolved=_resolved(done, kept.recording.keys(), found.kept),
    )
    return (_with_ledger(done, kept.against, of) if kept.against else of), found.number


def _cases(found: Compared, through: date) -> list[Case]:
    """Those that are kept, in their order, then what was recorded or told since the last matching."""
    kept = [one.case for one in found.kept]
    return [*kept, *unmatched(found.ours, found.theirs, kept, through)]


def _with_ledger(done: Reconciliations, source: str, of: Sides) -> Sides:
    beyond: Compared = done.compared(source, of.through)
    return of._replace(beyond=_cases(beyond, of.through), booked=beyond.ours)


def _resolved(done: Reconciliations, recorded: AbstractSet[int], kept: Sequence[Kept]) -> dict[int, str]:
    """Of cases that somebody dealt with: the voucher of what was recorded from the work list, else what was said and by whom."""
    said = {at: f"{one.reason} ({one.by})" for at, one in enumerate(kept) if one.kept in (BY_HAND, EXPLAINED)}
    made = {
        at: one.case.ours for at, one in enumerate(kept) if one.case.ours and not recorded.isdisjoint(one.case.theirs)
    }
    events = done.ledger.store.select_numbers(done.ledger.id, sorted({key for keys in made.values() for key in keys}))
    vouchers = {event.originator_version: voucher_of(recorded_in(event)) or "" for event in events}
    return {at: "; ".join(vouchers[key] for key in keys if key in vouchers) for at, keys in made.items()} | said
