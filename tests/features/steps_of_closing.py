"""More words of the features: what a year's end and a period's close leave behind."""

import hashlib
from collections import defaultdict
from typing import Any

from pytest_bdd import given, parsers, then

from ledger.domain.money import grouped_yuan, yuan
from ledger.domain.period import is_late
from ledger.projections.figures import MEASURES
from tests.features.cells import signed_fen
from tests.world import World


@given(
    parsers.re(
        r"all that (?P<year>\d{4}) still holds(?: in (?P<codes>B\d+(?: B\d+)*))?"
        r" is carried forward in (?P<period>[\d-]+)$"
    )
)
def all_carried(world: World, year: str, codes: str | None, period: str) -> None:
    """Balance by balance; those of the named accounts only, where any are named."""
    wanted = (codes or "B200 B210 B220 B230").split()
    for account, held in world.book.standing(*wanted, fiscal_year=int(year)):
        where = {"special": account.special, "project": account.project, "ref": account.ref}
        fields = {
            "account": account.code,
            "fund": account.source,
            "vintage": account.vintage,
            "amount": yuan(held),
            "treatment": "CARRY_OVER",
            "reason": "项目继续执行",
            "effective_on": f"{year}-12-31",
            "period": period,
            **{name: value for name, value in where.items() if value is not None},
        }
        world.record("FIN", "BalanceCarriedForward", **fields)


@given(parsers.re(r"the reconciliations of (?P<first>[\d-]+) to (?P<last>[\d-]+) are signed off$"))
def reconciliations_signed(world: World, first: str, last: str) -> None:
    for month in range(int(first[5:]), int(last[5:]) + 1):
        period = f"{first[:4]}-{month:02d}"
        totals = {"ledger_total": "1", "statement_total": "1", "unexplained": "0"}
        statement = hashlib.sha256(period.encode()).hexdigest()
        signed = {"reconciles": period, "statement": statement, "effective_on": f"{last[:4]}-12-31", **totals}
        world.sign("FIN", "FIN2", "ReconciliationSignedOff", **signed)


@then(
    parsers.re(
        r"in year (?P<year>\d{4}) (?P<measure>[a-z][a-z ]*) of (?P<dimension>fund|special|project) (?P<key>[\w-]+)"
        r"(?: and vintage (?P<vintage>\d{4}))? is (?P<amount>[\d,.]+)$"
    )
)
def stands_in_year(
    world: World, year: str, measure: str, dimension: str, key: str, vintage: str | None, amount: str
) -> None:
    where: dict[str, Any] = {"fiscal_year": int(year), {"fund": "source"}.get(dimension, dimension): key}
    if vintage:
        where["vintage"] = int(vintage)
    held = world.total(MEASURES[measure.replace(" ", "_")], **where)
    assert grouped_yuan(held) == grouped_yuan(signed_fen(amount))


@then(
    parsers.re(
        r"what it posts in year (?P<year>\d{4}) is effective on (?P<day>[\d-]+) and belongs to period (?P<period>[\d-]+)$"
    )
)
def posted_in_year(world: World, year: str, day: str, period: str) -> None:
    legs = [entry.leg for entry in world.accepted[-1].entries if entry.leg.account.fiscal_year == int(year)]
    assert {(leg.effective_on.isoformat(), leg.period) for leg in legs} == {(day, period)}


@then(parsers.re(r"it is (?P<never>not )?marked late$"))
def marked_late(world: World, never: str | None) -> None:
    movement = world.accepted[-1].movement
    assert is_late(movement.effective_on, movement.posting_period) is (never is None)


@then(parsers.re(r"what (?P<year>\d{4}) carried out is carried into the next year, vintage by vintage$"))
def carried_out_is_carried_in(world: World, year: str) -> None:
    """V10, for each fund and vintage."""
    carried: dict[str, dict[Any, int]] = {"B260": defaultdict(int), "B101": defaultdict(int)}
    for code, of_year in (("B260", int(year)), ("B101", int(year) + 1)):
        for account, amount in world.book.standing(code, fiscal_year=of_year):
            carried[code][account.source, account.vintage] += amount
    assert carried["B260"]
    assert carried["B260"] == carried["B101"]
