"""One side made ready for matching: what comes back tells the keys of the payment it returns, and stands with it where both net.

A payment that came back in time is told in two forms: one line that moved nothing, or the payment and its rejection 退票 beside
each other. The second form is joined here, so that both are one thing with the keys of the payment.
"""

from collections import defaultdict
from collections.abc import Sequence
from enum import IntEnum

from msgspec.structs import replace

from ledger.domain.reconciliation import Flow
from ledger.reconciliation.line import Line


class Pool(IntEnum):
    """Only lines of one pool may be one fact. AWAITED: asked for and not paid yet; JOINED: stands with its rejection."""

    OUT = 0
    BACK = 1
    RETURNED = 2
    AWAITED = 3
    CLEARING = 4
    JOINED = 5


POOLS = {
    Flow.REFUND: Pool.BACK,
    Flow.RECEIPT: Pool.BACK,
    Flow.REJECTION: Pool.RETURNED,
    Flow.CLEARING: Pool.CLEARING,
}
CITABLE = ("detail", "voucher", "application")


class Side:
    """Lines by index. ``told``: as they are compared; ``joined``: rejection → its payment; ``original``: return → fen paid.

    ``payment``, ``paid``: return → its payment on this side, and that one's index.

    ``rivals``: keys of the other side's lines that it could be (``doubtful``), or that contradict it (``disputed``: by detail id).
    ``repeated``: told more often than the other side tells it; ``returned``: payments that came back.
    """

    def __init__(self, lines: Sequence[Line]) -> None:
        self.lines = lines
        self.told = list(lines)
        self.pool = bytearray(_pool(line) for line in lines)
        self.taken = bytearray(len(lines))
        self._waiting = list(range(len(lines)))
        self.joined: dict[int, int] = {}
        self.payment: dict[int, Line] = {}
        self.paid: dict[int, int] = {}
        self.original: dict[int, int] = {}
        self.rivals: dict[int, tuple[int, ...]] = {}
        self.doubtful: set[int] = set()
        self.disputed: set[int] = set()
        self.repeated: set[int] = set()
        self.returned: set[int] = set()

    def members(self, indexes: tuple[int, ...]) -> tuple[int, ...]:
        """With the payments that stand with rejections, before them."""
        if not self.joined:
            return indexes
        return (*(self.joined[at] for at in indexes if at in self.joined), *indexes)

    def take(self, indexes: Sequence[int]) -> None:
        for at in indexes:
            self.taken[at] = 1
        if self.repeated:
            self.repeated.difference_update(indexes)

    def open(self, *pools: Pool) -> list[int]:
        """What no case holds yet and nobody disputes."""
        pool, taken, disputed = self.pool, self.taken, self.disputed
        self._waiting = [at for at in self._waiting if not taken[at]]
        return [at for at in self._waiting if pool[at] in pools and at not in disputed]

    def reconsider(self) -> None:
        """Rivals may be gone, but for those of a disputed detail id."""
        self.rivals = {at: keys for at, keys in self.rivals.items() if at in self.disputed}
        self.doubtful.clear()

    def part(self) -> None:
        """What was joined and found no like is two facts again, each for itself."""
        for rejection, payment in self.joined.items():
            if not self.taken[rejection]:
                self.pool[rejection], self.pool[payment] = Pool.BACK, Pool.OUT
        self.joined = {rejection: payment for rejection, payment in self.joined.items() if self.taken[rejection]}


def _pool(line: Line) -> Pool:
    if line.flow is Flow.PAYMENT:
        return Pool.OUT if line.moved or not line.amount else Pool.AWAITED
    return POOLS[line.flow]


def made_ready(ours: Sequence[Line], theirs: Sequence[Line]) -> tuple[Side, Side]:
    """Both sides; a return whose payment is told by the other side only takes its keys from there."""
    sides = Side(ours), Side(theirs)
    returns = [[at for at in range(len(side.lines)) if side.pool[at] in (Pool.BACK, Pool.RETURNED)] for side in sides]
    wanted = {
        key for side, found in zip(sides, returns, strict=True) for at in found for key in _mentioned(side.lines[at])
    }
    if not wanted:
        return sides
    known = [_payments(side, wanted) for side in sides]
    for side, found, own in zip(sides, returns, known, strict=True):
        for at in _by_day(side, found):
            _join(side, at, own)
    for mine, other in ((0, 1), (1, 0)):
        _join_refunds(sides[mine], returns[mine], known[other], sides[other], returns[other])
    named = [
        {line.detail: at for at in found if (line := side.lines[at]).detail}
        for side, found in zip(sides, returns, strict=True)
    ]
    for mine, other in ((0, 1), (1, 0)):
        for at in returns[mine]:
            twin = named[other].get(sides[mine].lines[at].detail)
            _tell(sides[mine], at, known[mine], sides[other], known[other], twin)
    return sides


Known = dict[tuple[str, str] | tuple[str, str, int], list[int]]
"""Payments by field and key, and by these and the amount."""

MEANT_MOST = 64
"""Of more payments with one key none is taken for the one that is meant."""


def _mentioned(line: Line) -> tuple[str, ...]:
    return tuple(key for key in (line.cites, line.detail, line.voucher, line.application) if key)


def _payments(side: Side, wanted: set[str]) -> Known:
    """Payments by those of their keys that some return mentions."""
    known: Known = defaultdict(list)
    for at, line in enumerate(side.lines):
        if side.pool[at] == Pool.OUT:
            for field in CITABLE:
                key = getattr(line, field)
                if key and key in wanted:
                    known[field, key].append(at)
                    known[field, key, line.amount].append(at)
    return known


def _by_day(side: Side, indexes: list[int]) -> list[int]:
    return sorted(indexes, key=lambda at: (side.lines[at].day, side.lines[at].key))


def _join(side: Side, at: int, known: Known) -> None:
    """Finds the payment that a return gives back on its own side; a rejection that moved money stands with it, or is a refund."""
    line = side.lines[at]
    payment = _returned_by(side, line, known)
    if payment is not None:
        side.payment[at], side.paid[at] = side.lines[payment], payment
    if side.pool[at] == Pool.RETURNED and line.moved:
        if payment is not None and side.lines[payment].amount == -line.amount:
            side.joined[at] = payment
            side.pool[payment] = Pool.JOINED
            side.returned.add(payment)
        else:
            side.pool[at] = Pool.BACK


def _join_refunds(side: Side, returns: list[int], known: Known, far: Side, elsewhere: list[int]) -> None:
    """What one side tells as a rejection that moved nothing, the other may tell as a payment and the refund of all of it.

    Those are joined as well, where the far side tells the rejection and no payment of these keys, and nothing else undoes it.
    """
    whole: dict[tuple[str, int], list[int]] = defaultdict(list)
    for at in returns:
        payment = side.paid.get(at)
        if payment is not None and side.pool[at] == Pool.BACK and side.lines[payment].amount == -side.lines[at].amount:
            for key in {getattr(side.lines[payment], field) for field in CITABLE} - {""}:
                whole[key, side.lines[at].amount].append(at)
    for at in elsewhere if whole else ():
        line = far.lines[at]
        found = {one for key in _mentioned(line) for one in whole.get((key, line.amount), ())} if not line.moved else ()
        for one in found if len(found) == 1 else ():
            payment = side.paid[one]
            told = any((field, getattr(side.lines[payment], field)) in known for field in CITABLE)
            if side.pool[payment] == Pool.OUT and not told:
                side.joined[one] = payment
                side.pool[one], side.pool[payment] = Pool.RETURNED, Pool.JOINED


def _tell(side: Side, at: int, known: Known, other: Side, elsewhere: Known, twin: int | None) -> None:
    """Gives a return the keys of its payment, which only the other side may tell.

    ``twin``: the other side's return of the same detail id, which may say what this one does not.
    """
    line = side.lines[at]
    payment = side.payment.get(at)
    if payment is None and (found := _returned_by(other, line, elsewhere)) is not None:
        payment = other.lines[found]
    if twin is not None and payment is None and not line.cites:
        payment, line = other.payment.get(twin), replace(line, cites=other.lines[twin].cites)
    told = _as_told(line, payment, _field_of(line.cites, known, elsewhere))
    told_by_itself = twin is not None and payment is None and not line.cites
    side.told[at] = replace(told, detail=line.detail) if told_by_itself else told
    side.original[at] = line.returns or (payment.amount if payment else 0)


def _returned_by(side: Side, line: Line, known: Known) -> int | None:
    """The one payment of a side that a return can mean: what it cites, else what bears its own keys."""
    asked = [(field, line.cites) for field in CITABLE] if line.cites else [(f, getattr(line, f)) for f in CITABLE]
    for field, key in asked:
        for place in ((field, key, -line.amount), (field, key)):
            found = known.get(place, ())
            if len(found) > MEANT_MOST:
                return None
            found = [at for at in found if side.pool[at] == Pool.OUT and _can_return(line, side.lines[at])]
            if found:
                return found[0] if len(found) == 1 else None
    return None


def _can_return(line: Line, payment: Line) -> bool:
    if payment.amount < -line.amount or payment.day > line.day:
        return False
    return not (line.account and payment.account and line.account != payment.account)


def _field_of(cites: str, known: Known, elsewhere: Known) -> str:
    """What sort of key is cited, where some payment bears it."""
    return next((field for field in CITABLE if (field, cites) in known or (field, cites) in elsewhere), "")


def _as_told(line: Line, original: Line | None, cited: str) -> Line:
    """A return with the keys of what it returns; its own detail id is another fact's key and tells nothing of the payment."""
    keys = {"detail": "", "voucher": line.voucher, "application": line.application, "cites": line.cites}
    if cited:
        keys |= {cited: line.cites, "cites": ""}
    if original is not None:
        keys |= {field: getattr(original, field) or keys[field] for field in CITABLE} | {"cites": ""}
    account = line.account or (original.account if original else "")
    return replace(line, account=account, **keys)
