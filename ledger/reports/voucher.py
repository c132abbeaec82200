"""Vouchers 凭证: what one movement posted, by account (记账凭证), and whom an order or a settlement pays (拨款凭证). Fen."""

from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from pydantic import BaseModel

from ledger.codec import Recorded
from ledger.domain.accounts import ACCOUNTS, Account, Leg
from ledger.domain.book import Book
from ledger.domain.catalogue import Name, source_name
from ledger.domain.correction import CORRECTED_BY, EntryCorrected
from ledger.domain.fields import Document
from ledger.domain.movement import BUSINESS_KEYS, Actor, Movement
from ledger.domain.party import PARTIES
from ledger.domain.payment import ORDERS, Order, PaymentOrdered, PaymentSettled
from ledger.domain.project import PROJECTS
from ledger.reports.grounds import voucher_of
from ledger.reports.sheet import Hidden, Value
from ledger.sealing import Place


class Form(StrEnum):
    ACCOUNTING = "accounting"
    PAYMENT = "payment"


FORMS: dict[Form, Name] = {
    Form.ACCOUNTING: Name("记账凭证", "Accounting voucher"),
    Form.PAYMENT: Name("拨款凭证", "Payment voucher"),
}


class Fact(NamedTuple):
    """What stands beside a label."""

    key: str
    name: Name
    value: Value


class VoucherLine(NamedTuple):
    """One entry: its account, where the money stands, and fen on one side. ``corrects``: the number it is a version of."""

    account: str
    name: Name
    details: Name
    debit: int | None
    credit: int | None
    day: date
    corrects: int | None


class Voucher(NamedTuple):
    """A voucher of the movement ``number``. ``total``: fen debited, which are as many as credited; of a payment what is paid."""

    form: Form
    number: int
    voucher: str | None
    """With the fiscal year in which it is counted; a payment order and what else posts has one."""
    day: date
    """Business date."""
    standing: int
    """At which number names, corrections and what else registers say are as they are here."""
    summary: Name
    facts: tuple[Fact, ...]
    lines: tuple[VoucherLine, ...]
    total: int
    prepared: str
    reviewed: str | None
    responsible: str | None


def origin_of(book: Book, recorded: Recorded) -> int | None:
    """The number under which the order was made that a settlement pays, or by which it was last corrected."""
    movement = recorded.movement
    return BUSINESS_KEYS.get(book, f"order:{movement.order}") if isinstance(movement, PaymentSettled) else None


def voucher(book: Book, recorded: Recorded, form: Form, origin: Recorded | None = None) -> Voucher | None:
    """The voucher of a recorded movement; None where it posts nothing, or is no payment. ``origin``: see ``origin_of``."""
    movement = recorded.movement
    if recorded.voucher is None:
        return None
    if form is Form.ACCOUNTING:
        facts, lines = _accounting(movement), tuple(map(_line, recorded.legs))
        total = sum(line.debit or 0 for line in lines)
    elif isinstance(movement, PaymentOrdered | PaymentSettled):
        facts, lines = tuple(_payment(book, movement, origin or recorded)), ()
        total = movement.amount
    else:
        return None
    signers = [_signer(one) for one in recorded.approvals]
    return Voucher(
        form,
        recorded.number,
        voucher_of(recorded),
        movement.effective_on,
        book.number,
        _summary(book, movement),
        (*_common(book, recorded), *facts),
        lines,
        total,
        _signer(recorded.actor),
        signers[0] if signers else None,
        signers[-1] if len(signers) > 1 else None,
    )


def _signer(actor: Actor) -> str:
    acting = f" ({actor.acting_for})" if actor.acting_for else ""
    return f"{actor.subject}{acting} {actor.role}"


def _summary(book: Book, movement: Movement) -> Name:
    """What it is, and of which project."""
    named = getattr(movement, "project", None)
    order = ORDERS.get(book, getattr(movement, "order", ""))
    code = named or (order.project if order else None)
    project = PROJECTS.get(book, code) if code else None
    about = f" {code} {project.title}" if project else ""
    return Name(f"{movement.label.zh}{about}", f"{movement.label.en}{about}")


def _common(book: Book, recorded: Recorded) -> Iterator[Fact]:
    movement = recorded.movement
    files = [one for one in _documents(movement) if one.sha256]
    yield Fact("document", Name("文号", "Document"), "; ".join(one.number for one in _documents(movement)) or None)
    yield Fact("attachments", Name("附件(件)", "Attachments"), len(files))
    corrected = CORRECTED_BY.get(book, recorded.number) or ()
    corrects = [line.number for line in movement.lines] if isinstance(movement, EntryCorrected) else []
    if corrects:
        yield Fact("corrects", Name("更正业务号", "Corrects"), ", ".join(map(str, corrects)))
    if corrected:
        yield Fact("corrected_by", Name("已被更正,见业务号", "Corrected by"), ", ".join(map(str, corrected)))


def _documents(movement: BaseModel) -> list[Document]:
    """The documents it names itself, in the order of its fields."""
    said = (getattr(movement, name) for name in type(movement).model_fields)
    return [one for one in said if isinstance(one, Document)]


def _accounting(movement: Movement) -> tuple[Fact, ...]:
    return (
        Fact("period", Name("会计期间", "Period"), movement.posting_period),
        Fact("kind", Name("业务种类", "Kind"), movement.label),
    )


def _line(leg: Leg) -> VoucherLine:
    kind = ACCOUNTS[leg.account.code]
    debit = kind.debit is (leg.amount > 0)
    fen = abs(leg.amount)
    debited, credited = (fen, None) if debit else (None, fen)
    return VoucherLine(kind.code, kind.name, _where(leg.account), debited, credited, leg.effective_on, leg.corrects)


def _where(at: Account) -> Name:
    source = source_name(at.source) if at.source else None
    year, vintage = at.fiscal_year, at.vintage
    rest = [part for part in (at.special, at.project, at.function, at.ref) if part]
    zh = [f"{year} 年度" if year else "", source.zh if source else "", f"指标年度 {vintage}" if vintage else "", *rest]
    en = [f"year {year}" if year else "", source.en if source else "", f"vintage {vintage}" if vintage else "", *rest]
    return Name(" · ".join(filter(None, zh)), " · ".join(filter(None, en)))


def _payment(book: Book, movement: PaymentOrdered | PaymentSettled, origin: Recorded) -> Iterator[Fact]:
    yield Fact("order", Name("申请号", "Application"), movement.order)
    if isinstance(movement, PaymentSettled):
        yield Fact("payment_voucher", Name("支付凭证号", "Payment voucher no."), movement.voucher_no)
        yield Fact("detail", Name("支付明细号", "Detail"), movement.detail)
    if (order := ORDERS.get(book, movement.order)) is not None:
        yield from _of_order(book, order, movement.effective_on)
    asked = _asked(origin, movement.order)
    if asked is not None and asked.payee_account is not None:
        place = Place("payee_account", asked.kind, "payee_account", asked.payee_account)
        yield Fact("account", Name("收款账号", "Payee's account"), Hidden(place, origin.actor.subject))


def _of_order(book: Book, order: Order, day: date) -> Iterator[Fact]:
    party, project, at = PARTIES.get(book, order.payee), PROJECTS.of(book)[order.project], order.at
    yield Fact("payee", Name("收款人", "Payee"), party.name_on(day) if party else order.payee)
    yield Fact("credit_code", Name("信用代码", "Credit code"), order.payee)
    yield Fact("project", Name("项目编号", "Project"), order.project)
    yield Fact("instalment", Name("期次", "Instalment"), order.instalment)
    yield Fact("fund", Name("资金", "Fund"), source_name(at.source) if at.source else None)
    yield Fact("vintage", Name("指标年度", "Vintage"), str(at.vintage))
    yield Fact("function", Name("功能科目", "Function"), at.function)
    yield Fact("economic", Name("经济分类", "Economic class"), project.economic_class)


def _asked(recorded: Recorded, order: str) -> PaymentOrdered | None:
    """The request for an order, as it stands: in a movement of its own, or in place of one that was corrected."""
    movement = recorded.movement
    instead = (line.replacement for line in movement.lines) if isinstance(movement, EntryCorrected) else (movement,)
    return next((one for one in instead if isinstance(one, PaymentOrdered) and one.order == order), None)
