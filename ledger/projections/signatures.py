"""Who signed what, in a row for each year, those who signed and the party concerned; and refused attempts to approve one's own.

Signers are the subjects of the log. Which of them are one human is asked when somebody looks, for it changes later.
"""

from collections import defaultdict
from typing import LiteralString, NamedTuple
from uuid import UUID

import msgspec
from psycopg import Connection
from psycopg.rows import TupleRow

from ledger.access.segregation import NUMBERS, Signed, Signer, Tried
from ledger.domain.catalogue import Role
from ledger.domain.refusals import Code
from ledger.projections.follower import Page, Projection, stands_at
from ledger.projections.journal import one_snapshot
from ledger.store import Store

_ENTER_PARTIES = ("PartyRegistered", "PartyRenamed")
TRIED_MAX = 10_000


class _Who(msgspec.Struct):
    subject: str
    role: str
    acting_for: str | None = None


class _Request(msgspec.Struct):
    credit_code: str | None = None
    payee: str | None = None
    amount: int = 0


class _State(msgspec.Struct):
    """As much of recorded bytes as says who signed."""

    number: int
    kind: str
    fiscal_year: int
    actor: _Who
    movement: _Request
    approvals: list[_Who] = []


_decoder = msgspec.json.Decoder(_State)
_signers = msgspec.json.Decoder(list[tuple[str, Role, str | None]])


class Signatures(Projection):
    """A row for each fiscal year, those who signed, and the party that is entered or paid."""

    name = "signatures"
    tables = ("signed",)

    def fold(self, connection: Connection[TupleRow], page: Page) -> None:
        found: dict[tuple[int, str, str, str], list[_State]] = defaultdict(list)
        for event in page.events:
            one = _decoder.decode(event.state)
            found[_key(one)].append(one)
        rows = [
            (
                page.ledger,
                *key,
                [one.number for one in those[:NUMBERS]],
                those[-1].number,
                len(those),
                sum(one.movement.amount for one in those),
            )
            for key, those in found.items()
        ]
        connection.cursor().executemany(_ADD, rows)


def _key(one: _State) -> tuple[int, str, str, str]:
    signers = [(who.subject, who.role, who.acting_for) for who in (one.actor, *one.approvals)]
    enters = one.movement.credit_code if one.kind in _ENTER_PARTIES else None
    return one.fiscal_year, msgspec.json.encode(signers).decode(), enters or "", one.movement.payee or ""


_ADD: LiteralString = (
    "INSERT INTO signed (ledger, fiscal_year, signers, enters, pays, numbers, last, times, amount) "
    "VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT (ledger, fiscal_year, signers, enters, pays) DO UPDATE SET "
    f"numbers = (signed.numbers || excluded.numbers)[1:{NUMBERS}], last = excluded.last, "
    "times = signed.times + excluded.times, amount = signed.amount + excluded.amount"
)


# -- asking


class Seen(NamedTuple):
    """What was signed in the years that were asked for, and what entered parties in any; at which number they stand."""

    standing: int
    years: list[int]
    first: int
    last: int
    signed: list[Signed]
    entered: list[Signed]


def signatures(store: Store, ledger: UUID, fiscal_year: int | None) -> Seen:
    """All that was signed in a fiscal year, or in all of them, from one snapshot. ``first`` and ``last``: numbers, 0 for none."""
    with one_snapshot(store) as connection:
        standing = stands_at(connection, ledger, Signatures)
        years = [
            row[0]
            for row in connection.execute(
                "SELECT DISTINCT fiscal_year FROM signed WHERE ledger = %s ORDER BY 1", (ledger,)
            )
        ]
        rows = connection.execute(_OF_YEAR, (ledger, fiscal_year, fiscal_year)).fetchall()
        entered = connection.execute(_ENTERED, (ledger,)).fetchall()
    return Seen(
        standing,
        years,
        min((row[3][0] for row in rows), default=0),
        max((row[4] for row in rows), default=0),
        [_signed(row) for row in rows],
        [_signed(row) for row in entered],
    )


_COLUMNS: LiteralString = "SELECT signers, enters, pays, numbers, last, times, amount FROM signed WHERE ledger = %s "
_OF_YEAR: LiteralString = f"{_COLUMNS} AND (%s::int IS NULL OR fiscal_year = %s)"
_ENTERED: LiteralString = f"{_COLUMNS} AND enters <> ''"


def _signed(row: TupleRow) -> Signed:
    signers, enters, pays, numbers, _, times, amount = row
    who = tuple(Signer(*one) for one in _signers.decode(signers))
    return Signed(who, tuple(numbers), times, enters or None, pays or None, amount)


def own_approvals_tried(store: Store, ledger: UUID) -> list[Tried]:
    """Refused attempts to approve what one had signed, the newest TRIED_MAX of them."""
    with store.readers.connection() as connection:
        rows = connection.execute(
            "SELECT actor, role, kind, number FROM attempt WHERE ledger = %s AND code = %s ORDER BY id DESC LIMIT %s",
            (ledger, Code.SELF_APPROVAL, TRIED_MAX),
        ).fetchall()
    return [Tried(subject, Role(role), kind, number) for subject, role, kind, number in rows]
