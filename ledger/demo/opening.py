"""The opening: what the four former funds and the NSF bring in, their consolidation, the parameters of the year."""

from collections.abc import Iterator

from ledger.demo.cast import DAY, FUNCTIONS, institution
from ledger.demo.scenes import Scene, alone, movement, signed
from ledger.domain.movement import Movement

_BROUGHT_IN = (
    ("ATRD", "3200000.00", "18500000.00"),
    ("MSTP", None, "42000000.00"),
    ("STTC", "1250000.50", "7749999.50"),
    ("STIG", "560000.00", None),
    ("NSF", "400000.00", "12600000.00"),
)
"""Fund, unallocated, committed to running projects: yuan, vintage 2024, synthetic."""
LEGACY_NAMES = {
    "ATRD": ("原应用技术研究与开发类", "Former applied technology category"),
    "MSTP": ("原科技重大专项类", "Former major projects category"),
    "STTC": ("原科技成果转化类", "Former transfer category"),
    "NSF": ("自然科学基金存量项目", "Running NSF projects"),
}


def opening() -> Iterator[Scene]:
    """Suspended former categories first, then the signed list, then the consolidation (四(二), 五(二))."""
    running = [(number, fund, committed) for number, (fund, _, committed) in enumerate(_BROUGHT_IN) if committed]
    yield alone(
        "former categories",
        "std-1",
        *(
            movement(
                "SpecialAdded",
                DAY,
                special=f"LEG-{fund}",
                plan="LEGACY",
                title_zh=LEGACY_NAMES[fund][0],
                title_en=LEGACY_NAMES[fund][1],
            )
            for _, fund, _ in running
        ),
        *(
            movement(
                "ProjectRegistered",
                DAY,
                project=f"OLD-{fund}",
                special=f"LEG-{fund}",
                title=f"(演示)存量项目 {fund}",
                undertaker=institution(number),
                external_id=f"OLD-2024-{fund}",
                function=FUNCTIONS["applied"],
            )
            for number, fund, _ in running
        ),
    )
    lines = [
        *(_line(fund, unallocated) for fund, unallocated, _ in _BROUGHT_IN if unallocated),
        *(
            _line(fund, committed, project=f"OLD-{fund}", instalments=[{"instalment": "rest", "unpaid": committed}])
            for _, fund, committed in running
        ),
    ]
    yield signed("opening", "fin-1", "std-2", *lines)
    funds = ("ATRD", "MSTP", "STTC", "STIG")
    consolidated = (movement("PredecessorFundConsolidated", DAY, fund=fund) for fund in funds)
    yield signed("consolidation", "fin-1", "std-2", *consolidated)


def _line(fund: str, amount: str | None, **more: object) -> Movement:
    return movement("OpeningBalanceImported", DAY, fund=fund, vintage=2024, amount=amount, **more)


def parameters() -> Scene:
    """What the notice leaves to policy, with synthetic document numbers."""
    settings: tuple[tuple[str, str | None, dict[str, object]], ...] = (
        ("fund_floor", "NSF", {"amount": 200_000_000}),
        ("post_subsidy_rate", "CAP-POL", {"rate_bp": 2000}),
        ("post_subsidy_cap", "CAP-POL", {"amount": 2_000_000}),
        ("post_subsidy_rate", "BAS-CND", {"rate_bp": 3000}),
        ("post_subsidy_cap", "BAS-CND", {"amount": 1_000_000}),
        ("quota_issue_days", None, {"days": 30}),
    )
    return signed(
        "parameters",
        "fin-1",
        "std-2",
        *(
            movement(
                "PolicyParameterSet",
                DAY,
                name=name,
                document={"number": f"演示规〔2025〕{number}号", "dated": DAY},
                **({"scope": scope} if scope else {}),
                **value,
            )
            for number, (name, scope, value) in enumerate(settings, 1)
        ),
    )
