"""From a cell to a value: strict, because a wrong guess would be recorded for ever."""

import math
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from ledger.domain.catalogue import Name
from ledger.domain.fields import Day, Text, Year
from ledger.domain.money import FEN_LIMIT, fen
from ledger.importing.rows import ERROR, FORMULA, Cell

UNITS: dict[str, int] = {"元": 1, "yuan": 1, "万元": 10_000, "10,000 yuan": 10_000, "10k yuan": 10_000}
"""Units that a header may state → yuan."""

_GROUPED = re.compile(r"[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?", re.ASCII)
_DIGITS = re.compile(r"[0-9]{1,16}(\.[0-9]{1,10})?", re.ASCII)
"""No more digits than Decimal multiplies exactly."""
_FULL_WIDTH = re.compile("[\uff01-\uff5e\u3000]")
_NO = {"", "无", "否", "no", "none", "-", "/"}
_text = TypeAdapter(Text)
_day = TypeAdapter(Day)
_year = TypeAdapter(Year)
K = TypeVar("K", bound=str)


class Unfit(ValueError):
    """A cell does not hold what its column needs."""

    def __init__(self, zh: str, en: str, advice: Name | None = None) -> None:
        super().__init__(en)
        self.zh, self.en, self.advice = zh, en, advice


Reader = Callable[[Cell], Any]
"""A cell that is not blank → its value. Raises Unfit."""


def _written(cell: Cell) -> Any:
    """What is written in the cell itself."""
    if cell.flaw == FORMULA:
        raise Unfit("单元格是公式,请粘贴为数值", "the cell holds a formula: paste its value")
    if cell.flaw == ERROR:
        raise Unfit(f"单元格是错误值 {cell.value}", f"the cell holds the error {cell.value}")
    return cell.value


def as_text(cell: Cell) -> str:
    """Text as text: a number may have lost its first zeros or its last digits."""
    value = _written(cell)
    if not isinstance(value, str):
        raise Unfit("须为文本格式:数字会丢失首位零或末位", "store it as text: a number may have lost digits")
    try:
        return _text.validate_python(value.strip())
    except ValidationError as error:
        raise Unfit(
            "文本过长,或含控制字符、不可见字符、残缺字符",
            "the text is too long or holds invisible or broken characters",
        ) from error


def code(shape: Any, form: Name) -> Reader:
    """A code of the shape; ``form`` says in words what that is."""
    adapter: TypeAdapter[str] = TypeAdapter(shape)

    def read(cell: Cell) -> str:
        text = as_text(cell)
        if _FULL_WIDTH.search(text):
            raise Unfit(f"含全角字符,请改为半角:{form.zh}", f"full-width characters: type them in ASCII ({form.en})")
        try:
            return adapter.validate_python(text)
        except ValidationError as error:
            raise Unfit(f"应为{form.zh}", f"give {form.en}") from error

    return read


def choice(names: Mapping[K, Name], more: Mapping[str, K] | None = None) -> Reader:
    """One of a list, by code or by name in either language."""
    accepted: dict[str, K] = {word.casefold(): value for word, value in (more or {}).items()}
    for value, name in names.items():
        accepted |= {word.casefold(): value for word in (str(value), name.zh, name.en)}
    listed = " ".join(map(str, names))

    def read(cell: Cell) -> K:
        text = as_text(cell)
        if text.casefold() not in accepted:
            raise Unfit(f"不在允许的取值之内:{listed}", f"not one of the values allowed: {listed}")
        return accepted[text.casefold()]

    return read


def as_year(cell: Cell) -> int:
    value = _written(cell)
    if isinstance(value, str) and _DIGITS.fullmatch(value.strip()) and "." not in value:
        value = int(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    try:
        return _year.validate_python(value)
    except ValidationError as error:
        raise Unfit("应为四位年度,如 2025", "give a year of four digits, such as 2025") from error


def as_day(cell: Cell) -> date:
    value = _written(cell)
    if isinstance(value, datetime):
        value = value.date() if value.time() == datetime.min.time() else None
    try:
        return _day.validate_python(value.strip() if isinstance(value, str) else value)
    except ValidationError as error:
        raise Unfit("应为日期,格式 YYYY-MM-DD", "give a day as YYYY-MM-DD") from error


def as_gate(cell: Cell) -> str:
    """What opens an instalment; empty where nothing does."""
    text = as_text(cell)
    return "" if text.casefold() in _NO else text


def as_fen(cell: Cell, unit_yuan: int) -> int:
    """An amount in fen, zero or more, from text or number in the column's unit. What is not whole fen is refused."""
    number = _number(_written(cell))
    amount = (number * unit_yuan).normalize()
    try:
        found = fen(f"{amount:f}")
    except ValueError as error:
        raise Unfit(
            f"金额应为零以上、最多到分:{number:f} × {unit_yuan} 元不是整分",
            f"amounts are zero or more, in whole fen: {number:f} x {unit_yuan} yuan is not",
        ) from error
    if found >= FEN_LIMIT:
        raise Unfit("金额过大", "the amount is too large")
    return found


def _number(value: Any) -> Decimal:
    if isinstance(value, str):
        text = value.strip()
        if _FULL_WIDTH.search(text):
            raise Unfit("金额含全角字符,请改为半角", "full-width digits: type the amount in ASCII")
        if _GROUPED.fullmatch(text):
            text = text.replace(",", "")
        if _DIGITS.fullmatch(text):
            return Decimal(text)
    elif isinstance(value, int) and not isinstance(value, bool) and abs(value) < FEN_LIMIT:
        return Decimal(value)
    elif isinstance(value, float) and math.isfinite(value):
        return Decimal(f"{value:.15g}")  # spreadsheets keep fifteen digits; what a double adds beyond them is noise
    raise Unfit("应为金额,如 1250000.50", "give an amount, such as 1250000.50")


def listing(names: Iterable[tuple[str, Name]]) -> Name:
    """Codes with their names, for the notes of a template."""
    pairs = list(names)
    return Name(
        "、".join(f"{key} {name.zh}" for key, name in pairs), "; ".join(f"{key} {name.en}" for key, name in pairs)
    )
