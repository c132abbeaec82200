"""Amounts in Chinese capitals: the examples of the regulation, its rules for 零 and 整, and every amount read back."""

import random

import pytest

from ledger.domain.money import FEN_LIMIT, fen
from ledger.reports.capitals import capitals

DIGITS = "零壹贰叁肆伍陆柒捌玖"
UNITS = {"拾": 10, "佰": 100, "仟": 1000, "万": 10**4, "亿": 10**8}


@pytest.mark.parametrize(
    ("yuan", "words"),
    [
        ("0", "零元整"),
        ("0.01", "壹分"),
        ("0.10", "壹角整"),
        ("0.15", "壹角伍分"),
        ("1", "壹元整"),
        ("10", "壹拾元整"),
        ("10.01", "壹拾元零壹分"),
        ("10.10", "壹拾元零壹角整"),
        ("11.10", "壹拾壹元壹角整"),
        ("1409.50", "壹仟肆佰零玖元伍角整"),
        ("6007.14", "陆仟零柒元壹角肆分"),
        ("1680.32", "壹仟陆佰捌拾元零叁角贰分"),
        ("107000.53", "壹拾万柒仟元零伍角叁分"),
        ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
        ("325.04", "叁佰贰拾伍元零肆分"),
        ("10000", "壹万元整"),
        ("10005", "壹万零伍元整"),
        ("100000000", "壹亿元整"),
        ("100000050", "壹亿零伍拾元整"),
        ("100050000", "壹亿零伍万元整"),
        ("1146260000", "壹拾壹亿肆仟陆佰贰拾陆万元整"),
        ("1000000000000", "壹万亿元整"),
        ("90071992547409.91", "玖拾万零柒佰壹拾玖亿玖仟贰佰伍拾肆万柒仟肆佰零玖元玖角壹分"),
    ],
)
def test_an_amount_is_written_as_the_regulation_says(yuan: str, words: str) -> None:
    assert capitals(fen(yuan)) == f"人民币{words}"


def test_below_zero_it_says_so_before_the_amount() -> None:
    assert capitals(-30_000_001) == "人民币负叁拾万元零壹分"


def test_every_amount_can_be_read_back() -> None:
    chance = random.Random(20251125)
    amounts = [*range(2000), *(10**n for n in range(16)), *(10**n + 10**m for n in range(16) for m in range(16))]
    amounts += [chance.randrange(FEN_LIMIT) for _ in range(5000)]
    amounts += [int("".join(chance.choice("0001239") for _ in range(chance.randint(1, 15)))) for _ in range(5000)]
    for amount in amounts:
        words = capitals(amount)
        assert read_back(words) == amount, words
        assert "零零" not in words
        assert words.endswith("整") == (amount % 10 == 0)
        assert not [unit for unit in UNITS if f"零{unit}" in words]


def read_back(words: str) -> int:
    """Fen of an amount in capitals, whatever 零 it has."""
    said = words.removeprefix("人民币").removesuffix("整")
    whole, _, part = said.rpartition("元")
    jiao, _, rest = part.rpartition("角")
    return number(whole) * 100 + number(jiao) * 10 + number(rest.removesuffix("分"))


def number(words: str) -> int:
    for unit in ("亿", "万"):
        if unit in words:
            above, _, below = words.rpartition(unit)
            return number(above) * UNITS[unit] + number(below)
    total = digit = 0
    for character in words:
        if character in DIGITS:
            digit = DIGITS.index(character)
        else:
            total, digit = total + digit * UNITS[character], 0
    return total + digit
