"""A line: one fact as one side tells it, whichever side that is."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Any, Final

import msgspec
from msgspec.structs import replace

from ledger.domain.reconciliation import Flow


class Line(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One fact of one side. What a side does not say is empty and compares with nothing.

    ``key`` tells it apart within its side: of a statement being read the row of the file, later the line's own number; of the
    ledger the number of the movement. ``day`` is the day the side gives: of the ledger the business date.
    """

    key: int
    flow: Flow
    day: date
    amount: int
    """Fen. Plus: paid out, or a balance; minus: came back."""
    moved: int
    """Fen that count when the two sides are added up: the amount, but nothing for what never left or is only cleared."""
    application: str = ""
    """Payment application no. 支付申请号: the order of the ledger."""
    voucher: str = ""
    """Payment voucher no. 支付凭证号."""
    detail: str = ""
    """Payment detail id 支付明细号: a treasury fact's own key."""
    transaction: str = ""
    """Transaction no. of the bank 流水号."""
    cites: str = ""
    """What comes back: detail id, voucher or application of the payment that is returned."""
    account: str = ""
    """The payee's account: digits while a statement is read, afterwards a mark that says only whether two are the same."""
    payee: str = ""
    """The payee's name, which alone never matches."""
    project: str = ""
    """Project no. or budget-system code 一体化代码."""
    fund: str = ""
    function: str = ""
    economic: str = ""
    fiscal_year: int = 0
    document: str = ""
    """Document no. 文号."""
    text: str = ""
    """What the statement says of it 摘要."""
    returns: int = 0
    """Of what comes back: the amount in fen of the payment that it returns, where the side knows it."""


_KNOWN_MOST: Final = 50_000
"""Values remembered at a time: where none comes again no second list of them is kept."""


def sharing() -> Callable[[Iterable[Line]], Iterator[Line]]:
    """For lines as they are read: what many of them tell is kept once, which halves their memory and is compared at once."""
    known: dict[Any, Any] = {}
    once = known.setdefault

    def shared(lines: Iterable[Line]) -> Iterator[Line]:
        for line in lines:
            if len(known) > _KNOWN_MOST:
                known.clear()
            yield replace(
                line,
                day=once(line.day, line.day),
                moved=line.amount if line.moved == line.amount else line.moved,
                account=once(line.account, line.account),
                payee=once(line.payee, line.payee),
                project=once(line.project, line.project),
                fund=once(line.fund, line.fund),
                function=once(line.function, line.function),
                economic=once(line.economic, line.economic),
                fiscal_year=once(line.fiscal_year, line.fiscal_year),
                document=once(line.document, line.document),
                text=once(line.text, line.text),
            )

    return shared
