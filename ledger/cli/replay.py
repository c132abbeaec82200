"""The books as they stood then, folded from the log, shown, and compared with what the tables say was known then."""

import time
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from datetime import time as time_of_day
from itertools import islice
from uuid import UUID

from ledger.application import ledger_id
from ledger.cli.balances import instant_of, show_card, within_life
from ledger.cli.database import existing_database, no_such_ledger
from ledger.cli.terminal import Complaint, Exit, progress, say, show
from ledger.domain.book import Book
from ledger.domain.fields import SHANGHAI
from ledger.domain.money import grouped_yuan
from ledger.migrate import check_tables
from ledger.projections.folded import Disagreement, card_of_book, disagreements
from ledger.projections.journal import heads
from ledger.projections.moment import check_number, number_by
from ledger.replay import book_at
from ledger.settings import Settings
from ledger.store import Store

SHOWN_MAX = 200
"""So many disagreements are shown one by one; all are counted."""


def replay_ledger(settings: Settings, to: str | None) -> bool:
    """Fold up to a number, the end of a day or an instant, show the balances; whether the tables agree with them."""
    with existing_database(settings) as dsn, closing(Store(dsn)) as store:
        check_tables(dsn)
        ledger = ledger_id(settings.name)
        number = number_of(store, ledger, settings, to)
        book = _folded(store, ledger, number)
        show_card(card_of_book(book, "plan"))
        show_card(card_of_book(book, "source"))
        return _agrees(store, ledger, book)


def number_of(store: Store, ledger: UUID, settings: Settings, to: str | None) -> int:
    """The number named on the command line, in whichever way; the last one where none is. Raises Complaint."""
    head = heads(store).get(ledger)
    if head is None:
        no_such_ledger(settings)
    try:
        with within_life():
            number = head if to is None else int(to) if to.isdecimal() else _by(store, ledger, to)
            check_number(number, head)
    except ValueError as error:
        raise Complaint(
            Exit.USAGE,
            "--to 应为编号、日期或时刻:123、2025-03-31、2025-04-05T18:00:00+08:00",
            "--to takes a number, a day or an instant: 123, 2025-03-31, 2025-04-05T18:00:00+08:00",
        ) from error
    return number


def _by(store: Store, ledger: UUID, text: str) -> int:
    """The last number recorded by an instant, or by the end of a day in Shanghai; of today, by now. Raises ValueError."""
    now = datetime.now(UTC)
    if len(text) > len("2025-03-31"):
        return number_by(store, ledger, instant_of(text), now)
    day = datetime.combine(date.fromisoformat(text), time_of_day.min, SHANGHAI)
    return number_by(store, ledger, max(day, min(day + timedelta(days=1, microseconds=-1), now)), now)


def _folded(store: Store, ledger: UUID, number: int) -> Book:
    began = time.monotonic()
    with progress("重放", "replaying") as done:
        book = book_at(store, ledger, number, done=done)
    seconds = time.monotonic() - began
    rate = number / seconds
    say(
        f"已重放至第 {number} 号,{seconds:.1f} 秒,每秒 {rate:,.0f} 条",
        f"replayed to number {number} in {seconds:.1f} s, {rate:,.0f} movements/s",
    )
    return book


def _agrees(store: Store, ledger: UUID, book: Book) -> bool:
    with progress("核对", "comparing") as done:
        found = disagreements(store, ledger, book, done)
        shown = list(islice(found, SHOWN_MAX))
        wrong = len(shown) + sum(1 for _ in found)
    if not wrong:
        say(
            f"{len(book.account_ids)} 个账户、{len(book.cell_ids)} 个单元与各表当时所示相符",
            f"{len(book.account_ids)} accounts and {len(book.cell_ids)} cells agree with the tables as known then",
        )
        return True
    headers = ("编号 Id", "账户 Account", "重放 Replayed", "表中 In the table")
    show(headers, [_row(one) for one in shown], amounts_from=2)
    say(f"共 {wrong} 处不符:请运行 ledger verify", f"{wrong} disagreements in all: run `ledger verify`")
    return False


def _row(one: Disagreement) -> tuple[str, ...]:
    named = " ".join(str(part) for part in one.account if part is not None)
    amounts = ("—" if fen is None else grouped_yuan(fen) for fen in (one.folded, one.table))
    return (str(one.id), named, *amounts)
