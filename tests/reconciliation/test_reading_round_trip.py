"""Lines written to a file and read back are the same lines, whatever the form of the file."""

import io
from datetime import date
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger.domain.money import yuan
from ledger.domain.reconciliation import Flow, StatementKind
from ledger.reconciliation.line import Line
from ledger.reconciliation.reading.cells import TEXT_MAX
from ledger.reconciliation.reading.statement import read_statement
from tests.reconciliation.statements import as_csv, as_xlsx, lines
from tests.reconciliation.test_reading_camt import batch, document, entry, statement

CODES = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._:/-]{0,30}", fullmatch=True).filter(lambda code: "e" not in code.lower())
WORDS = st.text(st.characters(codec="gb2312", categories=("L", "N", "P")), max_size=20).filter(
    lambda words: not words.startswith("=") and words == words.strip()
)
DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31))
AMOUNTS = st.integers(1, 10**14)
HEADERS = ["支付明细号", "支付凭证号", "支付申请号", "收款人全称", "收款人账号", "支付金额", "年度"]
HEADERS += ["功能科目", "资金", "项目编号", "支付日期", "业务类型", "原支付明细号", "摘要"]
TYPES = {Flow.PAYMENT: "支付", Flow.REFUND: "退款", Flow.REJECTION: "退票"}


@st.composite
def told(draw: st.DrawFn) -> dict[str, Any]:
    """What a treasury line is made of, but for its key."""
    flow = draw(st.sampled_from(sorted(TYPES)))
    amount = draw(AMOUNTS) * (1 if flow is Flow.PAYMENT else -1)
    return {
        "flow": flow,
        "day": draw(DAYS),
        "amount": amount,
        "moved": amount,
        "detail": draw(CODES),
        "voucher": draw(CODES),
        "application": draw(CODES),
        "cites": draw(st.just("") | CODES),
        "payee": draw(WORDS),
        "account": draw(st.from_regex(r"[0-9]{8,30}", fullmatch=True)),
        "project": draw(CODES),
        "fund": draw(st.sampled_from(["STIDF", "NSF", "OTHER"])),
        "function": draw(st.from_regex(r"20[0-9]{5}", fullmatch=True)),
        "fiscal_year": draw(st.integers(2000, 2099)),
        "text": draw(WORDS),
    }


def row(line: Line) -> list[str]:
    said = (
        line.detail,
        line.voucher,
        line.application,
        line.payee,
        line.account,
        yuan(line.amount),
        str(line.fiscal_year),
    )
    return [*said, line.function, line.fund, line.project, str(line.day), TYPES[line.flow], line.cites, line.text]


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(told(), min_size=1, max_size=5),
    st.sampled_from(["utf-8", "utf-8-sig", "gb18030"]),
    st.sampled_from(",\t;"),
)
def test_a_table_gives_back_its_lines(many: list[dict[str, Any]], encoding: str, delimiter: str) -> None:
    written = [Line(key=number, **one) for number, one in enumerate(many, 2)]
    rows = [HEADERS, *map(row, written)]
    assert lines(as_csv(rows, encoding, delimiter)) == written
    assert lines(as_xlsx(rows)) == written


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(AMOUNTS, CODES, st.booleans()), min_size=1, max_size=6))
def test_a_camt_gives_back_its_amounts(many: list[tuple[int, str, bool]]) -> None:
    entries = [
        entry(
            yuan(amount),
            "DBIT" if out else "CRDT",
            batch(f'<TxDtls><Refs><EndToEndId>{code}</EndToEndId></Refs><Amt Ccy="CNY">{yuan(amount)}</Amt></TxDtls>'),
        )
        for amount, code, out in many
    ]
    content = document(statement(*entries))
    with read_statement(io.BytesIO(content), StatementKind.BANK) as found:
        read = [(line.amount, line.voucher) for page in found.pages() for line in page]
    assert read == [(amount if out else -amount, code) for amount, code, out in many]


@given(st.text(max_size=TEXT_MAX))
def test_whatever_a_cell_holds_is_read_or_complained_of(cell: str) -> None:
    from contextlib import suppress

    from ledger.importing.values import Unfit
    from ledger.reconciliation.reading.cells import Number, account, code, day, fen_in, fund, words, year

    for reader in (account, code, day, fen_in(100), fen_in(1_000_000), fund, words, year):
        for told_as in (str, Number):
            with suppress(Unfit):
                reader(told_as(cell))
