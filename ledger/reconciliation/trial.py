"""A statement tried against our side: read, matched, and nothing kept."""

from datetime import date

import msgspec

from ledger.application import Ledger
from ledger.reconciliation.asking import matched, ours, theirs
from ledger.reconciliation.case import Case
from ledger.reconciliation.line import Line
from ledger.reconciliation.payee_accounts import marking
from ledger.reconciliation.reading.statement import Statement


def tried(
    ledger: Ledger, read: Statement, against: str, through: date
) -> tuple[dict[int, Line], dict[int, Line], list[Case]]:
    """Lines of both sides by key, theirs by row of the file, and the cases between them."""
    marked = marking(ledger.secret)
    told = [msgspec.structs.replace(line, account=marked(line.account).mark) for page in read.pages() for line in page]
    other, (mine, _) = theirs(ledger, told), ours(ledger, read.control.kind, against, through)
    cases = matched(ledger, read.control.kind, mine, other, through)
    return {line.key: line for line in mine}, {line.key: line for line in other}, cases
