"""Reconciliation as an application of the library: statements in, lines matched, differences dealt with, months signed off."""

import calendar
import hashlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import BinaryIO
from uuid import UUID

from eventsourcing.application import AggregateNotFoundError, Application
from eventsourcing.persistence import ApplicationRecorder, IntegrityError
from eventsourcing.utils import Environment, EnvType

from ledger import proposing
from ledger.application import Ledger, business_day
from ledger.domain.approval import PROPOSALS, ProposalStatus
from ledger.domain.closing import ReconciliationSignedOff
from ledger.domain.movement import Actor
from ledger.domain.reconciliation import SETTLED, Cause, StatementKind, Status
from ledger.domain.signed_off import TOUCHED
from ledger.projections.journal import one_snapshot
from ledger.reconciliation import rows
from ledger.reconciliation.aggregate import Source
from ledger.reconciliation.asking import matched, ours, theirs
from ledger.reconciliation.case import Case, stands
from ledger.reconciliation.outcomes import Compared, Standing, Taken, Totals
from ledger.reconciliation.payee_accounts import marking
from ledger.reconciliation.reading.statement import read_statement
from ledger.reconciliation.recorder import Recorder, Write
from ledger.reconciliation.recording import Given
from ledger.reconciliation.refusals import NotReconciled, Why
from ledger.reconciliation.worklist import Task, check_lacking, facts_of, opened, tasks, waiting_for

Done = Callable[[int, int], None]
_OVER = frozenset({ProposalStatus.REJECTED, ProposalStatus.APPROVED})
"""How a proposal ends, so that another one may be made."""


class Reconciliations(Application[UUID]):
    """Of one ledger. Threads and processes may share it: whoever comes second with a source gets CHANGED and asks again."""

    name = "reconciliation"

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        super().__init__()

    # -- the library's seams: nothing of os.environ may change the bytes

    def construct_env(self, name: str, env: EnvType | None = None) -> Environment:
        return Environment(name, {})

    def construct_recorder(self) -> ApplicationRecorder:
        return Recorder(self.ledger.store)

    def _saved(self, source: Source, write: Write | None = None) -> None:
        try:
            self.save(source, rows=write)
        except IntegrityError as error:
            raise NotReconciled(Why.CHANGED, source.source) from error

    # -- sources

    def source(self, name: str) -> Source:
        """Raises NotReconciled where there is none. A sign-off that somebody decided meanwhile is noted first."""
        try:
            found: Source = self.repository.get(Source.create_id(self.ledger.id, name))
        except AggregateNotFoundError:
            raise NotReconciled(Why.UNKNOWN_SOURCE, name) from None
        self._note_decided(found)
        if found.pending_events:
            try:
                self._saved(found)
            except NotReconciled:  # somebody else has noted it
                return self.source(name)
        return found

    def sources(self) -> list[str]:
        """Their names, in order."""
        with one_snapshot(self.ledger.store) as connection:
            return rows.sources(connection, self.ledger.id)

    def open_source(self, name: str, kind: StatementKind, by: Actor, against: str = "") -> Source:
        """The source of that name, made where it is not there. ``against``: the source that its lines are compared with."""
        try:
            found = self.source(name)
        except NotReconciled:
            return self._opened(name, kind, by, against)
        if (found.kind, found.against) != (kind, against or found.against):
            raise NotReconciled(Why.OTHER_KIND, f"{name}: {found.kind}")
        return found

    def _opened(self, name: str, kind: StatementKind, by: Actor, against: str) -> Source:
        if against:
            self.source(against)
        made = Source(self.ledger.id, name, str(kind), against, by.subject)
        values = (self.ledger.id, name, str(kind), against, made.id)
        self._saved(made, lambda connection: rows.insert_source(connection, *values))
        return made

    # -- statements

    def take(
        self,
        name: str,
        file: BinaryIO,
        file_name: str,
        by: Actor,
        *,
        columns: dict[str, str] | None = None,
        on: date | None = None,
        done: Done | None = None,
    ) -> Taken:
        """A file of a source: read and checked whole, then taken, or not at all. Raises Faulty, NotReconciled.

        ``columns``: field → header, as ``Source.read_by``; kept for the source once the file is taken.
        """
        source = self.source(name)
        with read_statement(file, source.kind, source.read_by(columns), on=on, done=done) as read:
            control = read.control
            if control.sha256 in source.statements:
                return Taken(control, 0, again=True)
            known = 0

            def write(connection: rows.DB) -> None:
                """In one transaction however long: half a statement must never be seen. It locks nothing of the ledger."""
                nonlocal known
                statement = rows.insert_statement(connection, self.ledger.id, name, control, file_name, by.subject)
                rows.write_lines(connection, self.ledger.id, name, statement, read.pages(), marking(self.ledger.secret))
                known = rows.drop_known(connection, self.ledger.id, name, statement)

            if read.mapping and read.mapping.columns != source.mapping:
                source.keep_mapping(read.mapping.columns, by.subject)
            source.take(control.sha256, control.lines, control.paid, control.returned, by.subject)
            self._saved(source, write)
            return Taken(control, known, again=False)

    # -- matching

    def propose(self, name: str, through: date, by: Actor) -> Counter[Status]:
        """Match what nobody decided yet; the cases are proposals. Answers with how many there are of each status."""
        source = self.source(name)
        onwards = name if through.isoformat() >= source.furthest else None
        mine, number = ours(self.ledger, source.kind, source.against, through, onwards)
        with one_snapshot(self.ledger.store) as connection:
            told = rows.undecided_lines(connection, self.ledger.id, name, name, ours=False)
            done = rows.decided(connection, self.ledger.id, name, [line.key for line in mine])
        mine = [line for line in mine if line.key not in done]
        other = theirs(self.ledger, told)
        cases = matched(self.ledger, source.kind, mine, other, through)
        days = {line.key: line.day for line in mine}, {line.key: line.day for line in other}
        found = Counter(case.status for case in cases)
        source.matched(through.isoformat(), number, {str(status): n for status, n in found.items()}, by.subject)
        self._saved(
            source,
            lambda connection: rows.replace_proposed(
                connection, self.ledger.id, name, cases, lambda case: _day(case, *days)
            ),
        )
        return found

    def accept(self, name: str, through: date, by: Actor) -> int:
        """Proposed cases up to a day about which nothing is to be done are good. Answers how many those are."""
        source = self.source(name)
        with one_snapshot(self.ledger.store) as connection:
            count = rows.acceptable(connection, self.ledger.id, name, through)
        source.accepted(through.isoformat(), count, by.subject)
        self._saved(source, lambda connection: rows.accept(connection, self.ledger.id, name, through, by.subject))
        return count

    def accept_cases(self, name: str, ids: Sequence[int], by: Actor) -> int:
        """These proposed cases are good; answers how many were not yet. Raises NotReconciled where one is open."""
        source, kept = self._open_cases(name, ids)
        if to_do := [one.id for one in kept if one.case.status not in SETTLED]:
            raise NotReconciled(Why.TO_DO, str(to_do[0]))
        new = [one.id for one in kept if one.kept == rows.PROPOSED]
        if new:
            source.cases_accepted(new, by.subject)
            self._saved(source, lambda connection: rows.accept_these(connection, self.ledger.id, new, by.subject))
        return len(new)

    def unmatch(self, name: str, ids: Sequence[int], by: Actor) -> None:
        """Take cases apart: their lines are open until the next matching, or until somebody matches them by hand."""
        source, kept = self._open_cases(name, ids)
        source.unmatched([one.id for one in kept], by.subject)
        self._saved(source, lambda connection: rows.drop(connection, self.ledger.id, ids))

    def match_by_hand(self, name: str, mine: Sequence[int], theirs: Sequence[int], reason: str, by: Actor) -> None:
        """Lines of either side belong together, as somebody says, with the reason. What was only proposed of them gives way."""
        if not reason.strip():
            raise NotReconciled(Why.NO_REASON)
        if not mine and not theirs:
            raise NotReconciled(Why.UNKNOWN_LINE)
        source = self.source(name)
        with one_snapshot(self.ledger.store) as connection:
            told = rows.told(connection, self.ledger.id, [*theirs, *(mine if source.against else [])])
            touched = rows.cases_with(connection, self.ledger.id, name, mine, theirs)
        our_side, _ = ours(self.ledger, source.kind, source.against, date.max)
        known = {line.key: line for line in our_side}
        missing = [key for key in mine if key not in known] + [key for key in theirs if key not in told]
        if missing:
            raise NotReconciled(Why.UNKNOWN_LINE, str(missing[0]))
        _, kept = self._open_cases(name, touched)
        if decided := [one.id for one in kept if one.kept != rows.PROPOSED]:
            raise NotReconciled(Why.ALREADY_DECIDED, str(decided[0]))
        difference = sum(known[key].moved for key in mine) - sum(told[key].line.moved for key in theirs)
        status = Status.AMOUNT_DIFF if difference else Status.MATCHED
        case = Case("BY_HAND", status, None, tuple(mine), tuple(theirs), difference)
        day = max([known[key].day for key in mine] + [told[key].line.day for key in theirs])
        source.matched_by_hand(list(mine), list(theirs), str(status), by.subject)

        def write(connection: rows.DB) -> None:
            rows.drop(connection, self.ledger.id, touched)
            rows.insert(connection, self.ledger.id, name, [(case, day, rows.BY_HAND, by.subject, reason)])

        self._check_open(source, day)
        self._saved(source, write)

    def explain(self, name: str, ids: Sequence[int], cause: Cause | None, reason: str, by: Actor) -> None:
        """Why the sides differ in these cases, in somebody's words."""
        if not reason.strip():
            raise NotReconciled(Why.NO_REASON)
        source, _ = self._open_cases(name, ids)
        source.explained(list(ids), cause and str(cause), by.subject)
        self._saved(source, lambda connection: rows.explain(connection, self.ledger.id, ids, cause, reason, by.subject))

    def _open_cases(self, name: str, ids: Sequence[int]) -> tuple[Source, list[rows.Kept]]:
        """Cases of months that may be worked on. Raises NotReconciled."""
        source = self.source(name)
        with one_snapshot(self.ledger.store) as connection:
            kept = rows.cases_by_id(connection, self.ledger.id, name, ids)
        if missing := set(ids) - {one.id for one in kept}:
            raise NotReconciled(Why.UNKNOWN_CASE, str(min(missing)))
        for one in kept:
            # What is open is carried on beyond a month's end, and dealt with whenever it can be.
            if one.case.status in SETTLED:
                self._check_open(source, one.day)
        return source, kept

    def _check_open(self, source: Source, day: date) -> None:
        month = f"{day:%Y-%m}"
        if month in source.signed:
            raise NotReconciled(Why.SIGNED, month)
        if month in source.waiting:
            raise NotReconciled(Why.WAITS, month)

    # -- what follows

    def worklist(self, name: str, month: str) -> list[Task]:
        """What a month, and what is open of those before it, still waits for. Raises NotReconciled."""
        source, until = self.source(name), last_day(month)
        found = opened(self.ledger, source, until)
        with one_snapshot(self.ledger.store) as connection:
            matched = rows.any_case(connection, self.ledger.id, name, until.replace(day=1), until)
        with self.ledger.reading() as book:
            return list(tasks(book, source, month, found, matched))

    def propose_facts(
        self, name: str, ids: Sequence[int], by: Actor, on: date, given: Mapping[int, Given] | None = None
    ) -> str:
        """What the ledger lacks by these cases goes to a second person of finance, as facts; the proposal's name is the answer.

        ``given``: by case what the statement does not tell. Raises NotReconciled, Refusal.
        """
        source = self.source(name)
        with one_snapshot(self.ledger.store) as connection:
            kept = rows.cases_by_id(connection, self.ledger.id, name, ids)
        if not kept or (missing := set(ids) - {one.id for one in kept}):
            raise NotReconciled(Why.UNKNOWN_CASE, str(min(missing)) if kept else "")
        found = opened(self.ledger, source, last_day(f"{max(one.day for one in kept):%Y-%m}"))
        check_lacking(source, found, kept)
        lines = sorted(key for one in kept for key in one.case.theirs)
        with self.ledger.reading() as book:
            if waiting := waiting_for(book, source, lines):
                raise NotReconciled(Why.FACT_WAITS, waiting)
            facts = facts_of(book, found, kept, given or {}, by)
            proposal, _ = proposing.attempts(book, f"facts-{source.id.hex[:8]}-{lines[0]}", over=_OVER)
        proposing.submit(self.ledger, proposal, facts, by, on)
        source.propose_recording(lines, proposal, by.subject)
        self._saved(source)
        return proposal

    # -- signing off

    def propose_sign_off(self, name: str, month: str, by: Actor, on: date) -> str:
        """What stands of a month goes to a second person as a proposal, whose name is the answer; its matches count as accepted.

        Raises Refusal, NotReconciled.
        """
        source = self.source(name)
        until = last_day(month)
        self._check_open(source, until)
        with one_snapshot(self.ledger.store) as connection:
            kept = rows.cases_of(connection, self.ledger.id, name, until.replace(day=1), until)
        if not kept:
            raise NotReconciled(Why.NOT_MATCHED, month)
        totals = self._totals(name, kept)
        with self.ledger.reading() as book:
            proposal, _ = proposing.attempts(book, f"reconciled-{source.id.hex[:8]}-{month}", over=_OVER)
        digest = hashlib.sha256(f"{self.ledger.id}:{proposal}:".encode() + rows.content(kept)).hexdigest()
        told = {"told_by": name, "statement_kind": source.kind, "statement": digest, **totals._asdict()}
        movement = ReconciliationSignedOff(effective_on=on, reconciles=month, **told)
        proposing.submit(self.ledger, proposal, [movement], by, on)
        source.propose_sign_off(month, proposal, digest, totals._asdict(), by.subject)

        self._saved(source, lambda connection: rows.accept(connection, self.ledger.id, name, until, by.subject))
        return proposal

    def _totals(self, name: str, kept: Sequence[rows.Kept]) -> Totals:
        found = self.compared(name, max(one.day for one in kept))
        mine, theirs = ({line.key: line.moved for line in side} for side in (found.ours, found.theirs))
        if changed := [one for one in kept if not stands(one.case, mine, theirs)]:
            raise NotReconciled(Why.LINE_CHANGED, str(changed[0].id))
        cases = [one.case for one in kept]
        return Totals(
            sum(abs(mine[key]) for case in cases for key in case.ours),
            sum(abs(theirs[key]) for case in cases for key in case.theirs),
            sum(abs(case.difference) for case in cases if case.status not in SETTLED | {Status.TIMING}),
        )

    def _note_decided(self, source: Source) -> None:
        """Note proposed sign-offs that were decided meanwhile, in whichever way."""
        if not source.waiting:
            return
        with self.ledger.reading() as book:
            found = {month: PROPOSALS.get(book, waits["proposal"]) for month, waits in source.waiting.items()}
        day = business_day()
        for month, proposal in found.items():
            if proposal is not None and proposal.status is ProposalStatus.APPROVED:
                assert proposal.decided is not None
                source.sign_off(month, proposal.decided)
            elif proposal is None or proposal.status is ProposalStatus.REJECTED or proposal.expired(day):
                source.turn_down(month)

    def reopen(self, name: str, month: str, by: Actor) -> None:
        """A signed month is worked on again. What was signed stays in the log."""
        source = self.source(name)
        if month not in source.signed:
            raise NotReconciled(Why.NOT_SIGNED, month)
        source.reopen(month, by.subject, datetime.now(UTC))
        self._saved(source)

    # -- reading

    def standing(self, name: str) -> Standing:
        """How far a source is, month by month."""
        source = self.source(name)
        with one_snapshot(self.ledger.store) as connection:
            found = rows.counts(connection, self.ledger.id, name)
        months: dict[str, dict[Status, tuple[int, int]]] = {}
        for (month, status), figures in sorted(found.items()):
            months.setdefault(month, {})[status] = figures
        with self.ledger.reading() as book:
            touched = {of.month: found for of, found in TOUCHED.items(book) if of.source == name}
        return Standing(source, months, touched)

    def compared(self, name: str, through: date) -> Compared:
        """Everything up to a day, for the sheet."""
        source = self.source(name)
        mine, number = ours(self.ledger, source.kind, source.against, through)
        with one_snapshot(self.ledger.store) as connection:
            kept = rows.cases_of(connection, self.ledger.id, name, date.min, through)
            wanted = {key for one in kept for key in one.case.theirs}
            theirs = rows.lines_of(connection, self.ledger.id, name)
        theirs = [line for line in theirs if line.day <= through or line.key in wanted]
        return Compared(source, mine, theirs, kept, number)


def last_day(month: str) -> date:
    """Of a month such as 2025-06."""
    year, number = int(month[:4]), int(month[5:7])
    return date(year, number, calendar.monthrange(year, number)[1])


def _day(case: Case, ours_on: dict[int, date], theirs_on: dict[int, date]) -> date:
    """The day a case counts on: the statement's last where nothing is left to do, else the first, since when it is open."""
    on = [theirs_on[key] for key in case.theirs], [ours_on[key] for key in case.ours]
    return max(on[0] or on[1]) if case.status in SETTLED else min(on[0] + on[1])
