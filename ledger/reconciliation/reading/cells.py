"""From a cell of a statement to a value: amounts to the fen, days in their usual forms, numbers and accounts as text.

A cell is text. What a workbook keeps as a number, a formula or an error comes as text of a kind of its own.
"""

import re
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

from ledger.domain.catalogue import FUNDS, Name
from ledger.domain.money import FEN_LIMIT
from ledger.importing.values import Unfit

WAN, YI = 1_000_000, 10_000_000_000
UNITS: dict[str, int] = {"": 100, "元": 100, "yuan": 100, "千元": 100_000, "万": WAN, "万元": WAN, "亿": YI, "亿元": YI}
"""What a header, a title or a cell may say of its unit → fen."""
DIGITS_KEPT = 15
"""Of a number, by every spreadsheet; those behind them are lost."""
CODE_MAX, TEXT_MAX = 80, 1000

_PLAIN = re.compile(r"(-?)([0-9]{1,14})(?:\.([0-9]{1,2}))?", re.ASCII)
_AMOUNT = re.compile(
    r"(?P<sign>[-+]?)[\u00a5\uffe5]?\s*(?P<whole>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,16})(?P<part>\.[0-9]{1,10})?\s*(?P<unit>元|万元|万|亿元|亿)?",
    re.ASCII,
)
_STORED = re.compile(r"-?[0-9]{1,30}(\.[0-9]{0,30})?([eE][-+]?[0-9]{1,3})?", re.ASCII)
"""A number as workbooks write it."""
_SCIENTIFIC = re.compile(r"[-+]?[0-9](\.[0-9]+)?[eE][-+]?[0-9]+", re.ASCII)
_FULL_WIDTH = re.compile("[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]")
_FULL_WIDTH_AMOUNT = re.compile("[\uff01-\uff5e\u3000]")
_TIME = r"(?:[ T][0-9]{1,2}:[0-9:.]{2,12})?"
_DAYS = (
    re.compile(rf"(20[0-9]{{2}})-([0-9]{{1,2}})-([0-9]{{1,2}}){_TIME}", re.ASCII),
    re.compile(rf"(20[0-9]{{2}})/([0-9]{{1,2}})/([0-9]{{1,2}}){_TIME}", re.ASCII),
    re.compile(rf"(20[0-9]{{2}})\.([0-9]{{1,2}})\.([0-9]{{1,2}}){_TIME}", re.ASCII),
    re.compile(rf"(20[0-9]{{2}})([0-9]{{2}})([0-9]{{2}}){_TIME}", re.ASCII),
    re.compile(rf"(20[0-9]{{2}})年([0-9]{{1,2}})月([0-9]{{1,2}})日{_TIME}", re.ASCII),
)
_KEPT_AS_TEXT = re.compile(r'="([^"]*)"')
"""What exports write so that a spreadsheet leaves a number alone."""
_SERIALS = (36526, 73051)
"""Days of 2000 to 2099 as a workbook numbers them."""
_FIRST_SERIAL = date(1899, 12, 30)


class Number(str):
    """A cell that holds a number, as the file writes it."""

    __slots__ = ()


class Formula(str):
    """A cell that holds a formula."""

    __slots__ = ()


class Broken(str):
    """A cell that holds an error value."""

    __slots__ = ()


Reader = Callable[[str], Any]
"""A cell that is not blank → its value. Raises Unfit."""


def fen_in(fen_each: int) -> Reader:
    """Reads amounts of a column whose unit is worth ``fen_each``; a unit in the cell itself has to be the same or go alone."""

    def read(cell: str) -> int:
        if fen_each == 100 and (plain := _PLAIN.fullmatch(cell)):
            sign, whole, part = plain.groups("")
            amount = int(whole) * 100 + int(part.ljust(2, "0"))
            if amount < FEN_LIMIT:
                return -amount if sign else amount
        return _amount(cell, fen_each)

    return read


def _amount(cell: str, fen_each: int) -> int:
    if isinstance(cell, Number):
        if not _is_number(cell):
            raise _no_amount(cell)
        number, each = Decimal(f"{float(cell):.{DIGITS_KEPT}g}"), fen_each
    else:
        written(cell)
        number, each = _told(cell.strip(), fen_each)
    if not number.is_finite() or abs(number) * each >= FEN_LIMIT:
        raise Unfit("金额过大", "the amount is too large", Name("请核对金额和单位", "check the amount and its unit"))
    amount = number * each
    if amount != amount.to_integral_value():
        raise Unfit(
            f"金额不是整分:{number:f} × {each / 100:g} 元",
            f"not a whole number of fen: {number:f} x {each / 100:g} yuan",
            Name("金额最多到分,请向出具方核对", "give amounts to the fen at most; ask whoever issued the statement"),
        )
    return int(amount)


def _told(text: str, fen_each: int) -> tuple[Decimal, int]:
    """Number and unit of an amount written as text."""
    told = _AMOUNT.fullmatch(text)
    if told is None:
        raise _no_amount(text)
    unit = told["unit"] or ""
    if unit and fen_each not in (100, UNITS[unit]):
        raise Unfit(
            f"单元格写“{unit}”,与表头的单位不符",
            f"the cell says {unit}, the header another unit",
            Name("单位只写在表头", "state the unit in the header alone"),
        )
    digits = f"{told['sign']}{told['whole'].replace(',', '')}{told['part'] or ''}"
    return Decimal(digits), UNITS[unit] if unit else fen_each


def _no_amount(text: str) -> Unfit:
    if _FULL_WIDTH_AMOUNT.search(text):
        return Unfit("金额含全角字符", "full-width characters in an amount", Name("请改为半角数字", "type it in ASCII"))
    if text.startswith("("):
        return Unfit("金额写在括号中", "the amount stands in brackets", Name("负数请写减号", "write a minus sign"))
    return Unfit("不是金额", "not an amount", Name("请写成 1250000.50", "write it as 1250000.50"))


def written(cell: str) -> str:
    """What is written in a cell itself. Raises Unfit for formulas and error values."""
    if isinstance(cell, Formula):
        raise Unfit(
            "单元格是公式", "the cell holds a formula", Name("请复制后粘贴为数值", "copy it and paste its value")
        )
    if isinstance(cell, Broken):
        raise Unfit(
            "单元格是错误值", "the cell holds an error", Name("请填写正确的内容", "write what should stand there")
        )
    return cell


def day(cell: str) -> date:
    """A day as text in its usual forms, with or without a time, or as a workbook numbers it."""
    return _serial(cell) if isinstance(cell, Number) else _day(written(cell))


def _serial(cell: str) -> date:
    number = float(cell) if _is_number(cell) else -1
    if _SERIALS[0] <= number <= _SERIALS[1]:
        return _FIRST_SERIAL + timedelta(days=int(number))
    return _day(cell.removesuffix(".0"))


@lru_cache(maxsize=4096)
def _day(text: str) -> date:
    for form in _DAYS:
        if found := form.fullmatch(text.strip()):
            try:
                return date(*map(int, found.groups()))
            except ValueError:
                break
    raise Unfit("不是日期(年月日)", "not a day (year, month, day)", Name("请写成 2025-03-01", "write it as 2025-03-01"))


@lru_cache(maxsize=256, typed=True)
def year(cell: str) -> int:
    text = written(cell).strip().removesuffix("年").removesuffix(".0")
    if len(text) == 4 and text.isascii() and text.isdigit() and text.startswith("20"):
        return int(text)
    raise Unfit(
        "不是年度", "not a fiscal year", Name("请写四位年度,如 2025", "give a year of four digits, such as 2025")
    )


def code(cell: str) -> str:
    """A number by which something is called, as text: vouchers, applications, projects, functions."""
    if type(cell) is str and len(cell) <= CODE_MAX and cell.isascii() and cell.replace("-", "").isalnum():
        return cell
    if isinstance(cell, Number):
        return _whole(cell)
    text = written(cell).strip()
    if kept := _KEPT_AS_TEXT.fullmatch(text):
        text = kept[1].strip()
    text = text.removeprefix("'")
    if _SCIENTIFIC.fullmatch(text):
        raise _digits_lost()
    if text.startswith(("=", "@")):
        raise Unfit("内容是公式", "this is a formula", Name("请粘贴为数值", "paste its value"))
    if _FULL_WIDTH.search(text):
        raise Unfit("编号含全角字符", "full-width characters in a number", Name("请改为半角", "type it in ASCII"))
    if len(text) > CODE_MAX or not text.isprintable():
        raise Unfit(
            f"编号超过 {CODE_MAX} 字,或含不可见字符",
            f"longer than {CODE_MAX} characters, or with invisible ones",
            Name("请核对该单元格", "look at this cell"),
        )
    return text


def _whole(cell: Number) -> str:
    """The digits of a number that stands where text should: those that are sure to be all of them."""
    if len(cell) <= DIGITS_KEPT and cell.isascii() and cell.isdigit():
        return str(cell)
    number = Decimal(cell) if _is_number(cell) else Decimal("NaN")
    if not number.is_finite() or number != number.to_integral_value() or number < 0:
        raise Unfit("编号是小数或负数", "a fraction or less than zero", Name("请改为文本格式", "store it as text"))
    digits = f"{number:f}".partition(".")[0]
    if len(digits) > DIGITS_KEPT:
        raise _digits_lost()
    return digits


def _is_number(cell: str) -> bool:
    return _STORED.fullmatch(cell) is not None


def _digits_lost() -> Unfit:
    return Unfit(
        f"以数字存储,第 {DIGITS_KEPT} 位以后已丢失",
        "stored as a number: digits behind the fifteenth are lost",
        Name("请将该列设为文本,从原文件重新取数", "make the column text and take the number from its origin anew"),
    )


listed_code = lru_cache(maxsize=8192, typed=True)(code)
"""As ``code``, for columns that say the same again and again. A number and a text of the same digits are kept apart."""


def account(cell: str) -> str:
    """An account no.: as ``code``, without the spaces that group its digits."""
    return "".join(code(cell).split())


def words(cell: str) -> str:
    """Names and remarks: text on one line."""
    if type(cell) is str and cell.isprintable() and len(cell) <= TEXT_MAX:
        return cell.strip()
    text = written(cell)
    if not text.isprintable():
        text = "".join(letter for letter in " ".join(text.split()) if letter.isprintable())
    if len(text) > TEXT_MAX:
        raise Unfit(f"超过 {TEXT_MAX} 字", f"longer than {TEXT_MAX} characters", Name("请缩短", "shorten it"))
    return text.strip()


_FUND_NAMED = {word.casefold(): str(fund) for fund, name in FUNDS.items() for word in (str(fund), name.zh, name.en)}


@lru_cache(maxsize=256, typed=True)
def fund(cell: str) -> str:
    """A fund by its code, where it is one of the ledger's; what others call otherwise stays as it is."""
    text = words(cell)
    return _FUND_NAMED.get(text.casefold(), text)
