"""Who signed what: movements by their signers, read from their bytes page by page, and refused attempts to approve one's own."""

from collections.abc import Iterator
from uuid import UUID

import msgspec

from ledger.access.segregation import Signed, Signer, Tried
from ledger.domain.catalogue import Role
from ledger.domain.refusals import Code
from ledger.recorded import movements
from ledger.store import PAGE, Store

_ENTER_PARTIES = ("PartyRegistered", "PartyRenamed")
TRIED_MAX = 10_000


class _Who(msgspec.Struct):
    subject: str
    role: Role
    acting_for: str | None = None

    def signer(self) -> Signer:
        return Signer(self.subject, self.role, self.acting_for)


class _Request(msgspec.Struct):
    credit_code: str | None = None
    payee: str | None = None
    amount: int = 0


class _State(msgspec.Struct):
    """As much of recorded bytes as says who signed."""

    number: int
    kind: str
    actor: _Who
    movement: _Request
    approvals: list[_Who] = []


_decoder = msgspec.json.Decoder(_State)


def signatures(store: Store, ledger: UUID, after: int, last: int) -> Iterator[Signed]:
    """Movements with these numbers, each checked against its leaf. Raises CorruptRecord."""
    while after < last:
        upto = min(after + PAGE, last)
        with store.readers.connection() as connection:
            rows = movements(
                connection, "ledger = %s AND number > %s AND number <= %s", "ORDER BY number", (ledger, after, upto)
            )
        yield from (_signed(row[3]) for row in rows)
        after = upto


def entered_parties(store: Store, ledger: UUID, last: int) -> list[Signed]:
    """Movements up to a number that enter a party or its name."""
    with store.readers.connection() as connection:
        rows = movements(
            connection,
            "ledger = %s AND number <= %s AND kind = ANY(%s)",
            "ORDER BY number",
            (ledger, last, list(_ENTER_PARTIES)),
        )
    return [_signed(row[3]) for row in rows]


def own_approvals_tried(store: Store, ledger: UUID) -> list[Tried]:
    """Refused attempts to approve what one had signed, the newest TRIED_MAX of them."""
    with store.readers.connection() as connection:
        rows = connection.execute(
            "SELECT actor, role, kind, number FROM attempt WHERE ledger = %s AND code = %s ORDER BY id DESC LIMIT %s",
            (ledger, Code.SELF_APPROVAL, TRIED_MAX),
        ).fetchall()
    return [Tried(subject, Role(role), kind, number) for subject, role, kind, number in rows]


def _signed(state: bytes) -> Signed:
    said = _decoder.decode(state)
    request = said.movement
    enters = request.credit_code if said.kind in _ENTER_PARTIES else None
    signers = (said.actor.signer(), *(one.signer() for one in said.approvals))
    return Signed(said.number, said.kind, signers, enters, request.payee, request.amount)
