"""Elements of XML of which something is read, in a tree made beforehand: what a parser meets there is looked up by one name."""

from collections.abc import Callable, Iterable
from typing import Any, Final

NAMES_MAX: Final = 1000
"""Names in one place that are remembered; further ones are looked at each time."""


class Place:
    """An element of which something is read. Its text is ``kept`` under a ``name``, or it ``begins`` and ``ends`` something.

    ``local``: the elements in it of which something is read, by their local names; ``other``: all others. ``below``: both, by
    their names as the file writes them.
    """

    def __init__(self, other: "Place | None" = None, kept: dict[str, str] | None = None, name: str = "") -> None:
        self.other, self.kept, self.name, self.money = other or self, kept, name, False
        self.begins: Callable[[], None] | None = None
        self.ends: Callable[[], dict[str, Any] | None] | None = None
        self.local: dict[str, Place] = {}
        self.below: dict[str, Place] = {}

    def at(self, path: str) -> "Place":
        """The place so far below, made where there is none."""
        place = self
        for tag in path.split("/"):
            if tag not in place.local:
                place.local[tag] = Place(place.other)
            place = place.local[tag]
        return place

    def keep(self, paths: Iterable[str], kept: dict[str, str]) -> None:
        """The texts at these paths are kept by them."""
        for path in paths:
            place = self.at(path)
            place.kept, place.name, place.money = kept, path, path.endswith("Amt")

    def enter(self, name: str, tag: str) -> "Place":
        place = self.local.get(tag, self.other)
        if len(self.below) < NAMES_MAX:
            self.below[name] = place
        return place
