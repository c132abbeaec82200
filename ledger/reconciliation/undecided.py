"""What of the log a matching reads: facts that nobody decided about yet, and whatever is needed to say what they tell.

Facts in decided cases are left out of a matching, so they are not read either, however long the log is. An order was paid by
such facts, unless it is open now, or something that is read names it: then everything about it is read.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any, LiteralString
from uuid import UUID

from psycopg import Connection
from psycopg.rows import TupleRow

from ledger.codec import Posted, posted_in
from ledger.reconciliation.ours import FLOW_OF, KINDS, Facts, Named, named_by
from ledger.reconciliation.rows import DECIDED
from ledger.recorded import events_of

_PAGE = 5_000
_ALWAYS = [kind for kind in KINDS if kind not in FLOW_OF and kind != "PaymentOrdered"]
"""Few, and about what was recorded before them."""
_OF_KINDS: LiteralString = (
    "SELECT number FROM movement WHERE ledger = %(ledger)s AND number <= %(last)s AND kind = ANY(%(kinds)s::text[])"
)
_DECIDED: LiteralString = f"SELECT key FROM {DECIDED} AND ours AND day <= %(through)s"
_ABOUT: LiteralString = (
    "SELECT entry.number FROM cell JOIN account ON (account.ledger, account.cell) = (cell.ledger, cell.id) "
    "JOIN balance ON (balance.ledger, balance.account) = (account.ledger, account.id) "
    "JOIN entry ON (entry.ledger, entry.account) = (account.ledger, account.id) "
    "WHERE cell.ledger = %(ledger)s AND entry.number <= %(last)s AND code = ANY(%(codes)s::text[]) "
    "AND (ref = ANY(%(refs)s::text[]) OR (%(open)s AND balance.amount <> 0))"
)


def all_facts(connection: Connection[TupleRow], ledger: UUID, number: int) -> Facts:
    """Everything of the log up to a number that concerns treasury and bank."""
    values = {"ledger": ledger, "last": number, "kinds": list(KINDS)}
    return _folded(_read(connection, ledger, _numbers(connection, _OF_KINDS, values)))


def undecided_facts(connection: Connection[TupleRow], ledger: UUID, number: int, source: str, through: date) -> Facts:
    """Facts that no decided case of a source holds, and what they need: right through a day that no matching went beyond."""
    values: dict[str, Any] = {"ledger": ledger, "last": number, "source": source, "through": through}
    facts = _numbers(connection, _OF_KINDS, {**values, "kinds": list(FLOW_OF)})
    facts -= _numbers(connection, _DECIDED, values)
    found = _read(connection, ledger, facts | _numbers(connection, _OF_KINDS, {**values, "kinds": _ALWAYS}))
    known, wanted = Named(), _named(found.values())
    about = _numbers(connection, _ABOUT, {**values, "codes": ["B230"], "refs": [], "open": True})
    while about or wanted != known:
        new = wanted.without(known)
        about |= new.numbers
        for codes, refs in ((["B230"], new.orders), (["B240"], new.settlements), (["X900", "S100"], new.items)):
            if refs:
                about |= _numbers(connection, _ABOUT, {**values, "codes": codes, "refs": list(refs), "open": False})
        found |= _read(connection, ledger, about.difference(found))
        about, known, wanted = set(), wanted, _named(found.values())
    return _folded(found)


def _numbers(connection: Connection[TupleRow], query: LiteralString, values: dict[str, Any]) -> set[int]:
    return {row[0] for row in connection.execute(query, values, binary=True)}


def _named(found: Iterable[Posted]) -> Named:
    return Named().union(map(named_by, found))


def _read(connection: Connection[TupleRow], ledger: UUID, numbers: set[int]) -> dict[int, Posted]:
    """Those of these movements that concern treasury and bank."""
    found: dict[int, Posted] = {}
    which: LiteralString = "ledger = %s AND number = ANY(%s::bigint[]) AND kind = ANY(%s::text[])"
    wanted = sorted(numbers)
    for start in range(0, len(wanted), _PAGE):
        page = wanted[start : start + _PAGE]
        events = events_of(connection, which, "ORDER BY number", (ledger, page, list(KINDS)))
        found |= {event.originator_version: posted_in(event) for event in events}
    return found


def _folded(found: dict[int, Posted]) -> Facts:
    facts = Facts()
    for _, posted in sorted(found.items()):
        facts.fold(posted)
    return facts
