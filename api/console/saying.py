"""What a recorded or proposed movement says, field by field, in words: names of fields and what codes mean."""

from collections.abc import Collection, Iterator
from typing import Any

from api.console.shapes import Control, Shape, shape_of
from api.console.view import View
from ledger.domain.catalogue import Name
from ledger.domain.movement import MOVEMENTS

YES, NO = Name("是", "Yes"), Name("否", "No")
YUAN = Name("(元)", " (yuan)")


def plain_values(view: View, movement: dict[str, Any], without: Collection[str] = ()) -> Iterator[tuple[str, str]]:
    """The plain values of a movement as routes answer it, each with the way to it; not its kind, nor ``without``."""
    shapes = {shape.name: shape for shape in shape_of(movement["kind"])} if movement.get("kind") in MOVEMENTS else {}
    for name, value in movement.items():
        if name != "kind" and name not in without:
            yield from _said(view, "", shapes.get(name), name, value)


def _said(view: View, way: str, shape: Shape | None, name: str, value: Any) -> Iterator[tuple[str, str]]:
    label = view.named(shape.label) if shape else name
    if isinstance(value, list):
        for place, one in enumerate(value, 1):
            yield from _inside(view, f"{way}{label} {place}", shape, one)
    else:
        yield from _inside(view, f"{way}{label}", shape, value)


def _inside(view: View, way: str, shape: Shape | None, value: Any) -> Iterator[tuple[str, str]]:
    if not isinstance(value, dict):
        yield way + (view.named(YUAN) if shape and shape.control is Control.MONEY else ""), _value(view, shape, value)
    elif "kind" in value:
        yield way, view.named(MOVEMENTS[value["kind"]].label)
        yield from ((f"{way} · {name}", said) for name, said in plain_values(view, value))
    else:
        inside = {one.name: one for one in shape.inside} if shape else {}
        for name, held in value.items():
            yield from _said(view, f"{way} · ", inside.get(name), name, held)


def _value(view: View, shape: Shape | None, value: Any) -> str:
    if isinstance(value, bool):
        return view.named(YES if value else NO)
    called = shape.called(value) if shape else None
    return f"{value} {view.named(called)}" if called else str(value)
