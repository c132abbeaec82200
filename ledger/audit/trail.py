"""The audit record 审计日志: sign-ins, refusals at the door, changes of permissions, exports, files opened, personal data read.

Rows are numbered without gaps and hashed in sequence: chain = SHA-256(chain before ‖ leaf), leaf = SHA-256(0x00 ‖ state).
Whoever keeps a later chain apart can tell that nothing before it was changed, moved or left out.
"""

import hashlib
from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, NamedTuple, Protocol

import msgspec
from psycopg import Connection
from psycopg.rows import TupleRow

from ledger.codec import canonical, leaf
from ledger.domain.catalogue import Name
from ledger.logs import REQUEST

PAGE = 1_000
NOTHING = bytes(32)
"""The chain before the first row."""
_LOCK = 0x6C65646765720002


class Event(StrEnum):
    """What is kept."""

    SIGNED_IN = "SIGNED_IN"
    SIGN_IN_FAILED = "SIGN_IN_FAILED"
    SIGNED_OUT = "SIGNED_OUT"
    PASSWORD_SET = "PASSWORD_SET"  # noqa: S105 - the name of an event
    SECOND_FACTOR_SET = "SECOND_FACTOR_SET"
    DENIED = "DENIED"
    PERSON_ADDED = "PERSON_ADDED"
    PERSON_DISABLED = "PERSON_DISABLED"
    PERSON_ENABLED = "PERSON_ENABLED"
    HUMAN_JOINED = "HUMAN_JOINED"
    ACCOUNT_OPENED = "ACCOUNT_OPENED"
    IDENTITY_LINKED = "IDENTITY_LINKED"
    IDENTITY_UNLINKED = "IDENTITY_UNLINKED"
    WAY_IN_UNCONFIRMED = "WAY_IN_UNCONFIRMED"
    WAY_IN_CONFIRMED = "WAY_IN_CONFIRMED"
    SESSIONS_ENDED = "SESSIONS_ENDED"
    ROLE_GRANTED = "ROLE_GRANTED"
    ROLE_REVOKED = "ROLE_REVOKED"
    ROLE_LENT = "ROLE_LENT"
    KEY_MADE = "KEY_MADE"
    KEY_REVOKED = "KEY_REVOKED"
    EXPORTED = "EXPORTED"
    DOCUMENT_OPENED = "DOCUMENT_OPENED"
    PERSONAL_READ = "PERSONAL_READ"
    ERASURE_ASKED = "ERASURE_ASKED"
    ERASURE_DECLINED = "ERASURE_DECLINED"
    PERSONAL_ERASED = "PERSONAL_ERASED"
    RECONCILED = "RECONCILED"
    SAMPLED = "SAMPLED"


EVENTS: dict[Event, Name] = {
    Event.SIGNED_IN: Name("登录", "Signed in"),
    Event.SIGN_IN_FAILED: Name("登录失败", "Sign-in failed"),
    Event.SIGNED_OUT: Name("退出", "Signed out"),
    Event.PASSWORD_SET: Name("设置口令", "Password set"),
    Event.SECOND_FACTOR_SET: Name("设置动态口令", "Second factor set"),
    Event.DENIED: Name("越权被拒", "Denied"),
    Event.PERSON_ADDED: Name("登记人员", "Person added"),
    Event.PERSON_DISABLED: Name("停用人员", "Person disabled"),
    Event.PERSON_ENABLED: Name("恢复人员", "Person enabled"),
    Event.HUMAN_JOINED: Name("认定为同一自然人", "Declared the same human"),
    Event.ACCOUNT_OPENED: Name("开立或重置账号", "Account opened or reset"),
    Event.IDENTITY_LINKED: Name("关联外部身份", "Identity linked"),
    Event.IDENTITY_UNLINKED: Name("解除外部身份", "Identity unlinked"),
    Event.WAY_IN_UNCONFIRMED: Name("登录方式变更,授权待确认", "Way in changed, grants dormant until confirmed"),
    Event.WAY_IN_CONFIRMED: Name("确认登录方式", "Way in confirmed"),
    Event.SESSIONS_ENDED: Name("强制下线", "Sessions ended"),
    Event.ROLE_GRANTED: Name("授权", "Role granted"),
    Event.ROLE_REVOKED: Name("撤权", "Role revoked"),
    Event.ROLE_LENT: Name("委托代办", "Role lent"),
    Event.KEY_MADE: Name("签发密钥", "Key made"),
    Event.KEY_REVOKED: Name("吊销密钥", "Key revoked"),
    Event.EXPORTED: Name("导出", "Exported"),
    Event.DOCUMENT_OPENED: Name("打开文件", "File opened"),
    Event.PERSONAL_READ: Name("查看个人信息", "Personal data read"),
    Event.ERASURE_ASKED: Name("申请删除个人信息", "Erasure of personal data asked for"),
    Event.ERASURE_DECLINED: Name("撤销删除申请", "Erasure of personal data declined"),
    Event.RECONCILED: Name("对账办理", "Reconciliation worked on"),
    Event.SAMPLED: Name("审计抽样底稿办理", "Working paper worked on"),
    Event.PERSONAL_ERASED: Name("删除个人信息", "Personal data erased"),
}
_REFUSED = frozenset({Event.SIGN_IN_FAILED, Event.DENIED})
DONE, REFUSED = "DONE", "REFUSED"


class Line(NamedTuple):
    """One row: when (UTC), what, how it ended, who (None: nobody was signed in), plain facts about it, in which
    request (its line in the log says from where; None: by no request), and the chain (hex)."""

    number: int
    at: datetime
    event: str
    outcome: str
    person: str | None
    about: dict[str, Any]
    request: str | None
    chain: str


class Row(NamedTuple):
    """One row as it is kept: state is the truth."""

    number: int
    state: bytes
    leaf: bytes
    chain: bytes


class Connections(Protocol):
    """Gives transactions of whoever keeps people."""

    def connection(self) -> AbstractContextManager[Connection[TupleRow]]: ...


class Trail:
    """The record of one database."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def note(self, event: Event, person: str | None, **about: Any) -> int:
        """Keep one row; answers with its number. Never pass a secret or a personal text."""
        with self._connections.connection() as connection:
            return note(connection, event, person, **about)

    def newest(self, before: int, limit: int, event: Event | None = None, person: str | None = None) -> list[Line]:
        """Rows before a number, newest first: of one event, by somebody or about them."""
        with self._connections.connection() as connection:
            rows = connection.execute(
                "SELECT state, chain FROM trail, LATERAL (SELECT convert_from(state, 'UTF8')::jsonb AS said) AS row "
                "WHERE number < %s AND (%s::text IS NULL OR said ->> 'event' = %s) "
                "AND (%s::text IS NULL OR said ->> 'person' = %s OR said -> 'about' ->> 'of' = %s) "
                "ORDER BY number DESC LIMIT %s",
                (before, event, event, person, person, person, limit),
            ).fetchall()
        return [_line(bytes(state), bytes(chain)) for state, chain in rows]

    def standing(self) -> tuple[int, str]:
        """The number and the chain (hex) of the last row: what to keep apart."""
        with self._connections.connection() as connection:
            number, chain = _last(connection)
        return number, chain.hex()

    def broken_at(self) -> int | None:
        """The first number from which the record is not what it was; None where all of it is whole."""
        before, expected = NOTHING, 1
        for number, state, hashed, chain in self.rows():
            if number != expected or leaf(state) != hashed or _next(before, hashed) != chain:
                return expected
            if msgspec.json.decode(state)["number"] != number:
                return expected
            before, expected = chain, expected + 1
        return None

    def rows(self, after: int = 0) -> Iterator[Row]:
        """As they are kept, after a number, oldest first; read page by page."""
        while True:
            with self._connections.connection() as connection:
                page = connection.execute(
                    "SELECT number, state, leaf, chain FROM trail WHERE number > %s ORDER BY number LIMIT %s",
                    (after, PAGE),
                ).fetchall()
            yield from (Row(row[0], bytes(row[1]), bytes(row[2]), bytes(row[3])) for row in page)
            if len(page) < PAGE:
                return
            after = page[-1][0]


def note(connection: Connection[TupleRow], event: Event, person: str | None, **about: Any) -> int:
    """Keep one row in the transaction of what it is about: both come about, or neither."""
    kept = {name: value for name, value in about.items() if value is not None}
    connection.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
    last, before = _last(connection)
    state = canonical(
        {
            "number": last + 1,
            "at": datetime.now(UTC).isoformat(timespec="microseconds"),
            "event": event,
            "outcome": REFUSED if event in _REFUSED else DONE,
            "person": person or "",
            "about": kept,
            "request": REQUEST.get() or "",
        }
    )
    hashed = leaf(state)
    row = (last + 1, state, hashed, _next(before, hashed))
    connection.execute("INSERT INTO trail (number, state, leaf, chain) VALUES (%s, %s, %s, %s)", row)
    return last + 1


def _last(connection: Connection[TupleRow]) -> tuple[int, bytes]:
    row = connection.execute("SELECT number, chain FROM trail ORDER BY number DESC LIMIT 1").fetchone()
    return (row[0], bytes(row[1])) if row else (0, NOTHING)


def _next(before: bytes, hashed: bytes) -> bytes:
    return hashlib.sha256(before + hashed).digest()


def _line(state: bytes, chain: bytes) -> Line:
    said = msgspec.json.decode(state)
    at, person, request = datetime.fromisoformat(said["at"]), said["person"] or None, said.get("request") or None
    return Line(said["number"], at, said["event"], said["outcome"], person, said["about"], request, chain.hex())
