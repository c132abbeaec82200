"""The figures of the card: what each is called, and the account that it is the balance of."""

from typing import Literal

from ledger.domain.accounts import ACCOUNTS
from ledger.domain.catalogue import Name

By = Literal["plan", "special", "project", "source", "fund"]

MEASURES: dict[str, str] = {
    "appropriated": "B100",
    "carried_in": "B101",
    "reallocated": "B105",
    "consolidated": "B106",
    "suspense": "X900",
    "unallocated": "B200",
    "available": "B210",
    "reserved": "P200",
    "committed": "B220",
    "ordered": "B230",
    "disbursed": "B240",
    "issued_to_leagues": "B245",
    "withdrawn": "B250",
    "carried_out": "B260",
    "later_years": "F200",
    "matching_pledged": "M200",
    "matching_received": "M110",
    "original_channel": "O200",
    "cofunding_committed": "N200",
    "cofunding_received": "N110",
    "repayable_outstanding": "R100",
    "recovery_outstanding": "R110",
    "returned_earlier_years": "R120",
    "undertaker_spending": "U200",
    "unmatched_receipts": "S200",
}
"""Figure → the account it is the balance of."""

DERIVED: dict[str, Name] = {
    "net": Name("净可用", "Net available"),
    "total": Name("合计", "Total of uses"),
    "matching_due": Name("匹配应到", "Matching due"),
    "matching_gap": Name("匹配缺口", "Matching gap"),
}
"""Computed from others: net = available − what is reserved for calls still open; total = all credit budget accounts (V1, V2)."""

FIGURES: dict[str, Name] = {name: ACCOUNTS[code].name for name, code in MEASURES.items()} | DERIVED
PRESENT_ONLY = frozenset({"matching_due", "matching_gap"})
"""What pledges were due then is not kept: of a past moment these figures are left out, as zero would be wrong."""
LAPSED = "lapsed"
"""Part of ``reserved`` that no longer holds anything back; not a figure of the card."""
MEASURE_OF = {code: name for name, code in MEASURES.items()}
