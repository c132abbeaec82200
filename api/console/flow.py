"""How money flows: from what brought it to a fund, to plans and specials, to the state it is in. One snapshot, at any moment."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from api.console.view import View
from ledger.access.sight import Sight
from ledger.application import Ledger
from ledger.domain.accounts import ACCOUNTS, SUPPLY, USE
from ledger.domain.book import Book
from ledger.domain.catalogue import PLANS, Name, source_name
from ledger.domain.special import all_specials
from ledger.projections.figures import MEASURE_OF
from ledger.projections.held import held
from ledger.projections.journal import snapshot
from ledger.projections.moment import Moment
from ledger.projections.then import at
from ledger.reports.presenting import in_unit


class Supply(NamedTuple):
    """What brought money to a fund or another source, in fen; ``account`` of the budget identity's debit side."""

    source: str
    account: str
    amount: int


class Use(NamedTuple):
    """Money of one source at one special (None: not allocated), by account, in fen."""

    source: str
    special: str | None
    amounts: dict[str, int]

    @property
    def total(self) -> int:
        return sum(self.amounts.values())


class Flow(NamedTuple):
    number: int
    fiscal_year: int
    supplies: list[Supply]
    uses: list[Use]
    plan_of: dict[str, str]
    """Special → its plan."""
    name_of: dict[str, Name]
    """What specials are called."""


def flow(ledger: Ledger, sees: Sight, moment: Moment, fiscal_year: int | None, today: date) -> Flow | None:
    """The budget accounts of a year, the latest where none is named; None for who sees single projects only."""
    if sees.department is not None:
        return None
    with snapshot(ledger.store, ledger.id) as (connection, _):
        then = at(connection, ledger.id, moment)
        stands = then.standing()
        year = fiscal_year or stands.latest or today.year
        amounts = held(then, (*SUPPLY, *USE), year)
    with ledger.reading() as book:
        return _arranged(book, sees, stands.number, year, amounts)


def _arranged(book: Book, sees: Sight, number: int, year: int, amounts: dict[Any, int]) -> Flow:
    supplies: dict[tuple[str, str], int] = defaultdict(int)
    uses: dict[tuple[str, str | None], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    whole = sees.specials is None
    for account, amount in amounts.items():
        if not sees.source(account.source):
            continue
        if account.code in SUPPLY and whole:
            supplies[account.source, account.code] += amount
        elif account.code in USE and (whole or sees.special(book, account.special)):
            uses[account.source, account.special][account.code] += amount
    specials = all_specials(book)
    order = {code: place for place, code in enumerate(specials)}
    return Flow(
        number,
        year,
        [Supply(*key, amount) for key, amount in sorted(supplies.items()) if amount],
        [
            Use(source, special, {code: held for code, held in found.items() if held})
            for (source, special), found in sorted(
                uses.items(), key=lambda one: (one[0][0], order.get(one[0][1] or "", -1))
            )
            if any(found.values())
        ],
        {code: str(state.plan) for code, state in specials.items()},
        {code: state.name for code, state in specials.items()},
    )


def picture(found: Flow, view: View, words: dict[str, Name]) -> dict[str, Any]:
    """The flow as a Sankey: amounts in the unit of the page. What is below zero has no width, and stands in the table."""
    links: dict[tuple[str, str], int] = defaultdict(int)
    depth: dict[str, int] = {}
    for source, target, at_depth, fen in _links(found, view, words):
        if fen > 0:
            links[source, target] += fen
            depth.setdefault(source, at_depth)
            depth.setdefault(target, at_depth + 1)
    return {
        "kind": "sankey",
        "unit": view.scale,
        "nodes": [{"name": name, "depth": at_depth} for name, at_depth in depth.items()],
        "links": [
            {"source": source, "target": target, "value": float(in_unit(fen, view.unit)), "says": view.amount(fen)}
            for (source, target), fen in links.items()
        ],
    }


def _links(found: Flow, view: View, words: dict[str, Name]) -> Iterator[tuple[str, str, int, int]]:
    for supply in found.supplies:
        yield view.named(ACCOUNTS[supply.account].name), view.named(source_name(supply.source)), 0, supply.amount
    for use in found.uses:
        fund = view.named(source_name(use.source))
        if use.special is None:
            yield fund, view.named(words["unallocated"]), 1, use.total
            continue
        plan, special = view.named(PLANS[found.plan_of[use.special]]), view.named(found.name_of[use.special])  # type: ignore[index]
        yield fund, plan, 1, use.total
        yield plan, special, 2, use.total
        for code, amount in use.amounts.items():
            yield special, view.named(ACCOUNTS[code].name), 3, amount


MEASURES = {code: MEASURE_OF[code] for code in (*SUPPLY, *USE)}
"""Account → the figure of the balances that explains it."""
