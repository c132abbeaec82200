"""The ledger as an application: record, propose through record, bulk, dry run; read back what was recorded."""

import hashlib
import hmac
import secrets
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime
from functools import partial
from uuid import NAMESPACE_URL, UUID, uuid5

from eventsourcing.application import Application
from eventsourcing.persistence import ApplicationRecorder, Mapper
from eventsourcing.utils import Environment, EnvType

from ledger.codec import LedgerMapper, Recorded, canonical
from ledger.documents import are_told
from ledger.domain.approval import ProposalSubmitted
from ledger.domain.book import Book
from ledger.domain.fields import business_date
from ledger.domain.movement import Actor, Movement
from ledger.domain.refusals import Code, Refusal, refuse
from ledger.domain.whatif import WhatIf, what_if
from ledger.folding import recall
from ledger.personal.keys import SubjectKeys, check_secret
from ledger.personal.plain import seal_what_lies_in_plain
from ledger.projections.journal import standing
from ledger.replay import PastBooks
from ledger.sealing import body_to_hash, seal
from ledger.secret import Secret
from ledger.store import Store
from ledger.training import is_training
from ledger.writer import BATCH, InternalFault, Outcome, Receipt, Step, Writer

TRIED_AT_ONCE = 1_000
"""Lines that are tried while recorders wait, as they would for a batch of somebody's."""


def business_day() -> date:
    """Today where the ledger is kept."""
    return business_date(datetime.now(UTC))


def ledger_id(name: str) -> UUID:
    """The identity of a ledger by its name; part of every recorded byte string."""
    return uuid5(NAMESPACE_URL, f"urn:funds-ledger:{name}")


class Ledger(Application[UUID]):
    """One ledger of one database. Threads may share it; other processes may write to the same ledger."""

    name = "ledger"

    def __init__(self, store: Store, name: str, secret: Secret) -> None:
        """``secret``: the master secret. Raises SecretError where the ledger was opened with another one before."""
        self.id, self.training = ledger_id(name), is_training(name)
        self.store = store
        self.secret = secret
        super().__init__()
        self._hashing = store.open_ledger(self.id, secrets.token_bytes(32))
        check_secret(store, self.id, secret, remember=True)
        self.keys = SubjectKeys(store, self.id, secret)
        seal_what_lies_in_plain(store, self.id, self.keys)
        self.past = PastBooks(store, self.id)
        self.writer = Writer(self.id, store, self.events)
        self.writer.start()

    def close(self) -> None:
        """Decide what waits, then let go of the database."""
        self.writer.close()
        self.store.close()
        super().close()

    # -- the library's seams: nothing of os.environ may change the bytes

    def construct_env(self, name: str, env: EnvType | None = None) -> Environment:
        return Environment(name, env)

    def construct_mapper(self) -> Mapper[UUID]:
        return LedgerMapper()

    def construct_recorder(self) -> ApplicationRecorder:
        return self.store

    # -- writing

    def record(self, movement: Movement, actor: Actor, key: str) -> Receipt:
        """Record one movement. Raises Refusal, UnknownOutcome (ask again with the same key) or InternalFault."""
        return the_receipt(self.submit(movement, actor, key).result())

    def submit(self, movement: Movement, actor: Actor, key: str, *, dry: bool = False) -> "Future[list[Outcome]]":
        """The same without waiting; the future gives one outcome. A dry run is judged and leaves no trace."""
        return self.writer.ask(self._steps([movement], actor, [key], dry=dry), dry=dry)

    def record_all(
        self,
        movements: Sequence[Movement],
        actor: Actor,
        key: str,
        *,
        atomic: bool = False,
        done: Callable[[int], None] | None = None,
    ) -> list[Outcome]:
        """Record a list under keys ``key#line``; all or nothing where ``atomic``, else an outcome for each line.

        ``done`` is told how many lines were decided since it was last told.
        """
        steps = self._steps(movements, actor, [f"{key}#{line}" for line in range(1, len(movements) + 1)])
        if atomic:
            outcomes = self.writer.ask(steps, atomic=True).result()
            if done:
                done(len(outcomes))
            return outcomes
        outcomes = []
        for answer in self._chunks(steps):
            outcomes += answer.result()
            if done:
                done(len(answer.result()))
        return outcomes

    def _chunks(self, steps: list[Step]) -> "list[Future[list[Outcome]]]":
        return [self.writer.ask(steps[i : i + BATCH]) for i in range(0, len(steps), BATCH)]

    def _steps(
        self, movements: Sequence[Movement], actor: Actor, keys: Sequence[str], *, dry: bool = False
    ) -> list[Step]:
        """Steps with their texts sealed. The keys of all their subjects are there, or made, before anything is judged.

        Raises Refusal where facts are proposed that no statement tells: what people of finance take from one must be there.
        """
        self._check_told(movements)
        sealed = [seal(movement, actor) for movement in movements]
        subjects = {text.subject for _, texts in sealed for text in texts}
        of = self.keys.of(subjects, make=not dry) if subjects else {}
        steps = []
        for key, (movement, texts) in zip(keys, sealed, strict=True):
            marks = {text.commitment.encode(): of[text.subject].mark(text.text) for text in texts}
            body = body_to_hash(canonical(movement.model_dump(exclude_none=True)), marks)
            rows = tuple([of[text.subject].seal(text) for text in texts])
            request, hashed = self.request_id(actor, key), hmac.digest(self._hashing, body, "sha256")
            steps.append(Step(movement, actor, request, hashed, rows))
        return steps

    def _check_told(self, movements: Sequence[Movement]) -> None:
        proposed = [
            one for proposal in movements if isinstance(proposal, ProposalSubmitted) for one in proposal.movements
        ]
        facts = [one for one in proposed if one.fact and one.document and one.document.sha256]
        told = [(str(one.document and one.document.sha256), getattr(one, "amount", None)) for one in facts]
        if told and not are_told(self.store, self.id, told):
            refuse(Code.DOCUMENT_MISSING, facts[0].clause, field="document.sha256")

    # -- reading

    def request_id(self, actor: Actor, key: str) -> UUID:
        """Under which identity a request key of somebody is kept."""
        return UUID(bytes=hashlib.sha256(canonical([str(self.id), actor.subject, key])).digest()[:16])

    def reading(self) -> AbstractContextManager[Book]:
        """The Book as of everything recorded so far; hold it briefly."""
        return self.writer.reading()

    def at(self, number: int) -> AbstractContextManager[Book]:
        """The Book as it stood after a number, for one user at a time; it is left as it was. Raises NotRecorded."""
        return self.past.at(number)

    def trying(self, lines: int) -> AbstractContextManager[Book]:
        """The Book as it stands now, for a list of so many lines to be tried on; whoever tries takes back what they write.

        A long list is tried on a past Book of this very number: nobody who records waits for it.
        """
        return self.reading() if lines <= TRIED_AT_ONCE else self.at(standing(self.store, self.id))

    def what_if(self, movements: Sequence[Movement], asker: Actor, day: date, at: int | None = None) -> WhatIf:
        """What movements would leave, judged as if signed on top of now or of a past number, and recorded nowhere.

        Raises NotRecorded. On top of now it holds up whoever records while it judges, as a batch of theirs would.
        """
        with self.reading() if at is None else self.at(at) as book:
            try:
                return what_if(book, movements, asker, partial(recall, self.store, self.id, book), day)
            finally:
                book.recalled.clear()

    def recorded(self, number: int) -> Recorded | None:
        """One recorded movement, checked against its row."""
        found = self.store.select_numbers(self.id, [number])
        return self.mapper.to_domain_event(found[0]) if found else None  # type: ignore[return-value]


def the_receipt(outcomes: Sequence[Outcome]) -> Receipt:
    """The one receipt of one step; raises what came instead."""
    (outcome,) = outcomes
    if isinstance(outcome, Refusal | InternalFault):
        raise outcome
    return outcome
