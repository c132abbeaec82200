"""What a verification finds: differences between recorded bytes and what repeats them, each named."""

from typing import NamedTuple

from ledger.domain.catalogue import Name

KEPT_MAX = 200
"""So many differences are told one by one; all are counted."""

LEAF = Name("叶哈希", "leaf hash")
BYTES = Name("记录字节", "recorded bytes")
ROW = Name("行与字节", "row and bytes")
NUMBER = Name("编号", "number")
POSITION = Name("序位", "position")
INSTANT = Name("记录时间", "recorded_at")
VOUCHER = Name("凭证号", "voucher")
SEALED = Name("封存文本", "sealed text")
ENTRY = Name("分录", "entry")
ACCOUNT = Name("账户", "account")
CELL = Name("单元", "cell")
BALANCE = Name("余额", "balance")
TURNOVER = Name("发生额", "turnover")
HEAD = Name("账本末尾", "head")
IDENTITY = Name("恒等式", "identity")
TRAIL = Name("审计日志哈希链", "chain of the audit record")
REST = Name("其余未核对", "the rest was not compared")


class Difference(NamedTuple):
    """One thing that is not as the recorded bytes say. ``number``: the movement it belongs to, if any."""

    what: Name
    number: int | None
    about: str
    expected: str
    found: str


class Differences:
    """Differences as they are found: the first of them, and how many in all."""

    def __init__(self) -> None:
        self.count = 0
        self.kept: list[Difference] = []

    def note(self, what: Name, number: int | None, about: object, expected: object, found: object) -> None:
        self.count += 1
        if len(self.kept) < KEPT_MAX:
            self.kept.append(Difference(what, number, str(about), str(expected), str(found)))

    def compare(self, what: Name, number: int | None, about: object, expected: object, found: object) -> None:
        if expected != found:
            self.note(what, number, about, expected, found)
