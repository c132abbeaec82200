"""What must hold after every step: V1 to V5, V9, V10 and the memo pairs, and agreement with the naive model."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any

from ledger.domain.accounts import Account
from ledger.domain.approval import PROPOSALS, UNDECIDED, ProposalStatus
from ledger.domain.book import Book
from ledger.domain.closing import PeriodClosed
from ledger.domain.closing_list import Closing, closes_next, years_of
from ledger.domain.dayends import DIPPED, below_zero
from ledger.domain.decision import Accepted, decide, fold
from ledger.domain.falling_due import due_and_missing
from ledger.domain.in_transit import IN_TRANSIT
from ledger.domain.matching import PLEDGES, due_and_gap
from ledger.domain.movement import BUSINESS_KEYS, MOVEMENTS
from ledger.domain.period import CLOSED_PERIODS, CLOSED_YEARS
from ledger.domain.postsubsidy import CLAIMS, UNCOMMITTED
from ledger.domain.refusals import Code, Refusal
from ledger.domain.sent_back import PAYMENT_HOLDS, SENT_BACK, TO_ORDER_AGAIN, committed
from ledger.domain.special import all_specials
from ledger.domain.wording import in_words
from ledger.domain.yearend import YearClosed, periods_of, year_blockers
from tests.books import assert_same, in_parts
from tests.properties.model import Model
from tests.world import World, actor

SUPPLY = ("B100", "B101", "B105", "B106", "X900")
USE = ("B200", "B210", "B220", "B230", "B240", "B245", "B250", "B260")
OF_PROJECTS = ("B220", "B230", "B240", "B245", "B250", "B260")
NET = ("B105", "B106")
PAIRS = (
    (("M200",), ("M100", "M110")),
    (("O200",), ("O100",)),
    (("N200",), ("N100", "N110")),
    *(((f"{family}200",), (f"{family}100",)) for family in "RFPUS"),
    (("R210",), ("R110",)),
    (("R220",), ("R120",)),
)


def check_invariants(world: World, model: Model) -> None:
    """Everything that is true of a ledger at any time; one pass over its balances."""
    sums: dict[str, dict[Any, int]] = {
        name: defaultdict(int) for name in ("supply", "use", "net", "memo", "owed", "carried out", "carried in")
    }
    below_zero = []
    for account, amount in world.book.balances.items():
        code, year, source, vintage, special, project, _, ref = account
        if amount < 0 and code not in NET:
            below_zero.append((account, amount))
        if code in SUPPLY:
            sums["supply"][year, source] += amount
        elif code in USE:
            sums["use"][year, source] += amount
        else:
            sums["memo"][code, source, special, project, ref] += amount
        if code in NET:
            sums["net"][code, year] += amount
        if code in ("B220", "B230", "B240", "B245") and project:
            sums["owed"][project] += amount
        if code == "B260":
            sums["carried out"][year, source, vintage] += amount
        if code == "B101" and year is not None and year > 2025:
            sums["carried in"][year - 1, source, vintage] += amount
    assert not below_zero, f"V3: {below_zero}"
    assert _without_zeros(sums["supply"]) == _without_zeros(sums["use"]), "V1"
    assert not _without_zeros(sums["net"]), "V5"
    assert _without_zeros(sums["owed"]) == _without_zeros(model.owed), "V4"
    assert _without_zeros(sums["carried out"]) == _without_zeros(sums["carried in"]), "V10"
    _check_pairs(sums["memo"])
    assert _without_zeros(dict(world.book.balances)) == _without_zeros(model.amounts), _difference(world.book, model)


def _check_pairs(memo: dict[Any, int]) -> None:
    """V9 and its likes, for each project and reference by itself."""
    sides: dict[Any, int] = defaultdict(int)
    for (code, *where), amount in memo.items():
        for number, (one_side, other_side) in enumerate(PAIRS):
            if code in one_side or code in other_side:
                sides[number, *where] += amount if code in one_side else -amount
    assert not _without_zeros(sides), f"V9 and the memo pairs: {_without_zeros(sides)}"


def check_within_reach(book: Book) -> None:
    """What is kept within reach, so that nobody looks through a whole Book for it, is what looking through it finds."""
    transit = {one: min(book.by_day[one]) for one, amount in book.balances.items() if one.code == "B230" and amount}
    assert IN_TRANSIT.of(book) == transit
    assert {one for one in book.balances if any(below_zero(book, one))} <= DIPPED.of(book).keys()
    waiting = {name: one.number for name, one in PROPOSALS.items(book) if one.status is ProposalStatus.OPEN}
    assert UNDECIDED.of(book) == waiting
    assert UNCOMMITTED.of(book).keys() == {
        name for name in CLAIMS.of(book) if not BUSINESS_KEYS.get(book, f"subsidy:{name}")
    }
    again = {
        one.order: project
        for project, found in SENT_BACK.items(book)
        for one in found
        if PAYMENT_HOLDS.get(book, one.payment_key) is None and committed(book, project, one.instalment)
    }
    assert TO_ORDER_AGAIN.of(book) == again
    unkept = {"fiscal_year": None, "vintage": None, "function": None}
    days = {date(2025, 7, 1), *(day for one in PLEDGES.of(book).values() for day, _ in one.tranches)}
    for special in {one.at.special for one in PLEDGES.of(book).values()}:
        for day in list(days)[:5]:
            asked = [(one, one.at._asdict()) for one in PLEDGES.of(book).values() if one.at.special == special]
            parts = [
                due_and_gap(one, *(book.balance(Account(code, **at | unkept)) for code in ("M100", "M110")), day)
                for one, at in asked
            ]
            assert due_and_missing(book, str(special), day) == (
                sum(due for due, _ in parts),
                sum(gap for _, gap in parts),
            )


def check_totals(world: World, model: Model) -> None:
    """V2: by plan = by special = by fund = by project, by the sums that cards are made of, and as the model has them."""
    book = world.book
    plans = {code: str(state.plan) for code, state in all_specials(book).items()}
    by_fund: dict[Any, int] = defaultdict(int)
    by_special: dict[Any, int] = defaultdict(int)
    by_plan: dict[Any, int] = defaultdict(int)
    for cell, amount in book.cells.items():
        if cell.code in USE:
            by_fund[cell.source] += amount
            by_special[cell.special] += amount
            by_plan[plans[cell.special] if cell.special else None] += amount
    by_project = {project: book.of_project(project, *USE) for project in book.accounts_of}
    elsewhere = sum(amount for found, amount in book.balances.items() if found.code in USE and found.project is None)
    total = sum(model.by(0, USE).values())
    assert total == sum(by_fund.values()) == sum(by_special.values()) == sum(by_plan.values()), "V2"
    assert total == sum(by_project.values()) + elsewhere, "V2 by project"
    assert _without_zeros(by_fund) == model.by(2, USE), "V2 by fund"
    assert _without_zeros(by_special) == model.by(4, USE), "V2 by special"
    assert _without_zeros({**by_project, None: elsewhere}) == model.by(5, USE), "V2 by project"


def check_later_days(one: Accepted, days: dict[Account, dict[date, int]], log: Sequence[Accepted]) -> None:
    """V3 in the order of business days: no request takes what is not there at the end of a day, nor what a later day needs.

    A request answers only for what it takes itself; a fact, also one that a correction reports anew, answers for the present
    only. Notes the movement's own lines.
    """
    corrected = {entry.leg.corrects for entry in one.entries} - {None}
    facts = {past.number for past in log if past.movement.fact} if corrected else set()
    taken: dict[Account, dict[date, int]] = defaultdict(lambda: defaultdict(int))
    asked: dict[Account, dict[date, int]] = defaultdict(lambda: defaultdict(int))
    for entry in one.entries:
        day = within_year(entry.leg.account, entry.leg.effective_on)
        taken[entry.leg.account][day] += entry.leg.amount
        days[entry.leg.account][day] += entry.leg.amount
        if not one.movement.fact and entry.leg.corrects not in facts:
            asked[entry.leg.account][day] += entry.leg.amount
    for account, own in taken.items():
        if min(asked[account].values(), default=0) >= 0 or account.code in NET:
            continue
        for day in days[account]:
            own_part = sum(amount for on, amount in own.items() if on <= day)
            if own_part < 0 and day >= min(own):
                assert _held(days[account], day) >= 0, f"V3 at the end of {day}: {account}"


def within_year(account: Account, day: date) -> date:
    """Late facts and what the settling period adds in January count on the first and the last day of the account's year."""
    year = account.fiscal_year
    return day if year is None else min(max(day, date(year, 1, 1)), date(year, 12, 31))


def _held(moved: dict[date, int], day: date) -> int:
    return sum(amount for on, amount in moved.items() if on <= day)


def check_closing_list(book: Book, day: date) -> list[tuple[str, bool]]:
    """What closes next, and each year, is accepted exactly where nothing is named against it, and refused by what is named."""
    years = years_of(book)
    whole = [Closing(str(year), "YearClosed", list(year_blockers(book, year, day)), []) for year in years]
    closings = [*whole, *(closing for year in years for closing in closes_next(book, year, day))]
    return [
        (closing.kind, _closes(book, closing, day))
        for closing in closings
        if closing.kind == "PeriodClosed" or not CLOSED_YEARS.get(book, int(closing.closes))
    ]


def _closes(book: Book, closing: Closing, day: date) -> bool:
    blockers = [blocker.refusal for blocker in closing.blockers]
    refusal = _refused(book, closing, day)
    if refusal is None:
        assert not blockers, f"accepted, and the list says: {blockers}"
        return True
    assert blockers, f"refused, and the list is empty: {refusal}"
    alike = [one for one in blockers if one.code is blockers[0].code] if blockers[0].asked is not None else []
    assert (refusal.code, refusal.clause) == (blockers[0].code, blockers[0].clause)
    assert (refusal.asked or 0) == sum(one.asked or 0 for one in alike)
    assert all(blocker.owners for blocker in closing.blockers)
    return False


def _refused(book: Book, closing: Closing, day: date) -> Refusal | None:
    what = {"closes": closing.closes} if closing.kind == "PeriodClosed" else {"year": int(closing.closes)}
    movement = MOVEMENTS[closing.kind](effective_on=day, period="2099-01", **what)  # a month that is open for certain
    mark = book.mark()
    try:
        decide(book, movement, actor("FIN"))
    except Refusal as refusal:
        return refusal
    finally:
        book.rollback(mark)
    return None


def check_refusal(refusal: Refusal, model: Model | None, days: dict[Account, dict[date, int]]) -> None:
    """A refusal speaks both languages and, where an account was short, says what the model says it holds.

    No model is given where several movements were judged one after another: then less was left for the later ones.
    """
    assert all(in_words(refusal))
    if refusal.short_by is not None and refusal.code is not Code.SCHEDULE_MISMATCH:
        assert refusal.short_by > 0, f"refused although nothing is short: {refusal}"
    if refusal.clause == "V3" and model is not None:
        about = {name: refusal.details.get(name) for name in Account._fields if name != "code"}
        where = (refusal.details["account"], *about.values())
        on = refusal.details.get("at_the_end_of")
        held = _held(days.get(Account(*where), {}), date.fromisoformat(on)) if on else model.amounts.get(where, 0)
        assert held == refusal.available, f"not what it holds: {refusal}"


def check_replay(world: World, stood_then: dict[int, Book]) -> None:
    """V11: entries alone give, at any number, the balances, ids and registers that stood then; each is judged as it was."""
    book = Book()
    for one in world.log:
        book.now = world.instants[one.number]
        assert world.judged_again(book, one) is None, one
        assert _replayed(book, one) == one.entries, one
        if one.number in stood_then:
            assert_same(book, stood_then[one.number])
    assert_same(book, world.book)
    assert_same(in_parts(book), book)


def check_numbers(world: World) -> None:
    """Numbers are gapless over everything; vouchers are gapless in each fiscal year over what posts."""
    assert [one.number for one in world.log] == list(range(1, len(world.log) + 1))
    vouchers: dict[int, list[int]] = defaultdict(list)
    for one in world.log:
        assert (one.voucher is not None) == bool(one.entries), one
        if one.voucher is not None:
            vouchers[one.movement.fiscal_year].append(one.voucher)
    assert all(given == list(range(1, len(given) + 1)) for given in vouchers.values())


def check_closed_periods(world: World) -> None:
    """Periods close for good: nothing posts to one after the number that closed it, whatever kind it is."""
    closed: dict[str, int] = {}
    for one in world.log:
        for entry in one.entries:
            assert entry.leg.period not in closed, f"{one.movement.kind} {one.number}, closed by {closed}"
        if isinstance(one.movement, PeriodClosed):
            closed[one.movement.closes] = one.number
        if isinstance(one.movement, YearClosed):
            closed |= dict.fromkeys(periods_of(one.movement.year), one.number)
    assert closed.keys() == CLOSED_PERIODS.of(world.book).keys()


def _replayed(book: Book, one: Accepted) -> list[Any]:
    legs = tuple(entry.leg for entry in one.entries)
    return fold(book, one.number, one.movement, legs, one.actor, one.voucher, one.proposal)


def _without_zeros(sums: dict[Any, int]) -> dict[Any, int]:
    return {where: amount for where, amount in sums.items() if amount}


def _difference(book: Book, model: Model) -> str:
    """Where ledger and model part, for whoever reads the failure."""
    wheres = set(book.balances) | set(model.amounts)
    pairs = {where: (book.balances.get(where, 0), model.amounts.get(where, 0)) for where in wheres}
    apart = {tuple(where): both for where, both in pairs.items() if both[0] != both[1]}
    return f"(ledger, model): {apart}"
