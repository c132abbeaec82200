"""Lines and cases as rows: written in the transaction of the event that made them, read for the work list."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any, LiteralString, NamedTuple
from uuid import UUID

import msgspec
from psycopg import Connection
from psycopg.rows import TupleRow

from ledger.domain.reconciliation import SETTLED, Cause, Flow, Status
from ledger.reconciliation.case import Case
from ledger.reconciliation.line import Line, sharing
from ledger.reconciliation.payee_accounts import Marked
from ledger.reconciliation.reading.statement import Control

DB = Connection[TupleRow]
PROPOSED, ACCEPTED, BY_HAND, EXPLAINED = "PROPOSED", "ACCEPTED", "BY_HAND", "EXPLAINED"
_TOLD: LiteralString = (
    "day, amount, moved, application, voucher, detail, transaction, cites, account, payee, project, fund, function, "
    "economic, fiscal_year, document, text, returns"
)
_FIELDS = _TOLD.split(", ")
_CASE: LiteralString = (
    "SELECT id, day, rule, status, cause, difference, rivals, kept, by, reason, was FROM reconciled_case "
    "WHERE ledger = %s AND source = %s "
)


DECIDED: LiteralString = (
    "reconciled_part part JOIN reconciled_case c ON c.ledger = part.ledger AND c.id = part.case_id "
    "WHERE part.ledger = %(ledger)s AND part.source = %(source)s AND kept <> 'PROPOSED'"
)
"""Lines of either side of a source, in cases that somebody decided."""


class Kept(NamedTuple):
    """A case as it stands. ``kept``: who made it so; ``was``: its status before it was explained."""

    id: int
    day: date
    case: Case
    kept: str
    by: str | None
    reason: str | None
    was: Status | None


class Told(NamedTuple):
    """A line of a statement, where it stands in which file, and the last digits of its account."""

    line: Line
    statement: int
    row: int
    tail: str


def insert_source(connection: DB, ledger: UUID, source: str, kind: str, against: str, originator: UUID) -> None:
    """A source of statements by its name, beside its events."""
    query = "INSERT INTO statement_source (ledger, source, kind, against, originator_id) VALUES (%s, %s, %s, %s, %s)"
    connection.execute(query, (ledger, source, kind, against, originator))


def sources(connection: DB, ledger: UUID) -> list[str]:
    """Names of all sources, in order."""
    query = "SELECT source FROM statement_source WHERE ledger = %s ORDER BY source"
    return [row[0] for row in connection.execute(query, (ledger,))]


def insert_statement(connection: DB, ledger: UUID, source: str, control: Control, name: str, by: str) -> int:
    """A file that was taken; answers with its number."""
    row = connection.execute(
        "INSERT INTO statement (ledger, source, sha256, name, imported_at, imported_by, lines, paid, returned, first_day, "
        "last_day) VALUES (%s, %s, %s, %s, now(), %s, %s, %s, %s, %s, %s) RETURNING id",
        (
            ledger,
            source,
            control.sha256,
            name,
            by,
            control.lines,
            control.paid,
            control.returned,
            control.first,
            control.last,
        ),
    ).fetchone()
    assert row is not None
    return int(row[0])


def write_lines(
    connection: DB,
    ledger: UUID,
    source: str,
    statement: int,
    pages: Iterable[Sequence[Line]],
    marked: Callable[[str], Marked],
) -> None:
    """Lines of a file; their accounts as marks."""
    columns: LiteralString = "ledger, source, statement, row, account_tail, flow"
    with connection.cursor().copy(f"COPY statement_line ({columns}, {_TOLD}) FROM STDIN") as copy:
        for page in pages:
            for line in page:
                account = marked(line.account)
                told = [account.mark if name == "account" else getattr(line, name) for name in _FIELDS]
                copy.write_row((ledger, source, statement, line.key, account.tail, str(line.flow), *told))


_SAME: LiteralString = "flow, day, amount, moved, application, voucher, detail, transaction, cites, account"


def drop_known(connection: DB, ledger: UUID, source: str, statement: int) -> int:
    """Take out what earlier statements of the source told in the same way, as often as they did; answers how many lines."""
    return connection.execute(
        f"WITH new AS (SELECT id, {_SAME}, row_number() OVER (PARTITION BY {_SAME} ORDER BY id) AS nth FROM statement_line "
        "WHERE ledger = %(ledger)s AND source = %(source)s AND statement = %(statement)s "
        "AND application || voucher || detail || transaction <> ''), "
        f"old AS (SELECT {_SAME}, count(*) AS times FROM statement_line WHERE ledger = %(ledger)s AND source = %(source)s "
        "AND statement < %(statement)s AND day BETWEEN (SELECT min(day) FROM new) AND (SELECT max(day) FROM new) "
        f"GROUP BY {_SAME}) "
        "DELETE FROM statement_line USING new JOIN old "
        f"USING ({_SAME}) WHERE statement_line.ledger = %(ledger)s AND statement_line.id = new.id AND nth <= times",
        {"ledger": ledger, "source": source, "statement": statement},
    ).rowcount


def lines_of(connection: DB, ledger: UUID, source: str) -> list[Line]:
    """All that was told by a source, by day."""
    rows = connection.execute(
        f"SELECT id, flow, {_TOLD} FROM statement_line WHERE ledger = %s AND source = %s ORDER BY day, id",
        (ledger, source),
        binary=True,
    )
    return list(sharing()(map(_line, rows)))


def days_not_cleared(connection: DB, ledger: UUID, source: str, since: date, until: date) -> list[tuple[date, int]]:
    """Days of a zero-balance account that paid something and were not cleared by any line, with the fen paid, net.

    An account without any clearing line is not one, and the last day that was told may be cleared in the next statement.
    """
    rows = connection.execute(
        "SELECT day, sum(moved)::bigint FROM statement_line WHERE ledger = %(ledger)s AND source = %(source)s "
        "AND day BETWEEN %(since)s AND %(until)s GROUP BY day HAVING sum(moved) <> 0 AND bool_and(flow <> %(clearing)s) "
        "AND day < (SELECT max(day) FROM statement_line WHERE ledger = %(ledger)s AND source = %(source)s) "
        "AND EXISTS (SELECT FROM statement_line WHERE ledger = %(ledger)s AND source = %(source)s AND flow = %(clearing)s) "
        "ORDER BY day",
        {"ledger": ledger, "source": source, "since": since, "until": until, "clearing": str(Flow.CLEARING)},
    )
    return [(day, net) for day, net in rows]


def told(connection: DB, ledger: UUID, ids: Sequence[int]) -> dict[int, Told]:
    """Lines by their numbers."""
    rows = connection.execute(
        f"SELECT id, flow, {_TOLD}, statement, row, account_tail FROM statement_line WHERE ledger = %s AND id = ANY(%s::bigint[])",
        (ledger, list(ids)),
        binary=True,
    )
    return {row[0]: Told(_line(row[:-3]), *row[-3:]) for row in rows}


def files(connection: DB, ledger: UUID, statements: Iterable[int]) -> dict[int, tuple[str, str]]:
    """Name and SHA-256 of statements by their numbers."""
    query: LiteralString = "SELECT id, name, sha256 FROM statement WHERE ledger = %s AND id = ANY(%s::bigint[])"
    return {row[0]: (row[1], row[2]) for row in connection.execute(query, (ledger, list(set(statements))))}


def _line(row: Sequence[Any]) -> Line:
    key, flow, *values = row
    return Line(key=key, flow=Flow(flow), **dict(zip(_FIELDS, values, strict=True)))


def undecided_lines(connection: DB, ledger: UUID, teller: str, source: str, *, ours: bool) -> list[Line]:
    """What was told by ``teller`` and stands in no decided case of ``source``, whose own side that is or the other; by day."""
    rows = connection.execute(
        f"SELECT id, flow, {_TOLD} FROM statement_line WHERE ledger = %(ledger)s AND id = ANY(ARRAY(SELECT id FROM statement_line "
        f"WHERE ledger = %(ledger)s AND source = %(teller)s EXCEPT SELECT key FROM {DECIDED} AND ours = %(ours)s)) "
        "ORDER BY day, id",
        {"ledger": ledger, "teller": teller, "source": source, "ours": ours},
        binary=True,
    )
    return [_line(row) for row in rows]


def decided(connection: DB, ledger: UUID, source: str, keys: Sequence[int]) -> set[int]:
    """Those of these keys of ours that stand in cases that somebody decided."""
    query: LiteralString = f"SELECT key FROM {DECIDED} AND ours AND key = ANY(%(keys)s::bigint[])"
    return {row[0] for row in connection.execute(query, {"ledger": ledger, "source": source, "keys": list(keys)})}


def replace_proposed(
    connection: DB, ledger: UUID, source: str, cases: Sequence[Case], day_of: Callable[[Case], date]
) -> None:
    """Cases of a matching take the place of what the one before proposed."""
    before = connection.execute(
        "SELECT id FROM reconciled_case WHERE ledger = %s AND source = %s AND kept = %s", (ledger, source, PROPOSED)
    )
    drop(connection, ledger, [row[0] for row in before])
    insert(connection, ledger, source, [(case, day_of(case), PROPOSED, None, None) for case in cases])


def insert(
    connection: DB, ledger: UUID, source: str, cases: Sequence[tuple[Case, date, str, str | None, str | None]]
) -> None:
    """Cases with the day they count on, how they are kept, by whom and why; the primary key of their parts refuses doubles."""
    ids = _new_ids(connection, len(cases))
    with connection.cursor().copy(
        "COPY reconciled_case (ledger, id, source, day, rule, status, cause, difference, rivals, kept, by, reason) FROM STDIN"
    ) as copy:
        for number, (case, day, kept, by, reason) in zip(ids, cases, strict=True):
            told = (case.rule, str(case.status), case.cause and str(case.cause), case.difference, list(case.rivals))
            copy.write_row((ledger, number, source, day, *told, kept, by, reason))
    with connection.cursor().copy("COPY reconciled_part (ledger, source, ours, key, case_id) FROM STDIN") as copy:
        for number, (case, *_) in zip(ids, cases, strict=True):
            for key in case.ours:
                copy.write_row((ledger, source, True, key, number))
            for key in case.theirs:
                copy.write_row((ledger, source, False, key, number))


def _new_ids(connection: DB, count: int) -> list[int]:
    sequence = "SELECT nextval(pg_get_serial_sequence('reconciled_case', 'id')) FROM generate_series(1, %s)"
    return [row[0] for row in connection.execute(sequence, (count,))]


def cases_of(connection: DB, ledger: UUID, source: str, since: date, until: date) -> list[Kept]:
    """Cases of a span of days, oldest first."""
    query: LiteralString = f"{_CASE} AND day >= %s AND day <= %s ORDER BY day, id"
    return _with_parts(connection, ledger, connection.execute(query, (ledger, source, since, until)).fetchall())


def open_cases(connection: DB, ledger: UUID, source: str, until: date) -> list[Kept]:
    """Cases up to a day about which something is to be done, of however long ago, oldest first."""
    query: LiteralString = f"{_CASE} AND day <= %s AND status <> ALL(%s::text[]) ORDER BY day, id"
    return _with_parts(connection, ledger, connection.execute(query, (ledger, source, until, _SETTLED)).fetchall())


def any_case(connection: DB, ledger: UUID, source: str, since: date, until: date) -> bool:
    """Whether anything of a span of days was matched."""
    query: LiteralString = f"SELECT EXISTS ({_CASE} AND day >= %s AND day <= %s)"
    row = connection.execute(query, (ledger, source, since, until)).fetchone()
    return row is not None and bool(row[0])


class Asked(NamedTuple):
    """Which cases: of a span of days, of one status, or only those about which something is to be done."""

    since: date = date.min
    until: date = date.max
    status: Status | None = None
    open_only: bool = False


def page_of_cases(
    connection: DB, ledger: UUID, source: str, asked: Asked, after: tuple[date, int], limit: int
) -> list[Kept]:
    """Cases after one of a day, oldest first."""
    query: LiteralString = (
        f"{_CASE} AND day >= %s AND day <= %s AND (%s::text IS NULL OR status = %s) AND NOT (%s AND status = ANY(%s::text[])) "
        "AND (day, id) > (%s, %s) ORDER BY day, id LIMIT %s"
    )
    status = asked.status and str(asked.status)
    which = (asked.since, asked.until, status, status, asked.open_only, _SETTLED)
    return _with_parts(
        connection, ledger, connection.execute(query, (ledger, source, *which, *after, limit)).fetchall()
    )


def cases_by_id(connection: DB, ledger: UUID, source: str, ids: Sequence[int]) -> list[Kept]:
    """Those of these cases that the source has."""
    query: LiteralString = f"{_CASE} AND id = ANY(%s::bigint[]) ORDER BY id"
    return _with_parts(connection, ledger, connection.execute(query, (ledger, source, list(ids))).fetchall())


def _with_parts(connection: DB, ledger: UUID, rows: Sequence[TupleRow]) -> list[Kept]:
    parts: defaultdict[tuple[int, bool], list[int]] = defaultdict(list)
    found = connection.execute(
        "SELECT case_id, ours, key FROM reconciled_part WHERE ledger = %s AND case_id = ANY(%s::bigint[]) ORDER BY key",
        (ledger, [row[0] for row in rows]),
    )
    for case, ours, key in found:
        parts[case, ours].append(key)
    kept = []
    for number, day, rule, status, cause, difference, rivals, how, by, reason, was in rows:
        case = Case(
            rule,
            Status(status),
            cause and Cause(cause),
            tuple(parts[number, True]),
            tuple(parts[number, False]),
            difference,
            tuple(rivals),
        )
        kept.append(Kept(number, day, case, how, by, reason, was and Status(was)))
    return kept


def cases_with(connection: DB, ledger: UUID, source: str, mine: Sequence[int], theirs: Sequence[int]) -> list[int]:
    """Numbers of the cases that hold any of these lines."""
    found = connection.execute(
        "SELECT DISTINCT case_id FROM reconciled_part WHERE ledger = %s AND source = %s "
        "AND ((ours AND key = ANY(%s::bigint[])) OR (NOT ours AND key = ANY(%s::bigint[])))",
        (ledger, source, list(mine), list(theirs)),
    )
    return [row[0] for row in found]


def counts(connection: DB, ledger: UUID, source: str) -> dict[tuple[str, Status], tuple[int, int]]:
    """(month, status) → cases, and fen of their differences without sign."""
    rows = connection.execute(
        "SELECT to_char(day, 'YYYY-MM'), status, count(*), sum(abs(difference)) FROM reconciled_case "
        "WHERE ledger = %s AND source = %s GROUP BY 1, 2",
        (ledger, source),
    )
    return {(month, Status(status)): (cases, int(fen)) for month, status, cases, fen in rows}


_ACCEPTABLE: LiteralString = "ledger = %s AND source = %s AND day <= %s AND kept = %s AND status = ANY(%s::text[])"
_SETTLED = [str(status) for status in SETTLED]


def acceptable(connection: DB, ledger: UUID, source: str, until: date) -> int:
    """How many cases up to a day are proposed, with nothing left to do."""
    query: LiteralString = f"SELECT count(*) FROM reconciled_case WHERE {_ACCEPTABLE}"
    row = connection.execute(query, (ledger, source, until, PROPOSED, _SETTLED)).fetchone()
    return row[0] if row else 0


def accept(connection: DB, ledger: UUID, source: str, until: date, by: str) -> None:
    """Those are good."""
    query: LiteralString = f"UPDATE reconciled_case SET kept = %s, by = %s WHERE {_ACCEPTABLE}"
    connection.execute(query, (ACCEPTED, by, ledger, source, until, PROPOSED, _SETTLED))


def accept_these(connection: DB, ledger: UUID, ids: Sequence[int], by: str) -> None:
    """These cases are good, as they were proposed."""
    query: LiteralString = (
        "UPDATE reconciled_case SET kept = %s, by = %s WHERE ledger = %s AND kept = %s AND id = ANY(%s::bigint[])"
    )
    connection.execute(query, (ACCEPTED, by, ledger, PROPOSED, list(ids)))


def drop(connection: DB, ledger: UUID, ids: Sequence[int]) -> None:
    """Cases are gone, their lines open."""
    for query in (
        "DELETE FROM reconciled_part WHERE ledger = %s AND case_id = ANY(%s::bigint[])",
        "DELETE FROM reconciled_case WHERE ledger = %s AND id = ANY(%s::bigint[])",
    ):
        connection.execute(query, (ledger, list(ids)))


def explain(connection: DB, ledger: UUID, ids: Sequence[int], cause: Cause | None, reason: str, by: str) -> None:
    """Cases are explained in somebody's words."""
    connection.execute(
        "UPDATE reconciled_case SET was = coalesce(was, status), status = %s, cause = coalesce(%s, cause), kept = %s, by = %s, "
        "reason = %s WHERE ledger = %s AND id = ANY(%s::bigint[])",
        (str(Status.EXPLAINED), cause and str(cause), EXPLAINED, by, reason, ledger, list(ids)),
    )


def content(cases: Iterable[Kept]) -> bytes:
    """Cases as bytes, the same for the same: what a sign-off signs."""
    told = [
        (
            one.id,
            one.day,
            case.rule,
            str(case.status),
            case.cause and str(case.cause),
            case.ours,
            case.theirs,
            case.difference,
        )
        for one in cases
        for case in [one.case]
    ]
    return msgspec.json.encode(told)
