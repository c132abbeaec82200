"""Payments, what comes back, suspense, post-subsidies."""

from ledger.domain.examples.requests import INSTITUTE, STIDF_2025, example, paid

PAYMENTS = (
    *paid("1", "BRK-1", "1", "92000000", "2025-03-20", "D-1"),
    *paid("2", "BRK-1", "2a", "8000000", "2025-07-05", None),
    example("TRE", "PaymentRejected", "2025-07-08", order="2", amount="8000000", detail="D-2R"),
    *paid("3", "BRK-1", "2a", "9000000", "2025-07-10", None),
    example("STD", "PaymentOrderCancelled", "2025-07-11", order="3", reason="收款账户待更正"),
    *paid("4", "BRK-1", "2a", "10000000", "2025-07-15", "D-4"),
    example("TRE", "PaymentRefunded", "2025-08-01", settlement="D-4", amount="1000000", detail="D-4R"),
    *paid("5", "RACE-1", "A1", "3000000", "2025-04-01", "D-5", INSTITUTE),
    example(
        "TRE",
        "RepaymentReceived",
        "2025-11-20",
        settlement="D-5",
        amount="500000",
        detail="D-5R",
        recycling={"number": "滚动〔2025〕1号"},
    ),
    *paid("6", "STR-1", "1", "1000000", "2025-04-02", None),
    example("TRE", "UnmatchedSettlementRecorded", "2025-04-08", item="D-6", fund="UNKNOWN", amount="1000000"),
    example("FIN", "SuspenseCleared", "2025-04-20", item="D-6", amount="1000000", order="6"),
    example("TRE", "UnmatchedReceiptRecorded", "2025-05-08", item="D-7", fund="UNKNOWN", amount="30000"),
    example("STD+FIN", "RecoveryOrdered", "2025-09-01", settlement="D-1", amount="2000000", reason="未按任务书使用"),
    example(
        "TRE", "RecoveryReceived", "2025-10-15", settlement="D-1", amount="2000000", detail="D-1V", target="WITHDRAWN"
    ),
    example(
        "STD",
        "PostSubsidyVerified",
        "2025-03-01",
        claim="C-1",
        project="POL-1",
        claimed="13000000",
        eligible="12345678.90",
        verifier="李四",
        report={"number": "核查〔2025〕3号"},
    ),
    example(
        "STD+FIN", "PostSubsidyCommitted", "2025-03-02", project="POL-1", claim="C-1", amount="2000000", **STIDF_2025
    ),
    example("STD", "ProjectClosed", "2025-10-30", project="STR-1", evaluation={"number": "综评〔2025〕1号"}),
)
