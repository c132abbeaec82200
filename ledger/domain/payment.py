"""Payment 拨付: ordered by the department, then settled, rejected or refunded as treasury and bank report it."""

from typing import Annotated, ClassVar, Literal, NamedTuple, cast

from ledger.domain.accounts import Leg, Place, account
from ledger.domain.appropriation import home_of
from ledger.domain.book import Book, Register
from ledger.domain.catalogue import UNKNOWN_FUND, Fund, Name, Role
from ledger.domain.fields import CreditCode, Id, PlainId, Ref, Sealed, SealedText
from ledger.domain.instalment import ELIMINATED, check_gate, committed_place, known_instalment
from ledger.domain.money import Fen
from ledger.domain.movement import Actor, Movement, by
from ledger.domain.project import Project, open_project
from ledger.domain.refusals import Code, Refusal, refuse, refuse_if
from ledger.domain.sent_back import PAYMENT_HOLDS, SentBack, forget_sent_back, note_sent_back
from ledger.domain.suspense import (
    FROM_TREASURY,
    Receipt,
    UnmatchedReceiptRecorded,
    UnmatchedSettlementRecorded,
    does_not_fit,
)


class Order(NamedTuple):
    """A payment order 拨款申请: what it draws on and who is paid. What is open of it is the balance of its account."""

    project: str
    instalment: str
    payee: str
    payment_key: str
    at: Place
    repayable: bool


class Settlement(NamedTuple):
    """A settled payment 支付: where it stands, in the fiscal year in which it was settled."""

    order: str | None
    at: Place
    project: str
    instalment: str
    repayable: bool


ORDERS: Register[str, Order] = Register("orders", called=str)
SETTLEMENTS: Register[str, Settlement] = Register("settlements", called=str)


def known_order(book: Book, order: str) -> Order:
    """An order; UNKNOWN_REFERENCE otherwise."""
    found = ORDERS.get(book, order)
    if found is None:
        refuse(Code.UNKNOWN_REFERENCE, "四(三)", order=order)
    return found


def fund_of(book: Book, cited: Order | Settlement | None) -> Fund | Literal["UNKNOWN"]:
    """The fund to which a fact belongs that does not fit: that of what it cites, where the ledger knows it."""
    return Fund(home_of(book, cited.at.source or "")) if cited else UNKNOWN_FUND


def known_settlement(book: Book, settlement: str) -> Settlement:
    """A settlement; UNKNOWN_REFERENCE otherwise."""
    found = SETTLEMENTS.get(book, settlement)
    if found is None:
        refuse(Code.UNKNOWN_REFERENCE, "四(三)", settlement=settlement)
    return found


class PaymentOrdered(Movement):
    """Committed money is ordered to be paid. Posts B220 / B230."""

    label: ClassVar[Name] = Name("拨款申请", "Payment ordered")
    clause: ClassVar[str] = "四(三)"
    signs: ClassVar = by(Role.STD)
    correctable: ClassVar[bool] = True

    kind: Literal["PaymentOrdered"] = "PaymentOrdered"
    order: Id
    project: Id
    instalment: Ref
    amount: Fen
    payee: CreditCode
    team: Id | None = None
    payee_account: Annotated[SealedText | None, Sealed("payee")] = None

    def business_keys(self, book: Book) -> tuple[str, ...]:
        return (f"order:{self.order}",)

    @property
    def payment_key(self) -> str:
        """One payment of an instalment to a payee under a document; free again when the money comes back."""
        document = self.document.number if self.document else ""
        return f"{self.project}:{self.instalment}:{document}:{self.payee}"

    def check(self, book: Book, actor: Actor) -> None:
        holder = PAYMENT_HOLDS.get(book, self.payment_key)
        refuse_if(holder, Code.DUPLICATE_BUSINESS_KEY, self.clause, payment=self.payment_key, order=holder)
        project = open_project(book, self.project)
        instalment = known_instalment(book, self.project, self.instalment)
        team = self.team or instalment.team
        strange = (project.teams or team) and project.team_party(team) is None
        others = instalment.team not in (None, team)
        refuse_if(strange or others, Code.UNKNOWN_REFERENCE, "二(一)3", team=team or "none")
        refuse_if(not project.may_be_paid(self.payee, team), Code.UNKNOWN_REFERENCE, self.clause, payee=self.payee)
        refuse_if(not instalment.payable, Code.UNKNOWN_REFERENCE, "三(一)", instalment=self.instalment)
        self.require_document(self.clause)
        out = next(
            (name for name in self._teams_paid(project, team) if ELIMINATED.get(book, (self.project, name))), None
        )
        refuse_if(out, Code.TEAM_ELIMINATED, "二(一)3", team=out)
        check_gate(book, self.project, self.instalment, team, "三(一)")

    def _teams_paid(self, project: Project, team: str | None) -> list[str]:
        """The team that is named, and whichever else works for the payee: one that is out is not paid as another."""
        others = [] if self.payee == project.team_party(team) else project.teams_of(self.payee)
        return [*([team] if team else []), *others]

    def legs(self, book: Book) -> tuple[Leg, ...]:
        at = committed_place(book, self.project, self.instalment, self.fiscal_year)
        return self.transfer("B220", "B230", self.amount, at, at._replace(ref=self.order))

    def register(self, book: Book, number: int, actor: Actor) -> None:
        instalment = known_instalment(book, self.project, self.instalment)
        at, key = instalment.at._replace(ref=self.order), self.payment_key
        order = Order(self.project, self.instalment, self.payee, key, at, instalment.repayable)
        ORDERS.put(book, self.order, order)
        PAYMENT_HOLDS.put(book, key, self.order)

    def withdraw(self, book: Book) -> None:
        free_payment(book, self.order)
        ORDERS.drop(book, self.order)


class PaymentOrderCancelled(Movement):
    """What of an order is not settled is taken back. Posts B230 / B220 for all that is open of it."""

    label: ClassVar[Name] = Name("拨款申请撤销", "Payment order cancelled")
    clause: ClassVar[str] = "四(三)"
    signs: ClassVar = by(Role.STD)

    kind: Literal["PaymentOrderCancelled"] = "PaymentOrderCancelled"
    order: Id

    def check(self, book: Book, actor: Actor) -> None:
        known_order(book, self.order)
        self.require_reason(self.clause)
        refuse_if(self._open(book) == 0, Code.OVER_ORDERED, self.clause, order=self.order)

    def _open(self, book: Book) -> int:
        return book.balance(account("B230", known_order(book, self.order).at._replace(fiscal_year=self.fiscal_year)))

    def legs(self, book: Book) -> tuple[Leg, ...]:
        found = known_order(book, self.order)
        at = found.at._replace(fiscal_year=self.fiscal_year)
        return self.transfer("B230", "B220", self._open(book), at, at._replace(ref=found.instalment))

    def register(self, book: Book, number: int, actor: Actor) -> None:
        if not is_settled(book, self.order):
            free_payment(book, self.order)


class PaymentSettled(Movement):
    """Treasury paid an order, reported by detail id. Posts B230 / B240, and R100 / R200 where it is to be repaid."""

    label: ClassVar[Name] = Name("支付", "Payment settled")
    clause: ClassVar[str] = "四(三)"
    signs: ClassVar = FROM_TREASURY
    fact: ClassVar[bool] = True
    late: ClassVar[bool] = True
    correctable: ClassVar[bool] = True

    kind: Literal["PaymentSettled"] = "PaymentSettled"
    order: Id
    amount: Fen
    detail: PlainId
    voucher_no: Id | None = None

    def business_keys(self, book: Book) -> tuple[str, ...]:
        return (f"detail:{self.detail}",)

    def check(self, book: Book, actor: Actor) -> None:
        known_order(book, self.order)

    def legs(self, book: Book) -> tuple[Leg, ...]:
        return settlement_legs(self, book, self.order, self.detail, self.amount)

    def register(self, book: Book, number: int, actor: Actor) -> None:
        register_settlement(self, book, self.order, self.detail)

    def withdraw(self, book: Book) -> None:
        SETTLEMENTS.drop(book, self.detail)

    def unmatched(self, refusal: Refusal, book: Book) -> Movement | None:
        if not does_not_fit(refusal):
            return None
        order = ORDERS.get(book, self.order)
        return UnmatchedSettlementRecorded(
            effective_on=self.effective_on,
            period=self.period,
            document=self.document,
            reason=self.reason,
            item=self.detail,
            fund=fund_of(book, order),
            amount=self.amount,
            cited=self.order,
            vintage=order.at.vintage if order else None,
        )


def settlement_legs(movement: Movement, book: Book, order: str, name: str, amount: int) -> tuple[Leg, ...]:
    """An order is paid, under the name of the settlement: B230 / B240, and R100 / R200 where it is to be repaid."""
    found = known_order(book, order)
    at = found.at._replace(fiscal_year=movement.fiscal_year)
    paid = at._replace(ref=name)
    legs = movement.transfer("B230", "B240", amount, at, paid)
    return legs + movement.transfer("R100", "R200", amount, paid) if found.repayable else legs


def register_settlement(movement: Movement, book: Book, order: str, name: str) -> None:
    """Note where a settlement stands, for refunds, repayments and recoveries."""
    found = known_order(book, order)
    at = found.at._replace(fiscal_year=movement.fiscal_year, ref=name)
    SETTLEMENTS.put(book, name, Settlement(order, at, found.project, found.instalment, found.repayable))


class ReceiptFact(Movement):
    """A fact by which money comes back; where it fits nothing it is recorded as an unmatched receipt."""

    signs: ClassVar = FROM_TREASURY
    fact: ClassVar[bool] = True
    late: ClassVar[bool] = True
    correctable: ClassVar[bool] = True
    cited_field: ClassVar[str] = "settlement"
    """The field that says what it belongs to."""

    amount: Fen
    detail: PlainId

    def business_keys(self, book: Book) -> tuple[str, ...]:
        return (f"detail:{self.detail}",)

    def unmatched(self, refusal: Refusal, book: Book) -> Movement | None:
        if not does_not_fit(refusal):
            return None
        cited = getattr(self, self.cited_field)
        known = ORDERS.get(book, cited) if self.cited_field == "order" else SETTLEMENTS.get(book, cited)
        return UnmatchedReceiptRecorded(
            effective_on=self.effective_on,
            period=self.period,
            document=self.document,
            reason=self.reason,
            item=self.detail,
            fund=fund_of(book, known),
            amount=self.amount,
            cited=cited,
            reported=cast(Receipt, self.kind),
        )


class PaymentRejected(ReceiptFact):
    """The bank sent a payment back before it was settled 退票; the instalment is open again. Posts B230 / B220."""

    label: ClassVar[Name] = Name("退票", "Payment rejected")
    clause: ClassVar[str] = "四(三)"

    cited_field: ClassVar[str] = "order"

    kind: Literal["PaymentRejected"] = "PaymentRejected"
    order: Id

    def check(self, book: Book, actor: Actor) -> None:
        known_order(book, self.order)

    def legs(self, book: Book) -> tuple[Leg, ...]:
        found = known_order(book, self.order)
        at = found.at._replace(fiscal_year=self.fiscal_year)
        return self.transfer("B230", "B220", self.amount, at, at._replace(ref=found.instalment))

    def register(self, book: Book, number: int, actor: Actor) -> None:
        free_payment(book, self.order)
        found = known_order(book, self.order)
        note_sent_back(book, found.project, SentBack(found.instalment, found.payment_key, self.order))

    def withdraw(self, book: Book) -> None:
        hold_payment(book, self.order)
        forget_sent_back(book, known_order(book, self.order).project, self.order)


class PaymentRefunded(ReceiptFact):
    """The payee sent a settled payment back 退款.

    In the year of the settlement the instalment is open again: B240 / B220. Of an earlier year the money goes to treasury:
    R120 / R220, and only CarryForwardAdjusted restores quota.
    """

    label: ClassVar[Name] = Name("退款", "Payment refunded")
    clause: ClassVar[str] = "四(三)"

    kind: Literal["PaymentRefunded"] = "PaymentRefunded"
    settlement: Ref

    def check(self, book: Book, actor: Actor) -> None:
        check_refund(self, book, self.settlement, self.amount)

    def legs(self, book: Book) -> tuple[Leg, ...]:
        return refund_legs(self, book, self.settlement, self.amount)

    def register(self, book: Book, number: int, actor: Actor) -> None:
        free_payment(book, known_settlement(book, self.settlement).order)

    def withdraw(self, book: Book) -> None:
        hold_payment(book, known_settlement(book, self.settlement).order)


def check_refund(movement: Movement, book: Book, settlement: str, amount: int) -> None:
    """Not more comes back than was paid and is still out; OVER_OUTSTANDING otherwise."""
    found = known_settlement(book, settlement)
    out = still_out(book, found)
    refuse_if(amount > out, Code.OVER_OUTSTANDING, movement.clause, asked=amount, available=out, settlement=settlement)


def still_out(book: Book, settlement: Settlement) -> int:
    """What was paid, not returned to treasury and not under a recovery order: B240 − R110 − R220, in fen.

    Of repayable support what was repaid is not out any more either, though it stays paid (四(三)).
    """
    at = settlement.at
    out = book.balance(account("B240", at)) - book.balance(account("R110", at)) - book.balance(account("R220", at))
    return min(out, still_owed(book, settlement)) if settlement.repayable else out


def still_owed(book: Book, settlement: Settlement) -> int:
    """What of repayable money is to be repaid and not demanded back already: R100 − R110, in fen."""
    at = settlement.at
    return max(0, book.balance(account("R100", at)) - book.balance(account("R110", at)))


def refund_legs(movement: Movement, book: Book, settlement: str, amount: int) -> tuple[Leg, ...]:
    """A refund in the settlement's own year reopens the instalment; of an earlier year it goes to treasury."""
    found = known_settlement(book, settlement)
    at = found.at
    legs = movement.transfer("R200", "R100", amount, at) if found.repayable else ()
    if at.fiscal_year == movement.fiscal_year:
        return legs + come_back(movement, book, found, "B220", amount)
    return legs + movement.transfer("R120", "R220", amount, at)


def come_back(
    movement: Movement, book: Book, found: Settlement, credit: str, amount: int, ref: str | None = None
) -> tuple[Leg, ...]:
    """B240 / ``credit`` in the settlement's year: to where the instalment stands today, or to ``ref`` beside it.

    Its special may have been merged since, and its fund consolidated: then the money goes home through B106 (四(二)).
    """
    at = found.at
    to = committed_place(book, found.project, found.instalment, at.fiscal_year)
    to = to._replace(ref=ref or found.instalment)
    if to.source == at.source:
        return movement.transfer("B240", credit, amount, at, to)
    return movement.transfer("B240", "B106", amount, at) + movement.transfer("B106", credit, amount, to)


def is_settled(book: Book, order: str) -> bool:
    """Whether any of an order was settled, and not taken back by a correction."""
    accounts = book.accounts_of.get(known_order(book, order).project, ())
    settled = (SETTLEMENTS.get(book, found.ref or "") for found in accounts if found.code == "B240")
    return any(found is not None and found.order == order for found in settled)


def free_payment(book: Book, order: str | None) -> None:
    """The money came back: the payment may be ordered again under the same document 重拨, unless it was already."""
    if order is not None and PAYMENT_HOLDS.get(book, key := known_order(book, order).payment_key) == order:
        PAYMENT_HOLDS.drop(book, key)


def hold_payment(book: Book, order: str | None) -> None:
    """The money did not come back after all: its order holds the payment again, unless another one does."""
    if order is not None and PAYMENT_HOLDS.get(book, key := known_order(book, order).payment_key) is None:
        PAYMENT_HOLDS.put(book, key, order)
