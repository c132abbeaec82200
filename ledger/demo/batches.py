"""The eight batches: quota arrives, is allocated, committed to projects and issued, each under the batch's document."""

from collections.abc import Iterator
from typing import NamedTuple

from ledger.demo.cast import COFUNDER, FUNCTIONS, LEAGUE_NAMES, RECOMMENDER, institution, league
from ledger.demo.figures import (
    BAYANNUR_BATCH,
    LEAGUES,
    NSF_BATCH,
    NSF_FIRST_BATCH,
    NSF_LEAGUES,
    NSF_MAJOR_PROJECTS,
    NSF_PROJECTS,
    NSF_REGIONAL,
    STIDF_SHARES,
    BatchShare,
)
from ledger.demo.scenes import Scene, alone, movement, signed
from ledger.demo.titles import title_of
from ledger.domain.movement import Movement

DAYS = {
    1: "2025-01-20",
    2: "2025-02-14",
    3: "2025-03-10",
    4: "2025-03-24",
    5: "2025-04-25",
    6: "2025-06-05",
    7: "2025-06-16",
    8: "2025-06-25",
}
MODES = {
    "MSP-BRK": "ONE_CASE",
    "MSP-CRC": "RECOMMENDED",
    "MSP-DEM": "CHALLENGE",
    "RDT-KRD": "COMPETITIVE",
    "RDT-CHN": "CHALLENGE",
    "PLT-NAT": "APPROVED",
    "PLT-REG": "ASSESSED",
    "CAP-STR": "DIRECTED",
    "CAP-TAL": "SELECTED",
    "CAP-COP": "COMPETITIVE",
    "CAP-POL": "ENTITLED",
    "BAS-NSP": "OPEN",
    "BAS-JNT": "ORGANISED",
    "BAS-CND": "CALL",
}
RACE = "MSP-DEM-001"
"""The race 赛马: two teams, one of which is eliminated."""
REPAYABLE = "RDT-CHN-001"
_NSF_SERIALS = 1_000
"""Places of the NSF's projects among all, for their titles: after those of STIDF."""
_IN_FULL = ("CAP-TAL", "CAP-STR", "BAS-CND", "BAS-JNT", "CAP-COP")
"""Specials whose projects are paid in one instalment; others in two, the second behind a gate."""


class Planned(NamedTuple):
    """A synthetic project and what its batch gives it, in yuan."""

    project: str
    special: str
    batch: int
    amount: int
    undertaker: str
    title: str
    league: str | None = None


def quota_document(batch: int) -> dict[str, str]:
    """The finance department's document of a batch."""
    return {"number": f"演示财科〔2025〕第{batch}批", "dated": DAYS[batch]}


def award_document(batch: int) -> dict[str, str]:
    """The S&T department's document of a batch."""
    return {"number": f"演示科资〔2025〕第{batch}批", "dated": DAYS[batch]}


def of_stidf() -> list[Planned]:
    """Every project of STIDF's batches."""
    count: dict[str, int] = {}
    planned: list[Planned] = []
    for share in STIDF_SHARES:
        for _ in range(share.projects):
            number = count[share.special] = count.get(share.special, 0) + 1
            planned.append(_planned(share, number, len(planned)))
    return planned


def _planned(share: BatchShare, number: int, serial: int) -> Planned:
    bayannur = share.batch == BAYANNUR_BATCH
    code = f"{share.special}-{number:03d}"
    undertaker = league(LEAGUE_NAMES.index("巴彦淖尔市")) if bayannur else institution(number)
    return Planned(code, share.special, share.batch, share.each, undertaker, title_of(code, serial))


def of_nsf() -> list[Planned]:
    """The NSF's first batch: major projects, other regional ones, and those of the leagues and cities; exact to the yuan."""
    in_leagues = NSF_LEAGUES // 100_000
    others = NSF_PROJECTS - in_leagues - NSF_MAJOR_PROJECTS
    rest = NSF_REGIONAL - NSF_MAJOR_PROJECTS * 1_000_000
    thousands, higher = divmod(rest // 1_000, others)
    amounts = [
        *([1_000_000] * NSF_MAJOR_PROJECTS),
        *([(thousands + 1) * 1_000] * higher),
        *([thousands * 1_000] * (others - higher)),
    ]
    planned = []
    for number, amount in enumerate(amounts, 1):
        planned.append(_of_nsf(number, amount, institution(number), number <= NSF_MAJOR_PROJECTS))
    for number in range(in_leagues):
        name = LEAGUE_NAMES[number % LEAGUES]
        serial = len(amounts) + number + 1
        planned.append(_of_nsf(serial, 100_000, league(number))._replace(league=name))
    return planned


def _of_nsf(number: int, amount: int, undertaker: str, major: bool = False) -> Planned:
    code = f"NSF-{number:04d}"
    title = title_of(code, _NSF_SERIALS + number) + (",重大应用基础研究" if major else "")
    return Planned(code, "BAS-NSP", NSF_BATCH, amount, undertaker, title)


def batch(number: int, projects: list[Planned]) -> Iterator[Scene]:
    """One batch from quota to issuance."""
    fund = "NSF" if number == NSF_BATCH else "STIDF"
    of_fund = {"fund": fund, "vintage": 2025}
    day = DAYS[number]
    total = sum(planned.amount for planned in projects)
    assert fund != "NSF" or total == NSF_FIRST_BATCH
    quota = {"document": quota_document(number), "batch_no": str(number)}
    yield alone(
        f"batch {number} quota", "fin-1", movement("AppropriationReceived", day, amount=total, **of_fund, **quota)
    )
    shares: dict[str, int] = {}
    for planned in projects:
        shares[planned.special] = shares.get(planned.special, 0) + planned.amount
    allocated = (
        movement("FundsAllocated", day, special=special, amount=amount, document=award_document(number), **of_fund)
        for special, amount in shares.items()
    )
    yield signed(f"batch {number} allocation", "std-1", "fin-2", *allocated)
    yield alone(f"batch {number} projects", "std-1", *(_registered(planned) for planned in projects))
    recommended = [planned for planned in projects if planned.special == "MSP-CRC"]
    if recommended:
        yield alone(f"batch {number} filing", "rec-1", *(_filed(planned) for planned in recommended))
    yield alone(f"batch {number} commitments", "std-1", *(_committed(planned, of_fund) for planned in projects))
    issued = (issue for planned in projects for issue in _issued(planned))
    yield alone(f"batch {number} issuance", "fin-1", *issued)


def _registered(planned: Planned) -> Movement:
    more: dict[str, object] = {"mode": MODES[planned.special]}
    if planned.project == RACE:
        teams = [{"team": "A", "party": planned.undertaker}, {"team": "B", "party": COFUNDER}]
        more = {"mode": "RACE", "teams": teams}
    if planned.special == "MSP-CRC":
        more["recommender"] = RECOMMENDER
    basic = planned.special.startswith("BAS")
    return movement(
        "ProjectRegistered",
        DAYS[planned.batch],
        project=planned.project,
        special=planned.special,
        title=planned.title,
        undertaker=planned.undertaker,
        external_id=f"KJXM-2025-{planned.project}",
        function=FUNCTIONS["basic" if basic else "applied"],
        budget_code=f"150000-25-{planned.project}",
        economic_class="30299",
        **more,
    )


def _filed(planned: Planned) -> Movement:
    national = f"2025YFX{planned.project[-3:]}"
    return movement("NationalProjectFiled", DAYS[planned.batch], project=planned.project, national_id=national)


def instalments(planned: Planned) -> list[dict[str, object]]:
    """Teams of a race half each; small ones at once; the others 60 % now and 40 % behind a gate."""
    if planned.project == RACE:
        half = planned.amount // 2
        return [{"instalment": team, "amount": half, "team": team} for team in ("A", "B")]
    if planned.special in _IN_FULL or planned.batch == NSF_BATCH:
        return [{"instalment": "1", "amount": planned.amount}]
    first = planned.amount * 6 // 10
    return [
        {"instalment": "1", "amount": first},
        {"instalment": "2", "amount": planned.amount - first, "gated": True, "due_on": "2025-11-30"},
    ]


def _committed(planned: Planned, of_fund: dict[str, object]) -> Movement:
    more: dict[str, object] = {}
    if planned.special == "MSP-BRK":
        more["scheme"] = {"number": f"演示方案〔2025〕{planned.project}"}
        more["later_years"] = [{"fiscal_year": 2026, "amount": 10_000_000}]
    if planned.project == REPAYABLE:
        more["repayments"] = [{"due_on": "2025-11-30", "amount": planned.amount}]
    return movement(
        "PreFundingCommitted",
        DAYS[planned.batch],
        project=planned.project,
        amount=planned.amount,
        instalments=instalments(planned),
        document=award_document(planned.batch),
        support="COMPETITIVE",
        **of_fund,
        **more,
    )


def _issued(planned: Planned) -> Iterator[Movement]:
    """Quota reaches undertakers (no posting), or the league's bureau (B220 → B245)."""
    place = {"to": "LEAGUE", "league": planned.league} if planned.league else {"to": "UNDERTAKER"}
    first = instalments(planned)[0]
    yield movement(
        "QuotaIssued",
        DAYS[planned.batch],
        project=planned.project,
        instalment=first["instalment"],
        amount=first["amount"],
        quota=quota_document(planned.batch),
        **place,
    )
