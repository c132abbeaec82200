"""The shape of a kind as its model has it: each field with its name, help, control, and what it may be chosen from.

Forms are made of it, and recorded fields are told in its words.
"""

from collections.abc import Iterator
from enum import StrEnum
from functools import cache
from typing import Any, NamedTuple

from pydantic import TypeAdapter

from ledger.domain.catalogue import SPECIALS, Name
from ledger.domain.fields import Period, SpecialCode
from ledger.domain.kinds import ANY_MOVEMENT  # noqa: F401 - its unions are whole once it is loaded
from ledger.domain.movement import MOVEMENTS
from ledger.domain.terms import HELP, OPEN_CODES, VALUES, term


class Control(StrEnum):
    """How a field is given, and how it is told."""

    TEXT = "text"
    LONG = "long"
    MONEY = "money"
    DATE = "date"
    NUMBER = "number"
    PERIOD = "period"
    SPECIAL = "special"
    CHOICE = "choice"
    FLAG = "flag"
    LIST = "list"
    """Plain values, one a line."""
    DOCUMENT = "document"
    ROWS = "rows"
    JSON = "json"
    """The rest, such as a movement inside a movement."""


class Shape(NamedTuple):
    """A field. ``inside``: the fields of a row or of a document, or the one shape of a list's values."""

    name: str
    label: Name
    help: Name | None
    control: Control
    required: bool
    default: Any = None
    choices: tuple[str, ...] = ()
    inside: "tuple[Shape, ...]" = ()
    longest: int | None = None

    @property
    def in_rows(self) -> bool:
        """Whether several are given, each in a row of its own: what can be typed one a line is not."""
        return self.control is Control.ROWS or (
            self.control is Control.LIST and self.inside[0].control in (Control.CHOICE, Control.SPECIAL)
        )

    def called(self, value: Any) -> Name | None:
        """What a code of this field is called; None where it is no code that anybody named."""
        if self.control is Control.SPECIAL:
            return SPECIALS[value].name if value in SPECIALS else None
        return VALUES.get(self.name, {}).get(value) if isinstance(value, str) else None


_PATTERNS = {
    TypeAdapter(SpecialCode).json_schema()["pattern"]: Control.SPECIAL,
    TypeAdapter(Period).json_schema()["pattern"]: Control.PERIOD,
}
_LONG = ("reason",)
"""Texts that are given in several lines."""


@cache
def shape_of(kind: str) -> tuple[Shape, ...]:
    """The fields of a kind, but for ``kind``, in the order of its form: its own, then those that every movement carries."""
    schema = MOVEMENTS[kind].model_json_schema()
    shapes = [shape for shape in _fields(kind, schema, schema.get("$defs", {})) if shape.name != "kind"]
    first = ("effective_on",)
    last = ("document", "reason", "period", "department")
    order = {name: place for place, name in enumerate((*first, "", *last))}
    return tuple(sorted(shapes, key=lambda shape: order.get(shape.name, 1)))


def _fields(owner: str, schema: dict[str, Any], defs: dict[str, Any]) -> Iterator[Shape]:
    needed = schema.get("required", ())
    for name, held in schema["properties"].items():
        yield _shape(owner, name, held, defs, required=name in needed)


def _shape(owner: str, name: str, schema: dict[str, Any], defs: dict[str, Any], *, required: bool) -> Shape:
    found = _plain(schema, defs)
    control, inside = Control.LONG if name in _LONG else _control(found), tuple[Shape, ...]()
    choices = tuple(found.get("enum", ()))
    if control is Control.DOCUMENT:
        inside = tuple(_fields(found["title"], found, defs))
    elif control is Control.LIST:
        held = _plain(found["items"], defs)
        if "properties" in held:
            control, inside = Control.ROWS, tuple(_fields(held["title"], held, defs))
        else:
            inside = (_shape(owner, name, held, defs, required=True),)
    elif (owner, name) in OPEN_CODES:
        control, choices = Control.CHOICE, tuple(VALUES[name])
    elif (owner, name) == ("SpecialAdded", "special"):  # none of those there are
        control = Control.TEXT
    return Shape(
        name=name,
        label=term(owner, name),
        help=HELP.get(name),
        control=control,
        required=required,
        default=schema.get("default"),
        choices=choices,
        inside=inside,
        longest=found.get("maxLength"),
    )


def _plain(schema: dict[str, Any], defs: dict[str, Any]) -> dict[str, Any]:
    """A schema without its reference, and without that it may be absent; of several codes, all of them."""
    if "$ref" in schema:
        return _plain(defs[schema["$ref"].rpartition("/")[2]], defs)
    if "anyOf" not in schema:
        return {**schema, "enum": [schema["const"]]} if "const" in schema else schema
    held = [_plain(one, defs) for one in schema["anyOf"] if one.get("type") != "null"]
    if len(held) > 1 and all("enum" in one for one in held):
        return {"enum": [code for one in held for code in one["enum"]]}
    return held[0] if len(held) == 1 else {}


def _control(schema: dict[str, Any]) -> Control:
    if "enum" in schema:
        return Control.CHOICE
    if schema.get("pattern") in _PATTERNS:
        return _PATTERNS[schema["pattern"]]
    match schema.get("type"):
        case "object" if "sha256" in schema.get("properties", {}):
            return Control.DOCUMENT
        case "array":
            return Control.LIST
        case "boolean":
            return Control.FLAG
        case "integer":
            return Control.NUMBER
        case "string" if schema.get("description", "").startswith("Amount in yuan"):
            return Control.MONEY
        case "string" if schema.get("format") == "date":
            return Control.DATE
        case "string":
            return Control.TEXT
    return Control.JSON
