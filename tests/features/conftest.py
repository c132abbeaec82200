"""The words of the features: who records what, what is refused, what stands where."""

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError
from pytest_bdd import given, parsers, then, when

from ledger.domain.decision import Accepted
from ledger.domain.instalment import INSTALMENTS
from ledger.domain.money import fen, grouped_yuan
from ledger.domain.party import PARTIES
from ledger.domain.project import CLOSED_PROJECTS, PROJECTS
from ledger.domain.refusals import Refusal
from ledger.domain.special import special_state
from ledger.domain.wording import in_words
from ledger.projections.figures import MEASURES
from tests.features.cells import fields, signed_fen, value
from tests.world import YEAR_OPENS, World, legacy_project, opened_2025, party, project, with_parties


@pytest.fixture
def world() -> World:
    return with_parties()


@given("an empty ledger", target_fixture="world")
def empty_ledger() -> World:
    return with_parties()


@given("the opening list, signed by FIN and STD:")
def opening_list(world: World, datatable: list[list[str]]) -> None:
    """Rows of fund, unallocated and committed, carried in from 2024; what is committed is one former project's."""
    for fund, *amounts in datatable[1:]:
        unallocated, committed = (amount.replace(",", "") for amount in amounts)
        line = {"fund": fund, "vintage": 2024, "effective_on": YEAR_OPENS}
        if fen(committed):
            legacy_project(world, fund)
            rest = {"project": f"OLD-{fund}", "instalments": [{"instalment": "rest", "unpaid": committed}]}
            world.sign("FIN", "STD", "OpeningBalanceImported", **line, amount=committed, **rest)
        if fen(unallocated):
            world.sign("FIN", "STD", "OpeningBalanceImported", **line, amount=unallocated)


@given("the opening of 2025", target_fixture="world")
def opening_of_2025() -> World:
    return opened_2025()


_WHO = r"(?P<who>[A-Z]+[23]?(?: of \w+)?(?: within \w+)?)"
_SECOND = r"(?P<second>[A-Z]+[23]?(?: of \w+)?)"


@given(parsers.re(_WHO + r" recorded a?n? ?(?P<kind>[A-Z]\w+):?$"))
def recorded(world: World, who: str, kind: str, datatable: list[list[str]]) -> None:
    world.record(who, kind, **fields(datatable))


@given(parsers.re(_WHO + r" proposed and " + _SECOND + r" approved a?n? ?(?P<kind>[A-Z]\w+):?$"))
def signed(world: World, who: str, second: str, kind: str, datatable: list[list[str]]) -> None:
    world.sign(who, second, kind, **fields(datatable))


@given(parsers.re(r"(?P<amount>[\d,.]+) yuan of (?P<fund>\w+) are allocated to (?P<special>[A-Z]+-[A-Z]+)$"))
def allocated(world: World, amount: str, fund: str, special: str) -> None:
    where = {"fund": fund, "vintage": 2025, "special": special, "effective_on": "2025-02-01"}
    world.sign("STD", "FIN", "FundsAllocated", amount=amount.replace(",", ""), **where)


@given(parsers.re(r"project (?P<name>[\w-]+) of special (?P<special>[A-Z]+-[A-Z]+), chosen by (?P<mode>[A-Z_]+)$"))
def a_project(world: World, name: str, special: str, mode: str) -> None:
    more = {"recommender": party("industry")} if mode == "RECOMMENDED" else {}
    if mode == "RACE":
        more = {"teams": [{"team": "A", "party": party("institute")}, {"team": "B", "party": party("company")}]}
    project(world, name, special, mode, **more)


@given(
    parsers.re(
        r"(?P<amount>[\d,.]+) yuan of (?P<fund>\w+) are committed to (?P<name>[\w-]+) in one instalment$",
    )
)
def committed(world: World, amount: str, fund: str, name: str) -> None:
    amount = amount.replace(",", "")
    world.record(
        "STD",
        "PreFundingCommitted",
        project=name,
        fund=fund,
        vintage=2025,
        amount=amount,
        instalments=[{"instalment": "1", "amount": amount}],
        scheme={"number": "方案1"},
        effective_on="2025-02-10",
    )


@given(
    parsers.re(
        r"(?P<amount>[\d,.]+) yuan of (?P<name>[\w-]+) are ordered as (?P<order>\S+) and settled as (?P<detail>\S+)$"
    )
)
def paid(world: World, amount: str, name: str, order: str, detail: str) -> None:
    amount = amount.replace(",", "")
    pay = {"payee": party("university"), "document": {"number": f"拨付-{order}"}, "effective_on": "2025-03-10"}
    world.record("STD", "PaymentOrdered", order=order, project=name, instalment="1", amount=amount, **pay)
    world.record("TRE", "PaymentSettled", order=order, detail=detail, amount=amount, effective_on="2025-03-12")


def attempt(world: World, action: Any) -> None:
    """Try; keep the refusal, and make sure that a refused request changed nothing."""
    before = world.snapshot()
    world.refusal = None
    world.accepted = []
    try:
        action()
    except Refusal as refusal:
        world.refusal = refusal
        after = world.snapshot()
        waiting = after[0] - before[0]  # a proposal that was recorded before its approval was refused
        assert waiting in (0, 1)
        assert waiting or after == before, "a refused request left a trace"


@when(parsers.re(_WHO + r" records a?n? ?(?P<kind>[A-Z]\w+):?$"))
def records(world: World, who: str, kind: str, datatable: list[list[str]]) -> None:
    attempt(world, lambda: world.record(who, kind, **fields(datatable)))


@when(parsers.re(_WHO + r" proposes and " + _SECOND + r" approves a?n? ?(?P<kind>[A-Z]\w+):?$"))
def signs(world: World, who: str, second: str, kind: str, datatable: list[list[str]]) -> None:
    attempt(world, lambda: world.sign(who, second, kind, **fields(datatable)))


@then("it is accepted")
def is_accepted(world: World) -> None:
    assert world.refusal is None, str(world.refusal)


@then(parsers.re(r"it is recorded as (?P<kind>\w+)$"))
def is_recorded_as(world: World, kind: str) -> None:
    assert world.refusal is None, str(world.refusal)
    assert world.accepted[-1].recorded_as == kind


@then(
    parsers.re(r"it is refused with (?P<code>[A-Z_]+)(?:, short (?P<short>[\d,.]+))?(?: \(clause (?P<clause>\S+)\))?$")
)
def is_refused(world: World, code: str, short: str | None, clause: str | None) -> None:
    assert world.refusal is not None, "it was accepted"
    assert world.refusal.code == code, str(world.refusal)
    assert all(in_words(world.refusal))
    if short is not None:
        assert world.refusal.short_by is not None, str(world.refusal)
        assert grouped_yuan(world.refusal.short_by) == grouped_yuan(fen(short.replace(",", "")))
    if clause is not None:
        assert clause in world.refusal.clause, world.refusal.clause


@then(
    parsers.re(
        r"(?P<measure>[a-z][a-z ]*) of (?P<dimension>fund|special|project|plan|source) (?P<key>[\w-]+) is (?P<amount>-?[\d,.]+)$"
    )
)
def stands(world: World, measure: str, dimension: str, key: str, amount: str) -> None:
    assert grouped_yuan(world.figure(measure, dimension, key)) == grouped_yuan(signed_fen(amount))


@then(parsers.re(r"(?P<measure>[a-z][a-z ]*) of all is (?P<amount>-?[\d,.]+)$"))
def stands_in_all(world: World, measure: str, amount: str) -> None:
    assert grouped_yuan(world.figure(measure, "all", "")) == grouped_yuan(signed_fen(amount))


@then("replaying the log gives the same balances")
def replays(world: World) -> None:
    replayed = world.replayed()
    assert replayed.balances == world.book.balances
    assert replayed.cells == world.book.cells
    assert replayed.account_ids == world.book.account_ids
    rows = {name: rows for name, rows in replayed.registers.items() if rows}
    assert rows == {name: rows for name, rows in world.book.registers.items() if rows}


# -- one request in many variants: it is described once, then recorded with what differs


@pytest.fixture
def draft() -> dict[str, Any]:
    """The request that "it" means."""
    return {}


@given(parsers.re(r"the request (?P<kind>[A-Z]\w+):$"))
def drafted(draft: dict[str, Any], kind: str, datatable: list[list[str]]) -> None:
    draft.clear()
    draft.update({"kind": kind, **fields(datatable)})


def variant(
    draft: dict[str, Any], name: str | None = None, text: str | None = None, absent: str | None = None
) -> dict[str, Any]:
    """The request with one field changed, or left out."""
    assert draft, "no request was described"
    changed = fields([[name, text]]) if name and text else {}
    return {field: value for field, value in {**draft, **changed}.items() if field != absent}


_VARIANT = r"(?: with (?P<name>\w+) (?P<text>.+)| without (?P<absent>\w+))?$"


@given(parsers.re(_WHO + r" recorded it" + _VARIANT))
def recorded_it(
    world: World, draft: dict[str, Any], who: str, name: str | None, text: str | None, absent: str | None
) -> None:
    world.record(who, **variant(draft, name, text, absent))


@given(parsers.re(_WHO + r" proposed and " + _SECOND + r" approved it" + _VARIANT))
def signed_it(
    world: World, draft: dict[str, Any], who: str, second: str, name: str | None, text: str | None, absent: str | None
) -> None:
    world.sign(who, second, **variant(draft, name, text, absent))


@when(parsers.re(_WHO + r" records it" + _VARIANT))
def records_it(
    world: World, draft: dict[str, Any], who: str, name: str | None, text: str | None, absent: str | None
) -> None:
    attempt(world, lambda: world.record(who, **variant(draft, name, text, absent)))


@when(parsers.re(_WHO + r" records it with:$"))
def records_it_with(world: World, draft: dict[str, Any], who: str, datatable: list[list[str]]) -> None:
    attempt(world, lambda: world.record(who, **{**draft, **fields(datatable)}))


@when(parsers.re(_WHO + r" proposes and " + _SECOND + r" approves it" + _VARIANT))
def signs_it(
    world: World, draft: dict[str, Any], who: str, second: str, name: str | None, text: str | None, absent: str | None
) -> None:
    attempt(world, lambda: world.sign(who, second, **variant(draft, name, text, absent)))


@when(parsers.re(_WHO + r" proposes and " + _SECOND + r" approves it with:$"))
def signs_it_with(world: World, draft: dict[str, Any], who: str, second: str, datatable: list[list[str]]) -> None:
    attempt(world, lambda: world.sign(who, second, **{**draft, **fields(datatable)}))


@when(parsers.re(_WHO + r" sends it malformed" + _VARIANT), target_fixture="malformed")
def sends_malformed(
    world: World, draft: dict[str, Any], who: str, name: str | None, text: str | None, absent: str | None
) -> list[str]:
    """The names of the fields whose form does not fit."""
    before = world.snapshot()
    with pytest.raises(ValidationError) as caught:
        world.record(who, **variant(draft, name, text, absent))
    assert world.snapshot() == before
    return [str(error["loc"][-1]) for error in caught.value.errors()]


@then(parsers.re(r"the form of (?P<name>\w+) does not fit$"))
def form_does_not_fit(malformed: list[str], name: str) -> None:
    assert malformed == [name]


# -- corrections


def last_of(world: World, kind: str) -> Accepted:
    """The last movement of a kind that was recorded."""
    return next(one for one in reversed(world.log) if one.movement.kind == kind)


@when(parsers.re(_WHO + r" proposes and " + _SECOND + r" approves on (?P<day>[\d-]+) a correction of:$"))
def corrects(world: World, who: str, second: str, day: str, datatable: list[list[str]]) -> None:
    """Rows of kind, field and what it should have said; the last of the kind is meant. ``taken back`` takes it back."""
    replacements: dict[str, dict[str, Any] | None] = {}
    for kind, name, text in datatable:
        if name == "taken back":
            replacements[kind] = None
            continue
        recorded = last_of(world, kind).movement.model_dump(mode="json", exclude_none=True)
        standing = replacements.get(kind) or recorded
        replacements[kind] = {**standing, **fields([[name, text]])}
    lines = [{"number": last_of(world, kind).number, "replacement": new} for kind, new in replacements.items()]
    fields_ = {"lines": lines, "reason": "录入有误", "effective_on": day}
    attempt(world, lambda: world.sign(who, second, "EntryCorrected", **fields_))


@given(parsers.re(r"the periods up to (?P<last>\d{4}-\d{2}) are closed$"))
def periods_closed(world: World, last: str) -> None:
    year, months = last.split("-")
    for month in range(1, int(months) + 1):
        day = f"{year}-{month + 1:02d}-05" if month < 12 else f"{int(year) + 1}-01-05"
        world.record("FIN", "PeriodClosed", closes=f"{year}-{month:02d}", effective_on=day)


@then(parsers.re(r"all it posts is effective on (?P<day>[\d-]+) and belongs to period (?P<period>[\d-]+)$"))
def effective_and_posted(world: World, day: str, period: str) -> None:
    legs = [entry.leg for entry in world.accepted[-1].entries]
    assert {(leg.effective_on.isoformat(), leg.period) for leg in legs} == {(day, period)}


@then("it posts nothing")
def posts_nothing(world: World) -> None:
    assert world.accepted
    assert world.accepted[-1].entries == []
    assert world.accepted[-1].voucher is None


_FLOW = r"(?P<measure>[a-z][a-z ]*) of project (?P<key>[\w-]+) (?P<basis>posted|effective) in (?P<month>[\d-]+) is "


@then(parsers.re(_FLOW + r"(?P<amount>-?[\d,.]+)$"))
def flows(world: World, measure: str, key: str, basis: str, month: str, amount: str) -> None:
    """``posted`` is the month as it was closed; ``effective`` the same month as restated since."""
    legs = (entry.leg for one in world.log for entry in one.entries)
    moved = sum(
        leg.amount
        for leg in legs
        if (leg.account.code, leg.account.project) == (MEASURES[measure.replace(" ", "_")], key)
        and (leg.period if basis == "posted" else leg.effective_on.isoformat()[:7]) == month
    )
    assert grouped_yuan(moved) == grouped_yuan(signed_fen(amount))


@then(parsers.re(r"the recorded (?P<kind>[A-Z]\w+) still says (?P<amount>[\d,.]+)$"))
def still_says(world: World, kind: str, amount: str) -> None:
    assert grouped_yuan(last_of(world, kind).movement.model_dump()["amount"]) == grouped_yuan(signed_fen(amount))


# -- what the registers say


@then(
    parsers.re(
        r"(?P<measure>[a-z][a-z ]*) of fund (?P<fund>\w+) and vintage (?P<vintage>\d+) is (?P<amount>-?[\d,.]+)$"
    )
)
def stands_by_vintage(world: World, measure: str, fund: str, vintage: str, amount: str) -> None:
    held = world.total(MEASURES[measure.replace(" ", "_")], source=fund, vintage=int(vintage))
    assert grouped_yuan(held) == grouped_yuan(signed_fen(amount))


@then(
    parsers.re(
        r"instalment (?P<instalment>\S+) of (?P<name>\S+) stands in fund (?P<fund>\w+) and comes from (?P<old>\w+)$"
    )
)
def comes_from(world: World, instalment: str, name: str, fund: str, old: str) -> None:
    found = INSTALMENTS.of(world.book)[name, instalment]
    assert (found.at.source, found.lineage) == (fund, (old,))


@then(parsers.re(r"special (?P<code>\S+) is (?P<status>active|suspended|merged|unknown) on (?P<day>[\d-]+)$"))
def special_is(world: World, code: str, status: str, day: str) -> None:
    state = special_state(world.book, code)
    assert state is not None
    assert (state.status_on(date.fromisoformat(day)) or "UNKNOWN").lower() == status


@then(parsers.re(r"party (?P<name>\w+) is called (?P<called>.+) on (?P<day>[\d-]+)$"))
def party_is_called(world: World, name: str, called: str, day: str) -> None:
    assert PARTIES.of(world.book)[party(name)].name_on(date.fromisoformat(day)) == called


@then(
    parsers.re(
        r"the (?P<field>special|title|mode|undertaker|recommender|ends_on) of project (?P<name>\S+) is (?P<text>.+)$"
    )
)
def project_says(world: World, field: str, name: str, text: str) -> None:
    assert getattr(PROJECTS.of(world.book)[name], field) == value(text)


@then(parsers.re(r"project (?P<name>\S+) is (?P<status>open|closed)$"))
def project_is(world: World, name: str, status: str) -> None:
    assert (name in CLOSED_PROJECTS.of(world.book)) == (status == "closed")


@then(parsers.re(r"the refusal says (?P<name>[a-z_]+) (?P<text>.+)$"))
def refusal_says(world: World, name: str, text: str) -> None:
    assert world.refusal is not None
    assert str(world.refusal.details[name]) == text
