"""Vouchers on the terminal, as pages to print and as workbooks; a payee's account stays sealed here."""

from pathlib import Path

from ledger.access.sight import Sight
from ledger.application import Ledger
from ledger.cli.reports import write_new
from ledger.cli.terminal import Complaint, Exit, is_marked, say, show
from ledger.domain.money import grouped_yuan
from ledger.reports.asking import NotSeen, voucher_of
from ledger.reports.capitals import capitals
from ledger.reports.presenting import Language
from ledger.reports.printing import COLUMNS, fact_words, voucher_page
from ledger.reports.voucher import FORMS, Form, Voucher
from ledger.reports.voucher_xlsx import voucher_workbook


def form_of(text: str) -> Form:
    """The form named. Raises Complaint."""
    try:
        return Form(text)
    except ValueError:
        known = " ".join(Form)
        raise Complaint(Exit.USAGE, f"--form 可取:{known}", f"--form takes one of: {known}") from None


def read(ledger: Ledger, number: int, form: Form) -> Voucher:
    """The voucher of a movement. Raises Complaint."""
    try:
        return voucher_of(ledger, number, form, Sight())
    except NotSeen as error:
        name = FORMS[form]
        raise Complaint(
            Exit.USAGE,
            f"业务 {number} 没有{name.zh}:未记录、不过账,或不是拨款",
            f"number {number} has no {name.en.lower()}: it is not recorded, posts nothing, or is no payment",
        ) from error


def show_voucher(slip: Voucher) -> None:
    """The voucher as a table, with what stands around it."""
    title = f"{FORMS[slip.form].zh}    {FORMS[slip.form].en}    {slip.voucher}    {slip.day}"
    if slip.lines:
        rows = [
            (f"{line.account} {line.name.zh}", line.details.zh, *map(_yuan, (line.debit, line.credit)))
            for line in slip.lines
        ]
        total = ("合计 Total", capitals(slip.total), _yuan(slip.total), _yuan(slip.total))
        titles = [f"{zh}\n{en}" for zh, en in COLUMNS[1:]]
        show(titles, [*rows, total], title=title, amounts_from=2)
    else:
        say(f"{title}    {grouped_yuan(slip.total)}", capitals(slip.total))
    for fact in slip.facts:
        said = fact_words(fact.value, None)
        say(f"{fact.name.zh}:{said}", f"{fact.name.en}: {said}")


def _yuan(fen: int | None) -> str:
    return "" if fen is None else grouped_yuan(fen)


def write(slip: Voucher, language: Language, *, xlsx: Path | None, html: Path | None) -> None:
    """The voucher as files that were not there. Raises Complaint, OSError."""
    if xlsx is not None:
        write_new(xlsx, voucher_workbook(slip, training=is_marked()))
    if html is not None:
        write_new(html, voucher_page(slip, language, training=is_marked()).encode())
