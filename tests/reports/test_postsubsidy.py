"""Sheet 9: claim by claim, what was claimed, verified, computed by rate and cap, committed and paid."""

from ledger.reports.catalogue import ReportCode
from tests.reports.naive import row_of, sheet_of_world
from tests.reports.test_execution import paid_world
from tests.world import World, party, project

DAY = {"effective_on": "2025-03-01"}


def claimed(**claims: tuple[str, str]) -> World:
    """Claims of POL-1, each with what was claimed and what of it is eligible; a fifth is given, 100,000 at most."""
    world = paid_world()
    at = {"fund": "STIDF", "vintage": 2025, **DAY}
    world.sign("STD", "FIN", "FundsAllocated", special="CAP-POL", amount="1000000", **at)
    for name, value in (("post_subsidy_rate", {"rate_bp": 2000}), ("post_subsidy_cap", {"amount": "100000"})):
        world.sign("FIN", "STD", "PolicyParameterSet", name=name, document={"number": f"规{name[-4:]}"}, **value, **DAY)
    project(world, "POL-1", "CAP-POL", "ENTITLED")
    for claim, (asked, eligible) in claims.items():
        said = {
            "project": "POL-1",
            "verifier": "核查组",
            "report": {"number": f"核查{claim}"},
            "cost_items": [f"item-{claim}"],
        }
        world.record("STD", "PostSubsidyVerified", claim=claim, claimed=asked, eligible=eligible, **said, **DAY)
    return world


def commit(world: World, claim: str, amount: str) -> None:
    said = {"project": "POL-1", "claim": claim, "fund": "STIDF", "vintage": 2025, "amount": amount}
    world.sign("STD", "FIN", "PostSubsidyCommitted", document={"number": "兑现1号"}, **said, **DAY)


def pay(world: World, order: str, claim: str, amount: str) -> None:
    said = {"payee": party("university"), "document": {"number": f"拨付-{order}"}, "effective_on": "2025-03-10"}
    world.record("STD", "PaymentOrdered", order=order, project="POL-1", instalment=claim, amount=amount, **said)
    world.record("TRE", "PaymentSettled", order=order, detail=f"D{order}", amount=amount, effective_on="2025-03-12")


def test_a_claim_below_the_cap_and_one_above_it() -> None:
    world = claimed(C1=("400000", "333333.33"), C2=("900000", "900000"))
    sheet = sheet_of_world(world, ReportCode.POST_SUBSIDY, "2025-03-31")
    first, second = (row_of(sheet, "claim", claim) for claim in ("C1", "C2"))
    figures = ("claimed", "eligible", "rate", "formula", "cap", "awarded", "cut", "queue", "committed", "paid")
    assert [first[name] for name in figures] == [
        40_000_000,
        33_333_333,
        2000,
        6_666_666,
        10**7,
        6_666_666,
        0,
        6_666_666,
        0,
        0,
    ]
    assert [second[name] for name in figures] == [
        9 * 10**7,
        9 * 10**7,
        2000,
        18 * 10**6,
        10**7,
        10**7,
        8 * 10**6,
        10**7,
        0,
        0,
    ]
    assert (first["parameter"], first["report"], first["status"].zh) == ("规rate 规_cap", "核查C1", "排队")
    assert first["duplicate"].zh == "已核成本项:item-C1"
    assert sheet.total is not None
    assert sheet.total["queue"] == 16_666_666


def test_a_claim_is_committed_then_paid_in_parts_and_one_is_released() -> None:
    world = claimed(C1=("400000", "333333.33"), C2=("900000", "900000"))
    commit(world, "C1", "66666.66")
    commit(world, "C2", "100000")
    said = [row_of(sheet_of_world(world, ReportCode.POST_SUBSIDY, "2025-03-31"), "claim", "C1")]
    for order, amount in (("1", "60000"), ("2", "6666.66")):
        pay(world, order, "C1", amount)
        said.append(row_of(sheet_of_world(world, ReportCode.POST_SUBSIDY, "2025-03-31"), "claim", "C1"))
    assert [(row["committed"], row["paid"], row["queue"], row["status"].zh) for row in said] == [
        (6_666_666, 0, 0, "已安排"),
        (6_666_666, 6_000_000, 0, "部分支付"),
        (6_666_666, 6_666_666, 0, "已支付"),
    ]
    assert said[0]["policy"] == "兑现1号"
    freed = {"project": "POL-1", "instalment": "C2", "amount": "100000", "reason": "放弃", "effective_on": "2025-03-20"}
    world.record("STD", "CommitmentReleased", **freed)
    second = row_of(sheet_of_world(world, ReportCode.POST_SUBSIDY, "2025-03-31"), "claim", "C2")
    assert (second["committed"], second["status"].zh) == (0, "已核减")


def test_without_parameters_nothing_is_computed() -> None:
    world = claimed()
    project(world, "CND-1", "BAS-CND", "CALL")
    before = {"effective_on": "2025-02-15", "project": "CND-1", "verifier": "核查组", "report": {"number": "核查"}}
    world.record("STD", "PostSubsidyVerified", claim="C9", claimed="5", eligible="4.01", **before)
    row = row_of(sheet_of_world(world, ReportCode.POST_SUBSIDY, "2025-03-31"), "claim", "C9")
    assert (row["rate"], row["formula"], row["awarded"], row["queue"]) == (None, None, None, 401)
