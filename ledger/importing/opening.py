"""The opening list 期初余额表: what the funds hold when the ledger begins, signed by two departments (五(二))."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from ledger.domain.book import Book
from ledger.domain.catalogue import Plan as PlanCode
from ledger.domain.consolidation import OpeningBalanceImported, OpeningInstalment, OpeningPledge
from ledger.domain.matching import Tranche
from ledger.domain.special import SpecialAdded, special_state
from ledger.importing.faults import Faulty
from ledger.importing.planned import Plan, Planned, filled_in
from ledger.importing.reading import Line, Sheet

_OF_PROJECT = ("instalment", "unpaid", "paid", "pledge", "pledger", "pledged", "received", "due_on")


class FundTotal(NamedTuple):
    """What an opening list brings into one fund, in fen; what is signed before it is recorded."""

    fund: str
    lines: int
    unallocated: int
    available: int
    committed: int
    disbursed: int

    @property
    def total(self) -> int:
        return self.unallocated + self.available + self.committed + self.disbursed


def plan_opening(sheet: Sheet, book: Book, effective_on: date) -> list[Planned]:
    """The movements an opening list asks for, in an order in which they can be recorded. Raises Faulty."""
    plan = Plan(sheet, book, effective_on)
    by_project: dict[str, list[Line]] = {}
    added: set[str] = set()
    for line in filled_in(sheet, plan):
        if plan.missing(line, "fund", "vintage", "origin"):
            continue
        _add_category(plan, line, added)
        if "project" in line.values:
            by_project.setdefault(line.values["project"], []).append(line)
        else:
            _without_project(plan, line)
    for lines in by_project.values():
        plan.project(lines[0])
        _of_project(plan, lines)
    if plan.faults:
        raise Faulty(plan.faults)
    return plan.movements


def totals_by_fund(movements: Iterable[Planned]) -> list[FundTotal]:
    """What is to be signed: each fund with what it gets, and where it stands."""
    totals: dict[str, FundTotal] = {}
    for planned in movements:
        movement = planned.movement
        if not isinstance(movement, OpeningBalanceImported):
            continue
        before = totals.get(movement.fund, FundTotal(movement.fund, 0, 0, 0, 0, 0))
        free = 0 if movement.project else movement.amount
        totals[movement.fund] = FundTotal(
            movement.fund,
            before.lines + 1,
            before.unallocated + (0 if movement.special else free),
            before.available + (free if movement.special else 0),
            before.committed + sum(part.unpaid for part in movement.instalments),
            before.disbursed + sum(part.paid for part in movement.instalments),
        )
    return list(totals.values())


def _add_category(plan: Plan, line: Line, added: set[str]) -> None:
    """A former category is registered before anything stands in it, suspended from the start."""
    special, name = line.values.get("special"), line.values.get("category")
    if special is None or name is None or special in added or special_state(plan.book, special) is not None:
        return
    added.add(special)
    movement = plan.make(
        SpecialAdded, line, "category", special=special, plan=PlanCode.LEGACY, title_zh=name, title_en=name
    )
    plan.add(movement, line, "special", f"special:{special}")


def _without_project(plan: Plan, line: Line) -> None:
    if plan.missing(line, "amount"):
        return
    for field in _OF_PROJECT:
        if field in line.values:
            zh, en = "没有项目编号的行不填此列", "leave this blank on a line without a project number"
            plan.complain(line.row, field, zh, en)
    if not line.values["amount"]:
        plan.complain(line.row, "amount", "金额应大于零", "the amount must be above zero")
        return
    special = line.values.get("special")
    movement = plan.make(
        OpeningBalanceImported,
        line,
        "amount",
        fund=line.values["fund"],
        vintage=line.values["vintage"],
        amount=line.values["amount"],
        carried_in=line.values["origin"] == "CARRIED_IN",
        special=special,
        document=plan.document(line),
        reason=line.values.get("note"),
    )
    plan.add(movement, line, "amount", needs=(f"special:{special}",))


def _of_project(plan: Plan, lines: list[Line]) -> None:
    first, values = lines[0], lines[0].values
    instalments = _instalments(plan, lines)
    pledges = [pledge for line in lines if (pledge := _pledge(plan, line)) is not None]
    notes = ";".join(line.values["note"] for line in lines if "note" in line.values)
    movement = plan.make(
        OpeningBalanceImported,
        first,
        "unpaid",
        fund=values["fund"],
        vintage=values["vintage"],
        amount=sum(part.unpaid + part.paid for part in instalments),
        carried_in=values["origin"] == "CARRIED_IN",
        project=values["project"],
        instalments=tuple(instalments),
        pledges=tuple(pledges),
        document=plan.document(first),
        reason=notes[:2000] or None,
    )
    plan.add(movement, first, "unpaid", needs=(f"project:{values['project']}",))


def _instalments(plan: Plan, lines: list[Line]) -> list[OpeningInstalment]:
    found: list[OpeningInstalment] = []
    for line in lines:
        values = line.values
        unpaid, paid = values.get("unpaid", 0), values.get("paid", 0)
        if not unpaid + paid:
            if "pledge" not in values:
                plan.complain(
                    line.row, "unpaid", "未拨付与已支付至少填一项", "give what is unpaid, what was paid, or both"
                )
            continue
        if values.get("amount", unpaid + paid) != unpaid + paid:
            zh, en = "有项目的行:金额须等于未拨付加已支付,或不填", "of a project: unpaid plus paid, or blank"
            plan.complain(line.row, "amount", zh, en)
        name = values.get("instalment", "1" if len(lines) == 1 else None)
        if name is None:
            plan.missing(line, "instalment")
            continue
        if any(part.instalment == name for part in found):
            plan.complain(line.row, "instalment", f"期次重复:{name}", f"the instalment {name} is there twice")
            continue
        found.append(OpeningInstalment(instalment=name, unpaid=unpaid, paid=paid, gated=bool(values.get("gate"))))
    return found


def _pledge(plan: Plan, line: Line) -> OpeningPledge | None:
    values = line.values
    if "pledge" not in values:
        for field in ("pledger", "pledged", "received", "due_on"):
            if field in values:
                plan.missing(line, "pledge")
                break
        return None
    if plan.missing(line, "pledger", "pledged"):
        return None
    outstanding = values["pledged"] - values.get("received", 0)
    if outstanding < 0 or not values["pledged"]:
        plan.complain(
            line.row, "pledged", "匹配承诺应大于零且不少于已到", "the pledge is above zero and not below what arrived"
        )
        return None
    if outstanding and plan.missing(line, "due_on"):
        return None
    tranches = (Tranche(due_on=values["due_on"], amount=outstanding),) if outstanding else ()
    return OpeningPledge(
        pledge=values["pledge"],
        pledger=values["pledger"],
        amount=values["pledged"],
        received=values.get("received", 0),
        tranches=tranches,
    )
