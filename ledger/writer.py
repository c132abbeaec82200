"""The group-committing writer: one thread of each process takes all waiting requests and decides them in one transaction.

Acceptance and refusal are decided alike under the lock of the log. After any error the same lock is taken again before
anybody looks: the requests' keys then tell what was recorded, and the rest is judged afresh. Until then nobody is answered.
"""

import json
import logging
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from datetime import UTC, datetime
from queue import Empty, SimpleQueue
from typing import Any, NamedTuple
from uuid import UUID

from eventsourcing.persistence import EventStore, PersistenceError

from ledger.codec import Recorded, recorded_in
from ledger.collector import seldom
from ledger.domain.accounts import Account
from ledger.domain.book import Book, Entry
from ledger.domain.decision import RULES, Accepted, decide
from ledger.domain.fields import period_number
from ledger.domain.movement import Actor, Movement
from ledger.domain.partial import Unavailable
from ledger.domain.refusals import Code, Refusal
from ledger.domain.wording import in_words
from ledger.folding import foresee, recall
from ledger.replay import another, fold_log, from_snapshot
from ledger.sealing import SealedRow
from ledger.store import DATABASE_FAULTS, UNREACHABLE, Decision, Rows, Store

BATCH = 500
"""Movements decided in one transaction, about; a list that is all-or-nothing may be longer."""
PART = 64
"""Movements after which what was decided so far is sent: PostgreSQL works on it while the next are judged."""
RESOLVE_SECONDS = 5.0
"""How long callers wait for an unknown outcome to be resolved before they are told so."""
_log = logging.getLogger(__name__)


class UnknownOutcome(Exception):
    """Whether it was recorded is not known yet. Ask again with the same key."""


class InternalFault(Exception):
    """The rules themselves failed on this request; nothing of it was recorded."""


class Step(NamedTuple):
    """One movement to decide, its texts already sealed, under an idempotency key."""

    movement: Movement
    actor: Actor
    request: UUID
    body_hash: bytes
    sealed: tuple[SealedRow, ...] = ()


class Receipt(NamedTuple):
    """What was recorded: number, voucher, instant, and the lines with what each account holds afterwards (fen).

    A repeated request is told what was recorded the first time, without the lines.
    """

    number: int
    voucher: int | None
    kind: str
    recorded_at: datetime
    recorded_as: str | None
    repeated: bool
    accepted: tuple[Accepted, ...]


Outcome = Receipt | Refusal | InternalFault


class Ask(NamedTuple):
    """Steps that wait together; all or nothing where ``atomic``."""

    steps: Sequence[Step]
    atomic: bool
    dry: bool
    answer: "Future[list[Outcome]]"


class Writer:
    """Owns the Book of its process and the only thread that decides in it."""

    def __init__(self, ledger: UUID, store: Store, events: EventStore[UUID]) -> None:
        self.ledger = ledger
        self.store = store
        self.events = events
        self.book = Book()
        self._lost: Unavailable | None = None
        """Why the Book cannot be used any more."""
        self._mutex = threading.RLock()
        self._waiting: SimpleQueue[Ask | None] = SimpleQueue()
        self._decided: list[tuple[Ask, list[Outcome]]] = []
        self._thread = threading.Thread(target=self._run, name=f"writer of {ledger}", daemon=True)

    def start(self) -> None:
        """Fold the log, from the last snapshot on where it is good, then begin to take requests."""
        self.book = from_snapshot(self.store, self.ledger) or self.book
        with self.reading():
            pass
        seldom()
        self._thread.start()

    def close(self) -> None:
        """Decide what waits, then end."""
        if self._thread.is_alive():
            self._waiting.put(None)
            self._thread.join()

    def ask(self, steps: Sequence[Step], *, atomic: bool = False, dry: bool = False) -> "Future[list[Outcome]]":
        """Queue steps; the future gives an outcome for each, or raises UnknownOutcome."""
        if not self._thread.is_alive():
            raise UnknownOutcome("the ledger is closed")
        answer: Future[list[Outcome]] = Future()
        answer.set_running_or_notify_cancel()  # what is queued is decided: a caller who leaves must not stop the thread
        self._waiting.put(Ask(steps, atomic, dry, answer))
        return answer

    @contextmanager
    def reading(self) -> Iterator[Book]:
        """The Book as of everything recorded so far, by any process; nothing is decided meanwhile."""
        with self._mutex:
            self._catch_up()
            try:
                yield self.book
            except Unavailable as unavailable:
                self._lost = unavailable
                raise

    def _catch_up(self) -> None:
        """Fold what was recorded since; with another Book, where rows of this one are out of reach."""
        if self._lost is None:
            try:
                fold_log(self.store, self.ledger, self.book)
                return
            except Unavailable as unavailable:
                self._lost = unavailable
        _log.warning("the Book of number %s is not used any more: %s", self.book.number, self._lost)
        self.book = another(self.store, self.ledger, self._lost)
        self._lost = None

    # -- the thread

    def _run(self) -> None:
        while asks := self._take():
            self._settle(asks)
        self._hand_out()

    def _take(self) -> list[Ask]:
        """All that waits, up to a batch; none when it is time to end."""
        if self._waiting.empty():
            self._hand_out()
        asks: list[Ask] = []
        steps = 0
        while steps < BATCH:
            try:
                ask = self._waiting.get(block=not asks)
            except Empty:
                break
            if ask is not None:
                asks.append(ask)
                steps += len(ask.steps)
            elif asks or not self._waiting.empty():
                self._waiting.put(None)  # first what came before the end
            else:
                break
        return asks

    def _hand_out(self) -> None:
        """Wake those whose answers are known. Many callers take a while to wake: it is done while the database works."""
        for ask, answer in self._decided:
            ask.answer.set_result(answer)
        self._decided.clear()

    def _settle(self, asks: list[Ask]) -> None:
        """Decide; on any error look again under the lock, and only then answer."""
        deadline = time.monotonic() + RESOLVE_SECONDS
        while True:
            try:
                with self._mutex:
                    answers = self._decide(asks)
            except (*UNREACHABLE, PersistenceError, OSError) as error:
                if time.monotonic() >= deadline:
                    for ask in asks:
                        ask.answer.set_exception(UnknownOutcome(str(error)))
                    return
                self._hand_out()
                self.store.closing.wait(0.05)
            except Unavailable as unavailable:
                self._lost = unavailable
            except Exception as error:
                if len(asks) > 1:  # find the one that brings the others down
                    for ask in asks:
                        self._settle([ask])
                    return
                asks[0].answer.set_exception(InternalFault(repr(error)))
                return
            else:
                self._decided += zip(asks, answers, strict=True)
                return

    def _decide(self, asks: list[Ask]) -> list[list[Outcome]]:
        if self._lost is not None:
            self._catch_up()  # before others wait for it
        book = self.book
        ids = [step.request for ask in asks for step in ask.steps]
        try:
            with self.store.deciding(self.ledger, ids) as decision:
                if decision.number > book.number:
                    fold_log(self.store, self.ledger, book)
                book.now = decision.now
                foresee(book, [step.movement for ask in asks for step in ask.steps])
                batch = _Batch(self, decision)
                answers = [batch.answer(ask) for ask in asks]
                batch.write()
                decision.end()
                self._hand_out()
        except BaseException:
            book.rollback(0)
            raise
        book.folded()
        return answers


class _Batch:
    """What one transaction gathers, step after step: what was accepted, what was refused, and what each key was answered."""

    def __init__(self, writer: Writer, decision: Decision) -> None:
        self.writer = writer
        self.book = writer.book
        self.decision = decision
        self.recorded_at: datetime = decision.now.astimezone(UTC)
        self.accepted: list[tuple[Step, list[Accepted]]] = []
        self.attempts: list[tuple[Any, ...]] = []
        self.given: dict[UUID, tuple[bytes, Receipt]] = {}
        """Request → hash of its body, and what it was answered: recorded earlier, or in this transaction."""
        if decision.requests:
            numbers = [found.number for found in decision.requests.values()]
            earlier = {event.originator_version: event for event in writer.store.select_numbers(writer.ledger, numbers)}
            for request, (body_hash, number) in decision.requests.items():
                self.given[request] = (body_hash, _receipt_of(recorded_in(earlier[number])))
        self.accounts, self.cells = self.book.accounts, len(self.book.cell_ids)
        """Ids that were given before what is sent next."""

    def answer(self, ask: Ask) -> list[Outcome]:
        if ask.atomic or ask.dry:
            return self._all_or_nothing(ask)
        outcomes = []
        for step in ask.steps:
            outcomes.append(self._one(step))
            if len(self.accepted) >= PART:
                self.write()
        return outcomes

    def _all_or_nothing(self, ask: Ask) -> list[Outcome]:
        mark, accepted, attempts, given = self.book.mark(), len(self.accepted), len(self.attempts), dict(self.given)
        outcomes = [self._one(step) for step in ask.steps]
        if ask.dry or not all(isinstance(outcome, Receipt) for outcome in outcomes):
            self.book.rollback(mark)
            del self.accepted[accepted:]
            self.given = given
        if ask.dry:
            del self.attempts[attempts:]
        return outcomes

    def _one(self, step: Step) -> Outcome:
        """Idempotency first, then the rules. A fault in them takes this step back and no other."""
        mark = self.book.mark()
        try:
            if step.request in self.given:
                return _repeated(step, *self.given[step.request])
            recall(self.writer.store, self.writer.ledger, self.book, step.movement)
            accepted = decide(self.book, step.movement, step.actor)
        except Refusal as refusal:
            self.attempts.append(self._attempt(step, refusal))
            return refusal
        except (*DATABASE_FAULTS, Unavailable):
            raise
        except Exception as error:
            self.book.rollback(mark)
            return InternalFault(repr(error))
        first = accepted[0]
        number, voucher, kind, instead = first.number, first.voucher, first.movement.kind, first.recorded_as
        receipt = Receipt(number, voucher, kind, self.recorded_at, instead, repeated=False, accepted=tuple(accepted))
        self.accepted.append((step, accepted))
        self.given[step.request] = (step.body_hash, receipt)
        return receipt

    def _attempt(self, step: Step, refusal: Refusal) -> tuple[Any, ...]:
        why = {"clause": refusal.clause, **in_words(refusal)._asdict()}
        return (
            self.recorded_at,
            self.book.number,
            step.actor.subject,
            str(step.actor.role),
            step.movement.kind,
            str(refusal.code),
            refusal.asked,
            refusal.available,
            step.movement.model_dump_json(exclude_none=True),
            json.dumps(why, ensure_ascii=False),
        )

    # -- writing

    def write(self) -> None:
        """Send what was decided so far, with the rows that go with it."""
        if not self.accepted and not self.attempts:
            return
        rows = Rows(attempts=self.attempts)
        events = []
        for step, accepted in self.accepted:
            rows.requests.append((step.request, step.body_hash, accepted[0].number))
            rows.sealed += step.sealed
            for one in accepted:
                events.append(self.writer.events.mapper.to_stored_event(self._recorded(step, one)))
                self._entries(rows, one.number, one.entries)
        self.writer.store.insert_events(events, decision=self.decision, rows=rows)
        self.accepted, self.attempts = [], []

    def _recorded(self, step: Step, one: Accepted) -> Recorded:
        return Recorded(
            self.writer.ledger,
            one.number,
            one.voucher,
            self.recorded_at,
            one.actor,
            one.approvals,
            one.proposal,
            step.request,
            RULES,
            one.movement,
            tuple([entry.leg for entry in one.entries]),
        )

    def _opened(self, rows: Rows, found: Account, account: int, cell: int) -> None:
        """Ids are given in the order of the log: a new one is higher than all before."""
        if cell > self.cells:
            kept = (found.code, found.fiscal_year, found.source, found.vintage, found.special, found.function)
            rows.cells.append((cell, *_plain(kept)))
            self.cells = cell
        rows.accounts.append((account, cell, found.project, found.ref))
        self.accounts = account

    def _entries(self, rows: Rows, number: int, entries: Sequence[Entry]) -> None:
        account_ids, cell_ids, balances, turnover = (
            self.book.account_ids,
            self.book.cell_ids,
            rows.balances,
            rows.turnover,
        )
        for line, (leg, account_after, cell_after) in enumerate(entries, 1):
            account, cell = account_ids[leg.account], cell_ids[leg.account.cell]
            if account > self.accounts:
                self._opened(rows, leg.account, account, cell)
            period = period_number(leg.period)
            day, amount = leg.effective_on, leg.amount
            rows.entries.append((number, line, account, cell, period, day, amount, account_after, cell_after))
            balances[account] = (account_after, number)
            turnover[cell, period, day] = turnover.get((cell, period, day), 0) + amount


def _receipt_of(recorded: Recorded) -> Receipt:
    number, voucher, kind = recorded.number, recorded.voucher, recorded.movement.kind
    return Receipt(number, voucher, kind, recorded.recorded_at, None, repeated=True, accepted=())


def _repeated(step: Step, body_hash: bytes, receipt: Receipt) -> Receipt:
    """What was answered the first time. Raises Refusal where the same key comes with another body."""
    if body_hash and body_hash != step.body_hash:  # of some early requests it is not known any more
        raise Refusal(Code.IDEMPOTENCY_CONFLICT, "", number=receipt.number)
    instead = receipt.kind if receipt.kind != step.movement.kind else None
    return receipt._replace(recorded_as=instead, repeated=True)


def _plain(values: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(str(value) if isinstance(value, str) else value for value in values)
