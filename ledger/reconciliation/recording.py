"""From lines that the ledger lacks to the facts that record them: of an order or a settlement, or as suspense 待查款项."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from pydantic import ValidationError

from ledger.domain.book import Book
from ledger.domain.catalogue import UNKNOWN_FUND, Fund
from ledger.domain.decision import accept_as_if_signed
from ledger.domain.fields import Document
from ledger.domain.movement import Actor, Movement
from ledger.domain.payment import PaymentRefunded, PaymentRejected, PaymentSettled
from ledger.domain.reconciliation import SETTLED, Flow, Status
from ledger.domain.suspense import UnmatchedReceiptRecorded, UnmatchedSettlementRecorded
from ledger.reconciliation.case import Case
from ledger.reconciliation.line import Line
from ledger.reconciliation.refusals import NotReconciled, Why
from ledger.reconciliation.sides import made_ready

RECORDED_AS = frozenset({Flow.PAYMENT, Flow.REJECTION, Flow.REFUND, Flow.RECEIPT})
_TEXT_MAX = 300


class Given(NamedTuple):
    """What somebody adds to what a statement tells: the detail id where it has none, and the order or settlement it belongs to."""

    detail: str = ""
    cites: str = ""


class Origin(NamedTuple):
    """Where a line stands: the file, by its name and SHA-256, and the row."""

    file: str
    sha256: str
    row: int

    @property
    def document(self) -> Document:
        """The statement as the document by which two people of finance record a fact."""
        name = self.file if self.file.isprintable() else self.sha256[:12]
        return Document(number=f"{name[-_TEXT_MAX:]} #{self.row}", sha256=self.sha256)


class Context:
    """What else both sides tell of money that came back: the payments that are known, and payments beside their rejections."""

    def __init__(self, ours: Iterable[Line], theirs: Iterable[Line]) -> None:
        self._settled: defaultdict[str, set[str]] = defaultdict(set)
        for line in ours:
            if line.flow is Flow.PAYMENT and line.moved:
                for key in (line.detail, line.voucher, line.application):
                    self._settled[key].add(line.detail)
        _, side = made_ready([], list(theirs))
        beside = {at: side.lines[payment] for at, payment in side.joined.items()}
        self._returned = {payment.key: side.lines[at] for at, payment in beside.items()}
        self._orders = {side.lines[at].key: payment.application for at, payment in beside.items()}

    def fact_of(self, line: Line) -> Line:
        """The line that tells what is to be recorded: of a payment sent back in its month under a known order its rejection."""
        rejection = self._returned.get(line.key)
        same = rejection is not None and rejection.day.replace(day=1) == line.day.replace(day=1)
        return rejection if rejection is not None and same and self.order(rejection) else line

    def settlement(self, line: Line) -> str:
        """The one settlement that a return can mean, by what it cites or by its own keys."""
        for key in (line.cites, line.voucher, line.application) if not line.cites else (line.cites,):
            found = self._settled.get(key, set()) if key else set()
            if len(found) == 1:
                return next(iter(found))
        return ""

    def order(self, line: Line) -> str:
        """The order that a rejected payment was paid under."""
        return line.application or self._orders.get(line.key, "")


def may_be_recorded(case: Case, ours: Mapping[int, Line], theirs: Mapping[int, Line]) -> bool:
    """Whether the ledger lacks what a statement tells: nothing of ours, or only orders that wait to be paid, stand against it.

    What could be another line of ours as well is first decided about, and what lies beyond the days compared is matched first.
    """
    beyond = case.status is Status.TIMING and not case.ours
    told = bool(case.theirs) and all(theirs[key].flow in RECORDED_AS for key in case.theirs)
    awaited = all(ours[key].flow is Flow.PAYMENT and not ours[key].moved for key in case.ours if key in ours)
    decided = case.status in SETTLED or case.status is Status.DUPLICATE
    return told and awaited and not (case.rivals or beyond or decided)


def fact(book: Book, line: Line, context: Context, origin: Origin, given: Given, by: Actor) -> Movement:
    """The fact that records a line, as the ledger would take it now: what an order or a settlement explains, or suspense.

    The Book is left with it recorded: whoever asks rolls that back. Raises NotReconciled where the statement does not tell
    enough, Refusal where the ledger would not take it.
    """
    try:
        movement = _as_told(line, context, _common(line, origin, given), given)
    except ValidationError as error:
        raise NotReconciled(Why.NOT_TOLD, str(error.errors()[0]["loc"][-1])) from error
    return _of_fund(accept_as_if_signed(book, movement, by).movement, line.fund)


def _common(line: Line, origin: Origin, given: Given) -> dict[str, Any]:
    number = given.detail or line.detail or line.transaction
    if not number:
        raise NotReconciled(Why.NO_NUMBER)
    return {"effective_on": line.day, "amount": abs(line.amount), "detail": number, "document": origin.document}


def _as_told(line: Line, context: Context, common: dict[str, Any], given: Given) -> Movement:
    if line.flow is Flow.PAYMENT:
        order = given.cites or line.application
        if order:
            return PaymentSettled(order=order, voucher_no=line.voucher or None, **common)
        return _suspense(UnmatchedSettlementRecorded, common)
    settlement = context.settlement(line)
    if line.flow is Flow.REJECTION and not settlement:
        order = given.cites or context.order(line)
        if order:
            return PaymentRejected(order=order, **common)
        if not line.moved:
            raise NotReconciled(Why.NOTHING_MOVED)
    settlement = given.cites or settlement
    if settlement:
        return PaymentRefunded(settlement=settlement, **common)
    return _suspense(UnmatchedReceiptRecorded, common)


def _suspense(
    kind: type[UnmatchedSettlementRecorded | UnmatchedReceiptRecorded], common: dict[str, Any]
) -> UnmatchedSettlementRecorded | UnmatchedReceiptRecorded:
    item = {name: value for name, value in common.items() if name != "detail"}
    return kind(item=common["detail"], fund=UNKNOWN_FUND, **item)


def _of_fund(movement: Movement, told: str) -> Movement:
    """Suspense of the fund that the statement tells, where nothing else says which it is."""
    unknown = getattr(movement, "fund", None) == UNKNOWN_FUND
    return movement.model_copy(update={"fund": Fund(told)}) if unknown and told in set(Fund) else movement
