"""What each kind of movement of the funds, of projects and beside the funds means, for the naive model."""

from typing import Any

from tests.properties.model import KEEPS, Model, Where, says


def year_of(movement: Any) -> int:
    """The fiscal year is that of the posting month, or of the business day where no month was named."""
    return int(movement.period[:4]) if movement.period else int(movement.effective_on.year)


def of_fund(movement: Any, **more: Any) -> Where:
    return Where(year_of(movement), str(movement.fund), movement.vintage).of(**more)


# -- the funds


@says("OpeningBalanceImported")
def _opening(model: Model, m: Any) -> None:
    supply, at = "B101" if m.carried_in else "B100", of_fund(m)
    model.up(m.amount, at, supply)
    if m.project is None:
        model.up(m.amount, at.of(special=m.special), "B210" if m.special else "B200")
        return
    home = model.of_project(m.project, at.year, at.source, vintage=m.vintage)
    model.owes(m.project, m.amount)
    for part in m.instalments:
        model.instalments[m.project, part.instalment] = {"fund": at.source, "vintage": m.vintage, "repayable": False}
        model.up(part.unpaid, home.of(ref=part.instalment), "B220")
        name = f"opening~{m.project}~{part.instalment}"
        model.up(part.paid, home.of(ref=name), "B240")
        settled = {"project": m.project, "instalment": part.instalment, "repayable": False, "at": home.of(ref=name)}
        model.settlements[name] = settled
    for pledge in m.pledges:
        model.pledges[pledge.pledge] = m.project
        beside = model.of_project(m.project, source="MATCHING", ref=pledge.pledge)
        model.up(pledge.amount - pledge.received, beside, "M100")
        model.up(pledge.received, beside, "M110")
        model.up(pledge.amount, beside, "M200")


@says("PredecessorFundConsolidated")
def _consolidated(model: Model, m: Any) -> None:
    old = str(m.fund)
    for where, amount in list(model.amounts.items()):
        if where[0] in ("B200", "B220") and where[2] == old and amount:
            at = Where(*where[1:])
            model.down(amount, at, where[0], "B106")
            model.up(amount, at.of(source="STIDF"), where[0], "B106")
        if where[0] in ("F100", "F200") and where[2] == old:
            model.down(amount, Where(*where[1:]), where[0])
            model.up(amount, Where(*where[1:]).of(source="STIDF"), where[0])
    model.consolidated.add(old)
    for instalment in model.instalments.values():
        if instalment["fund"] == old:
            instalment["fund"] = "STIDF"


@says("AppropriationReceived")
def _appropriated(model: Model, m: Any) -> None:
    model.up(m.amount, of_fund(m), "B100", "B200")


@says("AppropriationReduced")
def _cut(model: Model, m: Any) -> None:
    model.down(m.amount, of_fund(m), "B100", "B200")


@says("FundsAllocated")
def _allocated(model: Model, m: Any) -> None:
    model.down(m.amount, of_fund(m), "B200")
    model.up(m.amount, of_fund(m, special=m.special), "B210")


@says("AllocationWithdrawn")
def _taken_back(model: Model, m: Any) -> None:
    model.down(m.amount, of_fund(m, special=m.special), "B210")
    model.up(m.amount, of_fund(m), "B200")


@says("FundsReallocatedWithinFund")
def _within_fund(model: Model, m: Any) -> None:
    model.down(m.amount, of_fund(m, special=m.from_special), "B210")
    model.up(m.amount, of_fund(m, special=m.to_special), "B210")


@says("FundsReallocatedBetweenFunds")
def _between_funds(model: Model, m: Any) -> None:
    giving = Where(year_of(m), str(m.from_fund), m.vintage)
    model.down(m.amount, giving, "B200", "B105")
    model.up(m.amount, giving.of(source=str(m.to_fund)), "B105", "B200")


@says("FundsReserved")
def _reserved(model: Model, m: Any) -> None:
    model.reservations[m.call] = [str(m.fund), m.special]
    model.up(m.amount, Where(source=str(m.fund), special=m.special, ref=m.call), "P100", "P200")


def _reservation(model: Model, call: str) -> Where:
    fund, special = model.reservations[call]
    return Where(source=fund, special=special, ref=call)


@says("ReservationReleased")
def _reservation_released(model: Model, m: Any) -> None:
    model.down(m.amount, _reservation(model, m.call), "P100", "P200")


@says("FundsWithdrawnToTreasury")
def _withdrawn(model: Model, m: Any) -> None:
    at = of_fund(m, special=m.special if m.account == "B210" else None)
    if m.account == "B220":
        at = model.of_instalment(m.project, m.instalment, year_of(m))
        model.owes(m.project, -m.amount)
    model.down(m.amount, at, m.account)
    model.up(m.amount, at, "B250")


@says("SpecialMerged")
def _merged(model: Model, m: Any) -> None:
    """What is open goes on in the other special; what was paid, issued, withdrawn or carried out stays."""
    stays = {code for code in KEEPS if code[0] in "RSX"} | {"B240", "B245", "B250", "B260"}
    for where, amount in list(model.amounts.items()):
        if where[4] == m.special and where[0] not in stays and amount:
            at = Where(*where[1:])
            model.down(amount, at, where[0])
            model.up(amount, at.of(special=m.into), where[0])
    for project in model.projects.values():
        if project["special"] == m.special:
            project["special"] = m.into
    for reservation in model.reservations.values():
        if reservation[1] == m.special:
            reservation[1] = m.into


# -- projects


@says("ProjectRegistered")
def _project(model: Model, m: Any) -> None:
    model.projects[m.project] = {"special": m.special, "function": m.function}


@says("PreFundingCommitted")
def _committed(model: Model, m: Any) -> None:
    at = model.of_project(m.project, year_of(m), str(m.fund), vintage=m.vintage)
    model.owes(m.project, m.amount)
    model.down(m.amount, at, "B210")
    for part in m.instalments:
        known = {"fund": str(m.fund), "vintage": m.vintage, "repayable": bool(m.repayments)}
        model.instalments[m.project, part.instalment] = known
        model.up(part.amount, at.of(ref=part.instalment), "B220")
    for later in m.later_years:
        model.up(later.amount, at.of(ref=str(later.fiscal_year)), "F100", "F200")
    if m.from_later_years:
        model.down(m.from_later_years, at.of(ref=str(at.year)), "F100", "F200")
    if m.call:
        reserved = _reservation(model, m.call)
        model.down(min(m.amount, model.held("P200", reserved)), reserved, "P100", "P200")


@says("InstalmentsRescheduled")
def _rescheduled(model: Model, m: Any) -> None:
    year, known = year_of(m), model.instalments[m.project, m.replaces[0]]
    at = model.of_instalment(m.project, m.replaces[0], year)
    for name in m.replaces:
        model.down(model.held("B220", at.of(ref=name)), at.of(ref=name), "B220")
        del model.instalments[m.project, name]
    for part in m.instalments:
        model.instalments[m.project, part.instalment] = dict(known)
        model.up(part.amount, at.of(ref=part.instalment), "B220")


@says("PostSubsidyCommitted")
def _subsidised(model: Model, m: Any) -> None:
    at = model.of_project(m.project, year_of(m), str(m.fund), vintage=m.vintage)
    model.instalments[m.project, m.claim] = {"fund": str(m.fund), "vintage": m.vintage, "repayable": False}
    model.owes(m.project, m.amount)
    model.down(m.amount, at, "B210")
    model.up(m.amount, at.of(ref=m.claim), "B220")


@says("CommitmentReleased")
def _released(model: Model, m: Any) -> None:
    at = model.of_instalment(m.project, m.instalment, year_of(m))
    model.owes(m.project, -m.amount)
    model.down(m.amount, at, "B220")
    model.up(m.amount, at, "B210")


@says("QuotaIssued")
def _issued(model: Model, m: Any) -> None:
    if m.to == "LEAGUE":
        at = model.of_instalment(m.project, m.instalment, year_of(m))
        model.down(m.amount, at, "B220")
        model.up(m.amount, at, "B245")


# -- beside the funds


def _pledge(model: Model, pledge: str) -> Where:
    return model.of_project(model.pledges[pledge], source="MATCHING", ref=pledge)


@says("MatchingCommitted")
def _pledged(model: Model, m: Any) -> None:
    model.pledges[m.pledge] = m.project
    model.up(m.amount, _pledge(model, m.pledge), "M100", "M200")


@says("MatchingReceived")
def _matched(model: Model, m: Any) -> None:
    model.down(m.amount, _pledge(model, m.pledge), "M100")
    model.up(m.amount, _pledge(model, m.pledge), "M110")


@says("MatchingReduced")
def _pledge_reduced(model: Model, m: Any) -> None:
    model.down(m.amount, _pledge(model, m.pledge), "M100", "M200")


@says("OriginalChannelFundingRecorded")
def _channel(model: Model, m: Any) -> None:
    model.up(m.amount, model.of_project(m.project, source="CHANNEL"), "O100", "O200")


@says("CoFundingRecorded")
def _cofunded(model: Model, m: Any) -> None:
    at = model.of_project(m.project, source=str(m.source))
    model.up(m.amount, at, "N100" if m.stage == "COMMITTED" else "N110")
    if m.stage == "RECEIVED":
        model.down(m.amount, at, "N100")
    else:
        model.up(m.amount, at, "N200")


@says("UndertakerExpenditureReported")
def _spent(model: Model, m: Any) -> None:
    model.up(m.amount, model.of_project(m.project), "U100", "U200")
