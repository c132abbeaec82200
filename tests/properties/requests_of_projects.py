"""Random requests about projects, their commitments, and the money beside the funds."""

from datetime import timedelta
from typing import Any

from ledger.domain.commitment import FILED
from ledger.domain.instalment import INSTALMENTS
from ledger.domain.matching import PLEDGES
from ledger.domain.money import yuan
from ledger.domain.postsubsidy import CLAIMS
from ledger.domain.project import CLOSED_PROJECTS, PROJECTS, Project
from ledger.domain.reservation import RESERVATIONS
from ledger.domain.special import all_specials
from tests.properties.history import History, Moment, Request, money
from tests.properties.requests_of_funds import exception, signed_by_both, special
from tests.world import DEPARTMENTS, party

ITEMS = ("equipment", "travel", "labour", "field", "tests", "paper", "software", "rent")
SHORT_NAMES = {party(name): name for name in DEPARTMENTS}


def project(h: History) -> tuple[str, Project | None]:
    """A project that is running, or sometimes any."""
    book = h.world.book
    running = [code for code in PROJECTS.of(book) if code not in CLOSED_PROJECTS.of(book)]
    code = h.name(running if h.happens(0.95) else PROJECTS.of(book))
    return code, PROJECTS.get(book, code)


def items(h: History) -> dict[str, Any]:
    return {"cost_items": [h.one(ITEMS)]} if h.happens(0.2) else {}


def project_registered(h: History) -> Request:
    code, states = special(h), all_specials(h.world.book)
    added = [known for known in states if known.startswith(("LEG-", "NEW-"))]
    code = str(h.one(added)) if added and h.happens(0.2) else code
    mode = h.one(sorted(states[code].modes)) if h.happens(0.95) else "OPEN"
    teams = [{"team": team, "party": party(name)} for team, name in (("A", "institute"), ("B", "company"))]
    named = {"project": h.new("P-"), "external_id": h.new("X-"), "title": "Synthetic", "special": code}
    known = {"undertaker": party("university"), "function": h.one(("2060499", "2060203"))}
    more = {
        **({"mode": mode} if mode else {}),
        **({"teams": teams} if mode == "RACE" and h.happens(0.95) else {}),
        **({"recommender": party(str(h.one(("industry", "agriculture"))))} if h.happens(0.8) else {}),
        **({"partners": [party("hospital")]} if h.happens(0.3) else {}),
    }
    return Request(("STD",), "ProjectRegistered", {**named, **known, **more, **exception(h), **h.moment().fields})


def project_amended(h: History) -> Request:
    code, _ = project(h)
    change = h.one(({"title": "Renamed"}, {"partners": [party("hospital")]}, {"ends_on": "2027-12-31"}))
    return Request(("STD",), "ProjectAmended", {"project": code, **(change or {}), **h.document(), **h.moment().fields})


def project_closed(h: History) -> Request:
    code, _ = project(h)
    clear = [found for found in PROJECTS.of(h.world.book) if not h.world.book.of_project(found, "B220", "B230")]
    code = h.name(clear) if h.happens(0.5) else code
    fields = {"project": code, "evaluation": {"number": h.new("evaluation-")}, **h.moment().fields}
    return Request(("STD",), "ProjectClosed", fields)


def national_project_filed(h: History) -> Request:
    book = h.world.book
    waiting = [code for code, p in PROJECTS.items(book) if p.recommender and code not in FILED.of(book)]
    code = h.name(waiting)
    found = PROJECTS.get(book, code)
    recommender = SHORT_NAMES.get((found.recommender if found else None) or "", "industry")
    who = f"REC of {recommender if h.happens(0.9) else 'company'}"
    fields = {"project": code, "national_id": h.new("N"), **h.moment().fields}
    return Request((who,), "NationalProjectFiled", fields)


# -- commitments


def _fundable(h: History, at: Moment, mode: str | None = None) -> tuple[str, Project | None, str, int, int]:
    """A project with the fund, vintage and amount that its special has for it."""
    book = h.world.book
    accounts = h.standing("B210", fiscal_year=at.year)
    rich = {account.special for account, _ in accounts}
    fits = [
        code
        for code, p in PROJECTS.items(book)
        if p.special in rich and (p.mode == mode or (mode is None and p.mode != "ENTITLED" and h.happens(0.9)))
    ]
    code = h.name(fits)
    found = PROJECTS.get(book, code)
    chosen = h.one((account, held) for account, held in accounts if found and account.special == found.special)
    if chosen is None or found is None:
        return code, found, "STIDF", at.year, 0
    account, held = chosen
    return code, found, str(account.source), account.vintage or at.year, held


def pre_funding_committed(h: History) -> Request:
    at = h.moment()
    code, found, fund, vintage, held = _fundable(h, at)
    count = h.chance.randint(1, 3)
    most = max(1, held // 6) if h.happens(0.9) else held + 10
    parts = [h.amount(most) for _ in range(count)]
    teams = [team for team, _ in found.teams] if found else []
    instalments = [
        {
            "instalment": h.new("i"),
            "amount": yuan(part),
            "gated": h.happens(0.25),
            **({"team": h.one(teams)} if teams and h.happens(0.7) else {}),
        }
        for part in parts
    ]
    total = sum(parts) + int(h.happens(0.02))
    fields: dict[str, Any] = {"project": code, "fund": fund, "vintage": vintage, "instalments": instalments}
    fields |= {**money(total), **items(h), **at.fields}
    fields |= {"scheme": {"number": h.new("scheme-")}} if h.happens(0.9) else {}
    fields |= {"repayments": [{"due_on": "2027-06-30", **money(total)}]} if h.happens(0.25) else {}
    if h.happens(0.15):
        fields |= {"later_years": [{"fiscal_year": at.year + h.chance.choice((0, 1, 1, 2)), **money(h.amount())}]}
    promised = h.standing("F200", project=code, ref=str(at.year))
    if promised:
        fields |= {"from_later_years": yuan(h.part(min(promised[0][1], total)))}
    call = h.one(RESERVATIONS.of(h.world.book)) if h.happens(0.3) else None
    return Request(("STD",), "PreFundingCommitted", {**fields, **({"call": call} if call else {}), **exception(h)})


def instalments_rescheduled(h: History) -> Request:
    at = h.moment()
    account, held = h.holder("B220", fiscal_year=at.year)
    cut = h.chance.randint(1, max(1, held - 1))
    parts = [cut, held - cut] if held > 1 and h.happens(0.7) else [max(held, 1)]
    kept = h.happens(0.3) and "~" not in str(account.ref)  # a pool's name is the ledger's to give
    names = [str(account.ref) if kept else h.new("i"), *(h.new("i") for _ in parts[1:])]
    gated = h.happens(0.3)
    instalments = [{"instalment": n, "amount": yuan(a), "gated": gated} for n, a in zip(names, parts, strict=True)]
    fields = {"project": account.project, "replaces": [account.ref], "instalments": instalments, **at.fields}
    fields |= h.document() if h.happens(0.5) else {}
    return Request(("STD",), "InstalmentsRescheduled", fields)


def post_subsidy_verified(h: History) -> Request:
    code, _, *_ = _fundable(h, h.moment(), "ENTITLED")
    claimed = h.amount()
    eligible = h.part(claimed) if h.happens(0.1) else claimed
    amounts = {"claimed": yuan(claimed), "eligible": yuan(eligible)}
    report = {"verifier": "a verifier", "report": {"number": h.new("report-")}}
    named = {"claim": h.new("claim-"), "project": code}
    return Request(("STD",), "PostSubsidyVerified", {**named, **amounts, **report, **items(h), **h.moment().fields})


def post_subsidy_committed(h: History) -> Request:
    at = h.moment()
    claim = h.name(CLAIMS.of(h.world.book))
    known = CLAIMS.get(h.world.book, claim)
    code, _, fund, vintage, _ = _fundable(h, at, "ENTITLED")
    amount = h.part(known.eligible // 10) if known else h.amount()
    fields = {"project": known.project if known and h.happens(0.95) else code, "claim": claim, "fund": fund}
    fields |= {"vintage": vintage, **money(amount), **exception(h), **at.fields}
    fields |= {"form": "REWARD"} if h.happens(0.2) else {}
    return Request(signed_by_both(h), "PostSubsidyCommitted", fields)


def commitment_released(h: History) -> Request:
    at = h.moment()
    account, held = h.holder("B220", fiscal_year=at.year)
    fields = {"project": account.project, "instalment": account.ref, **money(h.part(held)), "reason": "exit"}
    return Request(("STD",), "CommitmentReleased", {**fields, **at.fields})


def milestone_assessed(h: History) -> Request:
    code, instalment = h.one(INSTALMENTS.of(h.world.book)) or ("nothing", "nothing")
    found = PROJECTS.get(h.world.book, code)
    team = h.one([team for team, _ in found.teams] if found else []) if h.happens(0.4) else None
    fields = {"project": code, "instalment": instalment, "passed": h.happens(0.8), **({"team": team} if team else {})}
    return Request(("STD",), "MilestoneAssessed", {**fields, **h.document(), **h.moment().fields})


def team_eliminated(h: History) -> Request:
    code = h.name(code for code, found in PROJECTS.items(h.world.book) if found.teams)
    fields = {"project": code, "team": h.one("AABC"), **h.document(), **h.moment().fields}
    return Request(("STD",), "TeamEliminated", fields)


def quota_issued(h: History) -> Request:
    at = h.moment()
    account, held = h.holder("B220", fiscal_year=at.year)
    dated = (h.today - timedelta(days=h.chance.randint(0, 60))).isoformat()
    to = {"to": "LEAGUE", "league": "A league"} if h.happens(0.6) else {"to": "UNDERTAKER"}
    quota = {"quota": {"number": h.new("quota-"), **({"dated": dated} if h.happens(0.9) else {})}}
    fields = {"project": account.project, "instalment": account.ref, **money(h.part(held // 2)), **to, **quota}
    return Request(("FIN",), "QuotaIssued", {**fields, **({"reason": "late"} if h.happens(0.5) else {}), **at.fields})


# -- beside the funds


def matching_committed(h: History) -> Request:
    code, found = project(h)
    pledger = found.recommender if found and found.recommender and h.happens(0.9) else party("company")
    role = "REC" if h.happens(0.7) else "UND"
    who = f"{role} of {SHORT_NAMES[pledger]}" if h.happens(0.95) else "REC of hospital"
    amount = h.amount()
    tranches = [{"due_on": f"{h.today.year}-11-30", **money(amount + int(h.happens(0.05)))}]
    fields = {"pledge": h.new("pledge-"), "project": code, "pledger": pledger, "tranches": tranches, "basis": "letter"}
    return Request((who,), "MatchingCommitted", {**fields, **money(amount), **h.moment().fields})


def matching_received(h: History) -> Request:
    pledge = h.name(PLEDGES.of(h.world.book))
    found = PLEDGES.get(h.world.book, pledge)
    _, held = h.holder("M100", ref=pledge)
    who = f"REC of {SHORT_NAMES[found.pledger] if found and h.happens(0.95) else 'hospital'}"
    fields = {"pledge": pledge, "origin": h.one(("MATCHING", "LEAGUE", "ENTERPRISE", "MATCHING", "STIDF"))}
    return Request((who, "STD"), "MatchingReceived", {**fields, **money(h.part(held)), **h.moment().fields})


def matching_reduced(h: History) -> Request:
    pledge = h.name(PLEDGES.of(h.world.book))
    _, held = h.holder("M100", ref=pledge)
    amount = h.part(held)
    left = held - amount + int(h.happens(0.03))
    tranches = [{"due_on": f"{h.today.year}-12-31", **money(left)}] if left > 0 else []
    fields = {"pledge": pledge, **money(amount), "tranches": tranches, **h.document(), **h.moment().fields}
    return Request(("COM",), "MatchingReduced", fields)


def matching_rescheduled(h: History) -> Request:
    pledge = h.name(PLEDGES.of(h.world.book))
    _, held = h.holder("M100", ref=pledge)
    tranches = [{"due_on": f"{h.today.year + 1}-06-30", **money(max(1, held))}]
    fields = {"pledge": pledge, "tranches": tranches, **h.document(), **h.moment().fields}
    return Request(("COM",), "MatchingRescheduled", fields)


def original_channel_recorded(h: History) -> Request:
    code, _ = project(h)
    fields = {"project": code, **money(h.amount()), **items(h), **h.moment().fields}
    return Request(("CHA",), "OriginalChannelFundingRecorded", fields)


def co_funding_recorded(h: History) -> Request:
    code, _ = project(h)
    stage = h.one(("COMMITTED", "RECEIVED", "RECEIVED", "RECEIVED_UNCOMMITTED"))
    source = str(h.one(("ENTERPRISE", "CENTRAL", "SOCIAL", "CHANNEL")))
    expected = h.one(h.standing("N100")) if stage == "RECEIVED" else None
    amount = h.amount()
    if expected is not None:
        account, held = expected
        source, code, amount = str(account.source), str(account.project), h.part(held)
    fields = {"project": code, "source": source, "stage": stage, **money(amount), **items(h), **h.moment().fields}
    return Request(("UND of university",), "CoFundingRecorded", fields)


def undertaker_expenditure_reported(h: History) -> Request:
    code, _ = project(h)
    fields = {"project": code, **money(h.amount()), "report": {"number": h.new("report-")}, **h.moment().fields}
    return Request((str(h.one(("STD", "UND of university"))),), "UndertakerExpenditureReported", fields)
