"""Erasing a subject: one person asks for it, another confirms, and the subject's key is destroyed.

Everything recorded stays as it is; the texts of the subject cannot be read by anybody any more. What is given about the subject
afterwards gets a new key. Earlier backups still hold the wrapped key: an erasure is complete when they have gone.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID

from ledger.audit.trail import Connections, Event, note
from ledger.domain.catalogue import Name
from ledger.store import Store


class ErasureStatus(StrEnum):
    OPEN = "OPEN"
    ERASED = "ERASED"
    DECLINED = "DECLINED"


class Erasure(NamedTuple):
    """A request to erase a subject, by whom (ids of people), and what became of it. ``document``: the 文号 it rests on."""

    id: int
    subject: str
    reason: str
    document: str
    requested_by: str
    requested_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    status: ErasureStatus


class Subject(NamedTuple):
    """Somebody texts are kept of: since when, how many can be read, how many were erased, and when last."""

    subject: str
    since: datetime
    texts: int
    erased: int
    erased_at: datetime | None


class Why(StrEnum):
    """Why an erasure is refused."""

    NOTHING_TO_ERASE = "NOTHING_TO_ERASE"
    ERASURE_WAITS = "ERASURE_WAITS"
    ERASURE_DECIDED = "ERASURE_DECIDED"
    ONE_PERSON = "ONE_PERSON"


WORDS: dict[Why, Name] = {
    Why.NOTHING_TO_ERASE: Name("该主体没有可删除的个人信息", "Nothing is kept of this subject that could be erased"),
    Why.ERASURE_WAITS: Name("该主体已有删除申请待办", "A request to erase this subject waits already"),
    Why.ERASURE_DECIDED: Name("该删除申请已办结", "This request was decided before"),
    Why.ONE_PERSON: Name(
        "不得确认本人提出的删除申请,请由另一位安全管理员确认",
        "Nobody confirms what they asked for themselves: another security administrator does",
    ),
}


class NotErased(Exception):
    """Refused; nothing was changed."""

    def __init__(self, why: Why) -> None:
        super().__init__(why)
        self.why = why


def request(keeper: Connections, ledger: UUID, subject: str, reason: str, document: str, by: str) -> Erasure:
    """Ask that a subject be erased. Raises NotErased where it has no key, or another request waits."""
    with keeper.connection() as connection:
        alive = "SELECT FROM subject_key WHERE ledger = %s AND subject = %s AND erased_at IS NULL"
        if connection.execute(alive, (ledger, subject)).fetchone() is None:
            raise NotErased(Why.NOTHING_TO_ERASE)
        row = connection.execute(
            "INSERT INTO erasure (ledger, subject, reason, document, requested_by) VALUES (%s, %s, %s, %s, %s) "
            "ON CONFLICT (ledger, subject) WHERE decided_at IS NULL DO NOTHING RETURNING *",
            (ledger, subject, reason, document, by),
        ).fetchone()
        if row is None:
            raise NotErased(Why.ERASURE_WAITS)
        asked = _erasure(row)
        note(connection, Event.ERASURE_ASKED, by, subject=subject, erasure=asked.id)
    return asked


def decide(keeper: Connections, ledger: UUID, erasure: int, by: str, *, erase: bool) -> Erasure | None:
    """Confirm, which destroys the key in the same transaction, or decline. None: there is no such request.

    Raises NotErased where it was decided before, or the human who asked would confirm; they may take it back by declining.
    """
    with keeper.connection() as connection:
        find = "SELECT * FROM erasure WHERE ledger = %s AND id = %s FOR UPDATE"
        row = connection.execute(find, (ledger, erasure)).fetchone()
        if row is None:
            return None
        found = _erasure(row)
        if found.status is not ErasureStatus.OPEN:
            raise NotErased(Why.ERASURE_DECIDED)
        if erase:
            if _human(connection, found.requested_by) == _human(connection, by):
                raise NotErased(Why.ONE_PERSON)
            connection.execute(
                "UPDATE subject_key SET wrapped = NULL, erased_at = now() "
                "WHERE ledger = %s AND subject = %s AND erased_at IS NULL",
                (ledger, found.subject),
            )
        decided = connection.execute(
            "UPDATE erasure SET decided_by = %s, decided_at = now(), erased = %s WHERE id = %s RETURNING *",
            (by, erase, erasure),
        ).fetchone()
        assert decided is not None
        event = Event.PERSONAL_ERASED if erase else Event.ERASURE_DECLINED
        note(connection, event, by, subject=found.subject, erasure=erasure)
    return _erasure(decided)


def _human(connection: Any, person: str) -> str:
    """Two accounts of one human are one."""
    row = connection.execute("SELECT human FROM person WHERE id = %s", (person,)).fetchone()
    return str(row[0]) if row else person


def erasures(store: Store, ledger: UUID, before: int, limit: int) -> list[Erasure]:
    """Requests, the newest first."""
    with store.readers.connection() as connection:
        rows = connection.execute(
            "SELECT * FROM erasure WHERE ledger = %s AND id < %s ORDER BY id DESC LIMIT %s",
            (ledger, before, limit),
        ).fetchall()
    return [_erasure(row) for row in rows]


def subjects(store: Store, ledger: UUID, after: str, limit: int) -> list[Subject]:
    """Everybody texts are or were kept of, by name."""
    with store.writers.connection() as connection:
        rows = connection.execute(
            "SELECT subject, min(made_at), sum(texts) FILTER (WHERE erased_at IS NULL), "
            "sum(texts) FILTER (WHERE erased_at IS NOT NULL), max(erased_at) "
            "FROM subject_key k, LATERAL (SELECT count(*) AS texts FROM sealed s WHERE s.ledger = k.ledger AND s.key = k.id) "
            'WHERE ledger = %s AND subject COLLATE "C" > %s GROUP BY subject ORDER BY subject COLLATE "C" LIMIT %s',
            (ledger, after, limit),
        ).fetchall()
    return [Subject(row[0], row[1], int(row[2] or 0), int(row[3] or 0), row[4]) for row in rows]


def _erasure(row: tuple[Any, ...]) -> Erasure:
    identity, _, subject, reason, document, requested_by, requested_at, decided_by, decided_at, erased = row
    status = ErasureStatus.OPEN if decided_at is None else ErasureStatus.ERASED if erased else ErasureStatus.DECLINED
    return Erasure(identity, subject, reason, document, requested_by, requested_at, decided_by, decided_at, status)
