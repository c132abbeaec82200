"""Small statements as files: a good line of each kind, and what each test changes of it."""

import csv
import io
from collections.abc import Sequence
from typing import Any

import pytest
from openpyxl import Workbook

from ledger.domain.reconciliation import StatementKind
from ledger.importing.faults import Fault, Faulty
from ledger.reconciliation.line import Line
from ledger.reconciliation.reading.mapping import Mapping
from ledger.reconciliation.reading.statement import read_statement

TREASURY: dict[str, Any] = {
    "支付明细号": "D1",
    "支付凭证号": "V1",
    "支付申请号": "A1",
    "收款人全称": "示例大学",
    "收款人账号": "6222000011112222333",
    "申请金额": "1000.00",
    "支付金额": "1000.00",
    "一体化代码": "Y1",
    "年度": "2025",
    "功能科目": "2060499",
    "资金": "STIDF",
    "支付日期": "2025-03-01",
    "业务类型": "支付",
    "摘要": "拨款",
}
BANK: dict[str, Any] = {
    "交易日期": "2025-03-01",
    "交易流水号": "T1",
    "凭证号": "V1",
    "借方发生额(支出)": "",
    "贷方发生额(收入)": "",
    "余额": "",
    "对方户名": "示例大学",
    "对方账号": "6222000011112222333",
    "摘要": "拨款",
}
QUOTA: dict[str, Any] = {
    "年度": "2025",
    "资金": "STIDF",
    "功能科目": "2060499",
    "项目编号": "KJ-1",
    "指标金额": "100",
    "已支付": "40",
    "指标余额": "60",
}
GOOD = {StatementKind.TREASURY: TREASURY, StatementKind.BANK: BANK, StatementKind.QUOTA: QUOTA}


def table(*changes: dict[str, Any], base: dict[str, Any] = TREASURY) -> list[list[Any]]:
    """A header and one line for each of ``changes``."""
    headers = [*base, *dict.fromkeys(name for change in changes for name in change if name not in base)]
    return [headers, *([(base | change).get(name, "") for name in headers] for change in changes)]


def as_csv(rows: Sequence[Sequence[Any]], encoding: str = "utf-8", delimiter: str = ",") -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue().encode(encoding)


def lines(
    content: bytes, kind: StatementKind = StatementKind.TREASURY, saved: Mapping | None = None, **asked: Any
) -> list[Line]:
    with read_statement(io.BytesIO(content), kind, saved, **asked) as statement:
        return [line for page in statement.pages() for line in page]


def faults(
    content: bytes, kind: StatementKind = StatementKind.TREASURY, saved: Mapping | None = None
) -> tuple[Fault, ...]:
    with pytest.raises(Faulty) as refused:
        read_statement(io.BytesIO(content), kind, saved)
    return refused.value.faults


def as_xlsx(rows: Sequence[Sequence[Any]], *more: Sequence[Sequence[Any]], merge: str | None = None) -> bytes:
    """A workbook with a sheet for each list of rows. Strings that begin with = become formulas."""
    workbook = Workbook()
    workbook.remove(workbook.active)
    for cells in (rows, *more):
        sheet = workbook.create_sheet()
        for row in cells:
            sheet.append(list(row))
        if merge:
            sheet.merge_cells(merge)
    content = io.BytesIO()
    workbook.save(content)
    return content.getvalue()
