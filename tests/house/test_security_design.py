"""docs/security-design.md says what the code does: its limits, its words that make no password, where anything cryptographic is."""

import ast
import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from limits import RateLimitItem, parse

from api.rates import Work
from ledger.access.credentials import CONTEXT_WORDS

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs" / "security-design.md").read_text("utf-8")
LIMITS = re.findall(r"^\| [^|]+ \| ([^|]+) \| `((?:api|ledger)\.[\w.]+)` \|$", TEXT, re.MULTILINE)
IN = {
    "second": 1,
    "minute": 60,
    "hour": 3_600,
    "day": 86_400,
    "KiB": 1024,
    "MiB": 1024**2,
}
CRYPTOGRAPHIC = {"argon2", "cryptography", "hashlib", "hmac", "joserfc", "pyotp", "random", "secrets", "ssl"}


def value(dotted: str) -> Any:
    """A constant by its dotted name; the last part may be a key of a mapping."""
    module, _, name = dotted.rpartition(".")
    try:
        return getattr(import_module(module), name)
    except ModuleNotFoundError:
        mapping: Mapping[Any, Any] = value(module)
        return mapping[Work[name]]


def said(text: str) -> int | RateLimitItem:
    """What the table says, in seconds, bytes or pieces."""
    number, _, unit = text.partition(" ")
    if not unit and "/" in text:
        return parse(text)
    return int(number) * (IN[unit.removesuffix("s")] if unit else 1)


def imported(path: Path) -> Iterator[str]:
    """The packages that a module imports."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name.partition(".")[0] for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.partition(".")[0]


def test_there_are_limits_to_look_at() -> None:
    assert len(LIMITS) > 25
    assert (said("64 KiB"), said("1 day"), said("10"), said("20/minute")) == (65_536, 86_400, 10, parse("20/minute"))


@pytest.mark.parametrize(("text", "dotted"), LIMITS)
def test_every_limit_is_what_it_is_said_to_be(text: str, dotted: str) -> None:
    found = value(dotted)
    assert said(text) == (found.total_seconds() if isinstance(found, timedelta) else found)


def test_the_words_that_make_no_password_are_those() -> None:
    listed = TEXT.partition("do not count towards a password")[2].partition("nor does one's login")[0]
    assert tuple(re.findall(r"`(\w+)`", listed)) == CONTEXT_WORDS


def test_everything_cryptographic_stands_in_the_inventory() -> None:
    section = TEXT.partition("## Keys and algorithms")[2].partition("\n## ")[0]
    there = {
        path.relative_to(ROOT).as_posix()
        for package in ("ledger", "api")
        for path in (ROOT / package).rglob("*.py")
        if CRYPTOGRAPHIC & set(imported(path))
    }
    assert set(re.findall(r"`((?:ledger|api)/[\w/]+\.py)`", section)) == there
