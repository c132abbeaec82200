"""Words of the feature about reconciliation: what two sides tell, which cases it makes, and how the balances come together."""

from dataclasses import dataclass, field
from datetime import date

from pytest_bdd import given, parsers, then, when

from ledger.domain.money import fen, grouped_yuan
from ledger.domain.reconciliation import Flow, StatementKind
from ledger.reconciliation.asking import asked
from ledger.reconciliation.case import Case
from ledger.reconciliation.line import Line
from ledger.reconciliation.matching import match
from ledger.reconciliation.parting import Foot, foot, parting
from tests.world import World


@dataclass
class Compared:
    """Both sides, and what came of them."""

    ours: list[Line]
    theirs: list[Line] = field(default_factory=list)
    through: date = date.max
    cases: list[Case] = field(default_factory=list)

    def foot(self) -> Foot:
        return foot(self.ours, self.theirs, self.cases, self.through)


def amount(text: str) -> int:
    return -fen(text[1:].replace(",", "")) if text.startswith("-") else fen(text.replace(",", ""))


def lines(table: list[list[str]]) -> list[Line]:
    """A row for each line; what a row does not say moved its amount."""
    found = []
    for row in (dict(zip(table[0], cells, strict=True)) for cells in table[1:]):
        own = amount(row.pop("amount"))
        moved = amount(row.pop("moved")) if row.get("moved") else own
        key, flow, day = int(row.pop("line")), Flow(row.pop("flow")), date.fromisoformat(row.pop("day"))
        found.append(Line(key=key, flow=flow, day=day, amount=own, moved=moved, **row))
    return found


def numbers(text: str) -> tuple[int, ...]:
    return tuple(map(int, text.split()))


@given("the ledger tells:", target_fixture="compared")
def ledger_tells(datatable: list[list[str]]) -> Compared:
    return Compared(lines(datatable))


@given("the treasury tells:")
def treasury_tells(compared: Compared, datatable: list[list[str]]) -> None:
    compared.theirs = lines(datatable)


@when(parsers.re(r"they are reconciled through (?P<day>[\d-]+)$"))
def reconciled(world: World, compared: Compared, day: str) -> None:
    compared.through = date.fromisoformat(day)
    terms = asked(world.book, StatementKind.TREASURY, compared.through)
    compared.cases = match(compared.ours, compared.theirs, terms)


@then("the cases are:")
def the_cases(compared: Compared, datatable: list[list[str]]) -> None:
    said = [
        [
            case.rule,
            case.status.value,
            case.cause.value if case.cause else "",
            " ".join(map(str, case.ours)),
            " ".join(map(str, case.theirs)),
            grouped_yuan(case.difference),
            " ".join(map(str, case.rivals)),
        ]
        for case in compared.cases
    ]
    width = len(datatable[0])
    assert [row[:width] for row in said] == datatable[1:]


@then("the statement is:")
def the_statement(compared: Compared, datatable: list[list[str]]) -> None:
    found = compared.foot()
    said = [
        [side, *map(grouped_yuan, (column.balance, column.add, column.less, column.adjusted))]
        for side, column in (("ours", found.ours), ("theirs", found.theirs))
    ]
    assert said == datatable[1:]


@then("nothing is left unexplained")
def nothing_left(compared: Compared) -> None:
    assert (compared.foot().rest, compared.foot().unexplained) == (0, ())


@then(parsers.re(r"(?P<rest>[\d,.]+) yuan are left unexplained$"))
def left(compared: Compared, rest: str) -> None:
    found = compared.foot()
    assert grouped_yuan(found.rest) == rest
    assert sum(amount for _, amount in found.unexplained) == found.rest


@then(parsers.re(r"the sides part on (?P<day>[\d-]+) with line (?P<line>\d+) of ours$"))
def they_part(compared: Compared, day: str, line: str) -> None:
    found = parting(compared.ours, compared.theirs, compared.cases, compared.through)
    assert found
    assert (found.at.day, [case.ours for case in found.cases]) == (date.fromisoformat(day), [numbers(line)])
