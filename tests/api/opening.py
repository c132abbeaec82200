"""H1 of the worked histories: the opening of 2025, recorded through the API. Other histories start from here."""

from ledger.access.demo import DEMO_PEOPLE
from ledger.domain.fields import credit_code_check_character
from tests.api.desk import Desk, Fields, movement

DAY = "2025-01-02"
OPENED = (
    ("ATRD", "3200000", "18500000"),
    ("MSTP", None, "42000000"),
    ("STTC", "1250000.50", "7749999.50"),
    ("STIG", "560000", None),
    ("NSF", "400000", "12600000"),
)
"""Fund, unallocated, committed; vintage 2024."""
APPROPRIATED = (("STIDF", "900000000"), ("NSF", "160000000"))


def credit_code(serial: int) -> str:
    """A made-up credit code with a right check character."""
    body = f"12150000{serial:09d}"
    return body + credit_code_check_character(body)


UNDERTAKER = credit_code(1)


def register_project(desk: Desk, project: str, special: str, on: str = DAY, **fields: object) -> None:
    """A synthetic project of the one undertaker."""
    desk.record(
        "std-1",
        "ProjectRegistered",
        on,
        project=project,
        special=special,
        title=f"{project} 示例",
        undertaker=UNDERTAKER,
        external_id=f"KJ-{project}",
        function="2060404",
        **fields,
    )


def open_2025(desk: Desk) -> None:
    """Predecessors imported and consolidated, 2025 appropriated. 1,146,260,000.00 yuan in all."""
    desk.record("std-1", "PartyRegistered", DAY, credit_code=UNDERTAKER, name="示例大学", level="REGIONAL")
    lines: list[Fields] = []
    for fund, unallocated, committed in OPENED:
        if unallocated:
            lines.append(_opening(fund, unallocated))
        if committed:
            special, project = f"LEG-{fund}", f"OLD-{fund}"
            desk.record(
                "std-1",
                "SpecialAdded",
                DAY,
                special=special,
                plan="LEGACY",
                title_zh=f"原{fund}类别",
                title_en=f"Former {fund}",
            )
            register_project(desk, project, special)
            rest = [{"instalment": "1", "unpaid": committed}]
            lines.append(_opening(fund, committed, project=project, instalments=rest))
    desk.sign("fin-1", "std-1", *lines)
    merged = [movement("PredecessorFundConsolidated", DAY, fund=fund) for fund, *_ in OPENED if fund != "NSF"]
    desk.sign("fin-1", "std-1", *merged)
    for fund, amount in APPROPRIATED:
        document = {"number": f"内财科〔2025〕{fund}号"}
        desk.record("fin-1", "AppropriationReceived", DAY, fund=fund, vintage=2025, amount=amount, document=document)


def _opening(fund: str, amount: str, **fields: object) -> Fields:
    return movement("OpeningBalanceImported", DAY, fund=fund, vintage=2024, amount=amount, **fields)


def allocate(desk: Desk, special: str, amount: str, on: str = "2025-02-01", fund: str = "STIDF") -> None:
    """The S&T department proposes, finance approves."""
    request = movement("FundsAllocated", on, fund=fund, vintage=2025, special=special, amount=amount)
    desk.sign("std-1", "fin-1", request)


def department(who: str) -> str:
    """Whose department somebody of the demonstration acts for."""
    return next(person.actor.department for person in DEMO_PEOPLE if person.id == who) or ""


def open_two_projects(desk: Desk) -> None:
    """KRD-1 of key R&D, carried out by und-1 and recommended by rec-1; BRK-1 of the breakthrough special, by others."""
    open_2025(desk)
    for who in ("und-1", "rec-1", "cha-1", "lea-1"):
        desk.record("std-1", "PartyRegistered", DAY, credit_code=department(who), name=f"{who} 示例", level="REGIONAL")
    for special, amount in (("RDT-KRD", "3000000"), ("MSP-BRK", "5000000")):
        allocate(desk, special, amount)
    theirs = {"undertaker": department("und-1"), "recommender": department("rec-1"), "partners": [department("cha-1")]}
    common = {"title": "示例", "function": "2060404"}
    projects = (
        ("KRD-1", "RDT-KRD", "COMPETITIVE", theirs, "1000000"),
        ("BRK-1", "MSP-BRK", "DIRECTED", {"undertaker": UNDERTAKER}, "2000000"),
    )
    for code, special, mode, parties, amount in projects:
        fields = {"project": code, "special": special, "mode": mode, "external_id": f"X-{code}"}
        desk.record("std-1", "ProjectRegistered", "2025-02-02", **fields, **common, **parties)
        committed = {
            "project": code,
            "fund": "STIDF",
            "vintage": 2025,
            "amount": amount,
            "scheme": {"number": "方案1号"},
        }
        plan = [{"instalment": "1", "amount": amount}]
        desk.record("std-1", "PreFundingCommitted", "2025-02-03", instalments=plan, **committed)
