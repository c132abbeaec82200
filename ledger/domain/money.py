"""Money is a whole number of fen (分). Yuan, 万元 and 亿元 exist only on the way in and out."""

import re
from typing import Annotated, Any

from pydantic import BeforeValidator, PlainSerializer, ValidationInfo, WithJsonSchema
from pydantic_core import PydanticCustomError

FEN_LIMIT = 2**53
"""Amounts stay below 2^53 fen, so that JSON, JavaScript and RFC 8785 carry them exactly."""

YUAN_PATTERN = r"^(0|[1-9][0-9]{0,13})(\.[0-9]{1,2})?$"
RECORDED = "recorded"
"""Validation context of recorded bytes: there amounts are integer fen, everywhere else in JSON they are yuan strings."""

_YUAN = re.compile(YUAN_PATTERN.removesuffix("$") + r"\Z", re.ASCII)


def fen(yuan_text: str) -> int:
    """Fen of an amount in yuan such as ``"1250000.50"``: ASCII digits, at most two decimals, no sign, no separators.

    Raises ValueError for anything else, half a fen included.
    """
    if not _YUAN.match(yuan_text):
        raise ValueError(f"not an amount in yuan with at most two decimals: {yuan_text!r}")
    whole, _, part = yuan_text.partition(".")
    return int(whole) * 100 + int(part.ljust(2, "0"))


def yuan(amount_fen: int) -> str:
    """An amount in yuan with two decimals, as every answer gives it: ``yuan(125) == "1.25"``."""
    sign = "-" if amount_fen < 0 else ""
    whole, part = divmod(abs(amount_fen), 100)
    return f"{sign}{whole}.{part:02d}"


def grouped_yuan(amount_fen: int) -> str:
    """Yuan with thousands separators, for people: ``"1,146,260,000.00"``."""
    sign = "-" if amount_fen < 0 else ""
    whole, part = divmod(abs(amount_fen), 100)
    return f"{sign}{whole:,}.{part:02d}"


def wan(amount_fen: int) -> str:
    """The same amount in 万元 with six decimals, which is exact to the fen."""
    sign = "-" if amount_fen < 0 else ""
    whole, part = divmod(abs(amount_fen), 1_000_000)
    return f"{sign}{whole}.{part:06d}"


def _amount(value: Any, info: ValidationInfo, least: int) -> int:
    if isinstance(value, str):
        sign, digits = (-1, value[1:]) if least < 0 and value.startswith("-") else (1, value)
        if not _YUAN.match(digits):
            raise PydanticCustomError(
                "amount_form", 'give the amount as a string in yuan with at most two decimals, such as "1250000.50"'
            )
        value = sign * fen(digits)
    elif isinstance(value, bool) or not isinstance(value, int) or (info.mode == "json" and info.context != RECORDED):
        raise PydanticCustomError(
            "amount_form", 'give the amount as a string in yuan with at most two decimals, such as "1250000.50"'
        )
    if not least <= value < FEN_LIMIT or (least < 0 and value == 0):
        raise PydanticCustomError("amount_range", "the amount must be above zero and below 90,071,992,547,409.92 yuan")
    return int(value)


def _positive(value: Any, info: ValidationInfo) -> int:
    return _amount(value, info, 1)


def _zero_or_more(value: Any, info: ValidationInfo) -> int:
    return _amount(value, info, 0)


def _signed(value: Any, info: ValidationInfo) -> int:
    return _amount(value, info, 1 - FEN_LIMIT)


def _yuan_out(amount_fen: int) -> str:
    return yuan(amount_fen)


_OUT = PlainSerializer(_yuan_out, return_type=str, when_used="json")


def _schema(pattern: str, description: str) -> WithJsonSchema:
    return WithJsonSchema(
        {"type": "string", "pattern": pattern, "description": description, "examples": ["1250000.50"]}
    )


_NOT_ZERO = r"(?!0(\.0{1,2})?$)"
"""For schemas alone: the engine of pydantic knows no looking ahead."""

Fen = Annotated[
    int,
    BeforeValidator(_positive),
    _OUT,
    _schema(YUAN_PATTERN.replace("^", f"^{_NOT_ZERO}"), "Amount in yuan, above zero. 元"),
]
"""Above zero. In Python fen; in JSON from outside a string in yuan."""

FenOrZero = Annotated[
    int, BeforeValidator(_zero_or_more), _OUT, _schema(YUAN_PATTERN, "Amount in yuan, zero or more. 元")
]

SignedFen = Annotated[
    int,
    BeforeValidator(_signed),
    _OUT,
    _schema(YUAN_PATTERN.replace("^", f"^-?{_NOT_ZERO}"), "Amount in yuan, not zero, may be negative. 元"),
]
