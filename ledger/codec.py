"""Movement ⇄ recorded bytes.

The bytes are canonical JSON as RFC 8785 gives it (keys ASCII and sorted, text NFC, integers below 2^53, absent fields left
out), and contain the entries the movement resulted in. leaf = SHA-256(0x00 ‖ bytes), an RFC 6962 leaf.
"""

import hashlib
from datetime import UTC, date, datetime
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from eventsourcing.persistence import Mapper, StoredEvent

from ledger.domain.accounts import Account, Leg
from ledger.domain.catalogue import Role
from ledger.domain.kinds import ANY_MOVEMENT
from ledger.domain.money import RECORDED
from ledger.domain.movement import MOVEMENTS, Actor, Movement

FORMAT = 1
_encoder = msgspec.json.Encoder(order="sorted")
_begun = hashlib.sha256(b"\x00")


class Recorded(NamedTuple):
    """One recorded movement: the envelope, the request, and what it posted. The domain event of the log."""

    ledger: UUID
    number: int
    voucher: int | None
    recorded_at: datetime
    """UTC."""
    actor: Actor
    approvals: tuple[Actor, ...]
    """Who signed after the actor, in their order."""
    proposal: str | None
    request: UUID
    rules: int
    movement: Movement
    legs: tuple[Leg, ...]

    @property
    def originator_id(self) -> UUID:
        return self.ledger

    @property
    def originator_version(self) -> int:
        return self.number


class Posted(NamedTuple):
    """What a recorded movement posted, with its request still as bytes: reading that costs most, and few need it."""

    number: int
    voucher: int | None
    kind: str
    recorded_at: datetime
    """UTC."""
    actor: str
    """Their subject."""
    request: bytes
    """The movement's own fields as its class has them today, canonical JSON."""
    legs: tuple[Leg, ...]


class CorruptRecord(Exception):
    """Recorded bytes do not say what their row says, or do not match their leaf."""


class _Signer(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    subject: str
    role: Role
    department: str | None = None
    acting_for: str | None = None

    def actor(self) -> Actor:
        return Actor(self.subject, self.role, self.department, acting_for=self.acting_for)


class _Line(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    account: str
    amount: int
    effective_on: date
    period: str
    fiscal_year: int
    source: str | None = None
    vintage: int | None = None
    special: str | None = None
    project: str | None = None
    function: str | None = None
    ref: str | None = None
    corrects: int | None = None

    def leg(self) -> Leg:
        budget = self.account.startswith(("B", "X"))
        account = Account(
            self.account,
            self.fiscal_year if budget else None,
            self.source,
            self.vintage,
            self.special,
            self.project,
            self.function,
            self.ref,
        )
        return Leg(account, self.amount, self.effective_on, self.period, self.corrects)


class _State(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    format: int
    ledger: UUID
    number: int
    kind: str
    version: int
    rules: int
    recorded_at: datetime
    effective_on: date
    period: str
    fiscal_year: int
    actor: _Signer
    request: UUID
    movement: msgspec.Raw
    entries: list[_Line]
    voucher: int | None = None
    approvals: list[_Signer] = []
    proposal: str | None = None
    inside: dict[str, int] = {}
    """Kind → version of its class, of the movements it holds; the first version is not named."""


_decoder = msgspec.json.Decoder(_State)
_HOLDERS = {name for name, kind in MOVEMENTS.items() if (kind.held, kind.inside) != (Movement.held, Movement.inside)}
"""Kinds that hold other movements, each recorded by a version of its own class."""


def leaf(state: bytes) -> bytes:
    """RFC 6962 leaf hash of recorded bytes, 32 bytes."""
    hashed = _begun.copy()  # sooner than putting the bytes together
    hashed.update(state)
    return hashed.digest()


def canonical(value: Any) -> bytes:
    """Canonical JSON of a value whose keys are ASCII and whose text is NFC."""
    return _encoder.encode(value)


def encode(recorded: Recorded) -> bytes:
    """The bytes that are recorded, for ever."""
    movement = recorded.movement
    period = movement.posting_period
    return _encoder.encode(
        _State(
            FORMAT,
            recorded.ledger,
            recorded.number,
            movement.kind,
            movement.version,
            recorded.rules,
            recorded.recorded_at.astimezone(UTC),
            movement.effective_on,
            period,
            int(period[:4]),
            _signer(recorded.actor),
            recorded.request,
            msgspec.Raw(canonical(movement.model_dump(exclude_none=True))),
            [_line(leg) for leg in recorded.legs],
            recorded.voucher,
            [_signer(actor) for actor in recorded.approvals],
            recorded.proposal,
            {held.kind: held.version for held in movement.held() if held.version > 1},
        )
    )


def movement_of(state: bytes) -> Movement:
    """The request in recorded bytes, all of which are read. Raises CorruptRecord."""
    return _read(state)[1]


def _read(state: bytes) -> tuple[_State, Movement]:
    try:
        said = _decoder.decode(state)
        movement = ANY_MOVEMENT.validate_json(_fields(said), context=RECORDED)
    except (msgspec.DecodeError, ValueError) as error:
        raise CorruptRecord(f"recorded bytes cannot be read: {error}") from error
    if said.format != FORMAT or said.kind != movement.kind:
        raise CorruptRecord(_unexpected(said))
    return said, movement


def decode(state: bytes) -> Recorded:
    """A recorded movement from its bytes. Raises CorruptRecord."""
    said, movement = _read(state)
    return Recorded(
        said.ledger,
        said.number,
        said.voucher,
        said.recorded_at,
        said.actor.actor(),
        tuple([signer.actor() for signer in said.approvals]),
        said.proposal,
        said.request,
        said.rules,
        movement,
        tuple(line.leg() for line in said.entries),
    )


def version_in(state: bytes) -> int:
    """Of which version the class was that recorded these bytes; ``decode`` gives what it means to the present one."""
    return _decoder.decode(state).version


def _fields(said: _State) -> bytes:
    """The fields of a recorded movement as its class, and those of what it holds, has them today. Raises CorruptRecord."""
    kind = MOVEMENTS.get(said.kind)
    if kind is None:
        raise CorruptRecord(f"number {said.number}: this program knows no kind {said.kind}")
    if said.version == kind.version and (said.kind not in _HOLDERS or not (said.inside or _raised())):
        return bytes(said.movement)
    kept = msgspec.json.decode(said.movement)
    fields = {name: _upcast_inside(value, said.inside) for name, value in kept.items()}
    return canonical(_upcast(said.kind, said.version, fields))


def _raised() -> bool:
    """Whether any kind has come beyond its first version, so that what is held may have to be upcast."""
    return any(kind.version > 1 for kind in MOVEMENTS.values())


def _upcast_inside(value: Any, versions: dict[str, int]) -> Any:
    """The same with every movement in it upcast."""
    if isinstance(value, list):
        return [_upcast_inside(one, versions) for one in value]
    if not isinstance(value, dict):
        return value
    fields = {name: _upcast_inside(one, versions) for name, one in value.items()}
    kind = fields.get("kind")
    if not isinstance(kind, str) or kind not in MOVEMENTS:
        return fields
    return _upcast(kind, versions.get(kind, 1), fields)


def _upcast(name: str, version: int, fields: dict[str, Any]) -> dict[str, Any]:
    """Fields as ``version`` of a kind recorded them → as its class has them today."""
    kind = MOVEMENTS[name]
    if not 1 <= version <= kind.version:
        raise CorruptRecord(
            f"{name} was recorded by a newer version: {version}; this program knows up to {kind.version}"
        )
    for earlier in range(version, kind.version):
        fields = kind.upcasters[earlier](fields)
    return fields


def posted_in(event: StoredEvent) -> Posted:
    """What a row of the log posted, its request unread. Raises CorruptRecord where the row says something else than its bytes."""
    try:
        said = _decoder.decode(event.state)
    except (msgspec.DecodeError, ValueError) as error:
        raise CorruptRecord(f"recorded bytes cannot be read: {error}") from error
    if said.format != FORMAT:
        raise CorruptRecord(_unexpected(said))
    if (said.ledger, said.number, said.kind) != (event.originator_id, event.originator_version, event.topic):
        raise CorruptRecord(f"number {event.originator_version}: the row and its bytes differ")
    legs = tuple([line.leg() for line in said.entries])
    request = _fields(said)
    return Posted(said.number, said.voucher, said.kind, said.recorded_at, said.actor.subject, request, legs)


def _unexpected(said: _State) -> str:
    return f"number {said.number}: format {said.format}, kind {said.kind} are not what was expected"


def _signer(actor: Actor) -> _Signer:
    return _Signer(actor.subject, actor.role, actor.department or None, actor.acting_for)


def _line(leg: Leg) -> _Line:
    account, amount, effective_on, period, corrects = leg
    code, year, source, vintage, special, project, function, ref = account
    year = year or int(period[:4])
    return _Line(code, amount, effective_on, period, year, source, vintage, special, project, function, ref, corrects)


def recorded_in(event: StoredEvent) -> Recorded:
    """What a row of the log records. Raises CorruptRecord where the row says something else than its bytes."""
    recorded = decode(event.state)
    said = (recorded.ledger, recorded.number, recorded.movement.kind)
    if said != (event.originator_id, event.originator_version, event.topic):
        raise CorruptRecord(f"number {event.originator_version}: the row and its bytes differ")
    return recorded


class LedgerMapper(Mapper[UUID]):
    """The library's mapper over our bytes: no pickling, no environment, one kind one topic."""

    def __init__(self) -> None:  # the bytes are fixed: no transcoder, compressor or cipher may come between
        pass

    def to_stored_event(self, domain_event: Any) -> StoredEvent:
        return StoredEvent(domain_event.ledger, domain_event.number, domain_event.movement.kind, encode(domain_event))

    def to_domain_event(self, stored_event: StoredEvent) -> Any:
        return recorded_in(stored_event)
