"""Correcting what was recorded 更正: the form begins with what stands under a number, so that only the wrong field is changed."""

from collections.abc import Mapping
from typing import Any

import msgspec
from fastapi import Response

from api.problems import ProblemRaised
from api.reading import NUMBER_MAX
from api.routes.movements import get_movement
from api.security import Caller
from ledger.access.policy import Action
from ledger.application import Ledger
from ledger.domain.correction import EntryCorrected
from ledger.domain.movement import MOVEMENTS, sealed_fields

NUMBER, REPLACEMENT = "lines.1.number", "lines.1.replacement"
"""Fields of the form."""


def is_correctable(kind: str) -> bool:
    return MOVEMENTS[kind].correctable


def replaced(ledger: Ledger, caller: Caller, given: Mapping[str, str]) -> dict[str, str]:
    """The replacement that a form begins with: the movement as it stands; nothing where it is not seen or was taken back.

    Without its sealed texts, which nobody reads back: they are given anew where they still hold.
    """
    number = given.get(NUMBER, "")
    if not number.isdecimal() or not 1 <= int(number) <= NUMBER_MAX or caller.sight(Action.SEE_BOOKS) is None:
        return {}
    try:
        stands = _stands(ledger, caller._replace(action=Action.SEE_BOOKS), int(number))
    except ProblemRaised:
        return {}
    if stands is None or not is_correctable(stands["kind"]):
        return {}
    sealed = {name for name, _ in sealed_fields(MOVEMENTS[stands["kind"]])}
    said = {name: value for name, value in stands.items() if name not in sealed and value not in (None, [], "")}
    return {REPLACEMENT: msgspec.json.format(msgspec.json.encode(said), indent=2).decode()}


def _stands(ledger: Ledger, caller: Caller, number: int) -> dict[str, Any] | None:
    """A movement as its last correction says, or as it was recorded; None: it was taken back."""
    found = get_movement(ledger, caller, Response(), number)
    if not found.corrected_by:
        return found.movement
    last = get_movement(ledger, caller, Response(), found.corrected_by[-1])
    assert last.kind == EntryCorrected.__name__  # nothing else stands in that register
    line = next(line for line in last.movement["lines"] if line["number"] == number)
    replacement: dict[str, Any] | None = line.get("replacement")
    return replacement
