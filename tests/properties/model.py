"""A naive second ledger: plain dictionaries that follow each accepted movement by what its words say.

It reads requests and never entries, and shares no code with the rules: what it knows of accounts and kinds is stated here
again. Amounts are fen, signed in the account's own direction. ``wording`` and ``wording_of_payments`` teach it the kinds.
"""

from collections import defaultdict
from collections.abc import Callable
from typing import Any, NamedTuple

Key = tuple[Any, ...]
"""(code, fiscal year, source, vintage, special, project, function, reference); what an account does not keep is None."""

_OF_FUND = ("year", "source", "vintage")
_OF_SPECIAL = (*_OF_FUND, "special")
_OF_PROJECT = (*_OF_SPECIAL, "project", "function")
_OF_REFERENCE = (*_OF_PROJECT, "ref")
_BESIDE = ("source", "special", "project")
_BESIDE_REFERENCE = (*_BESIDE, "ref")

KEEPS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("B100", "B101", "B105", "B106", "B200"), _OF_FUND),
    "X900": (*_OF_FUND, "ref"),
    "B210": _OF_SPECIAL,
    **dict.fromkeys(("B220", "B230", "B240", "B245"), _OF_REFERENCE),
    **dict.fromkeys(("B250", "B260"), _OF_PROJECT),
    **dict.fromkeys(("M100", "M110", "M200"), _BESIDE_REFERENCE),
    **dict.fromkeys(("O100", "O200", "N100", "N110", "N200", "U100", "U200"), _BESIDE),
    **dict.fromkeys(("R100", "R200", "R110", "R210", "R120", "R220", "F100", "F200"), _BESIDE_REFERENCE),
    **dict.fromkeys(("P100", "P200"), ("source", "special", "ref")),
    **dict.fromkeys(("S100", "S200"), ("source", "ref")),
}


class Where(NamedTuple):
    """A place in words; accounts keep of it what they keep."""

    year: int | None = None
    source: str | None = None
    vintage: int | None = None
    special: str | None = None
    project: str | None = None
    function: str | None = None
    ref: str | None = None

    def of(self, **changed: Any) -> "Where":
        return self._replace(**changed)


def key(code: str, where: Where) -> Key:
    kept = KEEPS[code]
    return (code, *(value if name in kept else None for name, value in where._asdict().items()))


class Model:
    """What stands where, and what is known of projects, instalments, orders, settlements, pledges and items."""

    def __init__(self) -> None:
        self.amounts: dict[Key, int] = defaultdict(int)
        self.owed: dict[str, int] = defaultdict(int)
        """Project → commitments − releases − withdrawals ± carry adjustments − recoveries that left it (V4)."""
        self.projects: dict[str, dict[str, Any]] = {}
        self.instalments: dict[tuple[str, str], dict[str, Any]] = {}
        self.orders: dict[str, dict[str, Any]] = {}
        self.settlements: dict[str, dict[str, Any]] = {}
        self.pledges: dict[str, str] = {}
        self.reservations: dict[str, list[str]] = {}
        self.items: dict[str, dict[str, Any]] = {}
        self.consolidated: set[str] = set()
        self._stands: dict[int, list[tuple[dict[Any, int], Any, int]]] = {}
        self._lines: list[tuple[dict[Any, int], Any, int]] = []

    # -- following

    def follow(self, number: int, movement: Any) -> None:
        """Take note of one accepted movement. A kind without words is an error, so that none goes by unnoticed."""
        if movement.kind == "EntryCorrected":
            self._correct(movement)
        elif movement.kind not in POSTS_NOTHING:
            self._stands[number] = self._in_words(movement)

    def _in_words(self, movement: Any) -> list[tuple[dict[Any, int], Any, int]]:
        self._lines = []
        WORDS[movement.kind](self, movement)
        return self._lines

    def _correct(self, correction: Any) -> None:
        """All reversals come first; then what should have been recorded, in the order of the numbers."""
        for line in correction.lines:
            for table, where, change in self._stands.pop(line.number, []):
                table[where] -= change
        for line in sorted(correction.lines, key=lambda line: line.number):
            if line.replacement is not None:
                self._stands[line.number] = self._in_words(line.replacement)

    # -- words

    def change(self, code: str, where: Where, amount: int) -> None:
        self._note(self.amounts, key(code, where), amount)

    def up(self, amount: int, where: Where, *codes: str) -> None:
        for code in codes:
            self.change(code, where, amount)

    def down(self, amount: int, where: Where, *codes: str) -> None:
        self.up(-amount, where, *codes)

    def owes(self, project: str, amount: int) -> None:
        self._note(self.owed, project, amount)

    def _note(self, table: dict[Any, int], where: Any, change: int) -> None:
        table[where] += change
        self._lines.append((table, where, change))

    def held(self, code: str, where: Where) -> int:
        return self.amounts.get(key(code, where), 0)

    # -- places

    def of_project(self, project: str, year: int | None = None, source: str | None = None, **more: Any) -> Where:
        known = self.projects[project]
        return Where(year, source, None, known["special"], project, known["function"]).of(**more)

    def of_instalment(self, project: str, instalment: str, year: int) -> Where:
        """Where an instalment's money stands today: its special and fund may have changed since it was committed."""
        known = self.instalments[project, instalment]
        return self.of_project(project, year, known["fund"], vintage=known["vintage"], ref=instalment)

    def of_order(self, order: str, year: int) -> Where:
        known = self.orders[order]
        return self.of_project(known["project"], year, known["fund"], vintage=known["vintage"], ref=order)

    # -- sums

    def by(self, position: int, codes: tuple[str, ...]) -> dict[Any, int]:
        """Sums over accounts of these codes by one position of the key; without zeros."""
        sums: dict[Any, int] = defaultdict(int)
        for where, amount in self.amounts.items():
            if where[0] in codes:
                sums[where[position]] += amount
        return {value: amount for value, amount in sums.items() if amount}


Words = Callable[[Model, Any], None]
WORDS: dict[str, Words] = {}
"""Kind → what it means."""
POSTS_NOTHING = frozenset(
    {
        *(
            "PolicyParameterSet",
            "SigningRuleSet",
            "HolidaysAnnounced",
            "ProposalSubmitted",
            "ProposalApproved",
            "ProposalRejected",
        ),
        *("SpecialAdded", "SpecialSuspended", "SpecialResumed", "PartyRegistered", "PartyRenamed"),
        *("ProjectAmended", "ProjectClosed", "NationalProjectFiled", "PostSubsidyVerified"),
        *("MilestoneAssessed", "TeamEliminated", "MatchingRescheduled"),
        *("ReconciliationSignedOff", "PeriodClosed", "YearClosed"),
    }
)


def says(kind: str) -> Callable[[Words], Words]:
    """Teach the model a kind."""

    def keep(words: Words) -> Words:
        WORDS[kind] = words
        return words

    return keep
