"""Vouchers 凭证: what a movement posted, by account, and whom an order or a settlement pays; as data, page or workbook."""

from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Response
from pydantic import BaseModel

from api.answers import bilingual
from api.leaving import FILES, attachment, may_read, note_read, page
from api.openapi import READS
from api.problems import Bilingual, ProblemRaised, Wrong
from api.reading import NUMBER_MAX, TheLedger, reached, stands_at
from api.security import BookReader, ThePeople
from ledger.audit.trail import Event
from ledger.domain.money import yuan
from ledger.personal.texts import SealedTexts
from ledger.reports.asking import NotSeen, voucher_of
from ledger.reports.capitals import capitals
from ledger.reports.presenting import Language
from ledger.reports.printing import fact_words, voucher_page
from ledger.reports.revealing import revealed_voucher
from ledger.reports.voucher import FORMS, Form, Voucher, VoucherLine
from ledger.reports.voucher_xlsx import voucher_workbook

router = APIRouter(prefix="/v1/vouchers", tags=["reports"], dependencies=[reached])


class VoucherEntry(BaseModel):
    """One entry: yuan on one side; ``corrects``: the number it is a version of."""

    account: str
    name: Bilingual
    details: Bilingual
    debit: str | None = None
    credit: str | None = None
    effective_on: date
    corrects: int | None = None


class VoucherFact(BaseModel):
    """What stands beside a label, in both languages."""

    key: str
    name: Bilingual
    value: str


class VoucherData(BaseModel):
    """A voucher of the movement ``number``. ``total`` in yuan, and in Chinese capitals."""

    form: Form
    title: Bilingual
    number: int
    voucher: str | None = None
    effective_on: date
    standing: int
    summary: Bilingual
    total: str
    capitals: str
    entries: list[VoucherEntry]
    facts: list[VoucherFact]
    prepared: str
    reviewed: str | None = None
    responsible: str | None = None


@router.get(
    "/{number}",
    summary="凭证 / A voucher",
    response_model=VoucherData,
    responses=READS | {200: {"content": FILES}},
    response_model_exclude_none=True,
)
def get_voucher(
    ledger: TheLedger,
    people: ThePeople,
    caller: BookReader,
    response: Response,
    number: Annotated[int, Path(ge=1, le=NUMBER_MAX, description="业务号 / number of the movement")],
    form: Annotated[Form, Query(description="记账凭证或拨款凭证 / of the entries, or of a payment")] = Form.ACCOUNTING,
    format: Annotated[Literal["json", "html", "xlsx"], Query()] = "json",  # noqa: A002 - the name of the parameter
    language: Annotated[Language, Query(description="页面语言 / of the page")] = "zh",
) -> VoucherData | Response:
    """不过账的业务没有凭证;收款账号只对有权查看者显示。

    What posts nothing has none. A payee's account is shown to who may read it; a page or a workbook stands in the audit record.
    """
    try:
        slip = voucher_of(ledger, number, form, caller.sees)
    except NotSeen as error:
        raise ProblemRaised(Wrong.NOT_FOUND, number=number) from error
    texts = SealedTexts(ledger.store, ledger.id, ledger.secret)
    slip, opened = revealed_voucher(slip, texts, may_read(caller))
    note_read(people, caller, "voucher", number, opened)
    if format != "json":
        people.trail.note(Event.EXPORTED, caller.person.id, what="voucher", by=form, number=number)
    if format == "html":
        return page(voucher_page(slip, language, training=ledger.training), slip.standing)
    if format == "xlsx":
        content = voucher_workbook(slip, training=ledger.training)
        return attachment(content, f"{FORMS[form].zh}-{number}.xlsx", slip.standing)
    stands_at(response, slip.standing)
    return _data(slip)


def _data(slip: Voucher) -> VoucherData:
    return VoucherData(
        form=slip.form,
        title=bilingual(FORMS[slip.form]),
        number=slip.number,
        voucher=slip.voucher,
        effective_on=slip.day,
        standing=slip.standing,
        summary=bilingual(slip.summary),
        total=yuan(slip.total),
        capitals=capitals(slip.total),
        entries=list(map(_entry, slip.lines)),
        facts=[
            VoucherFact(key=fact.key, name=bilingual(fact.name), value=fact_words(fact.value, None))
            for fact in slip.facts
        ],
        prepared=slip.prepared,
        reviewed=slip.reviewed,
        responsible=slip.responsible,
    )


def _entry(line: VoucherLine) -> VoucherEntry:
    return VoucherEntry(
        account=line.account,
        name=bilingual(line.name),
        details=bilingual(line.details),
        debit=None if line.debit is None else yuan(line.debit),
        credit=None if line.credit is None else yuan(line.credit),
        effective_on=line.day,
        corrects=line.corrects,
    )
