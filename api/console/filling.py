"""Filling in a form: from the fields that were sent, or stand in an address, to the request they make, and back with what is wrong.

Fields are named by their way: ``document.number``, and in rows, counted from 1, ``instalments.2.amount``.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from api.console.shapes import Control, Shape
from api.malformed import Fault
from ledger.domain.catalogue import Name

Filled = dict[str, Any]
"""What was typed, by name: a text, texts or rows in a list, or for a document its own fields."""
_ROW = re.compile(r"([1-9][0-9]{0,2})(?:\.|\Z)", re.ASCII)
_NUMBER = re.compile(r"-?[0-9]{1,18}", re.ASCII)
_IN_AMOUNTS = str.maketrans("", "", ",, \u3000\t")
"""What people write between the digits of an amount."""
_LINES = re.compile(r"[\n,,;;、]+")
_NO_JSON = Fault(where="", zh="应为 JSON 对象", en="give a JSON object")


class Box(NamedTuple):
    """A field as it stands on a page. ``rows``: those of a list, or the one that a document is."""

    way: str
    shape: Shape
    value: str = ""
    wrong: tuple[Fault, ...] = ()
    rows: "tuple[tuple[Box, ...], ...]" = ()


def typed(shapes: Iterable[Shape], sent: Mapping[str, str], way: str = "") -> Filled:
    """What was sent of these fields; rows that are empty are there."""
    return {shape.name: _typed(shape, sent, way + shape.name) for shape in shapes}


def _typed(shape: Shape, sent: Mapping[str, str], way: str) -> Any:
    if shape.control is Control.DOCUMENT:
        return typed(shape.inside, sent, f"{way}.")
    if not shape.in_rows:
        return sent.get(way, "")
    begun = {found[1] for name in sent if name.startswith(f"{way}.") and (found := _ROW.match(name, len(way) + 1))}
    ways = [f"{way}.{row}" for row in sorted(begun, key=int)]
    if shape.control is Control.ROWS:
        return [typed(shape.inside, sent, f"{one}.") for one in ways]
    return [sent.get(one, "") for one in ways]


def blank(value: Any) -> bool:
    """Whether nothing was typed."""
    if isinstance(value, dict | list):
        return all(map(blank, value.values() if isinstance(value, dict) else value))
    return not value.strip()


def dense(value: Any) -> Any:
    """The same without empty rows, so that rows are counted as the request counts them."""
    if isinstance(value, dict):
        return {name: dense(one) for name, one in value.items()}
    return [dense(one) for one in value if not blank(one)] if isinstance(value, list) else value


def with_row(filled: Filled, shapes: Sequence[Shape], way: str) -> Filled:
    """The same with an empty row more in the list that is at ``way``; as it is where there is no such list."""
    name, _, rest = way.partition(".")
    shape = next((shape for shape in shapes if shape.name == name and shape.in_rows), None)
    if shape is None:
        return filled
    rows = filled[name]
    if not rest:
        rows = [*rows, typed(shape.inside, {}) if shape.control is Control.ROWS else ""]
    elif (found := _ROW.match(rest)) and int(found[1]) <= len(rows):
        place = int(found[1]) - 1
        rows = [*rows[:place], with_row(rows[place], shape.inside, rest[found.end() :]), *rows[place + 1 :]]
    return {**filled, name: rows}


def request_of(shapes: Iterable[Shape], filled: Filled, faults: list[Fault], way: str = "") -> dict[str, Any]:
    """The request that was filled in, without what was left empty; ``faults`` takes what cannot even be read."""
    return {
        shape.name: _value(shape, filled[shape.name], faults, way + shape.name)
        for shape in shapes
        if not blank(filled[shape.name])
    }


def _value(shape: Shape, value: Any, faults: list[Fault], way: str) -> Any:
    match shape.control:
        case Control.DOCUMENT:
            return request_of(shape.inside, value, faults, f"{way}.")
        case Control.ROWS:
            return [request_of(shape.inside, row, faults, f"{way}.{at}.") for at, row in enumerate(value, 1)]
        case Control.LIST:
            said = value if shape.in_rows else [line for line in _LINES.split(value) if line.strip()]
            return [_value(shape.inside[0], one, faults, way) for one in said]
        case Control.JSON:
            return _json(value, faults, way)
    return _plain(shape.control, value.strip())


def _plain(control: Control, value: str) -> Any:
    """What is no number or answer stays the text it is, and the model says what is wrong with it."""
    match control:
        case Control.MONEY:
            return value.translate(_IN_AMOUNTS)
        case Control.NUMBER if _NUMBER.fullmatch(value):
            return int(value)
        case Control.FLAG:
            return {"true": True, "false": False}.get(value, value)
    return value


def _json(value: str, faults: list[Fault], way: str) -> Any:
    try:
        return msgspec.json.decode(value)
    except (msgspec.DecodeError, RecursionError):
        faults.append(_NO_JSON.model_copy(update={"where": way}))
        return None


def boxes(
    shapes: Iterable[Shape], filled: Filled, wrong: Mapping[str, Sequence[Fault]], way: str = ""
) -> Iterator[Box]:
    """The form with what was typed in it, and each fault at its field."""
    for shape in shapes:
        value, at = filled[shape.name], way + shape.name
        found = tuple(wrong.get(at, ()))
        if shape.control is Control.DOCUMENT:
            yield Box(at, shape, wrong=found, rows=(tuple(boxes(shape.inside, value, wrong, f"{at}.")),))
        elif shape.in_rows:
            asked = value or ([typed(shape.inside, {})] if shape.control is Control.ROWS else [""]) * shape.required
            yield Box(
                at, shape, wrong=found, rows=tuple(_row(shape, at, row, one, wrong) for row, one in enumerate(asked, 1))
            )
        else:
            yield Box(at, shape, value, found)


def _row(shape: Shape, way: str, row: int, value: Any, wrong: Mapping[str, Sequence[Fault]]) -> tuple[Box, ...]:
    at = f"{way}.{row}"
    if shape.control is Control.ROWS:
        return tuple(boxes(shape.inside, value, wrong, f"{at}."))
    return (Box(at, shape.inside[0], value, tuple(wrong.get(at, ()))),)


def at_fields(faults: Iterable[Fault], all_boxes: Iterable[str]) -> dict[str, list[Fault]]:
    """Faults of a request by the field of the form that each is about; under the empty name where there is none.

    Requests count rows from 0, forms from 1. What is wrong with a line of a text stands at the text, with a whole document at
    its number.
    """
    known, found = set(all_boxes), dict[str, list[Fault]]()
    for fault in faults:
        way = re.sub(r"(?<=\.)[0-9]+(?=\.|\Z)", lambda row: str(int(row[0]) + 1), fault.where)
        while way and way not in known:
            way = f"{way}.number" if f"{way}.number" in known else way.rpartition(".")[0]
        found.setdefault(way, []).append(fault)
    return found


def ways(found: Iterable[Box]) -> Iterator[str]:
    """The names of all fields of a form into which something can be typed."""
    for box in found:
        if box.shape.control is not Control.DOCUMENT:
            yield box.way
        for row in box.rows:
            yield from ways(row)


def values(found: Iterable[Box]) -> Iterator[tuple[str, str]]:
    """What was typed, by the names of the fields, as ``typed`` takes it; without those that were left empty."""
    for box in found:
        if box.value.strip():
            yield box.way, box.value
        for row in box.rows:
            yield from values(row)


def called(found: Iterable[Box], named: Callable[[Name], str], within: str = "") -> Iterator[tuple[str, str]]:
    """What each field is called where it stands by itself: with the row and the list it is in."""
    for box in found:
        label = within + named(box.shape.label)
        yield box.way, label
        for at, row in enumerate(box.rows, 1):
            inside = f"{label} · " if box.shape.control is Control.DOCUMENT else f"{label} {at} · "
            yield from called(row, named, inside)
