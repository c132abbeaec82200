"""Issuance 指标下达: quota reaches the undertaker or the league bureau, within the days that the measure sets."""

from datetime import timedelta
from typing import ClassVar, Literal

from ledger.domain.accounts import Leg
from ledger.domain.book import Book, Register
from ledger.domain.catalogue import Name, Role
from ledger.domain.commitment import stands_of
from ledger.domain.fields import Document, Id, Ref, Text
from ledger.domain.instalment import check_gate, committed_place, known_instalment, recipients
from ledger.domain.money import Fen
from ledger.domain.movement import Actor, Movement, by
from ledger.domain.parameter import in_force
from ledger.domain.partial import of_project
from ledger.domain.project import open_project
from ledger.domain.refusals import Code, refuse_if

ISSUED: Register[tuple[str, str], tuple[str, ...]] = Register("issued", called=of_project)
"""(project, instalment) → numbers of the quota documents under which any of it was issued."""


class QuotaIssued(Movement):
    """Quota of an instalment is issued. To the undertaker it posts nothing; to a league B220 / B245.

    To a league it leaves the instalment as a payment does, and the same bars hold. To the undertaker not more is issued than
    is committed, ordered or paid of it. Later than the parameter allows, counted from the quota document's date, it needs a
    reason.
    """

    label: ClassVar[Name] = Name("指标下达", "Quota issued")
    clause: ClassVar[str] = "F"
    signs: ClassVar = by(Role.FIN)
    correctable: ClassVar[bool] = True

    kind: Literal["QuotaIssued"] = "QuotaIssued"
    project: Id
    instalment: Ref
    amount: Fen
    to: Literal["UNDERTAKER", "LEAGUE"]
    quota: Document
    league: Text | None = None

    def business_keys(self, book: Book) -> tuple[str, ...]:
        return (f"quota:{self.quota.number}:{self.project}:{self.instalment}",)

    def check(self, book: Book, actor: Actor) -> None:
        instalment = known_instalment(book, self.project, self.instalment)
        refuse_if(self.to == "LEAGUE" and self.league is None, Code.UNKNOWN_REFERENCE, self.clause, field="league")
        refuse_if(not instalment.payable, Code.UNKNOWN_REFERENCE, "三(一)", instalment=self.instalment)
        open_project(book, self.project)
        self._check_in_time(book)
        if self.to == "LEAGUE":
            teams = recipients(book, self.project, self.instalment)
            refuse_if(not teams, Code.TEAM_ELIMINATED, "二(一)3", team=instalment.team, instalment=self.instalment)
            for team in teams:
                check_gate(book, self.project, self.instalment, team, "三(一)")
        else:
            self._check_stands(book)

    def _check_stands(self, book: Book) -> None:
        """What is issued to the undertaker posts nothing, so no account holds it back (V3): it is compared here."""
        stands = stands_of(book, self.project, self.instalment, "B220", "B230", "B240")
        refuse_if(
            self.amount > stands,
            Code.INSUFFICIENT_FUNDS,
            self.clause,
            asked=self.amount,
            available=stands,
            instalment=self.instalment,
        )

    def _check_in_time(self, book: Book) -> None:
        limit = in_force(book, "quota_issue_days", "", self.effective_on)
        if limit is not None and self.reason is None:
            refuse_if(self.quota.dated is None, Code.DOCUMENT_MISSING, self.clause, field="quota.dated")
            late = self.quota.dated is not None and self.effective_on - self.quota.dated > timedelta(int(limit.value))
            refuse_if(
                late, Code.DOCUMENT_MISSING, self.clause, field="reason", days=limit.value, document=limit.document
            )

    def legs(self, book: Book) -> tuple[Leg, ...]:
        if self.to == "UNDERTAKER":
            return ()
        at = committed_place(book, self.project, self.instalment, self.fiscal_year)
        return self.transfer("B220", "B245", self.amount, at)

    def register(self, book: Book, number: int, actor: Actor) -> None:
        key = (self.project, self.instalment)
        ISSUED.put(book, key, (*(ISSUED.get(book, key) or ()), self.quota.number))

    def withdraw(self, book: Book) -> None:
        key = (self.project, self.instalment)
        ISSUED.put(book, key, tuple(name for name in ISSUED.get(book, key) or () if name != self.quota.number))
