"""The forms in which requests name things: codes, days, documents, credit codes, sealed texts.

A form that does not fit is malformed (422); whether what it names exists is for the rules to say.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from itertools import pairwise
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationInfo,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from ledger.domain.money import RECORDED

SHAPE = ConfigDict(frozen=True, strict=True, extra="forbid", hide_input_in_errors=True)
"""Strict, closed and frozen: what is accepted is what was sent."""

_UNPRINTABLE = frozenset({"Cc", "Cs", "Co", "Cn"})
_INVISIBLE = frozenset({"Cf", "Zl", "Zp"})
"""Turn the text around them, or make two that differ look the same."""
_SHAPING = frozenset("\u180e\u200c\u200d")
"""Invisible as well, and Mongolian is not written without them."""


def _unfit(character: str, *, recorded: bool) -> bool:
    category = unicodedata.category(character)
    if category in _UNPRINTABLE:
        return True
    return category in _INVISIBLE and character not in _SHAPING and not recorded


def _plain_text(text: str, info: ValidationInfo) -> str:
    """NFC, without control characters, lone surrogates or unassigned code points; the recorded bytes depend on it.

    Nor anything invisible but what shapes letters, where it is new: what was recorded stays readable.
    """
    if not text.isprintable() and any(_unfit(c, recorded=info.context == RECORDED) for c in text):
        raise PydanticCustomError("text_form", "remove control, invisible and broken characters from the text")
    text = unicodedata.normalize("NFC", text).strip()
    if not text:
        raise PydanticCustomError("text_form", "the text must not be empty")
    return text


Text = Annotated[str, StringConstraints(min_length=1, max_length=400), AfterValidator(_plain_text)]
Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:/-]{0,79}$")]
"""A name somebody gave a thing: ASCII, so that it reads the same everywhere."""
PlainId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:-]{0,79}$")]
"""The name treasury gives a detail. No slash: what a detail paid of an order is called ``detail/order``."""
Ref = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:/~-]{0,249}$")]
"""Cites an instalment or a settlement. Names that the ledger puts together are longer, with ``~``, which nobody else gives."""
SpecialCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2,6}-[A-Z0-9]{2,8}$")]
FunctionCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{7}$")]
"""功能科目项级, seven digits."""
EconomicClass = Annotated[str, StringConstraints(pattern=r"^[0-9]{3,5}$")]
"""经济分类."""
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Digest = Annotated[str, StringConstraints(pattern=r"^sha256:[0-9a-f]{64}$")]

PERIOD_PATTERN = r"^20[0-9]{2}-(0[1-9]|1[0-3])$"
Period = Annotated[str, StringConstraints(pattern=PERIOD_PATTERN)]
"""Posting month YYYY-MM; 13 is the year's settling period 整理期."""


def _fiscal_year(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 2000 <= value <= 2099:
        raise PydanticCustomError("year_form", "give the year as a number from 2000 to 2099")
    return value


Year = Annotated[
    int, BeforeValidator(_fiscal_year), WithJsonSchema({"type": "integer", "minimum": 2000, "maximum": 2099})
]


_DAY_PATTERN = "^20[0-9]{2}-[0-9]{2}-[0-9]{2}$"


def _day(value: Any, info: ValidationInfo) -> Any:
    if isinstance(value, str):
        if not re.fullmatch(_DAY_PATTERN, value, re.ASCII):
            raise PydanticCustomError("day_form", "give the day as YYYY-MM-DD, from 2000 to 2099")
        try:
            return date.fromisoformat(value)
        except ValueError as error:
            raise PydanticCustomError("day_form", "there is no such day") from error
    if info.mode == "json" or type(value) is not date:
        raise PydanticCustomError("day_form", "give the day as YYYY-MM-DD, from 2000 to 2099")
    return value


Day = Annotated[
    date,
    BeforeValidator(_day),
    WithJsonSchema({"type": "string", "format": "date", "pattern": _DAY_PATTERN}),
]
"""Business date, Asia/Shanghai."""
SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")


def period_number(period: str) -> int:
    """A period as tables have it: ``2025-03`` is 202503."""
    return int(period.replace("-", ""))


def business_date(instant: datetime) -> date:
    """The business date of an instant, which says its time zone."""
    return instant.astimezone(SHANGHAI).date()


def _lines(lines: tuple[int, ...]) -> tuple[int, ...]:
    if lines[0] < 1 or any(after <= before for before, after in pairwise(lines)):
        raise PydanticCustomError("lines_form", "name each line once, from 1, in their order")
    return lines


Lines = Annotated[
    tuple[int, ...],
    Field(min_length=1),
    AfterValidator(_lines),
    WithJsonSchema({"type": "array", "minItems": 1, "uniqueItems": True, "items": {"type": "integer", "minimum": 1}}),
]
"""Lines of a list, counted from 1."""

_CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def credit_code_check_character(first_seventeen: str) -> str:
    """Check character of a unified social credit code, GB 32100-2015 (weights 3^i mod 31)."""
    total = sum(_CREDIT_ALPHABET.index(c) * pow(3, i, 31) for i, c in enumerate(first_seventeen))
    return _CREDIT_ALPHABET[-total % 31]


def _credit_code(code: str) -> str:
    if not re.fullmatch(f"[{_CREDIT_ALPHABET}]{{18}}", code):
        raise PydanticCustomError(
            "credit_code_form", "a unified social credit code has 18 characters, digits and capitals"
        )
    if credit_code_check_character(code[:17]) != code[17]:
        raise PydanticCustomError("credit_code_check", "the check character of the unified social credit code is wrong")
    return code


CreditCode = Annotated[
    str,
    StringConstraints(min_length=18, max_length=18),
    AfterValidator(_credit_code),
    Field(json_schema_extra={"pattern": f"^[{_CREDIT_ALPHABET}]{{18}}$"}),
]
"""统一社会信用代码, check character verified."""


@dataclass(frozen=True)
class Sealed:
    """Marks a personal or free text: the recorded bytes hold only a salted commitment to it; text and salt live apart.

    ``subject`` names the field that says whose text it is, or ``actor``.
    """

    subject: str


LongText = Annotated[str, StringConstraints(min_length=1, max_length=2000), AfterValidator(_plain_text)]
SealedText = LongText


class Document(BaseModel):
    """A document 文件: its number 文号, date, and the SHA-256 of the file where it was uploaded."""

    model_config = SHAPE

    number: Text
    dated: Day | None = None
    sha256: Sha256 | None = None
