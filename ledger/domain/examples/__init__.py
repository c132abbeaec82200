"""One valid request of every kind, in an order in which a new ledger accepts them all, each with who signs it.

They are what the API documentation shows, what the golden vectors freeze, and a first reading of the domain: an opening,
a year of projects and payments, a correction; and, in a ledger of its own, a year's end. All synthetic. Amounts are yuan.
"""

from typing import Any

from ledger.domain.examples.closing import APPROVALS, CLOSING, HOLIDAYS, SIGNING, YEAR_END
from ledger.domain.examples.opening import FUNDS, OPENING
from ledger.domain.examples.payments import PAYMENTS
from ledger.domain.examples.projects import BESIDE, PROJECTS
from ledger.domain.examples.requests import Example

HISTORIES: tuple[tuple[Example, ...], ...] = (
    (*OPENING, *FUNDS, *PROJECTS, *BESIDE, *PAYMENTS, *APPROVALS, *CLOSING, *SIGNING, *HOLIDAYS),
    YEAR_END,
)
"""Each plays from an empty ledger."""

EXAMPLES: dict[str, dict[str, Any]] = {}
"""Kind → its first request in the histories."""
for _history in HISTORIES:
    for _example in _history:
        EXAMPLES.setdefault(_example.kind, _example.request)
