"""What is decided about one source of statements: an aggregate of the library, whose events are never changed.

Lines and cases are rows, written in the transaction of these events; an event says who did what, and how much of it.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid5

from eventsourcing.domain import Aggregate, event

from ledger.domain.reconciliation import StatementKind
from ledger.reconciliation.reading.mapping import Mapping


class Source(Aggregate):
    """A source of statements, such as an account with an agency bank. Whoever acts is named by their subject."""

    @event("Opened")
    def __init__(self, ledger: UUID, source: str, kind: str, against: str, by: str) -> None:
        self.ledger, self.source, self.kind, self.against = ledger, source, StatementKind(kind), against
        self.mapping: dict[str, str] | None = None
        self.statements: set[str] = set()
        """SHA-256 of each file that was taken."""
        self.through: date | None = None
        """The last day of the last matching."""
        self.waiting: dict[str, dict[str, Any]] = {}
        """Month → the sign-off that waits for the second person: its proposal, and the digest of what it signs."""
        self.signed: dict[str, dict[str, Any]] = {}
        """Month → the sign-off that stands, with the number of the approval that recorded it."""
        self.furthest = ""
        """Last day of any matching."""
        self.recording: dict[int, str] = {}
        """Line of a statement → the last proposal to record what it tells."""

    @staticmethod
    def create_id(ledger: UUID, source: str) -> UUID:
        return uuid5(ledger, f"reconciliation:{source}")

    @property
    def saved(self) -> Mapping | None:
        """The columns by which its files are read, where they were kept."""
        return Mapping(self.kind, self.mapping) if self.mapping else None

    def read_by(self, columns: dict[str, str] | None) -> Mapping | None:
        """The columns by which a file is read: those chosen for it, else the ones that were kept."""
        return Mapping(self.kind, columns) if columns else self.saved

    @event("MappingKept")
    def keep_mapping(self, columns: dict[str, str], by: str) -> None:
        self.mapping = columns

    @event("StatementImported")
    def take(self, sha256: str, lines: int, paid: int, returned: int, by: str) -> None:
        self.statements.add(sha256)

    @event("LinesMatched")
    def matched(self, through: str, number: int, cases: dict[str, int], by: str) -> None:
        """``number``: at which the ledger stood; ``cases``: how many of each status."""
        self.through = date.fromisoformat(through)
        self.furthest = max(self.furthest, through)

    @event("MatchesAccepted")
    def accepted(self, through: str, cases: int, by: str) -> None:
        """Proposed matches up to a day are good: the next matching leaves them alone."""

    @event("CasesAccepted")
    def cases_accepted(self, cases: list[int], by: str) -> None:
        """These proposed matches are good, whatever else is proposed."""

    @event("Unmatched")
    def unmatched(self, cases: list[int], by: str) -> None:
        """Their lines are open again."""

    @event("MatchedByHand")
    def matched_by_hand(self, ours: list[int], theirs: list[int], status: str, by: str) -> None:
        """Somebody says that these lines belong together."""

    @event("Explained")
    def explained(self, cases: list[int], cause: str | None, by: str) -> None:
        """Why the sides differ here; the words stand with the case."""

    @event("RecordingProposed")
    def propose_recording(self, lines: list[int], proposal: str, by: str) -> None:
        """What the ledger lacks goes to a second person as facts; the proposal holds them."""
        self.recording.update(dict.fromkeys(lines, proposal))

    @event("SignOffProposed")
    def propose_sign_off(self, month: str, proposal: str, digest: str, totals: dict[str, int], by: str) -> None:
        self.waiting[month] = {"proposal": proposal, "digest": digest, **totals}

    @event("SignOffTurnedDown")
    def turn_down(self, month: str) -> None:
        del self.waiting[month]

    @event("SignedOff")
    def sign_off(self, month: str, number: int) -> None:
        """The second person signed: number of the approval, after which the movement stands in the log."""
        self.signed[month] = self.waiting.pop(month) | {"number": number}

    @event("Reopened")
    def reopen(self, month: str, by: str, at: datetime) -> None:
        """A signed month is worked on again; it must be signed anew."""
        del self.signed[month]
