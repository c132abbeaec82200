"""Closing, correction, changes of specials, approvals, and a year's end."""

from ledger.domain.examples.requests import FILE, NSF_2025, STIDF_2025, example

CLOSING = (
    example(
        "FIN+FIN2",
        "ReconciliationSignedOff",
        "2025-02-05",
        reconciles="2025-01",
        statement=FILE,
        ledger_total="0",
        statement_total="0",
        unexplained="0",
    ),
    example("FIN", "PeriodClosed", "2025-02-05", closes="2025-01"),
    example("FIN+FIN2", "EntryCorrected", "2025-08-15", reason="金额录入有误", lines=[{"number": 43}]),
    example("STD", "SpecialSuspended", "2025-10-01", special="CAP-STR", document={"number": "内科发〔2025〕20号"}),
    example("STD", "SpecialResumed", "2025-10-20", special="CAP-STR", document={"number": "内科发〔2025〕22号"}),
    example(
        "STD",
        "SpecialMerged",
        "2025-11-01",
        special="CAP-STR",
        into="CAP-TAL",
        document={"number": "内科发〔2025〕25号"},
    ),
    example(
        "FIN",
        "FundsWithdrawnToTreasury",
        "2025-12-20",
        account="B210",
        special="CAP-POL",
        amount="1000000",
        document={"number": "内财科〔2025〕88号"},
        **STIDF_2025,
    ),
)

_ALLOCATION = {
    "kind": "FundsAllocated",
    "effective_on": "2025-09-01",
    "special": "CAP-TAL",
    "amount": "1000000",
    **STIDF_2025,
}
APPROVALS = (
    example("STD", "ProposalSubmitted", "2025-09-01", proposal="P-1", movements=[_ALLOCATION], expires_on="2099-12-31"),
    example("FIN", "ProposalApproved", "2025-09-02", proposal="P-1"),
    example("STD", "ProposalSubmitted", "2025-09-03", proposal="P-2", movements=[_ALLOCATION]),
    example("FIN", "ProposalRejected", "2025-09-04", proposal="P-2", reason="额度已用于其他专项"),
)

SIGNING = (
    example(
        "FIN+STD",
        "SigningRuleSet",
        "2025-12-01",
        rule="virement-large",
        kinds=["FundsReallocatedBetweenFunds", "FundsReallocatedWithinFund"],
        from_amount="50000000",
        steps=["FIN", "COM"],
        document={"number": "内财科〔2025〕90号"},
    ),
)

HOLIDAYS = (
    example(
        "FIN+STD",
        "HolidaysAnnounced",
        "2025-12-02",
        year=2025,
        holidays=[
            *("2025-01-01", "2025-01-28", "2025-01-29", "2025-01-30", "2025-01-31", "2025-02-01", "2025-02-02"),
            *("2025-02-03", "2025-02-04", "2025-04-04", "2025-04-05", "2025-04-06", "2025-05-01", "2025-05-02"),
            *("2025-05-03", "2025-05-04", "2025-05-05", "2025-05-31", "2025-06-01", "2025-06-02", "2025-10-01"),
            *("2025-10-02", "2025-10-03", "2025-10-04", "2025-10-05", "2025-10-06", "2025-10-07", "2025-10-08"),
        ],
        worked=["2025-01-26", "2025-02-08", "2025-04-27", "2025-09-28", "2025-10-11"],
        document={"number": "国办发明电〔2024〕12号"},
    ),
)

YEAR_END = (
    example(
        "FIN",
        "AppropriationReceived",
        "2025-01-10",
        amount="160000000",
        document={"number": "内财科〔2025〕1号"},
        **NSF_2025,
    ),
    example(
        "FIN",
        "BalanceCarriedForward",
        "2025-12-31",
        account="B200",
        amount="160000000",
        treatment="CARRY_OVER",
        reason="项目尚在评审",
        **NSF_2025,
    ),
    example("FIN", "YearClosed", "2026-01-20", year=2025),
    example(
        "FIN",
        "CarryForwardAdjusted",
        "2026-03-31",
        year=2025,
        against="B250",
        account="B200",
        amount="-250000.50",
        document={"number": "内财决〔2026〕1号"},
        **NSF_2025,
    ),
)
