"""Money beside the funds: original channel 原渠道 (二(三)3), other sources (四(三)), what undertakers report as spent (V7)."""

from typing import Annotated, ClassVar, Literal

from ledger.domain.accounts import Leg, Place
from ledger.domain.book import Book
from ledger.domain.catalogue import Name, Role, Source
from ledger.domain.commitment import check_single_source, claim_cost_items
from ledger.domain.fields import Document, Id, Sealed, SealedText
from ledger.domain.money import Fen
from ledger.domain.movement import Actor, Movement, by
from ledger.domain.project import Project, known_project
from ledger.domain.refusals import Code, refuse_if


def _beside(book: Book, project: str, source: str | None) -> Place:
    return Place(0, source, None, known_project(book, project).special, project)


def _check_own(project: Project, actor: Actor, clause: str) -> None:
    """An undertaker speaks for the projects it carries out itself, as undertaker, partner or team; else UNAUTHORISED."""
    strange = actor.role is Role.UND and actor.department not in project.parties
    refuse_if(strange, Code.UNAUTHORISED, clause, asked_by=actor.department, undertaker=project.undertaker)


class OriginalChannelFundingRecorded(Movement):
    """A department supports a platform through its own channel. Posts O100 / O200."""

    label: ClassVar[Name] = Name("原渠道资金登记", "Original-channel funding recorded")
    clause: ClassVar[str] = "二(三)3"
    signs: ClassVar = by(Role.CHA)

    kind: Literal["OriginalChannelFundingRecorded"] = "OriginalChannelFundingRecorded"
    project: Id
    amount: Fen
    cost_items: tuple[Id, ...] = ()

    def check(self, book: Book, actor: Actor) -> None:
        known_project(book, self.project)
        check_single_source(book, self.project, self.cost_items, Source.CHANNEL)

    def legs(self, book: Book) -> tuple[Leg, ...]:
        return self.transfer("O100", "O200", self.amount, _beside(book, self.project, Source.CHANNEL))

    def register(self, book: Book, number: int, actor: Actor) -> None:
        claim_cost_items(book, self.project, self.cost_items, Source.CHANNEL)


class CoFundingRecorded(Movement):
    """Another source commits or pays. Posts N100 / N200; received N110 / N100; without a commitment N110 / N200."""

    label: ClassVar[Name] = Name("多元投入登记", "Co-funding recorded")
    clause: ClassVar[str] = "四(三)"
    signs: ClassVar = by(Role.UND, Role.STD)

    kind: Literal["CoFundingRecorded"] = "CoFundingRecorded"
    project: Id
    source: Source
    amount: Fen
    stage: Literal["COMMITTED", "RECEIVED", "RECEIVED_UNCOMMITTED"]
    cost_items: tuple[Id, ...] = ()

    def check(self, book: Book, actor: Actor) -> None:
        _check_own(known_project(book, self.project), actor, self.clause)
        own_kind = self.source in (Source.CHANNEL, Source.MATCHING)
        refuse_if(own_kind, Code.UNKNOWN_REFERENCE, self.clause, source=self.source)
        check_single_source(book, self.project, self.cost_items, self.source)

    def legs(self, book: Book) -> tuple[Leg, ...]:
        debit, credit = {
            "COMMITTED": ("N100", "N200"),
            "RECEIVED": ("N110", "N100"),
            "RECEIVED_UNCOMMITTED": ("N110", "N200"),
        }[self.stage]
        return self.transfer(debit, credit, self.amount, _beside(book, self.project, self.source))

    def register(self, book: Book, number: int, actor: Actor) -> None:
        claim_cost_items(book, self.project, self.cost_items, self.source)


class UndertakerExpenditureReported(Movement):
    """An undertaker reports what a project spent. Posts U100 / U200."""

    label: ClassVar[Name] = Name("单位支出报告", "Undertaker's expenditure reported")
    clause: ClassVar[str] = "三(一)"
    signs: ClassVar = by(Role.UND, Role.STD)
    correctable: ClassVar[bool] = True

    kind: Literal["UndertakerExpenditureReported"] = "UndertakerExpenditureReported"
    project: Id
    amount: Fen
    report: Document
    verifier: Annotated[SealedText | None, Sealed("project")] = None

    def business_keys(self, book: Book) -> tuple[str, ...]:
        return (f"expenditure:{self.project}:{self.report.number}",)

    def check(self, book: Book, actor: Actor) -> None:
        _check_own(known_project(book, self.project), actor, self.clause)

    def legs(self, book: Book) -> tuple[Leg, ...]:
        return self.transfer("U100", "U200", self.amount, _beside(book, self.project, None))
