"""Every kind of movement together: the union that requests are parsed with, told apart by ``kind``."""

import functools
import importlib
import operator
from typing import Annotated, Any

from pydantic import Field, TypeAdapter

from ledger.domain import approval, correction
from ledger.domain.movement import MOVEMENTS, Movement

SUBJECTS = (
    "special",
    "party",
    "project",
    "appropriation",
    "consolidation",
    "allocation",
    "reservation",
    "reallocation",
    "commitment",
    "instalment",
    "prefunding",
    "postsubsidy",
    "issuance",
    "payment",
    "suspense",
    "clearing",
    "rescheduling",
    "matching",
    "cofunding",
    "recovery",
    "withdrawal",
    "closing",
    "yearend",
    "merging",
    "correction",
    "parameter",
    "holidays",
    "signing",
    "approval",
)
"""The subjects in the order in which money moves through them."""

for _subject in SUBJECTS:
    importlib.import_module(f"ledger.domain.{_subject}")


def _union(*without: str) -> Any:
    kinds = [kind for name, kind in MOVEMENTS.items() if name not in without]
    return Annotated[functools.reduce(operator.or_, kinds), Field(discriminator="kind")]


_APPROVALS = tuple(name for name, kind in MOVEMENTS.items() if kind.of_proposals)
_correctable = {"AnyMovement": _union(*_APPROVALS, "EntryCorrected")}
correction.CorrectionLine.model_rebuild(force=True, _types_namespace=_correctable)
correction.EntryCorrected.model_rebuild(force=True)
approval.ProposalSubmitted.model_rebuild(force=True, _types_namespace={"AnyMovement": _union(*_APPROVALS)})

ANY_MOVEMENT: TypeAdapter[Movement] = TypeAdapter(_union())
"""Parses a request of any kind: ``ANY_MOVEMENT.validate_json(body)``."""
