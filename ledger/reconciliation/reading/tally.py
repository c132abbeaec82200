"""Control totals of a file, added up while it is read, and what the file itself says they should be."""

from datetime import date

import msgspec

from ledger.domain.catalogue import Name
from ledger.domain.money import grouped_yuan
from ledger.domain.reconciliation import Flow
from ledger.importing.faults import Fault
from ledger.reconciliation.line import Line
from ledger.reconciliation.reading.complaints import Complaints


class Part(msgspec.Struct, frozen=True):
    """One account's statement within a file, amounts in fen: closing = opening − paid + returned − cleared.

    ``name``: the account or statement as the file calls it, empty where it does not. ``paid``, ``returned``: what left and
    what came back, as lines count (``moved``). ``cleared``: clearing lines, money in counting minus. ``balances``: sum of
    the lines that are balances. Days are those of the lines.
    """

    name: str
    lines: int
    paid: int
    returned: int
    cleared: int
    balances: int
    opening: int | None
    closing: int | None
    first: date | None
    last: date | None


class Tally:
    """Adds up the lines of one part."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._lines = self._paid = self._returned = self._cleared = self._balances = 0
        self._first, self._last = date.max, date.min
        self.opening: int | None = None
        self.closing: int | None = None

    def take(self, line: Line) -> None:
        self._lines += 1
        if line.flow is Flow.CLEARING:
            self._cleared += line.amount
        elif line.flow is Flow.BALANCE:
            self._balances += line.amount
        elif line.moved > 0:
            self._paid += line.moved
        else:
            self._returned -= line.moved
        self._first, self._last = min(self._first, line.day), max(self._last, line.day)

    def part(self) -> Part:
        days = (self._first, self._last) if self._lines else (None, None)
        sums = self._lines, self._paid, self._returned, self._cleared, self._balances
        return Part(self.name, *sums, self.opening, self.closing, *days)


class Sums:
    """What amount columns add up to, against lines of totals in the file: of all lines, or of those since the last total."""

    def __init__(self) -> None:
        self._all: dict[str, int] = {}
        self._since: dict[str, int] = {}

    def take(self, field: str, amount: int) -> None:
        self._since[field] = self._since.get(field, 0) + amount

    def differences(self, said: dict[str, int]) -> list[tuple[str, Name]]:
        """Fields whose total in the file is not what their lines add up to, and what to say of it."""
        found = []
        for field, total in said.items():
            since = self._since.get(field, 0)
            overall = self._all.get(field, 0) + since
            if total not in (since, overall):
                found.append((field, _disagree(total, overall)))
        for field, amount in self._since.items():
            self._all[field] = self._all.get(field, 0) + amount
        self._since.clear()
        return found


def _disagree(said: int, added: int) -> Name:
    return Name(
        f"合计 {grouped_yuan(said)} 元与各行之和 {grouped_yuan(added)} 元不符",
        f"the total says {grouped_yuan(said)} yuan, the lines add up to {grouped_yuan(added)}",
    )


LINES_LOST = Name(
    "请核对是否缺行、重行或改动过金额,并向出具方重新取得文件",
    "see whether lines are missing, doubled or changed; get the file anew from whoever issued it",
)


class _Way:
    """Running balances in one order of the lines."""

    def __init__(self) -> None:
        self.broken: tuple[int, int, int] | None = None

    def check(self, row: int, expected: int, said: int) -> None:
        if self.broken is None and expected != said:
            self.broken = row, expected, said


class Chain:
    """The balance that a bank writes behind each line: it has to follow from the line before, oldest first or newest first."""

    def __init__(self) -> None:
        self._up, self._down = _Way(), _Way()
        self._up_since = self._down_since = 0
        self._before: int | None = None
        self._opening: tuple[int, int] | None = None

    def take(self, row: int, out: int, balance: int | None) -> None:
        """``out``: fen that left with the line; ``balance``: fen after it, None where the line does not say."""
        self._up_since += out
        if balance is not None and self._before is not None:
            self._up.check(row, self._before - self._up_since, balance)
            self._down.check(row, self._before + self._down_since, balance)
        if balance is not None:
            if self._opening is None:
                self._opening = balance + self._up_since, balance
            self._before, self._up_since, self._down_since = balance, 0, 0
        self._down_since += out

    def settle(self, tally: Tally, label: str, complaints: Complaints) -> None:
        """Tell the tally opening and closing balance, or complain of the line where the balances part."""
        if self._opening is None or self._before is None:
            return
        if self._up.broken is None:
            tally.opening, tally.closing = self._opening[0], self._before - self._up_since
        elif self._down.broken is None:
            tally.opening, tally.closing = self._before + self._down_since, self._opening[1]
        else:
            row, expected, said = max(self._up.broken, self._down.broken)
            zh = f"余额不连续:应为 {grouped_yuan(expected)} 元,文件为 {grouped_yuan(said)} 元"
            en = f"the balance should be {grouped_yuan(expected)} yuan and is {grouped_yuan(said)}"
            complaints.add(Fault(row, label, zh, en, LINES_LOST))
