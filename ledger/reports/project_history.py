"""The history of a project: every movement that posted to its accounts or named it, with its number, in the order of the log."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ledger.codec import Recorded
from ledger.domain.catalogue import Name
from ledger.domain.correction import CORRECTED_BY
from ledger.domain.fields import Document, business_date
from ledger.domain.matching import PLEDGES
from ledger.domain.movement import Movement
from ledger.projections.held import Line
from ledger.reports.execution import COMMITTED
from ledger.reports.grounds import Grounds, voucher_of
from ledger.reports.sheet import Value

NAMING = (
    *("ProjectRegistered", "ProjectAmended", "ProjectClosed", "NationalProjectFiled", "PostSubsidyVerified"),
    *("InstalmentsRescheduled", "MilestoneAssessed", "TeamEliminated", "QuotaIssued", "MatchingRescheduled"),
)
"""Kinds that may post nothing and belong to a project's history all the same."""
_TELLING = (
    "instalment",
    "order",
    "settlement",
    "ref",
    "detail",
    "item",
    "claim",
    "pledge",
    "team",
    "national_id",
    "into",
)
"""Fields that say what of a project a movement is about."""
_DOCUMENTS = ("document", "quota", "report", "evaluation", "scheme")


def history_of(of: Grounds, lines: Iterable[Line]) -> dict[int, Recorded]:
    """Number → movement, of those that posted ``lines`` and of those that name the project, as far as they are seen."""
    found = {line.recorded.number: line.recorded for line in lines}
    found |= {one.number: one for one in of.recorded if _names(of, one.movement)}
    seen = (number for number, one in found.items() if of.sees.movement(of.book, one.movement, one.legs))
    return {number: found[number] for number in sorted(seen)}


def _names(of: Grounds, movement: Movement) -> bool:
    if movement.kind not in NAMING:
        return False
    pledge = PLEDGES.get(of.book, getattr(movement, "pledge", ""))
    return getattr(movement, "project", None) == of.project or (pledge is not None and pledge.at.project == of.project)


def told(of: Grounds, history: Mapping[int, Recorded], lines: Iterable[Line]) -> Iterator[dict[str, Value]]:
    """One row for each movement: when, which, by what document, and what it changed of what is committed, in fen."""
    change: dict[int, int] = defaultdict(int)
    corrects: dict[int, set[int]] = defaultdict(set)
    for line in lines:
        change[line.recorded.number] += line.leg.amount if line.leg.account.code in COMMITTED else 0
        if line.leg.corrects is not None:
            corrects[line.recorded.number].add(line.leg.corrects)
    for number, one in history.items():
        movement = one.movement
        yield {
            "item": movement.label,
            "content": _content(of, number, movement, corrects[number]),
            "day": movement.effective_on,
            "recorded_on": business_date(one.recorded_at),
            "number": number,
            "voucher": voucher_of(one),
            "document": document_of(movement),
            "change": change[number],
            "sum": getattr(movement, "amount", None),
        }


def _content(of: Grounds, number: int, movement: Movement, corrects: Iterable[int]) -> Name | None:
    about = " ".join(str(value) for name in _TELLING if (value := getattr(movement, name, None)) is not None)
    before, after = numbers(corrects), numbers(CORRECTED_BY.get(of.book, number) or ())
    zh = f" 更正第 {before} 号" * bool(before) + f" 已由第 {after} 号更正" * bool(after)
    en = f" corrects {before}" * bool(before) + f" corrected by {after}" * bool(after)
    return Name(f"{about}{zh}".strip(), en.strip() or about) if about or zh else None


def numbers(found: Iterable[int]) -> str:
    return ", ".join(map(str, sorted(found)))


def document_of(movement: Movement) -> str | None:
    """The number of the document that a movement cites, or of the one that its kind is about."""
    given: Iterable[Any] = (getattr(movement, name, None) for name in _DOCUMENTS)
    return next((one.number for one in given if isinstance(one, Document)), None)
