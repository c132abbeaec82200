"""Drawing a sample 抽样: whoever has the seed, the number and the population draws the same items. Pure.

The population is movements in the order of their numbers, each with its amount in fen. By the text ``seed`` (UTF-8):

- SIMPLE_RANDOM: the rank of a movement is SHA-256("seed:number"), as in ``printf %s 'SEED:4711' | sha256sum``. The ``size`` lowest
  ranks are drawn, in the order of their ranks. A rank depends on nothing else, so a larger sample begins with the smaller one.
- MONETARY_UNIT: amounts are added up in the order of the numbers. The start is 1 + SHA-256("seed:start") mod ``interval``, the hash
  read as one number, the most significant byte first; drawn is every movement that holds the fen at start, start + interval,
  start + 2 × interval and so on. A movement of ``interval`` or more is always drawn, and once, however many it holds.
- ALL_ABOVE: every movement of ``threshold`` or more; no seed takes part.
"""

import hashlib
from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from ledger.domain.catalogue import Name


class Method(StrEnum):
    """How items are chosen."""

    MONETARY_UNIT = "MONETARY_UNIT"
    SIMPLE_RANDOM = "SIMPLE_RANDOM"
    ALL_ABOVE = "ALL_ABOVE"


METHODS: dict[Method, Name] = {
    Method.MONETARY_UNIT: Name("货币单元抽样", "Monetary unit sampling"),
    Method.SIMPLE_RANDOM: Name("简单随机抽样", "Simple random sampling"),
    Method.ALL_ABOVE: Name("大额全查", "All from an amount on"),
}
ALGORITHMS: dict[Method, Name] = {
    Method.MONETARY_UNIT: Name(
        "货币单元抽样:总体按业务号顺序累计金额(分);起点 = 1 + SHA-256(“种子:start”)(大端整数)除以区间的余数;含起点、起点 + 区间、"
        "起点 + 2 × 区间……各分的业务入样,金额不低于区间的必入样,且只列一次",
        'monetary unit sampling: amounts (fen) are added up by number; start = 1 + SHA-256("seed:start"), read big-endian, modulo '
        "the interval; the movements that hold the fen at start, start + interval, start + 2 × interval … are drawn; one of the "
        "interval or more always is, and is listed once",
    ),
    Method.SIMPLE_RANDOM: Name(
        "简单随机抽样:每笔业务的序 = SHA-256(“种子:业务号”)的十六进制值,取最小的 n 笔,按序排列",
        'simple random sampling: the rank of a movement is SHA-256("seed:number") in hexadecimal; the n lowest are drawn, by rank',
    ),
    Method.ALL_ABOVE: Name(
        "大额全查:金额不低于起点的业务全部入样,按业务号排列,不用种子",
        "all from an amount on: every movement of that amount or more, by number; no seed takes part",
    ),
}
"""The same as above, as a working paper says it."""


class Item(NamedTuple):
    """A movement of the population: its number, and its amount in fen."""

    number: int
    amount: int


class Drawing(NamedTuple):
    """How a sample is drawn. ``size``: of a simple random one; ``interval`` and ``threshold`` in fen."""

    method: Method
    seed: str = ""
    size: int | None = None
    interval: int | None = None
    threshold: int | None = None


def draw(population: Sequence[Item], how: Drawing) -> list[Item]:
    """The items drawn. Raises ValueError where the method lacks what it draws by."""
    match how:
        case Drawing(Method.SIMPLE_RANDOM, seed, int(size)):
            return sorted(population, key=lambda item: _hash(seed, item.number))[:size]
        case Drawing(Method.MONETARY_UNIT, seed, _, int(interval)) if interval > 0:
            return _by_money(population, start_of(seed, interval), interval)
        case Drawing(Method.ALL_ABOVE, _, _, _, int(threshold)):
            return [item for item in population if item.amount >= threshold]
    raise ValueError(how.method)


def interval_for(total: int, size: int) -> int:
    """The shortest interval by which at most ``size`` items are drawn of a population of ``total`` fen."""
    return max(1, -(-total // size))


def start_of(seed: str, interval: int) -> int:
    """The first fen that is drawn, from 1 to the interval."""
    return 1 + int.from_bytes(_hash(seed, "start")) % interval


def _by_money(population: Sequence[Item], start: int, interval: int) -> list[Item]:
    drawn, added, following = [], 0, start
    for item in population:
        added += item.amount
        if following <= added:
            drawn.append(item)
            following += ((added - following) // interval + 1) * interval
    return drawn


def _hash(seed: str, of: int | str) -> bytes:
    return hashlib.sha256(f"{seed}:{of}".encode()).digest()
