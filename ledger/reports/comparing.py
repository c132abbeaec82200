"""Asking reconciliation for both sides of a source, with the cases between them as they stand: for sheets 5 and 7."""

from datetime import date

from ledger.projections.journal import one_snapshot, recorded_at
from ledger.reconciliation.application import Reconciliations
from ledger.reconciliation.rows import told
from ledger.reports.reconciliation import LEDGER, TREASURY, Compared, reconciliation
from ledger.reports.sheet import Sheet


def sides_of(done: Reconciliations, source: str, through: date) -> tuple[Compared, int]:
    """Both sides up to a day, and the number at which the ledger stood. Of accounts the last digits. Raises NotReconciled."""
    kept, found = done.source(source), done.compared(source, through)
    cases = [one.case for one in found.kept]
    with one_snapshot(done.ledger.store) as connection:
        tails = told(connection, done.ledger.id, [line.key for line in found.theirs])
    accounts = {
        at: f"****{tail}" for at, case in enumerate(cases) if (tail := next((tails[k].tail for k in case.theirs), ""))
    }
    side = TREASURY if kept.against else LEDGER
    of = Compared(kept.kind, source, found.ours, found.theirs, cases, through, our_side=side, accounts=accounts)
    return of, found.number


def reconciliation_of(done: Reconciliations, source: str, through: date, on: date) -> Sheet:
    """Sheet 5 of a source up to a day; ``on``: the day by which ages are reckoned. Raises NotReconciled."""
    of, number = sides_of(done, source, through)
    return reconciliation(of, on, number, recorded_at(done.ledger.store, done.ledger.id, [number])[number])
