"""Small sheets to import, as XLSX or CSV: a good line, and what each test changes of it."""

import csv
import io
from collections.abc import Sequence
from typing import Any

from openpyxl import Workbook

from tests.world import party

GOOD: dict[str, Any] = {
    "文号": "内科资字〔2025〕1号",
    "资金": "STIDF",
    "指标年度": "2025",
    "专项代码": "RDT-KRD",
    "科技项目编号": "KJ-2025-0001",
    "项目名称": "示例项目(示例)",
    "承担单位": "示例大学",
    "信用代码": party("university"),
    "级次": "自治区本级",
    "立项方式": "竞争立项",
    "支持方式": "前资助/竞争性",
    "总额(万元)": "80",
    "本年(万元)": "50",
    "以后年度(万元)": "30",
    "期次": "1",
    "条件": "无",
    "功能科目": "2060499",
}
"""One line of an allocation plan: 500,000 yuan this year and 300,000 the next."""

OPENING: dict[str, Any] = {
    "资金": "ATRD",
    "指标年度": "2024",
    "来源": "上年结转",
    "专项代码": "LEG-ATRD",
    "原类别名称": "原应用技术类",
    "科技项目编号": "OLD-1",
    "项目名称": "存量项目(示例)",
    "承担单位": "示例大学",
    "信用代码": party("university"),
    "级次": "REGIONAL",
    "未拨付(元)": "18000000",
    "已支付(元)": "500000.50",
    "期次": "rest",
    "功能科目": "2060499",
}


WITHOUT_PROJECT = {
    "科技项目编号": "",
    "期次": "",
    "未拨付(元)": "",
    "已支付(元)": "",
    "专项代码": "",
    "原类别名称": "",
    "金额(元)": "3200000",
}
"""What makes an opening line one of money that no project holds."""


def lines(*changes: dict[str, Any], base: dict[str, Any] = GOOD) -> list[list[Any]]:
    """A header and one line for each of ``changes``; a key that begins with ``-`` leaves a column out."""
    left_out = {name[1:] for change in changes for name in change if name.startswith("-")}
    headers = [name for name in base if name not in left_out]
    more = dict.fromkeys(name for change in changes for name in change if not name.startswith("-"))
    headers += [name for name in more if name not in headers]
    return [headers, *([(base | change).get(name, "") for name in headers] for change in changes)]


def as_csv(rows: Sequence[Sequence[Any]], encoding: str = "utf-8") -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode(encoding)


def as_xlsx(rows: Sequence[Sequence[Any]], title: str = "资金安排表", merge: str | None = None) -> bytes:
    """Strings that begin with = become formulas, as they do when somebody types them."""
    workbook = Workbook()
    sheet = workbook.active
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    if merge:
        sheet.merge_cells(merge)
    content = io.BytesIO()
    workbook.save(content)
    return content.getvalue()
