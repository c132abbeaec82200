"""What auditors draw samples from: movements with their amounts as known at a number, and the leaf hashes up to it."""

from typing import NamedTuple
from uuid import UUID

from ledger.domain.fields import period_number
from ledger.store import Store

_PAGE = 50_000


class Population(NamedTuple):
    """Movements up to a number that post something. Amounts in fen, periods ``YYYY-MM``, both inclusive; None: not bounded.

    The amount of a movement is its largest entry, without sign; of the special and the fund asked for, where one is.
    """

    at: int
    kind: str | None = None
    special: str | None = None
    fund: str | None = None
    first_period: str | None = None
    last_period: str | None = None
    from_amount: int | None = None
    to_amount: int | None = None


_POPULATION = """
SELECT entry.number, max(abs(entry.amount))::bigint AS amount FROM entry
JOIN cell ON cell.ledger = entry.ledger AND cell.id = entry.cell
JOIN movement ON movement.ledger = entry.ledger AND movement.number = entry.number
WHERE entry.ledger = %(ledger)s AND entry.number <= %(at)s
  AND (%(kind)s::text IS NULL OR movement.kind = %(kind)s)
  AND (%(special)s::text IS NULL OR cell.special = %(special)s)
  AND (%(fund)s::text IS NULL OR cell.source = %(fund)s)
  AND (%(first)s::int IS NULL OR entry.period >= %(first)s) AND (%(last)s::int IS NULL OR entry.period <= %(last)s)
GROUP BY entry.number
HAVING max(abs(entry.amount)) > 0 AND (%(least)s::bigint IS NULL OR max(abs(entry.amount)) >= %(least)s)
   AND (%(most)s::bigint IS NULL OR max(abs(entry.amount)) <= %(most)s)
ORDER BY entry.number
"""


def movements_of(store: Store, ledger: UUID, asked: Population) -> list[tuple[int, int]]:
    """Number and amount of each movement of a population, by number."""
    bounds = {
        "ledger": ledger,
        "at": asked.at,
        "kind": asked.kind,
        "special": asked.special,
        "fund": asked.fund,
        "first": asked.first_period and period_number(asked.first_period),
        "last": asked.last_period and period_number(asked.last_period),
        "least": asked.from_amount,
        "most": asked.to_amount,
    }
    with store.readers.connection() as connection:
        return connection.execute(_POPULATION, bounds, binary=True).fetchall()


def leaves(store: Store, ledger: UUID, last: int) -> bytes:
    """The leaf hashes of numbers 1 to ``last``, one behind the other; read page by page."""
    found = []
    for after in range(0, last, _PAGE):
        with store.readers.connection() as connection:
            rows = connection.execute(
                "SELECT leaf FROM movement WHERE ledger = %s AND number > %s AND number <= %s ORDER BY number",
                (ledger, after, min(after + _PAGE, last)),
                binary=True,
            ).fetchall()
        found.append(b"".join(row[0] for row in rows))
    return b"".join(found)
