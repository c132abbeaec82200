"""Sheets and vouchers as pages for printing: self-contained HTML without script, every value escaped, pages counted."""

import base64
import hashlib
from datetime import date
from decimal import Decimal
from functools import cache, partial
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from ledger.domain.catalogue import Name
from ledger.domain.money import grouped_yuan
from ledger.reports.capitals import capitals
from ledger.reports.presenting import (
    SEALED,
    SIGNED,
    Language,
    Unit,
    headings,
    said_in,
    tables,
    title_of,
    words,
)
from ledger.reports.sheet import Hidden, Sheet, Value
from ledger.reports.voucher import FORMS, Voucher
from ledger.training import MARK

PAGES = Path(__file__).parent / "pages"
_STYLE: Final = (PAGES / "page.css").read_text("utf-8")
_ONLY = f"'sha256-{base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()}'"
POLICY: Final = f"default-src 'none'; style-src {_ONLY}; base-uri 'none'; form-action 'none'"
"""What a page may load: nothing, and of styles only its own. It stands in the page, for where it is opened as a file."""
SENT_WITH: Final = f"{POLICY}; frame-ancestors 'none'; sandbox"
"""The same as it is sent, where nobody may frame it either."""

WORD_MAX = 4
"""Chinese characters that are one word."""

DAY, NUMBER, VOUCHER, AMOUNT, SUMMARY = (
    Name("业务日期", "Date"),
    Name("业务号", "No."),
    Name("凭证号", "Voucher no."),
    Name("金额", "Amount"),
    Name("摘要", "Summary"),
)
COLUMNS: Final = (
    SUMMARY,
    Name("科目", "Account"),
    Name("明细", "Details"),
    Name("借方(元)", "Debit (yuan)"),
    Name("贷方(元)", "Credit (yuan)"),
)
TOTAL: Final = Name("合计", "Total")
CORRECTS: Final = Name("更正", "corrects")
PREPARED, REVIEWED, RESPONSIBLE = (
    Name("制单", "Prepared"),
    Name("复核", "Reviewed"),
    Name("负责人", "Responsible"),
)


def environment(folder: Path) -> Environment:
    """The templates of a folder: whatever they are given is escaped, and a name that nobody gave them is an error."""
    return Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def _environment() -> Environment:
    made = environment(PAGES)
    made.globals |= {"style": _STYLE, "policy": POLICY, "words": words, "class_of": _class_of}
    return made


def _class_of(value: object) -> str:
    """How a cell is set: numbers to the right; days, short codes and single words on one line; longer texts not too narrow."""
    if isinstance(value, int | Decimal):
        return "n"
    if isinstance(value, date) or (isinstance(value, str) and len(value) <= (18 if value.isascii() else WORD_MAX)):
        return "c"
    return "t" if value else ""


def sheet_page(sheet: Sheet, unit: Unit, language: Language, *, training: bool) -> str:
    """Any sheet in a unit, in one language: its scope above, its total and checks below, and who signs it."""
    named = partial(said_in, language)
    above = [named(said) for said in headings(sheet, unit, training=training)]
    signed = [f"{one.strip()}:" for one in named(SIGNED).split("/")]
    return _page(
        "sheet.html",
        language,
        title=above[0],
        above=above,
        tables=tables(sheet, unit, language),
        title_of=lambda column: named(title_of(column, unit)),
        signed=signed,
    )


def voucher_page(slip: Voucher, language: Language, *, training: bool) -> str:
    """A voucher on a page of half the size, its amount in Chinese capitals as well."""
    named = partial(said_in, language)
    signers = ((PREPARED, slip.prepared), (REVIEWED, slip.reviewed), (RESPONSIBLE, slip.responsible))
    label = {"day": DAY, "number": NUMBER, "voucher": VOUCHER, "amount": AMOUNT, "summary": SUMMARY}
    label |= {"total": TOTAL, "corrects": CORRECTS}
    return _page(
        "voucher.html",
        language,
        title=named(FORMS[slip.form]),
        mark=MARK if training else None,
        slip=slip,
        facts=[{"name": fact.name, "words": fact_words(fact.value, language)} for fact in slip.facts],
        capitals=capitals(slip.total),
        label={key: named(name) for key, name in label.items()} | {"columns": [named(name) for name in COLUMNS]},
        yuan=lambda fen: "" if fen is None else grouped_yuan(fen),
        signed=[f"{named(name)}: {signer or ''}" for name, signer in signers],
        note=named(note_of(slip)),
    )


def note_of(slip: Voucher) -> Name:
    """What a voucher says of itself: that it repeats the log, and as of when names and corrections are."""
    return Name(
        f"由账本第 {slip.number} 号记录生成;名称与更正关系截至第 {slip.standing} 号",
        f"made of number {slip.number} of the ledger; names and corrections as of number {slip.standing}",
    )


def fact_words(value: Value, language: Language | None) -> str:
    """What stands beside a label, as people read it."""
    if isinstance(value, Hidden):
        value = SEALED
    return said_in(language, value) if isinstance(value, Name) else words(value)


def _page(template: str, language: Language, **said: Any) -> str:
    return _environment().get_template(template).render(language=language, named=partial(said_in, language), **said)
