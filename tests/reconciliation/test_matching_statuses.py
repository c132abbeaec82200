"""Each status and each cause, told by either side first."""

from dataclasses import dataclass

import pytest

from ledger.domain.reconciliation import Cause, Status
from ledger.reconciliation.line import Line
from tests.reconciliation.told import (
    Short,
    balance,
    cases,
    cleared,
    ordered,
    paid,
    received,
    refunded,
    rejected,
    said,
    sent_back,
)

OTHER_WAY = {"MISSING_IN_LEDGER": "MISSING_IN_TREASURY", "MISSING_IN_TREASURY": "MISSING_IN_LEDGER"}
FULL = {"detail": "D1", "application": "A1", "voucher": "V1", "account": "acc", "payee": "甲公司", "project": "P1"}


@dataclass
class Example:
    """Given lines of both sides, when they are matched, then these cases."""

    name: str
    ours: list[Line]
    theirs: list[Line]
    then: list[Short]


EXAMPLES = [
    Example("all keys equal", [paid(1, 100, **FULL)], [paid(1, 100, **FULL)], [("MATCHED", None, (1,), (1,))]),
    Example(
        "the detail id is enough, on whatever day",
        [paid(1, 100, 2, detail="D1", application="A1")],
        [paid(1, 100, 20, detail="D1")],
        [("MATCHED", None, (1,), (1,))],
    ),
    Example(
        "application and amount",
        [paid(1, 100, application="A1", detail="D1"), paid(2, 100, application="A2", detail="D2")],
        [paid(1, 100, application="A2"), paid(2, 100, application="A1")],
        [("MATCHED", None, (1,), (2,)), ("MATCHED", None, (2,), (1,))],
    ),
    Example(
        "the voucher tells two of one application apart",
        [paid(1, 100, application="A1", voucher="V1"), paid(2, 100, application="A1", voucher="V2")],
        [paid(1, 100, application="A1", voucher="V2"), paid(2, 100, application="A1")],
        [("MATCHED", None, (1,), (2,)), ("MATCHED", None, (2,), (1,))],
    ),
    Example(
        "one application paid in equal parts, day by day",
        [paid(1, 100, 2, application="A1"), paid(2, 100, 3, application="A1")],
        [paid(1, 100, 4, application="A1"), paid(2, 100, 2, application="A1")],
        [("MATCHED", None, (1,), (2,)), ("MATCHED", None, (2,), (1,))],
    ),
    Example(
        "transaction no.",
        [paid(1, 100, 2, transaction="T1")],
        [paid(1, 100, 9, transaction="T1")],
        [("MATCHED", None, (1,), (1,))],
    ),
    Example(
        "amount, account and days",
        [paid(1, 100, 10, detail="D1", account="acc")],
        [paid(1, 100, 12, account="acc", voucher="V9")],
        [("MATCHED", None, (1,), (1,))],
    ),
    Example(
        "the project tells two of one account apart",
        [paid(1, 100, account="acc", project="P1"), paid(2, 100, account="acc", project="P2")],
        [paid(1, 100, account="acc", project="P2"), paid(2, 100, account="acc", project="P1")],
        [("MATCHED", None, (1,), (2,)), ("MATCHED", None, (2,), (1,))],
    ),
    Example(
        "outside the window",
        [paid(1, 100, 10, account="acc")],
        [paid(1, 100, 16, account="acc")],
        [("MISSING_IN_TREASURY", None, (1,), ()), ("MISSING_IN_LEDGER", None, (), (1,))],
    ),
    Example(
        "a weekend does not count",
        [paid(1, 100, 10, account="acc")],
        [paid(1, 100, 15, account="acc")],
        [("MATCHED", None, (1,), (1,))],
    ),
    Example(
        "a name and an amount are not enough",
        [paid(1, 100, payee="甲公司")],
        [paid(1, 100, payee="甲公司")],
        [("MISSING_IN_TREASURY", None, (1,), ()), ("MISSING_IN_LEDGER", None, (), (1,))],
    ),
    Example(
        "an account and an amount of another project are not enough",
        [paid(1, 100, account="acc", project="P1")],
        [paid(1, 100, account="acc", project="P2")],
        [("MISSING_IN_TREASURY", None, (1,), ()), ("MISSING_IN_LEDGER", None, (), (1,))],
    ),
    Example(
        "payee renamed",
        [paid(1, 100, **FULL)],
        [paid(1, 100, **FULL | {"payee": "甲科技公司"})],
        [("MATCHED", "PAYEE_RENAMED", (1,), (1,))],
    ),
    Example(
        "a name typed in full width is the same name",
        [paid(1, 100, **FULL | {"payee": "甲公司(呼市)"})],
        [paid(1, 100, **FULL | {"payee": "甲公司（呼市） "})],
        [("MATCHED", None, (1,), (1,))],
    ),
    Example(
        "digits swapped",
        [paid(1, 123_400, **FULL)],
        [paid(1, 132_400, **FULL)],
        [("AMOUNT_DIFF", "DIGITS_SWAPPED", (1,), (1,))],
    ),
    Example(
        "yuan taken for ten thousand yuan",
        [paid(1, 5_000_000, application="A1")],
        [paid(1, 500, application="A1")],
        [("AMOUNT_DIFF", "UNIT_SLIP", (1,), (1,))],
    ),
    Example(
        "an amount that differs otherwise",
        [paid(1, 100, voucher="V1")],
        [paid(1, 101, voucher="V1")],
        [("AMOUNT_DIFF", None, (1,), (1,))],
    ),
    Example(
        "of a voucher, what was mistaken is paired",
        [paid(1, 12_300, voucher="V1"), paid(2, 700, voucher="V1")],
        [paid(1, 900, voucher="V1"), paid(2, 13_200, voucher="V1")],
        [("AMOUNT_DIFF", "DIGITS_SWAPPED", (1,), (2,)), ("AMOUNT_DIFF", None, (2,), (1,))],
    ),
    Example(
        "a detail id with another amount is taken by nothing else",
        [paid(1, 100, **FULL), paid(2, 250, account="acc")],
        [paid(1, 250, **FULL), paid(2, 100, account="acc")],
        [
            ("AMOUNT_DIFF", None, (1,), (1,)),
            ("MISSING_IN_TREASURY", None, (2,), ()),
            ("MISSING_IN_LEDGER", None, (), (2,)),
        ],
    ),
    Example(
        "another function",
        [paid(1, 100, **FULL, function="2060404")],
        [paid(1, 100, **FULL, function="2060499")],
        [("WRONG_CLASSIFICATION", "WRONG_FUNCTION", (1,), (1,))],
    ),
    Example(
        "another fund",
        [paid(1, 100, **FULL, fund="NSF", function="2060404")],
        [paid(1, 100, **FULL, fund="STIDF", function="2060499")],
        [("WRONG_CLASSIFICATION", "WRONG_FUND", (1,), (1,))],
    ),
    Example(
        "another project under the same keys",
        [paid(1, 100, **FULL)],
        [paid(1, 100, **FULL | {"project": "P2"})],
        [("WRONG_CLASSIFICATION", None, (1,), (1,))],
    ),
    Example(
        "two projects in one voucher",
        [paid(1, 100, voucher="V1", project="P1"), paid(2, 200, voucher="V1", project="P2")],
        [paid(1, 300, voucher="V1")],
        [("MATCHED", "TWO_PROJECTS", (1, 2), (1,))],
    ),
    Example(
        "two parts of one project in one voucher",
        [paid(1, 100, voucher="V1", project="P1"), paid(2, 200, voucher="V1", project="P1")],
        [paid(1, 300, voucher="V1")],
        [("MATCHED", None, (1, 2), (1,))],
    ),
    Example(
        "a voucher that does not add up",
        [paid(1, 100, voucher="V1", project="P1"), paid(2, 200, voucher="V1", project="P2")],
        [paid(1, 350, voucher="V1")],
        [("AMOUNT_DIFF", None, (1, 2), (1,))],
    ),
    Example(
        "in transit across the end",
        [paid(1, 100, 31, **FULL)],
        [paid(1, 100, 33, **FULL)],
        [("TIMING", "IN_TRANSIT", (1,), (1,))],
    ),
    Example(
        "after the end on both sides",
        [paid(1, 100, 33, **FULL)],
        [paid(1, 100, 34, **FULL)],
        [("MATCHED", None, (1,), (1,))],
    ),
    Example("after the end on one side", [], [paid(1, 100, 33, **FULL)], [("TIMING", None, (), (1,))]),
    Example(
        "paid by treasury, expected by the ledger",
        [ordered(1, 100, application="A1", account="acc")],
        [paid(1, 100, **FULL)],
        [("TIMING", "IN_TRANSIT", (1,), (1,))],
    ),
    Example(
        "expected by the ledger, paid by treasury in two parts",
        [ordered(1, 100, application="A1")],
        [paid(1, 40, application="A1", detail="D1"), paid(2, 60, application="A1", detail="D2")],
        [("TIMING", "IN_TRANSIT", (1,), (1, 2))],
    ),
    Example(
        "expected by the ledger, paid by treasury in part",
        [ordered(1, 100, application="A1")],
        [paid(1, 40, application="A1", detail="D1")],
        [("TIMING", "IN_TRANSIT", (1,), ()), ("MISSING_IN_LEDGER", None, (), (1,))],
    ),
    Example(
        "expected by the ledger only", [ordered(1, 100, application="A1")], [], [("TIMING", "IN_TRANSIT", (1,), ())]
    ),
    Example(
        "expected once more, and told twice only because of that",
        [paid(1, 100, application="A1", voucher="V1"), ordered(2, 100, application="A1")],
        [paid(1, 100, application="A1", voucher="V1"), paid(2, 100, application="A1", voucher="V1")],
        [("MATCHED", None, (1,), (1,)), ("TIMING", "IN_TRANSIT", (2,), (2,))],
    ),
    Example("missing", [paid(1, 100, **FULL)], [], [("MISSING_IN_TREASURY", None, (1,), ())]),
    Example(
        "a detail id told twice",
        [paid(1, 100, **FULL)],
        [paid(1, 100, **FULL), paid(2, 100, 12, **FULL)],
        [("MATCHED", None, (1,), (1,)), ("DUPLICATE", "PAID_TWICE", (), (2,))],
    ),
    Example(
        "a detail id told twice, the first time wrongly",
        [paid(1, 100, **FULL)],
        [paid(1, 1_000, **FULL), paid(2, 100, 12, **FULL)],
        [("MATCHED", None, (1,), (2,)), ("DUPLICATE", "PAID_TWICE", (), (1,))],
    ),
    Example(
        "a voucher told twice",
        [paid(1, 100, application="A1", voucher="V1", account="acc")],
        [paid(key, 100, application="A1", voucher="V1", account="acc") for key in (1, 2)],
        [("MATCHED", None, (1,), (1,)), ("DUPLICATE", "PAID_TWICE", (), (2,))],
    ),
    Example(
        "recorded again by hand, under a detail id that nobody knows",
        [paid(1, 100, **FULL), paid(2, 100, **FULL | {"detail": "BY-HAND"})],
        [paid(1, 100, **FULL)],
        [("MATCHED", None, (1,), (1,)), ("DUPLICATE", "PAID_TWICE", (2,), ())],
    ),
    Example(
        "two details of one voucher that the other side has not",
        [],
        [paid(1, 100, **FULL), paid(2, 100, **FULL | {"detail": "D2"})],
        [("MISSING_IN_LEDGER", None, (), (1,)), ("MISSING_IN_LEDGER", None, (), (2,))],
    ),
    Example(
        "told twice, and the other side has nothing of it",
        [],
        [paid(key, 100, application="A1", voucher="V1", account="acc") for key in (1, 2)],
        [("MISSING_IN_LEDGER", None, (), (1,)), ("DUPLICATE", "PAID_TWICE", (), (2,))],
    ),
    Example(
        "twice by both sides is two payments",
        [paid(key, 100, application="A1", voucher="V1") for key in (1, 2)],
        [paid(key, 100, application="A1", voucher="V1") for key in (1, 2)],
        [("MATCHED", None, (1, 2), (1, 2))],
    ),
    Example(
        "candidates without a key",
        [paid(1, 100, account="acc", project="P1"), paid(2, 100, account="acc", project="P2")],
        [paid(1, 100, account="acc"), paid(2, 100, account="acc")],
        [
            ("MISSING_IN_TREASURY", "INDISTINGUISHABLE", (1,), ()),
            ("MISSING_IN_TREASURY", "INDISTINGUISHABLE", (2,), ()),
            ("MISSING_IN_LEDGER", "INDISTINGUISHABLE", (), (1,)),
            ("MISSING_IN_LEDGER", "INDISTINGUISHABLE", (), (2,)),
        ],
    ),
    Example(
        "one without a key could be either of two",
        [paid(1, 100, account="acc")],
        [paid(1, 100, 9, account="acc"), paid(2, 100, 11, account="acc")],
        [
            ("MISSING_IN_TREASURY", "INDISTINGUISHABLE", (1,), ()),
            ("MISSING_IN_LEDGER", "INDISTINGUISHABLE", (), (1,)),
            ("MISSING_IN_LEDGER", "INDISTINGUISHABLE", (), (2,)),
        ],
    ),
    Example(
        "equals in equal number, told alike in everything",
        [paid(1, 100, account="acc"), paid(2, 100, account="acc")],
        [paid(1, 100, 11, account="acc"), paid(2, 100, 11, account="acc")],
        [("MATCHED", None, (1, 2), (1, 2))],
    ),
    Example(
        "a rejection in one line",
        [rejected(1, 100, application="A1")],
        [rejected(1, 100, 13, application="A1", voucher="V1")],
        [("REJECTED", None, (1,), (1,))],
    ),
    Example(
        "a rejection beside its payment",
        [rejected(1, 100, application="A1")],
        [paid(1, 100, 11, **FULL), sent_back(2, 100, 12, cites="D1")],
        [("REJECTED", None, (1,), (1, 2))],
    ),
    Example(
        "a rejection with the voucher of its payment",
        [rejected(1, 100, application="A1")],
        [paid(1, 100, 11, **FULL), sent_back(2, 100, 12, voucher="V1", detail="D7")],
        [("REJECTED", None, (1,), (1, 2))],
    ),
    Example(
        "rejected, and paid again under the same application",
        [rejected(1, 100, application="A1"), paid(2, 100, 16, application="A1", detail="D2")],
        [
            paid(1, 100, 11, **FULL),
            sent_back(2, 100, 12, cites="D1"),
            paid(3, 100, 16, application="A1", detail="D2"),
        ],
        [("REJECTED", None, (1,), (1, 2)), ("MATCHED", None, (2,), (3,))],
    ),
    Example(
        "a rejection across the end",
        [rejected(1, 100, 31, application="A1")],
        [paid(1, 100, 30, **FULL), sent_back(2, 100, 33, cites="D1")],
        [("TIMING", "IN_TRANSIT", (1,), (1, 2))],
    ),
    Example(
        "settled and refunded here, there a rejection that moved nothing",
        [paid(1, 100, **FULL), refunded(2, 100, 12, cites="D1", returns=100)],
        [rejected(1, 100, 11, voucher="V1", application="A1")],
        [("REJECTED", None, (1, 2), (1,))],
    ),
    Example(
        "the same where only a part came back",
        [paid(1, 100, **FULL), refunded(2, 40, 12, cites="D1", returns=100)],
        [rejected(1, 100, 11, voucher="V1")],
        [
            ("MISSING_IN_TREASURY", None, (1,), ()),
            ("MISSING_IN_TREASURY", None, (2,), ()),
            ("MISSING_IN_LEDGER", None, (), (1,)),
        ],
    ),
    Example(
        "the same where the payment is told there, too",
        [paid(1, 100, **FULL), refunded(2, 100, 12, cites="D1", returns=100)],
        [rejected(1, 100, 11, application="A1"), paid(2, 100, **FULL)],
        [
            ("MATCHED", None, (1,), (2,)),
            ("MISSING_IN_TREASURY", None, (2,), ()),
            ("MISSING_IN_LEDGER", None, (), (1,)),
        ],
    ),
    Example(
        "the same where two such pairs could be meant",
        [
            paid(1, 100, **FULL),
            refunded(2, 100, 12, cites="D1", returns=100),
            paid(3, 100, **FULL | {"detail": "D3"}),
            refunded(4, 100, 12, cites="D3", returns=100),
        ],
        [rejected(1, 100, 11, application="A1")],
        [
            *(("MISSING_IN_TREASURY", None, (key,), ()) for key in (1, 2, 3, 4)),
            ("MISSING_IN_LEDGER", None, (), (1,)),
        ],
    ),
    Example(
        "settled and refunded here, rejected there",
        [paid(1, 100, **FULL), refunded(2, 100, 12, cites="D1", returns=100)],
        [paid(1, 100, **FULL), sent_back(2, 100, 12, cites="V1")],
        [("MATCHED", None, (1,), (1,)), ("REJECTED", None, (2,), (2,))],
    ),
    Example(
        "a rejection that the other side has not told",
        [paid(1, 100, **FULL)],
        [paid(1, 100, **FULL), sent_back(2, 100, 12, cites="D1")],
        [("MATCHED", None, (1,), (1,)), ("MISSING_IN_LEDGER", None, (), (2,))],
    ),
    Example(
        "refunded whole, cited by detail and by voucher",
        [paid(1, 100, **FULL), refunded(2, 100, cites="D1", returns=100)],
        [paid(1, 100, **FULL), refunded(2, 100, detail="D8", cites="V1")],
        [("MATCHED", None, (1,), (1,)), ("REFUNDED", None, (2,), (2,))],
    ),
    Example(
        "refunded in part, of a payment of an earlier file",
        [refunded(1, 40, cites="D0", returns=100)],
        [refunded(1, 40, cites="D0")],
        [("PARTIALLY_REFUNDED", "PARTIAL_REFUND", (1,), (1,))],
    ),
    Example(
        "a refund that only one side says what it returns, by its own detail id",
        [paid(1, 100, **FULL), refunded(2, 40, detail="T1", cites="D1", returns=100)],
        [paid(1, 100, **FULL), refunded(2, 40, detail="T1")],
        [("MATCHED", None, (1,), (1,)), ("PARTIALLY_REFUNDED", "PARTIAL_REFUND", (2,), (2,))],
    ),
    Example(
        "money that came back without a word of what for, by its own detail id",
        [received(1, 40, detail="T1")],
        [received(1, 40, detail="T1")],
        [("MATCHED", None, (1,), (1,))],
    ),
    Example(
        "two refunds of one payment",
        [paid(1, 100, **FULL), refunded(2, 30, 14, cites="D1"), refunded(3, 30, 15, cites="D1")],
        [paid(1, 100, **FULL), refunded(2, 30, 15, cites="A1"), refunded(3, 30, 14, cites="A1")],
        [
            ("MATCHED", None, (1,), (1,)),
            ("PARTIALLY_REFUNDED", "PARTIAL_REFUND", (2,), (3,)),
            ("PARTIALLY_REFUNDED", "PARTIAL_REFUND", (3,), (2,)),
        ],
    ),
    Example(
        "a refund of another amount",
        [paid(1, 100, **FULL), refunded(2, 40, cites="D1", returns=100)],
        [paid(1, 100, **FULL), refunded(2, 60, cites="D1")],
        [("MATCHED", None, (1,), (1,)), ("AMOUNT_DIFF", None, (2,), (2,))],
    ),
    Example(
        "a refund told twice",
        [paid(1, 100, **FULL), refunded(2, 40, cites="D1", returns=100)],
        [paid(1, 100, **FULL), refunded(2, 40, cites="D1"), refunded(3, 40, cites="D1")],
        [
            ("MATCHED", None, (1,), (1,)),
            ("PARTIALLY_REFUNDED", "PARTIAL_REFUND", (2,), (2,)),
            ("DUPLICATE", "PAID_TWICE", (), (3,)),
        ],
    ),
    Example(
        "a refund told by the bank as a receipt",
        [paid(1, 100, voucher="V1", account="acc"), refunded(2, 100, cites="V1", account="acc")],
        [paid(1, 100, voucher="V1"), received(2, 100, 22, account="acc", transaction="T2")],
        [("MATCHED", None, (1,), (1,)), ("REFUNDED", None, (2,), (2,))],
    ),
    Example(
        "a receipt",
        [received(1, 100, account="acc")],
        [received(1, 100, 21, account="acc", transaction="T1")],
        [("MATCHED", None, (1,), (1,))],
    ),
    Example(
        "a payment is not a receipt",
        [paid(1, 100, account="acc")],
        [received(1, 100, 10, account="acc")],
        [("MISSING_IN_TREASURY", None, (1,), ()), ("MISSING_IN_LEDGER", None, (), (1,))],
    ),
    Example(
        "the same detail id of another application",
        [paid(1, 100, **FULL)],
        [paid(1, 100, **FULL | {"application": "A2"})],
        [("MISSING_IN_TREASURY", None, (1,), ()), ("MISSING_IN_LEDGER", None, (), (1,))],
    ),
    Example(
        "what disputes a detail id is matched by no other key",
        [paid(1, 100, **FULL), paid(2, 100, application="A2")],
        [paid(1, 100, **FULL | {"application": "A2"})],
        [
            ("MISSING_IN_TREASURY", None, (1,), ()),
            ("MISSING_IN_TREASURY", None, (2,), ()),
            ("MISSING_IN_LEDGER", None, (), (1,)),
        ],
    ),
    Example(
        "the same application on another voucher",
        [paid(1, 100, application="A1", voucher="V1")],
        [paid(1, 100, application="A1", voucher="V2")],
        [("MISSING_IN_TREASURY", None, (1,), ()), ("MISSING_IN_LEDGER", None, (), (1,))],
    ),
    Example(
        "the same keys to another account",
        [paid(1, 100, **FULL)],
        [paid(1, 100, **FULL | {"account": "other"})],
        [("MISSING_IN_TREASURY", None, (1,), ()), ("MISSING_IN_LEDGER", None, (), (1,))],
    ),
    Example(
        "a voucher that adds up, with one part of another application",
        [paid(1, 100, voucher="V1", application="A1"), paid(2, 200, voucher="V1", application="A2")],
        [paid(1, 300, voucher="V1", application="A1")],
        [("AMOUNT_DIFF", None, (1,), (1,)), ("MISSING_IN_TREASURY", None, (2,), ())],
    ),
    Example(
        "a day that clears",
        [paid(1, 100, voucher="V1"), paid(2, 50, voucher="V2")],
        [paid(1, 100, voucher="V1"), paid(2, 50, voucher="V2"), cleared(3, -150)],
        [("MATCHED", None, (1,), (1,)), ("MATCHED", None, (2,), (2,)), ("MATCHED", None, (), (3,))],
    ),
    Example(
        "a day that does not clear",
        [paid(1, 100, voucher="V1")],
        [paid(1, 100, voucher="V1"), cleared(2, -90)],
        [("MATCHED", None, (1,), (1,)), ("AMOUNT_DIFF", None, (), (2,))],
    ),
    Example("a quota that agrees", [balance(1, 100)], [balance(1, 100)], [("MATCHED", None, (1,), (1,))]),
    Example(
        "a quota that differs",
        [balance(1, 123_400)],
        [balance(1, 132_400)],
        [("AMOUNT_DIFF", "DIGITS_SWAPPED", (1,), (1,))],
    ),
    Example(
        "a quota of another fund",
        [balance(1, 100, fund="NSF")],
        [balance(1, 100)],
        [("MISSING_IN_TREASURY", None, (1,), ()), ("MISSING_IN_LEDGER", None, (), (1,))],
    ),
    Example(
        "a quota that only one side tells by project",
        [balance(1, 100, project="P1"), balance(2, 50, project="P2")],
        [balance(1, 150)],
        [("MATCHED", None, (1, 2), (1,))],
    ),
    Example(
        "a quota told by project",
        [balance(1, 100, project="P1"), balance(2, 50, project="P2")],
        [balance(1, 50, project="P2"), balance(2, 100, project="P1")],
        [("MATCHED", None, (1,), (2,)), ("MATCHED", None, (2,), (1,))],
    ),
    Example(
        "a quota by documents, one of them twice",
        [balance(1, 150)],
        [balance(1, 100, document="1号"), balance(2, 50, document="2号"), balance(3, 50, document="2号")],
        [("MATCHED", None, (1,), (1, 2)), ("DUPLICATE", "PAID_TWICE", (), (3,))],
    ),
]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_lines_become_cases(example: Example) -> None:
    assert said(example.ours, example.theirs) == example.then


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_lines_become_the_same_cases_the_other_way(example: Example) -> None:
    swapped = [(OTHER_WAY.get(status, status), cause, theirs, ours) for status, cause, ours, theirs in example.then]
    assert sorted(said(example.theirs, example.ours), key=repr) == sorted(swapped, key=repr)


def test_every_status_and_cause_is_shown() -> None:
    shown = {(status, cause) for example in EXAMPLES for status, cause, _, _ in example.then}
    assert {status for status, _ in shown} == {status.value for status in Status} - {"EXPLAINED"}
    assert {cause for _, cause in shown} - {None} == {cause.value for cause in Cause}


def test_candidates_stand_side_by_side() -> None:
    """Each names what it could be, and how it came to stay open."""
    found = cases(
        [paid(1, 100, account="acc", project="P1"), paid(2, 100, account="acc", project="P2")],
        [paid(7, 100, account="acc")],
    )
    assert [(case.rule, case.ours, case.theirs, case.rivals) for case in found] == [
        ("SEVERAL", (1,), (), (7,)),
        ("SEVERAL", (2,), (), (7,)),
        ("SEVERAL", (), (7,), (1, 2)),
    ]


@pytest.mark.parametrize("other", [{"application": "A2"}, {"voucher": "V2"}, {"account": "other"}])
def test_what_contradicts_itself_stands_side_by_side(other: dict[str, str]) -> None:
    """Also where another round of the rules follows because something else matched."""
    found = cases(
        [paid(1, 100, **FULL), paid(2, 7, voucher="V7")], [paid(1, 100, **FULL | other), paid(2, 7, voucher="V7")]
    )
    assert [(case.rule, case.ours, case.theirs, case.rivals) for case in found] == [
        ("CONTRADICTED", (1,), (), (1,)),
        ("VOUCHER", (2,), (2,), ()),
        ("CONTRADICTED", (), (1,), (1,)),
    ]
