"""What else happens in a year: payments and their mishaps, matching money, post-subsidies, reallocations, closing months."""

from collections.abc import Iterator
from itertools import count

from ledger.demo.batches import RACE, REPAYABLE, Planned, instalments
from ledger.demo.cast import COFUNDER, FUNCTIONS, RECOMMENDER, institution
from ledger.demo.figures import SUPPLEMENTS
from ledger.demo.scenes import Scene, alone, movement, signed
from ledger.demo.titles import title_of
from ledger.domain.movement import Movement

STIDF = {"fund": "STIDF", "vintage": 2025}
IN_VOUCHER_OF = {"RDT-KRD-121": "RDT-KRD-061"}
"""One voucher pays two projects of one undertaker."""


def document(number: str) -> dict[str, str]:
    """A synthetic document."""
    return {"number": f"演示〔2025〕{number}"}


def payments(name: str, day: str, paid: list[Planned]) -> Iterator[Scene]:
    """First instalments are ordered, and treasury settles them."""
    yield alone(f"{name} orders", "std-1", *(ordered(planned, day) for planned in paid))
    yield alone(f"{name} settlements", "tre-1", *(settled(planned, day) for planned in paid))


def ordered(planned: Planned, day: str) -> Movement:
    """The first instalment of a project is ordered for its undertaker."""
    first = instalments(planned)[0]
    return movement(
        "PaymentOrdered",
        day,
        order=f"SQ-{planned.project}-1",
        project=planned.project,
        instalment=first["instalment"],
        amount=first["amount"],
        payee=planned.undertaker,
        payee_account=f"演示账户 {planned.undertaker[-6:]}",
        document=document(f"拨付 {planned.project}"),
    )


def settled(planned: Planned, day: str) -> Movement:
    """Treasury reports that it paid."""
    first = instalments(planned)[0]["amount"]
    order = f"SQ-{planned.project}-1"
    in_voucher_of = IN_VOUCHER_OF.get(planned.project, planned.project)
    return movement(
        "PaymentSettled",
        day,
        order=order,
        amount=first,
        detail=f"MX-{planned.project}-1",
        voucher_no=f"PZ-{in_voucher_of}",
    )


def legacy() -> Iterator[Scene]:
    """Running projects of a suspended category draw their instalments (五(二) 存量项目)."""
    day = "2025-02-18"
    common = {"project": "OLD-ATRD", "instalment": "rest", "payee": institution(0), "document": document("存量拨付1")}
    yield alone("legacy order", "std-1", movement("PaymentOrdered", day, order="SQ-OLD-1", amount=6_500_000, **common))
    yield alone(
        "legacy paid", "tre-1", movement("PaymentSettled", day, order="SQ-OLD-1", amount=6_500_000, detail="MX-OLD-1")
    )


def supplements() -> Iterator[Scene]:
    """Quota outside the eight batches, and what it is given to."""
    day = "2025-03-03"
    quota = (
        movement(
            "AppropriationReceived",
            day,
            fund=fund,
            vintage=2025,
            amount=amount,
            line=str(line),
            document=document("追加1号"),
        )
        for line, (fund, amount) in enumerate(SUPPLEMENTS.items(), 1)
    )
    yield alone("supplement", "fin-1", *quota)
    given = {"CAP-POL": 60_000_000, "RDT-KRD": 30_000_000, "CAP-COP": 10_000_000, "BAS-CND": 5_000_000}
    allocated = (
        movement("FundsAllocated", day, special=special, amount=amount, **STIDF) for special, amount in given.items()
    )
    yield signed("supplement allocated", "std-1", "fin-2", *allocated)
    reserved = {"call": "2025-COP-2", "special": "CAP-COP", "amount": 8_000_000}
    yield alone("reserved", "std-1", movement("FundsReserved", day, fund="STIDF", expires_on="2025-12-31", **reserved))


def breakthrough() -> Iterator[Scene]:
    """A breakthrough project, case by case: money is found within the fund (四(一))."""
    day = "2025-03-20"
    yield alone(
        "within the fund",
        "std-1",
        movement(
            "FundsReallocatedWithinFund",
            day,
            from_special="RDT-KRD",
            to_special="MSP-BRK",
            amount=20_000_000,
            reason="科技突围项目优先保障",
            **STIDF,
        ),
    )
    given = movement("FundsAllocated", day, special="MSP-BRK", amount=5_000_000, **STIDF)
    yield signed("to breakthrough", "std-1", "fin-2", given)
    yield alone(
        "breakthrough",
        "std-1",
        movement(
            "ProjectRegistered",
            day,
            project="MSP-BRK-101",
            special="MSP-BRK",
            mode="ONE_CASE",
            title="(演示)一事一议突围项目",
            undertaker=institution(7),
            external_id="KJXM-2025-MSP-BRK-101",
            function=FUNCTIONS["applied"],
        ),
        movement(
            "PreFundingCommitted",
            day,
            project="MSP-BRK-101",
            amount=25_000_000,
            instalments=[
                {"instalment": "1", "amount": 10_000_000},
                {"instalment": "2", "amount": 15_000_000, "gated": True, "due_on": "2025-09-30"},
            ],
            scheme=document("一项一方案101"),
            cost_items=["equipment"],
            **STIDF,
        ),
    )
    spent = {"project": "MSP-BRK-101", "source": "ENTERPRISE"}
    yield alone(
        "enterprise money",
        "std-1",
        movement("CoFundingRecorded", day, amount=30_000_000, stage="COMMITTED", **spent),
        movement("CoFundingRecorded", day, amount=12_000_000, stage="RECEIVED", **spent),
        movement(
            "CoFundingRecorded",
            day,
            project="RDT-KRD-001",
            source="SOCIAL",
            amount=3_000_000,
            stage="RECEIVED_UNCOMMITTED",
        ),
        movement(
            "CoFundingRecorded", day, project="RDT-KRD-002", source="GUIDANCE", amount=5_000_000, stage="COMMITTED"
        ),
    )


def between_funds() -> Iterator[Scene]:
    """The S&T department proposes, finance countersigns; the NSF stays above its floor (四(二))."""
    day = "2025-06-13"
    between = {"from_fund": "NSF", "to_fund": "STIDF", "vintage": 2025, "amount": 5_000_000}
    moved = movement("FundsReallocatedBetweenFunds", day, document=document("会签1号"), **between)
    yield signed("between funds", "std-1", "fin-2", moved)
    given = movement("FundsAllocated", day, special="MSP-BRK", amount=5_000_000, **STIDF)
    yield signed("from the other fund", "std-1", "fin-2", given)


def platform() -> Iterator[Scene]:
    """A national platform of another department stays in its original channel (二(三)3)."""
    day = "2025-03-25"
    yield alone(
        "platform",
        "std-1",
        movement(
            "ProjectRegistered",
            day,
            project="PLT-NAT-101",
            special="PLT-NAT",
            mode="APPROVED",
            title="(演示)农牧部门国家级平台",
            undertaker=institution(11),
            external_id="KJXM-2025-PLT-NAT-101",
            function=FUNCTIONS["conditions"],
        ),
    )
    channel = {"project": "PLT-NAT-101", "amount": 8_000_000, "cost_items": ["equipment"]}
    yield alone("original channel", "cha-1", movement("OriginalChannelFundingRecorded", day, **channel))


def matching(projects: list[Planned]) -> Iterator[Scene]:
    """Who recommended pledges; most of it arrives, one tranche is late (二(一)3)."""
    day = "2025-04-28"
    tranches = [{"due_on": "2025-05-31", "amount": 1_500_000}, {"due_on": "2025-12-31", "amount": 1_000_000}]
    pledged = (
        movement(
            "MatchingCommitted",
            day,
            pledge=f"PP-{planned.project}",
            project=planned.project,
            pledger=RECOMMENDER,
            amount=2_500_000,
            tranches=tranches,
            basis="谁推荐、谁承诺、谁筹措匹配资金",
        )
        for planned in projects
    )
    yield alone("pledges", "rec-1", *pledged)
    received = (
        movement("MatchingReceived", "2025-05-28", pledge=f"PP-{planned.project}", amount=1_500_000, origin="MATCHING")
        for planned in projects[1:]
    )
    yield signed("matching received", "rec-1", "std-2", *received)


def joint_fund(projects: list[Planned]) -> Iterator[Scene]:
    """Central money of the joint fund beside the region's."""
    lines = (
        movement(
            "CoFundingRecorded", "2025-04-29", project=planned.project, source="CENTRAL", amount=amount, stage=stage
        )
        for planned in projects
        for amount, stage in ((3_000_000, "COMMITTED"), (1_000_000, "RECEIVED"))
    )
    yield alone("joint fund", "std-1", *lines)


def post_subsidies() -> Iterator[Scene]:
    """Verified first, then committed by rate and cap, then paid (四(三))."""
    day, serials = "2025-05-12", range(1, 26)
    yield alone("subsidy projects", "std-1", *(_subsidised(number, day) for number in serials))
    claims = {number: (4_000_000 + 412_345 * number, f"{4_000_000 + 412_345 * number}.90") for number in serials}
    verified = (
        movement(
            "PostSubsidyVerified",
            day,
            claim=f"HB-{number:03d}",
            project=f"CAP-POL-{number:03d}",
            claimed=f"{base + 100_000}.00",
            eligible=eligible,
            verifier="演示核查人",
            report=document(f"核查{number}"),
        )
        for number, (base, eligible) in claims.items()
    )
    yield alone("subsidies verified", "std-1", *verified)
    committed = (
        movement(
            "PostSubsidyCommitted",
            "2025-05-20",
            project=f"CAP-POL-{number:03d}",
            claim=f"HB-{number:03d}",
            amount=_award(int(eligible.replace(".", ""))),
            **STIDF,
        )
        for number, (_, eligible) in claims.items()
    )
    yield signed("subsidies committed", "std-1", "fin-2", *committed)


def _award(eligible_fen: int) -> str:
    award = min(eligible_fen * 2000 // 10_000, 200_000_000)
    return f"{award // 100}.{award % 100:02d}"


def _subsidised(number: int, day: str) -> Movement:
    return movement(
        "ProjectRegistered",
        day,
        project=f"CAP-POL-{number:03d}",
        special="CAP-POL",
        mode="ENTITLED",
        title=title_of(f"CAP-POL-{number:03d}", 3_000 + number),
        undertaker=institution(number),
        external_id=f"KJXM-2025-CAP-POL-{number:03d}",
        function=FUNCTIONS["other"],
    )


def race(planned: Planned) -> Iterator[Scene]:
    """Both teams start; one is eliminated, and what is left of its money goes back."""
    for team, payee in (("A", planned.undertaker), ("B", COFUNDER)):
        order = {"order": f"SQ-{RACE}-{team}", "project": RACE, "instalment": team, "team": team, "payee": payee}
        ordered = movement("PaymentOrdered", "2025-06-03", amount=1_500_000, document=document(f"拨付 {RACE}"), **order)
        yield alone(f"race {team}", "std-1", ordered)
        paid = {"order": f"SQ-{RACE}-{team}", "amount": 1_500_000, "detail": f"MX-{RACE}-{team}"}
        yield alone(f"race {team} paid", "tre-1", movement("PaymentSettled", "2025-06-04", **paid))
    yield alone(
        "race decided",
        "std-1",
        movement(
            "MilestoneAssessed",
            "2025-06-12",
            project=RACE,
            instalment="A",
            team="A",
            passed=True,
            document=document("考核1"),
        ),
        movement("TeamEliminated", "2025-06-12", project=RACE, team="B", document=document("淘汰1")),
        movement("CommitmentReleased", "2025-06-12", project=RACE, instalment="B", amount=3_500_000, reason="赛马淘汰"),
    )


def mishaps(projects: dict[str, Planned]) -> Iterator[Scene]:
    """A rejected payment ordered again, a refund, an unmatched settlement cleared, a recovery, a repayment."""
    day, serial = "2025-05-08", count(1)
    rejected = projects["RDT-KRD-301"]
    yield alone("to be rejected", "std-1", ordered(rejected, day))
    back = {"order": f"SQ-{rejected.project}-1", "amount": 1_200_000, "detail": f"TP-{next(serial)}"}
    yield alone("rejected", "tre-1", movement("PaymentRejected", "2025-05-09", **back))
    again = ordered(rejected, "2025-05-14").model_copy(update={"order": f"SQ-{rejected.project}-2"})
    yield alone("ordered again", "std-1", again)
    paid = {"order": f"SQ-{rejected.project}-2", "amount": 1_200_000, "detail": f"MX-{rejected.project}-2"}
    yield alone("paid again", "tre-1", movement("PaymentSettled", "2025-05-15", **paid))
    refund = {"settlement": "MX-RDT-KRD-003-1", "amount": 200_000, "detail": f"TP-{next(serial)}"}
    yield alone("refunded", "tre-1", movement("PaymentRefunded", "2025-05-16", **refund))
    whole = {"settlement": "MX-RDT-KRD-005-1", "amount": 1_200_000, "detail": f"TP-{next(serial)}"}
    yield alone("refunded in full", "tre-1", movement("PaymentRefunded", "2025-05-21", **whole))

    unknown = projects["RDT-KRD-302"]
    yield alone("ordered, then paid under a wrong number", "std-1", ordered(unknown, day))
    stray = {"order": "SQ-NONE", "amount": 1_200_000, "detail": "MX-STRAY-1"}
    yield alone("unmatched", "tre-1", movement("PaymentSettled", "2025-05-20", **stray))
    cleared = {"item": "MX-STRAY-1", "amount": 1_200_000, "order": f"SQ-{unknown.project}-1"}
    yield alone("cleared", "fin-1", movement("SuspenseCleared", "2025-05-26", **cleared))

    recovery = {"settlement": "MX-RDT-KRD-004-1", "amount": 300_000}
    yield signed(
        "recovery ordered",
        "std-1",
        "fin-2",
        movement("RecoveryOrdered", "2025-06-10", reason="未按任务书使用", **recovery),
    )
    received = {**recovery, "detail": f"ZH-{next(serial)}", "target": "AVAILABLE"}
    yield alone("recovered", "tre-1", movement("RecoveryReceived", "2025-06-24", **received))
    repaid = {"settlement": f"MX-{REPAYABLE}-1", "amount": 500_000, "detail": f"HK-{next(serial)}"}
    yield alone("repaid", "tre-1", movement("RepaymentReceived", "2025-06-27", recycling=document("滚动1"), **repaid))
    spent = {"project": "RDT-KRD-001", "amount": 650_000, "report": document("支出表1")}
    yield alone("spending reported", "std-1", movement("UndertakerExpenditureReported", "2025-06-28", **spent))


def gates(projects: list[Planned]) -> Iterator[Scene]:
    """Milestones open second instalments; some of them are paid."""
    day = "2025-06-18"
    assessed = (
        movement(
            "MilestoneAssessed",
            day,
            project=planned.project,
            instalment="2",
            passed=True,
            document=document(f"考核 {planned.project}"),
        )
        for planned in projects
    )
    yield alone("gates passed", "std-1", *assessed)
    orders = (
        movement(
            "PaymentOrdered",
            day,
            order=f"SQ-{planned.project}-G2",
            project=planned.project,
            instalment="2",
            amount=instalments(planned)[1]["amount"],
            payee=planned.undertaker,
            document=document(f"拨付二期 {planned.project}"),
        )
        for planned in projects[:20]
    )
    yield alone("second instalments ordered", "std-1", *orders)


def closing(month: int) -> Scene:
    """A month is closed on the fifth of the next."""
    return alone(
        f"close {month}", "fin-1", movement("PeriodClosed", f"2025-{month + 1:02d}-05", closes=f"2025-{month:02d}")
    )
