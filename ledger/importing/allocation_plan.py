"""The allocation plan 资金安排表: each project with its instalments becomes one commitment of pre-funding."""

from datetime import date

from ledger.domain.book import Book
from ledger.domain.fields import Document
from ledger.domain.instalment import InstalmentPlan
from ledger.domain.money import grouped_yuan
from ledger.domain.prefunding import LaterYear, PreFundingCommitted
from ledger.importing.faults import Faulty
from ledger.importing.planned import Plan, Planned, filled_in
from ledger.importing.reading import Line, Sheet


def plan_allocation(sheet: Sheet, book: Book, effective_on: date) -> list[Planned]:
    """The movements a plan asks for, in an order in which they can be recorded. Raises Faulty."""
    plan = Plan(sheet, book, effective_on)
    by_project: dict[str, list[Line]] = {}
    incomplete: set[str] = set()
    for line in filled_in(sheet, plan):
        if plan.missing(line, "document", "fund", "vintage", "special", "project", "this_year"):
            incomplete.add(line.values.get("project", ""))
        else:
            by_project.setdefault(line.values["project"], []).append(line)
    for project, lines in by_project.items():
        plan.project(lines[0])
        _commit(plan, lines, whole=project not in incomplete)
    if plan.faults:
        raise Faulty(plan.faults)
    return plan.movements


def _commit(plan: Plan, lines: list[Line], *, whole: bool) -> None:
    """One commitment. Totals are compared where nothing else is wrong with its lines, all of which are there."""
    first, values = lines[0], lines[0].values
    instalments = _instalments(plan, lines)
    if not instalments:
        return
    later = _later_years(plan, lines)
    amount = sum(part.amount for part in instalments)
    rows = {line.row for line in lines}
    if whole and not any(fault.row in rows for fault in plan.faults):
        _check_total(plan, first, amount, sum(part.amount for part in later))
    scheme = values.get("scheme")
    movement = plan.make(
        PreFundingCommitted,
        first,
        "this_year",
        project=values["project"],
        fund=values["fund"],
        vintage=values["vintage"],
        amount=amount,
        instalments=tuple(instalments),
        later_years=tuple(later),
        support=values.get("support") or None,
        scheme=Document(number=scheme) if scheme else None,
        document=plan.document(first),
        reason=_remarks(lines),
    )
    project = f"project:{values['project']}"
    plan.add(movement, first, "this_year", needs=(project, f"special:{values['special']}"))


def _instalments(plan: Plan, lines: list[Line]) -> list[InstalmentPlan]:
    found: list[InstalmentPlan] = []
    for line in lines:
        name = line.values.get("instalment")
        if name is None and len(lines) > 1:
            plan.missing(line, "instalment")
            continue
        if any(part.instalment == name for part in found):
            zh, en = f"期次重复:{name}", f"the instalment {name} is there twice"
            plan.complain(line.row, "instalment", zh, en)
            continue
        if not line.values["this_year"]:
            plan.complain(line.row, "this_year", "本年金额应大于零", "the amount of this year must be above zero")
            continue
        found.append(
            InstalmentPlan(
                instalment=name or "1",
                amount=line.values["this_year"],
                gated=bool(line.values.get("gate")),
                due_on=line.values.get("due_on"),
            )
        )
    return found


def _later_years(plan: Plan, lines: list[Line]) -> list[LaterYear]:
    """Promises by year, over all lines; where the header names no year, the next one is meant."""
    years: dict[int, int] = {}
    for line in lines:
        for field, amount in line.values.items():
            if field.partition(":")[0] == "later" and amount:
                named = field.partition(":")[2]
                year = int(named) if named else plan.effective_on.year + 1
                years[year] = years.get(year, 0) + amount
    return [LaterYear(fiscal_year=year, amount=amount) for year, amount in sorted(years.items())]


def _check_total(plan: Plan, line: Line, this_year: int, later: int) -> None:
    total = line.values.get("total")
    if total is not None and total != this_year + later:
        said, found = grouped_yuan(total), grouped_yuan(this_year + later)
        zh = f"总额 {said} 元,本年与以后年度合计 {found} 元"
        en = f"the total says {said} yuan, this year and later years add up to {found}"
        plan.complain(line.row, "total", zh, en)


def _remarks(lines: list[Line]) -> str | None:
    """Gates and notes in the words of the sheet."""
    said = []
    for line in lines:
        gate, name = line.values.get("gate"), line.values.get("instalment", "1")
        said += [f"期次 {name} 条件:{gate}"] if gate else []
        said += [line.values["note"]] if "note" in line.values else []
    return ";".join(said)[:2000] or None
