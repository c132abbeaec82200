"""What answers look like: models for the generated documentation, made from what the ledger gives. Fen become yuan here."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from pydantic import BaseModel

from api.language import Both
from api.problems import Bilingual
from ledger.codec import Recorded
from ledger.domain.accounts import ACCOUNTS, Account, Leg
from ledger.domain.approval import Proposal, ProposalStatus
from ledger.domain.closing_list import CONCERNS, Concern
from ledger.domain.dayends import BelowZero
from ledger.domain.decision import Accepted
from ledger.domain.money import yuan
from ledger.domain.movement import MOVEMENTS, Actor
from ledger.domain.period import is_late
from ledger.domain.signing import SigningRule
from ledger.writer import Receipt as Given


def bilingual(name: Both) -> Bilingual:
    return Bilingual(zh=name.zh, en=name.en)


def kind_label(kind: str) -> Bilingual:
    """What a kind of movement is called."""
    return bilingual(MOVEMENTS[kind].label)


class Signer(BaseModel):
    """Who acted: an opaque subject, in a role, for a department; ``acting_for``: in whose place (A/B 角)."""

    subject: str
    role: str
    department: str | None = None
    acting_for: str | None = None


class Dimensions(BaseModel):
    """Where money stands; an account keeps only some of these."""

    fiscal_year: int | None = None
    source: str | None = None
    vintage: int | None = None
    special: str | None = None
    project: str | None = None
    function: str | None = None
    ref: str | None = None


class Entry(BaseModel):
    """One line posted: the change of an account in yuan, in the account's own direction, and what it holds afterwards."""

    account: str
    account_name: Bilingual
    dimensions: Dimensions
    amount: str
    balance_after: str
    effective_on: date
    period: str
    corrects: int | None = None


class BelowZeroAlert(BaseModel):
    """A fact that came late took an account below zero at the end of a business day: what it held then, in yuan.

    A request would be refused (V3); a fact is recorded, and somebody should look at its business date.
    """

    account: str
    account_name: Bilingual
    dimensions: Dimensions
    day: date
    held: str
    words: Bilingual


class RecordedLine(BaseModel):
    """One movement that was recorded, with what it posted; ``alerts``: of a fact, where it is recorded just now."""

    number: int
    voucher: int | None = None
    kind: str
    label: Bilingual
    entries: list[Entry]
    alerts: list[BelowZeroAlert] | None = None


class Waiting(BaseModel):
    """How a proposal stands: OPEN, APPROVED or REJECTED, and the roles any of which signs next.

    ``digest`` is what that person sends: that of the movements that stand in it, as they are recorded.
    """

    proposal: str
    status: ProposalStatus
    digest: str
    awaits: list[str]


BROUGHT_MAX = 500
"""So many lines of what an approval brought are in its receipt: thousands would hold up everybody's answers."""


class Receipt(RecordedLine):
    """What was recorded. ``recorded``: the movements that the last approval brought with it, in their order, the first 500.

    ``recorded_count``: how many there are, where it brought any; their numbers follow on that of the approval.

    ``proposal``: how the proposal that it is about stands now.

    ``recorded_as`` names the kind in whose place a treasury fact that did not fit was recorded. In a dry run nothing is
    recorded, and number and balances are those it would have had.
    """

    recorded_at: datetime
    recorded_as: str | None = None
    repeated: bool
    dry_run: bool = False
    recorded: list[RecordedLine] = []
    recorded_count: int | None = None
    proposal: Waiting | None = None


class JournalLine(BaseModel):
    """One movement of the journal; ``movement`` holds the fields as they were recorded, personal texts as commitments.

    ``late``: posted to a later period than it was effective in.
    """

    number: int
    voucher: int | None = None
    kind: str
    label: Bilingual
    clause: str
    recorded_at: datetime
    effective_on: date
    period: str
    late: bool
    fiscal_year: int
    actor: Signer
    approvals: list[Signer] = []
    proposal: str | None = None
    movement: dict[str, Any]


def signer(actor: Actor) -> Signer:
    return Signer(subject=actor.subject, role=actor.role, department=actor.department, acting_for=actor.acting_for)


def waiting(name: str, found: Proposal, rules: Sequence[SigningRule]) -> dict[str, Any]:
    """The fields of a Waiting."""
    return {"proposal": name, "status": found.status, "digest": found.digest, "awaits": found.awaits(rules)}


def dimensions_of(account: Account) -> Dimensions:
    """Where an account stands."""
    return Dimensions(
        fiscal_year=account.fiscal_year,
        source=account.source,
        vintage=account.vintage,
        special=account.special,
        project=account.project,
        function=account.function,
        ref=account.ref,
    )


def entry(leg: Leg, after_fen: int) -> Entry:
    """A posted line with what its account held afterwards."""
    account = leg.account
    return Entry(
        account=account.code,
        account_name=bilingual(ACCOUNTS[account.code].name),
        dimensions=dimensions_of(account),
        amount=yuan(leg.amount),
        balance_after=yuan(after_fen),
        effective_on=leg.effective_on,
        period=leg.period,
        corrects=leg.corrects,
    )


def journal_fields(recorded: Recorded) -> dict[str, Any]:
    """The fields of a JournalLine."""
    movement = recorded.movement
    return {
        "number": recorded.number,
        "voucher": recorded.voucher,
        "kind": movement.kind,
        "label": kind_label(movement.kind),
        "clause": movement.clause,
        "recorded_at": recorded.recorded_at,
        "effective_on": movement.effective_on,
        "period": movement.posting_period,
        "late": is_late(movement.effective_on, movement.posting_period),
        "fiscal_year": movement.fiscal_year,
        "actor": signer(recorded.actor),
        "approvals": [signer(actor) for actor in recorded.approvals],
        "proposal": recorded.proposal,
        "movement": movement.model_dump(mode="json", exclude_none=True),
    }


def accepted_line(accepted: Accepted) -> dict[str, Any]:
    """The fields of a RecordedLine, of what was accepted just now."""
    kind = accepted.movement.kind
    return {
        "number": accepted.number,
        "voucher": accepted.voucher,
        "kind": kind,
        "label": kind_label(kind),
        "entries": [entry(posted.leg, posted.account_after) for posted in accepted.entries],
        "alerts": [_alert(found) for found in accepted.alerts] or None,
    }


def _alert(found: BelowZero) -> BelowZeroAlert:
    return BelowZeroAlert(
        account=found.account.code,
        account_name=bilingual(ACCOUNTS[found.account.code].name),
        dimensions=dimensions_of(found.account),
        day=found.day,
        held=yuan(found.held),
        words=bilingual(CONCERNS[Concern.BELOW_ZERO]),
    )


def new_receipt(given: Given, *, dry_run: bool) -> Receipt:
    """The receipt of what was recorded just now."""
    first, *others = given.accepted
    return Receipt(
        **accepted_line(first),
        recorded_at=given.recorded_at,
        recorded_as=given.recorded_as,
        repeated=False,
        dry_run=dry_run,
        recorded=[RecordedLine(**accepted_line(other)) for other in others[:BROUGHT_MAX]],
        recorded_count=len(others) or None,
    )


def _recorded_line(recorded: Recorded, afters: Sequence[int]) -> dict[str, Any]:
    kind = recorded.movement.kind
    return {
        "number": recorded.number,
        "voucher": recorded.voucher,
        "kind": kind,
        "label": kind_label(kind),
        "entries": [entry(leg, after) for leg, after in zip(recorded.legs, afters, strict=True)],
    }


def repeated_receipt(
    asked_kind: str, read: Iterable[tuple[Recorded, Sequence[int]]], *, dry_run: bool = False
) -> Receipt:
    """The receipt of what was recorded before under the same key, with the balances as they stood right after it."""
    (first, afters), *others = read
    kind = first.movement.kind
    return Receipt(
        **_recorded_line(first, afters),
        recorded_at=first.recorded_at,
        recorded_as=None if kind == asked_kind else kind,
        repeated=True,
        dry_run=dry_run,
        recorded=[RecordedLine(**_recorded_line(*other)) for other in others[:BROUGHT_MAX]],
        recorded_count=len(others) or None,
    )
