"""How the cells of a feature's tables are read: amounts, documents, parties by a short name, schedules in short."""

import json
from typing import Any

from ledger.domain.money import fen
from tests.world import credit_code, party


def _code(name: str) -> str:
    """The credit code of a party by its short name; ``stranger`` is registered nowhere."""
    return credit_code(99) if name == "stranger" else party(name)


def value(text: str) -> Any:
    """A cell: JSON where it looks like a list, an object, a number without quotes or a truth; else the text itself."""
    if text.startswith("@"):
        return _code(text[1:])
    if text[:1] in ("[", "{") or text in ("true", "false"):
        return _named(json.loads(text))
    return text


def _named(value: Any) -> Any:
    """``@university`` is the credit code of that party, at any depth."""
    if isinstance(value, dict):
        return {name: _named(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_named(item) for item in value]
    return _code(value[1:]) if isinstance(value, str) and value.startswith("@") else value


_NUMBERS = frozenset({"vintage", "year", "number", "rate_bp", "days", "years"})
_DOCUMENTS = frozenset({"document", "scheme", "exception", "report", "evaluation", "quota", "recycling"})
_AMOUNTS = frozenset(
    {
        "amount",
        "claimed",
        "eligible",
        "from_later_years",
        "ledger_total",
        "statement_total",
        "unexplained",
        "from_amount",
    }
)


def fields(datatable: list[list[str]]) -> dict[str, Any]:
    """Rows of field and value; amounts may be grouped, a document is its number."""
    found: dict[str, Any] = {}
    for name, text in datatable:
        if name in _NUMBERS:
            found[name] = int(text)
        elif name in _AMOUNTS:
            found[name] = text.replace(",", "")
        elif name in _DOCUMENTS and not text.startswith("{"):
            found[name] = {"number": text}
        elif name == "instalments" and not text.startswith("["):
            found[name] = schedule(text)
        else:
            found[name] = value(text)
    return found


def schedule(text: str) -> list[dict[str, Any]]:
    """``1: 92,000,000; 2: 138,000,000 gated`` or ``A1: 5,000,000 team A``: instalments in short."""
    plans = []
    for part in text.split(";"):
        name, amount, *words = part.replace(":", " ").split()
        plan: dict[str, Any] = {"instalment": name, "amount": amount.replace(",", "")}
        if "gated" in words:
            plan["gated"] = True
        if "team" in words:
            plan["team"] = words[words.index("team") + 1]
        plans.append(plan)
    return plans


def signed_fen(amount: str) -> int:
    digits = amount.replace(",", "")
    return -fen(digits[1:]) if digits.startswith("-") else fen(digits)
