"""Histories H1, H2, H7 and H8 over real HTTP and a real PostgreSQL, to the fen."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.api.desk import Desk, Fields, done, movement, refused
from tests.api.opening import UNDERTAKER, allocate, open_2025, register_project

DAY = "2025-03-10"


@pytest.fixture
def opened(served: Desk) -> Desk:
    open_2025(served)
    return served


def commitment(project: str, amount: str, *parts: str, on: str = DAY) -> Fields:
    """A pre-funding commitment of STIDF money in instalments 1, 2, …"""
    return movement(
        "PreFundingCommitted",
        on,
        project=project,
        fund="STIDF",
        vintage=2025,
        amount=amount,
        instalments=[{"instalment": str(n), "amount": part} for n, part in enumerate(parts or [amount], 1)],
        scheme={"number": "内科发〔2025〕1号"},
    )


def supply(figures: dict[str, str]) -> int:
    """B100 + B101 + B105 + B106 in fen."""
    names = ("appropriated", "carried_in", "reallocated", "consolidated")
    return sum(round(float(figures[name]) * 100) for name in names)


def test_h1_opening_2025(opened: Desk) -> None:
    funds = opened.balances("fund")
    for predecessor in ("ATRD", "MSTP", "STTC", "STIG"):
        assert supply(funds[predecessor]) == 0
        assert {funds[predecessor][name] for name in ("unallocated", "committed", "total")} == {"0.00"}
    assert funds["STIDF"]["unallocated"] == "905010000.50"
    assert funds["STIDF"]["committed"] == "68249999.50"
    assert (supply(funds["STIDF"]), funds["STIDF"]["total"]) == (97_326_000_000, "973260000.00")
    assert funds["NSF"]["unallocated"] == "160400000.00"
    assert funds["NSF"]["committed"] == "12600000.00"
    assert (supply(funds["NSF"]), funds["NSF"]["total"]) == (17_300_000_000, "173000000.00")
    for by in ("plan", "special", "project", "source", "fund"):
        total = opened.get("aud-1", "/v1/balances", by=by)["total"]
        assert (total["total"], total["reallocated"], total["consolidated"]) == ("1146260000.00", "0.00", "0.00"), by

    register_project(opened, "NEW-IN-OLD", "LEG-ATRD")
    refused(opened.ask("std-1", commitment("NEW-IN-OLD", "1")), "SPECIAL_SUSPENDED")
    opened.record(
        "std-1",
        "PaymentOrdered",
        DAY,
        order="O-OLD-1",
        project="OLD-ATRD",
        instalment="1",
        amount="500000",
        payee=UNDERTAKER,
        document={"number": "内科拨〔2025〕1号"},
    )
    assert opened.balances("project")["OLD-ATRD"]["ordered"] == "500000.00"


def play_h2(desk: Desk) -> None:
    allocate(desk, "MSP-BRK", "200000000")
    allocate(desk, "RDT-KRD", "300000000")
    assert desk.balances("fund")["STIDF"]["unallocated"] == "405010000.50"

    register_project(desk, "BRK-1", "MSP-BRK", mode="CHALLENGE")
    wanted = commitment("BRK-1", "230000000", "92000000", "138000000")
    problem = refused(desk.ask("std-1", wanted, "h2-commit"), "INSUFFICIENT_FUNDS")
    amounts = (problem["asked"], problem["available"], problem["short_by"])
    assert amounts == ("230000000.00", "200000000.00", "30000000.00")

    moved = {"fund": "STIDF", "vintage": 2025, "from_special": "RDT-KRD", "to_special": "MSP-BRK"}
    desk.record("std-1", "FundsReallocatedWithinFund", DAY, amount="20000000", reason="突围项目优先", **moved)
    allocate(desk, "MSP-BRK", "10000000")
    specials = desk.balances("special")
    assert (specials["RDT-KRD"]["available"], specials["MSP-BRK"]["available"]) == ("280000000.00", "230000000.00")
    assert desk.balances("fund")["STIDF"]["unallocated"] == "395010000.50"

    done(desk.ask("std-1", wanted, "h2-commit"))
    done(desk.ask("std-1", ORDER, "h2-order"))
    done(desk.ask("tre-1", SETTLED, "h2-settle"))


ORDER = movement(
    "PaymentOrdered",
    DAY,
    order="O-1",
    project="BRK-1",
    instalment="1",
    amount="92000000",
    payee=UNDERTAKER,
    document={"number": "内科拨〔2025〕8号"},
)
SETTLED = movement("PaymentSettled", DAY, order="O-1", amount="92000000", detail="D-1")


def test_h2_breakthrough(opened: Desk) -> None:
    play_h2(opened)
    assert opened.balances("project")["BRK-1"]["committed"] == "138000000.00"
    fund = opened.balances("fund")["STIDF"]
    assert (fund["committed"], fund["disbursed"]) == ("206249999.50", "92000000.00")
    assert (fund["unallocated"], fund["available"], fund["total"]) == ("395010000.50", "280000000.00", "973260000.00")


def test_h7_same_request_twice(opened: Desk) -> None:
    play_h2(opened)
    number = opened.number()
    again = opened.ask("tre-1", SETTLED, "h2-settle")
    receipt = done(again)
    assert (again.status_code, receipt["number"], receipt["repeated"]) == (200, number, True)
    assert [entry["balance_after"] for entry in receipt["entries"]] == ["0.00", "92000000.00"]
    assert opened.balances("fund")["STIDF"]["disbursed"] == "92000000.00"

    refused(opened.ask("tre-1", SETTLED | {"amount": "92000001"}, "h2-settle"), "IDEMPOTENCY_CONFLICT")
    refused(opened.ask("std-1", ORDER | {"order": "O-2"}), "DUPLICATE_BUSINESS_KEY")
    assert opened.number() == number


def test_h8_at_the_same_moment(opened: Desk) -> None:
    allocate(opened, "RDT-CHN", "10000000")
    amounts = {"CHN-7": "7000000", "CHN-6": "6000000"}
    for project in amounts:
        register_project(opened, project, "RDT-CHN", mode="CHALLENGE")
    with ThreadPoolExecutor(2) as together:
        answers = dict(
            zip(amounts, together.map(lambda p: opened.ask("std-1", commitment(p, amounts[p])), amounts), strict=True)
        )
    lost = next(project for project, answer in answers.items() if answer.status_code != 201)
    assert sorted(answer.status_code for answer in answers.values()) == [201, 409]
    problem = refused(answers[lost], "INSUFFICIENT_FUNDS")
    # 7 + 6 is 3 more than 10, whoever came first; what was left for the other differs.
    assert problem["short_by"] == "3000000.00"
    special = opened.balances("special")["RDT-CHN"]
    assert (special["committed"], special["available"]) in (
        ("7000000.00", "3000000.00"),
        ("6000000.00", "4000000.00"),
    )
