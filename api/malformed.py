"""Words for what pydantic finds wrong with a form. Values are never repeated; names only where they are plain names."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import BaseModel

from ledger.domain.movement import MOVEMENTS
from ledger.domain.refusals import Words
from ledger.importing.faults import Faulty

FAULTS_MAX = 50
"""At most so many faults are named of one request."""

_PLAIN_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,39}", re.ASCII)
_UNKNOWN_KIND = Words("没有这种业务类型", "there is no such kind of movement")

WORDED: dict[str, Words] = {
    "union_tag_invalid": _UNKNOWN_KIND,
    "union_tag_not_found": Words("缺少业务类型 kind", "kind is missing"),
    "json_invalid": Words(
        "不是有效的 UTF-8 JSON,或同一字段出现两次", "this is not valid JSON in UTF-8, or it names a field twice"
    ),
    "extra_forbidden": Words("没有这个字段", "there is no such field"),
    "value_error": Words("取值不符", "this value does not fit"),
}
"""Where pydantic's own words would repeat what was sent, or are unclear, these stand in both languages."""

CHINESE: dict[str, str] = {
    "missing": "缺少该字段",
    "dict_type": "应为对象",
    "model_type": "应为对象",
    "model_attributes_type": "应为对象",
    "tuple_type": "应为列表",
    "list_type": "应为列表",
    "string_type": "应为文本",
    "bool_type": "应为 true 或 false",
    "bool_parsing": "应为 true 或 false",
    "int_type": "应为整数",
    "int_parsing": "应为整数",
    "int_parsing_size": "整数过大",
    "string_pattern_mismatch": "格式不符",
    "string_too_short": "文本过短",
    "string_too_long": "文本过长",
    "too_short": "列表过短",
    "too_long": "列表过长",
    "greater_than": "数值过小",
    "greater_than_equal": "数值过小",
    "less_than": "数值过大",
    "less_than_equal": "数值过大",
    "amount_form": '金额应为以元为单位的文本,最多两位小数,例如 "1250000.50"',
    "amount_range": "金额应大于零且小于 90,071,992,547,409.92 元",
    "text_form": "文本不得为空,且不得含控制字符、不可见字符或残缺字符",
    "year_form": "年度应为 2000 至 2099 的数字",
    "day_form": "日期应为存在的日期,格式 YYYY-MM-DD(2000 至 2099 年)",
    "lines_form": "行号自 1 起,按顺序各列一次",
    "credit_code_form": "统一社会信用代码为 18 位数字和大写字母",
    "credit_code_check": "统一社会信用代码校验位不符",
}
"""Fault type of pydantic → Chinese; the English is pydantic's own."""
_CHOICES = frozenset({"literal_error", "enum"})
_SOMETHING = "格式不符"


class Advice(BaseModel):
    """How to mend it, in Chinese and in English."""

    zh: str
    en: str


class Fault(BaseModel):
    """One thing that is wrong: where (dotted path), in Chinese and in English; ``code`` where a rule refused.

    Of a file: ``row`` and ``column`` as a spreadsheet counts them, the column with its header; none: it is about the whole.
    """

    where: str
    code: str | None = None
    zh: str
    en: str
    row: int | None = None
    column: str | None = None
    advice: Advice | None = None


def complaints_of(faulty: Faulty) -> list[Fault]:
    """What is wrong with a file, row by row."""
    return [
        Fault(
            where="file" if one.row is None else f"row {one.row}",
            zh=one.zh,
            en=one.en,
            row=one.row,
            column=one.column or None,
            advice=Advice(**one.advice._asdict()) if one.advice else None,
        )
        for one in faulty.faults
    ]


def faults_of(errors: Iterable[Mapping[str, Any]]) -> list[Fault]:
    """The faults of a form, without anything the caller sent but plain field names."""
    found = list(errors)
    return [_fault(error) for error in found[:FAULTS_MAX] if not _follows(error, found)]


def _follows(error: Mapping[str, Any], errors: Iterable[Mapping[str, Any]]) -> bool:
    """Whether a list is too short only for want of its lines that are malformed, which are named themselves."""
    within = tuple(error["loc"])
    return error["type"] == "too_short" and any(
        len(other["loc"]) > len(within) and tuple(other["loc"])[: len(within)] == within for other in errors
    )


def _fault(error: Mapping[str, Any]) -> Fault:
    kind = str(error["type"])
    where = ".".join(_safe(part) for part in error["loc"] if part not in MOVEMENTS)  # which kind, the caller knows
    if kind.startswith("union_tag"):
        where = f"{where}.kind" if where else "kind"
    if kind in WORDED:
        zh, en = WORDED[kind]
    elif kind in _CHOICES:
        allowed = re.findall(r"'([^']*)'", error["ctx"]["expected"])  # of the form, never of the request
        zh, en = f"应为:{'、'.join(allowed)} 之一", f"this must be one of: {', '.join(allowed)}"
    else:
        zh, en = CHINESE.get(kind, _SOMETHING), str(error["msg"])
    return Fault(where=where or "body", zh=zh, en=en)


def twice(name: str) -> Fault:
    """A field that an object holds twice: which of them was meant, nobody knows."""
    return Fault(where=_safe(name), zh="字段重复", en="this field is given twice")


def _safe(part: object) -> str:
    if isinstance(part, int):
        return str(part)
    return str(part) if _PLAIN_NAME.fullmatch(str(part)) else "(?)"
