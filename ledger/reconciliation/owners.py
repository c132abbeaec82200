"""Who must act on a case 责任人: whoever keeps the side that is wrong or late."""

from ledger.domain.catalogue import Role
from ledger.domain.reconciliation import SETTLED, Cause, Status
from ledger.reconciliation.case import Case

_BY_STATUS: dict[Status, Role] = {
    Status.AMOUNT_DIFF: Role.FIN,
    Status.MISSING_IN_LEDGER: Role.FIN,
    Status.MISSING_IN_TREASURY: Role.TRE,
    Status.WRONG_CLASSIFICATION: Role.FIN,
}


def owner(case: Case) -> Role | None:
    """The role that must act; None where nothing more is to be done.

    What one side has and the other not yet, or tells twice, is for the keeper of the other side, or of the one that tells it.
    What cannot be told apart is for finance to decide.
    """
    if case.status in SETTLED:
        return None
    if case.cause is Cause.INDISTINGUISHABLE:
        return Role.FIN
    match case.status:
        case Status.TIMING:
            return Role.TRE if case.ours and not case.theirs else Role.FIN
        case Status.DUPLICATE:
            return Role.FIN if case.ours else Role.TRE
        case status:
            return _BY_STATUS[status]
