"""Recovery 追回 and repayment 还款: money that comes back because support ended or was repayable (三(一) 退出机制, 四(三))."""

from typing import ClassVar, Literal

from ledger.domain.accounts import Leg, Place, account
from ledger.domain.appropriation import CONSOLIDATED
from ledger.domain.book import Book
from ledger.domain.catalogue import Fund, Name, Role
from ledger.domain.fields import Document, Ref
from ledger.domain.instalment import INSTALMENTS, Instalment, known_instalment
from ledger.domain.money import Fen
from ledger.domain.movement import Actor, Movement, both
from ledger.domain.payment import ReceiptFact, Settlement, come_back, known_settlement, still_out, still_owed
from ledger.domain.refusals import Code, Refusal, refuse_if
from ledger.domain.suspense import Target


class RecoveryOrdered(Movement):
    """Money of a settlement is demanded back, at most what is still out of it. Posts R110 / R210.

    What was repaid of repayable support is not out any more, though it stays paid (四(三)).
    """

    label: ClassVar[Name] = Name("追回决定", "Recovery ordered")
    clause: ClassVar[str] = "三(一)"
    signs: ClassVar = both(Role.STD, Role.FIN)
    correctable: ClassVar[bool] = True

    kind: Literal["RecoveryOrdered"] = "RecoveryOrdered"
    settlement: Ref
    amount: Fen

    def check(self, book: Book, actor: Actor) -> None:
        found = known_settlement(book, self.settlement)
        self.require_reason(self.clause)
        out = still_out(book, found)
        refuse_if(self.amount > out, Code.OVER_OUTSTANDING, self.clause, asked=self.amount, available=out)

    def legs(self, book: Book) -> tuple[Leg, ...]:
        return self.transfer("R110", "R210", self.amount, known_settlement(book, self.settlement).at)


class RecoveryReceived(ReceiptFact):
    """Recovered money arrives.

    In the settlement's own year it goes, by document, to a race's pool (B240 / B220, to be released or withdrawn only), to
    what is available (B240 / B210) or to treasury (B240 / B250); of an earlier year to treasury (R120 / R220). The demand ends:
    R210 / R110; and what was to be repaid of it is owed no more: R200 / R100.
    """

    label: ClassVar[Name] = Name("追回到账", "Recovery received")
    clause: ClassVar[str] = "三(一)"
    correctable: ClassVar[bool] = False

    kind: Literal["RecoveryReceived"] = "RecoveryReceived"
    settlement: Ref
    target: Target = "AVAILABLE"

    def check(self, book: Book, actor: Actor) -> None:
        known_settlement(book, self.settlement)

    def unmatched(self, refusal: Refusal, book: Book) -> Movement | None:
        instead = super().unmatched(refusal, book)
        return instead and instead.model_copy(update={"target": self.target})

    @property
    def _pool(self) -> str:
        return f"pool~{self.settlement}"

    def _same_year(self, found: Settlement) -> bool:
        return found.at.fiscal_year == self.fiscal_year

    def legs(self, book: Book) -> tuple[Leg, ...]:
        found = known_settlement(book, self.settlement)
        legs = self.transfer("R210", "R110", self.amount, found.at) + self._owed_no_more(book, found)
        if not self._same_year(found):
            return legs + self.transfer("R120", "R220", self.amount, found.at)
        if self.target == "WITHDRAWN":
            return legs + self.transfer("B240", "B250", self.amount, found.at)
        credit = "B220" if self.target == "POOL" else "B210"
        return legs + come_back(self, book, found, credit, self.amount, self._pool)

    def _owed_no_more(self, book: Book, found: Settlement) -> tuple[Leg, ...]:
        owed = min(self.amount, book.balance(account("R100", found.at)))
        return self.transfer("R200", "R100", owed, found.at) if owed else ()

    def register(self, book: Book, number: int, actor: Actor) -> None:
        found = known_settlement(book, self.settlement)
        if self.target == "POOL" and self._same_year(found):
            at = known_instalment(book, found.project, found.instalment).at
            INSTALMENTS.put(book, (found.project, self._pool), Instalment(at, payable=False))


class RepaymentReceived(ReceiptFact):
    """Repayable support comes back, at most what is outstanding and not demanded back: that comes as a recovery (三(一)).

    Posts R200 / R100; with a recycling document B100 / B200.
    """

    label: ClassVar[Name] = Name("有偿资金归还", "Repayment received")
    clause: ClassVar[str] = "四(三)"

    kind: Literal["RepaymentReceived"] = "RepaymentReceived"
    settlement: Ref
    recycling: Document | None = None

    def check(self, book: Book, actor: Actor) -> None:
        owed = still_owed(book, known_settlement(book, self.settlement))
        refuse_if(self.amount > owed, Code.OVER_OUTSTANDING, self.clause, asked=self.amount, available=owed)

    def unmatched(self, refusal: Refusal, book: Book) -> Movement | None:
        instead = super().unmatched(refusal, book)
        return instead and instead.model_copy(update={"recycling": self.recycling})

    def legs(self, book: Book) -> tuple[Leg, ...]:
        at = known_settlement(book, self.settlement).at
        legs = self.transfer("R200", "R100", self.amount, at)
        if self.recycling is None:
            return legs
        source = Fund.STIDF if at.source and CONSOLIDATED.get(book, at.source) else at.source
        fund = Place(self.fiscal_year, source, self.fiscal_year)
        return legs + self.transfer("B100", "B200", self.amount, fund)
